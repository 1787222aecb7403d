"""Words found in a text whatever they wear: other capitals and forms of letters, markup between, escapes, base64.

`Ostervik` is found in `OSTERVIK`, `Oster<b>vik</b>`, `**Oster**vik`, `O\\u0073tervik`, `Oster\u00advik` and in base64
of any of these. Nothing is looked for in languages or in spellings of the ear.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from typing import NamedTuple

from workbench.core.secrets.layers import Undone, layers, undo

DEEPEST = 3
"""Layers of escapes and markup that are undone, one inside of the other."""

SHORT = 5
"""Letters and digits below which a word in plain Latin letters is found alone, and not inside of another word."""

_TAG = re.compile(r"</?[A-Za-z!?][^<>]{0,300}>")
_NUMBER_BEFORE, _NUMBER_AFTER = re.compile(r"\d[.,]?\Z"), re.compile(r"[.,]?\d")
"""A number that goes on is another number: `model-2` is not in `model-25`, and not in `model-2.5`."""

_NEXT_SENTENCE = re.compile(r"[.!?;:]\s")
"""What ends a sentence does not stand within a word: `model-1` is not in "a model. 1 more"."""

_FOLDED = {code: chr(code).lower() if chr(code).isalnum() else None for code in range(128)}


class Span(NamedTuple):
    """A stretch of a text, and which of the words that were looked for stands there."""

    start: int
    end: int
    word: int


def folded(text: str) -> str:
    """The letters and digits of a text, without capitals, accents and forms of one letter."""
    if text.isascii():
        return text.translate(_FOLDED)
    return "".join(_letters(text))


def _letters(text: str) -> Iterator[str]:
    return (letter for character in text for letter in _forms(character))


def _forms(character: str) -> str:
    if character.isascii():
        return character.lower() if character.isalnum() else ""
    return "".join(c for c in unicodedata.normalize("NFKD", character).casefold() if c.isalnum())


def faces(text: str) -> Iterator[tuple[Undone, ...]]:
    """What a text says, and what it says once layers are undone: the layers of each reading, none for the first."""
    waiting: list[tuple[Undone, ...]] = [()]
    for _ in range(DEEPEST + 1):
        after: list[tuple[Undone, ...]] = []
        for chain in waiting:
            yield chain
            said = chain[-1].text if chain else text
            after += [(*chain, one) for one in (*layers(said), *_without_tags(said))]
        waiting = after


def _without_tags(text: str) -> Iterator[Undone]:
    if "<" in text:
        bare = undo(text, ((*tag.span(), "") for tag in _TAG.finditer(text)))
        if bare is not None:
            yield bare


def _one_form(text: str) -> Iterator[Undone]:
    """The text in one form of its letters and without characters that are not seen, where it has any."""
    if not text.isascii():
        whole = undo(text, _characters(text))
        if whole is not None:
            yield whole


def _characters(text: str) -> Iterator[tuple[int, int, str]]:
    for at, character in enumerate(text):
        plain = "" if unicodedata.category(character) == "Cf" else unicodedata.normalize("NFKC", character)
        if plain != character:
            yield at, at + 1, plain


def brought_back(chain: tuple[Undone, ...], start: int, end: int) -> tuple[int, int]:
    """A stretch of what layers hide, as it stands in the text that has them."""
    at, length = reduce(lambda span, one: one.span(*span), reversed(chain), (start, end - start))
    return at, at + length


class Words:
    """Some words, found in texts by their letters and digits alone."""

    def __init__(self, words: Sequence[str]) -> None:
        self._words = [(at, word, folded(word)) for at, word in enumerate(words) if folded(word)]

    def spans(self, text: str) -> list[Span]:
        """Where they stand in a text, under its layers too."""
        found: list[Span] = []
        for chain in faces(text) if self._words else ():
            said = chain[-1].text if chain else text
            found += (Span(*brought_back(chain, one.start, one.end), one.word) for one in self._plain(said))
        return found

    def _plain(self, text: str) -> Iterator[Span]:
        letters = folded(text)
        there = [(at, word, key) for at, word, key in self._words if key in letters]
        if not there:
            return
        places = [at for at, character in enumerate(text) for _ in _forms(character)]
        for at, word, key in there:
            begin = letters.find(key)
            while begin >= 0:
                start, end = places[begin], places[begin + len(key) - 1] + 1
                if _stands(text, start, end, word, key):
                    yield Span(start, end, at)
                begin = letters.find(key, begin + 1)


def _stands(text: str, start: int, end: int, word: str, key: str) -> bool:
    """Whether a stretch is the word, and no chance of letters at the borders of others."""
    if _NUMBER_BEFORE.search(text[max(0, start - 2) : start]) and key[0].isdigit():
        return False
    if _NUMBER_AFTER.match(text, end) and key[-1].isdigit():
        return False
    spaced = any(map(str.isspace, text[start:end])) and not any(map(str.isspace, word))
    if spaced and _NEXT_SENTENCE.search(text, start, end):
        return False
    if not spaced and (len(key) >= SHORT or not key.isascii()):
        return True
    return _border(text[start - 1 : start], text[start]) and _border(text[end - 1], text[end : end + 1])


def _border(before: str, after: str) -> bool:
    """Whether a word ends between two characters: at what is no letter, at a digit, or before a capital."""
    if not before or not after or not before.isalnum() or not after.isalnum():
        return True
    return before.isdigit() != after.isdigit() or (before.islower() and after.isupper())


def pattern_spans(patterns: Iterable[tuple[int, re.Pattern[str]]], text: str) -> list[Span]:
    """Where patterns match in a text, under its layers too, in whatever form of letters."""
    wanted = list(patterns)
    found: list[Span] = []
    for chain in faces(text) if wanted else ():
        said = chain[-1].text if chain else text
        for whole in (chain, *((*chain, one) for one in _one_form(said))):
            shown = whole[-1].text if whole else text
            for at, pattern in wanted:
                matches = (match.span() for match in pattern.finditer(shown))
                found += (Span(*brought_back(whole, *span), at) for span in matches if span[0] < span[1])
    return found

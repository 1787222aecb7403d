"""Passages that two answers share, ranked by how few controls wrote them; and texts as a reader shows them."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise

from workbench.core.text import SHOWN, is_unbroken, visible

LEAST = 3
"""Words that a passage has at least."""
_QUARTER = 0.25
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*", re.UNICODE)
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f\uac00-\ud7af]")
_END = re.compile(r"[.:;!?\u3002\uff01\uff1f]|\n")
_TRAILING = re.compile(r"[ \t\u00a0]+(?=\n|$)")
_MOST = 40_000
"""Characters of an answer in which passages are looked for."""
_PLACES = 200
"""Places of the same words in one answer that are looked at: one that says a word over and over has thousands."""


class Rare(Enum):
    """How many controls wrote a passage for the same prompt."""

    NONE = "none"
    SOME = "some"
    """Up to a quarter of them."""
    MANY = "many"


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage that two answers share: its words, how many controls wrote it, and where it stands in each."""

    words: str
    number: int
    """Its place in the list, from 1; 0 for one that many controls wrote."""
    controls: int
    of: int
    rare: Rare
    spans: tuple[tuple[tuple[int, int], ...], ...]
    """For each text, the places where it stands."""


@dataclass(frozen=True, slots=True)
class _Token:
    word: str
    start: int
    end: int


def tokens_of(text: str) -> list[_Token]:
    """Words in small letters with their places; characters of scripts without spaces stand alone."""
    found = []
    for match in _WORD.finditer(text[:_MOST]):
        word = match.group()
        if _UNSPACED.search(word):
            found += [_Token(c, match.start() + at, match.start() + at + 1) for at, c in enumerate(word)]
        else:
            found.append(_Token(unicodedata.normalize("NFKC", word).casefold(), match.start(), match.end()))
    return found


def shared_passages(texts: Sequence[str], controls: Sequence[str]) -> tuple[Passage, ...]:
    """Passages of the first text that the second one holds too, those first that fewest controls wrote.

    `texts` may hold more than two: the passages are marked in all of them.
    """
    if len(texts) < 2:
        return ()
    first, second = tokens_of(texts[0]), tokens_of(texts[1])
    runs = _runs([t.word for t in first], [t.word for t in second])
    pieces = [piece for start, end in runs for piece in _pieces(texts[0], first, start, end)]
    joined = [_joined(tokens_of(text)) for text in controls]
    marked = [(_joined_with_places(tokens_of(text)), text) for text in texts]
    seen: dict[str, Passage] = {}
    for start, end in pieces:
        words = " ".join(t.word for t in first[start:end])
        if words in seen:
            continue
        held = sum(f" {words} " in text for text in joined)
        spans = tuple(_places(words, places, text) for places, text in marked)
        said = texts[0][first[start].start : _with_sign(texts[0], first[end - 1].end)]
        seen[words] = Passage(said, 0, held, len(controls), rare_of(held, len(controls)), spans)
    order = sorted(seen.values(), key=lambda p: (p.controls, -len(p.words)))
    ranked: list[Passage] = []
    for passage in order:
        number = len(ranked) + 1 if passage.rare is not Rare.MANY else 0
        ranked.append(Passage(passage.words, number, passage.controls, passage.of, passage.rare, passage.spans))
    return tuple(ranked)


def rare_of(controls: int, of: int) -> Rare:
    """The class of a passage that so many controls wrote."""
    if not controls:
        return Rare.NONE
    return Rare.SOME if controls <= of * _QUARTER else Rare.MANY


def _runs(one: Sequence[str], other: Sequence[str]) -> list[tuple[int, int]]:
    """Longest stretches of words that both hold, wherever they stand; no word is in two of them."""
    places: dict[tuple[str, ...], list[int]] = {}
    for at in range(len(other) - LEAST + 1):
        same = places.setdefault(tuple(other[at : at + LEAST]), [])
        if len(same) < _PLACES:
            same.append(at)
    found: list[tuple[int, int]] = []
    at = 0
    while at <= len(one) - LEAST:
        best = 0
        for there in places.get(tuple(one[at : at + LEAST]), ()):
            if best and one[at + best : at + best + 1] != other[there + best : there + best + 1]:
                continue  # No longer than the best one so far.
            length = LEAST
            while at + length < len(one) and there + length < len(other) and one[at + length] == other[there + length]:
                length += 1
            best = max(best, length)
        if best:
            found.append((at, at + best))
            at += best
        else:
            at += 1
    return found


def _pieces(text: str, tokens: Sequence[_Token], start: int, end: int) -> list[tuple[int, int]]:
    """A stretch cut where a sentence or a line ends, if what is left is long enough."""
    pieces = []
    begin = start
    for at in range(start, end):
        last = at == end - 1
        between = "" if last else text[tokens[at].end : tokens[at + 1].start]
        if last or _END.search(between):
            if at + 1 - begin >= LEAST:
                pieces.append((begin, at + 1))
            begin = at + 1
    return pieces


def _joined(tokens: Sequence[_Token]) -> str:
    return f" {' '.join(t.word for t in tokens)} "


def _joined_with_places(tokens: Sequence[_Token]) -> tuple[str, dict[int, int], Sequence[_Token]]:
    """Words in one line, and for the place where each begins in it, its number."""
    places, length = {}, 1
    for at, token in enumerate(tokens):
        places[length] = at
        length += len(token.word) + 1
    return _joined(tokens), places, tokens


def _places(words: str, held: tuple[str, dict[int, int], Sequence[_Token]], text: str) -> tuple[tuple[int, int], ...]:
    line, places, tokens = held
    number = words.count(" ")
    found, at = list[tuple[int, int]](), line.find(f" {words} ")
    while at >= 0 and len(found) < _PLACES:
        first = places[at + 1]
        found.append((tokens[first].start, _with_sign(text, tokens[first + number].end)))
        at = line.find(f" {words} ", at + 1)
    return tuple(found)


def _with_sign(text: str, end: int) -> int:
    """With the sign that ends a sentence, where one follows at once."""
    return end + 1 if end < len(text) and text[end] in ".:;!?\u3002\uff01\uff1f" else end


def likeness(one: str, other: str) -> float:
    """How much two texts share: pairs of words in common, of all that either has."""
    first, second = _pairs(one), _pairs(other)
    together = len(first | second)
    return len(first & second) / together if together else 0.0


def _pairs(text: str) -> set[tuple[str, str]]:
    words = [token.word for token in tokens_of(text)]
    return set(pairwise(words))


@dataclass(frozen=True, slots=True)
class ShownText:
    """A text as a reader shows it: hidden characters as small signs; `at` maps places of the text to what is shown.

    Of a text of more than `SHOWN` characters the first are shown. `unbroken` is that of `is_unbroken`.
    """

    said: str
    starts: tuple[int, ...]
    unbroken: bool

    def at(self, place: int) -> int:
        """Where a character of the text begins in what is shown."""
        return self.starts[min(place, len(self.starts) - 1)]

    def back(self, place: int) -> int:
        """Which character of the text is shown at a place."""
        return bisect_right(self.starts, place) - 1


def shown_text(text: str) -> ShownText:
    """Spaces at ends of lines become a dot, control and bidirectional characters their code."""
    text = text[:SHOWN]
    unbroken = is_unbroken(text)
    trailing = {at for match in _TRAILING.finditer(text) for at in range(match.start(), match.end())}
    if not trailing and visible(text) == text:
        return ShownText(text, tuple(range(len(text) + 1)), unbroken)
    pieces, starts, length = [], [], 0
    for at, character in enumerate(text):
        said = "·" if at in trailing else visible(character)
        starts.append(length)
        pieces.append(said)
        length += len(said)
    starts.append(length)
    return ShownText("".join(pieces), tuple(starts), unbroken)

"""Words for the full-text search: texts as the index gets them, what a person typed as a query, hits marked.

Scripts that put no space between words (Chinese, Japanese, Thai and their like, and Korean) are indexed by
character, so that any stretch of them is found as a phrase.
"""

from __future__ import annotations

import re
import unicodedata
from collections import deque
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from workbench.core.errors import UsageError

UNSPACED = (
    "\u0e00-\u0eff\u0f00-\u0fff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u3100-\u312f"
    "\u3130-\u318f\u31a0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\uff66-\uff9f"
    "\U00020000-\U0003ffff"
)
"""Characters of scripts without spaces between words, as the inside of a class of a regular expression."""

_CHARACTER = re.compile(f"([{UNSPACED}])")
_TOKEN = re.compile(rf"[{UNSPACED}]|(?:(?![{UNSPACED}])[^\W_])+")
_ASKED = re.compile(r'"([^"]*)"(\*)?|([^\s"]+)')
_OPERATORS = frozenset({"AND", "OR", "NOT", "NEAR"})
_LONGEST = 1000
MOST_TERMS = 50


class Query(NamedTuple):
    """A search: the expression for the index, and the terms to mark: words, and whether the last is a beginning."""

    match: str
    terms: tuple[tuple[tuple[str, ...], bool], ...]


class Excerpt(NamedTuple):
    """A piece of a text: what stands before the hit, the hit, and what stands behind it."""

    before: str
    hit: str
    after: str


def spaced(text: str) -> str:
    """The text as it is indexed: characters of unspaced scripts stand apart."""
    if text.isascii():
        return text
    return _CHARACTER.sub(r" \1 ", text)


def parse(asked: str) -> Query:
    """What a person typed: words that must all be there, "a phrase", and beginnings such as distil*.

    Nothing that is typed is an operator; raises UsageError where there is no word in it, too many, or an open quote.
    """
    if len(asked) > _LONGEST:
        raise UsageError(f"A search has at most {_LONGEST} characters.")
    if asked.count('"') % 2:
        raise UsageError("A quote is opened and not closed.", hint='A phrase stands between two of them: "a phrase".')
    terms: list[tuple[list[str], bool]] = []
    for phrase, star, word in _ASKED.findall(asked):
        tokens = _TOKEN.findall(unicodedata.normalize("NFC", phrase or word))
        if tokens:
            terms.append((tokens, bool(star) or word.endswith("*")))
    if not terms:
        raise UsageError(
            "There is no word to search for.", hint='Words, "a phrase in quotes", or a beginning such as distil*.'
        )
    if sum(len(tokens) for tokens, _ in terms) > MOST_TERMS:
        raise UsageError(f"A search has at most {MOST_TERMS} words.")
    match = " AND ".join(f'"{" ".join(tokens)}"' + (" *" if begins else "") for tokens, begins in terms)
    return Query(match, tuple((tuple(map(folded, tokens)), begins) for tokens, begins in terms))


def operators_in(asked: str) -> list[str]:
    """The words of a search that are operators elsewhere, and words like others here."""
    return [word for word in asked.split() if word in _OPERATORS]


def folded(word: str) -> str:
    """A word without case and diacritics, as the index compares it."""
    parts = unicodedata.normalize("NFKD", word)
    return "".join(c for c in parts if not unicodedata.combining(c)).lower()


def excerpt(text: str, query: Query, width: int = 160) -> Excerpt:
    """The surroundings of the first hit in a text, about `width` characters; of its beginning where none is seen."""
    for start, end in found_in(text, query):
        return _around(text, start, end, width)
    return Excerpt("", "", _ended(text, width))


def found_in(text: str, query: Query) -> Iterator[tuple[int, int]]:
    """Where words and phrases of a query stand in a text: start and end of each, in order; a phrase is found whole."""
    longest = max(len(words) for words, _ in query.terms)
    tokens = _TOKEN.finditer(text)
    held: deque[tuple[str, int, int]] = deque()
    while True:
        held.extend((folded(m[0]), m.start(), m.end()) for m in islice(tokens, longest - len(held)))
        if not held:
            return
        length = max(_length_here(held, *term) for term in query.terms)
        if length:
            yield held[0][1], held[length - 1][2]
        for _ in range(length or 1):
            held.popleft()


def _length_here(held: Sequence[tuple[str, int, int]], words: Sequence[str], begins: bool) -> int:
    """How many of the next words of a text are this phrase: all of them, or none."""
    if len(words) > len(held):
        return 0
    *whole, last = words
    ends = held[len(whole)][0]
    here = all(word == held[at][0] for at, word in enumerate(whole))
    return len(words) if here and (ends == last or (begins and ends.startswith(last))) else 0


def _around(text: str, start: int, end: int, width: int) -> Excerpt:
    room = max(0, width - (end - start)) // 2
    first = max(0, start - room)
    before = ("…" if first else "") + text[first:start]
    return Excerpt(before, text[start:end], _ended(text[end:], max(20, width - (end - start) - (start - first))))


def _ended(text: str, width: int) -> str:
    return text if len(text) <= width else text[:width] + "…"

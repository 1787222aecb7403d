"""Finding words that somebody typed in the text of a document, whose lines, spaces and quotes fall otherwise."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from workbench.core.documents import PAGE_END, Place
from workbench.core.errors import UsageError
from workbench.core.fulltext import UNSPACED

LONGEST = 4_000
"""Characters that a clause may have."""

_MOST = 100
"""Places at which a clause is counted."""

_NEAR = 40
"""Characters beside a clause that are looked at."""

_UNSEEN = "\u200b-\u200d\u2060\ufeff"
_HYPHENS = "\\-\u00ad\u2010\u2011"
_BETWEEN = re.compile(rf"[\s{_UNSEEN}{_HYPHENS}\u2012-\u2015\u2212]+")
"""What counts for nothing between two letters: white space, what no one sees, hyphens of broken lines, dashes."""

_KEPT = re.compile(rf"[^\s{_UNSEEN}{_HYPHENS}\u2012-\u2015\u2212]+")
_QUOTES = str.maketrans("’‘\u201b\u02bc\u0060\u00b4“”„«»", "''''''\"\"\"\"\"")
"""Quotes that people type for each other."""

_WORD = rf"(?:(?![{UNSPACED}])\w)"
_JOINED = rf"[{_UNSEEN}]*(?:[{_HYPHENS}][{_UNSEEN}]*(?:\s*\n\s*)?)?"
"""What may stand within a word: nothing, or a hyphen, after which the line may end."""

_GOES_ON_BEFORE = re.compile(rf"{_WORD}{_JOINED}\Z")
_GOES_ON_BEHIND = re.compile(rf"{_JOINED}{_WORD}")
_LETTER = re.compile(_WORD)


class FoundClause(NamedTuple):
    """Words as they stand in a text, where, and at how many places; `times` counts 100 at most."""

    text: str
    place: Place
    times: int


def find_clause(text: str, typed: str, page: int = 0) -> FoundClause | None:
    """The first place of a text, or of one of its pages, that says what was typed; None where none does.

    White space, hyphens and dashes, and straight or curly quotes make no difference; letters do, in their case too. It
    begins and ends with whole words, of which one with a hyphen is one. Raises UsageError for words that are too long,
    or none.
    """
    letters = _letters(typed)
    begin, end = _bounds(text, page)
    found = list(islice(_places(text[begin:end], letters), _MOST))
    if not found:
        return None
    start, stop = (begin + place for place in found[0])
    return FoundClause(text[start:stop], place_in(text, start, stop), len(found))


def place_in(text: str, start: int, end: int) -> Place:
    """The place of some characters of a text, with page and line."""
    page = text.count(PAGE_END, 0, start) + 1 if PAGE_END in text else 0
    line = text.count("\n", text.rfind(PAGE_END, 0, start) + 1, start) + 1
    return Place(start, end, page, line)


def _letters(typed: str) -> str:
    """What counts of the words that were typed."""
    if len(typed) > LONGEST:
        raise UsageError(f"A clause has at most {LONGEST:,} characters; this has {len(typed):,}.", hint="Quote less.")
    letters = _BETWEEN.sub("", unicodedata.normalize("NFC", typed)).translate(_QUOTES)
    if not re.search(r"\w", letters):
        raise UsageError("A clause has words.")
    return letters


def _bounds(text: str, page: int) -> tuple[int, int]:
    """Where a page of a text begins and ends; with 0 all of it. Raises UsageError for a page that it has not."""
    if not page:
        return 0, len(text)
    begin = 0
    for _ in range(page - 1):
        begin = text.find(PAGE_END, begin) + 1
        if not begin:
            raise UsageError(f"The document has no page {page}.")
    end = text.find(PAGE_END, begin)
    return begin, len(text) if end < 0 else end


def _places(text: str, letters: str) -> Iterator[tuple[int, int]]:
    """Where the letters stand in a text, as start and end of whole words."""
    joined = _BETWEEN.sub("", text).translate(_QUOTES)
    # Linear in the text however often the words nearly stand there, as no pattern with gaps would be.
    starts = list(_found(joined, letters))
    spots = _in_text(text, sorted({spot for start in starts for spot in (start, start + len(letters) - 1)}))
    for start in starts:
        place = spots[start], spots[start + len(letters) - 1] + 1
        if _whole(text, *place):
            yield place


def _found(joined: str, letters: str) -> Iterator[int]:
    at = joined.find(letters)
    while at >= 0:
        yield at
        at = joined.find(letters, at + 1)


def _in_text(text: str, spots: Sequence[int]) -> dict[int, int]:
    """For places among the letters alone, in order, the places in the text that has all between them too."""
    found: dict[int, int] = {}
    passed = at = 0
    for run in _KEPT.finditer(text):
        until = passed + len(run[0])
        while at < len(spots) and spots[at] < until:
            found[spots[at]] = run.start() + spots[at] - passed
            at += 1
        if at == len(spots):
            break
        passed = until
    return found


def _whole(text: str, start: int, end: int) -> bool:
    """Whether no word goes on before or behind."""
    before, behind = text[max(0, start - _NEAR) : start], text[end : end + _NEAR]
    if _LETTER.match(text[start]) and _GOES_ON_BEFORE.search(before):
        return False
    return not (_LETTER.match(text[end - 1]) and _GOES_ON_BEHIND.match(behind))

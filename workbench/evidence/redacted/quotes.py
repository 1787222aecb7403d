"""Which passages of removed texts others quote: found without keeping the removed texts in memory."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

RUN = 8
"""Words in a row that are a quotation wherever they stand."""

LEAST = 3
"""Words that a whole cell, a title or a passage has at least to be looked for as a quotation."""

_WIDE = "\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_WORD = re.compile(rf"[{_WIDE}]|[^\W{_WIDE}]+")
"""A word; in scripts without spaces, a letter."""


class Quotes:
    """Learns which texts may quote, then which of them do, then where: `ask`, `hear`, `spans`, in this order."""

    def __init__(self) -> None:
        self._asked: set[int] = set()
        self._lengths: set[int] = set()
        self._said: dict[int, str] = {}

    def ask(self, text: str, *, whole: bool = False) -> None:
        """A text that may quote; `whole` says that few words may be a quotation where they are all of it."""
        words = _words(text)
        self._asked.update(_runs(words, RUN))
        if whole and LEAST <= len(words) < RUN:
            self._asked.add(hash(tuple(words)))
            self._lengths.add(len(words))

    def hear(self, text: str, code: str) -> None:
        """A removed text, with its code."""
        words = _words(text)
        for length in (RUN, *sorted(self._lengths)):
            for run in _runs(words, length):
                if run in self._asked:
                    self._said.setdefault(run, code)

    def spans(self, text: str, *, whole: bool = False) -> Iterator[tuple[int, int, str]]:
        """Where a text quotes removed ones: begin, end, and the code of the first of them."""
        if not self._said:
            return
        places = [match.span() for match in _WORD.finditer(text)]
        words = [text[first:last].casefold() for first, last in places]
        if whole and LEAST <= len(words) < RUN:
            code = self._said.get(hash(tuple(words)))
            if code is not None:
                yield 0, len(text), code
            return
        for at, run in enumerate(_runs(words, RUN)):
            code = self._said.get(run)
            if code is not None:
                yield places[at][0], places[at + RUN - 1][1], code


def word_count(text: str) -> int:
    """How many words a text has."""
    return len(_words(text))


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text)]


def _runs(words: Sequence[str], length: int) -> Iterator[int]:
    """A number for each run of words, the same for the same words in one process."""
    return map(hash, zip(*(words[at:] for at in range(length)), strict=False))

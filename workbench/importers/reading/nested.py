"""An array that stands inside an object, such as `log.entries`: found and split without holding the object."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

import orjson

from workbench.core.errors import BadInputError
from workbench.importers.reading.arrays import array_spans
from workbench.importers.reading.brackets import Structure
from workbench.importers.reading.window import Span, T, Window

_SPACE = re.compile(rb"[ \t\r\n]*")
_SCALAR_END = re.compile(rb"[,}\]]")
_BRACE, _CLOSE_BRACE, _BRACKET, _QUOTE, _COLON, _COMMA = 0x7B, 0x7D, 0x5B, 0x22, 0x3A, 0x2C
_LONGEST_KEY = 1 << 16


def nested_spans(window: Window, path: Sequence[str], parse: Callable[[bytes], T]) -> Iterator[Span[T]]:
    """The elements of the array at this path into the object that the stream holds.

    Raises BadInputError when it is not there.
    """
    walker = Walker(window)
    if not walker.reach(path):
        raise BadInputError(
            f"The file has no list “{'.'.join(path)}”.", hint="`workbench preview FILE` shows what it holds."
        )
    number = 0
    for span in array_spans(window, parse, walker.at):
        yield span
        number = span.number + 1
    while window.more(len(window.data)):
        pass  # damage behind the array is damage to the file
    if window.damage:
        yield Span(number, window.end, 0, None, None, window.damage)


class Walker:
    """Goes through an object key by key; `at` is its position in the window's data."""

    def __init__(self, window: Window) -> None:
        self.window = window
        self.at = window.start()

    def reach(self, path: Sequence[str]) -> bool:
        """Go to the bracket of the array at the path; False when it is not there."""
        return self.follow(path) and self.byte() == _BRACKET

    def follow(self, path: Sequence[str]) -> bool:
        """Go to the value at the path; False when it is not there."""
        return all(self.byte() == _BRACE and self._enter(name) for name in path)

    def _enter(self, name: str) -> bool:
        """Go to the value of a key in the object that begins here."""
        self.at += 1
        while (byte := self.byte()) == _QUOTE or byte == _COMMA:
            if byte == _COMMA:
                self.at += 1
                continue
            key = self._key()
            if key is None or self.byte() != _COLON:
                return False
            self.at += 1
            if key == name:
                return True
            self._pass(self.byte())
        return False

    def _key(self) -> str | None:
        structure = Structure()
        taken = 0
        while (end := structure.end(self.window.data, self.at + taken)) < 0:
            taken = len(self.window.data) - self.at
            if taken > _LONGEST_KEY or not self.more():
                return None
        raw = self.window.data[self.at : end]
        self.at = end
        try:
            return str(orjson.loads(raw))
        except ValueError:
            return ""

    def _pass(self, byte: int) -> None:
        """Pass over a value without holding it."""
        structure = Structure()
        scalar = byte not in (_BRACE, _BRACKET, _QUOTE)
        while True:
            if scalar:
                found = _SCALAR_END.search(self.window.data, self.at)
                end = found.start() if found else -1
            else:
                end = structure.end(self.window.data, self.at)
            if end >= 0:
                self.at = end
                return
            self.at = len(self.window.data)
            if not self.more():
                return

    def byte(self) -> int:
        """The byte after white space, with `at` upon it; -1 at the end of the stream."""
        while True:
            found = _SPACE.match(self.window.data, self.at)
            self.at = found.end() if found else self.at
            if self.at < len(self.window.data):
                return self.window.data[self.at]
            if not self.more():
                return -1

    def more(self) -> bool:
        """Read on with `at` first; False at the end of the stream."""
        if self.window.ended:
            return False
        grew = self.window.more(self.at)
        self.at = 0
        return grew

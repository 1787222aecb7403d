"""The elements of a JSON array, one by one, each with its place; the array itself is never held.

Between two elements stands `}, {`: the bytes up to the next such place are handed to the parser, and when
it takes them whole they are the element, for a whole JSON value has only one end. Otherwise the end is found
by counting brackets. Where there is none the file is damaged: the bytes up to the next place that looks like
the start of a record are one rejected record, and reading goes on there.

Between the spans there are only white space, commas and the array's own brackets: every byte is accounted for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Generic

from workbench.core.errors import BadInputError
from workbench.importers import base
from workbench.importers.reading.brackets import Structure
from workbench.importers.reading.window import SLOW_ERRORS, TOO_LONG, Span, T, Window

_SPACE = re.compile(rb"[ \t\r\n]*")
_BETWEEN = rb"\}[ \t\r\n]*,[ \t\r\n]*(?=\{[ \t\r\n]*%s)"
_SEPARATOR = re.compile(_BETWEEN % b'"')
_FIRST_KEY = re.compile(rb'\{[ \t\r\n]*("[^"\\]{0,200}+")')
_FOLLOWS = b",]{"
_BETWEEN_RECORDS = b",]"
_OPEN, _CLOSE, _BRACE, _CLOSE_BRACE, _COMMA, _QUOTE = 0x5B, 0x5D, 0x7B, 0x7D, 0x2C, 0x22
_OVERLAP = 64 * 1024
_LEAST_REACH, _MOST_REACH = 512, 1 << 20

CUT_INSIDE = "the file ends inside this record"
CUT_BETWEEN = "the array is not closed: the file was cut off here"
DAMAGED = "the record is damaged: its brackets and quotes don't pair up"
AFTER = "text after the end of the array"


def array_spans(window: Window, parse: Callable[[bytes], T], inside: int | None = None) -> Iterator[Span[T]]:
    """The elements of the array that the window's stream holds.

    `parse` takes whole JSON values and raises one of `SLOW_ERRORS` for everything else. `inside` is the
    position in the window's data of an array that stands inside an object; what follows the array is then
    left alone, as far as it can belong to that object. Raises BadInputError when there is no array.
    """
    yield from _Splitter(window, parse, inside).spans()


class _Splitter(Generic[T]):
    def __init__(self, window: Window, parse: Callable[[bytes], T], inside: int | None) -> None:
        self.window = window
        self.parse = parse
        self.at = window.start() if inside is None else inside
        self.nested = inside is not None
        self.number = 0
        self.reach = _MOST_REACH
        self.start: re.Pattern[bytes] | None = None
        self.separator = _SEPARATOR
        self.wasted = 0
        self.cut = False
        self.closed = False

    def spans(self) -> Iterator[Span[T]]:
        if self._next_byte() != _OPEN:
            raise BadInputError(
                "The file is no JSON array: it does not begin with “[”.",
                hint="`workbench preview FILE` says what it is.",
            )
        self.at += 1
        while (byte := self._next_byte()) >= 0:
            if byte in _BETWEEN_RECORDS:
                self.at += 1
                self.closed = byte == _CLOSE
                if self.closed and self.nested and self._object_goes_on():
                    return
            elif self.closed:
                self.closed = False
                yield self._resync(AFTER)
            else:
                yield from self._value(byte)
        if not self.cut and (not self.closed or self.window.damage):
            yield self._rejected(self.window.end, 0, self.window.damage or CUT_BETWEEN)

    def _object_goes_on(self) -> bool:
        """Whether the end of the object around the array stands here, or its next key."""
        byte = self._next_byte()
        if byte != _COMMA:
            return byte in (-1, _CLOSE_BRACE)
        self.at += 1
        return self._next_byte() == _QUOTE

    def _value(self, byte: int) -> Iterator[Span[T]]:
        before = self.number
        if byte == _BRACE:
            yield from self._quick()
        if self.number == before:
            yield self._exact()

    def _more(self) -> bool:
        if self.window.ended:
            return False
        grew = self.window.more(self.at)
        self.at = 0
        return grew

    def _next_byte(self) -> int:
        """The byte after white space, with `at` upon it; -1 at the end of the stream."""
        while True:
            found = _SPACE.match(self.window.data, self.at)
            self.at = found.end() if found else self.at
            if self.at < len(self.window.data):
                return self.window.data[self.at]
            if not self._more():
                return -1

    def _quick(self) -> Iterator[Span[T]]:
        """Objects for as long as each ends where the next one seems to begin."""
        window, parse = self.window, self.parse
        while True:
            data, place, begin = window.data, window.base, self.at
            while found := self.separator.search(data, begin, begin + self.reach):
                end = found.start() + 1
                raw = data[begin:end]
                try:
                    value = parse(raw)
                except SLOW_ERRORS:
                    self._unlearn()
                    return
                self.at = found.end()
                self._learn(raw)
                yield Span(self.number, place + begin, end - begin, raw, value)
                self.number += 1
                begin = self.at
            if len(data) - begin >= self.reach or not self._more():
                self.reach = max(_LEAST_REACH, self.reach // 2)
                return

    def _learn(self, raw: bytes) -> None:
        if self.start is None:
            self.start = _start_like(raw)
        if 16 * len(raw) > self.reach:
            self.reach = min(_MOST_REACH, 16 * len(raw))

    def _unlearn(self) -> None:
        # Objects inside a record look like records, until one goes by the first key; not all have the same one.
        self.separator = self.start if self.start and self.separator is _SEPARATOR else _SEPARATOR
        self.reach = max(_LEAST_REACH, self.reach // 2)

    def _exact(self) -> Span[T]:
        allowed = min(base.MAX_RECORD, base.MAX_RECORD + 4 * (self.window.base + self.at) - self.wasted)
        structure = Structure()
        length = self._measure(structure, allowed)
        if length < 0:
            return self._endless(structure, len(self.window.data) - self.at <= allowed)
        if length > base.MAX_RECORD:
            self.at += length
            return self._rejected(self.window.base + self.at - length, length, TOO_LONG)
        begin = self.at
        raw = self.window.data[begin : begin + length]
        value = self._parsed(raw)
        if value is None and not self._followed(length):
            return self._resync(DAMAGED)
        offset = self.window.base + self.at
        self.at += length
        if value is not None:
            self._learn(raw)
        return self._span(offset, raw, value)

    def _measure(self, structure: Structure, allowed: int) -> int:
        """The length of the value at `at`; -1 when it does not end within the stream or what is allowed."""
        taken = 0
        while True:
            end = structure.end(self.window.data, self.at + taken)
            if end >= 0:
                return end - self.at
            taken = len(self.window.data) - self.at
            if taken > allowed or not self._more():
                return -1

    def _followed(self, length: int) -> bool:
        """Whether what stands after the value can stand there."""
        while True:
            found = _SPACE.match(self.window.data, self.at + length)
            after = found.end() if found else self.at + length
            if after < len(self.window.data):
                return self.window.data[after] in _FOLLOWS
            if after - self.at - length > _OVERLAP or not self._more():
                return True

    def _endless(self, structure: Structure, at_end: bool) -> Span[T]:
        """The value has no end in sight: damage, a cut, or a record beyond the limit."""
        data = self.window.data
        self.wasted += len(data) - self.at
        start = self.start or _start_like(data[self.at : self.at + 300])
        if start is not None and start.search(data, self.at + 1):
            return self._resync(DAMAGED)
        offset = self.window.base + self.at
        if at_end:
            self.at, self.cut = len(data), True
            return self._rejected(offset, self.window.end - offset, self.window.damage or CUT_INSIDE)
        return self._skip(structure, offset)

    def _skip(self, structure: Structure, offset: int) -> Span[T]:
        """Pass over a record beyond the limit, which begins at `offset`, without holding it."""
        end = -1
        while end < 0:
            self.at = len(self.window.data)
            if not self._more():
                self.cut = True
                reason = f"{TOO_LONG}, and {self.window.damage or 'the file ends inside it'}"
                return self._rejected(offset, self.window.end - offset, reason)
            end = structure.end(self.window.data, 0)
        self.at = end
        return self._rejected(offset, self.window.base + end - offset, TOO_LONG)

    def _resync(self, reason: str) -> Span[T]:
        """Reject what stands before the next place that looks like the start of a record."""
        offset, begin = self.window.base + self.at, self.at + 1
        pattern = self.start or _start_like(self.window.data[self.at : self.at + 300]) or _SEPARATOR
        while (found := pattern.search(self.window.data, begin)) is None:
            self.at = max(begin, len(self.window.data) - _OVERLAP)
            if not self._more():
                self.at, self.cut = len(self.window.data), True
                return self._rejected(offset, self.window.end - offset, reason)
            begin = self.at
        self.at = found.end()
        return self._rejected(offset, self.window.base + found.start() + 1 - offset, reason)

    def _parsed(self, raw: bytes) -> T | None:
        try:
            return self.parse(raw)
        except SLOW_ERRORS:
            return None

    def _span(self, offset: int, raw: bytes, value: T | None) -> Span[T]:
        self.number += 1
        return Span(self.number - 1, offset, len(raw), raw, value)

    def _rejected(self, offset: int, length: int, reason: str) -> Span[T]:
        self.number += 1
        return Span(self.number - 1, offset, length, None, None, reason)


def _start_like(raw: bytes) -> re.Pattern[bytes] | None:
    """What stands between two records whose first key is that of this one."""
    key = _FIRST_KEY.match(raw)
    return re.compile(_BETWEEN % re.escape(key.group(1))) if key else None

"""Records that one object holds under keys, and objects one after the other: each with its place, none held together.

A record under a key is the object that stands there with the key as its field `@key`; anything else that stands
there is its field `@value`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from workbench.core.errors import BadInputError
from workbench.importers import base
from workbench.importers.reading.arrays import CUT_INSIDE, DAMAGED
from workbench.importers.reading.brackets import Structure
from workbench.importers.reading.nested import Walker
from workbench.importers.reading.window import SLOW_ERRORS, TOO_LONG, Span, T, Window

KEY, VALUE = "@key", "@value"
"""The fields that a record gets from what holds it: the key it stands under, and a value that is no object."""

AFTER_OBJECT = "text after the end of the object"
BETWEEN = "text between the records"
NOT_CLOSED = "the object is not closed: the file was cut off here"
_SCALAR_END = re.compile(rb"[,}\]\s]")
_BRACE, _BRACKET, _CLOSE_BRACE, _QUOTE, _COLON, _COMMA = 0x7B, 0x5B, 0x7D, 0x22, 0x3A, 0x2C


def member_spans(window: Window, path: Sequence[str], parse: Callable[[bytes], T]) -> Iterator[Span[T]]:
    """The members of the object at this path. Raises BadInputError when it is not there."""
    reader = _Values(window)
    if not reader.follow(path) or reader.byte() != _BRACE:
        raise BadInputError(
            f"The file has no object “{'.'.join(path)}”.", hint="`workbench preview FILE` shows what it holds."
        )
    yield from _numbered(reader.members(parse, whole=not path))


def object_spans(window: Window, parse: Callable[[bytes], T]) -> Iterator[Span[T]]:
    """The objects that stand one after the other, with white space or commas between them."""
    yield from _numbered(_Values(window).objects(parse))


def _numbered(spans: Iterator[Span[T]]) -> Iterator[Span[T]]:
    for number, span in enumerate(spans):
        yield span._replace(number=number)


class _Values(Walker):
    """Goes from value to value; `at` stands behind what was given out, `cut` says that this was all."""

    cut = False

    def members(self, parse: Callable[[bytes], T], *, whole: bool) -> Iterator[Span[T]]:
        self.at += 1
        while (byte := self.byte()) in (_QUOTE, _COMMA):
            if byte == _COMMA:
                self.at += 1
                continue
            yield self._member(parse)
        if byte == _CLOSE_BRACE:
            self.at += 1
            if not whole:
                yield from self._to_the_end()
            elif self.byte() >= 0:
                yield self._rest(AFTER_OBJECT)
            elif self.window.damage:
                yield self._rest(self.window.damage)
        elif byte >= 0:
            yield self._rest(DAMAGED)
        elif not self.cut:
            yield self._rest(self.window.damage or NOT_CLOSED)

    def objects(self, parse: Callable[[bytes], T]) -> Iterator[Span[T]]:
        while (byte := self.byte()) >= 0:
            if byte == _COMMA:
                self.at += 1
            elif byte == _BRACE:
                yield self._object(parse)
            else:
                yield self._up_to_next(BETWEEN)
        if self.window.damage:
            yield self._rest(self.window.damage)

    def _member(self, parse: Callable[[bytes], T]) -> Span[T]:
        offset = self.window.base + self.at
        key, reason = self._value()
        if reason or self.byte() != _COLON:
            return self._rest(reason or self.window.damage or DAMAGED, offset)
        self.at += 1
        self.byte()
        offset = self.window.base + self.at
        raw, reason = self._value()
        length = self.window.base + self.at - offset
        if reason:
            return Span(0, offset, length, None, None, reason)
        return _span(parse, offset, length, _with_key(key, raw))

    def _object(self, parse: Callable[[bytes], T]) -> Span[T]:
        offset, begin = self.window.base + self.at, self.at
        structure = Structure()
        taken = 0
        while (end := structure.end(self.window.data, self.at + taken)) < 0:
            taken = len(self.window.data) - self.at
            if taken > base.MAX_RECORD or not self.more():
                return self._up_to_next(self.window.damage or (TOO_LONG if taken > base.MAX_RECORD else CUT_INSIDE))
            begin = self.at
        begin = self.at
        raw = self.window.data[begin:end]
        span = _span(parse, offset, len(raw), raw)
        if span.value is None and b"\n{" in raw:
            return self._up_to_next(DAMAGED)
        self.at = end
        return span

    def _up_to_next(self, reason: str) -> Span[T]:
        """All that stands before the next line that begins with a brace, as one record that can't be read."""
        offset, searched = self.window.base + self.at, self.at + 1
        while (found := self.window.data.find(b"\n{", searched)) < 0:
            self.at = max(self.at, len(self.window.data) - 1)
            if not self.more():
                self.at = len(self.window.data)
                return Span(0, offset, self.window.end - offset, None, None, reason)
            searched = 0
        self.at = found + 1
        reason = DAMAGED if reason == CUT_INSIDE else reason
        return Span(0, offset, self.window.base + found - offset, None, None, reason)

    def _value(self) -> tuple[bytes, str]:
        """The value that begins here, or why it can't be had; what is too long is passed over and not held."""
        structure = Structure() if self.byte() in (_BRACE, _BRACKET, _QUOTE) else _Scalar()
        taken, long = 0, False
        while (end := structure.end(self.window.data, self.at + taken)) < 0:
            taken = len(self.window.data) - self.at
            if long or taken > base.MAX_RECORD:
                self.at, taken, long = len(self.window.data), 0, True
            if not self.more():
                self.at, self.cut = len(self.window.data), True
                return b"", self.window.damage or CUT_INSIDE
        raw, self.at = self.window.data[self.at : end], end
        return (raw, "") if not long and len(raw) <= base.MAX_RECORD else (b"", TOO_LONG)

    def _rest(self, reason: str, offset: int | None = None) -> Span[T]:
        """All that is left, as one record that can't be read."""
        offset, self.cut = self.window.base + self.at if offset is None else offset, True
        while self.window.more(len(self.window.data)):
            pass
        self.at = len(self.window.data)
        return Span(0, offset, self.window.end - offset, None, None, reason)

    def _to_the_end(self) -> Iterator[Span[T]]:
        while self.window.more(len(self.window.data)):
            pass  # damage behind the object is damage to the file
        if self.window.damage:
            yield Span(0, self.window.end, 0, None, None, self.window.damage)


class _Scalar:
    """Finds the end of a number, of true, false or null."""

    def end(self, data: bytes, position: int) -> int:
        found = _SCALAR_END.search(data, position)
        return found.start() if found else -1


def _span(parse: Callable[[bytes], T], offset: int, length: int, raw: bytes) -> Span[T]:
    try:
        return Span(0, offset, length, raw, parse(raw))
    except SLOW_ERRORS:
        return Span(0, offset, length, raw, None)


def _with_key(key: bytes, raw: bytes) -> bytes:
    """The value as an object that knows its key."""
    if not raw.startswith(b"{"):
        return b'{"%s":%s,"%s":%s}' % (KEY.encode(), key, VALUE.encode(), raw)
    rest = raw[1:].lstrip()
    return b'{"%s":%s%s%s' % (KEY.encode(), key, b"" if rest.startswith(b"}") else b",", rest)

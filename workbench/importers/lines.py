"""The lines of a file, one by one, each with its place; a line beyond the limit is never held."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator

from workbench.importers import base
from workbench.importers.window import SLOW_ERRORS, TOO_LONG, Span, T, Window

Line = tuple[int, int, bytes | None, int]
"""A line without its end: offset, length, bytes, and the length with its end; too long, it has no bytes."""


def lines(window: Window) -> Iterator[Line]:
    """All lines of the window's stream, the last one also where nothing ends it."""
    limit = base.MAX_RECORD
    at = window.start()
    searched = at
    while True:
        found = window.data.find(b"\n", searched)
        if found >= 0:
            data = window.data[at:found] if found - at <= limit else None
            yield window.base + at, found - at, data, found + 1 - at
            at = searched = found + 1
            continue
        held = len(window.data) - at
        if held > limit:
            at = yield from _passed(window, at)
            searched = at
        elif window.more(at):
            at, searched = 0, held
        else:
            break
    if window.data:
        yield window.base, len(window.data), window.data, len(window.data)


def _passed(window: Window, at: int) -> Generator[Line, None, int]:
    """Pass over a line beyond the limit; the position after it is returned."""
    offset = window.base + at
    while (found := window.data.find(b"\n")) < 0 or window.base + found < offset:
        if not window.more(len(window.data)):
            yield offset, window.end - offset, None, window.end - offset
            return 0
    yield offset, window.base + found - offset, None, window.base + found + 1 - offset
    return found + 1


def line_spans(window: Window, parse: Callable[[bytes], T]) -> Iterator[Span[T]]:
    """The records of JSON lines; blank lines are none. `parse` raises one of `SLOW_ERRORS` to refuse."""
    index = 0
    make: Callable[..., Span[T]] = Span
    for offset, length, data, step in lines(window):
        if data and step != length:
            # A whole line, which as a rule is a record.
            try:
                value = parse(data)
            except SLOW_ERRORS:
                if data.isspace():
                    continue
                value = None
            yield make(index, offset, length, data, value)
        elif data is None:
            yield Span(index, offset, length, None, None, TOO_LONG)
        elif not data or data.isspace():
            continue
        elif step == length and window.damage:
            yield Span(index, offset, length, None, None, window.damage)
            return
        else:
            yield Span(index, offset, length, data, _parsed(parse, data))
        index += 1
    if window.damage:
        yield Span(index, window.end, 0, None, None, window.damage)


def _parsed(parse: Callable[[bytes], T], data: bytes) -> T | None:
    try:
        return parse(data)
    except SLOW_ERRORS:
        return None

"""The lines of a file, block by block, each with its place; a line beyond the limit is never held."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from workbench.importers import base
from workbench.importers.base import Importer, Opened, Options
from workbench.importers.containers.decompress import section
from workbench.importers.reading.window import SLOW_ERRORS, TOO_LONG, Span, T, Window

LineParser = Callable[[bytes, Sequence[bytes]], Sequence[T | None]]
"""Given a block and its lines, what the fast parser makes of each line: None where it refuses."""

Block = tuple[int, int, bytes | None]
"""Whole lines without the end of the last one: offset, length, bytes; one line that is too long has no bytes."""


def line_spans(window: Window, parse: LineParser[T]) -> Iterator[Span[T]]:
    """The records of JSON lines; blank lines are none."""
    limit = base.MAX_RECORD
    index = 0
    make: Callable[..., Span[T]] = Span
    for begin, length, block in _blocks(window):
        if block is None:
            yield Span(index, begin, length, None, None, TOO_LONG)
            index += 1
            continue
        if window.ended and window.damage:
            break
        offset = begin
        lines = block.split(b"\n")
        held = lines if length <= limit else [line if len(line) <= limit else b"" for line in lines]
        for line, value in zip(lines, parse(block if held is lines else b"\n".join(held), held), strict=True):
            size = len(line)
            if size > limit:
                yield Span(index, offset, size, None, None, TOO_LONG)
                index += 1
            elif value is not None or not (not line or line.isspace()):
                yield make(index, offset, size, line, value)
                index += 1
            offset += size + 1
    if window.damage:
        yield Span(index, window.base, len(window.data), None, None, window.damage)


def each(parse: Callable[[bytes], T]) -> LineParser[T]:
    """A parser of lines from one of single records, which raises one of `SLOW_ERRORS` to refuse."""

    def one(line: bytes) -> T | None:
        try:
            return parse(line)
        except SLOW_ERRORS:
            return None

    return lambda _, lines: [one(line) for line in lines]


def _blocks(window: Window) -> Iterator[Block]:
    """All lines of the window's stream in blocks, the last one also where nothing ends it."""
    at = window.start()
    searched = at
    while True:
        found = window.data.rfind(b"\n", searched)
        if found >= 0:
            yield window.base + at, found - at, window.data[at:found]
            at = searched = found + 1
        held = len(window.data) - at
        if held > base.MAX_RECORD:
            at = searched = yield from _passed(window, at)
        elif window.more(at):
            at, searched = 0, held
        else:
            break
    if window.data:
        yield window.base, len(window.data), window.data


def _passed(window: Window, at: int) -> Generator[Block, None, int]:
    """Pass over a line beyond the limit; the position after it is returned."""
    offset = window.base + at
    while (found := window.data.find(b"\n")) < 0 or window.base + found < offset:
        if not window.more(len(window.data)):
            yield offset, window.end - offset, None
            return 0
    yield offset, window.base + found - offset, None
    return found + 1


_CHUNK = 1 << 20


def may_be_split(importer: Importer, opened: Opened, options: Options) -> bool:
    """Whether the ranges of a file, read one by one, give what the whole gives."""
    plain = not (opened.compression or opened.encoding or opened.container or opened.member)
    return plain and importer.by_lines(opened, options)


def ranges(path: Path, size: int) -> Iterator[tuple[int, int]]:
    """The first byte of each range and the one after its last, in order: whole lines of at least so many bytes."""
    with path.open("rb") as file:
        begin, end = 0, _next_line(file, size)
        while begin < end:
            yield begin, end
            begin, end = end, _next_line(file, end + size)


def within(opened: Opened, begin: int, end: int) -> Opened:
    """The same file, of which only one range is read; places stay those in the whole."""
    return replace(opened, stream=lambda: section(opened.path.open("rb"), begin, end - begin), begins=begin)


def _next_line(file: BinaryIO, at: int) -> int:
    """Where the first line begins that does so at a byte or after it, or the file ends."""
    file.seek(at - 1)
    while chunk := file.read(_CHUNK):
        found = chunk.find(b"\n")
        if found >= 0:
            return file.tell() - len(chunk) + found + 1
    return file.seek(0, 2)

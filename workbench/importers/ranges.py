"""A file of JSON lines in ranges of whole lines, so that several processes can read it, each some of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from workbench.importers.base import Importer, Opened, Options
from workbench.importers.containers.decompress import section

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

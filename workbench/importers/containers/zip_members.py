"""The members of a zip archive: looked over as a whole before any is read, then read one by one within limits."""

from __future__ import annotations

import re
import threading
import zlib
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath, PureWindowsPath
from typing import BinaryIO

from workbench.core.errors import BadInputError
from workbench.core.text import one_line
from workbench.core.zip_directory import DEFLATED, LOCAL, MAGIC, STORED, ZSTD, ZipEntry
from workbench.importers.containers.decompress import (
    CHUNK,
    LEAST_BOMB,
    MOST_TIMES,
    DamagedError,
    bomb,
    damage_of,
    inflated,
    section,
    unwrapped,
    unzstd,
)
from workbench.importers.containers.zip_directory import comment, entries

FOLDER = b"distillation workbench: a folder as it was taken in, 1"
"""The comment of an archive that a folder was made into: one file in it is still a folder of one file."""

_METHODS = {STORED: None, DEFLATED: inflated, ZSTD: unzstd}
_METHOD_NAMES = {6: "implode", 9: "deflate64", 12: "bzip2", 14: "lzma", 95: "xz", 98: "ppmd", 99: "AES encryption"}
_SAMPLE = re.compile(r"samples/.+_epoch_\d+(?:\.json|/sample\.json)")
_WORKBOOK = "xl/workbook.xml"
# Slashes only between parts, no part that begins with a dot, no backslash, colon or NUL.
_PLAIN_NAME = re.compile(r"[^/\\:.\0][^/\\:\0]*(?:/[^/\\:.\0][^/\\:\0]*)*/?")
_SMALL = 1 << 20
_FIRST = 3
"""So many members are named in a message."""


@dataclass(frozen=True, slots=True)
class Survey:
    """What an archive holds, without its members: `kind` is inspect, xlsx, zip, or single for one member alone."""

    kind: str
    files: int
    size: int
    only: ZipEntry | None = None


def survey(file: BinaryIO, name: str) -> Survey:
    """Look over the directory of an archive.

    Raises BadInputError for one that is damaged or empty, encrypted, holds links, names outside of it or a name
    twice, or is made to grow beyond all measure.
    """
    return _Looked(name).over(file)


class _Looked:
    def __init__(self, name: str) -> None:
        self.name = one_line(name, 100)
        self.files = self.size = self.packed = 0
        self.names = array("q")
        self.starts = array("Q")
        self.ends = array("Q")
        self.first: ZipEntry | None = None
        self.workbook = self.log = self.samples = False

    def over(self, file: BinaryIO) -> Survey:
        length = file.seek(0, 2)
        for entry in entries(file):
            self._checked(entry, length)
            if not entry.folder:
                self._counted(entry)
        if not self.files:
            raise BadInputError(f"“{self.name}” is an empty zip archive.", hint="Ask for the file again.")
        if self.size > LEAST_BOMB and self.size > MOST_TIMES * max(1, self.packed):
            raise bomb(f"{self.size >> 20:,} MB are packed into {max(1, self.packed >> 10):,} KB")
        self._apart()
        kind = "inspect" if self.log and self.samples else "xlsx" if self.workbook else "zip"
        if kind != "inspect":
            self._no_name_twice(file)
        if kind == "zip" and self.files == 1 and comment(file) != FOLDER:
            return Survey("single", 1, self.size, self.first)
        return Survey(kind, self.files, self.size)

    def _checked(self, entry: ZipEntry, length: int) -> None:
        shown = one_line(entry.name, 100)
        if entry.encrypted:
            raise BadInputError(
                f"“{self.name}” is encrypted: “{shown}” in it can't be read.",
                hint="Unpack it with its password and import what comes out.",
            )
        if entry.link:
            raise BadInputError(
                f"“{self.name}” holds a link, “{shown}”; links are never followed.",
                hint="Ask for an archive with the file itself in that place.",
            )
        if leads_out(entry.name):
            raise BadInputError(
                f"“{self.name}” holds the name “{shown}”, which leads out of the archive.",
                hint="Such an archive was made to do harm: ask where it comes from.",
            )
        if entry.offset + LOCAL.size + entry.packed > length:
            raise BadInputError(
                f"The zip archive “{self.name}” is damaged: “{shown}” does not lie inside it.",
                hint="Ask for the file again.",
            )

    def _counted(self, entry: ZipEntry) -> None:
        self.files += 1
        self.size += entry.size
        self.packed += entry.packed
        self.names.append(hash(entry.name))
        self.starts.append(entry.offset)
        self.ends.append(entry.offset + LOCAL.size + entry.packed)
        self.first = self.first or entry
        self.workbook = self.workbook or entry.name == _WORKBOOK
        self.log = self.log or entry.name in ("header.json", "_journal/start.json")
        self.samples = self.samples or bool(_SAMPLE.fullmatch(entry.name))

    def _apart(self) -> None:
        """Refuse members that share their bytes: so a small archive holds a sea of data."""
        import numpy as np

        starts = np.frombuffer(self.starts, dtype=np.uint64)
        ends = np.frombuffer(self.ends, dtype=np.uint64)
        order = np.argsort(starts, kind="stable")
        if bool(np.any(ends[order][:-1] > starts[order][1:])):
            raise bomb("several of its members are made of the same bytes")

    def _no_name_twice(self, file: BinaryIO) -> None:
        import numpy as np

        hashes = np.sort(np.frombuffer(self.names, dtype=np.int64))
        twice = {int(h) for h in hashes[1:][hashes[1:] == hashes[:-1]][:_FIRST]}
        if not twice:
            return
        named = next(entry.name for entry in entries(file) if hash(entry.name) in twice)
        raise BadInputError(
            f"“{self.name}” holds two members of the name “{one_line(named, 100)}”: which one counts, it does not say.",
            hint="Unpack it, look at both, and import what is did_you_mean.",
        )


def leads_out(name: str) -> bool:
    """Whether a member's name would lead out of the folder that an archive is unpacked into."""
    if _PLAIN_NAME.fullmatch(name):
        return False
    posix, windows = PurePosixPath(name), PureWindowsPath(name)
    rooted = posix.is_absolute() or bool(windows.drive or windows.root)
    return rooted or ".." in (*posix.parts, *windows.parts) or "\0" in name or not name


def opened_member(file: BinaryIO, entry: ZipEntry, lock: threading.Lock | None = None) -> BinaryIO:
    """The bytes of a member as a stream.

    With a lock the file is shared and stays open; otherwise it is closed with the stream. What does not agree
    with the directory is damage of the stream, in words. Raises BadInputError for a method that is not read here.
    """
    try:
        return _unpacked(file, entry, lock)
    except BadInputError:
        if lock is None:
            file.close()
        raise


def _unpacked(file: BinaryIO, entry: ZipEntry, lock: threading.Lock | None) -> BinaryIO:
    if entry.method not in _METHODS:
        method = _METHOD_NAMES.get(entry.method, f"method {entry.method}")
        raise BadInputError(
            f"“{one_line(entry.name, 100)}” is packed with {method}, which is not read here.",
            hint="Unpack the archive and import what comes out.",
        )
    start = _start(file, entry, lock)
    packed = section(file, start, entry.packed, lock)
    unwrap = _METHODS[entry.method]
    inner = packed if unwrap is None else unwrapped(packed, unwrap)
    return unwrapped(inner, _agreeing(entry))


def member_bytes(file: BinaryIO, entry: ZipEntry, lock: threading.Lock) -> bytes:
    """All bytes of a member, which the caller found to be no more than it can hold.

    Raises BadInputError where they can't be had, or are not what the directory says.
    """
    if entry.method == STORED and entry.packed == entry.size <= _SMALL:
        start = _start(file, entry, lock)
        with lock:
            file.seek(start)
            data = file.read(entry.size)
        if len(data) == entry.size and zlib.crc32(data) == entry.crc:
            return data
    with opened_member(file, entry, lock) as stream:
        data = stream.read(entry.size + 1)
        if damage := damage_of(stream):
            raise BadInputError(damage, hint="Ask for the file again.")
    return data


def _start(file: BinaryIO, entry: ZipEntry, lock: threading.Lock | None) -> int:
    with lock or threading.Lock():
        file.seek(entry.offset)
        fixed = file.read(LOCAL.size)
    if len(fixed) < LOCAL.size or fixed[:4] != MAGIC:
        raise BadInputError(
            f"The zip archive is damaged: “{one_line(entry.name, 100)}” does not stand where its directory says.",
            hint="Ask for the file again.",
        )
    lengths: tuple[int, int] = LOCAL.unpack(fixed)[-2:]
    return entry.offset + LOCAL.size + sum(lengths)


def _agreeing(entry: ZipEntry) -> Callable[[BinaryIO], Iterator[bytes]]:
    """A check of what a member gives against its size and check sum."""

    def checked(file: BinaryIO) -> Iterator[bytes]:
        size = crc = 0
        while chunk := file.read1(CHUNK) if hasattr(file, "read1") else file.read(CHUNK):
            size += len(chunk)
            crc = zlib.crc32(chunk, crc)
            if size > entry.size:
                raise DamagedError("more comes out of the archive here than its directory says")
            yield chunk
        if size != entry.size or crc != entry.crc:
            raise DamagedError("what comes out of the archive here is not what its directory says")

    return checked

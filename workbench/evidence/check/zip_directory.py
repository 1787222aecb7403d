"""The directory of a pack's zip file, read within limits, and each member's own header held against it."""

from __future__ import annotations

import struct
from typing import IO, NamedTuple

from workbench.core.errors import BadInputError
from workbench.core.zip_directory import (
    LOCAL,
    MAGIC,
    ZipDamageError,
    ZipEntry,
    zip_end,
    zip_entries,
    zip_name,
    zip_sizes,
)

MOST_FILES = 200_000
_MOST_BYTES = 64 << 20
_DESCRIPTOR = 0x08


class Directory(NamedTuple):
    """All entries, and where the directory lies; `tidy` is False where bytes lie behind it."""

    entries: list[ZipEntry]
    start: int
    tidy: bool


class HeaderError(Exception):
    """A local header that says something else than the directory."""


def read_directory(stream: IO[bytes], name: str) -> Directory:
    """The directory of a zip; raises BadInputError when it is none, damaged or too large."""
    try:
        end = zip_end(stream)
        if end.size > _MOST_BYTES or end.members > MOST_FILES:
            raise BadInputError(f"{name} has a directory too large for a pack; it was not read.")
        return Directory(list(zip_entries(stream, end)), end.start, tidy=not end.tail)
    except ZipDamageError as damage:
        raise (_no_zip(stream, name) if damage.missing else _damaged(name)) from None


def look_of(entry: ZipEntry) -> tuple[int, ...]:
    """What our writer sets to the same for every member: versions, date, attributes."""
    # A member over 4 GB needs version 4.5 of the format, every other 2.0; neither sets it apart.
    usual = entry.made >> 8 if entry.made & 0xFF in (20, 45) and entry.need in (20, 45) else -1
    return usual, entry.time, entry.date, entry.comment, entry.disk, entry.inner, entry.outer


def start_of(stream: IO[bytes], entry: ZipEntry) -> int:
    """Where a member's bytes begin; raises HeaderError when its local header contradicts the directory."""
    stream.seek(entry.offset)
    try:
        fields = LOCAL.unpack(stream.read(LOCAL.size))
    except struct.error:
        raise HeaderError("it lies outside the file") from None
    signature, need, flags, method, time, date, crc, packed, size, long, extra = fields
    name = zip_name(stream.read(long), flags)
    size, packed, _ = zip_sizes(stream.read(extra), size, packed, 0)
    stated = (MAGIC, entry.need, entry.flags, entry.method, entry.time, entry.date, entry.name)
    if (signature, need, flags, method, time, date, name) != stated:
        raise HeaderError("its own header contradicts the archive's directory")
    if not flags & _DESCRIPTOR and (crc, packed, size) != (entry.crc, entry.packed, entry.size):
        raise HeaderError("its own header states another size or checksum than the archive's directory")
    return entry.offset + LOCAL.size + int(long) + int(extra)


def _no_zip(stream: IO[bytes], name: str) -> BadInputError:
    stream.seek(0)
    if stream.read(2) == b"PK":
        return BadInputError(
            f"{name} is not a whole zip file: its end is missing.", hint="Copy or fetch the pack again."
        )
    return BadInputError(f"{name} is not a zip file.", hint="Name the pack's zip file or its unpacked folder.")


def _damaged(name: str) -> BadInputError:
    return BadInputError(f"{name} is not a sound zip file: its directory is damaged.", hint="Fetch the pack again.")

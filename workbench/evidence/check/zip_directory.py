"""The directory of a zip file, read to the letter of the format (PKWARE APPNOTE 4.3) and within limits."""

from __future__ import annotations

import struct
from typing import IO, NamedTuple

from workbench.core.errors import BadInputError

MOST_FILES = 200_000
_MOST_BYTES = 64 << 20
_END = struct.Struct("<4s4H2IH")
_END64 = struct.Struct("<4sQ2H2I4Q")
_LOCATOR = struct.Struct("<4sIQI")
_ENTRY = struct.Struct("<4s6H3I5H2I")
_LOCAL = struct.Struct("<4s5H3I2H")
_FULL16, _FULL32 = 0xFFFF, 0xFFFFFFFF
_DESCRIPTOR = 0x08


class Entry(NamedTuple):
    """One member as the directory states it; `start` is where its bytes begin, from its local header.

    `look` is what our writer sets alike for every member: versions, date, attributes.
    """

    name: str
    flags: int
    method: int
    need: int
    crc: int
    packed: int
    size: int
    offset: int
    mode: int
    look: tuple[int, ...]


class Directory(NamedTuple):
    """All entries, and where the directory lies; `tidy` is False where bytes lie behind it."""

    entries: list[Entry]
    start: int
    tidy: bool


class HeaderError(Exception):
    """A local header that says something else than the directory."""


def read_directory(stream: IO[bytes], size: int, name: str) -> Directory:
    """The directory of a zip of `size` bytes; raises BadInputError when it is none, damaged or too large."""
    tail_at = max(0, size - _END.size - _FULL16)
    stream.seek(tail_at)
    tail = stream.read()
    at = tail.rfind(b"PK\5\6")
    if at < 0 or len(tail) - at < _END.size:
        raise _no_zip(stream, name)
    end = _END.unpack_from(tail, at)
    count, length, start, until = end[4], end[5], end[6], tail_at + at
    if _has_end64(stream, until):
        count, length, start, until = _end64(stream, until, name)
    elif end[1] or end[2] or end[3] != count:
        raise _damaged(name)
    if length > _MOST_BYTES or count > MOST_FILES:
        raise BadInputError(f"{name} has a directory too large for a pack; it was not read.")
    if start + length != until:
        raise _damaged(name)
    stream.seek(start)
    entries = _entries(stream.read(length), count, name)
    return Directory(entries, start, tidy=not end[7] and tail_at + at + _END.size == size)


def _has_end64(stream: IO[bytes], until: int) -> bool:
    """Whether a record with 64-bit numbers lies before the end: a writer may put one there without need."""
    if until < _LOCATOR.size:
        return False
    stream.seek(until - _LOCATOR.size)
    return stream.read(4) == b"PK\6\7"


def _end64(stream: IO[bytes], until: int, name: str) -> tuple[int, int, int, int]:
    """Count, length, start and end of a directory by its 64-bit record."""
    try:
        stream.seek(max(0, until - _LOCATOR.size))
        locator = _LOCATOR.unpack(stream.read(_LOCATOR.size))
        stream.seek(min(locator[2], until))
        end = _END64.unpack(stream.read(_END64.size))
    except struct.error:
        raise _damaged(name) from None
    if locator[0] != b"PK\6\7" or end[0] != b"PK\6\6" or end[6] != end[7]:
        raise _damaged(name)
    return end[7], end[8], end[9], locator[2]


def _entries(data: bytes, count: int, name: str) -> list[Entry]:
    entries: list[Entry] = []
    at = 0
    while at < len(data):
        if len(data) - at < _ENTRY.size or data[at : at + 4] != b"PK\1\2":
            raise _damaged(name)
        entry, at = _entry(data, at, name)
        entries.append(entry)
    if len(entries) != count:
        raise _damaged(name)
    return entries


def _entry(data: bytes, at: int, name: str) -> tuple[Entry, int]:
    (_, made, need, flags, method, time, date, crc, packed, size, long, extra, comment, disk, inner, outer, offset) = (
        _ENTRY.unpack_from(data, at)
    )
    begin = at + _ENTRY.size
    end = begin + long + extra + comment
    if end > len(data):
        raise _damaged(name)
    try:
        size, packed, offset = _wide(data[begin + long : begin + long + extra], (size, packed, offset))
    except struct.error:
        raise _damaged(name) from None
    # Names of a pack are ASCII; others only have to be told apart and shown.
    text = data[begin : begin + long].decode("utf-8" if flags & 0x800 else "cp437", "replace")
    # A member over 4 GB needs version 4.5 of the format, every other 2.0; neither sets it apart.
    usual = made >> 8 if made & 0xFF in (20, 45) and need in (20, 45) else -1
    look = (usual, time, date, comment, disk, inner, outer)
    return Entry(text, flags, method, need, crc, packed, size, offset, outer >> 16, look), end


def _wide(extra: bytes, values: tuple[int, int, int]) -> tuple[int, int, int]:
    """Size, packed size and offset, taken from the 64-bit field where 32 bits did not hold them."""
    if _FULL32 not in values:
        return values
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, at)
        if kind == 1:
            numbers = iter(struct.unpack_from(f"<{length // 8}Q", extra, at + 4))
            size, packed, offset = (next(numbers, -1) if v == _FULL32 else v for v in values)
            return size, packed, offset
        at += 4 + length
    return values


def start_of(stream: IO[bytes], entry: Entry) -> int:
    """Where a member's bytes begin; raises HeaderError when its local header contradicts the directory."""
    stream.seek(entry.offset)
    try:
        fields = _LOCAL.unpack(stream.read(_LOCAL.size))
    except struct.error:
        raise HeaderError("it lies outside the file") from None
    signature, need, flags, method, time, date, crc, packed, size, long, extra = fields
    name = stream.read(long).decode("utf-8" if flags & 0x800 else "cp437", "replace")
    size, packed, _ = _wide(stream.read(extra), (size, packed, 0))
    stated: tuple[object, ...] = (b"PK\3\4", entry.need, entry.flags, entry.method, *entry.look[1:3], entry.name)
    if (signature, need, flags, method, time, date, name) != stated:
        raise HeaderError("its own header contradicts the archive's directory")
    if not flags & _DESCRIPTOR and (crc, packed, size) != (entry.crc, entry.packed, entry.size):
        raise HeaderError("its own header states another size or checksum than the archive's directory")
    return entry.offset + _LOCAL.size + int(long) + int(extra)


def _no_zip(stream: IO[bytes], name: str) -> BadInputError:
    stream.seek(0)
    if stream.read(2) == b"PK":
        return BadInputError(
            f"{name} is not a whole zip file: its end is missing.", hint="Copy or fetch the pack again."
        )
    return BadInputError(f"{name} is not a zip file.", hint="Name the pack's zip file or its unpacked folder.")


def _damaged(name: str) -> BadInputError:
    return BadInputError(f"{name} is not a sound zip file: its directory is damaged.", hint="Fetch the pack again.")

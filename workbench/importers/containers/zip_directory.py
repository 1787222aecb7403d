"""The directory of a zip archive, entry by entry: a million members are never held in memory.

It is read here, and not by the module of Python, because that one holds every member at once, knows no zstd before
Python 3.14, and takes the last of two members of one name in silence.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from workbench.core.errors import BadInputError
from workbench.core.text import one_line

MAGIC = b"PK\x03\x04"
EMPTY_MAGIC = b"PK\x05\x06"
STORED, DEFLATED, ZSTD = 0, 8, 93

END = struct.Struct("<4s4H2LH")
END64 = struct.Struct("<4sQ2H2L4Q")
LOCATOR64 = struct.Struct("<4sLQL")
CENTRAL = struct.Struct("<4s4B4HL2L5H2L")
LOCAL = struct.Struct("<4s5H3L2H")
END_MAGIC, END64_MAGIC, LOCATOR64_MAGIC, CENTRAL_MAGIC = b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07", b"PK\x01\x02"
MOST_16, MOST_32 = 0xFFFF, 0xFFFFFFFF

_ENCRYPTED, _UTF8 = 0x1, 0x800
_UNIX, _LINK = 3, 0xA000
_ZIP64_EXTRA = 0x0001


class Entry(NamedTuple):
    """One member as the directory has it: `offset` is where its local header begins."""

    name: str
    method: int
    crc: int
    packed: int
    size: int
    offset: int
    encrypted: bool
    link: bool

    @property
    def folder(self) -> bool:
        """Whether it is a folder, which holds nothing itself."""
        return self.name.endswith("/")


class _End(NamedTuple):
    members: int
    size: int
    start: int
    comment: bytes


def entries(file: BinaryIO) -> Iterator[Entry]:
    """The members in the order of the directory. Raises BadInputError for a directory that can't be read."""
    end = _end(file)
    at, stop, count = end.start, end.start + end.size, 0
    file.seek(at)
    while at < stop:
        fixed = file.read(CENTRAL.size)
        if len(fixed) < CENTRAL.size or fixed[:4] != CENTRAL_MAGIC:
            raise _damaged("an entry of its directory is none")
        fields = CENTRAL.unpack(fixed)
        lengths = fields[12:15]
        rest = file.read(sum(lengths))
        if len(rest) < sum(lengths):
            raise _damaged("its directory is cut off")
        at += CENTRAL.size + len(rest)
        count += 1
        yield _entry(fields, rest)
    if at != stop or count != end.members:
        raise _damaged(f"its directory has {count:,} entries where {end.members:,} are announced")


def comment(file: BinaryIO) -> bytes:
    """What the archive says of itself as a whole. Raises BadInputError for a directory that can't be read."""
    return _end(file).comment


def _entry(fields: tuple[int, ...], rest: bytes) -> Entry:
    _, _, system, _, _, flags, method, _, _, crc, packed, size, name_length, extra_length, *more = fields
    _, disk, _, attributes, offset = more
    if disk:
        raise _damaged("it is one of several parts")
    name = rest[:name_length]
    if MOST_32 in (size, packed, offset):
        size, packed, offset = _wide(rest[name_length : name_length + extra_length], size, packed, offset)
    link = system == _UNIX and (attributes >> 16) & 0xF000 == _LINK
    return Entry(_decoded(name, flags), method, crc, packed, size, offset, bool(flags & _ENCRYPTED), link)


def _decoded(name: bytes, flags: int) -> str:
    if flags & _UTF8:
        return name.decode("utf-8", "replace")
    try:
        return name.decode("utf-8")
    except UnicodeDecodeError:
        return name.decode("cp437")


def _wide(extra: bytes, *values: int) -> tuple[int, int, int]:
    """Size, packed size and offset with those that did not fit taken from the extra field."""
    held = b""
    while len(extra) >= 4:
        kind, length = struct.unpack_from("<2H", extra)
        if kind == _ZIP64_EXTRA:
            held = extra[4 : 4 + length]
            break
        extra = extra[4 + length :]
    found = []
    for value in values:
        if value == MOST_32 and len(held) >= 8:
            found.append(int.from_bytes(held[:8], "little"))
            held = held[8:]
        else:
            found.append(value)
    return found[0], found[1], found[2]


def _end(file: BinaryIO) -> _End:
    size = file.seek(0, 2)
    tail_start = max(0, size - END.size - MOST_16)
    file.seek(tail_start)
    tail = file.read(size - tail_start)
    at = tail.rfind(END_MAGIC)
    if at < 0 or len(tail) - at < END.size:
        raise BadInputError(
            "The zip archive has no directory: it was cut off, or is no zip archive.", hint="Ask for the file again."
        )
    _, disk, first, _, count, length, start, _ = END.unpack_from(tail, at)
    where = tail_start + at
    if MOST_16 in (count, disk) or MOST_32 in (length, start):
        wide = _end64(file, where)
        if wide:
            count, length, start, where = wide
    if disk not in (0, MOST_16) or first not in (0, MOST_16):
        raise _damaged("it is one of several parts")
    if start + length != where:
        raise _damaged("its directory does not stand where it says")
    return _End(count, length, start, tail[at + END.size :])


def _end64(file: BinaryIO, where: int) -> tuple[int, int, int, int] | None:
    """Count, size and start of the directory, and where its own end stands, of an archive beyond 4 GB."""
    if where < LOCATOR64.size:
        return None
    file.seek(where - LOCATOR64.size)
    magic, _, position, _ = LOCATOR64.unpack(file.read(LOCATOR64.size))
    if magic != LOCATOR64_MAGIC:
        return None
    if position > where:
        raise _damaged("its directory does not stand where it says")
    file.seek(position)
    held = file.read(END64.size)
    if len(held) < END64.size or held[:4] != END64_MAGIC:
        raise _damaged("its directory does not stand where it says")
    fields = END64.unpack(held)
    return fields[7], fields[8], fields[9], position


def _damaged(what: str) -> BadInputError:
    return BadInputError(f"The zip archive is damaged: {one_line(what)}.", hint="Ask for the file again.")

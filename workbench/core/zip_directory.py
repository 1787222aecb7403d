"""The directory of a zip archive, entry by entry (PKWARE APPNOTE 4.3): a million members are never held in memory.

It is read here, and not by the module of Python, because that one holds every member at once, knows no zstd before
Python 3.14, and takes the last of two members of one name in silence. It serves archives of answers and packs.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import IO, NamedTuple

MAGIC = b"PK\x03\x04"
EMPTY_MAGIC = b"PK\x05\x06"
STORED, DEFLATED, ZSTD = 0, 8, 93

END = struct.Struct("<4s4H2LH")
END64 = struct.Struct("<4sQ2H2L4Q")
LOCATOR64 = struct.Struct("<4sLQL")
CENTRAL = struct.Struct("<4s6H3L5H2L")
LOCAL = struct.Struct("<4s5H3L2H")
END_MAGIC, END64_MAGIC, LOCATOR64_MAGIC, CENTRAL_MAGIC = b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07", b"PK\x01\x02"
MOST_16, MOST_32 = 0xFFFF, 0xFFFFFFFF

_ENCRYPTED, _UTF8 = 0x1, 0x800
_UNIX, _LINK, _KIND = 3, 0xA000, 0xF000
_ZIP64_EXTRA = 0x0001


class ZipDamageError(Exception):
    """A directory that can't be read; `missing` says that there is none at all."""

    def __init__(self, what: str, *, missing: bool = False) -> None:
        super().__init__(what)
        self.missing = missing


class ZipEntry(NamedTuple):
    """One member as the directory has it: `offset` is where its local header begins.

    `made` is the version of the format that wrote it, with the system in the high byte, `need` the one that reads it.
    """

    name: str
    method: int
    crc: int
    packed: int
    size: int
    offset: int
    flags: int
    made: int
    need: int
    time: int
    date: int
    comment: int
    disk: int
    inner: int
    outer: int

    @property
    def folder(self) -> bool:
        """Whether it is a folder, which holds nothing itself."""
        return self.name.endswith("/")

    @property
    def encrypted(self) -> bool:
        """Whether its bytes are encrypted."""
        return bool(self.flags & _ENCRYPTED)

    @property
    def mode(self) -> int:
        """Kind and rights of the file, where a Unix system wrote the archive."""
        return self.outer >> 16

    @property
    def link(self) -> bool:
        """Whether it stands for another file."""
        return self.made >> 8 == _UNIX and self.mode & _KIND == _LINK


class ZipEnd(NamedTuple):
    """What the end of an archive says of its directory; `tail` is how many bytes lie behind that end."""

    members: int
    size: int
    start: int
    comment: bytes
    tail: int


def zip_end(file: IO[bytes]) -> ZipEnd:
    """Where the directory lies. Raises ZipDamageError where there is none, or it lies elsewhere than it says."""
    size = file.seek(0, 2)
    tail_start = max(0, size - END.size - MOST_16)
    file.seek(tail_start)
    tail = file.read(size - tail_start)
    at = tail.rfind(END_MAGIC)
    if at < 0 or len(tail) - at < END.size:
        raise ZipDamageError("it has no directory", missing=True)
    _, disk, first, here, count, length, start, announced = END.unpack_from(tail, at)
    where = tail_start + at
    # Python writes the 64-bit record from 2 GB on, where 32 bits still hold the numbers.
    wide = _end64(file, where)
    if wide:
        here, count, length, start, where = wide
    if disk not in (0, MOST_16) or first not in (0, MOST_16) or here != count:
        raise ZipDamageError("it is one of several parts")
    if start + length != where:
        raise ZipDamageError("its directory does not stand where it says")
    comment = tail[at + END.size :]
    return ZipEnd(count, length, start, comment, announced or len(comment))


def zip_entries(file: IO[bytes], end: ZipEnd) -> Iterator[ZipEntry]:
    """The members in the order of the directory. Raises ZipDamageError for a directory that can't be read."""
    at, stop, count = end.start, end.start + end.size, 0
    file.seek(at)
    while at < stop:
        fixed = file.read(CENTRAL.size)
        if len(fixed) < CENTRAL.size or fixed[:4] != CENTRAL_MAGIC:
            raise ZipDamageError("an entry of its directory is none")
        fields = CENTRAL.unpack(fixed)
        lengths = fields[10:13]
        rest = file.read(sum(lengths))
        if len(rest) < sum(lengths):
            raise ZipDamageError("its directory is cut off")
        at += CENTRAL.size + len(rest)
        count += 1
        yield _entry(fields, rest)
    if at != stop or count != end.members:
        raise ZipDamageError(f"its directory has {count:,} entries where {end.members:,} are announced")


def zip_name(name: bytes, flags: int) -> str:
    """The name of a member: in UTF-8 where it can be read so, else as MS-DOS wrote it."""
    if flags & _UTF8:
        return name.decode("utf-8", "replace")
    try:
        return name.decode("utf-8")
    except UnicodeDecodeError:
        return name.decode("cp437")


def zip_sizes(extra: bytes, *values: int) -> tuple[int, int, int]:
    """Size, packed size and offset; those that did not fit into 32 bits are taken from the extra field."""
    if MOST_32 not in values:
        return values[0], values[1], values[2]
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


def _entry(fields: tuple[int, ...], rest: bytes) -> ZipEntry:
    _, made, need, flags, method, time, date, crc, packed, size, name_length, extra_length, comment, disk, *more = (
        fields
    )
    inner, outer, offset = more
    if disk:
        raise ZipDamageError("it is one of several parts")
    size, packed, offset = zip_sizes(rest[name_length : name_length + extra_length], size, packed, offset)
    name = zip_name(rest[:name_length], flags)
    return ZipEntry(name, method, crc, packed, size, offset, flags, made, need, time, date, comment, disk, inner, outer)


def _end64(file: IO[bytes], where: int) -> tuple[int, int, int, int, int] | None:
    """Members here and in all, size and start of the directory, and where its own end stands, beyond 4 GB."""
    if where < LOCATOR64.size:
        return None
    file.seek(where - LOCATOR64.size)
    magic, _, position, _ = LOCATOR64.unpack(file.read(LOCATOR64.size))
    if magic != LOCATOR64_MAGIC:
        return None
    if position > where:
        raise ZipDamageError("its directory does not stand where it says")
    file.seek(position)
    held = file.read(END64.size)
    if len(held) < END64.size or held[:4] != END64_MAGIC:
        raise ZipDamageError("its directory does not stand where it says")
    fields = END64.unpack(held)
    return fields[6], fields[7], fields[8], fields[9], position

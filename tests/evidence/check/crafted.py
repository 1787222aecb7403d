"""Zips made from a pack so that programs may read them differently: each is named by what was done to it."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from workbench.evidence.check.zip_directory import read_directory, start_of

LOCAL = struct.Struct("<4s5H3I2H")
CENTRAL = struct.Struct("<4s6H3I5H2I")
END = struct.Struct("<4s4H2IH")

FORGED = b"<p>This is not the report of the pack.</p>"


@dataclass(frozen=True)
class Header:
    """What one of a member's two headers says."""

    name: bytes
    need: int = 20
    flags: int = 0
    method: int = 8
    time: int = 0
    date: int = 0
    crc: int = 0
    packed: int = 0
    size: int = 0
    extra: bytes = b""


@dataclass(frozen=True)
class Member:
    """A member with both headers, its bytes as packed, and what its entry in the directory says besides."""

    local: Header
    central: Header
    data: bytes
    made: int = 20 | 3 << 8
    comment: bytes = b""
    disk: int = 0
    inner: int = 0
    outer: int = 0o100644 << 16
    before: bytes = b""
    after: bytes = b""
    points_to: int | None = None
    """The member whose bytes the entry in the directory points to, if not its own."""

    def both(self, **changes: object) -> Member:
        return replace(self, local=replace(self.local, **changes), central=replace(self.central, **changes))


@dataclass
class Archive:
    """Members in the order of their bytes, and the archive around them."""

    members: list[Member]
    prefix: bytes = b""
    shifted: bool = True
    comment: bytes = b""
    tail: bytes = b""
    order: Callable[[list[int]], list[int]] = sorted
    counted: int = 0
    listed_twice: list[int] = field(default_factory=list)
    hidden: list[int] = field(default_factory=list)
    """Members that the directory does not list."""
    wide: Callable[[bytes, bytes, int], bytes] | None = None
    """Makes the end from the directory, the end as it would be, and where the directory begins."""

    def bytes(self) -> bytes:
        out = bytearray(self.prefix)
        places = []
        for one in self.members:
            out += one.before
            places.append(len(out) - (0 if self.shifted else len(self.prefix)))
            h = one.local
            fields = (h.need, h.flags, h.method, h.time, h.date, h.crc, h.packed, h.size, len(h.name), len(h.extra))
            out += LOCAL.pack(b"PK\3\4", *fields) + h.name + h.extra + one.data + one.after
        start = len(out) - (0 if self.shifted else len(self.prefix))
        listed = [at for at in range(len(self.members)) if at not in self.hidden] + self.listed_twice
        by_name = sorted(listed, key=lambda at: self.members[at].central.name)
        directory = b"".join(
            self._entry(at, places) for at in (by_name if self.order is sorted else self.order(by_name))
        )
        count = len(listed) + self.counted
        end = END.pack(b"PK\5\6", 0, 0, count, count, len(directory), start, len(self.comment)) + self.comment
        if self.wide is not None:
            return bytes(out) + self.wide(directory, end, start) + self.tail
        return bytes(out) + directory + end + self.tail

    def _entry(self, at: int, places: list[int]) -> bytes:
        one = self.members[at]
        h, place = one.central, places[at if one.points_to is None else one.points_to]
        fields = (h.need, h.flags, h.method, h.time, h.date, h.crc, h.packed, h.size, len(h.name), len(h.extra))
        return CENTRAL.pack(b"PK\1\2", one.made, *fields, len(one.comment), one.disk, one.inner, one.outer, place) + (
            h.name + h.extra + one.comment
        )


def taken_apart(pack: Path) -> Archive:
    """A true pack in parts; put together it is the same bytes."""
    members = []
    with pack.open("rb") as stream:
        for entry in sorted(read_directory(stream, "pack").entries, key=lambda one: one.offset):
            stream.seek(start_of(stream, entry))
            data = stream.read(entry.packed)
            h = Header(
                entry.name.encode(), entry.need, entry.flags, entry.method, entry.time, entry.date, entry.crc,
                entry.packed, entry.size,
            )  # fmt: skip
            members.append(Member(h, h, data))
    return Archive(members)


def packed_anew(one: Member, content: bytes, level: int = 6, method: int = 8) -> Member:
    """The member with another content or packing, both headers true."""
    packer = zlib.compressobj(level, zlib.DEFLATED, -15)
    data = packer.compress(content) + packer.flush() if method == 8 else content
    said = {"method": method, "crc": zlib.crc32(content), "packed": len(data), "size": len(content)}
    return replace(one.both(**said), data=data)


def content_of(one: Member) -> bytes:
    return zlib.decompress(one.data, -15) if one.local.method == 8 else one.data


def unicode_path(name: bytes, other: bytes) -> bytes:
    """The extra field by which Info-ZIP and 7-Zip take another name than the one that stands in the header."""
    body = b"\1" + struct.pack("<I", zlib.crc32(name)) + other
    return struct.pack("<2H", 0x7075, len(body)) + body


def zip64(*values: int) -> bytes:
    return struct.pack(f"<2H{len(values)}Q", 1, 8 * len(values), *values)


def of_a_member(one: Member, other: bytes) -> Iterator[tuple[str, Member]]:
    """What can be done to one member; `other` is the name of another one."""
    name, crc = one.local.name, one.local.crc
    path, times = unicode_path(name, other), struct.pack("<2HBI", 0x5455, 5, 1, 0)
    ntfs = struct.pack("<2HI", 0x000A, 4, 0)
    for what, extra in (
        ("unicode path", path),
        ("unix times", times),
        ("ntfs times", ntfs),
        ("unknown", b"\x99\x99\0\0"),
    ):
        yield f"{what} in the directory", replace(one, central=replace(one.central, extra=extra))
        yield f"{what} before the bytes", replace(one, local=replace(one.local, extra=extra))
        yield f"{what} in both", one.both(extra=extra)
    yield "64-bit sizes in the directory", replace(one, central=replace(one.central, extra=zip64(7, 7)))
    wide = {"size": 0xFFFFFFFF, "packed": 0xFFFFFFFF}
    true, false = zip64(one.local.size, one.local.packed), zip64(3, 3)
    yield "64-bit sizes that are true", replace(one, central=replace(one.central, extra=true, **wide))
    yield "64-bit sizes that are not", replace(one, local=replace(one.local, extra=false, **wide))
    yield (
        "64-bit sizes that contradict",
        replace(one, local=replace(one.local, extra=false, **wide), central=replace(one.central, extra=true, **wide)),
    )
    yield "a comment", replace(one, comment=b"a comment")
    yield "a comment that ends an archive", replace(one, comment=END.pack(b"PK\5\6", 0, 0, 0, 0, 0, 0, 0))
    descriptor = b"PK\7\x08" + struct.pack("<3I", crc, one.local.packed, one.local.size)
    empty = {"flags": 8, "crc": 0, "packed": 0, "size": 0}
    streamed = replace(one, local=replace(one.local, **empty), central=replace(one.central, flags=8), after=descriptor)
    yield "a descriptor behind its bytes", streamed
    yield "a descriptor without its mark", replace(streamed, after=descriptor[4:])
    for flag in (1, 0x20, 0x40, 0x800, 0x2000):
        yield f"flag {flag:#x} in both", one.both(flags=flag)
        yield f"flag {flag:#x} in the directory", replace(one, central=replace(one.central, flags=flag))
    for kind in (0o120777, 0o40755, 0o100755, 0o60644, 0):
        yield f"mode {kind:o}", replace(one, outer=kind << 16)
    yield "attribute of a folder", replace(one, outer=one.outer | 0x10)
    yield "text attribute", replace(one, inner=1)
    for made in (20, 20 | 10 << 8, 63 | 3 << 8, 45 | 3 << 8):
        yield f"made by {made:#x}", replace(one, made=made)
    for method in (0, 9, 12, 14, 93, 99):
        yield f"method {method}", one.both(method=method)
        yield f"method {method} before the bytes", replace(one, local=replace(one.local, method=method))
    yield "another date", one.both(date=one.local.date ^ 1)
    yield "another date in the directory", replace(one, central=replace(one.central, date=one.local.date ^ 1))
    yield "size 0 in the directory", replace(one, central=replace(one.central, size=0, packed=0, crc=0))
    yield "size 0 before the bytes", replace(one, local=replace(one.local, size=0, packed=0, crc=0))
    yield "another checksum", replace(one, central=replace(one.central, crc=crc ^ 1))
    yield "another checksum before the bytes", replace(one, local=replace(one.local, crc=crc ^ 1))
    yield "another name before the bytes", replace(one, local=replace(one.local, name=other))
    yield "another name in the directory", replace(one, central=replace(one.central, name=other))
    folders = (name + b"/", name.replace(b"/", b"\\"), b"/" + name, b"../" + name, name.replace(b"/", b"//", 1))
    for changed in (
        *folders,
        name.upper(),
        name + b"\0.txt",
        name + b" ",
        name.replace(b"/", b"/./", 1),
        name + b"\x81",
    ):
        yield f"named {changed!r}", one.both(name=changed)
    yield "on another disk", replace(one, disk=1)
    yield "bytes before it", replace(one, before=b"hidden")
    yield "bytes behind it", replace(one, after=b"hidden")
    yield "a whole member before it", replace(one, before=LOCAL.pack(b"PK\3\4", *[0] * 10))
    longer = packed_anew(one, content_of(one) + FORGED)
    yield "a longer content, cut by the directory", replace(longer, central=one.central)
    yield (
        "a second stream behind its bytes",
        replace(one.both(packed=one.local.packed + len(longer.data)), data=one.data + longer.data),
    )


def of_the_whole(archive: Archive) -> Iterator[tuple[str, Archive]]:
    """What can be done to the archive around the members."""
    whole = archive.bytes()
    forged = replace(archive, members=[packed_anew(archive.members[0], FORGED), *archive.members[1:]])
    yield "bytes before it", replace(archive, prefix=b"MZ" + bytes(100))
    yield "bytes before it that no offset counts", replace(archive, prefix=b"MZ" + bytes(100), shifted=False)
    yield "bytes behind it", replace(archive, tail=b"hidden")
    yield "zeros behind it", replace(archive, tail=bytes(1000))
    yield "another archive behind it", replace(archive, tail=forged.bytes())
    yield "another archive before it", replace(archive, prefix=forged.bytes())
    yield "a comment", replace(archive, comment=b"a comment")
    yield "another archive in its comment", replace(archive, comment=small_archive())
    yield "an end in its comment", replace(archive, comment=END.pack(b"PK\5\6", 0, 0, 0, 0, 0, 0, 0))
    yield "directory the other way round", replace(archive, order=lambda places: places[::-1])
    yield "directory in the order of bytes", replace(archive, order=lambda places: sorted(places, key=str))
    yield "one more announced", replace(archive, counted=1)
    yield "one less announced", replace(archive, counted=-1)
    yield "a member listed twice", replace(archive, listed_twice=[0])
    yield "a member that is not listed", replace(archive, hidden=[0])
    first, second = archive.members[0], archive.members[1]
    swapped = [replace(first, points_to=1), replace(second, points_to=0), *archive.members[2:]]
    yield "two members that point to each other", replace(archive, members=swapped)
    yield (
        "a forged member listed first",
        replace(archive, members=[packed_anew(first, FORGED), *archive.members], hidden=[0]),
    )
    yield (
        "a forged member beside the true one",
        replace(archive, members=[packed_anew(first, FORGED), *archive.members]),
    )
    folder = Header(first.local.name.rpartition(b"/")[0] + b"/", method=0)
    yield "an entry for a folder", replace(archive, members=[Member(folder, folder, b""), *archive.members])
    for what, wide in wide_ends(forged):
        yield what, replace(archive, wide=wide)
    yield "cut at its end", replace(archive, wide=lambda directory, end, _: directory + end[:-1])
    assert archive.bytes() == whole


def small_archive() -> bytes:
    one = packed_anew(Member(Header(b"bagit.txt"), Header(b"bagit.txt"), b""), FORGED)
    return Archive([one]).bytes()


def wide_ends(forged: Archive) -> Iterator[tuple[str, Callable[[bytes, bytes, int], bytes]]]:
    """Ends with records of 64 bits, true ones and ones that lead to another directory."""

    def end64(count: int, size: int, start: int) -> bytes:
        return struct.pack("<4sQ2H2I4Q", b"PK\6\6", 44, 45, 45, 0, 0, count, count, size, start)

    def true(directory: bytes, end: bytes, start: int) -> bytes:
        count = END.unpack_from(end)[3]
        record = end64(count, len(directory), start)
        return directory + record + struct.pack("<4sIQI", b"PK\6\7", 0, start + len(directory), 1) + end

    def other(directory: bytes, end: bytes, start: int) -> bytes:
        """The ordinary end leads to the true directory, the 64-bit record to one that is hidden behind it."""
        second = directory.replace(b"report.pdf", b"report.PDF")
        record = end64(END.unpack_from(end)[3], len(second), start + len(directory))
        at = start + len(directory) + len(second)
        return directory + second + record + struct.pack("<4sIQI", b"PK\6\7", 0, at, 1) + end

    yield "a 64-bit end that is true", true
    yield "a 64-bit end that leads to another directory", other
    yield "a 64-bit end without its locator", lambda directory, end, start: directory + end64(1, 1, start) + end
    yield (
        "a locator that leads nowhere",
        lambda directory, end, start: directory + struct.pack("<4sIQI", b"PK\6\7", 0, 1 << 40, 1) + end,
    )


def zips(pack: Path, names: tuple[str, ...]) -> Iterator[tuple[str, bytes]]:
    """Everything that is done to a pack: to its members of some names, each alone, and to the whole."""
    archive = taken_apart(pack)
    places = {one.local.name.decode().partition("/")[2]: at for at, one in enumerate(archive.members)}
    for name in names:
        at = places[name]
        other = archive.members[at - 1].local.name
        for what, changed in of_a_member(archive.members[at], other):
            members = [*archive.members[:at], changed, *archive.members[at + 1 :]]
            yield f"{name}: {what}", Archive(members).bytes()
    for what, one in of_the_whole(archive):
        yield what, one.bytes()


def same_in_other_bytes(pack: Path) -> Iterator[tuple[str, bytes]]:
    """Zips whose members are packed otherwise, which every reader must read alike."""
    archive = taken_apart(pack)
    for level in (1, 9):
        yield f"level {level}", Archive([packed_anew(one, content_of(one), level) for one in archive.members]).bytes()
    stored = [packed_anew(one, content_of(one), method=0) for one in archive.members]
    yield "stored", Archive(stored).bytes()
    yield "as it is", archive.bytes()

"""The bytes of a zip around its members, as our writer makes them: two readers of such a zip see the same files.

A zip that says the same in other bytes is refused, since it may say something else to another program: through a second
directory in a comment, an extra field with another name, a descriptor, a flag or a date.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence

from workbench.core.zip_directory import ZipEntry

_LOCAL = struct.Struct("<4s5H3I2H")
_ENTRY = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_END64 = struct.Struct("<4sQ2H2I4Q")
_LOCATOR = struct.Struct("<4sIQI")
_LIMIT, _FULL32 = (1 << 31) - 1, 0xFFFFFFFF
_MOST, _FULL16 = 0xFFFF, 0xFFFF
_PLAIN, _WIDE = 20, 45
_UNIX = 3
_MODE = 0o100644 << 16


def local_headers(entry: ZipEntry) -> tuple[bytes, bytes]:
    """The header before a member's bytes: of a small one, and of one for which room for 64-bit sizes was kept."""
    name = entry.name.encode()
    time, date = entry.time, entry.date
    small = _LOCAL.pack(
        b"PK\3\4", _PLAIN, 0, entry.method, time, date, entry.crc, *_clipped(entry.packed, entry.size), len(name), 0
    )
    wide = struct.pack("<2H2Q", 1, 16, entry.size, entry.packed)
    large = _LOCAL.pack(
        b"PK\3\4", _WIDE, 0, entry.method, time, date, entry.crc, _FULL32, _FULL32, len(name), len(wide)
    )
    return small + name, large + name + wide


def _clipped(*values: int) -> list[int]:
    return [min(value, _FULL32) for value in values]


def directory(entries: Sequence[ZipEntry], start: int) -> bytes:
    """The directory and the end of a zip whose directory begins at `start`."""
    ordered = sorted(entries, key=lambda entry: entry.name)
    body = b"".join(_entry(entry, large=entry.need == _WIDE) for entry in ordered)
    count, size = len(ordered), len(body)
    if count <= _MOST and start <= _LIMIT and size <= _LIMIT:
        return body + _END.pack(b"PK\5\6", 0, 0, count, count, size, start, 0)
    at = start + size
    end64 = _END64.pack(b"PK\6\6", 44, _WIDE, _WIDE, 0, 0, count, count, size, start)
    locator = _LOCATOR.pack(b"PK\6\7", 0, at, 1)
    clipped = min(count, _FULL16)
    end = _END.pack(b"PK\5\6", 0, 0, clipped, clipped, min(size, _FULL32), min(start, _FULL32), 0)
    return body + end64 + locator + end


def _entry(entry: ZipEntry, *, large: bool) -> bytes:
    name = entry.name.encode()
    time, date = entry.time, entry.date
    size, packed, offset = entry.size, entry.packed, entry.offset
    wide: list[int] = []
    if size > _LIMIT or packed > _LIMIT:
        wide += [size, packed]
        size = packed = _FULL32
    if offset > _LIMIT:
        wide.append(offset)
        offset = _FULL32
    extra = struct.pack(f"<2H{len(wide)}Q", 1, 8 * len(wide), *wide) if wide else b""
    version = _WIDE if wide or large else _PLAIN
    return (
        _ENTRY.pack(
            b"PK\1\2", version | _UNIX << 8, version, 0, entry.method, time, date, entry.crc, packed, size, len(name),
            len(extra), 0, 0, 0, _MODE, offset,
        )
        + name
        + extra
    )  # fmt: skip

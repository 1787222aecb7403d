"""Where the pages of a Parquet file stand and how large they say they are, before anybody unpacks one.

The file's directory may lie about sizes; the header before each page may not, for the unpacking goes by it. Both are
in the compact form of Thrift and read here, since pyarrow ends the whole process at some damaged directories.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import BinaryIO, NamedTuple

from workbench.core.errors import BadInputError

MAGIC = b"PAR1"
LARGEST_DIRECTORY = 16 << 20
DEEPEST_COLUMN = 100
"""Newer versions of pyarrow draw the same line; older ones run out of stack."""

_HEADER = 64 * 1024
_DEEPEST = 20
_STOP, _TRUE, _FALSE, _BYTE, _DOUBLE, _BINARY, _LIST, _SET, _STRUCT = 0, 1, 2, 3, 7, 8, 9, 10, 12
_LONG = 15
# The fields that are needed, by their numbers in the format's definition.
_SCHEMA, _CHILDREN, _GROUPS, _COLUMNS, _ROWS, _ELSEWHERE, _META = 2, 5, 4, 1, 3, 1, 3
_SIZE, _DATA_AT, _DICTIONARY_AT = 7, 9, 11
_UNPACKED, _PACKED, _DATA, _DICTIONARY, _DATA_2, _VALUES = 2, 3, 5, 7, 8, 1

_Struct = Mapping[int, object]


class ColumnChunk(NamedTuple):
    """Where the pages of a column within a row group begin, and their size."""

    start: int
    size: int


class Group(NamedTuple):
    """A row group: how many rows it says it has, and its columns."""

    rows: int
    columns: tuple[ColumnChunk, ...]


class Page(NamedTuple):
    """Bytes of a page unpacked and packed, whether it is a dictionary, and else how many values it stands for."""

    unpacked: int
    packed: int
    dictionary: bool
    values: int


def groups(file: BinaryIO) -> list[Group]:
    """The row groups of a file. Raises BadInputError for a file whose directory can't be read."""
    end = file.seek(0, 2)
    file.seek(max(0, end - 8))
    tail = file.read(8)
    length = int.from_bytes(tail[:4], "little")
    if tail[4:] != MAGIC or length > end - 12:
        raise _unreadable("it has no directory at its end")
    if length > LARGEST_DIRECTORY:
        raise BadInputError(f"The Parquet file has a directory of {length >> 20:,} MB, more than is read.")
    file.seek(end - 8 - length)
    try:
        directory = _Compact(file.read(length)).struct()
        _checked_depth(_as_list(directory.get(_SCHEMA, [])))
        return [_group(_as_struct(group), end) for group in _as_list(directory.get(_GROUPS, []))]
    except (IndexError, ValueError):
        raise _unreadable("its directory can't be read") from None


def pages(file: BinaryIO, column: ColumnChunk) -> Iterator[Page]:
    """The pages of a column within a row group. Raises BadInputError where their headers can't be followed."""
    at, stop = column.start, column.start + column.size
    while at < stop:
        file.seek(at)
        reader = _Compact(file.read(min(_HEADER, stop - at)))
        try:
            header = reader.struct()
            unpacked, packed = _number(header, _UNPACKED), _number(header, _PACKED)
            data = header.get(_DATA, header.get(_DATA_2))
            values = 0 if data is None else _number(_as_struct(data), _VALUES)
        except (IndexError, ValueError):
            raise _unreadable("a page in it can't be found") from None
        yield Page(unpacked, packed, _DICTIONARY in header, values)
        at += reader.at + packed


def _checked_depth(schema: list[object]) -> None:
    """Refuse columns that are nested too deeply; the schema lists each before those in it."""
    to_come: list[int] = []
    for element in map(_as_struct, schema):
        if to_come:
            to_come[-1] -= 1
        to_come.append(_number(element, _CHILDREN) if element.get(_CHILDREN) else 0)
        if len(to_come) > DEEPEST_COLUMN + 1:
            raise BadInputError(
                f"The Parquet file has columns that are nested more than {DEEPEST_COLUMN} deep.",
                hint="Write it again as JSON lines.",
            )
        while to_come and not to_come[-1]:
            to_come.pop()


def _group(group: _Struct, end: int) -> Group:
    columns = []
    for chunk in map(_as_struct, _as_list(group.get(_COLUMNS, []))):
        meta = _as_struct(chunk.get(_META))
        if _ELSEWHERE in chunk:
            raise ValueError("columns in other files")
        starts = [_number(meta, _DATA_AT), _number(meta, _DICTIONARY_AT) if meta.get(_DICTIONARY_AT) else 0]
        column = ColumnChunk(min(start for start in starts if start), _number(meta, _SIZE))
        if column.start + column.size > end:
            raise ValueError("columns beyond the end")
        columns.append(column)
    return Group(_number(group, _ROWS), tuple(columns))


def _number(struct: _Struct, field: int) -> int:
    value = struct.get(field)
    if not isinstance(value, int) or value < 0:
        raise ValueError("no size or place")
    return value


def _as_struct(value: object) -> _Struct:
    if not isinstance(value, dict):
        raise ValueError("no structure")
    return value


def _as_list(value: object) -> list[object]:
    if not isinstance(value, list):
        raise ValueError("no list")
    return value


class _Compact:
    """Thrift's compact form; what is no number, list or structure is passed over. Raises IndexError and ValueError."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def struct(self, depth: int = 0) -> dict[int, object]:
        """A structure by the numbers of its fields."""
        if depth > _DEEPEST:
            raise ValueError("nested too deeply")
        found: dict[int, object] = {}
        field = 0
        while (byte := self._byte()) != _STOP:
            kind, delta = byte & 0x0F, byte >> 4
            field = field + delta if delta else self._signed()
            found[field] = None if kind in (_TRUE, _FALSE) else self._value(kind, depth)
        return found

    def _value(self, kind: int, depth: int) -> object:
        if kind == _STRUCT:
            return self.struct(depth + 1)
        if kind in (_LIST, _SET):
            return self._list(depth)
        if kind in (_BINARY, _DOUBLE):
            self._skip(self._varint() if kind == _BINARY else 8)
            return None
        if kind in (_TRUE, _FALSE, _BYTE):
            return self._byte()
        if kind < _DOUBLE:
            return self._signed()
        raise ValueError("an unknown type")

    def _list(self, depth: int) -> list[object]:
        byte = self._byte()
        count, kind = byte >> 4, byte & 0x0F
        if count == _LONG:
            count = self._varint()
        if count > len(self.data) - self.at or depth > _DEEPEST:
            raise ValueError("a list longer than the data, or nested too deeply")
        return [self._value(kind, depth + 1) for _ in range(count)]

    def _byte(self) -> int:
        self.at += 1
        return self.data[self.at - 1]

    def _varint(self) -> int:
        value = shift = 0
        while True:
            byte = self._byte()
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value
            if shift > 63:
                raise ValueError("a number too large")

    def _signed(self) -> int:
        value = self._varint()
        return (value >> 1) ^ -(value & 1)

    def _skip(self, size: int) -> None:
        self.at += size
        if self.at > len(self.data):
            raise IndexError


def _unreadable(what: str) -> BadInputError:
    return BadInputError(f"The Parquet file is damaged: {what}.", hint="Ask for the file again.")

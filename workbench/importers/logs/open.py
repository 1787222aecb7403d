"""A log file as it is: compressed or not, lines, table or array; and the fields of its first record."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from workbench.core.errors import BadInputError
from workbench.core.logs import LineBatch
from workbench.importers.containers.decompress import damage_of, gunzipped, unwrapped, unzstd
from workbench.importers.logs.lines import json_lines
from workbench.importers.logs.rows import array_records, batches, csv_records, parquet_records

LARGEST_ARRAY = 1 << 30
"""Bytes of one JSON array that is read at once; a larger one must be made into lines first."""

_HEAD = 1 << 20


@dataclass(frozen=True, slots=True)
class LogFile:
    """A log file: how it is compressed, whether it is lines, csv, parquet or array, and its first record's fields."""

    path: Path
    compression: str
    kind: str
    fields: tuple[str, ...]

    def batches(self, row: int, offset: int) -> Iterator[LineBatch]:
        """The records from one place on; raises BadInputError where the file is damaged before its end."""
        if self.kind == "parquet":
            yield from batches(parquet_records(self.path, offset), row)
            return
        with opened(self.path, self.compression) as stream:
            if self.kind == "csv":
                yield from batches(csv_records(stream, offset), row)
            elif self.kind == "array":
                yield from batches(array_records(_elements(stream), offset), row)
            else:
                _skip(stream, offset)
                yield from json_lines(stream, row, offset)
            if damage := damage_of(stream):
                raise BadInputError(f"{self.path.name} is damaged: {damage}.")


def log_file(path: Path) -> LogFile:
    """What a log file is; raises BadInputError for one that is missing, empty or no log at all."""
    try:
        with path.open("rb") as file:
            magic = file.read(4)
    except OSError as error:
        raise BadInputError(f"{path.name} can't be read.") from error
    if magic == b"PAR1":
        return LogFile(path, "", "parquet", _fields(parquet_records(path)))
    compression = "gzip" if magic[:2] == b"\x1f\x8b" else "zstd" if magic == b"\x28\xb5\x2f\xfd" else ""
    with opened(path, compression) as stream:
        head = stream.read(_HEAD)
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not start:
        raise BadInputError(f"{path.name} is empty.")
    if start[:1] == b"{":
        return LogFile(path, compression, "lines", _first_line(head))
    if start[:1] == b"[":
        with opened(path, compression) as stream:
            return LogFile(path, compression, "array", _fields(array_records(_elements(stream))))
    with opened(path, compression) as stream:
        return LogFile(path, compression, "csv", _fields(csv_records(stream)))


def opened(path: Path, compression: str) -> BinaryIO:
    """The bytes of a file, decompressed."""
    file = path.open("rb")
    if compression:
        return unwrapped(file, gunzipped if compression == "gzip" else unzstd)
    return file


def _skip(stream: BinaryIO, offset: int) -> None:
    """Go to a place in a stream that may not be able to seek."""
    if offset and stream.seekable():
        stream.seek(offset)
        return
    while offset and (piece := stream.read(min(offset, _HEAD))):
        offset -= len(piece)


def _elements(stream: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """The elements of one JSON array with their offsets; raises BadInputError for one that is broken or too large."""
    import msgspec

    data = stream.read(LARGEST_ARRAY + 1)
    if len(data) > LARGEST_ARRAY:
        raise BadInputError("A JSON array of more than a gigabyte is not read.", hint="Make it one record a line.")
    try:
        elements = msgspec.json.decode(data.removeprefix(b"\xef\xbb\xbf"), type=list[msgspec.Raw])
    except msgspec.DecodeError as error:
        raise BadInputError(f"The JSON array is broken: {error}.") from error
    place = 0
    for element in elements:
        raw = bytes(element)
        place = data.index(raw, place)
        yield place, raw
        place += len(raw)


def _first_line(head: bytes) -> tuple[str, ...]:
    for line in head.splitlines():
        try:
            return _names(json.loads(line))
        except ValueError:
            continue
    return ()


def _fields(records: Iterator[tuple[int, int, bytes | str]]) -> tuple[str, ...]:
    """All names at the top of the first few records: a table's first rows may have empty cells."""
    names: dict[str, None] = {}
    for _, _, line in islice(records, 20):
        if isinstance(line, bytes):
            names.update(dict.fromkeys(_names(json.loads(line))))
    return tuple(names)


def _names(record: Any) -> tuple[str, ...]:
    return tuple(record) if isinstance(record, dict) else ()

"""Tables and arrays of records as lines of JSON: CSV, Parquet, and one JSON array a file."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import orjson

from workbench.core.errors import BadInputError
from workbench.core.logs import LineBatch, Unread
from workbench.importers.logs.lines import LONGEST, TOO_LONG

RECORDS = 20_000
"""Records in a batch."""

_BYTES = 64 << 20

Record = tuple[int, int, bytes | str]
"""Offset and length in the file, and the record as JSON; a text instead is the reason why it was passed over."""


def batches(records: Iterable[Record], row: int = 0) -> Iterator[LineBatch]:
    """Records as batches of lines; the first has the number `row`."""
    held: list[Record] = []
    size = 0
    for record in records:
        held.append(record)
        size += len(record[2])
        if len(held) >= RECORDS or size >= _BYTES:
            yield (made := _batch(held, row))
            row, held, size = made.next_row, [], 0
    if held:
        yield _batch(held, row)


def _batch(records: list[Record], row: int) -> LineBatch:
    kept = [
        (row + at, offset, length, line) for at, (offset, length, line) in enumerate(records) if isinstance(line, bytes)
    ]
    unread = tuple(
        Unread(row + at, offset, length, reason)
        for at, (offset, length, reason) in enumerate(records)
        if isinstance(reason, str)
    )
    data = b"\n".join(line for *_, line in kept) + b"\n"
    ends = np.cumsum([len(line) + 1 for *_, line in kept], dtype=np.int64)
    places = np.array([one[:3] for one in kept], dtype=np.int64).reshape(-1, 3)
    last = records[-1]
    return LineBatch(
        data,
        np.concatenate((np.zeros(1, dtype=np.int64), ends)),
        places[:, 0],
        places[:, 1],
        places[:, 2],
        unread,
        row + len(records),
        last[0] + last[1],
    )


def csv_records(stream: BinaryIO, after: int = 0) -> Iterator[Record]:
    """The rows of a CSV file in UTF-8 that begin at or after a byte, as objects under the names of its header.

    A cell that is empty is left out. Raises BadInputError for a file without a header, or with a name twice.
    """
    csv.field_size_limit(LONGEST)
    lines = _Counted(stream)
    reader = csv.reader(lines, strict=True)
    header = next(reader, [])
    if not any(header) or len(set(header)) != len(header):
        raise BadInputError("The CSV file has no header, or a column's name twice.")
    while True:
        begin = lines.place
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            length = lines.place - begin
            reason = TOO_LONG if "field larger" in str(error) else f"damaged CSV: {error}"
            reader = csv.reader(lines, strict=True)
            if begin >= after:
                yield begin, length, reason
            continue
        if begin >= after:
            yield begin, lines.place - begin, _row(header, cells, lines.broken)
        lines.broken = False


def _row(header: list[str], cells: list[str], broken: bool) -> bytes | str:
    if broken:
        return "no UTF-8"
    if not any(cells):
        return "blank line"
    if len(cells) > len(header):
        return "more cells than the header has"
    return orjson.dumps({name: cell for name, cell in zip(header, cells, strict=False) if cell})


class _Counted:
    """The lines of a stream as text, with the byte at which the next one begins."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.place = 0
        self.broken = False

    def __iter__(self) -> _Counted:
        return self

    def __next__(self) -> str:
        line = self._stream.readline()
        if not line:
            raise StopIteration
        data = line.removeprefix(b"\xef\xbb\xbf") if not self.place else line
        self.place += len(line)
        try:
            return data.decode()
        except UnicodeDecodeError:
            self.broken = True
            return data.decode(errors="replace")


def parquet_records(path: Path, after: int = 0) -> Iterator[Record]:
    """The rows of a Parquet file from the one with the number `after` on; the number stands for the offset.

    Raises BadInputError for a file that can't be read.
    """
    pyarrow = import_module("pyarrow")
    try:
        file = import_module("pyarrow.parquet").ParquetFile(path)
        number = 0
        for batch in file.iter_batches(batch_size=4096):
            rows = batch.slice(max(0, after - number)).to_pylist()
            number += batch.num_rows - len(rows)
            for row in rows:
                yield number, 1, orjson.dumps(row, default=_plain)
                number += 1
    except (pyarrow.ArrowException, OSError) as error:
        raise BadInputError(f"The Parquet file can't be read: {str(error)[:200]}") from error


def _plain(value: Any) -> Any:
    """What orjson does not know: bytes and decimals as text."""
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)


def array_records(spans: Iterable[tuple[int, bytes]], after: int = 0) -> Iterator[Record]:
    """The elements of a JSON array, given with their offsets, that begin at or after a byte."""
    for offset, element in spans:
        if offset >= after:
            flat = element.replace(b"\n", b" ").replace(b"\r", b" ")
            yield offset, len(element), flat if len(flat) <= LONGEST else TOO_LONG

"""The rows of an Arrow file or stream (Hugging Face `save_to_disk`), after a look at what its messages announce."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from workbench.core.errors import BadInputError
from workbench.core.progress import Progress
from workbench.importers.base import Opened
from workbench.importers.containers.decompress import bomb
from workbench.importers.containers.parquet_rows import broken_by_arrow, in_words, no_pyarrow
from workbench.importers.containers.rendered_rows import rendered

if TYPE_CHECKING:
    from pyarrow.ipc import RecordBatchStreamReader

FILE_MAGIC = b"ARROW1\0\0"
STREAM_MAGIC = b"\xff\xff\xff\xff"
LARGEST_METADATA, LARGEST_BODY = 16 << 20, 1 << 30
"""Bytes of what describes a message, and of what it holds; writers make batches of a thousand rows."""

LEAST_ROWS, ROWS_A_BYTE = 1_000_000, 100
_SCHEMA, _DICTIONARY, _BATCH = 1, 2, 3


class _Message(NamedTuple):
    kind: int
    rows: int
    body: int
    compressed: bool


def columns(opened: Opened) -> list[str]:
    """The names of the columns. Raises BadInputError for a file that can't be read."""
    with opened.stream() as stream, in_words(opened, "Arrow"):
        return [str(name) for name in _reader(stream).schema.names]


def rows(opened: Opened, progress: Progress, first: int = 0) -> Iterator[tuple[int, bytes | str]]:
    """Each row from `first` on, counted from 0, as JSON; or in words why it and all after it can't be had.

    Raises BadInputError for a file that can't be read, is compressed within, or was made to do harm.
    """
    with opened.stream() as stream:
        whole = _looked_over(opened, stream)
    at = 0
    with opened.stream() as stream:
        with in_words(opened, "Arrow"):
            reader = _reader(stream)
        while True:
            try:
                batch = reader.read_next_batch()
                batch.validate(full=True)
                names = [str(name) for name in batch.schema.names]
            except StopIteration:
                break
            except broken_by_arrow():
                yield at, f"row {at + 1:,} and all after it can't be read: the file is damaged"
                return
            for row in range(batch.num_rows):
                if at + row >= first:
                    values = [column[row].as_py() for column in batch.columns]
                    yield at + row, rendered(dict(zip(names, values, strict=True)))
            at += batch.num_rows
            progress(min(1.0, at / max(1, whole)), f"{at:,} rows read")
    progress(1.0, f"{at:,} rows read")


def _reader(stream: BinaryIO) -> RecordBatchStreamReader:
    try:
        from pyarrow.ipc import open_stream
    except ImportError:
        raise no_pyarrow("Arrow") from None

    start = stream.read(len(FILE_MAGIC))
    stream.seek(0 if start != FILE_MAGIC else len(FILE_MAGIC))
    reader: RecordBatchStreamReader = open_stream(stream)
    return reader


def _looked_over(opened: Opened, stream: BinaryIO) -> int:
    """How many rows the messages announce. Raises BadInputError for one that is too large or compressed."""
    size = stream.seek(0, 2)
    stream.seek(0)
    if stream.read(len(FILE_MAGIC)) != FILE_MAGIC:
        stream.seek(0)
    found = 0
    for message in _messages(stream, size):
        if message.body > LARGEST_BODY:
            raise BadInputError(
                f"“{opened.name}” has a batch of {message.body >> 20:,} MB, more than is read at once.",
                hint="Write it again in smaller batches, or as JSON lines.",
            )
        if message.compressed:
            raise BadInputError(
                f"The Arrow file “{opened.name}” is compressed within, which is not read here.",
                hint="Write it without compression, as Parquet or as JSON lines.",
            )
        found += message.rows
    if found > LEAST_ROWS and found > ROWS_A_BYTE * size:
        raise bomb(f"{found:,} rows are packed into {size >> 10:,} KB")
    return found


def _messages(stream: BinaryIO, size: int) -> Iterator[_Message]:
    """The messages up to the end, or to the first that is none: what is wrong with that one the reader says."""
    while True:
        start = stream.read(8)
        if len(start) < 8 or start[:4] != STREAM_MAGIC:
            return
        (length,) = struct.unpack_from("<i", start, 4)
        if not 0 < length <= LARGEST_METADATA:
            return
        metadata = stream.read(length)
        try:
            message = _message(metadata)
        except (struct.error, IndexError):
            return
        yield message
        if message.body < 0 or stream.tell() + message.body > size:
            return
        stream.seek(message.body, 1)


def _message(data: bytes) -> _Message:
    """What a message says of itself: a flat buffer, whose tables point to where their fields are."""
    table = _Table(data, struct.unpack_from("<I", data)[0])
    kind = table.number("<B", 1)
    body = table.number("<q", 3)
    if kind not in (_DICTIONARY, _BATCH):
        return _Message(kind, 0, body, False)
    inner = table.table(2)
    batch = inner.table(1) if kind == _DICTIONARY else inner
    return _Message(kind, batch.number("<q", 0) if kind == _BATCH else 0, body, batch.offset(3) != 0)


class _Table(NamedTuple):
    """A table of a flat buffer; `at` is where it stands."""

    data: bytes
    at: int

    def offset(self, field: int) -> int:
        """Where a field stands; 0 where it is not there."""
        start = self.at - int(struct.unpack_from("<i", self.data, self.at)[0])
        (size,) = struct.unpack_from("<H", self.data, start)
        place = 4 + 2 * field
        if start < 0 or place + 2 > size:
            return 0
        relative = int(struct.unpack_from("<H", self.data, start + place)[0])
        return self.at + relative if relative else 0

    def number(self, form: str, field: int) -> int:
        """A number; 0 where it is left out."""
        at = self.offset(field)
        return int(struct.unpack_from(form, self.data, at)[0]) if at else 0

    def table(self, field: int) -> _Table:
        """A table within; raises IndexError where there is none."""
        at = self.offset(field)
        if not at:
            raise IndexError(field)
        return _Table(self.data, at + int(struct.unpack_from("<I", self.data, at)[0]))

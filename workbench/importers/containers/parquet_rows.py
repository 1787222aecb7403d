"""The rows of a Parquet file, a few at a time, within limits that are checked before anything is unpacked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, BinaryIO

from workbench.core.errors import BadInputError
from workbench.core.progress import Progress, part
from workbench.core.text import one_line
from workbench.importers.base import Opened
from workbench.importers.containers.decompress import LEAST_BOMB, MOST_TIMES, bomb
from workbench.importers.containers.parquet_page_sizes import Group, Page, groups, pages
from workbench.importers.containers.rendered_rows import rendered

if TYPE_CHECKING:
    from pyarrow.parquet import ParquetFile

LARGEST_PAGE = 64 << 20
LARGEST_GROUP = 4 << 30
"""Bytes of a page and of a row group, unpacked; beyond them a file is refused. Writers make pages of about 1 MB."""

LEAST_ROWS, ROWS_A_BYTE = 1_000_000, 100
LEAST_VALUES, VALUES_A_BYTE = 4_000_000, 8
"""Rows of a file, and values of lists in a column of a row group: taken from any number of bytes, and from each byte.

A run of equal values is packed into a few bytes, be they ever so many; answers are not all equal.
"""

_AT_ONCE = 256 << 20
_MOST_ROWS = 500
_THRIFT = 64 << 20


def columns(opened: Opened) -> list[str]:
    """The names of the columns. Raises BadInputError for a file that can't be read."""
    with opened.stream() as stream, in_words(opened, "Parquet"):
        groups(stream)
        return [str(name) for name in _file(stream).schema_arrow.names]


def columns_within(opened: Opened) -> list[str]:
    """The names of the columns, those within others too. Raises BadInputError as `columns`."""
    with opened.stream() as stream, in_words(opened, "Parquet"):
        groups(stream)
        file = _file(stream)
        paths = (file.schema.column(at).path.split(".") for at in range(len(file.schema.names)))
        return [*map(str, file.schema_arrow.names), *(str(name) for path in paths for name in path)]


def rows(opened: Opened, progress: Progress, first: int = 0) -> Iterator[tuple[int, bytes | str]]:
    """Each row from `first` on, counted from 0, as JSON; or in words why it and all after it in its group can't be had.

    Raises BadInputError for a file that can't be read or was made to do harm.
    """
    with opened.stream() as stream:
        listed = groups(stream)
        with in_words(opened, "Parquet"):
            file = _file(stream)
        whole, at = max(1, sum(group.rows for group in listed)), 0
        if whole > LEAST_ROWS and whole > ROWS_A_BYTE * stream.seek(0, 2):
            raise bomb(f"{whole:,} rows are packed into {stream.tell() >> 10:,} KB")
        for number, group in enumerate(listed):
            if at + group.rows > first:
                size = _rows_at_once(opened, stream, group)
                tell = part(progress, at / whole, (at + group.rows) / whole)
                for row, raw in _group(file, number, group.rows, size, tell):
                    if at + row >= first:
                        yield at + row, raw if raw is not None else _lost(at + row, at + group.rows)
            at += group.rows
        progress(1.0, f"{at:,} rows read")


def _group(
    file: ParquetFile, number: int, count: int, at_once: int, progress: Progress
) -> Iterator[tuple[int, bytes | None]]:
    """The rows of a row group, counted from 0; None for the first that can't be had, which is the last."""
    at = 0
    try:
        for batch in file.iter_batches(batch_size=at_once, row_groups=[number], use_threads=False):
            for row in range(batch.num_rows):
                values = [column[row].as_py() for column in batch.columns]
                yield at, rendered(dict(zip(batch.schema.names, values, strict=True)))
                at += 1
            progress(min(1.0, at / max(1, count)), "rows read")
    except broken_by_arrow():
        yield at, None
        return
    if at < count:
        yield at, None


def _lost(at: int, stop: int) -> str:
    return f"rows {at + 1:,} to {stop:,} can't be read: the row group is damaged"


def _rows_at_once(opened: Opened, stream: BinaryIO, group: Group) -> int:
    """How many rows of a row group may be unpacked at once; raises BadInputError for one that is too large."""
    unpacked = packed = dictionaries = 0
    for column in group.columns:
        found = _Sums()
        for page in pages(stream, column):
            _checked_page(opened, page)
            found.add(page)
        if found.values > max(LEAST_VALUES, group.rows, VALUES_A_BYTE * found.unpacked):
            raise bomb(f"{found.values:,} values are packed into {max(1, found.packed >> 10):,} KB")
        unpacked += found.unpacked
        packed += found.packed
        dictionaries += found.dictionary
    if unpacked > LARGEST_GROUP:
        raise BadInputError(
            f"“{opened.name}” has a row group of {unpacked >> 20:,} MB, more than is read at once.",
            hint="Write it again with smaller row groups, or as JSON lines.",
        )
    if unpacked > LEAST_BOMB and unpacked > MOST_TIMES * max(1, packed):
        raise bomb(f"{unpacked >> 20:,} MB are packed into {packed >> 10:,} KB")
    # A row may repeat the largest text of a dictionary, and so may the next one.
    return max(1, min(_MOST_ROWS, _AT_ONCE // max(1, dictionaries)))


@dataclass(slots=True)
class _Sums:
    """What the pages of a column in a row group come to; of several dictionaries the largest."""

    unpacked: int = 0
    packed: int = 0
    values: int = 0
    dictionary: int = 0

    def add(self, page: Page) -> None:
        self.unpacked += page.unpacked
        self.packed += page.packed
        self.values += page.values
        if page.dictionary:
            self.dictionary = max(self.dictionary, page.unpacked)


def _checked_page(opened: Opened, page: Page) -> None:
    if page.unpacked > LARGEST_PAGE:
        raise BadInputError(
            f"“{opened.name}” has a page of {page.unpacked >> 20:,} MB, more than is read at once.",
            hint="Write it again with smaller pages, or as JSON lines.",
        )


def _file(stream: BinaryIO) -> ParquetFile:
    try:
        from pyarrow.parquet import ParquetFile
    except ImportError:
        raise no_pyarrow("Parquet") from None
    return ParquetFile(
        stream, pre_buffer=False, thrift_string_size_limit=_THRIFT, thrift_container_size_limit=_THRIFT >> 6
    )


def no_pyarrow(kind: str) -> BadInputError:
    """What to say where the package is missing that reads files of this kind."""
    return BadInputError(
        f"{kind} files are read by the package pyarrow, which is not installed here.",
        hint="pip install 'distillation-workbench[parquet]', or save the file as JSON lines.",
    )


@contextmanager
def in_words(opened: Opened, kind: str) -> Iterator[None]:
    """Say as BadInputError what pyarrow raises at a file of this kind."""
    try:
        yield
    except broken_by_arrow() as error:
        raise BadInputError(
            f"The {kind} file “{opened.name}” can't be read: {_said(error)}.", hint="Ask for the file again."
        ) from None


def broken_by_arrow() -> tuple[type[Exception], ...]:
    """What pyarrow raises at a file that it can't read."""
    usual = (OSError, ValueError, LookupError, TypeError, ArithmeticError, NotImplementedError, MemoryError)
    try:
        return (import_module("pyarrow").ArrowException, *usual)
    except ImportError:
        return usual


def _said(error: BaseException) -> str:
    return one_line(str(error) or type(error).__name__, 160).rstrip(".")

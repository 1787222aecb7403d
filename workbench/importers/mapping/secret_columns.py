"""Columns of tables whose names say that they hold passwords, keys or tokens."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from itertools import chain, groupby, islice
from pathlib import Path
from typing import NamedTuple

from workbench.core.progress import Progress, silent
from workbench.core.secrets.find import Secret
from workbench.core.secrets.names import in_delimited, in_rendered, names_column
from workbench.importers.base import Opened
from workbench.importers.containers.file_kind import HEAD
from workbench.importers.containers.rendered_rows import row_place
from workbench.importers.mapping.headers import LOOKED_AT, header_at, likely_header, names_of
from workbench.importers.mapping.layout import layout_of
from workbench.importers.reading.csv_rows import delimiter_of, has_delimiter, rows
from workbench.importers.reading.sample import begins_with
from workbench.importers.reading.window import Window

BEGINNING = 1 << 20
"""Bytes of a text in which its header is looked for."""

_LONGEST = 80
"""Bytes of a name with its quotes; one character may take three."""


class CellSecret(NamedTuple):
    """A secret in a cell: the member or the row it is in, its place there in bytes, and what it says."""

    member: str
    secret: Secret
    value: str


class Columns(NamedTuple):
    """The columns of a delimited text that hold secrets, and the name of each of its columns."""

    delimiter: str
    names: tuple[str, ...]
    secret: frozenset[int]

    def secrets(self, text: str) -> Iterator[Secret]:
        """The secrets in some rows of it."""
        return in_delimited(text, self.delimiter, self.names, self.secret)


def columns_of(opened: Opened, mapping: Mapping[str, str] | None = None) -> Columns | None:
    """The columns of secrets in a delimited text; None where its header names none, or it is no table.

    The header is the one that has the columns of the mapping, where there is one.
    """
    # A look at the first lines: few files have such a column, and all are asked.
    if opened.container or begins_with(opened) in "[{" or not _may_have(opened.head):
        return None
    if not has_delimiter(opened.head) or layout_of(opened) is not None:
        return None
    with Window(opened, silent) as window:
        first = [span.value[0] if span.value else [] for span in islice(rows(window, opened.head), LOOKED_AT)]
    at = (header_at(first, mapping) if mapping else None) or 0
    # What stands above the header may be another one.
    above = max(at, likely_header(first), 0) + 1
    headers = [row for n, row in enumerate(first[:above]) if _as_wide(row, first[n + 1 :])]
    found = {at: name for row in headers for at, name in enumerate(row) if names_column(name)}
    names = [found.get(at, "") for at in range(max(found, default=-1) + 1)]
    return Columns(delimiter_of(opened.head), tuple(names), frozenset(found)) if found else None


def _as_wide(row: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Whether a third of the rows below have as many cells: in prose with commas few lines have."""
    return 3 * sum(len(other) == len(row) for other in below) >= len(below)


def in_record(text: str, beginning: bytes, mapping: Mapping[str, str]) -> list[Secret]:
    """The secrets in such columns of a record as it is shown.

    `beginning` is that of the text that it stands in, empty for a row that is rendered; `mapping` is the import's.
    """
    if not beginning:
        return list(in_rendered(text))
    opened = Opened(Path(), "", len(beginning), beginning[:HEAD], lambda: BytesIO(beginning))
    columns = columns_of(opened, mapping)
    return list(columns.secrets(text)) if columns else []


def _may_have(head: bytes) -> bool:
    delimiter = delimiter_of(head).encode()
    cells = (
        cell for line in head.lstrip(b"\xef\xbb\xbf\r\n").splitlines()[:LOOKED_AT] for cell in line.split(delimiter)
    )
    return any(names_column(cell.decode("utf-8", "replace").strip('" ')) for cell in cells if len(cell) <= 3 * _LONGEST)


def in_text(opened: Opened, columns: Columns, progress: Progress) -> Iterator[CellSecret]:
    """The secrets in such columns, row by row."""
    with Window(opened, progress) as window:
        for span in rows(window, opened.head):
            if span.value is None:
                continue
            start = span.offset - window.base
            # One character a byte, so that places in it are places in the file.
            text = window.data[start : start + span.length].decode("latin-1")
            for one in columns.secrets(text):
                value = text[one.start : one.start + one.length]
                yield CellSecret(opened.member, one._replace(start=span.offset + one.start), value)


def in_workbook(opened: Opened, progress: Progress) -> Iterator[CellSecret]:
    """The secrets in such columns of a workbook, at the places that its rows have when they are read."""
    from workbench.importers.containers.workbook import sheet_rows
    from workbench.importers.mapping.tables import row_json

    for _, found in groupby(sheet_rows(opened, progress), lambda row: row.sheet):
        first = list(islice(found, LOOKED_AT))
        header = names_of(first[max(0, likely_header([row.cells for row in first]))].cells)
        if not any(map(names_column, header)):
            continue
        for row in chain(first, found):
            yield from _rendered(row_place(opened, row.number, row.sheet), row_json(header, row.cells))


def in_parquet(opened: Opened, progress: Progress) -> Iterator[CellSecret]:
    """The secrets in such columns of a Parquet file, at the places that its rows have when they are read."""
    from workbench.importers.containers.parquet_rows import columns_within
    from workbench.importers.containers.parquet_rows import rows as table_rows

    if any(map(names_column, columns_within(opened))):
        for number, raw in table_rows(opened, progress):
            if isinstance(raw, bytes):
                yield from _rendered(row_place(opened, number + 1), raw)


def in_arrow(opened: Opened, progress: Progress) -> Iterator[CellSecret]:
    """The secrets in such columns of an Arrow file, at the places that its rows have when they are read."""
    from workbench.importers.containers.arrow_rows import columns
    from workbench.importers.containers.arrow_rows import rows as table_rows

    if any(map(names_column, columns(opened))):
        for number, raw in table_rows(opened, progress):
            if isinstance(raw, bytes):
                yield from _rendered(row_place(opened, number + 1), raw)


def _rendered(place: str, raw: bytes) -> Iterator[CellSecret]:
    text = raw.decode()
    for one in in_rendered(text):
        start = len(text[: one.start].encode())
        yield CellSecret(place, one._replace(start=start), text[one.start : one.start + one.length])

"""CSV for counsel's spreadsheet: nothing in a cell is taken for a formula, and numbers stay numbers."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from workbench.core.model import Json, Table
from workbench.core.text import visible, well_formed

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
BOM = b"\xef\xbb\xbf"


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[Json]]) -> bytes:
    """A CSV file (RFC 4180, CRLF, UTF-8); a byte order mark only where something is not ASCII.

    Excel takes a file without the mark for the machine's own code page; readers of pure ASCII need none.
    """
    text = csv_lines([header, *rows])
    return text.encode() if text.isascii() else BOM + text.encode()


def csv_lines(rows: Iterable[Sequence[Json]]) -> str:
    """Some rows as CSV text, without header and mark."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([cell(value) for value in row] for row in rows)
    return out.getvalue()


def table_csv(table: Table) -> bytes:
    """A result table as CSV, with the names of its columns as header."""
    return csv_bytes([c.name for c in table.columns], table.rows)


def cell(value: Json) -> str:
    """One cell: numbers as they are, texts safe to open in a spreadsheet, None as nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return repr(value)
    text = str(value)
    shown = visible(well_formed(text)[0])
    return f"'{shown}" if text.startswith(_FORMULA) else shown

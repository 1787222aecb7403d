"""The lists of a pack as one workbook: every cell is text or a number, and no spreadsheet program computes in it."""

from __future__ import annotations

import io
import math
import re
import zipfile
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from workbench.core.csv_lists import rows_in
from workbench.core.text import visible, well_formed
from workbench.evidence.pack.names import LEGAL

if TYPE_CHECKING:
    from _typeshed import SizedBuffer
    from openpyxl.cell.cell import Cell

LISTS = f"{LEGAL}lists.xlsx"

MOST_ROWS = 100_000
"""Rows of one sheet; a longer list is said to be cut and stands whole in its CSV file."""

MOST_CHARACTERS = 32_767
"""Characters of one cell (Excel's own limit)."""

_NUMBER = re.compile(r"-?(0|[1-9]\d{0,14})(\.\d{1,17})?(e-?\d{1,3})?")
"""What a spreadsheet program shows as it stands in the CSV file."""

_CLOCK = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(<)")

_CUT = " … cut here; the CSV file has it whole"


def workbook(tables: Mapping[str, bytes], begun: str) -> bytes:
    """The workbook of some CSV files by the name of their sheet; the same tables give the same bytes.

    `begun` (ISO 8601, UTC) is the only date in it.
    """
    from openpyxl.styles.fonts import Font
    from openpyxl.utils.cell import get_column_letter
    from openpyxl.workbook.workbook import Workbook
    from openpyxl.writer.excel import ExcelWriter

    book = Workbook()
    del book[book.sheetnames[0]]
    book.properties.creator = ""
    for name, table in tables.items():
        sheet = book.create_sheet(name)
        sheet.freeze_panes = "A2"
        for at, row in enumerate(_rows(table), 1):
            for column, text in enumerate(row, 1):
                _put(sheet.cell(at, column), text, head=at == 1)
        for column in range(1, sheet.max_column + 1):
            sheet.column_dimensions[get_column_letter(column)].width = 18
            sheet.cell(1, column).font = Font(bold=True)
        sheet.auto_filter.ref = sheet.dimensions
    out = io.BytesIO()
    ExcelWriter(book, _Undated(out, "w", zipfile.ZIP_DEFLATED, strict_timestamps=False)).save()
    return _with_one_date(out.getvalue(), begun)


class _Undated(zipfile.ZipFile):
    """An archive that takes no date from the clock: the format knows none after 2107, and none stops a pack."""

    def writestr(
        self,
        zinfo_or_arcname: str | zipfile.ZipInfo,
        data: SizedBuffer | str,
        compress_type: int | None = None,
        compresslevel: int | None = None,
    ) -> None:
        """Write a member by its name; the library hands over nothing else."""
        member = zipfile.ZipInfo(zinfo_or_arcname) if isinstance(zinfo_or_arcname, str) else zinfo_or_arcname
        super().writestr(member, data, compress_type, compresslevel)


def _rows(table: bytes) -> Iterator[list[str]]:
    for at, row in enumerate(rows_in(table)):
        if at > MOST_ROWS:
            yield [f"Cut here after {MOST_ROWS:,} rows; the CSV file has all."]
            return
        yield row


def _put(cell: Cell, text: str, *, head: bool) -> None:
    """Fill a cell. A text that begins like a formula has a quote before it, as in the CSV file."""
    if not head and _NUMBER.fullmatch(text) and math.isfinite(float(text)):
        cell.value = float(text) if "." in text or "e" in text else int(text)
        return
    shown = visible(well_formed(text)[0])
    cell.value = shown if len(shown) <= MOST_CHARACTERS else shown[: MOST_CHARACTERS - len(_CUT)] + _CUT
    cell.data_type = "s"


def _with_one_date(data: bytes, begun: str) -> bytes:
    """The same workbook with the date that is handed over in the place of the clock's."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as made, zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name in made.namelist():
            inner = made.read(name)
            if name == "docProps/core.xml":
                inner = _CLOCK.sub(rb"\g<1>" + f"{begun[:19]}Z".encode() + rb"\g<2>", inner)
            archive.writestr(zipfile.ZipInfo(name), inner)
    return out.getvalue()

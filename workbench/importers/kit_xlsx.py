"""The prompt kit's answer sheet, filled and saved as an XLSX workbook: one row for each answer."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, groupby, islice

from workbench.core.model import Rejected, Response
from workbench.core.progress import Progress, silent
from workbench.importers.base import Claim, Importer, Opened, Options, Record
from workbench.importers.containers.row_places import row_place, span_of
from workbench.importers.containers.workbook import SheetRow, sheet_rows
from workbench.importers.formats.kit_sheet import COLUMNS, answer_of
from workbench.importers.mapped_xlsx import header_of, row_json
from workbench.importers.mapping.headers import ABOVE, LOOKED_AT
from workbench.importers.reading.fields import Fields
from workbench.importers.reading.records import Joined, Taken, taken

_NAMES = tuple(COLUMNS.values())


class KitXlsx(Importer):
    """Rows as in the CSV sheet, also below a title and beside other columns; each sheet that has no such header is
    one rejected record."""

    key = "kit_xlsx"
    title = "The prompt kit's answer sheet, saved as a workbook (XLSX)"
    suffixes = (".xlsx", ".xlsm")
    container = "xlsx"

    def joins(self, options: Options) -> bool:
        """Always: rows may have left their prompts out."""
        return True

    def sniff(self, opened: Opened) -> Claim | None:
        """A sheet has a header with the sheet's names. Raises BadInputError for a workbook that can't be opened."""
        for _, rows in groupby(sheet_rows(opened, silent, LOOKED_AT), lambda row: row.sheet):
            if _header(list(rows)) is not None:
                return Claim("a workbook with prompt_id, sample and response, as in the prompt kit's answer sheet")
        return None

    def read(self, opened: Opened, options: Options, progress: Progress) -> Iterator[Record]:
        """The answers, row by row, sheet by sheet. Raises BadInputError for a file of prompts that is none."""
        joined, index = Joined(options), 0
        for _, rows in groupby(sheet_rows(opened, progress), lambda row: row.sheet):
            for record in _sheet(opened, rows, joined):
                yield record._replace(number=index)
                index += 1


def _header(first: list[SheetRow]) -> tuple[list[str], int] | None:
    found = header_of(first, COLUMNS)
    return found if found is not None and set(_NAMES) <= set(found[0]) else None


def _sheet(opened: Opened, rows: Iterator[SheetRow], joined: Joined) -> Iterator[Response | Rejected]:
    """The records of one sheet."""
    first = list(islice(rows, LOOKED_AT))
    found = _header(first)
    if found is None:
        reason = first[0].damage or f"the sheet has not the columns of an answer sheet: {', '.join(_NAMES)}"
        yield Rejected(reason, 0, 0, 0, row_place(opened, first[0].number, first[0].sheet))
        return
    header, at = found
    for number, row in enumerate(chain(first, rows)):
        reason = row.damage or (ABOVE if number < at else "")
        if reason:
            yield Rejected(reason, 0, 0, 0, row_place(opened, row.number, row.sheet))
        elif number != at:
            yield from _row(opened, header, row, joined)


def _row(opened: Opened, header: list[str], row: SheetRow, joined: Joined) -> Iterator[Response | Rejected]:
    span, _ = span_of(0, row_json(header, row.cells))

    def take(fields: Fields) -> Taken:
        yield answer_of(fields, joined)

    for record in taken(opened, span, 0, take):
        yield record._replace(member=row_place(opened, row.number, row.sheet))

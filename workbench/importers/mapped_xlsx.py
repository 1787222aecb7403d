"""XLSX workbooks with a header in each sheet, read with a mapping; every cell is text, formulas too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain, groupby, islice

from workbench.core.model import Rejected, Response
from workbench.core.progress import Progress
from workbench.core.text import well_formed
from workbench.importers.base import Claim, Importer, Opened, Options, Record
from workbench.importers.containers.row_places import mapped_row, rendered, row_place
from workbench.importers.containers.workbook import SheetRow, sheet_rows
from workbench.importers.mapped_texts import meant
from workbench.importers.mapping.headers import ABOVE, LOOKED_AT, NONE, header_at, names_of, no_column_twice, numbered
from workbench.importers.mapping.mapped import Mapped


class MappedXlsx(Importer):
    """One record a row; the mapping names columns. A sheet without the mapped columns is one rejected record."""

    key = "mapped_xlsx"
    title = "XLSX workbook, with a mapping"
    suffixes = (".xlsx", ".xlsm")
    asked_only = True
    container = "xlsx"

    def sniff(self, opened: Opened) -> Claim | None:
        """Any workbook."""
        return Claim("a workbook, read by the mapping")

    def read(self, opened: Opened, options: Options, progress: Progress) -> Iterator[Record]:
        """One answer a row. Raises UsageError for a mapping that doesn't say enough."""
        mapped = Mapped(opened, options)
        index = 0
        for _, rows in groupby(sheet_rows(opened, progress), lambda row: row.sheet):
            for record in _sheet(opened, mapped, rows, options):
                yield record._replace(number=index)
                index += 1
        mapped.check()


def _sheet(opened: Opened, mapped: Mapped, rows: Iterator[SheetRow], options: Options) -> Iterator[Response | Rejected]:
    """The records of one sheet."""
    first = list(islice(rows, LOOKED_AT))
    found = header_of(first, options.mapping)
    if found is None:
        yield _without_columns(opened, first[0], options)
        return
    header, at = found
    if at != NONE:
        no_column_twice(opened, first[at].cells, options.mapping)
    for number, row in enumerate(chain(first, rows)):
        if number < at and not row.damage:
            yield Rejected(ABOVE, 0, 0, 0, row_place(opened, row.number, row.sheet))
        elif number != at:
            yield _taken(opened, mapped, header, row, 0)


def header_of(first: list[SheetRow], mapping: Mapping[str, str]) -> tuple[list[str], int] | None:
    """The names of a sheet's columns and which of its first rows has them, as `header_at`; None where none does."""
    damaged = next((at for at, row in enumerate(first) if row.damage), len(first))
    at = header_at([row.cells for row in first[:damaged]], mapping)
    if at is None:
        return None
    return (names_of(first[at].cells) if at != NONE else numbered(max(len(row.cells) for row in first))), at


def _without_columns(opened: Opened, row: SheetRow, options: Options) -> Rejected:
    place = row_place(opened, row.number, row.sheet)
    if row.damage:
        return Rejected(row.damage, 0, 0, 0, place)
    found = ", ".join(list(filter(None, names_of(row.cells)))[:10])
    wanted = [path for key, path in options.mapping.items() if path not in names_of(row.cells)]
    hint = meant(wanted[0], names_of(row.cells)).strip() if wanted else ""
    reason = f"the sheet has not the columns that the mapping names; it has {found}"
    return Rejected(f"{reason}. {hint}".removesuffix(". "), 0, 0, 0, place)


def _taken(opened: Opened, mapped: Mapped, header: list[str], row: SheetRow, index: int) -> Response | Rejected:
    place = row_place(opened, row.number, row.sheet)
    if row.damage:
        return Rejected(row.damage, index, 0, 0, place)
    more = [cell for cell in row.cells[len(header) :] if cell]
    if more:
        reason = f"the row has {len(row.cells)} cells where the header has {len(header)}"
        return Rejected(reason, index, 0, 0, place)
    return mapped_row(mapped, index, row_json(header, row.cells), place, [])


def row_json(header: list[str], cells: list[str]) -> bytes:
    """A row under its header as JSON; columns without a name are left out."""
    padded = [*cells, *([""] * (len(header) - len(cells)))]
    return rendered({name: well_formed(cell)[0] for name, cell in zip(header, padded, strict=False) if name})

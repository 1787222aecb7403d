"""XLSX workbooks with a header in each sheet, read with a mapping; every cell is text, formulas too."""

from __future__ import annotations

from collections.abc import Iterator

from workbench.core.errors import BadInputError
from workbench.core.model import Rejected
from workbench.core.progress import Progress
from workbench.core.text import well_formed
from workbench.importers.base import Claim, Importer, Opened, Options, Record
from workbench.importers.mapped import Mapped
from workbench.importers.tables import mapped_row, rendered, row_place
from workbench.importers.workbook import SheetRow, sheet_rows


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
        header: list[str] = []
        sheet, skipped, index = None, False, 0
        for row in sheet_rows(opened, progress):
            if row.sheet != sheet:
                sheet, header = row.sheet, _names(row)
                skipped = not row.damage and not _fits(header, options)
                if skipped:
                    found = ", ".join(filter(None, header[:10]))
                    reason = f"the sheet has not the columns that the mapping names; it has {found}"
                    yield Rejected(reason, index, 0, 0, row_place(opened, row.number, row.sheet))
                    index += 1
                if not row.damage:
                    _no_column_twice(opened, header, options)
                    continue
            if not skipped:
                yield _taken(opened, mapped, header, row, index)
                index += 1
        mapped.check()


def _taken(opened: Opened, mapped: Mapped, header: list[str], row: SheetRow, index: int) -> Record:
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


def _names(row: SheetRow) -> list[str]:
    return [well_formed(name.strip())[0] for name in row.cells]


def _fits(header: list[str], options: Options) -> bool:
    return all(path in header for key, path in options.mapping.items() if key in ("response", "prompt", "prompt_key"))


def _no_column_twice(opened: Opened, header: list[str], options: Options) -> None:
    for path in options.mapping.values():
        if header.count(path) > 1:
            raise BadInputError(
                f"“{opened.name}” has {header.count(path)} columns with the name “{path}”.",
                hint="Give each column a name of its own.",
            )

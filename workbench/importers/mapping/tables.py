"""CSV and TSV with a header line, read with a mapping; every cell is text, formulas too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain, groupby, islice

from workbench.core.errors import BadInputError
from workbench.core.model import Json, Rejected, Response
from workbench.core.progress import Progress
from workbench.core.text import well_formed
from workbench.importers.base import Claim, Importer, Opened, Options, Record
from workbench.importers.containers.rendered_rows import mapped_row, rendered, row_place
from workbench.importers.containers.workbook import SheetRow, sheet_rows
from workbench.importers.mapping.headers import ABOVE, LOOKED_AT, NONE, header_at, names_of, no_column_twice, numbered
from workbench.importers.mapping.layout import layout_of
from workbench.importers.mapping.mapped import KEYS, Mapped, did_you_mean
from workbench.importers.reading.csv_rows import Row, has_delimiter, rows
from workbench.importers.reading.sample import begins_with
from workbench.importers.reading.window import Span, Window

_MOST = 4 << 20


class MappedCsv(Importer):
    """One record a row; the mapping names columns. Comma, tab, semicolon or bar, as the header has it."""

    key = "mapped_csv"
    title = "CSV or TSV, with a mapping"
    suffixes = (".csv", ".tsv", ".txt")
    asked_only = True

    def joins(self, options: Options) -> bool:
        """Where the mapping says which id a record has."""
        return "prompt_key" in options.mapping

    def sniff(self, opened: Opened) -> Claim | None:
        """Text that is no JSON and whose first lines have a delimiter."""
        if begins_with(opened) in "[{" or layout_of(opened) is not None:
            return None
        return Claim("CSV, read by the mapping") if has_delimiter(opened.head) else None

    def read(self, opened: Opened, options: Options, progress: Progress) -> Iterator[Record]:
        """One answer a row. Raises UsageError for a mapping that doesn't say enough."""
        mapped = Mapped(opened, options)
        with Window(opened, progress) as window:
            spans = rows(window, opened.head)
            first = _first(spans)
            header, at = _header(opened, first, options)
            index = 0
            for number, span in enumerate(chain(first, spans)):
                if number == at:
                    continue
                above = number < at and span.value is not None
                rejected = Rejected(ABOVE, index, span.offset, span.length)
                yield rejected if above else _taken(mapped, header, span._replace(number=index))
                index += 1
            mapped.check()


def _first(spans: Iterator[Span[Row]]) -> list[Span[Row]]:
    """The rows among which the header is; fewer where they are long."""
    first: list[Span[Row]] = []
    size = 0
    for span in spans:
        first.append(span)
        size += span.length
        if len(first) >= LOOKED_AT or size > _MOST:
            break
    return first


def _header(opened: Opened, first: list[Span[Row]], options: Options) -> tuple[list[str], int]:
    """The names of the columns and the row that has them."""
    if first and first[0].value is None:
        raise BadInputError(f"The header of “{opened.name}” can't be read: {first[0].reason}.")
    found = [span.value[0] if span.value else [] for span in first]
    at = header_at(found, options.mapping)
    if at == NONE:
        return numbered(max(map(len, found), default=0)), NONE
    # Where no row has the mapped columns, the first one shows what there is.
    at = at or 0
    header = names_of(found[at]) if found else []
    no_column_twice(opened, found[at] if found else [], options.mapping)
    return header, at


def _taken(mapped: Mapped, header: list[str], span: Span[Row]) -> Record:
    if span.value is None:
        return Rejected(span.reason, span.number, span.offset, span.length)
    cells, flags = span.value
    if len(cells) != len(header) and any(cells[len(header) :] or [len(cells) < len(header)]):
        reason = f"the row has {len(cells)} cells where the header has {len(header)}"
        return Rejected(reason, span.number, span.offset, span.length)
    record: dict[str, Json] = dict(zip(header, cells, strict=False))
    return mapped.answer(span, record, flags) if flags else mapped.answer_of_sound(span, record)


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
        for _, sheet in groupby(sheet_rows(opened, progress), lambda row: row.sheet):
            for record in _sheet(opened, mapped, sheet, options):
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
            yield _taken_from_sheet(opened, mapped, header, row, 0)


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
    wanted = [path for key, path in options.mapping.items() if key in KEYS and path not in names_of(row.cells)]
    hint = did_you_mean(wanted[0], names_of(row.cells)).strip() if wanted else ""
    reason = f"the sheet has not the columns that the mapping names; it has {found}"
    return Rejected(f"{reason}. {hint}".removesuffix(". "), 0, 0, 0, place)


def _taken_from_sheet(
    opened: Opened, mapped: Mapped, header: list[str], row: SheetRow, index: int
) -> Response | Rejected:
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

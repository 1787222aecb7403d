"""CSV and TSV with a header line, read with a mapping; every cell is text, formulas too."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING

from workbench.core.errors import BadInputError
from workbench.core.model import Json, Rejected
from workbench.core.progress import Progress
from workbench.importers.base import Claim, Importer, Opened, Options, Record
from workbench.importers.mapping.headers import ABOVE, LOOKED_AT, NONE, header_at, names_of, no_column_twice, numbered
from workbench.importers.mapping.layout import layout_of
from workbench.importers.reading.sample import begins_with

if TYPE_CHECKING:
    from workbench.importers.mapping.mapped import Mapped
    from workbench.importers.reading.csv_rows import Row
    from workbench.importers.reading.window import Span


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
        from workbench.importers.reading.csv_rows import has_delimiter

        if begins_with(opened) in "[{" or layout_of(opened) is not None:
            return None
        return Claim("CSV, read by the mapping") if has_delimiter(opened.head) else None

    def read(self, opened: Opened, options: Options, progress: Progress) -> Iterator[Record]:
        """One answer a row. Raises UsageError for a mapping that doesn't say enough."""
        from workbench.importers.mapping.mapped import Mapped
        from workbench.importers.reading.csv_rows import rows
        from workbench.importers.reading.window import Window

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

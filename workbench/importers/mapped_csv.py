"""CSV and TSV with a header line, read with a mapping; every cell is text, formulas too."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from workbench.core.errors import BadInputError
from workbench.core.model import Json, Rejected
from workbench.core.progress import Progress
from workbench.importers.base import Claim, Importer, Opened, Options, Record
from workbench.importers.sample import begins_with

if TYPE_CHECKING:
    from workbench.importers.cells import Row
    from workbench.importers.mapped import Mapped
    from workbench.importers.window import Span


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
        """Text that is no JSON and whose first line has a delimiter."""
        from workbench.importers.cells import delimiter_of

        first = opened.head.lstrip(b"\xef\xbb\xbf\r\n").splitlines()[:1]
        if begins_with(opened) in "[{" or not first:
            return None
        return Claim("CSV, read by the mapping") if delimiter_of(opened.head).encode() in first[0] else None

    def read(self, opened: Opened, options: Options, progress: Progress) -> Iterator[Record]:
        """One answer a row. Raises UsageError for a mapping that doesn't say enough."""
        from workbench.importers.cells import rows
        from workbench.importers.mapped import Mapped
        from workbench.importers.window import Window

        mapped = Mapped(opened, options)
        with Window(opened, progress) as window:
            header: list[str] = []
            for span in rows(window, opened.head):
                if not header:
                    header = _header(opened, span, options)
                    continue
                yield _taken(mapped, header, span)
            mapped.check()


def _header(opened: Opened, span: Span[Row], options: Options) -> list[str]:
    if span.value is None:
        raise BadInputError(f"The header of “{opened.name}” can't be read: {span.reason}.")
    names = [name.strip() for name in span.value[0]]
    for path in options.mapping.values():
        if names.count(path) > 1:
            raise BadInputError(
                f"“{opened.name}” has {names.count(path)} columns with the name “{path}”.",
                hint="Give each column a name of its own.",
            )
    return names


def _taken(mapped: Mapped, header: list[str], span: Span[Row]) -> Record:
    if span.value is None:
        return Rejected(span.reason, span.number, span.offset, span.length)
    cells, flags = span.value
    if len(cells) != len(header) and any(cells[len(header) :] or [len(cells) < len(header)]):
        reason = f"the row has {len(cells)} cells where the header has {len(header)}"
        return Rejected(reason, span.number, span.offset, span.length)
    record: dict[str, Json] = dict(zip(header, cells, strict=False))
    return mapped.answer(span, record, flags)

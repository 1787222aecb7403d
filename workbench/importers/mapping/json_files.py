"""JSON lines of any records, read with a mapping."""

from __future__ import annotations

from collections.abc import Iterator

from workbench.core.progress import Progress
from workbench.importers.base import Claim, Importer, Opened, Options, Record
from workbench.importers.mapping.layout import LINES, layout_of
from workbench.importers.reading.sample import first_records

_FIRST = 20


class MappedJsonLines(Importer):
    """One record a line; the mapping's paths go into it."""

    key = "mapped_jsonl"
    title = "JSON lines, with a mapping"
    suffixes = (".jsonl", ".ndjson")
    asked_only = True

    def joins(self, options: Options) -> bool:
        """Where the mapping says which id a record has."""
        return "prompt_key" in options.mapping

    def by_lines(self, opened: Opened, options: Options) -> bool:
        """Where the first records have all that the mapping names: whether any has it is asked of the whole file."""
        from workbench.importers.mapping.mapped import all_found

        return all_found(options.mapping, first_records(opened, _FIRST, array=False, cut=True))

    def sniff(self, opened: Opened) -> Claim | None:
        """Lines of JSON, also below a first line that is none, but not one object that holds many records."""
        layout = layout_of(opened)
        return Claim("JSON lines, read by the mapping") if layout and layout.kind == LINES else None

    def read(self, opened: Opened, options: Options, progress: Progress) -> Iterator[Record]:
        """One answer a line. Raises UsageError for a mapping that doesn't say enough."""
        from workbench.importers.mapping.mapped import Mapped
        from workbench.importers.reading.lines import line_spans
        from workbench.importers.reading.window import Window

        mapped = Mapped(opened, options)
        with Window(opened, progress) as window:
            yield from mapped.answers(line_spans(window, mapped.parse_lines))

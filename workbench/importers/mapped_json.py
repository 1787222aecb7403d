"""A JSON array of any records, read with a mapping."""

from __future__ import annotations

from collections.abc import Iterator

from workbench.core.progress import Progress
from workbench.importers.base import Claim, Importer, Opened, Options, Record
from workbench.importers.mapping.layout import ARRAY, layout_of


class MappedJson(Importer):
    """One record an element; the mapping's paths go into it."""

    key = "mapped_json"
    title = "JSON array, with a mapping"
    suffixes = (".json",)
    asked_only = True

    def joins(self, options: Options) -> bool:
        """Where the mapping says which id a record has."""
        return "prompt_key" in options.mapping

    def sniff(self, opened: Opened) -> Claim | None:
        """Anything that begins with a bracket, but not lines that are lists."""
        layout = layout_of(opened)
        return Claim("a JSON array, read by the mapping") if layout and layout.kind == ARRAY else None

    def read(self, opened: Opened, options: Options, progress: Progress) -> Iterator[Record]:
        """One answer an element. Raises UsageError for a mapping that doesn't say enough."""
        from workbench.importers.mapping.mapped import Mapped
        from workbench.importers.reading.arrays import array_spans
        from workbench.importers.reading.window import Window

        mapped = Mapped(opened, options)
        with Window(opened, progress) as window:
            yield from mapped.answers(array_spans(window, mapped.parse))

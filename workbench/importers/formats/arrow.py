"""Arrow files and streams, as Hugging Face's `save_to_disk` writes them: any table by a mapping.

A row's place is its number and the JSON that renders it.
"""

from __future__ import annotations

from collections.abc import Iterator

from workbench.core.model import Rejected
from workbench.core.progress import Progress
from workbench.importers.base import Claim, Importer, Opened, Options, Record
from workbench.importers.containers.rendered_rows import mapped_row, row_place
from workbench.importers.mapping.mapped import Mapped


class MappedArrow(Importer):
    """One record a row; the mapping's paths go into it."""

    key = "mapped_arrow"
    title = "Arrow file or stream (Hugging Face save_to_disk), with a mapping"
    suffixes = (".arrow",)
    asked_only = True
    container = "arrow"

    def sniff(self, opened: Opened) -> Claim | None:
        """Any Arrow file."""
        return Claim("an Arrow file, read by the mapping")

    def read(self, opened: Opened, options: Options, progress: Progress) -> Iterator[Record]:
        """One answer a row. Raises UsageError for a mapping that doesn't say enough."""
        from workbench.importers.containers.arrow_rows import rows

        mapped = Mapped(opened, options)
        for index, (row, raw) in enumerate(rows(opened, progress)):
            place = row_place(opened, row + 1)
            if isinstance(raw, str):
                yield Rejected(raw, index, 0, 0, place)
            else:
                yield mapped_row(mapped, index, raw, place, [])
        mapped.check()

"""Parquet: conversations with many models as LMSYS and WildChat publish them, and any other table by a mapping.

A row's place is its number and the JSON that renders it: the bytes in the file are packed by column.
"""

from __future__ import annotations

from collections.abc import Iterator

from workbench.core.model import Rejected
from workbench.core.progress import Progress
from workbench.importers.base import Claim, Importer, Opened, Options, Record
from workbench.importers.containers.rendered_rows import mapped_row, row_place, span_of
from workbench.importers.formats.conversations.chat_corpora import conversation_answers
from workbench.importers.mapping.mapped import Mapped
from workbench.importers.reading.records_importer import taken


class ChatParquet(Importer):
    """LMSYS-Chat-1M and WildChat as they are published: a row is a conversation."""

    key = "chat_parquet"
    title = "LMSYS-Chat-1M or WildChat conversations (Parquet)"
    suffixes = (".parquet",)
    container = "parquet"

    def sniff(self, opened: Opened) -> Claim | None:
        """Columns for the conversation, its model, and its id or hash."""
        from workbench.importers.containers.parquet_rows import columns

        found = set(columns(opened))
        known = {"conversation", "model"} <= found and found & {"conversation_id", "conversation_hash"}
        return Claim("a Parquet table of conversations with the model of each") if known else None

    def read(self, opened: Opened, options: Options, progress: Progress) -> Iterator[Record]:
        """One answer a turn of the assistant."""
        from workbench.importers.containers.parquet_rows import rows

        index = 0
        for row, raw in rows(opened, progress):
            place = row_place(opened, row + 1)
            if isinstance(raw, str):
                yield Rejected(raw, index, 0, 0, place)
                index += 1
                continue
            span, _ = span_of(index, raw)
            for record in taken(opened, span, index, conversation_answers):
                yield record._replace(member=place)
                index += 1


class MappedParquet(Importer):
    """Any other table: one record a row; the mapping's paths go into it."""

    key = "mapped_parquet"
    title = "Parquet, with a mapping"
    suffixes = (".parquet",)
    asked_only = True
    container = "parquet"

    def sniff(self, opened: Opened) -> Claim | None:
        """Any Parquet file."""
        return Claim("Parquet, read by the mapping")

    def read(self, opened: Opened, options: Options, progress: Progress) -> Iterator[Record]:
        """One answer a row. Raises UsageError for a mapping that doesn't say enough."""
        from workbench.importers.containers.parquet_rows import rows

        mapped = Mapped(opened, options)
        for index, (row, raw) in enumerate(rows(opened, progress)):
            place = row_place(opened, row + 1)
            if isinstance(raw, str):
                yield Rejected(raw, index, 0, 0, place)
            else:
                yield mapped_row(mapped, index, raw, place, [])
        mapped.check()

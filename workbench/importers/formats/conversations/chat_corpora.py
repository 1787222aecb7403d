"""LMSYS-Chat-1M and WildChat: conversations with many models, one a record."""

from __future__ import annotations

from collections.abc import Mapping

from workbench.core.model import Json
from workbench.importers.messages.chat import turns_of
from workbench.importers.messages.conversations import recorded_answers
from workbench.importers.reading.fields import Fields
from workbench.importers.reading.records_importer import JoinedPrompts, RecordsImporter, Taken
from workbench.importers.reading.tolerant_parse import RecordError

REDACTED = "redacted"


class ChatCorpora(RecordsImporter):
    """`conversation` with role and content; the model is the record's, so that one file fills many corpora."""

    key = "chat_corpora"
    title = "LMSYS-Chat-1M or WildChat conversations (JSON lines)"
    suffixes = (".jsonl", ".json")
    why = "conversations with role and content, and the model of each"

    def knows(self, record: Mapping[str, Json]) -> bool:
        """A conversation, its model, and its id or hash."""
        named = "conversation_id" in record or "conversation_hash" in record
        return named and "model" in record and isinstance(record.get("conversation"), list)

    def answers(self, fields: Fields, joined: JoinedPrompts) -> Taken:
        """One answer a turn of the assistant."""
        yield from conversation_answers(fields)


def conversation_answers(fields: Fields) -> Taken:
    """The answers of one such record, whatever file it came in."""
    record = fields.record
    if "conversation" not in record:
        raise RecordError("`conversation` is missing")
    turns = turns_of(fields, "conversation", record["conversation"])
    identity = fields.label("conversation_id") or fields.label("conversation_hash")
    flags = [REDACTED] if record.get("redacted") is True else []
    time = fields.label("timestamp") or fields.label("tstamp")
    yield from recorded_answers(turns, identity, model=fields.label("model"), time=time, flags=flags)

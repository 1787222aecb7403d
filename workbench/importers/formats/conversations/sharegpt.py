"""ShareGPT conversations: `conversations` with `from` and `value`."""

from __future__ import annotations

from collections.abc import Mapping

from workbench.core.model import Json
from workbench.importers.messages.chat import Turn, turns_of
from workbench.importers.messages.content import parts_of
from workbench.importers.messages.conversations import recorded_answers
from workbench.importers.reading.fields import Fields
from workbench.importers.reading.parse import RecordError
from workbench.importers.reading.records import TRAINING_SET, JoinedPrompts, RecordsImporter, Taken


class ShareGPT(RecordsImporter):
    """Conversations of several turns; a speaker such as bard or bing is taken for the model's name."""

    key = "sharegpt"
    title = "ShareGPT conversations (JSON or JSON lines)"
    suffixes = (".json", ".jsonl")
    why = "conversations with from and value"
    note = TRAINING_SET
    training = True

    def knows(self, record: Mapping[str, Json]) -> bool:
        """Conversations whose first turn has from and value."""
        turns = record.get("conversations")
        if not isinstance(turns, list):
            return False
        return not turns or (isinstance(turns[0], dict) and "from" in turns[0] and "value" in turns[0])

    def answers(self, fields: Fields, joined: JoinedPrompts) -> Taken:
        """One answer a turn of the assistant."""
        if "conversations" not in fields.record:
            raise RecordError("`conversations` is missing")
        turns = turns_of(fields, "conversations", fields.record["conversations"], "from", "value")
        system = fields.record.get("system")
        if system:
            turns = [Turn("system", parts_of(fields, "system", system)), *turns]
        yield from recorded_answers(turns, fields.label("id"), model=fields.label("model"))

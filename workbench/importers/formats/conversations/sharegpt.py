"""ShareGPT conversations: `conversations` with `from` and `value`, or with `role` and `content`."""

from __future__ import annotations

from collections.abc import Mapping

from workbench.core.model import Json
from workbench.importers.messages.chat import Turn, turns_of
from workbench.importers.messages.content import parts_of
from workbench.importers.messages.conversations import recorded_answers
from workbench.importers.reading.fields import Fields
from workbench.importers.reading.records_importer import TRAINING_SET, JoinedPrompts, RecordsImporter, Taken
from workbench.importers.reading.tolerant_parse import RecordError

_KEYS = (("from", "value"), ("role", "content"))


class ShareGPT(RecordsImporter):
    """Conversations of several turns; a speaker such as bard or bing is taken for the model's name."""

    key = "sharegpt"
    title = "ShareGPT conversations (JSON or JSON lines)"
    suffixes = (".json", ".jsonl")
    why = "conversations with from and value, or role and content"
    note = TRAINING_SET
    training = True

    def knows(self, record: Mapping[str, Json]) -> bool:
        """Conversations whose first turn has from and value, or role and content."""
        turns = record.get("conversations")
        return isinstance(turns, list) and (not turns or _keys(turns) is not None)

    def answers(self, fields: Fields, joined: JoinedPrompts) -> Taken:
        """One answer a turn of the assistant."""
        if "conversations" not in fields.record:
            raise RecordError("`conversations` is missing")
        listed = fields.record["conversations"]
        speaker, text = (_keys(listed) if isinstance(listed, list) else None) or _KEYS[0]
        turns = turns_of(fields, "conversations", listed, speaker, text)
        system = fields.record.get("system")
        if system:
            turns = [Turn("system", parts_of(fields, "system", system)), *turns]
        yield from recorded_answers(turns, fields.label("id"), model=fields.label("model"))


def _keys(turns: list[Json]) -> tuple[str, str] | None:
    """What speaker and text are called in the first turn; None where it has neither names."""
    first = turns[0] if turns and isinstance(turns[0], dict) else {}
    return next(((speaker, text) for speaker, text in _KEYS if speaker in first and text in first), None)

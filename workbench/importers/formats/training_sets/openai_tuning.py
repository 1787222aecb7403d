"""OpenAI's fine-tuning and preference files: examples that a model was to be trained on."""

from __future__ import annotations

from collections.abc import Mapping

from workbench.core.model import Json
from workbench.importers.messages.chat import context_of, turns_of
from workbench.importers.messages.conversations import recorded_answers
from workbench.importers.reading.fields import Fields
from workbench.importers.reading.records_importer import TRAINING_SET, JoinedPrompts, RecordsImporter, Taken
from workbench.importers.reading.tolerant_parse import RecordError

_PREFERENCES = {"preferred_output": "preferred", "non_preferred_output": "not preferred"}
_ENVELOPES = ("request", "response", "result", "body", "custom_id", "completion", "output", "choices", "conversations",
              "conv", "conversationId")  # fmt: skip


class OpenAITuning(RecordsImporter):
    """Conversations in `messages`, or `input` with a preferred and a non-preferred output."""

    key = "openai_tuning"
    title = "OpenAI fine-tuning or preference examples (JSON lines)"
    suffixes = (".jsonl",)
    why = "training examples in OpenAI's form"
    note = TRAINING_SET
    training = True

    def knows(self, record: Mapping[str, Json]) -> bool:
        """Messages and nothing of a call or a chat program around them, or an input with outputs by preference."""
        if "preferred_output" in record:
            return "input" in record
        messages = record.get("messages")
        if not isinstance(messages, list) or any(name in record for name in _ENVELOPES):
            return False
        first = messages[0] if messages else None
        return not isinstance(first, dict) or ("versions" not in first and ("role" in first or "from" not in first))

    def answers(self, fields: Fields, joined: JoinedPrompts) -> Taken:
        """One answer a turn of the assistant; of a preference both outputs, each with a flag."""
        if "preferred_output" in fields.record:
            yield from self._preferences(fields)
            return
        if "messages" not in fields.record:
            raise RecordError("`messages` is missing")
        yield from recorded_answers(turns_of(fields, "messages", fields.record["messages"]), None)

    def _preferences(self, fields: Fields) -> Taken:
        asked = fields.record.get("input")
        if not isinstance(asked, dict):
            raise RecordError("`input` is no object with messages")
        before = turns_of(fields, "input.messages", asked.get("messages"))
        prompt = context_of(before)
        if prompt.prompt() is None:
            raise RecordError("`input.messages` holds no prompt")
        for name, flag in _PREFERENCES.items():
            after = turns_of(fields, name, fields.record.get(name) or [])
            spoken = list(recorded_answers([*before, *after], None, sample=flag, flags=[flag]))
            yield from spoken[-sum(turn.role == "assistant" for turn in after) or len(spoken) :]

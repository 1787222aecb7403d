"""Conversations of the web page of llama.cpp's server: `conv` with its `messages`, a tree."""

from __future__ import annotations

from collections.abc import Mapping

from workbench.core.model import Json
from workbench.importers.messages.chat import turn_of
from workbench.importers.messages.trees import Message, answers_of_tree, in_a_row
from workbench.importers.reading.fields import Fields, kind_of
from workbench.importers.reading.records_importer import JoinedPrompts, RecordsImporter, Taken
from workbench.importers.reading.tolerant_parse import RecordError


class LlamaCpp(RecordsImporter):
    """The shown branch ends at `currNode`. Where messages name no model, `--model` does."""

    key = "llama_cpp"
    title = "llama.cpp web page conversations (JSON or JSON lines)"
    suffixes = (".json", ".jsonl")
    why = "conversations of llama.cpp's web page, with conv and messages"
    documents = True

    def knows(self, record: Mapping[str, Json]) -> bool:
        """A conversation, and messages that name it."""
        conversation, listed = record.get("conv"), record.get("messages")
        if not isinstance(conversation, dict) or not isinstance(listed, list):
            return False
        return not listed or (isinstance(listed[0], dict) and "convId" in listed[0])

    def answers(self, fields: Fields, joined: JoinedPrompts) -> Taken:
        """One answer a message of the assistant."""
        listed = fields.record.get("messages")
        if not isinstance(listed, list):
            raise RecordError(f"`messages` is {kind_of(listed)}, not a list")
        messages = [_message(fields, f"messages.{at}", message) for at, message in enumerate(listed)]
        if not any(message.parent for message in messages):
            messages = in_a_row(messages)
        conversation = fields.record.get("conv")
        known = conversation if isinstance(conversation, dict) else {}
        shown = fields.checked_label("conv.currNode", known.get("currNode"))
        yield from answers_of_tree(messages, shown, fields.checked_label("conv.id", known.get("id")))


def _message(fields: Fields, path: str, message: Json) -> Message:
    if not isinstance(message, dict):
        raise RecordError(f"`{path}` is {kind_of(message)}, not an object")
    own = fields.checked_label(f"{path}.id", message.get("id")) or path
    parent = fields.checked_label(f"{path}.parent", message.get("parent"))
    if message.get("type") == "root":
        return Message(own, None)
    thoughts = message.get("reasoningContent") or message.get("thinking")
    more = {"reasoning_content": thoughts} if thoughts else {}
    calls = message.get("toolCalls")
    turn = turn_of(fields, path, {"role": message.get("role"), "content": message.get("content"), **more})
    if calls and turn.role == "assistant":
        turn = turn_of(
            fields, path, {"role": "assistant", "content": message.get("content"), **more, "tool_calls": calls}
        )
    model = fields.checked_label(f"{path}.model", message.get("model")) if turn.role == "assistant" else None
    time = fields.checked_label(f"{path}.timestamp", message.get("timestamp"))
    return Message(own, None if parent in ("", "-1") else parent, turn, model or None, time)

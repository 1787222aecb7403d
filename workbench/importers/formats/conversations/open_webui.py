"""Open WebUI's chat export: each chat with its messages in `history`, a tree in which several models may answer."""

from __future__ import annotations

from collections.abc import Mapping

from workbench.core.model import Json
from workbench.importers.messages.chat import turn_of
from workbench.importers.messages.content import without_details
from workbench.importers.messages.trees import Message, answers_of_tree
from workbench.importers.reading.fields import Fields, kind_of
from workbench.importers.reading.records_importer import JoinedPrompts, RecordsImporter, Taken
from workbench.importers.reading.tolerant_parse import RecordError


class OpenWebUi(RecordsImporter):
    """Thoughts and calls of tools that stand in `<details>` are kept apart; a message that failed is rejected."""

    key = "open_webui"
    title = "Open WebUI chat export (JSON)"
    suffixes = (".json",)
    why = "chats of an Open WebUI export, each with a history of messages"
    documents = True

    def knows(self, record: Mapping[str, Json]) -> bool:
        """A chat, or what stands in one, with a history of messages by their ids."""
        history = _chat(record).get("history")
        return isinstance(history, dict) and isinstance(history.get("messages"), dict)

    def answers(self, fields: Fields, joined: JoinedPrompts) -> Taken:
        """One answer a message of the assistant."""
        chat = _chat(fields.record)
        history = chat.get("history")
        listed = history.get("messages") if isinstance(history, dict) else None
        if not isinstance(history, dict) or not isinstance(listed, dict):
            raise RecordError("`history.messages` is missing")
        messages = [_message(fields, key, message) for key, message in listed.items()]
        params = chat.get("params")
        system = params.get("system") if isinstance(params, dict) else None
        if isinstance(system, str) and system:
            above = Message("system", None, turn_of(fields, "params.system", {"role": "system", "content": system}))
            messages = [above, *(m if m.parent is not None else m._replace(parent="system") for m in messages)]
        shown = fields.checked_label("history.currentId", history.get("currentId"))
        yield from answers_of_tree(messages, shown, fields.label("id"))


def _chat(record: Mapping[str, Json]) -> Mapping[str, Json]:
    chat = record.get("chat")
    return chat if isinstance(chat, dict) else record


def _message(fields: Fields, key: str, message: Json) -> Message:
    path = f"history.messages.{key}"
    if not isinstance(message, dict):
        raise RecordError(f"`{path}` is {kind_of(message)}, not an object")
    parent = fields.checked_label(f"{path}.parentId", message.get("parentId"))
    turn = turn_of(fields, path, {"content": "", **message})
    turn = turn._replace(content=without_details(turn.content))
    error = message.get("error")
    failed = ""
    if error and not turn.content.text:
        said = error.get("content") if isinstance(error, dict) else error
        failed = f"the call failed: {fields.checked(path, str(said))[:200]}"
    model = fields.checked_label(f"{path}.model", message.get("model")) if turn.role == "assistant" else None
    time = fields.checked_label(f"{path}.timestamp", message.get("timestamp"))
    return Message(fields.sound(key), parent, turn, model, time, failed=failed)

"""LibreChat's export of a conversation as JSON: messages that name their parents, or each with those that follow it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from workbench.core.model import Json
from workbench.importers.messages.chat import Turn
from workbench.importers.messages.content import Content, content_of
from workbench.importers.messages.trees import Message, answers_of_tree
from workbench.importers.reading.fields import Fields, kind_of
from workbench.importers.reading.records_importer import JoinedPrompts, RecordsImporter, Taken
from workbench.importers.reading.tolerant_parse import RecordError

_FIRST = "00000000-0000-0000-0000-000000000000"
"""The parent that a conversation's first message names."""

_DEEPEST = 500


class LibreChat(RecordsImporter):
    """`isCreatedByUser` tells questions from answers; the file does not say which branch was shown."""

    key = "librechat"
    title = "LibreChat conversation export (JSON)"
    suffixes = (".json",)
    why = "a LibreChat conversation, whose messages say whether a user wrote them"
    documents = True

    def knows(self, record: Mapping[str, Json]) -> bool:
        """A conversation's id, and messages that say who made them."""
        listed = record.get("messages") or record.get("messagesTree")
        if "conversationId" not in record or not isinstance(listed, list):
            return False
        return not listed or (isinstance(listed[0], dict) and "isCreatedByUser" in listed[0])

    def answers(self, fields: Fields, joined: JoinedPrompts) -> Taken:
        """One answer a message that no user made."""
        record = fields.record
        name = "messages" if record.get("messages") else "messagesTree"
        listed = record.get(name)
        if not isinstance(listed, list):
            raise RecordError(f"`{name}` is {kind_of(listed)}, not a list")
        messages = list(_messages(fields, name, listed, None, 0))
        options = record.get("options")
        asked = options if isinstance(options, dict) else {}
        if isinstance(asked.get("promptPrefix"), str) and asked["promptPrefix"]:
            system = Turn("system", Content(fields.checked("options.promptPrefix", asked["promptPrefix"])))
            known = {message.id for message in messages}
            messages = [
                Message("promptPrefix", None, system),
                *(m if m.parent in known else m._replace(parent="promptPrefix") for m in messages),
            ]
        model = fields.checked_label("options.model", asked.get("model"))
        yield from answers_of_tree(messages, None, fields.label("conversationId"), model=model)


def _messages(fields: Fields, path: str, listed: list[Json], parent: str | None, depth: int) -> Iterator[Message]:
    if depth > _DEEPEST:
        raise RecordError("the conversation is nested too deeply")
    for at, message in enumerate(listed):
        where = f"{path}.{at}"
        if not isinstance(message, dict):
            raise RecordError(f"`{where}` is {kind_of(message)}, not an object")
        found = _message(fields, where, message, parent)
        yield found
        children = message.get("children")
        if isinstance(children, list):
            yield from _messages(fields, f"{where}.children", children, found.id, depth + 1)


def _message(fields: Fields, path: str, message: Mapping[str, Json], above: str | None) -> Message:
    own = fields.checked_label(f"{path}.messageId", message.get("messageId")) or path
    parent = above or fields.checked_label(f"{path}.parentMessageId", message.get("parentMessageId"))
    of_model = message.get("isCreatedByUser") is False
    parts = message.get("content")
    if isinstance(parts, list) and parts:
        parts = [_plain(part) for part in parts]
        content = content_of(fields, path, {"content": parts}, of_model=of_model)
    else:
        content = content_of(fields, path, {"text": message.get("text") or ""}, "text", of_model=of_model)
    failed = f"the call failed: {content.text[:200]}" if message.get("error") is True and of_model else ""
    return Message(
        own,
        None if parent == _FIRST else parent,
        Turn("assistant" if of_model else "user", content.without_thoughts() if of_model else content),
        fields.checked_label(f"{path}.model", message.get("model")) if of_model else None,
        fields.checked_label(f"{path}.createdAt", message.get("createdAt")),
        ("truncated",) if of_model and message.get("unfinished") is True else (),
        failed=failed,
    )


def _plain(part: Json) -> Json:
    """A part as others write it: here a text may be wrapped once more, and a call stands in a field of its own."""
    if not isinstance(part, dict):
        return part
    text, call = part.get("text"), part.get("tool_call")
    if part.get("type") == "tool_call" and isinstance(call, dict):
        return {"type": "tool_use", "name": call.get("name"), "input": call.get("args", call.get("function", ""))}
    if isinstance(text, dict) and "value" in text:
        return {**part, "text": text["value"]}
    return part

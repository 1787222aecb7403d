"""Claude.ai's data export: `conversations.json`, each with its messages in `chat_messages`."""

from __future__ import annotations

from collections.abc import Mapping

from workbench.core.model import Json
from workbench.importers.messages.chat import Turn
from workbench.importers.messages.content import NOT_TEXT, Content, content_of
from workbench.importers.messages.trees import Message, answers_of_tree, in_a_row
from workbench.importers.reading.fields import Fields, kind_of
from workbench.importers.reading.records_importer import JoinedPrompts, RecordsImporter, Taken
from workbench.importers.reading.tolerant_parse import RecordError

_ROLES = {"human": "user", "assistant": "assistant"}
_FIRST = "00000000-0000-4000-8000-000000000000"
"""The parent that a conversation's first message names."""


class ClaudeAi(RecordsImporter):
    """Only messages of the sender assistant are answers. The export does not name the model."""

    key = "claude_ai"
    title = "Claude.ai data export (conversations.json)"
    suffixes = (".json",)
    why = "conversations of a Claude.ai export, with chat_messages and their senders"
    note = "A Claude.ai export does not say which model answered: give its name with --model."
    documents = True

    def knows(self, record: Mapping[str, Json]) -> bool:
        """Chat messages, the first of which says who sent it."""
        messages = record.get("chat_messages")
        if not isinstance(messages, list) or "uuid" not in record:
            return False
        return not messages or (isinstance(messages[0], dict) and "sender" in messages[0])

    def answers(self, fields: Fields, joined: JoinedPrompts) -> Taken:
        """One answer a message of the assistant."""
        listed = fields.record.get("chat_messages")
        if not isinstance(listed, list):
            raise RecordError(f"`chat_messages` is {kind_of(listed)}, not a list")
        messages = [_message(fields, f"chat_messages.{at}", message) for at, message in enumerate(listed)]
        if not any(message.parent for message in messages):
            messages = in_a_row(messages)
        shown = fields.label("current_leaf_message_uuid")
        model = fields.label("model")
        yield from answers_of_tree(messages, shown, fields.label("uuid"), model=model, time=fields.label("created_at"))


def _message(fields: Fields, path: str, message: Json) -> Message:
    if not isinstance(message, dict):
        raise RecordError(f"`{path}` is {kind_of(message)}, not an object")
    sender = fields.checked(f"{path}.sender", message.get("sender"))
    role = _ROLES.get(sender)
    if role is None:
        raise RecordError(f"`{path}.sender` is “{sender[:40]}”, which is no sender that is known")
    own = fields.checked_label(f"{path}.uuid", message.get("uuid"))
    parent = fields.checked_label(f"{path}.parent_message_uuid", message.get("parent_message_uuid"))
    time = fields.checked_label(f"{path}.created_at", message.get("created_at"))
    turn = Turn(role, _content(fields, path, message, of_model=role == "assistant"))
    return Message(own or path, None if parent == _FIRST else parent, turn, time=time)


def _content(fields: Fields, path: str, message: Mapping[str, Json], *, of_model: bool) -> Content:
    """The parts of a message; older exports have its text alone. Files that were given with it are only named."""
    name = "content" if message.get("content") else "text"
    content = content_of(fields, path, message, name, of_model=of_model)
    named = [file for key in ("attachments", "files") for file in _listed(message.get(key))]
    if named and NOT_TEXT not in content.flags:
        content = content._replace(flags=(*content.flags, NOT_TEXT))
    given = "".join(f"\n[file {fields.checked(path, name)}]" for name in named)
    return (
        content if of_model else content._replace(text=f"{content.text}{given}".strip("\n") if given else content.text)
    )


def _listed(value: Json) -> list[str]:
    files = value if isinstance(value, list) else []
    return [str(file.get("file_name") or "?") for file in files if isinstance(file, dict)]

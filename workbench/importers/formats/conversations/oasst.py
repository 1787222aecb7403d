"""OpenAssistant's conversations: trees of messages that people wrote or models made, whole or message by message."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping

from workbench.core.model import Json
from workbench.importers.base import Opened
from workbench.importers.messages.chat import Context, Turn
from workbench.importers.messages.content import Content
from workbench.importers.messages.sessions import Said, Session, SessionImporter, answer_in
from workbench.importers.messages.trees import Message, answers_of_tree
from workbench.importers.reading.fields import Fields, kind_of
from workbench.importers.reading.records_importer import TRAINING_SET, JoinedPrompts, RecordsImporter, Taken
from workbench.importers.reading.tolerant_parse import RecordError
from workbench.importers.reading.window import Span

BY_A_PERSON = "written by a person"
_ROLES = {"prompter": "user", "assistant": "assistant"}
_NOTE = f"Most answers of OpenAssistant were written by people, and carry the flag “{BY_A_PERSON}”. {TRAINING_SET}"
_DEEPEST = 500
_REMEMBERED = 4096
"""Messages back to which an answer may go."""


class OasstTrees(RecordsImporter):
    """Every answer of a tree is read; those to one message are samples of it."""

    key = "oasst_trees"
    title = "OpenAssistant conversation trees (JSON lines)"
    suffixes = (".jsonl",)
    why = "OpenAssistant trees, each with its first prompt and the replies"
    note = _NOTE
    training = True

    def knows(self, record: Mapping[str, Json]) -> bool:
        """A tree's id, and the prompt at its root."""
        return "message_tree_id" in record and isinstance(record.get("prompt"), dict)

    def answers(self, fields: Fields, joined: JoinedPrompts) -> Taken:
        """One answer a message of the role assistant."""
        messages = list(_messages(fields, "prompt", fields.record.get("prompt"), None, 0))
        yield from answers_of_tree(messages, None, None)


def _messages(fields: Fields, path: str, message: Json, parent: str | None, depth: int) -> Iterator[Message]:
    if not isinstance(message, dict):
        raise RecordError(f"`{path}` is {kind_of(message)}, not an object")
    if depth > _DEEPEST:
        raise RecordError("the conversation is nested too deeply")
    found = _message(fields, path, message)
    yield found._replace(parent=parent)
    replies = message.get("replies")
    for at, reply in enumerate(replies if isinstance(replies, list) else []):
        yield from _messages(fields, f"{path}.replies.{at}", reply, found.id, depth + 1)


def _message(fields: Fields, path: str, message: Mapping[str, Json]) -> Message:
    role = _ROLES.get(str(message.get("role")))
    if role is None:
        raise RecordError(f"`{path}.role` is “{str(message.get('role'))[:40]}”, which is no speaker that is known")
    by_a_person = role == "assistant" and message.get("synthetic") is not True
    return Message(
        fields.checked_label(f"{path}.message_id", message.get("message_id")) or path,
        fields.checked_label(f"{path}.parent_id", message.get("parent_id")),
        Turn(role, Content(fields.checked(f"{path}.text", message.get("text")))),
        fields.checked_label(f"{path}.model_name", message.get("model_name")) if role == "assistant" else None,
        fields.checked_label(f"{path}.created_date", message.get("created_date")),
        (BY_A_PERSON,) if by_a_person else (),
    )


class OasstMessages(SessionImporter):
    """The same message by message; each comes after the one that it answers."""

    key = "oasst_messages"
    title = "OpenAssistant messages (JSON lines)"
    suffixes = (".jsonl",)
    why = "OpenAssistant messages, each with the one that it answers"
    note = _NOTE
    training = True

    def knows(self, record: Mapping[str, Json]) -> bool:
        """A message of a tree with its role."""
        return all(name in record for name in ("message_id", "message_tree_id", "role", "text"))

    def session(self, opened: Opened) -> Session:
        """The beginning of the file."""
        return _Messages()


class _Messages:
    def __init__(self) -> None:
        self._before: OrderedDict[str, Context] = OrderedDict()

    def take(self, fields: Fields, span: Span[Json]) -> Iterator[Said]:
        """The answer that a line is, if it is one."""
        message = _message(fields, "message", fields.record)
        context = self._before.get(message.parent or "") or Context()
        if message.turn is None:
            return
        if message.turn.role == "assistant":
            content = message.turn.content
            yield span, answer_in(content, context, record=message.id, model=message.model, time=message.time,
                                  flags=message.flags)  # fmt: skip
        following = context.copy()
        following.add(message.turn)
        self._before[message.id] = following
        if len(self._before) > _REMEMBERED:
            self._before.popitem(last=False)

    def end(self) -> Iterator[Said]:
        """Nothing more: each message is a line."""
        return iter(())

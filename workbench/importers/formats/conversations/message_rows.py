"""Tables with a message a row, or JSON with a message a record: the rows of a conversation belong together.

The columns are known by their names and by what stands in them. Only what the assistant said is an answer; what a
person said is a prompt, and thoughts belong to the answer after them.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from workbench.core.model import Json
from workbench.importers.base import Claim, Opened
from workbench.importers.mapping.field_names import spelled
from workbench.importers.mapping.fields_seen import names_a_model
from workbench.importers.messages.chat import Context, Turn, role_of
from workbench.importers.messages.content import APART, content_of
from workbench.importers.messages.sessions import Said, Session, SessionImporter, answer_in
from workbench.importers.reading.csv_rows import records_of_rows
from workbench.importers.reading.fields import Fields
from workbench.importers.reading.sample import begins_with, first_rows
from workbench.importers.reading.tolerant_parse import RecordError
from workbench.importers.reading.window import Span, Window

_ROLE = ("role", "sender", "author", "speaker", "from", "author_role", "sender_type", "message_role", "message_type",
         "sender_role", "is_created_by_user", "is_user", "from_user", "type", "participant")  # fmt: skip
_BY_USER = ("is_created_by_user", "is_user", "from_user")
_TEXT = ("content", "text", "message", "body", "message_text", "message_content", "value", "msg", "utterance")
_CONVERSATION = ("conversation_id", "conversation", "chat_id", "thread_id", "session_id", "dialog_id", "dialogue_id",
                 "conversation_uuid", "conversation_hash", "thread", "chat", "session", "room_id",
                 "topic_id", "conv", "conv_id", "dialog", "dialogue", "discussion_id")  # fmt: skip
_PARENT = ("parent_message_id", "parent_id", "parent", "parent_uuid", "reply_to", "in_reply_to")
_OWN = ("message_id", "id", "uuid", "message_uuid")
_MODEL = ("model", "model_name", "model_id", "model_slug", "llm")
_TIME = ("created_at", "timestamp", "time", "date", "create_time", "sent_at", "created", "updated_at")
_KIND = ("channel", "message_type", "type", "kind")
_THOUGHTS = frozenset(("thought", "thoughts", "isthought", "reasoning", "thinking", "analysis"))
_ASKED = frozenset(("question", "prompt", "query", "request"))
_ANSWERED = frozenset(("answer", "response", "reply", "completion"))
_TRUE, _FALSE = ("true", "1", "yes", "t"), ("false", "0", "no", "f")
_OTHERS = frozenset(("message_tree_id", "parentUuid", "custom_id", "run_type", "mes"))
"""Fields of other formats whose records are messages too."""

_LOOKED_AT = 40
_REMEMBERED = 4096
"""Conversations, or messages, back to which a row may go."""


class Columns(NamedTuple):
    """What the fields of a message are called; empty where there is none."""

    role: str
    text: str
    conversation: str = ""
    parent: str = ""
    own: str = ""
    model: str = ""
    time: str = ""
    kind: str = ""


class MessageRows(SessionImporter):
    """One answer a message of the assistant; the prompt is the conversation so far."""

    key = "message_rows"
    title = "Messages of conversations, one a row or record (CSV, JSON lines or JSON)"
    suffixes = (".csv", ".tsv", ".jsonl", ".json")
    why = "messages with roles, one a row"

    def knows(self, record: Mapping[str, Json]) -> bool:
        """It takes several rows to know them."""
        return False

    def sniff(self, opened: Opened) -> Claim | None:
        """Rows whose roles are those of people and assistants, with texts, and as a rule with their conversations."""
        found = columns_of([row for row in first_rows(opened, _LOOKED_AT) if isinstance(row, dict)])
        if found is None:
            return None
        group = found.conversation or found.parent
        by = (
            f", grouped by “{group}”"
            if group
            else "; no field says where a conversation ends, and all are taken for one"
        )
        return Claim(f"messages, one a row, of which “{found.role}” says who sent them{by}")

    def spans(self, window: Window, opened: Opened) -> Iterator[Span[Json]]:
        """The records of a file in order, be they lines, an array, or the rows of a table."""
        return super().spans(window, opened) if begins_with(opened) in "[{" else records_of_rows(window, opened)

    def session(self, opened: Opened) -> Session:
        """The beginning of the file."""
        found = columns_of([row for row in first_rows(opened, _LOOKED_AT) if isinstance(row, dict)])
        return _Rows(found or Columns("role", "content"))


def columns_of(rows: Sequence[Mapping[str, Json]]) -> Columns | None:
    """The columns of messages; None where the rows are something else."""
    if not rows or any(not _OTHERS.isdisjoint(row) for row in rows):
        return None
    named = {spelled(name): name for name in reversed(list(rows[0]))}
    text = _first(named, _TEXT, lambda name: all(isinstance(row.get(name), str | list) or row.get(name) is None
                                                 for row in rows))  # fmt: skip
    role = _first(named, _ROLE, lambda name: name != text and _are_roles([row.get(name) for row in rows], name))
    if not text or not role:
        return None
    conversation, parent, own = (_first(named, names) for names in (_CONVERSATION, _PARENT, _OWN))
    if not conversation and not (parent and own) and not _take_turns([_role(row, role) for row in rows]):
        return None
    kinds = [name for name in _KIND if name in named and named[name] not in (role, text)]
    kind = next((named[name] for name in kinds if any(_is_thought(row.get(named[name])) for row in rows)), "")
    model, time = _first(named, _MODEL), _first(named, _TIME)
    return Columns(role, text, conversation, parent if own else "", own, model, time, kind)


def _first(named: Mapping[str, str], names: Sequence[str], fits: Callable[[str], bool] | None = None) -> str:
    for name in names:
        if name in named and (fits is None or fits(named[name])):
            return named[name]
    return ""


def _are_roles(values: Sequence[Json], name: str) -> bool:
    """Whether a column says of each row who sent it, of people and of assistants."""
    roles = [_role({name: value}, name) for value in values]
    return "" not in roles and "assistant" in roles and ("user" in roles or len(roles) < 2)


def _role(row: Mapping[str, Json], name: str) -> str:
    """user, assistant, system, tool or thought; empty where it can't be said."""
    value = row.get(name)
    said = str(value).strip().lower()
    if spelled(name) in _BY_USER:
        return "user" if said in _TRUE else "assistant" if said in _FALSE else ""
    if not isinstance(value, str):
        return ""
    if said in _THOUGHTS:
        return "thought"
    if said in _ASKED or said in _ANSWERED:
        return "user" if said in _ASKED else "assistant"
    return role_of(said) or ("assistant" if names_a_model(said) and len(said.split()) == 1 else "")


def _take_turns(roles: Sequence[str]) -> bool:
    """Whether people and assistants speak in turn, as in one conversation."""
    spoken = [role for role in roles if role in ("user", "assistant")]
    return len(spoken) > 3 and all(role == ("user", "assistant")[at % 2] for at, role in enumerate(spoken))


def _is_thought(value: Json) -> bool:
    return isinstance(value, str) and value.strip().lower() in _THOUGHTS


class _Rows:
    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._before: OrderedDict[str, tuple[Context, str]] = OrderedDict()

    def take(self, fields: Fields, span: Span[Json]) -> Iterator[Said]:
        """The answer that a row is, if it is one."""
        columns = self._columns
        role = _role(fields.record, columns.role)
        if not role:
            said = str(fields.record.get(columns.role))[:40]
            raise RecordError(f"`{columns.role}` is “{said}”, which is no speaker that is known")
        content = content_of(fields, "row", {columns.text: fields.record.get(columns.text) or ""}, columns.text)
        own = fields.label(columns.own) if columns.own else None
        conversation = fields.label(columns.conversation) if columns.conversation else None
        above = fields.label(columns.parent) if columns.parent else None
        place = above if columns.parent else (conversation or "")
        context, thoughts = self._before.get(place or "") or (Context(), "")
        if role == "thought" or (columns.kind and _is_thought(fields.record.get(columns.kind))):
            self._remember(own if columns.parent else place, context, "\n".join(filter(None, [thoughts, content.text])))
            return
        if role == "assistant":
            content = content.without_thoughts()
            if thoughts:
                content = content._replace(reasoning=thoughts, flags=(*content.flags, APART))
            yield (
                span,
                answer_in(
                    content,
                    context,
                    record=self._record(conversation, own, span),
                    model=self._model(fields),
                    time=fields.label(columns.time) or None if columns.time else None,
                ),
            )
        following = context.copy() if columns.parent else context
        if role != "assistant" or context.prompt() is not None:
            following.add(Turn(role, content))
        self._remember(own if columns.parent else place, following, "")

    def end(self) -> Iterator[Said]:
        """Nothing more: each message is a row."""
        return iter(())

    def _model(self, fields: Fields) -> str | None:
        if self._columns.model and (named := fields.label(self._columns.model)):
            return named
        said = fields.record.get(self._columns.role)
        return said if isinstance(said, str) and not role_of(said.strip().lower()) and names_a_model(said) else None

    def _record(self, conversation: str | None, own: str | None, span: Span[Json]) -> str:
        parts = [part for part in (conversation, own) if part]
        return "/".join(parts) if own else f"{conversation or 'row'}#{span.number}"

    def _remember(self, key: str | None, context: Context, thoughts: str) -> None:
        self._before[key or ""] = (context, thoughts)
        self._before.move_to_end(key or "")
        if len(self._before) > _REMEMBERED:
            self._before.popitem(last=False)

"""Codex' transcripts: JSON lines of a session, whose items are messages, thoughts, calls and what they gave back."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from workbench.core.model import Json
from workbench.importers.base import Opened
from workbench.importers.messages.chat import Context, Turn
from workbench.importers.messages.content import Content, as_text, content_of, parts_of
from workbench.importers.messages.sessions import Said, Session, SessionImporter, answer_in
from workbench.importers.reading.fields import Fields
from workbench.importers.reading.tolerant_parse import RecordError
from workbench.importers.reading.window import Span

_WRAPPED = frozenset(("session_meta", "response_item", "event_msg", "turn_context", "compacted"))
_ITEMS = frozenset(("message", "reasoning", "function_call", "function_call_output", "custom_tool_call",
                    "custom_tool_call_output", "local_shell_call", "web_search_call"))  # fmt: skip

_BY_THE_PROGRAM = re.compile(r"\s*<(?P<tag>environment_context|user_instructions)>.*</(?P=tag)>\s*", re.DOTALL)
"""Codex sends what it knows of the machine, and the standing instructions, as messages of the user."""


class Codex(SessionImporter):
    """What the model said and called until a tool or a person answers is one answer."""

    key = "codex"
    title = "Codex transcript (JSON lines)"
    suffixes = (".jsonl",)
    why = "a Codex transcript, with session_meta and response items"

    def knows(self, record: Mapping[str, Json]) -> bool:
        """A wrapped line, or one of the lines of older versions."""
        if _kind(record) in _WRAPPED:
            return isinstance(record.get("payload"), dict)
        if record.get("record_type") == "state":
            return True
        old = _kind(record) in _ITEMS and ("call_id" in record or "summary" in record or "role" in record)
        return old and "custom_id" not in record and "message" not in record

    def session(self, opened: Opened) -> Session:
        """The beginning of a session."""
        return _Transcript()


class _Transcript:
    def __init__(self) -> None:
        self._context = Context()
        self._session: str | None = None
        self._model: str | None = None
        self._effort: Json = None
        self._items: list[Json] = []
        self._last: tuple[Span[Json], str | None] | None = None
        self._answers = 0

    def take(self, fields: Fields, span: Span[Json]) -> Iterator[Said]:
        """The answer that is complete with this line, if any."""
        record = fields.record
        payload = record.get("payload")
        kind = _kind(record)
        if kind in _WRAPPED and not isinstance(payload, dict):
            raise RecordError("`payload` is missing")
        if kind == "turn_context" and isinstance(payload, dict):
            yield from self.end()  # what was said before was said by the model of then
            self._model = fields.checked_label("payload.model", payload.get("model")) or self._model
            self._effort = payload.get("effort")
        elif kind == "session_meta" and isinstance(payload, dict):
            self._session = fields.checked_label("payload.id", payload.get("id"))
        elif kind == "response_item" and isinstance(payload, dict):
            yield from self._item(fields, span, payload, fields.label("timestamp"))
        elif kind in _ITEMS:
            yield from self._item(fields, span, record, fields.label("timestamp"))
        elif "type" not in record and "id" in record and "timestamp" in record:
            self._session = fields.label("id")

    def end(self) -> Iterator[Said]:
        """The last answer."""
        if not self._items or self._last is None:
            return
        items, (span, time) = self._items, self._last
        self._items = []
        self._answers += 1
        fields = Fields({}, [])
        try:
            content = parts_of(fields, "items", items)
        except RecordError as refused:
            yield span, refused
            return
        key = f"{self._session or 'session'}#{self._answers}"
        settings = {"settings": {"reasoning_effort": self._effort}} if self._effort else None
        yield span, answer_in(content, self._context, record=key, model=self._model, time=time, more=settings)
        self._context.add(Turn("assistant", content))

    def _item(self, fields: Fields, span: Span[Json], item: Mapping[str, Json], time: str | None) -> Iterator[Said]:
        kind, role = _kind(item), item.get("role")
        if kind == "message" and role == "assistant":
            content = item.get("content")
            self._items += content if isinstance(content, list) else [{"type": "text", "text": content}]
        elif kind == "message":
            yield from self.end()
            said = content_of(fields, "payload", item)
            by_a_person = role == "user" and not _BY_THE_PROGRAM.fullmatch(said.text)
            self._context.add(Turn("user" if by_a_person else "system", said))
            return
        elif kind.endswith("_output"):
            yield from self.end()
            self._context.add(Turn("tool", Content(fields.checked("payload.output", as_text(item.get("output", ""))))))
            return
        elif kind in _ITEMS:
            self._items.append(dict(item))
        else:
            return
        self._last = span, time


def _kind(item: Mapping[str, Json]) -> str:
    """What an item or line says that it is; empty where it doesn't say."""
    kind = item.get("type")
    return kind if isinstance(kind, str) else ""

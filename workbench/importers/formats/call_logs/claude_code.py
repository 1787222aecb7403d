"""Claude Code's transcripts: JSON lines of a session, where an answer may be written again and again as it grows."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from workbench.core.model import Json
from workbench.importers.base import Opened
from workbench.importers.messages.chat import Context, Turn
from workbench.importers.messages.content import Content, content_of
from workbench.importers.messages.sessions import Said, Session, SessionImporter, answer_in
from workbench.importers.reading.fields import Fields
from workbench.importers.reading.tolerant_parse import RecordError
from workbench.importers.reading.window import Span

_REMEMBERED = 512
"""Lines back to which another branch may go: what stood before an older line is not held."""

_OPEN = 64
"""Answers that may still grow, until the person speaks."""

_SYNTHETIC = "<synthetic>"


class ClaudeCode(SessionImporter):
    """Of one message id the last snapshot counts. Each answer is one call of the model, also one that calls a tool."""

    key = "claude_code"
    title = "Claude Code transcript (JSON lines)"
    suffixes = (".jsonl",)
    why = "a Claude Code transcript, with sessions, parents and messages"

    def knows(self, record: Mapping[str, Json]) -> bool:
        """A line of a session, or one of those that stand above it."""
        if record.get("type") == "summary":
            return "leafUuid" in record
        if record.get("type") == "file-history-snapshot":
            return "snapshot" in record
        return "sessionId" in record and "type" in record and ("parentUuid" in record or "operation" in record)

    def session(self, opened: Opened) -> Session:
        """The beginning of a session."""
        return _Transcript()


@dataclass(slots=True)
class _Growing:
    """An answer of which more may come: what stood before it, its parts, and its last line."""

    context: Context
    message: Mapping[str, Json]
    parts: list[Json]
    fields: Fields
    span: Span[Json]
    lines: set[str] = field(default_factory=set)

    def add(self, parts: list[Json]) -> None:
        """A further snapshot: a part that goes on with the last of its kind takes its place."""
        for part in parts:
            at = next((n for n in reversed(range(len(self.parts))) if _goes_on(self.parts[n], part)), None)
            if at is None:
                self.parts.append(part)
            else:
                self.parts[at] = part

    def content(self) -> Content:
        """What it says so far."""
        return content_of(self.fields, "message", {**self.message, "content": self.parts}, of_model=True)


class _Transcript:
    def __init__(self) -> None:
        self._before: OrderedDict[str, Context] = OrderedDict()
        self._open: OrderedDict[str, _Growing] = OrderedDict()

    def take(self, fields: Fields, span: Span[Json]) -> Iterator[Said]:
        """The answers that can't grow any more once this line is there."""
        record = fields.record
        own, parent = fields.label("uuid"), fields.label("parentUuid")
        context = self._before.get(parent or "") or Context()
        message = record.get("message")
        kind = record.get("type")
        if kind == "assistant" and isinstance(message, dict):
            yield from self._answer(fields, span, own, parent, context, message)
        elif kind == "user" and isinstance(message, dict):
            content = content_of(fields, "message", message)
            given_back = _is_of_tool(message.get("content"))
            if not given_back:
                yield from self.end()
                context = self._before.get(parent or "") or Context()
            role = "tool" if given_back else "system" if _is_by_the_program(record) else "user"
            self._remember(own, _after(context, Turn(role, content)))
        else:
            self._remember(own, context)

    def end(self) -> Iterator[Said]:
        """All answers that are not given out yet."""
        while self._open:
            yield self._close()

    def _answer(
        self,
        fields: Fields,
        span: Span[Json],
        own: str | None,
        parent: str | None,
        context: Context,
        message: Mapping[str, Json],
    ) -> Iterator[Said]:
        if fields.record.get("isApiErrorMessage") is True or message.get("model") == _SYNTHETIC:
            self._remember(own, context)
            said = content_of(fields, "message", message).text
            yield span, RecordError(f"the call failed: {' '.join(said.split())[:200]}")
            return
        key = fields.checked_label("message.id", message.get("id")) or own or f"byte {span.offset}"
        content = message.get("content")
        parts = content if isinstance(content, list) else [{"type": "text", "text": content}]
        growing = self._open.get(key)
        if growing is None:
            growing = self._open[key] = _Growing(context, message, list(parts), fields, span)
        else:
            growing.add(parts)
            growing.message, growing.fields, growing.span = message, fields, span
        follows_itself = parent in growing.lines or not growing.lines
        new = growing.content() if follows_itself else content_of(fields, "message", {**message, "content": parts})
        growing.lines.add(own or "")
        self._remember(own, _after(growing.context if follows_itself else context, Turn("assistant", new)))
        if len(self._open) > _OPEN:
            yield self._close()

    def _close(self) -> Said:
        key, growing = self._open.popitem(last=False)
        record, fields = growing.fields.record, growing.fields
        try:
            content = growing.content()
            model = fields.checked_label("message.model", growing.message.get("model"))
            session, time = fields.label("sessionId"), fields.label("timestamp")
        except RecordError as refused:
            return growing.span, refused
        answer = answer_in(
            content,
            growing.context,
            record=f"{session}/{key}" if session else key,
            model=model,
            time=time,
            flags=("truncated",) if growing.message.get("stop_reason") == "max_tokens" else (),
            more={"sub-agent": True} if record.get("isSidechain") is True else None,
        )
        return growing.span, answer

    def _remember(self, key: str | None, context: Context) -> None:
        if key is None:
            return
        self._before[key] = context
        self._before.move_to_end(key)
        if len(self._before) > _REMEMBERED:
            self._before.popitem(last=False)


def _after(context: Context, turn: Turn) -> Context:
    following = context.copy()
    following.add(turn)
    return following


def _is_of_tool(content: Json) -> bool:
    """Whether a user's message holds what tools gave back."""
    return isinstance(content, list) and any(isinstance(p, dict) and p.get("type") == "tool_result" for p in content)


def _is_by_the_program(record: Mapping[str, Json]) -> bool:
    """Whether a user's message is a note of the program, or its summary of what was said, and no person's words."""
    return record.get("isMeta") is True or record.get("isCompactSummary") is True


def _goes_on(before: Json, part: Json) -> bool:
    """Whether a part is a later snapshot of another one."""
    if not isinstance(before, dict) or not isinstance(part, dict) or before.get("type") != part.get("type"):
        return False
    if before == part or (before.get("id") and before.get("id") == part.get("id")):
        return True
    one, other = (
        next((p[key] for key in ("text", "thinking") if isinstance(p.get(key), str)), None) for p in (before, part)
    )
    return bool(one) and other is not None and other.startswith(one or "")

"""SillyTavern's chats: JSON lines of which the first is about the chat and each other one is a message."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from workbench.core.model import OTHER_BRANCH, Json
from workbench.importers.base import Opened
from workbench.importers.messages.chat import Context, Turn
from workbench.importers.messages.content import APART, Content
from workbench.importers.messages.sessions import Said, Session, SessionImporter, answer_in
from workbench.importers.reading.fields import Fields
from workbench.importers.reading.records_importer import Answer
from workbench.importers.reading.tolerant_parse import RecordError
from workbench.importers.reading.window import Span


class SillyTavern(SessionImporter):
    """Every swipe of a message is an answer; those that were not chosen are marked. Hidden messages are passed over."""

    key = "silly_tavern"
    title = "SillyTavern chat (JSON lines)"
    suffixes = (".jsonl",)
    why = "a SillyTavern chat, whose messages have name, is_user and mes"

    def knows(self, record: Mapping[str, Json]) -> bool:
        """A message, or the line above them all."""
        return ("mes" in record and "is_user" in record) or ("user_name" in record and "character_name" in record)

    def session(self, opened: Opened) -> Session:
        """The beginning of a chat."""
        return _Chat()


class _Chat:
    def __init__(self) -> None:
        self._context = Context()
        self._messages = 0

    def take(self, fields: Fields, span: Span[Json]) -> Iterator[Said]:
        """The answers of a message: one, or one a swipe."""
        record = fields.record
        if "mes" not in record:
            if "user_name" in record or "chat_metadata" in record:
                return
            raise RecordError("`mes` is missing")
        self._messages += 1
        text = fields.text("mes")
        if record.get("is_system") is True:
            return
        if record.get("is_user") is True:
            self._context.add(Turn("user", Content(text)))
            return
        chosen, swipes = _swipes(fields, text)
        for at, swipe in enumerate(swipes):
            yield span, self._answer(fields, swipe, at, chosen, len(swipes))
        if self._context.prompt() is not None:
            # A greeting is no part of what the questions after it ask.
            self._context.add(Turn("assistant", Content(swipes[chosen])))

    def end(self) -> Iterator[Said]:
        """Nothing more: each message is a line."""
        return iter(())

    def _answer(self, fields: Fields, text: str, at: int, chosen: int, many: int) -> Answer:
        record = fields.record
        listed = record.get("swipe_info")
        own = listed[at] if isinstance(listed, list) and at < len(listed) and isinstance(listed[at], dict) else {}
        beside = own.get("extra") if at != chosen else record.get("extra")
        extra = beside if isinstance(beside, dict) else {}
        content = Content(text).without_thoughts()
        if isinstance(extra.get("reasoning"), str) and extra["reasoning"]:
            thoughts = fields.checked("extra.reasoning", extra["reasoning"])
            content = content._replace(reasoning=thoughts, flags=(*content.flags, APART))
        return answer_in(
            content,
            self._context,
            record=f"message {self._messages}",
            model=fields.checked_label("extra.model", extra.get("model")),
            sample=str(at) if many > 1 else None,
            time=fields.checked_label("send_date", own.get("send_date") if at != chosen else record.get("send_date")),
            flags=(OTHER_BRANCH,) if at != chosen else (),
        )


def _swipes(fields: Fields, text: str) -> tuple[int, list[str]]:
    """Which version of a message was chosen, and all of them."""
    listed, chosen = fields.record.get("swipes"), fields.record.get("swipe_id")
    swipes = (
        [fields.checked(f"swipes.{at}", swipe) for at, swipe in enumerate(listed)] if isinstance(listed, list) else []
    )
    if not isinstance(chosen, int) or not 0 <= chosen < len(swipes):
        chosen = swipes.index(text) if text in swipes else len(swipes)
    if chosen == len(swipes):
        return chosen, [*swipes, text]
    # What the chat shows counts, also where it was edited after it was chosen.
    return chosen, [*swipes[:chosen], text, *swipes[chosen + 1 :]]

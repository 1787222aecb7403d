"""Answers of recorded conversations: every turn of the assistant is one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from workbench.core.model import Json
from workbench.importers.messages.bodies import SYSTEM, extra_of
from workbench.importers.messages.chat import NO_QUESTION, Turn, answers_in
from workbench.importers.reading.records_importer import Answer, Taken


def recorded_answers(
    turns: Sequence[Turn],
    identity: str | None,
    *,
    model: str | None = None,
    sample: str | None = None,
    time: str | None = None,
    flags: Sequence[str] = (),
    more: Mapping[str, Json] | None = None,
) -> Taken:
    """One answer a turn of the assistant; the prompt is the conversation so far.

    `identity` is the conversation's own id. Turns after the first are `IDENTITY#2` and so on. An answer
    before which nothing was said is kept under that id, without a prompt.
    """
    for spoken in answers_in(turns):
        number, content = spoken.number, spoken.turn.content
        record = f"{identity}#{number}" if identity and number > 1 else identity
        named = [f"turn {number}"] if number > 1 else []
        if spoken.turn.weight in ("0", "0.0"):
            named.append("weight 0")
        if spoken.prompt is None:
            named.append(NO_QUESTION)
        if spoken.system:
            named.append(SYSTEM)
        extra = extra_of(content, system=spoken.system, **(more or {}))
        yield Answer(
            content.text,
            spoken.prompt,
            None if spoken.prompt is not None else (record or f"turn {number}"),
            model or _proper(spoken.turn.speaker),
            record,
            sample,
            time,
            (*content.flags, *flags, *named),
            extra,
        )


_PROPER = ("chatgpt", "bing", "bard", "claude", "gemini")


def _proper(speaker: str) -> str | None:
    """The name of a service, where the speaker is called by it."""
    name = speaker.strip().lower()
    return name if name in _PROPER else None

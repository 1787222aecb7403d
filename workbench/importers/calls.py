"""Answers of logged calls, which hold the request and the reply side by side."""

from __future__ import annotations

from collections.abc import Mapping

from workbench.core.model import Json
from workbench.importers.messages.bodies import SYSTEM, Asked, Replied, extra_of
from workbench.importers.reading.records import Answer, Taken


def answers_of(
    asked: Asked,
    replied: Replied,
    *,
    model: str | None = None,
    record: str | None = None,
    time: str | None = None,
    endpoint: Json = None,
    flags: tuple[str, ...] = (),
    more: Mapping[str, Json] | None = None,
) -> Taken:
    """One answer a reply. The model is the one that the reply names, or else the one that was asked for."""
    flags = (*flags, SYSTEM) if asked.system else flags
    for content, sample in replied.replies:
        yield Answer(
            content.text,
            asked.prompt,
            None,
            replied.model or model or asked.model,
            replied.id or record or time,
            sample,
            time or replied.time,
            (*content.flags, *flags),
            extra_of(content, asked, endpoint, **(more or {})),
        )

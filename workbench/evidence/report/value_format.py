"""How plain values are written for a reader."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from workbench.core.model import Json

_SPACE = re.compile(r"\s+")
UNKNOWN = "unknown"


def known(value: str | int | None) -> str:
    """A fact, or the word unknown."""
    if value is None or value == "":
        return UNKNOWN
    return f"{value:,}" if isinstance(value, int) else shorter(value, 80)


def shorter(text: str, longest: int = 120) -> str:
    """The text on one line, cut to a length with an ellipsis."""
    flat = _SPACE.sub(" ", text[: 8 * longest]).strip()
    return flat if len(flat) <= longest else flat[: longest - 1] + "…"


def when(time: str) -> str:
    """A time in UTC to the second, as a person writes it; a text that is no time comes back as it is."""
    try:
        moment = datetime.fromisoformat(time)
    except ValueError:
        return shorter(time, 40)
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC") if moment.tzinfo else shorter(time, 40)


def shown(value: Json) -> str:
    """A cell of a result table: numbers to four significant digits, texts cut short."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return f"{value or 0.0:.4g}".replace("-", "−")
    return shorter(str(value), 200)

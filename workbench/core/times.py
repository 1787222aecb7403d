"""Times as files state them, in UTC."""

from __future__ import annotations

import re
from datetime import UTC, datetime


def in_utc(time: str | None) -> str | None:
    """A time in UTC where its zone is known (an offset, or seconds or milliseconds since 1970); None otherwise."""
    if time is None:
        return None
    try:
        if re.fullmatch(r"\d{9,10}(\.\d+)?", time):
            known = datetime.fromtimestamp(float(time), UTC)
        elif re.fullmatch(r"\d{12,13}", time):
            known = datetime.fromtimestamp(int(time) / 1000, UTC)
        else:
            known = datetime.fromisoformat(time)
        if known.tzinfo is None:
            return None
        return known.astimezone(UTC).isoformat().replace("+00:00", "Z")
    except (ValueError, OverflowError, OSError):
        return None

"""Times as people say them, in UTC or in the zone of this computer; the exact one, in UTC, belongs into the tip."""

from __future__ import annotations

from datetime import UTC, datetime

from PySide6.QtCore import QLocale

_UTC = "Z"


class _Zone:
    """In which zone times are said."""

    local = False


def say_local(local: bool) -> None:
    """Say times in the zone of this computer, or in UTC again."""
    _Zone.local = local


def _here(time: datetime) -> datetime:
    return time.astimezone() if _Zone.local else time.astimezone(UTC)


def parsed(time: str) -> datetime | None:
    """A stored time (ISO 8601), or None where it is none."""
    try:
        found = datetime.fromisoformat(time.replace(_UTC, "+00:00"))
    except ValueError:
        return None
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)


def day(time: str, *, year: bool = True) -> str:
    """A day such as 30 Nov 2026; what is no time is said as it stands."""
    found = parsed(time)
    if found is None:
        return time
    found = _here(found)
    month = QLocale().monthName(found.month, QLocale.FormatType.ShortFormat)
    return f"{found.day} {month} {found.year}" if year else f"{found.day} {month}"


def moment(time: str) -> str:
    """A day with hour and minute."""
    found = parsed(time)
    return time if found is None else f"{day(time)}, {_here(found):%H:%M}"


def clock(time: str) -> str:
    """Hour, minute and second."""
    found = parsed(time)
    return time if found is None else f"{_here(found):%H:%M:%S}"


def month(date: str) -> str:
    """A release date such as 2025-02 as February 2025; a whole year stays a year."""
    parts = date.split("-")
    if len(parts) < 2 or not parts[1].isdecimal() or not 1 <= int(parts[1]) <= 12:
        return date
    name = QLocale().monthName(int(parts[1]))
    return f"{int(parts[2])} {name} {parts[0]}" if len(parts) > 2 and parts[2].isdecimal() else f"{name} {parts[0]}"

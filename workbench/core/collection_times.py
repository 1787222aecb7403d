"""When answers were collected, as their records state it: no time zone is invented, and no order of day and month.

A span is a text that can be read back and widened: times in UTC as they are, local ones with a word on the zone
that is not named, dates such as 03/04/2025 in both ways in which they can be read, and what is no date as written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import groupby
from typing import NamedTuple

from workbench.core.model import Json


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


UNZONED = "without a time zone"

_NUMBERS = re.compile(
    r"(\d{1,4})([./-])(\d{1,2})\2(\d{1,4})\.?(?:,?[ T]+(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?(?: ?([ap])\.?m\.?)?)?",
    re.IGNORECASE,
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAMED = re.compile(
    r"(?:[a-z]{3,9},? )?(?:(\d{1,2})\.? ([a-z]{3,9})\.?|([a-z]{3,9})\.? (\d{1,2})),? (\d{4})"
    r"(?:,?(?: at)? (\d{1,2}):(\d{2})(?::(\d{2}))?(?: ?([ap])\.?m\.?)?)?",
    re.IGNORECASE,
)
_ONE = r"[^/;“”]+?"
_PLAIN = re.compile(rf"({_ONE}(?:/{_ONE})?)(, {UNZONED})?")
_EITHER = re.compile(rf"({_ONE}(?:/{_ONE})?) with the month first, ({_ONE}(?:/{_ONE})?) with the day first, {UNZONED}")
_WRITTEN = re.compile(r"written (“[^”;]*”(?:, “[^”;]*”)?)(, and others)?")
_LONGEST = 40
_SHOWN = 2


class _Parts(NamedTuple):
    """The first and last time of each kind, in order; `either` is of the month first and of the day first."""

    zoned: tuple[str, ...] = ()
    local: tuple[str, ...] = ()
    month_first: tuple[str, ...] = ()
    day_first: tuple[str, ...] = ()
    written: tuple[str, ...] = ()


class _Read(NamedTuple):
    """A time without a zone: in ISO form, with the month first and with the day first where it is not said which."""

    month_first: str | None
    day_first: str | None
    sign: str


def span_of(times: Iterable[str]) -> str | None:
    """The span of some times as records state them, in words; None where there are none."""
    zoned, others = list[str](), list[str]()
    for time in _ends(times):
        utc = in_utc(time)
        (others if utc is None else zoned).append(time if utc is None else utc)
    local, either, written = list[str](), list[_Read](), list[str]()
    for time in others:
        read = _read(time.strip())
        if read is None:
            written.append(_shortened(time))
        else:
            either.append(read)
    month_first, day_first = list[str](), list[str]()
    for _, some in groupby(sorted(either, key=lambda one: one.sign), key=lambda one: one.sign):
        known, first, second = _ordered(list(some))
        local += known
        month_first += first
        day_first += second
    outer = map(_outer, (zoned, local, month_first, day_first, written))
    parts = _Parts(*outer)._replace(written=tuple(sorted(set(written))))
    return _words(parts) or None


def widened(known: str | None, stated: str | None) -> str | None:
    """The span of two spans."""
    if known is None or stated is None or known == stated:
        return known or stated
    one, other = _parsed(known), _parsed(stated)
    if one is None or other is None:
        return "; ".join(dict.fromkeys((*known.split("; "), *stated.split("; "))))
    both = _Parts(*(_outer([*a, *b]) for a, b in zip(one, other, strict=True)))
    return _words(both._replace(written=tuple(dict.fromkeys((*one.written, *other.written)))))


def is_vague(span: str | None) -> bool:
    """Whether a span leaves open the zone, the order of day and month, or the time itself."""
    parts = _parsed(span or "")
    return span is not None and (parts is None or any(parts[1:]))


def is_span(text: str) -> bool:
    """Whether a text is a span as this module words it."""
    parts = _parsed(text)
    return parts is not None and _words(parts) == text and _dates(parts)


def _dates(parts: _Parts) -> bool:
    try:
        for time in (*parts.zoned, *parts.local, *parts.month_first, *parts.day_first):
            datetime.fromisoformat(time)
    except ValueError:
        return False
    return True


def _ends(times: Iterable[str]) -> set[str]:
    """Of times of one form that sort as texts do, the two ends; all others."""
    found, same_form = set[str](), dict[tuple[int, str, str], list[str]]()
    for time in times:
        if time[4:5] == "-" or time[:9].isdigit():
            same_form.setdefault((len(time), "" if time[-1:].isdigit() else time[-1:], time[-6:-5]), []).append(time)
        else:
            found.add(time)
    for some in same_form.values():
        found |= {min(some), max(some)}
    return found


def _ordered(read: Sequence[_Read]) -> tuple[list[str], list[str], list[str]]:
    """The times with one sign whose day and month are known, and the others in both orders.

    One date of a day above 12 tells the order of all of them, unless another one tells the opposite. Where dates are
    written with dots, the day stands first.
    """
    month = any(one.day_first is None for one in read)
    day = any(one.month_first is None for one in read) or (read[0].sign == "." and not month)
    known, first, second = list[str](), list[str](), list[str]()
    for one in read:
        if one.month_first is None or one.day_first is None or one.month_first == one.day_first:
            known.append(one.month_first or one.day_first or "")
        elif month != day:
            known.append(one.month_first if month else one.day_first)
        else:
            first.append(one.month_first)
            second.append(one.day_first)
    return known, first, second


def _read(time: str) -> _Read | None:
    """A time without a zone, as far as its form is known."""
    try:
        known = datetime.fromisoformat(time)
    except ValueError:
        return _numbers(time) or _named(time)
    if known.tzinfo is not None:
        return None
    return _alike(known.isoformat() if len(time) > len("2025-01-01") else known.date().isoformat())


def _numbers(time: str) -> _Read | None:
    match = _NUMBERS.fullmatch(time)
    if match is None:
        return None
    first, sign, second, third, *clock = match.groups()
    if len(first) == 4 and len(third) <= 2:
        return _alike(_iso(first, second, third, clock))
    if len(first) > 2 or len(third) != 4:
        return None
    read = _Read(_iso(third, first, second, clock), _iso(third, second, first, clock), sign)
    return read if read.month_first or read.day_first else None


def _named(time: str) -> _Read | None:
    match = _NAMED.fullmatch(time)
    if match is None:
        return None
    day, month, other_month, other_day, year, *clock = match.groups()
    name = (month or other_month).lower()[:3]
    if name not in _MONTHS:
        return None
    return _alike(_iso(year, str(_MONTHS.index(name) + 1), day or other_day, clock))


def _alike(text: str | None) -> _Read | None:
    return None if text is None else _Read(text, text, "")


def _iso(year: str, month: str, day: str, clock: Sequence[str | None]) -> str | None:
    """A date, and the time of day where there is one; None where there is no such date."""
    hour, minute, second, half = clock
    try:
        hours = int(hour or 0)
        if half:
            hours = hours % 12 + (12 if half.lower() == "p" else 0)
        known = datetime(int(year), int(month), int(day), hours, int(minute or 0), int(second or 0), tzinfo=UTC)
    except ValueError:
        return None
    # The zone only makes the date complete: what is said has none.
    return known.replace(tzinfo=None).isoformat() if hour else known.date().isoformat()


_SUBSECOND = re.compile(r"(.*:\d\d)(\.\d+)?(Z?)")


def _moment(time: str) -> tuple[str, float]:
    """What times are ordered by: the text up to the second, and then its part as a number."""
    found = _SUBSECOND.fullmatch(time)
    return (found[1], float(found[2] or 0)) if found else (time, 0.0)


def _outer(times: Sequence[str]) -> tuple[str, ...]:
    ordered = sorted(set(times), key=lambda time: (*_moment(time), time))
    return tuple(dict.fromkeys((ordered[0], ordered[-1]))) if ordered else ()


def _shortened(time: str) -> str:
    plain = re.sub(r"[;“”\s]+", " ", time).strip()
    return plain if len(plain) <= _LONGEST else plain[: _LONGEST - 1] + "…"


def _words(parts: _Parts) -> str:
    found = ["/".join(parts.zoned)]
    found.append(f"{'/'.join(parts.local)}, {UNZONED}" if parts.local else "")
    if parts.month_first:
        month, day = "/".join(parts.month_first), "/".join(parts.day_first)
        found.append(f"{month} with the month first, {day} with the day first, {UNZONED}")
    if parts.written:
        shown = ", ".join(f"“{text}”" for text in parts.written[:_SHOWN])
        found.append(f"written {shown}" + (", and others" if len(parts.written) > _SHOWN else ""))
    return "; ".join(filter(None, found))


def _parsed(text: str) -> _Parts | None:
    parts = _Parts()
    for piece in text.split("; "):
        if match := _WRITTEN.fullmatch(piece):
            # A third one, which is never shown, keeps the word that there were others.
            more = ("…",) if match[2] else ()
            parts = parts._replace(written=(*re.findall("“([^”]*)”", match[1]), *more))
        elif match := _EITHER.fullmatch(piece):
            parts = parts._replace(month_first=tuple(match[1].split("/")), day_first=tuple(match[2].split("/")))
        elif match := _PLAIN.fullmatch(piece):
            times = tuple(match[1].split("/"))
            parts = parts._replace(local=times) if match[2] else parts._replace(zoned=times)
        else:
            return None
    return parts


RUN_SETTINGS = frozenset({
    "max_connections", "adaptive_connections", "max_retries", "num_retries", "retries", "retry", "retry_delay",
    "retry_on_error", "timeout", "attempt_timeout", "request_timeout", "max_samples", "max_tasks", "max_subprocesses",
    "max_sandboxes", "max_workers", "num_workers", "concurrency", "num_concurrent", "rate_limit",
    "max_requests_per_minute",
    "batch", "batch_size", "cache", "cache_prompt", "use_cache", "log_level", "log_level_transcript", "log_samples",
    "log_images", "log_buffer", "log_shared", "log_realtime", "verbose", "debug", "display", "stream", "stream_options",
    "api_base", "base_url", "api_version", "organization", "extra_headers", "headers", "user", "metadata", "store",
    "fail_on_error", "continue_on_fail", "score_display",
})  # fmt: skip
"""Their names, as the tools that write logs and the interfaces that they call have them."""


def _plain(name: str) -> str:
    return name.lower().replace("_", "").replace("-", "")


_RUN_SETTINGS = frozenset(map(_plain, RUN_SETTINGS))


def split_settings(settings: Json) -> tuple[Json, Json]:
    """The decoding settings among some settings, and the others; what is no object is decoding, whole."""
    if not isinstance(settings, dict):
        return settings, None
    run = {name: value for name, value in settings.items() if _plain(name) in _RUN_SETTINGS}
    return {name: value for name, value in settings.items() if name not in run}, run

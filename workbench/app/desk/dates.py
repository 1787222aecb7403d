"""Dates as far as they are known, as places on an axis of years."""

from __future__ import annotations

import calendar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """A date as far as it is known, in years: its middle, its beginning and its end."""

    at: float
    low: float
    high: float


def span_of(date: str) -> Span | None:
    """Where a date such as 2025, 2025-02 or 2025-02-12 lies; None for what is none."""
    parts = date.partition("T")[0].split("-")
    if not all(part.isdecimal() for part in parts) or len(parts[0]) != 4 or len(parts) > 3:
        return None
    numbers = [int(part) for part in parts]
    year = numbers[0]
    if year < 1 or (len(numbers) > 1 and not 1 <= numbers[1] <= 12):
        return None
    if len(numbers) == 1:
        return Span(year + 0.5, year, year + 1)
    first = year + (numbers[1] - 1) / 12
    if len(numbers) == 2:
        return Span(first + 1 / 24, first, first + 1 / 12)
    days = calendar.monthrange(year, numbers[1])[1]
    if not 1 <= numbers[2] <= days:
        return None
    day = first + (numbers[2] - 0.5) / days / 12
    return Span(day, day, day)

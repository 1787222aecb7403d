"""How a number is printed, wherever it stands: rounded once, to the digits that its uncertainty bears.

Window, report, charts and start page print through these functions, so that one number never appears in two forms.
The tables of a Finding keep all digits.
"""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import NamedTuple

MINUS = "−"
_MOST_DECIMALS = 2
_EQUAL = 0.02
"""A log10 LR up to this says that both accounts are equally probable, to two digits."""
_LARGEST = 300.0
"""Ten to the power of more does not fit a float."""
_COUNTED_ONE_BY_ONE = 1000
"""Shares of fewer are given as counts, of more in per cent."""
_ONE_SIDED = 0.05
_MONTH_ROUNDING = 1e-6
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


class Printed(NamedTuple):
    """A value with the ends of its interval, all with the same decimals."""

    value: str
    low: str
    high: str

    def __str__(self) -> str:
        return f"{self.value} ({self.low} to {self.high})"


def number(value: float, decimals: int = 2) -> str:
    """A number with a true minus sign, without a negative zero, with commas from a thousand on."""
    text = f"{value:,.{decimals}f}"
    return (text.lstrip("-") if float(text.replace(",", "")) == 0 else text).replace("-", MINUS)


def signed(value: float, decimals: int = 2) -> str:
    """A difference: a plus sign where it is above 0."""
    text = number(value, decimals)
    return f"+{text}" if value > 0 and float(text.replace(",", "").replace(MINUS, "-")) else text


def decimals_of(low: float, high: float) -> int:
    """How many decimals an interval bears: two significant digits of its half width, two decimals at most."""
    half = abs(high - low) / 2
    if not half or not math.isfinite(half):
        return _MOST_DECIMALS
    # 9.96 rounds to 10: the place of the first digit is that of the rounded half width.
    first = math.floor(math.log10(float(f"{half:.1e}")))
    return min(_MOST_DECIMALS, max(0, 1 - first))


def interval(value: float, low: float, high: float, decimals: int | None = None) -> Printed:
    """A value with its interval; `decimals` where a column has settled them."""
    places = decimals_of(low, high) if decimals is None else decimals
    return Printed(number(value, places), number(low, places), number(high, places))


def ratio(log10: float) -> str:
    """A likelihood ratio: two digits up to 99, one from 100 on, and below 1 its reciprocal, as 1/17."""
    if equally_probable(log10):
        return "1"
    size = _size(log10)
    return size if log10 > 0 else f"1/{size}"


def _size(log10: float) -> str:
    """How many times, whatever the direction."""
    size = 10.0 ** min(abs(log10), _LARGEST)
    if size < 99.5:
        return f"{float(f'{size:.2g}'):g}"
    digit, power = f"{size:.0e}".split("e")
    return f"{int(digit) * 10 ** int(power):,}"


def times(log10: float) -> str:
    """How many times more probable, in words: about 18 times, and the like."""
    return f"about {_size(log10)} times"


def equally_probable(log10: float) -> bool:
    """Whether a likelihood ratio is 1, to the digits that are shown."""
    return abs(log10) < _EQUAL


def counted(part: int, whole: int) -> str:
    """A share as a natural frequency: 16 of 298, and from a thousand on in per cent."""
    if whole < _COUNTED_ONE_BY_ONE:
        return f"{part:,} of {whole:,}"
    return percent(part / whole)


def percent(share: float) -> str:
    """A share of 1 in per cent; a small one with one decimal, and nothing that is not 0 or 1 is rounded to it."""
    if 0 < share < 0.001 or 0.999 < share < 1:
        return "under 0.1 %" if share < 0.5 else "over 99.9 %"
    return f"{100 * share:.1f} %" if 0 < share < 0.095 else f"{100 * share:.0f} %"


def up_to(whole: int) -> str:
    """What would still be unsurprising where none of so many came out: the one-sided 95 % limit as a count."""
    return f"up to {round(whole * none_of(whole))}"


def none_of(whole: int) -> float:
    """The largest rate under which seeing none of so many has a chance of 5 %."""
    return float(1 - _ONE_SIDED ** (1 / whole)) if whole else 1.0


def one_in(rate: float) -> str:
    """A rate as a natural frequency of one: 1 in 6."""
    return f"1 in {max(1, math.floor(1 / rate)):,}" if rate > 0 else "none"


def p_value(value: float) -> str:
    """A p with three decimals; a smaller one with one figure."""
    return f"{value:.3f}" if value >= 0.001 else f"{value:.1g}"


def size(count: int) -> str:
    """A number of bytes as people say it: 1.6 MB."""
    if count < 1000:
        return f"{count} bytes"
    value, unit = float(count), "bytes"
    for name in ("kB", "MB", "GB", "TB"):
        if value < 999.5:
            break
        value, unit = value / 1000, name
    return f"{value:.1f} {unit}" if value < 9.95 else f"{value:,.0f} {unit}"


def grouped(digest: str, groups: int | None = None) -> str:
    """A hash as a person reads it out: in groups of four, the first of them where a number is given."""
    parts = [digest[at : at + 4] for at in range(0, len(digest), 4)]
    return " ".join(parts[:groups])


def _moment(time: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(time)
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else None


def day(time: str) -> str:
    """The day of a time in UTC: 30 November 2026; a text that is no time comes back as it is."""
    moment = _moment(time)
    return time if moment is None else f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"


def minute(time: str) -> str:
    """A time in UTC to the minute: 30 November 2026, 12:12 UTC."""
    moment = _moment(time)
    return time if moment is None else f"{day(time)}, {moment:%H:%M} UTC"


def second(time: str) -> str:
    """The time of day in UTC to the second: 12:11:44."""
    moment = _moment(time)
    return time if moment is None else f"{moment:%H:%M:%S}"


def month(released: str) -> str:
    """A month as words: May 2024 for 2024-05, also where a day is given; other texts come back as they are."""
    year, _, rest = released.partition("-")
    at = rest[:2]
    if len(year) == 4 and year.isdigit() and at.isdigit() and 1 <= int(at) <= 12:
        return f"{_MONTHS[int(at) - 1]} {year}"
    return released


def year_month(years: float) -> str:
    """A date given in years, at the beginning of its month or within it, as 2024-05."""
    months = math.floor(years * 12 + _MONTH_ROUNDING)
    return f"{months // 12}-{months % 12 + 1:02d}"


def listed(names: list[str] | tuple[str, ...], most: int = 5) -> str:
    """Names as a sentence has them: a, b and c; long lists end in how many more there are."""
    shown = list(names[:most])
    more = len(names) - len(shown)
    if more:
        return f"{', '.join(shown)} and {more:,} more"
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}" if shown else "none"

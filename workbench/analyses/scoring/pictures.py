"""Pictures that several analyses draw alike, so that a null looks like a hit: a row a model, and a line of dots."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from workbench.core.drawing import DIAMOND, RING, SQUARE, Drawing, Item, Line, Mark, Text, fitting
from workbench.core.printed import decimals_of, interval, number

WIDE = 642.0
"""The width of text and notes together."""
_ROW = 13.7
_MOST_ROWS = 26
_NAMES, _LEFT, _RIGHT = 116.0, 138.0, 515.0
_VALUE, _LOW, _TO, _HIGH = 549.0, 593.0, 597.0, 638.0


@dataclass(frozen=True, slots=True)
class Row:
    """A model in a forest plot; `own` is the one in question, `kin` shares its base."""

    name: str
    value: float
    low: float
    high: float
    own: bool = False
    protected: bool = False
    kin: bool = False


@dataclass(frozen=True, slots=True)
class Axis:
    """Round values from the first to the last, and where each value lies in pixels."""

    ticks: tuple[float, ...]
    left: float
    right: float

    @classmethod
    def over(cls, low: float, high: float, left: float, right: float, most: int = 9) -> Axis:
        """An axis that covers a range with some round values."""
        return cls(tuple(scale_of(low, high, most)), left, right)

    @property
    def step(self) -> float:
        """From one value to the next."""
        return self.ticks[1] - self.ticks[0]

    def __call__(self, value: float) -> float:
        """Where a value lies."""
        first, last = self.ticks[0], self.ticks[-1]
        return self.left + (self.right - self.left) * (value - first) / (last - first)

    def text(self, value: float) -> str:
        """A round value, with the decimals that the step needs."""
        return tick_text(value, self.step)


def scale_of(low: float, high: float, most: int = 9) -> list[float]:
    """Round values from at most `low` to at least `high`, some five to nine of them; around a single value, 1 wide."""
    if high - low < 1e-9 * max(1.0, abs(low), abs(high)):
        low, high = low - 0.5, high + 0.5
    span = high - low
    power = 10.0 ** math.floor(math.log10(span / most))
    step = next(power * size for size in (1, 2, 2.5, 5, 10, 20) if span / (power * size) <= most)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [at * step for at in range(first, last + 1)]


def tick_text(value: float, step: float) -> str:
    """A value on an axis, with the decimals that its step needs."""
    decimals = 0 if step >= 1 and step == int(step) else 1 if step * 10 == int(step * 10) else 2
    return number(value, decimals)


def shown_rows(rows: Sequence[Row], most: int = _MOST_ROWS) -> tuple[list[Row], int]:
    """The rows that a page holds, the one in question among them, and how many more there are."""
    if len(rows) <= most:
        return list(rows), 0
    kept = [row for at, row in enumerate(rows) if at < most - 1 or row.own]
    return kept[:most], len(rows) - min(most, len(kept))


def forest(
    rows: Sequence[Row],
    *,
    head: str,
    axis: str,
    title: str,
    description: str,
    unit: str = "points (95 % interval)",
    tentative: bool = False,
) -> Drawing:
    """A row a model: name, mark, interval, three numbers. `tentative` draws the interval in question dashed."""
    shown, more = shown_rows(rows)
    x = Axis.over(min(row.low for row in shown), max(row.high for row in shown), _LEFT, _RIGHT)
    top = 26.0
    bottom = top + _ROW * len(shown) + 4
    decimals = min(decimals_of(row.low, row.high) for row in shown)

    items: list[Item] = [
        Text(_NAMES, 11, head, anchor="end"),
        Text(_HIGH, 11, unit, anchor="end"),
    ]
    for tick in x.ticks:
        zero = abs(tick) < x.step / 100
        items.append(Line(((x(tick), top - 6), (x(tick), bottom)), "control" if zero else "hair"))
        items.append(Text(x(tick), bottom + 14, x.text(tick), anchor="middle"))
    for at, row in enumerate(shown):
        items += _forest_row(row, top + _ROW * (at + 0.5), x, decimals, tentative=tentative)
    items.append(Text((_LEFT + _RIGHT) / 2, bottom + 31, axis, anchor="middle"))
    height = bottom + 37
    if more:
        items.append(Text(_HIGH, bottom + 31, f"{more:,} more in the CSV", anchor="end"))
    return Drawing(WIDE, height, title, description, tuple(items))


def _forest_row(row: Row, y: float, x: Axis, decimals: int, *, tentative: bool) -> list[Item]:
    colour = ("protected" if row.protected else "suspect") if row.own else "ctl"
    printed = interval(row.value, row.low, row.high, decimals)
    ink, weight = (colour, 600) if row.own else ("ink1", 400)
    words = f"{row.name}: {printed}"
    items: list[Item] = [
        Text(_NAMES, y + 3.4, fitting(row.name, _NAMES), anchor="end", colour=ink, weight=weight),
        Line(
            ((x(row.low), y), (x(row.high), y)),
            colour if row.own else "control",
            2.6 if row.own else 1.2,
            "dashed" if row.own and tentative else "",
        ),
        Mark(x(row.value), y, (SQUARE if row.protected else DIAMOND) if row.own else RING, colour, 9.4, words),
        Text(_VALUE, y + 3.4, printed.value, anchor="end", colour=ink, weight=weight),
        Text(_LOW, y + 3.4, printed.low, anchor="end", colour=ink if row.own else "ink2", weight=weight),
        Text(_TO, y + 3.4, "to", colour="ink3"),
        Text(_HIGH, y + 3.4, printed.high, anchor="end", colour=ink if row.own else "ink2", weight=weight),
    ]
    if row.kin:
        items.append(Text(_NAMES + 6, y + 3.4, "b", colour="kin", weight=600))
    return items


_TALLEST = 130.0
"""Pixels that dots above each other may take."""


def stacked(values: Sequence[float], x: Axis, size: float) -> list[tuple[float, int]]:
    """Where dots stand that would hide each other: for each value its place and its floor, from 0."""
    floors: list[list[float]] = []
    found = []
    for value in sorted(values):
        at = x(value)
        floor = next((n for n, taken in enumerate(floors) if at - taken[-1] >= size), len(floors))
        if floor == len(floors):
            floors.append([])
        floors[floor].append(at)
        found.append((at, floor))
    return found


def closeness(own: Row, controls: Sequence[Row], protected: str, description: str, width: float = WIDE) -> Drawing:
    """The suspect among the controls on one line, a dot a control: the picture that everybody can read."""
    nearest = max(controls, key=lambda row: row.value)
    x = Axis.over(min(own.low, *(r.value for r in controls)), max(own.high, nearest.value), 14, width - 14, 10)

    dots = stacked([row.value for row in controls], x, 8.4)
    floors = 1 + max(floor for _, floor in dots)
    # Hundreds of controls overlap rather than fill the page.
    step = min(9.6, _TALLEST / floors)
    base = 16 + max(4 * 9.6, floors * step)
    own_at = x(own.value)
    printed = interval(own.value, own.low, own.high)
    decimals = decimals_of(own.low, own.high)
    items: list[Item] = [Line(((14, base + 7), (width - 14, base + 7)), "strong")]
    for tick in x.ticks:
        items += [
            Line(((x(tick), base + 7), (x(tick), base + 11)), "strong"),
            Text(x(tick), base + 23, x.text(tick), anchor="middle"),
        ]
    items += [Mark(at, base - floor * step, RING, "ctl", 9.2) for at, floor in dots]
    items += [
        Line(((x(own.low), base), (x(own.high), base)), "suspect", 2.6),
        Mark(own_at, base, DIAMOND, "suspect", 12, f"{own.name}: {printed}"),
    ]
    items += _own_label(own.name, printed, own_at, base, width)
    items += _controls_label(len(controls), nearest, decimals, x, base, (own_at, x(own.low)))
    items.append(
        Text(
            width / 2, base + 39, f"closeness to {protected}, in points; the line is the 95 % interval", anchor="middle"
        )
    )
    return Drawing(width, base + 45, f"Closeness to {protected}", description, tuple(items))


def _own_label(name: str, printed: object, at: float, base: float, width: float) -> list[Item]:
    middle = min(max(at, 70), width - 70)
    return [
        Text(middle, base - 27, f"{fitting(name, 130)}, the suspect", anchor="middle", weight=600, colour="suspect"),
        Text(middle, base - 13, str(printed), anchor="middle", colour="suspect"),
    ]


def _controls_label(
    count: int, nearest: Row, decimals: int, x: Axis, base: float, own: tuple[float, float]
) -> list[Item]:
    """Beside the last control, where there is room before the suspect; else the words below the picture say it."""
    left = x(nearest.value) + 24
    if own[1] - left < 190:
        return []
    return [
        Text(left, base - 13, f"{count} controls", weight=600, colour="ink2"),
        Text(
            left,
            base,
            f"the closest, {fitting(nearest.name, 110)}, has {number(nearest.value, decimals)}",
            colour="ink2",
        ),
    ]

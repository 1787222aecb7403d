"""A picture as a plain description: what stands where, of whom, with which value. Two painters paint the same one.

A plot has an axis from left to right in the units of what was measured. From top to bottom it has either rows (0
is the middle of the first, 1 of the second) or a second axis. Marks are what a reader can point at: each is of a
model or of a number, says its value in words, and leads somewhere. All else is scenery.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from workbench.core.model import Column, Table


class Ink(StrEnum):
    """What something is drawn in; each painter has its own colour for it."""

    SUSPECT = "suspect"
    PROTECTED = "protected"
    CONTROL = "control"
    KIN = "kin"
    STRONG = "strong"
    """Text, and lines that carry the message."""
    SECOND = "second"
    QUIET = "quiet"
    HAIR = "hair"
    ACCENT = "accent"
    WARN = "warn"


class Shape(StrEnum):
    """The shape of a mark; roles have theirs, so that colour never stands alone."""

    SUSPECT = "suspect"
    PROTECTED = "protected"
    LATE = "late"
    CONTROL = "control"
    BASE = "base"
    SIBLING = "sibling"
    ASIDE = "aside"
    TICK = "tick"
    BAR = "bar"
    CELL = "cell"
    HOLLOW_CELL = "hollow_cell"
    RING = "ring"
    NONE = "none"


class Dash(StrEnum):
    """How a line is broken."""

    SOLID = "solid"
    DASHED = "dashed"
    DOTTED = "dotted"


class Fill(StrEnum):
    """What a band is filled with."""

    PLAIN = "plain"
    HATCHED = "hatched"
    """What a calibration can't bear, or what is out of reach."""
    SUSPECT = "suspect"
    TINT = "tint"
    CLEAR = "clear"


class Side(StrEnum):
    """On which side of a point words stand."""

    LEFT = "left"
    RIGHT = "right"
    ABOVE = "above"
    BELOW = "below"
    MIDDLE = "middle"


@dataclass(frozen=True, slots=True)
class Tick:
    """A place on an axis with its words; `line` draws a hairline through the picture."""

    at: float
    words: str
    line: bool = True


@dataclass(frozen=True, slots=True)
class Axis:
    """An axis from low to high."""

    low: float
    high: float
    ticks: tuple[Tick, ...] = ()
    label: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its name at the left, and how high it is in units of one row.

    `target` is where the name leads, as that of a mark.
    """

    name: str = ""
    height: float = 1.0
    shape: Shape = Shape.NONE
    strong: bool = False
    fill: Fill = Fill.CLEAR
    target: str = ""


@dataclass(frozen=True, slots=True)
class Band:
    """A stretch of the axis, over all rows or from the top of one row to the foot of another."""

    low: float
    high: float
    fill: Fill = Fill.PLAIN
    words: str = ""
    first: int | None = None
    last: int | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A line through points (x in units of the axis, y in rows or units of the second axis)."""

    points: tuple[tuple[float, float], ...]
    ink: Ink = Ink.STRONG
    dash: Dash = Dash.SOLID
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Upright(Line):
    """A line from top to foot at one place of the axis, with words at its top."""

    words: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """Words at a point; `pill` puts them into a rounded frame, `box` into a box with a second line."""

    x: float
    y: float
    words: str
    side: Side = Side.RIGHT
    ink: Ink = Ink.SECOND
    strong: bool = False
    pill: bool = False
    second: str = ""
    boxed: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that can be pointed at: of a model, with its value in words and where it leads.

    `low` and `high` are the ends of its interval. `piled` marks of one row give way upwards where they would meet.
    """

    name: str
    x: float
    y: float
    shape: Shape
    value: str = ""
    more: str = ""
    low: float | None = None
    high: float | None = None
    target: str = ""
    label: str = ""
    label_side: Side = Side.RIGHT
    strong: bool = False
    piled: bool = False
    ink: Ink | None = None
    faded: bool = False


@dataclass(frozen=True, slots=True)
class Plot:
    """A whole picture. `description` is for a reader who can't see it; `table` holds what it shows."""

    title: str
    axis: Axis
    description: str
    rows: tuple[Row, ...] = ()
    second: Axis | None = None
    bands: tuple[Band, ...] = ()
    lines: tuple[Line, ...] = ()
    words: tuple[Words, ...] = ()
    marks: tuple[Mark, ...] = ()
    heads: tuple[tuple[float, str, Side], ...] = ()
    """Words above the picture, each at a place of the axis and on one side of it."""
    notes: tuple[str, ...] = ()
    warning: str = ""
    """What must be seen before any number."""
    key: str = ""
    table: Table = field(default_factory=lambda: Table((), ()))

    def placed(self) -> Iterator[tuple[float, float]]:
        """Top and foot of every row, in units of rows."""
        top = 0.0
        for row in self.rows:
            yield top, top + row.height
            top += row.height

    @property
    def height(self) -> float:
        """Height of all rows together, in units of one row."""
        return sum(row.height for row in self.rows)


def piles(places: Sequence[float], width: float) -> list[int]:
    """For marks at places of an axis: on which level each lies, so that none of this width covers another.

    Levels are filled from the left; equal places lie one above the other.
    """
    ends: list[float] = []
    levels = [0] * len(places)
    for at in sorted(range(len(places)), key=lambda n: (places[n], n)):
        level = next((n for n, end in enumerate(ends) if places[at] - end >= width), len(ends))
        if level == len(ends):
            ends.append(places[at])
        ends[level] = places[at]
        levels[at] = level
    return levels


def table_of_marks(marks: Sequence[Mark], name: str = "Model", value: str = "Value") -> Table:
    """What marks show, as a table: one row a mark."""
    columns = (Column("name", "text", name), Column("value", "text", value), Column("more", "text", "More"))
    return Table(columns, tuple((mark.name, mark.value, mark.more) for mark in marks))


def nice_ticks(low: float, high: float, most: int = 6) -> list[float]:
    """Round places between two numbers, at most so many."""
    if not high > low:
        return [low]
    rough = (high - low) / most
    power = 10.0 ** _floor_log10(rough)
    step = next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= rough * (1 - 1e-9))
    first = -int(-(low / step) // 1)
    ticks = []
    at = first
    while at * step <= high + step * 1e-9:
        ticks.append(round(at * step, 10) + 0.0)
        at += 1
    return ticks


def _floor_log10(value: float) -> int:
    from math import floor, log10

    return floor(log10(value))

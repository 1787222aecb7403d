"""What the readings of all analyses share: rows, roles, dates and ratios as people say them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from workbench.core.model import Column, Finding, Json, Table
from workbench.core.plot import (
    Axis,
    Band,
    Dash,
    Fill,
    Ink,
    Line,
    Mark,
    Plot,
    Row,
    Shape,
    Tick,
    Upright,
    nice_ticks,
)
from workbench.core.reading import Tried
from workbench.core.typed_json import Record, rows

_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_SHAPES = {
    "suspect": Shape.SUSPECT,
    "protected": Shape.PROTECTED,
    "control": Shape.CONTROL,
    "placebo": Shape.CONTROL,
    "base": Shape.BASE,
    "sibling": Shape.SIBLING,
}
MARGIN = 0.04
ALIKE, RELEASE = "likeness among controls", "release of "
_SHORT = {
    "mean cosine between controls": ALIKE,
    "prompts answered by both sides": "shared prompts",
    "number of controls": "controls",
}


def rows_in(kind: type[Record], finding: Finding, name: str) -> list[Record]:
    """The rows of a table as records; none where the finding has no such table."""
    table = finding.tables.get(name)
    return rows(kind, table) if table is not None else []


def shape_of(role: str) -> Shape:
    """The shape of a role in a run."""
    return _SHAPES.get(role, Shape.CONTROL)


def released(finding: Finding) -> Mapping[str, str]:
    """When each model of a finding came out, where that is known."""
    return {item.corpus: item.released for item in finding.inputs if item.released}


def month(date: str, *, short: bool = False) -> str:
    """A date as people say it: `2025-02` is February 2025."""
    parts = date.split("-")
    if len(parts) < 2 or not parts[1].isdecimal() or not 1 <= int(parts[1]) <= 12:
        return date
    name = _MONTHS[int(parts[1]) - 1]
    day = f"{int(parts[2])} " if len(parts) > 2 and parts[2].isdecimal() else ""
    return f"{day}{name[:3] if short else name} {parts[0]}"


def out_in(dates: Mapping[str, str], model: str) -> str:
    """When a model came out, or that this is not known."""
    return f"released {month(dates[model])}" if model in dates else "release date unknown"


def times(log10_lr: float) -> str:
    """A likelihood ratio as people say it: `18`, or `1/17` below 1."""
    size = 10 ** min(abs(log10_lr), 12.0)
    said = f"{float(f'{size:.2g}'):,.0f}" if size >= 1000 else f"{size:.2g}" if size < 10 else f"{size:.0f}"
    return said if log10_lr >= 0 or said == "1" else f"1/{said}"


def spread(values: Sequence[float]) -> tuple[float, float]:
    """The ends of an axis that holds all values with some room."""
    low, high = min(values), max(values)
    room = (high - low or 1.0) * MARGIN
    return low - room, high + room


def axis_of(values: Sequence[float], label: str, most: int = 6) -> Axis:
    """An axis that holds all values, with round ticks."""
    low, high = spread(values)
    ticks = [Tick(at, f"{at:g}".replace("-", "−")) for at in nice_ticks(low, high, most)]
    return Axis(low, high, tuple(ticks), label)


def plain_axis(values: Sequence[float]) -> Axis:
    """An axis that holds all values, without numbers: for small pictures."""
    return Axis(*spread(values))


def quartiles(values: Sequence[float]) -> tuple[float, float, float]:
    """The lower quarter, the middle and the upper quarter of some values."""
    ordered = sorted(values)

    def at(share: float) -> float:
        place = share * (len(ordered) - 1)
        below = int(place)
        above = min(below + 1, len(ordered) - 1)
        return ordered[below] + (ordered[above] - ordered[below]) * (place - below)

    return at(0.25), at(0.5), at(0.75)


def table_with(columns: Sequence[tuple[str, str, str]], rows: Sequence[Sequence[Json]]) -> Table:
    """A table from (name, kind, label) of its columns."""
    return Table(tuple(Column(*column) for column in columns), tuple(tuple(row) for row in rows))


def forest(title: str, description: str, marks: Sequence[Mark], label: str, table: Table) -> Plot:
    """Models one below the other with their intervals; the middle half of the others is shaded."""
    others = [mark.x for mark in marks if mark.shape is not Shape.SUSPECT]
    ends = [v for mark in marks for v in (mark.x, mark.low, mark.high) if v is not None]
    rows = tuple(
        Row(
            mark.name,
            strong=mark.strong,
            fill=Fill.SUSPECT if mark.shape is Shape.SUSPECT else Fill.CLEAR,
            target=mark.target,
        )
        for mark in marks
    )
    lines: list[Line] = []
    bands: list[Band] = []
    if len(others) >= 4:
        low, middle, high = quartiles(others)
        first = next((at for at, mark in enumerate(marks) if mark.shape is not Shape.SUSPECT), 0)
        bands.append(Band(low, high, Fill.PLAIN, first=first, last=len(marks) - 1))
        lines.append(Upright(((middle, 0.0),), Ink.QUIET, Dash.DASHED))
    own = [mark.x for mark in marks if mark.shape is Shape.SUSPECT]
    lines += [Upright(((at, 0.0),), Ink.SUSPECT, Dash.DASHED) for at in own]
    return Plot(
        title=title,
        axis=axis_of(ends or [0.0, 1.0], label),
        description=description,
        rows=rows,
        bands=tuple(bands),
        lines=tuple(lines),
        marks=tuple(marks),
        key="forest",
        table=table,
    )


def heap(marks: Sequence[Mark], description: str, title: str = "") -> Plot:
    """A small picture: the others piled on a line, the suspect with its interval beside them."""
    ends = [v for mark in marks for v in (mark.x, mark.low, mark.high) if v is not None]
    low, high = spread(ends or [0.0, 1.0])
    foot = 0.5
    return Plot(
        title=title,
        axis=Axis(low, high),
        description=description,
        rows=(Row(),),
        lines=(Line(((low, foot), (high, foot)), Ink.HAIR),),
        marks=tuple(marks),
        key="heap",
    )


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One measure of this material beside what the panels of a calibration cover, as the table `envelope` has it."""

    what: str
    here: float | None
    low: float | None
    high: float | None
    outside: bool | None
    said: str


def tried_of(checks: Sequence[CheckRow]) -> tuple[Tried, ...]:
    """What a calibration was tried on, beside this material: what lies outside first."""
    tried = [
        Tried(_SHORT.get(c.what, c.what), c.here, c.low, c.high, _worded(c, c.here), bool(c.outside))
        for c in checks
        if c.here is not None and c.low is not None and c.high is not None
    ]
    return tuple(sorted(tried, key=lambda one: not one.outside))


def _worded(check: CheckRow, here: float) -> str:
    """The value here as the finding says it: a date stays a date."""
    head, _, rest = check.said.partition(": ")
    value = rest.split(" (", 1)[0].strip() if rest and head else ""
    return value or f"{here:g}"

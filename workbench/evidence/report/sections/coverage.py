"""Each measure of the case beside the range on which the method was tried."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.core.drawing import DOT, OUTSIDE, Box, Drawing, Item, Line, Mark, Text, fitting
from workbench.core.finding_page import Measure

_WIDE, _ROW = 593.0, 15.5
_BAR, _LONG = 330.0, 104.0
_FARTHEST = 1.45


def coverage(measures: Sequence[Measure]) -> Drawing:
    """The picture: a bar is what was tried, a mark is this case."""
    items: list[Item] = [
        Text(300, 10, "tried, from and to", anchor="end"),
        Text(530, 10, "here", anchor="end"),
    ]
    for at, one in enumerate(measures):
        y = 27 + _ROW * at
        items += [
            Text(0, y, fitting(one.name, 205), colour="ink1"),
            Text(236, y, one.low, anchor="end", colour="ink2"),
            Text(243, y, "to"),
            Text(300, y, one.high, anchor="end", colour="ink2"),
            Box(_BAR, y - 7.5, _LONG, 8, "trial", radius=2),
            *_place(one, y - 3.5),
            Text(530, y, one.here, anchor="end", weight=600, colour="warn" if one.outside else "ink1"),
            Text(540, y, _word(one), weight=600 if one.outside else 400, colour="warn" if one.outside else "ink2"),
        ]
    outside = [f"{one.name} ({one.here}, tried {one.low} to {one.high})" for one in measures if one.outside]
    said = f"Outside: {'; '.join(outside)}." if outside else "Every measure lies inside."
    height = 27 + _ROW * len(measures) - 4
    return Drawing(_WIDE, height, "What was tried, and where this case lies", said, tuple(items))


def _word(one: Measure) -> str:
    return "unknown" if one.at is None else "outside" if one.outside else "inside"


def _place(one: Measure, y: float) -> list[Item]:
    if one.at is None:
        return []
    x = _BAR + _LONG * min(max(one.at, 1 - _FARTHEST), _FARTHEST)
    if not one.outside:
        return [Mark(x, y, DOT, "ink1", 8, f"{one.name}: {one.here}")]
    edge = _BAR + (_LONG if one.at > 1 else 0)
    return [
        Line(((edge, y), (x, y)), "warn", 1.2, "dashed"),
        Mark(x, y, OUTSIDE, "warn", 11, f"{one.name}: {one.here}"),
    ]

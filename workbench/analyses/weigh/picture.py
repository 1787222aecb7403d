"""The pictures of a weighing: the scale of likelihood ratios, and what each control moves."""

from __future__ import annotations

import math
from collections.abc import Sequence

from workbench.analyses.scoring.pictures import WIDE, Axis, stacked
from workbench.analyses.weigh.values import PROTECTED_SEAT, SUSPECT_SEAT, WeighValues
from workbench.core.drawing import DIAMOND, RING, TICK, Box, Drawing, Item, Line, Mark, Text, fitting
from workbench.core.model import Finding
from workbench.core.printed import number, ratio, signed
from workbench.core.statistics.verbal_scale import STEPS
from workbench.core.typed_json import read

_LEFT, _RIGHT = 18.0, 624.0
_TOP, _BOTTOM = 46.0, 157.0
_SHORT = ("none", "weak", "moderate", "moderately strong", "strong", "very strong", "extremely strong")
"""The words of the scale in a word or two, in the order of its steps."""


class Decades:
    """The axis of likelihood ratios: as far to the one side as to the other, whole powers of ten at its ends."""

    def __init__(self, values: Sequence[float]) -> None:
        self.most = max(2, math.ceil(max(abs(value) for value in values) + 0.3))

    def __call__(self, log10: float) -> float:
        """Where a log10 LR lies."""
        return _LEFT + (_RIGHT - _LEFT) * (min(max(log10, -self.most), self.most) + self.most) / (2 * self.most)


def scale(finding: Finding) -> Drawing:
    """The suspect's ratio on the scale, with the ceilings and the words; below it those of the controls in its seat."""
    values = read(WeighValues, finding.values)
    low, high = values.cap
    x = Decades([low, high, *values.interval])
    items: list[Item] = [*_bands(x), *_ceilings(x, low, high), *_ends(x)]
    own = x(values.log10_lr)
    items += _own(values, own, x)
    seats = [(kind, _of(finding, kind)) for kind in (SUSPECT_SEAT, PROTECTED_SEAT)]
    for at, (kind, lrs) in enumerate(seats):
        if lrs:
            items += _seats(x, 108 + 33 * at, lrs, low, kind, values)
    said = "; ".join(
        f"{len(lrs)} controls {'as the suspect' if kind == SUSPECT_SEAT else 'as the source'}: "
        f"{ratio(min(lrs))} to {ratio(max(lrs))}"
        for kind, lrs in seats
        if lrs
    )
    return Drawing(
        WIDE,
        _BOTTOM + 42,
        "Likelihood ratio on the scale",
        f"A scale from {ratio(-x.most)} to {ratio(x.most)}. {values.suspect} has {ratio(values.log10_lr)}. "
        "No ratio "
        f"below {ratio(low)} or above {ratio(high)} is reported. {said}.",
        tuple(items),
    )


def _of(finding: Finding, kind: str) -> list[float]:
    table = finding.tables["lrs"]
    return [v for v, k in zip(table.column("log10_lr"), table.column("kind"), strict=True) if k == kind]


def _bands(x: Decades) -> list[Item]:
    """Every second step of the words is grey, the same words on either side."""
    items: list[Item] = []
    for at, step in enumerate(STEPS):
        first = math.log10(step.above)
        last = min(x.most, math.log10(step.upto) if step.upto else x.most)
        if first >= x.most:
            break
        for sign in (-1, 1):
            left, right = sorted((x(sign * first), x(sign * last)))
            if at % 2 == 0:
                items.append(Box(left, _TOP, right - left, _BOTTOM - _TOP, "sunken"))
            if at and right - left > 44:
                items.append(Text((left + right) / 2, _TOP - 8, _SHORT[at], anchor="middle"))
    items.append(Text(x(0), _TOP - 8, _SHORT[0], anchor="middle"))
    return items


def _ceilings(x: Decades, low: float, high: float) -> list[Item]:
    height = _BOTTOM - _TOP
    return [
        Box(_LEFT, _TOP, x(low) - _LEFT, height, "", hatched=True),
        Box(x(high), _TOP, _RIGHT - x(high), height, "", hatched=True),
        *(Line(((x(end), _TOP), (x(end), _BOTTOM)), "ink1", 1.8) for end in (low, high)),
    ]


def _ends(x: Decades) -> list[Item]:
    middle = x(0)
    items: list[Item] = [
        Line(((_LEFT, _BOTTOM), (_RIGHT, _BOTTOM)), "strong"),
        Line(((middle, _TOP), (middle, _BOTTOM)), "control"),
        Text(middle - 9, 12, "← more probable under H2", anchor="end", weight=600, colour="ink1"),
        Text(middle + 9, 12, "more probable under H1 →", weight=600, colour="ink1"),
        Line(((middle, 3), (middle, 15)), "ink1", 1.2),
        Text(
            middle,
            _BOTTOM + 37,
            "likelihood ratio: how many times more probable the findings are under one account than under the other",
            anchor="middle",
        ),
    ]
    steps = range(-x.most, x.most + 1)
    wide = 2 * x.most > 8
    marks = [float(step) for step in steps if not wide or step % 2 == 0]
    if x.most <= 2:
        marks += [math.log10(2), -math.log10(2)]
    for mark in marks:
        items += [
            Line(((x(mark), _BOTTOM), (x(mark), _BOTTOM + 4)), "strong"),
            Text(x(mark), _BOTTOM + 16, _power(mark), anchor="middle"),
        ]
    return items


def _power(log10: float) -> str:
    size = 10 ** abs(log10)
    text = f"{size:,.0f}"
    return text if log10 >= 0 else f"1/{text}"


def _own(values: WeighValues, own: float, x: Decades) -> list[Item]:
    low, high = values.interval
    items: list[Item] = []
    if high > low:
        items.append(Line(((x(low), 71), (x(high), 71)), "suspect", 2.6))
    words = ceiling_words(values)
    left = own + 11 if own < WIDE - 124 else own - 124
    items += [
        Box(left, 52, 112, 36, "surface", "suspect", 4),
        Text(
            left + 8,
            67,
            fitting(f"{values.suspect}: {ratio(values.log10_lr)}", 104),
            10.5,
            weight=600,
            colour="suspect",
        ),
        Text(left + 8, 81, words, colour="ink3"),
        Mark(own, 71, DIAMOND, "suspect", 14, f"{values.suspect}: {ratio(values.log10_lr)}"),
    ]
    return items


def ceiling_words(values: WeighValues) -> str:
    """Where the ratio stands: at an end of what is reported, or within, with its interval."""
    low, high = values.cap
    if values.log10_lr >= high:
        return "at the ceiling"
    if values.log10_lr <= low:
        return "at the lower end"
    ends = values.interval
    return f"{ratio(ends[0])} to {ratio(ends[1])}"


def _seats(x: Decades, y: float, lrs: list[float], low: float, kind: str, values: WeighValues) -> list[Item]:
    """Each control in one seat: a tick; those at the lower end in a pill."""
    items: list[Item] = []
    floor = sum(lr <= low for lr in lrs)
    items += [Mark(x(lr), y, TICK, "ctl", 15) for lr in sorted(lrs) if lr > low]
    if floor:
        items += [
            Box(x(low) - 37, y - 9, 31, 18, "surface", "control", 9),
            Text(x(low) - 21.5, y + 4, str(floor), 10.5, anchor="middle", weight=600, colour="ink1"),
        ]
    above = sum(lr > 0 for lr in lrs)
    said = f"{above} above 1" if above else "none above 1"
    seat = "as the suspect:" if kind == SUSPECT_SEAT else "as the source:"
    right = x(values.cap[1]) + 8
    items += [
        Box(right, y - 16, _RIGHT - right, 31, "surface"),
        Text(right + 4, y - 4, f"{len(lrs)} {seat}", colour="ink2"),
        Text(right + 4, y + 9, said, colour="ink2"),
    ]
    return items


def leave_one_out(finding: Finding) -> Drawing:
    """What leaving out each control changes in the ratio before its ceiling, a dot a control."""
    table = finding.tables["controls"]
    changes = list(zip(table.column("model"), table.column("change"), strict=True))
    name, most = changes[0]
    x = Axis.over(min(0.0, *(c for _, c in changes)), max(0.0, *(c for _, c in changes)), _LEFT, 622.0, 7)
    base = 62.0
    dots = stacked([change for _, change in changes], x, 9.4)
    items: list[Item] = [
        Line(((_LEFT, base + 8), (622, base + 8)), "strong"),
        Line(((x(0), 10), (x(0), base + 8)), "control"),
    ]
    for tick in x.ticks:
        zero = abs(tick) < x.step / 100
        decimals = max(0, min(2, -math.floor(math.log10(x.step) + 1e-9)))
        words = "no change" if zero else signed(tick, decimals)
        items += [
            Line(((x(tick), base + 8), (x(tick), base + 12)), "strong"),
            Text(x(tick), base + 24, words, anchor="middle"),
        ]
    items += [Mark(at, base - min(floor, 4) * 10.4, RING, "ctl", 9.4) for at, floor in dots]
    anchor = "start" if x(most) < 200 else "end" if x(most) > 440 else "middle"
    items.append(
        Text(x(most), base - 14, f"{fitting(name, 130)} {signed(most)}", anchor=anchor, weight=600, colour="ink2")
    )
    room = read(WeighValues, finding.values).cap[1] - read(WeighValues, finding.values).log10_lr_uncapped
    far = f"; it would take {number(room)} to fall below it" if room < 0 else ""
    items.append(Text(320, base + 38, f"change of the log10 ratio before the ceiling{far}", anchor="middle"))
    return Drawing(
        WIDE,
        base + 44,
        "Each control left out in turn",
        f"{len(changes)} controls. Leaving out {name} changes the log10 ratio most, by {signed(most)}.",
        tuple(items),
    )

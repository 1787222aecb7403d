"""A Finding of `power` as a page of the report."""

from __future__ import annotations

from collections.abc import Mapping

from workbench.analyses.power.values import CurveRow, MeanAndEnds, PowerValues
from workbench.analyses.scoring.pictures import WIDE
from workbench.core.drawing import DOT, Drawing, Item, Line, Mark, Text
from workbench.core.finding_page import OUTSIDE, Bearing, Explanation, FindingPage, Part, Says, SmallTable
from workbench.core.model import Facts, Finding
from workbench.core.printed import percent
from workbench.core.text import counted as many
from workbench.core.typed_json import read, rows

_LEFT, _RIGHT, _TOP, _BOTTOM = 60.0, 560.0, 16.0, 206.0
_TARGET = 0.8


def page(finding: Finding, models: Mapping[str, Facts]) -> FindingPage:
    """The page; `models` are the known facts of the corpora by name."""
    values = read(PowerValues, finding.values)
    outside = values.criterion == "lr" and bool(values.outside)
    return FindingPage(
        part=Part.POWER,
        says=Says.FIT,
        suspect=values.suspect,
        protected=values.protected,
        question=f"Had {values.suspect} passed questions on to {values.protected}, would it have been found?",
        short="what would have been found?",
        brief=_brief(values),
        caution=OUTSIDE if outside else "",
        answer=_answer(values),
        not_said=(
            "This is a share of answers passed on as they are, not of training data. Finding nothing does not clear "
            "anyone: paraphrase defeats every comparison of texts."
        ),
        seen=_seen(finding),
        picture=_picture(finding),
        table=_table(values),
        steady=(
            f"Planted in {values.n_planted} of {values.n_controls} controls, on prompts drawn at random "
            f"{values.draws} times.",
            f"With nothing planted, {percent(values.smallest['at_nought'])} of them are found.",
        ),
        against=(
            "What is planted is relayed word for word. A model that was trained on answers writes its own.",
            *(("The ratio is used outside what it was tried on.",) if outside else ()),
        ),
        change=("More prompts: smaller shares would be found.", "Several answers to each prompt."),
        explanations=_explanations(values),
    )


def _least(values: PowerValues) -> float | None:
    share = values.smallest["80"].share
    return None if share is None else float(share)


def _brief(values: PowerValues) -> str:
    least = _least(values)
    if least is None:
        return "Not even a relay of all answers, 4 times in 5."
    return f"A relay of {percent(least)} of the answers or more, 4 times in 5."


def _answer(values: PowerValues) -> str:
    least = _least(values)
    start = f"a relay of {values.protected}’s answers would be found"
    if least is None:
        return f"{start} less than 4 times in 5, even if all answers were relayed."
    return f"{start} 4 times in 5 from a share of {percent(least)} on."


def _curve(finding: Finding) -> tuple[list[CurveRow], list[MeanAndEnds]]:
    """The points of the first scenario, and of each the share that is found with its interval."""
    values = read(PowerValues, finding.values)
    points = [row for row in rows(CurveRow, finding.tables["curve"]) if row.scenario == values.scenarios[0].kind]
    by_lr = values.criterion == "lr"
    return points, [(row.detected_ends if by_lr else None) or row.first_ends for row in points]


def _picture(finding: Finding) -> Drawing:
    values = read(PowerValues, finding.values)
    points, found = _curve(finding)

    def x(share: float) -> float:
        return _LEFT + (_RIGHT - _LEFT) * share

    def y(share: float) -> float:
        return _BOTTOM - (_BOTTOM - _TOP) * share

    items: list[Item] = []
    for tick in (0, 0.25, 0.5, 0.75, 1):
        items += [
            Line(((_LEFT, y(tick)), (_RIGHT, y(tick))), "hair"),
            Text(_LEFT - 7, y(tick) + 3.4, f"{100 * tick:.0f} %", anchor="end"),
            Line(((x(tick), _BOTTOM), (x(tick), _BOTTOM + 4)), "strong"),
            Text(x(tick), _BOTTOM + 16, f"{100 * tick:.0f} %", anchor="middle"),
        ]
    items.append(Line(tuple((x(row.share), y(one[0])) for row, one in zip(points, found, strict=True)), "accent", 2.2))
    for row, (mean, low, high) in zip(points, found, strict=True):
        said = f"{percent(row.share)} relayed: {percent(mean)} found"
        items += [
            Line(((x(row.share), y(low)), (x(row.share), y(high))), "accent", 1.0),
            Mark(x(row.share), y(mean), DOT, "accent", 6, said),
        ]
    least = _least(values)
    if least is not None:
        items += [
            Line(((_LEFT, y(_TARGET)), (x(least), y(_TARGET)), (x(least), _BOTTOM)), "suspect", 1.4, "dashed"),
            Text(x(least) + 8, _BOTTOM - 8, f"{percent(least)}: found 4 times in 5", weight=600, colour="suspect"),
        ]
    items += [
        Text(_LEFT, 8, "found"),
        Text(
            (_LEFT + _RIGHT) / 2,
            _BOTTOM + 34,
            f"share of answers that are {values.protected}’s, passed on as they are",
            anchor="middle",
        ),
    ]
    told = [f"{percent(row.share)} relayed {percent(one[0])}" for row, one in zip(points, found, strict=True)]
    return Drawing(
        WIDE, _BOTTOM + 40, "Share found by share relayed", f"A rising curve. Found: {', '.join(told)}.", tuple(items)
    )


def _seen(finding: Finding) -> str:
    points, found = _curve(finding)
    shares = [(row.share, one[0]) for row, one in zip(points, found, strict=True)]
    low = next((pair for pair in reversed(shares) if pair[1] <= 0.05), shares[0])
    return (
        f"Each point stands for {many(points[0].plants, 'trial', 'trials')}. Up to {percent(low[0])} relayed, next to "
        f"nothing is found ({percent(low[1])}); with all answers relayed, {percent(shares[-1][1])}."
    )


def _table(values: PowerValues) -> SmallTable:
    found = []
    for one in values.scenarios:
        who = "a second sample of it" if one.kind == "kin" else "the very answers"
        for criterion, shares in one.smallest.items():
            how = "by the ratio" if criterion == "lr" else "by coming first"
            least = (_or_never(shares["50"].share), _or_never(shares["80"].share))
            found.append((f"Planted {one.source}, {who}", how, *least))
    return SmallTable(("What is planted", "Found", "half of the time from", "4 times in 5 from"), tuple(found))


def _or_never(share: float | None) -> str:
    return "never" if share is None else percent(share)


def _explanations(values: PowerValues) -> tuple[Explanation, ...]:
    least = _least(values)
    result = "Would not show" if least is None else f"Would show from {percent(least)} on, 4 times in 5"
    return (
        Explanation(
            "relay",
            70,
            f"It passes questions on to {values.protected}",
            "Planted relayed answers",
            result,
            Bearing.PARTLY,
        ),
    )

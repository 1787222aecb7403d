"""A Finding of `source_search` as a page of the report."""

from __future__ import annotations

import math
from collections.abc import Mapping

from workbench.analyses.scoring.pictures import WIDE
from workbench.analyses.source_search.values import CandidateValues, SearchValues
from workbench.core.drawing import DIAMOND, RING, Box, Drawing, Item, Line, Mark, Text, fitting
from workbench.core.finding_page import OUTSIDE, Bearing, Explanation, FindingPage, Part, Says
from workbench.core.model import Facts, Finding
from workbench.core.printed import counted, listed, ratio, times
from workbench.core.text import counted as many
from workbench.core.typed_json import read

_MOST = 20
_ROW = 22.0


def page(finding: Finding, models: Mapping[str, Facts]) -> FindingPage:
    """The page; `models` are the known facts of the corpora by name."""
    values = read(SearchValues, finding.values)
    asked = values.protected
    return FindingPage(
        part=Part.SEARCH,
        says=_says(values),
        suspect=values.suspect,
        protected=asked,
        highest=1,
        question=f"Which family do the answers of {values.suspect} look like, if any: {asked}, or another?",
        short=f"if not {asked}, which?",
        brief=_brief(values),
        caution=OUTSIDE if values.envelope else "",
        answer=answer(values),
        not_said=_not_said(values),
        seen=_seen(values),
        picture=_picture(values),
        steady=_steady(values),
        against=_against(values),
        change=_change(values),
        explanations=_explanations(values),
    )


def _says(values: SearchValues) -> Says:
    if values.answer is None:
        return Says.NOTHING
    return Says.FOR if values.answer == values.protected else Says.AGAINST


def _brief(values: SearchValues) -> str:
    if values.answer is None:
        return f"None of {values.n_candidates} families stands out."
    if values.n_candidates == 1:
        return f"{values.answer} is the only family of the case, and stands out."
    return f"{values.answer} stands out, of {many(values.n_candidates, 'family', 'families')}."


def answer(values: SearchValues) -> str:
    """The sentence of a search: which family stands out, if any, and by how much."""
    if values.answer is None:
        count = many(values.n_candidates, "family", "families")
        return f"of {count} in the case, none stands out as a source of {values.suspect}."
    one = values.n_candidates == 1
    among = "the only family," if one else f"of {values.n_candidates} families,"
    more = times(_leader(values).log10_lr)
    return (
        f"{among} {values.answer}{',' if one else ''} stands out: these answers are {more} more probable if it is a "
        f"source of {values.suspect}."
    )


def _leader(values: SearchValues) -> CandidateValues:
    return next(one for one in values.candidates if one.family == values.leader)


def _not_said(values: SearchValues) -> str:
    if values.answer is None:
        return "The source may be a family that is not in the case, or none."
    return (
        f"This is not the probability that {values.suspect} was trained on {values.answer}. The source may be a "
        "family that is not in the case."
    )


def _others(values: SearchValues) -> list[CandidateValues]:
    return [one for one in values.candidates if one.family != values.leader]


def _seen(values: SearchValues) -> str:
    leader, others = _leader(values), _others(values)
    if not others:
        return f"{leader.family} stands at {ratio(leader.log10_lr)}. No other family could be compared."
    second = others[0]
    return (
        f"{leader.family} stands at {ratio(leader.log10_lr)}; the next, {second.family}, at "
        f"{ratio(second.log10_lr)}. Black lines: no ratio beyond them is reported."
    )


def _picture(values: SearchValues) -> Drawing:
    shown = values.candidates[:_MOST]
    most: int = max(2, math.ceil(max(abs(end) for one in shown for end in one.cap) + 0.3))
    left, right, top = 150.0, 520.0, 34.0
    bottom = top + _ROW * len(shown) + 4

    def x(value: float) -> float:
        """Where a log10 LR lies."""
        return left + (right - left) * (min(max(value, -most), most) + most) / (2 * most)

    low, high = values.candidates[0].cap
    items: list[Item] = [
        Text(128, 14, "family", anchor="end"),
        Text(x(0) - 8, 14, "← under H2", anchor="end", weight=600, colour="ink1"),
        Text(x(0) + 8, 14, "under H1 →", weight=600, colour="ink1"),
        Text(638, 14, "ratio (95 % interval)", anchor="end"),
        Box(left, top, x(low) - left, bottom - top, "", hatched=True),
        Box(x(high), top, right - x(high), bottom - top, "", hatched=True),
        *(Line(((x(end), top), (x(end), bottom)), "ink1", 1.8) for end in (low, high)),
        Line(((x(0), top - 4), (x(0), bottom)), "control"),
    ]
    items += [Text(x(step), bottom + 14, _power(step), anchor="middle") for step in range(-most, most + 1)]
    for at, one in enumerate(shown):
        items += _row(values, one, top + _ROW * (at + 0.5), x(one.log10_lr), [x(end) for end in one.interval])
    items.append(
        Text(
            (left + right) / 2, bottom + 31, "likelihood ratio, each family against models without it", anchor="middle"
        )
    )
    more = len(values.candidates) - len(shown)
    if more:
        items.append(Text(638, bottom + 31, f"{more} more in the CSV", anchor="end"))
    said = "; ".join(f"{one.family} {ratio(one.log10_lr)}" for one in shown)
    return Drawing(
        WIDE,
        bottom + 37,
        "Likelihood ratio of each family",
        f"{many(len(shown), 'family', 'families')}: {said}.",
        tuple(items),
    )


def _power(step: int) -> str:
    return f"{10**step:,}" if step >= 0 else f"1/{10**-step:,}"


def _row(values: SearchValues, one: CandidateValues, y: float, at: float, ends: list[float]) -> list[Item]:
    own = one.family == values.protected
    colour = "protected" if own else "ctl"
    low, high = one.interval
    span = f"{ratio(one.log10_lr)} ({ratio(low)} to {ratio(high)})" if high > low else f"{ratio(one.log10_lr)}, ceiling"
    if high == low and one.log10_lr < 0:
        span = f"{ratio(one.log10_lr)}, lower end"
    return [
        Text(
            128,
            y + 3.4,
            fitting(one.family, 120),
            anchor="end",
            weight=600 if own else 400,
            colour=colour if own else "ink1",
        ),
        Line(((ends[0], y), (ends[1], y)), colour if own else "control", 2.4 if own else 1.4),
        Mark(at, y, DIAMOND if own else RING, colour, 11 if own else 9.4, f"{one.family}: {span}"),
        Text(638, y + 3.4, span, anchor="end", weight=600 if own else 400, colour=colour if own else "ink1"),
    ]


def _steady(values: SearchValues) -> tuple[str, ...]:
    tied = values.tied_with_leader
    said = [
        f"Tied with {values.leader}: {listed(tied, 3)}. The order among these says nothing."
        if tied
        else f"No other family is tied with {values.leader} when all is drawn again."
        if values.n_candidates > 1
        else "There is no second family to be compared with."
    ]
    said.append(f"{counted(values.n_supported, values.n_candidates)} families have their whole interval above 1.")
    return tuple(said)


def _against(values: SearchValues) -> tuple[str, ...]:
    found = values.calibration["figures"].get("all") or {}
    said = []
    if found.get("n_pairs"):
        negatives = found["n_pairs"] - found["n_positive"]
        said.append(
            f"In the trial {counted(found['neg_lr_gt_1'], negatives)} pairs with no known link came out above 1, and "
            f"{values.n_candidates} families were looked at here."
        )
    if values.envelope:
        said.append("The material is not like that of the trial: see the finding on weight.")
    if values.could_also_be:
        names = [f"{one.family} ({one.why})" for one in values.could_also_be]
        said.append(f"It could also be {listed(names, 3)}.")
    if values.not_compared:
        names = [one.family for one in values.not_compared]
        said.append(f"Not compared, with reasons in the table: {listed(names, 3)}.")
    return tuple(said) or ("Nothing that was recorded.",)


def _change(values: SearchValues) -> tuple[str, ...]:
    return (
        "Answers of families that are not in the case.",
        "A sibling of the leading family: answers of siblings look alike, and they are the commonest wrong answer.",
    )


def _explanations(values: SearchValues) -> tuple[Explanation, ...]:
    others = [one for one in values.candidates if one.family != values.protected]
    if not others:
        row = ("Nothing: no other family is in the case", "", Bearing.OPEN)
    else:
        names = listed([one.family for one in others], 3)
        lrs = [one.log10_lr for one in others]
        best = max(lrs)
        said = f"Each at {ratio(best)}" if min(lrs) == best else f"{ratio(min(lrs))} to {ratio(best)}"
        row = (f"Weighed {names}", said, Bearing.LESS if best < 0 else Bearing.MAY)
    return (Explanation("family", 50, "Another family is the source", *row),)

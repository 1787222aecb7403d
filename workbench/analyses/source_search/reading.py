"""`source_search` as it is read: candidate families side by side on the scale of likelihood ratios."""

from __future__ import annotations

from workbench.analyses.scoring.reading import times
from workbench.analyses.source_search.values import CandidateValues, SearchValues
from workbench.analyses.weigh.reading import ends, hatched, steps, ticks
from workbench.core.model import Finding
from workbench.core.number_format import number
from workbench.core.plot import Axis, Dash, Fill, Ink, Line, Mark, Plot, Row, Shape, Upright
from workbench.core.reading import Kind, Reading, Stated, View, Would, without_numbers
from workbench.core.typed_json import read

ASKS = "If not this source, which?"
SHORT = ASKS
_AT_CAP = 1e-9


def reading(finding: Finding, headline: str) -> Reading:
    """The finding as it is read."""
    values = read(SearchValues, finding.values)
    outside, sentence = "", without_numbers(headline)
    if values.envelope and sentence.startswith("Outside"):
        outside, _, sentence = sentence.partition(". ")
        outside += "."
    groups = values.calibration["questions"]["any"]["negative_groups"]
    sentence = sentence.replace(f"those {groups} represent", f"the {groups} reference groups represent")
    main = _families(finding, headline)
    return Reading(
        asks=ASKS,
        short=SHORT,
        answer=answer(values),
        sentence=sentence,
        disclaimer="This is not the probability that any of them was the source. What is no candidate is not found.",
        sketch=_sketch(finding),
        views=(View("families", "Families", "Which family stands out?", main, f"{values.n_candidates} candidates"),),
        outside=outside,
        would=(
            Would(Kind.CONTROLS, "A family that is no candidate.", "It can't be found here."),
            Would(Kind.SOURCE, "A shared source", "of several families, or a sibling of one."),
        ),
        numbers=tuple(
            Stated(one.family, f"log10 LR {number(one.log10_lr)}", _before(one)) for one in values.candidates[:6]
        ),
        computed=f"seed {finding.seed}, calibration {values.calibration['sha256'][:8]}…",
    )


def answer(values: SearchValues) -> str:
    """The answer in a handful of words."""
    number = values.n_candidates
    if not values.n_supported:
        return f"None of {number} families"
    if values.tied_with_leader:
        return f"{1 + len(values.tied_with_leader)} of {number} families alike"
    return f"{values.leader}, of {number} families"


def _before(one: CandidateValues) -> str:
    return "" if one.log10_lr == one.log10_lr_uncapped else f"{number(one.log10_lr_uncapped)} before the cap"


def _families(finding: Finding, description: str) -> Plot:
    values = read(SearchValues, finding.values)
    candidates = values.candidates
    spans = [end for row in candidates for end in row.interval] or [0.0]
    low, high = ends((min(spans), max(spans)))
    low_cap = min((row.cap[0] for row in candidates), default=low)
    high_cap = max((row.cap[1] for row in candidates), default=high)
    own = values.protected
    marks = [
        Mark(
            name=row.family,
            x=row.log10_lr,
            y=float(at),
            shape=Shape.PROTECTED if row.family == own else Shape.CONTROL,
            value=f"{times(row.log10_lr)} times (log10 LR {number(row.log10_lr)})",
            more=f"{', '.join(row.members)}; {row.n_controls} controls",
            low=row.interval[0],
            high=row.interval[1],
            target=f"compare:{values.suspect}|{row.members[-1]}",
            strong=at == 0,
        )
        for at, row in enumerate(candidates)
    ]
    rows = tuple(
        Row(row.family, 1.9, strong=at == 0, fill=Fill.TINT if at == 0 and values.n_supported else Fill.CLEAR)
        for at, row in enumerate(candidates)
    )
    lines: list[Line] = [Upright(((0.0, 0.0),), Ink.SECOND, weight=1.2)]
    lines += [Upright(((cap, 0.0),), Ink.STRONG, Dash.SOLID, 2.0) for cap in (low_cap, high_cap) if low < cap < high]
    label = f"likelihood ratio of {values.suspect} for each family; lines are {100 * values.confidence:g} % intervals"
    return Plot(
        title="Which family stands out?",
        axis=Axis(low, high, ticks(low, high), label),
        description=description,
        rows=rows,
        bands=(*steps(low, high), *hatched(low, low_cap, high_cap, high)),
        lines=tuple(lines),
        marks=tuple(marks),
        key="families",
        table=finding.tables["candidates"],
    )


def _sketch(finding: Finding) -> Plot:
    """The families as bars from 1, with their names."""
    values = read(SearchValues, finding.values)
    candidates = values.candidates[:4]
    own = values.protected
    reach = max([abs(row.log10_lr) for row in candidates] or [1.0]) * 1.05
    return Plot(
        title=ASKS,
        axis=Axis(-reach, reach),
        description=answer(values),
        rows=tuple(Row(row.family) for row in candidates),
        lines=(Upright(((0.0, 0.0),), Ink.STRONG),),
        marks=tuple(
            Mark(
                row.family,
                row.log10_lr,
                float(at),
                Shape.BAR,
                low=0.0,
                ink=Ink.PROTECTED if row.family == own else Ink.CONTROL,
            )
            for at, row in enumerate(candidates)
        ),
        key="bars",
    )

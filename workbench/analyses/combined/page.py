"""An opinion as a page of the report."""

from __future__ import annotations

from collections.abc import Mapping

from workbench.analyses.combined.compute import Verdict
from workbench.analyses.combined.values import ClosenessRow, ExplanationRow, NotFoundRow, OpinionValues
from workbench.analyses.scoring.pictures import Row, closeness
from workbench.core.drawing import Drawing
from workbench.core.finding_page import Bearing, Explanation, FindingPage, Part, RungReached, Says
from workbench.core.model import Facts, Finding
from workbench.core.printed import interval, number, ratio
from workbench.core.typed_json import read, rows


def page(finding: Finding, models: Mapping[str, Facts]) -> FindingPage:
    """The page; `models` are the known facts of the corpora by name."""
    values = read(OpinionValues, finding.values)
    return FindingPage(
        part=Part.OPINION,
        says=_says(values),
        suspect=values.suspect,
        protected=values.protected,
        question=finding.question,
        short="all findings together",
        brief=values.answer,
        caution=values.caution,
        answer=values.answer,
        not_said=_not_said(values),
        picture=_picture(finding),
        change=tuple(values.change),
        not_found=tuple((row.what, row.said) for row in rows(NotFoundRow, finding.tables["not_found"])),
        explanations=tuple(
            Explanation(row.key, at, row.explanation, row.done, row.result, Bearing(row.so), row.but)
            for at, row in enumerate(rows(ExplanationRow, finding.tables["explanations"]))
        ),
        log10_lr=values.log10_lr,
        at_ceiling=values.at_ceiling,
        basis=values.basis,
        rungs=tuple(RungReached(one.rung, one.reached, one.findings) for one in values.rungs),
    )


def _says(values: OpinionValues) -> Says:
    if values.verdict == Verdict.UNFIT:
        return Says.UNFIT
    if values.verdict in (Verdict.CONTRADICTION, Verdict.NOTHING):
        return Says.BOTH_ALIKE
    basis = values.basis[0]
    ways = ((values.points_for, Says.FOR), (values.points_against, Says.AGAINST), (values.found_nothing, Says.NOTHING))
    return next((says for numbers, says in ways if basis in numbers), Says.BOTH_ALIKE)


def _not_said(values: OpinionValues) -> str:
    said = f"This is not the probability that {values.suspect} was trained on {values.protected}."
    if values.at_ceiling and values.log10_lr is not None:
        return f"{ratio(abs(values.log10_lr))} is a ceiling, not a measurement. {said}"
    return said


def _picture(finding: Finding) -> Drawing | None:
    placed = [
        Row(row.model, row.statistic, row.low, row.high, own=row.role == "suspect")
        for row in rows(ClosenessRow, finding.tables["closeness"])
    ]
    own = next((row for row in placed if row.own), None)
    controls = [row for row in placed if not row.own]
    if own is None or not controls:
        return None
    values = [row.value for row in controls]
    said = interval(own.value, own.low, own.high)
    return closeness(
        own,
        controls,
        read(OpinionValues, finding.values).protected,
        f"A line. The {len(controls)} controls lie between {number(min(values), 1)} and {number(max(values), 1)}. "
        f"{own.name} lies at {said}.",
    )

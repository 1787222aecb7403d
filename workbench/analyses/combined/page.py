"""An opinion as a page of the report."""

from __future__ import annotations

from collections.abc import Mapping

from workbench.analyses.combined.compute import Verdict
from workbench.analyses.scoring.pictures import Row, closeness
from workbench.core.drawing import Drawing
from workbench.core.finding_page import Bearing, Explanation, FindingPage, Part, Says
from workbench.core.model import Facts, Finding, Json
from workbench.core.printed import interval, listed, number, ratio


def page(finding: Finding, models: Mapping[str, Facts]) -> FindingPage:
    """The page; `models` are the known facts of the corpora by name."""
    values = finding.values
    return FindingPage(
        part=Part.OPINION,
        says=_says(values),
        suspect=values["suspect"],
        protected=values["protected"],
        question=finding.question,
        short="all findings together",
        brief=values["answer"],
        caution=values["caution"],
        answer=values["answer"],
        not_said=_not_said(values),
        picture=_picture(finding),
        change=tuple(values["change"]),
        not_found=tuple((row[0], row[1]) for row in finding.tables["not_found"].rows),
        explanations=tuple(
            Explanation(key, at, name, done, result, Bearing(so), but)
            for at, (key, name, done, result, so, but, _) in enumerate(finding.tables["explanations"].rows)
        ),
        log10_lr=values["log10_lr"],
        at_ceiling=values["at_ceiling"],
    )


def _says(values: Json) -> Says:
    if values["verdict"] == Verdict.UNFIT:
        return Says.UNFIT
    if values["verdict"] in (Verdict.CONTRADICTION, Verdict.NOTHING):
        return Says.BOTH_ALIKE
    basis = values["basis"][0]
    for name, says in (("points_for", Says.FOR), ("points_against", Says.AGAINST), ("found_nothing", Says.NOTHING)):
        if basis in values[name]:
            return says
    return Says.BOTH_ALIKE


def _not_said(values: Json) -> str:
    said = f"This is not the probability that {values['suspect']} was trained on {values['protected']}."
    if values["at_ceiling"]:
        return f"{ratio(abs(values['log10_lr']))} is a ceiling, not a measurement. {said}"
    return said


def _picture(finding: Finding) -> Drawing | None:
    rows = [Row(*_row(row)) for row in finding.tables["closeness"].rows]
    own = next((row for row in rows if row.own), None)
    controls = [row for row in rows if not row.own]
    if own is None or not controls:
        return None
    values = [row.value for row in controls]
    said = interval(own.value, own.low, own.high)
    return closeness(
        own,
        controls,
        finding.values["protected"],
        f"A line. The {len(controls)} controls lie between {number(min(values), 1)} and {number(max(values), 1)}. "
        f"{own.name} lies at {said}.",
    )


def _row(row: tuple[Json, ...]) -> tuple[str, float, float, float, bool]:
    model, role, value, low, high = row
    return model, value, low, high, role == "suspect"


def picture_title(finding: Finding) -> str:
    """What the picture shows, in one sentence."""
    rows = finding.tables["closeness"].rows
    own = next(row for row in rows if row[1] == "suspect")
    ahead = sum(row[2] >= own[2] for row in rows if row[1] != "suspect")
    count, protected = len(rows) - 1, finding.values["protected"]
    if not ahead:
        return f"{own[0]} is closer to {protected} than all {count} controls are"
    return f"{own[0]} is closer to {protected} than {count - ahead} of {count} controls"


def basis_words(values: Json) -> str:
    """The findings that the answer rests on."""
    return f"finding {listed([str(one) for one in values['basis']])}"

"""What a Finding of `exposure` says in sentences; rounding happens here and nowhere else."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.analyses.explanations import ExplanationRow
from workbench.analyses.exposure.values import ExposureValues, TenthRow
from workbench.core.model import Finding, Narrative
from workbench.core.number_format import number
from workbench.core.printed import p_value
from workbench.core.typed_json import read, rows

_LEVEL = 0.001


def narrative(finding: Finding, limits: Sequence[str]) -> Narrative:
    """The Finding in sentences: rung 5 where the suspect is closer to what was served than chance makes it."""
    values = read(ExposureValues, finding.values)
    found = values.p <= _LEVEL and values.mean > 0
    return Narrative(5 if found else 0, _headline(values, found), tuple(_sentences(finding, values)), tuple(limits))


def _headline(values: ExposureValues, found: bool) -> str:
    on = f"on {values.n_prompts:,} prompts (p = {p_value(values.p)})"
    if found:
        return (
            f"{values.suspect} is closer to the answers that were served than to answers of the same model that were "
            f"not, {on}."
        )
    return f"{values.suspect} is not found to be closer to the answers that were served than to their siblings, {on}."


def _sentences(finding: Finding, values: ExposureValues) -> list[str]:
    how = "all assignments" if values.exact else "random assignments"
    said = [
        f"Each prompt has one served answer and {number(values.siblings_of_each, 1)} siblings on average, which were "
        "delivered to no one. If the suspect never met the served answers, each of them was as likely to be the served "
        f"one: p is over {values.assignments:,} {how}.",
        f"The mean effect is {number(values.mean)} standard deviations (n = {values.n_prompts - values.n_empty:,} "
        f"prompts with any difference; {values.n_empty:,} have none).",
        f"With so many prompts, an effect of {number(values.detectable)} standard deviations is found at p = {_LEVEL} "
        "in 80 % of cases; a smaller one may be missed, so that nothing found clears no one.",
    ]
    if values.ceiling is not None:
        said.append(f"A p-value of this size is worth a likelihood ratio of at most {values.ceiling:,.0f}.")
    if not values.settings_said:
        said.append("With which settings the siblings were made is not stated.")
    explanations = rows(ExplanationRow, finding.tables["explanations"])
    return said + [f"{row.explanation}: {row.shows}." for row in explanations]


def description(finding: Finding) -> str:
    """The dots by rarity in words."""
    parts = rows(TenthRow, finding.tables["by_rarity"])
    told = "; ".join(f"{number(row.mean)} ({number(row.low)} to {number(row.high)})" for row in parts)
    return f"Mean effect in standard deviations with its 95 % interval, from common to rare served answers: {told}."

"""What an opinion says in sentences."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.analyses.combined.page import page
from workbench.analyses.combined.values import ExplanationRow, OpinionValues, StatedRow
from workbench.core.evidence_kinds import beside_answers, on_answers
from workbench.core.model import Finding, Narrative
from workbench.core.printed import listed
from workbench.core.typed_json import read, rows


def narrative(finding: Finding, limits: Sequence[str]) -> Narrative:
    """The opinion in sentences; its rung is the highest that a finding of the plan reaches on tried material."""
    values = read(OpinionValues, finding.values)
    shown = page(finding, {})
    said = [
        shown.not_said,
        _basis(finding, values),
        _pointing("Pointing towards the protected model as a source", values.points_for),
        _pointing("Pointing away from it", values.points_against),
        _pointing("Found nothing, or both accounts alike", values.found_nothing),
        *(f"Looked for, and not found: {what}: {words}" for what, words in shown.not_found),
        *(_explanation(row) for row in rows(ExplanationRow, finding.tables["explanations"])),
        f"What would change this opinion most: {'; '.join(values.change)}.",
    ]
    rung = max((one.rung for one in values.rungs if one.reached == "reached"), default=0)
    return Narrative(rung, shown.sentence, tuple(s for s in said if s), tuple(limits))


def _basis(finding: Finding, values: OpinionValues) -> str:
    counted = [(row.finding, row.analysis) for row in rows(StatedRow, finding.tables["findings"]) if row.counted]
    if not values.basis:
        return f"Of findings {_numbers([number for number, _ in counted])} none compares the models."
    said = [f"The answer rests on finding {_numbers(values.basis)}."]
    same = on_answers(counted)
    if len(same) > 1:
        said.append(f"Findings {_numbers(same)} look at the same answers: their weights are not multiplied.")
    return " ".join([*said, *beside_answers(counted)])


def _numbers(numbers: Sequence[int]) -> str:
    return listed([str(one) for one in numbers], 20)


def _pointing(words: str, numbers: Sequence[int]) -> str:
    return f"{words}: {'finding' if len(numbers) == 1 else 'findings'} {_numbers(numbers)}." if numbers else ""


def _explanation(row: ExplanationRow) -> str:
    result = f"{row.result}. " if row.result else ""
    but = f", {row.but}" if row.but else ""
    return f"Other explanation: {row.explanation}. {row.done}. {result}So it: {row.so}{but}."

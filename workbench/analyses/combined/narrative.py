"""What an opinion says in sentences."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.analyses.combined.page import page
from workbench.core.model import Finding, Json, Narrative
from workbench.core.printed import listed


def narrative(finding: Finding, limits: Sequence[str]) -> Narrative:
    """The opinion in sentences; its rung is the highest that a finding of the plan reaches on tried material."""
    values = finding.values
    shown = page(finding, {})
    said = [
        shown.not_said,
        _basis(finding),
        _pointing("Pointing towards the protected model as a source", values["points_for"]),
        _pointing("Pointing away from it", values["points_against"]),
        _pointing("Found nothing, or both accounts alike", values["found_nothing"]),
        *(f"Looked for, and not found: {what}: {words}" for what, words in shown.not_found),
        *(_explanation(row) for row in finding.tables["explanations"].rows),
        f"What would change this opinion most: {'; '.join(values['change'])}.",
    ]
    rung = max((r["rung"] for r in values["rungs"] if r["reached"] == "reached"), default=0)
    return Narrative(rung, shown.sentence, tuple(s for s in said if s), tuple(limits))


def _basis(finding: Finding) -> str:
    values = finding.values
    rows = finding.tables["findings"].rows
    numbers = [str(row[0]) for row in rows if row[8]]
    if not values["basis"]:
        return f"Findings {listed(numbers, 20)} were looked at; none compares the models."
    return (
        f"The answer rests on finding {listed([str(n) for n in values['basis']])}. Findings {listed(numbers, 20)} "
        "look at "
        "the same answers: their weights are not multiplied."
    )


def _pointing(words: str, numbers: Sequence[int]) -> str:
    return (
        f"{words}: {'finding' if len(numbers) == 1 else 'findings'} {listed([str(n) for n in numbers], 20)}."
        if numbers
        else ""
    )


def _explanation(row: Sequence[Json]) -> str:
    _, name, done, result, so, but, _ = row
    return (
        f"Other explanation: {name}. {done}. {f'{result}. ' if result else ''}So it: {so}{f', {but}' if but else ''}."
    )

"""The tables of an opinion: the findings, the other explanations, what was not found, and closeness for the picture."""

from __future__ import annotations

from workbench.analyses.combined.compute import Opinion, OpinionMaterial
from workbench.analyses.combined.values import ClosenessRow, ExplanationRow, NotFoundRow, StatedRow
from workbench.core.model import Table
from workbench.core.typed_json import table


def tables(opinion: Opinion, material: OpinionMaterial) -> dict[str, Table]:
    """All tables by name."""
    return {
        "findings": table(StatedRow, _findings(opinion, material)),
        "explanations": table(
            ExplanationRow,
            [
                ExplanationRow(row.key, row.name, row.done, row.result, str(row.so), row.but, ", ".join(map(str, by)))
                for row, by in opinion.explanations
            ],
        ),
        "not_found": table(NotFoundRow, [NotFoundRow(*told) for told in opinion.not_found]),
        "closeness": table(ClosenessRow, _closeness(material)),
    }


def _findings(opinion: Opinion, material: OpinionMaterial) -> list[StatedRow]:
    kept = {item.number for item in material.findings}
    items = sorted((*material.findings, *material.passed_over), key=lambda item: item.number)
    return [
        StatedRow(
            item.number,
            item.analysis,
            item.sha256,
            item.confirmatory,
            item.rung,
            str(item.page.part),
            str(item.page.says),
            item.page.brief,
            item.number in kept,
            item.number in opinion.values.basis,
        )
        for item in items
    ]


def _closeness(material: OpinionMaterial) -> list[ClosenessRow]:
    """The models on the line of closeness, of the finding that counts; no rows where there is none."""
    placed = next((item.page.placed for item in reversed(material.findings) if item.page.placed), ())
    return [
        ClosenessRow(one.model, "suspect" if one.suspect else "control", one.value, one.low, one.high) for one in placed
    ]

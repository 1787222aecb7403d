"""The tables of an opinion: the findings, the other explanations, what was not found, and closeness for the picture."""

from __future__ import annotations

from workbench.analyses.combined.compute import Material, Opinion
from workbench.core.model import Column, Table


def tables(opinion: Opinion, material: Material) -> dict[str, Table]:
    """All tables by name."""
    return {
        "findings": _findings(opinion, material),
        "explanations": _explanations(opinion),
        "not_found": _not_found(opinion),
        "closeness": _closeness(material),
    }


def _findings(opinion: Opinion, material: Material) -> Table:
    kept = {item.number for item in material.findings}
    items = sorted((*material.findings, *material.passed_over), key=lambda item: item.number)
    rows = tuple(
        (
            item.number,
            item.analysis,
            item.sha256,
            item.confirmatory,
            item.rung,
            str(item.page.part),
            str(item.page.says),
            item.page.brief,
            item.number in kept,
            item.number in opinion.basis,
        )
        for item in items
    )
    columns = (
        Column("finding", "integer", "Finding"),
        Column("analysis", "text", "Analysis"),
        Column("sha256", "text", "SHA-256 of the finding"),
        Column("confirmatory", "flag", "Foreseen by the plan"),
        Column("rung", "integer", "Rung"),
        Column("part", "text", "What it is for"),
        Column("says", "text", "Which way it points"),
        Column("brief", "text", "In a few words"),
        Column("counted", "flag", "Counted, as the last of its kind"),
        Column("basis", "flag", "The answer rests on it"),
    )
    return Table(columns, rows)


def _explanations(opinion: Opinion) -> Table:
    rows = tuple(
        (row.key, row.name, row.done, row.result, str(row.so), row.but, ", ".join(map(str, numbers)))
        for row, numbers in opinion.explanations
    )
    columns = (
        Column("key", "text", "Key"),
        Column("explanation", "text", "Explanation"),
        Column("done", "text", "What was done"),
        Column("result", "text", "Result"),
        Column("so", "text", "So it"),
        Column("but", "text", "But"),
        Column("findings", "text", "Findings"),
    )
    return Table(columns, rows)


def _not_found(opinion: Opinion) -> Table:
    columns = (
        Column("what", "text", "Looked for"),
        Column("said", "text", "What there was"),
        Column("finding", "integer", "Finding"),
    )
    return Table(columns, tuple((what, said, number or None) for what, said, number in opinion.not_found))


def _closeness(material: Material) -> Table:
    """The models on the line of closeness, of the finding that counts; no rows where there is none."""
    placed = next((item.page.placed for item in reversed(material.findings) if item.page.placed), ())
    rows = tuple((one.model, "suspect" if one.suspect else "control", one.value, one.low, one.high) for one in placed)
    columns = (
        Column("model", "text", "Model"),
        Column("role", "text", "Role"),
        Column("statistic", "number", "Closeness to the protected side, in points"),
        Column("low", "number", "Low end of the interval"),
        Column("high", "number", "High end of the interval"),
    )
    return Table(columns, rows)

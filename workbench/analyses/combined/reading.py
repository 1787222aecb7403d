"""An opinion as it is read: the models on one line, the other explanations with what was done about each."""

from __future__ import annotations

from dataclasses import replace

from workbench.analyses.combined.compute import Verdict
from workbench.analyses.combined.page import page
from workbench.analyses.combined.values import ClosenessRow, ExplanationRow, OpinionValues, StatedRow
from workbench.analyses.scoring.reading import forest, heap, out_in, released, rows_in, shape_of, table_with
from workbench.core.finding_page import OUTSIDE, Bearing
from workbench.core.model import Finding
from workbench.core.number_format import number
from workbench.core.plot import Mark, Shape
from workbench.core.printed import listed
from workbench.core.reading import Explained, Kind, Reading, Stated, View, Would, without_numbers
from workbench.core.typed_json import read

ASKS = "What do all findings on the question come to?"
SHORT = "All findings together"
_COLUMNS = (
    ("model", "text", "Model"),
    ("role", "text", "Role"),
    ("statistic", "number", "Closeness, points"),
    ("low", "number", "Low"),
    ("high", "number", "High"),
)


def reading(finding: Finding, headline: str) -> Reading | None:
    """The finding as it is read; None where no finding that was combined places the models beside each other."""
    values = read(OpinionValues, finding.values)
    marks = _marks(finding, values)
    if not marks:
        return None
    shown = page(finding, {})
    main = forest(
        f"How close is each model to {values.protected}?",
        shown.picture.description if shown.picture else headline,
        marks,
        f"closeness to {values.protected}, in points; lines are intervals over prompts",
        table_with(
            _COLUMNS,
            [[getattr(row, name) for name, _, _ in _COLUMNS] for row in rows_in(ClosenessRow, finding, "closeness")],
        ),
    )
    piled = [
        replace(mark, y=0.0) if mark.shape is Shape.SUSPECT else replace(mark, y=0.0, low=None, high=None, piled=True)
        for mark in marks
    ]
    outside = OUTSIDE in values.caution
    return Reading(
        asks=ASKS,
        short=SHORT,
        answer=answer(finding, values),
        sentence=without_numbers(values.answer[:1].upper() + values.answer[1:] if outside else headline),
        outside=values.caution if outside else "",
        disclaimer=shown.not_said,
        sketch=heap(piled, answer(finding, values)),
        views=(View("models", "Models", main.title, main, _rests_on(values)),),
        would=tuple(Would(Kind.MORE, f"{what[:1].upper()}{what[1:]}.", "") for what in values.change),
        numbers=_numbers(finding, values),
        computed="by a written rule, without weights of its own",
        explanations=tuple(
            Explained(row.explanation, row.done, row.result, Bearing(row.so), row.but)
            for row in rows_in(ExplanationRow, finding, "explanations")
        ),
    )


def answer(finding: Finding, values: OpinionValues) -> str:
    """The answer in a handful of words: those of the finding that it rests on, unless findings contradict it."""
    if values.verdict == Verdict.CONTRADICTION:
        return "No one answer: findings point both ways"
    basis = [row.brief for row in rows_in(StatedRow, finding, "findings") if row.basis]
    return basis[0].rstrip(".") if basis else "Nothing compares the models"


def _rests_on(values: OpinionValues) -> str:
    many = "finding" if len(values.basis) == 1 else "findings"
    return f"the answer rests on {many} {listed([str(one) for one in values.basis], 20)}" if values.basis else ""


def _marks(finding: Finding, values: OpinionValues) -> list[Mark]:
    dates = released(finding)
    placed = sorted(
        rows_in(ClosenessRow, finding, "closeness"), key=lambda row: (row.role != "suspect", -row.statistic)
    )
    return [
        Mark(
            name=row.model,
            x=row.statistic,
            y=float(at),
            shape=shape_of(row.role),
            value=f"{number(row.statistic)} points, {number(row.low)} to {number(row.high)}",
            more=out_in(dates, row.model),
            low=row.low,
            high=row.high,
            target=f"of:{row.model}" if row.role == "suspect" else f"compare:{values.suspect}|{row.model}",
            strong=row.role == "suspect",
        )
        for at, row in enumerate(placed)
    ]


def _numbers(finding: Finding, values: OpinionValues) -> tuple[Stated, ...]:
    counted = [row for row in rows_in(StatedRow, finding, "findings") if row.counted]

    def said(name: str, numbers: tuple[int, ...]) -> Stated:
        return Stated(name, f"{len(numbers)} of {len(counted)}", listed([str(one) for one in numbers], 20))

    return (
        said("Point towards the source", values.points_for),
        said("Point away from it", values.points_against),
        said("Found nothing, or both alike", values.found_nothing),
    )

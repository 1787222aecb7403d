"""`closest_source` as it is read: each model beside the protected one, and who decides it."""

from __future__ import annotations

from workbench.analyses.closest_source.values import ClosestSourceValues, ModelRow, RemovedRow, ViewRow
from workbench.analyses.scoring.reading import forest, heap, out_in, released, rows_in, shape_of, table_with
from workbench.core.model import Finding
from workbench.core.number_format import number
from workbench.core.plot import Axis, Dash, Ink, Line, Mark, Plot, Row, Shape, Tick, Upright, nice_ticks
from workbench.core.printed import p_value
from workbench.core.reading import Kind, Reading, Stated, Sure, View, Would, without_numbers
from workbench.core.typed_json import read

ASKS = "Is the suspect closer than unrelated models are?"
SHORT = "Closer than unrelated models?"
_COLUMNS = (
    ("model", "text", "Model"),
    ("role", "text", "Role"),
    ("statistic", "number", "Closeness, points"),
    ("low", "number", "Low"),
    ("high", "number", "High"),
)


def reading(finding: Finding, headline: str) -> Reading:
    """The finding as it is read."""
    values = read(ClosestSourceValues, finding.values)
    marks = _marks(finding)
    label = f"closeness to {values.protected}, in points; lines are {_percent(values)} intervals over prompts"
    main = forest(
        f"How close is each model to {values.protected}?",
        headline,
        marks,
        label,
        table_with(
            _COLUMNS, [[getattr(row, name) for name, _, _ in _COLUMNS] for row in rows_in(ModelRow, finding, "models")]
        ),
    )
    sketch = heap(
        [
            Mark(m.name, m.x, 0, m.shape, low=m.low, high=m.high, strong=m.strong)
            if m.shape is Shape.SUSPECT
            else Mark(m.name, m.x, 0, m.shape, piled=True)
            for m in marks
        ],
        answer(values),
    )
    return Reading(
        asks=ASKS,
        short=SHORT,
        answer=answer(values),
        sentence=without_numbers(headline),
        disclaimer=(
            f"This is not the probability that {values.suspect} was trained on {values.protected}. "
            "It says nothing of how any closeness arose."
        ),
        sketch=sketch,
        views=(
            View("models", "Models", main.title, main),
            View("without", "Leave one out", "Does one control decide it?", _without(finding)),
            View("views", f"Views {len(values.views)}", "Does it hold in each view of the text?", _views(finding)),
        ),
        sure=_sure(finding),
        would=_would(values),
        numbers=_numbers(values),
        computed=f"{finding.parameters['replicates']} drawings, seed {finding.seed}",
        asks_for_rung=2,
    )


def answer(values: ClosestSourceValues) -> str:
    """The answer in a handful of words."""
    number = values.n_controls
    if values.rank == 1:
        return f"Closer than all {number} controls"
    ahead = values.rank - 1
    return f"{ahead} of {number} controls {'is' if ahead == 1 else 'are'} as close or closer"


def _percent(values: ClosestSourceValues) -> str:
    return f"{100 * values.confidence:g} %"


def _marks(finding: Finding) -> list[Mark]:
    dates = released(finding)
    suspect = read(ClosestSourceValues, finding.values).suspect
    marks: list[Mark] = []
    for row in rows_in(ModelRow, finding, "models"):
        own = row.role == "suspect"
        marks.append(
            Mark(
                name=row.model,
                x=row.statistic,
                y=float(len(marks)),
                shape=shape_of(row.role),
                value=f"{number(row.statistic)} points, {number(row.low)} to {number(row.high)}",
                more=f"place {row.place}, {out_in(dates, row.model)}",
                low=row.low,
                high=row.high,
                target=f"of:{suspect}" if own else f"compare:{suspect}|{row.model}",
                strong=own,
            )
        )
    return marks


def _without(finding: Finding) -> Plot:
    """The suspect's closeness when each control is left out in turn, beside the closest of those that are left."""
    rows = rows_in(RemovedRow, finding, "leave_one_out")
    values = read(ClosestSourceValues, finding.values)
    suspect = values.suspect
    marks = []
    for row in rows:
        said = f"without it: {number(row.statistic)} points, place {row.rank}"
        target = f"compare:{suspect}|{row.removed}"
        marks.append(Mark(row.removed, row.statistic, 0, Shape.SUSPECT, said, target=target, piled=True))
        nearest = f"closest control left: {number(row.next_statistic)} points"
        marks.append(
            Mark(
                row.removed,
                row.next_statistic,
                1,
                Shape.CONTROL,
                nearest,
                "when it is left out",
                target=target,
                piled=True,
            )
        )
    ends = [mark.x for mark in marks] or [0.0, 1.0]
    low, high = min([*ends, 0.0]), max(ends) * 1.04
    ticks = tuple(Tick(at, f"{at:g}".replace("-", "−")) for at in nice_ticks(low, high))
    firsts = sum(row.rank == 1 for row in rows)
    return Plot(
        title="Does one control decide it?",
        axis=Axis(
            low,
            high,
            ticks,
            f"closeness to {values.protected} with each control left out in turn, in points",
        ),
        description=f"{suspect} comes first in {firsts} of {len(rows)} comparisons with one control left out.",
        rows=(Row(suspect, 4.0, Shape.SUSPECT, strong=True), Row("closest of the others", 4.0, Shape.CONTROL)),
        marks=tuple(marks),
        notes=(f"It comes first in {firsts} of {len(rows)}.",),
        key="without",
        table=finding.tables.get("leave_one_out", table_with((), ())),
    )


def _views(finding: Finding) -> Plot:
    rows = rows_in(ViewRow, finding, "views")
    suspect = read(ClosestSourceValues, finding.values).suspect
    marks: list[Mark] = []
    names: list[Row] = []
    lines: list[Line] = []
    for at, row in enumerate(rows):
        names.append(Row(str(row.view)))
        if row.statistic is None:
            continue
        place = f"{number(row.statistic)} points, place {row.rank}"
        if row.next_statistic is not None:
            marks.append(
                Mark(
                    str(row.next),
                    row.next_statistic,
                    float(at),
                    Shape.CONTROL,
                    f"{number(row.next_statistic)} points in {row.view}",
                    "the closest of the others",
                    target=f"compare:{suspect}|{row.next}",
                )
            )
            lines.append(Line(((row.next_statistic, float(at)), (row.statistic, float(at))), Ink.HAIR, weight=2.0))
        marks.append(Mark(suspect, row.statistic, float(at), Shape.SUSPECT, place, f"in {row.view}", strong=True))
    ends = [mark.x for mark in marks] or [0.0, 1.0]
    low, high = min([*ends, 0.0]), max(ends) * 1.05
    first = sum(row.rank == 1 for row in rows)
    return Plot(
        title="Does it hold in each view of the text?",
        axis=Axis(
            low,
            high,
            tuple(Tick(at, f"{at:g}".replace("-", "−")) for at in nice_ticks(low, high)),
            "closeness in each view, in points; the other mark is the closest control of that view",
        ),
        description=f"{suspect} comes first in {first} of {len(rows)} views of the text.",
        rows=tuple(names),
        lines=(Upright(((0.0, 0.0),), Ink.QUIET, Dash.SOLID), *lines),
        marks=tuple(marks),
        notes=(f"First in {first} of {len(rows)} views.",),
        key="views",
        table=finding.tables.get("views", table_with((), ())),
    )


def _sure(finding: Finding) -> tuple[Sure, ...]:
    values = read(ClosestSourceValues, finding.values)
    rank, models = values.rank, values.n_models
    drawn = round(1 / max(values.p_prompts, 1e-9)) - 1 if values.share_of_replicates_first == 1 else 0
    draws = int(finding.parameters.get("replicates", drawn) or drawn)
    firsts = round(values.share_of_replicates_first * draws)
    without = rows_in(RemovedRow, finding, "leave_one_out")
    first = sum(row.rank == 1 for row in without)
    sure = [
        Sure(
            f"{rank} of {models}",
            "its rank among models",
            f"p_model {p_value(values.p_model)}. With {values.counted_controls} it can't be lower than "
            f"{1 / (values.counted + 1):.3f}.",
        )
    ]
    if draws:
        said = "It came first in all of them." if firsts == draws else f"It did not come first in {draws - firsts}."
        sure.append(Sure(f"{firsts} of {draws}", "drawings of the prompts", said))
    if without:
        said = "It stays first without any of them." if first == len(without) else "One control decides it."
        sure.append(Sure(f"{first} of {len(without)}", "controls left out in turn", said))
    return tuple(sure)


def _would(values: ClosestSourceValues) -> tuple[Would, ...]:
    return (
        Would(Kind.SOURCE, "A third model", "that taught both. Texts alone can't tell."),
        Would(Kind.CONTROLS, "Controls with its base.", "Likeness to a shared base is not likeness to a source."),
        Would(Kind.MORE, "More controls.", f"With these no rank is rarer than 1 in {values.counted + 1}."),
    )


def _numbers(values: ClosestSourceValues) -> tuple[Stated, ...]:
    low, high = values.interval
    return (
        Stated(
            f"Closeness of {values.suspect}",
            f"{number(values.statistic)} points",
            f"{number(low)} to {number(high)}",
        ),
        Stated("Rank", f"{values.rank} of {values.n_models}", f"p_model {p_value(values.p_model)}"),
        Stated("Matched prompts", f"{values.n_prompts:,}", f"p over prompts {p_value(values.p_prompts)}"),
    )

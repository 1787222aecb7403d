"""`training_set` as it is read: how much of what was published agrees with the answers of each model."""

from __future__ import annotations

from workbench.analyses.scoring.reading import axis_of, plain_axis, rows_in, shape_of
from workbench.analyses.training_set.values import ModelRow, TrainingSetValues
from workbench.core.model import Finding
from workbench.core.number_format import number
from workbench.core.plot import Fill, Ink, Mark, Plot, Row, Shape, Upright
from workbench.core.reading import Kind, Reading, Stated, Sure, View, Would, without_numbers
from workbench.core.text import counted
from workbench.core.typed_json import read

ASKS = "Is its text in what the suspect’s makers published?"
_MOST = 60


def reading(finding: Finding, headline: str) -> Reading:
    """The finding as it is read."""
    values = read(TrainingSetValues, finding.values)
    main = shares(finding, headline)
    return Reading(
        asks=ASKS,
        short="Its text in a published set?",
        answer=answer(values),
        sentence=without_numbers(headline),
        disclaimer="A published row says what a set holds, not that the suspect was trained on it.",
        sketch=shares(finding, answer(values), small=True),
        views=(View("models", "Models", "Whose answers stand in it?", main, f"{values.n_rows:,} published rows"),),
        sure=_sure(values),
        would=(
            Would(Kind.SOURCE, "An older source", "that both the set and the model took the text from."),
            Would(Kind.MORE, "Dates of the answers.", f"{values.undated:,} agreements have none."),
        ),
        numbers=(
            Stated("Prompt and answer equal", f"{values.pairs:,}", f"of {values.n_rows:,} published rows"),
            Stated(
                "Long answers equal", f"{values.answers:,}", f"{values.near:,} more nearly, {values.runs:,} in a run"
            ),
            Stated("Before publication", f"{values.before:,}", f"{values.after:,} after, {values.undated:,} undated"),
        ),
        computed=f"{values.n_answers:,} answers of {values.protected}, seed {finding.seed}",
        asks_for_rung=4,
    )


def answer(values: TrainingSetValues) -> str:
    """The answer in a handful of words."""
    equal = values.pairs + values.answers
    if equal:
        return f"{equal:,} of {values.n_rows:,} rows stand in it"
    return "A few near agreements" if values.near + values.runs else "None of its text"


def _sure(values: TrainingSetValues) -> tuple[Sure, ...]:
    said = [
        Sure(
            f"{values.most_of_controls:,}",
            "agreements with a control, at most",
            f"Of {counted(values.n_controls, 'control', 'controls')}.",
        )
    ]
    if values.repetition_pairs:
        said.append(
            Sure(
                f"{values.repetition_equal:,} of {values.repetition_pairs:,}",
                "pairs of its own answers are equal",
                f"Equal by repetition alone: {number(values.bits, 1)} bits a row." if values.bits is not None else "",
            )
        )
    return tuple(said)


def _total(row: ModelRow) -> int:
    return row.pairs + row.equal + row.near + row.runs


def shares(finding: Finding, description: str, *, small: bool = False) -> Plot:
    """A bar a model, the protected side on top, then the others by their agreements."""
    models = rows_in(ModelRow, finding, "by_model")
    own = [row for row in models if row.role == "protected"]
    others = sorted((row for row in models if row.role != "protected"), key=lambda row: -_total(row))
    shown = (own + others)[: 4 if small else _MOST]
    marks = tuple(
        Mark(
            name=row.model,
            x=float(_total(row)),
            y=float(at),
            shape=Shape.BAR,
            value=f"{row.pairs + row.equal:,} word for word, {row.near + row.runs:,} nearly or in a run",
            more=f"{100 * row.share_of_set:.2g} % of the published rows; {row.answers:,} answers",
            low=0.0,
            target=f"of:{row.model}",
            strong=row.role == "protected",
            ink=Ink.PROTECTED if row.role == "protected" else Ink.CONTROL,
        )
        for at, row in enumerate(shown)
    )
    rows = tuple(
        Row(row.model, strong=row.role == "protected", shape=Shape.NONE if small else shape_of(row.role))
        for row in shown
    )
    hidden = len(models) - len(shown)
    ends = [0.0, *(mark.x for mark in marks), 1.0]
    axis = plain_axis(ends) if small else axis_of(ends, "published rows that agree with an answer")
    return Plot(
        title="Whose answers stand in it?",
        axis=axis,
        description=description,
        rows=rows or (Row("", fill=Fill.CLEAR),),
        lines=(Upright(((0.0, 0.0),), Ink.STRONG),),
        marks=marks,
        notes=(f"{counted(hidden, 'model', 'models')} with less are in the table alone",)
        if hidden and not small
        else (),
        key="shares",
        table=finding.tables["by_model"],
    )

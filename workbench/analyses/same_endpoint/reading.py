"""`same_endpoint` as it is read: how far each model is from the protected one, and that one from itself."""

from __future__ import annotations

from workbench.analyses.same_endpoint.values import EndpointValues, ModelRow
from workbench.analyses.scoring.reading import axis_of, out_in, plain_axis, released, rows_in, shape_of
from workbench.core.model import Finding
from workbench.core.number_format import number, percent
from workbench.core.plot import Dash, Fill, Ink, Mark, Plot, Row, Shape, Upright
from workbench.core.printed import p_value
from workbench.core.reading import Kind, Reading, Stated, Sure, View, Would, without_numbers
from workbench.core.text import counted
from workbench.core.typed_json import read

ASKS = "Is it the protected model under another name?"
_MOST = 60
"""Models that the picture shows; the table has all."""


def reading(finding: Finding, headline: str) -> Reading:
    """The finding as it is read."""
    values = read(EndpointValues, finding.values)
    plot = distances(finding, headline)
    return Reading(
        asks=ASKS,
        short="The protected model itself?",
        answer=answer(values),
        sentence=without_numbers(headline),
        disclaimer=(
            "Whether it relays the protected model or runs a copy of it is not visible in the answers."
            if values.same
            else "Told apart clears no one: another system prompt, temperature or version differs as well."
        ),
        sketch=distances(finding, answer(values), small=True),
        views=(View("distances", "Distances", "How far is each model?", plot, "0: one model asked twice"),),
        sure=_sure(values),
        would=(
            Would(Kind.MORE, "More answers", "to each prompt, with the same settings at the same time."),
            Would(Kind.CONTROLS, "Repeated answers of controls.", f"{values.n_controls} have them here."),
        ),
        numbers=(
            Stated("Distance (MMD²)", number(values.mean, 3), f"p {p_value(values.p)}"),
            Stated("Its upper limit", number(values.upper, 3), percent(values.level)),
            Stated("Rank among models", f"{values.rank} of {values.n_controls + 1}", f"p {p_value(values.p_model)}"),
        ),
        computed=(
            f"{values.n_prompts:,} prompts, {values.assignments:,} {'' if values.exact else 'random '}assignments, "
            f"seed {finding.seed}"
        ),
        asks_for_rung=2,
    )


def answer(values: EndpointValues) -> str:
    """The answer in a handful of words."""
    if values.apart:
        return "No: their answers are told apart"
    return "Can’t be told from it" if values.same else "Neither told apart nor shown to be the same"


def _sure(values: EndpointValues) -> tuple[Sure, ...]:
    return (
        Sure(
            f"{values.told_apart} of {values.n_controls}",
            "controls told apart",
            "Without such controls it is not known what the prompts can tell."
            if not values.n_controls
            else "A control that is not told apart says that the prompts are too easy.",
        ),
        Sure(
            number(values.detectable, 3),
            "would have been found",
            "At p = 0.05, in 80 % of cases; a smaller distance may be missed.",
        ),
    )


def distances(finding: Finding, description: str, *, small: bool = False) -> Plot:
    """A row a model with its interval over prompts, the nearest on top; the dashed line is the margin of sameness."""
    values, dates = read(EndpointValues, finding.values), released(finding)
    models = sorted(rows_in(ModelRow, finding, "by_model"), key=lambda row: row.distance)
    shown = [row for at, row in enumerate(models) if at < _MOST or row.role != "control"]
    marks = tuple(
        Mark(
            name=f"{row.model} (halves)" if row.role == "itself" else row.model,
            x=row.distance,
            y=float(at),
            shape=Shape.PROTECTED if row.role == "itself" else shape_of(row.role),
            value=f"MMD² {number(row.distance, 3)} ({number(row.low, 3)} to {number(row.high, 3)})",
            more=f"{counted(row.prompts, 'prompt', 'prompts')}; {out_in(dates, row.model)}",
            low=row.low,
            high=row.high,
            target=f"of:{row.model}" if row.role in ("suspect", "itself") else f"compare:{values.member}|{row.model}",
            strong=row.role == "suspect",
        )
        for at, row in enumerate(shown)
    )
    ends = [0.0, *(end for row in shown for end in (row.low, row.high))]
    lines = [Upright(((0.0, 0.0),), Ink.QUIET)]
    if values.margin is not None:
        ends.append(values.margin)
        words = "" if small else "its halves: 95 %"
        lines.append(Upright(((values.margin, 0.0),), Ink.STRONG, Dash.DASHED, words=words))
    hidden = len(models) - len(shown)
    label = f"distance (MMD²) from {values.member}"
    rows = tuple(
        Row("" if small else m.name, strong=m.strong, fill=Fill.SUSPECT if m.strong else Fill.CLEAR, target=m.target)
        for m in marks
    )
    return Plot(
        title="How far is each model?",
        axis=plain_axis(ends) if small else axis_of(ends, label),
        description=description,
        rows=rows,
        lines=tuple(lines),
        marks=marks,
        notes=(f"{counted(hidden, 'model', 'models')} farther away are in the table alone",) if hidden else (),
        key="distances",
        table=finding.tables["by_model"],
    )

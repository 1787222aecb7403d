"""`exposure` as it is read: how much closer the suspect is to what was served, by how rare that is."""

from __future__ import annotations

from workbench.analyses.exposure.values import ExposureValues, TenthRow
from workbench.analyses.scoring.reading import axis_of, plain_axis, rows_in
from workbench.core.model import Finding
from workbench.core.number_format import number
from workbench.core.plot import Dash, Ink, Mark, Plot, Row, Shape, Upright
from workbench.core.printed import p_value
from workbench.core.reading import Kind, Reading, Stated, Sure, View, Would, without_numbers
from workbench.core.text import counted
from workbench.core.typed_json import read

ASKS = "Did it learn what certain accounts were served?"
_LEVEL = 0.001


def reading(finding: Finding, headline: str) -> Reading:
    """The finding as it is read."""
    values = read(ExposureValues, finding.values)
    plot = by_rarity(finding, headline)
    return Reading(
        asks=ASKS,
        short="What certain accounts were served?",
        answer=answer(values),
        sentence=without_numbers(headline),
        disclaimer="Siblings are answers of the same model to the same prompts that were delivered to no one.",
        sketch=by_rarity(finding, answer(values), small=True),
        views=(View("rarity", "By rarity", "Is it closer to what was served?", plot, "rare answers below"),),
        sure=(
            Sure(p_value(values.p), "p over assignments", f"{values.assignments:,} of them."),
            Sure(
                f"{number(values.detectable)} sd",
                "would have been found",
                "At p = 0.001, in 80 % of cases; a smaller effect may be missed.",
            ),
        ),
        would=(
            Would(Kind.SOURCE, "Publication", "of the served answers."),
            Would(Kind.MORE, "More prompts.", f"There are {values.n_prompts:,} here."),
        ),
        numbers=(
            Stated("Mean effect", f"{number(values.mean)} sd", f"p {p_value(values.p)}"),
            Stated("Prompts", f"{values.n_prompts:,}", f"{values.n_empty:,} without any difference"),
            Stated("Siblings of each", number(values.siblings_of_each, 1), ""),
        ),
        computed=f"{values.assignments:,} {'all' if values.exact else 'random'} assignments, seed {finding.seed}",
        asks_for_rung=5,
    )


def answer(values: ExposureValues) -> str:
    """The answer in a handful of words."""
    if values.p <= _LEVEL and values.mean > 0:
        return "Closer to what was served"
    return "No closer to what was served"


def by_rarity(finding: Finding, description: str, *, small: bool = False) -> Plot:
    """A row for each part of the prompts, from common to rare served answers, with its interval."""
    parts = rows_in(TenthRow, finding, "by_rarity")
    marks = tuple(
        Mark(
            name=_name(at, len(parts)),
            x=row.mean,
            y=float(at),
            shape=Shape.RING,
            value=f"{number(row.mean)} sd, {number(row.low)} to {number(row.high)}",
            more=counted(row.prompts, "prompt", "prompts"),
            low=row.low,
            high=row.high,
            ink=Ink.STRONG,
        )
        for at, row in enumerate(parts)
    )
    ends = [0.0, *(end for row in parts for end in (row.low, row.high))]
    label = "closeness to the served answer less that to its siblings, in sd"
    axis = plain_axis(ends) if small else axis_of(ends, label)
    own = read(ExposureValues, finding.values).mean
    return Plot(
        title="Is it closer to what was served?",
        axis=axis,
        description=description,
        rows=tuple(Row("" if small else mark.name) for mark in marks) or (Row(),),
        lines=(Upright(((0.0, 0.0),), Ink.STRONG), Upright(((own, 0.0),), Ink.SECOND, Dash.DASHED)),
        marks=marks,
        key="rarity",
        table=finding.tables["by_rarity"],
    )


def _name(at: int, parts: int) -> str:
    if at == 0:
        return "most common"
    return "rarest" if at == parts - 1 else f"part {at + 1} of {parts}"

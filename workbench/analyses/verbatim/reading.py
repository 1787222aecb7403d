"""`verbatim` as it is read: unpredictable text shared with the protected side, each model in the suspect's place."""

from __future__ import annotations

from dataclasses import replace

from workbench.analyses.scoring.reading import axis_of, heap, out_in, released, rows_in, shape_of
from workbench.analyses.verbatim.values import ModelRow, PassageRow, VerbatimValues
from workbench.core.model import Finding
from workbench.core.number_format import number
from workbench.core.plot import Fill, Ink, Mark, Plot, Row, Shape, Upright
from workbench.core.printed import p_value
from workbench.core.reading import Kind, Reading, Stated, Sure, View, Would, without_numbers
from workbench.core.text import counted, one_line
from workbench.core.typed_json import read

ASKS = "Does it repeat what no other model would write?"
_MOST = 60
"""Models that a picture shows; the table has all."""


def reading(finding: Finding, headline: str) -> Reading:
    """The finding as it is read."""
    values = read(VerbatimValues, finding.values)
    marks = _marks(finding)
    own = [replace(m, y=0.0, shape=m.shape, piled=m.shape is not Shape.SUSPECT) for m in marks]
    passages = rows_in(PassageRow, finding, "passages")
    views = [View("models", "Models", "Who else shares as much?", scores(finding, headline), "bits of shared text")]
    if passages:
        views.append(
            View(
                "passages", "Passages", "How surprising is each passage?", _passages(finding), f"{len(passages)} shown"
            )
        )
    return Reading(
        asks=ASKS,
        short="Passages no one else writes?",
        answer=answer(values),
        sentence=without_numbers(headline),
        disclaimer="Which of the two wrote a passage first is not visible in the text.",
        sketch=heap(own, answer(values), ASKS),
        views=tuple(views),
        sure=_sure(values),
        would=(
            Would(Kind.SOURCE, "A public source", "that has these passages."),
            Would(Kind.CONTROLS, "More controls", "that learned from the same public texts."),
        ),
        numbers=(
            Stated("Shared text", f"{number(values.score, 0)} bits", f"above {number(values.threshold, 0)} a prompt"),
            Stated("Rank among models", f"{values.rank} of {values.n_controls + 1}", f"p {p_value(values.p_model)}"),
            Stated(
                "Prompts with a strong passage",
                f"{values.strong_prompts:,} of {values.n_prompts:,}",
                f"no control on more than {values.strong_prompts_of_controls}",
            ),
        ),
        computed=f"{counted(values.pairs, 'pair', 'pairs')} of controls set the threshold, seed {finding.seed}",
        asks_for_rung=4,
    )


def answer(values: VerbatimValues) -> str:
    """The answer in a handful of words."""
    if values.rank == 1 and values.score > 0:
        return f"More than all {values.n_controls} controls"
    return f"No more than controls: rank {values.rank} of {values.n_controls + 1}"


def _sure(values: VerbatimValues) -> tuple[Sure, ...]:
    searched = (
        f"Searched for them: {values.searched}. None was found."
        if values.searched
        else "No public source was searched for these passages yet."
    )
    return (
        Sure(
            f"{values.rank} of {values.n_controls + 1}", "its rank among models", f"p_model {p_value(values.p_model)}."
        ),
        Sure(f"{values.strong_prompts:,}", "prompts with a strong passage", searched),
    )


def _marks(finding: Finding) -> list[Mark]:
    """A mark a model, the highest first; the suspect is always among them."""
    values, dates = read(VerbatimValues, finding.values), released(finding)
    models = rows_in(ModelRow, finding, "by_model")
    ordered = sorted(models, key=lambda row: -row.score)
    shown = [row for at, row in enumerate(ordered) if at < _MOST or row.model == values.suspect]
    return [
        Mark(
            name=row.model,
            x=row.score,
            y=float(at),
            shape=shape_of("suspect" if row.model == values.suspect else "control"),
            value=f"{number(row.score, 0)} bits on {counted(row.prompts_above, 'prompt', 'prompts')}",
            more=f"longest passage {row.longest} tokens; {out_in(dates, row.model)}",
            target=f"of:{row.model}" if row.model == values.suspect else f"compare:{values.suspect}|{row.model}",
            strong=row.model == values.suspect,
        )
        for at, row in enumerate(shown)
    ]


def scores(finding: Finding, description: str) -> Plot:
    """Each model in the suspect's place, the highest on top."""
    values, marks = read(VerbatimValues, finding.values), _marks(finding)
    hidden = len(finding.tables["by_model"].rows) - len(marks)
    rows = tuple(
        Row(m.name, strong=m.strong, fill=Fill.SUSPECT if m.strong else Fill.CLEAR, target=m.target) for m in marks
    )
    label = f"bits of unpredictable text shared with {values.protected}, above {values.threshold:.0f} a prompt"
    return Plot(
        title="Who else shares as much?",
        axis=axis_of([0.0, *(m.x for m in marks)], label),
        description=description,
        rows=rows,
        lines=(Upright(((0.0, 0.0),), Ink.QUIET),),
        marks=tuple(marks),
        notes=(f"{counted(hidden, 'model', 'models')} with less are in the table alone",) if hidden else (),
        key="scores",
        table=finding.tables["by_model"],
    )


def _passages(finding: Finding) -> Plot:
    """A mark a passage at its bits."""
    values = read(VerbatimValues, finding.values)
    passages = rows_in(PassageRow, finding, "passages")
    marks = tuple(
        Mark(
            name=f"“{one_line(row.text, 90)}”",
            x=row.bits,
            y=0.0,
            shape=Shape.CONTROL,
            value=f"{number(row.bits, 0)} bits, {counted(row.tokens, 'token', 'tokens')}",
            more=f"also in {row.source}",
            target=f"compare:{values.suspect}|{row.source}",
            piled=True,
        )
        for row in passages
    )
    lines = (Upright(((values.strong_bits, 0.0),), Ink.QUIET, words="counted as strong"),)
    return Plot(
        title="How surprising is each passage?",
        axis=axis_of([values.strong_bits, *(m.x for m in marks)], "bits of a passage, to all other models"),
        description=f"The most surprising passage has {number(max(m.x for m in marks), 0)} bits.",
        rows=(Row("", 7.0),),
        lines=lines,
        marks=marks,
        key="passages",
        table=finding.tables["passages"],
    )

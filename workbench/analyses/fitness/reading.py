"""`fitness` as it is read: every corpus as a cell, with what is wrong with it."""

from __future__ import annotations

from workbench.analyses.fitness.values import CorpusRow, FitnessValues
from workbench.analyses.scoring.reading import rows_in, table_with
from workbench.core.model import Finding
from workbench.core.plot import Axis, Ink, Mark, Plot, Row, Shape
from workbench.core.reading import Kind, Reading, Stated, View, Would
from workbench.core.typed_json import read

ASKS = "Can the material answer the question?"
SHORT = ASKS
_ACROSS = 14
_INKS = {"doubtful": Ink.WARN, "unfit": Ink.SUSPECT}
_COLUMNS = (
    ("model", "text", "Model"),
    ("role", "text", "Role"),
    ("verdict", "text", "Verdict"),
    ("reasons", "text", "Reasons"),
    ("answers", "integer", "Answers"),
    ("shared", "integer", "Shared prompts"),
)


def reading(finding: Finding, headline: str) -> Reading:
    """The finding as it is read."""
    values = read(FitnessValues, finding.values)
    cells = _cells(finding)
    table = table_with(
        _COLUMNS, [[getattr(row, name) for name, _, _ in _COLUMNS] for row in rows_in(CorpusRow, finding, "corpora")]
    )
    judged = len(values.judged)
    main = Plot(
        title="Which corpora are fit?",
        axis=Axis(-0.5, _ACROSS - 0.5),
        description=headline,
        rows=tuple(Row("", 1.7) for _ in range(-(-judged // _ACROSS))),
        marks=tuple(cells),
        key="cells",
        table=table,
    )
    return Reading(
        asks=ASKS,
        short=SHORT,
        answer=answer(values),
        sentence=headline,
        disclaimer="Fit says only that the question may be asked of this material, not what the answer is.",
        sketch=Plot(
            title=ASKS,
            axis=main.axis,
            description=answer(values),
            rows=tuple(Row() for _ in main.rows),
            marks=main.marks,
            key="cells",
        ),
        views=(View("corpora", "Corpora", main.title, main, f"{judged} corpora, each a cell"),),
        would=(
            Would(Kind.MORE, "Answers to prompts that are missing.", f"{values.n_prompts_both:,} are shared now."),
            Would(Kind.CONTROLS, "More controls.", f"{values.n_controls_usable} of {values.n_controls} can be used."),
        ),
        numbers=(
            Stated("Fit", f"{values.n_fit} of {judged}", _beside(values)),
            Stated("Controls that can be used", f"{values.n_controls_usable} of {values.n_controls}"),
            Stated("Prompts that both sides answered", f"{values.n_prompts_both:,} of {values.n_prompts_suspect:,}"),
        ),
        computed="counted, nothing is drawn by chance",
        fit=values.verdict != "unfit",
    )


def answer(values: FitnessValues) -> str:
    """The answer in a handful of words."""
    said = {"fit": "Yes", "doubtful": "With doubts", "unfit": "No"}.get(values.verdict, values.verdict)
    return f"{said}, {values.n_fit} of {len(values.judged)} are fit"


def _beside(values: FitnessValues) -> str:
    parts = [(values.n_doubtful, "doubtful"), (values.n_unfit, "unfit")]
    return ", ".join(f"{number} {word}" for number, word in parts if number)


def _cells(finding: Finding) -> list[Mark]:
    cells = []
    for at, row in enumerate(rows_in(CorpusRow, finding, "corpora")):
        fit = row.verdict == "fit"
        cells.append(
            Mark(
                name=row.model,
                x=float(at % _ACROSS),
                y=float(at // _ACROSS),
                shape=Shape.CELL if fit else Shape.HOLLOW_CELL,
                value=f"{row.role}, {row.verdict}",
                more=row.reasons or f"{row.shared:,} shared prompts",
                target=f"of:{row.model}",
                ink=_INKS.get(row.verdict),
            )
        )
    return cells

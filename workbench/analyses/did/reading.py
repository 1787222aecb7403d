"""`did` as it is read: the suspect's difference beside those of placebos."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from workbench.analyses.did.values import DidValues, SeatRow
from workbench.analyses.scoring.reading import forest, heap, out_in, released, rows_in, shape_of, table_with
from workbench.core.model import Finding
from workbench.core.number_format import number
from workbench.core.plot import Mark, Shape
from workbench.core.printed import p_value
from workbench.core.reading import Kind, Reading, Stated, Sure, View, Would, without_numbers
from workbench.core.typed_json import read

_COLUMNS = (
    ("model", "text", "Model"),
    ("role", "text", "Role"),
    ("statistic", "number", "Difference, points"),
    ("low", "number", "Low"),
    ("high", "number", "High"),
)


def reading(finding: Finding, headline: str) -> Reading:
    """The finding as it is read."""
    values = read(DidValues, finding.values)
    versions = values.kind == "versions"
    asks = "Is it nearer to one version of the source?" if versions else "Is it more than its base explains?"
    marks = _marks(finding)
    label = (
        f"likeness to {_listed(values.baseline)} less likeness to {_listed(values.older)}, in points"
        if versions
        else f"likeness to {values.protected} beyond that of {_listed(values.baseline)}, in points"
    )
    main = forest(
        "How do other models lean?" if versions else "How much more than its base?",
        headline,
        marks,
        f"{label}; lines are {100 * values.confidence:g} % intervals",
        table_with(
            _COLUMNS, [[getattr(row, name) for name, _, _ in _COLUMNS] for row in rows_in(SeatRow, finding, "models")]
        ),
    )
    own = [replace(m, y=0.0, piled=m.shape is not Shape.SUSPECT) for m in marks]
    without_ends = [m if m.shape is Shape.SUSPECT else replace(m, low=None, high=None) for m in own]
    return Reading(
        asks=asks,
        short="More to one version?" if versions else "More than its base explains?",
        answer=answer(values),
        sentence=without_numbers(headline),
        disclaimer=f"This is not the probability that {values.suspect} was trained on {values.protected}.",
        sketch=heap(without_ends, answer(values)),
        views=(View("models", "Models", main.title, main, str(values.name)),),
        sure=_sure(values),
        would=_would(values, versions=versions),
        numbers=(
            Stated(f"Difference of {values.suspect}", f"{number(values.statistic)} points", _interval(values)),
            Stated("Rank among placebos", f"{values.rank} of {values.n_seats}", f"p_model {p_value(values.p_model)}"),
            Stated("Matched prompts", f"{values.n_prompts:,}", f"p over prompts {p_value(values.p_prompts)}"),
        ),
        computed=f"{values.flips:,} flips of sign, seed {finding.seed}",
        asks_for_rung=0 if versions else 3,
    )


def answer(values: DidValues) -> str:
    """The answer in a handful of words."""
    placebos = values.n_seats - 1
    if values.kind == "versions":
        return f"More to {_listed(values.baseline)}" if values.rank == 1 else "To neither"
    if values.rank == 1:
        return f"More than for {placebos} placebos"
    ahead = values.rank - 1
    return f"{ahead} of {placebos} placebos show as much"


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names)


def _interval(values: DidValues) -> str:
    low, high = values.interval
    return f"{number(low)} to {number(high)}"


def _marks(finding: Finding) -> list[Mark]:
    dates, suspect = released(finding), read(DidValues, finding.values).suspect
    return [
        Mark(
            name=row.model,
            x=row.statistic,
            y=float(at),
            shape=shape_of(row.role),
            value=f"{number(row.statistic)} points, {number(row.low)} to {number(row.high)}",
            more=f"place {row.place}, {out_in(dates, row.model)}",
            low=row.low,
            high=row.high,
            target=f"of:{suspect}" if row.role == "suspect" else f"compare:{suspect}|{row.model}",
            strong=row.role == "suspect",
        )
        for at, row in enumerate(rows_in(SeatRow, finding, "models"))
    ]


def _sure(values: DidValues) -> tuple[Sure, ...]:
    seats = values.n_seats
    return (
        Sure(
            f"{values.rank} of {seats}",
            "its rank among models",
            f"p_model {p_value(values.p_model)}. With {values.counted} placebos it can't be lower than "
            f"{1 / (values.counted + 1):.3f}.",
        ),
        Sure(f"{p_value(values.p_prompts)}", "p over prompts", "It says how sure the number is, not how unusual."),
    )


def _would(values: DidValues, *, versions: bool) -> tuple[Would, ...]:
    if versions:
        return (
            Would(
                Kind.MORE,
                "Versions further apart.",
                f"Here {_listed(values.older)} and {_listed(values.baseline)}.",
            ),
            Would(Kind.SOURCE, "A shared teacher", "of both versions would show alike."),
        )
    return (
        Would(Kind.CONTROLS, "Another baseline.", f"Here {_listed(values.baseline)}."),
        Would(Kind.SOURCE, "A third model", "that taught both. Texts alone can't tell."),
    )

"""`keyed_signal` as it is read: the suspect's marks beside random keys, the positive sample and controls."""

from __future__ import annotations

from workbench.analyses.keyed_signal.narrative import chance
from workbench.analyses.keyed_signal.values import KeyRow, ModelRow, SignalValues
from workbench.analyses.scoring.reading import axis_of, plain_axis, rows_in
from workbench.core.model import Finding
from workbench.core.number_format import number, percent
from workbench.core.plot import Dash, Ink, Mark, Plot, Row, Shape, Upright
from workbench.core.printed import p_value
from workbench.core.reading import Kind, Reading, Stated, Sure, View, Would, without_numbers
from workbench.core.typed_json import read

ASKS = "Does it carry the protected model’s keyed signal?"
_KEYS_SHOWN = 99
"""Random keys that the picture shows, evenly from the lowest to the highest; the table has all."""


def reading(finding: Finding, headline: str) -> Reading:
    """The finding as it is read."""
    values = read(SignalValues, finding.values)
    plot = marks(finding, headline)
    needed = "" if values.share_needed is None else f"{percent(values.share_needed)} of its text"
    return Reading(
        asks=ASKS,
        short="A keyed signal?",
        answer=answer(values),
        sentence=without_numbers(headline),
        disclaimer=(
            "A relay of the protected model, or marked text on the web, carries it as well."
            if values.found
            else "Nothing found clears no one: paraphrase and a small share of marked text hide a signal."
        ),
        sketch=marks(finding, answer(values), small=True),
        views=(View("marks", "Marks", "Does the key stand out?", plot, "0: a random key"),),
        sure=(
            Sure(
                f"{values.controls_found} of {values.n_controls}",
                "controls carry it",
                "A control that carries it says that the signal is not the protected model’s alone.",
            ),
            Sure(
                p_value(values.keys_uniform),
                "p that random keys are uniform",
                f"{values.keys} of them." if values.sound else "They are not: no p here is to be relied on.",
            ),
        ),
        would=(
            Would(Kind.SOURCE, "Marked text in public", "that the suspect may have learned."),
            Would(Kind.MORE, "More text", f"There are {values.n_windows:,} windows here."),
        ),
        numbers=(
            Stated("Mean mark", number(values.mean, 4), f"{number(values.expected, 4)} without the key"),
            Stated("Chance", chance(values), f"n = {values.n_windows:,} windows"),
            Stated("Would be found", needed or "not known", "marked as the positive sample is"),
        ),
        computed=f"{values.scheme}, {values.keys} random keys on {values.keys_windows:,} windows, seed {finding.seed}",
        asks_for_rung=5,
    )


def answer(values: SignalValues) -> str:
    """The answer in a handful of words."""
    if values.found:
        return "Its text carries the signal" if values.alone else "It does, and so may others"
    return "The signal is not found" if values.sound else "Random keys say: not usable"


def marks(finding: Finding, description: str, *, small: bool = False) -> Plot:
    """Suspect, positive sample, random keys and controls, each on a row, in standard deviations above a random key."""
    values = read(SignalValues, finding.values)
    models = rows_in(ModelRow, finding, "by_model")
    keys = sorted(rows_in(KeyRow, finding, "keys"), key=lambda row: row.z)
    step = max(1, len(keys) // _KEYS_SHOWN)
    shown = [*keys[::step], keys[-1]]
    places = {"suspect": (0, Shape.SUSPECT), "positive sample": (1, Shape.PROTECTED), "control": (3, Shape.CONTROL)}
    found = [
        Mark(
            name=row.model,
            x=row.z,
            y=float(places[row.role][0]),
            shape=places[row.role][1],
            value=f"{number(row.z, 1)} sd, mean mark {number(row.mean, 4)}",
            more=f"{row.windows:,} windows",
            target=f"of:{row.model}",
            strong=row.role == "suspect",
        )
        for row in models
    ]
    found += [
        Mark(
            name=f"random key {row.number}",
            x=row.z,
            y=2.0,
            shape=Shape.TICK,
            value=f"{number(row.z, 1)} sd",
            ink=Ink.QUIET,
        )
        for row in shown
    ]
    ends = [0.0, *(mark.x for mark in found)]
    names = ("suspect", "positive sample", f"{values.keys} random keys", "controls")
    return Plot(
        title="Does the key stand out?",
        axis=plain_axis(ends) if small else axis_of(ends, "standard deviations above a random key"),
        description=description,
        rows=tuple(Row("" if small else name, strong=not at) for at, name in enumerate(names)),
        lines=(Upright(((0.0, 0.0),), Ink.QUIET, Dash.DASHED),),
        marks=tuple(found),
        key="marks",
        table=finding.tables["by_model"],
    )

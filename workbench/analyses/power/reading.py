"""`power` as it is read: how much would have been found, had it been there."""

from __future__ import annotations

from workbench.analyses.scoring.reading import rows_of
from workbench.core.drawing import Axis, Dash, Drawing, Ink, Line, Mark, Shape, Side, Tick, Words
from workbench.core.model import Finding, Json
from workbench.core.reading import Kind, Reading, Stated, View, Would, without_numbers

ASKS = "If nothing was found, what would have been?"
SHORT = "What would have been found?"
_TARGET = 0.8
_NAMES = {"kin": "another version of the family", "own": "the family itself"}


def reading(finding: Finding, headline: str) -> Reading:
    """The finding as it is read."""
    values = finding.values
    main = _curve(finding, headline)
    return Reading(
        asks=ASKS,
        short=SHORT,
        answer=answer(values),
        sentence=without_numbers(headline),
        disclaimer="It says what this comparison could have seen, not that there was anything to see.",
        sketch=_sketch(finding),
        views=(
            View("curve", "Curve", "How much would have been found?", main, f"{values['n_planted']} controls planted"),
        ),
        would=(
            Would(Kind.MORE, "More prompts.", f"Here {values['n_prompts']:,}."),
            Would(Kind.SOURCE, "Answers changed on the way", "are found less: plants are word for word."),
        ),
        numbers=tuple(
            Stated(
                f"{row['target']:.0%} found, {_NAMES.get(row['scenario'], row['scenario'])}".replace("%", " %"),
                _share(row["share"]),
                f"{_share(row['low'])} to {_share(row['high'])}" if row["low"] is not None else "",
            )
            for row in rows_of(finding, "smallest")
            if row["criterion"] == values["criterion"]
        )[:4],
        computed=f"{values['draws']} plants of each share, seed {finding.seed}",
    )


def answer(values: Json) -> str:
    """The answer in a handful of words."""
    share = values["smallest"]["80"]["share"]
    return "Nothing is found surely" if share is None else f"{share:.0%} relayed, 4 times in 5".replace("%", " %")


def _share(share: float | None) -> str:
    return "not reached" if share is None else f"{share:.0%}".replace("%", " %")


def _points(finding: Finding) -> dict[str, list[dict[str, Json]]]:
    found: dict[str, list[dict[str, Json]]] = {}
    for row in rows_of(finding, "curve"):
        found.setdefault(str(row["scenario"]), []).append(row)
    return found


def _seen(values: Json) -> str:
    return "detected" if values["criterion"] == "lr" else "first"


def _curve(finding: Finding, description: str) -> Drawing:
    values, marks, lines, words = finding.values, [], [], []
    seen = _seen(values)
    for at, (scenario, rows) in enumerate(_points(finding).items()):
        strong = at == 0
        ink = Ink.STRONG if strong else Ink.QUIET
        lines.append(
            Line(
                tuple((row["share"], row[seen]) for row in rows),
                ink,
                Dash.SOLID if strong else Dash.DASHED,
                2.0 if strong else 1.4,
            )
        )
        name = _NAMES.get(scenario, scenario)
        marks += [
            Mark(
                name=f"{_share(row['share'])} relayed",
                x=row["share"],
                y=row[seen],
                shape=Shape.RING,
                value=f"found in {_share(row[seen])} of {row['plants']:,} plants",
                more=f"source: {name}; {_share(row[f'{seen}_low'])} to {_share(row[f'{seen}_high'])}",
                ink=ink,
            )
            for row in rows
        ]
    share = values["smallest"]["80"]["share"]
    if share is not None:
        lines.append(Line(((0.0, _TARGET), (share, _TARGET), (share, 0.0)), Ink.ACCENT, Dash.DOTTED, 1.4))
        words.append(Words(share, 0.06, f" {_share(share)}", Side.RIGHT, Ink.ACCENT, strong=True))
    quarters = (0.0, 0.25, 0.5, 0.75, 1.0)
    return Drawing(
        title="How much would have been found?",
        axis=Axis(
            -0.02, 1.02, tuple(Tick(q, _share(q)) for q in quarters), "share of answers that the suspect would relay"
        ),
        description=description,
        second=Axis(-0.03, 1.05, tuple(Tick(q, _share(q)) for q in quarters), "found"),
        lines=tuple(lines),
        words=tuple(words),
        marks=tuple(marks),
        key="curve",
        table=finding.tables["curve"],
    )


def _sketch(finding: Finding) -> Drawing:
    values = finding.values
    seen = _seen(values)
    rows = next(iter(_points(finding).values()), [])
    share = values["smallest"]["80"]["share"]
    lines = [Line(((-0.02, 0.0), (1.02, 0.0)), Ink.HAIR)]
    lines.append(Line(tuple((row["share"], row[seen]) for row in rows), Ink.STRONG, weight=1.8))
    marks = []
    if share is not None:
        lines.append(Line(((0.0, _TARGET), (share, _TARGET), (share, 0.0)), Ink.SECOND, Dash.DOTTED, 1.2))
        marks.append(Mark(_share(share), share, _TARGET, Shape.RING, ink=Ink.STRONG))
    return Drawing(
        title=ASKS,
        axis=Axis(-0.04, 1.04),
        description=answer(values),
        second=Axis(-0.1, 1.12),
        lines=tuple(lines),
        marks=tuple(marks),
        key="curve",
    )

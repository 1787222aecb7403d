"""`power` as it is read: how much would have been found, had it been there."""

from __future__ import annotations

from workbench.analyses.power.values import FIRST, CurveRow, PowerValues, SmallestRow
from workbench.analyses.scoring.reading import rows_in
from workbench.core.model import Finding
from workbench.core.number_format import percent
from workbench.core.plot import Axis, Dash, Ink, Line, Mark, Plot, Shape, Side, Tick, Words
from workbench.core.reading import Kind, Reading, Stated, View, Would, without_numbers
from workbench.core.typed_json import read

ASKS = "If nothing was found, what would have been?"
SHORT = "What would have been found?"
_TARGET = 0.8
_NAMES = {"kin": "another version of the family", "own": "the family itself"}


def reading(finding: Finding, headline: str) -> Reading:
    """The finding as it is read."""
    values = read(PowerValues, finding.values)
    main = _curve(finding, headline)
    return Reading(
        asks=ASKS,
        short=SHORT,
        answer=answer(values),
        sentence=without_numbers(headline),
        disclaimer="It says what this comparison could have seen, not that there was anything to see.",
        sketch=_sketch(finding),
        views=(
            View("curve", "Curve", "How much would have been found?", main, f"{values.n_planted} controls planted"),
        ),
        would=(
            Would(Kind.MORE, "More prompts.", f"Here {values.n_prompts:,}."),
            Would(Kind.SOURCE, "Answers changed on the way", "are found less: plants are word for word."),
        ),
        numbers=tuple(
            Stated(
                f"{percent(row.target)} found, {_NAMES.get(row.scenario, row.scenario)}",
                _share(row.share),
                f"{_share(row.low)} to {_share(row.high)}" if row.low is not None else "",
            )
            for row in rows_in(SmallestRow, finding, "smallest")
            if row.criterion == values.criterion
        )[:4],
        computed=f"{values.draws} plants of each share, seed {finding.seed}",
    )


def answer(values: PowerValues) -> str:
    """The answer in a handful of words."""
    share = values.smallest["80"].share
    return "Nothing is found surely" if share is None else f"{percent(share)} relayed, 4 times in 5"


def _share(share: float | None) -> str:
    return "not reached" if share is None else percent(share)


def _points(finding: Finding) -> dict[str, list[CurveRow]]:
    found: dict[str, list[CurveRow]] = {}
    for row in rows_in(CurveRow, finding, "curve"):
        found.setdefault(str(row.scenario), []).append(row)
    return found


def _seen(row: CurveRow, values: PowerValues) -> tuple[float, float | None, float | None]:
    """How often plants of a share are found by the criterion of the finding, with its interval."""
    if values.criterion == FIRST:
        return row.first, row.first_low, row.first_high
    return row.detected or 0.0, row.detected_low, row.detected_high


def _curve(finding: Finding, description: str) -> Plot:
    values = read(PowerValues, finding.values)
    marks: list[Mark] = []
    lines: list[Line] = []
    words: list[Words] = []
    for at, (scenario, rows) in enumerate(_points(finding).items()):
        strong = at == 0
        ink = Ink.STRONG if strong else Ink.QUIET
        lines.append(
            Line(
                tuple((row.share, _seen(row, values)[0]) for row in rows),
                ink,
                Dash.SOLID if strong else Dash.DASHED,
                2.0 if strong else 1.4,
            )
        )
        name = _NAMES.get(scenario, scenario)
        for row in rows:
            found, low, high = _seen(row, values)
            marks.append(
                Mark(
                    name=f"{_share(row.share)} relayed",
                    x=row.share,
                    y=found,
                    shape=Shape.RING,
                    value=f"found in {_share(found)} of {row.plants:,} plants",
                    more=f"source: {name}; {_share(low)} to {_share(high)}",
                    ink=ink,
                )
            )
    share = values.smallest["80"].share
    if share is not None:
        lines.append(Line(((0.0, _TARGET), (share, _TARGET), (share, 0.0)), Ink.ACCENT, Dash.DOTTED, 1.4))
        words.append(Words(share, 0.06, f" {_share(share)}", Side.RIGHT, Ink.ACCENT, strong=True))
    quarters = (0.0, 0.25, 0.5, 0.75, 1.0)
    return Plot(
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


def _sketch(finding: Finding) -> Plot:
    values = read(PowerValues, finding.values)
    rows = next(iter(_points(finding).values()), [])
    share = values.smallest["80"].share
    lines = [Line(((-0.02, 0.0), (1.02, 0.0)), Ink.HAIR)]
    lines.append(Line(tuple((row.share, _seen(row, values)[0]) for row in rows), Ink.STRONG, weight=1.8))
    marks = []
    if share is not None:
        lines.append(Line(((0.0, _TARGET), (share, _TARGET), (share, 0.0)), Ink.SECOND, Dash.DOTTED, 1.2))
        marks.append(Mark(_share(share), share, _TARGET, Shape.RING, ink=Ink.STRONG))
    return Plot(
        title=ASKS,
        axis=Axis(-0.04, 1.04),
        description=answer(values),
        second=Axis(-0.1, 1.12),
        lines=tuple(lines),
        marks=tuple(marks),
        key="curve",
    )

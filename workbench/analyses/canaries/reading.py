"""`canaries` as it is read: where each planted marker ranks among secrets that were never served."""

from __future__ import annotations

from math import log10

from workbench.analyses.canaries.values import CanaryValues, RankRow
from workbench.analyses.scoring.reading import rows_in
from workbench.core.model import Finding
from workbench.core.plot import Axis, Ink, Mark, Plot, Row, Shape, Tick, Upright
from workbench.core.reading import Kind, Reading, Stated, Sure, View, Would, without_numbers
from workbench.core.text import counted
from workbench.core.typed_json import read

ASKS = "Does it know secrets that were planted?"


def reading(finding: Finding, headline: str) -> Reading:
    """The finding as it is read."""
    values = read(CanaryValues, finding.values)
    return Reading(
        asks=ASKS,
        short="Does it know planted secrets?",
        answer=answer(values),
        sentence=without_numbers(headline),
        disclaimer="Nothing found clears no one: a marker that was met a few times is hardly ever remembered.",
        sketch=ranks(finding, answer(values), small=True),
        views=(View("ranks", "Ranks", "How high does each marker rank?", ranks(finding, headline), _beside(values)),),
        sure=_sure(values),
        would=(
            Would(Kind.MORE, "More markers.", f"There are {values.n_markers} here."),
            Would(Kind.SOURCE, "A leak", "of the markers to anyone else."),
        ),
        numbers=(
            Stated("Markers that rank high", f"{values.first} of {values.n_ranked}", f"p {_p(values)}"),
            Stated("Markers word for word", f"{values.markers_hit} of {values.n_markers}", ""),
            Stated("Hits of controls", f"{values.hits_of_controls}", ""),
        ),
        computed=f"{values.candidates:,} candidates a marker, {values.positions:,} characters searched",
        asks_for_rung=5,
    )


def answer(values: CanaryValues) -> str:
    """The answer in a handful of words."""
    if values.n_hits:
        return f"{values.markers_hit} of {values.n_markers} stand word for word"
    if values.n_ranked and (values.p is None or values.p <= 0.001):
        return f"{values.first} of {values.n_ranked} rank high"
    return f"No sign of any of {values.n_markers}"


def _p(values: CanaryValues) -> str:
    return f"below {values.below:g}" if values.p is None and values.below else f"{values.p or 0:.2g}"


def _beside(values: CanaryValues) -> str:
    return f"each among {values.candidates:,} that were never served"


def _sure(values: CanaryValues) -> tuple[Sure, ...]:
    said = [
        Sure(
            f"{values.hits_of_controls}",
            "hits of controls",
            "A hit of a control says that the markers have leaked."
            if values.hits_of_controls
            else "No control knows a marker.",
        )
    ]
    if values.unsealed:
        said.append(Sure(f"{values.unsealed}", "markers without a seal from before serving"))
    return tuple(said)


def ranks(finding: Finding, description: str, *, small: bool = False) -> Plot:
    """A mark a marker at its rank, on a logarithmic axis; what ranks left of the dashed line counts."""
    values = read(CanaryValues, finding.values)
    marks = tuple(
        Mark(
            name=f"marker {row.marker}",
            x=log10(row.rank),
            y=0.0,
            shape=Shape.RING,
            value=f"rank {row.rank:,} of {row.candidates:,}",
            more=f"{row.kind}; {'word for word' if row.contained else counted(row.answers, 'answer', 'answers')}",
            target=f"of:{values.suspect}",
            strong=row.rank <= values.within,
            piled=True,
            ink=Ink.STRONG if row.rank <= values.within else Ink.QUIET,
        )
        for row in rows_in(RankRow, finding, "ranks")
        if row.rank is not None
    )
    most = log10(max(2, values.candidates))
    ticks = tuple(Tick(float(at), f"{10**at:,}") for at in range(int(most) + 1))
    words = "" if small else f"counts: {values.within} or better"
    return Plot(
        title="How high does each marker rank?",
        axis=Axis(-0.12, most + 0.1, () if small else ticks, "" if small else "rank of a marker; 1 is the highest"),
        description=description,
        rows=(Row("", 1.0 if small else 6.0),),
        lines=(Upright(((log10(values.within + 0.5), 0.0),), Ink.STRONG, words=words),),
        marks=marks,
        key="ranks",
        table=finding.tables["ranks"],
    )

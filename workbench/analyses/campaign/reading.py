"""`campaign` as it is read: how the accounts of each cluster move together, and its calls by day."""

from __future__ import annotations

from datetime import date

from workbench.analyses.campaign.values import CampaignValues, ClusterRow, DayRow, TestRow
from workbench.analyses.scoring.reading import axis_of, plain_axis, rows_in, spread
from workbench.core.model import Finding
from workbench.core.number_format import number
from workbench.core.plot import Axis, Band, Ink, Line, Mark, Plot, Row, Shape, Tick, Upright, nice_ticks
from workbench.core.printed import p_value
from workbench.core.reading import Kind, Reading, Stated, Sure, View, Would, without_numbers
from workbench.core.text import counted
from workbench.core.typed_json import read

ASKS = "Do accounts act together to extract answers?"
_MOST = 60
_TICKS = 6
_MEASURE = "variance ratio of the calls of a cluster's accounts; 1 is independence"


def reading(finding: Finding, headline: str) -> Reading:
    """The finding as it is read."""
    values = read(CampaignValues, finding.values)
    views = [
        View(
            "clusters",
            "Clusters",
            "Which accounts move together?",
            synchrony(finding, headline),
            "bands: what chance gives",
        )
    ]
    days = _days(finding)
    if days is not None:
        views.append(View("days", "Days", "When did they call?", days, days.description))
    return Reading(
        asks=ASKS,
        short="Do accounts act together?",
        answer=answer(values),
        sentence=without_numbers(headline),
        disclaimer="A log says what an account did, not who holds it, nor what was done with the answers.",
        sketch=synchrony(finding, answer(values), small=True),
        views=tuple(views),
        sure=_sure(values),
        would=(
            Would(
                Kind.SOURCE, "An innocent service", "that fits what the log shows; the narrative names those tested."
            ),
            Would(
                Kind.CONTROLS, "Accounts known to be innocent.", f"{values.known_clusters} of their clusters are here."
            ),
        ),
        numbers=(
            Stated(
                "Clusters that stand out", f"{len(values.coordinated)} of {values.clusters}", "in two tests or more"
            ),
            Stated("Calls in the log", f"{values.calls:,}", f"{values.accounts:,} accounts"),
            Stated("Days", f"{values.first} to {values.last}", f"{values.empty_hours:,} hours without a call"),
        ),
        computed=f"clusters of {values.least_accounts} accounts and {values.least_calls} calls or more, "
        f"seed {finding.seed}",
    )


def answer(values: CampaignValues) -> str:
    """The answer in a handful of words."""
    if not values.clusters:
        return "No cluster was large enough"
    if not values.coordinated:
        return f"None of {counted(values.clusters, 'cluster', 'clusters')} stands out"
    stands = "stands" if len(values.coordinated) == 1 else "stand"
    return f"{len(values.coordinated)} of {counted(values.clusters, 'cluster', 'clusters')} {stands} out"


def _sure(values: CampaignValues) -> tuple[Sure, ...]:
    if not values.known_clusters:
        return (Sure("unknown", "rate of false alarms", "No accounts are known to be innocent in this log."),)
    return (
        Sure(
            f"{values.false_alarms} of {values.known_clusters}",
            "clusters of innocent accounts stand out",
            "So often the tests would be wrong here, as far as these tell.",
        ),
    )


def synchrony(finding: Finding, description: str, *, small: bool = False) -> Plot:
    """A row a cluster at its variance ratio, on the band of what chance gives; 1 is independence."""
    values = read(CampaignValues, finding.values)
    clusters = {row.cluster: row for row in rows_in(ClusterRow, finding, "clusters")}
    tests = [row for row in rows_in(TestRow, finding, "tests") if row.test == "synchrony"]
    order = {cluster: at for at, cluster in enumerate(values.coordinated)}
    tests.sort(key=lambda row: (order.get(row.cluster, len(order)), row.cluster))
    shown = tests[: 5 if small else _MOST]
    marks = tuple(
        Mark(
            name=f"cluster {row.cluster}",
            x=row.statistic,
            y=float(at),
            shape=Shape.CELL if row.cluster in order else Shape.RING,
            value=f"variance ratio {number(row.statistic)}, chance {number(row.low)} to {number(row.high)}",
            more=f"{_size(clusters.get(row.cluster))}; p {p_value(row.p)}, q {p_value(row.q)}",
            label="stands out" if row.cluster in order and not small else "",
            strong=row.cluster in order,
            ink=Ink.STRONG if row.cluster in order else Ink.QUIET,
        )
        for at, row in enumerate(shown)
    )
    reach = [1.0, *(value for row in shown for value in (row.statistic, row.low, row.high))]
    hidden = len(tests) - len(shown)
    return Plot(
        title="Which accounts move together?",
        axis=plain_axis(reach) if small else axis_of(reach, _MEASURE),
        description=description,
        rows=tuple(Row("" if small else f"cluster {row.cluster}", strong=row.cluster in order) for row in shown)
        or (Row(),),
        bands=tuple(Band(row.low, row.high, first=at, last=at) for at, row in enumerate(shown)),
        lines=(Upright(((1.0, 0.0),), Ink.SECOND),),
        marks=marks,
        notes=(f"{counted(hidden, 'cluster', 'clusters')} more are in the table alone",)
        if hidden and not small
        else (),
        key="synchrony",
        table=finding.tables["tests"],
    )


def _size(row: ClusterRow | None) -> str:
    return f"{row.accounts:,} accounts, {row.calls:,} calls" if row is not None else "size not listed"


def _days(finding: Finding) -> Plot | None:
    """The calls of the first cluster that is listed, by day; None where no day is."""
    rows = rows_in(DayRow, finding, "days")
    first = [row for row in rows if row.cluster == rows[0].cluster] if rows else []
    if not first:
        return None
    start = date.fromisoformat(first[0].day)
    places = [float((date.fromisoformat(row.day) - start).days) for row in first]
    most = max(row.calls for row in first)
    step = max(1, len(first) // _TICKS)
    low, high = spread([*places, places[-1] + 1])
    return Plot(
        title="When did they call?",
        axis=Axis(low, high, tuple(Tick(places[at], first[at].day, line=False) for at in range(0, len(first), step))),
        description=f"calls a day of cluster {first[0].cluster}",
        second=Axis(0.0, most * 1.08, tuple(Tick(at, f"{at:,.0f}") for at in nice_ticks(0.0, most, 4)), "calls"),
        lines=tuple(Line(((x, 0.0), (x, float(row.calls))), Ink.QUIET) for x, row in zip(places, first, strict=True)),
        marks=tuple(
            Mark(
                name=row.day,
                x=x,
                y=float(row.calls),
                shape=Shape.RING,
                value=f"{counted(row.calls, 'call', 'calls')} of cluster {row.cluster}",
                ink=Ink.STRONG,
            )
            for x, row in zip(places, first, strict=True)
        ),
        key="days",
        table=finding.tables["days"],
    )

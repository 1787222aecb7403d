"""What `campaign` states: values and tables, unrounded."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np

from workbench.analyses.campaign.clusters import Cluster
from workbench.analyses.campaign.compute import Measured, Settings
from workbench.analyses.campaign.material import DAY
from workbench.analyses.campaign.values import (
    AccountRow,
    CampaignValues,
    ClusterRow,
    DayRow,
    GapRow,
    LookAlikeRow,
    TestRow,
)
from workbench.analyses.usage_logs import expressions
from workbench.analyses.usage_logs.facts import gaps
from workbench.core.logs import Logs
from workbench.core.model import Table
from workbench.core.statistics.exact_tests import proportion_interval
from workbench.core.text import one_line
from workbench.core.typed_json import table

SHOWN = 200
"""Clusters that the tables list, the largest and all that stand out."""

_ACCOUNTS = 500
_TEXT = 160
SMALLEST_CELL = 5
"""Accounts below which a cluster has no row of accounts: a smaller group could be recognised."""


def day_of(second: int) -> str:
    """The day of a second since 1970, in UTC."""
    return datetime.fromtimestamp(second, UTC).date().isoformat()


def standing_out(measured: Measured, settings: Settings) -> list[int]:
    """The clusters that stand out in two different tests or more."""
    return [at for at in range(len(measured.clusters)) if len(measured.significant(at, settings.level)) >= 2]


def values(logs: Logs, measured: Measured, settings: Settings) -> CampaignValues:
    """The Finding's values."""
    totals = measured.totals
    hours = measured.hours["hour"].astype(np.int64)
    out = standing_out(measured, settings)
    known = [at for at, share in enumerate(measured.known_share) if share >= 0.5]
    alarms = sum(at in out for at in known)
    interval = proportion_interval(alarms, len(known)) if known else (None, None)
    span = int(hours[-1] - hours[0] + 1) if len(hours) else 0
    return CampaignValues(
        rows=totals["rows"],
        calls=totals["calls"],
        accounts=totals["accounts"],
        first=day_of(totals["first"]),
        last=day_of(totals["last"]),
        keepers=logs.keepers,
        engine=logs.engine,
        with_prompt=totals["with_prompt"] / max(1, totals["rows"]),
        hours=span,
        empty_hours=span - len(hours),
        clusters=len(measured.clusters),
        coordinated=tuple(at + 1 for at in out if at not in known),
        systematic=tuple(at + 1 for at in out if measured.systematic[at]),
        level=settings.level,
        least_accounts=settings.accounts,
        least_calls=settings.calls,
        pool=settings.pool,
        known_clusters=len(known),
        false_alarms=alarms,
        alarm_low=interval[0],
        alarm_high=interval[1],
        untested=tuple(measured.untested),
    )


def tables(logs: Logs, measured: Measured, settings: Settings) -> dict[str, Table]:
    """Clusters, tests, innocent explanations, accounts and days of what stands out, and gaps."""
    out = standing_out(measured, settings)
    shown = sorted({*range(min(SHOWN, len(measured.clusters))), *out})
    inside = set(shown)
    looks = [(at, row) for at in shown for row in measured.look_alikes.get(at, ())]
    listed = out[:SHOWN] or shown[:1]
    return {
        "clusters": table(ClusterRow, [_cluster(measured, settings, at, at in out) for at in shown]),
        "tests": table(TestRow, [_test(one) for one in measured.tests if one.cluster in inside]),
        "look_alikes": table(
            LookAlikeRow,
            [
                LookAlikeRow(
                    cluster=at + 1,
                    key=row.key,
                    explanation=row.explanation,
                    sign=row.sign,
                    value=row.value,
                    verdict=row.verdict,
                )
                for at, row in looks
            ],
        ),
        "accounts": table(AccountRow, _accounts(logs, measured, out)),
        "days": table(DayRow, [row for at in listed for row in _days(measured, at)]),
        "gaps": table(
            GapRow,
            [
                GapRow(begin=datetime.fromtimestamp(gap["from"] * 3600, UTC).isoformat(), hours=gap["hours"])
                for gap in gaps(measured.hours["hour"].astype(np.int64))
            ],
        ),
    }


def _cluster(measured: Measured, settings: Settings, at: int, out: bool) -> ClusterRow:
    cluster = measured.clusters[at]
    first, last = int(cluster.first.min()), int(cluster.last.max())
    return ClusterRow(
        cluster=at + 1,
        accounts=len(cluster.who),
        calls=cluster.size,
        templates=len(cluster.templates),
        prompts=int(cluster.fillings.sum()),
        tokens=int(cluster.tokens.sum()),
        days=(last - first) / DAY,
        first=day_of(first),
        last=day_of(last),
        known=measured.known_share[at],
        tests=", ".join(measured.significant(at, settings.level)),
        coordinated=out,
        systematic=measured.systematic[at],
        text=one_line(cluster.templates[0].text, _TEXT),
    )


def _test(one: object) -> TestRow:
    names = ("test", "null", "statistic", "low", "high", "draws", "p", "q", "q_any")
    given = {name: getattr(one, name) for name in names}
    return TestRow(cluster=int(getattr(one, "cluster", 0)) + 1, **given)


def _accounts(logs: Logs, measured: Measured, out: Sequence[int]) -> list[AccountRow]:
    """The accounts of clusters that stand out; clusters of fewer than five accounts have no rows."""
    found: list[AccountRow] = []
    for at in out:
        cluster = measured.clusters[at]
        if len(cluster.who) < SMALLEST_CELL:
            continue
        order = np.argsort(-cluster.calls, kind="stable")[:_ACCOUNTS]
        rows = logs.rows(expressions.account_names(logs.table("exchange"), cluster.who[order].tolist()))
        names = dict(zip(rows["who"].tolist(), rows["account"].tolist(), strict=True))
        found += [_account(at, cluster, place, names) for place in order.tolist()]
    return found


def _account(at: int, cluster: Cluster, place: int, names: dict[int, str]) -> AccountRow:
    return AccountRow(
        cluster=at + 1,
        account=names[int(cluster.who[place])],
        calls=int(cluster.calls[place]),
        prompts=int(cluster.fillings[place]),
        first=day_of(int(cluster.first[place])),
        last=day_of(int(cluster.last[place])),
    )


def _days(measured: Measured, at: int) -> list[DayRow]:
    days, counts = measured.days.get(at, (np.zeros(0, np.int64), np.zeros(0, np.int64)))
    return [
        DayRow(cluster=at + 1, day=day_of(int(day) * DAY), calls=int(count))
        for day, count in zip(days, counts, strict=True)
    ]

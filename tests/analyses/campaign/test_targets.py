"""The targets over whole logs: false alarms on benign clusters, recall of planted campaigns, look-alikes."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.analyses.campaign.case import NAMES, logs_of
from tests.synthetic_logs import Campaign, Settings, name_of
from workbench.analyses.campaign import compute
from workbench.analyses.campaign.compute import measure
from workbench.analyses.usage_logs import expressions
from workbench.core.progress import silent
from workbench.core.statistics.exact_tests import proportion_interval
from workbench.store.logs.engine import Engine

PLANTED = (
    Campaign(10, 40, templates=3),
    Campaign(20, 40, templates=4),
    Campaign(50, 30, templates=4, bursts=0.0, payment=0.3),
    Campaign(20, 60, templates=2, paraphrase=0.3),
    Campaign(60, 60, templates=5, bursts=0.8),
)
RIGHT = {"licensed": "licensed", "vendor": "vendor", "course": "course", "harness": "harness"}


@pytest.mark.slow
def test_false_alarms_recall_and_look_alikes(tmp_path: Path) -> None:
    alarms: Counter[str] = Counter()
    tested: Counter[str] = Counter()
    benign = two = found = planted = named = innocent = 0
    for seed in range(4):
        settings = Settings(rows=120_000, seed=100 + seed, characters=40, campaigns=PLANTED)
        with Engine(tmp_path / "temporary") as engine:
            logs, made = logs_of(engine, tmp_path / str(seed), settings)
            measured = measure(logs, compute.Settings(), seed, silent)
            by_name = {NAMES.of("account", name_of(a)): g for g in made.groups for a in g.accounts.tolist()}
            who = sorted({account for cluster in measured.clusters for account in cluster.who.tolist()})
            rows = logs.rows(expressions.account_names(logs.table("exchange"), who))
            names = dict(zip(rows["who"].tolist(), rows["account"].tolist(), strict=True))
        seen: set[str] = set()
        for at, cluster in enumerate(measured.clusters):
            own = Counter(by_name[names[a]].name for a in cluster.who.tolist())
            group, share = own.most_common(1)[0]
            significant = measured.significant(at, 0.05)
            if group in ("benign", "retries"):
                benign += 1
                two += len(significant) >= 2
                for one in measured.tests:
                    if one.cluster == at:
                        tested[one.test] += 1
                        alarms[one.test] += one.p <= 0.01
            elif group.startswith("campaign"):
                assert share >= 0.95 * len(cluster.who), "a cluster has at most 5 % foreign accounts"
                if significant:
                    seen.add(group)
            elif group in RIGHT:
                innocent += 1
                verdicts = {row.key: row.verdict for row in measured.look_alikes[at]}
                named += verdicts[RIGHT[group]] == "fits"
        planted += len(PLANTED)
        found += len(seen)
    assert benign >= 150
    for test, number in tested.items():
        assert proportion_interval(alarms[test], number)[0] <= 0.01, (test, alarms[test], number)
    assert proportion_interval(two, benign)[0] <= 0.01
    assert found >= 0.95 * planted
    assert named >= 0.9 * innocent > 0

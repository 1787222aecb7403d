"""Whole campaigns in synthetic logs: planted ones are found as such, benign groups are not, and runs repeat."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.analyses.campaign.case import NAMES, logs_of
from tests.synthetic_logs import MAPPING, Campaign, Settings, Synthetic, name_of
from workbench.analyses.campaign import compute
from workbench.analyses.campaign.clusters import Cluster, families, stars_of
from workbench.analyses.campaign.compute import Measured, measure
from workbench.analyses.usage_logs import expressions
from workbench.core.answers.near_duplicates import shingles, sketches
from workbench.core.errors import Cancelled
from workbench.core.progress import silent
from workbench.store.logs.engine import Engine
from workbench.store.logs.tables import LogTables

PLANTED = (Campaign(20, 120, templates=4), Campaign(12, 100, templates=3, bursts=0.0, payment=0.8, replacements=3))


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with Engine(tmp_path_factory.mktemp("temporary")) as made:
        yield made


@pytest.fixture(scope="module")
def log(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> tuple[LogTables, Synthetic]:
    return logs_of(
        engine, tmp_path_factory.mktemp("log"), Settings(rows=16_000, seed=5, characters=60, campaigns=PLANTED)
    )


@pytest.fixture(scope="module")
def measured(log: tuple[LogTables, Synthetic]) -> Measured:
    return measure(log[0], compute.Settings(draws=499), 1, silent)


def groups_of(log: tuple[LogTables, Synthetic], clusters: list[Cluster]) -> list[str]:
    """The group to which most accounts of each cluster belong."""
    logs, made = log
    by_name = {NAMES.of("account", name_of(a)): g.name for g in made.groups for a in g.accounts.tolist()}
    who = sorted({account for cluster in clusters for account in cluster.who.tolist()})
    rows = logs.rows(expressions.account_names(logs.table("exchange"), who))
    names = dict(zip(rows["who"].tolist(), rows["account"].tolist(), strict=True))
    return [Counter(by_name[names[a]] for a in cluster.who.tolist()).most_common(1)[0][0] for cluster in clusters]


def test_planted_campaigns_are_one_cluster_each_and_stand_out(
    log: tuple[LogTables, Synthetic], measured: Measured
) -> None:
    groups = groups_of(log, measured.clusters)
    first, second = groups.index("campaign-1"), groups.index("campaign-2")
    assert groups.count("campaign-1") == groups.count("campaign-2") == 1
    assert [len(measured.clusters[at].templates) for at in (first, second)] == [4, 3]
    assert len(measured.clusters[first].who) == 20
    assert "synchrony" in measured.significant(first, 0.05)
    assert "components" in measured.significant(second, 0.05)
    planted = {g.name: len(g.time) - int((g.template < 0).sum()) for g in log[1].groups}
    assert measured.clusters[first].size == planted["campaign-1"]


def test_benign_clusters_do_not_stand_out_in_two_tests(log: tuple[LogTables, Synthetic], measured: Measured) -> None:
    groups = groups_of(log, measured.clusters)
    benign = [at for at, group in enumerate(groups) if group in ("benign", "retries")]
    assert len(benign) >= 5
    assert not [at for at in benign if len(measured.significant(at, 0.05)) >= 2]


def test_innocent_groups_are_named(log: tuple[LogTables, Synthetic], measured: Measured) -> None:
    groups = groups_of(log, measured.clusters)
    for group, key in (("course", "course"), ("vendor", "vendor"), ("licensed", "licensed")):
        if group in groups:
            rows = {one.key: one.verdict for one in measured.look_alikes[groups.index(group)]}
            assert rows[key] == "fits"
    assert {"course", "vendor"} & set(groups)
    for rows in measured.look_alikes.values():
        assert len(rows) == 8


def test_what_the_log_lacks_is_said_to_be_untested(measured: Measured) -> None:
    assert ("coverage", "the number of items in the pool is not stated") in measured.untested
    assert measured.totals["rows"] == measured.hours["calls"].sum()


def test_a_pool_shows_that_accounts_share_the_work(log: tuple[LogTables, Synthetic], measured: Measured) -> None:
    found = measure(log[0], compute.Settings(draws=499, pool=20_000), 1, silent)
    at = groups_of(log, found.clusters).index("campaign-1")
    assert "coverage" in found.significant(at, 0.05)


@pytest.mark.slow
def test_the_same_seed_gives_the_same_tests(log: tuple[LogTables, Synthetic], measured: Measured) -> None:
    again = measure(log[0], compute.Settings(draws=499), 1, silent)
    assert again.tests == measured.tests
    assert again.look_alikes == measured.look_alikes


def test_every_test_is_corrected_over_all_clusters(measured: Measured) -> None:
    for name in {one.test for one in measured.tests}:
        own = [one for one in measured.tests if one.test == name]
        assert all(one.p <= one.q <= one.q_any <= 1 for one in own)
        assert len({one.cluster for one in own}) == len(own) <= len(measured.clusters)


def test_a_log_without_prompts_is_tested_over_named_groups(engine: Engine, tmp_path: Path) -> None:
    mapping = tuple(pair for pair in MAPPING if not pair.startswith(("prompt", "response")))
    settings = Settings(rows=6_000, seed=6, characters=20, campaigns=(Campaign(12, 150),))
    logs, made = logs_of(engine, tmp_path, settings, mapping)
    assert measure(logs, compute.Settings(), 1, silent).clusters == []
    accounts = next(g.accounts for g in made.groups if g.kind == "campaign").tolist()
    known = [{"account": NAMES.of("account", name_of(a)), "kind": "group", "basis": "team seven"} for a in accounts]
    logs = LogTables(engine, [tmp_path], ["maker"], {"known": known})
    found = measure(logs, compute.Settings(draws=499), 1, silent)
    assert [cluster.templates[0].text for cluster in found.clusters] == ["team seven"]
    assert found.significant(0, 0.05) == ["synchrony"]
    assert ("concentration", "the log has no prompts") in found.untested


def test_work_stops_when_asked(log: tuple[LogTables, Synthetic]) -> None:
    def stop(fraction: float, note: str = "") -> None:
        if fraction > 0.5:
            raise Cancelled

    with pytest.raises(Cancelled):
        measure(log[0], compute.Settings(draws=99), 1, stop)


def test_variants_join_the_most_frequent_and_never_by_way_of_a_third() -> None:
    words = [f"word{n}" for n in range(400)]
    base = words[:40]
    near = [*base[:20], "other", *base[21:]]
    far = words[100:140]
    texts = [" ".join(one) for one in (base, far, near, base[:39])]
    bands = np.frombuffer(b"".join(sketches(shingles(texts))), dtype="<u4").reshape(4, -1)
    assert stars_of(bands).tolist() == [0, 1, 0, 0]
    chain = np.array([[1, 1, 1, 5, 5, 5], [1, 1, 1, 2, 2, 2], [9, 8, 7, 2, 2, 2]], dtype=np.uint32)
    assert stars_of(chain).tolist() == [0, 0, 2]


def test_clusters_of_the_same_accounts_are_one(measured: Measured) -> None:
    one = measured.clusters[0]
    half = len(one.who) // 3
    other = Cluster(
        one.templates,
        one.who[:half],
        *(getattr(one, n)[:half] for n in ("calls", "fillings", "failed", "tokens", "first", "last")),
    )
    assert [len(c.who) for c in families([one, one, other])] == [len(one.who), half]
    assert families([one, one])[0].size == 2 * one.size

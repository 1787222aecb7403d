"""The tests of every cluster in the logs, corrected for their number, with the innocent explanations beside them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from workbench.analyses.campaign import null_tests
from workbench.analyses.campaign.clusters import NAMED, Cluster, find, gathered, named_groups, portions
from workbench.analyses.campaign.look_alikes import LookAlike, look_alikes
from workbench.analyses.campaign.material import DAY, VERY_FEW, Material
from workbench.analyses.campaign.null_tests import Drawn
from workbench.analyses.usage_logs import expressions
from workbench.core.logs import Logs
from workbench.core.progress import Progress, part
from workbench.core.statistics.multiple_tests import benjamini_hochberg, benjamini_yekutieli

Ints = npt.NDArray[np.int64]
Columns = Mapping[str, npt.NDArray[np.generic]]

KINDRED = "accounts of the same kind"
"""The null in which accounts of the same plan, region, volume and age stand in for a cluster's."""

TESTS = ("synchrony", "components", "concentration", "coverage", "pivot", "replacement")
"""The tests that count towards being coordinated, each corrected over all clusters."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the examiner may set: the least cluster, draws of the tests, the pool of items, and the level."""

    accounts: int = 5
    calls: int = 50
    draws: int = 999
    pool: int = 0
    level: float = 0.05


@dataclass(frozen=True, slots=True)
class Tested:
    """One test of one cluster; `q` and `q_any` are its p-value corrected by Benjamini-Hochberg and -Yekutieli."""

    cluster: int
    test: str
    null: str
    statistic: float
    low: float
    high: float
    draws: int
    p: float
    q: float = 1.0
    q_any: float = 1.0


@dataclass(slots=True)
class Measured:
    """All that the logs came to."""

    totals: Mapping[str, int]
    hours: Columns
    clusters: list[Cluster]
    tests: list[Tested]
    untested: list[tuple[str, str]]
    look_alikes: dict[int, list[LookAlike]]
    known_share: list[float]
    systematic: list[bool | None]
    days: dict[int, tuple[Ints, Ints]]
    """For each cluster the days since 1970 that have calls, and their number."""

    def significant(self, cluster: int, level: float) -> list[str]:
        """The tests in which a cluster stands out, after correction."""
        return [one.test for one in self.tests if one.cluster == cluster and one.q <= level]


def measure(logs: Logs, settings: Settings, seed: int, progress: Progress) -> Measured:
    """Find the clusters, test each, and look for innocent explanations.

    A log without prompts is tested over the groups of accounts that the examiner named.
    """
    exchange = logs.table("exchange")
    totals = {name: _whole(column[0]) for name, column in logs.rows(expressions.totals(exchange)).items()}
    hours = logs.rows(expressions.by_hour(exchange))
    found = find(logs, settings.accounts, settings.calls, part(progress, 0.0, 0.3)) if totals["with_prompt"] else []
    clusters = found + named_groups(logs)
    measured = Measured(totals, hours, clusters, [], [], {}, [], [], {})
    if not clusters:
        return measured
    progress(0.3, "facts of accounts")
    material = Material(logs, clusters, totals, seed)
    measured.known_share = [material.known_share(cluster) for cluster in clusters]
    tests = _every_test(material, settings, part(progress, 0.4, 0.95), measured.untested)
    measured.tests = _corrected(tests)
    measured.systematic = _systematic(clusters, measured.known_share)
    progress(0.95, "innocent explanations")
    for number, cluster in enumerate(clusters):
        measured.look_alikes[number] = look_alikes(cluster, material.observed(number))
        measured.days[number] = material.by_day(number)
    return measured


def _whole(value: object) -> int:
    number = float(str(value))
    return 0 if number != number else int(number)


def _every_test(
    material: Material, settings: Settings, progress: Progress, untested: list[tuple[str, str]]
) -> list[Tested]:
    found: list[Tested] = []
    found += _synchrony(material, settings, part(progress, 0.0, 0.6), untested)
    found += _components(material, settings, part(progress, 0.6, 0.7), untested)
    found += _concentration(material, settings, part(progress, 0.7, 0.85), untested)
    found += _coverage(material, settings, untested)
    found += _pivot(material, settings, untested)
    found += _replacement(material, untested)
    progress(1.0, "tested")
    return found


def _tested(cluster: int, test: str, null: str, found: Drawn, p: float | None = None) -> Tested:
    return Tested(cluster, test, null, found.statistic, found.low, found.high, found.draws, found.p if p is None else p)


def _synchrony(
    material: Material, settings: Settings, progress: Progress, untested: list[tuple[str, str]]
) -> list[Tested]:
    if material.days < 7:
        untested.append(("synchrony", "the log has fewer than seven whole days"))
        return []
    found = []
    for number, cluster in enumerate(material.clusters):
        progress(number / len(material.clusters), "accounts moving together")
        calls = material.calls(number)
        if calls.accounts < VERY_FEW:
            continue
        seed = [material.seed, cluster.key, len(cluster.templates)]
        days = 7 if material.days >= 84 else 1
        trending = null_tests.trends(calls) > 0.5
        own = null_tests.shifted(calls, settings.draws, [*seed, 1], days)
        if own.p > settings.level and not trending:
            found.append(_tested(number, "synchrony", "times shifted by days", own))
            continue
        pools = material.stand_in_pools(number)
        others = null_tests.replaced(calls, pools, material.stand_in_bins, settings.draws, [*seed, 2])
        worse = others if trending or others.p >= own.p else own
        name = KINDRED if worse is others else "times shifted by days"
        found.append(_tested(number, "synchrony", name, worse))
    return found


def _against_others(
    material: Material, settings: Settings, number: int, code: int, statistic: Callable[[Ints], float]
) -> Drawn:
    """A statistic of a cluster's accounts against that of accounts of the same kind in their place."""
    cluster, pools = material.clusters[number], material.pools[number]
    seed = [material.seed, cluster.key, len(cluster.templates), code]
    return null_tests.drawn(
        statistic(cluster.who), lambda rng: statistic(null_tests.stand_ins(pools, rng)), settings.draws, seed
    )


def _components(
    material: Material, settings: Settings, progress: Progress, untested: list[tuple[str, str]]
) -> list[Tested]:
    if not material.shared:
        untested.append(("components", "the log has no payment, device or address"))
        return []

    def bits(accounts: Ints) -> float:
        return sum(held.weight(accounts) for held in material.shared.values())

    found = []
    for number in range(len(material.clusters)):
        progress(number / len(material.clusters), "shared payments, devices and networks")
        found.append(_tested(number, "components", KINDRED, _against_others(material, settings, number, 3, bits)))
    return found


def _concentration(
    material: Material, settings: Settings, progress: Progress, untested: list[tuple[str, str]]
) -> list[Tested]:
    if not material.totals["with_prompt"]:
        untested.append(("concentration", "the log has no prompts"))
        return []
    exchange = material.logs.table("exchange")
    inside = np.concatenate([cluster.who for cluster in material.clusters])
    asked = np.unique(np.concatenate((inside, material.stand_ins))).tolist()
    rows = gathered(material.logs.rows(expressions.entropy_of_accounts(exchange, some)) for some in portions(asked))
    numbers = null_tests.effective_number(rows["calls"].astype(np.float64), rows["n_log_n"].astype(np.float64))
    held = dict(zip(rows["who"].tolist(), numbers.tolist(), strict=True))

    def narrow(accounts: Ints) -> float:
        values = [held[account] for account in accounts.tolist() if account in held]
        return -float(np.mean(values)) if values else -np.inf

    found = []
    for number in range(len(material.clusters)):
        progress(number / len(material.clusters), "templates of each account")
        found.append(_tested(number, "concentration", KINDRED, _against_others(material, settings, number, 4, narrow)))
    return found


def _coverage(material: Material, settings: Settings, untested: list[tuple[str, str]]) -> list[Tested]:
    if not settings.pool:
        untested.append(("coverage", "the number of items in the pool is not stated"))
        return []
    found = []
    for number, cluster in enumerate(material.clusters):
        items, pairs = material.common_items(number)
        # A pool has one prompt an item for each template of the cluster.
        pool = settings.pool * len(cluster.templates)
        if items is None or pairs is None or items > pool:
            continue
        seed = [material.seed, cluster.key, 5]
        drawn = null_tests.coverage(cluster.fillings, pairs, pool, settings.draws, seed)
        found.append(_tested(number, "coverage", "items drawn at random from the pool", drawn))
    if not found:
        untested.append(("coverage", "no cluster has as few different prompts as the stated pool has items"))
    return found


def _pivot(material: Material, settings: Settings, untested: list[tuple[str, str]]) -> list[Tested]:
    releases = material.releases()
    if not releases or not material.totals["with_model"]:
        untested.append(("pivot", "no release of a model within the log is stated"))
        return []
    inside, others = _moved(material, releases)
    found = []
    for number, cluster in enumerate(material.clusters):
        own = [inside[key] for key in _keys(cluster) if key in inside]
        total = sum(calls for _, calls in own)
        if not total:
            continue

        seed = [material.seed, cluster.key, 6]
        draw = partial(_moved_share, material.pools[number], others, int(total))
        drawn = null_tests.drawn(sum(moved for moved, _ in own) / total, draw, settings.draws, seed)
        found.append(_tested(number, "pivot", KINDRED, drawn))
    return found


_Moved = tuple[float, float]
"""Calls to the released models, and all calls, within a day of a release."""


def _moved_share(pools: Sequence[Ints], moves: Mapping[int, _Moved], calls: int, rng: np.random.Generator) -> float:
    """The share of calls to the released models among as many calls of stand-ins."""
    chosen = [moves.get(account, (0.0, 0.0)) for account in null_tests.stand_ins(pools, rng).tolist()]
    share = sum(moved for moved, _ in chosen) / max(1.0, sum(total for _, total in chosen))
    return float(rng.binomial(calls, share)) / calls


def _moved(
    material: Material, releases: Sequence[tuple[int, str]]
) -> tuple[dict[tuple[str, int], _Moved], dict[int, _Moved]]:
    """What each template's calls, and each stand-in's, did in the day after each release."""
    logs, exchange = material.logs, material.logs.table("exchange")
    inside: dict[tuple[str, int], _Moved] = {}
    others: dict[int, _Moved] = {}
    values = {key for cluster in material.clusters for key in _keys(cluster)}
    for second, model in releases:
        for column in sorted({column for column, _ in values} - {NAMED}):
            own = sorted(value for kind, value in values if kind == column)
            for some in portions(own):
                rows = logs.rows(expressions.models_of_templates(exchange, column, some, second, second + DAY))
                _add(inside, [(column, value) for value in rows["value"].tolist()], rows, model)
        for some in portions(material.stand_ins.tolist()):
            rows = logs.rows(expressions.models_of_accounts(exchange, some, second, second + DAY))
            _add(others, rows["who"].tolist(), rows, model)
    return inside, others


def _keys(cluster: Cluster) -> list[tuple[str, int]]:
    return [(template.column, value) for template in cluster.templates for value in template.values]


def _add(counts: dict[Any, _Moved], keys: Sequence[Any], rows: Columns, model: str) -> None:
    for key, named, calls in zip(keys, rows["model"].tolist(), rows["calls"].tolist(), strict=True):
        moved, total = counts.get(key, (0.0, 0.0))
        counts[key] = moved + calls * (named == model), total + calls


def _replacement(material: Material, untested: list[tuple[str, str]]) -> list[Tested]:
    bans = material.bans()
    if not bans:
        untested.append(("replacement", "no ban within the log is stated"))
        return []
    exchange = material.logs.table("exchange")
    names: dict[int, str] = {}
    inside = np.unique(np.concatenate([cluster.who for cluster in material.clusters]))
    for some in portions(inside.tolist()):
        rows = material.logs.rows(expressions.account_names(exchange, some))
        names.update(zip(rows["who"].tolist(), rows["account"].tolist(), strict=True))
    found = []
    for number, cluster in enumerate(material.clusters):
        own = {names.get(account) for account in cluster.who.tolist()}
        times = np.array([second for second, account in bans if account in own], dtype=np.int64)
        new = cluster.first[cluster.first >= material.start]
        if len(times) and len(new):
            drawn = null_tests.replacement(new, times, material.start, material.days)
            found.append(_tested(number, "replacement", "ban times moved by days", drawn))
    if not found:
        untested.append(("replacement", "no banned account is in a cluster"))
    return found


def _corrected(tests: Sequence[Tested]) -> list[Tested]:
    """The tests with their p-values corrected over all clusters, each kind of test for itself."""
    found: list[Tested] = []
    for name in TESTS:
        own = [one for one in tests if one.test == name]
        p = [one.p for one in own]
        for one, q, q_any in zip(own, benjamini_hochberg(p), benjamini_yekutieli(p), strict=True):
            found.append(replace(one, q=float(q), q_any=float(q_any)))
    return sorted(found, key=lambda one: (one.cluster, TESTS.index(one.test)))


def _systematic(clusters: Sequence[Cluster], known_share: Sequence[float]) -> list[bool | None]:
    """Whether calls, different prompts and days all exceed the 99th percentile of the known accounts' clusters.

    None where no cluster is of known accounts.
    """
    facts = np.array(
        [[c.size, int(c.fillings.sum()), (int(c.last.max()) - int(c.first.min())) / DAY] for c in clusters]
    )
    known = np.array(known_share) >= 0.5
    if not known.any():
        return [None] * len(clusters)
    limits = np.quantile(facts[known], 0.99, axis=0)
    return [bool((row > limits).all()) for row in facts]

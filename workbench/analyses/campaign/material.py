"""What all tests of all clusters need of the logs, asked for once: accounts, time bins, stand-ins, shared values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from workbench.analyses.campaign import null_tests
from workbench.analyses.campaign.clusters import COLUMNS, NAMED, Cluster, gathered, portions
from workbench.analyses.campaign.look_alikes import Observed
from workbench.analyses.campaign.null_tests import Calls, SharedValues, Strata
from workbench.analyses.usage_logs import expressions
from workbench.core.logs import Logs

Ints = npt.NDArray[np.int64]
Columns = Mapping[str, npt.NDArray[np.generic]]

DAY = 86_400
_A_DAY = DAY // expressions.BIN_SECONDS
_MOST_STAND_INS = 6_000
VERY_FEW = 3
"""Accounts below which nothing is said about their moving together."""


class Material:
    """What all tests of all clusters need of the logs, asked for once."""

    def __init__(self, logs: Logs, clusters: Sequence[Cluster], totals: Mapping[str, int], seed: int) -> None:
        exchange = logs.table("exchange")
        self.logs, self.clusters, self.totals, self.seed = logs, clusters, totals, seed
        self.start = totals["first"] // DAY * DAY + DAY
        self.days = totals["last"] // DAY - self.start // DAY
        facts = logs.rows(expressions.account_facts(exchange))
        self.who = facts["who"].astype(np.int64)
        known = logs.rows(logs.table("known"))
        pairs = [(int(w), str(k)) for w, k in zip(known["who"], known["kind"], strict=True) if k != "group"]
        self.known = dict(pairs)
        self.events = logs.rows(logs.table("events"))
        strata = Strata(self.who, _strata_facts(facts), self._excluded())
        pools = [strata.pools(cluster.who) for cluster in clusters]
        self.matched = [share for _, share in pools]
        kinds = {(len(p), int(p[0]), int(p[-1])) for pool, _ in pools for p in pool}
        most = max(VERY_FEW, _MOST_STAND_INS // max(1, len(kinds)))
        self.pools = [null_tests.sampled(pool, most, [seed]) for pool, _ in pools]
        self.stand_ins = np.unique(np.concatenate([p for pool in self.pools for p in pool] or [np.zeros(0, np.int64)]))
        self.bins = self._bins()
        self.stand_in_bins = self._stand_in_bins()
        self.shared = {name: self._shared(name) for name in ("payment", "device", "network") if totals[f"with_{name}"]}

    def _excluded(self) -> Ints:
        """Accounts of clusters don't stand in for each other where they are a small part of all accounts."""
        inside = np.unique(np.concatenate([cluster.who for cluster in self.clusters]))
        return inside if len(inside) < 0.5 * len(self.who) else np.zeros(0, dtype=np.int64)

    def known_share(self, cluster: Cluster) -> float:
        """The share of a cluster's accounts that are declared innocent or owned."""
        return sum(int(account) in self.known for account in cluster.who) / len(cluster.who)

    def _bins(self) -> list[tuple[Ints, Ints, Ints]]:
        """For each cluster its accounts' calls in 5-minute bins from the first whole day on, up to the last one."""
        pieces: list[list[tuple[Ints, Ints, Ints]]] = [[] for _ in self.clusters]
        for column in (*COLUMNS, NAMED):
            own = [at for at, cluster in enumerate(self.clusters) if cluster.values(column)]
            for some in _by_size(own, [self.clusters[at].size for at in own]):
                self._sort_in(pieces, some, column, self._binned(column, some))
        joined = [[np.concatenate(part) for part in zip(*own, strict=True)] for own in pieces]
        return [(who, bins, count) for who, bins, count in joined]

    def _binned(self, column: str, some: Sequence[int]) -> Columns:
        exchange = self.logs.table("exchange")
        values = [value for at in some for value in self.clusters[at].values(column)]
        if column == NAMED:
            rows = gathered(self.logs.rows(expressions.bins_of_accounts(exchange, own)) for own in portions(values))
            return rows | {"value": rows["who"]}
        return gathered(
            self.logs.rows(expressions.bins_of_templates(exchange, column, own)) for own in portions(values)
        )

    def _sort_in(
        self, pieces: list[list[tuple[Ints, Ints, Ints]]], some: Sequence[int], column: str, rows: Columns
    ) -> None:
        value, who, count = (rows[name].astype(np.int64) for name in ("value", "who", "calls"))
        bins = rows["bin"].astype(np.int64) - self.start // expressions.BIN_SECONDS
        inside = (bins >= 0) & (bins < self.days * _A_DAY)
        order = np.argsort(value, kind="stable")
        order = order[inside[order]]
        ordered = value[order]
        for at in some:
            values = np.array(sorted(self.clusters[at].values(column)), dtype=np.int64)
            low, high = np.searchsorted(ordered, values, "left"), np.searchsorted(ordered, values, "right")
            places = np.concatenate([order[a:b] for a, b in zip(low, high, strict=True)])
            pieces[at].append((who[places], bins[places], count[places]))

    def _stand_in_bins(self) -> dict[int, Ints]:
        """The bin of each call of each stand-in."""
        exchange = self.logs.table("exchange")
        asked = self.stand_ins.tolist()
        rows = gathered(self.logs.rows(expressions.bins_of_accounts(exchange, some)) for some in portions(asked))
        if not rows:
            return {}
        who, count = rows["who"].astype(np.int64), rows["calls"].astype(np.int64)
        bins = rows["bin"].astype(np.int64) - self.start // expressions.BIN_SECONDS
        inside = (bins >= 0) & (bins < self.days * _A_DAY)
        order = np.argsort(who, kind="stable")
        order = order[inside[order]]
        edges = np.searchsorted(who[order], [self.stand_ins, self.stand_ins + 1])
        return {
            int(account): np.repeat(bins[order[a:b]], count[order[a:b]])
            for account, a, b in zip(self.stand_ins, *edges, strict=True)
        }

    def _shared(self, column: str) -> SharedValues:
        """The values of a column that two accounts or more have."""
        rows = self.logs.rows(expressions.shared_values(self.logs.table("exchange"), column))
        _, first, value = np.unique(rows["value"].astype(str), return_index=True, return_inverse=True)
        bits = -np.log2(rows["accounts"].astype(np.float64)[first] / len(self.who))
        return SharedValues(rows["who"].astype(np.int64), value, bits)

    def calls(self, number: int) -> Calls:
        """The calls of a cluster over whole days."""
        who, bins, count = self.bins[number]
        accounts, at = np.unique(who, return_inverse=True)
        packed, place = np.unique(at * np.int64(self.days * _A_DAY) + bins, return_inverse=True)
        total = np.bincount(place, weights=count.astype(np.float64)).astype(np.float64)
        size = self.days * _A_DAY
        return Calls(packed // size, packed % size, total, len(accounts), size, _A_DAY)

    def stand_in_pools(self, number: int) -> list[Ints]:
        """The pools of those accounts of a cluster that have calls on whole days."""
        active = set(np.unique(self.bins[number][0]).tolist())
        pools = zip(self.clusters[number].who.tolist(), self.pools[number], strict=True)
        return [pool for who, pool in pools if who in active]

    def releases(self) -> list[tuple[int, str]]:
        """The second and the model of each release within the log."""
        return [(second, what) for second, kind, what in self._events() if kind == "release"]

    def bans(self) -> list[tuple[int, str]]:
        """The second and the account of each ban within the log."""
        return [(second, what) for second, kind, what in self._events() if kind == "ban"]

    def _events(self) -> list[tuple[int, str, str]]:
        seconds = self.events["ts"].astype("datetime64[s]").astype(np.int64).tolist()
        every = zip(seconds, self.events["kind"].tolist(), self.events["what"].tolist(), strict=True)
        end = self.start + self.days * DAY
        return [(at, str(kind), str(what)) for at, kind, what in every if self.start <= at < end]

    def common_items(self, number: int) -> tuple[int | None, int | None]:
        """A cluster's different prompts, and the pairs of accounts that sent the same one; None without prompts."""
        cluster = self.clusters[number]
        if cluster.named or not self.totals["with_prompt"]:
            return None, None
        items = pairs = 0
        for column in COLUMNS:
            if values := cluster.values(column):
                rows = self.logs.rows(expressions.shared_items(self.logs.table("exchange"), column, values))
                items, pairs = items + int(rows["items"].sum()), pairs + int(rows["pairs"].sum())
        return items, pairs

    def by_day(self, number: int) -> tuple[Ints, Ints]:
        """The days since 1970 on which a cluster has calls, and how many."""
        _, bins, count = self.bins[number]
        days, at = np.unique(self.start // DAY + bins // _A_DAY, return_inverse=True)
        return days, np.bincount(at, weights=count.astype(np.float64)).astype(np.int64)

    def observed(self, number: int) -> Observed:
        """What the innocent explanations of a cluster look at."""
        cluster = self.clusters[number]
        items, pairs = self.common_items(number)
        _, bins, count = self.bins[number]
        hour = (self.start // 3600 + bins * expressions.BIN_SECONDS // 3600) % 168
        kinds: dict[str, int] = {}
        for account in cluster.who.tolist():
            if account in self.known:
                kinds[self.known[account]] = kinds.get(self.known[account], 0) + 1
        traffic = cluster.size / max(1, self.totals["calls"])
        week = np.bincount(hour, weights=count.astype(np.float64), minlength=168).astype(np.float64)
        return Observed(
            items,
            pairs,
            week,
            kinds if self.known else {},
            self._largest_network(cluster),
            None,
            traffic,
        )

    def _largest_network(self, cluster: Cluster) -> float | None:
        held = self.shared.get("network")
        return None if held is None else held.largest(cluster.who) / len(cluster.who)


_NONE = np.zeros(0, dtype=np.int64)


def _by_size(numbers: Sequence[int], sizes: Sequence[int], most: int = 2_000_000) -> list[list[int]]:
    """Clusters in lists of about so many calls, so that one question gives no more rows than fit."""
    found: list[list[int]] = []
    held = most
    for number, size in zip(numbers, sizes, strict=True):
        if held + size > most:
            found.append([])
            held = 0
        found[-1].append(number)
        held += size
    return found


def _strata_facts(facts: Columns) -> list[npt.NDArray[np.generic]]:
    """Plan, region, tenth of volume and month of the account's beginning, as far as the log has them."""
    calls = facts["calls"].astype(np.float64)
    tenth = np.searchsorted(np.quantile(calls, np.arange(0.1, 1.0, 0.1)), calls)
    begun = np.where(np.isfinite(facts["created"].astype(np.float64)), facts["created"].astype(np.float64), 0)
    return [facts["plan"], facts["region"], tenth, (begun // (30 * DAY)).astype(np.int64)]

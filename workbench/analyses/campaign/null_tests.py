"""Tests of a group of accounts: against their own times shifted, and against other accounts of the same kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from workbench.core.statistics.exact_tests import SMALLEST, none_shared_log10

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

EXCEEDANCES = 20
"""Draws at least as high after which a test stops: the p-value is then large enough not to matter.

Besag and Clifford (1991), Sequential Monte Carlo p-values, doi:10.1093/biomet/78.2.301.
"""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A statistic, its p-value from random draws, how many draws there were, and their middle 95 %."""

    statistic: float
    p: float
    draws: int
    low: float
    high: float


def drawn(statistic: float, draw: Callable[[np.random.Generator], float], draws: int, seed: Sequence[int]) -> Drawn:
    """The p-value of a high statistic, by draws until so many, or until 20 are at least as high."""
    rng = np.random.default_rng(list(seed))
    values: list[float] = []
    above = 0
    while len(values) < draws and above < EXCEEDANCES:
        values.append(draw(rng))
        above += values[-1] >= statistic - 1e-12 * abs(statistic)
    p = above / len(values) if above >= EXCEEDANCES else (1 + above) / (1 + len(values))
    low, high = np.quantile(values, [0.025, 0.975])
    return Drawn(statistic, p, len(values), float(low), float(high))


@dataclass(frozen=True, slots=True)
class Calls:
    """Calls of some accounts in time bins: account number, bin and count of each entry; no pair of both is there twice.

    Bins are 0 to `bins` - 1, `day` of them a day.
    """

    who: Ints
    bin: Ints
    count: Floats
    accounts: int
    bins: int
    day: int

    @property
    def days(self) -> int:
        """Whole days."""
        return self.bins // self.day


def variance_ratio(calls: Calls) -> float:
    """The variance over time of all accounts' calls together, over the sum of each account's own variance.

    It is 1 for independent accounts and 1 + (A - 1) rho under a common correlation; 0 where no account's calls vary.
    Schluter (1984), doi:10.2307/1938071.
    """
    own = _own_variance(calls)
    return _variance(calls.bin, calls) / own if own > 0 else 0.0


def _own_variance(calls: Calls) -> float:
    sums = np.bincount(calls.who, weights=calls.count, minlength=calls.accounts)
    return float((calls.count**2).sum() / calls.bins - ((sums / calls.bins) ** 2).sum())


def _variance(bins: Ints, calls: Calls) -> float:
    total = np.bincount(bins, weights=calls.count, minlength=calls.bins)
    return float(total.var())


def shifted(calls: Calls, draws: int, seed: Sequence[int], days: int = 1) -> Drawn:
    """The variance ratio against copies in which each account is moved around by a random number of whole days.

    An account keeps its hours of the day and its bursts; `days` is 7 to keep its days of the week too. Moving wraps
    around the end. With two accounts there are only as many copies as days.
    """
    own = _own_variance(calls)
    steps = calls.days // days

    def draw(rng: np.random.Generator) -> float:
        moved = rng.integers(0, steps, size=calls.accounts) * (days * calls.day)
        return _variance((calls.bin + moved[calls.who]) % calls.bins, calls) / own

    return drawn(_variance(calls.bin, calls) / own, draw, draws, seed)


def trends(calls: Calls) -> float:
    """The median over accounts of Spearman's correlation, without its sign, of calls a day with time."""
    from scipy.stats import rankdata

    daily = np.zeros((calls.accounts, calls.days))
    np.add.at(daily, (calls.who, calls.bin // calls.day), calls.count)
    ranks = rankdata(daily, axis=1)
    time = np.arange(calls.days) - (calls.days - 1) / 2
    centred = ranks - ranks.mean(axis=1, keepdims=True)
    size = np.sqrt((centred**2).sum(axis=1) * (time**2).sum())
    with np.errstate(invalid="ignore", divide="ignore"):
        rho = np.where(size > 0, np.abs(centred @ time) / size, 0.0)
    return float(np.median(rho))


class Strata:
    """Other accounts of the same kind, to be drawn in the place of a group's: same plan, region, volume and age.

    `facts` are the columns that must agree, the least important last; where no other account agrees in all of them, the
    last ones are dropped one after another.
    """

    def __init__(self, who: Ints, facts: Sequence[npt.NDArray[np.generic]], excluded: Ints) -> None:
        self._place = {int(account): at for at, account in enumerate(who)}
        self._who = who
        free = ~np.isin(who, excluded)
        self._levels: list[tuple[Ints, dict[int, Ints]]] = []
        for kept in range(len(facts), -1, -1):
            codes = _codes(facts[:kept], len(who))
            order = np.argsort(codes[free], kind="stable")
            places = np.flatnonzero(free)[order]
            values, starts = np.unique(codes[places], return_index=True)
            pieces = np.split(places, starts[1:])
            self._levels.append((codes, {int(v): piece for v, piece in zip(values, pieces, strict=True)}))

    def pools(self, accounts: Ints) -> tuple[list[Ints], float]:
        """For each account those that may stand for it, and the share for which all facts agree."""
        pools: list[Ints] = []
        full = 0
        for account in accounts.tolist():
            for level, (codes, by_code) in enumerate(self._levels):
                pool = by_code.get(int(codes[self._place[account]]))
                if pool is not None and len(pool):
                    pools.append(self._who[pool])
                    full += level == 0
                    break
        return pools, full / max(1, len(accounts))


def _codes(facts: Sequence[npt.NDArray[np.generic]], size: int) -> Ints:
    codes = np.zeros(size, dtype=np.int64)
    for column in facts:
        _, own = np.unique(column.astype(str) if column.dtype == object else column, return_inverse=True)
        _, codes = np.unique(codes * (int(own.max(initial=0)) + 1) + own, return_inverse=True)
    return codes


def sampled(pools: Sequence[Ints], most: int, seed: Sequence[int]) -> list[Ints]:
    """At most so many accounts of each pool, the same of the same pool, so that few accounts' calls are asked for."""
    kept: dict[tuple[int, int, int], Ints] = {}
    found = []
    for pool in pools:
        key = (len(pool), int(pool[0]), int(pool[-1]))
        if key not in kept:
            rng = np.random.default_rng([*seed, key[0], key[1] & 0x7FFFFFFF])
            kept[key] = pool if len(pool) <= most else np.sort(rng.choice(pool, size=most, replace=False))
        found.append(kept[key])
    return found


def stand_ins(pools: Sequence[Ints], rng: np.random.Generator) -> Ints:
    """One account of each pool at random, none twice as long as the pools allow it."""
    taken: set[int] = set()
    chosen = []
    for pool in pools:
        account = int(pool[rng.integers(len(pool))])
        for _ in range(8):
            if account not in taken:
                break
            account = int(pool[rng.integers(len(pool))])
        taken.add(account)
        chosen.append(account)
    return np.array(chosen, dtype=np.int64)


def replaced(
    calls: Calls, pools: Sequence[Ints], bins_of: Mapping[int, Ints], draws: int, seed: Sequence[int]
) -> Drawn:
    """The variance ratio against the same number of calls of other accounts of the same kind.

    `bins_of` gives the bin of each call of every account in the pools. Of a stand-in as many calls are drawn as the
    account has; what moves everybody at once (releases, outages, price changes) moves the stand-ins too.
    """
    sizes = np.bincount(calls.who, weights=calls.count, minlength=calls.accounts).astype(np.int64)

    def draw(rng: np.random.Generator) -> float:
        chosen = stand_ins(pools, rng)
        pieces = [_some(bins_of[int(a)], int(n), rng) for a, n in zip(chosen, sizes, strict=True)]
        who = np.repeat(np.arange(len(pieces)), [len(p) for p in pieces])
        packed, count = np.unique(who * calls.bins + np.concatenate(pieces), return_counts=True)
        other = Calls(
            packed // calls.bins, packed % calls.bins, count.astype(np.float64), calls.accounts, calls.bins, calls.day
        )
        return variance_ratio(other)

    return drawn(variance_ratio(calls), draw, draws, seed)


def _some(bins: Ints, count: int, rng: np.random.Generator) -> Ints:
    return bins if len(bins) <= count else rng.permutation(bins)[:count]


class SharedValues:
    """Values that several accounts have, each with its rarity in bits: -log2 of the share of accounts that have it.

    `who` and `value` are pairs of an account and a value of it, `bits` the rarity of each value from 0 on.
    """

    def __init__(self, who: Ints, value: Ints, bits: Floats) -> None:
        order = np.argsort(who, kind="stable")
        self._accounts, starts = np.unique(who[order], return_index=True)
        self._edges = np.append(starts, len(who))
        self._values, self._bits = value[order], bits

    def of(self, accounts: Ints) -> Ints:
        """All values of some accounts, one after another."""
        at = np.searchsorted(self._accounts, accounts)
        inside = at < len(self._accounts)
        at, asked = at[inside], accounts[inside]
        at = at[self._accounts[at] == asked]
        begin, end = self._edges[at], self._edges[at + 1]
        sizes = end - begin
        ends = np.cumsum(sizes)
        return self._values[np.repeat(begin - (ends - sizes), sizes) + np.arange(int(ends[-1]) if len(ends) else 0)]

    def weight(self, accounts: Ints) -> float:
        """The bits that some accounts share: each pair with a common value counts that value's rarity."""
        values, counts = np.unique(self.of(accounts), return_counts=True)
        return float((counts * (counts - 1) / 2 * self._bits[values]).sum())

    def largest(self, accounts: Ints) -> int:
        """How many of some accounts have the value that most of them have."""
        _, counts = np.unique(self.of(accounts), return_counts=True)
        return int(counts.max(initial=0))


def coverage(sizes: Ints, shared: int, pool: int, draws: int, seed: Sequence[int]) -> Drawn:
    """How few items of a known pool two accounts share, against items drawn at random with each account's number kept.

    The statistic is minus the number of pairs of accounts with an item in common, summed over items.
    """

    def draw(rng: np.random.Generator) -> float:
        held = np.zeros(pool, dtype=np.int64)
        for size in sizes.tolist():
            held[rng.choice(pool, size=min(size, pool), replace=False, shuffle=False)] += 1
        return -float((held * (held - 1) // 2).sum())

    if shared:
        return drawn(-float(shared), draw, draws, seed)
    # That no item is shared at all has an exact probability, far below what draws can show.
    found = drawn(0.0, draw, min(draws, 99), seed)
    exact = max(SMALLEST, 10 ** max(-300.0, none_shared_log10(sizes.tolist(), pool)))
    return Drawn(0.0, exact, found.draws, found.low, found.high)


def expected_shared(sizes: Ints, pool: int) -> float:
    """The pairs with an item in common that chance gives: the sum over pairs of the product of sizes, over the pool."""
    total = float(sizes.sum())
    return (total**2 - float((sizes.astype(np.float64) ** 2).sum())) / 2 / pool


def effective_number(calls: Floats, n_log_n: Floats) -> Floats:
    """How many templates each account uses, as exp of the entropy ln N - (sum of n ln n) / N of its calls."""
    number: Floats = np.exp(np.log(calls) - n_log_n / calls)
    return number


def replacements(firsts: Ints, bans: Ints, within: int = 86_400) -> int:
    """How many accounts first appear within a day after a ban."""
    return int(np.count_nonzero(_after_ban(firsts, bans, within)))


def _after_ban(firsts: Ints, bans: Ints, within: int) -> npt.NDArray[np.bool_]:
    ordered = np.sort(bans)
    at = np.searchsorted(ordered, firsts, side="right") - 1
    return (at >= 0) & (firsts - ordered[np.maximum(at, 0)] <= within)


def replacement(firsts: Ints, bans: Ints, start: int, days: int, day: int = 86_400) -> Drawn:
    """The number of new accounts within a day of a ban, against all ban times moved by each number of whole days."""
    own = replacements(firsts, bans)
    moved = [replacements(firsts, start + (bans - start + step * day) % (days * day), day) for step in range(1, days)]
    above = sum(one >= own for one in moved)
    low, high = np.quantile(moved, [0.025, 0.975])
    return Drawn(float(own), (1 + above) / (1 + len(moved)), len(moved), float(low), float(high))


def mmd2(one: Floats, other: Floats) -> float:
    """The unbiased squared maximum mean discrepancy of two samples of points, (n, d) and (m, d).

    The kernel is the mean of Gaussian ones at 0.5, 1, 2 and 4 times the median distance of all points.
    Gretton et al. (2012), A kernel two-sample test, JMLR 13.
    """
    points = np.concatenate((one, other))
    squared = ((points[:, None] - points[None, :]) ** 2).sum(axis=-1)
    median = float(np.median(np.sqrt(squared[np.triu_indices(len(points), 1)])))
    kernel = np.mean([np.exp(-squared / (2 * (factor * median) ** 2)) for factor in (0.5, 1, 2, 4)], axis=0)
    n, m = len(one), len(other)
    own = (kernel[:n, :n].sum() - np.trace(kernel[:n, :n])) / (n * (n - 1))
    theirs = (kernel[n:, n:].sum() - np.trace(kernel[n:, n:])) / (m * (m - 1))
    return float(own + theirs - 2 * kernel[:n, n:].mean())

"""The tests of groups of accounts: known values, uniform p-values without an effect, and effects that are found."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import kstest

from workbench.analyses.campaign.null_tests import (
    EXCEEDANCES,
    Calls,
    SharedValues,
    Strata,
    coverage,
    drawn,
    effective_number,
    expected_shared,
    mmd2,
    replaced,
    replacement,
    sampled,
    shifted,
    stand_ins,
    trends,
    variance_ratio,
)


def calls_of(series: list[list[float]], day: int = 1) -> Calls:
    """Calls of accounts given as one number a bin."""
    table = np.array(series, dtype=np.float64)
    who, bins = np.nonzero(table)
    return Calls(who, bins, table[who, bins], len(table), table.shape[1], day)


@pytest.mark.parametrize(
    ("series", "printed"),
    [
        ([[1, 3, 0, 2], [1, 3, 0, 2]], 2.0),
        ([[1, 0, 1, 0], [0, 1, 0, 1]], 0.0),
        ([[2, 0, 1, 0], [1, 0, 0, 1], [0, 1, 0, 3]], 0.692308),
    ],
)
def test_printed_variance_ratios(series: list[list[float]], printed: float) -> None:
    assert variance_ratio(calls_of(series)) == pytest.approx(printed, abs=5e-7)
    table = np.array(series)
    assert variance_ratio(calls_of(series)) == pytest.approx(table.sum(axis=0).var() / table.var(axis=1).sum())


def simulated(rng: np.random.Generator, accounts: int, each: int, bursts: float, days: int = 40) -> Calls:
    """Accounts with hours of their own; a share of their calls lies in common jobs of 45 minutes."""
    day = 288
    jobs = rng.integers(0, days * day - 9, size=max(1, int(accounts * each * bursts) // max(30, 3 * accounts)))
    table = np.zeros((accounts, days * day))
    for account in range(accounts):
        hour = rng.integers(0, 24)
        own = rng.integers(0, days, size=each) * day + (hour * 12 + rng.normal(0, 36, size=each).astype(int)) % day
        together = rng.random(each) < bursts
        own[together] = rng.choice(jobs, size=int(together.sum())) + rng.integers(0, 9, size=int(together.sum()))
        np.add.at(table[account], own, 1)
    who, bins = np.nonzero(table)
    return Calls(who, bins, table[who, bins], accounts, days * day, day)


def test_shifts_by_days_are_fair_to_accounts_with_office_hours() -> None:
    rng = np.random.default_rng(5)
    p = [shifted(simulated(rng, 6, 40, 0.0), 99, [5, n]).p for n in range(150)]
    # Few calls coincide, so that ties are many and the p-values rather too large.
    assert [sum(one <= level for one in p) <= most for level, most in ((0.05, 15), (0.2, 42), (0.5, 92))] == [True] * 3
    assert sum(one <= 0.5 for one in p) >= 30


def test_accounts_that_move_together_are_found() -> None:
    rng = np.random.default_rng(6)
    found = [shifted(simulated(rng, 10, 60, 0.5), 199, [6, n]) for n in range(10)]
    assert sum(one.p <= 0.01 for one in found) >= 9
    assert all(one.statistic > one.high for one in found if one.p <= 0.01)


def test_draws_stop_when_the_answer_is_clear() -> None:
    found = drawn(0.0, lambda rng: rng.normal() + 9, 999, [1])
    assert (found.draws, found.p) == (EXCEEDANCES, 1.0)
    assert drawn(99.0, lambda rng: rng.normal(), 99, [1]).p == 0.01
    p = [drawn(float(np.random.default_rng(n).normal()), lambda rng: rng.normal(), 199, [n, 1]).p for n in range(300)]
    assert kstest(p, "uniform").pvalue > 0.01


def test_trends_are_measured_over_days() -> None:
    rising = [[float(day) for day in range(10)], [0.0, 0, 1, 1, 2, 2, 3, 3, 4, 5]]
    assert trends(calls_of(rising)) > 0.9
    assert trends(calls_of([[1.0, 0, 1, 0, 1, 0, 1, 0, 1, 0], [3.0, 1, 2, 3, 1, 2, 3, 1, 2, 3]])) < 0.5
    assert trends(calls_of([[1.0] * 10, [2.0] * 10])) == 0.0


def test_stand_ins_are_of_the_same_kind() -> None:
    who = np.arange(100) * 7
    plan, region = np.arange(100) % 2, np.array([f"r{n % 5}" for n in range(100)], dtype=object)
    region[0] = "nowhere else"
    strata = Strata(who, [plan, region], excluded=who[:10])
    pools, full = strata.pools(who[:10])
    assert full == 0.9
    assert set(pools[1].tolist()) == {n * 7 for n in range(11, 100, 10)}
    assert set(pools[0].tolist()) == {n * 7 for n in range(10, 100, 2)}
    small = sampled(pools, 4, [1])
    assert [len(pool) for pool in small] == [4] * 10
    chosen = stand_ins(pools, np.random.default_rng(1))
    assert len(set(chosen.tolist())) == 10
    assert all(account in pool for account, pool in zip(chosen, pools, strict=True))


def test_what_moves_everybody_is_absorbed_by_the_stand_ins() -> None:
    rng = np.random.default_rng(8)
    everybody = simulated(rng, 60, 60, 0.5)
    bins_of = {
        a: np.repeat(everybody.bin[everybody.who == a], everybody.count[everybody.who == a].astype(int))
        for a in range(60)
    }
    inside = everybody.who < 10
    own = Calls(
        everybody.who[inside], everybody.bin[inside], everybody.count[inside], 10, everybody.bins, everybody.day
    )
    assert shifted(own, 99, [1]).p <= 0.02
    assert replaced(own, [np.arange(10, 60)] * 10, bins_of, 99, [2]).p > 0.05
    quiet = simulated(rng, 60, 60, 0.0)
    alone = {a: np.repeat(quiet.bin[quiet.who == a], quiet.count[quiet.who == a].astype(int)) for a in range(10, 60)}
    assert replaced(own, [np.arange(10, 60)] * 10, alone, 99, [3]).p <= 0.02


def test_shared_values_weigh_by_their_rarity() -> None:
    who, value = np.array([1, 1, 2, 2, 3]), np.array([0, 1, 0, 1, 1])
    held = SharedValues(who, value, np.array([10.0, 1.0]))
    assert held.weight(np.array([1, 2, 3, 4])) == 10.0 + 3 * 1.0
    assert held.weight(np.array([3, 4, 5])) == 0.0
    assert held.largest(np.array([1, 2, 3, 4])) == 3
    assert held.largest(np.array([9])) == 0
    assert held.of(np.array([0, 1])).tolist() == [0, 1]
    nothing = np.zeros(0, dtype=np.int64)
    assert SharedValues(nothing, nothing, np.zeros(0)).weight(np.array([1, 2])) == 0.0


def test_accounts_that_never_share_an_item_are_found_and_chance_is_not() -> None:
    sizes = np.array([25, 25, 25, 25])
    assert expected_shared(sizes, 100) == 37.5
    assert np.log10(coverage(sizes, 0, 100, 199, [1]).p) == pytest.approx(-36.33, abs=0.005)
    assert coverage(sizes, 20, 100, 199, [1]).p == 1 / 200
    rng = np.random.default_rng(2)
    p = []
    for n in range(200):
        held = np.zeros(100, dtype=int)
        for size in sizes:
            held[rng.choice(100, size, replace=False)] += 1
        p.append(coverage(sizes, int((held * (held - 1) // 2).sum()), 100, 99, [2, n]).p)
    assert sum(one <= 0.05 for one in p) <= 20
    assert np.mean(p) == pytest.approx(0.5, abs=0.1)


def test_number_of_templates_is_exp_of_the_entropy() -> None:
    counts = [[5.0, 5.0], [9.0], [1.0, 2.0, 3.0]]
    sums = np.array([sum(c) for c in counts])
    found = effective_number(sums, np.array([sum(n * np.log(n) for n in c) for c in counts]))
    shares = np.array([1, 2, 3]) / 6
    assert found == pytest.approx([2.0, 1.0, np.exp(-(shares * np.log(shares)).sum())])


def test_new_accounts_after_bans() -> None:
    day = 86_400
    bans = np.array([3, 11, 20]) * day + 500
    found = replacement(np.array([3 * day + 900, 11 * day + 5000, 21 * day, 30 * day]), bans, 0, 40)
    assert found.statistic == 3
    assert found.p == pytest.approx(1 / 40)
    scattered = np.random.default_rng(1).integers(0, 40 * day, size=12)
    assert replacement(scattered, bans, 0, 40).p > 0.05


def test_the_printed_discrepancy() -> None:
    one, other = np.array([[0.0, 0], [1, 0], [0, 1]]), np.array([[1.0, 1], [2, 1], [1, 2]])
    assert mmd2(one, other) == pytest.approx(0.231896, abs=5e-7)

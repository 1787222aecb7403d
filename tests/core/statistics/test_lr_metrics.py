"""The cost, calibration and order of likelihood ratios against known answers and other implementations."""

from __future__ import annotations

from itertools import pairwise
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.isotonic import IsotonicRegression
from sklearn.metrics import roc_auc_score

from workbench.core.statistics.elub import empirical_bounds
from workbench.core.statistics.lr_metrics import (
    Runs,
    at_most_rate,
    auc,
    cllr,
    cllr_min,
    cross_entropy,
    equal_error_rate,
    pav_blocks,
    pav_log10_lrs,
    percentile_interval,
    tippett,
    weighted_auc,
)
from workbench.core.statistics.resampling import Floats, resampled

H1, H2 = np.array([2, 1, 0.5, -0.3, 3]), np.array([-2, -1, 0.4, -0.1, -3])


def numbers(text: str) -> list[float]:
    return [float(each) for each in text.split()]


# Cllr, Cllr_min and the empirical bounds (in steps of 0.001) that lir 1.3.1 gives for rounded normal draws.
OTHERS = (
    (H1.tolist(), H2.tolist(), (0.494138311, 0.275488750, -0.176, 0.301)),
    (
        numbers("0.44 0.5 -0.34 1.02 -0.55 -0.41 1.98 -0.21"),
        numbers(
            "0.38 0.82 -0.44 -0.15 1.25 -0.9 -1.29 -2.05 -0.66 0.78 0.26 -1.64 -1.56 -1.2 -0.41 -0.91 -0.49 -0.4 -1 "
            "-0.74 -0.49 -0.78 -0.2 1.17 -0.11 -0.64 -2.39 -0.31 -2.65 -2.11 0.15 0.01 -0.85 -2.41 -1.07 -1.38 -0.06 "
            "1.56 -0.48 -1.48"
        ),
        (0.921401166, 0.633744662, -0.109, 0.439),
    ),
    (
        numbers("2.06 -0.12 0.44 0.17 0.36 0.25 2.11 -0.84 -1.36 -0.81 -1.13 0.95"),
        numbers(
            "0.62 -1.16 -1.59 -0.55 1.19 -3.02 0.33 -1.28 0.84 -1.28 -0.49 -1.71 -1.18 1.19 0.62 -0.6 -1.07 -2.09 "
            "-0.59 -0.23 -0.28 -0.29 -1.32 -0.27"
        ),
        (1.210574173, 0.773654748, -0.247, 0.217),
    ),
)

# A coarse grid, so that ties within and between the classes are common.
scores = st.lists(st.sampled_from([-3.0, -1.5, -1.0, -0.25, 0.0, 0.0, 0.25, 1.0, 1.5, 4.0]), min_size=1, max_size=14)


def both(h1: list[float], h2: list[float]) -> tuple[Floats, Floats]:
    return np.array(h1, float), np.array(h2, float)


def test_the_check_values_of_the_design() -> None:
    assert cllr(H1, H2) == pytest.approx(0.494138, abs=1e-6)
    assert cllr_min(H1, H2) == pytest.approx(0.275489, abs=1e-6)


@pytest.mark.parametrize(("h1", "h2", "expected"), OTHERS)
def test_agreement_with_numbers_of_another_implementation(
    h1: list[float], h2: list[float], expected: tuple[float, ...]
) -> None:
    true, false = both(h1, h2)
    assert (cllr(true, false), cllr_min(true, false)) == pytest.approx(expected[:2], abs=1e-8)
    assert empirical_bounds(true, false) == pytest.approx(expected[2:], abs=0.0015)


def test_agreement_with_lir_where_it_is_installed() -> None:
    # Thirty packages come with it, so that it is no dependency of the tests: its numbers stand above.
    metrics = pytest.importorskip("lir.metrics", reason="lir is not installed")
    from lir.algorithms.bayeserror import elub
    from lir.data.models import LLRData

    chance = np.random.default_rng(11)
    for n1, n2, mean in ((5, 9, 0.3), (40, 200, 1.0), (25, 30, 2.0)):
        h1, h2 = np.round(chance.normal(mean, 1, n1), 1), np.round(chance.normal(-mean, 1, n2), 1)
        labels = np.r_[np.ones(n1), np.zeros(n2)]
        data = LLRData(features=np.r_[h1, h2].reshape(-1, 1), labels=labels)
        assert (cllr(h1, h2), cllr_min(h1, h2)) == pytest.approx((metrics.cllr(data), metrics.cllr_min(data)))
        # Half a step beside the ties: there the two read “at least” and “more than” differently.
        shifted = np.r_[h1, h2] + chance.uniform(-0.01, 0.01, n1 + n2)
        bounds = elub(shifted.copy(), labels, add_misleading=1, step_size=0.001)
        assert empirical_bounds(shifted[:n1], shifted[n1:]) == pytest.approx(bounds, abs=0.0021)


@settings(max_examples=70, deadline=None)
@given(scores, scores)
def test_auc_is_that_of_scikit_learn_with_ties_half(h1: list[float], h2: list[float]) -> None:
    expected = roc_auc_score([1] * len(h1) + [0] * len(h2), h1 + h2)
    assert auc(*both(h1, h2)) == pytest.approx(expected)


@settings(max_examples=70, deadline=None)
@given(scores, scores)
def test_pav_is_the_isotonic_regression_of_scikit_learn(h1: list[float], h2: list[float]) -> None:
    true, false = both(h1, h2)
    fit = IsotonicRegression(out_of_bounds="clip")
    values = fit.fit_transform(h1 + h2, [1.0] * len(h1) + [0.0] * len(h2))
    with np.errstate(divide="ignore"):
        expected = np.log10(values / (1 - values)) - np.log10(len(h1) / len(h2))
    found = np.concatenate(pav_log10_lrs(true, false))
    assert np.array_equal(np.isinf(found), np.isinf(expected))
    assert found[np.isfinite(found)] == pytest.approx(expected[np.isfinite(found)], abs=1e-9)


@settings(max_examples=70, deadline=None)
@given(scores, scores)
def test_the_best_calibration_costs_no_more_and_keeps_the_order(h1: list[float], h2: list[float]) -> None:
    true, false = both(h1, h2)
    least = cllr_min(true, false)
    assert 0 <= least <= min(1.0, cllr(true, false)) + 1e-12
    assert least == pytest.approx(cllr(*pav_log10_lrs(true, false)))
    assert cllr_min(3 * true + 1, 3 * false + 1) == pytest.approx(least), "only the order counts"


@settings(max_examples=100, deadline=None)
@given(scores, scores)
def test_equal_error_rate_is_the_largest_bayes_error(h1: list[float], h2: list[float]) -> None:
    """The defining property of the convex hull's rate, on a grid of priors."""
    true, false = both(h1, h2)
    cuts = np.append(np.unique(h1 + h2), 9.0)
    misses = (true[:, None] < cuts).mean(axis=0)
    alarms = (false[:, None] >= cuts).mean(axis=0)
    priors = np.linspace(0, 1, 2001)[:, None]
    worst = (priors * misses + (1 - priors) * alarms).min(axis=1).max()
    assert equal_error_rate(true, false) == pytest.approx(worst, abs=1e-3)


def test_perfect_useless_and_reversed_order() -> None:
    low, high, same = np.array([-2.0, -1.0]), np.array([1.0, 2.0]), np.zeros(4)
    assert (auc(high, low), equal_error_rate(high, low), cllr_min(high, low)) == (1.0, 0.0, 0.0)
    assert (auc(same, same), equal_error_rate(same, same), cllr_min(same, same)) == (0.5, 0.5, 1.0)
    assert (auc(low, high), equal_error_rate(low, high), cllr_min(low, high)) == (0.0, 0.5, 1.0)
    assert cllr(same, same) == 1.0


def test_infinite_ratios() -> None:
    end = np.array([np.inf])
    assert cllr(end, -end) == 0.0
    assert np.isinf(cllr(-end, -end))
    assert cllr_min(np.array([np.inf, 1.0]), np.array([-np.inf, 2.0])) == pytest.approx(
        cllr_min(np.array([9.0, 1.0]), np.array([-9.0, 2.0]))
    )


@pytest.mark.parametrize(("h1", "h2"), [([], []), ([1.0], []), ([], [1.0])])
def test_a_missing_class_gives_no_number(h1: list[float], h2: list[float]) -> None:
    true, false = both(h1, h2)
    for figure in (cllr, cllr_min, auc, equal_error_rate):
        assert np.isnan(figure(true, false))
    assert pav_blocks(true, false) == ()
    assert empirical_bounds(true, false) == (0.0, 0.0)


def test_cross_entropy_at_even_odds_is_the_cllr() -> None:
    found = cross_entropy(H1, H2, np.array([-300.0, -1.0, 0.0, 1.0, 300.0]))
    assert found.reported[2] == pytest.approx(cllr(H1, H2))
    assert found.calibrated[2] == pytest.approx(cllr_min(H1, H2))
    assert found.neutral[2] == 1.0
    assert found.reported[[0, 4]] == pytest.approx([0, 0], abs=1e-9), "who is certain beforehand learns nothing"
    prior = 1 / (1 + 10**1.0)
    entropy = -prior * np.log2(prior) - (1 - prior) * np.log2(1 - prior)
    assert found.neutral[1] == pytest.approx(entropy)


@pytest.mark.parametrize("sigma", [1.0, 2.5])
def test_tippett_curves_of_calibrated_normal_scores_cross_at_one(sigma: float) -> None:
    """ln LR is N(± sigma² / 2, sigma) exactly when normal scores are calibrated: they cross at LR = 1."""
    chance = np.random.default_rng(3)
    h1 = chance.normal(sigma**2 / 2, sigma, 60_000) / np.log(10)
    h2 = chance.normal(-(sigma**2) / 2, sigma, 60_000) / np.log(10)
    curves = tippett(h1, h2)
    at = int(np.argmax(curves.h1_at_most >= curves.h2_above))
    rate = NormalDist().cdf(-sigma / 2)
    assert curves.thresholds[at] == pytest.approx(0, abs=0.03)
    assert curves.h1_at_most[at] == pytest.approx(rate, abs=0.006)
    assert equal_error_rate(h1, h2) == pytest.approx(rate, abs=0.006)
    assert cllr(h1, h2) - cllr_min(h1, h2) == pytest.approx(0, abs=0.004), "calibrated: nothing to gain"


def test_a_shifted_method_crosses_elsewhere() -> None:
    chance = np.random.default_rng(4)
    h1, h2 = chance.normal(2, 0.5, 20_000), chance.normal(0, 0.5, 20_000)
    curves = tippett(h1, h2)
    at = int(np.argmax(curves.h1_at_most >= curves.h2_above))
    assert curves.thresholds[at] == pytest.approx(1, abs=0.03)
    assert (np.diff(curves.h1_at_most) >= 0).all()
    assert (np.diff(curves.h2_above) <= 0).all()


def test_pav_blocks_hold_every_pair_once_and_rise() -> None:
    chance = np.random.default_rng(5)
    h1, h2 = np.round(chance.normal(0.5, 1, 60), 1), np.round(chance.normal(-0.5, 1, 90), 1)
    blocks = pav_blocks(h1, h2)
    assert (sum(b.h1 for b in blocks), sum(b.h2 for b in blocks)) == (60, 90)
    assert all(a.high < b.low and a.log10_lr < b.log10_lr for a, b in pairwise(blocks))
    for b in blocks:
        assert b.h1 == ((h1 >= b.low) & (h1 <= b.high)).sum()
        assert b.h2 == ((h2 >= b.low) & (h2 <= b.high)).sum()


@settings(max_examples=60, deadline=None)
@given(scores, scores, st.integers(0, 1000))
def test_weights_are_repetitions(h1: list[float], h2: list[float], seed: int) -> None:
    """A replicate's weighted figures are those of the pairs written out as often as they were drawn."""
    true, false = both(h1, h2)
    w1, w2 = resampled(true.size, 3, seed), resampled(false.size, 3, seed + 1)
    areas = weighted_auc(true, false, w1, w2)
    steps = Runs.of(true, false).replicates(w1, w2)
    for at in range(3):
        drawn1, drawn2 = np.repeat(true, w1[at].astype(int)), np.repeat(false, w2[at].astype(int))
        assert areas[at] == pytest.approx(auc(drawn1, drawn2))
        assert steps[at].cllr() == pytest.approx(cllr_min(drawn1, drawn2), abs=1e-12)
        assert steps[at].equal_error_rate() == pytest.approx(equal_error_rate(drawn1, drawn2), abs=1e-12)


def test_percentiles_leave_out_what_is_undefined() -> None:
    values = np.array([np.nan, *np.arange(1001.0), np.inf])
    assert percentile_interval(values) == pytest.approx((25.0, 975.0))
    assert percentile_interval(np.array([np.nan])) is None


def test_no_event_in_300_says_below_one_per_cent() -> None:
    assert at_most_rate(0, 300) == pytest.approx(0.00994, abs=1e-5)
    assert (1 - at_most_rate(0, 300)) ** 300 == pytest.approx(0.05)
    assert at_most_rate(0, 0) == 1.0
    with pytest.raises(ValueError, match="no event"):
        at_most_rate(1, 300)


@settings(max_examples=70, deadline=None)
@given(scores, scores, st.integers(1, 3))
def test_bounds_hold_what_their_definition_says(h1: list[float], h2: list[float], misleading: int) -> None:
    """No threshold within the bounds costs more than ignoring the LRs; just beyond the upper one, one does."""
    true, false = both(h1, h2)
    low, high = empirical_bounds(true, false, misleading=misleading)
    assert low <= 0 <= high
    assert high <= np.log10((len(h2) + misleading) / misleading) + 1e-12
    assert low >= -np.log10((len(h1) + misleading) / misleading) - 1e-12

    def cost(t: float) -> float:
        missed = ((true <= t).sum() + misleading) / (len(h1) + misleading)
        alarms = ((false > t).sum() + misleading) / (len(h2) + misleading)
        return float(missed + 10**t * alarms)

    if high > 0:
        assert all(cost(t) <= 1 + 1e-9 for t in np.linspace(0, high, 30)[:-1])
    beyond = high + 1e-6
    assert cost(beyond) > 1 or cost(float(np.nextafter(high, 9))) > 1 or high == 0
    mirrored = empirical_bounds(-false, -true, misleading=misleading)
    assert mirrored == pytest.approx((-high, -low)), "the two sides are one rule"


def test_fewer_independent_cases_narrow_the_bounds() -> None:
    chance = np.random.default_rng(6)
    h1, h2 = chance.normal(6, 0.5, 40), chance.normal(-6, 0.5, 400)
    low, high = empirical_bounds(h1, h2)
    assert high == pytest.approx(np.log10(401 * (1 - 1 / 41)), abs=1e-9)
    narrow = empirical_bounds(h1, h2, h1_units=10, h2_units=30)
    assert narrow[1] == pytest.approx(np.log10(31 * (1 - 1 / 11)), abs=1e-9)
    assert low < narrow[0] < 0 < narrow[1] < high

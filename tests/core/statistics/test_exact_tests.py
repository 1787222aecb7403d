"""Exact tails against whole-number arithmetic, and the printed values of the literature."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import combinations

import pytest

from workbench.core.statistics.exact_tests import (
    at_random,
    binomial_tail,
    largest_likelihood_ratio,
    none_shared_log10,
    prompts_needed,
    proportion_interval,
    union_bound,
)


def by_fractions(successes: int, trials: int, chance: Fraction) -> float:
    """The tail as a sum of exact fractions."""
    terms = (math.comb(trials, k) * chance**k * (1 - chance) ** (trials - k) for k in range(successes, trials + 1))
    return float(sum(terms))


@pytest.mark.parametrize(
    ("successes", "trials", "chance", "printed"),
    [
        (3, 50, Fraction(1, 1000), 1.892166e-5),
        (1, 50, Fraction(1, 1000), 0.048794),
        (2, 20, Fraction(1, 100), 0.016859),
        (128, 200, Fraction(1, 2), 4.564908e-5),
        (2600, 10_000, Fraction(1, 4), 0.01101649),
        (90, 200, Fraction(1, 4), 6.541036e-10),
    ],
)
def test_binomial_tails_are_exact(successes: int, trials: int, chance: Fraction, printed: float) -> None:
    found = binomial_tail(successes, trials, float(chance))
    assert found == pytest.approx(printed, rel=4e-5)
    if trials <= 200:
        assert found == pytest.approx(by_fractions(successes, trials, chance), rel=1e-12)


def test_a_far_tail_keeps_its_precision() -> None:
    found = binomial_tail(100, 100, 0.001)
    assert found == pytest.approx(1e-300, rel=1e-10)
    assert binomial_tail(0, 10, 0.3) == 1.0
    with pytest.raises(ValueError, match="11 successes"):
        binomial_tail(11, 10, 0.5)


def test_exact_intervals_invert_the_tails() -> None:
    assert proportion_interval(0, 300)[0] == 0.0
    assert proportion_interval(0, 300)[1] < 0.0123
    assert proportion_interval(5, 5)[1] == 1.0
    low, high = proportion_interval(4, 150)
    assert by_fractions(4, 150, Fraction(low)) == pytest.approx(0.025, rel=1e-6)
    assert 1 - by_fractions(5, 150, Fraction(high)) == pytest.approx(0.025, rel=1e-6)
    with pytest.raises(ValueError, match="0 of 0"):
        proportion_interval(0, 0)


def test_the_union_bound_of_random_markers() -> None:
    assert union_bound(100, 500_000_000, 32.0**12) == pytest.approx(4.34e-8, rel=1e-3)
    assert union_bound(100, 500_000_000, 10.0) == 1.0


def test_random_p_values_are_never_zero() -> None:
    assert at_random(0, 999) == 0.001
    assert at_random(999, 999) == 1.0


@pytest.mark.parametrize(("p", "printed"), [(0.01, 8.0), (0.001, 53.0), (1e-6, 26_628.0)])
def test_the_ceiling_of_a_p_value(p: float, printed: float) -> None:
    found = largest_likelihood_ratio(p)
    assert found is not None
    assert found == pytest.approx(printed, rel=0.005)


def test_a_large_p_value_has_no_ceiling() -> None:
    assert largest_likelihood_ratio(0.5) is None


def test_disjoint_sets_by_enumeration() -> None:
    assert 10 ** none_shared_log10([20, 20], 100) == pytest.approx(0.006596, rel=1e-4)
    assert none_shared_log10([25] * 4, 100) == pytest.approx(-36.33, abs=0.005)
    pairs = [set(c) for c in combinations(range(6), 2)]
    disjoint = sum(not (a & b) and not (c & (a | b)) for a in pairs for b in pairs for c in pairs)
    assert 10 ** none_shared_log10([2, 2, 2], 6) == pytest.approx(disjoint / len(pairs) ** 3)
    assert none_shared_log10([4, 3], 6) == -math.inf


def test_prompts_that_a_comparison_of_served_answers_needs() -> None:
    assert prompts_needed(0.1, 4, 0.001, 0.8) == pytest.approx(1_931, abs=2)
    assert prompts_needed(0.05, 4, 0.001, 0.8) == pytest.approx(7_722, abs=8)

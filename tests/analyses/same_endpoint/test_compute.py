"""The distance of two samples of answers: known values, uniform p-values without a difference, planted differences."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import kstest

from tests.analyses.same_endpoint.answers import answers_of, text
from workbench.analyses.same_endpoint.compute import (
    Distance,
    Pair,
    distance,
    elsewhere,
    halves,
    kernel,
    passed_on,
    upper_limit,
)


def of(first: dict[str, list[str]], second: dict[str, list[str]], draws: int = 199, seed: int = 1) -> Distance:
    return distance([Pair(tuple(first[p]), tuple(second[p])) for p in first], 200, draws, seed)


def test_two_prompts_with_all_their_assignments() -> None:
    """Two prompts, two answers each: worked out by hand, MMD² (.25 + 0) / 2, and 12 of 36 assignments reach it."""
    pairs = [Pair(("1234", "1235"), ("1299", "1639")), Pair(("7788", "7789"), ("7008", "5788"))]
    found = distance(pairs, 200, 99, 1)
    assert found.by_prompt.tolist() == [0.25, 0.0]
    assert (found.mean, found.p, found.assignments, found.exact) == (0.125, 12 / 36, 36, True)


def test_characters_count_at_their_places_and_no_place_beyond_an_end_does() -> None:
    alike = kernel(["abcd", "abxd", "ab", "", "", "bcda", "\U0001d518b"], 200)
    assert alike[0].tolist() == pytest.approx([1, 0.75, 2 / 8**0.5, 0, 0, 0, 1 / 8**0.5])
    assert alike[3].tolist() == [0, 0, 0, 1, 1, 0, 0]
    assert kernel(["abcd", "abxd"], 2).tolist() == [[1, 1], [1, 1]]


def test_random_assignments_agree_with_all_of_them() -> None:
    first, second = answers_of("P", 1, 3, 3), answers_of("P", 2, 3, 3)
    exact = of(first, second)
    assert (exact.exact, exact.assignments) == (True, 20**3)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("workbench.analyses.same_endpoint.compute.EXACT", 10)
        drawn = of(first, second, draws=9_999)
    assert not drawn.exact
    assert drawn.p == pytest.approx(exact.p, abs=0.02)


def test_numbers_do_not_depend_on_the_order_of_prompts_or_on_how_many_answers_the_others_have() -> None:
    one = [Pair(("aab", "abb"), ("abc", "aac")), Pair(("x", "xy", "yy"), ("x", "zy")), Pair(("q",), ("q", "r"))]
    there = distance(one, 200, 99, 1).by_prompt
    back = distance(one[::-1], 200, 99, 1).by_prompt
    assert there.tolist() == back[::-1].tolist()
    assert there[2] == pytest.approx(2 * (0 - (1 + 0) / 2))


@pytest.mark.parametrize("bad", [[], [Pair(("a",), ("b",))], [Pair((), ("b", "c", "d"))]])
def test_what_shows_no_spread_is_refused(bad: list[Pair]) -> None:
    with pytest.raises(ValueError, match="three in all"):
        distance(bad, 200, 99, 1)


def p_values(runs: int, first: int, second: int, prompts: int = 20) -> list[float]:
    """The p-values of one service against itself, under other samples each time."""
    return [
        of(answers_of("P", 2 * run, prompts, first), answers_of("P", 2 * run + 1, prompts, second), 99, run).p
        for run in range(runs)
    ]


def test_p_is_uniform_where_one_service_is_asked_twice() -> None:
    """Answers to one prompt are near each other, so that prompts are clusters: the null is within them."""
    found = p_values(100, 3, 2)
    assert kstest(found, "uniform").pvalue > 0.01
    assert np.mean(np.array(found) <= 0.05) <= 0.12


@pytest.mark.slow
@pytest.mark.parametrize(("first", "second"), [(5, 5), (1, 2), (2, 7)])
def test_p_is_uniform_with_other_numbers_of_answers(first: int, second: int) -> None:
    assert kstest(p_values(300, first, second), "uniform").pvalue > 0.01


@pytest.mark.slow
def test_a_service_that_passes_on_most_calls_is_found_as_far_as_the_power_line_says() -> None:
    """With n prompts and a share passed on below the line the test rejects in four of five samples or more."""
    prompts, each = 20, 5
    stranger = of(answers_of("P", 1, prompts, each), answers_of("Q", 1, prompts, each))
    line = passed_on(stranger.detectable, stranger.mean)
    assert line is not None
    assert 0.3 < line < 0.95

    def share_found(share: float) -> float:
        found = []
        for run in range(40):
            chance = np.random.default_rng(run)
            own, theirs = answers_of("Q", run, prompts, each), answers_of("P", 100 + run, prompts, each)
            mixed = {
                p: [a if chance.random() < share else b for a, b in zip(theirs[p], own[p], strict=True)] for p in own
            }
            found.append(of(mixed, answers_of("P", run, prompts, each), 199, run).p <= 0.05)
        return float(np.mean(found))

    assert share_found(line) >= 0.6
    assert share_found(1.0) <= 0.2


def test_halves_of_one_model_lie_about_zero_and_their_95th_percentile_holds_a_second_pull() -> None:
    own = answers_of("P", 1, 40, 6)
    between = halves(list(own.values()), 200, 499, 1)
    assert abs(float(between.mean())) < 0.01
    again = of(own, answers_of("P", 2, 40, 6))
    assert again.mean <= float(np.quantile(between, 0.95)) < of(own, answers_of("Q", 1, 40, 6)).mean
    with pytest.raises(ValueError, match="too few"):
        halves([["a", "b"]], 200, 9, 1)


def test_limits_and_shares() -> None:
    values = np.random.default_rng(1).normal(0.2, 0.1, 400)
    assert upper_limit(values, 0.95, 4_999, 1) == pytest.approx(values.mean() + 1.645 * 0.1 / 20, abs=0.001)
    assert passed_on(0.04, 0.16) == 0.5
    assert passed_on(0.2, 0.16) is None
    assert elsewhere(0.04, 0.16) == 0.5
    assert (elsewhere(-0.1, 0.2), elsewhere(0.3, 0.2), elsewhere(0.1, 0.0)) == (0.0, 1.0, 1.0)


def test_no_answer_stops_the_kernel() -> None:
    odd = ["", "\ud800", "\x00", "\U0001d518" * 500, text("x")]
    assert np.isfinite(kernel(odd, 200)).all()

"""The shared statistics against plain definitions."""

from __future__ import annotations

from statistics import median

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.core.statistics.resampling import (
    centred_interval,
    medians_without_each,
    p_model,
    resampled,
    spread_off_diagonal,
    spread_without_each,
)

numbers = st.lists(st.sampled_from([-2.0, -0.5, 0.0, 0.25, 0.25, 1.0, 3.0, 7.5]), min_size=3, max_size=12)


@settings(max_examples=200, deadline=None)
@given(numbers)
def test_spread_without_each_is_the_spread_of_the_others(values: list[float]) -> None:
    centres, deviations = spread_without_each(np.array(values))
    for at in range(len(values)):
        others = values[:at] + values[at + 1 :]
        centre = median(others)
        assert centres[at] == centre
        assert deviations[at] == median(abs(v - centre) for v in others)


def test_medians_work_along_the_last_axis() -> None:
    values = np.random.default_rng(1).normal(size=(3, 4, 7))
    found = medians_without_each(values)
    for index in np.ndindex(3, 4):
        for at in range(7):
            assert found[index][at] == median(np.delete(values[index], at).tolist())


@pytest.mark.parametrize("size", [5, 6])
def test_spread_off_the_diagonal(size: int) -> None:
    matrices = np.random.default_rng(2).normal(size=(3, size, size))
    centres, deviations = spread_off_diagonal(matrices)
    for k in range(3):
        for row in range(size):
            others = np.delete(matrices[k, row], row).tolist()
            assert centres[k, row] == median(others)
            assert deviations[k, row] == median(abs(v - median(others)) for v in others)


def test_p_model_is_never_zero_and_counts_ties() -> None:
    assert p_model(5.0, [1.0] * 19) == 0.05
    assert p_model(1.0, [1.0, 2.0, 0.0]) == 0.75


def test_resampling_draws_as_many_prompts_as_there_are() -> None:
    drawn = resampled(50, 400, 3)
    assert drawn.shape == (400, 50)
    assert (drawn.sum(axis=1) == 50).all()
    assert abs(drawn.mean(axis=0) - 1).max() < 0.25
    assert np.array_equal(drawn, resampled(50, 400, 3))
    assert not np.array_equal(drawn, resampled(50, 400, 4))


def test_interval_holds_its_estimate_and_has_the_percentile_width() -> None:
    replicates = np.random.default_rng(4).normal(10, 1, size=(4000, 2))
    low, high = centred_interval(np.array([3.0, 4.0]), replicates, 0.9)
    assert ((low < [3, 4]) & (high > [3, 4])).all()
    assert high - low == pytest.approx(2 * 1.645, rel=0.05)


def test_intervals_cover_a_mean_of_clustered_answers() -> None:
    """Resampling prompts covers at its nominal level; resampling answers would not."""
    chance, inside = np.random.default_rng(5), 0
    for seed in range(200):
        prompts = chance.normal(size=40)
        answers = prompts[:, None] + 0.1 * chance.normal(size=(40, 20))
        means = resampled(40, 400, seed) @ answers.mean(axis=1) / 40
        low, high = centred_interval(answers.mean(), means)
        inside += bool(low <= 0 <= high)
    assert 178 <= inside <= 200

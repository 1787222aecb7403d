"""Corrections for several tests against their definitions, written out again."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.core.statistics.multiple_tests import benjamini_hochberg, benjamini_yekutieli, holm

PRINTED = [0.001, 0.008, 0.039, 0.041, 0.042, 0.060, 0.074, 0.205]


def kept(p_values: list[float], level: float, factor: float) -> set[int]:
    """The tests that the step-up rule keeps, by its definition."""
    order = sorted(range(len(p_values)), key=lambda at: p_values[at])
    last = 0
    for rank, at in enumerate(order, 1):
        if p_values[at] <= rank * level / (len(p_values) * factor):
            last = rank
    return set(order[:last])


def test_the_printed_example() -> None:
    assert sum(benjamini_hochberg(PRINTED) <= 0.05) == 2
    assert sum(benjamini_yekutieli(PRINTED) <= 0.05) == 1
    assert holm([0.01, 0.04, 0.03]).tolist() == pytest.approx([0.03, 0.06, 0.06])


@settings(max_examples=200, deadline=None)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=12), st.sampled_from([0.0123, 0.0517, 0.234]))
def test_the_same_tests_are_kept_as_by_the_definition(p_values: list[float], level: float) -> None:
    harmonic = sum(1 / k for k in range(1, len(p_values) + 1))
    for found, factor in ((benjamini_hochberg(p_values), 1.0), (benjamini_yekutieli(p_values), harmonic)):
        assert {at for at, q in enumerate(found) if q <= level} == kept(p_values, level, factor)


def test_no_test_gives_no_value() -> None:
    assert benjamini_hochberg([]).shape == (0,)

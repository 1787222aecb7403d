"""Drawings: marks that give way, round ticks, rows in their places."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from workbench.core.plot import Axis, Mark, Plot, Row, Shape, nice_ticks, piles, table_of_marks


@given(st.lists(st.floats(-5, 5), max_size=60), st.floats(0.01, 2))
def test_no_mark_covers_another_of_its_level(places: list[float], width: float) -> None:
    levels = piles(places, width)
    for level in set(levels):
        own = sorted(place for place, where in zip(places, levels, strict=True) if where == level)
        assert all(later - earlier >= width for earlier, later in pairwise(own))


def test_marks_apart_lie_on_the_ground() -> None:
    assert piles([3.0, 1.0, 2.0], 0.5) == [0, 0, 0]
    assert piles([1.0, 1.0, 1.2], 0.5) == [0, 1, 2]


@given(st.floats(-1000, 1000), st.floats(0.001, 1000))
def test_ticks_are_round_and_within(low: float, span: float) -> None:
    ticks = nice_ticks(low, low + span)
    assert len(ticks) <= 8
    assert all(low - span * 1e-6 <= tick <= low + span * (1 + 1e-6) for tick in ticks)


def test_ticks_people_expect() -> None:
    assert nice_ticks(0, 10, 5) == [0, 2, 4, 6, 8, 10]
    assert nice_ticks(-0.12, 0.12, 6) == [-0.1, -0.05, 0.0, 0.05, 0.1]


def test_rows_stand_one_below_the_other() -> None:
    plot = Plot("t", Axis(0, 1), "d", rows=(Row("a", 2), Row("b")))
    assert list(plot.placed()) == [(0.0, 2.0), (2.0, 3.0)]
    assert plot.height == 3


def test_a_picture_is_also_a_table() -> None:
    table = table_of_marks([Mark("aurelia", 1, 0, Shape.PROTECTED, "7.27 points", "released 2024-03")])
    assert table.rows == (("aurelia", "7.27 points", "released 2024-03"),)

"""Tippett's curves in the report: shares of the counts that the calibration states, within the picture."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from workbench.core.drawing import DIAMOND, Drawing, Line, Mark, Text
from workbench.core.statistics.fitted_calibration import Misled, Tippett
from workbench.evidence.report.sections.tippett import tippett_drawing
from workbench.evidence.report.trial import Trial

GRID = tuple(round(-2 + 0.1 * at, 1) for at in range(41))


def drawn(log10: float | None, curves: Tippett) -> Drawing:
    trial = Trial(
        sha256="0" * 64, name="", made="2026-12-01", panels=1, models=9, prompts=9, negatives=40, above_1=4,
        tens=Misled(negatives=40, neg_lr_ge_10=0).tens, positives=8, below_1=1, negative_groups=9, positive_groups=4,
        last="", first="", released=(0.0, 0.0),
    )  # fmt: skip
    one: Any = SimpleNamespace(page=SimpleNamespace(log10_lr=log10), suspect="marlin-chat")
    return tippett_drawing(trial, curves, cast("Any", one))


def counts(whole: int, falls: dict[float, int]) -> tuple[int, ...]:
    left, made = whole, []
    for value in GRID:
        left = falls.get(value, left)
        made.append(left)
    return tuple(made)


CURVES = Tippett(GRID, counts(8, {0.0: 7, 0.5: 4, 1.1: 0}), counts(40, {-1.5: 20, 0.0: 4, 0.8: 0}))


@pytest.mark.parametrize("log10", [None, -3.0, 0.0, 1.0, 3.0])
def test_all_of_it_is_inside_the_picture(log10: float | None) -> None:
    picture = drawn(log10, CURVES)
    for item in picture.items:
        points = item.points if isinstance(item, Line) else ((item.x, item.y),) if isinstance(item, Text | Mark) else ()
        assert all(0 <= x <= picture.width and 0 <= y <= picture.height for x, y in points)
        if isinstance(item, Text):
            width = 0.6 * item.size * len(item.text)
            assert item.x + (width if item.anchor == "start" else 0) <= picture.width + 20
    assert sum(isinstance(item, Mark) and item.shape == DIAMOND for item in picture.items) == (log10 is not None)


def test_the_curves_fall_as_the_counts_do() -> None:
    unlinked, linked = [i for i in drawn(1.0, CURVES).items if isinstance(i, Line) and len(i.points) > 2]
    for curve, counted in ((unlinked, CURVES.negatives), (linked, CURVES.positives)):
        heights = [y for _, y in curve.points]
        assert heights == sorted(heights)
        top, bottom = heights[0], heights[-1]
        shares = {round((bottom - y) / (bottom - top), 6) for y in heights}
        assert shares == {round(count / counted[0], 6) for count in counted}

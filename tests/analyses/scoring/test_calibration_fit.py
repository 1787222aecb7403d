"""The fit: that its odds are likelihood ratios, and that panels and classes weigh what they should; bounds and caps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from workbench.analyses.scoring.calibration_fit import (
    SMALL,
    Estimate,
    all_fitted,
    fitted,
    misled,
    replicates,
    reported,
    support,
)
from workbench.analyses.scoring.independent import most
from workbench.analyses.scoring.panel_cases import TrainingRows, joined
from workbench.core.panel import Pair
from workbench.core.statistics.fitted_calibration import ANY, ORIGIN, QUESTIONS


def _gaussian(count: int, seed: int, shift: float = 0.0) -> TrainingRows:
    """Scores whose true log LR is known: N(1, 1) against N(0, 1), that is x - 1/2; all of them moved by `shift`."""
    draw = np.random.default_rng(seed)
    true = np.arange(count) % 2 == 0
    design = np.zeros((count, 6))
    design[:, 0], design[:, 5] = draw.normal(size=count) + true + shift, 1.0
    names = np.array([f"m{number}" for number in range(count)])
    return TrainingRows(
        design=design,
        controls=np.full(count, 60),
        panels=np.zeros(count, dtype=np.int64),
        small=np.zeros(count, dtype=np.bool_),
        suspects=names,
        families=names,
        relations=np.where(true, np.where(np.arange(count) % 4 == 0, "derived", "distilled"), ""),
    )


def _after(some: Sequence[TrainingRows]) -> TrainingRows:
    return joined([replace(rows, panels=np.full(len(rows.panels), at)) for at, rows in enumerate(some)])


def test_the_odds_are_likelihood_ratios_on_scores_whose_ratio_is_known() -> None:
    weights = fitted(_gaussian(20_000, 3), ANY)
    assert weights is not None
    assert weights[0] == pytest.approx(1.0, abs=0.05)
    assert weights[5] == pytest.approx(-0.5, abs=0.05)


def test_more_false_pairs_do_not_move_the_ratio() -> None:
    rows = _gaussian(20_000, 4)
    few = np.ones(20_000, dtype=bool)
    few[np.flatnonzero(rows.relations != "")[::2]] = False
    many, rare = fitted(rows, ANY), fitted(rows.only(few), ANY)
    assert many is not None
    assert rare == pytest.approx(many, abs=0.08)


def test_a_panel_counts_with_the_root_of_its_true_pairs() -> None:
    """Two panels whose scores lie apart: a hundred times the pairs count ten times, not a hundred times."""
    rows = _after([_gaussian(20_000, 6), _gaussian(200, 7, shift=3.0)])
    found = fitted(rows, ANY)
    # Each pair of the small panel stands for ten.
    assert found == pytest.approx(_plain(rows, np.r_[np.ones(20_000), np.full(200, 10.0)]), abs=0.003)
    assert found != pytest.approx(_plain(rows, np.ones(20_200)), abs=0.02)


def _plain(rows: TrainingRows, weights: np.ndarray) -> tuple[float, ...]:
    """A regression on the first column under weights, even between the classes, by Newton's method."""
    true = rows.relations != ""
    counted = weights / np.where(true, weights[true].sum(), weights[~true].sum())
    counted *= len(true) / 2
    columns, found = rows.design[:, [0, 5]], np.zeros(2)
    for _ in range(30):
        chance = 1 / (1 + np.exp(-columns @ found))
        slope = columns.T @ (counted * (chance - true))
        found = found - np.linalg.solve((columns * (counted * chance * (1 - chance))[:, None]).T @ columns, slope)
    return (found[0], 0.0, 0.0, 0.0, 0.0, found[1])


def test_smaller_panels_count_for_their_share() -> None:
    whole, part = _gaussian(4_000, 8), _gaussian(40_000, 9, shift=1.0)
    rows = _after([whole, replace(part, small=np.ones(40_000, dtype=np.bool_))])
    found = fitted(rows, ANY)
    assert found is not None
    weights = np.r_[np.full(4_000, (1 - SMALL) / 4_000), np.full(40_000, SMALL / 40_000)]
    assert found == pytest.approx(_plain(rows, weights), abs=0.003)


def test_a_question_without_true_pairs_is_not_answered() -> None:
    rows = _gaussian(200, 5)
    plain = replace(rows, relations=np.where(rows.relations == "derived", "distilled", rows.relations))
    assert fitted(plain, ORIGIN) is None
    assert set(all_fitted(plain)) == {ANY}
    assert set(all_fitted(rows)) == set(QUESTIONS)


def test_origin_is_weighed_among_true_pairs_alone() -> None:
    """What pairs without a source score has no say in whether a source was trained on or derived from."""
    rows = _gaussian(2_000, 10)
    design = rows.design.copy()
    design[rows.relations == "", 0] += 50
    assert fitted(replace(rows, design=design), ORIGIN) == fitted(rows, ORIGIN)


def _estimate(number: int, *, true: bool, value: float, bears: float = 9.0) -> Estimate:
    pair = Pair(f"m{number}", "f", "distilled" if true else "none", positive=true, excluded="")
    return Estimate(pair, {ANY: value}, value, 0.0, bears)


def test_bounds_grow_with_the_groups_and_never_beyond_them() -> None:
    def made(groups: int) -> list[tuple[int, Estimate]]:
        every = [_estimate(n, true=bool(n % 2), value=3.0 if n % 2 else -3.0) for n in range(400)]
        return [(number % groups, one) for number, one in enumerate(every)]

    narrow, wide = (support(made(count), ANY) for count in (9, 99))
    assert narrow.high == pytest.approx(np.log10(narrow.negative_groups + 1))
    assert narrow.low == pytest.approx(-np.log10(narrow.positive_groups + 1))
    assert wide.high > narrow.high
    assert (narrow.positives, narrow.negatives) == (200, 200)


def test_replicates_draw_groups_and_are_the_same_for_one_seed() -> None:
    rows = _gaussian(400, 11)
    kin = [number % 20 for number in range(400)]
    one, again, other = (replicates(rows, kin, 4, seed) for seed in (1, 1, 2))
    assert one == again
    assert one != other
    assert set(one) == set(QUESTIONS)
    assert len(one[ANY]) == 4


def test_an_lr_stays_within_the_calibration_and_within_what_its_controls_bear() -> None:
    assert reported(_estimate(1, true=True, value=3.0), ANY, -1.0, 1.5) == 1.5
    assert reported(_estimate(1, true=True, value=3.0, bears=0.9), ANY, -1.0, 1.5) == 0.9
    assert reported(_estimate(1, true=True, value=-3.0, bears=0.9), ANY, -1.0, 1.5) == -1.0


@pytest.mark.parametrize(("controls", "lr"), [(5, 6), (9, 10), (26, 10), (30, 10), (60, 20), (300, 100)])
def test_few_controls_bear_no_large_lr(controls: int, lr: float) -> None:
    assert 10 ** most(controls) == pytest.approx(lr)


def test_what_misleads_is_counted_as_reported() -> None:
    values = [(True, 2.0), (True, -0.5), (False, 3.0), (False, 0.2), (False, -1.0)]
    found = misled([_estimate(n, true=true, value=value) for n, (true, value) in enumerate(values)], ANY, -1.0, 0.9)
    assert {key: found[key] for key in ("positives", "negatives", "pos_lr_lt_1", "neg_lr_gt_1", "neg_lr_gt_10")} == {
        "positives": 2,
        "negatives": 3,
        "pos_lr_lt_1": 1,
        "neg_lr_gt_1": 2,
        "neg_lr_gt_10": 0,
    }

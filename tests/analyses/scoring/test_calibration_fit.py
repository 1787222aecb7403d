"""The fit: that its odds are likelihood ratios, that nothing sees its own suspect, and how far an LR may go."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from tests.analyses.known_truth import panel
from workbench.analyses.scoring import panel_cases
from workbench.analyses.scoring.calibration_fit import (
    Estimate,
    LeaveOut,
    all_fitted,
    estimates,
    fitted,
    folds,
    log10_lr,
    misled,
    replicates,
    support,
)
from workbench.analyses.scoring.panel_cases import Episode, TrainingRows, episodes, groups, joined, relatives, rows_of
from workbench.analyses.scoring.partial_correlation import Score
from workbench.core.panel import Pair, Panel
from workbench.core.progress import silent
from workbench.core.statistics.fitted_calibration import ANY, DERIVED, DISTILLED, QUESTIONS
from workbench.core.statistics.lr_metrics import cllr


@pytest.fixture(scope="module")
def cases() -> list[Episode]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(panel_cases, "SUBPANELS", 20)
        return list(episodes(panel(share=0.7), 7, silent))


def _gaussian(count: int, seed: int) -> TrainingRows:
    """Scores whose true log LR is known: N(1, 1) against N(0, 1), that is x - 1/2."""
    draw = np.random.default_rng(seed)
    true = np.arange(count) % 2 == 0
    partial = draw.normal(size=count) + true
    design = np.zeros((count, 6))
    design[:, 0], design[:, 5] = partial, 1.0
    names = np.array([f"m{number}" for number in range(count)])
    relations = np.where(true, "distilled", "")
    return TrainingRows(design, np.full(count, 60), names, names, relations)


def test_the_odds_are_likelihood_ratios_on_scores_whose_ratio_is_known() -> None:
    rows = _gaussian(20_000, 3)
    weights = fitted(rows, np.ones(20_000, dtype=bool), ANY)
    assert weights is not None
    assert weights[0] == pytest.approx(1.0, abs=0.05)
    assert weights[5] == pytest.approx(-0.5, abs=0.05)


def test_more_false_pairs_do_not_move_the_ratio() -> None:
    rows = _gaussian(20_000, 4)
    few = np.ones(20_000, dtype=bool)
    few[np.flatnonzero(rows.relations != "")[::2]] = False
    many, rare = fitted(rows, np.ones(20_000, dtype=bool), ANY), fitted(rows, few, ANY)
    assert many is not None
    assert rare == pytest.approx(many, abs=0.08)


def test_a_question_without_true_pairs_is_not_answered() -> None:
    rows = _gaussian(200, 5)
    assert fitted(rows, np.ones(200, dtype=bool), DERIVED) is None
    assert set(all_fitted(rows, np.ones(200, dtype=bool))) == {ANY, DISTILLED}


def test_leaving_out_is_blind_to_the_suspect_and_its_relatives(cases: list[Episode]) -> None:
    """What is known of a fold's own pairs can be anything: its LRs stay the same to the last bit."""
    material = panel(share=0.7)
    fold = next(fold for fold in folds(material.facts) if "student-0" in fold.suspects)
    ground = material.ground()
    plain = LeaveOut(ground, cases[1:]).without(fold).plain
    seen = ground.kernel.copy()
    own = [ground.models.index(name) for name in fold.left_out]
    false = [
        dataclasses.replace(
            case,
            pairs=tuple(
                dataclasses.replace(one, score=Score(one.score.partial + 9, one.score.lead, one.score.controls))
                if fold.left_out & case.models
                else one
                for one in case.pairs
            ),
        )
        for case in cases[1:]
    ]
    again = LeaveOut(ground, false).without(fold).plain
    assert again == plain
    assert own
    assert np.array_equal(seen, ground.kernel)


def test_every_suspect_is_in_one_fold_with_all_its_relatives_left_out() -> None:
    facts = panel().facts
    listed = [suspect for fold in folds(facts) for suspect in fold.suspects]
    assert sorted(listed) == sorted({pair.suspect for pair in Panel(facts).pairs()})
    for fold in folds(facts):
        assert all(relatives(facts, suspect) == fold.left_out for suspect in fold.suspects)


def test_suspects_that_were_left_out_are_told_apart(cases: list[Episode]) -> None:
    material = panel(share=0.7)
    leave = LeaveOut(material.ground(), cases[1:], (ANY,))
    found = [one for fold in folds(material.facts) for one in leave.without(fold).plain]
    true = np.array([one.log10_lrs[ANY] for one in found if one.pair.positive])
    false = np.array([one.log10_lrs[ANY] for one in found if not one.pair.positive and not one.pair.excluded])
    assert cllr(true, false) < 0.5
    assert np.median(true) > 0 > np.median(false)


def test_a_maker_that_is_left_out_lends_no_true_pair(cases: list[Episode]) -> None:
    material = panel(share=0.7)
    leave = LeaveOut(material.ground(), cases[1:], (ANY,))
    fold = folds(material.facts)[0]
    found = leave.without(fold, makers=True)
    plain, without = found.plain, found.makers
    assert sorted((one.pair.suspect, one.pair.family) for one in without) == sorted(
        (one.pair.suspect, one.pair.family) for one in plain
    )
    assert {one.pair.family: one.log10_lrs for one in without} != {one.pair.family: one.log10_lrs for one in plain}


def test_the_largest_member_speaks_for_the_family() -> None:
    score = Score(np.array([0.1, 0.5]), np.array([0.0, 0.1]), 20)
    weights = (1.0, 0.0, 0.0, 0.0, 0.0, -1.0)
    assert log10_lr(score, weights) == pytest.approx((0.5 * 30 - 1) / np.log(10))


def test_bounds_grow_with_the_groups_and_never_beyond_them() -> None:
    def made(groups_of: int) -> tuple[list[Estimate], dict[str, int]]:
        found = []
        for number in range(400):
            pair = Pair(
                f"m{number}", "f", "distilled" if number % 2 else "none", positive=bool(number % 2), excluded=""
            )
            found.append(Estimate(pair, {ANY: 3.0 if number % 2 else -3.0}, 0.0))
        return found, {f"m{number}": number % groups_of for number in range(400)}

    narrow, wide = (support(*made(count), ANY) for count in (9, 99))
    assert narrow.high == pytest.approx(np.log10(narrow.negative_groups + 1))
    assert narrow.low == pytest.approx(-np.log10(narrow.positive_groups + 1))
    assert wide.high > narrow.high
    assert (narrow.positives, narrow.negatives) == (200, 200)


def test_replicates_draw_groups_and_are_the_same_for_one_seed(cases: list[Episode]) -> None:
    rows = joined([rows_of(case) for case in cases])
    kin = groups(panel().facts)
    one, again, other = (replicates(rows, kin, 4, seed) for seed in (1, 1, 2))
    assert one == again
    assert one != other
    assert set(one) == set(QUESTIONS)
    assert len(one[ANY]) == 4


def test_estimates_keep_each_question() -> None:
    material = panel()
    scored = material.ground().scored(Panel(material.facts))
    found = estimates(scored, {ANY: (1.0,) * 6, DISTILLED: (0.0,) * 6})
    assert {tuple(one.log10_lrs) for one in found} == {(ANY, DISTILLED)}
    assert {one.log10_lrs[DISTILLED] for one in found} == {0.0}


def test_what_misleads_is_counted_as_reported_and_few_controls_apart(cases: list[Episode]) -> None:
    def one(positive: bool, value: float) -> Estimate:
        return Estimate(Pair("s", "f", "distilled" if positive else "none", positive, ""), {ANY: value}, 0.0)

    found = misled(
        [one(True, 2.0), one(True, -0.5), one(False, 3.0), one(False, 0.2), one(False, -1.0)], ANY, -1.0, 0.9
    )
    assert {key: found[key] for key in ("positives", "negatives", "pos_lr_lt_1", "neg_lr_gt_1", "neg_lr_gt_10")} == {
        "positives": 2,
        "negatives": 3,
        "pos_lr_lt_1": 1,
        "neg_lr_gt_1": 2,
        "neg_lr_gt_10": 0,
    }
    material = panel(share=0.7)
    leave = LeaveOut(material.ground(), cases[1:], (ANY,))
    few = [estimate for fold in folds(material.facts) for estimate in leave.without(fold).few]
    assert few
    assert len(few) > len(Panel(material.facts).suspects())

"""The test of served answers against siblings: known values, uniform p-values without an effect, planted effects."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import kstest

from workbench.analyses.exposure.compute import (
    Prompt,
    by_tenth,
    closeness,
    rarity,
    served_against_others,
    served_against_siblings,
    standardised,
)

WORDS = [f"w{n}" for n in range(900)]


def said(rng: np.random.Generator, count: int = 60) -> list[str]:
    """An answer of random words."""
    law = 1 / np.arange(1, len(WORDS) + 1) ** 0.7
    return [str(word) for word in rng.choice(WORDS, size=count, p=law / law.sum())]


def prompts(rng: np.random.Generator, count: int, planted: float = 0.0, siblings: int = 3) -> list[Prompt]:
    """Prompts of which a share has a run of 25 words of the served answer in the suspect's."""
    found = []
    for _ in range(count):
        served, own = said(rng), said(rng)
        if rng.random() < planted:
            own[10:35] = served[20:45]
        others = tuple(" ".join(said(rng)) for _ in range(siblings))
        found.append(Prompt((" ".join(own),), " ".join(served), others))
    return found


def test_three_prompts_with_the_served_answer_closest_each_time() -> None:
    found = served_against_siblings([np.array([3.0, 1, 2])] * 3, 99, 1)
    assert (found.p, found.exact, found.assignments) == (1 / 27, True, 27)
    assert served_against_siblings([np.array([1.0, 3, 2])] * 3, 99, 1).p == 1.0


def test_the_random_null_agrees_with_the_exact_one() -> None:
    rng = np.random.default_rng(1)
    scores = [rng.normal(size=4) for _ in range(8)]
    exact = served_against_siblings(scores, 99, 1)
    assert exact.exact
    many = served_against_siblings([*scores, np.zeros(4)] + [np.array([1.0, 1.0])] * 3, 99, 1)
    assert (many.p, many.empty) == (exact.p, 4)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("workbench.analyses.exposure.compute.EXACT", 10)
        drawn = served_against_siblings(scores, 4_999, 1)
    assert not drawn.exact
    assert drawn.p == pytest.approx(exact.p, abs=0.03)


def test_p_values_are_uniform_without_an_effect() -> None:
    rng = np.random.default_rng(2)
    p = [served_against_siblings([rng.gamma(1, size=4) for _ in range(40)], 199, n).p for n in range(300)]
    assert kstest(p, "uniform").pvalue > 0.01


def test_planted_runs_are_found_and_unplanted_ones_are_not() -> None:
    rng = np.random.default_rng(3)
    effect = served_against_siblings(closeness(prompts(rng, 120, planted=0.3)), 999, 1)
    assert effect.p <= 0.002
    nothing = [served_against_siblings(closeness(prompts(rng, 60)), 199, n).p for n in range(12)]
    assert sum(p <= 0.05 for p in nothing) <= 3


def test_closeness_is_the_weight_of_common_three_grams() -> None:
    one = Prompt(("a b c d x",), "a b c d e f g", ("q r s t u", "a b c z z"))
    (scores,) = closeness([one])
    rare, common = np.log(3 / 1), np.log(3 / 2)
    assert scores.tolist() == pytest.approx([rare + common, 0.0, common])
    assert rarity([one])[0] == pytest.approx((4 * rare + common) / 5)
    assert closeness([Prompt(("",), "a b c", ("d",))])[0].tolist() == [0.0, 0.0]


def test_effects_are_standardised_by_prompt() -> None:
    (effect,) = standardised([np.array([5.0, 1.0, 3.0])])
    assert effect.tolist() == pytest.approx([1.5, -1.5, 0.0])
    assert standardised([np.array([2.0, 2.0])])[0].tolist() == [0.0, 0.0]


def test_labels_are_exchanged_inside_strata_alone() -> None:
    rng = np.random.default_rng(4)
    strata = np.repeat(np.arange(30), 6)
    own = np.tile([True, True, False, False, False, False], 30)
    base = np.repeat(rng.normal(size=30) * 50, 6)
    assert served_against_others(base + rng.normal(size=180) + own, own, strata, 499, 1).p <= 0.01
    p = [served_against_others(base + rng.normal(size=180), own, strata, 99, n).p for n in range(100)]
    assert kstest(p, "uniform").pvalue > 0.001
    alone = served_against_others(base, np.ones(180, dtype=bool), strata, 99, 1)
    assert (alone.empty, alone.p) == (30, 1.0)


def test_effects_by_rarity() -> None:
    effects = [np.array([float(n), 0.0]) for n in range(100)]
    tenths = by_tenth(np.arange(100.0), effects)
    assert [n for *_, n in tenths] == [10] * 10
    assert [mean for mean, *_ in tenths] == pytest.approx([4.5 + 10 * k for k in range(10)])
    assert all(low < mean < high for mean, low, high, _ in tenths)


def test_a_prompt_without_a_sibling_is_an_error() -> None:
    with pytest.raises(ValueError, match="no sibling"):
        served_against_siblings([np.array([1.0])], 99, 1)

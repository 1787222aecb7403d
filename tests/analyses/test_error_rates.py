"""How often the tests reject where nothing is there: at their nominal level, with prompts and models as the units."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pytest

from tests.analyses.simulated import selection, vectors
from workbench.analyses.closest_source import compute as closest_source
from workbench.analyses.did import compute
from workbench.analyses.did import compute as did
from workbench.analyses.scoring.robust_z_scores import fused, sides
from workbench.core.progress import silent
from workbench.core.statistics.resampling import p_model

Floats = npt.NDArray[np.float64]

MODELS = 22
"""Suspect, protected model, base and 19 controls: p_model can be 0.05."""


def tolerance(rate: float, n: int) -> float:
    """Four standard errors: a sound test is outside once in 16,000 runs."""
    return 4 * math.sqrt(rate * (1 - rate) / n)


def assert_uniform(ps: Floats) -> None:
    """The ps are as often below some levels as they should be."""
    for level in (0.05, 0.1, 0.25, 0.5, 0.75):
        rate = float((ps <= level + 1e-12).mean())
        assert abs(rate - level) <= tolerance(level, len(ps)) + 0.005, (level, rate)


def by_prompt(sims: int, prompts: int, answers: int, seed: int) -> Floats:
    """Differences without any effect, (prompts, answers, simulations): what a prompt does, and chance."""
    draw = np.random.default_rng(seed)
    return draw.normal(size=(prompts, 1, sims)) + draw.normal(size=(prompts, answers, sims))


def rates_of_flips(sims: int) -> tuple[Floats, Floats]:
    """ps of the flips by prompt, and of flips of each answer alone."""
    made = by_prompt(sims, 50, 20, 1)
    ours = compute.flipped(made.mean(axis=1), 999, 2, silent, two_sided=False)
    naive = compute.flipped(made.reshape(-1, sims), 999, 2, silent, two_sided=False)
    return ours, naive


def test_flips_by_prompt_keep_their_level_and_flips_by_answer_do_not() -> None:
    ours, naive = rates_of_flips(400)
    assert_uniform(ours)
    assert (naive <= 0.05).mean() > 0.25
    both = compute.flipped(by_prompt(400, 50, 20, 3).mean(axis=1), 999, 4, silent, two_sided=True)
    assert_uniform(both)


def closest(seed: int) -> tuple[float, float]:
    """p_model of one simulated case, and p of a z-test over all answers."""
    made = vectors(MODELS, 40, 6, seed)
    material = closest_source.gather(selection(made), 0.8)
    even = np.ones(40)
    found = fused([sides(view, even) for view in material.views])[0]
    to_protected = np.einsum("pmad,pbd->mpab", made, made[:, 1]).reshape(MODELS, -1)
    own, others = to_protected[0], to_protected[3:].ravel()
    error = math.sqrt(own.var() / own.size + others.var() / others.size)
    z = float((own.mean() - others.mean()) / error)
    return p_model(float(found[0]), found[1:].tolist()), math.erfc(z / math.sqrt(2)) / 2


def differences(seed: int) -> tuple[float, float]:
    """p_model and p over prompts of `did` on one simulated case of unrelated models with strong habits."""
    material = did.gather(selection(vectors(MODELS, 40, 6, seed, habit=0.8)), 0.8, "")
    place = compute.result(material.contrasts[0], material.groups, 199, 100, 0.95, seed, silent).place
    return place.p_model, place.p_prompts


def shuffled(seed: int) -> float:
    """p over prompts of `did` with the labels of suspect and base exchanged at random, prompt by prompt."""
    made = vectors(MODELS, 40, 6, 0)
    made[:, 0] = 0.7 * made[:, 0] + 0.3 * made[:, 1]
    flip = np.random.default_rng(seed).random(40) < 0.5
    made[flip, 0], made[flip, 2] = made[flip, 2].copy(), made[flip, 0].copy()
    material = did.gather(selection(made), 0.8, "")
    contrast = material.contrasts[0]
    p = compute.flipped(contrast.by_prompt()[:, :1], 199, seed, silent, two_sided=False)
    return float(p[0])


def check_closest(sims: int) -> tuple[Floats, Floats]:
    ps, naive = np.array([closest(seed) for seed in range(sims)]).T
    assert_uniform(ps)
    assert (naive <= 0.05).mean() > 0.2
    return ps, naive


def check_differences(sims: int) -> tuple[Floats, Floats]:
    by_model, by_prompts = np.array([differences(seed) for seed in range(sims)]).T
    assert_uniform(by_model)
    return by_model, by_prompts


def test_p_model_of_closest_source_keeps_its_level_and_a_test_over_answers_does_not() -> None:
    check_closest(120)


def test_p_model_of_did_keeps_its_level_and_its_flips_alone_are_about_prompts() -> None:
    """Unrelated models differ in earnest: flips find that, so that the ladder asks for the rank among placebos too."""
    _, by_prompts = check_differences(120)
    assert (by_prompts <= 0.05).mean() > 0.15


def test_did_under_shuffled_labels_is_uniform_over_prompts() -> None:
    assert_uniform(np.array([shuffled(seed) for seed in range(150)]))


@pytest.mark.slow
def test_levels_in_many_simulations() -> None:
    assert_uniform(rates_of_flips(4000)[0])
    check_closest(1500)
    check_differences(1500)
    assert_uniform(np.array([shuffled(seed) for seed in range(1500)]))

"""Shared passages of simulated models: planted ones are found, and the scores of unrelated models are exchangeable."""

from __future__ import annotations

import numpy as np
import pytest

from workbench.analyses.verbatim.compute import Texts, measure
from workbench.core.errors import Cancelled

CONTROLS, PROMPTS = 6, 40
ALONE = [[at] for at in range(CONTROLS)]
"""No control is the relative of another."""


def models(seed: int, planted: int = 0, length: int = 20, prompts: int = PROMPTS) -> Texts:
    """Answers of random words of a common law; the suspect repeats the protected answer in places."""
    rng = np.random.default_rng(seed)
    words = [f"w{at}" for at in range(3_000)]
    law = 1 / np.arange(1, len(words) + 1) ** 0.9
    law /= law.sum()
    texts = Texts(CONTROLS)
    names = {"S": 0, **{f"C{at}": at for at in range(1, CONTROLS + 1)}, "P": CONTROLS + 1}
    for prompt in range(prompts):
        said = {name: [str(w) for w in rng.choice(words, size=80, p=law)] for name in names}
        quoted = [str(w) for w in rng.choice(words, size=12, p=law)]
        for name in names:
            said[name][:12] = quoted
        if prompt < planted:
            at = int(rng.integers(20, 50))
            said["S"][at : at + length] = said["P"][at : at + length]
        texts.add(["Say " + " ".join(quoted)], {n: [" ".join(s)] for n, s in said.items()}, names)
    return texts


def test_planted_passages_are_found_with_their_place() -> None:
    texts = models(3, planted=5)
    found = measure(texts, least=6, pairs=60, seed=1)
    assert found.p_model(ALONE) == pytest.approx(1 / (CONTROLS + 1))
    own = found.seats[0]
    assert {p.prompt for p in own.passages if p.bits > 60} == set(range(5))
    for passage in (p for p in own.passages if p.bits > 60):
        one = texts.tokens[passage.text][passage.at : passage.at + passage.length]
        other = texts.tokens[passage.other_text][passage.other_at : passage.other_at + passage.length]
        assert one.tolist() == other.tolist()
        assert passage.length >= 20
        assert passage.bits > 100
    assert found.strong(60) == [5] + [0] * CONTROLS
    assert found.pairs == 15
    assert found.cells == 15 * PROMPTS


def test_what_the_prompt_says_is_no_passage() -> None:
    found = measure(models(4), least=6, pairs=60, seed=1)
    assert found.seats[0].passages == ()
    assert found.p_model(ALONE) == 1.0


def test_unrelated_models_rank_first_no_oftener_than_by_chance() -> None:
    ranks = [round(measure(models(100 + at, prompts=10), 1, 5, at).p_model(ALONE) * (CONTROLS + 1)) for at in range(42)]
    assert min(ranks) == 1
    assert max(ranks) <= CONTROLS + 1
    assert sum(rank <= 1 for rank in ranks) <= 12
    assert sum(rank <= 3 for rank in ranks) <= 26


def test_the_same_seed_gives_the_same_result() -> None:
    assert measure(models(5, 2), 6, 4, 9) == measure(models(5, 2), 6, 4, 9)


def test_work_stops_when_asked() -> None:
    def stop(fraction: float, note: str = "") -> None:
        if fraction > 0.5:
            raise Cancelled

    with pytest.raises(Cancelled):
        measure(models(6), 6, 4, 0, stop)


def test_one_control_is_too_few() -> None:
    with pytest.raises(ValueError, match="two controls"):
        measure(Texts(1), 6, 4, 0)

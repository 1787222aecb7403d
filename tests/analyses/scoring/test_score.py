"""The score and its masks against a second implementation of the same definition, and what it must not depend on."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.analyses import reference
from tests.analyses.calibrations import drawn
from workbench.analyses.scoring.partial_correlation import kernels
from workbench.analyses.scoring.seats import Seat, bench, filled, why_empty, why_no_member
from workbench.analyses.scoring.similarity import COMPUTED
from workbench.core.selection import Similarities
from workbench.core.statistics.unseen_panel import log10_lrs

WEIGHTS = (1.8, 2.3, -1.5, -0.6, 0.9, -2.5)


def patchy(controls: int, prompts: int, seed: int) -> Similarities:
    """Models of which some answer some prompts tersely, in another language, or not at all."""
    found = drawn(controls, prompts, learned={"S": 0.5}, seed=seed).found
    draw = np.random.default_rng(seed)
    shape = found.present.shape
    assert found.tokens is not None
    return replace(
        found,
        present=draw.random(shape) > 0.1,
        tokens=np.where(draw.random(shape) < 0.1, np.float32(7), found.tokens),
        languages=draw.choice(np.array([0, 1, 2], dtype=np.int16), size=shape, p=[0.1, 0.8, 0.1]),
    )


@pytest.mark.parametrize(("controls", "seed"), [(5, 1), (9, 2), (24, 3), (50, 4)])
def test_score_and_lr_are_those_of_the_definition(controls: int, seed: int) -> None:
    found = patchy(controls, 70, seed)
    own = bench(found, "S", set(found.models))
    suspect, member, others = 1, 0, tuple(range(2, controls + 2))
    got = own.scores(Seat(suspect, (member,), others))

    assert reference.VIEWS == COMPUTED
    cosines = np.stack([found.values[view] for view in COMPUTED])
    rows, kept = reference.masked(found.present, found.tokens, found.languages, suspect)
    kernel = reference.kernel(cosines[:, rows], kept)
    z, ahead = (number(kernel, suspect, member, others) for number in (reference.partial, reference.lead))
    assert got.partial[0] == pytest.approx(z, rel=1e-6, abs=1e-6)
    assert got.lead[0] == pytest.approx(ahead, rel=1e-6, abs=1e-6)
    prompts = int(kept[:, member].sum())
    lr = log10_lrs(got.closest().design(), np.array([WEIGHTS]))[0]
    assert lr == pytest.approx(reference.log10_lr(z, ahead, controls, prompts, WEIGHTS), rel=1e-6)


def test_the_null_does_not_read_the_protected_model() -> None:
    """What the controls and the suspect have with each other is the same whoever sits in the protected seat."""
    found = drawn(12, 40, seed=5).found
    own = bench(found, "S", set(found.models))
    one, other = (own.scores(Seat(1, (member,), tuple(range(3, 13)))) for member in (0, 2))
    assert one.partial != other.partial
    # The placebos are in units of their own scale, from which the middle is taken.
    assert one.with_controls == pytest.approx(other.with_controls)


def test_order_of_models_does_not_matter() -> None:
    found = patchy(10, 50, 6)
    turned = list(reversed(range(len(found.models))))
    again = Similarities(
        tuple(found.models[at] for at in turned),
        found.prompts,
        found.present[:, turned],
        {view: values[:, turned][:, :, turned] for view, values in found.values.items()},
        "key",
        None if found.tokens is None else found.tokens[:, turned],
        None if found.languages is None else found.languages[:, turned],
    )
    scores = []
    for some in (found, again):
        own = bench(some, "S", set(some.models))
        controls = tuple(own.at(name) for name in some.models if name not in ("P", "S"))
        scores.append(own.scores(Seat(own.at("S"), (own.at("P"),), controls)))
    assert scores[0].partial == pytest.approx(scores[1].partial)
    assert scores[0].lead == pytest.approx(scores[1].lead)


def test_means_from_some_prompts_at_a_time_are_those_of_all() -> None:
    found = patchy(6, 75, 7)
    weights = np.random.default_rng(0).integers(0, 3, size=(2, 75)).astype(float)
    got = kernels(found, weights)
    for at, view in enumerate(COMPUTED):
        kept = found.present & (np.diagonal(found.values[view], axis1=1, axis2=2) > 0.5)
        pairs = (kept[:, :, None] & kept[:, None, :]).astype(float)
        for row in range(2):
            sums = np.einsum("p,pij->ij", weights[row], pairs * found.values[view])
            expected = sums / np.einsum("p,pij->ij", weights[row], pairs)
            off = ~np.eye(8, dtype=bool)
            assert got[row, at][off] == pytest.approx(expected[off], abs=1e-12)


def test_a_member_in_another_language_is_refused_and_one_that_is_terse() -> None:
    found = drawn(8, 60, seed=8).found
    languages = np.ones(found.present.shape, dtype=np.int16)
    languages[:40, 0] = 2
    own = bench(replace(found, languages=languages), "S", set(found.models))
    assert "in another language than the suspect" in why_no_member(own, 1, 0)
    seat = filled(own, 1, (0,), tuple(range(2, 10)))
    assert seat.members == ()
    assert why_empty(own, seat, (0,)).startswith("P: it answers 40 of the 60 prompts")

    assert found.tokens is not None
    tokens = found.tokens.copy()
    tokens[:35, 0] = 19
    own = bench(replace(found, tokens=tokens), "S", set(found.models))
    assert why_no_member(own, 1, 0) == "fewer than 30 prompts were answered by both sides at length (25)"


def test_a_control_in_another_language_counts_on_the_prompts_that_it_shares() -> None:
    found = drawn(8, 100, seed=9).found
    languages = np.ones(found.present.shape, dtype=np.int16)
    languages[:30, 5], languages[:50, 6] = 2, 2
    own = bench(replace(found, languages=languages), "S", set(found.models))
    seat = filled(own, 1, (0,), tuple(range(2, 10)))
    assert seat.controls == (2, 3, 4, 5, 7, 8, 9)
    assert own.shared[1, 5] == 70

"""The LR for a panel that was not seen, against the mean over panels that it stands for."""

from __future__ import annotations

import numpy as np
import pytest

from workbench.core.statistics.unseen_panel import OMEGA, TAU, log10_lrs


@pytest.mark.parametrize("score", [-4.0, -1.0, 0.0, 0.5, 2.0, 5.0])
def test_it_is_the_mean_over_panels_that_differ_in_constant_and_slope(score: float) -> None:
    draw, constant = np.random.default_rng(1), -0.7
    odds = score * (1 + OMEGA * draw.normal(size=400_000)) + constant + TAU * draw.normal(size=400_000)
    chance = float((1 / (1 + np.exp(-odds))).mean())
    got = float(log10_lrs(np.array([score, 1.0]), np.array([[1.0, constant]]))[0])
    # The approximation of the logistic function by a normal one is worth about 0.02 in probability.
    assert 1 / (1 + 10**-got) == pytest.approx(chance, abs=0.02)


def test_it_is_drawn_towards_even_and_keeps_its_side() -> None:
    plain = np.linspace(-6, 6, 25)
    design = np.stack([plain, np.ones(25)], axis=1)
    got = log10_lrs(design, np.array([[1.0, 0.0]]))[:, 0] * np.log(10)
    assert (np.abs(got) <= np.abs(plain) + 1e-12).all()
    assert (np.sign(got) == np.sign(plain)).all()
    assert (np.diff(got) > 0).all()

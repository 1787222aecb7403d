"""What the analyses share: resampled prompts, intervals, robust spread without one's own seat, ranks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

NORMAL_MAD = 1.4826
"""The median absolute deviation times this estimates a normal distribution's standard deviation."""


def resampled(units: int, replicates: int, seed: int) -> Floats:
    """How often each unit is drawn in each bootstrap replicate, (replicates, units); rows sum to `units`."""
    drawn = np.random.default_rng(seed).integers(0, units, size=(replicates, units))
    drawn += np.arange(replicates)[:, None] * units
    counts = np.bincount(drawn.ravel(), minlength=replicates * units)
    return counts.reshape(replicates, units).astype(np.float64)


def centred_interval(estimates: Floats, replicates: Floats, level: float = 0.95) -> Floats:
    """The percentile interval along the first axis, moved so that its median is the estimate: (2, ...).

    A ratio to an estimated spread shrinks in every replicate, because drawing again adds noise to the
    spread; unmoved, such an interval may miss its own estimate.
    """
    tail = (1 - level) / 2
    low, middle, high = np.quantile(replicates, [tail, 0.5, 1 - tail], axis=0)
    return np.stack([estimates + (low - middle), estimates + (high - middle)])


def p_model(own: float, others: Sequence[float]) -> float:
    """(1 + number of others at least as high) / (1 + number of others): never zero."""
    return (1 + sum(other >= own for other in others)) / (1 + len(others))


def medians_without_each(values: Floats) -> Floats:
    """For each element along the last axis the median of all the others."""
    last = values.shape[-1] - 1
    order = np.argsort(values, axis=-1)
    ranks = np.empty_like(order)
    np.put_along_axis(ranks, order, np.broadcast_to(np.arange(last + 1), order.shape), axis=-1)
    ascending = np.take_along_axis(values, order, axis=-1)
    low, high = (
        np.where(k < ranks, ascending[..., k, None], ascending[..., k + 1, None]) for k in ((last - 1) // 2, last // 2)
    )
    return np.asarray((low + high) / 2)


def spread_without_each(values: Floats) -> tuple[Floats, Floats]:
    """For each element along the last axis the median and the median absolute deviation of the others.

    Leaving one element out gives at most three different medians, so three sorts serve all elements.
    """
    centres = medians_without_each(values)
    order = np.argsort(values, axis=-1)
    deviations = np.zeros_like(values)
    last = values.shape[-1] - 1
    for rank in (0, last // 2, last):
        centre = np.take_along_axis(centres, order[..., rank, None], axis=-1)
        found = medians_without_each(np.abs(values - centre))
        deviations = np.where(centres == centre, found, deviations)
    return centres, deviations


def spread_off_diagonal(matrices: Floats) -> tuple[Floats, Floats]:
    """For each row of (..., n, n) matrices the median and the MAD of all but its diagonal element."""
    rows = matrices.copy()
    at = np.arange(rows.shape[-1])
    rows[..., at, at] = np.inf
    centres = _median_but_last(rows)
    return centres, _median_but_last(np.abs(rows - centres[..., None]))


def _median_but_last(rows: Floats) -> Floats:
    ascending = np.sort(rows, axis=-1)
    last = rows.shape[-1] - 1
    return np.asarray((ascending[..., (last - 1) // 2] + ascending[..., last // 2]) / 2)

"""The numbers of `did`: statistics, intervals over prompts, sign flips by prompt, ranks among placebos.

Phipson and Smyth (2010), doi:10.2202/1544-6115.1585 (p-values of permutations); Abadie, Diamond and Hainmueller
(2010), doi:10.1198/jasa.2009.ap08746 (placebos in the treated unit's place).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from workbench.analyses.did.compute import Contrast, Floats, mean
from workbench.core.progress import Progress
from workbench.core.statistics.resampling import centred_interval, resampled

_AT_ONCE = 2_000_000
_TIE = 1e-9
"""Relative: sums of the same numbers in another order are ties."""


@dataclass(frozen=True, slots=True)
class Place:
    """A real seat's statistic, its rank among all seats, and both p's; `prompts` is how many it rests on."""

    statistic: float
    rank: int
    p_model: float
    p_prompts: float
    prompts: int


@dataclass(frozen=True, slots=True)
class Result:
    """A contrast's numbers: `statistics` of the seats with the ends of their intervals, and the real seat's place,
    over all views and view by view."""

    contrast: Contrast
    statistics: Floats
    low: Floats
    high: Floats
    place: Place
    views: tuple[Place, ...]


def result(contrast: Contrast, flips: int, replicates: int, confidence: float, seed: int, tick: Progress) -> Result:
    """All numbers of one contrast; `tick` is called at least once a batch of flips."""
    together = contrast.by_prompt()
    statistics = mean(together, axis=0)
    known = np.isfinite(together)
    drawn = resampled(contrast.prompts, replicates, seed)
    again = drawn @ np.where(known, together, 0.0) / np.maximum(drawn @ known.astype(np.float64), 1.0)
    low, high = centred_interval(statistics, again, confidence)
    columns = np.stack([together[:, 0], *(values[:, 0] for values in contrast.by_view)], axis=1)
    ps = flipped(columns, flips, seed, tick, two_sided=contrast.two_sided)
    means = np.stack([statistics, *(mean(values, axis=0) for values in contrast.by_view)])
    counts = np.isfinite(columns).sum(axis=0)
    places = tuple(
        _place(row, float(p), int(n), two_sided=contrast.two_sided) for row, p, n in zip(means, ps, counts, strict=True)
    )
    return Result(contrast, statistics, low, high, places[0], places[1:])


def _place(statistics: Floats, p_prompts: float, prompts: int, *, two_sided: bool) -> Place:
    sizes = np.abs(statistics) if two_sided else statistics
    ahead = int((sizes[1:] >= sizes[0] - _TIE * np.abs(sizes).max()).sum())
    return Place(float(statistics[0]), 1 + ahead, (1 + ahead) / len(sizes), p_prompts, prompts)


def flipped(columns: Floats, flips: int, seed: int, tick: Progress, *, two_sided: bool) -> Floats:
    """p of each column's mean when the sign of every prompt is as likely as its opposite: (1 + b) / (1 + flips).

    `columns` is (prompts, columns), one value a prompt; NaN takes no part. One-sided counts means as high.
    """
    known = np.where(np.isfinite(columns), columns, 0.0)
    sums, least = known.sum(axis=0), _TIE * np.abs(known).sum(axis=0)
    draw = np.random.default_rng(seed)
    size = max(1, _AT_ONCE // max(1, len(known)))
    reached = np.zeros(len(sums), dtype=np.int64)
    for start in range(0, flips, size):
        tick(start / flips, f"flipping signs by prompt: {start} of {flips}")
        count = min(size, flips - start)
        signs = draw.integers(0, 2, size=(count, len(known)), dtype=np.int8).astype(np.float64) * 2 - 1
        found = signs @ known
        reached += ((np.abs(found) if two_sided else found) >= (np.abs(sums) if two_sided else sums) - least).sum(
            axis=0
        )
    return np.asarray((1 + reached) / (1 + flips))

"""Replicates of comparisons: what might have been otherwise is drawn anew.

Prompts are drawn with replacement; controls too, each that is drawn counting once; and of the calibration another
replicate of its weights, in which the groups of its suspects were drawn anew, is used each time.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from workbench.analyses.scoring.likelihood_ratios import Bench, Seat, log10_lrs
from workbench.analyses.scoring.panel_cases import LEAST_CONTROLS
from workbench.analyses.scoring.partial_correlation import Floats
from workbench.analyses.scoring.similarity import VIEWS
from workbench.core.progress import Progress
from workbench.core.selection import Similarities
from workbench.core.statistics.calibration import QUESTIONS, Calibration
from workbench.core.statistics.resampling import resampled

_BATCH = 50
_PRESENT = 0.5
_Places = tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]


def replicated(
    own: Bench, seats: Sequence[Seat], calibration: Calibration, replicates: int, seed: int, progress: Progress
) -> Floats:
    """Log10 LRs of some seats in replicates that are common to them, (replicates, seats, questions)."""
    from threadpoolctl import threadpool_limits

    # Systems this small lose more to the threads' waiting for each other than they gain.
    with threadpool_limits(limits=1, user_api="blas"):
        return _replicated(own, seats, calibration, replicates, seed, progress)


def _replicated(
    own: Bench, seats: Sequence[Seat], calibration: Calibration, replicates: int, seed: int, progress: Progress
) -> Floats:
    draw = np.random.default_rng(seed)
    prompts = resampled(len(own.found.prompts), replicates, seed)
    upper = np.triu_indices(len(own.found.models), 1)
    views = [Cosines.of(own.found, name, upper) for name in VIEWS]
    out = np.empty((replicates, len(seats), len(QUESTIONS)))
    for start in range(0, replicates, _BATCH):
        some = prompts[start : start + _BATCH]
        seen = np.stack([view.means(some, len(own.found.models), upper) for view in views], axis=1)
        for number, kernel in enumerate(seen, start):
            order = draw.permutation(len(own.found.models)).tolist()
            drawn = set(draw.integers(0, len(order), size=len(order)).tolist())
            weights = _drawn_weights(calibration, draw)
            for at, seat in enumerate(seats):
                out[number, at] = log10_lrs(kernel, _thinned(seat, drawn, order), weights)
        progress(min(1.0, (start + _BATCH) / replicates), "drawing prompts and controls anew")
    return out


@dataclass(frozen=True, slots=True)
class Cosines:
    """One view's cosines of every pair, (prompts, pairs); `gaps` are the prompts on which some answer has no features,
    and `lacking` says there, (gaps, pairs), of which pairs."""

    pairs: npt.NDArray[np.float32]
    gaps: npt.NDArray[np.intp]
    lacking: Floats

    @staticmethod
    def of(found: Similarities, name: str, upper: _Places) -> Cosines:
        """The cosines of one view; `upper` are the places of the pairs."""
        values = found.values[name]
        present = np.diagonal(values, axis1=1, axis2=2) > _PRESENT
        gaps = np.flatnonzero(~present.all(axis=1))
        lacking = ~(present[gaps][:, upper[0]] & present[gaps][:, upper[1]])
        return Cosines(values[:, upper[0], upper[1]], gaps, lacking.astype(np.float64))

    def means(self, weights: Floats, models: int, upper: _Places) -> Floats:
        """Mean cosines under weights (replicates, prompts): (replicates, models, models), as in `kernels`."""
        both = weights.sum(axis=-1, keepdims=True) - weights[:, self.gaps] @ self.lacking
        flat = weights @ self.pairs.astype(np.float64) / np.maximum(both, 1e-12)
        out = np.empty((len(weights), models, models))
        out[:, upper[0], upper[1]] = flat
        out[:, upper[1], upper[0]] = flat
        out[:, np.arange(models), np.arange(models)] = 1.0
        return out


def _thinned(seat: Seat, drawn: Collection[int], order: Sequence[int]) -> Seat:
    """A seat with the controls that were drawn; never fewer than a comparison needs."""
    kept = [place for place in seat.controls if place in drawn]
    lacking = LEAST_CONTROLS - len(kept)
    if lacking > 0:
        kept += [place for place in order if place in seat.controls and place not in drawn][:lacking]
    return replace(seat, controls=tuple(kept))


def _drawn_weights(calibration: Calibration, draw: np.random.Generator) -> Floats:
    rows = []
    for question in QUESTIONS:
        one = calibration.questions[question]
        choices = one.replicates or (one.weights,)
        rows.append(choices[int(draw.integers(len(choices)))])
    return np.array(rows)

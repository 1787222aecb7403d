"""Log10 LRs of comparisons under a calibration, and what they would be on other prompts and with other controls."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from workbench.analyses.scoring.partial_correlation import PRESENT, VERSION, Floats, Score
from workbench.analyses.scoring.seats import LEAST_CONTROLS, Bench, Seat
from workbench.analyses.scoring.similarity import COMPUTED
from workbench.core.errors import RefusedError
from workbench.core.progress import Progress
from workbench.core.selection import Similarities
from workbench.core.statistics.fitted_calibration import QUESTIONS, Calibration
from workbench.core.statistics.resampling import resampled
from workbench.core.statistics.unseen_panel import log10_lrs as for_unseen_panel


def refuse_other_version(calibration: Calibration) -> None:
    """Refuse a calibration that was fitted to another version of the score; raises RefusedError."""
    if calibration.score_version != VERSION:
        raise RefusedError(
            f"The calibration is for version {calibration.score_version} of the score, and this workbench computes "
            f"version {VERSION}: `workbench calibrate PANEL.json --out FILE` makes one that fits."
        )


def weights_of(calibration: Calibration) -> Floats:
    """The weights of all questions, (questions, 6)."""
    return np.array([calibration.questions[question].weights for question in QUESTIONS])


def by_member(found: Score, weights: Floats) -> Floats:
    """Uncapped log10 LRs, (members, questions)."""
    return for_unseen_panel(found.design(), weights)


def log10_lrs(own: Bench, seat: Seat, weights: Floats, kernel: Floats | None = None) -> Floats:
    """The uncapped log10 LR of each question, of the member with the largest partial correlation."""
    return for_unseen_panel(own.scores(seat, kernel).closest().design(), weights)


def log_odds(own: Bench, seat: Seat, weights: Floats) -> float:
    """The log-odds (natural) of the first question, before they are drawn towards 0 for a panel not seen."""
    return float(own.scores(seat).closest().design() @ weights[0])


_BATCH = 50
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
    views = [Cosines.of(own.found, name, upper) for name in COMPUTED]
    out = np.empty((replicates, len(seats), len(QUESTIONS)))
    for start in range(0, replicates, _BATCH):
        some = prompts[start : start + _BATCH]
        seen = np.stack([view.means(some, len(own.found.models), upper) for view in views], axis=1)
        for number, kernel in enumerate(seen, start):
            order = draw.permutation(len(own.found.models)).tolist()
            drawn = set(draw.integers(0, len(order), size=len(order)).tolist())
            weights = _drawn_weights(calibration, draw)
            for at, seat in enumerate(seats):
                out[number, at] = log10_lrs(own, _thinned(seat, drawn, order), weights, kernel)
        progress(min(1.0, (start + _BATCH) / replicates), "drawing prompts and controls again")
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
        present = (np.diagonal(values, axis1=1, axis2=2) > PRESENT) & found.present
        gaps = np.flatnonzero(~present.all(axis=1))
        lacking = ~(present[gaps][:, upper[0]] & present[gaps][:, upper[1]])
        pairs = values[:, upper[0], upper[1]]
        pairs[gaps] = np.where(lacking, np.float32(0.0), pairs[gaps])
        return Cosines(pairs, gaps, lacking.astype(np.float64))

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

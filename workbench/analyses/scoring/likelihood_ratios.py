"""Log10 LRs of comparisons under a calibration.

A seat says who is the suspect, who the protected members and who the controls are; the same rules fill it as when
the calibration was fitted.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from workbench.analyses.scoring.panel_cases import COVERAGE, LEAST_CONTROLS, LEAST_PROMPTS
from workbench.analyses.scoring.partial_correlation import PRESENT, VERSION, Floats, Score, kernels, score
from workbench.analyses.scoring.similarity import VIEWS
from workbench.core.errors import RefusedError
from workbench.core.progress import Progress
from workbench.core.selection import Similarities
from workbench.core.statistics.fitted_calibration import QUESTIONS, Calibration
from workbench.core.statistics.resampling import resampled

LN10 = float(np.log(10.0))


@dataclass(frozen=True, slots=True)
class Seat:
    """One comparison, by places among the models of a bench."""

    suspect: int
    members: tuple[int, ...]
    controls: tuple[int, ...]

    def without(self, gone: Collection[int]) -> Seat:
        """The same with some controls left out."""
        return replace(self, controls=tuple(place for place in self.controls if place not in gone))


@dataclass(frozen=True, slots=True)
class Bench:
    """Some models on the prompts that the suspect answered: their similarities, their mean cosines (views, models,
    models), and how many prompts each two share."""

    found: Similarities
    kernel: Floats
    shared: npt.NDArray[np.float32]

    def at(self, name: str) -> int:
        """The place of a model; raises ValueError for an unknown one."""
        return self.found.models.index(name)


def bench(found: Similarities, suspect: str, names: Collection[str]) -> Bench:
    """What comparisons of a suspect with some models need; the suspect is among the names."""
    from threadpoolctl import threadpool_limits

    models = tuple(name for name in found.models if name in names)
    rows = np.flatnonzero(found.present[:, found.models.index(suspect)])
    places = np.array([found.models.index(name) for name in models], dtype=np.intp)
    present = found.present[np.ix_(rows, places)]
    part = Similarities(
        models=models,
        prompts=tuple(found.prompts[row] for row in rows),
        present=present,
        values={view: values[np.ix_(rows, places, places)] for view, values in found.values.items()},
        key=found.key,
        tokens=None if found.tokens is None else found.tokens[np.ix_(rows, places)],
    )
    flags = present.astype(np.float32)
    with threadpool_limits(limits=1, user_api="blas"):
        return Bench(part, kernels(part), flags.T @ flags)


def refuse_other_version(calibration: Calibration) -> None:
    """Refuse a calibration that was fitted to another version of the score; raises RefusedError."""
    if calibration.score_version != VERSION:
        raise RefusedError(
            f"The calibration is for version {calibration.score_version} of the score, and this workbench computes "
            f"version {VERSION}: `workbench calibrate PANEL.json --out FILE` makes one that fits."
        )


def refuse_too_few_prompts(found: Similarities, suspect: str) -> None:
    """Refuse a suspect that has too few answers for any comparison; raises RefusedError."""
    prompts = int(found.present[:, found.models.index(suspect)].sum())
    if prompts < LEAST_PROMPTS:
        raise RefusedError(
            f"{suspect} has answers to {prompts} prompts; fewer than {LEAST_PROMPTS} prompts can't be compared."
        )


def filled(own: Bench, suspect: int, members: Sequence[int], controls: Sequence[int]) -> Seat:
    """The seat of those members and controls that share prompts enough with the suspect; it may be too empty."""
    shared = own.shared[suspect]
    kept = tuple(place for place in members if shared[place] >= LEAST_PROMPTS)
    least = COVERAGE * max((float(shared[place]) for place in kept), default=0.0)
    return Seat(suspect, kept, tuple(place for place in controls if shared[place] >= least))


def why_empty(seat: Seat) -> str:
    """Why nothing can be computed for a seat, in words; empty when it can."""
    if not seat.members:
        return f"fewer than {LEAST_PROMPTS} prompts were answered by both sides"
    if len(seat.controls) < LEAST_CONTROLS:
        return f"{len(seat.controls)} controls answered these prompts, and at least {LEAST_CONTROLS} are needed"
    return ""


def score_of(kernel: Floats, seat: Seat) -> Score:
    """The score of a seat against each of its members, arrays (members,)."""
    places = np.array([[seat.suspect, member, *seat.controls] for member in seat.members], dtype=np.intp)
    return score(kernel[:, places[:, :, None], places[:, None, :]].swapaxes(0, 1))


def weights_of(calibration: Calibration) -> Floats:
    """The weights of all questions, (questions, 6)."""
    return np.array([calibration.questions[question].weights for question in QUESTIONS])


def by_member(found: Score, weights: Floats) -> Floats:
    """Uncapped log10 LRs, (members, questions)."""
    return np.asarray(found.design() @ weights.T / LN10)


def log10_lrs(kernel: Floats, seat: Seat, weights: Floats) -> Floats:
    """The uncapped log10 LR of each question: the largest over the members."""
    return np.asarray(by_member(score_of(kernel, seat), weights).max(axis=0))


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
        present = np.diagonal(values, axis1=1, axis2=2) > PRESENT
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

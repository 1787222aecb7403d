"""The material of `power`: whose answers are planted, against whom they are scored, in which controls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from workbench.analyses.power.values import KIN, OWN
from workbench.analyses.scoring.comparable_material import Matched, comparable, match
from workbench.analyses.scoring.independent import most
from workbench.analyses.scoring.parameters import MIN_CONTROLS, MIN_PROMPTS
from workbench.analyses.scoring.partial_correlation import PRESENT, RIDGE, STYLE, VERSION, score, usable
from workbench.analyses.scoring.similarity import COMPUTED, VIEWS
from workbench.core.errors import RefusedError, WorkbenchError
from workbench.core.foreseen import Answered, Foreseen, Known
from workbench.core.model import LeftOutKind
from workbench.core.progress import Progress
from workbench.core.selection import Question, Selection, Similarities
from workbench.core.statistics.fitted_calibration import Calibration, Weighing
from workbench.core.statistics.resampling import resampled
from workbench.core.statistics.unseen_panel import log10_lrs
from workbench.core.text import one_line

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Scenario:
    """Answers of `source` are planted and scored against `members`: `own` where the source is among them, so that
    the very answers that were planted are compared with; `kin` where it is kept out."""

    kind: str
    source: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PowerMaterial:
    """The question as matched, the similarities, the scenarios (the more realistic first), and the matched prompts.

    `calibration` is the one that the case is weighed by, or None with the reason in `why_none`.
    """

    question: Question
    found: Similarities
    scenarios: tuple[Scenario, ...]
    rows: Places
    answered: int
    calibration: Calibration | None
    why_none: str


def _calibration_of(selection: Selection) -> tuple[Calibration | None, str]:
    """The calibration that the case is weighed by, or none and why."""
    try:
        found = selection.calibration()
    except WorkbenchError as error:
        return None, one_line(str(error)).rstrip(".")
    if found.score_version != VERSION:
        return None, "the calibration belongs to another version of the score"
    return found, ""


def foreseen(known: Known, coverage: float) -> Foreseen:
    """What planting would use; raises RefusedError, in words, where there is too little."""
    _refuse_too_few(known.question)
    _, matched = _compared(known.question, known, coverage)
    return Foreseen(len(matched.rows), matched.suspect_prompts, len(matched.controls), matched.left_out)


def _refuse_too_few(question: Question) -> None:
    if len(question.controls) < _LEAST:
        raise RefusedError(f"Controls: {len(question.controls)}. Planting answers in one needs at least {_LEAST}.")


def _compared(question: Question, found: Answered, coverage: float) -> tuple[Question, Matched]:
    """The question on the models that are compared, and its match; raises RefusedError."""
    question = comparable(question, found)
    matched = match(question, found, coverage)
    if len(matched.controls) < _LEAST:
        raise RefusedError(
            f"{len(matched.controls)} controls answered these prompts; planting answers in one needs {_LEAST}."
        )
    return question, matched


def gather(selection: Selection, coverage: float) -> PowerMaterial:
    """The material; raises RefusedError, in words, where there is none."""
    _refuse_too_few(selection.question)
    found = selection.similarities()
    question, matched = _compared(selection.question, found, coverage)
    kept = replace(
        question,
        protected=matched.members,
        controls=matched.controls,
        left_out=question.left_out + matched.left_out,
    )
    scenarios = _scenarios(kept, found, matched.rows)
    return PowerMaterial(kept, found, scenarios, matched.rows, matched.suspect_prompts, *_calibration_of(selection))


def _scenarios(question: Question, found: Similarities, rows: Places) -> tuple[Scenario, ...]:
    """With the source kept out of the protected side where the family has another member, and with it compared."""
    members = [c.name for c in question.protected]
    if len(members) > 1:
        source = max(members, key=lambda name: (_likeness(name, members, found, rows), name))
        rest = tuple(name for name in members if name != source)
        return Scenario(KIN, source, rest), Scenario(OWN, source, tuple(members))
    own = Scenario(OWN, members[0], tuple(members))
    young = [
        item.corpus for item in question.left_out if item.kind is LeftOutKind.YOUNGER and item.corpus in found.models
    ]
    young = [name for name in young if found.present[rows, found.models.index(name)].sum() >= MIN_PROMPTS]
    if not young:
        return (own,)
    source = max(young, key=lambda name: (_likeness(name, members, found, rows), name))
    return Scenario(KIN, source, tuple(members)), own


def _likeness(name: str, members: Sequence[str], found: Similarities, rows: Places) -> float:
    """A model's mean similarity to the members of the family beside it."""
    place = found.models.index(name)
    others = [found.models.index(other) for other in members if other != name]
    means = [found.values[view][rows, place][:, others].mean(dtype=np.float64) for view in VIEWS]
    return float(np.mean(means))


_REPLICATES = 1000
_LEAST = MIN_CONTROLS + 1
"""One control more than a comparison needs: answers are planted in one."""
_STYLE = [COMPUTED.index(name) for name in STYLE]


@dataclass(frozen=True, slots=True)
class Design:
    """Which plants are made: `shares` ascending, how many controls and random draws of prompts."""

    shares: tuple[float, ...]
    controls: int
    draws: int
    seed: int


@dataclass(frozen=True, slots=True)
class Planted:
    """One scenario's plants, arrays (controls, draws, shares): `log10_lrs` as they would be reported (None without a
    calibration), and whether the planted control came `first`; `prompts` is how many there were to draw from."""

    scenario: Scenario
    controls: tuple[str, ...]
    log10_lrs: Floats | None
    first: Floats
    prompts: int


@dataclass(frozen=True, slots=True)
class Curve:
    """Means over controls and draws for each share, with the ends of intervals from resampling controls."""

    mean: Floats
    low: Floats
    high: Floats


class Kernel:
    """Mean similarities between some models, of which one row can be replaced."""

    def __init__(self, found: Similarities, rows: Places, names: Sequence[str]) -> None:
        at = {name: place for place, name in enumerate(found.models)}
        places = np.array([at[name] for name in names])
        self._blocks: list[Floats] = []
        self._present: list[Floats] = []
        for view in COMPUTED:
            block = found.values[view][rows[:, None, None], places[:, None], places[None, :]]
            self._blocks.append(block.astype(np.float64))
            self._present.append((np.diagonal(block, axis1=1, axis2=2) > PRESENT).astype(np.float64))
        sums = np.stack([block.sum(axis=0) for block in self._blocks])
        both = np.stack([present.T @ present for present in self._present])
        self.means = self._of(sums, both)
        every = np.arange(len(names))
        self.means[:, every, every] = 1.0

    @staticmethod
    def _of(sums: Floats, both: Floats) -> Floats:
        return np.asarray(sums / np.maximum(both, 1e-12))

    def planted(self, place: int, source: int, planted: Floats) -> Floats:
        """The means with a model's answers replaced by the source's where `planted` (plants, prompts) is one:
        (plants, views, models, models)."""
        out = np.broadcast_to(self.means, (len(planted), *self.means.shape)).copy()
        weights = np.concatenate([1.0 - planted, planted], axis=1)
        for view, (block, present) in enumerate(zip(self._blocks, self._present, strict=True)):
            rows = np.concatenate([block[:, place], block[:, source]])
            both = np.concatenate([present[:, place, None] * present, present[:, source, None] * present])
            row = self._of(weights @ rows, weights @ both)
            out[:, view, place, :] = row
            out[:, view, :, place] = row
        out[:, :, place, place] = 1.0
        return out


def plant(
    material: PowerMaterial,
    scenario: Scenario,
    weighing: Weighing | None,
    design: Design,
    tick: Progress,
) -> Planted:
    """All plants of one scenario; `tick` is called once a control."""
    from threadpoolctl import threadpool_limits

    found = material.found
    controls = [c.name for c in material.question.controls]
    names = list(dict.fromkeys([*controls, *scenario.members, scenario.source]))
    source = names.index(scenario.source)
    rows = material.rows[found.present[material.rows, found.models.index(scenario.source)]]
    kernel = Kernel(found, rows, names)
    seen = None if weighing is None else Weighed(weighing, len(rows), usable(found))
    draw = np.random.default_rng(design.seed)
    count = min(design.controls, len(controls))
    chosen = np.sort(draw.choice(len(controls), size=count, replace=False))
    lrs = np.zeros((count, design.draws, len(design.shares)))
    first = np.zeros_like(lrs)
    members = [names.index(name) for name in scenario.members]
    for at, place in enumerate(chosen.tolist()):
        tick(at / count, f"planting answers of {scenario.source} in control {at + 1} of {count}")
        flags = _flags(draw, len(rows), design)
        others = [other for other in range(len(controls)) if other != place]
        with threadpool_limits(limits=1, user_api="blas"):
            # These matrices are small: threads would wait for each other.
            made = kernel.planted(place, source, flags)
            found_lrs, found_first = _looked_at(made, place, members, others, seen)
        lrs[at] = found_lrs.reshape(design.draws, -1)
        first[at] = found_first.reshape(design.draws, -1)
    picked = tuple(controls[place] for place in chosen.tolist())
    return Planted(scenario, picked, lrs if weighing else None, first, len(rows))


def _flags(draw: np.random.Generator, prompts: int, design: Design) -> Floats:
    """Which prompts are planted, (draws times shares, prompts): in one draw a larger share has all of a smaller one."""
    order = np.stack([draw.permutation(prompts) for _ in range(design.draws)])
    counts = np.rint(np.array(design.shares) * prompts)
    flags: Floats = (order[:, None, :] < counts[None, :, None]).astype(np.float64)
    return flags.reshape(-1, prompts)


@dataclass(frozen=True, slots=True)
class Weighed:
    """How plants are weighed: the weights of the question, on how many prompts, and by which views."""

    weighing: Weighing
    prompts: int
    views: tuple[int, ...]

    def log10_lrs(self, kernel: Floats) -> Floats:
        """The log10 LRs of some plants as they would be reported."""
        found = score(kernel, np.full(len(kernel), float(self.prompts)), self.views)
        one = self.weighing
        lrs = log10_lrs(found.design(), np.array([one.weights]))[:, 0]
        return np.asarray(np.clip(lrs, one.low, min(one.high, most(found.controls))))


def _looked_at(
    made: Floats, place: int, members: Sequence[int], others: Sequence[int], weighed: Weighed | None
) -> tuple[Floats, Floats]:
    """The reported log10 LR of each plant, and whether the planted model comes before every other control."""
    lrs, seats = [], []
    for member in members:
        places = np.array([place, member, *others])
        kernel = made[:, :, places[:, None], places[None, :]]
        seats.append(of_every_seat(kernel))
        if weighed is not None:
            lrs.append(weighed.log10_lrs(kernel))
    best = np.asarray(np.max(seats, axis=0))
    first: Floats = (best[:, 0] > best[:, 1:].max(axis=1)).astype(np.float64)
    return (np.asarray(np.max(lrs, axis=0)) if lrs else np.zeros(len(made))), first


def of_every_seat(kernel: Floats) -> Floats:
    """Each model's partial correlation with the member, given all others, less what exchangeable models would have:
    the median over the views of style, as in the score.

    `kernel` is (plants, views, 2 + m, 2 + m): the model in the suspect's place, the member, the controls; the result,
    (plants, 1 + m), leaves the member out.
    """
    count = kernel.shape[-1] - 2
    style = kernel[:, _STYLE]
    level = (style[..., 2:, 2:].sum(axis=(-2, -1)) - count) / (count * (count - 1))
    precision = np.linalg.inv(style + RIDGE * np.eye(count + 2))
    own = np.diagonal(precision, axis1=-2, axis2=-1)
    # Where answers lack features the means rest on different prompts and need not be a covariance.
    scale = np.sqrt(np.maximum(own, 0.0) * np.maximum(own[..., 1, None], 0.0))
    shared = np.clip(-precision[..., 1] / np.maximum(scale, RIDGE), -1.0, 1.0)
    beyond = shared - (level / (1 + count * level))[..., None]
    return np.asarray(np.delete(np.median(beyond, axis=1), 1, axis=-1))


def curve(found: Floats, seed: int, confidence: float) -> Curve:
    """The mean of (controls, draws, shares) with percentile intervals over controls."""
    by_control = found.mean(axis=1)
    times = resampled(len(by_control), _REPLICATES, seed)
    again = times @ by_control / len(by_control)
    tail = (1 - confidence) / 2
    low, high = np.quantile(again, [tail, 1 - tail], axis=0)
    return Curve(by_control.mean(axis=0), low, high)


def smallest(shares: Floats, rates: Floats, target: float) -> Floats:
    """The least share from which on the rate stays at the target or above, interpolated; infinite if not even the
    last. `rates` are (..., shares)."""
    below = rates < target
    last = below.shape[-1] - 1
    at = last - np.argmax(below[..., ::-1], axis=-1)
    after = np.minimum(at + 1, last)
    here, there = (np.take_along_axis(rates, place[..., None], axis=-1)[..., 0] for place in (at, after))
    rise = (target - here) / np.where(there > here, there - here, 1.0)
    between = shares[at] + rise * (shares[after] - shares[at])
    return np.where(below.any(axis=-1), np.where(at == last, np.inf, between), shares[0])


def smallest_between(found: Floats, shares: Floats, target: float, seed: int, confidence: float) -> Floats:
    """The ends of the interval of `smallest` from resampling controls, (2,)."""
    by_control = found.mean(axis=1)
    again = resampled(len(by_control), _REPLICATES, seed) @ by_control / len(by_control)
    tail = (1 - confidence) / 2
    return np.quantile(smallest(shares, again, target), [tail, 1 - tail], method="closest_observation")

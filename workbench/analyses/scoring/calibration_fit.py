"""Fitting a calibration on cases of known truth, and scoring pairs with what was fitted elsewhere.

One logistic regression a question, with six weights. Cases are weighted so that true and false pairs count the same
and panels with few controls as much as panels with many; so the odds that it gives are likelihood ratios.

Source: Brümmer and du Preez (2006), Application-independent evaluation of speaker detection,
doi:10.1016/j.csl.2005.08.001; Morrison (2013), Tutorial on logistic-regression calibration and fusion,
doi:10.1080/00450618.2012.733025.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from workbench.analyses.scoring.panel_cases import Episode, Ground, Scored, TrainingRows, joined, relatives, rows_of
from workbench.analyses.scoring.partial_correlation import Floats, Score
from workbench.core.model import Facts
from workbench.core.panel import Pair, Panel
from workbench.core.statistics.elub import empirical_bounds
from workbench.core.statistics.fitted_calibration import FEW, QUESTIONS
from workbench.core.statistics.lr_metrics import cllr

Flags = npt.NDArray[np.bool_]

STRENGTH = 1.0
"""Inverse strength of the ridge, in scikit-learn's terms."""

BUCKETS = (12, 20, 36)
"""Numbers of controls between which cases count as of one size."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """One pair with the uncapped log10 LR of each question."""

    pair: Pair
    log10_lrs: Mapping[str, float]
    partial: float


def log10_lr(score: Score, weights: Sequence[float]) -> float:
    """The largest log10 LR over the members of a score."""
    return float((score.design() @ np.array(weights)).max() / np.log(10))


def fitted(rows: TrainingRows, keep: Flags, question: str, times: Floats | None = None) -> tuple[float, ...] | None:
    """The weights of a question from some rows, each counted `times`; None where a class is missing."""
    true = np.isin(rows.relations, QUESTIONS[question])
    chosen = keep & (true | (rows.relations == ""))
    even = np.ones(len(true)) if times is None else times
    weights = _balanced(rows.controls, true, np.where(chosen, even, 0.0))
    used = weights > 0
    if not (used & true).any() or not (used & ~true).any():
        return None
    return _regression(rows.design[used], true[used], weights[used])


def _balanced(controls: npt.NDArray[np.int64], true: Flags, times: Floats) -> Floats:
    """Row weights: both classes count the same within a size, and so does each size that has both."""
    bucket = np.searchsorted(BUCKETS, controls, side="right")
    weights = np.zeros(len(times))
    for size in range(len(BUCKETS) + 1):
        cells = [(bucket == size) & (true == value) & (times > 0) for value in (True, False)]
        if all(cell.any() for cell in cells):
            for cell in cells:
                weights[cell] = times[cell] / times[cell].sum()
    total = weights.sum()
    return np.asarray(weights * ((times > 0).sum() / total)) if total else weights


def _regression(design: Floats, true: Flags, weights: Floats) -> tuple[float, ...]:
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=STRENGTH, max_iter=5000, tol=1e-8).fit(design[:, :-1], true, sample_weight=weights)
    return (*(float(value) for value in model.coef_[0]), float(model.intercept_[0]))


def all_fitted(
    rows: TrainingRows, keep: Flags, times: Floats | None = None, questions: Sequence[str] = tuple(QUESTIONS)
) -> dict[str, tuple[float, ...]]:
    """The weights of every question that the rows can answer."""
    found = {question: fitted(rows, keep, question, times) for question in questions}
    return {question: weights for question, weights in found.items() if weights is not None}


def estimates(scored: Sequence[Scored], weights: Mapping[str, Sequence[float]]) -> list[Estimate]:
    """The LRs of some pairs under one set of weights."""
    return [
        Estimate(
            one.pair,
            {question: log10_lr(one.score, row) for question, row in weights.items()},
            float(one.score.partial.max()),
        )
        for one in scored
    ]


@dataclass(frozen=True, slots=True)
class Fold:
    """What is fitted for the suspects of one fold: everything but the models that are left out."""

    suspects: tuple[str, ...]
    left_out: frozenset[str]


def folds(facts: Mapping[str, Facts]) -> list[Fold]:
    """One fold for every set of relatives that some suspect has."""
    by_kin: dict[frozenset[str], list[str]] = {}
    for suspect in dict.fromkeys(pair.suspect for pair in Panel(facts).pairs()):
        by_kin.setdefault(relatives(facts, suspect), []).append(suspect)
    return [Fold(tuple(suspects), kin) for kin, suspects in by_kin.items()]


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Pairs of suspects that were left out: `plain` in the whole panel, `few` in smaller panels with few controls, and
    `makers` scored with weights that also saw no true pair of the family's developer."""

    plain: list[Estimate]
    few: list[Estimate]
    makers: list[Estimate]


class LeaveOut:
    """Scores a panel's own pairs with weights that saw neither the suspect nor any relative of it.

    A fold is fitted on the panel without the relatives, as controls too, and on those of the `cases` (smaller
    panels, other panels) in which none of them is.
    """

    def __init__(self, ground: Ground, cases: Sequence[Episode], questions: Sequence[str] = tuple(QUESTIONS)) -> None:
        self._ground = ground
        self._questions = tuple(questions)
        self._cases = [(case.models, rows_of(case)) for case in cases]
        self._few = [one for case in cases for one in case.pairs if one.score.controls < FEW]
        panel = Panel(ground.facts)
        self._scored = ground.scored(panel)
        self._makers = {
            family: {ground.facts[name].developer for name in panel.members(family)} for family in panel.families()
        }

    def without(self, fold: Fold, *, makers: bool = False) -> HeldOut:
        """The pairs of one fold's suspects, and with makers left out where that is asked for."""
        kept = frozenset(self._ground.facts) - fold.left_out
        clear = [rows for models, rows in self._cases if not models & fold.left_out]
        rows = joined([rows_of(self._ground.episode(kept)), *clear])
        own = [one for one in self._scored if one.pair.suspect in fold.suspects]
        weights = all_fitted(rows, np.ones(len(rows.controls), dtype=np.bool_), questions=self._questions)
        few = [one for one in self._few if one.pair.suspect in fold.suspects]
        others = self._without_makers(own, rows) if makers else []
        return HeldOut(estimates(own, weights), estimates(few, weights), others)

    def _without_makers(self, own: Sequence[Scored], rows: TrainingRows) -> list[Estimate]:
        found: list[Estimate] = []
        for maker in sorted({name for names in self._makers.values() for name in names if name}):
            some = [one for one in own if maker in self._makers[one.pair.family]]
            if some:
                theirs = [family for family, names in self._makers.items() if maker in names]
                keep = ~(np.isin(rows.families, theirs) & (rows.relations != ""))
                found += estimates(some, all_fitted(rows, keep, questions=self._questions))
        return found


def replicates(
    rows: TrainingRows, groups: Mapping[str, int], count: int, seed: int
) -> dict[str, tuple[tuple[float, ...], ...]]:
    """Weights refitted with suspect groups resampled, `count` of each question (fewer where a draw has no truth)."""
    draw = np.random.default_rng(seed)
    owner = np.array([groups[name] for name in rows.suspects])
    units = np.unique(owner)
    found: dict[str, list[tuple[float, ...]]] = {question: [] for question in QUESTIONS}
    every = np.ones(len(owner), dtype=np.bool_)
    for _ in range(count):
        times = np.bincount(np.searchsorted(units, draw.choice(units, size=len(units))), minlength=len(units))
        for question, weights in all_fitted(rows, every, times[np.searchsorted(units, owner)].astype(float)).items():
            found[question].append(weights)
    return {question: tuple(rows_) for question, rows_ in found.items()}


@dataclass(frozen=True, slots=True)
class Support:
    """How far an LR of one question may go, and the numbers of pairs and independent groups that say so."""

    low: float
    high: float
    positives: int
    positive_groups: int
    negatives: int
    negative_groups: int


def support(found: Sequence[Estimate], groups: Mapping[str, int], question: str) -> Support:
    """The bounds that pairs scored without themselves support.

    Beyond log10(groups + 1) no number of independent groups without an error tells a rarer error from none; the
    empirical bounds of the pairs hold where they are narrower.
    """
    true = [one for one in found if one.pair.relation in QUESTIONS[question] and one.pair.positive]
    false = [one for one in found if not one.pair.positive and not one.pair.excluded]
    true, false = ([one for one in some if question in one.log10_lrs] for some in (true, false))
    h1, h2 = (np.array([one.log10_lrs[question] for one in some]) for some in (true, false))
    groups1, groups2 = (len({groups[one.pair.suspect] for one in some}) for some in (true, false))
    low, high = empirical_bounds(h1, h2)
    return Support(
        low=max(low, -float(np.log10(groups1 + 1))),
        high=min(high, float(np.log10(groups2 + 1))),
        positives=len(true),
        positive_groups=groups1,
        negatives=len(false),
        negative_groups=groups2,
    )


def misled(found: Sequence[Estimate], question: str, low: float, high: float) -> dict[str, int | float]:
    """How often pairs scored without themselves point the wrong way, as reported between the bounds."""
    true, false = (
        np.clip([one.log10_lrs[question] for one in some if question in one.log10_lrs], low, high)
        for some in (
            [one for one in found if one.pair.positive and one.pair.relation in QUESTIONS[question]],
            [one for one in found if not one.pair.positive and not one.pair.excluded],
        )
    )
    counts: dict[str, int | float] = {
        "positives": len(true),
        "negatives": len(false),
        "pos_lr_lt_1": int((true < 0).sum()),
        "neg_lr_gt_1": int((false > 0).sum()),
        "neg_lr_gt_10": int((false > 1).sum()),
    }
    return counts | ({"cllr": cllr(true, false)} if len(true) and len(false) else {})

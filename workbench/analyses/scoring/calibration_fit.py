"""Fitting a calibration on cases of known truth, and how far the LRs that it gives may go.

One logistic regression a question. Within a panel true and false pairs count the same, and a panel counts with the
square root of its true pairs; smaller panels count for a share, the same by numbers of controls. So the odds that the
fit gives are likelihood ratios, and no panel decides alone.

Source: Brümmer and du Preez (2006), Application-independent evaluation of speaker detection,
doi:10.1016/j.csl.2005.08.001; Morrison (2013), Tutorial on logistic-regression calibration and fusion,
doi:10.1080/00450618.2012.733025.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from workbench.analyses.scoring.independent import most
from workbench.analyses.scoring.panel_cases import Scored, TrainingRows
from workbench.analyses.scoring.partial_correlation import Floats
from workbench.core.model import Json
from workbench.core.panel import Pair
from workbench.core.statistics.elub import empirical_bounds
from workbench.core.statistics.fitted_calibration import AGAINST, ANY, COLUMNS, QUESTIONS, WEIGHED
from workbench.core.statistics.lr_metrics import cllr
from workbench.core.statistics.unseen_panel import log10_lrs

Flags = npt.NDArray[np.bool_]

STRENGTH = 1.0
"""Inverse strength of the ridge, in scikit-learn's terms."""

SMALL = 0.15
"""The share of smaller panels in the fit."""

BUCKETS = (8, 12, 18)
"""Numbers of controls between which smaller panels count as of one size."""

LARGEST_CELL = 40
"""True pairs of smaller panels beyond so many, in one panel and size, add no weight."""

TIPPETT = tuple(tenth / 10 for tenth in range(-20, 21))
"""The log10 LRs at which Tippett's curves are counted: no calibration so far reports beyond them."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """One pair: the uncapped log10 LR of each question, the log-odds of the first before they are drawn towards 0 for
    a panel not seen, the partial correlation, and the largest log10 LR that its controls bear."""

    pair: Pair
    log10_lrs: Mapping[str, float]
    log_odds: float
    partial: float
    most: float


def fitted(rows: TrainingRows, question: str, times: Floats | None = None) -> tuple[float, ...] | None:
    """The weights of a question from some rows, each counted `times`; None where a class is missing."""
    true = np.isin(rows.relations, QUESTIONS[question])
    chosen = true | np.isin(rows.relations, AGAINST[question])
    counted = np.where(chosen, np.ones(len(true)) if times is None else times, 0.0)
    weights = _balanced(rows, true, counted)
    used = weights > 0
    if not (used & true).any() or not (used & ~true).any():
        return None
    return _regression(rows.design[used], true[used], weights[used], WEIGHED[question])


def _balanced(rows: TrainingRows, true: Flags, times: Floats) -> Floats:
    """Row weights that sum to the rows of whole panels that count."""
    large = _cells(rows.panels, true, np.where(rows.small, 0.0, times), None)
    sizes = rows.panels * (len(BUCKETS) + 1) + np.searchsorted(BUCKETS, rows.controls, side="right")
    small = _cells(sizes, true, np.where(rows.small, times, 0.0), LARGEST_CELL)
    total = float(times[~rows.small].sum())
    if not large.sum():
        return np.asarray(small * times.sum())
    if not small.sum():
        return np.asarray(large * total)
    return np.asarray((large * (1 - SMALL) + small * SMALL) * total)


def _cells(cell: npt.NDArray[np.int64], true: Flags, times: Floats, largest: int | None) -> Floats:
    """Weights that sum to 1: a cell with both classes counts with the root of its true pairs, both classes the same."""
    weights = np.zeros(len(times))
    for number in np.unique(cell):
        here = (cell == number) & (times > 0)
        sides = (here & true, here & ~true)
        if all(side.any() for side in sides):
            count = float(times[sides[0]].sum())
            for side in sides:
                weights[side] = np.sqrt(min(count, largest or count)) * times[side] / times[side].sum()
    return np.asarray(weights / weights.sum() if weights.any() else weights)


def _regression(design: Floats, true: Flags, weights: Floats, columns: Sequence[int]) -> tuple[float, ...]:
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=STRENGTH, solver="newton-cholesky", tol=1e-10)
    model.fit(design[:, list(columns)], true, sample_weight=weights)
    row = np.zeros(COLUMNS)
    row[list(columns)], row[-1] = model.coef_[0], model.intercept_[0]
    return tuple(row.tolist())


def all_fitted(
    rows: TrainingRows, times: Floats | None = None, questions: Sequence[str] = tuple(QUESTIONS)
) -> dict[str, tuple[float, ...]]:
    """The weights of every question that the rows can answer."""
    found = {question: fitted(rows, question, times) for question in questions}
    return {question: weights for question, weights in found.items() if weights is not None}


def estimates(scored: Sequence[Scored], weights: Mapping[str, Sequence[float]]) -> list[Estimate]:
    """The LRs of some pairs under one set of weights."""
    rows = {question: np.array(row) for question, row in weights.items()}
    found = []
    for one in scored:
        closest = one.score.closest()
        design = closest.design()
        found.append(
            Estimate(
                one.pair,
                {question: float(log10_lrs(design, row[None])[0]) for question, row in rows.items()},
                float(design @ rows[ANY]) if ANY in rows else 0.0,
                float(closest.partial),
                most(one.independent),
            )
        )
    return found


def replicates(
    rows: TrainingRows, groups: Sequence[int], count: int, seed: int
) -> dict[str, tuple[tuple[float, ...], ...]]:
    """Weights refitted with suspect groups resampled, `count` of each question (fewer where a draw has no truth).

    `groups` says to which independent group the suspect of each row belongs.
    """
    draw = np.random.default_rng(seed)
    units, owner = np.unique(np.array(groups), return_inverse=True)
    found: dict[str, list[tuple[float, ...]]] = {question: [] for question in QUESTIONS}
    for _ in range(count):
        times = np.bincount(draw.integers(0, len(units), size=len(units)), minlength=len(units))
        for question, weights in all_fitted(rows, times[owner].astype(float)).items():
            found[question].append(weights)
    return {question: tuple(rows_) for question, rows_ in found.items()}


def sides(found: Sequence[Estimate], question: str) -> tuple[list[Estimate], list[Estimate]]:
    """The pairs of which a question is true, and those of which it is not."""
    able = [one for one in found if question in one.log10_lrs and not one.pair.excluded]
    true = [one for one in able if one.pair.positive and one.pair.relation in QUESTIONS[question]]
    false = [one for one in able if (one.pair.relation if one.pair.positive else "") in AGAINST[question]]
    return true, false


@dataclass(frozen=True, slots=True)
class Support:
    """How far an LR of one question may go, and the numbers of pairs and independent groups that say so."""

    low: float
    high: float
    positives: int
    positive_groups: int
    negatives: int
    negative_groups: int


def support(found: Sequence[tuple[int, Estimate]], question: str) -> Support:
    """The bounds that pairs scored without themselves support; each with the group of its suspect.

    Beyond log10(groups + 1) no number of independent groups without an error tells a rarer error from none; the
    empirical bounds of the pairs hold where they are narrower.
    """
    of = {id(one): group for group, one in found}
    true, false = sides([one for _, one in found], question)
    h1, h2 = (np.array([one.log10_lrs[question] for one in some]) for some in (true, false))
    groups1, groups2 = (len({of[id(one)] for one in some}) for some in (true, false))
    low, high = empirical_bounds(h1, h2)
    return Support(
        low=max(low, -float(np.log10(groups1 + 1))),
        high=min(high, float(np.log10(groups2 + 1))),
        positives=len(true),
        positive_groups=groups1,
        negatives=len(false),
        negative_groups=groups2,
    )


def reported(one: Estimate, question: str, low: float, high: float) -> float:
    """The log10 LR of a pair within the bounds of its calibration and of its own controls."""
    return min(max(one.log10_lrs[question], low), high, one.most)


def misled(found: Sequence[Estimate], question: str, low: float, high: float) -> dict[str, Json]:
    """How often pairs scored without themselves point the wrong way, as reported between the bounds."""
    true, false = _reported(found, question, low, high)
    counts: dict[str, Json] = {
        "positives": len(true),
        "negatives": len(false),
        "pos_lr_lt_1": int((true < 0).sum()),
        "neg_lr_gt_1": int((false > 0).sum()),
        "neg_lr_gt_10": int((false > 1).sum()),
        "neg_lr_ge_10": int((false >= 1).sum()),
    }
    return counts | ({"cllr": cllr(true, false)} if len(true) and len(false) else {})


def tippett(found: Sequence[Estimate], question: str, low: float, high: float) -> dict[str, Json]:
    """Tippett's curves of pairs scored without themselves, as reported between the bounds."""
    true, false = _reported(found, question, low, high)
    return {
        "log10_lr": list(TIPPETT),
        "positives": [int((true >= value).sum()) for value in TIPPETT],
        "negatives": [int((false >= value).sum()) for value in TIPPETT],
    }


def _reported(found: Sequence[Estimate], question: str, low: float, high: float) -> tuple[Floats, Floats]:
    true, false = (np.array([reported(one, question, low, high) for one in some]) for some in sides(found, question))
    return true, false

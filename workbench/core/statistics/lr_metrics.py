"""How good likelihood ratios are: their cost, their calibration, how well they rank, how often they mislead.

All ratios are log10 LRs. “H1” are those of pairs for which the first proposition is true, “H2” those of the
others. Weights are how often each pair counts (as in a bootstrap replicate); zero leaves a pair out. A
figure that needs a class which is empty, or has no weight, is NaN.

Brümmer, du Preez 2006, doi:10.1016/j.csl.2005.08.001 (Cllr, PAV); Ramos, Gonzalez-Rodriguez 2013,
doi:10.1016/j.forsciint.2013.04.014 (empirical cross-entropy); Meuwly, Ramos, Haraksim 2017,
doi:10.1016/j.forsciint.2016.03.048 (which figures a validation reports).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from workbench.core.statistics.resampling import Floats

LN10 = float(np.log(10.0))


def cost_of_true(log10_lrs: Floats) -> Floats:
    """What each LR of a true pair costs: log2(1 + 1/LR), 0 for an infinite LR, 1 for LR = 1."""
    return np.asarray(np.logaddexp(0.0, -LN10 * log10_lrs) / np.log(2.0))


def cost_of_false(log10_lrs: Floats) -> Floats:
    """What each LR of a false pair costs: log2(1 + LR), 0 for LR = 0, 1 for LR = 1."""
    return cost_of_true(-log10_lrs)


def cllr(h1: Floats, h2: Floats) -> float:
    """The log-likelihood-ratio cost: 0 is perfect, 1 is what saying nothing (LR = 1 always) costs.

    Half the mean cost over H1 plus half the mean cost over H2, so that the number of pairs of each kind
    does not matter. Infinite where an LR of 0 or infinity points the wrong way.
    """
    if not (h1.size and h2.size):
        return float("nan")
    return float((cost_of_true(h1).mean() + cost_of_false(h2).mean()) / 2)


def cllr_min(h1: Floats, h2: Floats) -> float:
    """The Cllr that is left once the scores are calibrated as well as their order allows (PAV).

    Tied scores get one common LR. The LRs of 0 and infinity that PAV gives where one class is alone cost
    nothing, because no pair of the other class has them.
    """
    return Steps.of(h1, h2).cllr()


def equal_error_rate(h1: Floats, h2: Floats) -> float:
    """The error rate where misses equal false alarms, on the convex hull of the ROC curve (ROCCH-EER).

    The hull is the PAV's, so that it is the largest minimum Bayes error over all priors.
    """
    return Steps.of(h1, h2).equal_error_rate()


def auc(h1: Floats, h2: Floats) -> float:
    """The chance that a random true pair scores above a random false one; ties count half."""
    if not (h1.size and h2.size):
        return float("nan")
    ascending = np.sort(h2)
    below = np.searchsorted(ascending, h1, side="left")
    not_above = np.searchsorted(ascending, h1, side="right")
    return float((below + not_above).mean() / (2 * h2.size))


def weighted_auc(h1: Floats, h2: Floats, weights1: Floats, weights2: Floats) -> Floats:
    """AUCs of many replicates: weights are (replicates, pairs), the result (replicates,)."""
    wins = (np.sign(h1[:, None] - h2[None, :]) + 1) / 2
    total = weights1.sum(axis=1) * weights2.sum(axis=1)
    won = np.einsum("rp,rp->r", weights1 @ wins, weights2)
    return ratio(won, total)


def ratio(above: Floats, below: Floats) -> Floats:
    """One by the other, NaN where there is nothing to divide by."""
    return np.asarray(np.divide(above, below, out=np.full(np.shape(above), np.nan), where=below > 0))


@dataclass(frozen=True, slots=True)
class Steps:
    """Scores in ascending order, as runs in which one class is alone or all scores are tied.

    `low`, `high`: the lowest and highest score of each run; `h1`, `h2`: the weight of each class in it. PAV
    treats a run as one point, because equal neighbours are always pooled.
    """

    low: Floats
    high: Floats
    h1: Floats
    h2: Floats

    @staticmethod
    def of(h1: Floats, h2: Floats) -> Steps:
        """The steps of two classes in which every pair counts once."""
        runs = Runs.of(h1, h2)
        return runs.weighted(np.ones(h1.size), np.ones(h2.size))

    def empty(self) -> bool:
        """Whether a class has no weight at all."""
        return not (self.h1.sum() > 0 and self.h2.sum() > 0)

    def blocks(self) -> tuple[Floats, Floats, npt.NDArray[np.int64]]:
        """PAV: pool neighbours until the share of H1 rises from block to block.

        Returns the weights of H1 and H2 in each block, and how many runs it took in.
        """
        pooled: list[tuple[float, float, int]] = []
        for h1, h2 in zip(self.h1.tolist(), self.h2.tolist(), strict=True):
            block = (h1, h2, 1)
            while pooled and _not_rising(pooled[-1], block):
                block = _together(pooled.pop(), block)
            pooled.append(block)
        true, false, sizes = zip(*pooled, strict=True) if pooled else ((), (), ())
        return np.array(true, float), np.array(false, float), np.array(sizes, np.int64)

    def log10_lrs(self) -> Floats:
        """The PAV-calibrated log10 LR of each run; minus infinity and infinity where one class is alone."""
        h1, h2, sizes = self.blocks()
        with np.errstate(divide="ignore"):
            values = np.log10(h1) - np.log10(h2) - np.log10(self.h1.sum() / self.h2.sum())
        return np.repeat(values, sizes)

    def cllr(self) -> float:
        """The Cllr after PAV."""
        if self.empty():
            return float("nan")
        h1, h2, _ = self.blocks()
        p1, p2 = h1 / h1.sum(), h2 / h2.sum()
        both = (h1 > 0) & (h2 > 0)
        odds = np.log10(p1[both]) - np.log10(p2[both])
        return float((p1[both] @ cost_of_true(odds) + p2[both] @ cost_of_false(odds)) / 2)

    def equal_error_rate(self) -> float:
        """Where the hull of the ROC curve meets misses = false alarms."""
        if self.empty():
            return float("nan")
        h1, h2, _ = self.blocks()
        misses = np.concatenate([[0.0], np.cumsum(h1 / h1.sum())])
        alarms = np.concatenate([[1.0], 1 - np.cumsum(h2 / h2.sum())])
        at = int(np.argmax(misses >= alarms))
        gap, step = (alarms - misses)[at - 1], (misses[at] - misses[at - 1]) + (alarms[at - 1] - alarms[at])
        return float(np.clip(misses[at - 1] + gap * (misses[at] - misses[at - 1]) / step, 0.0, 0.5))


@dataclass(frozen=True, slots=True)
class Runs:
    """The order of two classes' scores, kept apart from the weights so that replicates share it.

    `order` puts H1 then H2 into ascending order of score, `starts` is where each run begins.
    """

    scores: Floats
    true: npt.NDArray[np.bool_]
    order: npt.NDArray[np.int64]
    starts: npt.NDArray[np.int64]

    @staticmethod
    def of(h1: Floats, h2: Floats) -> Runs:
        """The runs of two classes; infinite scores are allowed, NaN is not."""
        scores = np.concatenate([h1, h2])
        true = np.concatenate([np.ones(h1.size, bool), np.zeros(h2.size, bool)])
        order = np.argsort(scores, kind="stable")
        scores, true = scores[order], true[order]
        return Runs(scores, true, order, _starts(scores, true))

    def weighted(self, weights1: Floats, weights2: Floats) -> Steps:
        """The steps under one set of weights; runs without weight are left out."""
        return self.replicates(weights1[None, :], weights2[None, :])[0]

    def replicates(self, weights1: Floats, weights2: Floats) -> list[Steps]:
        """The steps of many replicates: weights are (replicates, pairs of the class)."""
        if not self.scores.size:
            nothing = np.zeros(0)
            return [Steps(nothing, nothing, nothing, nothing)] * len(weights1)
        weights = np.concatenate([weights1, weights2], axis=1)[:, self.order]
        h1 = np.add.reduceat(np.where(self.true, weights, 0.0), self.starts, axis=1)
        h2 = np.add.reduceat(np.where(self.true, 0.0, weights), self.starts, axis=1)
        low = self.scores[self.starts]
        high = self.scores[np.append(self.starts[1:], self.scores.size) - 1]
        kept = (h1 + h2) > 0
        return [Steps(low[k], high[k], a[k], b[k]) for a, b, k in zip(h1, h2, kept, strict=True)]


def _not_rising(before: tuple[float, float, int], after: tuple[float, float, int]) -> bool:
    return before[0] * (after[0] + after[1]) >= after[0] * (before[0] + before[1])


def _together(before: tuple[float, float, int], after: tuple[float, float, int]) -> tuple[float, float, int]:
    return before[0] + after[0], before[1] + after[1], before[2] + after[2]


def _starts(scores: Floats, true: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """Where a new run begins: neither tied with the one before nor of the same class on both sides."""
    if not scores.size:
        return np.zeros(0, np.int64)
    distinct = np.flatnonzero(np.append(True, scores[1:] != scores[:-1]))
    sizes = np.diff(np.append(distinct, scores.size))
    held = np.add.reduceat(true.astype(np.int64), distinct)
    kind = np.where(held == 0, 0, np.where(held == sizes, 1, 2))
    joined = (kind[1:] == kind[:-1]) & (kind[1:] != 2)
    return np.asarray(distinct[np.append(True, ~joined)])


@dataclass(frozen=True, slots=True)
class CrossEntropy:
    """Empirical cross-entropy in bits over prior log10 odds: as reported, after PAV, and for LR = 1 always."""

    prior_log10_odds: Floats
    reported: Floats
    calibrated: Floats
    neutral: Floats


def cross_entropy(h1: Floats, h2: Floats, prior_log10_odds: Floats) -> CrossEntropy:
    """The information still missing after the LRs were used, for each prior; at odds of 1 it is the Cllr.

    P(H1) times the mean of log2(1 + 1/(LR odds)) over H1 plus P(H2) times the mean of log2(1 + LR odds) over H2.
    """
    best1, best2 = pav_log10_lrs(h1, h2)
    nothing1, nothing2 = np.zeros(h1.size), np.zeros(h2.size)
    return CrossEntropy(
        prior_log10_odds,
        _entropy(h1, h2, prior_log10_odds),
        _entropy(best1, best2, prior_log10_odds),
        _entropy(nothing1, nothing2, prior_log10_odds),
    )


def _entropy(h1: Floats, h2: Floats, priors: Floats) -> Floats:
    if not (h1.size and h2.size):
        return np.full(priors.shape, np.nan)
    p1 = 1 / (1 + 10.0**-priors)
    cost1 = cost_of_true(h1[None, :] + priors[:, None]).mean(axis=1)
    cost2 = cost_of_false(h2[None, :] + priors[:, None]).mean(axis=1)
    return np.asarray(p1 * cost1 + (1 - p1) * cost2)


@dataclass(frozen=True, slots=True)
class PavBlock:
    """A stretch of reported log10 LRs that PAV gives one LR, from the pairs that lie in it.

    `log10_lr` is minus infinity or infinity where one class is alone.
    """

    low: float
    high: float
    h1: int
    h2: int
    log10_lr: float


def pav_blocks(h1: Floats, h2: Floats) -> tuple[PavBlock, ...]:
    """The PAV-calibrated LRs with their counts, in ascending order; empty where a class is."""
    steps = Steps.of(h1, h2)
    if steps.empty():
        return ()
    true, false, sizes = steps.blocks()
    last = np.cumsum(sizes) - 1
    low, high = steps.low[last - sizes + 1], steps.high[last]
    values = steps.log10_lrs()[last]
    columns = (low.tolist(), high.tolist(), true.tolist(), false.tolist(), values.tolist())
    return tuple(PavBlock(a, b, round(t), round(f), v) for a, b, t, f, v in zip(*columns, strict=True))


def pav_log10_lrs(h1: Floats, h2: Floats) -> tuple[Floats, Floats]:
    """The PAV-calibrated log10 LR of every pair, by class; both classes must hold something."""
    steps = Steps.of(h1, h2)
    if steps.empty():
        return np.full(h1.size, np.nan), np.full(h2.size, np.nan)
    values = steps.log10_lrs()
    return values[np.searchsorted(steps.high, h1)], values[np.searchsorted(steps.high, h2)]


@dataclass(frozen=True, slots=True)
class Tippett:
    """Two curves over log10 LR thresholds: the share of H1 at or below, and of H2 above each threshold.

    They cross where both kinds of pair mislead equally often.
    """

    thresholds: Floats
    h1_at_most: Floats
    h2_above: Floats


def tippett(h1: Floats, h2: Floats) -> Tippett:
    """The Tippett curves at every LR that occurs, in the form that crosses; NaN for an empty class."""
    thresholds = np.unique(np.concatenate([h1, h2]))
    return Tippett(thresholds, _at_most(h1, thresholds), 1 - _at_most(h2, thresholds))


def _at_most(values: Floats, thresholds: Floats) -> Floats:
    if not values.size:
        return np.full(thresholds.shape, np.nan)
    return np.asarray(np.searchsorted(np.sort(values), thresholds, side="right") / values.size)


def percentile_interval(replicates: Floats, level: float = 0.95) -> tuple[float, float] | None:
    """The percentile interval of those replicates in which the figure is defined; None where it never is."""
    defined = replicates[np.isfinite(replicates)]
    if not defined.size:
        return None
    tail = (1 - level) / 2
    low, high = np.quantile(defined, [tail, 1 - tail])
    return float(low), float(high)


def at_most_rate(events: int, trials: int, level: float = 0.95) -> float:
    """The one-sided upper limit of a rate when nothing was seen: 1 - (1 - level) ** (1 / trials).

    Exact for independent trials (Clopper, Pearson 1934); raises ValueError when something was seen.
    """
    if events:
        raise ValueError("this limit is for rates of which no event was seen")
    return 1.0 if trials < 1 else float(1 - (1 - level) ** (1 / trials))

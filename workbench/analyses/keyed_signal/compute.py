"""How far the marks of a corpus under the true key stand out, and whether random keys behave as they should."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from workbench.analyses.keyed_signal.schemes import Key, Scheme
from workbench.analyses.keyed_signal.windows import some
from workbench.core.progress import Progress, silent
from workbench.core.statistics.exact_tests import SMALLEST, at_random

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

FOUND = 1e-6
"""From this p on downwards a signal is there; a positive sample must reach it, or the set-up is wrong."""

FAR = 5.0
"""Where no exact p is known: so many standard deviations of random keys above their mean."""

SEEDS = 150_000
"""Lists that are drawn at most in the check by random keys, where each costs a tenth of a millisecond."""

_Z = NormalDist().inv_cdf(1 - FOUND)


@dataclass(frozen=True, slots=True)
class Marked:
    """The marks of some windows under one key: their number, their sum and mean, and the exact tail.

    `p` is None where no exact tail is known or it is below the smallest number that is printed, which `below` says.
    """

    windows: int
    total: float
    mean: float
    p: float | None
    below: bool


@dataclass(frozen=True, slots=True)
class Keys:
    """Random keys on some windows: the mean mark under each, p of each, and what they say together.

    `uniform` is the p-value of a Kolmogorov-Smirnov test that the p of random keys are uniform, `spread` their standard
    deviation in units of that which independent marks would have. `own` is the mean under the true key there, and `p`
    its rank among all as a p-value.
    """

    means: Floats
    windows: int
    uniform: float
    spread: float
    own: float
    p: float

    @property
    def z(self) -> float:
        """How many standard deviations of the random keys' means the true key lies above their mean."""
        deviation = float(self.means.std(ddof=1))
        return (self.own - float(self.means.mean())) / deviation if deviation > 0 else 0.0


def marked(scheme: Scheme, windows: Integers, key: Key) -> Marked:
    """The marks of some windows under a key."""
    marks = scheme.marks(windows, key)
    total, count = float(marks.sum()), len(marks)
    p = scheme.tail(total, count) if count else 1.0
    below = p is not None and p < SMALLEST
    return Marked(count, total, total / count if count else 0.0, None if below else p, below)


def by_random_keys(
    scheme: Scheme, windows: Integers, key: Key, keys: int, seed: int, progress: Progress = silent
) -> Keys:
    """The marks of the windows under random keys beside those under the true one; raises ValueError without windows."""
    if not len(windows):
        raise ValueError("no window to try keys on")
    rng = np.random.default_rng(seed)
    marks = np.empty((keys, 2))
    for at in range(keys):
        progress(at / keys, "random keys")
        found = scheme.marks(windows, scheme.random_key(rng))
        marks[at] = found.sum(), found.var()
    own = float(scheme.marks(windows, key).sum())
    p = at_random(int(np.count_nonzero(marks[:, 0] >= own - 1e-9)), keys)
    count = len(windows)
    independent = math.sqrt(float(marks[:, 1].mean()) / count)
    means = marks[:, 0] / count
    spread = float(means.std(ddof=1)) / independent if independent > 0 else 0.0
    return Keys(means, count, _uniform(scheme, marks[:, 0], count, rng), spread, own / count, p)


def _uniform(scheme: Scheme, totals: Floats, count: int, rng: np.random.Generator) -> float:
    """The p-value of a KS test that the exact p of random keys are uniform; 1 where there is no exact p.

    The p of counts are steps: each is drawn at random between its own step and the next.
    """
    from scipy.stats import kstest

    tails = [(scheme.tail(total, count), scheme.tail(total + 1, count) if total < count else 0.0) for total in totals]
    if any(p is None for p, _ in tails):
        return 1.0
    whole = bool(np.all(totals == np.round(totals)))
    high, low = (np.array([tail or 0.0 for tail in some]) for some in zip(*tails, strict=True))
    drawn = high - rng.random(len(high)) * (high - low) if whole else high
    return float(kstest(drawn, "uniform").pvalue)


def smallest_share(scheme: Scheme, windows: int, variance: float) -> float:
    """The mean mark that so many windows show at p = 1e-6 in half of all cases.

    From windows = z² variance / difference², the normal approximation of what is needed.
    """
    return scheme.expected() + _Z * math.sqrt(variance / windows) if windows else 1.0


def windows_needed(expected: float, marked_mean: float, variance: float) -> int:
    """How many windows show a mean mark at p = 1e-6 in half of all cases: z² variance / difference²."""
    return math.ceil(_Z**2 * variance / (marked_mean - expected) ** 2)


def keyable(scheme: Scheme, windows: Integers, keys: int, seed: int) -> Integers:
    """As many windows, drawn at random, as random keys can be tried on in a minute."""
    if scheme.cheap:
        most = 20_000
    else:
        each = max(1, len(np.unique(windows[:, :-1], axis=0))) / max(1, len(windows))
        most = max(50, int(SEEDS / keys / each))
    return some(windows, most, seed)

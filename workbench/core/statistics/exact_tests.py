"""Exact tails of counts, and what a small p-value can be worth at most."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

SMALLEST = 1e-300
"""Tails below this are said to be below it: doubles end soon after."""


def binomial_tail(successes: int, trials: int, chance: float) -> float:
    """The probability of at least so many successes in independent trials of one chance.

    It is the regularised incomplete beta function I_chance(successes, trials - successes + 1), which keeps its relative
    precision in the tail (DLMF 8.17.5). Raises ValueError for a chance outside 0 to 1 or more successes than trials.
    """
    from scipy.special import betainc

    if not 0 <= chance <= 1 or not 0 <= successes <= trials:
        raise ValueError(f"{successes} successes in {trials} trials of chance {chance}")
    return 1.0 if successes == 0 else float(betainc(successes, trials - successes + 1, chance))


def hypergeometric_tail(successes: int, draws: int, marked: int, population: int) -> float:
    """The probability of at least so many marked ones among some drawn from a population without putting back.

    Raises ValueError for counts that don't fit.
    """
    from scipy.special import gammaln, logsumexp

    if not 0 <= marked <= population or not 0 <= successes <= draws <= population:
        raise ValueError(f"{successes} of {draws}, {marked} of {population}")
    counts = np.arange(max(successes, draws + marked - population, 0), min(draws, marked) + 1, dtype=np.float64)
    if not len(counts):
        return 0.0

    def log_choose(of: int, some: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return np.asarray(gammaln(of + 1.0) - gammaln(some + 1) - gammaln(of - some + 1))

    logs = log_choose(marked, counts) + log_choose(population - marked, draws - counts)
    return min(1.0, float(np.exp(logsumexp(logs) - _log_choose(population, draws))))


def gamma_tail(total: float, count: int) -> float:
    """The probability that so many independent exponential numbers of mean 1 sum up to at least `total`."""
    from scipy.special import gammaincc

    return float(gammaincc(count, max(0.0, total))) if count else 1.0


def proportion_interval(successes: int, trials: int, level: float = 0.95) -> tuple[float, float]:
    """The exact interval of a proportion, by inverting the binomial tails.

    Clopper and Pearson (1934), doi:10.1093/biomet/26.4.404. Raises ValueError without trials.
    """
    from scipy.special import betaincinv

    if not 0 <= successes <= trials or not trials:
        raise ValueError(f"{successes} of {trials}")
    tail = (1 - level) / 2
    low = 0.0 if successes == 0 else float(betaincinv(successes, trials - successes + 1, tail))
    high = 1.0 if successes == trials else float(betaincinv(successes + 1, trials - successes, 1 - tail))
    return low, high


def union_bound(secrets: int, positions: int, space: float) -> float:
    """The most that the probability can be that any of some random secrets stands at any of some places by chance.

    `space` is the number of equally probable secrets; the bound is Boole's, and never above 1.
    """
    return min(1.0, secrets * positions / space)


def at_random(at_least_as_high: int, draws: int) -> float:
    """The p-value of a random test: (1 + draws at least as high) / (1 + draws), which is never zero.

    Phipson and Smyth (2010), doi:10.2202/1544-6115.1585.
    """
    return (1 + at_least_as_high) / (1 + draws)


def largest_likelihood_ratio(p: float) -> float | None:
    """The likelihood ratio that a p-value can be worth at most, 1 / (-e p ln p); None where p is 1/e or above.

    Sellke, Bayarri and Berger (2001), doi:10.1198/000313001300339950. It is a ceiling, not an estimate.
    """
    return 1 / (-math.e * p * math.log(p)) if 0 < p < 1 / math.e else None


def none_shared_log10(counts: list[int], pool: int) -> float:
    """The log10 probability that sets of these sizes, drawn at random from one pool, are all disjoint.

    Sizes that don't fit into the pool side by side have no such outcome: minus infinity.
    """
    if sum(counts) > pool:
        return -math.inf
    taken = 0
    total = 0.0
    for count in counts:
        total += _log_choose(pool - taken, count) - _log_choose(pool, count)
        taken += count
    return total / math.log(10)


def _log_choose(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)


def prompts_needed(effect: float, siblings: int, p: float, power: float) -> int:
    """How many prompts a paired comparison needs to find a mean effect, in standard deviations.

    Each prompt gives one score against the mean of `siblings` others: n = ((z_p + z_power) / effect)^2 (1 + 1 / m).
    """
    from statistics import NormalDist

    normal = NormalDist()
    z = normal.inv_cdf(1 - p) + normal.inv_cdf(power)
    return math.ceil((z / effect) ** 2 * (1 + 1 / siblings))

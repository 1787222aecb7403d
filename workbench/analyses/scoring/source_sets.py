"""Sets of candidate sources: the fewest that cover the documented source of a suspect at a stated rate.

A search that names one candidate is wrong whenever two look alike. So it names a set. Each candidate, and *none of
them*, gets a weight: its odds to the power of `SHARPNESS`, 1 for none. The set holds the heaviest until no more than a
certain share of the weight is left out. How large that share may be is found on panels of known truth, so that the set
holds a documented source (or *none*, where there is no teacher) for the stated rate of suspects.

Source: Vovk, Gammerman and Shafer (2005), Algorithmic Learning in a Random World, chapter 2 (conformal prediction).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

SHARPNESS = 2.0
RATE = 0.95
"""The share of suspects whose source is to be in the set."""

SHARES = (0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.12, 0.15, 0.2, 0.25, 0.3, 0.4)
"""Shares of the weight that may be left out."""


@dataclass(frozen=True, slots=True)
class SourceSet:
    """The candidates of a set by their place, heaviest first, and whether *none of them* is in it too."""

    candidates: tuple[int, ...]
    none: bool


def source_set(log_odds: Sequence[float], left_out: float) -> SourceSet:
    """The set of candidates with these log-odds (natural) that leaves out so large a share of the weight at most."""
    exponents = SHARPNESS * np.array([*log_odds, 0.0])
    weights = np.exp(exponents - exponents.max())
    order = np.argsort(-weights, kind="stable")
    kept = int(np.searchsorted(np.cumsum(weights[order]) / weights.sum(), 1 - left_out)) + 1
    chosen = order[:kept].tolist()
    none = len(log_odds)
    return SourceSet(tuple(at for at in chosen if at != none), none in chosen)


@dataclass(frozen=True, slots=True)
class KnownSuspect:
    """A suspect of known truth: the log-odds of its candidates, and the places of its documented sources among them;
    empty where it has no teacher."""

    log_odds: tuple[float, ...]
    sources: frozenset[int]


@dataclass(frozen=True, slots=True)
class Coverage:
    """What sets are worth on some suspects: the share whose set holds a documented source, or none where there is no
    teacher; the share whose set holds all of them; the mean number of candidates in a set; the number of suspects."""

    covered: float
    all_covered: float
    size: float
    suspects: int


def coverage(suspects: Iterable[KnownSuspect], left_out: float) -> Coverage:
    """What sets that leave out such a share are worth on some suspects; zeros where there are none."""
    one, every, size = [], [], []
    for suspect in suspects:
        found = source_set(suspect.log_odds, left_out)
        named = set(found.candidates)
        one.append(bool(named & suspect.sources) if suspect.sources else found.none)
        every.append(suspect.sources <= named if suspect.sources else found.none)
        size.append(len(named))
    if not one:
        return Coverage(0.0, 0.0, 0.0, 0)
    return Coverage(float(np.mean(one)), float(np.mean(every)), float(np.mean(size)), len(one))


def share_left_out(suspects: Sequence[KnownSuspect]) -> float:
    """The largest share of the weight that may be left out while sets cover at the rate; the least if none does."""
    able = [share for share in SHARES if coverage(suspects, share).covered >= RATE]
    return max(able, default=SHARES[0])

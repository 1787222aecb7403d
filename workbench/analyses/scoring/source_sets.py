"""Sets of candidate sources: those that the evidence can't tell from the strongest, at a stated rate of being right.

A search that names one candidate is wrong whenever two look alike. So it names a set: every candidate whose log-odds
lie within a margin of the strongest, where *none of them* is a candidate too. How wide the margin is comes from panels
of known truth: so wide that the set holds a documented source (or *none*, where there is no teacher) for the stated
rate of suspects, as a suspect that was not among them would find it.

Source: Vovk, Gammerman and Shafer (2005), Algorithmic Learning in a Random World, chapter 2 (conformal prediction).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

NONE = 0.5
"""The log-odds (natural) at which *none of the candidates* stands."""

RATE = 0.95
"""The share of suspects whose source is to be in the set."""


@dataclass(frozen=True, slots=True)
class SourceSet:
    """The candidates of a set by their place, strongest first, and whether *none of them* is in it too."""

    candidates: tuple[int, ...]
    none: bool


def source_set(log_odds: Sequence[float], margin: float) -> SourceSet:
    """The set of candidates with these log-odds (natural) within a margin of the strongest."""
    least = max(*log_odds, NONE) - margin
    order = np.argsort(-np.array(log_odds), kind="stable").tolist()
    return SourceSet(tuple(at for at in order if log_odds[at] >= least), least <= NONE)


@dataclass(frozen=True, slots=True)
class KnownSuspect:
    """A suspect of known truth: the log-odds of its candidates, and the places of its documented sources among them;
    empty where it has no teacher."""

    log_odds: tuple[float, ...]
    sources: frozenset[int]

    @property
    def needed(self) -> float:
        """The margin from which on its set holds a documented source."""
        right = max((self.log_odds[at] for at in self.sources), default=NONE)
        return max(*self.log_odds, NONE) - right


@dataclass(frozen=True, slots=True)
class Coverage:
    """What sets are worth on some suspects: the share whose set holds a documented source, or none where there is no
    teacher; the share whose set holds all of them; the mean number of candidates in a set; the number of suspects."""

    covered: float
    all_covered: float
    size: float
    suspects: int


def coverage(suspects: Iterable[KnownSuspect], margin: float) -> Coverage:
    """What sets with such a margin are worth on some suspects; zeros where there are none."""
    one, every, size = [], [], []
    for suspect in suspects:
        found = source_set(suspect.log_odds, margin)
        named = set(found.candidates)
        one.append(bool(named & suspect.sources) if suspect.sources else found.none)
        every.append(suspect.sources <= named if suspect.sources else found.none)
        size.append(len(named))
    if not one:
        return Coverage(0.0, 0.0, 0.0, 0)
    return Coverage(float(np.mean(one)), float(np.mean(every)), float(np.mean(size)), len(one))


def margin_of(suspects: Sequence[KnownSuspect]) -> float:
    """The margin with which a suspect that was not among these is covered at the rate, by the rank of its own need.

    With fewer than 19 suspects no rank reaches the rate, and the largest need is all that they can say; 0 of none.
    """
    needed = sorted(suspect.needed for suspect in suspects)
    if not needed:
        return 0.0
    return needed[min(math.ceil(RATE * (len(needed) + 1)), len(needed)) - 1]

"""How a marker ranks among its decoys in what a model answers, and where markers stand word for word."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from workbench.core.statistics.exact_tests import SMALLEST, binomial_tail, union_bound
from workbench.core.text import normal_prompt

Words = npt.NDArray[np.uint64]

_ONE = np.uint64(1)


@dataclass(frozen=True, slots=True)
class Rank:
    """The place of one marker among its candidates: 1 is the highest of `candidates`."""

    marker: str
    rank: int
    candidates: int
    contained: bool
    similarity: float

    @property
    def exposure(self) -> float:
        """Bits by which the marker stands out, log2(candidates) - log2(rank).

        Carlini et al. (2019), The Secret Sharer, USENIX Security.
        """
        return math.log2(self.candidates) - math.log2(self.rank)


def similarities(patterns: Sequence[str], text: str) -> npt.NDArray[np.float64]:
    """For each pattern, 1 less its smallest edit distance to any stretch of a text, over its own length.

    All patterns are followed at once by the bit-parallel method of Myers (1999), doi:10.1145/316542.316550; a pattern
    has 1 to 64 characters. An empty text gives 0.
    """
    lengths = np.array([len(p) for p in patterns], dtype=np.uint64)
    masks = _masks(patterns)
    nothing = np.zeros(len(patterns), dtype=np.uint64)
    last = _ONE << (lengths - _ONE)
    plus, minus = np.full(len(patterns), ~np.uint64(0)), nothing.copy()
    distance = lengths.astype(np.int64)
    best = distance.copy()
    for character in text:
        equal = masks.get(character, nothing)
        kept = equal | minus
        diagonal = (((equal & plus) + plus) ^ plus) | equal
        up, down = minus | ~(diagonal | plus), plus & diagonal
        distance += ((up & last) != 0).astype(np.int64) - ((down & last) != 0).astype(np.int64)
        np.minimum(best, distance, out=best)
        # A stretch may begin anywhere: no carry comes into the lowest bit.
        up, down = up << _ONE, down << _ONE
        plus, minus = down | ~(kept | up), up & kept
    return 1 - best / lengths.astype(np.float64)


def _masks(patterns: Sequence[str]) -> dict[str, Words]:
    masks: dict[str, Words] = {}
    for row, pattern in enumerate(patterns):
        for at, character in enumerate(pattern):
            masks.setdefault(character, np.zeros(len(patterns), dtype=np.uint64))[row] |= _ONE << np.uint64(at)
    return masks


def rank(marker: str, secret: str, decoys: Sequence[str], answers: Iterable[str], seed: int) -> Rank:
    """The rank of a secret among its decoys by the highest similarity to any answer; equals are ordered by chance.

    Case and white space don't count. With nothing but equals the rank is uniform over 1 to the number of candidates.
    """
    patterns = [normal_prompt(one).casefold() for one in (secret, *decoys)]
    best = np.zeros(len(patterns))
    contained = False
    for answer in answers:
        text = normal_prompt(answer).casefold()
        best = np.maximum(best, similarities(patterns, text))
        contained = contained or patterns[0] in text
    above = int(np.count_nonzero(best[1:] > best[0]))
    equal = int(np.count_nonzero(best[1:] == best[0]))
    by_chance = int(np.random.default_rng(seed).integers(0, equal + 1))
    return Rank(marker, 1 + above + by_chance, len(patterns), contained, float(best[0]))


@dataclass(frozen=True, slots=True)
class Outcome:
    """The ranks of all markers together: how many were within the first `within`, and how probable that is by chance.

    `p` is the exact binomial tail, or None below the smallest number that is printed.
    """

    markers: int
    first: int
    within: int
    candidates: int
    p: float | None


def outcome(ranks: Sequence[Rank], within: int) -> Outcome:
    """How many markers rank within the first few, with the exact probability of as many under no leak.

    All markers must have as many candidates; raises ValueError otherwise, and for none.
    """
    (candidates,) = {one.candidates for one in ranks}
    first = sum(one.rank <= within for one in ranks)
    p = binomial_tail(first, len(ranks), within / candidates)
    return Outcome(len(ranks), first, within, candidates, p if p >= SMALLEST else None)


@dataclass(frozen=True, slots=True)
class Hit:
    """A place where a secret stands word for word: a text of a corpus, and the character it begins at."""

    marker: str
    corpus: str
    text: int
    place: int


def exact_hits(secrets: Sequence[tuple[str, str]], corpus: str, texts: Iterable[str]) -> tuple[list[Hit], int]:
    """Where secrets, given with their marker's id, stand in the texts of a corpus, and how many places were looked at.

    Places are characters of the texts as they are; a secret counts once a text.
    """
    found: list[Hit] = []
    positions = 0
    for number, text in enumerate(texts):
        positions += len(text)
        found += [Hit(m, corpus, number, at) for m, secret in secrets if (at := text.find(secret)) >= 0]
    return found, positions


def chance_of_hits(spaces: Sequence[float], positions: int) -> float:
    """The most that the probability of any exact hit by chance can be, over all markers and all places."""
    return min(1.0, sum(union_bound(1, positions, space) for space in spaces))

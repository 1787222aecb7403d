"""How much closer the suspect's answers are to answers that were served than to their siblings that were not."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt

from workbench.analyses.verbatim.passages import tokens
from workbench.core.progress import Progress, silent
from workbench.core.statistics.exact_tests import at_random

Floats = npt.NDArray[np.float64]

EXACT = 100_000
"""Assignments of the served answers up to which all of them are counted, instead of some drawn at random."""

_GRAM = 3
_AT_ONCE = 200
_SAME = 1e-9

Gram = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Prompt:
    """One prompt: the suspect's answers, the answer that was served, and its siblings that were delivered to no one."""

    suspect: tuple[str, ...]
    served: str
    siblings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Effect:
    """The test over all prompts: mean effect in standard deviations, its statistic, p, and how that was had.

    `assignments` counts those of the null, `exact` says that they are all there are.
    """

    mean: float
    statistic: float
    p: float
    assignments: int
    exact: bool
    prompts: int
    empty: int


def closeness(prompts: Sequence[Prompt], progress: Progress = silent) -> list[Floats]:
    """For each prompt the closeness of the suspect's answer to the served answer and to each sibling, in this order.

    All texts of a prompt are cut to the tokens of the shortest. Of several answers of the suspect the mean counts, each
    being held against the others by itself. Closeness is the sum of the inverse document
    frequencies, -log of the share of all served answers and siblings that hold it, of the 3-grams in common.
    """
    weights = inverse_frequencies(prompts)
    found = []
    for at, prompt in enumerate(prompts):
        progress(at / max(1, len(prompts)), "closeness")
        others = [tokens(text) for text in (prompt.served, *prompt.siblings)]
        each = [_closeness(tokens(text), others, weights) for text in prompt.suspect]
        found.append(np.mean(each, axis=0))
    return found


def _closeness(own: Sequence[str], others: Sequence[Sequence[str]], weights: Mapping[Gram, float]) -> Floats:
    shortest = min(len(one) for one in (own, *others))
    grams, *of_others = (_grams(one[:shortest]) for one in (own, *others))
    return np.array([sum(weights[gram] for gram in grams & other) for other in of_others])


def inverse_frequencies(prompts: Iterable[Prompt]) -> dict[Gram, float]:
    """-log of the share of served answers and siblings that hold each 3-gram."""
    held: Counter[Gram] = Counter()
    total = 0
    for prompt in prompts:
        for text in (prompt.served, *prompt.siblings):
            held.update(_grams(tokens(text)))
            total += 1
    return {gram: math.log(total / count) for gram, count in held.items()}


def rarity(prompts: Sequence[Prompt]) -> Floats:
    """The mean inverse document frequency of each served answer's 3-grams; 0 for an answer without any."""
    weights = inverse_frequencies(prompts)
    grams = [_grams(tokens(prompt.served)) for prompt in prompts]
    return np.array([sum(weights[gram] for gram in one) / len(one) if one else 0.0 for one in grams])


def _grams(words: Sequence[str]) -> set[Gram]:
    return {tuple(words[at : at + _GRAM]) for at in range(len(words) - _GRAM + 1)}


def standardised(scores: Sequence[Floats]) -> list[Floats]:
    """For each prompt and each of its answers, what the effect would be if that answer were the served one.

    It is the answer's score less the mean of the others, over the standard deviation of all; zeros where all are equal.
    """
    found = []
    for one in scores:
        count = len(one)
        spread = float(one.std(ddof=1)) if count > 1 else 0.0
        others = (one.sum() - one) / max(1, count - 1)
        found.append((one - others) / spread if spread > _SAME else np.zeros(count))
    return found


def served_against_siblings(scores: Sequence[Floats], draws: int, seed: int, progress: Progress = silent) -> Effect:
    """Whether the first score of each prompt is higher than chance makes it.

    If the suspect never saw the served answer, each of a prompt's answers was as likely to be the served one: the null
    is every assignment, or some at random. Raises ValueError for a prompt without a sibling.
    """
    if any(len(one) < 2 for one in scores):
        raise ValueError("a prompt has no sibling")
    effects = standardised(scores)
    own = float(sum(one[0] for one in effects))
    empty = sum(not one.any() for one in effects)
    effects = [one for one in effects if one.any()]
    mean = own / max(1, len(effects))
    combinations = math.prod(len(one) for one in effects)
    if combinations <= EXACT:
        sums = np.array([sum(chosen) for chosen in product(*(one.tolist() for one in effects))])
        p = float(np.count_nonzero(sums >= own - _SAME)) / combinations
        return Effect(mean, own, p, combinations, True, len(scores), empty)
    sizes = np.array([len(one) for one in effects])
    table = np.zeros((len(effects), int(sizes.max())))
    for row, one in zip(table, effects, strict=True):
        row[: len(one)] = one
    rng = np.random.default_rng(seed)
    above = 0
    for at in range(0, draws, _AT_ONCE):
        progress(at / draws, "assignments")
        chosen = (rng.random((min(_AT_ONCE, draws - at), len(sizes))) * sizes).astype(np.int64)
        above += int(np.count_nonzero(table[np.arange(len(sizes)), chosen].sum(axis=1) >= own - _SAME))
    return Effect(mean, own, at_random(above, draws), draws, False, len(scores), empty)


def served_against_others(
    scores: Floats, own: npt.NDArray[np.bool_], strata: npt.NDArray[np.int64], draws: int, seed: int
) -> Effect:
    """Whether the suspect is closer to what certain accounts were served than to what others were, within strata.

    `own` marks the answers of the accounts in question; these labels are exchanged inside each stratum (template, week
    and length, say). Strata with one kind alone say nothing and are counted as empty.
    """
    order = np.argsort(strata, kind="stable")
    pieces = np.split(order, np.flatnonzero(np.diff(strata[order])) + 1)
    kept = [piece for piece in pieces if own[piece].any() and not own[piece].all()]
    values = [_centred(scores[piece]) for piece in kept]
    counts = [int(own[piece].sum()) for piece in kept]
    statistic = float(sum(value[own[piece]].sum() for value, piece in zip(values, kept, strict=True)))
    rng = np.random.default_rng(seed)
    above = 0
    for _ in range(draws):
        moved = sum(float(rng.permutation(v)[:n].sum()) for v, n in zip(values, counts, strict=True))
        above += moved >= statistic - _SAME
    total = sum(counts)
    return Effect(
        statistic / max(1, total), statistic, at_random(above, draws), draws, False, total, len(pieces) - len(kept)
    )


def _centred(values: Floats) -> Floats:
    spread = float(values.std())
    return np.asarray((values - values.mean()) / spread if spread > _SAME else np.zeros(len(values)))


def by_tenth(rare: Floats, effects: Sequence[Floats]) -> list[tuple[float, float, float, int]]:
    """The mean effect in each tenth of rarity with its 95 % interval, and the number of prompts in it."""
    served = np.array([one[0] for one in effects])
    found = []
    for piece in np.array_split(np.argsort(rare, kind="stable"), min(10, max(1, len(served) // 5))):
        values = served[piece]
        half = 1.96 * float(values.std(ddof=1)) / math.sqrt(len(values)) if len(values) > 1 else 0.0
        found.append((float(values.mean()), float(values.mean()) - half, float(values.mean()) + half, len(values)))
    return found

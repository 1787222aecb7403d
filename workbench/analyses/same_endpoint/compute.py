"""How far apart the answers of two models to the same prompts are as samples of one distribution."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, product

import numpy as np
import numpy.typing as npt

from workbench.core.progress import Progress, silent
from workbench.core.statistics.exact_tests import at_random
from workbench.core.statistics.resampling import resampled

Floats = npt.NDArray[np.float64]

EXACT = 100_000
"""Assignments of answers to the two models up to which all of them are counted, instead of some drawn at random."""

FEWEST_TO_HALVE = 3
"""Answers to a prompt from which on they can be split into two halves of which one shows the spread."""

_AT_ONCE = 4_000_000
"""Numbers that are held at once while assignments are drawn."""

_SAME = 1e-9


@dataclass(frozen=True, slots=True)
class Pair:
    """The answers of two models to one prompt."""

    first: tuple[str, ...]
    second: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Distance:
    """The squared distance (MMD²) of two models by prompt, and the permutation test of its mean.

    `assignments` counts those of the null, `exact` says that they are all there are, `detectable` is the mean that is
    found at p = 0.05 in 80 % of cases, by the spread of the null.
    """

    by_prompt: Floats
    mean: float
    p: float
    assignments: int
    exact: bool
    detectable: float


@dataclass(frozen=True, slots=True)
class _Shape:
    """Prompts with as many answers of either model: (prompts, answers, answers) kernels with an empty diagonal."""

    kernels: Floats
    first: int

    @property
    def answers(self) -> int:
        """The answers of both models to each prompt."""
        return int(self.kernels.shape[1])


def kernel(texts: Sequence[str], characters: int) -> Floats:
    """How alike some texts are: equal characters at equal places over the root of both lengths, 0 to 1.

    Only the first `characters` count, and no place that lies beyond the end of a text. Two empty texts are alike. It is
    the Hamming kernel of Gao, Liang and Guestrin (2025), arXiv:2410.20247, without what they add behind short answers.
    """
    cut = [text[:characters] for text in texts]
    lengths = np.array([len(text) for text in cut])
    codes = np.zeros((len(cut), int(lengths.max(initial=0))), dtype=np.uint32)
    for row, text in zip(codes, cut, strict=True):
        row[: len(text)] = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    there = np.arange(codes.shape[1]) < lengths[:, None]
    equal = ((codes[:, None] == codes) & there[:, None] & there).sum(axis=-1)
    sizes = np.sqrt(np.outer(lengths, lengths).astype(np.float64))
    empty = lengths == 0
    return np.where(np.logical_and.outer(empty, empty), 1.0, equal / np.where(sizes > 0, sizes, 1.0))


def _shapes(pairs: Sequence[tuple[tuple[str, ...], int]], characters: int) -> tuple[list[_Shape], list[int]]:
    """The kernels of some prompts, put together by how many answers each has; and the prompts in that order."""
    by_size: dict[tuple[int, int], list[int]] = {}
    for at, (texts, first) in enumerate(pairs):
        by_size.setdefault((len(texts), first), []).append(at)
    shapes, order = [], []
    for (_, first), places in sorted(by_size.items()):
        kernels = np.stack([kernel(pairs[at][0], characters) for at in places])
        diagonal = np.arange(kernels.shape[1])
        kernels[:, diagonal, diagonal] = 0.0
        shapes.append(_Shape(kernels, first))
        order += places
    return shapes, order


def _distances(shape: _Shape, assigned: Floats) -> Floats:
    """MMD² of each prompt under each assignment: ones in (prompts, assignments, answers) are of the first model.

    It is the unbiased estimate of Gretton et al. (2012), JMLR 13, with kernels of different prompts being zero. A model
    with one answer shows nothing of its own spread: that of the other model stands in for it.
    """
    first, second = shape.first, shape.answers - shape.first
    own = np.einsum("pan,pan->pa", assigned @ shape.kernels, assigned)
    others = 1.0 - assigned
    theirs = np.einsum("pan,pan->pa", others @ shape.kernels, others)
    between = (shape.kernels.sum(axis=(1, 2))[:, None] - own - theirs) / (2 * first * second)
    within = [sums / (many * (many - 1)) for sums, many in ((own, first), (theirs, second)) if many > 1]
    distances: Floats = 2 * (sum(within) / len(within) - between)
    return distances


def _as_given(shape: _Shape) -> Floats:
    given = np.zeros((len(shape.kernels), 1, shape.answers))
    given[:, :, : shape.first] = 1.0
    return _distances(shape, given)[:, 0]


def _drawn(shapes: Sequence[_Shape], draws: int, seed: int, progress: Progress) -> Floats:
    """The mean MMD² of all prompts under random assignments within each prompt."""
    rng = np.random.default_rng(seed)
    prompts = sum(len(shape.kernels) for shape in shapes)
    largest = max(len(shape.kernels) * shape.answers for shape in shapes)
    step = max(1, min(draws, _AT_ONCE // max(1, largest)))
    found = np.zeros(draws)
    for start in range(0, draws, step):
        progress(start / draws, "assignments")
        end = min(draws, start + step)
        for shape in shapes:
            chance = rng.random((len(shape.kernels), end - start, shape.answers))
            last = np.partition(chance, shape.first - 1, axis=-1)[:, :, shape.first - 1]
            found[start:end] += _distances(shape, (chance <= last[:, :, None]).astype(np.float64)).sum(axis=0)
    return found / prompts


def _all(shapes: Sequence[_Shape]) -> Floats:
    """The mean MMD² of all prompts under every assignment there is."""
    by_prompt: list[Floats] = []
    for shape in shapes:
        chosen = list(combinations(range(shape.answers), shape.first))
        assigned = np.zeros((len(chosen), shape.answers))
        assigned[np.arange(len(chosen))[:, None], chosen] = 1.0
        by_prompt += list(_distances(shape, np.broadcast_to(assigned, (len(shape.kernels), *assigned.shape))))
    return np.array([sum(one) for one in product(*(row.tolist() for row in by_prompt))]) / len(by_prompt)


def _number_of_assignments(shapes: Sequence[_Shape]) -> int:
    total = 1
    for shape in shapes:
        total *= math.comb(shape.answers, shape.first) ** len(shape.kernels)
    return total


def distance(pairs: Sequence[Pair], characters: int, draws: int, seed: int, progress: Progress = silent) -> Distance:
    """How far apart two models are, and whether chance alone puts them as far apart.

    If both are one model with the same settings, each of a prompt's answers was as likely to be of either: the null is
    every assignment within the prompts, or some at random. Raises ValueError for a prompt without an answer of either,
    or with one of each.
    """
    if not pairs or any(not pair.first or not pair.second or len(pair.first + pair.second) < 3 for pair in pairs):
        raise ValueError("each prompt needs an answer of either model, and three in all")
    shapes, order = _shapes([((*pair.first, *pair.second), len(pair.first)) for pair in pairs], characters)
    by_prompt = np.empty(len(pairs))
    by_prompt[order] = np.concatenate([_as_given(shape) for shape in shapes])
    mean = float(by_prompt.mean())
    exact = _number_of_assignments(shapes) <= EXACT
    null = _all(shapes) if exact else _drawn(shapes, draws, seed, progress)
    above = int(np.count_nonzero(null >= mean - _SAME))
    p = above / len(null) if exact else at_random(above, draws)
    return Distance(by_prompt, mean, p, len(null), exact, _detectable(null))


_Z = 1.6449 + 0.8416
"""Standard normal quantiles of 95 % and of 80 %: one-sided p = 0.05, power 80 %."""


def _detectable(null: Floats) -> float:
    return _Z * float(null.std())


def halves(answers: Sequence[Sequence[str]], characters: int, draws: int, seed: int) -> Floats:
    """The mean MMD² between two random halves of one model's answers to each prompt, over draws of the halves.

    Raises ValueError for a prompt with fewer than three answers.
    """
    if not answers or any(len(one) < FEWEST_TO_HALVE for one in answers):
        raise ValueError("a prompt has too few answers to be halved")
    shapes, _ = _shapes([(tuple(one), len(one) // 2) for one in answers], characters)
    return _drawn(shapes, draws, seed, silent)


def upper_limit(by_prompt: Floats, level: float, replicates: int, seed: int) -> float:
    """The upper limit of a mean over prompts, by drawing prompts again: percentile bootstrap, one-sided."""
    counts = resampled(len(by_prompt), replicates, seed)
    return float(np.quantile(counts @ by_prompt / len(by_prompt), level))


def passed_on(detectable: float, stranger: float) -> float | None:
    """The share of calls that a model may pass on to another, at most, and still be told from it.

    A model that passes on a share s of its calls and answers the rest as a stranger would has (1 - s)² of the
    stranger's MMD², since MMD is a norm of a difference of means. None where the stranger itself is too near.
    """
    return 1 - math.sqrt(detectable / stranger) if stranger > detectable >= 0 else None


def elsewhere(upper: float, stranger: float) -> float:
    """The largest share of the answers that may come from elsewhere, if they are as a stranger's there."""
    if upper <= 0:
        return 0.0
    return min(1.0, math.sqrt(upper / stranger)) if stranger > 0 else 1.0

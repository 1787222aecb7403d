"""How much of the suspect's likeness to a protected model the controls leave unexplained: two numbers.

The mean cosine between two models' answers, over all prompts, is an inner product. So the models of a case have a
covariance, and with it partial correlations: what two models share beyond all that the others share with either.
What every chatbot writes, what the era writes and what both learned from a third model in the case is explained by
the controls and drops out. What a partial correlation would be among exchangeable models, with mean cosine r and m
others, is r / (1 + m r), and is taken off.

How large such a number gets by chance differs from case to case. So both numbers are stated in units of the case's
own placebos: what the suspect has with each control when the protected model is left out, and what the controls have
with each other when both are left out. No placebo reads the protected model.

Sources: Dempster (1972), Covariance selection, doi:10.2307/2528966; Whittaker (1990), Graphical Models in Applied
Multivariate Statistics, chapter 5.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from workbench.analyses.scoring.similarity import CHARACTERS, COMPUTED, VIEWS
from workbench.core.selection import Similarities

Floats = npt.NDArray[np.float64]
Cosines = npt.NDArray[np.float32]
Flags = npt.NDArray[np.bool_]
Places = npt.NDArray[np.intp]

VERSION = 2
"""Changes whenever the same similarities would give other scores; a calibration belongs to one version."""

STYLE = ("layout", "openings", "endings")
"""The views of the partial correlation: how an answer is laid out, begins and ends. What it says depends on how good
a model is, which unrelated models of one class share."""

RIDGE = 1e-3
"""Added to the diagonal, so that a model and its exact copy can be told apart from a third."""
PRESENT = 0.5
"""A cosine of an answer with itself above this says that the view found features in it."""
PLACEBOS = 10.0
"""The scale of the controls among each other counts as much as so many controls of the suspect."""
MOST = 40
"""More controls than so many are weighed as so many: what they add is the same."""
USUAL = 20
PROMPTS = (30.0, 800.0)
"""Numbers of prompts between which a partial correlation counts the more, the more prompts it rests on."""
USUAL_PROMPTS = 300.0

_STYLE = [COMPUTED.index(name) for name in STYLE]
_LEADS = [[COMPUTED.index(name) for name in VIEWS], [COMPUTED.index(CHARACTERS)]]
_PROMPTS_AT_ONCE = 32
LEAST_ROOM = 0.05
LEAST_SCALE = 1e-9


@dataclass(frozen=True, slots=True)
class Score:
    """What is unexplained, in units of the case's placebos: `partial`, the partial correlation less what exchangeable
    models would have, the median over the views of style; and `lead`, how far the protected model lies before the
    closest control, the mean of two: the median over the views of words, and runs of characters. Arrays of one shape.

    `controls` is how many they rest on, `prompts` on how many prompts, of that shape. `with_controls` is the partial
    correlation of the suspect with each control when the protected model is left out, (..., controls), in the same
    units.
    """

    partial: Floats
    lead: Floats
    controls: int
    prompts: Floats
    with_controls: Floats

    def at(self, place: int | np.intp) -> Score:
        """The score of one of several members."""
        return Score(
            self.partial[place], self.lead[place], self.controls, self.prompts[place], self.with_controls[place]
        )

    def closest(self) -> Score:
        """Of the scores of several members, (members,), the one with the largest partial correlation."""
        return self.at(self.partial.argmax())

    def design(self) -> Floats:
        """The columns that a calibration weighs, (..., 6)."""
        size = np.log(min(self.controls, MOST) / USUAL)
        long = np.log(np.clip(self.prompts, *PROMPTS) / USUAL_PROMPTS)
        partial, one = np.arcsinh(self.partial), np.ones_like(self.partial)
        return np.stack([partial, self.lead, size * one, long * one, partial * long, one], axis=-1)


def kernels(found: Similarities, weights: Floats | None = None) -> Floats:
    """Mean cosines between the models under weights (..., prompts), for each view: (..., views, models, models).

    A prompt counts for a pair where both are present and have features in the view. A pair with no such prompt has
    zero. Views stand in the order of `COMPUTED`.
    """
    even = np.ones(len(found.prompts)) if weights is None else weights
    return np.stack([_means(found.values[name], found.present, even) for name in COMPUTED], axis=-3)


def _means(values: Cosines, present: Flags, weights: Floats) -> Floats:
    """One view's mean cosines, from some prompts at a time: what they need in memory is little, and stays near."""
    size = present.shape[1]
    sums = np.zeros((*weights.shape[:-1], size * size))
    both = np.zeros_like(sums)
    for start in range(0, len(values), _PROMPTS_AT_ONCE):
        some = slice(start, start + _PROMPTS_AT_ONCE)
        block, weighed = values[some].astype(np.float64), weights[..., some]
        counts = (np.diagonal(block, axis1=1, axis2=2) > PRESENT) & present[some]
        if counts.all():
            both += weighed.sum(axis=-1)[..., None]
        else:
            pairs = (counts[:, :, None] & counts[:, None, :]).astype(np.float64)
            block *= pairs
            both += weighed @ pairs.reshape(len(pairs), -1)
        sums += weighed @ block.reshape(len(block), -1)
    means = (sums / np.maximum(both, 1e-12)).reshape(*weights.shape[:-1], size, size)
    means[..., np.arange(size), np.arange(size)] = 1.0
    return np.asarray(means)


def usable(found: Similarities) -> tuple[int, ...]:
    """The views, by their place in `COMPUTED`, that find features in more than half of the answers.

    Function words are English, so that the view is empty where answers are in another language.
    """
    answers = max(1, int(found.present.sum()))
    has = [np.diagonal(found.values[name], axis1=1, axis2=2)[found.present] > PRESENT for name in COMPUTED]
    return tuple(at for at, flags in enumerate(has) if flags.sum() > PRESENT * answers)


def score(kernel: Floats, prompts: Floats, views: Sequence[int] = tuple(range(len(COMPUTED)))) -> Score:
    """The score from kernels (..., views, 2 + m, 2 + m) whose models are suspect, member and m controls, 3 or more.

    `prompts`, of shape (...), is on how many prompts suspect and member are compared; `views` are those in use.
    """
    count = kernel.shape[-1] - 2
    between = kernel[..., 2:, 2:]
    level = (between.sum(axis=(-2, -1)) - count) / (count * (count - 1))
    style = [at for at in _STYLE if at in views] or _STYLE[:1]
    leads = [some for some in ([at for at in lead if at in views] for lead in _LEADS) if some] or _LEADS[:1]
    partial, with_controls = _partial(kernel[..., style, :, :], level[..., style])
    lead = np.mean([_lead(kernel[..., some, :, :], level[..., some]) for some in leads], axis=0)
    return Score(partial, lead, count, np.broadcast_to(np.asarray(prompts, float), partial.shape), with_controls)


def _partial(kernel: Floats, level: Floats) -> tuple[Floats, Floats]:
    """The first number, and the suspect's own placebos in its units."""
    count = kernel.shape[-1] - 2
    precision = np.asarray(np.linalg.inv(kernel + RIDGE * np.eye(count + 2)), dtype=np.float64)
    without_member = _left_out(precision, 1)
    without_both = _left_out(without_member, 0)
    statistic = np.median(_correlations(precision, 0)[..., 0] - _expected(level, count), axis=-1)
    own = np.median(_correlations(without_member, 0) - _expected(level, count - 1)[..., None], axis=-2)
    upper = np.triu_indices(count, 1)
    every = _all_correlations(without_both)[..., upper[0], upper[1]]
    among = np.median(every - _expected(level, count - 2)[..., None], axis=-2)
    scale = np.sqrt((count * half_range(own) ** 2 + PLACEBOS * half_range(among) ** 2) / (count + PLACEBOS))
    scale, middle = np.maximum(scale, LEAST_SCALE), np.median(own, axis=-1)
    return (statistic - middle) / scale, (own - middle[..., None]) / scale[..., None]


def _expected(level: Floats, others: int) -> Floats:
    return np.asarray(level / (1 + others * level))


def _left_out(precision: Floats, place: int) -> Floats:
    """The precision of the other models when one is not conditioned on: a step of elimination undone."""
    row = np.delete(precision[..., place, :], place, axis=-1)
    rest = np.delete(np.delete(precision, place, axis=-1), place, axis=-2)
    return np.asarray(rest - row[..., :, None] * row[..., None, :] / precision[..., place, place][..., None, None])


def _scales(precision: Floats) -> Floats:
    # Means over different prompts need not be a covariance: what is left of a model is then kept above zero.
    return np.sqrt(np.maximum(np.diagonal(precision, axis1=-2, axis2=-1), 1e-12))


def _correlations(precision: Floats, place: int) -> Floats:
    """Partial correlations of one model with each other, (..., others)."""
    scales = _scales(precision)
    row = -precision[..., place, :] / (scales[..., place, None] * scales)
    return np.clip(np.delete(row, place, axis=-1), -1.0, 1.0)


def _all_correlations(precision: Floats) -> Floats:
    scales = _scales(precision)
    return np.clip(-precision / (scales[..., :, None] * scales[..., None, :]), -1.0, 1.0)


def _lead(kernel: Floats, level: Floats) -> Floats:
    """How far the member lies before the closest control, in units of the same lead among the controls."""
    count = kernel.shape[-1] - 2
    room = np.maximum(1 - level, LEAST_ROOM)[..., None]
    near = np.median((kernel[..., 0, 1:] - level[..., None]) / room, axis=-2)
    among = np.median((kernel[..., 2:, 2:] - level[..., None, None]) / room[..., None], axis=-3)
    among[..., np.arange(count), np.arange(count)] = -np.inf
    ordered = np.sort(among, axis=-1)
    first, second = ordered[..., -1:], ordered[..., -2:-1]
    leads = among - np.where(among >= first, second, first)
    null = leads[..., ~np.eye(count, dtype=np.bool_)]
    ahead = near[..., 0] - near[..., 1:].max(axis=-1)
    return np.asarray((ahead - np.median(null, axis=-1)) / np.maximum(half_range(null), LEAST_SCALE))


def half_range(values: Floats) -> Floats:
    """Half the range from the 16th to the 84th percentile of the last axis: a deviation that few outliers move."""
    low, high = np.quantile(values, (0.16, 0.84), axis=-1)
    return np.asarray((high - low) / 2)


def level_of(kernel: Floats, models: Sequence[int]) -> float:
    """The mean cosine between different models, over the views of words: how similar unrelated models are here."""
    places = np.array(models, dtype=np.intp)
    between = kernel[: len(VIEWS), places[:, None], places[None, :]]
    off = ~np.eye(len(places), dtype=np.bool_)
    return float(between[:, off].mean())

"""How much of the suspect's likeness to a protected model the controls leave unexplained: two numbers.

The mean cosine between two models' answers, over all prompts, is an inner product. So the models of a case have a
covariance, and with it partial correlations: what two models share beyond all that the others share with either.
What every chatbot writes, what the era writes and what both learned from a third model in the case is explained by
the controls and drops out. A partial correlation lies in [-1, 1] whatever the length of the answers or the topic of
the prompts, so its scale carries over from one set of prompts to another; what it would be among exchangeable
models, with mean cosine r and m controls, is r / (1 + m r), and is taken off.

Sources: Dempster (1972), Covariance selection, doi:10.2307/2528966; Whittaker (1990), Graphical Models in Applied
Multivariate Statistics, chapter 5.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from workbench.analyses.scoring.similarity import VIEWS
from workbench.core.selection import Similarities

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]

VERSION = 1
"""Changes whenever the same similarities would give other scores; a calibration belongs to one version."""

STYLE = ("layout", "openings", "endings")
"""The views of the partial correlation: how an answer is laid out, begins and ends. What it says depends on how good
a model is, which unrelated models of one class share."""

_STYLE = [VIEWS.index(name) for name in STYLE]
RIDGE = 1e-3
"""Added to the diagonal, so that a model and its exact copy differ from a third."""
PRESENT = 0.5
"""A model has features in a view where the cosine of its answer with itself is above this: it is 1, or 0."""
MOST = 40
"""More controls than so many are weighed as so many: what they add is the same."""
USUAL = 20


@dataclass(frozen=True, slots=True)
class Score:
    """What is unexplained: `partial`, the partial correlation less what exchangeable models would have, the median over
    the views of style; and `lead`, how far the protected model lies before the closest control, as a share of what
    cosines could still grow, the median over all views. With medians no single view, layout say, carries a score
    alone. Arrays of one shape; `controls` is how many they rest on."""

    partial: Floats
    lead: Floats
    controls: int

    def closest(self) -> Score:
        """Of the scores of several members, (members,), the one with the largest partial correlation."""
        at = int(self.partial.argmax())
        return Score(self.partial[at], self.lead[at], self.controls)

    def design(self) -> Floats:
        """The columns that a calibration weighs, (..., 6): both numbers, the number of controls, products, one."""
        size = np.log(min(self.controls, MOST) / USUAL)
        one = np.ones_like(self.partial)
        columns = [self.partial * 30, self.lead * 30]
        return np.stack([*columns, size * one, *(column * size for column in columns), one], axis=-1)


def kernels(found: Similarities, weights: Floats | None = None) -> Floats:
    """Mean cosines between the models under weights (..., prompts), for each view: (..., views, models, models).

    A prompt counts for a pair where both have features in the view. A pair with no such prompt has zero.
    """
    size = len(found.models)
    even = np.ones(len(found.prompts)) if weights is None else weights
    out = np.empty((*even.shape[:-1], len(VIEWS), size, size))
    for at, name in enumerate(VIEWS):
        values = found.values[name]
        present = np.diagonal(values, axis1=1, axis2=2) > PRESENT
        sums = even @ values.reshape(len(values), -1)
        both = even @ (present[:, :, None] & present[:, None, :]).reshape(len(values), -1)
        means = (sums / np.maximum(both, 1e-12)).reshape(*even.shape[:-1], size, size)
        means[..., np.arange(size), np.arange(size)] = 1.0
        out[..., at, :, :] = means
    return out


def scored(kernel: Floats, suspect: int, member: int, controls: Sequence[int]) -> Score:
    """The score of a suspect against one protected member, from kernels (..., views, models, models)."""
    places = np.array([suspect, member, *controls], dtype=np.intp)
    return score(kernel[..., places[:, None], places[None, :]])


def score(kernel: Floats) -> Score:
    """The score from kernels (..., views, 2 + m, 2 + m) whose models are suspect, member and m controls."""
    count = kernel.shape[-1] - 2
    between = kernel[..., 2:, 2:]
    level = (between.sum(axis=(-2, -1)) - count) / (count * (count - 1))
    expected = level / (1 + count * level)
    style = kernel[..., _STYLE, :, :] + RIDGE * np.eye(count + 2)
    to_controls = style[..., 2:, :2]
    rest = style[..., :2, :2] - np.swapaxes(to_controls, -1, -2) @ np.linalg.solve(style[..., 2:, 2:], to_controls)
    # Means over different prompts need not be a covariance: what is left of a model is then kept above zero.
    left = np.sqrt(np.maximum(rest[..., 0, 0], RIDGE) * np.maximum(rest[..., 1, 1], RIDGE))
    shared = np.clip(rest[..., 0, 1] / left, -1.0, 1.0)
    ahead = (kernel[..., 0, 1] - kernel[..., 0, 2:].max(axis=-1)) / np.maximum(1 - level, 0.05)
    return Score(np.median(shared - expected[..., _STYLE], axis=-1), np.median(ahead, axis=-1), count)


def level_of(kernel: Floats, models: Sequence[int]) -> float:
    """The mean cosine between different models, over all views: how similar unrelated models are here."""
    places = np.array(models, dtype=np.intp)
    between = kernel[:, places[:, None], places[None, :]]
    off = ~np.eye(len(places), dtype=np.bool_)
    return float(between[:, off].mean())

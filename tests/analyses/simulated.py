"""Simulated similarities of exchangeable models: habits of a model, topics of a prompt, several answers a prompt."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tests.analyses.listed import Listed, question
from workbench.analyses.scoring.similarity import COMPUTED, VIEWS
from workbench.core.selection import Similarities

Floats = npt.NDArray[np.float64]


@dataclass
class Simulated(Listed):
    """A Selection whose similarities were simulated; it has no texts."""

    def similarities(self) -> Similarities:
        """The simulated ones."""
        return self._found[0]


def vectors(models: int, prompts: int, answers: int, seed: int, *, habit: float = 0.3, size: int = 24) -> Floats:
    """Unit vectors of answers, (prompts, models, answers, size): topic, habit, a model's way with a prompt, chance."""
    draw = np.random.default_rng(seed)
    made = draw.normal(size=(prompts, 1, 1, size)) + habit * draw.normal(size=(1, models, 1, size))
    made = made + 0.7 * draw.normal(size=(prompts, models, 1, size))
    made = made + 0.5 * draw.normal(size=(prompts, models, answers, size))
    return np.asarray(made / np.linalg.norm(made, axis=-1, keepdims=True))


def names_of(models: int) -> list[str]:
    """S, P, B (the suspect's base) and controls."""
    return ["S", "P", "B", *(f"C{n:02d}" for n in range(models - 3))]


def selection(made: Floats, **more: object) -> Simulated:
    """A Selection over such vectors, in the order of `names_of`; one view has them, the others nothing."""
    prompts, models = made.shape[:2]
    mean = made.mean(axis=2)
    values = np.einsum("pmd,pnd->pmn", mean, mean).astype(np.float32)
    every = np.arange(models)
    values[:, every, every] = 1.0
    names = names_of(models)
    empty = np.zeros((prompts, models, models), dtype=np.float32)
    views = {view: values if view == VIEWS[0] else empty for view in COMPUTED}
    present = np.ones((prompts, models), dtype=np.bool_)
    found = Similarities(tuple(names), tuple(map(str, range(prompts))), present, views, "key")
    texts = {name: {"prompt": [name]} for name in names}
    return Simulated(question(texts, "S", ["P"], ["B"], **more), texts, 1, _found=[found])

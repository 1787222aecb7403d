"""Panels of simulated models: mean vectors with what they share, as similarities prompt by prompt."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from workbench.analyses.scoring.panel_cases import TruthPanel
from workbench.analyses.scoring.similarity import COMPUTED
from workbench.core.model import Facts, SourceModel
from workbench.core.selection import Similarities

SHARED = 0.6
"""How much of every model's vector is common to all of them."""


def similarities(learned: Mapping[str, Mapping[str, float]], prompts: int, seed: int) -> Similarities:
    """Similarities of models on prompts: `learned` says what share of which other model's own part each has taken.

    Every answer is a unit vector: what all share, the model's own part, what it learned, and noise of its own.
    """
    draw = np.random.default_rng(seed)
    size, names = 40, list(learned)
    own = {name: draw.normal(size=(len(COMPUTED), size)) / np.sqrt(size) for name in names}
    values = {view: np.zeros((prompts, len(names), len(names)), dtype=np.float32) for view in COMPUTED}
    for prompt in range(prompts):
        common = SHARED * draw.normal(size=(len(COMPUTED), size)) / np.sqrt(size)
        answers = np.stack([_answer(name, own, learned, common, draw) for name in names], axis=1)
        answers /= np.linalg.norm(answers, axis=-1, keepdims=True)
        for at, view in enumerate(COMPUTED):
            values[view][prompt] = answers[at] @ answers[at].T
    present = np.ones((prompts, len(names)), dtype=np.bool_)
    digests = tuple(f"{number:064x}" for number in range(prompts))
    tokens = np.full(present.shape, 200.0, dtype=np.float32)
    return Similarities(tuple(names), digests, present, values, "simulated", tokens)


def _answer(
    name: str,
    own: Mapping[str, np.ndarray],
    learned: Mapping[str, Mapping[str, float]],
    common: np.ndarray,
    draw: np.random.Generator,
) -> np.ndarray:
    taken = sum((share * own[source] for source, share in learned[name].items()), np.zeros_like(common))
    return common + 0.4 * (own[name] + taken) + draw.normal(size=common.shape) / np.sqrt(common.shape[1]) * 0.7


def panel(seed: int = 1, *, prompts: int = 40, students: int = 9, share: float = 1.0) -> TruthPanel:
    """A panel of 3 families and as many students, each of one family's model, and as many teacherless models."""
    teachers = [f"teacher-{number}" for number in range(3)]
    facts = {name: Facts(developer=f"maker of {name}", released="2023-01", family=f"{name}s") for name in teachers}
    learned: dict[str, dict[str, float]] = {name: {} for name in teachers}
    relations = ("distilled", "derived", "relay")
    for number in range(students):
        teacher = teachers[number % 3]
        name = f"student-{number}"
        source = SourceModel(teacher, relations[number // 3 % 3])
        facts[name] = Facts(developer="others", released="2023-06", sources=(source,), group=(name,))
        learned[name] = {teacher: share}
        facts[f"alone-{number}"] = Facts(
            developer="others", released="2023-06", teacherless=True, group=(f"a{number}",)
        )
        learned[f"alone-{number}"] = {}
    return TruthPanel("simulated", "0" * 64, facts, similarities(learned, prompts, seed))

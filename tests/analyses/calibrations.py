"""A made-up calibration, and models whose likeness is drawn and not written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from workbench.analyses.scoring.partial_correlation import VERSION
from workbench.analyses.scoring.similarity import COMPUTED
from workbench.core.hashing import sha256_text
from workbench.core.model import Corpus, Facts, Role
from workbench.core.selection import Question, Similarities
from workbench.core.statistics.fitted_calibration import ANY, ENVELOPE, ORIGIN, Calibration, Weighing

WIDE = dict.fromkeys(ENVELOPE, (-1.0, 1_000_000.0))
FIGURES = {
    "n_pairs": 300, "n_positive": 40, "cllr": 0.25, "neg_lr_gt_1": 13, "neg_lr_gt_10": 1, "neg_lr_gt_100": 0,
    "pos_lr_lt_1": 0.05, "interval": {"cllr": [0.18, 0.33], "n_pairs": [300, 300]},
}  # fmt: skip

SETS = {"rate": 0.95, "margin": 2.5, "covered": 0.94, "all_covered": 0.9, "size": 1.7, "suspects": 80}


def weighing(scale: float, low: float, high: float) -> Weighing:
    """Log-odds that rise with both numbers, and replicates around them."""
    weights = (scale, scale, 0.1, 0.2, 0.1, -2.0)
    draw = np.random.default_rng(3)
    replicates = tuple(tuple((np.array(weights) * draw.normal(1, 0.1, 6)).tolist()) for _ in range(20))
    return Weighing(weights, replicates, low, high, 40, 16, 260, 26)


def made_up(**changed: object) -> Calibration:
    """A calibration that covers everything, unless something of it is changed."""
    made = Calibration(
        score_version=VERSION,
        made="2026-01-02",
        panels=({"name": "invented models", "sha256": "ab" * 32, "models": 40, "prompts": 300},),
        questions={
            ANY: weighing(1.0, -1.2, 1.4),
            ORIGIN: weighing(0.8, -0.9, 1.4),
        },
        envelope=WIDE,
        figures={"all": FIGURES},
        sets=SETS,
    )
    return replace(made, **changed)


@dataclass
class Drawn:
    """The Selection of a question over models whose similarities were drawn."""

    question: Question
    found: Similarities
    chosen: Calibration

    def similarities(self) -> Similarities:
        return self.found

    def calibration(self) -> Calibration:
        return self.chosen

    def blocks(self, corpora):
        raise AssertionError("nothing is read but similarities")

    def answers(self, corpus):
        """None: these models have similarities alone."""
        return iter(())


def drawn(
    controls: int = 20,
    prompts: int = 60,
    *,
    learned: Mapping[str, float] | None = None,
    facts: Mapping[str, Facts] | None = None,
    seed: int = 1,
    chosen: Calibration | None = None,
) -> Drawn:
    """Exchangeable models P, S, C01, ... of which some are drawn towards P, by the share that `learned` says."""
    names = ["P", "S", *(f"C{n:02d}" for n in range(1, controls + 1))]
    draw = np.random.default_rng(seed)
    values = {}
    for view in COMPUTED:
        common, own = draw.normal(size=(prompts, 1, 40)), draw.normal(size=(prompts, len(names), 40))
        for name, share in (learned or {}).items():
            own[:, names.index(name)] += share * own[:, 0]
        vectors = 0.7 * common + own
        vectors /= np.linalg.norm(vectors, axis=2, keepdims=True)
        values[view] = (vectors @ vectors.swapaxes(1, 2)).astype(np.float32)
    made = [
        Corpus(
            at,
            name,
            Role.CONTROL,
            (facts or {}).get(name, Facts(released="2023" if name == "P" else "2024")),
            prompts,
            sha256_text(name),
        )
        for at, name in enumerate(names, 1)
    ]
    question = Question(made[1], "P", (made[0],), tuple(made[2:]), pool=(made[0], *made[2:]))
    present = np.ones((prompts, len(names)), dtype=np.bool_)
    digests = tuple(f"{at:064x}" for at in range(prompts))
    tokens = np.full(present.shape, 100, dtype=np.float32)
    return Drawn(question, Similarities(tuple(names), digests, present, values, "key", tokens), chosen or made_up())

"""Invented panels of scored pairs: suspects, families, developers and LRs drawn from two normal laws."""

from __future__ import annotations

from typing import Any

import numpy as np

from workbench.core.statistics.validation_figures import ScoredPair

MAKERS = ("Orakel", "Orakel", "Sibyl", "Pythia", None)
"""The developers of the five families f0 to f4: the first two are siblings."""


def pair(suspect: str, family: str, lr: float, *, cap: float = 2.0, **changed: Any) -> ScoredPair:
    """One unrelated pair, or what is changed of it; `cap` bounds the reported LR."""
    told: dict[str, Any] = {
        "suspect": suspect,
        "family": family,
        "relation": "none",
        "positive": False,
        "excluded": "",
        "developer": "Orakel",
        "released": "2024-03",
        "group": (),
        "log10_lr": float(np.clip(lr, -cap, cap)),
        "log10_lr_uncapped": float(lr),
        "score": float(lr),
    }
    return ScoredPair(**(told | changed))


def panel(
    seed: int, *, suspects: int = 30, true: float = 1.2, false: float = -1.2, spread: float = 0.6, shared: float = 0.0
) -> list[ScoredPair]:
    """Suspects that each have one source among five families; `shared` is the spread between suspects."""
    chance = np.random.default_rng(seed)
    pairs = []
    for number in range(suspects):
        own = chance.normal(0, shared)
        source = number % 5
        relation = ("distilled", "derived", "relay")[number % 3]
        for family, maker in enumerate(MAKERS):
            positive = family == source
            sibling = not positive and maker is not None and maker == MAKERS[source]
            lr = own + chance.normal(true if positive else (false / 2 if sibling else false), spread)
            pairs.append(
                pair(
                    f"suspect-{number:02d}",
                    f"f{family}",
                    lr,
                    relation=relation if positive else "none",
                    positive=positive,
                    excluded="sibling" if sibling else "",
                    developer=maker,
                    released=f"2024-{1 + number % 12:02d}",
                    group=(f"line-{number // 2}",),
                )
            )
    return pairs

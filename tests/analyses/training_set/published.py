"""Published rows with answers of a model planted in them."""

from __future__ import annotations

import numpy as np

from workbench.analyses.training_set.index import Exchange

_WORDS = [
    a + b + c
    for a in ("ba", "de", "fo", "gu", "ki", "lo", "mu", "ne", "pa", "ri")
    for b in ("l", "n", "r", "s")
    for c in ("", "am", "et", "is", "on")
]


def sentence(rng: np.random.Generator) -> str:
    """Twelve random words with a capital and a full stop."""
    words = rng.choice(_WORDS, size=12)
    return " ".join(words).capitalize() + "."


def exchanges(rng: np.random.Generator, count: int, sentences: int = 12) -> list[Exchange]:
    """Random prompts with answers of so many sentences; every fifth has a quotation and an apostrophe."""
    found = []
    for at in range(count):
        answer = " ".join(sentence(rng) for _ in range(sentences))
        if at % 5 == 0:
            answer += ' It said "yes" and didn\'t move.'
        found.append(Exchange(sentence(rng), answer))
    return found

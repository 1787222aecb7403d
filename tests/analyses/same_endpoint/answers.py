"""Repeated answers of invented services: each draws its answers to a prompt from an urn of its own."""

from __future__ import annotations

import random
from collections.abc import Mapping
from functools import cache

from tests.analyses.listed import Listed, listed

_WORDS = (
    "the", "of", "a", "to", "and", "model", "answer", "is", "may", "very", "so", "this", "that", "here", "one", "two",
)  # fmt: skip


@cache
def text(seed: str) -> str:
    """An answer of thirty words, the same for the same seed."""
    chance = random.Random(seed)
    return " ".join(chance.choice(_WORDS) for _ in range(30))


def answers_of(service: str, sample: int, prompts: int, each: int, urn: int = 6) -> dict[str, list[str]]:
    """The answers of a service to some prompts: drawn with replacement from `urn` texts a prompt."""
    said = {}
    for at in range(prompts):
        chance = random.Random(f"{service}/{sample}/{at}")
        said[f"Question number {at}?"] = [text(f"{service}/{at}/{chance.randrange(urn)}") for _ in range(each)]
    return said


def selection(
    suspect: Mapping[str, list[str]], controls: int = 3, prompts: int = 24, each: int = 5, source: int = 1
) -> Listed:
    """A suspect beside the service P, asked a first time, and controls that are services of their own."""
    models = {"S": suspect, "P": answers_of("P", source, prompts, each)}
    models |= {f"C{at:02d}": answers_of(f"C{at}", 1, prompts, min(each, 2)) for at in range(1, controls + 1)}
    return listed(models)

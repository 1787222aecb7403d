"""What a Finding of `canaries` holds; no secret is in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated


@dataclass(frozen=True, slots=True, kw_only=True)
class CanaryValues:
    """How many markers rank first among their decoys, how probable that is by chance, and exact hits.

    `p` is None where it is below the smallest number that is printed, or where no marker has decoys.
    """

    suspect: str
    n_markers: int
    n_ranked: int
    n_answered: int
    candidates: int
    within: int
    first: int
    p: float | None
    below: float | None
    ceiling: float | None
    n_hits: int
    markers_hit: int
    positions: int
    chance_of_hits: float
    hits_of_controls: int
    unsealed: int
    one_account: int
    smallest_found: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RankRow:
    """One marker: its place among its candidates in the suspect's answers."""

    marker: Annotated[str, "marker"]
    kind: Annotated[str, "kind"]
    rank: Annotated[int | None, "rank"]
    candidates: Annotated[int, "candidates"]
    exposure: Annotated[float | None, "bits of exposure"]
    similarity: Annotated[float | None, "similarity"]
    contained: Annotated[bool, "word for word"]
    answers: Annotated[int, "answers to its probe"]
    accounts: Annotated[int, "accounts it was served to"]
    sealed: Annotated[str, "sealed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class HitRow:
    """A place where a marker stands word for word."""

    marker: Annotated[str, "marker"]
    corpus: Annotated[str, "corpus"]
    role: Annotated[str, "role"]
    text: Annotated[int, "which text"]
    place: Annotated[int, "character"]

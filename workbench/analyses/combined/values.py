"""The values of an opinion, and the rows of its tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated


@dataclass(frozen=True, slots=True)
class RungValues:
    """A rung of the ladder, what became of it, and by which findings."""

    rung: int
    reached: str
    findings: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionValues:
    """What the rule came to; `basis` are the findings that the answer rests on, by number.

    `log10_lr` is the weight where the answer states one, `at_ceiling` whether it is the largest or smallest that is
    reported. `points_for`, `points_against` and `found_nothing` say which way each finding points.
    """

    suspect: str
    protected: str
    verdict: str
    basis: tuple[int, ...]
    caution: str
    answer: str
    log10_lr: float | None
    at_ceiling: bool
    points_for: tuple[int, ...]
    points_against: tuple[int, ...]
    found_nothing: tuple[int, ...]
    rungs: tuple[RungValues, ...]
    change: tuple[str, ...]
    beside: tuple[int, ...] = ()
    """The findings of the same suspect under another name of the protected side; opinions of version 2 lack them."""


@dataclass(frozen=True, slots=True)
class StatedRow:
    """A finding on the question."""

    finding: Annotated[int, "Finding"]
    analysis: Annotated[str, "Analysis"]
    sha256: Annotated[str, "SHA-256 of the finding"]
    confirmatory: Annotated[bool, "Foreseen by the plan"]
    rung: Annotated[int, "Rung"]
    part: Annotated[str, "What it is for"]
    says: Annotated[str, "Which way it points"]
    brief: Annotated[str, "In a few words"]
    counted: Annotated[bool, "Counted, as the last of its kind"]
    basis: Annotated[bool, "The answer rests on it"]


@dataclass(frozen=True, slots=True)
class ExplanationRow:
    """Another explanation, what was done about it, and what came of it."""

    key: Annotated[str, "Key"]
    explanation: Annotated[str, "Explanation"]
    done: Annotated[str, "What was done"]
    result: Annotated[str, "Result"]
    so: Annotated[str, "So it"]
    but: Annotated[str, "But"]
    findings: Annotated[str, "Findings"]


@dataclass(frozen=True, slots=True)
class NotFoundRow:
    """What was looked for and not found; no finding where it was not asked."""

    what: Annotated[str, "Looked for"]
    said: Annotated[str, "What there was"]
    finding: Annotated[int | None, "Finding"]


@dataclass(frozen=True, slots=True)
class ClosenessRow:
    """A model on the line of closeness."""

    model: Annotated[str, "Model"]
    role: Annotated[str, "Role"]
    statistic: Annotated[float, "Closeness to the protected side, in points"]
    low: Annotated[float, "Low end of the interval"]
    high: Annotated[float, "High end of the interval"]

"""What a Finding of `exposure` holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated


@dataclass(frozen=True, slots=True, kw_only=True)
class ExposureValues:
    """The effect in standard deviations, its p-value, and how many prompts would have been needed for smaller ones."""

    suspect: str
    protected: str
    served: tuple[str, ...]
    siblings: tuple[str, ...]
    n_prompts: int
    n_empty: int
    siblings_of_each: float
    mean: float
    statistic: float
    p: float
    ceiling: float | None
    assignments: int
    exact: bool
    detectable: float
    settings_said: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptRow:
    """One prompt: closeness of the suspect's answer to the served answer and to its siblings."""

    prompt: Annotated[str, "prompt (SHA-256)"]
    served: Annotated[float, "closeness to the served answer"]
    siblings: Annotated[float, "mean closeness to its siblings"]
    effect: Annotated[float, "effect, in standard deviations"]
    n_siblings: Annotated[int, "siblings"]
    rarity: Annotated[float, "rarity of the served answer"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TenthRow:
    """The mean effect among prompts of much the same rarity."""

    tenth: Annotated[int, "part"]
    mean: Annotated[float, "mean effect"]
    low: Annotated[float, "low"]
    high: Annotated[float, "high"]
    prompts: Annotated[int, "prompts"]

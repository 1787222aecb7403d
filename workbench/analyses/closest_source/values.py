"""The values of a Finding of `closest_source`, and the rows of those of its tables that are read again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from workbench.core.typed_json import Interval


@dataclass(frozen=True, slots=True)
class ControlCloseness:
    """How close a control comes to the protected side, in points."""

    model: str
    statistic: float
    interval: Interval


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosestSourceValues:
    """What a comparison states: `statistic` and `interval` of the suspect are in points, shares are of 1.

    `n_prompts_both` are the prompts that the suspect and every protected member answered; findings of early versions
    do not state them. `p_model` counts relatives and near copies among the controls once, as `n_independent` models;
    in findings of version 1 it counts every control, and `n_independent` is 0.
    """

    statistic: float
    interval: Interval
    p_model: float
    rank: int
    n_models: int
    n_controls: int
    n_independent: int = 0
    n_prompts: int
    n_prompts_suspect: int
    n_prompts_both: int | None = None
    confidence: float
    share_of_replicates_first: float
    p_prompts: float
    suspect: str
    protected: str
    members: tuple[str, ...]
    controls: tuple[ControlCloseness, ...]
    views: tuple[str, ...]
    undated: tuple[str, ...]
    despite_date: str | None

    @property
    def counted(self) -> int:
        """How many controls count in `p_model`."""
        return self.n_independent or self.n_controls

    @property
    def counted_controls(self) -> str:
        """The same in words: independent, where relatives or near copies count once."""
        return f"{self.counted} {'controls' if self.counted == self.n_controls else 'independent controls'}"


@dataclass(frozen=True, slots=True)
class ModelRow:
    """A model of the comparison, the closest first."""

    place: Annotated[int, "Place"]
    model: Annotated[str, "Model"]
    role: Annotated[str, "Role"]
    statistic: Annotated[float, "Closeness to the protected side, in points (mean robust z-score)"]
    low: Annotated[float, "Low end of the interval"]
    high: Annotated[float, "High end of the interval"]
    tokens: Annotated[float | None, "Median tokens of an answer"]
    same_as_suspect: Annotated[float | None, "Share of prompts with the suspect's very words"]
    same_as_protected: Annotated[float | None, "Share of prompts with a protected model's very words"]
    group: Annotated[int | None, "Controls of one number count once in p_model: relatives and near copies"] = None


@dataclass(frozen=True, slots=True)
class ViewRow:
    """A view of the text; one that says nothing has only the reason."""

    view: Annotated[str, "View of the text"]
    statistic: Annotated[float | None, "Suspect, both sides"] = None
    own_side: Annotated[float | None, "From its similarities to the controls"] = None
    protected_side: Annotated[float | None, "From the controls' similarities to the protected model"] = None
    rank: Annotated[int | None, "Rank"] = None
    next: Annotated[str | None, "Closest control"] = None
    next_statistic: Annotated[float | None, "Its statistic"] = None
    left_out: Annotated[str, "Why it was left out"] = ""


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A protected model, as if it were the whole protected side."""

    model: Annotated[str, "Protected model"]
    released: Annotated[str | None, "Released"]
    statistic: Annotated[float, "The suspect's closeness to it"]
    rank: Annotated[int, "Rank"]
    next: Annotated[str, "Closest control"]
    next_statistic: Annotated[float, "Its statistic"]


@dataclass(frozen=True, slots=True)
class RemovedRow:
    """The comparison with one control removed."""

    removed: Annotated[str, "Control removed"]
    statistic: Annotated[float, "The suspect's statistic"]
    rank: Annotated[int, "Its rank"]
    p_model: Annotated[float, "p_model"]
    next_statistic: Annotated[float, "Closest remaining control"]


@dataclass(frozen=True, slots=True)
class PromptsRow:
    """How many prompts of the comparison a model answered."""

    model: Annotated[str, "Model"]
    role: Annotated[str, "Role"]
    answered: Annotated[int, "Answered of the prompts that the suspect and every protected model answered"]
    missing: Annotated[int, "Missing of these prompts"]

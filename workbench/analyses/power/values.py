"""The values of a Finding of `power`, and the rows of its tables. Shares are between 0 and 1."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, TypedDict

from workbench.core.model import Json
from workbench.core.statistics.fitted_calibration import StatedCalibration
from workbench.core.typed_json import Interval, read

LR, FIRST = "lr", "first"
"""The criteria by which a plant is found: its LR, or that it comes before every control."""

OWN, KIN = "own", "kin"
"""The kinds of scenario: the source of what is planted is among those compared with, or is kept out."""


@dataclass(frozen=True, slots=True)
class SmallestShare:
    """The smallest share that is found often enough, with its interval; None where not even all answers are."""

    share: float | None
    interval: tuple[float | None, float | None]


FoundShares = TypedDict("FoundShares", {"at_nought": float, "at_all": float, "50": SmallestShare, "80": SmallestShare})
"""What is found by one criterion: the share of plants with nothing and with all answers planted, and the smallest
shares of answers that are found in 50 and in 80 % of the plants. The keys are file format."""


@dataclass(frozen=True, slots=True)
class ScenarioValues:
    """Answers of `source` that were planted and compared with `members`; what is found, by criterion."""

    kind: str
    source: str
    members: tuple[str, ...]
    n_prompts: int
    smallest: Mapping[str, FoundShares]


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerValues:
    """What a run states: `smallest` is what the first scenario finds by the criterion that counts.

    `bound` is the log10 LR from which on a plant is found; `no_calibration` says why there is no calibration, and
    `outside` how the case differs from the calibration's panels.
    """

    suspect: str
    protected: str
    n_prompts: int
    n_prompts_suspect: int
    n_controls: int
    n_planted: int
    draws: int
    shares: tuple[float, ...]
    bound: float
    confidence: float
    about: str
    calibration: Mapping[str, Json] | None
    no_calibration: str
    log10_lr_bounds: Interval | None
    criterion: str
    smallest: FoundShares
    scenarios: tuple[ScenarioValues, ...]
    outside: tuple[str, ...]

    @property
    def stated_calibration(self) -> StatedCalibration | None:
        """What sentences read of the calibration; None where none was used."""
        return None if self.calibration is None else read(StatedCalibration, self.calibration)


@dataclass(frozen=True, slots=True, kw_only=True)
class CurveRow:
    """The means over all plants of one share, with their intervals; no LRs where there is no calibration."""

    scenario: Annotated[str, "Scenario: kin (the source is kept out of the protected side) or own"]
    source: Annotated[str, "Whose answers are planted"]
    share: Annotated[float, "Share of answers relayed"]
    plants: Annotated[int, "Plants"]
    detected: Annotated[float | None, "Share of plants with an LR at the bound or above"]
    detected_low: Annotated[float | None, "Low end of its interval"]
    detected_high: Annotated[float | None, "High end of its interval"]
    first: Annotated[float, "Share of plants that come before every control"]
    first_low: Annotated[float, "Low end of its interval"]
    first_high: Annotated[float, "High end of its interval"]
    mean_log10_lr: Annotated[float | None, "Mean log10 LR as reported"]
    mean_log10_lr_low: Annotated[float | None, "Low end of its interval"]
    mean_log10_lr_high: Annotated[float | None, "High end of its interval"]

    @property
    def first_ends(self) -> MeanAndEnds:
        """The share that comes first, with its interval."""
        return self.first, self.first_low, self.first_high

    @property
    def detected_ends(self) -> MeanAndEnds | None:
        """The share with an LR at the bound, with its interval."""
        return _known(self.detected, self.detected_low, self.detected_high)

    @property
    def lr_ends(self) -> MeanAndEnds | None:
        """The mean log10 LR, with its interval."""
        return _known(self.mean_log10_lr, self.mean_log10_lr_low, self.mean_log10_lr_high)


MeanAndEnds = tuple[float, float, float]
"""A mean, and the low and the high end of its interval."""


def _known(mean: float | None, low: float | None, high: float | None) -> MeanAndEnds | None:
    return None if mean is None or low is None or high is None else (mean, low, high)


@dataclass(frozen=True, slots=True)
class SmallestRow:
    """The smallest share of one scenario, criterion and target."""

    scenario: Annotated[str, "Scenario"]
    source: Annotated[str, "Whose answers are planted"]
    criterion: Annotated[str, "Detected by: lr (LR at the bound) or first (before every control)"]
    target: Annotated[float, "In this share of the plants"]
    share: Annotated[float | None, "Smallest share of answers relayed (empty: not even all)"]
    low: Annotated[float | None, "Low end of its interval (empty: not even all)"]
    high: Annotated[float | None, "High end of its interval (empty: not even all)"]


@dataclass(frozen=True, slots=True)
class PlantedControlRow:
    """A control with a share of its answers replaced, over its draws."""

    scenario: Annotated[str, "Scenario"]
    control: Annotated[str, "Control that the answers were planted in"]
    share: Annotated[float, "Share of answers relayed"]
    mean_log10_lr: Annotated[float | None, "Mean log10 LR over the draws"]
    first: Annotated[float, "Share of the draws in which it comes before every control"]

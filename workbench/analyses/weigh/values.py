"""The values of a Finding of `weigh`, and the rows of those of its tables that are read again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from workbench.analyses.scoring.envelope import PanelLikeness
from workbench.analyses.scoring.lr_values import LrValues
from workbench.analyses.scoring.overlap import Overlap
from workbench.core.model import Json
from workbench.core.statistics.fitted_calibration import ANY, DERIVED, DISTILLED, ORIGIN, StatedCalibration
from workbench.core.typed_json import read

QUESTION, SUSPECT_SEAT, PROTECTED_SEAT = "question", "control in the suspect's seat", "control in the protected seat"
"""What a row of the table of LRs is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WeighValues(LrValues):
    """What a weighing states: the LR of the first question, those of all `questions`, and what they rest on.

    `envelope` are the reasons why the case lies outside what was validated; `named_controls` are those that may
    themselves come from the protected side. The counts of controls and placebos are of LRs before the cap.
    """

    envelope: tuple[str, ...]
    questions: Mapping[str, LrValues]
    confidence: float
    suspect: str
    protected: str
    members: tuple[str, ...]
    n_controls: int
    n_prompts: int
    n_prompts_suspect: int
    n_controls_at_least_as_high: int
    n_controls_above_1: int
    n_placebos: int
    n_placebos_above_1: int
    n_placebos_at_least_as_high: int
    named_controls: tuple[str, ...]
    log10_lr_without_named: float | None
    undated: tuple[str, ...]
    despite_date: str | None
    n_controls_independent: int = 0
    """Controls that are no relatives of each other and no near copies; 0 in findings before version 2."""
    relatives: tuple[str, ...] = ()
    """Relatives of the suspect among the controls, by a rule that does not read the protected model."""
    log10_lr_without_relatives: float | None = None
    panels: tuple[PanelLikeness, ...] = ()
    """The calibration's panels, those that the case resembles most first."""
    overlap: tuple[Overlap, ...] = ()
    """The calibration's panels of which a model gave the suspect's answers, by shares of answers."""
    scale: str
    calibration: Mapping[str, Json]
    """All that the calibration says but its weights, as its file has it."""

    @property
    def asked(self) -> list[str]:
        """The questions in the order in which they are told: a stored Finding has them in that of the alphabet."""
        return [key for key in (ANY, DISTILLED, DERIVED, ORIGIN) if key in self.questions]

    @property
    def stated_calibration(self) -> StatedCalibration:
        """What sentences read of the calibration."""
        return read(StatedCalibration, self.calibration)


@dataclass(frozen=True, slots=True)
class LrRow:
    """A log10 LR: of a question, or of a control in one of the seats, which has no interval."""

    kind: Annotated[str, "What it is"]
    name: Annotated[str, "Question, or control"]
    log10_lr: Annotated[float, "log10 LR"]
    low: Annotated[float | None, "Low end of the interval"]
    high: Annotated[float | None, "High end of the interval"]
    uncapped: Annotated[float, "log10 LR before the cap"]
    cap_low: Annotated[float, "Lower cap"]
    cap_high: Annotated[float, "Upper cap"]


@dataclass(frozen=True, slots=True)
class ControlRow:
    """A control: log10 LRs before the cap without it, and with it in either seat."""

    model: Annotated[str, "Control"]
    released: Annotated[str | None, "Released"]
    without: Annotated[float, "The suspect's log10 LR without it"]
    change: Annotated[float, "What leaving it out changes"]
    own: Annotated[float, "Its own log10 LR, in the suspect's seat"]
    placebo: Annotated[float | None, "The suspect's log10 LR against it"]
    remark: Annotated[str, "Remark"]

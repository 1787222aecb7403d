"""Likelihood ratios as a Finding states them, and the tables that go with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from workbench.core.model import Table
from workbench.core.statistics import verbal_scale
from workbench.core.statistics.fitted_calibration import Calibration, Weighing
from workbench.core.typed_json import Interval, table


@dataclass(frozen=True, slots=True, kw_only=True)
class LrValues:
    """One log10 LR: within its cap and before it, with its intervals, its cap, and the words of its size."""

    log10_lr: float
    interval: Interval
    log10_lr_uncapped: float
    interval_uncapped: Interval
    cap: Interval
    label: str


@dataclass(frozen=True, slots=True)
class Cap:
    """The least and the largest log10 LR that is reported: what the calibration bears, and what the controls do."""

    low: float
    high: float

    @staticmethod
    def of(one: Weighing, most: float) -> Cap:
        """The cap of a question, where the controls of the case bear a log10 LR of `most`."""
        return Cap(one.low, min(one.high, most))

    def within(self, value: float) -> float:
        """A log10 LR as it is reported."""
        return min(max(value, self.low), self.high)


def lr_values(value: float, ends: Sequence[float], cap: Cap) -> LrValues:
    """One LR as a Finding states it; `ends` are those of its interval, before the cap."""
    low, high = (float(end) for end in ends)
    return LrValues(
        log10_lr=cap.within(value),
        interval=(cap.within(low), cap.within(high)),
        log10_lr_uncapped=value,
        interval_uncapped=(low, high),
        cap=(cap.low, cap.high),
        label=verbal_scale.in_words(cap.within(value)),
    )


@dataclass(frozen=True, slots=True)
class ScaleRow:
    """A step of the verbal scale."""

    lr: Annotated[str, "LR"]
    support: Annotated[str, "Words of support"]
    probable: Annotated[str, "Words of probability"]


def scale_table() -> Table:
    """The verbal scale."""
    return table(ScaleRow, [ScaleRow(*row) for row in verbal_scale.table()])


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A figure of a calibration, with its interval where it has one."""

    entry: Annotated[str, "Kind of true pair"]
    figure: Annotated[str, "Figure"]
    value: Annotated[float | None, "Value"]
    low: Annotated[float | None, "Low end of the interval"]
    high: Annotated[float | None, "High end of the interval"]


def figures_table(calibration: Calibration) -> Table:
    """The calibration's figures on its own panels, each left out of the fit (or the suspects' groups)."""
    rows = []
    for entry, found in calibration.figures.items():
        ends = found.get("interval") or {}
        for key, value in found.items():
            if key != "interval":
                low, high = ends.get(key) or (None, None)
                rows.append(FigureRow(entry, key, value, low, high))
    return table(FigureRow, rows)

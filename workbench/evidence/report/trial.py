"""The trial behind a likelihood ratio: how often the method erred on pairs of known history."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from workbench.core.finding_page import Part
from workbench.core.printed import month, year_month
from workbench.core.statistics.fitted_calibration import (
    ANY,
    FEW,
    FEW_BEFORE,
    ORIGIN,
    RESOURCE,
    Misled,
    StatedCalibration,
    StatedFigures,
    Tens,
    Tippett,
)
from workbench.core.typed_json import read
from workbench.evidence.pack.contents import PackFinding
from workbench.evidence.report.question import Asked


@dataclass(frozen=True, slots=True)
class Trial:
    """Counts of pairs with no known link (`negatives`) and with one (`positives`), and where their ratios fell."""

    sha256: str
    name: str
    made: str
    panels: int
    models: int
    prompts: int
    negatives: int
    above_1: int
    tens: Tens
    """The unlinked pairs that reached 10."""

    positives: int
    below_1: int
    negative_groups: int
    positive_groups: int
    last: str
    first: str
    released: tuple[float, float]
    few: Misled = field(default_factory=Misled)
    enough: int = FEW
    """From how many controls on a case is no small one."""
    figures: StatedFigures = field(default_factory=StatedFigures)
    tippett: Tippett | None = None
    """None where the calibration is of before its curves were kept."""


def trial_of(item: PackFinding | None) -> Trial | None:
    """The trial that a finding's calibration states; None where it has none, or states no counts."""
    stated = item.exhibit.finding.values.get(RESOURCE) if item is not None else None
    if not isinstance(stated, dict):
        return None
    calibration = read(StatedCalibration, stated)
    one = calibration.questions[ANY]
    if not one.misled.negatives:
        return None
    released = calibration.envelope["released"]
    return Trial(
        sha256=calibration.sha256,
        name=calibration.name,
        made=calibration.made,
        panels=len(calibration.panels),
        models=sum(panel.models or 0 for panel in calibration.panels),
        prompts=sum(panel.prompts or 0 for panel in calibration.panels),
        negatives=one.misled.negatives,
        above_1=one.misled.neg_lr_gt_1,
        tens=one.misled.tens,
        positives=one.misled.positives,
        below_1=one.misled.pos_lr_lt_1,
        negative_groups=one.negative_groups,
        positive_groups=one.positive_groups,
        first=month(year_month(released[0])),
        last=month(year_month(released[1])),
        released=released,
        few=one.misled.few,
        enough=FEW if ORIGIN in calibration.questions else FEW_BEFORE,
        figures=calibration.all_pairs,
        tippett=one.misled.tippett,
    )


def error_rates(trial: Trial, what: str = "pairs of models ") -> str:
    """The error rates in natural frequencies; `what` names what was tried, where it was not named before."""
    again = "pairs " if what else ""
    return (
        f"Of {trial.negatives:,} {what}with no known link, {_none(trial.above_1)} came out above 1 and "
        f"{_none(trial.tens.pairs)} {trial.tens.words}. Of {trial.positives:,} {again}with a known "
        f"link, {_none(trial.below_1)} came out below 1."
    )


def small_case(trial: Trial, controls: int) -> str:
    """With few controls: how much more often the method erred; else nothing."""
    few = trial.few
    if controls >= trial.enough or not few.negatives:
        return ""
    return (
        f"This case has {controls} controls. In panels cut down to fewer than {trial.enough}, {few.tens.pairs:,} of "
        f"{few.negatives:,} unlinked pairs came out {few.tens.words}."
    )


def _none(count: int) -> str:
    return f"{count:,}" if count else "none"


class Sureness(NamedTuple):
    """How often the method erred on cases of known truth, and whether this case is like those; `outside` may be empty.

    `named` is the first sentence of `outside`.
    """

    said: str
    named: str
    outside: str


def how_sure(one: Asked) -> Sureness:
    """How sure the answer to a question is, in words."""
    weight = one.of(Part.WEIGHT)
    trial = trial_of(weight)
    if weight is None or trial is None:
        return Sureness(_untried(one), "", "")
    controls = int(weight.exhibit.finding.number("n_controls") or 0)
    rates = (error_rates(trial, ""), small_case(trial, controls))
    said = " ".join(filter(None, ("Tried on pairs of real models.", *rates)))
    if not weight.page.outside:
        return Sureness(said, "", "")
    named = "This case lies outside that trial."
    return Sureness(said, named, f"{named} {'; '.join(weight.page.outside)}. These rates may not hold here.")


def _untried(one: Asked) -> str:
    said = "No finding here was weighed by a method that was tried on cases of known truth: no error rate is stated."
    closest = one.of(Part.CLOSENESS)
    if closest is None:
        return said
    controls = len(closest.page.placed) - 1
    return f"{said} With {controls} controls no rank can be rarer than 1 in {controls + 1}."

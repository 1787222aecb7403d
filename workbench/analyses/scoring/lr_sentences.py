"""How a likelihood ratio is put into words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workbench.analyses.scoring.lr_values import LrValues
from workbench.core.number_format import number, times
from workbench.core.printed import equally_probable
from workbench.core.statistics.fitted_calibration import (
    ANY,
    DERIVED,
    DISTILLED,
    StatedCalibration,
    StatedFigures,
    StatedPanel,
    StatedQuestion,
)

OUTSIDE = "outside the validated envelope"
_MOST = 4

SUPPOSED = {
    ANY: "{suspect} was trained on answers of {protected}, directly or through others (or derives from its weights, or "
    "relays it)",
    DISTILLED: "{suspect} was trained on answers of {protected}",
    DERIVED: "{suspect} derives from the weights of {protected}, or relays its answers",
}


@dataclass(frozen=True, slots=True)
class LrCase:
    """Between whom an LR is, the confidence of its interval, and whether the case lies outside the envelope."""

    suspect: str
    protected: str
    confidence: float
    outside: bool


def in_brackets(one: LrValues, rests_on: StatedQuestion, confidence: float) -> str:
    """The log10 LR with its interval, its cap and what sets it."""
    low, high = one.interval
    percent = f"{100 * confidence:g} %"
    span = f"{number(low)} to {number(high)}" if low < high else "wholly at the cap"
    return f"log10 LR {number(one.log10_lr)}, {percent} interval {span}, {_cap(one, rests_on)}"


def _cap(one: LrValues, rests_on: StatedQuestion) -> str:
    low, high = one.cap
    if one.log10_lr >= 0:
        if rests_on.bounds is not None and high < rests_on.bounds[1]:
            return f"reporting cap {number(high)} set by the controls of this case"
        return f"reporting cap {number(high)} set by {rests_on.negative_groups} independent reference groups"
    groups = rests_on.positive_groups
    return f"reporting floor {number(low)} set by {groups} independent groups of documented descendants"


def comparison(key: str, one: LrValues, rests_on: StatedQuestion, sides: LrCase) -> str:
    """The sentence of one question: how much more probable, if what, than if what."""
    supposed = SUPPOSED[key].format(suspect=sides.suspect, protected=sides.protected)
    groups = rests_on.negative_groups
    those = f"those {groups}" if one.log10_lr >= 0 else f"the calibration's {groups} reference groups"
    than = "as" if equally_probable(one.log10_lr) else "than"
    mark = f" [{OUTSIDE}]" if sides.outside else ""
    return (
        f"{times(one.log10_lr)} ({in_brackets(one, rests_on, sides.confidence)}){mark} if {supposed} {than} if "
        f"{sides.suspect} is a model of the kind that {those} represent"
    )


def enveloped(reasons: Sequence[str]) -> list[str]:
    """What is said first where a case is not like the panels; nothing where it is."""
    if not reasons:
        return []
    more = f"; and {len(reasons) - _MOST} more, in the table of the envelope" if len(reasons) > _MOST else ""
    return [
        f"{OUTSIDE.capitalize()}: {'; '.join(reasons[:_MOST])}{more}. The method was not validated on such material: "
        "every number here may mislead more often than the rates stated."
    ]


def figures(used: StatedCalibration) -> str:
    """What the calibration rests on, and how often it misled on its own panels."""
    panels = "; ".join(_panel(panel) for panel in used.panels)
    said = f"Calibration: {used.name}, made {used.made}, SHA-256 {used.sha256[:12]}… (panels: {panels})."
    found = used.all_pairs
    if not found.cllr:
        return f"{said} It states no figures of its own."
    missed = round(found.pos_lr_lt_1 * found.n_positive)
    return (
        f"{said} On suspects that it was not fitted on, its Cllr was {number(found.cllr)}{_ends(found, 'cllr')} (0 is "
        f"perfect, 1 says nothing); of {found.n_negative} pairs without a documented source {found.neg_lr_gt_1} had an "
        f"LR above 1, {found.tens.pairs} {found.tens.words} and {found.neg_lr_gt_100} above 100; of {found.n_positive} "
        f"true pairs {missed} had an LR below 1."
    )


def _ends(found: StatedFigures, key: str) -> str:
    ends = found.interval.get(key)
    return f" [{number(ends[0])}, {number(ends[1])}]" if ends else ""


def _panel(panel: StatedPanel) -> str:
    sizes = [
        f", {count} {what}"
        for what, count in (("models", panel.models), ("prompts", panel.prompts))
        if count is not None
    ]
    return panel.name + "".join(sizes)

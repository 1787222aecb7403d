"""What a Finding of `power` says in sentences; rounding happens here and nowhere else."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.analyses.power.values import (
    FIRST,
    LR,
    OWN,
    CurveRow,
    FoundShares,
    PowerValues,
    ScenarioValues,
    SmallestShare,
)
from workbench.core.model import Finding, Narrative
from workbench.core.number_format import number, percent, small_share
from workbench.core.statistics.fitted_calibration import ANY, DERIVED, DISTILLED
from workbench.core.typed_json import read, rows

_CRITERIA = (LR, FIRST)
_KINDS = {
    ANY: "any of derived, relayed or distilled",
    DISTILLED: "distilled",
    DERIVED: "derived or relayed",
}


def narrative(finding: Finding, limits: Sequence[str]) -> Narrative:
    """The Finding in sentences; it speaks of the material and reaches no rung."""
    values = read(PowerValues, finding.values)
    said = [
        _plants(values),
        *(_scenario(one, values) for one in values.scenarios),
        _with_nothing(values),
        _calibrated(values),
        f"Of {values.n_prompts_suspect} prompts that the suspect answered, {values.n_prompts} are used: those "
        "that the protected side, the source of what is planted and every control answered too.",
        "What counts is the share of answers relayed as they are, not a share of training data; a suspect that was "
        "trained on answers writes its own.",
        f"Nothing found above this share is a reason to doubt that {values.suspect} relays as much. It exonerates "
        "nobody: paraphrase defeats every comparison of texts.",
    ]
    return Narrative(0, _headline(values), tuple(s for s in said if s), tuple(limits))


def _headline(values: PowerValues) -> str:
    start = f"On {values.n_prompts} matched prompts, a model that relays {values.protected}"
    most, half = values.smallest["80"], values.smallest["50"]
    how = _how(values)
    if most.share is None:
        middle = "not even half of the time" if half.share is None else f"half of the time from {_s(half.share)} on"
        return f"{start} for all of its answers would not be found in 80 % of cases ({middle}; found: {how})."
    return (
        f"{start} would be found in 80 % of cases if it did so for {_s(most.share)} of its answers or more "
        f"({_interval(most, values)}), and in half of the cases from {_s(half.share)} on (found: {how})."
    )


def _how(values: PowerValues) -> str:
    if values.criterion == LR and values.outside:
        return f"{_detected(LR, values)}, outside the validated envelope"
    return _detected(values.criterion, values)


def _detected(criterion: str, values: PowerValues) -> str:
    if criterion == LR:
        return f"log10 LR of {values.bound:g} or more"
    return "before every control"


def _by(criterion: str, values: PowerValues) -> str:
    return f"{'by a ' if criterion == LR else 'by coming '}{_detected(criterion, values)}"


def _interval(found: SmallestShare, values: PowerValues) -> str:
    low, high = found.interval
    ends = f"{_s(low)} to {_s(high)}" if high is not None else f"{_s(low)} to more than all"
    return f"{100 * values.confidence:g} % interval over controls {ends}"


def _plants(values: PowerValues) -> str:
    shares = ", ".join(f"{100 * share:g}" for share in values.shares)
    return (
        f"In each of {values.n_planted} of {values.n_controls} controls, {shares} % of the answers were replaced "
        f"by answers of the protected family, on prompts drawn at random {values.draws} times, and the control was "
        "scored in the suspect's place against the other controls."
    )


def _scenario(one: ScenarioValues, values: PowerValues) -> str:
    members = " and ".join(one.members)
    if one.kind == OWN:
        what = f"Answers of {one.source} planted, and these very answers compared with (the strongest form):"
    else:
        what = f"Answers of {one.source} planted, and compared with {members}, as a second sample would be:"
    parts = [_found(name, one.smallest[name], values) for name in _CRITERIA if name in one.smallest]
    return f"{what} {'; '.join(parts)}."


def _found(criterion: str, least: FoundShares, values: PowerValues) -> str:
    said = f"found {_by(criterion, values)} "
    eighty, half = least["80"], least["50"]
    if half.share is None:
        return f"{said}in less than half of the plants even at 100 % ({percent(least['at_all'])})"
    if eighty.share is None:
        return f"{said}in half of the plants from {_s(half.share)}, and in {percent(least['at_all'])} at 100 %"
    return (
        f"{said}in 80 % of the plants from {_s(eighty.share)} ({_interval(eighty, values)}), in half from "
        f"{_s(half.share)}"
    )


def _with_nothing(values: PowerValues) -> str:
    rates = values.scenarios[0].smallest
    parts = [f"{percent(rates[name]['at_nought'])} {_by(name, values)}" for name in _CRITERIA if name in rates]
    return f"With nothing planted, of the same controls are found: {', '.join(parts)}."


def _calibrated(values: PowerValues) -> str:
    used = values.stated_calibration
    if used is None or values.log10_lr_bounds is None:
        return ""
    low, high = values.log10_lr_bounds
    return (
        f"The LRs are about {_KINDS[values.about]}, by the calibration “{used.name}”, which reports "
        f"none below {number(low)} or above {number(high)} (log10)."
    )


def description(finding: Finding) -> str:
    """The alternative text of the curves, with their numbers."""
    values = read(PowerValues, finding.values)
    points = [row for row in rows(CurveRow, finding.tables["curve"]) if row.scenario == values.scenarios[0].kind]
    by_lr = values.criterion == LR
    found = ", ".join(f"{_s(row.share)}: {percent((row.detected or 0.0) if by_lr else row.first)}" for row in points)
    lrs = ", ".join(f"{_s(row.share)}: {number(row.mean_log10_lr or 0.0)}" for row in points)
    below = f" Below, the mean log10 LR: {lrs}." if by_lr else ""
    return (
        f"Curves against the share of answers relayed, of {points[0].plants} plants at each share. Share found "
        f"{_by(values.criterion, values)}: {found}.{below}"
    )


def _s(share: float | None) -> str:
    return "more than all" if share is None else small_share(share)

"""What `weigh` computes from: the question as it can be compared, the seat, and the calibration."""

from __future__ import annotations

from dataclasses import dataclass, replace

from workbench.analyses.scoring.likelihood_ratios import Bench, Seat, bench, filled, why_empty, why_too_few_prompts
from workbench.analyses.scoring.matching import comparable
from workbench.analyses.scoring.panel_cases import LEAST_CONTROLS
from workbench.analyses.scoring.partial_correlation import VERSION
from workbench.core.selection import Question, Selection
from workbench.core.statistics.calibration import Calibration


@dataclass(frozen=True, slots=True)
class Material:
    """The question with those members and controls that are compared, in the order of the seat."""

    question: Question
    own: Bench
    seat: Seat
    calibration: Calibration


def why_not_fitting(calibration: Calibration) -> str:
    """Why a calibration can't be used with this program; empty when it can."""
    if calibration.score_version == VERSION:
        return ""
    return (
        f"The calibration is for version {calibration.score_version} of the score, and this workbench computes version "
        f"{VERSION}: `workbench calibrate PANEL.json --out FILE` makes one that fits."
    )


def gather(selection: Selection) -> Material | str:
    """The material, or the reason in words why there is none."""
    question = selection.question
    if len(question.controls) < LEAST_CONTROLS:
        return f"Controls: {len(question.controls)}. A likelihood ratio needs at least {LEAST_CONTROLS}."
    calibration = selection.calibration()
    reason = why_not_fitting(calibration)
    if reason:
        return reason
    found = selection.similarities()
    question, absent = comparable(question, found)
    if absent is not None:
        return absent
    reason = why_too_few_prompts(found, question.suspect.name)
    if reason:
        return reason
    corpora = (question.suspect, *question.protected, *question.controls)
    own = bench(found, question.suspect.name, {c.name for c in corpora})
    at = {c.name: own.at(c.name) for c in corpora}
    suspect = at[question.suspect.name]
    seat = filled(own, suspect, [at[c.name] for c in question.protected], [at[c.name] for c in question.controls])
    reason = why_empty(seat)
    if reason:
        return f"{question.suspect.name} can't be weighed against {question.protected_name}: {reason}."
    lost = tuple(
        (c.name, f"answered {int(own.shared[suspect, at[c.name]])} of the suspect's {len(own.found.prompts)} prompts")
        for c in (*question.protected, *question.controls)
        if at[c.name] not in (*seat.members, *seat.controls)
    )
    kept = replace(
        question,
        protected=tuple(c for c in question.protected if at[c.name] in seat.members),
        controls=tuple(c for c in question.controls if at[c.name] in seat.controls),
        left_out=question.left_out + lost,
    )
    return Material(kept, own, seat, calibration)

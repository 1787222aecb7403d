"""What `weigh` computes from: the question as it can be compared, the seat, and the calibration."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from workbench.analyses.scoring.comparable_material import comparable
from workbench.analyses.scoring.likelihood_ratios import (
    Bench,
    Seat,
    bench,
    filled,
    log10_lrs,
    refuse_other_version,
    refuse_too_few_prompts,
    replicated,
    weights_of,
    why_empty,
)
from workbench.analyses.scoring.panel_cases import LEAST_CONTROLS
from workbench.analyses.scoring.partial_correlation import Floats
from workbench.core.errors import RefusedError
from workbench.core.model import LeftOut, LeftOutKind
from workbench.core.panel import Panel, younger
from workbench.core.progress import Progress, part
from workbench.core.selection import Question, Selection
from workbench.core.statistics.fitted_calibration import Calibration


@dataclass(frozen=True, slots=True)
class WeighMaterial:
    """The question with those members and controls that are compared, in the order of the seat."""

    question: Question
    own: Bench
    seat: Seat
    calibration: Calibration


def gather(selection: Selection) -> WeighMaterial:
    """The material; raises RefusedError, in words, where there is none."""
    question = selection.question
    if len(question.controls) < LEAST_CONTROLS:
        raise RefusedError(f"Controls: {len(question.controls)}. A likelihood ratio needs at least {LEAST_CONTROLS}.")
    calibration = selection.calibration()
    refuse_other_version(calibration)
    found = selection.similarities()
    question = comparable(question, found)
    refuse_too_few_prompts(found, question.suspect.name)
    corpora = (question.suspect, *question.protected, *question.controls)
    own = bench(found, question.suspect.name, {c.name for c in corpora})
    at = {c.name: own.at(c.name) for c in corpora}
    suspect = at[question.suspect.name]
    seat = filled(own, suspect, [at[c.name] for c in question.protected], [at[c.name] for c in question.controls])
    reason = why_empty(seat)
    if reason:
        raise RefusedError(f"{question.suspect.name} can't be weighed against {question.protected_name}: {reason}.")
    lost = [c for c in (*question.protected, *question.controls) if at[c.name] not in (*seat.members, *seat.controls)]
    shared = {c.name: int(own.shared[suspect, at[c.name]]) for c in lost}
    whole = f"of the suspect's {len(own.found.prompts)} prompts"
    kept = replace(
        question,
        protected=tuple(c for c in question.protected if at[c.name] in seat.members),
        controls=tuple(c for c in question.controls if at[c.name] in seat.controls),
        left_out=(
            *question.left_out,
            *(LeftOut(name, LeftOutKind.OTHER, f"answered {count} {whole}") for name, count in shared.items()),
        ),
    )
    return WeighMaterial(kept, own, seat, calibration)


CONTAMINATED = 1.0
"""A control whose own log10 LR, in the suspect's seat, is at least this and whose date allows it is named as one that
may itself come from the protected side. The rule is fixed; nothing is dropped by it."""


@dataclass(frozen=True, slots=True)
class WeighScores:
    """Uncapped log10 LRs: `lrs` (questions,), `replicates` (replicates, questions), and by control `without` it,
    (controls, questions), `own` in the suspect's seat and `placebo` in the protected one, (controls,).

    `placebo` is NaN where a control has too few controls of its own. `clean` are the LRs without the controls that
    are `named`; None where too few would be left.
    """

    lrs: Floats
    replicates: Floats
    without: Floats
    own: Floats
    placebo: Floats
    named: tuple[str, ...]
    clean: Floats | None


def scores(material: WeighMaterial, replicates: int, seed: int, progress: Progress) -> WeighScores:
    """All LRs of a weighing; `progress` is called at least once a batch of replicates."""
    seat, kernel = material.seat, material.own.kernel
    weights = weights_of(material.calibration)
    again = replicated(material.own, [seat], material.calibration, replicates, seed, part(progress, 0, 0.8))
    progress(0.8, "each control in the other seats")
    own = np.array([log10_lrs(kernel, _as_suspect(seat, place), weights)[0] for place in seat.controls])
    named = _named(material, own)
    gone = {material.own.at(name) for name in named}
    few = len(seat.controls) - len(gone) < LEAST_CONTROLS
    return WeighScores(
        lrs=log10_lrs(kernel, seat, weights),
        replicates=again[:, 0],
        without=_without_each(material, weights),
        own=own,
        placebo=_placebos(material, weights),
        named=named,
        clean=log10_lrs(kernel, seat.without(gone), weights) if gone and not few else None,
    )


def _as_suspect(seat: Seat, place: int) -> Seat:
    """A control in the suspect's seat, among the other controls; the suspect itself stays out."""
    return Seat(place, seat.members, seat.without({place}).controls)


def _without_each(material: WeighMaterial, weights: Floats) -> Floats:
    seat = material.seat
    found = [log10_lrs(material.own.kernel, seat.without({place}), weights) for place in seat.controls]
    return np.array(found)


def _placebos(material: WeighMaterial, weights: Floats) -> Floats:
    """The suspect against each control as if it were protected; its documented kin are no controls then."""
    seat, question = material.seat, material.question
    facts = {c.name: c.facts for c in (question.suspect, *question.controls)}
    panel = Panel(facts)
    found = []
    for corpus, place in zip(question.controls, seat.controls, strict=True):
        kin = [name for name, fact in facts.items() if fact.family and fact.family == corpus.facts.family]
        barred = panel.not_controls(question.suspect.name, {corpus.name, *kin} - {question.suspect.name})
        placebo = Seat(seat.suspect, (place,), seat.controls).without({material.own.at(name) for name in barred})
        enough = len(placebo.controls) >= LEAST_CONTROLS - 1
        found.append(log10_lrs(material.own.kernel, placebo, weights)[0] if enough else np.nan)
    return np.array(found)


def _named(material: WeighMaterial, own: Floats) -> tuple[str, ...]:
    """The controls that may themselves come from the protected side."""
    members = material.question.protected
    return tuple(
        corpus.name
        for corpus, value in zip(material.question.controls, own.tolist(), strict=True)
        if value >= CONTAMINATED and not all(younger(member.facts, corpus.facts) for member in members)
    )

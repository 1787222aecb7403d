"""What `weigh` computes from: the question as it can be compared, the seat, and the calibration."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np

from workbench.analyses.scoring.comparable_material import comparable
from workbench.analyses.scoring.independent import copies, count, kin_of, most
from workbench.analyses.scoring.likelihood_ratios import log10_lrs, refuse_other_version, replicated, weights_of
from workbench.analyses.scoring.overlap import Overlap, overlaps
from workbench.analyses.scoring.partial_correlation import Floats
from workbench.analyses.scoring.seats import (
    LEAST_CONTROLS,
    Bench,
    Seat,
    bench,
    filled,
    refuse_too_few_prompts,
    why_empty,
    why_no_member,
)
from workbench.core.errors import RefusedError
from workbench.core.model import Corpus, LeftOut, LeftOutKind
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
    pool: tuple[Corpus, ...]
    """All corpora on the bench, also those that the seat has no place for."""
    overlap: tuple[Overlap, ...] = ()
    """The calibration's panels of which a model gave the suspect's answers."""


def refuse_too_few_controls(question: Question) -> None:
    """Refuse fewer controls than a likelihood ratio needs; raises RefusedError."""
    if len(question.controls) < LEAST_CONTROLS:
        raise RefusedError(f"Controls: {len(question.controls)}. A likelihood ratio needs at least {LEAST_CONTROLS}.")


def gather(selection: Selection) -> WeighMaterial:
    """The material; raises RefusedError, in words, where there is none."""
    question = selection.question
    refuse_too_few_controls(question)
    calibration = selection.calibration()
    refuse_other_version(calibration)
    found = selection.similarities()
    question = comparable(question, found)
    refuse_too_few_prompts(found, question.suspect.name)
    corpora = (question.suspect, *question.protected, *question.controls)
    own = bench(found, question.suspect.name, {c.name for c in corpora})
    at = {c.name: own.at(c.name) for c in corpora}
    suspect = at[question.suspect.name]
    members = [at[c.name] for c in question.protected]
    seat = filled(own, suspect, members, [at[c.name] for c in question.controls])
    reason = why_empty(own, seat, members)
    if reason:
        raise RefusedError(f"{question.suspect.name} can't be weighed against {question.protected_name}: {reason}.")
    shared = {
        c.name: int(own.shared[suspect, at[c.name]]) for c in question.controls if at[c.name] not in seat.controls
    }
    apart = {c.name: why_no_member(own, suspect, at[c.name]) for c in question.protected}
    whole = f"of the suspect's {len(own.found.prompts)} prompts at length and in its language"
    kept = replace(
        question,
        protected=tuple(c for c in question.protected if at[c.name] in seat.members),
        controls=tuple(c for c in question.controls if at[c.name] in seat.controls),
        left_out=(
            *question.left_out,
            *(LeftOut(name, LeftOutKind.OTHER, reason) for name, reason in apart.items() if reason),
            *(LeftOut(name, LeftOutKind.OTHER, f"answered {times} {whole}") for name, times in shared.items()),
        ),
    )
    return WeighMaterial(kept, own, seat, calibration, corpora, overlaps(selection, calibration))


CONTAMINATED = 1.0
"""A control whose own log10 LR, in the suspect's seat, is at least this and whose date allows it is named as one that
may itself come from the protected side. The rule is fixed; nothing is dropped by it."""


RELATED = 4.0
"""A control whose partial correlation with the suspect, the protected model left out, is from here on in units of the
placebos is as close as a source or a relative is. Where it is documented to be one, or can't be a source by its date,
it is named a relative."""


@dataclass(frozen=True, slots=True)
class WeighScores:
    """Uncapped log10 LRs: `lrs` (questions,), `replicates` (replicates, questions), and by control `without` it,
    (controls, questions), `own` in the suspect's seat and `placebo` in the protected one, (controls,).

    `placebo` is NaN where a control has too few controls of its own. `clean` are the LRs without the controls that
    are `named`; None where too few would be left. `related` are the relatives of the suspect among the controls, and
    `unrelated` the LRs without them. `independent` is how many of the controls are no relatives of each other.
    """

    lrs: Floats
    replicates: Floats
    without: Floats
    own: Floats
    placebo: Floats
    named: tuple[str, ...]
    clean: Floats | None
    related: tuple[str, ...]
    unrelated: Floats | None
    independent: int

    @property
    def most(self) -> float:
        """The largest log10 LR that the controls bear."""
        return most(self.independent)


def scores(material: WeighMaterial, replicates: int, seed: int, progress: Progress) -> WeighScores:
    """All LRs of a weighing; `progress` is called at least once a batch of replicates."""
    seat = material.seat
    weights = weights_of(material.calibration)
    again = replicated(material.own, [seat], material.calibration, replicates, seed, part(progress, 0, 0.8))
    progress(0.8, "each control in the other seats")
    own = np.array([log10_lrs(material.own, _as_suspect(seat, place), weights)[0] for place in seat.controls])
    named, related = _named(material, own), _related(material)
    return WeighScores(
        lrs=log10_lrs(material.own, seat, weights),
        replicates=again[:, 0],
        without=_without_each(material, weights),
        own=own,
        placebo=_placebos(material, weights),
        named=named,
        clean=_without(material, named, weights),
        related=related,
        unrelated=_without(material, related, weights),
        independent=_independent(material),
    )


def _without(material: WeighMaterial, names: Collection[str], weights: Floats) -> Floats | None:
    """The LRs without some controls; None where there are none of them, or too few others."""
    seat = material.seat.without({material.own.at(name) for name in names})
    if not names or len(seat.controls) < LEAST_CONTROLS:
        return None
    return log10_lrs(material.own, seat, weights)


def _independent(material: WeighMaterial) -> int:
    own = material.own
    facts = {c.name: c.facts for c in material.pool}
    related = kin_of(facts, own.found.models) | copies(own.kernel)
    return count(related, material.seat.controls)


def _related(material: WeighMaterial) -> tuple[str, ...]:
    """The relatives of the suspect among the controls, by a rule that does not read the protected model."""
    suspect, controls = material.question.suspect, material.question.controls
    close = material.own.scores(material.seat).closest().with_controls
    kin = kin_of({c.name: c.facts for c in (suspect, *controls)}, [suspect.name, *(c.name for c in controls)])[0, 1:]
    return tuple(
        corpus.name
        for corpus, value, documented in zip(controls, close.tolist(), kin.tolist(), strict=True)
        if value >= RELATED and (documented or _same_maker(corpus, suspect) or younger(corpus.facts, suspect.facts))
    )


def _same_maker(one: Corpus, other: Corpus) -> bool:
    return one.facts.developer is not None and one.facts.developer == other.facts.developer


def _as_suspect(seat: Seat, place: int) -> Seat:
    """A control in the suspect's seat, among the other controls; the suspect itself stays out."""
    return Seat(place, seat.members, seat.without({place}).controls)


def _without_each(material: WeighMaterial, weights: Floats) -> Floats:
    seat = material.seat
    found = [log10_lrs(material.own, seat.without({place}), weights) for place in seat.controls]
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
        found.append(log10_lrs(material.own, placebo, weights)[0] if enough else np.nan)
    return np.array(found)


def _named(material: WeighMaterial, own: Floats) -> tuple[str, ...]:
    """The controls that may themselves come from the protected side."""
    members = material.question.protected
    return tuple(
        corpus.name
        for corpus, value in zip(material.question.controls, own.tolist(), strict=True)
        if value >= CONTAMINATED and not all(younger(member.facts, corpus.facts) for member in members)
    )

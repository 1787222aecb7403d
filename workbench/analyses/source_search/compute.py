"""The candidate families of a case, each with its own controls by the panel protocol."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from workbench.analyses.scoring.comparable_material import refuse_chosen_prompts
from workbench.analyses.scoring.independent import copies, count, kin_of, most
from workbench.analyses.scoring.likelihood_ratios import refuse_other_version
from workbench.analyses.scoring.overlap import Overlap, overlaps
from workbench.analyses.scoring.seats import (
    LEAST_CONTROLS,
    Bench,
    Seat,
    bench,
    filled,
    refuse_too_few_prompts,
    why_empty,
)
from workbench.core.errors import RefusedError
from workbench.core.model import Corpus
from workbench.core.panel import Panel, younger
from workbench.core.selection import Question, Selection
from workbench.core.statistics.fitted_calibration import Calibration


@dataclass(frozen=True, slots=True)
class Candidate:
    """One family: its members that are old enough and answered, in the order of the seat; those that are too young;
    and why it can't be compared (empty: it can)."""

    family: str
    developer: str | None
    members: tuple[Corpus, ...]
    younger: tuple[str, ...]
    seat: Seat
    reason: str = ""
    most: float = 0.0
    """The largest log10 LR that the controls bear."""


@dataclass(frozen=True, slots=True)
class SearchMaterial:
    """The suspect, all candidates, and those that can be compared."""

    question: Question
    own: Bench
    candidates: tuple[Candidate, ...]
    calibration: Calibration
    absent: tuple[str, ...]
    overlap: tuple[Overlap, ...] = ()
    """The calibration's panels of which a model gave the suspect's answers."""

    def compared(self) -> tuple[Candidate, ...]:
        """The candidates that have an LR."""
        return tuple(one for one in self.candidates if not one.reason)


def refuse_too_small_pool(question: Question) -> None:
    """Refuse fewer corpora than a search needs; raises RefusedError."""
    if len(question.pool) < LEAST_CONTROLS + 1:
        raise RefusedError(
            f"There are {len(question.pool)} other corpora: a search needs a candidate and at least {LEAST_CONTROLS} "
            "controls for it."
        )


def gather(selection: Selection) -> SearchMaterial:
    """The material; raises RefusedError, in words, where there is none."""
    question = selection.question
    refuse_too_small_pool(question)
    calibration = selection.calibration()
    refuse_other_version(calibration)
    found = selection.similarities()
    known = set(found.models)
    if question.suspect.name not in known:
        raise RefusedError(f"{question.suspect.name} has no similarities to other models: give it another role.")
    refuse_chosen_prompts(question, found)
    refuse_too_few_prompts(found, question.suspect.name)
    pool = [corpus for corpus in question.pool if corpus.name in known]
    own = bench(found, question.suspect.name, {question.suspect.name, *(c.name for c in pool)})
    facts = {c.name: c.facts for c in (question.suspect, *pool)}
    related = kin_of(facts, own.found.models) | copies(own.kernel)
    candidates = tuple(
        _candidate(question, own, pool, family, names, related) for family, names in _families(question, pool).items()
    )
    absent = tuple(c.name for c in question.pool if c.name not in known)
    material = SearchMaterial(question, own, candidates, calibration, absent, overlaps(selection, calibration))
    if not material.compared():
        said = "; ".join(f"{one.family}: {one.reason}" for one in candidates[:5])
        raise RefusedError(
            f"No candidate family can be compared with {question.suspect.name}. {said or 'None is marked'}."
        )
    return material


def _families(question: Question, pool: list[Corpus]) -> Mapping[str, list[str]]:
    """The candidates by name: the protected side first, then every other family that is marked."""
    asked = {c.name for c in question.protected}
    families: dict[str, list[str]] = {question.protected_name: []}
    theirs = {c.facts.family for c in question.protected} - {None}
    for corpus in pool:
        family = corpus.facts.family
        if corpus.name in asked or (family is not None and family in theirs):
            families[question.protected_name].append(corpus.name)
        elif family is not None and family != question.suspect.facts.family:
            families.setdefault(family, []).append(corpus.name)
    return families


def _candidate(
    question: Question, own: Bench, pool: list[Corpus], family: str, names: list[str], related: npt.NDArray[np.bool_]
) -> Candidate:
    suspect = question.suspect
    corpora = {c.name: c for c in pool}
    members = [corpora[name] for name in names]
    # The members in the question went through its own date gate, or were let in with a reason.
    asked = {c.name for c in question.protected}
    late = [c.name for c in members if c.name not in asked and younger(c.facts, suspect.facts)]
    panel = Panel({c.name: c.facts for c in (suspect, *pool)})
    barred = panel.not_controls(suspect.name, names)
    controls = [own.at(c.name) for c in pool if c.name not in barred]
    old = [c for c in members if c.name not in late]
    places = [own.at(c.name) for c in old]
    seat = filled(own, own.at(suspect.name), places, controls)
    reason = "every member came out after the suspect" if members and not old else why_empty(own, seat, places)
    return Candidate(
        family=family,
        developer=next((c.facts.developer for c in members if c.facts.developer), None),
        members=tuple(c for c in old if own.at(c.name) in seat.members),
        younger=tuple(late),
        seat=seat,
        reason=reason,
        most=most(count(related, seat.controls)),
    )

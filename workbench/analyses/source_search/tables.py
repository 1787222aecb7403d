"""What `source_search` states: the ranking, the ties, what else it could be, unrounded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from workbench.analyses.scoring.caveats import missing_prompts
from workbench.analyses.scoring.envelope import Check, checks, reasons, speech, unknown
from workbench.analyses.scoring.lr_values import Cap, LrValues, figures_table, lr_values, scale_table
from workbench.analyses.scoring.overlap import words
from workbench.analyses.scoring.partial_correlation import Floats
from workbench.analyses.source_search.compute import Candidate, SearchMaterial
from workbench.analyses.source_search.sets import SearchedSet, set_values
from workbench.analyses.source_search.values import (
    CandidateRow,
    CandidateValues,
    CouldAlsoBe,
    NotCompared,
    SearchValues,
)
from workbench.core.model import Table
from workbench.core.statistics.fitted_calibration import ANY, ORIGIN, QUESTIONS, RESOURCE, stated, weights_table
from workbench.core.statistics.resampling import centred_interval
from workbench.core.text import shortlist
from workbench.core.typed_json import table

TIED, SIBLING = "can't be told apart", "same developer"


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate with its LRs of all questions, the ends of the interval of the first, and whether it is supported:
    LR above 1 with the whole interval above 1. `behind` is the interval of how far it lies behind the leader."""

    candidate: Candidate
    lrs: Mapping[str, LrValues]
    outside: tuple[str, ...]
    behind: tuple[float, float] | None

    @property
    def uncapped(self) -> float:
        """The log10 LR of the first question, before the cap: what candidates are ranked by."""
        return self.lrs[ANY].log10_lr_uncapped

    @property
    def supported(self) -> bool:
        """Whether it may be named."""
        return self.lrs[ANY].log10_lr > 0 and self.lrs[ANY].interval[0] > 0

    @property
    def tied(self) -> bool:
        """Whether the interval of its distance to the leader covers 0."""
        return self.behind is not None and self.behind[0] <= 0 <= self.behind[1]


def ranked(material: SearchMaterial, lrs: Floats, replicates: Floats, confidence: float) -> list[Ranked]:
    """The candidates by their LR, the leader first: the highest that is supported, or the highest of all.

    `lrs` are (candidates, questions), `replicates` (replicates, candidates, questions), common to all candidates.
    """
    some = material.compared()
    ends = centred_interval(lrs, replicates, confidence)
    leader = _leader(lrs[:, 0], ends[0, :, 0])
    found = []
    for at, candidate in enumerate(some):
        gap = centred_interval(
            lrs[leader, :1] - lrs[at, :1], replicates[:, leader, :1] - replicates[:, at, :1], confidence
        )
        stated_lrs = {
            key: lr_values(float(lrs[at, n]), ends[:, at, n].tolist(), _cap(material, candidate, key))
            for n, key in enumerate(QUESTIONS)
        }
        spoken = speech(material.own, candidate.seat, material.question.suspect, material.calibration)
        outside = reasons(_checks(material, candidate), spoken)
        behind = None if at == leader else (float(gap[0, 0]), float(gap[1, 0]))
        found.append(Ranked(candidate, stated_lrs, tuple(outside), behind))
    return sorted(found, key=lambda one: (-one.uncapped, one.candidate.family))


def _cap(material: SearchMaterial, candidate: Candidate, key: str) -> Cap:
    return Cap.of(material.calibration.questions[key], candidate.most if key == ANY else np.inf)


def _leader(lrs: Floats, lows: Floats) -> int:
    able = (lrs > 0) & (lows > 0)
    return int(np.where(able, lrs, -np.inf).argmax()) if able.any() else int(lrs.argmax())


def _checks(material: SearchMaterial, candidate: Candidate) -> list[Check]:
    return checks(material.own, candidate.seat, material.question.suspect, candidate.members, material.calibration)


def values(
    material: SearchMaterial, order: Sequence[Ranked], made: SearchedSet | None, confidence: float
) -> SearchValues:
    """The values of a search."""
    leader = next(one for one in order if one.behind is None)
    answer = leader if leader.supported else None
    could = _could_also_be(order, leader) if answer else []
    families = [one.candidate.family for one in order]
    label = material.question.protected_name
    return SearchValues(
        envelope=tuple(dict.fromkeys(reason for one in order for reason in one.outside)),
        answer=answer.candidate.family if answer else None,
        leader=leader.candidate.family,
        could_also_be=tuple(could),
        tied_with_leader=tuple(one.candidate.family for one in order if one.tied),
        candidates=tuple(_stated(at, one) for at, one in enumerate(order, 1)),
        n_candidates=len(order),
        n_supported=sum(one.supported for one in order),
        not_compared=tuple(NotCompared(one.family, one.reason) for one in material.candidates if one.reason),
        younger=tuple(sorted(name for one in material.candidates for name in one.younger)),
        suspect=material.question.suspect.name,
        protected=label,
        protected_rank=1 + families.index(label) if label in families else None,
        n_prompts=len(material.own.found.prompts),
        confidence=confidence,
        overlap=material.overlap,
        sources=set_values(material, made),
        calibration=stated(material.calibration),
    )


def tables(material: SearchMaterial, order: Sequence[Ranked], made: SearchedSet | None) -> dict[str, Table]:
    """The tables of a search."""
    return {
        "candidates": _candidates(material, order, made),
        "verbal_scale": scale_table(),
        "calibration_figures": figures_table(material.calibration),
        RESOURCE: weights_table(material.calibration),
    }


def _could_also_be(order: Sequence[Ranked], leader: Ranked) -> list[CouldAlsoBe]:
    """Families that the material can't separate from the leader: ties, and those of its developer above LR = 1."""
    maker = leader.candidate.developer
    found = []
    for one in order:
        kin = maker is not None and one.candidate.developer == maker
        why = [TIED] * one.tied + [SIBLING] * (kin and (one.tied or one.uncapped > 0))
        if one is not leader and why:
            found.append(CouldAlsoBe(one.candidate.family, ", ".join(why)))
    return found


def _stated(rank: int, one: Ranked) -> CandidateValues:
    first = one.lrs[ANY]
    return CandidateValues(
        rank=rank,
        family=one.candidate.family,
        developer=one.candidate.developer,
        members=tuple(corpus.name for corpus in one.candidate.members),
        n_controls=len(one.candidate.seat.controls),
        log10_lr=first.log10_lr,
        interval=first.interval,
        log10_lr_uncapped=first.log10_lr_uncapped,
        interval_uncapped=first.interval_uncapped,
        cap=first.cap,
        label=first.label,
        supported=one.supported,
        tied_with_leader=one.tied,
        outside=bool(one.outside),
    )


def _candidates(material: SearchMaterial, order: Sequence[Ranked], made: SearchedSet | None) -> Table:
    rows = [_row(at, one, made) for at, one in enumerate(order, 1)]
    rows += [
        CandidateRow(
            family=one.family,
            controls=len(one.seat.controls),
            members=shortlist(one.younger),
            developer=one.developer,
            reason=one.reason,
        )
        for one in material.candidates
        if one.reason
    ]
    return table(CandidateRow, rows)


def _row(rank: int, one: Ranked, made: SearchedSet | None) -> CandidateRow:
    first, (behind_low, behind_high) = one.lrs[ANY], one.behind or (None, None)
    return CandidateRow(
        rank=rank,
        family=one.candidate.family,
        log10_lr=first.log10_lr,
        low=first.interval[0],
        high=first.interval[1],
        uncapped=first.log10_lr_uncapped,
        cap_low=first.cap[0],
        cap_high=first.cap[1],
        in_set=None if made is None else one.candidate.family in made.given,
        others_aside=None if made is None else made.aside.get(one.candidate.family),
        derivation=one.lrs[ORIGIN].log10_lr,
        behind_low=behind_low,
        behind_high=behind_high,
        tied=one.tied,
        controls=len(one.candidate.seat.controls),
        members=shortlist([corpus.name for corpus in one.candidate.members]),
        developer=one.candidate.developer,
        outside="; ".join(one.outside),
    )


def warnings(material: SearchMaterial, order: Sequence[Ranked]) -> tuple[str, ...]:
    """What a reader of a search must be warned of."""
    said = words(material.overlap, material.question.suspect.name)
    late = [name for one in material.candidates for name in one.younger]
    if late:
        said.append(f"Younger than the suspect, and so no candidates: {shortlist(sorted(late))}.")
    lacking = list(dict.fromkeys(what for one in order for what in unknown(_checks(material, one.candidate))))
    if lacking:
        said.append(f"Not compared with the panels, because it is unknown: {shortlist(lacking)}.")
    if material.absent:
        said.append(f"Without similarities, and so left out: {shortlist(material.absent)}.")
    said += missing_prompts(material.question)
    if material.question.despite_date:
        said.append(f"Compared against the date gate, for this reason: {material.question.despite_date}")
    return tuple(said)

"""The set of sources of a search: who is in it, and what each member and the whole set weigh."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from workbench.analyses.scoring.likelihood_ratios import log10_lrs, log_odds, weights_of
from workbench.analyses.scoring.lr_values import Cap
from workbench.analyses.scoring.seats import LEAST_CONTROLS
from workbench.analyses.scoring.source_sets import SourceSet, source_set
from workbench.analyses.source_search.compute import Candidate, SearchMaterial
from workbench.analyses.source_search.values import SetMember, SetValues
from workbench.core.statistics.fitted_calibration import ANY


@dataclass(frozen=True, slots=True)
class SearchedSet:
    """The set of a search, and of each of its members, by family, the uncapped log10 LR given the others as controls
    and with them aside (None where too few controls would be left)."""

    found: SourceSet
    given: dict[str, float]
    aside: dict[str, float | None]


def searched(material: SearchMaterial) -> SearchedSet | None:
    """The set of a search; None where its calibration states no sets."""
    margin = material.calibration.sets.get("margin")
    if margin is None:
        return None
    compared, weights = material.compared(), weights_of(material.calibration)
    found = source_set([log_odds(material.own, one.seat, weights) for one in compared], float(margin))
    chosen = [compared[at] for at in found.candidates]
    given = {one.family: float(log10_lrs(material.own, one.seat, weights)[0]) for one in chosen}
    aside: dict[str, float | None] = {}
    for one in chosen:
        others = {place for other in chosen if other is not one for place in other.seat.members}
        seat = one.seat.without(others)
        enough = len(seat.controls) >= LEAST_CONTROLS
        aside[one.family] = float(log10_lrs(material.own, seat, weights)[0]) if enough else None
    return SearchedSet(found, given, aside)


def set_values(material: SearchMaterial, made: SearchedSet | None) -> SetValues | None:
    """The set as a Finding states it."""
    if made is None:
        return None
    stated, by_family = material.calibration.sets, {one.family: one for one in material.compared()}
    caps = {family: _cap(material, by_family[family]) for family in made.given}
    members = []
    for family, given in made.given.items():
        aside = made.aside[family]
        members.append(
            SetMember(
                family=family,
                log10_lr=caps[family].within(given),
                others_aside=None if aside is None else caps[family].within(aside),
                siblings=_siblings(by_family, family, made),
            )
        )
    return SetValues(
        members=tuple(members),
        none=made.found.none,
        log10_lr=_of_the_set(made, caps),
        rate=float(stated["rate"]),
        covered=float(stated["covered"]),
        size=float(stated["size"]),
        suspects=int(stated["suspects"]),
    )


def _cap(material: SearchMaterial, candidate: Candidate) -> Cap:
    return Cap.of(material.calibration.questions[ANY], candidate.most)


def _siblings(candidates: dict[str, Candidate], family: str, made: SearchedSet) -> tuple[str, ...]:
    maker = candidates[family].developer
    return tuple(
        other for other in made.given if other != family and maker is not None and candidates[other].developer == maker
    )


def _of_the_set(made: SearchedSet, caps: dict[str, Cap]) -> float | None:
    """That one of the members is a source, each held to be it equally often before: the mean of their LRs with the
    others aside, so that no member explains another away."""
    if not made.given:
        return None
    alone = [made.given[family] if aside is None else aside for family, aside in made.aside.items()]
    lr = float(np.log10(np.mean(10.0 ** np.array(alone))))
    return Cap(min(cap.low for cap in caps.values()), max(cap.high for cap in caps.values())).within(lr)

"""Pairs of known truth scored with weights that saw nothing of them: other panels, other groups, other makers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from workbench.analyses.scoring.calibration_fit import Estimate, all_fitted, estimates, support
from workbench.analyses.scoring.panel_cases import (
    Episode,
    Scored,
    TrainingRows,
    TruthPanel,
    groups,
    joined,
    relatives,
    rows_of,
    smaller,
    whole,
)
from workbench.analyses.scoring.source_sets import KnownSuspect
from workbench.core.model import Facts
from workbench.core.panel import Panel
from workbench.core.progress import Progress, part
from workbench.core.statistics.fitted_calibration import ANY

SEED = 20_260_101


@dataclass(frozen=True, slots=True)
class KnownTruth:
    """Some panels with all their pairs scored: `facts` of all models, `whole` and `small` by panel, and the rows that
    a fit sees."""

    panels: tuple[TruthPanel, ...]
    facts: Mapping[str, Facts]
    whole: tuple[Episode, ...]
    small: tuple[Episode, ...]
    rows: TrainingRows

    def groups(self) -> dict[str, int]:
        """The independent group of every model."""
        return groups(self.facts)


def known_truth(panels: Sequence[TruthPanel], progress: Progress) -> KnownTruth:
    """All pairs of some panels and of smaller panels out of them; the same panels give the same scores."""
    large, small = [], []
    for number, panel in enumerate(panels):
        step = part(progress, number / len(panels), (number + 1) / len(panels))
        large.append(whole(panel, part(step, 0.0, 0.5)))
        small.append(smaller(panel, SEED, part(step, 0.5, 1.0)))
    rows = [rows_of(case, number, small=False) for number, case in enumerate(large)]
    rows += [rows_of(case, number, small=True) for number, case in enumerate(small)]
    return KnownTruth(tuple(panels), all_facts(panels), tuple(large), tuple(small), joined(rows))


def all_facts(panels: Sequence[TruthPanel]) -> dict[str, Facts]:
    """The facts of all models; one that stands in several panels has all its groups."""
    found: dict[str, Facts] = {}
    for panel in panels:
        for name, facts in panel.facts.items():
            own = (*found[name].group, *facts.group) if name in found else facts.group
            found[name] = replace(facts, group=tuple(dict.fromkeys(own)))
    return found


@dataclass(frozen=True, slots=True)
class HeldOut:
    """What weights that did not see it say of a panel, or of some suspects of it: `plain` in the whole panel, `few` in
    smaller panels with few controls, `makers` with weights that also saw no true pair of the family's developer;
    and `bounds`, the log10 LRs by question that the rest supports."""

    panel: int
    plain: tuple[Estimate, ...]
    few: tuple[Estimate, ...]
    makers: tuple[Estimate, ...]
    bounds: Mapping[str, tuple[float, float]]


def panel_left_out(known: KnownTruth, number: int, questions: Sequence[str], *, makers: bool = False) -> HeldOut:
    """One panel, scored with weights and bounds that come from the others."""
    rest = known.rows.only(known.rows.panels != number)
    weights = all_fitted(rest, questions=questions)
    others = [one for one in range(len(known.panels)) if one != number]
    again: list[tuple[int, Estimate]] = []
    kin = known.groups()
    for other in others:
        inner = all_fitted(rest.only(rest.panels != other), questions=questions) if len(others) > 1 else weights
        again += [(kin[one.pair.suspect], one) for one in estimates(known.whole[other].pairs, inner)]
    return HeldOut(
        number,
        tuple(estimates(known.whole[number].pairs, weights)),
        tuple(estimates(known.small[number].pairs, weights)),
        tuple(_without_makers(known.panels[number].facts, known.whole[number].pairs, rest)) if makers else (),
        {question: _bounds(again, question) for question in questions},
    )


def groups_left_out(known: KnownTruth, number: int, questions: Sequence[str], *, makers: bool = False) -> list[HeldOut]:
    """One panel, each suspect scored with weights that saw neither it nor any relative of it as a suspect."""
    facts = known.facts
    folds: dict[frozenset[str], list[str]] = {}
    for suspect in dict.fromkeys(one.pair.suspect for one in known.whole[number].pairs):
        folds.setdefault(relatives(facts, suspect), []).append(suspect)
    found: list[HeldOut] = []
    for left_out, suspects in folds.items():
        rest = known.rows.only(~np.isin(known.rows.suspects, sorted(left_out)))
        weights = all_fitted(rest, questions=questions)
        own = [one for one in known.whole[number].pairs if one.pair.suspect in suspects]
        few = [one for one in known.small[number].pairs if one.pair.suspect in suspects]
        others = tuple(_without_makers(known.panels[number].facts, own, rest)) if makers else ()
        found.append(HeldOut(number, tuple(estimates(own, weights)), tuple(estimates(few, weights)), others, {}))
    kin = known.groups()
    every = [(at, kin[one.pair.suspect], one) for at, fold in enumerate(found) for one in fold.plain]
    return [
        replace(
            fold,
            bounds={
                question: _bounds([(group, one) for other, group, one in every if other != at], question)
                for question in questions
            },
        )
        for at, fold in enumerate(found)
    ]


def _bounds(found: Sequence[tuple[int, Estimate]], question: str) -> tuple[float, float]:
    known = support(found, question)
    return known.low, known.high


def _without_makers(facts: Mapping[str, Facts], own: Sequence[Scored], rows: TrainingRows) -> list[Estimate]:
    """The first question with weights that saw no true pair of a maker's families, whatever the panel."""
    panel = Panel(dict(facts))
    makers = {family: {facts[name].developer for name in panel.members(family)} for family in panel.families()}
    found: list[Estimate] = []
    for maker in sorted({name for names in makers.values() for name in names if name}):
        some = [one for one in own if maker in makers[one.pair.family]]
        if some:
            theirs = [family for family, names in makers.items() if maker in names]
            keep = ~(np.isin(rows.families, theirs) & (rows.relations != ""))
            found += estimates(some, all_fitted(rows.only(keep), questions=(ANY,)))
    return found


def known_suspects(found: Sequence[Estimate], facts: Mapping[str, Facts]) -> list[KnownSuspect]:
    """The suspects of some pairs whose documented source is among their candidates, and those without a teacher."""
    by_suspect: dict[str, list[Estimate]] = {}
    for one in found:
        by_suspect.setdefault(one.pair.suspect, []).append(one)
    suspects = []
    for name, own in by_suspect.items():
        sources = frozenset(at for at, one in enumerate(own) if one.pair.positive)
        if sources or facts[name].teacherless:
            suspects.append(KnownSuspect(tuple(one.log_odds for one in own), sources))
    return suspects

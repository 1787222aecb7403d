"""What the method is worth on panels of known truth: fitting a calibration on them, and scoring their pairs.

Panels come in with their similarities, and results go out; reading, writing and processes are for others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol

import numpy as np

from workbench.analyses.base import software
from workbench.analyses.scoring.calibration_fit import (
    Estimate,
    Fold,
    HeldOut,
    LeaveOut,
    all_fitted,
    estimates,
    folds,
    misled,
    replicates,
    support,
)
from workbench.analyses.scoring.panel_cases import (
    Episode,
    TruthPanel,
    episodes,
    groups,
    joined,
    relatives,
    rows_of,
    surroundings,
)
from workbench.analyses.scoring.partial_correlation import VERSION
from workbench.core.errors import RefusedError
from workbench.core.model import Facts
from workbench.core.panel import Panel
from workbench.core.progress import Progress, part
from workbench.core.statistics.fitted_calibration import ANY, QUESTIONS, Calibration, Weighing
from workbench.core.statistics.validation_figures import ScoredPair, figures
from workbench.core.statistics.validation_result import LOO, ValidationResult, Variant

SEED = 20_260_101
REPLICATES = 1000
WEIGHTS = 100
"""Bootstrap replicates of a calibration's weights."""

_LIMITS = (
    "A documented source is what somebody published; an undocumented one counts as no source here.",
    "Suspects of one panel answer the same prompts: they are new suspects, not independent panels.",
    "No error among n independent pairs shows, with 95 % confidence, a rate below about 3/n and no less.",
)


class HoldingOut(Protocol):
    """Works on every fold of a panel, on as many cores as its maker likes, and keeps their order."""

    def __call__(
        self, leave: LeaveOut, folds: Sequence[Fold], progress: Progress, *, makers: bool
    ) -> list[tuple[Fold, HeldOut]]:
        """What every fold leaves out."""


def calibrated(panels: Sequence[TruthPanel], made: str, hold_out: HoldingOut, progress: Progress) -> Calibration:
    """The calibration of some panels, `made` on a date; the same panels give the same numbers.

    Raises RefusedError where a question has no documented true pair.
    """
    facts = _joined(panels)
    cases = [_cases(panel, part(progress, 0.0, 0.5)) for panel in panels]
    rows = joined([rows_of(case) for some in cases for case in some])
    weights = all_fitted(rows, np.ones(len(rows.controls), dtype=np.bool_))
    if set(weights) != set(QUESTIONS):
        missing = ", ".join(question for question in QUESTIONS if question not in weights)
        raise RefusedError(f"The panels have no documented true pairs for: {missing}.")
    scored = [_own(panels, cases, number, facts, hold_out, part(progress, 0.5, 1.0)) for number in range(len(panels))]
    every = [one for some in scored for _, own in some for one in own.plain]
    few = [one for some in scored for _, own in some for one in own.few]
    kin = groups(facts)
    drawn = replicates(rows, kin, WEIGHTS, SEED)
    questions = {}
    for question in QUESTIONS:
        known = support(every, kin, question)
        counts = (known.positives, known.positive_groups, known.negatives, known.negative_groups)
        ends = (known.low, known.high)
        wrong = misled(every, question, *ends) | {"few": misled(few, question, *ends)}
        questions[question] = Weighing(weights[question], drawn[question], *ends, *counts, wrong)
    pairs = _pairs(every, facts, lambda _: (questions[ANY].low, questions[ANY].high))
    return Calibration(
        score_version=VERSION,
        made=made,
        panels=tuple(_described(panel) for panel in panels),
        questions=questions,
        envelope=_around([surroundings(panel) for panel in panels]),
        figures=figures(pairs, SEED, REPLICATES),
    )


def leaving_out(material: TruthPanel, hold_out: HoldingOut, progress: Progress, *, makers: bool) -> ValidationResult:
    """A panel scored with weights that saw neither a pair's suspect nor any relative of it."""
    facts = material.facts
    leave = LeaveOut(material.ground(), _cases(material, part(progress, 0, 0.3))[1:], (ANY,))
    plain = hold_out(leave, folds(facts), part(progress, 0.3, 1.0), makers=makers)
    others = [one for _, own in plain for one in own.makers]
    kin = groups(facts)
    every = [one for _, own in plain for one in own.plain]
    bounds: dict[str, tuple[float, float]] = {}
    for fold, _ in plain:
        known = support([one for one in every if one.pair.suspect not in fold.left_out], kin, ANY)
        bounds |= dict.fromkeys(fold.suspects, (known.low, known.high))
    pairs = _pairs(every, facts, bounds.__getitem__)
    variants = _makers(_pairs(others, facts, bounds.__getitem__)) if makers else []
    words = "fitted on this panel, each suspect's group left out"
    return _result(material, pairs, words, "", LOO, makers=tuple(variants))


def _makers(pairs: Sequence[ScoredPair]) -> list[Variant]:
    """All pairs, each scored without the true pairs of its family's maker; and each maker's own."""
    every = figures(pairs, SEED, 200)
    found = [Variant("all makers", every["all"]), Variant("all makers, distilled", every["distilled"])]
    makers = sorted({pair.developer for pair in pairs if pair.developer and pair.positive})
    for maker in makers:
        own = [pair for pair in pairs if pair.developer == maker]
        found.append(Variant(maker, figures(own, SEED, 200)["all"], "pairs of this maker's families alone"))
    return found


def with_calibration(material: TruthPanel, stored: Calibration, mode: str) -> ValidationResult:
    """A panel scored with a calibration that was fitted elsewhere."""

    panel = Panel(dict(material.facts))
    scored = list(material.ground().scored(panel))
    found = estimates(scored, {key: one.weights for key, one in stored.questions.items()})
    limits = (stored.questions[ANY].low, stored.questions[ANY].high)
    pairs = _pairs(found, material.facts, lambda _: limits)
    result = _result(material, pairs, f"{stored.name} ({stored.made})", stored.sha256, mode)
    here = surroundings(material)
    rows = tuple((key, f"{_span(here[key])}; calibration: {_span(stored.envelope[key])}") for key in here)
    warnings = [
        f"{key}: {_span(here[key])} lies outside what the calibration covers, {_span(stored.envelope[key])}"
        for key in here
        if here[key][0] < stored.envelope[key][0] or here[key][1] > stored.envelope[key][1]
    ]
    if any(panel_["sha256"] == material.sha256 for panel_ in stored.panels):
        warnings.insert(0, "This calibration was fitted on this very panel: its figures flatter. Use loo.")
    return replace(result, envelope=rows, warnings=tuple(warnings))


def _span(ends: tuple[float, float]) -> str:
    return f"{ends[0]:.4g} to {ends[1]:.4g}"


def _own(
    panels: Sequence[TruthPanel],
    cases: Sequence[Sequence[Episode]],
    number: int,
    facts: Mapping[str, Facts],
    hold_out: HoldingOut,
    progress: Progress,
) -> list[tuple[Fold, HeldOut]]:
    """One panel's pairs, scored with weights from everything but their own relatives."""

    others = [case for at, some in enumerate(cases) for case in (some[1:] if at == number else some)]
    leave = LeaveOut(panels[number].ground(), others)
    own = [
        replace(fold, left_out=frozenset().union(*(relatives(facts, name) for name in fold.left_out)))
        for fold in folds(panels[number].facts)
    ]
    return hold_out(leave, own, progress, makers=False)


def _joined(panels: Sequence[TruthPanel]) -> dict[str, Facts]:
    """The facts of all models; one that stands in several panels has all its groups."""
    joined: dict[str, Facts] = {}
    for material in panels:
        for name, facts in material.facts.items():
            groups = (*joined[name].group, *facts.group) if name in joined else facts.group
            joined[name] = replace(facts, group=tuple(dict.fromkeys(groups)))
    return joined


def _pairs(
    found: Sequence[Estimate], facts: Mapping[str, Facts], bounds: Callable[[str], tuple[float, float]]
) -> list[ScoredPair]:
    panel = Panel(facts)
    makers = {family: facts[panel.members(family)[0]].developer for family in panel.families()}
    pairs = []
    for one in found:
        low, high = bounds(one.pair.suspect)
        value = one.log10_lrs.get(ANY, 0.0)
        own = facts[one.pair.suspect]
        pairs.append(
            ScoredPair(
                suspect=one.pair.suspect,
                family=one.pair.family,
                relation=one.pair.relation,
                positive=one.pair.positive,
                excluded=one.pair.excluded,
                developer=makers[one.pair.family],
                released=own.released,
                group=own.group,
                log10_lr=min(max(value, low), high),
                log10_lr_uncapped=value,
                score=one.partial,
            )
        )
    return pairs


def _result(
    material: TruthPanel,
    pairs: Sequence[ScoredPair],
    calibration: str,
    digest: str,
    mode: str,
    makers: tuple[Variant, ...] = (),
) -> ValidationResult:
    facts = material.facts
    suspects = {pair.suspect for pair in pairs}
    all_pairs = len(list(Panel(dict(facts)).pairs()))
    unscored = all_pairs - len(pairs)
    sizes = (("models", str(len(facts))), ("prompts", str(len(material.found.prompts))), ("pairs", str(len(pairs))))
    return ValidationResult(
        panel=material.name,
        panel_sha256=material.sha256,
        calibration=calibration,
        calibration_sha256=digest,
        mode=mode,
        date="",
        examiner="",
        seed=SEED,
        replicates=REPLICATES,
        pairs=tuple(pairs),
        figures=figures(pairs, SEED, REPLICATES),
        teacherless=frozenset(name for name in suspects if facts[name].teacherless),
        material=(*sizes, ("pairs with too few controls, not scored", str(unscored))),
        makers=makers,
        limits=_LIMITS,
        software=software(),
    )


def _described(material: TruthPanel) -> dict[str, Any]:
    panel = Panel(dict(material.facts))
    return {
        "name": material.name,
        "sha256": material.sha256,
        "models": len(material.facts),
        "prompts": len(material.found.prompts),
        "suspects": len(panel.suspects()),
        "families": len(panel.families()),
        "corpora": list(material.corpora),
    }


def _around(spans: Sequence[Mapping[str, tuple[float, float]]]) -> dict[str, tuple[float, float]]:
    return {key: (min(s[key][0] for s in spans), max(s[key][1] for s in spans)) for key in spans[0]}


def _cases(material: TruthPanel, progress: Progress) -> list[Episode]:
    return list(episodes(material, SEED, progress))

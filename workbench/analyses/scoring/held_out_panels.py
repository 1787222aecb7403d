"""What the method is worth on panels of known truth: fitting a calibration on them, and scoring their pairs.

Panels come in with their similarities, and results go out; reading, writing and processes are for others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from workbench.analyses.base import software
from workbench.analyses.scoring.calibration_fit import (
    Estimate,
    all_fitted,
    estimates,
    misled,
    replicates,
    reported,
    support,
    tippett,
)
from workbench.analyses.scoring.held_out import (
    SEED,
    HeldOut,
    KnownTruth,
    groups_left_out,
    known_suspects,
    known_truth,
    panel_left_out,
)
from workbench.analyses.scoring.panel_cases import TruthPanel, languages_of, surroundings, whole
from workbench.analyses.scoring.partial_correlation import VERSION
from workbench.analyses.scoring.source_sets import RATE, coverage, margin_of
from workbench.core.errors import RefusedError
from workbench.core.model import Facts, Json
from workbench.core.panel import Panel
from workbench.core.progress import Progress, part
from workbench.core.statistics.fitted_calibration import ANY, QUESTIONS, Calibration, Weighing
from workbench.core.statistics.validation_figures import ScoredPair, figures
from workbench.core.statistics.validation_result import LOO, LOPO, ValidationResult, Variant

REPLICATES = 1000
WEIGHTS = 100
"""Bootstrap replicates of a calibration's weights."""

LEAST_PANELS = 3
"""With so many panels each is left out in turn; with fewer, groups of suspects are."""

_LIMITS = (
    "A documented source is what somebody published; an undocumented one counts as no source here.",
    "Suspects of one panel answer the same prompts: they are new suspects, not independent panels.",
    "No error among n independent pairs shows, with 95 % confidence, a rate below about 3/n and no less.",
)


def calibrated(panels: Sequence[TruthPanel], made: str, progress: Progress) -> Calibration:
    """The calibration of some panels, `made` on a date; the same panels give the same numbers.

    Raises RefusedError where a question has no documented true pair.
    """
    known = known_truth(panels, part(progress, 0.0, 0.9))
    weights = all_fitted(known.rows)
    if set(weights) != set(QUESTIONS):
        missing = ", ".join(question for question in QUESTIONS if question not in weights)
        raise RefusedError(f"The panels have no documented true pairs for: {missing}.")
    held = _held_out(known)
    kin = known.groups()
    every = [(kin[one.pair.suspect], one) for fold in held for one in fold.plain]
    few = [one for fold in held for one in fold.few]
    drawn = replicates(known.rows, [kin[name] for name in known.rows.suspects.tolist()], WEIGHTS, SEED)
    questions = {}
    for question in QUESTIONS:
        on = support(every, question)
        counts = (on.positives, on.positive_groups, on.negatives, on.negative_groups)
        ends = (on.low, on.high)
        tried = [one for _, one in every]
        wrong = misled(tried, question, *ends) | {
            "few": misled(few, question, *ends),
            "tippett": tippett(tried, question, *ends),
        }
        questions[question] = Weighing(weights[question], drawn[question], *ends, *counts, wrong)
    return Calibration(
        score_version=VERSION,
        made=made,
        panels=tuple(_described(known, number, held) for number in range(len(panels))),
        questions=questions,
        envelope=_around([surroundings(panel) for panel in panels]),
        figures=figures(_all_pairs(known, held), SEED, REPLICATES),
        sets=_sets(known, held),
    )


def _held_out(known: KnownTruth, *, makers: bool = False) -> list[HeldOut]:
    """Every pair, scored by other panels where there are enough of them, else by other groups."""
    questions = tuple(QUESTIONS)
    numbers = range(len(known.panels))
    if len(known.panels) >= LEAST_PANELS:
        return [panel_left_out(known, number, questions, makers=makers) for number in numbers]
    return [fold for number in numbers for fold in groups_left_out(known, number, questions, makers=makers)]


def _described(known: KnownTruth, number: int, held: Sequence[HeldOut]) -> dict[str, Any]:
    material = known.panels[number]
    panel = Panel(dict(material.facts))
    own = [fold for fold in held if fold.panel == number]
    return {
        "name": material.name,
        "sha256": material.sha256,
        "models": len(material.facts),
        "prompts": len(material.found.prompts),
        "suspects": len(panel.suspects()),
        "families": len(panel.families()),
        "languages": list(languages_of(material)),
        "covers": {key: list(ends) for key, ends in surroundings(material).items()},
        "left_out": "panel" if len(known.panels) >= LEAST_PANELS else "groups",
        "figures": figures(_pairs_of(own, material.facts), SEED, REPLICATES)["all"],
        "corpora": list(material.corpora),
    }


def _sets(known: KnownTruth, held: Sequence[HeldOut]) -> dict[str, Json]:
    """The margin of sets of sources, and what they were worth on each panel with the margin that the others give."""
    numbers = range(len(known.panels))
    suspects = [
        known_suspects([one for fold in held if fold.panel == number for one in fold.plain], known.panels[number].facts)
        for number in numbers
    ]
    by_panel, covered, all_covered, size = {}, 0.0, 0.0, 0.0
    for number in numbers:
        rest = [one for other in numbers if other != number for one in suspects[other]] or suspects[number]
        found = coverage(suspects[number], margin_of(rest))
        by_panel[known.panels[number].name] = dict(asdict(found))
        covered += found.covered * found.suspects
        all_covered += found.all_covered * found.suspects
        size += found.size * found.suspects
    every = [one for some in suspects for one in some]
    count = max(1, len(every))
    return {
        "rate": RATE,
        "margin": margin_of(every),
        "covered": covered / count,
        "all_covered": all_covered / count,
        "size": size / count,
        "suspects": len(every),
        "panels": by_panel,
    }


def leaving_groups_out(material: TruthPanel, progress: Progress, *, makers: bool) -> ValidationResult:
    """A panel scored with weights that saw neither a pair's suspect nor any relative of it as a suspect."""
    known = known_truth([material], part(progress, 0.0, 0.9))
    held = groups_left_out(known, 0, (ANY,), makers=makers)
    words = "fitted on this panel, each suspect's group left out"
    result = _result(material, known.whole[0].unscored, _pairs_of(held, material.facts), words, "", LOO)
    return replace(result, makers=tuple(_makers(_makers_of(held, material.facts)) if makers else ()))


def leaving_panels_out(materials: Sequence[TruthPanel], progress: Progress, *, makers: bool) -> ValidationResult:
    """Some panels, each scored with weights and bounds that come from the others alone."""
    if len(materials) < LEAST_PANELS:
        raise RefusedError(
            f"Leaving panels out needs at least {LEAST_PANELS} panels, and there are {len(materials)}.",
            hint="`--calibration loo` leaves groups of suspects out within one panel.",
        )
    known = known_truth(materials, part(progress, 0.0, 0.9))
    held = [panel_left_out(known, number, (ANY,), makers=makers) for number in range(len(materials))]
    pairs = _all_pairs(known, held)
    words = "fitted on the other panels, each panel left out in turn"
    unscored: dict[str, int] = {}
    for case in known.whole:
        for reason, count in case.unscored.items():
            unscored[reason] = unscored.get(reason, 0) + count
    every = replace(
        materials[0],
        name=" + ".join(material.name for material in materials),
        facts={f"{material.name}: {name}": one for material in materials for name, one in material.facts.items()},
    )
    result = _result(every, unscored, pairs, words, "", LOPO)
    prompts = sum(len(material.found.prompts) for material in materials)
    return replace(
        result,
        material=(
            ("panels", str(len(materials))),
            *((key, str(prompts) if key == "prompts" else value) for key, value in result.material),
        ),
        panels=tuple(_by_panel(known, held)),
        makers=tuple(
            _makers([pair for fold in held for pair in _makers_of([fold], known.panels[fold.panel].facts)])
            if makers
            else ()
        ),
    )


def _by_panel(known: KnownTruth, held: Sequence[HeldOut]) -> list[Variant]:
    """Each panel by itself, and all its smaller panels with few controls."""
    found = []
    for fold in held:
        material = known.panels[fold.panel]
        found.append(
            Variant(
                material.name,
                figures(_pairs_of([fold], material.facts), SEED, 200)["all"],
                f"{len(material.facts)} models, {len(material.found.prompts)} prompts",
            )
        )
    few = [pair for fold in held for pair in _few_of(fold, known.panels[fold.panel].facts)]
    found.append(Variant("smaller panels", figures(few, SEED, 0)["all"], "5 to 26 controls; pairs are not independent"))
    return found


def _makers(pairs: Sequence[ScoredPair]) -> list[Variant]:
    """All pairs, each scored without the true pairs of its family's maker; and each maker's own."""
    every = figures(pairs, SEED, 200)
    found = [Variant("all makers", every["all"]), Variant("all makers, distilled", every["distilled"])]
    makers = sorted({pair.developer for pair in pairs if pair.developer and pair.positive})
    for maker in makers:
        own = [pair for pair in pairs if pair.developer == maker]
        found.append(Variant(maker, figures(own, SEED, 200)["all"], "pairs of this maker's families alone"))
    return found


def with_calibration(material: TruthPanel, stored: Calibration, mode: str, progress: Progress) -> ValidationResult:
    """A panel scored with a calibration that was fitted elsewhere."""
    case = whole(material, progress)
    found = estimates(case.pairs, {key: one.weights for key, one in stored.questions.items()})
    limits = (stored.questions[ANY].low, stored.questions[ANY].high)
    held = HeldOut(0, tuple(found), (), (), {ANY: limits})
    pairs = _pairs_of([held], material.facts)
    result = _result(material, case.unscored, pairs, f"{stored.name} ({stored.made})", stored.sha256, mode)
    here = surroundings(material)
    rows = tuple((key, f"{_span(here[key])}; calibration: {_span(stored.envelope[key])}") for key in here)
    warnings = [
        f"{key}: {_span(here[key])} lies outside what the calibration covers, {_span(stored.envelope[key])}"
        for key in here
        if here[key][0] < stored.envelope[key][0] or here[key][1] > stored.envelope[key][1]
    ]
    strange = [code for code in languages_of(material) if code not in stored.languages]
    if strange:
        warnings.append(f"languages: {', '.join(strange)}; the calibration covers {', '.join(stored.languages)}")
    if any(panel_["sha256"] == material.sha256 for panel_ in stored.panels):
        warnings.insert(
            0, "This calibration was fitted on this very panel too: its figures flatter. Use loo, or lopo with others."
        )
    return replace(result, envelope=rows, warnings=tuple(warnings))


def _span(ends: tuple[float, float]) -> str:
    return f"{ends[0]:.4g} to {ends[1]:.4g}"


def _all_pairs(known: KnownTruth, held: Sequence[HeldOut]) -> list[ScoredPair]:
    """The pairs of all panels; with several, a suspect's name says of which."""
    pairs = []
    for number, material in enumerate(known.panels):
        own = _pairs_of([fold for fold in held if fold.panel == number], material.facts)
        name = f"{material.name}: " if len(known.panels) > 1 else ""
        pairs += [replace(pair, suspect=name + pair.suspect) for pair in own]
    return pairs


def _pairs_of(held: Sequence[HeldOut], facts: Mapping[str, Facts]) -> list[ScoredPair]:
    return [pair for fold in held for pair in _pairs(fold.plain, facts, fold.bounds[ANY])]


def _few_of(fold: HeldOut, facts: Mapping[str, Facts]) -> list[ScoredPair]:
    return _pairs(fold.few, facts, fold.bounds[ANY])


def _makers_of(held: Sequence[HeldOut], facts: Mapping[str, Facts]) -> list[ScoredPair]:
    return [pair for fold in held for pair in _pairs(fold.makers, facts, fold.bounds[ANY])]


def _pairs(found: Sequence[Estimate], facts: Mapping[str, Facts], bounds: tuple[float, float]) -> list[ScoredPair]:
    panel = Panel(dict(facts))
    makers = {family: facts[panel.members(family)[0]].developer for family in panel.families()}
    return [
        ScoredPair(
            suspect=one.pair.suspect,
            family=one.pair.family,
            relation=one.pair.relation,
            positive=one.pair.positive,
            excluded=one.pair.excluded,
            developer=makers[one.pair.family],
            released=facts[one.pair.suspect].released,
            group=facts[one.pair.suspect].group,
            log10_lr=reported(one, ANY, *bounds),
            log10_lr_uncapped=one.log10_lrs[ANY],
            score=one.partial,
        )
        for one in found
        if ANY in one.log10_lrs
    ]


def _result(
    material: TruthPanel,
    unscored: Mapping[str, int],
    pairs: Sequence[ScoredPair],
    calibration: str,
    digest: str,
    mode: str,
) -> ValidationResult:
    facts = material.facts
    suspects = {pair.suspect for pair in pairs}
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
        material=(*sizes, *((f"pairs not scored: {reason}", str(count)) for reason, count in unscored.items())),
        limits=_LIMITS,
        software=software(),
    )


def _around(spans: Sequence[Mapping[str, tuple[float, float]]]) -> dict[str, tuple[float, float]]:
    return {key: (min(s[key][0] for s in spans), max(s[key][1] for s in spans)) for key in spans[0]}

"""The verbs `validate` and `calibrate`: what the method is worth on panels of known truth."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from workbench.app.known_truth import left_out, material_of
from workbench.core.errors import CaseError, RefusedError, UsageError
from workbench.core.files import put
from workbench.core.model import Facts
from workbench.core.panel import Panel
from workbench.core.progress import Progress, part, silent
from workbench.core.resources import resource
from workbench.core.statistics.calibration import ANY, QUESTIONS, Calibration, Weighing, read_calibration
from workbench.core.statistics.performance_metrics import ENTRIES, ScoredPair, figures
from workbench.core.statistics.validation import FILE, LOO, SHIPPED, ValidationResult, Variant

if TYPE_CHECKING:
    from workbench.analyses.scoring.calibration_fit import Estimate, Fold, LeftOut
    from workbench.analyses.scoring.panel_cases import Episode, Material
    from workbench.core.conditions import Conditions

SEED = 20_260_101
REPLICATES = 1000
WEIGHTS = 100
"""Bootstrap replicates of a calibration's weights."""

_LIMITS = (
    "A documented source is what somebody published; an undocumented one counts as no source here.",
    "Suspects of one panel answer the same prompts: they are new suspects, not independent panels.",
    "No error among n independent pairs shows, with 95 % confidence, a rate below about 3/n and no less.",
)


@dataclass(frozen=True, slots=True)
class Study:
    """A validation: its result, and the calibration as a file where one was used."""

    result: ValidationResult
    files: tuple[str, ...] = ()


def shipped() -> Calibration:
    """The calibration that comes with the workbench."""
    return read_calibration(resource("calibration.json"))


def validate(
    path: Path,
    calibration: str,
    conditions: Conditions,
    progress: Progress = silent,
    *,
    out: Path | None = None,
    cache: Path | None = None,
    workers: int | None = None,
) -> Study:
    """Score a panel of known truth by the protocol; with `out`, write the report there.

    `calibration` is `shipped`, `loo` (fitted on the panel's other groups) or the path of a file. Raises
    UsageError, BadInputError, RefusedError, CaseError or Cancelled.
    """
    cores = workers or min(8, os.cpu_count() or 1)
    if out is not None:
        _refuse_full(out)
    stored = None if calibration == LOO else _named(calibration)
    material = material_of(path, conditions, _cache(cache), cores, part(progress, 0, 0.5))
    if stored is None:
        result = _leaving_out(material, cores, part(progress, 0.5, 0.9), makers=out is not None)
    else:
        result = _with_file(material, stored, SHIPPED if calibration == SHIPPED else FILE)
    result = replace(
        result,
        date=conditions.now(),
        examiner=conditions.examiner or conditions.account,
        figures=figures(result.pairs, SEED, REPLICATES),
    )
    return Study(result, _write(result, out) if out is not None else ())


def calibrate(
    paths: Sequence[Path],
    out: Path,
    conditions: Conditions,
    progress: Progress = silent,
    *,
    cache: Path | None = None,
    workers: int | None = None,
) -> Calibration:
    """Fit a calibration on one panel or several and write it to `out`; the same panels give the same numbers."""
    from workbench.analyses.scoring.calibration_fit import all_fitted, misled, replicates, support
    from workbench.analyses.scoring.panel_cases import groups, joined, rows_of, surroundings
    from workbench.analyses.scoring.partial_correlation import VERSION

    if out.exists():
        raise UsageError(f"{out} exists.", hint="Name another file: a calibration is never overwritten.")
    cores = workers or min(8, os.cpu_count() or 1)
    materials = []
    for number, path in enumerate(paths):
        step = part(progress, 0.4 * number / len(paths), 0.4 * (number + 1) / len(paths))
        materials.append(material_of(path, conditions, _cache(cache), cores, step))
    if len({material.sha256 for material in materials}) < len(materials):
        raise UsageError("Two of the panels are the same.", hint="Each panel once: twice the same is no more truth.")
    facts = _joined(materials)
    cases = [_cases(material, part(progress, 0.4, 0.6)) for material in materials]
    rows = joined([rows_of(case) for some in cases for case in some])
    weights = all_fitted(rows, np.ones(len(rows.controls), dtype=np.bool_))
    if set(weights) != set(QUESTIONS):
        missing = ", ".join(question for question in QUESTIONS if question not in weights)
        raise RefusedError(f"The panels have no documented true pairs for: {missing}.")
    scored = [_own(materials, cases, number, facts, cores, part(progress, 0.6, 0.9)) for number in range(len(paths))]
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
    made = Calibration(
        score_version=VERSION,
        made=conditions.now()[:10],
        panels=tuple(_described(material) for material in materials),
        questions=questions,
        envelope=_around([surroundings(material) for material in materials]),
        figures=figures(pairs, SEED, REPLICATES),
    )
    _put(out, made.bytes())
    progress(1.0, "done")
    return made


def _named(calibration: str) -> Calibration:
    from workbench.analyses.scoring.partial_correlation import VERSION

    found = shipped() if calibration == SHIPPED else read_calibration(Path(calibration))
    if found.score_version != VERSION:
        raise RefusedError(
            f"The calibration is for version {found.score_version} of the score; this workbench computes {VERSION}.",
            hint="`workbench calibrate PANEL.json --out FILE` makes one for this version.",
        )
    return found


def _cache(given: Path | None) -> Path:
    from workbench.app.similarity_cache import default_cache

    return given or default_cache()


def _cases(material: Material, progress: Progress) -> list[Episode]:
    from workbench.analyses.scoring.panel_cases import episodes

    return list(episodes(material, SEED, progress))


def _leaving_out(material: Material, workers: int, progress: Progress, *, makers: bool) -> ValidationResult:
    from workbench.analyses.scoring.calibration_fit import LeaveOut, folds, support
    from workbench.analyses.scoring.panel_cases import groups

    facts = material.facts
    leave = LeaveOut(material.ground(), _cases(material, part(progress, 0, 0.3))[1:], (ANY,))
    plain = left_out(leave, folds(facts), workers, part(progress, 0.3, 1.0), makers=makers)
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


def _with_file(material: Material, stored: Calibration, mode: str) -> ValidationResult:
    from workbench.analyses.scoring.calibration_fit import estimates
    from workbench.analyses.scoring.panel_cases import surroundings

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
    materials: Sequence[Material],
    cases: Sequence[Sequence[Episode]],
    number: int,
    facts: Mapping[str, Facts],
    workers: int,
    progress: Progress,
) -> list[tuple[Fold, LeftOut]]:
    """One panel's pairs, scored with weights from everything but their own relatives."""
    from workbench.analyses.scoring.calibration_fit import LeaveOut, folds
    from workbench.analyses.scoring.panel_cases import relatives

    others = [case for at, some in enumerate(cases) for case in (some[1:] if at == number else some)]
    leave = LeaveOut(materials[number].ground(), others)
    own = [
        replace(fold, left_out=frozenset().union(*(relatives(facts, name) for name in fold.left_out)))
        for fold in folds(materials[number].facts)
    ]
    return left_out(leave, own, workers, progress, makers=False)


def _joined(materials: Sequence[Material]) -> dict[str, Facts]:
    """The facts of all models; one that stands in several panels has all its groups."""
    joined: dict[str, Facts] = {}
    for material in materials:
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
    material: Material,
    pairs: Sequence[ScoredPair],
    calibration: str,
    digest: str,
    mode: str,
    makers: tuple[Variant, ...] = (),
) -> ValidationResult:
    from workbench.analyses.base import software

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
        figures={entry: {} for entry in ENTRIES},
        teacherless=frozenset(name for name in suspects if facts[name].teacherless),
        material=(*sizes, ("pairs with too few controls, not scored", str(unscored))),
        makers=makers,
        limits=_LIMITS,
        software=software(),
    )


def _described(material: Material) -> dict[str, Any]:
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


def _refuse_full(out: Path) -> None:
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise UsageError(f"{out} is not an empty folder.", hint="Name a new folder for the report.")


def _write(result: ValidationResult, out: Path) -> tuple[str, ...]:
    from workbench.evidence.validation.report import files_of

    files = files_of(result)
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, data in files.items():
            (out / name).write_bytes(data)
    except OSError as error:
        raise CaseError(f"The report can't be written to {out}: {error.strerror}.") from error
    return tuple(files)


def _put(out: Path, data: bytes) -> None:
    try:
        put(out, data)
    except OSError as error:
        raise CaseError(f"{out} can't be written: {error.strerror}.") from error

"""What `power` states: values, tables and warnings, unrounded. Shares are between 0 and 1."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from workbench.analyses.power.compute import Floats, Planted, PowerMaterial, curve, smallest, smallest_between
from workbench.analyses.power.values import (
    FIRST,
    LR,
    OWN,
    CurveRow,
    FoundShares,
    PlantedControlRow,
    PowerValues,
    ScenarioValues,
    SmallestRow,
    SmallestShare,
)
from workbench.analyses.scoring.envelope import checks, reasons, speech
from workbench.analyses.scoring.parameters import ENOUGH_CONTROLS
from workbench.analyses.scoring.seats import Seat, bench
from workbench.core.model import Table
from workbench.core.statistics.fitted_calibration import RESOURCE, Calibration, Weighing, weights_table
from workbench.core.statistics.fitted_calibration import stated as calibration_stated
from workbench.core.typed_json import table

TARGETS = (0.5, 0.8)
_FALSE = 0.1
_BEFORE = 0.05


@dataclass(frozen=True, slots=True)
class Settings:
    """What the results are judged by: shares planted, the bound on log10 LR, the seed and the confidence; which
    question the LRs are about, and the calibration, if there is one."""

    shares: tuple[float, ...]
    bound: float
    seed: int
    confidence: float
    about: str
    calibration: Calibration | None

    @property
    def weighing(self) -> Weighing | None:
        """The weights of the question."""
        return None if self.calibration is None else self.calibration.questions[self.about]


def values(
    material: PowerMaterial, planted: Sequence[Planted], settings: Settings, beyond: Sequence[str]
) -> PowerValues:
    """The Finding's values; the first scenario is the one that the headline states.

    `beyond` is how the case differs from the calibration's panels.
    """
    scenarios = tuple(_scenario(one, settings) for one in planted)
    weighing, calibration = settings.weighing, material.calibration
    criterion = FIRST if weighing is None else LR
    return PowerValues(
        suspect=material.question.suspect.name,
        protected=material.question.protected_name,
        n_prompts=planted[0].prompts,
        n_prompts_suspect=material.answered,
        n_controls=len(material.question.controls),
        n_planted=len(planted[0].controls),
        draws=int(planted[0].first.shape[1]),
        shares=settings.shares,
        bound=settings.bound,
        confidence=settings.confidence,
        about=settings.about,
        calibration=None if calibration is None else calibration_stated(calibration),
        no_calibration=material.why_none,
        log10_lr_bounds=None if weighing is None else (weighing.low, weighing.high),
        criterion=criterion,
        smallest=scenarios[0].smallest[criterion],
        scenarios=scenarios,
        outside=tuple(beyond),
    )


def _scenario(planted: Planted, settings: Settings) -> ScenarioValues:
    shares, scenario = np.array(settings.shares), planted.scenario
    found: dict[str, FoundShares] = {}
    for name, flags in criteria(planted, settings.bound).items():
        rates = flags.mean(axis=(0, 1))
        half, most = (_smallest(flags, rates, shares, target, settings) for target in TARGETS)
        found[name] = {"at_nought": float(rates[0]), "at_all": float(rates[-1]), "50": half, "80": most}
    return ScenarioValues(scenario.kind, scenario.source, scenario.members, planted.prompts, found)


def _smallest(flags: Floats, rates: Floats, shares: Floats, target: float, settings: Settings) -> SmallestShare:
    ends = smallest_between(flags, shares, target, settings.seed, settings.confidence)
    share, low, high = (_or_none(value) for value in (smallest(shares, rates, target), *ends))
    return SmallestShare(share, (low, high))


def _or_none(share: Floats) -> float | None:
    return float(share) if np.isfinite(share) else None


def criteria(planted: Planted, bound: float) -> dict[str, Floats]:
    """Whether each plant was detected, by criterion, as ones and zeros (controls, draws, shares)."""
    found = {FIRST: planted.first}
    if planted.log10_lrs is not None:
        found = {LR: (planted.log10_lrs >= bound).astype(np.float64), **found}
    return found


def tables(planted: Sequence[Planted], settings: Settings) -> dict[str, Table]:
    """The curves, the smallest shares, each control's own figures, and the calibration's weights."""
    weights = {} if settings.calibration is None else {RESOURCE: weights_table(settings.calibration)}
    return {
        "curve": _curves(planted, settings),
        "smallest": _least(planted, settings),
        "controls": _each(planted, settings),
        **weights,
    }


def _curves(planted: Sequence[Planted], settings: Settings) -> Table:
    return table(CurveRow, [row for one in planted for row in _curve_rows(one, settings)])


def _curve_rows(planted: Planted, settings: Settings) -> list[CurveRow]:
    judged = criteria(planted, settings.bound)
    first = curve(judged[FIRST], settings.seed, settings.confidence)
    by_lr, lrs = (
        None if part is None else curve(part, settings.seed, settings.confidence)
        for part in (judged.get(LR), planted.log10_lrs)
    )
    return [
        CurveRow(
            scenario=planted.scenario.kind,
            source=planted.scenario.source,
            share=share,
            plants=planted.first[..., 0].size,
            detected=None if by_lr is None else float(by_lr.mean[at]),
            detected_low=None if by_lr is None else float(by_lr.low[at]),
            detected_high=None if by_lr is None else float(by_lr.high[at]),
            first=float(first.mean[at]),
            first_low=float(first.low[at]),
            first_high=float(first.high[at]),
            mean_log10_lr=None if lrs is None else float(lrs.mean[at]),
            mean_log10_lr_low=None if lrs is None else float(lrs.low[at]),
            mean_log10_lr_high=None if lrs is None else float(lrs.high[at]),
        )
        for at, share in enumerate(settings.shares)
    ]


def _least(planted: Sequence[Planted], settings: Settings) -> Table:
    rows = []
    for one in planted:
        scenario = one.scenario
        for criterion, found in _scenario(one, settings).smallest.items():
            for target, least in zip(TARGETS, (found["50"], found["80"]), strict=True):
                rows.append(
                    SmallestRow(scenario.kind, scenario.source, criterion, target, least.share, *least.interval)
                )
    return table(SmallestRow, rows)


def _each(planted: Sequence[Planted], settings: Settings) -> Table:
    """Each planted control by share, over its draws."""
    rows = []
    for one in planted:
        lrs = None if one.log10_lrs is None else one.log10_lrs.mean(axis=1)
        first = one.first.mean(axis=1)
        for at, control in enumerate(one.controls):
            for column, share in enumerate(settings.shares):
                mean = None if lrs is None else float(lrs[at, column])
                rows.append(PlantedControlRow(one.scenario.kind, control, share, mean, float(first[at, column])))
    return table(PlantedControlRow, rows)


def warnings(
    material: PowerMaterial, planted: Sequence[Planted], settings: Settings, beyond: Sequence[str]
) -> list[str]:
    """What a reader must be warned of; `beyond` is how the case differs from the calibration's panels."""
    said = []
    stated = planted[0].scenario
    if settings.calibration is None:
        said.append(
            f"No likelihood ratio is counted: {material.why_none}. Detection here means to come before every control."
        )
    weighing = settings.weighing
    if weighing is not None and settings.bound > weighing.high:
        said.append(
            f"The calibration reports no log10 LR above {weighing.high:.2f}, so that the bound of {settings.bound:g} "
            "can't be reached, whatever is planted."
        )
    if stated.kind == OWN:
        said.append(
            f"The protected side has one member, {stated.source}: what is planted are the very answers that are "
            "compared with. That is the easiest thing to find; a second sample of the same model would be less alike."
        )
    elif stated.source not in [c.name for c in material.question.protected]:
        said.append(
            f"{stated.source}, whose answers are planted, is of the protected family and younger than the suspect: it "
            "stands for a second sample of a model that it differs from, so that the true share may be smaller."
        )
    if len(material.question.controls) < ENOUGH_CONTROLS:
        said.append(
            f"There are {len(material.question.controls)} controls: to come before all of them is no rare thing among "
            f"fewer than {ENOUGH_CONTROLS}."
        )
    if beyond:
        said.append(f"Outside what the calibration was validated for, so that its LRs are not: {'; '.join(beyond)}.")
    return said + _found_without_plants(planted[0], settings)


def outside(material: PowerMaterial) -> list[str]:
    """How the case differs from the panels of the calibration."""
    if material.calibration is None:
        return []
    question = material.question
    corpora = question.suspect, *question.protected, *question.controls
    own = bench(material.found, question.suspect.name, {c.name for c in corpora})
    members = tuple(own.at(c.name) for c in question.protected)
    seat = Seat(own.at(question.suspect.name), members, tuple(own.at(c.name) for c in question.controls))
    every = checks(own, seat, question.suspect, question.protected, material.calibration)
    return reasons(every, speech(own, seat, question.suspect, material.calibration))


def _found_without_plants(planted: Planted, settings: Settings) -> list[str]:
    """Detections where nothing was planted."""
    said = []
    words = {LR: (_BEFORE, f"a log10 LR of {settings.bound:g} or more"), FIRST: (_FALSE, "the first place")}
    for criterion, flags in criteria(planted, settings.bound).items():
        limit, what = words[criterion]
        untouched = flags[..., 0].mean(axis=1)
        if untouched.mean() > limit:
            names = [name for name, rate in zip(planted.controls, untouched.tolist(), strict=True) if rate]
            said.append(
                f"With nothing planted, {len(names)} of {len(planted.controls)} controls already have {what}: "
                f"{', '.join(names[:5])}. They are no unrelated models, or the figure means little here."
            )
    return said

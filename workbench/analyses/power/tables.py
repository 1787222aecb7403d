"""What `power` states: values, tables and warnings, unrounded. Shares are between 0 and 1."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from workbench.analyses.power.compute import OWN, Curve, Floats, Material, Planted, curve, smallest, smallest_between
from workbench.analyses.scoring.envelope import checks
from workbench.analyses.scoring.likelihood_ratios import Seat, bench
from workbench.analyses.scoring.matching import ENOUGH_CONTROLS
from workbench.core.model import Column, Json, Table
from workbench.core.selection import Similarities
from workbench.core.statistics.calibration import RESOURCE, Calibration, Weighing, weights_table
from workbench.core.statistics.calibration import stated as calibration_stated

LR, FIRST = "lr", "first"
TARGETS = (0.5, 0.8)
_FALSE = 0.1
_BEFORE = 0.05


@dataclass(frozen=True, slots=True)
class Settings:
    """What the results are judged by: shares planted, the bound on log10 LR, the seed and the confidence; which
    question the LRs are about, and the calibration, or why there is none."""

    shares: tuple[float, ...]
    bound: float
    seed: int
    confidence: float
    about: str
    calibration: Calibration | None
    why_none: str

    @property
    def weighing(self) -> Weighing | None:
        """The weights of the question."""
        return None if self.calibration is None else self.calibration.questions[self.about]


def values(material: Material, planted: Sequence[Planted], settings: Settings) -> dict[str, Json]:
    """The Finding's values; the first scenario is the one that the headline states."""
    scenarios = [_scenario(one, settings) for one in planted]
    weighing = settings.weighing
    criterion = FIRST if weighing is None else LR
    return {
        "suspect": material.question.suspect.name,
        "protected": material.question.protected_name,
        "n_prompts": planted[0].prompts,
        "n_prompts_suspect": material.answered,
        "n_controls": len(material.question.controls),
        "n_planted": len(planted[0].controls),
        "draws": int(planted[0].first.shape[1]),
        "shares": list(settings.shares),
        "bound": settings.bound,
        "confidence": settings.confidence,
        "about": settings.about,
        RESOURCE: None if settings.calibration is None else calibration_stated(settings.calibration),
        "no_calibration": settings.why_none,
        "log10_lr_bounds": None if weighing is None else [weighing.low, weighing.high],
        "criterion": criterion,
        "smallest": scenarios[0]["smallest"][criterion],
        "scenarios": scenarios,
    }


def _scenario(planted: Planted, settings: Settings) -> dict[str, Json]:
    shares = np.array(settings.shares)
    found: dict[str, Json] = {}
    for name, flags in criteria(planted, settings.bound).items():
        rates = flags.mean(axis=(0, 1))
        least: dict[str, Json] = {"at_nought": float(rates[0]), "at_all": float(rates[-1])}
        for target in TARGETS:
            ends = smallest_between(flags, shares, target, settings.seed, settings.confidence)
            share, low, high = (_or_none(value) for value in (smallest(shares, rates, target), *ends))
            least[_percent(target)] = {"share": share, "interval": [low, high]}
        found[name] = least
    scenario = planted.scenario
    return {
        "kind": scenario.kind,
        "source": scenario.source,
        "members": list(scenario.members),
        "n_prompts": planted.prompts,
        "smallest": found,
    }


def _or_none(share: Floats) -> float | None:
    return float(share) if np.isfinite(share) else None


def _percent(target: float) -> str:
    return f"{100 * target:.0f}"


def criteria(planted: Planted, bound: float) -> dict[str, Floats]:
    """Whether each plant was detected, by criterion, as ones and noughts (controls, draws, shares)."""
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
    rows = [row for one in planted for row in _curve_rows(one, settings)]
    columns = (
        Column("scenario", "text", "Scenario: kin (the source is kept out of the protected side) or own"),
        Column("source", "text", "Whose answers are planted"),
        Column("share", "number", "Share of answers relayed"),
        Column("plants", "integer", "Plants"),
        *_three("detected", "Share of plants with an LR at the bound or above"),
        *_three("first", "Share of plants that come before every control"),
        *_three("mean_log10_lr", "Mean log10 LR as reported"),
    )
    return Table(columns, tuple(rows))


def _curve_rows(planted: Planted, settings: Settings) -> list[tuple[str | float | int | None, ...]]:
    judged = criteria(planted, settings.bound)
    parts = [judged.get(LR), judged[FIRST], planted.log10_lrs]
    found = [None if part is None else curve(part, settings.seed, settings.confidence) for part in parts]
    scenario, plants = planted.scenario, planted.first[..., 0].size
    return [
        (scenario.kind, scenario.source, share, plants, *(cell for one in found for cell in _cells(one, at)))
        for at, share in enumerate(settings.shares)
    ]


def _cells(found: Curve | None, at: int) -> tuple[float | None, float | None, float | None]:
    if found is None:
        return None, None, None
    return float(found.mean[at]), float(found.low[at]), float(found.high[at])


def _three(name: str, label: str) -> tuple[Column, Column, Column]:
    return (
        Column(name, "number", label),
        Column(f"{name}_low", "number", "Low end of its interval"),
        Column(f"{name}_high", "number", "High end of its interval"),
    )


def _least(planted: Sequence[Planted], settings: Settings) -> Table:
    rows = []
    for one in planted:
        for criterion, least in _scenario(one, settings)["smallest"].items():
            for target in TARGETS:
                item = least[_percent(target)]
                rows.append(
                    (one.scenario.kind, one.scenario.source, criterion, target, item["share"], *item["interval"])
                )
    columns = (
        Column("scenario", "text", "Scenario"),
        Column("source", "text", "Whose answers are planted"),
        Column("criterion", "text", "Detected by: lr (LR at the bound) or first (before every control)"),
        Column("target", "number", "In this share of the plants"),
        Column("share", "number", "Smallest share of answers relayed (empty: not even all)"),
        Column("low", "number", "Low end of its interval (empty: not even all)"),
        Column("high", "number", "High end of its interval (empty: not even all)"),
    )
    return Table(columns, tuple(rows))


def _each(planted: Sequence[Planted], settings: Settings) -> Table:
    """Each planted control by share, over its draws."""
    rows = []
    for one in planted:
        lrs = None if one.log10_lrs is None else one.log10_lrs.mean(axis=1)
        first = one.first.mean(axis=1)
        for at, control in enumerate(one.controls):
            for column, share in enumerate(settings.shares):
                mean = None if lrs is None else float(lrs[at, column])
                rows.append((one.scenario.kind, control, share, mean, float(first[at, column])))
    columns = (
        Column("scenario", "text", "Scenario"),
        Column("control", "text", "Control that the answers were planted in"),
        Column("share", "number", "Share of answers relayed"),
        Column("mean_log10_lr", "number", "Mean log10 LR over the draws"),
        Column("first", "number", "Share of the draws in which it comes before every control"),
    )
    return Table(columns, tuple(rows))


def warnings(material: Material, planted: Sequence[Planted], settings: Settings, beyond: Sequence[str]) -> list[str]:
    """What a reader must be warned of; `beyond` is how the case differs from the calibration's panels."""
    said = []
    stated = planted[0].scenario
    if settings.calibration is None:
        said.append(
            f"No likelihood ratio is counted: {settings.why_none}. Detection here means to come before every control."
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
    return said + _at_nought(planted[0], settings)


def outside(material: Material, found: Similarities, settings: Settings) -> list[str]:
    """How the case differs from the panels of the calibration."""
    if settings.calibration is None:
        return []
    question = material.question
    corpora = question.suspect, *question.protected, *question.controls
    own = bench(found, question.suspect.name, {c.name for c in corpora})
    members = tuple(own.at(c.name) for c in question.protected)
    seat = Seat(own.at(question.suspect.name), members, tuple(own.at(c.name) for c in question.controls))
    every = checks(own, seat, question.suspect, question.protected, settings.calibration)
    return [one.words() for one in every if one.outside]


def _at_nought(planted: Planted, settings: Settings) -> list[str]:
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

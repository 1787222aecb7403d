"""What `weigh` states: values, tables and warnings, unrounded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from workbench.analyses.scoring.caveats import about_question
from workbench.analyses.scoring.envelope import Check, checks, reasons, table_of, unknown
from workbench.analyses.scoring.likelihood_ratios import by_member, score_of, weights_of
from workbench.analyses.weigh.compute import CONTAMINATED, Material, Scores
from workbench.core.model import Column, Json, Table
from workbench.core.panel import younger
from workbench.core.statistics import verbal_scale
from workbench.core.statistics.calibration import ANY, QUESTIONS, RESOURCE, Calibration, Weighing, stated, weights_table
from workbench.core.statistics.resampling import centred_interval

QUESTION, SUSPECT_SEAT, PROTECTED_SEAT = "question", "control in the suspect's seat", "control in the protected seat"
_NAMES = 5


@dataclass(frozen=True, slots=True)
class Facts:
    """The parts of a Finding that the numbers fill."""

    values: Mapping[str, Json]
    tables: Mapping[str, Table]
    warnings: tuple[str, ...]


def capped(value: float, one: Weighing) -> float:
    """A log10 LR within the bounds that its calibration supports."""
    return min(max(value, one.low), one.high)


def lr_values(value: float, ends: Sequence[float], one: Weighing) -> dict[str, Json]:
    """One LR as a Finding states it: within its cap and before it, with its interval, its cap and its words."""
    low, high = (float(end) for end in ends)
    return {
        "log10_lr": capped(value, one),
        "interval": [capped(low, one), capped(high, one)],
        "log10_lr_uncapped": value,
        "interval_uncapped": [low, high],
        "cap": [one.low, one.high],
        "label": verbal_scale.in_words(capped(value, one)),
    }


def facts(material: Material, scores: Scores, confidence: float) -> Facts:
    """Values, tables and warnings of a weighing."""
    calibration, question = material.calibration, material.question
    compared = checks(material.own, material.seat, question.suspect, question.protected, calibration)
    ends = centred_interval(scores.lrs, scores.replicates, confidence).T
    lrs = {
        key: lr_values(float(value), pair, calibration.questions[key])
        for key, value, pair in zip(QUESTIONS, scores.lrs, ends, strict=True)
    }
    placebos = scores.placebo[np.isfinite(scores.placebo)]
    values: dict[str, Json] = {
        "envelope": reasons(compared),
        **lrs[ANY],
        "questions": lrs,
        "confidence": confidence,
        "suspect": question.suspect.name,
        "protected": question.protected_name,
        "members": [corpus.name for corpus in question.protected],
        "n_controls": len(question.controls),
        "n_prompts": int(max(material.own.shared[material.seat.suspect, place] for place in material.seat.members)),
        "n_prompts_suspect": len(material.own.found.prompts),
        "n_controls_at_least_as_high": int((scores.own >= scores.lrs[0]).sum()),
        "n_controls_above_1": int((scores.own > 0).sum()),
        "n_placebos": len(placebos),
        "n_placebos_above_1": int((placebos > 0).sum()),
        "n_placebos_at_least_as_high": int((placebos >= scores.lrs[0]).sum()),
        "named_controls": list(scores.named),
        "log10_lr_without_named": None if scores.clean is None else capped(float(scores.clean[0]), _any(calibration)),
        "undated": list(question.undated),
        "despite_date": question.despite_date,
        "scale": verbal_scale.SCALE,
        RESOURCE: stated(calibration),
    }
    tables = {
        "lrs": _lrs(material, scores, lrs),
        "controls": _controls(material, scores),
        "members": _members(material),
        "envelope": table_of(compared),
        "verbal_scale": scale_table(),
        "calibration_figures": figures_table(calibration),
        RESOURCE: weights_table(calibration),
    }
    return Facts(values, tables, _warnings(material, scores, compared))


def _any(calibration: Calibration) -> Weighing:
    return calibration.questions[ANY]


def _lrs(material: Material, scores: Scores, lrs: Mapping[str, Json]) -> Table:
    rows: list[tuple[Json, ...]] = [
        (QUESTION, key, one["log10_lr"], *one["interval"], one["log10_lr_uncapped"], *one["cap"])
        for key, one in lrs.items()
    ]
    names = [corpus.name for corpus in material.question.controls]
    cap = _any(material.calibration)
    for kind, found in ((SUSPECT_SEAT, scores.own), (PROTECTED_SEAT, scores.placebo)):
        rows += [
            (kind, name, capped(value, cap), None, None, value, cap.low, cap.high)
            for name, value in zip(names, found.tolist(), strict=True)
            if np.isfinite(value)
        ]
    columns = (
        Column("kind", "text", "What it is"),
        Column("name", "text", "Question, or control"),
        Column("log10_lr", "number", "log10 LR"),
        Column("low", "number", "Low end of the interval"),
        Column("high", "number", "High end of the interval"),
        Column("uncapped", "number", "log10 LR before the cap"),
        Column("cap_low", "number", "Lower cap"),
        Column("cap_high", "number", "Upper cap"),
    )
    return Table(columns, tuple(rows))


def _controls(material: Material, scores: Scores) -> Table:
    """The controls, the one that moves the LR most first; all LRs before the cap."""
    rows = []
    for at, corpus in enumerate(material.question.controls):
        without = float(scores.without[at, 0])
        placebo = float(scores.placebo[at])
        rows.append(
            (
                corpus.name,
                corpus.facts.released,
                without,
                without - float(scores.lrs[0]),
                float(scores.own[at]),
                placebo if np.isfinite(placebo) else None,
                _remark(material, corpus.name, scores.named),
            )
        )
    rows.sort(key=lambda row: (-abs(row[3]), row[0]))
    columns = (
        Column("model", "text", "Control"),
        Column("released", "text", "Released"),
        Column("without", "number", "The suspect's log10 LR without it"),
        Column("change", "number", "What leaving it out changes"),
        Column("own", "number", "Its own log10 LR, in the suspect's seat"),
        Column("placebo", "number", "The suspect's log10 LR against it"),
        Column("remark", "text", "Remark"),
    )
    return Table(columns, tuple(rows))


def _remark(material: Material, name: str, named: Sequence[str]) -> str:
    facts = next(c.facts for c in material.question.controls if c.name == name)
    said = ["may itself come from the protected side"] * (name in named)
    if younger(facts, material.question.suspect.facts):
        said.append("younger than the suspect")
    return "; ".join(said)


def _members(material: Material) -> Table:
    found = score_of(material.own.kernel, material.seat)
    lrs = by_member(found, weights_of(material.calibration))
    rows = tuple(
        (corpus.name, corpus.facts.released, float(partial), float(lead), *(float(value) for value in row))
        for corpus, partial, lead, row in zip(material.question.protected, found.partial, found.lead, lrs, strict=True)
    )
    columns = (
        Column("model", "text", "Protected model"),
        Column("released", "text", "Released"),
        Column("partial", "number", "Partial correlation less the expected"),
        Column("lead", "number", "Lead before the closest control"),
        *(Column(key, "number", f"log10 LR before the cap: {key.replace('_', ' ')}") for key in QUESTIONS),
    )
    return Table(columns, rows)


def scale_table() -> Table:
    """The verbal scale."""
    columns = (
        Column("lr", "text", "LR"),
        Column("support", "text", "Words of support"),
        Column("probable", "text", "Words of probability"),
    )
    return Table(columns, tuple(verbal_scale.table()))


def figures_table(calibration: Calibration) -> Table:
    """The calibration's figures on its own panels, with the suspects' groups left out."""
    rows: list[tuple[Json, ...]] = []
    for entry, found in calibration.figures.items():
        ends = found.get("interval") or {}
        for key, value in found.items():
            if key != "interval":
                low, high = ends.get(key) or (None, None)
                rows.append((entry, key, value, low, high))
    columns = (
        Column("entry", "text", "Kind of true pair"),
        Column("figure", "text", "Figure"),
        Column("value", "number", "Value"),
        Column("low", "number", "Low end of the interval"),
        Column("high", "number", "High end of the interval"),
    )
    return Table(columns, tuple(rows))


def _warnings(material: Material, scores: Scores, compared: Sequence[Check]) -> tuple[str, ...]:
    said = about_question(material.question)
    lacking = unknown(compared)
    if lacking:
        said.append(f"Not compared with the panels, because it is unknown: {listed(lacking)}.")
    known = {digest for panel in material.calibration.panels for digest in panel.get("corpora", ())}
    if material.question.suspect.sha256 in known:
        said.append(
            f"The calibration was fitted on a panel that holds these very answers of {material.question.suspect.name}: "
            "the LR flatters the method. Its rates of error leave each suspect and its relatives out; this LR does not."
        )
    if scores.named:
        said.append(
            f"Controls that may themselves come from the protected side (log10 LR of {CONTAMINATED:g} or more in the "
            f"suspect's seat, and old enough): {listed(scores.named)}. They are kept; the LR without them is stated."
        )
    return tuple(said)


def listed(names: Sequence[str], most: int = _NAMES) -> str:
    """At most so many names, and how many more there are."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more

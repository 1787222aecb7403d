"""What `weigh` states: values, tables and warnings, unrounded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from workbench.analyses.scoring.caveats import about_question
from workbench.analyses.scoring.envelope import Check, Speech, checks, reasons, resembling, speech, table_of, unknown
from workbench.analyses.scoring.likelihood_ratios import by_member, weights_of
from workbench.analyses.scoring.lr_values import Cap, LrValues, figures_table, lr_values, scale_table
from workbench.analyses.scoring.overlap import words
from workbench.analyses.weigh.compute import CONTAMINATED, WeighMaterial, WeighScores
from workbench.analyses.weigh.values import (
    PROTECTED_SEAT,
    QUESTION,
    SUSPECT_SEAT,
    ControlRow,
    LrRow,
    WeighValues,
)
from workbench.core.model import Column, Table
from workbench.core.panel import younger
from workbench.core.statistics import verbal_scale
from workbench.core.statistics.fitted_calibration import ANY, QUESTIONS, RESOURCE, stated, weights_table
from workbench.core.statistics.resampling import centred_interval
from workbench.core.text import shortlist
from workbench.core.typed_json import table


def lrs_of(material: WeighMaterial, scores: WeighScores, confidence: float) -> dict[str, LrValues]:
    """The LR of each question as the Finding states it."""
    ends = centred_interval(scores.lrs, scores.replicates, confidence).T
    return {
        key: lr_values(float(value), pair, _cap(material, scores, key))
        for key, value, pair in zip(QUESTIONS, scores.lrs, ends, strict=True)
    }


def checks_of(material: WeighMaterial) -> list[Check]:
    """How the case compares with the panels of the calibration."""
    question = material.question
    return checks(material.own, material.seat, question.suspect, question.protected, material.calibration)


def values(
    material: WeighMaterial,
    scores: WeighScores,
    lrs: Mapping[str, LrValues],
    compared: Sequence[Check],
    confidence: float,
) -> WeighValues:
    """The values of a weighing."""
    calibration, question, first = material.calibration, material.question, lrs[ANY]
    placebos = scores.placebo[np.isfinite(scores.placebo)]
    cap, spoken = _cap(material, scores, ANY), _speech(material)
    return WeighValues(
        log10_lr=first.log10_lr,
        interval=first.interval,
        log10_lr_uncapped=first.log10_lr_uncapped,
        interval_uncapped=first.interval_uncapped,
        cap=first.cap,
        label=first.label,
        envelope=tuple(reasons(compared, spoken)),
        questions=lrs,
        confidence=confidence,
        suspect=question.suspect.name,
        protected=question.protected_name,
        members=tuple(corpus.name for corpus in question.protected),
        n_controls=len(question.controls),
        n_prompts=int(max(material.own.shared[material.seat.suspect, place] for place in material.seat.members)),
        n_prompts_suspect=len(material.own.found.prompts),
        n_controls_at_least_as_high=int((scores.own >= scores.lrs[0]).sum()),
        n_controls_above_1=int((scores.own > 0).sum()),
        n_placebos=len(placebos),
        n_placebos_above_1=int((placebos > 0).sum()),
        n_placebos_at_least_as_high=int((placebos >= scores.lrs[0]).sum()),
        named_controls=scores.named,
        log10_lr_without_named=None if scores.clean is None else cap.within(float(scores.clean[0])),
        undated=question.undated,
        despite_date=question.despite_date,
        n_controls_independent=scores.independent,
        relatives=scores.related,
        log10_lr_without_relatives=None if scores.unrelated is None else cap.within(float(scores.unrelated[0])),
        panels=resembling(compared, spoken, calibration),
        overlap=material.overlap,
        scale=verbal_scale.SCALE,
        calibration=stated(calibration),
    )


def tables(
    material: WeighMaterial, scores: WeighScores, lrs: Mapping[str, LrValues], compared: Sequence[Check]
) -> dict[str, Table]:
    """The tables of a weighing."""
    return {
        "lrs": _lrs(material, scores, lrs),
        "controls": _controls(material, scores),
        "members": _members(material),
        "envelope": table_of(compared, _speech(material)),
        "verbal_scale": scale_table(),
        "calibration_figures": figures_table(material.calibration),
        RESOURCE: weights_table(material.calibration),
    }


def _cap(material: WeighMaterial, scores: WeighScores, question: str) -> Cap:
    """The cap of a question; which kind of source it is has nothing to do with the number of controls."""
    return Cap.of(material.calibration.questions[question], scores.most if question == ANY else np.inf)


def _speech(material: WeighMaterial) -> Speech:
    return speech(material.own, material.seat, material.question.suspect, material.calibration)


def _lrs(material: WeighMaterial, scores: WeighScores, lrs: Mapping[str, LrValues]) -> Table:
    rows = [
        LrRow(QUESTION, key, one.log10_lr, *one.interval, one.log10_lr_uncapped, *one.cap) for key, one in lrs.items()
    ]
    names = [corpus.name for corpus in material.question.controls]
    cap = _cap(material, scores, ANY)
    for kind, found in ((SUSPECT_SEAT, scores.own), (PROTECTED_SEAT, scores.placebo)):
        rows += [
            LrRow(kind, name, cap.within(value), None, None, value, cap.low, cap.high)
            for name, value in zip(names, found.tolist(), strict=True)
            if np.isfinite(value)
        ]
    return table(LrRow, rows)


def _controls(material: WeighMaterial, scores: WeighScores) -> Table:
    """The controls, the one that moves the LR most first; all LRs before the cap."""
    rows = []
    for at, corpus in enumerate(material.question.controls):
        without = float(scores.without[at, 0])
        placebo = float(scores.placebo[at])
        rows.append(
            ControlRow(
                model=corpus.name,
                released=corpus.facts.released,
                without=without,
                change=without - float(scores.lrs[0]),
                own=float(scores.own[at]),
                placebo=placebo if np.isfinite(placebo) else None,
                remark=_remark(material, corpus.name, scores.named),
            )
        )
    return table(ControlRow, sorted(rows, key=lambda row: (-abs(row.change), row.model)))


def _remark(material: WeighMaterial, name: str, named: Sequence[str]) -> str:
    facts = next(c.facts for c in material.question.controls if c.name == name)
    said = ["may itself come from the protected side"] * (name in named)
    if younger(facts, material.question.suspect.facts):
        said.append("younger than the suspect")
    return "; ".join(said)


def _members(material: WeighMaterial) -> Table:
    found = material.own.scores(material.seat)
    lrs = by_member(found, weights_of(material.calibration))
    rows = tuple(
        (corpus.name, corpus.facts.released, float(partial), float(lead), *(float(value) for value in row))
        for corpus, partial, lead, row in zip(material.question.protected, found.partial, found.lead, lrs, strict=True)
    )
    columns = (
        Column("model", "text", "Protected model"),
        Column("released", "text", "Released"),
        Column("partial", "number", "Partial correlation, in units of the placebos"),
        Column("lead", "number", "Lead before the closest control, in units of the placebos"),
        *(Column(key, "number", f"log10 LR before the cap: {key.replace('_', ' ')}") for key in QUESTIONS),
    )
    return Table(columns, rows)


def warnings(material: WeighMaterial, scores: WeighScores, compared: Sequence[Check]) -> tuple[str, ...]:
    """What a reader must be warned of; `compared` is how the case compares with the panels."""
    said = about_question(material.question)
    lacking = unknown(compared)
    if lacking:
        said.append(f"Not compared with the panels, because it is unknown: {shortlist(lacking)}.")
    said += words(material.overlap, material.question.suspect.name)
    if scores.related:
        said.append(
            "Relatives of the suspect among the controls, by dates, documents or maker and by how close they are to it "
            f"when the protected side is left out: {shortlist(scores.related)}. They are kept; the LR without them is "
            "stated."
        )
    if scores.named:
        said.append(
            f"Controls that may themselves come from the protected side (log10 LR of {CONTAMINATED:g} or more in the "
            f"suspect's seat, and old enough): {shortlist(scores.named)}. They are kept; the LR without them is stated."
        )
    return tuple(said)

"""What `closest_source` states: values and tables, unrounded."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from workbench.analyses.closest_source.compute import ClosenessMaterial, ClosenessScores
from workbench.analyses.closest_source.values import (
    ClosestSourceValues,
    ControlCloseness,
    MemberRow,
    ModelRow,
    PromptsRow,
    RemovedRow,
    ViewRow,
)
from workbench.analyses.scoring.independent import strongest
from workbench.core.model import Table
from workbench.core.statistics.resampling import NORMAL_MAD, Floats, centred_interval, p_model
from workbench.core.typed_json import table

_SAME = 1 - 1e-5


@dataclass(frozen=True, slots=True)
class AnswerTexts:
    """What is known of the answers beside their statistics, per place in `material.places`.

    `with_suspect` and `with_protected` are shares of the matched prompts on which the text is the same,
    of the protected side the largest over its members; `tokens` are medians, `near` says how far the
    similarity to the suspect lies from that of the other controls.
    """

    with_suspect: Floats
    with_protected: Floats
    tokens: Floats | None
    near: Floats


def answer_texts(material: ClosenessMaterial) -> AnswerTexts:
    """What is known of the answers beside their statistics."""
    found, rows, places = material.found, material.matched.rows, np.array(material.places)
    seats = len(material.seats)
    suspect, members = places[0], places[seats:]

    def same(place: int) -> Floats:
        flags = [found.values[view][rows, place][:, places] >= _SAME for view in ("words", "layout")]
        return np.asarray((flags[0] & flags[1]).mean(axis=0))

    to_suspect = found.values["words"][rows, suspect][:, places[:seats]].mean(axis=0, dtype=np.float64)[1:]
    centre = np.median(to_suspect)
    spread = NORMAL_MAD * float(np.median(np.abs(to_suspect - centre)))
    near = (to_suspect - centre) / spread if spread > 0 else np.zeros(seats - 1)
    tokens = None if found.tokens is None else np.median(found.tokens[rows][:, places].astype(np.float64), axis=0)
    return AnswerTexts(
        with_suspect=same(int(suspect)),
        with_protected=np.max([same(int(place)) for place in members], axis=0),
        tokens=tokens,
        near=np.concatenate([[0.0], near]),
    )


def values(material: ClosenessMaterial, scores: ClosenessScores, confidence: float) -> ClosestSourceValues:
    """The values of a comparison."""
    low, high = centred_interval(scores.statistics, scores.replicates, confidence)
    own, others = float(scores.statistics[0]), scores.statistics[1:].tolist()
    firsts = scores.replicates[:, 0] > scores.replicates[:, 1:].max(axis=1)
    return ClosestSourceValues(
        statistic=own,
        interval=(float(low[0]), float(high[0])),
        p_model=p_model(own, strongest(others, material.groups)),
        rank=1 + sum(other >= own for other in others),
        n_models=1 + len(others),
        n_controls=len(others),
        n_independent=len(material.groups),
        n_prompts=len(material.matched.rows),
        n_prompts_suspect=material.matched.suspect_prompts,
        n_prompts_both=material.matched.asked,
        confidence=confidence,
        share_of_replicates_first=float(firsts.mean()),
        p_prompts=(1 + int((~firsts).sum())) / (1 + len(firsts)),
        suspect=material.seats[0],
        protected=material.question.protected_name,
        members=tuple(corpus.name for corpus in material.question.protected),
        controls=tuple(
            ControlCloseness(name, t, (float(a), float(b)))
            for name, t, a, b in zip(material.seats[1:], others, low[1:], high[1:], strict=True)
        ),
        views=tuple(view.name for view in material.views),
        undated=material.question.undated,
        despite_date=material.question.despite_date,
    )


def tables(
    material: ClosenessMaterial, scores: ClosenessScores, answers: AnswerTexts, confidence: float
) -> dict[str, Table]:
    """The tables of a comparison."""
    return {
        "models": _models(material, scores, answers, confidence),
        "views": _views(material, scores),
        "members": _members(material, scores),
        "leave_one_out": _leave_one_out(material, scores),
        "prompts": _prompts(material),
    }


def _models(material: ClosenessMaterial, scores: ClosenessScores, answers: AnswerTexts, confidence: float) -> Table:
    low, high = centred_interval(scores.statistics, scores.replicates, confidence)
    order = sorted(range(len(material.seats)), key=lambda seat: (-scores.statistics[seat], seat != 0, seat))
    groups = {1 + place: at for at, group in enumerate(material.groups, 1) for place in group}
    rows = [
        ModelRow(
            place=place,
            model=material.seats[seat],
            role="suspect" if seat == 0 else "control",
            statistic=float(scores.statistics[seat]),
            low=float(low[seat]),
            high=float(high[seat]),
            tokens=None if answers.tokens is None else float(answers.tokens[seat]),
            same_as_suspect=float(answers.with_suspect[seat]) if seat else None,
            same_as_protected=float(answers.with_protected[seat]),
            group=groups.get(seat),
        )
        for place, seat in enumerate(order, 1)
    ]
    return table(ModelRow, rows)


def _views(material: ClosenessMaterial, scores: ClosenessScores) -> Table:
    rows = []
    for view, own, far in zip(material.views, scores.own, scores.protected, strict=True):
        both = (own + far) / 2
        best = 1 + int(both[1:].argmax())
        rank = 1 + int((both[1:] >= both[0]).sum())
        numbers = float(both[0]), float(own[0]), float(far[0])
        rows.append(ViewRow(view.name, *numbers, rank, material.seats[best], float(both[best])))
    rows += [ViewRow(name, left_out=why) for name, why in material.unused]
    return table(ViewRow, rows)


def _members(material: ClosenessMaterial, scores: ClosenessScores) -> Table:
    rows = []
    for corpus, row in zip(material.question.protected, scores.fused, strict=True):
        best = 1 + int(row[1:].argmax())
        rank = 1 + int((row[1:] >= row[0]).sum())
        next_one = material.seats[best], float(row[best])
        rows.append(MemberRow(corpus.name, corpus.facts.released, float(row[0]), rank, *next_one))
    return table(MemberRow, rows)


def _leave_one_out(material: ClosenessMaterial, scores: ClosenessScores) -> Table:
    rows = []
    for name, line in zip(material.seats[1:], scores.without, strict=True):
        every, own = line[1:].tolist(), float(line[0])
        others = [value for value in every if np.isfinite(value)]
        counted = [value for value in strongest(every, material.groups) if np.isfinite(value)]
        rows.append(RemovedRow(name, own, 1 + sum(o >= own for o in others), p_model(own, counted), max(others)))
    return table(RemovedRow, rows)


def _prompts(material: ClosenessMaterial) -> Table:
    matched = material.matched
    roles = dict.fromkeys((c.name for c in material.question.protected), "protected")
    roles |= {name: "suspect" if at == 0 else "control" for at, name in enumerate(material.seats)}
    rows = [
        PromptsRow(name, roles.get(name, "left out"), count, matched.asked - min(count, matched.asked))
        for name, count in matched.answered.items()
    ]
    return table(PromptsRow, rows)

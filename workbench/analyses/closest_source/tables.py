"""What `closest_source` states: values, tables and warnings, unrounded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from workbench.analyses.closest_source.compute import Material, Scores
from workbench.analyses.scoring.caveats import warnings
from workbench.analyses.scoring.matching import Answers
from workbench.core.model import Column, Json, Table
from workbench.core.selection import Similarities
from workbench.core.statistics.resampling import NORMAL_MAD, Floats, centred_interval, p_model

_SAME = 1 - 1e-5


@dataclass(frozen=True, slots=True)
class Facts:
    """The parts of a Finding that the numbers fill."""

    values: Mapping[str, Json]
    tables: Mapping[str, Table]
    warnings: tuple[str, ...]


def facts(material: Material, scores: Scores, found: Similarities, confidence: float) -> Facts:
    """Values, tables and warnings of a comparison."""
    low, high = centred_interval(scores.statistics, scores.replicates, confidence)
    answers = _answers(material, found)
    own, others = float(scores.statistics[0]), scores.statistics[1:].tolist()
    rank = 1 + sum(other >= own for other in others)
    firsts = scores.replicates[:, 0] > scores.replicates[:, 1:].max(axis=1)
    values: dict[str, Json] = {
        "statistic": own,
        "interval": [float(low[0]), float(high[0])],
        "p_model": p_model(own, others),
        "rank": rank,
        "n_models": 1 + len(others),
        "n_controls": len(others),
        "n_prompts": len(material.matched.rows),
        "n_prompts_suspect": material.matched.suspect_prompts,
        "n_prompts_both": material.matched.asked,
        "confidence": confidence,
        "share_of_replicates_first": float(firsts.mean()),
        "p_prompts": (1 + int((~firsts).sum())) / (1 + len(firsts)),
        "suspect": material.seats[0],
        "protected": material.question.protected_name,
        "members": [corpus.name for corpus in material.question.protected],
        "controls": [
            {"model": name, "statistic": float(t), "interval": [float(a), float(b)]}
            for name, t, a, b in zip(material.seats[1:], others, low[1:], high[1:], strict=True)
        ],
        "views": [view.name for view in material.views],
        "undated": list(material.question.undated),
        "despite_date": material.question.despite_date,
    }
    tables = {
        "models": _models(material, scores, low, high, answers),
        "views": _views(material, scores),
        "members": _members(material, scores),
        "leave_one_out": _leave_one_out(material, scores),
        "prompts": _prompts(material),
    }
    return Facts(values, tables, warnings(material, scores, values, answers))


def _answers(material: Material, found: Similarities) -> Answers:
    rows, places = material.matched.rows, np.array(material.places)
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
    return Answers(
        with_suspect=same(int(suspect)),
        with_protected=np.max([same(int(place)) for place in members], axis=0),
        tokens=tokens,
        near=np.concatenate([[0.0], near]),
    )


def _models(material: Material, scores: Scores, low: Floats, high: Floats, answers: Answers) -> Table:
    order = sorted(range(len(material.seats)), key=lambda seat: (-scores.statistics[seat], seat != 0, seat))
    rows = tuple(
        (
            place,
            material.seats[seat],
            "suspect" if seat == 0 else "control",
            float(scores.statistics[seat]),
            float(low[seat]),
            float(high[seat]),
            None if answers.tokens is None else float(answers.tokens[seat]),
            float(answers.with_suspect[seat]) if seat else None,
            float(answers.with_protected[seat]),
        )
        for place, seat in enumerate(order, 1)
    )
    columns = (
        Column("place", "integer", "Place"),
        Column("model", "text", "Model"),
        Column("role", "text", "Role"),
        Column("statistic", "number", "Closeness to the protected side, in points (mean robust z-score)"),
        Column("low", "number", "Low end of the interval"),
        Column("high", "number", "High end of the interval"),
        Column("tokens", "number", "Median tokens of an answer"),
        Column("same_as_suspect", "number", "Share of prompts with the suspect's very words"),
        Column("same_as_protected", "number", "Share of prompts with a protected model's very words"),
    )
    return Table(columns, rows)


def _views(material: Material, scores: Scores) -> Table:
    rows: list[tuple[str | float | int | None, ...]] = []
    for view, own, far in zip(material.views, scores.own, scores.protected, strict=True):
        both = (own + far) / 2
        best = 1 + int(both[1:].argmax())
        rank = 1 + int((both[1:] >= both[0]).sum())
        rows.append(
            (view.name, float(both[0]), float(own[0]), float(far[0]), rank, material.seats[best], float(both[best]), "")
        )
    rows += [(name, None, None, None, None, None, None, why) for name, why in material.unused]
    columns = (
        Column("view", "text", "View of the text"),
        Column("statistic", "number", "Suspect, both sides"),
        Column("own_side", "number", "From its similarities to the controls"),
        Column("protected_side", "number", "From the controls' similarities to the protected model"),
        Column("rank", "integer", "Rank"),
        Column("next", "text", "Closest control"),
        Column("next_statistic", "number", "Its statistic"),
        Column("left_out", "text", "Why it was left out"),
    )
    return Table(columns, tuple(rows))


def _members(material: Material, scores: Scores) -> Table:
    rows = []
    for corpus, row in zip(material.question.protected, scores.fused, strict=True):
        best = 1 + int(row[1:].argmax())
        rank = 1 + int((row[1:] >= row[0]).sum())
        rows.append((corpus.name, corpus.facts.released, float(row[0]), rank, material.seats[best], float(row[best])))
    columns = (
        Column("model", "text", "Protected model"),
        Column("released", "text", "Released"),
        Column("statistic", "number", "The suspect's closeness to it"),
        Column("rank", "integer", "Rank"),
        Column("next", "text", "Closest control"),
        Column("next_statistic", "number", "Its statistic"),
    )
    return Table(columns, tuple(rows))


def _leave_one_out(material: Material, scores: Scores) -> Table:
    rows = []
    for name, line in zip(material.seats[1:], scores.without, strict=True):
        others = [value for value in line[1:].tolist() if np.isfinite(value)]
        own = float(line[0])
        rows.append((name, own, 1 + sum(o >= own for o in others), p_model(own, others), max(others)))
    columns = (
        Column("removed", "text", "Control removed"),
        Column("statistic", "number", "The suspect's statistic"),
        Column("rank", "integer", "Its rank"),
        Column("p_model", "number", "p_model"),
        Column("next_statistic", "number", "Closest remaining control"),
    )
    return Table(columns, tuple(rows))


def _prompts(material: Material) -> Table:
    matched = material.matched
    roles = dict.fromkeys((c.name for c in material.question.protected), "protected")
    roles |= {name: "suspect" if at == 0 else "control" for at, name in enumerate(material.seats)}
    rows = tuple(
        (name, roles.get(name, "left out"), count, matched.asked - min(count, matched.asked))
        for name, count in matched.answered.items()
    )
    columns = (
        Column("model", "text", "Model"),
        Column("role", "text", "Role"),
        Column("answered", "integer", "Answered of the prompts that the suspect and every protected model answered"),
        Column("missing", "integer", "Missing of these prompts"),
    )
    return Table(columns, rows)

"""What `source_search` states: the ranking, the ties, what else it could be, unrounded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from workbench.analyses.scoring.envelope import checks, reasons, unknown
from workbench.analyses.scoring.partial_correlation import Floats
from workbench.analyses.source_search.compute import Candidate, Material
from workbench.analyses.weigh.tables import figures_table, listed, lr_values, scale_table
from workbench.core.model import Column, Json, Table
from workbench.core.statistics.calibration import ANY, QUESTIONS, RESOURCE, stated, weights_table
from workbench.core.statistics.resampling import centred_interval

TIED, SIBLING = "can't be told apart", "same developer"


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate with its LRs of all questions, the ends of the interval of the first, and whether it is supported:
    LR above 1 with the whole interval above 1. `behind` is the interval of how far it lies behind the leader."""

    candidate: Candidate
    lrs: Mapping[str, Json]
    outside: tuple[str, ...]
    behind: tuple[float, float] | None

    @property
    def uncapped(self) -> float:
        """The log10 LR of the first question, before the cap: what candidates are ranked by."""
        return float(self.lrs[ANY]["log10_lr_uncapped"])

    @property
    def supported(self) -> bool:
        """Whether it may be named."""
        return bool(self.lrs[ANY]["log10_lr"] > 0 and self.lrs[ANY]["interval"][0] > 0)

    @property
    def tied(self) -> bool:
        """Whether the interval of its distance to the leader covers 0."""
        return self.behind is not None and self.behind[0] <= 0 <= self.behind[1]


@dataclass(frozen=True, slots=True)
class Facts:
    """The parts of a Finding that the numbers fill."""

    values: Mapping[str, Json]
    tables: Mapping[str, Table]
    warnings: tuple[str, ...]


def ranked(material: Material, lrs: Floats, replicates: Floats, confidence: float) -> list[Ranked]:
    """The candidates by their LR, the leader first: the highest that is supported, or the highest of all.

    `lrs` are (candidates, questions), `replicates` (replicates, candidates, questions), common to all candidates.
    """
    some = material.compared()
    ends = centred_interval(lrs, replicates, confidence)
    leader = _leader(lrs[:, 0], ends[0, :, 0])
    found = []
    for at, candidate in enumerate(some):
        gap = centred_interval(
            lrs[leader, :1] - lrs[at, :1], replicates[:, leader, :1] - replicates[:, at, :1], confidence
        )
        stated_lrs = {
            key: lr_values(float(lrs[at, n]), ends[:, at, n].tolist(), material.calibration.questions[key])
            for n, key in enumerate(QUESTIONS)
        }
        outside = reasons(_checks(material, candidate))
        behind = None if at == leader else (float(gap[0, 0]), float(gap[1, 0]))
        found.append(Ranked(candidate, stated_lrs, tuple(outside), behind))
    return sorted(found, key=lambda one: (-one.uncapped, one.candidate.family))


def _leader(lrs: Floats, lows: Floats) -> int:
    able = (lrs > 0) & (lows > 0)
    return int(np.where(able, lrs, -np.inf).argmax()) if able.any() else int(lrs.argmax())


def _checks(material: Material, candidate: Candidate) -> list[Json]:
    return list(
        checks(material.own, candidate.seat, material.question.suspect, candidate.members, material.calibration)
    )


def facts(material: Material, order: Sequence[Ranked], confidence: float) -> Facts:
    """Values, tables and warnings of a search."""
    leader = next(one for one in order if one.behind is None)
    answer = leader if leader.supported else None
    could = _could_also_be(order, leader) if answer else []
    protected = next((at for at, one in enumerate(order, 1) if one.candidate.family == _label(material)), None)
    values: dict[str, Json] = {
        "envelope": list(dict.fromkeys(reason for one in order for reason in one.outside)),
        "answer": answer.candidate.family if answer else None,
        "leader": leader.candidate.family,
        "could_also_be": [{"family": one.candidate.family, "why": why} for one, why in could],
        "tied_with_leader": [one.candidate.family for one in order if one.tied],
        "candidates": [_stated(at, one) for at, one in enumerate(order, 1)],
        "n_candidates": len(order),
        "n_supported": sum(one.supported for one in order),
        "not_compared": [{"family": one.family, "reason": one.reason} for one in material.candidates if one.reason],
        "younger": sorted(name for one in material.candidates for name in one.younger),
        "suspect": material.question.suspect.name,
        "protected": _label(material),
        "protected_rank": protected,
        "n_prompts": len(material.own.found.prompts),
        "confidence": confidence,
        RESOURCE: stated(material.calibration),
    }
    tables = {
        "candidates": _table(material, order),
        "verbal_scale": scale_table(),
        "calibration_figures": figures_table(material.calibration),
        RESOURCE: weights_table(material.calibration),
    }
    return Facts(values, tables, _warnings(material, order))


def _label(material: Material) -> str:
    return material.question.protected_name


def _could_also_be(order: Sequence[Ranked], leader: Ranked) -> list[tuple[Ranked, str]]:
    """Families that the material can't separate from the leader: ties, and those of its developer above LR = 1."""
    maker = leader.candidate.developer
    found = []
    for one in order:
        kin = maker is not None and one.candidate.developer == maker
        why = [TIED] * one.tied + [SIBLING] * (kin and (one.tied or one.uncapped > 0))
        if one is not leader and why:
            found.append((one, ", ".join(why)))
    return found


def _stated(rank: int, one: Ranked) -> dict[str, Json]:
    return {
        "rank": rank,
        "family": one.candidate.family,
        "developer": one.candidate.developer,
        "members": [corpus.name for corpus in one.candidate.members],
        "n_controls": len(one.candidate.seat.controls),
        **one.lrs[ANY],
        "supported": one.supported,
        "tied_with_leader": one.tied,
        "outside": bool(one.outside),
    }


def _table(material: Material, order: Sequence[Ranked]) -> Table:
    rows: list[tuple[Json, ...]] = []
    for at, one in enumerate(order, 1):
        first = one.lrs[ANY]
        others = [one.lrs[key]["log10_lr"] for key in QUESTIONS if key != ANY]
        behind = one.behind or (None, None)
        rows.append(
            (
                at,
                one.candidate.family,
                first["log10_lr"],
                *first["interval"],
                first["log10_lr_uncapped"],
                *first["cap"],
                *others,
                *behind,
                one.tied,
                len(one.candidate.seat.controls),
                listed([corpus.name for corpus in one.candidate.members]),
                one.candidate.developer,
                "; ".join(one.outside),
                "",
            )
        )
    blank = (None,) * 13
    rows += [
        (None, one.family, *blank[:11], len(one.seat.controls), listed(one.younger), one.developer, "", one.reason)
        for one in material.candidates
        if one.reason
    ]
    columns = (
        Column("rank", "integer", "Rank"),
        Column("family", "text", "Candidate family"),
        Column("log10_lr", "number", "log10 LR"),
        Column("low", "number", "Low end of the interval"),
        Column("high", "number", "High end of the interval"),
        Column("uncapped", "number", "log10 LR before the cap"),
        Column("cap_low", "number", "Lower cap"),
        Column("cap_high", "number", "Upper cap"),
        *(Column(key, "number", f"log10 LR: {key.replace('_', ' ')}") for key in QUESTIONS if key != ANY),
        Column("behind_low", "number", "Behind the leader: low end"),
        Column("behind_high", "number", "Behind the leader: high end"),
        Column("tied", "flag", "Tied with the leader"),
        Column("controls", "integer", "Controls"),
        Column("members", "text", "Members compared (or too young)"),
        Column("developer", "text", "Developer"),
        Column("outside", "text", "Outside the validated envelope"),
        Column("reason", "text", "Why it is not compared"),
    )
    return Table(columns, tuple(rows))


def _warnings(material: Material, order: Sequence[Ranked]) -> tuple[str, ...]:
    said = []
    late = [name for one in material.candidates for name in one.younger]
    if late:
        said.append(f"Younger than the suspect, and so no candidates: {listed(sorted(late))}.")
    lacking = list(dict.fromkeys(what for one in order for what in unknown(_checks(material, one.candidate))))
    if lacking:
        said.append(f"Not compared with the panels, because it is unknown: {listed(lacking)}.")
    if material.absent:
        said.append(f"Without similarities, and so left out: {listed(material.absent)}.")
    if material.question.despite_date:
        said.append(f"Compared against the date gate, for this reason: {material.question.despite_date}")
    return tuple(said)

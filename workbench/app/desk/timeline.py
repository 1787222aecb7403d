"""Who could have learned from whom, by date: models by their release, and the gate that each suspect's date is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor

from workbench.app.desk.dates import Span, span_of
from workbench.app.desk.document_lanes import dated_ends, lanes_of
from workbench.core.documents import Document
from workbench.core.model import Column, Corpus, Role, Table
from workbench.core.plot import (
    Axis,
    Band,
    Dash,
    Fill,
    Ink,
    Line,
    Mark,
    Plot,
    Row,
    Shape,
    Side,
    Tick,
    Upright,
    Words,
)
from workbench.core.text import counted

_LANES = 12
"""Over so many models of one lane, they stand without their names."""


@dataclass(frozen=True, slots=True)
class _Lane:
    name: str
    shape: Shape
    members: tuple[Corpus, ...]


def timeline_of(
    corpora: Sequence[Corpus], late: frozenset[str], made: str, documents: Sequence[Document] = ()
) -> Plot | None:
    """The picture of all releases and documents; None where nothing has a date. `made` is when the case was made."""
    lanes = _lanes(corpora)
    dated = {c.name: span for c in corpora if (span := span_of(c.facts.released or "")) is not None}
    written = dated_ends(documents)
    if not (dated and lanes) and not written:
        return None
    case = span_of(made)
    ends = [end for span in dated.values() for end in (span.low, span.high)] + ([case.at] if case else []) + written
    room = max(0.25, (max(ends) - min(ends)) * 0.06)
    low, high = min(ends) - room, max(ends) + room
    ticks = tuple(Tick(float(year), str(year)) for year in _years(low, high))
    marks: list[Mark] = []
    lines: list[Line] = []
    words: list[Words] = []
    for at, lane in enumerate(lanes):
        marks += [_mark(c, dated[c.name], at, lane, late) for c in lane.members if c.name in dated]
        unknown = [c.name for c in lane.members if c.name not in dated]
        if unknown:
            lines.append(Line(((low, float(at)), (high, float(at))), Ink.QUIET, Dash.DASHED))
            words.append(Words(low, float(at), _unknown(unknown), Side.RIGHT, Ink.SECOND))
    gates = [
        Upright(((dated[c.name].at, 0.0),), Ink.SUSPECT, Dash.DASHED, 1.4, words=_gate(c))
        for lane in lanes
        for c in lane.members
        if c.role is Role.SUSPECT and c.name in dated
    ]
    bands = _bands(lanes, gates, high)
    rows = [Row(lane.name, _height(lane), lane.shape, lane.shape is not Shape.CONTROL) for lane in lanes]
    below = lanes_of(documents, len(rows), high)
    rows += below.rows
    marks += below.marks
    if case is not None:
        marks.append(Mark("This case", case.at, float(len(rows)), Shape.RING, f"made {made[:10]}", ink=Ink.ACCENT))
        rows.append(Row("this case", 1.2, Shape.RING))
    return Plot(
        title="Who could have learned from whom",
        axis=Axis(low, high, ticks),
        description=_in_words(lanes, dated, late, len(documents)),
        rows=tuple(rows),
        bands=(*bands, *below.bands),
        lines=(*lines, *gates),
        words=tuple(words),
        marks=tuple(marks),
        table=_table(lanes, dated, late, below.table),
    )


def _lanes(corpora: Sequence[Corpus]) -> list[_Lane]:
    """The protected families, each suspect, kin, and all controls in one."""
    of = {role: [c for c in corpora if c.role is role] for role in Role}
    families: dict[str, list[Corpus]] = {}
    for corpus in of[Role.PROTECTED]:
        families.setdefault(corpus.facts.family or corpus.name, []).append(corpus)
    lanes = [_Lane(name, Shape.PROTECTED, tuple(members)) for name, members in families.items()]
    lanes += [_Lane(c.name, Shape.SUSPECT, (c,)) for c in of[Role.SUSPECT]]
    lanes += [_Lane(c.name, Shape.BASE, (c,)) for c in of[Role.BASE]]
    lanes += [_Lane(c.name, Shape.SIBLING, (c,)) for c in of[Role.SIBLING]]
    controls = of[Role.CONTROL]
    if controls:
        name = f"{len(controls):,} controls" if len(controls) > 1 else controls[0].name
        lanes.append(_Lane(name, Shape.CONTROL, tuple(controls)))
    return lanes


def _height(lane: _Lane) -> float:
    return 2.2 if len(lane.members) > 8 else 1.4


def _mark(corpus: Corpus, span: Span, lane: int, of: _Lane, late: frozenset[str]) -> Mark:
    too_late = corpus.name in late
    named = of.shape is not Shape.CONTROL and len(of.members) <= _LANES
    return Mark(
        name=corpus.name,
        x=span.at,
        y=float(lane),
        shape=Shape.LATE if too_late else of.shape,
        value=f"released {corpus.facts.released}",
        more="too late to be a source, left out" if too_late else corpus.facts.developer or "",
        target=f"answers/of:{corpus.name}",
        label=_label(corpus, of) if named else "",
        strong=of.shape is Shape.SUSPECT,
        piled=of.shape is Shape.CONTROL,
    )


def _label(corpus: Corpus, lane: _Lane) -> str:
    """What tells a member from its family; of one that stands alone, its maker and base."""
    if len(lane.members) > 1:
        return corpus.name.removeprefix(lane.name).lstrip("-_ ") or corpus.name
    maker, base = corpus.facts.developer, corpus.facts.base
    said = [f"by {maker}"] if maker else []
    said += [f"on {base}"] if base else []
    return ", ".join(said)


def _bands(lanes: Sequence[_Lane], gates: Sequence[Upright], high: float) -> tuple[Band, ...]:
    """Out of reach for every suspect: right of the last gate, in the lanes of the protected side."""
    if not gates:
        return ()
    last = max(gate.points[0][0] for gate in gates)
    return tuple(
        Band(last, high, Fill.HATCHED, first=at, last=at)
        for at, lane in enumerate(lanes)
        if lane.shape is Shape.PROTECTED
    )


def _gate(corpus: Corpus) -> str:
    return f"Date gate: {corpus.name}, {corpus.facts.released}"


def _unknown(names: Sequence[str]) -> str:
    return "date unknown" if len(names) == 1 else f"date unknown of {len(names):,}"


def _years(low: float, high: float) -> list[int]:
    years = list(range(ceil(low), floor(high) + 1))
    step = max(1, -(-len(years) // 12))
    return [year for year in years if year % step == 0]


def _table(
    lanes: Sequence[_Lane], dated: dict[str, Span], late: frozenset[str], written: Sequence[tuple[str, ...]]
) -> Table:
    columns = (
        Column("name", "text", "Model or document"),
        Column("role", "text", "Role or kind"),
        Column("released", "text", "Date"),
        Column("remark", "text", "Remark"),
    )
    rows = [
        (
            c.name,
            str(c.role),
            c.facts.released or "unknown",
            "too late to be a source" if c.name in late else "" if c.name in dated else "date unknown",
        )
        for lane in lanes
        for c in lane.members
    ]
    return Table(columns, tuple(sorted([*rows, *written], key=lambda row: row[2])))


def _in_words(lanes: Sequence[_Lane], dated: dict[str, Span], late: frozenset[str], documents: int) -> str:
    """The picture for a reader who can't see it."""
    models = sum(len(lane.members) for lane in lanes)
    said = [f"{len(dated):,} of {models:,} models have a release date."]
    said += [
        f"{c.name}, a suspect, was released {c.facts.released or 'at an unknown date'}."
        for lane in lanes
        for c in lane.members
        if c.role is Role.SUSPECT
    ]
    if late:
        said.append(f"Too late to be a source: {', '.join(sorted(late))}.")
    if documents:
        said.append(f"{counted(documents, 'document stands', 'documents stand')} below.")
    return " ".join(said)

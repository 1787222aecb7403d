"""Documents on the timeline: terms and contracts as bars over the days on which they held, the others as marks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workbench.app.desk.dates import Span, span_of
from workbench.core.documents import Document, Kind
from workbench.core.plot import Band, Fill, Ink, Mark, Row, Shape, Side

_INKS = {Kind.ALLEGATION: Ink.PROTECTED, Kind.DENIAL: Ink.SUSPECT}
_SPOKEN = (Kind.ALLEGATION, Kind.STATEMENT, Kind.DENIAL)


@dataclass(frozen=True, slots=True)
class DocumentLanes:
    """Rows below those of the models, and what stands in them; `table` has rows of name, kind, date and remark."""

    rows: tuple[Row, ...] = ()
    bands: tuple[Band, ...] = ()
    marks: tuple[Mark, ...] = ()
    table: tuple[tuple[str, str, str, str], ...] = ()


def dated_ends(documents: Sequence[Document]) -> list[float]:
    """All dates of documents, in years, so that the axis has room for them."""
    given = (date for one in documents for date in (one.said.date, one.said.in_force_from, one.said.in_force_until))
    return [end for span in map(span_of, given) if span for end in (span.low, span.high)]


def lanes_of(documents: Sequence[Document], first: int, high: float) -> DocumentLanes:
    """The lanes of documents that have a date; `first` is the number of their first row, `high` the axis's end.

    Terms that hold still end with the picture. A document without any date stands in the table alone.
    """
    held = [one for one in documents if _span(one) is not None]
    bars = [one for one in held if _bar(one, high) is not None]
    spoken = [one for one in held if one not in bars and one.said.kind in _SPOKEN]
    others = [one for one in held if one not in bars and one.said.kind not in _SPOKEN]
    rows: list[Row] = []
    bands: list[Band] = []
    marks: list[Mark] = []
    for name, members in (("terms in force", bars), ("statements", spoken), ("other documents", others)):
        if not members:
            continue
        at = first + len(rows)
        rows.append(Row(name, 1.4, Shape.TICK if members is bars else Shape.RING))
        for one in members:
            bar = _bar(one, high)
            if bar is not None:
                bands.append(Band(*bar, Fill.TINT, first=at, last=at))
            marks.append(_mark(one, at, bar))
    return DocumentLanes(tuple(rows), tuple(bands), tuple(marks), tuple(map(_row, documents)))


def _bar(one: Document, high: float) -> tuple[float, float] | None:
    """From when until when it held; None where the examiner did not say from when."""
    begin, end = span_of(one.said.in_force_from), span_of(one.said.in_force_until)
    if begin is None:
        return None
    return begin.low, max(begin.low, end.high if end else high)


def _span(one: Document) -> Span | None:
    return span_of(one.said.in_force_from) or span_of(one.said.date)


def _mark(one: Document, at: int, bar: tuple[float, float] | None) -> Mark:
    span = _span(one)
    assert span is not None
    said = one.said
    clause = one.standing_clauses[0].text if one.standing_clauses else ""
    return Mark(
        name=said.title,
        x=bar[0] if bar else span.at,
        y=float(at),
        shape=Shape.TICK if bar else Shape.RING,
        value=f"{said.kind}, {_when(one)}",
        more=f"“{clause}”" if clause else said.author,
        target=f"documents/{one.number}",
        label=said.title if bar else f"{said.kind}, {said.date}",
        label_side=Side.RIGHT if bar or said.kind is Kind.DENIAL else Side.LEFT,
        ink=_INKS.get(said.kind, Ink.STRONG),
    )


def _when(one: Document) -> str:
    said = one.said
    if said.in_force_from or said.in_force_until:
        return f"in force from {said.in_force_from or 'an unknown day'} until {said.in_force_until or 'no day said'}"
    return said.date or "date unknown"


def _row(one: Document) -> tuple[str, str, str, str]:
    return one.said.title, str(one.said.kind), one.said.date or one.said.in_force_from or "unknown", _when(one)

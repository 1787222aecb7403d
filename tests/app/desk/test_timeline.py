"""The timeline: dates as far as they are known, and who is too late."""

from __future__ import annotations

import pytest

from workbench.app.desk.dates import span_of
from workbench.app.desk.timeline import timeline_of
from workbench.core.documents import Description, Document, KeptFile, Kind, ReadText
from workbench.core.model import Corpus, Facts, Role


def corpus(number: int, name: str, role: Role, released: str | None = None, family: str | None = None) -> Corpus:
    return Corpus(number, name, role, Facts(released=released, family=family), 1, "0" * 64)


@pytest.mark.parametrize(
    ("date", "low", "high"),
    [("2025", 2025, 2026), ("2025-07", 2025.5, 2025.5 + 1 / 12), ("2024-01-16", 2024 + 0.5 / 12, 2024 + 0.5 / 12)],
)
def test_a_date_spans_what_it_leaves_open(date: str, low: float, high: float) -> None:
    span = span_of(date)
    assert span is not None
    assert (span.low, span.high) == pytest.approx((low, high))
    assert span.low <= span.at <= span.high


@pytest.mark.parametrize("date", ["", "soon", "2025-13", "2025-02-30", "25-02", "2025-02-03-04"])
def test_what_is_no_date_is_not_guessed(date: str) -> None:
    assert span_of(date) is None


def test_unknown_dates_are_said_and_nothing_is_drawn_for_them() -> None:
    corpora = [
        corpus(1, "sus", Role.SUSPECT, "2025-02"),
        corpus(2, "pro-1", Role.PROTECTED, "2024", "pro"),
        corpus(3, "pro-2", Role.PROTECTED, None, "pro"),
        corpus(4, "one", Role.CONTROL, "2023-05"),
    ]
    plot = timeline_of(corpora, frozenset(), "2026-11-16T09:12:00.000Z")
    assert plot is not None
    assert [mark.name for mark in plot.marks] == ["pro-1", "sus", "one", "This case"]
    assert [words.words for words in plot.words] == ["date unknown"]
    assert [row.name for row in plot.rows] == ["pro", "sus", "one", "this case"]
    (gate,) = [line for line in plot.lines if getattr(line, "words", "")]
    assert gate.words == "Date gate: sus, 2025-02"
    assert ("pro-2", "protected", "unknown", "date unknown") in plot.table.rows


def document(number: int, kind: Kind, title: str, date: str = "", begin: str = "", end: str = "") -> Document:
    file = KeptFile("0" * 64, "a.txt", 1)
    said = Description(kind, title, "", date, begin, end)
    return Document(number, said, file, ReadText(None, "", 0, 0, ""), "", "", number)


def test_documents_stand_below_the_models_and_terms_are_bars() -> None:
    written = [
        document(1, Kind.TERMS, "Terms 1", "2023-11", "2023", "2024-06-30"),
        document(2, Kind.TERMS, "Terms 2", begin="2024-07"),
        document(3, Kind.DENIAL, "Denial", "2026-03-03"),
        document(4, Kind.MODEL_CARD, "Card"),
        document(5, Kind.CONTRACT, "Contract", "2022"),
    ]
    plot = timeline_of([corpus(1, "sus", Role.SUSPECT, "2025-02")], frozenset(), "2026-11-16", written)
    assert plot is not None
    assert [row.name for row in plot.rows] == ["sus", "terms in force", "statements", "other documents", "this case"]
    bars = [(band.low, band.high, band.first) for band in plot.bands]
    assert bars == [(2023, pytest.approx(2024.4986, abs=1e-3), 1), (2024.5, plot.axis.high, 1)]
    marks = {mark.name: (mark.y, mark.target) for mark in plot.marks}
    assert marks["Denial"] == (2.0, "documents/3")
    assert marks["Contract"] == (3.0, "documents/5")
    assert "Card" not in marks, "no date is guessed"
    assert ("Card", "model card", "unknown", "date unknown") in plot.table.rows
    assert timeline_of([], frozenset(), "", written[:1]) is not None


def test_without_any_date_there_is_no_picture() -> None:
    assert timeline_of([corpus(1, "a", Role.SUSPECT)], frozenset(), "2026-11-16") is None

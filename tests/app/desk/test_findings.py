"""The ladder: what findings reach together, and what is never claimed of them."""

from __future__ import annotations

from workbench.app.desk.findings import Reach, ReadFinding, adds, ladder
from workbench.core.model import Finding, Narrative
from workbench.core.plan import CONFIRMATORY, NOT_PLANNED, RunStatus
from workbench.core.plot import Axis, Plot
from workbench.core.reading import Reading

_SURE = RunStatus(CONFIRMATORY, 1)
_EMPTY = Plot("", Axis(0, 1), "")


def made(
    number: int,
    rung: int,
    *,
    sure: bool = True,
    asks: int = 0,
    fit: bool | None = None,
    withdrawn: str = "",
    outside: str = "",
) -> ReadFinding:
    reading = Reading("?", "?", "!", "s", "d", _EMPTY, (), outside=outside, asks_for_rung=asks, fit=fit)
    finding = Finding("x", 1, "?", {}, "1", (), (), {}, {}, (), {})
    status = _SURE if sure else NOT_PLANNED
    return ReadFinding(number, finding, Narrative(rung, "h", (), ()), reading, status, "", withdrawn, "", 1)


def reached(*findings: ReadFinding) -> list[Reach]:
    return [rung.reach for rung in ladder(findings)]


def test_nothing_is_reached_without_findings() -> None:
    assert reached() == [Reach.NOT_ASKED] * 6


def test_a_confirmatory_finding_counts_before_an_exploratory_one() -> None:
    rungs = ladder([made(1, 0, fit=True), made(2, 3, sure=False, asks=3), made(3, 2, asks=2)])
    assert [r.reach for r in rungs[:4]] == [Reach.CONFIRMED, Reach.CONFIRMED, Reach.CONFIRMED, Reach.EXPLORED]
    assert [r.finding for r in rungs[:4]] == [1, 3, 3, 2]
    assert rungs[3].exploratory


def test_what_was_asked_and_not_reached_is_not_hidden() -> None:
    rungs = ladder([made(1, 0, fit=True), made(2, 0, asks=2)])
    assert rungs[2].reach is Reach.NOT_REACHED
    assert rungs[2].finding == 2
    assert rungs[3].reach is Reach.NOT_ASKED


def test_a_withdrawn_finding_carries_nothing() -> None:
    assert reached(made(1, 2, withdrawn="wrong")) == [Reach.NOT_ASKED] * 6


def test_on_unfit_material_no_rung_stands() -> None:
    rungs = ladder([made(1, 0, fit=False), made(2, 2, asks=2)])
    assert rungs[0].reach is Reach.UNFIT
    assert {rung.reach for rung in rungs[1:]} == {Reach.NOT_ASKED}


def test_what_a_finding_adds_is_said() -> None:
    assert adds(made(1, 2)) == "This finding reaches rung 2."
    assert adds(made(1, 0, outside="Outside.")) == "Adds no rung: it lies outside the envelope."
    assert adds(made(1, 0)) == "Adds no rung."
    assert adds(made(1, 2, withdrawn="w")) == "It is withdrawn and adds nothing."

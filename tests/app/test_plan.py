"""Plans over a session: several suspects, named controls, cancelling, and who is told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from workbench.app.requests import RunRequest
from workbench.app.session import Session
from workbench.core.errors import Cancelled, UsageError
from workbench.core.model import Change
from workbench.core.surroundings import Conditions


@pytest.fixture
def session(small_panel: Path, tmp_path: Path, conditions: Conditions):
    with Session.create(tmp_path / "a", conditions=conditions, cache=tmp_path / "cache") as made:
        made.import_panel(small_panel, "student", "teachers")
        yield made


def plan(session: Session, **changes: Any) -> Any:
    """The starting point, with `fitness` alone."""
    start = session.plan_to_edit()
    return start | {"analyses": [a for a in start["analyses"] if a["analysis"] == "fitness"]} | changes


def test_every_pair_is_planned_and_run(session: Session) -> None:
    told: list[frozenset[Change]] = []
    session.subscribe(told.append)
    two = plan(session, suspects=["student", "control-7"], protected=["family:teachers", "corpus:control-2"])
    session.lock_plan(two)
    assert told == [frozenset({Change.PLAN, Change.LEDGER})]
    now = session.plan_state()
    assert [(p.look.suspect, p.look.protected) for p in now.planned] == [
        ("student", "teachers"), ("control-7", "teachers"), ("control-7", "control-2"),
    ]  # fmt: skip
    assert [i["suspect"] for i in now.versions[0].plan["impossible"]] == ["student"], "it came out before control-2"
    report = session.run_plan()
    assert (report.made, report.refused, report.earlier) == ((1, 2, 3), (), 0)
    assert all(f.options["plan"]["status"] == "confirmatory" for f in session.findings())
    assert "of which made: 3" in session.plan_state().words()


def test_a_suspect_is_no_control_of_its_own_though_it_is_named(session: Session) -> None:
    names = [f"control-{n}" for n in range(1, 8)]
    session.lock_plan(plan(session, suspects=["student", "control-7"], controls={"named": names, "excluded": {}}))
    own = session.plan_state().planned[1].look
    assert own.parts["control-7"].role == "suspect"
    assert [n for n, p in own.parts.items() if p.role == "control"] == names[:-1]


def test_stopping_keeps_what_was_stored(session: Session) -> None:
    session.lock_plan(plan(session, suspects=["student", "control-7"]))

    def progress(fraction: float, note: str = "") -> None:
        if fraction > 0.6:
            raise Cancelled

    with pytest.raises(Cancelled):
        session.run_plan(progress)
    assert [len(p.runs) for p in session.plan_state().planned] == [1, 0]
    assert session.run_plan().made == (2,)


def test_what_would_be_is_what_comes_to_be(session: Session) -> None:
    request = RunRequest(seed=3)
    session.lock_plan(plan(session))
    before = session.status_of("fitness", request, session.question(request))
    stored = session.run("fitness", request)
    assert stored.options["plan"] == before.as_json()
    assert before.deviations == ("another seed: 3 in place of 20260301",)


def test_a_new_draft_starts_from_the_plan_in_force(session: Session) -> None:
    session.lock_plan(plan(session, notes="as agreed"))
    start = session.plan_to_edit()
    assert start["notes"] == "as agreed"
    with pytest.raises(UsageError, match="nothing is changed"):
        session.lock_plan(start)


def test_without_a_plan_nothing_is_run(session: Session) -> None:
    with pytest.raises(UsageError, match="No plan was locked"):
        session.run_plan()

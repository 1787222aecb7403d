"""Versions of the plan as ledger lines: written once, counted against the findings, never changed."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tests.store.making import NARRATIVE, finding
from workbench.core.errors import CaseError, UsageError
from workbench.core.hashing import canonical, sha256
from workbench.core.surroundings import Conditions
from workbench.store import Case

PLAN = {
    "corpora": [],
    "comparisons": [],
    "impossible": [],
    "analyses": [],
    "seed": "1",
    "despite_date": None,
    "propositions": {},
    "population": {"era": "", "size_class": "", "base": ""},
    "controls": {"excluded": {}},
}


@pytest.fixture
def case(tmp_path: Path, conditions: Conditions) -> Case:
    return Case.create(tmp_path / "a.case", title="t", conditions=conditions)


def test_a_version_is_a_line_with_its_hash_and_the_findings_before_it(case: Case) -> None:
    with case:
        first = case.lock_plan(PLAN, "")
        case.record_finding(finding(1), narrative=NARRATIVE, svg=b"", options={})
        second = case.lock_plan(PLAN | {"seed": "2"}, "agreed")
        assert [(p.version, p.findings_before, p.reason) for p in case.plans()] == [(1, 0, ""), (2, 1, "agreed")]
        lines = list(case.ledger())
        assert (lines[-1].before, lines[-1].after) == (first.sha256, second.sha256)
        assert first.sha256 == sha256(canonical(PLAN))
        assert lines[-1].options["said"] == "locked after 1 finding had been made"
        assert case.plans(until=first.line) == [first]
        assert [r.number for r in case.runs()] == [1]
        assert case.verify() == []


def test_a_second_version_needs_a_change_and_a_reason(case: Case) -> None:
    with case:
        case.lock_plan(PLAN, "")
        with pytest.raises(UsageError, match="nothing is changed"):
            case.lock_plan(dict(reversed(PLAN.items())), "again")
        with pytest.raises(UsageError, match="needs a reason"):
            case.lock_plan(PLAN | {"seed": "2"}, " ")
        assert len(case.plans()) == 1


def test_a_case_that_is_read_only_locks_nothing(case: Case, conditions: Conditions, tmp_path: Path) -> None:
    case.close()
    with Case.open(tmp_path / "a.case", conditions=conditions) as reading, pytest.raises(CaseError, match="reading"):
        reading.lock_plan(PLAN, "")


def test_a_plan_changed_behind_the_back_is_found(case: Case, tmp_path: Path) -> None:
    with case:
        case.lock_plan(PLAN, "")
    database = sqlite3.connect(tmp_path / "a.case" / "case.db")
    (guard,) = database.execute("SELECT sql FROM sqlite_master WHERE name = 'ledger_no_update'").fetchone()
    database.execute("DROP TRIGGER ledger_no_update")
    database.execute('UPDATE ledger SET line = replace(line, \'"seed":"1"\', \'"seed":"2"\')')
    database.execute(guard)
    database.commit()
    database.close()
    assert "ledger" in {problem.what for problem in case.verify()}

"""Looks, deviations and statuses: what makes a run confirmatory, and what is said when it is not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core.plan import (
    CONFIRMATORY,
    EXPLORATORY,
    LOCKED,
    NO_PLAN,
    LockedPlan,
    Look,
    LookPart,
    MadeRun,
    RunStatus,
    deviations,
    done,
    holm,
    judged,
    lateness,
    looks_of,
    plans_in,
    runs_in,
    status_of,
)

PARTS = {"s": LookPart("suspect", "a", "f"), "p": LookPart("protected", "b", "f"), "c": LookPart("control", "c", "f")}
LOOK = Look("closest_source", 1, {"replicates": 500, "share": 0.8}, "7", "s", "P", PARTS)


def plan(**changes: Any) -> dict[str, Any]:
    """A plan of two analyses and one comparison."""
    return {
        "corpora": [{"corpus": n, "sha256": p.sha256, "facts": p.facts} for n, p in PARTS.items()],
        "comparisons": [{"suspect": "s", "label": "P", "parts": {n: p.role for n, p in PARTS.items()}}],
        "analyses": [
            {"analysis": "fitness", "version": 1, "parameters": {}},
            {"analysis": "closest_source", "version": 1, "parameters": {"replicates": 500, "share": 0.8}},
        ],
        "seed": "7",
        "despite_date": None,
        **changes,
    }


def locked(version: int = 1, line: int = 10, **changes: Any) -> LockedPlan:
    return LockedPlan(version, plan(**changes), f"hash {version}", "t", "E", "", 0, line)


def made(look: Look, number: int, line: int, status: RunStatus) -> MadeRun:
    return MadeRun(number, line, look.analysis, look.suspect, look.protected, status)


def test_a_run_as_planned_is_confirmatory_whatever_the_order_of_its_parts() -> None:
    turned = replace(LOOK, parts=dict(reversed(PARTS.items())))
    status = judged(turned, [locked()], [])
    assert status == RunStatus(CONFIRMATORY, 1, "hash 1", LOOK.digest)
    assert status.words() == "confirmatory, under version 1 of the plan"
    assert looks_of(plan())[1] == LOOK


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"seed": "8"}, "another seed: 8 in place of 7"),
        ({"version": 2}, "version 2 of the analysis in place of 1"),
        ({"parameters": {"replicates": 501, "share": 0.8}}, "another setting: replicates 501 in place of 500"),
        ({"parameters": {"replicates": 500}}, "another setting: share nothing in place of 0.8"),
        ({"despite_date": True}, "the dates were set aside"),
        ({"parts": {n: p for n, p in PARTS.items() if n != "c"}}, "control c left out"),
        ({"parts": PARTS | {"d": LookPart("control", "d", "f")}}, "control d added"),
        ({"parts": PARTS | {"q": LookPart("protected", "q", "f")}}, "protected model q added"),
        ({"parts": PARTS | {"c": LookPart("base", "c", "f")}}, "c is base in place of control"),
        ({"parts": PARTS | {"c": LookPart("control", "x", "f")}}, "corpus c has changed since the lock"),
        ({"parts": PARTS | {"c": LookPart("control", "c", "x")}}, "what is known of c has changed since the lock"),
        ({"analysis": "did"}, "the analysis did is not in the plan"),
        ({"suspect": "t"}, "t against P is not in the plan"),
        ({"protected": "Q"}, "s against Q is not in the plan"),
    ],
)
def test_every_deviation_makes_it_exploratory_and_is_named(changes: dict[str, Any], words: str) -> None:
    status = judged(replace(LOOK, **changes), [locked()], [])
    assert (status.status, status.deviations) == (EXPLORATORY, (words,))
    assert status.words() == f"exploratory: {words}"


def test_several_deviations_are_all_named_against_the_nearest_planned_look() -> None:
    far = {"analysis": "closest_source", "version": 1, "parameters": {"replicates": 100, "share": 0.1}}
    two = locked(analyses=[far, *plan()["analyses"]])
    status = judged(replace(LOOK, seed="8", parts=PARTS | {"d": LookPart("control", "d", "f")}), [two], [])
    assert status.deviations == ("another seed: 8 in place of 7", "control d added")


def test_without_a_plan_everything_is_exploratory_and_old_findings_are_too() -> None:
    assert judged(LOOK, [], []).deviations == (NO_PLAN,)
    for options in ({}, {"suspect": "s"}, None, {"plan": None}):
        assert status_of(options) == RunStatus(EXPLORATORY, deviations=(NO_PLAN,))


def test_a_status_comes_back_from_its_json() -> None:
    for status in (judged(LOOK, [locked()], []), RunStatus(EXPLORATORY, 2, "h", "l", ("a", "b"), (1, 2))):
        assert status_of({"plan": status.as_json()}) == status


def test_what_was_asked_before_it_was_planned_is_said_for_good() -> None:
    early = made(replace(LOOK, seed="9"), 1, 5, RunStatus(EXPLORATORY))
    other = made(replace(LOOK, suspect="t"), 2, 6, RunStatus(EXPLORATORY))
    status = judged(LOOK, [locked(line=10)], [early, other])
    assert (status.status, status.known_before) == (CONFIRMATORY, (1,))
    assert "but finding 1 had asked the same before it was planned" in status.words()
    assert status.short() == "confirmatory, known before"


def test_a_look_that_an_earlier_version_planned_was_planned_then() -> None:
    first = locked(1, line=10)
    second = locked(2, line=20, analyses=plan()["analyses"][1:])
    between = made(LOOK, 1, 15, judged(LOOK, [first], []))
    assert judged(LOOK, [first, second], [between]).known_before == ()
    assert done(LOOK, [between]) == [between]
    changed = locked(2, line=20, seed="8")
    assert judged(replace(LOOK, seed="8"), [first, changed], [between]).known_before == (1,)
    assert done(changed.looks()[1], [between]) == []


def test_the_plan_in_force_is_the_last_one() -> None:
    assert judged(LOOK, [locked(1), locked(2, seed="8")], []).deviations == ("another seed: 7 in place of 8",)


def test_plans_and_runs_are_read_from_a_ledger() -> None:
    lines: list[dict[str, Any]] = [
        {"action": "case created", "sequence": 1},
        {"action": "analysis run", "sequence": 2, "object": {"finding": 1}, "options": {"analysis": "fitness"}},
        {
            "action": LOCKED, "sequence": 3, "object": {"plan": 1}, "after": "h", "time": "t", "examiner": "E",
            "reason": "", "options": {"plan": plan(), "findings_before": 1},
        },
        {"action": "finding withdrawn", "sequence": 4, "object": {"finding": 1}, "reason": "wrong"},
    ]  # fmt: skip
    assert [(p.version, p.line, p.lateness()) for p in plans_in(lines)] == [
        (1, 3, "locked after 1 finding had been made")
    ]
    assert [(r.number, r.analysis, r.withdrawn, r.status.words()) for r in runs_in(lines)] == [
        (1, "fitness", "wrong", f"exploratory: {NO_PLAN}")
    ]
    assert (lateness(0), lateness(2)) == ("", "locked after 2 findings had been made")


def test_holm_by_hand() -> None:
    assert holm([0.01, 0.04, 0.03], 3) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([0.01], 4) == pytest.approx([0.04])
    assert holm([0.6, 0.7], 2) == pytest.approx([1.0, 1.0])
    assert holm([], 5) == []


@given(st.lists(st.floats(0.0001, 1.0), max_size=12), st.integers(0, 20))
def test_holm_keeps_the_order_and_never_gains(p_values: list[float], more: int) -> None:
    adjusted = holm(p_values, len(p_values) + more)
    assert all(p <= a <= 1 for p, a in zip(p_values, adjusted, strict=True))
    pairs = sorted(zip(p_values, adjusted, strict=True))
    assert [a for _, a in pairs] == sorted(adjusted)


def test_no_deviation_from_itself() -> None:
    assert deviations(LOOK, LOOK) == ()

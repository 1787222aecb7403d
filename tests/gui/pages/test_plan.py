"""The plan page: written, locked after a question, run; and what the run page says of a plan."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from tests.inside import case_of


@pytest.fixture
def page(open_window, case: Path, spin, cache):
    window = open_window(case)
    window.go("plan")
    spin(lambda: window.workspace.jobs.idle and window.at.plan.outcome is not None)
    return window.at.plan


def _settle(page, spin) -> None:
    spin(lambda: page.desk.workspace.jobs.idle and not page._timer.isActive(), 60)


def _only_fitness(page) -> None:
    for item in page.form._listed():
        on = item.data(Qt.ItemDataRole.UserRole)["analysis"] == "fitness"
        item.setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)


def _signed(reason: str = "", name: str = "a. examiner"):
    """Types reason and name into the dialog that shows the whole plan."""

    def sign(dialog) -> None:
        dialog.reason.setText(reason)
        assert not dialog.lock.isEnabled()
        dialog.name.setText(name)
        assert dialog.lock.isEnabled()

    return sign


def _lock(page, answers, spin, answer: object = None) -> None:
    _settle(page, spin)
    answers.given = [answer]
    page.lock.trigger()
    _settle(page, spin)


def _run_planned(page, spin) -> None:
    window = page.window()
    window.go("analyses")
    _settle(page, spin)
    window.at.analyses.run_planned.trigger()
    _settle(page, spin)
    window.go("plan")
    _settle(page, spin)


def test_a_draft_is_filled_from_the_case(page) -> None:
    from workbench.app.catalogue import analyses

    draft = page.form.draft()
    assert page.state.accessibleName() == "No plan was locked: everything is exploratory."
    assert (draft["suspects"], draft["protected"]) == (["marlin-chat"], ["family:aurelia"])
    assert "marlin-chat" in draft["propositions"]["H1"]
    assert "aurelia" in draft["propositions"]["H1"]
    assert [a["analysis"] for a in draft["analyses"]] == [info.key for info in analyses() if info.key != "combined"], (
        "an opinion rests on findings that are there first"
    )
    assert draft == page._seen.draft
    assert not page.desk.actions["plan.run"].isEnabled() or not page.window().at.has("analyses")


def test_locking_asks_and_what_was_edited_is_what_is_locked(page, answers, spin) -> None:
    page.form.propositions["H1"].setPlainText("It learned from aurelia.")
    page.form.population["size_class"].setText("7 B")
    _only_fitness(page)
    item = next(i for i in page.form._items() if i.text(0) == "quillet-1")
    item.setSelected(True)
    answers.given = ["its files are mixed"]
    page.form.leave_out.click()
    _lock(page, answers, spin)
    assert case_of(page.desk.workspace.session).plans() == [], "what was not confirmed is not locked"
    shown: list[str] = []

    def sign(dialog) -> None:
        shown.append(dialog.whole.toPlainText())
        _signed()(dialog)

    _lock(page, answers, spin, sign)
    assert "H1. It learned from aurelia." in shown[0]
    assert "with 23 controls" in shown[0]
    assert "its files are mixed" in shown[0]
    plan = case_of(page.desk.workspace.session).plans()[0].plan
    assert plan["propositions"]["H1"] == "It learned from aurelia."
    assert plan["population"]["size_class"] == "7 B"
    assert [a["analysis"] for a in plan["analyses"]] == ["fitness"]
    assert "quillet-1" not in plan["comparisons"][0]["parts"]
    assert "before any finding was made" in page.state.accessibleName()
    assert page.planned.rows.row_at(0)[4] == "not run"


def test_the_plan_is_run_and_what_is_beside_it_is_said(page, answers, spin) -> None:
    window = page.window()
    _only_fitness(page)
    _lock(page, answers, spin, _signed())
    window.go("analyses")
    run = window.at.analyses
    spin(lambda: bool(run.cards))
    run._open_form("fitness")
    spin(lambda: "Version 1 of the plan foresees it" in run.form.note.accessibleName())
    run.form.params.editor("near_empty").setValue(5)
    spin(lambda: "nother setting: near_empty 5 in place of 3" in run.form.note.accessibleName())
    run.run.trigger()
    _settle(page, spin)
    window.go("plan")
    _settle(page, spin)
    assert page.planned.rows.row_at(0)[4] == "not run"
    assert "near_empty 5 in place of 3" in page.beyond.rows.row_at(0)[2]
    _run_planned(page, spin)
    assert page.planned.rows.row_at(0)[4] == "finding 2"
    window.go("findings")
    _settle(page, spin)
    findings = window.at.findings
    assert [f.status.short() for f in findings.rows.items] == ["exploratory", "confirmatory"]
    findings.show_item("1")
    assert findings.status.toolTip() == "exploratory: another setting: near_empty 5 in place of 3"
    window.go("plan")
    _settle(page, spin)
    assert "of which made: 1. Exploratory runs: 1." in page.state.accessibleName()


def test_a_new_version_needs_a_reason_and_a_late_one_says_so(page, answers, spin) -> None:
    _only_fitness(page)
    _lock(page, answers, spin, _signed())
    _run_planned(page, spin)
    page.form.seed.setText("7")

    def unsigned(dialog) -> None:
        dialog.name.setText("A. Examiner")
        assert not dialog.lock.isEnabled(), "a new version needs a reason"
        dialog.reason.setText("another seed was agreed")

    _lock(page, answers, spin, unsigned)
    versions = case_of(page.desk.workspace.session).plans()
    assert [v.reason for v in versions] == ["", "another seed was agreed"]
    assert "locked after 1 finding had been made" in page.state.accessibleName()
    assert page.versions.rows.rowCount() == 2


def test_what_it_comes_to_follows_the_draft(page, spin) -> None:
    assert page.outcome.runs == len(page.form.draft()["analyses"])
    (one,) = page.outcome.comparisons
    assert (one.suspect, one.protected, one.controls) == ("marlin-chat", "aurelia", 24)
    assert {run.title for run in one.runs if run.refused} == {
        "Published training sets",
        "Planted markers",
        "Served answers against unserved siblings",
        "Campaigns in usage logs",
        "Keyed signal (watermark)",
        "One service under two names",
    }
    page.form.seed.setText("seven")
    _settle(page, spin)
    assert "seed: 'seven' is not a whole number" in page.outcome.wrong
    assert not page.lock.isEnabled()
    page.form.seed.setText("7")
    _settle(page, spin)
    assert page.lock.isEnabled()
    next(i for i in page.form._items() if i.text(0) == "family pellmoor").setCheckState(2, Qt.CheckState.Checked)
    _settle(page, spin)
    assert [one.protected for one in page.outcome.comparisons] == ["aurelia", "pellmoor"]


def test_a_plan_is_saved_and_opened_again(page, answers, spin, tmp_path: Path) -> None:
    page.form.notes.setText("agreed with counsel")
    answers.given = [tmp_path / "plan.json"]
    page.save_file.trigger()
    _settle(page, spin)
    saved = json.loads((tmp_path / "plan.json").read_text("utf-8"))
    assert saved["notes"] == "agreed with counsel"
    (tmp_path / "plan.json").write_text(json.dumps(saved | {"notes": "another"}), encoding="utf-8")
    answers.given = [tmp_path / "plan.json"]
    page.open_file.trigger()
    assert page.form.notes.text() == "another"
    (tmp_path / "bad.json").write_text("[3]", encoding="utf-8")
    answers.given = [tmp_path / "bad.json"]
    page.open_file.trigger()
    assert "is no plan" in page.error.accessibleName()

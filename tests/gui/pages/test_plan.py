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
    spin(lambda: window.workspace.jobs.idle and window.at.plan.state.text() != "")
    return window.at.plan


def _settle(page, spin) -> None:
    spin(lambda: page.desk.workspace.jobs.idle, 60)


def _only_fitness(page) -> None:
    for item in page.form._listed():
        on = item.data(Qt.ItemDataRole.UserRole)["analysis"] == "fitness"
        item.setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)


def _lock(page, answers, spin, answer: object = True) -> None:
    answers.given = [answer]
    page.lock.trigger()
    _settle(page, spin)


def test_a_draft_is_filled_from_the_case(page) -> None:
    from workbench.app.catalogue import analyses

    draft = page.form.draft()
    assert page.state.text() == "No plan was locked: everything is exploratory."
    assert (draft["suspects"], draft["protected"]) == (["marlin-chat"], ["family:aurelia"])
    assert "marlin-chat" in draft["propositions"]["H1"]
    assert "aurelia" in draft["propositions"]["H1"]
    assert [a["analysis"] for a in draft["analyses"]] == [info.key for info in analyses() if info.key != "combined"], (
        "an opinion rests on findings that are there first"
    )
    assert draft == page._seen.draft
    assert not page.run_planned.isEnabled()


def test_locking_asks_and_what_was_edited_is_what_is_locked(page, answers, spin) -> None:
    page.form.propositions["H1"].setPlainText("It learned from aurelia.")
    page.form.population["size_class"].setText("7 B")
    _only_fitness(page)
    item = next(i for i in page.form._items() if i.text(0) == "quillet-1")
    item.setSelected(True)
    answers.given = ["its files are mixed"]
    page.form.leave_out.click()
    _lock(page, answers, spin, answer=False)
    assert case_of(page.desk.workspace.session).plans() == []
    _lock(page, answers, spin)
    plan = case_of(page.desk.workspace.session).plans()[0].plan
    assert plan["propositions"]["H1"] == "It learned from aurelia."
    assert plan["population"]["size_class"] == "7 B"
    assert [a["analysis"] for a in plan["analyses"]] == ["fitness"]
    assert "quillet-1" not in plan["comparisons"][0]["parts"]
    assert "before any finding was made" in page.state.text()
    assert page.planned.rows.row_at(0)[4] == "not run"
    assert page.run_planned.isEnabled()


def test_the_plan_is_run_and_what_is_beside_it_is_said(page, answers, spin) -> None:
    window = page.window()
    _only_fitness(page)
    _lock(page, answers, spin)
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
    assert "near_empty 5 in place of 3" in page.beside.rows.row_at(0)[2]
    page.run_planned.trigger()
    _settle(page, spin)
    assert page.planned.rows.row_at(0)[4] == "finding 2"
    window.go("findings")
    _settle(page, spin)
    findings = window.at.findings
    assert [f.status.short() for f in findings.rows.items] == ["exploratory", "confirmatory"]
    findings.show_item("1")
    assert findings.status.toolTip() == "exploratory: another setting: near_empty 5 in place of 3"
    window.go("plan")
    _settle(page, spin)
    assert "of which made: 1. Exploratory runs: 1." in page.state.text()


def test_a_new_version_needs_a_reason_and_a_late_one_says_so(page, answers, spin) -> None:
    _only_fitness(page)
    _lock(page, answers, spin)
    page.run_planned.trigger()
    _settle(page, spin)
    page.form.seed.setText("7")
    _lock(page, answers, spin, answer="")
    assert len(case_of(page.desk.workspace.session).plans()) == 1
    _lock(page, answers, spin, answer="another seed was agreed")
    versions = case_of(page.desk.workspace.session).plans()
    assert [v.reason for v in versions] == ["", "another seed was agreed"]
    assert "locked after 1 finding had been made" in page.notice.text()
    assert page.versions.rows.rowCount() == 2


def test_what_does_not_fit_is_said_in_words(page, answers, spin) -> None:
    page.form.seed.setText("seven")
    _lock(page, answers, spin)
    assert "seed: 'seven' is not a whole number" in page.error.text()
    assert page.error.isVisible()
    assert case_of(page.desk.workspace.session).plans() == []


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
    assert "is no plan" in page.error.text()

"""The run page: who is compared with whom, refusals in words, settings."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSpinBox, QTreeWidgetItem

from workbench.core.model import Role

pytestmark = pytest.mark.slow
"""The journeys and the pages' own tests try the same dialogs daily."""


@pytest.fixture
def page(open_window, case: Path, spin):
    window = open_window(case)
    window.go("analyses")
    spin(lambda: window.workspace.jobs.idle and window.at.analyses.who.text() != "")
    return window.at.analyses


def _settled(page, spin) -> None:
    spin(lambda: not page._timer.isActive() and page.desk.workspace.jobs.idle)


def _item(page, name: str) -> QTreeWidgetItem:
    return next(item for item in page.controls._items() if item.text(0) == name)


def _choose(page, combo, value: str, spin) -> None:
    combo.setCurrentIndex(combo.findData(value))
    _settled(page, spin)


def test_the_stored_roles_are_the_default(page) -> None:
    assert page.suspect.currentText() == "as stored: marlin-chat"
    assert page.who.text().startswith("Is marlin-chat closer to aurelia than unrelated models are?")
    assert _item(page, "marlin-chat").text(1) == "suspect"
    assert _item(page, "aurelia-1").text(1) == "protected"
    assert _item(page, "quillet-1").text(1) == "control"
    assert page.run.isEnabled()


def test_what_the_date_gate_leaves_out_is_said_with_its_reason(page) -> None:
    assert _item(page, "aurelia-2").text(1) == "left out"
    assert "after the suspect" in _item(page, "aurelia-2").text(2)


def test_every_analysis_is_offered_with_question_and_limits(page) -> None:
    from workbench.app.catalogue import analyses

    for info in analyses():
        page.analysis.setCurrentIndex(page.analysis.findData(info.key))
        assert page.about.text() == info.question
        assert all(limit in page.limits.text() for limit in info.limits)
        assert page.request().parameters == {name: param.default for name, param in info.params.items()}


def test_another_suspect_changes_the_question(page, spin) -> None:
    _choose(page, page.suspect, "corpus:fenbird-7b", spin)
    assert page.who.text().startswith("Is fenbird-7b closer")
    assert _item(page, "fenbird-7b").text(1) == "suspect"


def test_the_date_gate_refuses_in_words_and_a_reason_opens_it(page, spin) -> None:
    _choose(page, page.protected, "corpus:aurelia-2", spin)
    assert page.refusal.isVisible()
    assert "released after marlin-chat" in page.refusal.text()
    assert not page.run.isEnabled()
    page.date.setText("the date is of the second edition")
    _settled(page, spin)
    assert not page.refusal.isVisible()
    assert page.request().despite_date == "the date is of the second edition"
    assert page.run.isEnabled()


def test_a_control_is_left_out_with_a_reason_and_taken_back(page, answers, spin) -> None:
    _item(page, "quillet-1").setSelected(True)
    answers.given = ["mixed files"]
    page.controls.leave_out.click()
    _settled(page, spin)
    assert _item(page, "quillet-1").text(1) == "left out"
    assert "mixed files" in _item(page, "quillet-1").text(2)
    assert page.request().exclude == {"quillet-1": "mixed files"}
    page.controls.take_back.click()
    _settled(page, spin)
    assert _item(page, "quillet-1").text(1) == "control"
    assert page.request().exclude == {}


def test_controls_can_be_named_one_by_one(page, spin) -> None:
    assert page.request().controls is None
    page.controls.by_name.setChecked(True)
    _settled(page, spin)
    named = page.request().controls
    assert "quillet-1" in named
    assert "marlin-chat" not in named
    _item(page, "quillet-1").setCheckState(0, Qt.CheckState.Unchecked)
    _settled(page, spin)
    assert "quillet-1" not in page.request().controls
    assert _item(page, "quillet-1").text(1) == "left out"


def test_too_few_controls_are_refused_in_words_when_it_runs(page, spin) -> None:
    window = page.window()
    page.controls._ticked = {"quillet-1"}
    page.controls.by_name.setChecked(True)
    _settled(page, spin)
    page.analysis.setCurrentIndex(page.analysis.findData("closest_source"))
    page.run.trigger()
    spin(lambda: window.workspace.jobs.idle)
    assert page.refusal.isVisible()
    assert "Controls: 1." in page.refusal.text()
    assert window.workspace.session.findings() == []
    assert window.trouble.shown == ""


def test_a_setting_that_does_not_fit_keeps_it_from_running(page, spin) -> None:
    page.analysis.setCurrentIndex(page.analysis.findData("closest_source"))
    page.form.findChildren(QSpinBox)[-1].setValue(-5)
    assert not page.run.isEnabled()
    page._defaults()
    assert page.run.isEnabled()


def test_the_seed_is_a_setting_like_the_others(page, spin) -> None:
    assert page.request().seed == 20260301
    spins = [spin for spin in page.form.findChildren(QSpinBox) if spin.value() == 20260301]
    spins[-1].setValue(7)
    assert page.request().seed == 7
    assert page.request().parameters == {
        name: param.default for name, param in page._analyses[page.analysis.currentData()].params.items()
    }


def test_no_suspect_is_said_and_can_be_chosen(open_window, case: Path, conditions, spin) -> None:
    from workbench.app.session import Session

    with Session.open(case, conditions=conditions) as session:
        session.set_corpus("marlin-chat", role=Role.CONTROL, reason="r")
    window = open_window(case)
    window.go("analyses")
    page = window.at.analyses
    spin(lambda: page.refusal.text() != "")
    assert "No corpus has the role suspect" in page.refusal.text()
    _choose(page, page.suspect, "corpus:marlin-chat", spin)
    assert not page.refusal.isVisible()

"""The page of analyses: cards, what is missing, what a run will be before it is made, and the queue."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QSpinBox

from workbench.app.catalogue import analyses
from workbench.core.model import Role
from workbench.gui.parts.chips import Chip
from workbench.gui.parts.labels import LinkLabel
from workbench.gui.run_queue import State

CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


@pytest.fixture
def page(open_window, case: Path, spin, cache):
    window = open_window(case)
    window.go("analyses")
    spin(lambda: window.workspace.jobs.idle and len(window.at.analyses.cards) > 5)
    return window.at.analyses


def _settle(page, spin) -> None:
    spin(lambda: page.form.settled and page.desk.workspace.jobs.idle, 60)


def _view(page, key: str):
    return next(view for view in page.cards if view.card.info.key == key)


def _open(page, key: str, spin) -> None:
    _view(page, key).setFocus()
    QTest.keyClick(_view(page, key), Qt.Key.Key_R)
    _settle(page, spin)


def _choose(page, combo, value: str, spin) -> None:
    combo.setCurrentIndex(combo.findData(value))
    _settle(page, spin)


def test_every_analysis_has_a_card_and_what_can_not_run_says_what_is_missing(page) -> None:
    assert [view.card.info.key for view in page.cards] == [info.key for info in analyses()]
    without = [view for view in page.cards if view.card.missing is not None]
    lacking = ["same_endpoint", "training_set", "canaries", "keyed_signal", "exposure", "campaign", "combined"]
    assert [view.card.info.key for view in without] == lacking
    for view in without:
        assert [chip.said for chip in view.findChildren(Chip)] == ["Can’t run yet"]
        assert view.card.missing.said in view.accessibleDescription()
        assert not any("Run" in link.text() for link in view.findChildren(LinkLabel))
    assert "No plan is locked." in page.banner.accessibleName()
    page.which.segment("missing").click()
    assert [view.card.info.key for view in page.cards] == [view.card.info.key for view in without]


def test_the_form_says_what_a_run_will_be_and_the_finding_is_what_it_said(page, spin) -> None:
    window = page.window()
    _open(page, "closest_source", spin)
    assert page.form.rests.text() == "120 of the suspect's 120 prompts, 24 controls."
    assert "exploratory" in page.form.note.accessibleName()
    assert "It will be finding 1." in page.form.note.accessibleName()
    QTest.keyClick(window, Qt.Key.Key_Return, CTRL)
    _settle(page, spin)
    (stored,) = window.workspace.session.findings()
    assert (stored.number, stored.finding.values["n_controls"], stored.finding.values["n_prompts"]) == (1, 24, 120)
    (run,) = page.desk.queue.runs
    assert (run.state, run.finding) == (State.DONE, 1)
    assert "Already run as finding 1." in page.form.note.accessibleName()
    assert page.form.run.isEnabled()
    view = _view(page, "closest_source")
    assert "Closer than all 24 controls" in view.accessibleDescription()
    assert [chip.said for chip in view.findChildren(Chip)] == ["Exploratory"]
    assert page.desk.queue.took(1) is not None
    QTest.keyClick(view, Qt.Key.Key_Return)
    _settle(page, spin)
    assert window.page.item() == "1"


def test_refusals_are_said_before_the_run_and_a_reason_opens_the_date_gate(page, spin) -> None:
    _open(page, "weigh", spin)
    _choose(page, page.form.protected, "corpus:aurelia-2", spin)
    assert "released after marlin-chat" in page.form.note.accessibleName()
    assert not page.form.run.isEnabled()
    page.form.date.setText("the date is of the second edition")
    _settle(page, spin)
    assert page.form.run.isEnabled()
    assert page.form.request().despite_date == "the date is of the second edition"
    page.form.params.findChildren(QSpinBox)[-1].setValue(-5)
    _settle(page, spin)
    assert not page.form.run.isEnabled()
    page.form.defaults.click()
    _settle(page, spin)
    assert page.form.run.isEnabled()
    page.form.controls._ticked = {"quillet-1"}
    page.form.controls.by_name.setChecked(True)
    _settle(page, spin)
    assert "Controls: 1." in page.form.note.accessibleName()
    QTest.keyClick(page.form.suspect, Qt.Key.Key_Escape)
    assert page.form.isHidden()


def test_a_control_is_left_out_with_a_reason(page, answers, spin) -> None:
    _open(page, "did", spin)
    page.form.who.set_open(True)
    item = next(item for item in page.form.controls._items() if item.text(0) == "quillet-1")
    item.setSelected(True)
    answers.given = ["mixed files"]
    page.form.controls.leave_out.click()
    _settle(page, spin)
    assert page.form.request().exclude == {"quillet-1": "mixed files"}
    assert page.form.rests.text() == "120 of the suspect's 120 prompts, 23 controls."
    assert page.form.who.opener.beside == "23 controls, 2 left out"


def test_runs_wait_are_moved_and_stopped_in_the_queue(page, spin) -> None:
    from workbench.app.requests import RunRequest

    gate = threading.Event()
    page.desk.workspace.do("Working", lambda session, progress: gate.wait(30))
    add = page.desk.queue.add
    runs = [add(key, key, RunRequest()) for key in ("fitness", "closest_source", "weigh", "verbatim")]
    assert [run.state for run in runs] == [State.RUNNING, *[State.WAITING] * 3]
    row = next(row for row in page.queue.rows if row.run is runs[3])
    row.setFocus()
    QTest.keyClick(row, Qt.Key.Key_Up, ALT)
    assert [run.key for run in page.desk.queue.left] == ["fitness", "closest_source", "verbatim", "weigh"]
    assert page.window().page is page, "the keys belong to the list while it has the focus"
    for key in ("closest_source", "verbatim"):
        row = next(row for row in page.queue.rows if row.run.key == key)
        QTest.keyClick(row, Qt.Key.Key_Delete)
    assert page.queue.beside.text() == "2 left"
    page.desk.queue.stop(runs[0])
    gate.set()
    _settle(page, spin)
    assert [(run.key, run.state) for run in page.desk.queue.runs] == [
        ("fitness", State.STOPPED),
        ("weigh", State.DONE),
    ]
    assert [row.run.key for row in page.queue.rows] == ["weigh", "fitness"]


def test_without_a_suspect_all_cards_say_so_but_that_of_logs(open_window, case: Path, conditions, spin) -> None:
    from workbench.app.session import Session

    with Session.open(case, conditions=conditions) as session:
        session.set_corpus("marlin-chat", role=Role.CONTROL, reason="r")
    window = open_window(case)
    window.go("analyses")
    page = window.at.analyses
    spin(lambda: len(page.cards) > 5)
    said = {view.card.missing.said for view in page.cards if view.card.info.key != "campaign"}
    assert said == {"No corpus has the role suspect."}
    QTest.keyClick(page.cards[0], Qt.Key.Key_Right)
    assert page.item() == page.cards[1].card.info.key
    QTest.keyClick(page.cards[1], Qt.Key.Key_Down)
    assert page.item() == page.cards[1 + page.columns.count_of_columns()].card.info.key

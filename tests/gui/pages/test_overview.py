"""The overview: making, opening, reading alone, what was left unfinished."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton

from tests.inside import case_of
from workbench.app.requests import ImportRequest
from workbench.app.session import Session
from workbench.core.model import Facts, Role
from workbench.core.surroundings import Conditions
from workbench.gui.dialogs.import_report import ImportReportDialog
from workbench.gui.dialogs.new_case import NewCaseDialog
from workbench.gui.dialogs.resume import ResumeDialog


def fact(page, name: str) -> str:
    return [label.text() for label in page.facts.findChildren(QLabel) if label.accessibleName() == name][-1]


def said(page) -> dict[str, str]:
    return {made.station.name: made.station.said for made in page.path.stations()}


def test_without_a_case_the_library_says_what_to_do_next(open_window) -> None:
    window = open_window()
    said = [b.accessibleName() for b in window.at.library.findChildren(QPushButton)]
    assert window.page is window.at.library
    assert {"New case", "Open folder", "Try the sample case"} <= set(said)


def test_a_new_case_is_made_and_shown(open_window, answers, spin, tmp_path: Path) -> None:
    window = open_window()

    def fill(dialog: NewCaseDialog) -> None:
        dialog.case_title.setText("Müller & Söhne")
        dialog.case_title.textEdited.emit("Müller & Söhne")
        dialog.place.setText(str(tmp_path))
        dialog.examiner.setText("B. Other")
        assert dialog.collect().folder.name == "müller-söhne.case"

    answers.given = [fill]
    window.acts["case.new"].trigger()
    spin(lambda: window.workspace.opened is not None and window.workspace.jobs.idle)
    page = window.at.overview
    assert page.heading.text() == "Müller & Söhne"
    assert fact(page, "Examiner") == "B. Other"
    assert said(page)["Collect"] == "no model yet"
    assert page.question.text() == "Whose answers is the case about?"
    assert page.next.text() == "Import answers"
    page.next.click()
    assert window.stack.currentWidget() is window.at.corpora
    assert (tmp_path / "müller-söhne.case" / "case.db").exists()
    assert window.memory.recent() == [tmp_path / "müller-söhne.case"]
    assert window.memory.examiner == "B. Other"


@pytest.mark.parametrize("name", ["", "a/b", ".hidden", 'x"y'])
def test_a_folder_that_won_t_do_is_said_in_the_dialog(open_window, answers, tmp_path: Path, name: str) -> None:
    dialog = NewCaseDialog(answers, "A", tmp_path)
    dialog.name.setText(name)
    dialog.go.click()
    assert dialog.error.isVisibleTo(dialog)
    assert "plain name" in dialog.error.text()


def test_an_opened_case_shows_its_counts(open_window, case: Path) -> None:
    page = open_window(case).at.overview
    assert page.heading.text() == "The sample & more"
    assert page.question.text() == "Was marlin-chat trained on answers of aurelia?"
    assert said(page) == {
        "Collect": "28 models",
        "Import": "3,360 answers",
        "Examine": "not yet",
        "Plan": "not locked yet",
        "Run": "nothing run yet",
        "Report": "no pack yet",
    }
    assert page.next.text() == "Examine the answers"
    assert len(fact(page, "Ledger head")) == 64
    assert not page.unfinished.isVisible()
    assert not page.notice.isVisible()


def test_a_folder_that_is_no_case_is_said_in_words(open_window, tmp_path: Path) -> None:
    window = open_window(tmp_path / "nothing.case")
    assert window.workspace.opened is None
    assert "nothing.case" in window.trouble.shown


def test_a_case_that_another_program_writes_opens_for_reading(open_window, case: Path, conditions: Conditions) -> None:
    with Session.open(case, conditions=conditions):
        window = open_window(case)
        page = window.at.overview
        assert "for reading alone" in page.notice.said.text()
        assert "another program" in page.notice.said.text()
        assert not window.workspace.writable
        assert not window.at.corpora.import_.isEnabled()
        assert not window.at.packs.export.isEnabled()
        assert window.at.packs.verify_case.isEnabled()
        assert said(page)["Collect"] == "28 models"


def test_closing_gives_the_case_back(open_window, case: Path, spin, conditions: Conditions) -> None:
    window = open_window(case)
    window.acts["case.close"].trigger()
    spin(lambda: window.workspace.jobs.idle)
    assert window.workspace.opened is None
    assert window.page is window.at.library
    with Session.open(case, conditions=conditions) as session:
        assert case_of(session).writing


def test_another_case_takes_its_place_and_the_first_is_given_back(
    open_window, case: Path, spin, conditions: Conditions, tmp_path: Path
) -> None:
    Session.create(tmp_path / "second", title="Second", conditions=conditions).close()
    window = open_window(case)
    window.open_case(tmp_path / "second.case")
    spin(lambda: window.workspace.jobs.idle)
    assert window.at.overview.heading.text() == "Second"
    assert window.memory.recent() == [tmp_path / "second.case", case]
    with Session.open(case, conditions=conditions) as session:
        assert case_of(session).writing


@pytest.fixture
def interrupted(case: Path, tmp_path: Path, conditions: Conditions) -> Path:
    """A case whose last import stopped in the middle."""
    records = [{"instruction": f"Say {n}", "output": f"{n}.", "generator": "late", "dataset": "d"} for n in range(9)]
    path = tmp_path / "late.json"
    path.write_text(json.dumps(records), encoding="utf-8")
    request = ImportRequest(role=Role.SIBLING, model="late", facts=Facts(released="2025"))
    with Session.open(case, conditions=conditions) as session, pytest.MonkeyPatch.context() as patch:
        from workbench.store import Intake

        def stop(self: Intake, **more: object) -> None:
            raise KeyboardInterrupt

        patch.setattr(Intake, "finish", stop)
        with pytest.raises(KeyboardInterrupt):
            session.import_file(path, request)
    return case


def test_an_interrupted_import_can_be_resumed(open_window, interrupted: Path, answers, spin) -> None:
    window = open_window(interrupted)
    page = window.at.overview
    assert page.unfinished.isVisible()
    assert page.open_imports.rows.row_at(0)[1] == "late.json"

    def fill(dialog: ResumeDialog) -> None:
        dialog.role.setCurrentText("sibling of the suspect")
        dialog.facts.lines["released"].setText("2025")

    answers.given = [fill]
    page.resume.trigger()
    spin(lambda: window.workspace.jobs.idle)
    assert window.trouble.shown == ""
    assert not page.unfinished.isVisible()
    assert said(page)["Collect"] == "29 models"
    corpora = {c.corpus.name: c for c in window.workspace.session.catalogue()}
    assert corpora["late"].accepted == 9
    assert corpora["late"].corpus.role is Role.SIBLING
    assert corpora["late"].corpus.facts.released == "2025"
    report = page.findChildren(ImportReportDialog)[-1]
    assert "9 accepted, 0 rejected, 0 duplicate" in report.summary.text()
    report.close()


def test_an_import_of_another_program_is_left_to_it(
    open_window, interrupted: Path, conditions: Conditions, tmp_path: Path
) -> None:
    with Session.open(interrupted, conditions=conditions) as other:
        (left,) = other.open_imports()
        case_of(other).begin_import(left.source, left.importer, left.options)
        page = open_window(interrupted).at.overview
        assert page.open_imports.rows.row_at(0)[4] == "under way in another program"
        assert not page.resume.isEnabled()
        assert not page.discard.isEnabled()


def test_a_resumed_import_is_set_aside_with_its_reason_alone(open_window, interrupted: Path, answers, spin) -> None:
    window = open_window(interrupted)

    def fill(dialog: ResumeDialog) -> None:
        dialog.role.setCurrentText("set aside")
        dialog.go.click()
        assert dialog.error.text() == "Setting a corpus aside needs a reason."
        dialog.why_aside.setText("of another matter")

    answers.given = [fill]
    window.at.overview.resume.trigger()
    spin(lambda: window.workspace.jobs.idle)
    (late,) = [corpus for corpus in window.workspace.session.corpora() if corpus.name == "late"]
    assert (late.role, late.note) == (Role.ASIDE, "of another matter")
    window.at.overview.findChildren(ImportReportDialog)[-1].close()


def test_an_interrupted_import_can_be_discarded(open_window, interrupted: Path, answers, spin) -> None:
    window = open_window(interrupted)
    page = window.at.overview
    answers.given = [False, True]
    page.discard.trigger()
    assert page.unfinished.isVisible()
    page.discard.trigger()
    spin(lambda: window.workspace.jobs.idle)
    assert not page.unfinished.isVisible()
    assert said(page)["Collect"] == "28 models"


def test_a_backup_is_written(open_window, case: Path, answers, spin, tmp_path: Path) -> None:
    window = open_window(case)
    answers.given = [tmp_path / "backup.zip"]
    window.at.overview.back_up.trigger()
    spin(lambda: window.workspace.jobs.idle)
    assert window.trouble.shown == ""
    assert (tmp_path / "backup.zip").stat().st_size > 10_000


def test_the_timeline_puts_models_at_their_dates_and_names_what_is_too_late(open_window, case: Path) -> None:
    window = open_window(case)
    page = window.at.overview
    marks = {mark.name: mark for mark in page.timeline.plot.marks}
    assert len(marks) == 29
    assert marks["aurelia-2"].more == "too late to be a source, left out"
    assert marks["aurelia-1"].x < marks["marlin-chat"].x < marks["aurelia-2"].x
    assert page.timeline.plot.description.startswith("28 of 28 models have a release date.")
    page.timeline.canvas.point_at("aurelia-1.5")
    page.timeline.canvas.open_pointed()
    assert window.page is window.at.answers


def test_the_timeline_is_a_list_as_well(open_window, case: Path) -> None:
    page = open_window(case).at.overview
    page.view.segment("list").click()
    assert page.timeline.as_table
    assert page.timeline.table.rows.rowCount() == 28


def test_each_station_leads_to_its_page_by_key(open_window, case: Path) -> None:
    window = open_window(case)
    led = []
    for at in range(6):
        window.go("overview")
        QTest.keyClick(window.at.overview.path.stations()[at], Qt.Key.Key_Space)
        led.append(window.page.key)
    assert led == ["corpora", "corpora", "corpora", "plan", "analyses", "packs"]


def test_the_instructions_are_stated_changed_for_a_reason_and_taken_back(window, spin) -> None:
    window.acts["case.instructions"].trigger()
    page = window.at.overview
    spin(lambda: window.workspace.jobs.idle)
    form = page.instructions
    assert page.matter.is_open
    assert page.matter.opener.beside == "not stated: the report leaves blanks"
    assert not form.keep.isEnabled()
    form.lines["parties"].setText("Kestrel v.  Marlin")
    form.lines["received"].setText("May")
    form.words.setPlainText("Find out whether it was distilled.")
    assert form.keep.isEnabled(), "the words of those who instruct may claim anything"
    form.keep.click()
    spin(lambda: window.workspace.jobs.idle)
    assert "is not a date" in form.wrong.text()
    assert form.lines["parties"].text() == "Kestrel v.  Marlin", "what was typed stays"
    form.lines["received"].setText("2026-03-01")
    form.keep.click()
    spin(lambda: window.workspace.jobs.idle)
    assert form.lines["parties"].text() == "Kestrel v. Marlin"
    assert page.matter.opener.beside == "Kestrel v. Marlin"
    form.papers.setPlainText("A letter that proves that it was copied.")
    assert not form.keep.isEnabled()
    assert "can't be kept" in form.wrong.text()
    form.papers.setPlainText("")
    form.lines["parties"].setText("Kestrel and others v. Marlin")
    assert form.reason.isVisible()
    assert not form.keep.isEnabled()
    form.reason.setText("Others joined.")
    form.keep.click()
    spin(lambda: window.workspace.jobs.idle)
    assert window.workspace.session.instructions.stated().parties == "Kestrel and others v. Marlin"
    window.acts["edit.undo"].trigger()
    spin(lambda: window.workspace.jobs.idle)
    assert form.lines["parties"].text() == "Kestrel v. Marlin"
    lines = [line for line in window.workspace.session.ledger() if line.action == "instructions stated"]
    assert [line.reason for line in lines] == ["", "Others joined.", "Taken back by the examiner."]

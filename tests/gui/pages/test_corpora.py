"""The corpora page: counts, import of files and panels, cancel, corrections."""

from __future__ import annotations

import json
import threading
import time
from pathlib import Path

import pytest
from PySide6.QtWidgets import QDialog

from workbench.app.examination import run as examination_run
from workbench.app.examination.inspect_answer import rules
from workbench.app.requests import ImportRequest
from workbench.app.session import Session
from workbench.core.errors import UsageError
from workbench.core.model import Corpus, Facts, Role, SourceModel
from workbench.gui.dialogs.correct import CorrectDialog
from workbench.gui.dialogs.import_files import ImportDialog, PanelDialog
from workbench.gui.dialogs.import_report import ImportReportDialog


@pytest.fixture
def window(open_window, case: Path):
    made = open_window(case)
    made.go("corpora")
    return made


@pytest.fixture
def answers_file(tmp_path: Path) -> Path:
    records = [{"instruction": f"Say {n}", "output": f"{n}.", "generator": "late", "dataset": "d"} for n in range(9)]
    path = tmp_path / "late.json"
    path.write_text(json.dumps([*records, {"instruction": "x"}, records[0]]), encoding="utf-8")
    return path


def _rows(window) -> dict[str, tuple]:
    return {row[0]: row for row in window.corpora_page.table.rows.table.rows}


def _report(window) -> ImportReportDialog:
    return window.corpora_page.findChildren(ImportReportDialog)[-1]


def test_roles_and_counts_are_listed(window, spin) -> None:
    spin(lambda: window.corpora_page.table.rows.rowCount() > 0)
    rows = _rows(window)
    assert len(rows) == 28
    assert rows["marlin-chat"][1] == "suspect"
    assert rows["aurelia-2"][1:4] == ("protected", "2025-09", "aurelia")
    assert rows["marlin-chat"][4:] == (120, 120, 0, 0, 120, 0, "wrack-7b")


def test_the_chosen_corpus_is_described(window, spin) -> None:
    spin(lambda: window.corpora_page.table.rows.rowCount() > 0)
    window.corpora_page.table.choose("fenbird-7b")
    assert "pellmoor-m (distilled)" in window.corpora_page.details.text()


def test_an_empty_case_says_what_to_do(open_window, conditions, tmp_path: Path, spin) -> None:
    Session.create(tmp_path / "e", title="E", conditions=conditions).close()
    window = open_window(tmp_path / "e.case")
    window.go("corpora")
    spin(lambda: window.workspace.jobs.idle)
    assert window.corpora_page._stack.currentWidget() is window.corpora_page.empty


def test_a_file_is_imported_as_the_dialog_says(window, answers, answers_file: Path, spin) -> None:
    def fill(dialog: ImportDialog) -> None:
        assert not dialog.mapped.isChecked()
        dialog.role.setCurrentText("sibling of the suspect")
        dialog.facts.lines["released"].setText("2025-05")
        dialog.facts.lines["group"].setText("a, b")

    answers.given = [[answers_file], fill]
    window.corpora_page.import_.trigger()
    spin(lambda: "late" in _rows(window) and window.workspace.jobs.idle)
    row = _rows(window)["late"]
    assert row[1:3] == ("sibling", "2025-05")
    assert row[4:8] == (11, 9, 1, 1)
    report = _report(window)
    assert report.isVisible()
    assert "9 accepted, 1 rejected, 1 duplicate" in report.summary.text()
    report.close()


def test_a_file_that_was_imported_before_is_said(window, answers, answers_file: Path, spin) -> None:
    for _ in range(2):
        answers.given = [lambda dialog: None]
        window.take_dropped([answers_file])
        spin(lambda: window.workspace.jobs.idle and bool(window.corpora_page.findChildren(ImportReportDialog)))
    assert "Imported before" in _report(window).summary.text()
    for report in window.corpora_page.findChildren(ImportReportDialog):
        report.close()


def test_a_file_that_nobody_knows_is_mapped(window, answers, tmp_path: Path, spin) -> None:
    path = tmp_path / "odd.jsonl"
    lines = [
        json.dumps({"ask": {"q": f"What is {n}?"}, "reply": [f"It is {n}, I think, and so on."]}) for n in range(5)
    ]
    path.write_text("\n".join(lines), encoding="utf-8")

    def fill(dialog: ImportDialog) -> None:
        assert dialog.mapped.isChecked()
        assert dialog.mapping.choices["response"].currentText() == "reply.0"
        dialog.mapping.choices["response"].setCurrentText("")
        with pytest.raises(UsageError):
            dialog.collect()
        dialog.mapping.choices["prompt"].setCurrentText("ask.q")
        dialog.mapping.choices["response"].setCurrentText("reply.0")
        dialog.model.setText("odd")

    answers.given = [fill]
    window.take_dropped([path])
    spin(lambda: "odd" in _rows(window) and window.workspace.jobs.idle)
    assert _rows(window)["odd"][5] == 5
    _report(window).close()


def test_a_panel_is_imported_whole(open_window, conditions, tmp_path: Path, answers, spin) -> None:
    from workbench.core.resources import resource

    Session.create(tmp_path / "p", title="P", conditions=conditions).close()
    window = open_window(tmp_path / "p.case")

    def fill(dialog: PanelDialog) -> None:
        dialog.suspect.setText("marlin-chat")
        dialog.protected.setText("aurelia")

    answers.given = [fill]
    window.take_dropped([resource("sample_case/panel.json")])
    spin(lambda: len(_rows(window)) == 28 and window.workspace.jobs.idle)
    assert _rows(window)["marlin-chat"][1] == "suspect"
    assert _report(window).counts.rows.rowCount() == 28
    _report(window).close()


def test_a_file_that_can_not_be_read_is_said_in_words(window, tmp_path: Path, spin) -> None:
    path = tmp_path / "empty.json"
    path.write_bytes(b"")
    window.take_dropped([path])
    spin(lambda: window.trouble.shown != "")
    assert "empty" in window.trouble.shown
    assert len(_rows(window)) in (0, 28)


def test_an_import_can_be_cancelled_and_leaves_nothing(window, answers, answers_file: Path, spin, monkeypatch) -> None:
    at_work = threading.Event()

    def slow(self: Session, path: Path, request: object, progress) -> None:
        at_work.set()
        while True:
            progress(0.3, "reading")
            time.sleep(0.001)

    monkeypatch.setattr(Session, "import_file", slow)
    answers.given = [lambda dialog: None, True]
    window.take_dropped([answers_file])
    spin(at_work.is_set)
    assert window.activity.isVisible()
    assert not window.corpora_page.import_.isEnabled()
    spin(lambda: window.activity.note.text() == "reading")
    window._ask_to_stop()
    spin(lambda: window.workspace.jobs.idle)
    assert window.statusBar().currentMessage() == f"Stopped: Importing {answers_file.name}."
    assert not window.activity.isVisible()
    assert window.corpora_page.import_.isEnabled()
    assert "late" not in _rows(window)


def test_a_correction_is_written_with_its_reason(window, answers, spin) -> None:
    spin(lambda: window.corpora_page.table.rows.rowCount() > 0)
    window.corpora_page.table.choose("quillet-1")

    def fill(dialog: CorrectDialog) -> None:
        dialog.role.setCurrentText("set aside")
        dialog.facts.lines["released"].setText("2024-01")
        dialog.reason.setText("wrong file")

    answers.given = [fill]
    window.corpora_page.correct.trigger()
    spin(lambda: _rows(window)["quillet-1"][1] == "aside")
    assert _rows(window)["quillet-1"][2] == "2024-01"
    line = list(window.workspace.session.ledger())[-1]
    assert line.reason == "wrong file"


def test_a_correction_without_a_change_or_a_reason_is_refused(app) -> None:
    dialog = CorrectDialog(Corpus(1, "x", Role.CONTROL, Facts(released="2024"), 1, "0" * 64))
    dialog.go.click()
    assert "Nothing is changed" in dialog.error.text()
    dialog.facts.lines["released"].setText("January")
    dialog.go.click()
    assert "release date" in dialog.error.text()
    dialog.facts.lines["released"].setText("2024-01")
    dialog.go.click()
    assert "needs a reason" in dialog.error.text()
    dialog.reason.setText("because")
    dialog.facts.lines["settings"].setText("hot")
    dialog.go.click()
    assert "KEY=VALUE" in dialog.error.text()
    dialog.facts.lines["settings"].setText("")
    dialog.go.click()
    assert dialog.result() == QDialog.DialogCode.Accepted
    assert dialog.collect().facts == {"released": "2024-01"}


def test_every_fact_that_the_command_line_states_can_be_stated_here(app) -> None:
    from dataclasses import fields

    known = Facts(sources=(SourceModel("gpt-4", "distilled", True),), named=("m-2",), system_prompts=("Be\nkind.",))
    dialog = CorrectDialog(Corpus(1, "x", Role.CONTROL, known, 1, "0" * 64))
    assert set(dialog.facts.values()) == {field.name for field in fields(Facts)} - {"named"}
    assert dialog.facts.changed() == {}
    for name, text in (
        ("sources", "distilled:gpt-4,minor; relay:claude-2"),
        ("settings", "temperature=0.7; top_p=1"),
        ("endpoints", "https://a.example; https://b.example"),
        ("collected", "2026-02-03/2026-02-05"),
        ("collector", "B. Collector"),
        ("claimed", "m-1"),
    ):
        dialog.facts.lines[name].setText(text)
    dialog.facts.prompts.setPlainText("Be kind.\n---\nBe brief.")
    dialog.facts.teacherless.setChecked(True)
    dialog.reason.setText("as its maker says")
    assert dialog.collect().facts == {
        "sources": (SourceModel("gpt-4", "distilled", True), SourceModel("claude-2", "relay")),
        "settings": ("temperature=0.7", "top_p=1"),
        "endpoints": ("https://a.example", "https://b.example"),
        "collected": "2026-02-03/2026-02-05",
        "collector": "B. Collector",
        "claimed": "m-1",
        "system_prompts": ("Be kind.", "Be brief."),
        "teacherless": True,
    }
    dialog.deleteLater()


def test_a_claim_that_the_records_contradict_is_said(app, window, spin) -> None:
    dialog = CorrectDialog(Corpus(1, "x", Role.CONTROL, Facts(named=("m-2",), claimed="m-2"), 1, "0" * 64))
    assert dialog.facts.named.text() == "m-2"
    assert dialog.facts.warning.isHidden()
    dialog.facts.lines["claimed"].setText("m-1")
    assert "its records name m-2" in dialog.facts.warning.text()
    assert not dialog.facts.warning.isHidden()
    dialog.deleteLater()
    page = window.corpora_page
    spin(lambda: page.table.rows.rowCount() > 0)
    assert page.warning.isHidden()
    window.workspace.do(
        "Claiming",
        lambda session, progress: session.set_corpus(
            "quillet-1", facts={"claimed": "m-1", "named": ("m-2",)}, reason="a test"
        ),
    )
    spin(lambda: not page.warning.isHidden())
    assert "quillet-1 is claimed to be m-1, and its records name m-2." in page.warning.text()
    page.table.choose("quillet-1")
    assert "Claimed to be: m-1" in page.details.text()


def test_an_examination_is_shown_for_each_corpus(
    open_window, conditions, answers_file: Path, tmp_path: Path, spin, monkeypatch
) -> None:
    with Session.create(tmp_path / "e", title="E", conditions=conditions) as session:
        session.import_file(answers_file, ImportRequest())
    window = open_window(tmp_path / "e.case")
    window.go("corpora")
    page = window.corpora_page
    spin(lambda: page.table.rows.rowCount() > 0)
    assert page.examined.text().startswith("Not yet examined")
    assert page.seen.rows.row_at(0)[:3] == ("late", "not yet examined", None)
    page.examine.trigger()
    window.go("search")
    spin(lambda: window.workspace.jobs.idle, 60)
    assert window.stack.currentWidget() is window.search_page, "nobody is led away from where they went meanwhile"
    window.go("corpora")
    spin(lambda: window.workspace.jobs.idle, 60)
    assert page.examined.text().startswith("Everything was examined")
    assert page.seen.rows.row_at(0)[:3] == ("late", "examined", 9)
    assert page.tabs.currentIndex() == 1
    page.examine.trigger()
    spin(lambda: window.workspace.jobs.idle, 60)
    assert [line.action for line in window.workspace.session.ledger()].count("case examined") == 1
    monkeypatch.setattr(examination_run, "rules", lambda: rules() | {"secrets": "secrets-later"})
    window.refresh()
    spin(lambda: window.workspace.jobs.idle)
    assert "by rules that have changed since: examine again" in page.examined.text()

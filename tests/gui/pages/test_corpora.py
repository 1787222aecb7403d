"""The corpora page: counts, import of files and panels, cancel, corrections."""

from __future__ import annotations

import json
import threading
import time
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFormLayout, QLabel

from workbench.app.requests import ImportRequest
from workbench.app.session import Session
from workbench.core.errors import UsageError
from workbench.core.model import Facts, SourceModel
from workbench.gui.dialogs.facts import FactsLines
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


def _rows(window) -> dict:
    return {row.name: row for row in window.at.corpora.table.rows.rows}


def _said(widget) -> str:
    return " | ".join(label.text() for label in widget.findChildren(QLabel))


@pytest.fixture
def page(window, spin):
    """The page with the corpora of the sample case."""
    spin(lambda: len(window.at.corpora.table.rows.rows) == 28 and window.workspace.jobs.idle)
    return window.at.corpora


def _report(window) -> ImportReportDialog:
    return window.at.corpora.findChildren(ImportReportDialog)[-1]


def test_an_empty_case_says_what_to_do(open_window, conditions, tmp_path: Path, spin) -> None:
    Session.create(tmp_path / "e", title="E", conditions=conditions).close()
    window = open_window(tmp_path / "e.case")
    window.go("corpora")
    spin(lambda: window.workspace.jobs.idle)
    assert window.at.corpora._stack.currentWidget() is window.at.corpora.empty


def test_a_file_is_imported_as_the_dialog_says(window, answers, answers_file: Path, spin) -> None:
    def fill(dialog: ImportDialog) -> None:
        assert not dialog.mapped.isChecked()
        dialog.role.setCurrentText("sibling of the suspect")
        dialog.facts.lines["released"].setText("2025-05")
        dialog.facts.lines["group"].setText("a, b")

    answers.given = [[answers_file], fill]
    window.at.corpora.import_.trigger()
    spin(lambda: "late" in _rows(window) and window.workspace.jobs.idle)
    row = _rows(window)["late"]
    assert (row.corpus.role, row.corpus.facts.released) == ("sibling", "2025-05")
    assert (row.records, row.accepted, row.rejected, row.duplicate) == (11, 9, 1, 1)
    report = _report(window)
    assert report.isVisible()
    assert "9 accepted, 1 rejected, 1 duplicate" in report.summary.text()
    report.close()


def test_a_file_that_was_imported_before_is_said(window, answers, answers_file: Path, spin) -> None:
    for _ in range(2):
        answers.given = [lambda dialog: None]
        window.take_dropped([answers_file])
        spin(lambda: window.workspace.jobs.idle and bool(window.at.corpora.findChildren(ImportReportDialog)))
    assert "Imported before" in _report(window).summary.text()
    for report in window.at.corpora.findChildren(ImportReportDialog):
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
    assert _rows(window)["odd"].accepted == 5
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
    spin(lambda: len(_rows(window)) == 28 and window.workspace.jobs.idle, 90)
    assert _rows(window)["marlin-chat"].corpus.role == "suspect"
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
    assert window.foot.bar.isVisible()
    assert not window.at.corpora.import_.isEnabled()
    spin(lambda: window.foot.note.text() == "reading")
    window._ask_to_stop()
    spin(lambda: window.workspace.jobs.idle)
    assert window.toast.said.text() == f"Stopped: Importing {answers_file.name}."
    assert not window.foot.bar.isVisible()
    assert window.at.corpora.import_.isEnabled()
    assert "late" not in _rows(window)


def test_roles_and_counts_are_listed_with_the_suspect_first(page) -> None:
    rows = page.table.rows.rows
    assert [str(row.corpus.role) for row in rows[:4]] == ["suspect", "protected", "protected", "protected"]
    late = next(row for row in rows if row.name == "aurelia-2")
    assert late.late
    assert (late.accepted, late.rejected, late.cover) == (120, 0, 1.0)
    assert sum(late.shape.lengths) == 120
    assert page.counts.text() == "28 corpora, 3,360 answers"
    assert page.chips["control"].text() == "24"


def test_the_inspector_says_what_is_known_and_what_happened(page, spin) -> None:
    page.table.choose(["fenbird-7b"])
    spin(lambda: "imported, fenbird-7b.json" in _said(page.inspector))
    said = _said(page.inspector)
    assert "pellmoor-m (distilled)" in said
    assert "November 2024" in said
    assert "1 of" not in said
    assert "shares its base" in said


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [("role:suspect", 1), ("wrack", 1), ("maker:pellmoor", 3), ("role:protected aurelia-1", 2), ("nothing of it", 0)],
)
def test_the_filter_knows_roles_makers_and_names(page, typed: str, wanted: int) -> None:
    page.filter.setText(typed)
    assert len(page.table.rows.rows) == wanted


def test_a_click_on_a_role_filters_by_it_and_back(page) -> None:
    page.chips["protected"].click()
    assert page.filter.text() == "role:protected"
    assert page.chips["protected"].isChecked()
    page.chips["protected"].click()
    assert page.filter.text() == ""


def test_columns_sort_and_can_be_chosen(page) -> None:
    page.table.sortByColumn(7, Qt.SortOrder.DescendingOrder)
    medians = [row.shape.median for row in page.table.rows.rows]
    assert medians == sorted(medians, reverse=True)
    (base,) = [action for action in page.table.column_menu().actions() if action.text() == "Base"]
    base.trigger()
    assert not page.table.isColumnHidden(11)
    page.table.choose(["marlin-chat"])
    page.table.copy()
    lines = QGuiApplication.clipboard().text().splitlines()
    assert "Base" in lines[0]
    assert lines[1].startswith("marlin-chat\tsuspect\tTidewater Row\t2025-02\t120\t100 %")


def test_roles_are_given_by_keys_with_the_reason_in_place_and_undone_as_lines(page, spin) -> None:
    window = page.window()
    page.table.choose(["quillet-1", "quillet-2"])
    page.table.setFocus()
    assert page.bar.isVisible()
    QTest.keyClick(page.table, Qt.Key.Key_R)
    QTest.keyClick(page.table, Qt.Key.Key_A)
    assert not page.bar.give.isEnabled(), "a role needs a reason"
    QTest.keyClicks(page.bar.reason, "of another matter")
    QTest.keyClick(page.bar.reason, Qt.Key.Key_Return)
    spin(lambda: _rows(window)["quillet-1"].corpus.role == "aside" and window.workspace.jobs.idle)
    assert _rows(window)["quillet-2"].corpus.role == "aside"
    line = list(window.workspace.session.ledger())[-1]
    assert line.reason == "of another matter"
    window.acts["edit.undo"].trigger()
    spin(lambda: _rows(window)["quillet-2"].corpus.role == "control" and window.workspace.jobs.idle)
    reasons = [line.reason for line in window.workspace.session.ledger()]
    assert reasons.count("of another matter") == 2
    assert reasons.count("undone: of another matter") == 2, "an undo erases nothing"


def test_escape_goes_back_step_by_step(page, spin) -> None:
    page.table.choose(["quillet-1", "quillet-2"])
    page.bar.ask_role()
    window = page.window()
    page.table.setFocus()
    QTest.keyClick(page.table, Qt.Key.Key_Escape)
    assert page.bar.stack.currentWidget() is page.bar.verbs
    QTest.keyClick(page.table, Qt.Key.Key_Escape)
    assert len(page.table.names()) == 1
    assert not page.bar.isVisible()
    spin(lambda: window.workspace.jobs.idle)


def test_dropped_rows_take_a_role(page, spin) -> None:
    page.chips["suspect"].dropped.emit("suspect", ["quillet-1"])
    assert page.bar.reason.isVisible()
    page.bar.reason.setText("a second suspect")
    page.bar.give.click()
    spin(lambda: page.window().workspace.jobs.idle)
    assert _rows(page.window())["quillet-1"].corpus.role == "suspect"


def test_every_answer_has_its_cell_in_the_picture(page, spin) -> None:
    coverage = page._seen.coverage
    assert (len(coverage.rows), len(coverage.prompts)) == (28, 120)
    assert coverage.missing == 0
    page.heat.setFocus()
    QTest.keyClick(page.heat, Qt.Key.Key_Right)
    QTest.keyClick(page.heat, Qt.Key.Key_Down)
    spin(lambda: page.heat.tip.isVisible())
    assert page.heat.tip.first.text() == "aurelia-1, prompt 1"
    assert "characters" in page.heat.tip.more.text()


def test_facts_are_stated_in_the_inspector_with_a_reason(page, spin) -> None:
    window = page.window()
    page.table.choose(["quillet-1"])
    page.correct.trigger()
    form = page.inspector
    form._state()
    assert form.wrong.text() == "Nothing is changed."
    form.lines.lines["released"].setText("January")
    form._state()
    assert "release date" in form.wrong.text()
    form.lines.lines["released"].setText("2024-01")
    form._state()
    assert "needs a reason" in form.wrong.text()
    form.reason.setText("wrong file")
    form._state()
    spin(lambda: _rows(window)["quillet-1"].corpus.facts.released == "2024-01")
    assert list(window.workspace.session.ledger())[-1].reason == "wrong file"


def test_every_fact_that_the_command_line_states_can_be_stated_here(app) -> None:
    from dataclasses import fields

    known = Facts(sources=(SourceModel("gpt-4", "distilled", True),), named=("m-2",), system_prompts=("Be\nkind.",))
    facts = FactsLines(QFormLayout(), QFormLayout(), known, "x")
    assert set(facts.values()) == {field.name for field in fields(Facts)} - {"named"}
    assert facts.changed() == {}
    for name, text in (
        ("sources", "distilled:gpt-4,minor; relay:claude-2"),
        ("settings", "temperature=0.7; top_p=1"),
        ("endpoints", "https://a.example; https://b.example"),
        ("collected", "2026-02-03/2026-02-05"),
        ("collector", "B. Collector"),
        ("claimed", "m-1"),
    ):
        facts.lines[name].setText(text)
    facts.prompts.setPlainText("Be kind.\n---\nBe brief.")
    facts.teacherless.setChecked(True)
    assert facts.changed() == {
        "sources": (SourceModel("gpt-4", "distilled", True), SourceModel("claude-2", "relay")),
        "settings": ("temperature=0.7", "top_p=1"),
        "endpoints": ("https://a.example", "https://b.example"),
        "collected": "2026-02-03/2026-02-05",
        "collector": "B. Collector",
        "claimed": "m-1",
        "system_prompts": ("Be kind.", "Be brief."),
        "teacherless": True,
    }


def test_a_claim_that_the_records_contradict_is_said(page, spin) -> None:
    window = page.window()
    assert "is claimed to be" not in _said(page)
    window.workspace.do(
        "Claiming",
        lambda session, progress: session.set_corpus(
            "quillet-1", facts={"claimed": "m-1", "named": ("m-2",)}, reason="a test"
        ),
    )
    spin(lambda: "quillet-1 is claimed to be m-1, and its records name m-2." in _said(page))
    page.table.choose(["quillet-1"])
    assert "m-1" in _said(page.inspector)


def test_what_is_not_examined_says_so_and_then_no_more(
    open_window, conditions, answers_file: Path, tmp_path: Path, spin
) -> None:
    with Session.create(tmp_path / "e", title="E", conditions=conditions) as session:
        session.import_file(answers_file, ImportRequest())
    window = open_window(tmp_path / "e.case")
    window.go("corpora")
    page = window.at.corpora
    spin(lambda: len(page.table.rows.rows) == 1)
    assert "Nothing is examined yet." in _said(page)
    assert not page.table.rows.rows[0].examined
    page.examine.trigger()
    window.go("answers")
    spin(lambda: window.workspace.jobs.idle, 60)
    assert window.stack.currentWidget() is window.at.answers, "no one is led away from where they went meanwhile"
    window.go("corpora")
    spin(lambda: window.workspace.jobs.idle, 60)
    assert page.table.rows.rows[0].examined
    assert "Nothing is examined yet." not in _said(page)
    page.examine.trigger()
    spin(lambda: window.workspace.jobs.idle, 60)
    assert [line.action for line in window.workspace.session.ledger()].count("case examined") == 1

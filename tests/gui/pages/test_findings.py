"""The findings: sentence first, picture, doubt; withdrawn ones struck through, nothing hidden."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from workbench.app.requests import RunRequest
from workbench.app.session import Session
from workbench.core.finding_page import Bearing
from workbench.core.model import Finding, Narrative
from workbench.core.reading import Explained


@pytest.fixture(scope="module")
def found(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample case with a finding of each analysis."""
    from workbench.core.surroundings import of_this_machine

    folder = Path(shutil.copytree(sample, tmp_path_factory.mktemp("found") / "found.case"))
    cache = tmp_path_factory.mktemp("cache")
    with Session.open(folder, conditions=of_this_machine("A. Examiner"), cache=cache) as session:
        session.run("fitness", RunRequest())
        session.run("closest_source", RunRequest(parameters={"replicates": 100}))
    return folder


@pytest.fixture
def page(open_window, found: Path, tmp_path: Path, spin):
    window = open_window(Path(shutil.copytree(found, tmp_path / "found.case")))
    window.go("findings")
    spin(lambda: window.workspace.jobs.idle and len(window.at.findings.rows.items) == 2)
    return window.at.findings


def test_the_latest_finding_is_read_with_its_words_and_picture(page) -> None:
    stored = page.desk.workspace.session.finding(2)
    assert page.item() == "2"
    assert stored.narrative.headline == page.sentence.accessibleDescription()
    assert page.picture.plot is not None
    assert page.picture.plot.marks
    said = {label.text() for label in page.details.parentWidget().findChildren(QLabel)}
    assert set(stored.narrative.limits) <= said
    assert set(stored.narrative.sentences) <= said
    assert set(stored.finding.warnings) <= said


def test_another_finding_takes_its_place_and_is_in_the_history(page, spin) -> None:
    page.list.choose(0)
    assert page.item() == "1"
    assert page.window().history.here == "findings/1"
    page.window().acts["view.back"].trigger()
    assert page.item() == "2"


def test_the_list_says_question_answer_status_and_rung(page) -> None:
    said = page.list.model().index(0, 0).data()
    assert said.startswith("1. Can the material answer the question? Yes, ")
    assert "exploratory" in said
    page.which.segment("confirmatory").click()
    assert page.rows.items == []
    page.which.segment("all").click()
    assert len(page.rows.items) == 2


def test_marks_lead_to_the_answers_behind_them(page, monkeypatch) -> None:
    page.list.choose(1)
    gone: list[str] = []
    page.picture.opened.disconnect()
    page.picture.opened.connect(gone.append)
    canvas = page.picture.canvas
    canvas.setFocus()
    QTest.keyClick(canvas, Qt.Key.Key_Down)
    assert canvas.pointed_at().mark.name == "marlin-chat"
    QTest.keyClick(canvas, Qt.Key.Key_Down)
    second = canvas.pointed_at().mark
    assert second.name != "marlin-chat"
    QTest.keyClick(canvas, Qt.Key.Key_Return)
    assert gone == [f"compare:marlin-chat|{second.name}"]


def test_t_shows_the_picture_as_a_table_and_back(page) -> None:
    page.list.choose(1)
    QTest.keyClick(page.picture.canvas, Qt.Key.Key_T)
    assert page.picture.as_table
    assert len(page.picture.table.rows.table.rows) == 25
    QTest.keyClick(page.picture.table, Qt.Key.Key_T)
    assert not page.picture.as_table


def test_the_chart_is_saved_as_drawing_and_as_image(page, answers, spin, tmp_path: Path) -> None:
    for name, magic in (("a.svg", b"<?xml"), ("a.png", b"\x89PNG")):
        answers.given = [tmp_path / name]
        page.save.trigger()
        spin(lambda: page.desk.workspace.jobs.idle)
        assert (tmp_path / name).read_bytes().startswith(magic)
    assert page.window().trouble.shown == ""


def test_a_withdrawn_finding_stays_listed_and_struck_through(page, answers, spin) -> None:
    answers.given = ["", "wrong controls"]
    page.withdraw.trigger()
    assert page.desk.workspace.session.finding(2).withdrawn == ""
    page.withdraw.trigger()
    spin(lambda: page.desk.workspace.jobs.idle)
    assert page.item() == "2"
    assert page.reason.text() == "Withdrawn: wrong controls"
    assert "<s>" in page.sentence.text()
    assert not page.withdraw.isEnabled()
    assert page.beside.text() == "1 withdrawn"


def test_words_that_this_version_would_choose_otherwise_are_not_hidden(page, spin, monkeypatch) -> None:

    stored = page.desk.workspace.session.finding(2).narrative
    assert not page.differs.isVisible()
    other = Narrative(0, "Other words.", (), ())
    monkeypatch.setattr("workbench.app.desk.findings.narrative_of", lambda finding: other)
    page.refresh()
    spin(lambda: page.differs.isVisible())
    assert page.sentence.accessibleDescription() == stored.headline
    assert "Other words." not in page.sentence.text()


def test_the_sentence_goes_whole_to_the_clipboard(page, app) -> None:
    page.copy.trigger()
    assert app.clipboard().text() == page.desk.workspace.session.finding(2).narrative.headline


def test_text_of_a_finding_can_not_become_markup() -> None:
    from workbench.app.desk.findings import ReadFinding
    from workbench.core.plan import NOT_PLANNED
    from workbench.gui.pages.findings_parts.details import sentence

    finding = Finding("gone", 1, "?", {}, "1", (), (), {}, {}, (), {})
    words = Narrative(0, "<b>bold</b> & \u202eturned", (), ())
    said = sentence(ReadFinding(1, finding, words, None, NOT_PLANNED, "", "", "", 1))
    assert "&lt;b&gt;bold&lt;/b&gt; &amp; ⟦U+202E⟧turned" in said


def test_a_narrow_window_puts_the_right_column_below(page, app) -> None:
    from PySide6.QtWidgets import QBoxLayout

    window = page.window()
    window.resize(1440, 900)
    app.processEvents()
    assert page.columns.direction() is QBoxLayout.Direction.LeftToRight
    window.resize(900, 700)
    app.processEvents()
    assert page.columns.direction() is QBoxLayout.Direction.TopToBottom


def test_other_explanations_stand_in_a_table_and_open_ones_are_counted(page) -> None:
    assert not page.explained.isVisible(), "this finding is no opinion"
    card = page.explained
    card.show_explanations(
        [
            Explained("One odd control decides", "Left each out in turn", "First each time", Bearing.NO),
            Explained("Licensed copies", "Nothing: no licence was supplied", "", Bearing.OPEN, "part of H1"),
        ]
    )
    said = [label.text() for label in card.findChildren(QLabel)]
    assert card.beside.text() == "1 of 2 open"
    assert {"Left each out in turn", "does not account for it", "open, part of H1", "nothing"} <= set(said)


def test_a_chart_and_a_table_become_exhibits(page, spin) -> None:
    page.desk.actions["exhibit.make"].trigger()
    spin(lambda: page.desk.workspace.jobs.idle)
    page.tables_menu.aboutToShow.emit()
    actions = {action.text(): action for action in page.tables_menu.actions()}
    actions["Models"].trigger()
    spin(lambda: page.desk.workspace.jobs.idle)
    made = page.desk.workspace.session.exhibits.register().exhibits
    assert [(one.choice.finding.number, one.choice.finding.table) for one in made] == [(2, ""), (2, "models")]
    window = page.window()
    window.go("exhibits/" + made[0].name)
    exhibits = window.at.exhibits
    spin(lambda: exhibits.view.picture.plot is not None and window.workspace.jobs.idle)
    assert exhibits.view.picture.plot.marks
    exhibits.list.choose(1)
    spin(lambda: exhibits.view.stack.currentWidget() is exhibits.view.faces["table"])
    assert exhibits.view.table.rows.rowCount() > 20
    exhibits.view.open.click()
    assert window.page is page

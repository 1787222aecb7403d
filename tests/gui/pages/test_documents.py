"""Documents in the window: added by a button and by a drop, quoted by selecting, undone, and shown on the overview."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest

from tests.made_documents import CLAUSE, write_pdf, write_terms
from workbench.app.session import Session
from workbench.core.documents import Description, Kind
from workbench.gui.dialogs.document import DocumentDialog
from workbench.importers.documents.read import words_of


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read in this process: starting another one takes longer than the test."""
    monkeypatch.setattr("workbench.app.documents.door.read_words", lambda path, name, progress: words_of(path, name))


@pytest.fixture
def written(tmp_path: Path, conditions) -> Path:
    """A case with a document of two pages that say the same, and terms with a clause."""
    with Session.create(tmp_path / "d", title="D", conditions=conditions) as session:
        pdf = write_pdf(tmp_path / "a.pdf", "We deny it.", "We deny it.")
        session.documents.add(pdf, Description(Kind.DENIAL, "Denial", "Tidewater Row", "2026-03-03"))
        session.documents.add(write_terms(tmp_path / "t.html"), Description(Kind.TERMS, "Terms 2", date="2023-11"))
        session.documents.quote(2, CLAUSE)
    return tmp_path / "d.case"


def select(page, words: str, after: str = "") -> None:
    text = page.reader.toPlainText()
    start = text.index(words, text.index(after))
    cursor = page.reader.textCursor()
    cursor.setPosition(start)
    cursor.setPosition(start + len(words), cursor.MoveMode.KeepAnchor)
    page.reader.setTextCursor(cursor)


def test_the_overview_shows_them_by_date_and_leads_to_them(open_window, spin, written: Path) -> None:
    window = open_window(written)
    card = window.at.overview.documents
    spin(lambda: len(card.links) == 2)
    assert [link.text() for link in card.links] == ["Terms 2", "Denial"]
    card.links[1].setFocus()
    QTest.keyClick(card.links[1], Qt.Key.Key_Return)
    page = window.at.documents
    spin(lambda: window.page is page and "page 2" in page.reader.toPlainText())
    assert page.item() == "1"


def test_a_selection_is_quoted_on_its_page_and_undone(open_window, spin, written: Path) -> None:
    window = open_window(written)
    window.go("documents/1")
    page = window.at.documents
    spin(lambda: "deny" in page.reader.toPlainText())
    assert not page.quoting.isEnabled()
    select(page, "deny it", after="page 2")
    assert page.quoting.isEnabled()
    page.quoting.trigger()
    spin(lambda: "Clause 1, page 2" in page.clauses.text())
    window.acts["edit.undo"].trigger()
    spin(lambda: page.clauses.text() == "" and window.workspace.jobs.idle)
    clauses = window.workspace.session.documents.document(1).clauses
    assert [(one.place.page, one.retracted) for one in clauses] == [(2, True)]


def test_one_is_added_by_the_button_and_one_by_a_drop(open_window, answers, spin, written: Path) -> None:
    window = open_window(written)
    page = window.at.overview
    spin(lambda: bool(page.documents.links))
    first = write_pdf(written.parent / "b.pdf", "A card.")
    second = write_pdf(written.parent / "c.pdf", "A letter.")

    def fill(dialog: DocumentDialog) -> None:
        dialog.kind.setCurrentIndex(dialog.kind.findData("model card"))
        dialog.date.setText("May")
        dialog._try()
        assert "is not a date" in dialog.error.text()
        dialog.date.setText("2024-05")

    answers.given = [[first], fill]
    page.documents.adding.click()
    spin(lambda: len(page.documents.links) == 3)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(second))])
    answers.given = [lambda dialog: dialog.entry.setText("Letter")]
    drop = QDropEvent(
        QPointF(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    page.documents.dropEvent(drop)
    spin(lambda: len(page.documents.links) == 4 and window.workspace.jobs.idle)
    found = window.workspace.session.documents.register().all
    assert [(one.said.title, str(one.said.kind)) for one in found[2:]] == [
        ("b", "model card"),
        ("Letter", "allegation"),
    ]


def test_one_is_retracted_with_a_reason_and_opened_as_a_copy(open_window, answers, spin, written: Path) -> None:
    window = open_window(written)
    window.go("documents/2")
    page = window.at.documents
    spin(lambda: CLAUSE in page.reader.toPlainText())
    opened: list[Path] = []
    answers.show_file = opened.append
    page.opening.trigger()
    spin(lambda: bool(opened))
    assert opened[0].name == "D002-terms-2.html.txt", "no browser runs what a page holds"
    answers.given = ["Of another matter."]
    page.retracting.trigger()
    spin(lambda: "Retracted: Of another matter." in page.facts.text() and window.workspace.jobs.idle)
    assert not page.retracting.isEnabled()

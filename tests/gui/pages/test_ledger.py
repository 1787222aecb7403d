"""The ledger page: every line, the newest first; the head to be copied."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QGuiApplication

from workbench.core.model import Role


def test_the_newest_line_stands_first_and_the_chosen_one_is_shown_whole(open_window, case: Path, spin) -> None:
    window = open_window(case)
    window.go("ledger")
    page = window.at.ledger
    spin(lambda: page.table.rows.rowCount() > 0)
    lines = list(window.workspace.session.ledger())
    assert page.table.rows.rowCount() == len(lines)
    assert page.table.rows.row_at(0)[0] == len(lines)
    assert page.table.rows.row_at(0)[-1] == page.head.text() == lines[-1].hash
    page.table.choose(2)
    assert lines[1].previous in page.line.toPlainText()


def test_the_head_can_be_copied(open_window, case: Path, spin) -> None:
    window = open_window(case)
    window.go("ledger")
    spin(lambda: window.at.ledger.head.text() != "")
    window.at.ledger._copy()
    assert QGuiApplication.clipboard().text() == window.at.ledger.head.text()


def test_a_verb_adds_its_line_though_another_page_is_shown(open_window, case: Path, spin) -> None:
    window = open_window(case)
    window.go("ledger")
    page = window.at.ledger
    spin(lambda: page.table.rows.rowCount() > 0)
    before = page.table.rows.rowCount()
    window.go("corpora")
    window.workspace.do("", lambda session, progress: session.set_corpus("quillet-1", role=Role.BASE, reason="r"))
    spin(lambda: window.workspace.jobs.idle)
    assert page.table.rows.rowCount() == before
    window.go("ledger")
    spin(lambda: page.table.rows.rowCount() == before + 1)
    assert page.table.rows.row_at(0)[5] == "r"

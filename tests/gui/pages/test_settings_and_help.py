"""Settings that count at once, the manual inside the window, and words that are explained where they stand."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from workbench.app.desk.help import chapters, glossary, terms_in
from workbench.gui.look.theme import theme
from workbench.gui.parts.dates import clock, moment, say_local
from workbench.gui.parts.labels import LinkLabel


def test_the_manual_and_its_words_are_whole() -> None:
    assert "The pack" in [chapter.title for chapter in chapters()]
    assert all("](" not in chapter.text for chapter in chapters()), "links lead out of the window"
    words = {word for term in glossary() for word in term.words}
    assert {"likelihood ratio", "Cllr", "interval", "cap", "placebo", "p_model", "rung", "log10 LR"} <= words
    assert all(len(term.meaning) > 15 for term in glossary())


def test_words_are_found_whole_and_in_the_plural() -> None:
    said = {term.word for term in terms_in("95 % intervals of controls; a capital escapes.")}
    assert said == {"interval", "control"}


def test_times_are_said_in_the_zone_that_was_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        assert moment("2026-11-30T20:30:00Z") == "30 Nov 2026, 20:30"
        say_local(local=True)
        assert moment("2026-11-30T20:30:00Z") == "1 Dec 2026, 05:30"
        assert clock("2026-11-30T20:30:05Z") == "05:30:05"
    finally:
        say_local(local=False)
        monkeypatch.undo()
        time.tzset()


def test_settings_count_at_once_and_say_how_keys_are_kept(open_window, case: Path, spin, monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("WORKBENCH_SECRETS", str(tmp_path / "secrets.json"))
    window = open_window(case)
    window.acts["window.settings"].trigger()
    page = window.at.settings
    spin(lambda: window.workspace.jobs.idle and page.keys.count() > 0)
    before = theme().scale
    page.texts.segment("150").click()
    assert (theme().scale, window.memory.number("text", 100)) == (150, 150)
    page.texts.segment("100").click()
    assert theme().scale == before == 100
    page.mode.segment("dark").click()
    assert theme().tokens.dark
    page.mode.segment("light").click()
    assert window.memory.text("theme") == "light"
    page.examiner.setText("B. Second")
    QTest.keyClick(page.examiner, Qt.Key.Key_Return)
    assert window.memory.examiner == "B. Second"
    page.letters.setChecked(False)
    assert not window.memory.flag("letters", default=True)
    page.letters.setChecked(True)
    assert str(case) in [label.text() for label in page.findChildren(type(page.folders.itemAt(1).widget()))]


def test_help_is_read_and_filtered_and_the_palette_finds_words(open_window, case: Path, spin) -> None:
    window = open_window(case)
    window.go("help/The pack")
    page = window.at.help
    assert "START_HERE" in page.reader.toPlainText()
    QTest.keyClicks(page.filter, "cllr")
    assert page.item() == "What the words mean" or "Cllr" in page.reader.toPlainText()
    page.filter.clear()
    window.open_palette()
    QTest.keyClicks(window.palette_.field, "?placebo")
    QTest.keyClick(window.palette_.field, Qt.Key.Key_Return)
    assert window.page is page
    assert page.words.count() == 1
    assert "nothing to find" in page.words.itemAt(0).widget().accessibleName()
    spin(lambda: window.workspace.jobs.idle)
    assert window.trouble.shown == ""


def test_a_finding_explains_its_words_where_they_stand(open_window, case: Path, spin, conditions) -> None:
    from workbench.app.requests import RunRequest
    from workbench.app.session import Session

    with Session.open(case, conditions=conditions) as session:
        session.run("fitness", RunRequest())
    window = open_window(case)
    window.go("findings/1")
    page = window.at.findings
    spin(lambda: window.workspace.jobs.idle and page.item() == "1")
    QTest.keyClick(page.list, Qt.Key.Key_G)
    assert page.card.isVisible()
    assert {"finding", "suspect"} & {term.word for term in page.card.terms}
    QTest.keyClick(page.card, Qt.Key.Key_Escape)
    assert window.focusWidget() is page.list
    page.terms.click()
    (link,) = [link for link in page.card.findChildren(LinkLabel) if link.text() == "All words"]
    link.click()
    assert window.page is window.at.help

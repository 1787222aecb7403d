"""Errors in words in one place; crashes with their trace and the place of the log."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget

from workbench.core.errors import CaseError, RefusedError
from workbench.gui.error_dialog import Trouble, catch_all, hint_of, in_window, words, write_log


@pytest.fixture
def parent(app: QApplication) -> QWidget:
    return QWidget()


def _box(parent: QWidget) -> QMessageBox:
    return parent.findChildren(QMessageBox)[-1]


def test_what_the_user_can_act_on_is_said_with_its_hint(parent: QWidget, tmp_path: Path) -> None:
    Trouble(parent, tmp_path / "log").tell(RefusedError("Too few controls.", hint="Import more."))
    assert _box(parent).text() == "Too few controls."
    assert _box(parent).informativeText() == "Import more."
    assert _box(parent).detailedText() == ""
    assert not (tmp_path / "log").exists()


def test_a_full_disk_is_no_mistake_of_ours(parent: QWidget, tmp_path: Path) -> None:
    Trouble(parent, tmp_path / "log").tell(OSError(28, "No space left on device", "x.zip"))
    assert _box(parent).text() == "No space left on device: x.zip"
    assert not (tmp_path / "log").exists()


def test_a_mistake_of_ours_shows_trace_and_log(parent: QWidget, tmp_path: Path) -> None:
    log = tmp_path / "deep" / "window.log"
    try:
        raise KeyError("lost")
    except KeyError as error:
        Trouble(parent, log).tell(error)
    assert "KeyError" in _box(parent).text()
    assert str(log) in _box(parent).informativeText()
    assert "test_trouble" in _box(parent).detailedText()
    assert "KeyError: 'lost'" in log.read_text(encoding="utf-8")


def test_text_that_looks_like_markup_is_shown_as_it_is(parent: QWidget, tmp_path: Path) -> None:
    Trouble(parent, tmp_path / "log").tell(CaseError("<b>bold</b>"))
    assert _box(parent).textFormat().name == "PlainText"


def test_a_log_that_can_not_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert "could not be written" in write_log("trace", tmp_path / "file" / "log")


def test_the_hook_catches_what_nobody_caught(parent: QWidget, tmp_path: Path) -> None:
    trouble = Trouble(parent, tmp_path / "log")
    before = catch_all(trouble)
    try:
        sys.excepthook(ValueError, ValueError("lost"), None)
    finally:
        sys.excepthook = before
    assert "ValueError" in trouble.shown


def test_what_is_said_of_the_command_line_is_said_of_the_window() -> None:
    said = {
        "a: 3 answers have no prompt yet; `workbench prompts CASE FILE --for a` joins them.": "Join prompts",
        "1 waits still. `import CASE --discard 3` drops what waits.": "Discard on the page Case drops",
        "1 waits: `import CASE FILE --format F --map prompt=q --model 'a b'` goes on with it.": "Resume on the page",
        "It has the role control now. `set CASE my model --role suspect --reason T` takes that back.": "Correct on the",
        "guessed from its bytes (--encoding names another; `preview` shows the text beforehand)": "the preview shows",
        "It is the case, and `workbench verify 'a b.case'` checks it.": "and Verify a folder checks it",
        "`workbench corpora CASE` lists them.": "The page Corpora lists them.",
        "`workbench preview FILE` says what it is.": "The import dialog says what it is.",
    }
    for text, here in said.items():
        assert here in in_window(text)
        assert "`" not in in_window(text)
        assert "--" not in in_window(text)
    assert hint_of(RefusedError("No.", hint="`workbench preview FILE` shows what it holds.")).startswith("The import")


def test_words_join_message_and_hint() -> None:
    assert words(RefusedError("No.", hint="Do this.")) == "No.\n\nDo this."
    assert words(RefusedError("No.")) == "No."
    assert "memory" in words(MemoryError())

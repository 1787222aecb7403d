"""The window: getting about, dropping, stopping, closing, and what everyone can reach and read."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QTabBar,
    QTabWidget,
    QWidget,
)

from workbench.gui.ask import Ask
from workbench.gui.page_list import ACTS

PAGES = [
    "overview", "corpora", "answers", "documents", "plan", "analyses", "findings", "exhibits", "packs", "ledger",
    "library",
]  # fmt: skip


def test_the_pages_are_reached_by_their_shortcuts(open_window, case: Path) -> None:
    window = open_window(case)
    for act, action, _ in window.acts.bound():
        if act.key.startswith("page.") and act.keys.startswith("Ctrl+"):
            number = Qt.Key(Qt.Key.Key_0.value + int(act.keys[-1]))
            QTest.keyClick(window, number, Qt.KeyboardModifier.ControlModifier)
            assert f"page.{window.page.key}" == act.key
            assert action.isEnabled()


def test_a_page_costs_nothing_before_it_is_shown_and_keeps_what_was_promised(open_window, case: Path, spin) -> None:
    window = open_window(case)
    assert [page.key for page in window.at.built] == ["library", "overview"]
    assert window.acts["answers.find"].isEnabled()
    window.acts["answers.find"].trigger()
    spin(lambda: window.workspace.jobs.idle)
    assert window.focusWidget() is window.at.answers.words
    window.acts["finding.copy"].trigger()
    spin(lambda: window.toast.isVisible())
    assert "Choose a finding first." in window.toast.said.text()
    before = {name: window.acts._does[name] for promised in ACTS.values() for name in promised}
    for key in PAGES:
        window.go(key)
    assert [name for name, act in before.items() if window.acts._does[name] is act and name not in _BOUND] == []
    spin(lambda: window.workspace.jobs.idle)


_BOUND = (*ACTS["overview"], *ACTS["answers"], *ACTS["findings"])
"""What pages that the test above had shown already have bound."""


def test_f1_explains_the_page_that_is_shown(open_window, case: Path) -> None:
    window = open_window(case)
    window.go("ledger")
    QTest.keyClick(window, Qt.Key.Key_F1)
    assert "hash of the line before it" in window.trouble.shown


def test_everything_that_can_be_used_has_a_name(open_window, case: Path, spin) -> None:
    window = open_window(case)
    for key in PAGES:
        window.go(key)
        spin(lambda: window.workspace.jobs.idle)
    kinds = (QAbstractButton, QAbstractItemView, QAbstractSpinBox, QComboBox, QLineEdit, QPlainTextEdit, QTabWidget)
    nameless = [
        f"{type(w).__name__} in {type(w.parent()).__name__}"
        for page in [*window.at.built, window.sidebar, window.foot, window.palette_]
        for w in page.findChildren(QWidget)
        if isinstance(w, kinds) and not _own_part(w) and not w.accessibleName() and not getattr(w, "text", str)()
    ]
    assert nameless == []


def _own_part(widget: QWidget) -> bool:
    """Whether a widget is an inner part of another one, made by Qt: the line in a spin box, say."""
    above = widget.parentWidget()
    while above is not None:
        if isinstance(above, QAbstractSpinBox | QComboBox | QAbstractItemView | QTabBar):
            return True
        above = above.parentWidget()
    return False


def test_no_letter_stands_for_two_things_at_once(open_window, case: Path, spin) -> None:
    window = open_window(case)
    menus = [_letter(action.text()) for action in window.menuBar().actions()]
    for key in PAGES:
        window.go(key)
        spin(lambda: window.workspace.jobs.idle)
        page = window.page
        texts = [w.text() for w in page.findChildren(QAbstractButton) if w.isVisible()]
        texts += [w.text() for w in page.findChildren(QLabel) if w.isVisible() and w.buddy() is not None]
        letters = sorted(letter for letter in [*menus, *map(_letter, texts)] if letter)
        assert letters == sorted(set(letters)), key


def _letter(text: str) -> str:
    return text[text.index("&") + 1].lower() if "&" in text else ""


def test_what_is_shown_can_be_reached_with_the_tab_key(open_window, case: Path, spin) -> None:
    window = open_window(case)
    window.go("corpora")
    spin(lambda: window.workspace.jobs.idle)
    window.activateWindow()
    seen: set[str] = set()
    for _ in range(30):
        QTest.keyClick(window, Qt.Key.Key_Tab)
        if (focus := window.focusWidget()) is not None:
            seen.add(focus.accessibleName())
    assert {"Pages", "Import", "Columns", "Corpora"} <= seen


def test_who_comes_to_search_can_type(open_window, case: Path) -> None:
    window = open_window(case)
    QTest.keyClick(window, Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
    assert window.stack.currentWidget() is window.at.answers
    assert window.focusWidget() is window.at.answers.words


def test_a_question_whether_to_stop_goes_when_the_work_ends(open_window, case: Path, spin) -> None:
    window = open_window(case)
    window.ask = Ask(window)
    going_on = threading.Event()
    window.workspace.do("Working", lambda session, progress: going_on.wait(20))
    left: list[QWidget] = []

    def give_up() -> None:
        box = QApplication.activeModalWidget()
        if box is not None:
            left.append(box)
            box.close()

    QTimer.singleShot(200, going_on.set)
    QTimer.singleShot(5000, window, give_up)
    window._ask_to_stop()
    assert going_on.is_set(), "it was asked while the work went on"
    assert not left, "the question still stood long after the work had ended"
    spin(lambda: window.workspace.jobs.idle)


def test_dropped_files_need_a_case(open_window, tmp_path: Path) -> None:
    window = open_window()
    window.take_dropped([tmp_path / "x.json"])
    assert "No case is open" in window.trouble.shown or "open a case first" in window.trouble.shown


def test_a_dropped_case_is_opened(open_window, case: Path, spin) -> None:
    window = open_window()
    window.take_dropped([case])
    spin(lambda: window.workspace.opened is not None)
    assert window.windowTitle().startswith("The sample & more")


def test_closing_asks_while_work_is_under_way(open_window, case: Path, answers, spin) -> None:
    window = open_window(case)
    begun, stopped = threading.Event(), threading.Event()

    def work(session: object, progress) -> None:
        begun.set()
        try:
            while True:
                progress(0.5)
                time.sleep(0.001)
        finally:
            stopped.set()

    window.workspace.do("Working", work)
    assert begun.wait(5)
    answers.given = [False]
    window.close()
    assert window.isVisible()
    assert not stopped.is_set()
    answers.given = [True]
    window.close()
    spin(lambda: not window.isVisible())
    assert stopped.is_set()
    assert not [t for t in threading.enumerate() if t.name.startswith(("case", "beside"))]


def test_escape_asks_before_it_stops_anything(open_window, case: Path, answers, spin) -> None:
    window = open_window(case)
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert answers.asked == []
    gate = threading.Event()
    window.workspace.do("Waiting", lambda session, progress: gate.wait(5))
    answers.given = [False]
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert len(answers.asked) == 1
    gate.set()
    spin(lambda: window.workspace.jobs.idle)


def test_a_question_that_work_outlived_stops_nothing_else(open_window, case: Path, answers, spin, monkeypatch) -> None:
    window = open_window(case)
    first, second = threading.Event(), threading.Event()
    done: list[str] = []
    window.workspace.do("First", lambda session, progress: first.wait(20), lambda ended: done.append("first"))
    window.workspace.do("Second", lambda session, progress: second.wait(20), lambda ended: done.append("second"))

    def late(title: str, question: str, *, do: str, leave: str = "Cancel", until: object = None) -> bool:
        assert question.startswith("First is under way.")
        first.set()
        spin(lambda: done == ["first"])
        return True

    monkeypatch.setattr(answers, "yes", late)
    QTest.keyClick(window, Qt.Key.Key_Escape)
    second.set()
    spin(lambda: window.workspace.jobs.idle)
    assert done == ["first", "second"]


def test_a_mistake_in_a_verb_is_told_and_the_window_lives_on(open_window, case: Path, spin, tmp_path: Path) -> None:
    window = open_window(case)

    def work(session: object, progress) -> None:
        raise KeyError("lost")

    window.workspace.do("Working", work)
    spin(lambda: window.workspace.jobs.idle)
    assert "KeyError" in window.trouble.shown
    assert "KeyError" in (tmp_path / "window.log").read_text(encoding="utf-8")
    assert window.at.corpora.import_.isEnabled()


def test_only_what_changed_is_read_again(open_window, case: Path, spin, monkeypatch) -> None:
    from workbench.core.model import Change

    window = open_window(case)
    window.go("corpora")
    spin(lambda: window.workspace.jobs.idle)
    read: list[str] = []
    for page in (window.at.corpora, window.at.packs, window.at.ledger):
        monkeypatch.setattr(page, "refresh", lambda key=page.key: read.append(key))
    window.workspace.changed.emit(frozenset({Change.PACKS, Change.LEDGER}))
    assert read == []
    window.workspace.changed.emit(frozenset({Change.CORPORA}))
    assert read == ["corpora"]
    window.go("packs")
    assert read == ["corpora", "packs"]
    window.go("corpora")
    assert read == ["corpora", "packs"]


def test_nothing_slow_is_loaded_before_the_window_stands() -> None:
    code = """
import sys
from pathlib import Path
from PySide6.QtWidgets import QApplication
from workbench.core.surroundings import of_this_machine
from workbench.gui.main_window import MainWindow
from workbench.gui.settings import Memory
application = QApplication([])
window = MainWindow(of_this_machine(), memory=Memory(Path(sys.argv[1])))
window.show()
application.processEvents()
slow = {"numpy", "scipy", "sklearn", "matplotlib", "sqlite3", "sqlite_utils", "joblib", "typst", "workbench.store"}
print(sorted(slow & set(sys.modules)))
window.workspace.jobs.shut_down()
"""
    path = Path(__file__).with_name("nowhere.ini")
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
    assert not path.exists()

"""The library: cases with their question and path, pinned, missing, found, opened."""

from __future__ import annotations

import time
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from workbench.gui.settings import KnownCase, Memory


def remembered(tmp_path: Path, number: int) -> None:
    memory = Memory(tmp_path / "window.ini")
    for at in range(number):
        folder = tmp_path / "cases" / f"{at}.case"
        memory.opened(folder)
        memory.remember(KnownCase(folder, title=f"Case {at}", question=f"Was model-{at} trained?", seen="2026-11-30"))
    memory.save()


def test_a_case_that_was_opened_stands_in_the_library_with_its_question(open_window, case: Path) -> None:
    window = open_window(case)
    window.go("library")
    (known,) = window.at.library.cases
    assert (known.title, known.question) == ("The sample & more", "Was marlin-chat trained on answers of aurelia?")
    assert (known.done, known.said, known.models, known.answers) == (2, "Examine the answers", 28, 3360)
    said = window.at.library.rows.index(0).data()
    assert "no findings" in said
    assert "plan not locked" in said


def test_enter_opens_the_chosen_case(open_window, case: Path, spin, tmp_path: Path) -> None:
    Memory(tmp_path / "window.ini").opened(case)
    window = open_window()
    assert window.page is window.at.library
    QTest.keyClick(window.at.library.list, Qt.Key.Key_Return)
    spin(lambda: window.workspace.opened is not None and window.workspace.jobs.idle)
    assert window.page is window.at.overview


def test_a_missing_folder_is_said_and_can_be_taken_off_the_list(open_window, tmp_path: Path) -> None:
    remembered(tmp_path, 2)
    page = open_window().at.library
    assert "The folder is not there. Is a drive missing?" in page.rows.index(0).data()
    QTest.keyClick(page.list, Qt.Key.Key_Delete)
    assert [known.title for known in page.cases] == ["Case 0"]


def test_p_pins_and_the_filter_finds(open_window, tmp_path: Path) -> None:
    remembered(tmp_path, 3)
    page = open_window().at.library
    page.list.choose(2)
    QTest.keyClick(page.list, Qt.Key.Key_P)
    assert [known.title for known in page.cases] == ["Case 0", "Case 2", "Case 1"]
    assert page.chosen().title == "Case 0"
    page.filter.setText("model-2")
    assert [known.title for known in page.rows.items] == ["Case 2"]


def test_two_hundred_cases_are_there_at_once(open_window, tmp_path: Path) -> None:
    memory = Memory(tmp_path / "window.ini")
    remembered(tmp_path, 20)
    window = open_window()
    cases = [KnownCase(tmp_path / f"{at}.case", title=f"Case {at}", seen="2026-11-30") for at in range(200)]
    begun = time.process_time()
    window.at.library.show_cases(cases)
    window.at.library.grab()
    assert time.process_time() - begun < 0.2
    assert len(memory.cases()) == 20

"""What the window remembers between starts."""

from __future__ import annotations

import json
from pathlib import Path

from PySide6.QtCore import QByteArray

from workbench.gui.settings import KnownCase, Memory


def test_recent_cases_the_latest_first_and_only_once(tmp_path: Path) -> None:
    folders = [tmp_path / f"{n}.case" for n in range(12)]
    for folder in folders:
        folder.mkdir()
    memory = Memory(tmp_path / "window.ini")
    for folder in [*folders, folders[5]]:
        memory.opened(folder)
    memory.save()
    again = Memory(tmp_path / "window.ini").recent()
    assert again[:2] == [folders[5], folders[11]]
    assert len(again) == len(set(again)) == 12


def test_a_case_that_is_gone_is_not_offered(tmp_path: Path) -> None:
    memory = Memory(tmp_path / "window.ini")
    memory.opened(tmp_path / "gone.case")
    assert memory.recent() == []


def test_recent_cases_can_be_forgotten(tmp_path: Path) -> None:
    memory = Memory(tmp_path / "window.ini")
    memory.opened(tmp_path)
    memory.forget_recent()
    assert memory.recent() == []


def test_examiner_and_size_come_back(tmp_path: Path) -> None:
    memory = Memory(tmp_path / "window.ini")
    assert (memory.examiner, memory.geometry) == ("", QByteArray())
    memory.examiner, memory.geometry = "A. Examiner", QByteArray(b"abc")
    memory.save()
    again = Memory(tmp_path / "window.ini")
    assert (again.examiner, again.geometry) == ("A. Examiner", QByteArray(b"abc"))


def test_a_broken_settings_file_is_like_none(tmp_path: Path) -> None:
    (tmp_path / "window.ini").write_bytes(b"\x00\xff[[recent=@Variant(\x00")
    assert Memory(tmp_path / "window.ini").recent() == []


def test_what_was_seen_of_a_case_comes_back_and_pinned_cases_stand_first(tmp_path: Path) -> None:
    memory = Memory(tmp_path / "window.ini")
    folders = [tmp_path / f"{n}.case" for n in range(3)]
    for folder in folders:
        memory.opened(folder)
    folders[0].mkdir()
    memory.remember(KnownCase(folders[0], title="One", question="Was it?", done=3, seen="2026-11-30"))
    memory.pin(folders[0], pinned=True)
    memory.save()
    cases = Memory(tmp_path / "window.ini").cases()
    assert [case.folder for case in cases] == [folders[0], folders[2], folders[1]]
    assert cases[0] == KnownCase(folders[0], "One", "Was it?", 3, seen="2026-11-30", pinned=True)
    assert [case.missing for case in cases] == [False, True, True]
    memory.forget(folders[0])
    assert [case.folder for case in memory.cases()] == [folders[2], folders[1]]
    assert folders[0].is_dir()


def test_fields_of_another_type_are_left_at_nothing(tmp_path: Path) -> None:
    memory = Memory(tmp_path / "window.ini")
    memory.opened(tmp_path)
    memory.put("known", json.dumps({str(tmp_path): {"title": 7, "done": "x", "folder": "/", "question": "Q?"}}))
    memory.put("pinned", "{")
    (case,) = memory.cases()
    assert (case.folder, case.title, case.done, case.question, case.pinned) == (tmp_path, "", 0, "Q?", False)

"""What the window remembers between starts."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray

from workbench.gui.settings import Memory


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
    assert len(again) == len(set(again)) == 10


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

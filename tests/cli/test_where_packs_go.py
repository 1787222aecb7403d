"""Where a pack may go, and what a killed export leaves."""

from __future__ import annotations

import fcntl
from pathlib import Path

from tests.cli.conftest import Command

# Where a pack may go


def test_where_a_pack_can_not_go(command: Command, case: Path, tmp_path: Path) -> None:
    taken = tmp_path / "taken.zip"
    taken.write_bytes(b"somebody's")
    (tmp_path / "folder.zip").mkdir()
    for target, words in {
        taken: "exists already",
        tmp_path / "folder.zip": "is a folder",
        tmp_path / "no" / "p.zip": "No such file or directory",
        tmp_path / ("x" * 300 + ".zip"): "File name too long",
        taken / "p.zip": "Not a directory",
    }.items():
        assert words in command.refused("export", case, target)
    assert "one zip file" in command.refused("export", case, tmp_path / "p.pdf", code=2)
    assert taken.read_bytes() == b"somebody's"
    # No number was spent on a pack that could not be begun.
    assert command("log", case)["lines"][-1]["action"] == "export done"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.case", "folder.zip", "taken.zip"]


def test_what_a_killed_export_left_goes_with_the_next_one(command: Command, bare_case: Path, tmp_path: Path) -> None:
    killed = tmp_path / ".killed.zip.partial"
    killed.write_bytes(b"half of a pack")
    at_work = tmp_path / ".other.zip.partial"
    at_work.write_bytes(b"")
    with at_work.open("r+b") as held:
        fcntl.flock(held.fileno(), fcntl.LOCK_EX)
        assert "Another program is writing" in command.refused("export", bare_case, tmp_path / "other.zip")
        command("export", bare_case, tmp_path / "p.zip")
        assert sorted(p.name for p in tmp_path.glob("*.zip*")) == [".other.zip.partial", "p.zip"]

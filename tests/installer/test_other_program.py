"""The program that the set-up installs beside: once, while other things go on, and never half."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

PIP = [sys.executable, "-c"]
DONE, FAILS, HANGS = "", "raise SystemExit('ERROR: No matching distribution found')", "import time; time.sleep(600)"


def test_it_is_installed_once_and_again_when_another_version_is_wanted(setup: Any, tmp_path: Path) -> None:
    folder = tmp_path / "other"
    for wanted, said in (("a==1", True), ("a==1", False), ("a==2", True)):
        program = setup.other_program.OtherProgram(folder, wanted, [*PIP, DONE])
        program.begin()
        assert (program._running is not None) is said
        program.end()
        program.stop()
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    assert subprocess.run([str(python), "-c", ""], check=False).returncode == 0


def test_pip_is_told_the_environment_and_what_is_wanted(setup: Any, tmp_path: Path) -> None:
    told = "import sys; print(sys.argv)"
    program = setup.other_program.OtherProgram(tmp_path / "other", "a==1", [*PIP, told])
    program.begin()
    program.end()
    said = (tmp_path / "other" / "pip.log").read_text("utf-8")
    assert f"'--python', '{tmp_path / 'other'}', 'install'" in said
    assert said.rstrip().endswith("'a==1']")


def test_what_failed_is_said_in_words_and_tried_again(setup: Any, tmp_path: Path) -> None:
    program = setup.other_program.OtherProgram(tmp_path / "other", "a==1", [*PIP, FAILS])
    for _ in range(2):
        program.begin()
        with pytest.raises(setup.words.SetupError, match="no version that fits"):
            program.end()


def test_nobody_waits_for_it_after_an_interruption(setup: Any, tmp_path: Path) -> None:
    program = setup.other_program.OtherProgram(tmp_path / "other", "a==1", [*PIP, HANGS])
    program.begin()
    started = time.monotonic()
    program.stop()
    assert program._running.poll() is not None
    assert time.monotonic() - started < 60
    assert not (tmp_path / "other" / "installed.txt").exists()

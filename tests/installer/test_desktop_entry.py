"""The entry in the user's menu: written, started as it says, removed by the same command, and nobody else's touched."""

from __future__ import annotations

import argparse
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
ICON = ROOT / "resources" / "icons" / "workbench.svg"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return tmp_path / "data"


def read(path: Path) -> dict[str, str]:
    """The keys of an entry."""
    head, *lines = path.read_text(encoding="utf-8").splitlines()
    assert head == "[Desktop Entry]"
    return dict(line.split("=", 1) for line in lines)


def unescaped(said: str) -> str:
    """The value of a key as the standard reads it, before its words are told apart."""
    return said.replace("\\\\", "\\")


@pytest.mark.parametrize("folder", ["plain", "with a blank", 'a "quoted" $HOME `id` 100 %', "back\\slash", "名前"])
def test_it_starts_the_command_whatever_its_folder_is_called(
    setup: Any, home: Path, tmp_path: Path, folder: str
) -> None:
    command = tmp_path / folder / "workbench"
    command.parent.mkdir()
    command.write_text("#!/bin/sh\necho started\n")
    command.chmod(0o755)
    entry, icon = setup.desktop_entry.write_entry(command, ICON)
    assert icon.read_bytes() == ICON.read_bytes()
    keys = read(entry)
    assert (keys["Type"], keys["Icon"], keys["Terminal"]) == ("Application", "distillation-workbench", "false")
    assert unescaped(keys["TryExec"]) == str(command)
    # A shell reads a word in double quotes as the standard does.
    word = unescaped(keys["Exec"]).replace("%%", "%")
    assert subprocess.run(["sh", "-c", word], capture_output=True, text=True, check=True).stdout == "started\n"


def test_it_is_removed_with_its_icon_and_twice_does_no_harm(setup: Any, home: Path, capsys: Any) -> None:
    written = setup.desktop_entry.write_entry(Path("/opt/workbench"), ICON)
    options = argparse.Namespace(remove=True)
    assert setup.verbs.desktop(options, []) == 0
    assert not any(path.exists() for path in written)
    assert setup.verbs.desktop(options, []) == 0
    assert "no entry" in capsys.readouterr().out


def test_an_entry_of_somebody_else_is_left_alone(setup: Any, home: Path) -> None:
    entry = setup.desktop_entry.entry_file()
    entry.parent.mkdir(parents=True)
    entry.write_text("[Desktop Entry]\nName=Mine\n")
    for act in (setup.desktop_entry.remove_entry, lambda: setup.desktop_entry.write_entry(Path("/w"), ICON)):
        with pytest.raises(setup.words.SetupError, match="left alone"):
            act()
    assert "Mine" in entry.read_text()


def test_a_link_is_not_followed_and_nothing_half_written_stays(setup: Any, home: Path, tmp_path: Path) -> None:
    secret = tmp_path / "elsewhere"
    secret.write_text("kept")
    entry = setup.desktop_entry.entry_file()
    entry.parent.mkdir(parents=True)
    entry.symlink_to(secret)
    with pytest.raises(setup.words.SetupError, match="left alone"):
        setup.desktop_entry.write_entry(Path("/w"), ICON)
    assert secret.read_text() == "kept"
    entry.unlink()
    setup.desktop_entry.icon_file().mkdir(parents=True)
    with pytest.raises(setup.words.SetupError, match="can't be written"):
        setup.desktop_entry.write_entry(Path("/w"), ICON)
    assert list(entry.parent.iterdir()) == []
    assert [path.name for path in setup.desktop_entry.icon_file().parent.iterdir()] == [
        ICON.name.replace("w", "distillation-w", 1)
    ]


def test_a_command_that_no_entry_can_hold_is_refused(setup: Any, home: Path) -> None:
    with pytest.raises(setup.words.SetupError, match="plainer folder"):
        setup.desktop_entry.write_entry(Path("/a\nExec=evil"), ICON)
    assert not setup.desktop_entry.entry_file().exists()


def test_a_relative_data_home_is_not_used(setup: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", "here")
    assert setup.desktop_entry.data_home() == Path.home() / ".local" / "share"


@pytest.mark.skipif(os.name == "nt", reason="desktop entries are for freedesktop.org's desktops")
def test_what_is_missing_is_named_after_the_entry_was_written(
    setup: Any, home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    environment = setup.environment.Environment(tmp_path)
    monkeypatch.setattr(setup.verbs, "_ready", lambda extras: environment)
    found = {"names": ["libEGL.so.1"], "debian": ["libegl1"], "words": ["sudo dnf install libglvnd-egl"]}
    monkeypatch.setattr(setup.verbs, "_asked_libraries", lambda environment: found)
    monkeypatch.setattr(setup.verbs, "is_root", lambda: False)
    monkeypatch.setattr(setup.verbs.sys, "platform", "linux")
    with pytest.raises(setup.words.SetupError) as caught:
        setup.verbs.desktop(argparse.Namespace(remove=False), [])
    assert "libEGL.so.1" in str(caught.value)
    assert "sudo dnf install libglvnd-egl" in str(caught.value)
    assert setup.desktop_entry.entry_file().exists()

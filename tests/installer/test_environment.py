"""The virtual environment: kept while nothing changed, remade when it was interrupted or moved."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

Runs = list[tuple[str, ...]]


def fake_venv(folder: Path, python: Path) -> None:
    python.parent.mkdir(parents=True)
    python.write_text("")
    (folder / "pyvenv.cfg").write_text("")


@pytest.fixture
def prepare(setup: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Runs]:
    """Prepares an environment in a folder with nothing really installed; returns what would have been."""
    monkeypatch.setattr(setup.environment, "make_venv", fake_venv)
    monkeypatch.setattr(setup.environment, "require_space", lambda *_: None)

    def go(
        root: Path, source: str = "s1", extras: Sequence[str] = (), fails: type[BaseException] | None = None
    ) -> Runs:
        runs: Runs = []

        def install(wanted: Sequence[str]) -> None:
            runs.append(tuple(wanted))
            if fails:
                raise fails

        setup.environment.Environment(root).prepare(source, extras, install)
        return runs

    return go


def test_the_second_time_nothing_is_done(prepare: Callable[..., Runs], tmp_path: Path) -> None:
    assert prepare(tmp_path) == [()]
    assert prepare(tmp_path) == []


def test_a_changed_project_is_installed_into_the_same_environment(prepare: Callable[..., Runs], tmp_path: Path) -> None:
    prepare(tmp_path)
    mark = tmp_path / ".venv" / "mark"
    mark.touch()
    assert prepare(tmp_path, "s2") == [()]
    assert mark.exists()


def test_extras_are_added_and_then_kept(prepare: Callable[..., Runs], tmp_path: Path) -> None:
    prepare(tmp_path)
    assert prepare(tmp_path, extras=("desktop", "test")) == [("desktop", "test")]
    assert prepare(tmp_path) == []
    assert prepare(tmp_path, "s2") == [("desktop", "test")]


@pytest.mark.parametrize("how", [KeyboardInterrupt, RuntimeError])
def test_what_was_interrupted_is_made_anew(
    prepare: Callable[..., Runs], tmp_path: Path, how: type[BaseException]
) -> None:
    with pytest.raises(how):
        prepare(tmp_path, fails=how)
    mark = tmp_path / ".venv" / "half made"
    mark.touch()
    assert prepare(tmp_path) == [()]
    assert not mark.exists()
    assert not list(tmp_path.glob(".venv.old-*"))


def test_a_moved_checkout_gets_a_new_environment(
    prepare: Callable[..., Runs], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = tmp_path / "old", tmp_path / "Prüf Fall ß"
    old.mkdir()
    prepare(old)
    (old / ".venv" / "mark").touch()
    old.rename(new)
    assert prepare(new) == [()]
    assert not (new / ".venv" / "mark").exists()
    assert "another folder" in capsys.readouterr().out


def test_an_environment_of_somebody_else_is_moved_aside(prepare: Callable[..., Runs], tmp_path: Path) -> None:
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / "theirs").touch()
    assert prepare(tmp_path) == [()]
    assert (tmp_path / ".venv.old-1" / "theirs").exists()


def test_a_vanished_python_is_noticed(prepare: Callable[..., Runs], setup: Any, tmp_path: Path) -> None:
    prepare(tmp_path)
    setup.environment.Environment(tmp_path).python.unlink()
    assert prepare(tmp_path) == [()]


def test_a_removal_that_was_killed_goes_on(setup: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stamp = tmp_path / "x" / "stamp"
    (tmp_path / "x" / "lib").mkdir(parents=True)
    stamp.touch()
    monkeypatch.setattr(setup.environment.shutil, "rmtree", _killed)
    with pytest.raises(KeyboardInterrupt):
        setup.environment.remove(stamp.parent, stamp)
    assert stamp.exists()


def _killed(_: Path) -> None:
    raise KeyboardInterrupt


def test_without_ensurepip_and_pip_the_package_is_named(
    setup: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(setup.environment, "is_root", lambda: False)
    monkeypatch.setattr(setup.environment.importlib.util, "find_spec", lambda _: None)
    with pytest.raises(setup.words.SetupError, match=r"apt-get install python3\.\d+-venv"):
        setup.environment.make_venv(tmp_path / "v", tmp_path / "v" / "bin" / "python")


def test_too_little_space_and_no_right_to_write_are_said(setup: Any, tmp_path: Path) -> None:
    with pytest.raises(setup.words.SetupError, match="MB free"):
        setup.system.require_space(tmp_path, 10**9)
    with pytest.raises(setup.words.SetupError, match="folder of your own"):
        setup.system.require_writable(Path("/proc"))


@pytest.mark.skipif(os.name == "nt", reason="the path of the interpreter differs")
@pytest.mark.slow
def test_a_real_environment_in_a_path_with_spaces_and_umlauts(setup: Any, tmp_path: Path) -> None:
    made = setup.environment.Environment(tmp_path / "Größe und Maß")
    made.root.mkdir()
    setup.environment.make_venv(made.folder, made.python)
    shown = subprocess.run([made.python, "-m", "pip", "--version"], capture_output=True, text=True, check=True)
    assert str(made.folder) in shown.stdout

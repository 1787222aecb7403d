"""The set-up in a folder with hostile modules: none of them runs."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest


@pytest.fixture
def marker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What any module of the folder that is worked in would write."""
    hostile = tmp_path / "hostile"
    hostile.mkdir()
    for name in [*sys.stdlib_module_names, "pip", "sitecustomize"]:
        (hostile / f"{name}.py").write_text(f"open({str(tmp_path / 'marker')!r}, 'a')\nraise SystemExit(1)\n")
    monkeypatch.chdir(hostile)
    return tmp_path / "marker"


def test_making_an_environment_runs_nothing_of_it(setup: Any, tmp_path: Path, marker: Path) -> None:
    setup.environment._venv(tmp_path / ".venv", "--without-pip")
    assert (tmp_path / ".venv" / "pyvenv.cfg").is_file()
    assert not marker.exists()


def test_pip_runs_nothing_of_it(setup: Any, marker: Path, capfd: pytest.CaptureFixture[str]) -> None:
    environment = SimpleNamespace(python=sys.executable)
    setup.pip_runs.run_pip(setup.verbs._pip(environment), ["list"], offline=True)
    assert not marker.exists()


def test_certificates_are_found_from_where_they_were_named(setup: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_CERT", "proxy.pem")
    assert setup.pip_runs.surroundings(offline=False)["PIP_CERT"] == str(Path.cwd() / "proxy.pem")

"""The set-up's words: what it says of pip's failures, of old Pythons, of missing packages."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import IO, Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
BOOTSTRAP = ROOT / "installer" / "bootstrap.py"


def failing_pip(setup: Any, text: str) -> str:
    program = f"import sys; print({text!r}); sys.exit(1)"
    with pytest.raises(setup.words.SetupError) as caught:
        setup.pip_runs.run_pip([sys.executable, "-c", program], [])
    return str(caught.value)


@pytest.mark.parametrize(
    ("output", "words"),
    [
        ("Failed to establish a new connection: [Errno -3] Temporary failure in name resolution", "HTTPS_PROXY"),
        ("ProxyError('Cannot connect to proxy.')", "The proxy refused"),
        ("SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED]", "PIP_CERT"),
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", "disk is full"),
        ("ERROR: No matching distribution found for numpy>=2.0", "no version that fits"),
        ("ERROR: something quite new", "ERROR: something quite new"),
    ],
)
def test_each_failure_of_pip_says_what_to_do(setup: Any, output: str, words: str) -> None:
    told = failing_pip(setup, output)
    assert words in told
    assert output in told


def test_warnings_about_ignored_locations_are_neither_failure_nor_cause(setup: Any) -> None:
    warning = "WARNING: Location '/nowhere/wheels' is ignored: it is either a non-existing path or lacks a scheme."
    setup.pip_runs.run_pip([sys.executable, "-c", f"print({warning!r})"], [])
    assert "nowhere" not in failing_pip(setup, warning + "\nERROR: broken")


def test_offline_no_configuration_of_pip_is_looked_at(setup: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_FIND_LINKS", "/somewhere")
    monkeypatch.setenv("PYTHONPATH", "/elsewhere")
    program = "import os, sys; sys.exit('PIP_FIND_LINKS' in os.environ or 'PYTHONPATH' in os.environ)"
    setup.pip_runs.run_pip([sys.executable, "-c", program], [], offline=True)
    with pytest.raises(setup.words.SetupError):
        setup.pip_runs.run_pip([sys.executable, "-c", program], [])


@pytest.mark.parametrize("version", [(3, 10, 9), (3, 14, 0)])
def test_a_python_that_does_not_fit_is_told_which_ones_do(
    setup: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], version: tuple[int, int, int]
) -> None:
    monkeypatch.setattr(setup.bootstrap.sys, "version_info", version)
    monkeypatch.setattr(setup.bootstrap, "other_python", lambda: "")
    assert setup.bootstrap.main() == 1
    assert "needs Python 3.11 to 3.13" in capsys.readouterr().err


def test_a_python_that_fits_is_used_when_it_is_there(setup: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[list[str]] = []
    monkeypatch.setattr(setup.bootstrap.sys, "version_info", (3, 9, 2))
    monkeypatch.setattr(setup.bootstrap.sys, "argv", ["bootstrap.py", "demo"])
    monkeypatch.setattr(setup.bootstrap, "other_python", lambda: "/usr/bin/python3.12")
    monkeypatch.setattr(setup.bootstrap.os, "execv", lambda _, arguments: called.append(arguments))
    setup.bootstrap.main()
    assert called == [["/usr/bin/python3.12", "bootstrap.py", "demo"]]


def dpkg(setup: Any, monkeypatch: pytest.MonkeyPatch, there: str, works: bool = True) -> list[list[str]]:
    """Pretend that some packages are installed; returns the calls of apt-get."""
    calls: list[list[str]] = []
    installed = set(there.split())

    def run(command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        if command[0] == "dpkg-query":
            shown = "".join(f"installed {name}\n" for name in command[3:] if name in installed)
            return subprocess.CompletedProcess(command, 1, shown)
        calls.append(command[4:])
        fails = "unknown" in command
        if works and not fails and command[4] == "install":
            installed.update(command[7:])
        return subprocess.CompletedProcess(command, int(fails or not works), "E: no such thing")

    monkeypatch.setattr(setup.system.subprocess, "run", run)
    return calls


def test_apt_is_asked_only_for_what_is_missing(setup: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = dpkg(setup, monkeypatch, "git libglib2.0-0t64")
    assert setup.system.install_packages(["git", "libglib2.0-0", "qpdf"]) == []
    assert calls == [["update"], ["install", "-y", "--no-install-recommends", "qpdf"]]
    assert setup.system.install_packages(["git", "qpdf"]) == []
    assert len(calls) == 2


def test_a_name_that_apt_does_not_know_keeps_no_other_out(setup: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    dpkg(setup, monkeypatch, "")
    assert setup.system.install_packages(["unknown", "qpdf"]) == ["unknown"]


def test_where_nothing_may_be_installed_the_list_is_printed(
    setup: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    calls = dpkg(setup, monkeypatch, "git")
    monkeypatch.setattr(setup.system, "has_apt", lambda: True)
    monkeypatch.setattr(setup.system, "is_root", lambda: False)
    setup.system.prepare_for_tests()
    assert calls == []
    told = capsys.readouterr().out
    assert "sudo apt-get install" in told
    assert "xvfb" in told
    assert " git" not in told


def test_a_folder_that_is_no_bundle_and_a_bundle_for_another_machine(
    setup: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert setup.verbs.run(["install", "--from", str(tmp_path)]) == 1
    assert "is no bundle" in capsys.readouterr().err
    (tmp_path / "bundle.json").write_text(json.dumps({"python": "3.9", "machine": "Moon", "source": "x"}))
    assert setup.verbs.run(["install", "--from", str(tmp_path)]) == 1
    assert "This bundle is for Moon with Python 3.9" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["fly"], ["demo", "a", "b"], ["install"]])
def test_wrong_words_are_usage_errors(arguments: list[str], tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, str(BOOTSTRAP), *arguments], cwd=tmp_path, capture_output=True, env=environment, check=False
    )
    assert done.returncode == 2
    assert b"usage:" in done.stderr


def test_every_check_and_the_tests_run_and_any_failure_counts(
    setup: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    calls: list[str] = []

    def call(command: list[str], folder: Path | None = None, said: IO[str] | None = None) -> int:
        calls.append(Path(command[0]).name)
        if said is not None:
            said.write("first line\nlast line\n")
        return int(command[0].endswith("mypy"))

    other = setup.other_program.OtherProgram
    monkeypatch.setattr(setup.verbs, "prepare_for_tests", lambda: None)
    monkeypatch.setattr(setup.verbs, "_ready", lambda *_: setup.environment.Environment(ROOT))
    monkeypatch.setattr(setup.verbs, "_call", call)
    monkeypatch.setattr(other, "begin", lambda _: calls.append("inspect begun"))
    monkeypatch.setattr(other, "end", lambda _: calls.append("inspect there"))
    assert setup.verbs.run(["test", "-k", "nothing"]) == 1
    beside = ["lint-imports", "mypy", "pytest", "ruff", "ruff"]
    assert [calls[0], sorted(calls[1:-2]), *calls[-2:]] == ["inspect begun", beside, "inspect there", "pytest"]
    said = capsys.readouterr().out
    assert "== mypy\nfirst line\nlast line\n" in said
    assert "== import-linter\nlast line\n" in said
    assert said.endswith("FAILED beside the tests: mypy\n")


def test_ci_runs_the_command_of_the_readme() -> None:
    command = "python3 installer/bootstrap.py test"
    assert f"```\n{command}\n```" in (ROOT / "README.md").read_text("utf-8")
    lines = (ROOT / ".ci" / "run").read_text("utf-8").splitlines()
    assert lines[-1] == f"exec {command}"
    assert os.access(ROOT / ".ci" / "run", os.X_OK)

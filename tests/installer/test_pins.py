"""The pinned packages: what the lists hold, and what the set-up does with them."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PINS = ROOT / "installer" / "pins"
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")
SYSTEMS = [
    {"sys_platform": system, "platform_python_implementation": "CPython", "implementation_name": "cpython",
     "python_full_version": f"3.{minor}.0", "python_version": f"3.{minor}"}
    for system in ("linux", "darwin", "win32") for minor in (11, 12, 13)
]  # fmt: skip


def pinned(name: str) -> list[tuple[Requirement, list[str]]]:
    """Each line of a list: the package with its version, and its hashes."""
    text = (PINS / f"{name}.txt").read_text(encoding="utf-8")
    lines = [line for line in text.replace("\\\n", " ").splitlines() if line and not line.startswith("#")]
    return [(Requirement(line.partition("--hash")[0]), HASH.findall(line)) for line in lines]


@pytest.mark.parametrize("name", ["workbench", "desktop", "test"])
def test_a_list_pins_all_that_is_asked_for_on_every_system_and_names_no_registry(setup: Any, name: str) -> None:
    text = (PINS / f"{name}.txt").read_text(encoding="utf-8")
    assert setup.pins.wanted() in text.splitlines()[0], "out of date: python3 installer/bootstrap.py pins"
    assert not re.search(r"://|\.(org|com|io|net)\b|--index|--find", text)
    lines = pinned(name)
    assert all(hashes and str(one.specifier).startswith("==") for one, hashes in lines)
    asked = [Requirement(line) for line in setup.pins.asked_for(setup.pins.LISTS[name])]
    for system in SYSTEMS:
        there = [(one, hashes) for one, hashes in lines if one.marker is None or one.marker.evaluate(system)]
        versions = {canonicalize_name(one.name): str(one.specifier).removeprefix("==") for one, _ in there}
        assert len(versions) == len(there), "a package is pinned twice"
        for one in asked:
            assert one.specifier.contains(versions[canonicalize_name(one.name)]), one


def test_the_shortest_list_that_has_all_is_taken(setup: Any) -> None:
    names = [setup.pins.list_for(extras).stem for extras in ((), ("desktop",), ("test",), ("desktop", "test"))]
    assert names == ["workbench", "desktop", "test", "test"]


def stand_in(text: str, code: int = 1) -> list[str]:
    """A program that says what pip would say."""
    return [sys.executable, "-c", f"import sys; print({text!r}); sys.exit({code})"]


@pytest.mark.parametrize(
    ("said", "falls_back"),
    [
        ("ERROR: No matching distribution found for numpy==2.4.6", True),
        ("error: subprocess-exited-with-error: no compiler", True),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", False),
        ("Failed to establish a new connection: Temporary failure in name resolution", False),
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", False),
    ],
)
def test_a_system_that_is_not_covered_goes_on_in_words_and_an_exchanged_file_does_not(
    setup: Any, capsys: pytest.CaptureFixture[str], said: str, falls_back: bool
) -> None:
    if falls_back:
        assert setup.pins.install_pinned(stand_in(said), ()) is False
        told = capsys.readouterr().out
        assert said in told
        assert "The newest that fit are taken instead, without hashes." in told
    else:
        with pytest.raises(setup.words.SetupError):
            setup.pins.install_pinned(stand_in(said), ())


def test_a_checkout_without_a_list_goes_on_in_words(
    setup: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(setup.pins, "FOLDER", tmp_path)
    assert setup.pins.install_pinned(stand_in("", 0), ("desktop",)) is False
    assert "There is no list desktop.txt" in capsys.readouterr().out


def test_pip_itself_refuses_a_file_with_other_bytes(
    setup: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    wheel = tmp_path / "plain-1.0-py3-none-any.whl"
    wheel.write_bytes(b"exchanged")
    (tmp_path / "workbench.txt").write_text(f"plain==1.0 --hash=sha256:{'0' * 64}\n")
    monkeypatch.setattr(setup.pins, "FOLDER", tmp_path)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    pip = [sys.executable, "-P", "-m", "pip"]
    if subprocess.run([*pip, "--version"], capture_output=True, check=False).returncode:
        pytest.skip("there is no pip beside the tests")
    with pytest.raises(setup.words.SetupError, match="does not have the bytes that are pinned"):
        setup.pins.install_pinned(pip, (), ("install", "--target", str(tmp_path / "out")))


def looked_up(**weaknesses: list[str]) -> str:
    """What pip-audit says in JSON of packages and the ids of their weaknesses."""
    found = [
        {"name": name, "version": "1", "vulns": [{"id": one, "fix_versions": ["2"]} for one in ids]}
        for name, ids in weaknesses.items()
    ]
    return json.dumps({"dependencies": found})


SKIPPED = {"name": "c", "skip_reason": "not found"}


def test_what_an_audit_finds_is_said(
    setup: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    auditor(setup, monkeypatch, tmp_path, looked_up(a=[], b=[]))
    assert setup.pins.audit() == 0
    assert "2 packages were looked up; 0 weaknesses are published." in capsys.readouterr().out
    auditor(setup, monkeypatch, tmp_path, looked_up(a=["X-1"], b=[]))
    assert setup.pins.audit() == 1
    assert "a 1: X-1, mended in 2" in capsys.readouterr().out
    partly = json.loads(looked_up(a=[]))
    auditor(setup, monkeypatch, tmp_path, json.dumps({"dependencies": [*partly["dependencies"], SKIPPED]}))
    assert setup.pins.audit() == 1
    assert "nothing is known of them: c" in capsys.readouterr().out


@pytest.mark.parametrize("said", ["ConnectionError", json.dumps({"dependencies": [SKIPPED]}), "[]", "{}"])
def test_an_audit_that_can_ask_no_index_says_that_nothing_is_known(
    setup: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, said: str
) -> None:
    """pip-audit itself ends with success and “No known vulnerabilities found” where every package was passed over."""
    auditor(setup, monkeypatch, tmp_path, said)
    with pytest.raises(setup.words.SetupError, match="nothing is known of them"):
        setup.pins.audit()


def auditor(setup: Any, monkeypatch: pytest.MonkeyPatch, folder: Path, said: str) -> None:
    """A program in the place of pip-audit."""
    program = folder / "auditor"
    program.write_text(f"#!{sys.executable}\nprint({said!r})\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setattr(setup.pins, "_tool", lambda *_: str(program))

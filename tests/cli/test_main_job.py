"""The main job by the command line alone, as a user types it."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ticking
from workbench.cli.main import run
from workbench.core.surroundings import Conditions


class Shell:
    """Runs verbs in this process and reads the one JSON document that each prints."""

    def __init__(self, capsys: pytest.CaptureFixture[str], conditions: Conditions) -> None:
        self.capsys = capsys
        self.conditions = conditions

    def __call__(self, *words: str | Path, code: int = 0) -> Any:
        got = run([str(w) for w in words] + ["--json"], self.conditions)
        out, err = self.capsys.readouterr()
        assert got == code, err
        return json.loads(out)


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str], conditions: Conditions, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return Shell(capsys, conditions)


@pytest.fixture
def case(shell: Shell, small_panel: Path, tmp_path: Path) -> Path:
    made = shell("new", tmp_path / "job", "--title", "A job")
    folder = Path(made["case"])
    assert folder.name == "job.case"
    report = shell("import", folder, small_panel, "--suspect", "student", "--protected", "teachers")
    assert [c["accepted"] for c in report["corpora"]] == [40] * 9
    assert {c["name"]: c["role"] for c in report["corpora"]}["student"] == "suspect"
    return folder


def test_main_job_ends_in_a_pack_that_verifies(shell: Shell, case: Path, tmp_path: Path) -> None:
    fit = shell("run", case, "fitness")
    assert fit["analysis"] == "fitness"
    found = shell("run", case, "closest_source")
    values = found["values"]
    assert values["rank"] == 1
    assert values["p_model"] == pytest.approx(1 / 8)
    assert values["members"] == ["teacher"]
    assert len(values["controls"]) == 7
    assert values["interval"][0] <= values["statistic"] <= values["interval"][1]
    pack = tmp_path / "pack.zip"
    exported = shell("export", case, pack)
    assert shell("verify", pack) == {"ok": True, "kind": "pack", "problems": [], "seal": []}
    assert shell("verify", case, "--head", exported["head"])["ok"] is True
    assert shell("verify", case, "--head", "0" * 64, code=1)["problems"][0]["what"] == "ledger"


def test_a_pack_is_rebuilt_byte_for_byte_whatever_was_done_since(shell: Shell, case: Path, tmp_path: Path) -> None:
    shell("run", case, "closest_source")
    first = shell("export", case, tmp_path / "one.zip")
    shell("withdraw", case, "1", "--reason", "a second thought")
    shell("set", case, "control-1", "--released", "2020", "--role", "aside", "--reason", "wrong date")
    shell("export", case, tmp_path / "two.zip")
    again = shell("export", case, tmp_path / "again.zip", "--number", "1")
    assert again["sha256"] == first["sha256"]
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "again.zip").read_bytes()
    assert (tmp_path / "two.zip").read_bytes() != (tmp_path / "again.zip").read_bytes()


def test_the_same_verbs_give_the_same_pack(
    capsys: pytest.CaptureFixture[str], small_panel: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    packs = []
    for folder in ("first", "second"):
        shell = Shell(capsys, ticking())
        (tmp_path / folder).mkdir()
        case = shell("new", tmp_path / folder / "same", "--title", "Same")["case"]
        shell("import", case, small_panel, "--suspect", "student", "--protected", "teachers")
        shell("run", case, "closest_source")
        packs.append(tmp_path / f"{folder}.zip")
        shell("export", case, packs[-1])
    assert packs[0].read_bytes() == packs[1].read_bytes()


def test_importing_again_says_so_and_changes_nothing(shell: Shell, case: Path, small_panel: Path) -> None:
    before = shell("corpora", case)
    report = shell("import", case, small_panel.parent / "control-2.json")
    assert report["sources"][0]["known"] is True
    assert shell("corpora", case) == before
    shell("import", case, small_panel.parent / "control-2.json", "--released", "2021-05")
    after = {c["name"]: c for c in shell("corpora", case)["corpora"]}
    assert after["control-2"]["released"] == "2021-05"


def test_a_panel_imported_again_changes_the_roles_that_are_named_and_nothing_else(
    shell: Shell, case: Path, small_panel: Path
) -> None:
    lines = len(shell("log", case)["lines"])
    assert shell("import", case, small_panel)["notices"] == []
    assert len(shell("log", case)["lines"]) == lines
    told = shell("import", case, small_panel, "--suspect", "control-1")["notices"]
    assert told == ["student: role suspect → control.", "control-1: role control → suspect."]
    roles = {c["name"]: c["role"] for c in shell("corpora", case)["corpora"]}
    assert (roles["control-1"], roles["student"], roles["teacher"]) == ("suspect", "control", "protected")
    assert len(shell("log", case)["lines"]) == lines + 2


def test_the_date_gate_refuses_and_a_reason_opens_it(shell: Shell, case: Path) -> None:
    shell("set", case, "teacher", "--released", "2025-01", "--reason", "the makers' own note")
    refused = shell("run", case, "closest_source", code=1)
    assert "can't be its source" in refused["error"]["message"]
    found = shell("run", case, "closest_source", "--despite-date", "a preview was public before")
    assert any("preview" in w for w in found["warnings"])


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["run", "CASE", "closest_source", "--suspect", "nobody"], 2),
        (["run", "CASE", "nothing"], 2),
        (["run", "CASE", "closest_source", "--min-coverage", "7"], 2),
        (["run", "CASE", "closest_source", "--controls", "control-1,control-2"], 1),
        (["run", "CASE", "closest_source", "--exclude", "control-1"], 2),
        (["import", "CASE", "/nowhere/at/all.json"], 1),
        (["set", "CASE", "student", "--released", "yesterday", "--reason", "r"], 2),
        (["withdraw", "CASE", "9", "--reason", "r"], 2),
        (["show", "CASE", "9"], 2),
        (["frobnicate"], 2),
    ],
)
def test_what_does_not_fit_is_said_in_one_document(shell: Shell, case: Path, words: list[str], code: int) -> None:
    answer = shell(*(str(case) if w == "CASE" else w for w in words), code=code)
    assert set(answer["error"]) == {"kind", "message", "hint"}
    assert answer["error"]["message"]


def test_help_is_quick_to_import_and_names_every_analysis() -> None:
    words = "import sys; from workbench.cli.parser import build; build(); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", words], capture_output=True, text=True, check=True).stdout.split()
    assert not {"numpy", "sqlite3", "sqlite_utils", "matplotlib", "joblib", "scipy", "sklearn", "PySide6"} & set(loaded)


def test_everything_up_to_the_command_line_works_without_qt() -> None:
    words = (
        "import sys, pkgutil, importlib\n"
        "sys.modules['PySide6'] = None\n"
        "import workbench\n"
        "for m in pkgutil.walk_packages(workbench.__path__, 'workbench.'):\n"
        "    if not m.name.startswith('workbench.gui'):\n"
        "        importlib.import_module(m.name)\n"
    )
    subprocess.run([sys.executable, "-c", words], check=True)


def test_a_flipped_byte_of_a_pack_is_named(shell: Shell, case: Path, tmp_path: Path) -> None:
    shell("run", case, "fitness")
    pack = tmp_path / "p.zip"
    shell("export", case, pack)
    folder = tmp_path / "unpacked"
    zipfile.ZipFile(pack).extractall(folder)
    bag = next(folder.iterdir())
    assert shell("verify", bag)["ok"] is True
    changed = next((bag / "data").rglob("*.jsonl"))
    data = bytearray(changed.read_bytes())
    data[10] ^= 1
    changed.chmod(0o644)
    changed.write_bytes(data)
    (bag / "data" / "extra.txt").write_text("x")
    problems = shell("verify", bag, code=1)["problems"]
    named = {(p["path"], p["what"]) for p in problems}
    assert (changed.relative_to(bag).as_posix(), "changed") in named
    assert ("data/extra.txt", "added") in named

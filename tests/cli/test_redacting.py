"""Redacted copies by command: made, checked, explained, and refused where a rule does not fit."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path

import pytest

from tests.cli.conftest import Command


@pytest.fixture(scope="module")
def made(command: Command, whole_case: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A case with a redacted copy of its pack."""
    folder = tmp_path_factory.mktemp("copy")
    case = folder / "a.case"
    shutil.copytree(whole_case, case)
    (folder / "more.json").write_text(
        json.dumps({"requested_by": "counsel", "rules": [{"kind": "answer", "what": "3", "reason": "private"}]})
    )
    document = command(
        "export", case, folder / "copy.zip", "--redact", "name=student", "--redact", r"pattern=\bq\d+ of\b",
        "--redactions", folder / "more.json", "--reason", "a party’s name",
    )  # fmt: skip
    assert document["number"] == 1
    return case, folder / "copy.zip"


def test_a_copy_is_checked_and_the_case_stays_whole(command: Command, made: tuple[Path, Path]) -> None:
    case, copy = made
    report = command("verify", copy)
    assert (report["ok"], report["kind"]) == (True, "redacted copy")
    assert "This is a redacted copy of pack 1" in report["notes"][0]
    assert command("verify", case)["ok"]
    line = command("log", case)["lines"][-1]
    assert (line["action"], line["object"]) == ("redacted copy made", {"export": 1})
    assert "redacted copy" in command.refused("replay", copy)


def test_the_case_knows_what_the_codes_stand_for(command: Command, made: tuple[Path, Path]) -> None:
    case, copy = made
    found = command("redactions", case, copy)["redactions"]
    with zipfile.ZipFile(copy) as archive:
        (log,) = [name for name in archive.namelist() if name.endswith("redaction_log.csv")]
        said = archive.read(log).decode("utf-8-sig")
    assert (found[0]["code"], found[0]["kind"], found[0]["text"]) == ("[R-001]", "name", "student")
    assert {one["reason"] for one in found} >= {"a party’s name", "private"}
    assert all(one["salted_sha256"] in said for one in found if one["code"] in said)
    assert found[0]["salt"] not in said


def test_what_the_plan_foresaw_is_still_run_in_the_copy(command: Command, bare_case: Path, tmp_path: Path) -> None:
    """A planned run is known by a digest that covers the suspect's name."""
    command("plan", bare_case, "--draft", tmp_path / "plan.json")
    command("plan", bare_case, tmp_path / "plan.json", "--lock")
    command("run", bare_case, "fitness")
    command("export", bare_case, tmp_path / "pack.zip")
    command("export", bare_case, tmp_path / "copy.zip", "--redact", "name=student", "--reason", "a party’s name")
    with zipfile.ZipFile(tmp_path / "copy.zip") as archive:
        (path,) = [name for name in archive.namelist() if name.endswith("05_analysis/plan.json")]
        planned = json.loads(archive.read(path))["versions"][-1]["planned"]
    assert {one["suspect"] for one in planned} == {"[R-001]"}
    assert {one["analysis"]: one["findings"] for one in planned}["fitness"] == [1]


def test_what_can_not_be_taken_out_is_refused(
    command: Command, case: Path, empty_case: Path, whole_case: Path, tmp_path: Path
) -> None:
    def refused(*words: str, case: Path = case, code: int = 2) -> str:
        said = command.refused("export", case, tmp_path / "c.zip", *words, code=code)
        assert not (tmp_path / "c.zip").exists()
        return said

    reason = ("--reason", "r")
    assert "this case has none" in refused("--redact", "name=student", *reason, case=empty_case)
    assert "needs a reason" in refused("--redact", "name=student")
    assert "no kind of redaction" in refused("--redact", "word=x", *reason)
    assert "names no kind" in refused("--redact", "student", *reason)
    assert "too short" in refused("--redact", "name=a-b", *reason)
    assert "repeats what repeats" in refused("--redact", "pattern=(a+)+b", *reason)
    assert "is wrong" in refused("--redact", "pattern=(", *reason)
    assert "no corpus" in refused("--redact", "corpus=unknown", *reason)
    assert "no number" in refused("--redact", "answer=first", *reason)
    assert "belongs to a redacted copy" in refused("--requested-by", "x")
    assert "no original files" in refused("--redact", "name=student", "--lawyer-copy", *reason)
    assert "no JSON" in refused("--redactions", str(case / "ledger.jsonl"), code=1)
    assert "no copy that this case made" in command.refused("redactions", case, whole_case.parent / "one.zip", code=2)

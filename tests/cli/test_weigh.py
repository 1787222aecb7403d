"""`weigh` and `source_search` as a user meets them: calibrations chosen, sealed, packed and verified."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.analyses.calibrations import made_up
from tests.cli.conftest import REFUSED, USAGE, Command

QUICK = ("--replicates", "100")


@pytest.fixture
def own_file(tmp_path: Path) -> Path:
    """A calibration of a laboratory's own."""
    path = tmp_path / "own calibration.json"
    path.write_bytes(made_up().bytes())
    return path


def last_run(command: Command, case: Path) -> Any:
    return next(line for line in reversed(command("log", case)["lines"]) if line["action"] == "analysis run")


def test_calibration_is_sealed_packed_and_found_again(command: Command, bare_case: Path, own_file: Path) -> None:
    digest = made_up().sha256
    found = command("run", bare_case, "weigh", "--calibration", own_file, *QUICK)
    assert found["values"]["calibration"]["sha256"] == found["resources"]["calibration"] == digest
    options = last_run(command, bare_case)["options"]["options"]
    assert options["parameters"]["calibration"] == digest
    assert str(own_file) not in json.dumps([found, options])
    command("run", bare_case, "source_search", *QUICK)
    own_file.unlink()
    again = command("run", bare_case, "weigh", "--calibration", digest, *QUICK)
    assert again["values"] == found["values"]
    pack = bare_case.parent / "p.zip"
    command("export", bare_case, pack)
    with zipfile.ZipFile(pack) as bag:
        files = {
            name.split("/", 1)[1]: bag.read(name) for name in bag.namelist() if "/05_analysis/calibration-" in name
        }
        report = next(bag.read(name).decode() for name in bag.namelist() if name.endswith("report.html"))
    assert len(files) == 2
    assert files[f"data/05_analysis/calibration-{digest[:12]}.json"] == made_up().bytes()
    assert "Outside what was tested:" in report
    assert command("verify", pack)["ok"]
    spoilt = bare_case.parent / "spoilt.zip"
    with zipfile.ZipFile(pack) as old, zipfile.ZipFile(spoilt, "w") as new:
        for item in old.infolist():
            if digest[:12] not in item.filename:
                new.writestr(item, old.read(item))
    problems = command("verify", spoilt, code=REFUSED)["problems"]
    assert any(digest[:12] in problem["path"] and problem["what"] == "removed" for problem in problems)


@pytest.mark.slow
def test_a_plan_pins_the_calibration(command: Command, bare_case: Path, own_file: Path) -> None:
    draft = bare_case.parent / "plan.json"
    command("plan", bare_case, "--draft", draft)
    plan = json.loads(draft.read_bytes())
    weigh = next(a for a in plan["analyses"] if a["analysis"] == "weigh")
    assert len(weigh["parameters"]["calibration"]) == 64
    plan["analyses"] = [{"analysis": "weigh", "parameters": {"calibration": str(own_file), "replicates": 100}}]
    draft.write_text(json.dumps(plan))
    command("plan", bare_case, draft, "--lock")
    assert command("run", bare_case, "weigh", "--calibration", own_file, *QUICK)["status"] == "confirmatory"
    other = command("run", bare_case, "weigh", *QUICK)
    assert other["status"] == "exploratory"
    assert any("another setting: calibration" in why for why in other["deviations"])


def test_calibrations_that_do_not_fit_are_refused_in_words(command: Command, bare_case: Path, tmp_path: Path) -> None:
    bad, old = tmp_path / "bad.json", tmp_path / "old.json"
    bad.write_text("{}")
    old.write_bytes(made_up(score_version=0).bytes())
    words = ("run", bare_case, "weigh", "--calibration")
    assert "is no calibration" in command.refused(*words, bad)
    assert "can't be read" in command.refused(*words, tmp_path / "missing.json")
    assert "for version 0 of the score" in command.refused(*words, old, code=REFUSED)
    assert "No calibration with the SHA-256" in command.refused(*words, "0" * 64, code=USAGE)

"""The plan from the command line: drafted, locked, run, deviated from, changed, exported, forged."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import REFUSED, USAGE, Command, checked
from workbench.core.hashing import canonical, sha256

PLAN = "data/05_analysis/plan.json"
RUNS = "data/05_analysis/runs.csv"


@pytest.fixture(scope="module")
def unplanned(command: Command, whole_case: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A case that no test plans anything for, and a draft of a plan for it."""
    folder = tmp_path_factory.mktemp("unplanned")
    shutil.copytree(whole_case.parent / "bare.case", folder / "a.case")
    return folder / "a.case", drafted(command, folder / "a.case", folder)


def drafted(command: Command, case: Path, folder: Path, **changes: Any) -> Path:
    """A draft that plans `fitness` alone, which is quick, with some fields changed."""
    path = folder / "plan.json"
    plan = command("plan", case, "--draft", path)["plan"]
    only = [a for a in plan["analyses"] if a["analysis"] == "fitness"]
    path.write_text(json.dumps(plan | {"analyses": only} | changes), encoding="utf-8")
    return path


@pytest.fixture
def planned(command: Command, bare_case: Path, tmp_path: Path) -> Path:
    """A case with a locked plan and no findings."""
    command("plan", bare_case, drafted(command, bare_case, tmp_path), "--lock")
    return bare_case


def read(pack: Path, name: str) -> str:
    with zipfile.ZipFile(pack) as archive:
        return archive.read(next(n for n in archive.namelist() if n.endswith(name))).decode("utf-8-sig")


def test_a_draft_is_filled_from_the_case_and_checks_as_it_is(command: Command, bare_case: Path, tmp_path: Path) -> None:
    path = tmp_path / "d.json"
    draft = command("plan", bare_case, "--draft", path)["plan"]
    assert json.loads(path.read_text("utf-8")) == draft
    assert (draft["suspects"], draft["protected"]) == (["student"], ["family:teachers"])
    assert {"fitness", "closest_source"} <= {a["analysis"] for a in draft["analyses"]}
    corpora = {c["name"]: c["sha256"] for c in command("corpora", bare_case)["corpora"]}
    assert {c["corpus"]: c["sha256"] for c in draft["corpora"]} == corpora
    assert "student" in draft["propositions"]["H1"]
    assert "March 2024 to September 2024" in draft["population"]["era"]
    lines = len(command("log", bare_case)["lines"])
    checked = command("plan", bare_case, path)
    assert (checked["locked"], len(checked["plan"]["comparisons"])) == (False, 1)
    assert len(command("log", bare_case)["lines"]) == lines
    assert "exists already" in command.refused("plan", bare_case, "--draft", path)


def test_a_locked_plan_stands_in_the_ledger_under_its_hash(command: Command, planned: Path) -> None:
    line = command("log", planned)["lines"][-1]
    assert (line["action"], line["object"], line["options"]["findings_before"]) == ("plan locked", {"plan": 1}, 0)
    assert line["after"] == sha256(canonical(line["options"]["plan"]))
    shown = command("plan", planned)
    assert (shown["in_force"], shown["versions"][0]["sha256"]) == (1, line["after"])
    assert [p["findings"] for p in shown["planned"]] == [[]]
    assert command("verify", planned)["ok"] is True


def test_as_planned_is_confirmatory_and_each_deviation_is_named(command: Command, planned: Path) -> None:
    assert command("run", planned, "fitness")["status"] == "confirmatory"
    for words, said in (
        (["--seed", "7"], "another seed: 7 in place of 20260301"),
        (["--exclude", "control-3", "--reason", "r"], "control control-3 left out"),
        (["--suspect", "control-1"], "control-1 against teachers is not in the plan"),
    ):
        made = command("run", planned, "fitness", *words)
        assert (made["status"], made["deviations"]) == ("exploratory", [said])
    listed = command("findings", planned)["findings"]
    assert [f["status"] for f in listed] == ["confirmatory", *["exploratory"] * 3]
    assert command("show", planned, "2")["deviations"] == ["another seed: 7 in place of 20260301"]


def test_corpora_and_facts_that_changed_since_the_lock_are_named(
    command: Command, planned: Path, tmp_path: Path
) -> None:
    command("set", planned, "control-1", "--base", "other", "--reason", "r")
    more = tmp_path / "more.json"
    record = {"dataset": "d", "instruction": "New?", "output": "A new answer.", "generator": "control-2"}
    more.write_text(json.dumps([record]), encoding="utf-8")
    command("import", planned, more)
    command("set", planned, "control-4", "--role", "aside", "--reason", "mixed")
    assert command("run", planned, "fitness")["deviations"] == [
        "what is known of control-1 has changed since the lock",
        "corpus control-2 has changed since the lock",
        "control control-4 left out",
    ]


@pytest.mark.slow
def test_what_was_found_before_stays_exploratory_and_the_plan_says_it_is_late(
    command: Command, bare_case: Path, tmp_path: Path
) -> None:
    command("run", bare_case, "fitness")
    assert command("findings", bare_case)["findings"][0]["deviations"] == ["no plan was locked"]
    locked = command("plan", bare_case, drafted(command, bare_case, tmp_path), "--lock")
    assert (locked["findings_before"], locked["said"]) == (1, "locked after 1 finding had been made")
    made = command("run", bare_case, "--plan")["made"]
    assert [m["number"] for m in made] == [2]
    first, second = command("findings", bare_case)["findings"]
    assert (first["status"], second["status"], second["known_before"]) == ("exploratory", "confirmatory", [1])
    command("export", bare_case, tmp_path / "p.zip")
    assert "locked after 1 finding had been made" in read(tmp_path / "p.zip", "report.html")
    assert "after 1 finding had been made" in read(tmp_path / "p.zip", "START_HERE.html")
    assert command("verify", tmp_path / "p.zip")["ok"] is True


def test_run_plan_runs_what_was_not_run_and_no_more(command: Command, planned: Path) -> None:
    assert [m["analysis"] for m in command("run", planned, "--plan")["made"]] == ["fitness"]
    assert command("run", planned, "--plan") == {"made": [], "refused": [], "earlier": 1}
    command("withdraw", planned, "1", "--reason", "r")
    assert command("run", planned, "--plan")["made"] == []
    shown = command("plan", planned)
    assert (shown["planned"][0]["findings"], shown["planned"][0]["withdrawn"]) == ([1], [1])


@pytest.mark.slow
def test_a_planned_run_that_is_refused_is_said_everywhere(command: Command, bare_case: Path, tmp_path: Path) -> None:
    path = tmp_path / "d.json"
    plan = command("plan", bare_case, "--draft", path)["plan"]
    plan["controls"]["named"] = ["control-1", "control-2"]
    plan["analyses"] = [a for a in plan["analyses"] if a["analysis"] in ("fitness", "closest_source")]
    path.write_text(json.dumps(plan), encoding="utf-8")
    command("plan", bare_case, path, "--lock")
    report = command("run", bare_case, "--plan", code=REFUSED)
    assert [m["analysis"] for m in report["made"]] == ["fitness"]
    assert "Controls: 2." in report["refused"][0]["reason"]
    command("export", bare_case, tmp_path / "p.zip")
    said = "Planned but not run: closest_source: student against teachers."
    assert said in read(tmp_path / "p.zip", "report.html")
    assert said in read(tmp_path / "p.zip", "START_HERE.html")


@pytest.mark.slow
def test_a_change_is_a_new_version_with_a_reason(command: Command, planned: Path, tmp_path: Path) -> None:
    command("run", planned, "--plan")
    path = tmp_path / "plan.json"
    assert "nothing is changed" in command.refused("plan", planned, path, "--lock", code=USAGE)
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | {"seed": "5"}), encoding="utf-8")
    assert "needs a reason" in command.refused("plan", planned, path, "--lock", code=USAGE)
    command("plan", planned, path, "--lock", "--reason", "agreed with the other side")
    shown = command("plan", planned)
    assert [(v["version"], v["reason"]) for v in shown["versions"]] == [(1, ""), (2, "agreed with the other side")]
    assert shown["planned"][0]["findings"] == []
    assert command("findings", planned)["findings"][0]["status"] == "confirmatory"
    command("run", planned, "--plan")
    second = command("findings", planned)["findings"][1]
    assert (second["status"], second["plan"], second["known_before"]) == ("confirmatory", 2, [1])
    assert command("verify", planned)["ok"] is True


@pytest.mark.slow
def test_a_pack_from_before_a_change_is_rebuilt_with_the_plan_of_then(
    command: Command, planned: Path, tmp_path: Path
) -> None:
    command("run", planned, "--plan")
    command("export", planned, tmp_path / "1.zip")
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | {"seed": "5"}), encoding="utf-8")
    command("plan", planned, path, "--lock", "--reason", "r")
    command("export", planned, tmp_path / "again.zip", "--number", "1")
    assert (tmp_path / "again.zip").read_bytes() == (tmp_path / "1.zip").read_bytes()
    assert "confirmatory" in read(tmp_path / "1.zip", RUNS)
    command("export", planned, tmp_path / "2.zip")
    for pack, seeds in (("1.zip", ["20260301"]), ("2.zip", ["20260301", "5"])):
        told = json.loads(read(tmp_path / pack, PLAN))
        assert (told["in_force"], [v["plan"]["seed"] for v in told["versions"]]) == (len(seeds), seeds)
    assert command("verify", tmp_path / "2.zip")["ok"] is True


def test_a_case_without_a_plan_says_so(command: Command, case: Path, tmp_path: Path) -> None:
    assert command("plan", case)["said"] == "No plan was locked: everything is exploratory."
    assert "No plan was locked" in command.refused("run", case, "--plan", code=USAGE)
    pack = command.folder / "whole" / "one.zip"
    assert json.loads(read(pack, PLAN))["statement"] == "No plan was locked: everything is exploratory."
    assert "No plan was locked: everything is exploratory." in read(pack, "report.html")


def test_a_rescue_brings_the_plan_back_with_what_it_said(command: Command, bare_case: Path, tmp_path: Path) -> None:
    command("run", bare_case, "fitness")
    command("plan", bare_case, drafted(command, bare_case, tmp_path), "--lock")
    before = command("plan", bare_case)["versions"][0]
    (bare_case / "case.db").unlink()
    command("rescue", bare_case, tmp_path / "new")
    after = command("plan", tmp_path / "new.case")["versions"][0]
    assert {k: after[k] for k in ("sha256", "findings_before", "plan")} == {
        k: before[k] for k in ("sha256", "findings_before", "plan")
    }
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | {"seed": "5"}), encoding="utf-8")
    late = command("plan", tmp_path / "new.case", path, "--lock", "--reason", "r")
    assert late["findings_before"] == 1
    assert command("verify", tmp_path / "new.case")["ok"] is True


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"suspects": []}, "names no suspects"),
        ({"suspects": ["nobody"]}, "no corpus “nobody”"),
        ({"suspects": ["student", "corpus:student"]}, "twice"),
        ({"protected": ["nobody"]}, "no corpus or family"),
        ({"protected": "teachers"}, "not a list of names"),
        ({"analyses": []}, "names no analyses"),
        ({"analyses": [{"analysis": "nothing"}]}, "no analysis “nothing”"),
        ({"analyses": [{"analysis": "fitness"}, {"analysis": "fitness"}]}, "twice with the same settings"),
        ({"analyses": [{"analysis": "fitness", "parameters": {"x": 1}}]}, "Unknown parameter x"),
        ({"analyses": [{"analysis": "fitness", "version": 9}]}, "the plan says 9"),
        ({"seed": -1}, "whole number"),
        ({"seed": True}, "whole number"),
        ({"format": "plan-9"}, "is not 'workbench-plan-1'"),
        ({"propositions": {"H1": "x"}}, "propositions.H2"),
        ({"propositions": {"H1": "x", "H2": " "}}, "is empty"),
        ({"population": 3}, "not an object"),
        ({"controls": {"excluded": {"control-1": ""}}}, "is empty"),
        ({"controls": {"excluded": {"student": "r"}}}, "can't be left out"),
        ({"controls": {"named": ["x"]}}, "no corpus “x”"),
        ({"despite_date": ""}, "is empty"),
        ({"corpora": []}, "changed since the plan was written"),
        ({"wish": 1}, "no field 'wish'"),
    ],
)
def test_a_plan_that_does_not_fit_is_refused_in_words(
    command: Command, unplanned: tuple[Path, Path], tmp_path: Path, changes: dict[str, Any], said: str
) -> None:
    case, draft = unplanned
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(json.loads(draft.read_text("utf-8")) | changes), encoding="utf-8")
    assert said in command.refused("plan", case, path, "--lock", code=USAGE)
    assert command("log", case)["lines"][-1]["action"] != "plan locked"


def test_what_can_t_be_stored_is_made_visible(command: Command, bare_case: Path, tmp_path: Path) -> None:
    path = drafted(command, bare_case, tmp_path, notes="\ud800")
    assert "⟦U+D800⟧" in command("plan", bare_case, path, "--lock")["plan"]["notes"]


def test_a_file_that_is_no_plan_is_refused_in_words(command: Command, bare_case: Path, tmp_path: Path) -> None:
    for data in (b"", b"\xff", b"[" * 100_000, b"3", b"null", b'{"a":'):
        (tmp_path / "x.json").write_bytes(data)
        assert command("plan", bare_case, tmp_path / "x.json", code=USAGE if data in (b"3", b"null") else REFUSED)
    assert "can't be read" in command.refused("plan", bare_case, tmp_path / "none.json")
    assert "No plan is named" in command.refused("plan", bare_case, "--lock", code=USAGE)
    assert "nothing is locked" in command.refused("plan", bare_case, "x.json", "--draft", "y.json", code=USAGE)
    assert "No analysis is named" in checked(*command.raw(["run", bare_case, "--json"]), USAGE)["error"]["message"]
    assert "Name one or the other" in command.refused("run", bare_case, "--plan", "fitness", code=USAGE)


def test_a_comparison_that_the_dates_forbid_is_no_plan_alone(command: Command, bare_case: Path, tmp_path: Path) -> None:
    command("set", bare_case, "teacher", "--released", "2025-01", "--reason", "r")
    path = drafted(command, bare_case, tmp_path)
    assert "after student" in command.refused("plan", bare_case, path, "--lock")
    both = drafted_again(path, protected=["family:teachers", "corpus:control-1"], despite_date=None)
    command("set", bare_case, "control-1", "--released", "2024-01", "--reason", "r")
    again = json.loads(both.read_text("utf-8"))
    again.pop("corpora")
    both.write_text(json.dumps(again), encoding="utf-8")
    locked = command("plan", bare_case, both, "--lock")["plan"]
    assert [c["label"] for c in locked["comparisons"]] == ["control-1"]
    assert [i["protected"] for i in locked["impossible"]] == ["family:teachers"]


def drafted_again(path: Path, **changes: Any) -> Path:
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | changes), encoding="utf-8")
    return path

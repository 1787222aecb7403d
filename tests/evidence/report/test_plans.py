"""The plan in a pack: what the report says of it, and that neither it nor a run's status can be forged."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from tests.evidence.check.test_log_agreement import (
    LOG,
    NONSENSE,
    RESULTS,
    forged_results,
    named,
    rewritten,
    sealed_again,
)
from tests.evidence.conftest import build, made_up_contents, told
from workbench.core.hashing import canonical, sha256
from workbench.core.plan import CONFIRMATORY, EXPLORATORY, LOCKED, RunStatus, looks_of
from workbench.evidence.check.check import verify_pack
from workbench.evidence.exhibits.shown import ExhibitSet
from workbench.evidence.pack.contents import PackContents
from workbench.evidence.pack.printable_text import Legible, all_fonts, covered
from workbench.evidence.pack.registers import PLAN
from workbench.evidence.pack.start_here import Bagged, start_here
from workbench.evidence.report.compose import report_of
from workbench.evidence.report.looks import adjusted_looks
from workbench.evidence.report.web import to_html

RUNS = "data/05_analysis/runs.csv"
_TAG = re.compile("<[^>]+>")
Chained = Callable[..., tuple[str, ...]]


def plan(seed: str = "20260301") -> dict[str, Any]:
    """A plan of two analyses of one suspect, of which the second is never run."""
    return {
        "format": "workbench-plan-1",
        "propositions": {"H1": "Schüler learned from Orakel.", "H2": "It did not."},
        "population": {"era": "2024", "size_class": "7 B", "base": "not stated"},
        "suspects": ["Schüler"],
        "protected": ["corpus:Orakel"],
        "controls": {"named": None, "excluded": {"Zeder": "its files are mixed"}},
        "despite_date": None,
        "analyses": [
            {"analysis": "closest_source", "version": 1, "parameters": {"rounds": 999}},
            {"analysis": "did", "version": 1, "parameters": {}},
        ],
        "seed": seed,
        "notes": "",
        "corpora": [{"corpus": "Schüler", "role": "suspect", "answers": 3, "sha256": "aa", "facts": "ff"}],
        "comparisons": [
            {
                "suspect": "Schüler",
                "protected": "corpus:Orakel",
                "label": "Orakel",
                "parts": {"Schüler": "suspect"},
                "left_out": [{"corpus": "Zeder", "reason": "excluded: its files are mixed"}],
            }
        ],
        "impossible": [],
    }


def status(confirmatory: bool, version: int, own: dict[str, Any]) -> dict[str, Any]:
    """A status under a version of the plan, as a run stores it."""
    look = looks_of(own)[0].digest
    if confirmatory:
        return dict(RunStatus(CONFIRMATORY, version, sha256(canonical(own)), look).as_json())
    said = RunStatus(EXPLORATORY, version, sha256(canonical(own)), "ab" * 32, ("control Zeder added",))
    return dict(said.as_json())


def with_plans(folder: Path, chained: Chained, *plans: dict[str, Any], before: int = 0) -> PackContents:
    """The small case with plans locked before its runs: finding 1 is confirmatory, finding 2 is not."""
    whole = made_up_contents(folder)
    options = [
        {"suspect": "Schüler", "protected": "Orakel", "plan": status(at == 0, len(plans), plans[-1])} for at in (0, 1)
    ]
    values = {"statistic": 4.25, "interval": [3.5, 5.0], "p_model": 1 / 9, "p_prompts": 0.01}
    findings = []
    for item, asked in zip(whole.findings, options, strict=True):
        finding = replace(item.exhibit.finding, values=values)
        exhibit = replace(item.exhibit, finding=finding, status=asked["plan"]["status"])
        findings.append(replace(item, exhibit=exhibit, options=asked, sha256=sha256(canonical(finding.as_json()))))
    acts = told(whole.sources, whole.corpora, tuple(findings))
    for act in acts:
        if act["action"] == "analysis run":
            act["options"]["analysis"] = "closest_source"
    locks = [
        {
            "action": LOCKED,
            "object": {"plan": at},
            "options": {"plan": own, "findings_before": before, "said": ""},
            "after": sha256(canonical(own)),
            "reason": "agreed" if at > 1 else "",
        }
        for at, own in enumerate(plans, 1)
    ]
    lines = chained([*acts[:2], *locks, *acts[2:]])
    placed = tuple(replace(item, ledger_line=3 + len(plans) + at) for at, item in enumerate(findings))
    return replace(whole, findings=placed, ledger_lines=lines, head=json.loads(lines[-1])["hash"])


@pytest.fixture(scope="module")
def planned_pack(tmp_path_factory: pytest.TempPathFactory, chained: Chained) -> Path:
    folder = tmp_path_factory.mktemp("planned")
    build(with_plans(folder, chained, plan()), folder / "pack.zip")
    return folder / "pack.zip"


@pytest.fixture
def opened(planned_pack: Path, tmp_path: Path) -> Path:
    with zipfile.ZipFile(planned_pack) as archive:
        archive.extractall(tmp_path)
    return tmp_path / "CASE-2026-014_pack-03"


def page_of(contents: PackContents) -> tuple[str, str]:
    """The report and the first page as text with marks."""
    bagged = Bagged("CASE_pack", 12, 345)
    change = Legible(covered(all_fonts()))
    return _TAG.sub("", to_html(report_of(contents, {}, ExhibitSet()))), start_here(contents, bagged, change).decode()


def test_a_planned_pack_is_whole(planned_pack: Path, opened: Path) -> None:
    assert verify_pack(planned_pack) == []
    stored = json.loads((opened / PLAN).read_text("utf-8"))
    assert (stored["in_force"], stored["versions"][0]["plan"]) == (1, plan())
    assert [p["findings"] for p in stored["versions"][0]["planned"]] == [[1], []]
    assert [(r["finding"], r["status"], r["deviations"]) for r in stored["runs"]] == [
        (1, "confirmatory", []),
        (2, "exploratory", ["control Zeder added"]),
    ]
    assert "control Zeder added" in (opened / RUNS).read_text("utf-8")


def test_the_report_says_what_was_planned_and_not_run(tmp_path: Path, chained: Chained) -> None:
    contents = with_plans(tmp_path, chained, plan())
    report, first = page_of(contents)
    assert "were locked as plan 1 on 1 March 2026 at 12:00:07 UTC." in report
    assert "Nothing had been run before." in report
    assert "Planned but not run. did: Schüler against Orakel." in report
    assert "A plan was locked before any result was known." in first
    assert "Planned and not run: did: Schüler against Orakel." in first
    assert "Schüler learned from Orakel." in report
    assert "Planned and not run: did: Schüler against Orakel." in report
    assert "Finding 2 is exploratory: control Zeder added." in report
    assert "Exploratory, since: control Zeder added." in report
    (look,) = adjusted_looks(contents)
    assert (look.finding, look.looks, look.p, look.adjusted) == (1, 2, 0.01, 0.02)
    assert "0.0100.020" in report, "p and the p adjusted for two looks"


def test_a_late_plan_and_a_second_version_are_said(tmp_path: Path, chained: Chained) -> None:
    report, first = page_of(with_plans(tmp_path, chained, plan(), plan("7"), before=2))
    assert "The accounts were fixed late." in report
    assert "This plan was locked after 2 findings had been made" in report
    assert "version 2 locked on 1 March 2026" in report
    assert "after 2 findings had been made" in first
    assert "agreed" in report


def test_without_a_plan_it_is_said_and_an_old_pack_stays_whole(pack: Path, contents: PackContents) -> None:
    assert verify_pack(pack) == []
    with zipfile.ZipFile(pack) as archive:
        assert not [name for name in archive.namelist() if name.endswith("plan.json")]
        runs = archive.read(f"CASE-2026-014_pack-03/{RUNS}").decode("utf-8-sig")
    assert runs.splitlines()[0].endswith("ledger_line")
    for page in page_of(contents):
        assert "No plan was locked: everything is exploratory." in page


def confirmed(results: Any) -> None:
    """Call an exploratory finding confirmatory."""
    results["findings"][1]["status"] = "confirmatory"


def undeviated(results: Any) -> None:
    """Let the deviations of a finding vanish."""
    results["findings"][1]["options"]["plan"]["deviations"] = []


@pytest.mark.parametrize("change", [confirmed, undeviated])
def test_a_forged_status_is_named(opened: Path, change: Callable[[Any], None]) -> None:
    forged_results(opened, change)
    assert (RESULTS, "changed") in named(opened)


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        (PLAN, b"its files are mixed", b"its files are fine!"),
        (PLAN, b'"20260301"', b'"20260302"'),
        (PLAN, b"control Zeder added", b"control Zeder taken"),
        (RUNS, b"control Zeder added", b""),
    ],
)
def test_a_forged_plan_is_named(opened: Path, path: str, old: bytes, new: bytes) -> None:
    data = (opened / path).read_bytes()
    assert old in data
    (opened / path).write_bytes(data.replace(old, new))
    assert named(opened) == {(path, "changed")}


def test_a_removed_plan_is_named(opened: Path) -> None:
    (opened / PLAN).unlink()
    assert named(opened) == {(PLAN, "removed")}


def test_a_plan_put_into_a_pack_without_one_is_named(unpacked: Path) -> None:
    (unpacked / PLAN).write_text("{}")
    assert named(unpacked) == {(PLAN, "added")}


def other_plan(act: Any) -> None:
    """The line holds another plan than its hash says."""
    if act["action"] == LOCKED:
        act["options"]["plan"]["seed"] = "1"


def earlier(act: Any) -> None:
    """A run names a version that was not in force."""
    if act["action"] == "analysis run":
        act["options"]["options"]["plan"]["version"] = 4


def promoted(act: Any) -> None:
    """A run that the plan does not foresee is called confirmatory."""
    if act["action"] == "analysis run":
        act["options"]["options"]["plan"] |= {"status": CONFIRMATORY, "deviations": []}


@pytest.mark.parametrize("change", [other_plan, earlier, promoted])
def test_a_log_that_contradicts_itself_is_named(opened: Path, change: Callable[[Any], None]) -> None:
    acts = [json.loads(line) for line in (opened / LOG).read_bytes().splitlines()]
    for act in acts:
        change(act)
    forged_results(opened, lambda results: _follow(results, acts))
    rewritten(opened, acts)
    said = " ".join(problem.detail for problem in verify_pack(opened))
    assert "of the plan does not have" in said or "names another plan" in said or "does not have the status" in said


def test_nonsense_in_a_plan_is_a_problem_and_no_exception(opened: Path, chained: Chained) -> None:
    acts = [json.loads(line) for line in (opened / LOG).read_bytes().splitlines()]
    for at, (field, nonsense) in enumerate(product(("object", "options", "after", "time"), NONSENSE[:9])):
        told_anew = [act | {field: nonsense} if act["action"] == LOCKED else act for act in acts]
        lines = chained(told_anew)
        (opened / LOG).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        (opened / "data/06_custody/audit_head.txt").write_text(json.loads(lines[-1])["hash"] + "\n")
        sealed_again(opened)
        assert verify_pack(opened), (at, field, nonsense)


def _follow(results: Any, acts: list[Any]) -> None:
    """The forger writes into the results what his log says."""
    runs = [act for act in acts if act["action"] == "analysis run"]
    for item, line in zip(results["findings"], runs, strict=True):
        item["options"] = line["options"]["options"]
        item["status"] = item["options"]["plan"]["status"]

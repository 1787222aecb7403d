"""Exhibits, notes and marks on the command line: proposed, taken in, made by hand, changed, and refused in words."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.app_corpora import write_panel
from tests.cli.conftest import DONE, REFUSED, USAGE, Command


def listed(command: Command, case: Path, *words: str) -> dict[str, Any]:
    return {one["name"]: one for one in command("exhibits", case, "list", *words)["exhibits"]}


@pytest.fixture(scope="module")
def sharing(command: Command, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case in which two answers of the suspect and one of a control have a sentence of the protected model."""
    folder = tmp_path_factory.mktemp("sharing")
    panel = write_panel(folder)
    said = {
        "teacher": (0, 1, 2), "student": (0, 1), "control-3": (2,),
    }  # fmt: skip
    for name, prompts in said.items():
        records = json.loads((folder / f"{name}.json").read_text("utf-8"))
        for at in prompts:
            records[at]["output"] += f" A rare remark of number {at} stands here and nowhere else, friend."
        (folder / f"{name}.json").write_text(json.dumps(records), "utf-8")
    command("new", folder / "a", "--title", "Marlin and Aurelia")
    case = folder / "a.case"
    command("import", case, panel, "--suspect", "student", "--protected", "teachers")
    command("run", case, "closest_source")
    return case


def test_the_rule_proposes_and_is_taken_in_once(command: Command, sharing: Path) -> None:
    case = sharing
    proposed = command("exhibits", case)
    assert proposed["taken"] == []
    models = [one["model"] for one in proposed["counts"]]
    assert models[0] == "student"
    assert len(models) == 8, "the rule is put to every control, and its count is said"
    taken = command("exhibits", case, "--take")["taken"]
    assert [one["side"] for one in proposed["proposed"]] == ["for", "for", "against"]
    counts = {one["model"]: (one["rare"], one["prompts"]) for one in proposed["counts"]}
    assert [counts[name] for name in ("student", "control-3", "control-1")] == [(2, 40), (1, 40), (0, 40)]
    assert taken == ["MA-0001", "MA-0002", "MA-0003"]
    assert command("exhibits", case, "--take")["taken"] == []
    found = listed(command, case)
    assert list(found) == taken
    assert {one["choice"]["picker"] for one in found.values()} == {"rule"}
    assert [one["choice"]["title"] for one in found.values()] == [one["title"] for one in proposed["proposed"]]


def test_exhibits_are_made_and_changed_by_hand(command: Command, case: Path) -> None:
    made = command("exhibits", case, "add", "--answers", "1", "41", "--tag", "pair", "--comment", "See both.")
    assert [(one["name"], one["tags"]) for one in made["exhibits"]] == [("M-0001", ["pair"])]
    command("exhibits", case, "add", "--finding", "2")
    command("exhibits", case, "add", "--finding", "2", "--table", "models", "--against", "--title", "Who is closer")
    found = listed(command, case)
    assert [(one["choice"]["kind"], one["choice"]["side"]) for one in found.values()][1:] == [
        ("chart", found[list(found)[1]]["choice"]["side"]), ("table", "against"),
    ]  # fmt: skip
    first, second, third = found
    command("exhibits", case, "order", third, "--before", first)
    command("exhibits", case, "order", first)
    command("exhibits", case, "comment", second, "State the ceiling first.")
    command("exhibits", case, "tag", second, "weight", "chart")
    command("exhibits", case, "remove", first, "--reason", "Not used.")
    command("exhibits", case, "review", second, "disputed", "--reason", "Which version?", "--examiner", "B. Second")
    found = listed(command, case)
    assert list(found) == [third, second, first]
    assert found[second]["comment"] == "State the ceiling first."
    assert found[second]["tags"] == ["weight", "chart"]
    assert found[first]["withdrawal"]["reason"] == "Not used."
    assert [(r["examiner"], r["state"], r["blind"]) for r in found[second]["reviews"]] == [
        ("B. Second", "disputed", True)
    ]
    assert listed(command, case, "--examiner", "C. Third")[second]["reviews"] == []
    command("exhibits", case, "undo")
    assert listed(command, case)[first]["withdrawal"] is None
    assert command("verify", case)["ok"]


def test_notes_and_marks(command: Command, case: Path) -> None:
    command("note", case, "The panel came by post.")
    command("note", case, "Short answers.", "--corpus", "student")
    command("note", case, "--withdraw", "1")
    notes = command("note", case)["notes"]
    assert [(one["about"], one["name"], one["withdrawn"]) for one in notes] == [
        ("case", "", True), ("corpus", "student", False),
    ]  # fmt: skip
    assert command("mark", case, "1", "2", "--as", "looked at")["changed"] == 2
    assert command("mark", case, "1", "--as", "looked at", "--off")["changed"] == 1
    assert command("mark", case)["marks"] == [{"answer": 2, "marks": ["looked at"]}]


def test_what_does_not_fit_is_refused_in_words(command: Command, case: Path, empty_case: Path) -> None:
    assert "no finding of this case compares any" in command.refused("exhibits", empty_case, code=USAGE)
    for words in (
        ("add", "--answers", "999999"), ("add", "--finding", "99"), ("add", "--finding", "2", "--table", "none"),
        ("add", "--answers", "1", "--table", "models"), ("add", "--finding", "1", "--passage", "words"), ("add",),
        ("remove", "XX-0001", "--reason", "r"), ("show", "XX-0001"), ("comment", "\udcff", "x"), ("undo",),
        ("add", "--answers", "1", "--comment", "The model was distilled."), ("review", "XX-0001", "fine"),
    ):  # fmt: skip
        assert command.refused("exhibits", case, *words, code=USAGE)
    assert command.refused("note", case, "x", "--answer", "nine", code=USAGE)
    assert command.refused("note", case, "--withdraw", "4", code=USAGE)
    assert command.refused("mark", case, "999999", code=USAGE)
    assert command("exhibits", case, "list", code=DONE)["exhibits"] == []
    missing = case.with_name("missing.case")
    assert command.refused("exhibits", missing, "list", code=REFUSED)


def test_hostile_words_are_kept_as_words(command: Command, case: Path) -> None:
    hostile = "=cmd|' /C calc'!A0 <script>alert(1)</script> \u202e\u2066 ;DROP TABLE ledger"
    made = command("exhibits", case, "add", "--answers", "1", "--title", hostile, "--comment", hostile, "--tag", "<b>")
    assert made["exhibits"][0]["comment"] == hostile
    code, out, _ = command.raw(["exhibits", str(case), "list"])
    assert code == DONE
    assert "\u202e" not in out.decode()

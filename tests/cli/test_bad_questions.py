"""Panels that can't be used, questions that can't be asked, names of nothing: said in words, and nothing half-done."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.app_corpora import write_panel
from tests.cli.conftest import DONE, REFUSED, USAGE, Command, kept

# Panel manifests


def edited(panel: Path, folder: Path, change: Callable[[dict[str, Any]], None]) -> Path:
    """A copy of the panel with a changed manifest."""
    shutil.copytree(panel.parent, folder)
    copy = folder / "panel.json"
    manifest = json.loads(copy.read_text("utf-8"))
    change(manifest)
    copy.write_text(json.dumps(manifest), encoding="utf-8")
    return copy


def _of_first(**new: Any) -> Callable[[dict[str, Any]], None]:
    return lambda manifest: manifest["corpora"][0].update(new)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (_of_first(file="../../../etc/passwd"), "lies outside the manifest's folder"),
        (_of_first(file="/etc/passwd"), "lies outside the manifest's folder"),
        (_of_first(file="a\0b.json"), "no usable path"),
        (_of_first(file="gone.json"), "names files that are not there: gone.json"),
        (_of_first(file="control-1.json"), "are the same, byte for byte"),
        (_of_first(corpus="student"), "names the corpus “student” twice"),
        (_of_first(corpus=None), "needs both `corpus` and `file`"),
        (_of_first(released="soon"), "is not a release date"),
        (_of_first(sources=[{"corpus": "x", "relation": "cousin"}]), "a source needs `corpus`"),
        (lambda manifest: manifest.update(format="strange"), "is not one of"),
        (lambda manifest: manifest.update(prompts="../q.jsonl"), "lies outside the manifest's folder"),
        (lambda manifest: manifest.update(format="mapped"), "must say where the answer is"),
    ],
)
def test_a_bad_panel_is_refused_before_anything_is_taken(
    command: Command,
    empty_case: Path,
    panel: Path,
    tmp_path: Path,
    change: Callable[[dict[str, Any]], None],
    words: str,
) -> None:
    copy = edited(panel, tmp_path / "copy", change)
    assert words in command.refused("import", empty_case, copy)
    assert kept(empty_case) == []
    assert command("corpora", empty_case)["corpora"] == []


def test_a_manifest_that_was_cut_short_is_refused(
    command: Command, empty_case: Path, panel: Path, tmp_path: Path
) -> None:
    copy = edited(panel, tmp_path / "copy", lambda manifest: None)
    copy.write_bytes(copy.read_bytes()[:-20])
    assert "“panel.json” is not valid JSON" in command.refused("import", empty_case, copy)
    assert kept(empty_case) == []


def test_a_panel_whose_third_file_is_bad_says_so_and_goes_on_when_mended(
    command: Command, empty_case: Path, panel: Path, tmp_path: Path
) -> None:
    copy = edited(panel, tmp_path / "copy", lambda manifest: None)
    spoilt = copy.parent / "control-1.json"
    spoilt.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    said = command.refused("import", empty_case, copy)
    assert "control-1.json" in said
    assert "2 of 9 corpora of the panel are in the case" in said
    shutil.copy(panel.parent / "control-1.json", spoilt)
    known = [source["known"] for source in command("import", empty_case, copy)["sources"]]
    assert known == [True, True, *[False] * 7]
    # The manifest says why a model is a control: it belongs to the evidence.
    assert "panel.json" in json.dumps(command("log", empty_case)["lines"][-1]["options"])
    unknown = command.refused("import", empty_case, copy, "--suspect", "nobody", code=USAGE)
    assert "The panel has no corpus" in unknown


# Questions that can't be asked


def _other_prompts(folder: Path) -> None:
    _rewrite(folder / "student.json", lambda r: r | {"instruction": "Else: " + r["instruction"]})


def _few_prompts(folder: Path) -> None:
    file = folder / "student.json"
    file.write_text(json.dumps(json.loads(file.read_text("utf-8"))[:29]), encoding="utf-8")


def _suspect_is_source(folder: Path) -> None:
    shutil.copy(folder / "teacher.json", folder / "student.json")
    _rewrite(folder / "student.json", lambda r: r | {"generator": "student"})


def _control_is_suspect(folder: Path) -> None:
    shutil.copy(folder / "student.json", folder / "control-1.json")
    _rewrite(folder / "control-1.json", lambda r: r | {"generator": "control-1"})


def _all_the_same(folder: Path) -> None:
    same = (folder / "teacher.json").read_text("utf-8")
    for file in set(folder.glob("*.json")) - {folder / "panel.json"}:
        file.write_text(same, encoding="utf-8")
        _rewrite(file, lambda r, name=file.stem: r | {"generator": name})


def _without_dates(folder: Path) -> None:
    manifest = json.loads((folder / "panel.json").read_text("utf-8"))
    for entry in manifest["corpora"]:
        del entry["released"]
    (folder / "panel.json").write_text(json.dumps(manifest), encoding="utf-8")


def _rewrite(file: Path, change: Callable[[dict[str, str]], dict[str, str]]) -> None:
    records = [change(record) for record in json.loads(file.read_text("utf-8"))]
    file.write_text(json.dumps(records), encoding="utf-8")


def asked(command: Command, folder: Path, change: Callable[[Path], None], code: int, models: int = 9) -> Any:
    """What closest_source answers on a changed panel; the case must be whole afterwards."""
    panel = write_panel(folder / "panel", models=models)
    change(folder / "panel")
    command("new", folder / "q")
    case = folder / "q.case"
    command("import", case, panel, "--suspect", "student", "--protected", "teachers")
    answer = command("run", case, "closest_source", code=code)
    assert len(command("findings", case)["findings"]) == (0 if code else 1)
    return answer


@pytest.mark.parametrize(
    ("change", "models", "words"),
    [
        (_other_prompts, 9, "no prompt in common"),
        (_few_prompts, 9, "Only 29 prompts"),
        (lambda folder: None, 3, "Controls: 1. A comparison needs at least 5"),
        (_all_the_same, 9, "no spread"),
    ],
)
def test_a_question_without_ground_is_refused(
    command: Command, tmp_path: Path, change: Callable[[Path], None], models: int, words: str
) -> None:
    assert words in asked(command, tmp_path, change, REFUSED, models)["error"]["message"]


def test_a_suspect_that_is_its_source_comes_out_on_top(command: Command, tmp_path: Path) -> None:
    assert asked(command, tmp_path, _suspect_is_source, DONE)["values"]["rank"] == 1


def test_a_control_that_is_the_suspect_is_none(command: Command, tmp_path: Path) -> None:
    finding = asked(command, tmp_path, _control_is_suspect, DONE)
    assert len(finding["values"]["controls"]) == 6
    assert "its answers are nearly those of student" in json.dumps(finding["left_out"])


def test_unknown_dates_are_said(command: Command, tmp_path: Path) -> None:
    found = asked(command, tmp_path, _without_dates, DONE)
    assert any("date" in warning for warning in found["warnings"])


def test_words_that_do_not_fit_the_question(command: Command, case: Path) -> None:
    for how, code, words in [
        (["--suspect", "nobody"], USAGE, "There is no corpus “nobody”"),
        (["--protected", "family:nobody"], USAGE, "There is no corpus or family"),
        (["--protected", "teachers", "--suspect", "teacher"], REFUSED, "against its own family"),
        (["--controls", "student"], USAGE, "can't be its own control"),
        (["--exclude", "teacher", "--reason", "r"], USAGE, "the question is about it"),
        (["--exclude", "control-1", "--reason", "  "], USAGE, "needs a reason"),
        (["--despite-date", ""], USAGE, "needs a reason"),
        (["--seed=-1"], USAGE, "not a whole number from 0 on"),
        (["--min-coverage", "nan"], USAGE, "not a number"),
        (["--min-coverage", "inf"], USAGE, "above 1"),
    ]:
        assert words in command.refused("run", case, "closest_source", *how, code=code)
    younger = command("set", case, "teacher", "--released", "2026", "--reason", "r")
    assert younger["facts"]["released"] == "2026"
    assert "released after student" in command.refused("run", case, "closest_source")


# Names that can't be used


def test_paths_that_name_no_case(command: Command, tmp_path: Path) -> None:
    for name in (".", "..", "/", ""):
        assert "can't be the name of a new case" in command.refused("new", name, code=USAGE, cwd=tmp_path)
    assert "File name too long" in command.refused("new", "x" * 300, cwd=tmp_path)
    assert "There is no folder no/such" in command.refused("new", "no/such/case", cwd=tmp_path)
    assert list(tmp_path.iterdir()) == []
    for verb in ("corpora", "verify"):
        for path in (".", "/", "x" * 300, "nowhere", "a\nb"):
            command.refused(verb, path, cwd=tmp_path)


def test_a_case_that_is_there_is_not_made_anew(command: Command, case: Path) -> None:
    before = (case / "case.db").read_bytes()
    assert "exists already" in command.refused("new", case)
    assert "exists already" in command.refused("new", case.with_suffix(""))
    assert (case / "case.db").read_bytes() == before


def test_numbers_of_nothing(command: Command, case: Path) -> None:
    for words in (
        ["show", case, "9" * 30], ["show", case, "7"], ["show", case, "²"], ["show", case, "-1"],
        ["export", case, "x.zip", "--number", "9" * 30], ["withdraw", case, "9" * 30, "--reason", "r"],
        ["import", case, "--discard", "9" * 30], ["import", case, "--discard", "1"],
    ):  # fmt: skip
        command.refused(*words, code=USAGE)

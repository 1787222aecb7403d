"""`workbench preview` with a mapping: the first records as they would be read, and the counts of a dry run."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

from tests.cli.conftest import Command


def odd(path: Path) -> Path:
    records = [{"ask": {"q": f"What is {n}?"}, "reply": [f"It is {n}."]} for n in (0, 1, 2, 0)]
    path.write_text("".join(json.dumps(r) + "\n" for r in [*records, {"ask": {}}]), encoding="utf-8")
    return path


def said(command: Command, *words: str | Path) -> str:
    """What a verb says without --json."""
    code, out, err = command.raw([str(word) for word in words])
    assert (code, err) == (0, b"")
    return out.decode()


def test_a_mapping_is_tried_and_nothing_is_kept(command: Command, tmp_path: Path) -> None:
    path = odd(tmp_path / "odd.jsonl")
    told = command("preview", path, "--map", "prompt=ask.q", "--map", "response=reply.0", "--model", "m")
    (corpus,) = told["dry_run"]["corpora"]
    assert corpus == {"name": "m", "records": 5, "accepted": 3, "rejected": 1, "duplicate": 1}
    assert told["first"][1]["text"] == "It is 1."
    assert told["dry_run"]["rejections"][0]["reason"] == "`reply.0` is missing"
    assert told["kind"] == "JSON lines"
    assert [file.name for file in tmp_path.iterdir()] == ["odd.jsonl"]


def test_a_known_file_is_counted_with_dry_run(command: Command, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps([{"instruction": "Say", "output": "So.", "generator": "g"}]), encoding="utf-8")
    assert "dry_run" not in command("preview", path)
    assert command("preview", path, "--dry-run")["dry_run"]["importer"] == "alpaca_eval"


def test_a_mapping_that_does_not_fit_is_refused(command: Command, tmp_path: Path) -> None:
    path = odd(tmp_path / "odd.jsonl")
    assert "No record has" in command.refused("preview", path, "--map", "prompt=ask.x", "--map", "response=reply.0")
    assert "knows no" in command.refused("preview", path, "--map", "colour=ask.q", code=2)
    assert "not KEY=PATH" in command.refused("preview", path, "--map", "colour", code=2)


def test_the_next_file_of_its_kind_needs_no_mapping(command: Command, empty_case: Path, tmp_path: Path) -> None:
    first, second = odd(tmp_path / "first.jsonl"), tmp_path / "second.jsonl"
    second.write_text('{"ask": {"q": "Why?"}, "reply": ["So."]}\n', encoding="utf-8")
    command("import", empty_case, first, "--map", "prompt=ask.q", "--map", "response=reply.0")
    told = command("import", empty_case, second)
    assert told["corpora"][0]["accepted"] == 1
    assert "mapping of first.jsonl" in told["notices"][0]


def test_the_line_that_is_proposed_can_be_pasted(command: Command, empty_case: Path, tmp_path: Path) -> None:
    path = tmp_path / "my answers.json"
    records = {f"q {n}": {"User's question": f"What is {n}?", "reply": f"It is {n}."} for n in range(4)}
    path.write_text(json.dumps({"by id": records}, indent=1), encoding="utf-8")
    (line,) = (line for line in said(command, "preview", path).splitlines() if line.startswith("To import it: "))
    words = shlex.split(line.removeprefix("To import it: workbench "))
    (corpus,) = command(*(empty_case if word == "CASE" else word for word in words))["corpora"]
    assert (corpus["accepted"], corpus["rejected"]) == (4, 0)


def test_what_is_not_sure_is_said_and_nothing_is_guessed_in_silence(command: Command, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("prompt,response_a,response_b\nWhy?,So it is.,Thus it is.\n", encoding="utf-8")
    told = command("preview", path)
    assert told["unsure"] == {"response": "“response_b” could be the answer too"}
    assert "Unsure of response (response_a): “response_b” could be" in said(command, "preview", path)
    path.write_text("question,score\nWhy is it so?,1\n", encoding="utf-8")
    assert "Found prompt (question); no field looks like the answer." in said(command, "preview", path)


def test_a_misspelled_mapping_is_met_with_what_was_meant(command: Command, tmp_path: Path) -> None:
    path = odd(tmp_path / "odd.jsonl")
    assert "Did you mean “prompt”" in command.refused("preview", path, "--map", "promt=ask.q", code=2)
    refused = command.refused("preview", path, "--map", "prompt=ask.p", "--map", "response=reply.0")
    assert "Did you mean “ask.q”" in refused


def test_the_mapping_stands_in_the_ledger(command: Command, empty_case: Path, tmp_path: Path) -> None:
    path = odd(tmp_path / "odd.jsonl")
    command("import", empty_case, path, "--map", "prompt=ask.q", "--map", "response=reply.0")
    line = command("log", empty_case)["lines"][-1]
    assert line["options"]["options"]["mapping"] == {"prompt": "ask.q", "response": "reply.0"}
    assert "import 1: odd.jsonl, mapped prompt=ask.q, response=reply.0" in said(command, "log", empty_case)

"""`workbench preview` with a mapping: the first records as they would be read, and the counts of a dry run."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Command


def odd(path: Path) -> Path:
    records = [{"ask": {"q": f"What is {n}?"}, "reply": [f"It is {n}."]} for n in (0, 1, 2, 0)]
    path.write_text("".join(json.dumps(r) + "\n" for r in [*records, {"ask": {}}]), encoding="utf-8")
    return path


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

"""What `workbench preview` proposes is what an import takes: folders of no known format, columns of one name."""

from __future__ import annotations

import json
import shlex
import zipfile
from pathlib import Path

from tests.cli.conftest import Command


def members(folder: Path) -> Path:
    folder.mkdir()
    for name in ("m1", "m2"):
        said = [{"prompt": f"What is {n}?", "response": f"It is {n}, says {name}.", "model": name} for n in range(5)]
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(r) + "\n" for r in said), encoding="utf-8")
    return folder


def followed(command: Command, case: Path, words: str) -> list[dict[str, object]]:
    """The corpora that a proposed command imports."""
    verb, *rest = shlex.split(words)[1:]
    return list(command(verb, *(str(case) if word == "CASE" else word for word in rest))["corpora"])


def test_a_folder_of_no_known_format_gets_a_mapping(command: Command, empty_case: Path, tmp_path: Path) -> None:
    told = command("preview", members(tmp_path / "folder"))
    assert told["importer"] is None
    assert told["map"] == "--map prompt=prompt --map response=response --map model=model"
    (words,) = told["import"]
    assert {str(c["name"]): c["accepted"] for c in followed(command, empty_case, words)} == {"m1": 5, "m2": 5}


def test_a_folder_of_what_nobody_can_read_is_not_said_to_import(command: Command, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "a.dat").write_bytes(bytes(range(32)) * 9)
    told = command("preview", folder)
    assert (told["importer"], "import" in told) == (None, False)
    assert "No file in it is of a known format." in told["notes"]


def test_columns_of_one_name_are_told_apart(command: Command, empty_case: Path, tmp_path: Path) -> None:
    table = tmp_path / "two.csv"
    rows = "".join(f"What is {n}?,The first says {n}.,The second says {n}.,m\n" for n in range(5))
    table.write_text("prompt,response,response,model\n" + rows, encoding="utf-8")
    told = command("preview", table)
    assert [field["path"] for field in told["fields"]] == ["prompt", "response (1)", "response (2)", "model"]
    mapped = ("--map", "prompt=prompt", "--map", "response=response")
    assert "'response=response (2)'" in command.refused("import", empty_case, table, *mapped)
    for words in told["import"]:
        assert [c["accepted"] for c in followed(command, empty_case, words)] == [5]
    texts = {n: command("answer", empty_case, f"{n}")["text"] for n in (1, 6)}
    assert texts == {1: "The first says 0.", 6: "The second says 0."}


def test_only_files_that_are_answers_are_counted(command: Command, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "txt.zip", "w") as archive:
        for n in range(10):
            archive.writestr(f"q{n}.txt", f"This is the answer number {n}.")
        archive.writestr(".DS_Store", b"\0\1")
        archive.writestr("prompts.jsonl", "".join(f'{{"id": "q{n}", "prompt": "What is {n}?"}}\n' for n in range(10)))
    told = command("preview", tmp_path / "txt.zip", "--dry-run")
    assert told["kind"] == "zip archive of 10 text files, one answer each"
    assert told["dry_run"]["corpora"][0]["accepted"] == 10


def test_the_requests_of_a_batch_are_said_to_be_that(command: Command, empty_case: Path, tmp_path: Path) -> None:
    requests = [{"custom_id": f"q{n}", "params": {"messages": [{"role": "user", "content": "Hi"}]}} for n in range(3)]
    members(tmp_path / "folder")
    (tmp_path / "folder" / "asked.json").write_text(json.dumps({"requests": requests}), encoding="utf-8")
    mapped = ("--map", "prompt=prompt", "--map", "response=response", "--map", "model=model")
    assert command("preview", tmp_path / "folder" / "asked.json")["kind"].startswith("requests of a batch")
    said = command.refused("import", empty_case, tmp_path / "folder" / "asked.json")
    assert "requests of a batch (give them with --prompts)" in said
    assert command("import", empty_case, tmp_path / "folder", *mapped)["corpora"][0]["accepted"] == 5

"""The commands that `workbench preview` prints: an import takes each, and something comes in, whatever the file is."""

from __future__ import annotations

import json
import random
import shlex
from argparse import Namespace
from pathlib import Path

import pytest

from tests.cli.conftest import Command
from tests.importers.campaign import KINDS, TEXT_KINDS
from tests.importers.chat_records import otel_spans
from tests.importers.reshaped import ENDINGS, reshaped
from workbench.app.importing.dry_run import dry_run
from workbench.app.requests import ImportRequest
from workbench.app.session import preview_file
from workbench.cli.importing import mapping_of
from workbench.cli.next_steps import next_steps
from workbench.cli.parser import build
from workbench.core.errors import WorkbenchError


def proposed(file: Path) -> list[str]:
    """The commands that preview prints; none of a file that it refuses in words."""
    try:
        seen = preview_file(file)
    except WorkbenchError:
        return []
    _, document = next_steps(seen, Namespace(file=file, encoding=""))
    assert not seen.is_manifest
    found: list[str] = document.get("import", [])
    return found


def taken(words: str) -> int:
    """How many answers a printed command would take into an empty case; raises where it is refused."""
    given = build("import").parse_args(shlex.split(words.replace(" --prompts PROMPTS", ""))[1:])
    request = ImportRequest(mapping=mapping_of(given.map, given.where), model=given.model, encoding=given.encoding)
    return dry_run(given.files[0], request).total("accepted")


def changed(folder: Path, key: str, number: int) -> Path:
    """A file of a format after some changes, under some ending."""
    source = random.Random(f"{key} {number}")
    data = KINDS[key].make(source, source.randint(1, 8))
    file = folder / f"answers {number}{source.choice(ENDINGS)}"
    file.write_bytes(reshaped(source, data, text=key in TEXT_KINDS))
    return file


@pytest.mark.parametrize("count", [1, pytest.param(40, marks=pytest.mark.slow)])
def test_no_command_is_printed_that_import_refuses_or_that_takes_nothing(count: int, tmp_path: Path) -> None:
    printed, vain = 0, []
    for key in KINDS:
        for number in range(count):
            file = changed(tmp_path, key, number)
            for words in proposed(file):
                printed += 1
                vain += [] if taken(words) else [(key, number, words)]
            file.unlink()
    assert not vain
    assert printed > len(KINDS) * count / 2


def written(file: Path, records: list[object]) -> Path:
    file.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return file


def test_what_a_known_format_cannot_read_falls_back_to_the_mapping(
    command: Command, empty_case: Path, tmp_path: Path
) -> None:
    records = [
        {"custom_id": f"r{n}", "response": {"verdict": "ok"}, "question": f"What is {n}?", "answer": f"It is {n}."}
        for n in range(4)
    ]
    file = written(tmp_path / "like a batch.jsonl", [*records])
    told = command("preview", file)
    assert told["importer"] is None
    assert any("It looks like openai_batch, but none of its records can be read so: " in note for note in told["notes"])
    (words,) = told["import"]
    typed = [empty_case if word == "CASE" else word for word in shlex.split(words)[1:]]
    assert command(*typed)["corpora"][0]["accepted"] == 4


def test_a_known_format_that_nothing_can_be_read_of_is_given_no_command(command: Command, tmp_path: Path) -> None:
    file = written(tmp_path / "a.jsonl", [{"custom_id": f"r{n}", "response": {"status_code": 500}} for n in range(4)])
    told = command("preview", file)
    assert "import" not in told
    assert any("the call failed: status 500" in note for note in told["notes"])


def test_an_answer_behind_many_records_without_one_is_found(tmp_path: Path) -> None:
    steps = [{"spanId": f"t{n}", "name": "tool", "attributes": {"gen_ai.operation.name": "tool"}} for n in range(300)]
    file = written(tmp_path / "trace.jsonl", [*steps, otel_spans(1, "It is so.")])
    (words,) = proposed(file)
    assert taken(words) == 1

"""Previews: what a file is, its fields, and guesses that would read it."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest

from tests.importers.material import accepted, read
from workbench.importers.base import Options
from workbench.importers.choose import recognise
from workbench.importers.containers.open import open_file
from workbench.importers.preview import LONGEST_TEXT, preview, refusal


def seen(folder: Path, data: object):
    """The preview of JSON lines, or of a text."""
    file = folder / "file"
    if isinstance(data, list):
        file.write_text("".join(json.dumps(r) + "\n" for r in data))
    else:
        file.write_text(str(data))
    return preview(recognise(open_file(file)))


@pytest.mark.parametrize(
    ("record", "guesses"),
    [
        ({"prompt": "a", "response": "b"}, {"prompt": "prompt", "response": "response"}),
        (
            {"instruction": "a", "output": "b", "generator": "g"},
            {"prompt": "instruction", "response": "output", "model": "generator"},
        ),
        (
            {"custom_id": "1", "completion": "b", "timestamp": 5, "sample": 0},
            {"response": "completion", "prompt_key": "custom_id", "time": "timestamp", "sample": "sample"},
        ),
        ({"Question": "a", "Answer": "b"}, {"prompt": "Question", "response": "Answer"}),
        (
            {"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]},
            {"prompt": "messages.0.content", "response": "messages.1.content"},
        ),
        (
            {"custom_id": "1", "response": {"body": {"model": "m", "choices": [{"message": {"content": "b"}}]}}},
            {
                "response": "response.body.choices.0.message.content",
                "model": "response.body.model",
                "prompt_key": "custom_id",
            },
        ),
        ({"a": 1, "b": 2}, {}),
        ({"input.text": "a", "text": "b"}, {"prompt": "input\\.text", "response": "text"}),
    ],
)
def test_usual_names_are_guessed(record: dict, guesses: dict[str, str], tmp_path: Path) -> None:
    assert seen(tmp_path, [record]).guesses == guesses


def test_the_map_line_reads_the_file(tmp_path: Path) -> None:
    found = seen(tmp_path, [{"my question": 1, "question": "a b", "deep": {"answer": "c"}}] * 3)
    words = shlex.split(found.map_line)
    mapping = dict(word.split("=", 1) for word in words if word != "--map")
    assert mapping == {"prompt": "question", "response": "deep.answer"}
    answers = accepted(read(tmp_path / "file", found.mapped_by or "", Options(mapping=mapping)))
    assert [(a.prompt, a.text) for a in answers] == [("a b", "c")] * 3


@pytest.mark.parametrize(
    ("text", "kind", "importer", "mapped_by"),
    [
        ('[{"instruction":"a","output":"b","generator":"c"}]', "JSON array", "alpaca_eval", "mapped_json"),
        ('{"question_id":1,"choices":[]}\n', "JSON lines", "fastchat", "mapped_jsonl"),
        ('{\n "a": 1\n}', "one JSON object over several lines", None, "mapped_object"),
        ('{"corpora": [{"corpus": "x", "file": "y"}]}', "panel manifest", None, "mapped_jsonl"),
        ("a,b\n1,2\n", "CSV", None, "mapped_csv"),
        ("a\tb\n1\t2\n", "TSV", None, "mapped_csv"),
        ("just words", "text", None, None),
    ],
)
def test_a_file_is_said_to_be_what_it_is(text: str, kind: str, importer: str, mapped_by: str, tmp_path: Path) -> None:
    found = seen(tmp_path, text)
    assert (found.words, found.importer, found.mapped_by) == (kind, importer, mapped_by)


def test_records_are_plain_cut_and_few(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text('{"p": "x\\ud800", "n": NaN, "long": "' + "y" * 9000 + '"}\n' + '{"p": 1}\n' * 20)
    found = preview(recognise(open_file(file)))
    assert len(found.records) == 5
    json.dumps(found.records, allow_nan=False).encode()
    assert len(found.records[0]["long"]) == LONGEST_TEXT + 1
    assert {f.path: f.kind for f in found.fields} == {"p": "a text", "n": "a number", "long": "a text"}


@pytest.mark.panel
def test_real_files_get_a_line_that_reads_them(shared: Path) -> None:
    for file in sorted((shared / "formats" / "raw-api").glob("*.jsonl")):
        found = preview(recognise(open_file(file)))
        assert found.importer == "call_records"
        assert "response=response.choices.0.message.content" in found.map_line
        assert "prompt=request.prompt" in found.map_line
    (sharegpt,) = (shared / "formats" / "sharegpt").iterdir()
    assert (
        preview(recognise(open_file(sharegpt))).map_line
        == "--map prompt=conversations.0.value --map response=conversations.1.value"
    )
    questions = preview(recognise(open_file(shared / "formats" / "fastchat" / "question.jsonl")))
    assert "question file" in questions.words


@pytest.mark.parametrize(
    "text",
    [
        '{"custom_id": "r-1", "method": "POST", "body": {"messages": [{"role": "user", "content": "Why is it so?"}]}}\n'
        * 5,
        "response_id,request_created_at,request_body,model\n" + 'h1,2025-01-01,"{""messages"": []}",m\n' * 5,
    ],
    ids=["batch requests", "Helicone table"],
)
def test_no_mapping_is_proposed_for_a_file_without_answers(text: str, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text(text)
    seen = preview(recognise(open_file(file)))
    assert (seen.map_line, seen.guesses) == ("", {})
    assert "no answers" in refusal(recognise(open_file(file))).hint

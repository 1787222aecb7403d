"""FastChat answers: turns, choices, the join with the question file, and exact counts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.importers.material import accepted, read, rejected
from workbench.core.errors import BadInputError
from workbench.importers.base import Options, Question
from workbench.importers.choose import recognise
from workbench.importers.containers.open import open_file
from workbench.importers.mapping.prompt_files import PromptFile, prompt_texts

LINE = {"question_id": 81, "answer_id": "a", "model_id": "m", "tstamp": 1686286924.8}


def written(folder: Path, *lines: object, name: str = "answers.jsonl") -> Path:
    """A file of JSON lines."""
    file = folder / name
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return file


def choices(*turns: list[object]) -> list[dict[str, object]]:
    """The choices of a line."""
    return [{"index": at, "turns": turn} for at, turn in enumerate(turns)]


def test_the_first_turn_is_joined_and_the_second_answers_the_conversation(tmp_path: Path) -> None:
    asked = written(tmp_path, {"question_id": 81, "turns": ["q1", "q2"]}, name="question.jsonl")
    file = written(tmp_path, {**LINE, "choices": choices(["a1", "a2"])})
    first, second = accepted(read(file, "fastchat", Options(prompts=PromptFile(asked))))
    assert (first.prompt, first.prompt_key, first.sample, first.time) == ("q1", "81", "0", "1686286924.8")
    assert second.prompt == "USER: q1\n\nASSISTANT: a1\n\nUSER: q2"
    assert (second.prompt_key, second.flags) == ("81#2", ("turn 2",))
    assert (first.offset, first.length) == (second.offset, second.length)


def test_without_questions_every_answer_keeps_its_id(tmp_path: Path) -> None:
    file = written(tmp_path, {**LINE, "choices": choices(["a1", "a2"], ["b1"])})
    found = accepted(read(file, "fastchat"))
    assert [(r.prompt, r.prompt_key, r.sample, r.text) for r in found] == [
        (None, "81", "0", "a1"),
        (None, "81#2", "0", "a2"),
        (None, "81", "1", "b1"),
    ]


def test_an_unknown_question_is_flagged(tmp_path: Path) -> None:
    asked = written(tmp_path, {"question_id": 1, "turns": ["q"]}, name="question.jsonl")
    file = written(tmp_path, {**LINE, "choices": choices(["a1"])})
    (answer,) = accepted(read(file, "fastchat", Options(prompts=PromptFile(asked))))
    assert (answer.prompt, answer.prompt_key, answer.flags) == (None, "81", ("prompt not found",))


def test_an_array_is_read_as_lines_are(tmp_path: Path) -> None:
    lines = [{**LINE, "question_id": n, "answer_id": f"a{n}", "choices": choices([f"a{n}", "b"])} for n in range(3)]
    array = tmp_path / "answers.json"
    asked = written(tmp_path, *({"question_id": n, "turns": [f"q{n}", "r"]} for n in range(3)), name="question.jsonl")
    as_lines = accepted(read(written(tmp_path, *lines), "fastchat", Options(prompts=PromptFile(asked))))
    for text in (json.dumps(lines), json.dumps(lines, indent=2)):
        array.write_text(text, encoding="utf-8")
        found = accepted(read(array, "fastchat", Options(prompts=PromptFile(asked))))
        assert [(r.prompt, r.text, r.prompt_key, r.record_id, r.number) for r in found] == [
            (r.prompt, r.text, r.prompt_key, r.record_id, r.number) for r in as_lines
        ]
        raw = array.read_bytes()
        assert [json.loads(raw[r.offset : r.offset + r.length])["answer_id"] for r in found] == [
            r.record_id for r in found
        ]
    array.write_text(json.dumps(lines)[:-20], encoding="utf-8")
    cut = read(array, "fastchat")
    assert (len(accepted(cut)), len(rejected(cut))) == (4, 1)
    assert [importer.key for importer, _ in recognise(open_file(array)).known.claims] == ["fastchat"]


def test_arena_hard_wraps_its_turns(tmp_path: Path) -> None:
    asked = written(tmp_path, {"question_id": "x", "turns": [{"content": "q"}]}, name="question.jsonl")
    file = written(tmp_path, {**LINE, "question_id": "x", "choices": choices([{"content": "a", "token_len": 1}])})
    (answer,) = accepted(read(file, "fastchat", Options(prompts=PromptFile(asked))))
    assert (answer.prompt, answer.text) == ("q", "a")


@pytest.mark.parametrize(
    ("line", "reasons"),
    [
        ({**LINE}, ["`choices` is missing"]),
        ({**LINE, "choices": []}, ["there is no answer: `choices` is empty or its `turns` are"]),
        ({**LINE, "choices": None}, ["`choices` is null, not a list"]),
        ({**LINE, "choices": [5]}, ["the record is a number, not an object"]),
        ({**LINE, "choices": choices([None, "b"])}, ["`turns.0` is null, not a text"]),
        ({**LINE, "question_id": None, "choices": choices(["a"])}, ["`question_id` is missing"]),
        ([1], ["the record is a list, not an object"]),
    ],
)
def test_what_is_no_answer_is_rejected_in_words(line: object, reasons: list[str], tmp_path: Path) -> None:
    file = written(tmp_path, line, {**LINE, "choices": choices(["fine"])})
    records = read(file, "fastchat")
    assert [r.reason for r in rejected(records)] == reasons
    assert [r.number for r in records] == list(range(len(records)))
    assert accepted(records)[-1].text == "fine"


def test_duplicate_keys_are_flagged(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text('{"question_id":1,"model_id":"m","choices":[{"index":0,"turns":["x"],"turns":["y"]}]}\n')
    (answer,) = accepted(read(file, "fastchat"))
    assert (answer.text, answer.flags) == ("y", ("duplicate keys",))


def test_questions_come_from_other_files_too(tmp_path: Path) -> None:
    table = tmp_path / "prompts.csv"
    table.write_text("id,prompt\n1,first\n2,second\n")
    assert prompt_texts(table) == {"1": "first", "2": "second"}
    array = tmp_path / "prompts.json"
    array.write_text('[{"custom_id": "r-1", "question": "first"}]')
    assert PromptFile(array).questions == {"r-1": Question(("first",))}
    assert prompt_texts(array, {"prompt_key": "custom_id", "prompt": "question"}) == {"r-1": "first"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"question_id":1,"turns":["a"]}\n{"question_id":1,"turns":["b"]}\n', "gives the id 1 twice"),
        ('{"turns":["a"]}\n', "there is no id"),
        ('{"question_id":1}\n', "there is no prompt"),
        ('{"question_id":1,"turns":[5]}\n', "`turns.0` is a number, not a text"),
        ('{"question_id":1,', "ends too early"),
        ("nothing here", "holds no prompts"),
    ],
)
def test_a_bad_question_file_is_refused_in_words(text: str, words: str, tmp_path: Path) -> None:
    file = tmp_path / "question.jsonl"
    file.write_text(text)
    with pytest.raises(BadInputError, match=words):
        assert PromptFile(file).questions

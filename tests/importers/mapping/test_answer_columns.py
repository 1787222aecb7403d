"""Records that hold the answers of several models: which columns those are, and who gave them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from workbench.importers.choose import recognise
from workbench.importers.containers.open import open_file
from workbench.importers.preview import preview

COLUMNS = [
    (("response_a", "response_b"), ("response_a", "response_b")),
    (("answer1", "answer2", "answer3"), ("answer1", "answer2", "answer3")),
    (("response", "response_2"), ("response", "response_2")),
    (("gpt_answer", "claude_answer"), ("gpt_answer", "claude_answer")),
    (("chosen", "rejected"), ("chosen", "rejected")),
    (("gpt-4o", "claude-3", "llama-2"), ("gpt-4o", "claude-3", "llama-2")),
    (("response", "comment"), ()),
    (("model_answer", "reference_answer"), ()),
    (("response", "explanation"), ()),
]


def look(folder: Path, records: list[dict]):
    file = folder / "file.jsonl"
    file.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return preview(recognise(open_file(file)))


def rows(names: tuple[str, ...], **more: str) -> list[dict]:
    return [
        {"prompt": f"What is {n}, and why?", **{name: f"So says {name}, it is {n}." for name in names}, **more}
        for n in range(6)
    ]


@pytest.mark.parametrize(("names", "several"), COLUMNS, ids=["+".join(names) for names, _ in COLUMNS])
def test_columns_of_answers_are_told_from_other_columns(
    names: tuple[str, ...], several: tuple[str, ...], tmp_path: Path
) -> None:
    seen = look(tmp_path, rows(names))
    assert tuple(column.path for column in seen.answers) == several
    assert [column.name for column in seen.answers] == list(several)
    assert any("answers (“" in note for note in seen.notes) is bool(several)


def test_answers_under_the_names_of_models_are_found_inside(tmp_path: Path) -> None:
    inner = ("gpt-4o", "claude-3")
    records = [{"q": row["prompt"], "responses": {name: row[name] for name in inner}} for row in rows(inner)]
    assert [(c.path, c.name) for c in look(tmp_path, records).answers] == [
        ("responses.gpt-4o", "gpt-4o"),
        ("responses.claude-3", "claude-3"),
    ]


def test_the_field_that_names_the_model_of_each_is_found(tmp_path: Path) -> None:
    seen = look(tmp_path, rows(("response_a", "response_b"), model_a="gpt-4", model_b="llama-2"))
    assert [(c.path, c.model_path) for c in seen.answers] == [("response_a", "model_a"), ("response_b", "model_b")]


def test_the_same_text_in_two_columns_is_one_answer(tmp_path: Path) -> None:
    records = [{**row, "response_b": row["response_a"]} for row in rows(("response_a",))]
    assert look(tmp_path, records).answers == ()

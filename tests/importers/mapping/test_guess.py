"""Guesses over invented files: how many are right, which are called unsure, and that they read the files."""

from __future__ import annotations

import json
import shlex
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.importers.mapping.guess_cases import SEEN
from tests.importers.mapping.guess_files import ASKED, IDS, MORE, SAID, SHORT, Case, lines, rows, table
from tests.importers.mapping.unseen_guess_cases import UNSEEN
from tests.importers.material import accepted, read, rejected
from workbench.importers.base import Options
from workbench.importers.choose import recognise
from workbench.importers.containers.open import open_file
from workbench.importers.mapping.field_names import likeness, spelled
from workbench.importers.preview import preview

ALL = (*SEEN, *UNSEEN)


def _wrong(cases: Sequence[Case], folder: Path) -> list[str]:
    wrong = []
    for number, case in enumerate(cases):
        file = folder / f"case {number}"
        file.write_bytes(case.data)
        found = preview(recognise(open_file(file)))
        if (found.guesses, set(found.doubts)) != (case.mapping, set(case.unsure)):
            wrong.append(f"{case.name}: {found.guesses}, unsure {found.doubts}; wanted {case.mapping}")
    return wrong


@pytest.mark.parametrize("cases", [SEEN, UNSEEN], ids=["known when the rules were made", "written after them"])
def test_guesses_are_right(cases: tuple[Case, ...], tmp_path: Path) -> None:
    wrong = _wrong(cases, tmp_path)
    assert not wrong, f"{len(cases) - len(wrong)} of {len(cases)} are right; wrong: {wrong}"


@pytest.mark.parametrize("case", ALL, ids=lambda case: case.name)
def test_the_line_reads_all_records(case: Case, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(case.data)
    found = preview(recognise(open_file(file)))
    words = [word for word in shlex.split(found.map_line) if word != "--map"]
    mapping = dict(word.split("=", 1) for word in words)
    assert mapping == found.guesses
    records = read(file, found.mapped_by or "", Options(mapping=mapping))
    # What stands above the records is no answer, and is counted.
    above = {"a line above the lines": 1, "a header object above the lines": 1, "a title above": 1, "sep=": 1}
    assert len(rejected(records)) == above.get(case.name, 0)
    answers = accepted(records)
    count = 1 if case.name == "one object" else 6
    assert len({answer.text for answer in answers}) == count
    if "a header" not in case.name and case.name not in ("GB18030", "Windows-1252", "UTF-16"):
        assert {answer.text for answer in answers} <= set(SAID)
        assert {answer.prompt for answer in answers} <= {*ASKED, None}


@pytest.mark.parametrize(
    "data",
    [
        lines(rows(a=IDS, b=lambda n: n)),
        lines(rows(question=ASKED, reference_answer=MORE)),
        table(rows(question_id=IDS, question=ASKED)),
        lines(rows(prompt=ASKED, score=lambda n: n / 7, label=lambda n: n % 2)),
        lines(rows(title=SHORT, content=SAID)),
        table([{"a": 1, "b": 2}]),
        lines(rows(model=lambda n: "m", accuracy=lambda n: n / 9)),
        json.dumps({"results": {"arc": {"acc": 0.4}, "mmlu": {"acc": 0.3}}}).encode(),
    ],
    ids=["numbers", "references", "questions", "scores", "articles", "letters", "a summary", "results of a benchmark"],
)
def test_nothing_is_proposed_where_there_is_no_answer(data: bytes, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(data)
    assert preview(recognise(open_file(file))).map_line == ""


@pytest.mark.parametrize(
    ("records", "key", "said"),
    [
        (rows(prompt=ASKED, response_a=SAID, response_b=MORE), "response", "“response_b” could be the answer too"),
        (rows(prompt=ASKED, chosen=SAID, rejected=MORE), "response", "“rejected” is another answer"),
        (rows(prompt=ASKED, response=lambda n: "the same"), "response", "the same in all records"),
        (rows(instruction=ASKED, input=MORE, response=SAID), "prompt", "“input” could be the prompt, or belong to it"),
    ],
    ids=["a and b", "chosen", "constant", "instruction and input"],
)
def test_what_is_not_sure_is_said_with_why(records: list[object], key: str, said: str, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(lines(records))
    assert said in preview(recognise(open_file(file))).doubts[key]


def test_columns_instead_of_records_are_named_or_read(tmp_path: Path) -> None:
    file = tmp_path / "file.json"
    file.write_text(json.dumps({"prompt": {"0": "a", "1": "b"}, "x": {"0": 1, "1": 2}}), encoding="utf-8")
    (note,) = preview(recognise(open_file(file))).notes
    assert "columns, not records" in note
    file.write_text(json.dumps({"prompt": list(ASKED), "response": list(SAID)}), encoding="utf-8")
    seen = preview(recognise(open_file(file)))
    assert (seen.guesses, seen.notes) == ({"prompt": "prompt", "response": "response"}, ())


def test_a_heading_without_end_costs_no_time() -> None:
    # Its words, millions of them, would take minutes; a name is told by its beginning.
    assert len(spelled("a1" * 5_000_000)) <= 300
    assert likeness("prompt", spelled("question " + "a1" * 5_000_000)) == likeness(
        "prompt", spelled("question " + "a1" * 200)
    )


@pytest.mark.parametrize("asked", ["question", "frage", "pregunta"])
def test_what_stands_below_a_question_is_no_answer(asked: str, tmp_path: Path) -> None:
    file = tmp_path / "file.jsonl"
    said = ["It is a long story, and it has many turns.", "Nobody knows, and few have asked.", "Because of the rain."]
    records = [
        {asked: {"text": f"Why is number {n} as it is?"}, "bot": {"name": "m", "says": f"{words} {n}"}}
        for n, words in enumerate(said * 4)
    ]
    file.write_text("".join(json.dumps(record) + "\n" for record in records))
    guesses = preview(recognise(open_file(file))).guesses
    assert guesses.get("response") != f"{asked}.text"
    assert guesses.get("prompt") in (f"{asked}.text", None)

"""Tables that are mapped: where their header is, those without one, sheets, and JSON in their cells."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from tests.importers.material import accepted, read, rejected
from workbench.core.errors import BadInputError, UsageError
from workbench.importers.base import Options
from workbench.importers.choose import recognise
from workbench.importers.containers.open import open_file
from workbench.importers.locate import raw_bytes
from workbench.importers.mapping.headers import ABOVE, NONE, likely_header
from workbench.importers.preview import preview

MAPPING = {"prompt": "question", "response": "answer"}


def _at(minute: int) -> datetime:
    """A time as a workbook keeps it, without a zone."""
    return datetime(2025, 3, 1, 10, minute, tzinfo=UTC).replace(tzinfo=None)


def csv_of(folder: Path, text: str) -> Path:
    file = folder / "file.csv"
    file.write_text(text, encoding="utf-8", newline="")
    return file


@pytest.mark.parametrize(
    ("rows", "at"),
    [
        ([["question", "answer"], ["a", "b"]], 0),
        ([["Export", ""], ["", ""], ["question", "answer"], ["a", "b"], ["c", "d"]], 2),
        ([["Why is it so?", "Because."], ["And how?", "Thus."]], NONE),
        ([["alpha", "beta"], ["Why is it so?", "Because."]], 0),
        ([["gpt-4o", "x y"], ["gpt-4o", "z"]], NONE),
        ([["17", "x"], ["18", "y"]], NONE),
        ([], NONE),
    ],
)
def test_a_header_is_told_from_data(rows: list[list[str]], at: int) -> None:
    assert likely_header(rows) == at


def test_rows_above_the_header_are_counted_and_said(tmp_path: Path) -> None:
    file = csv_of(tmp_path, "Export of March\nby,somebody\nid,question,answer\n1,Why?,So.\n2,How?,Thus.\n")
    records = read(file, "mapped_csv", Options(mapping=MAPPING))
    assert [(r.prompt, r.text) for r in accepted(records)] == [("Why?", "So."), ("How?", "Thus.")]
    assert [(r.number, r.reason) for r in rejected(records)] == [(0, ABOVE), (1, ABOVE)]
    assert [r.number for r in records] == [0, 1, 2, 3]


def test_columns_without_a_header_are_counted(tmp_path: Path) -> None:
    file = csv_of(tmp_path, "Why is it so?,Because.\nAnd how?,Thus it is.\n")
    seen = preview(recognise(open_file(file)))
    assert seen.words == "CSV without a header, as it seems"
    assert seen.guesses == {"prompt": "column_1", "response": "column_2"}
    assert set(seen.doubts) == {"prompt", "response"}
    records = read(file, "mapped_csv", Options(mapping=seen.guesses))
    assert [(r.number, r.prompt) for r in accepted(records)] == [(0, "Why is it so?"), (1, "And how?")]


def test_a_wrong_column_is_met_with_the_right_one(tmp_path: Path) -> None:
    file = csv_of(tmp_path, "question,answer\nWhy?,So.\n")
    with pytest.raises(BadInputError, match="No record has “anwser”") as error:
        read(file, "mapped_csv", Options(mapping={"prompt": "question", "response": "anwser"}))
    assert "Did you mean “answer”?" in error.value.hint


def test_paths_go_into_json_in_a_cell(tmp_path: Path) -> None:
    body = json.dumps({"model": "m", "messages": [{"role": "user", "content": 'Say "so", please'}]}).replace('"', '""')
    file = csv_of(tmp_path, f'request_body,answer\n"{body}",So.\nbroken {{,So.\n')
    mapping = {"prompt": "request_body.messages.0.content", "response": "answer", "model": "request_body.model"}
    first, second = read(file, "mapped_csv", Options(mapping=mapping))
    assert (first.prompt, first.model) == ('Say "so", please', "m")
    assert second.reason == "`request_body.messages.0.content` is missing"


def workbook(path: Path) -> Path:
    """Four sheets: notes, answers under a title, a hidden one of the same kind, and one without the columns."""
    book = Workbook()
    notes = book.active
    notes.title = "Notes"
    notes.append(["Collected by hand"])
    for name, state in (("Answers", "visible"), ("More", "hidden")):
        sheet = book.create_sheet(name)
        sheet.sheet_state = state
        sheet.append(["Answers of March"])
        sheet.merge_cells("A1:D1")
        sheet.append([])
        sheet.append(["question", "answer", "date", "length"])
        for n in range(3):
            sheet.append([f"What is {n}?", f"It is {n} in {name}.", _at(n), f"=LEN(B{n + 4})"])
    scores = book.create_sheet("Scores")
    scores.append(["model", "score"])
    scores.append(["m", 0.5])
    book.save(path)
    return path


def test_each_sheet_has_its_header_where_the_columns_are(tmp_path: Path) -> None:
    file = workbook(tmp_path / "book.xlsx")
    seen = preview(recognise(open_file(file)))
    assert seen.guesses == {"prompt": "question", "response": "answer", "time": "date"}
    assert seen.notes == (
        "It has the sheets “Notes”, “Answers”, “More” (hidden), “Scores”; each that has the columns is read, "
        "hidden or not.",
    )
    records = read(file, "mapped_xlsx", Options(mapping=seen.guesses))
    answers = accepted(records)
    assert [a.text for a in answers[:3]] == ["It is 0 in Answers.", "It is 1 in Answers.", "It is 2 in Answers."]
    assert [a.member for a in answers[2:4]] == ["Answers row 6", "More row 4"]
    assert answers[1].time == "2025-03-01T10:01:00"
    assert [(r.member, r.reason) for r in rejected(records)] == [
        ("Notes row 1", "the sheet has not the columns that the mapping names; it has Collected by hand"),
        ("Answers row 1", ABOVE),
        ("More row 1", ABOVE),
        ("Scores row 1", "the sheet has not the columns that the mapping names; it has model, score"),
    ]
    assert [r.number for r in records] == list(range(len(records)))


def test_the_place_of_a_row_below_a_title_shows_it(tmp_path: Path) -> None:
    file = workbook(tmp_path / "book.xlsx")
    options = Options(mapping=MAPPING)
    answers = accepted(read(file, "mapped_xlsx", options))
    assert len(answers) == 6
    for answer in answers:
        row = json.loads(raw_bytes(file, answer.member, answer.offset, answer.length, options=options))
        assert (row["question"], row["answer"]) == (answer.prompt, answer.text)
    for place in ("Answers row 1", "Answers row 3", "Scores row 2", "None row 1"):
        with pytest.raises(UsageError, match="no record"):
            raw_bytes(file, place, 0, 9, options=options)


def test_columns_of_a_sheet_without_a_header_are_shown_as_they_were_read(tmp_path: Path) -> None:
    book = Workbook()
    for n in range(30):
        book.active.append([f"What is {n}?", f"It is {n}."])
    book.save(tmp_path / "a.xlsx")
    options = Options(mapping={"prompt": "column_1", "response": "column_2"})
    answers = accepted(read(tmp_path / "a.xlsx", "mapped_xlsx", options))
    assert len(answers) == 30
    for answer in (answers[0], answers[29]):
        raw = raw_bytes(tmp_path / "a.xlsx", answer.member, 0, answer.length, options=options)
        assert json.loads(raw) == {"column_1": answer.prompt, "column_2": answer.text}


def test_a_sheet_with_a_like_column_asks_what_was_meant(tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(["question", "answers"])
    book.active.append(["Why?", "So."])
    book.save(tmp_path / "a.xlsx")
    (only,) = rejected(read(tmp_path / "a.xlsx", "mapped_xlsx", Options(mapping=MAPPING)))
    assert only.reason.endswith("it has question, answers. Did you mean “answers”?")


def test_nested_columns_of_parquet_are_mapped(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows = [
        {
            "prompt": [{"role": "user", "content": f"What is {n}?"}],
            "out": json.dumps({"choices": [{"message": {"content": f"It is the number {n}."}}]}),
            "info": {"model": "gpt-4o", "at": _at(n)},
        }
        for n in range(4)
    ]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "a.parquet")
    seen = preview(recognise(open_file(tmp_path / "a.parquet")))
    assert seen.guesses == {
        "prompt": "prompt",
        "response": "out.choices.0.message.content",
        "model": "info.model",
    } | ({"time": "info.at"} if "time" in seen.guesses else {})
    answers = accepted(read(tmp_path / "a.parquet", "mapped_parquet", Options(mapping=seen.guesses)))
    assert [(a.prompt, a.text, a.model) for a in answers][1] == ("What is 1?", "It is the number 1.", "gpt-4o")

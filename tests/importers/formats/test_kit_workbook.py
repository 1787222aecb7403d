"""The prompt kit's answer sheet, filled and saved as a workbook: it comes in as the CSV does."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from tests.importers.container_files import old_zip
from workbench.core.errors import BadInputError
from workbench.core.model import Rejected
from workbench.core.progress import silent
from workbench.importers.base import Options
from workbench.importers.choose import by_key, choose, recognise
from workbench.importers.containers import workbook
from workbench.importers.containers.open import open_file
from workbench.importers.locate import raw_bytes
from workbench.importers.mapping.headers import ABOVE
from workbench.importers.mapping.prompt_files import PromptFile
from workbench.importers.preview import preview

HEADER = ["order", "prompt_id", "sample", "prompt", "response", "model", "time"]
ROWS: list[list[Any]] = [
    [1, "k-a-001", 1, "Why?", "Because.", "m", "2026-03-01"],
    [2, "k-a-001", 2, "Why?", None, None, None],
    [3, "k-a-002", 1, "How?", None, "m", "2026-03-01"],
    [4, "k-x-001", 1, "Pick a number.", 7, "m", "2026-03-01"],
    [5, "k-a-003", 1, "=1+1?", "'=2", "m", None],
    [6, None, 1, "Why?", "So.", "m", "2026-03-01"],
]


def saved(path: Path, rows: list[list[Any]], *sheets: list[list[Any]]) -> Path:
    """A workbook with these rows, and more sheets behind them."""
    book = Workbook()
    for at, part in enumerate((rows, *sheets)):
        sheet = book.create_sheet(f"Sheet {at + 1}") if at else book.active
        for row in part:
            sheet.append(row)
            for cell in sheet[sheet.max_row]:
                if isinstance(cell.value, str):
                    cell.data_type = "s"
    book.active.title = "Answers"
    book.save(path)
    return path


def read(path: Path, options: Options | None = None) -> list[Any]:
    opened = open_file(path)
    assert [importer.key for importer, _ in recognise(opened).known.claims] == ["kit_xlsx"]
    return list(choose(recognise(opened), options or Options()).read(opened, options or Options(), silent))


def without_places(records: list[Any]) -> list[Any]:
    return [r.reason if isinstance(r, Rejected) else (*r[:7], r.flags, r.extra) for r in records]


def test_the_workbook_gives_what_the_table_gives(tmp_path: Path) -> None:
    out = io.StringIO()
    csv.writer(out).writerows([HEADER, *ROWS])
    table = tmp_path / "s.csv"
    table.write_text(out.getvalue(), "utf-8")
    expected = list(by_key("kit_sheet").read(open_file(table), Options(), silent))
    assert [type(record).__name__ for record in expected] == [
        "Response", "Rejected", "Response", "Response", "Response", "Rejected",
    ]  # fmt: skip
    assert "left empty" in expected[1].reason
    found = read(saved(tmp_path / "s.xlsx", [HEADER, *ROWS], []))
    assert without_places(found) == without_places(expected)
    assert [r.number for r in found] == list(range(6))
    assert [r.member for r in found] == [f"Answers row {n}" for n in range(2, 8)]


def test_a_title_and_columns_that_somebody_added_change_nothing(tmp_path: Path) -> None:
    plain = read(saved(tmp_path / "s.xlsx", [HEADER, *ROWS]))
    added = [["mine", *HEADER, None, "mine"], *([n, *row, "so", None, "beyond"] for n, row in enumerate(ROWS))]
    file = saved(tmp_path / "t.xlsx", [["Answers of March"], [], *added])
    above, *found = read(file)
    assert (above.reason, above.member) == (ABOVE, "Answers row 1")
    assert without_places(found) == without_places(plain)
    for record in found:
        raw = raw_bytes(file, record.member, record.offset, record.length)
        assert json.loads(raw)["prompt"] == ROWS[record.number - 1][3]


def test_whole_numbers_that_are_written_with_a_point_are_whole(tmp_path: Path) -> None:
    with zipfile.ZipFile(saved(tmp_path / "s.xlsx", [HEADER, *ROWS])) as book:
        files = {name: book.read(name) for name in book.namelist()}
    name = "xl/worksheets/sheet1.xml"
    pointed, count = re.subn(rb'( t="n"><v>\d+)</v>', rb"\1.0</v>", files[name])
    assert count == 2 * len(ROWS) + 1
    (tmp_path / "t.xlsx").write_bytes(old_zip(files | {name: pointed}))
    assert without_places(read(tmp_path / "t.xlsx")) == without_places(read(tmp_path / "s.xlsx"))


def test_prompts_that_the_sheet_lost_are_joined(tmp_path: Path) -> None:
    prompts = tmp_path / "prompts.jsonl"
    prompts.write_text(json.dumps({"prompt_id": "k-a-001", "prompt": "Why?"}) + "\n", "utf-8")
    rows = [["prompt_id", "sample", "response"], ["k-a-001", 2, "x"], ["k-a-009", 1, "y"]]
    known, unknown = read(saved(tmp_path / "s.xlsx", rows), Options(prompts=PromptFile(prompts)))
    assert (known.prompt, known.sample) == ("Why?", "2")
    assert (unknown.prompt, unknown.flags) == (None, ("prompt not found",))


def test_sheets_beside_it_are_read_or_told(tmp_path: Path) -> None:
    file = saved(tmp_path / "s.xlsx", [["Notes", "by hand"]], [HEADER, *ROWS[:1]], [], [HEADER, *ROWS[3:4]])
    notes, first, second = read(file)
    assert notes.reason == "the sheet has not the columns of an answer sheet: prompt_id, sample, response"
    assert [(r.member, r.text) for r in (first, second)] == [("Sheet 2 row 2", "Because."), ("Sheet 4 row 2", "7")]
    seen = preview(recognise(open_file(file)))
    assert (seen.importer, seen.records[0]) == ("kit_xlsx", {**seen.records[0], "prompt_id": "k-a-001"})


def test_a_mapping_overrules_it_and_other_workbooks_are_not_claimed(tmp_path: Path) -> None:
    file = saved(tmp_path / "s.xlsx", [HEADER, *ROWS])
    mapping = {"prompt": "prompt", "response": "response"}
    assert choose(recognise(open_file(file)), Options(mapping=mapping)).key == "mapped_xlsx"
    for header in (["prompt_id", "response"], ["prompt_id", "sample", "response", "response"], ["question", "answer"]):
        other = saved(tmp_path / "o.xlsx", [header, ["k-a-001", 1, "x", "y"][: len(header)]])
        assert recognise(open_file(other)).known.claims == ()


def test_bombs_are_refused_before_they_are_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = saved(tmp_path / "s.xlsx", [HEADER, *ROWS])
    monkeypatch.setattr(workbook, "LARGEST_PARTS", {"": 100})
    steps = (
        lambda opened: recognise(opened).known,
        lambda opened: list(by_key("kit_xlsx").read(opened, Options(), silent)),
    )
    for step in steps:
        with pytest.raises(BadInputError, match="unpacks to more than"):
            step(open_file(file))

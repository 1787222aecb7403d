"""The prompt kit's answer sheet, as people and programs fill it."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.importers.damages import of_text
from workbench.core.errors import BadInputError, WorkbenchError
from workbench.core.model import Rejected, Response
from workbench.core.progress import silent
from workbench.importers.base import Options
from workbench.importers.choose import by_key, recognise
from workbench.importers.containers.open import open_file
from workbench.importers.mapping.prompt_files import PromptFile

HEADER = "order,prompt_id,sample,prompt,response,model,time\r\n"


def read(path: Path, data: str | bytes, options: Options | None = None) -> list:
    path.write_bytes(data if isinstance(data, bytes) else data.encode("utf-8"))
    opened = open_file(path)
    assert [importer.key for importer, _ in recognise(opened).known.claims] == ["kit_sheet"]
    return list(by_key("kit_sheet").read(opened, options or Options(), silent))


def test_rows_that_nobody_filled_are_rejected_and_empty_answers_kept(tmp_path: Path) -> None:
    data = (
        HEADER + "1,k-a-001,1,Why?,Because.,m,2026-03-01\r\n2,k-a-001,2,Why?,,,\r\n3,k-a-002,1,How?,,m,2026-03-01\r\n"
    )
    first, second, third = read(tmp_path / "s.csv", data)
    assert (first.text, first.prompt, first.prompt_key, first.sample, first.model) == (
        "Because.", "Why?", "k-a-001", "1", "m",
    )  # fmt: skip
    assert isinstance(second, Rejected)
    assert "left empty" in second.reason
    assert (third.text, third.time, third.flags) == ("", "2026-03-01", ("empty answer",))
    raw = data.encode()
    assert raw[first.offset : first.offset + first.length].decode().startswith("1,k-a-001,1")
    assert [record.number for record in (first, second, third)] == [0, 1, 2]


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_spreadsheets_may_write_semicolons_and_lose_the_prompts(tmp_path: Path, mark: bytes) -> None:
    prompts = tmp_path / "prompts.jsonl"
    prompts.write_text(json.dumps({"prompt_id": "k-a-001", "prompt": "Why?"}) + "\n", "utf-8")
    data = mark + b'prompt_id;sample;response;time\r\nk-a-001;2;"=1; 2\nlines";\r\nk-a-009;1;x;\r\n'
    known, unknown = read(tmp_path / "s.csv", data, Options(prompts=PromptFile(prompts)))
    assert (known.prompt, known.sample, known.text) == ("Why?", "2", "=1; 2\nlines")
    assert unknown.prompt is None
    assert "prompt not found" in unknown.flags


def test_a_row_of_another_width_and_a_wrong_type_are_told(tmp_path: Path) -> None:
    (cut,) = read(tmp_path / "s.csv", HEADER + "1,k-a-001,1,Why?\r\n")
    assert cut.reason == "the row has 4 cells where the header has 7"
    rows = [{"prompt_id": "k-a-001", "sample": 1, "response": 7}, {"prompt_id": None, "sample": 1, "response": "x"}]
    found = read(tmp_path / "s.jsonl", "".join(json.dumps(row) + "\n" for row in rows))
    assert [r.reason for r in found] == ["`response` is a number, not a text", "`prompt_id` is missing"]


def test_a_header_that_ends_in_a_quote_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="header"):
        read(tmp_path / "s.csv", 'prompt_id,sample,response,"time')


@pytest.mark.parametrize("data", ["a,b\n1,2\n", '{"prompt_id": 1, "response": "x"}\n', "prompt_id,response\n1,x\n"])
def test_other_tables_are_not_claimed(tmp_path: Path, data: str) -> None:
    (tmp_path / "x").write_text(data, "utf-8")
    assert "kit_sheet" not in [importer.key for importer, _ in recognise(open_file(tmp_path / "x")).known.claims]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 99), st.text(min_size=1).filter(lambda t: "\x00" not in t)), min_size=1))
def test_what_a_program_writes_is_what_comes_in(tmp_path_factory: pytest.TempPathFactory, rows: list) -> None:
    written = [{"prompt_id": "k-a-001", "sample": n, "prompt": "Why?", "response": text} for n, text in rows]
    data = "".join(json.dumps(row) + "\n" for row in written)
    found = read(tmp_path_factory.mktemp("sheet") / "s.jsonl", data)
    assert all(isinstance(one, Response) for one in found)
    assert [(one.sample, one.text) for one in found] == [(str(n), text) for n, text in rows]


def test_damaged_sheets_are_read_or_refused_in_words(tmp_path: Path) -> None:
    source = random.Random(7)
    rows = [f'{n},k-a-{n:03d},1,"Why, {n}?","Because\nof ""{n}"".",m,2026\r\n' for n in range(1, 9)]
    whole = "".join([HEADER, *rows]).encode()
    for number in range(300):
        file = tmp_path / "s.csv"
        file.write_bytes(of_text(source, whole, number)[0])
        try:
            records = list(by_key("kit_sheet").read(open_file(file), Options(), silent))
        except WorkbenchError:
            continue
        assert [r.number for r in records] == list(range(len(records)))
        assert all(r.reason for r in records if isinstance(r, Rejected))

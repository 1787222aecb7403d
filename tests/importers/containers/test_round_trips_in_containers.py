"""Containers: what goes in comes out, whatever is wrapped around it, and each place shows its bytes."""

from __future__ import annotations

import gzip
import html
import json
import random
from pathlib import Path

import pytest
from backports import zstd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.importers.container_files import (
    CONTAINER_OPTIONS,
    CONTAINERS,
    MAPPED,
    STORED,
    archive,
    mapped_parquet,
    mapped_xlsx,
    text_files,
    zipped,
)
from tests.importers.material import OPTIONS, accepted, alpaca, fastchat, mapped_jsonl, rejected
from workbench.core.errors import BadInputError, Cancelled
from workbench.core.model import CorpusFacts, Rejected, Response
from workbench.core.progress import silent
from workbench.importers.base import Options
from workbench.importers.choose import by_key, choose, recognise
from workbench.importers.containers import workbook
from workbench.importers.containers.open import open_file
from workbench.importers.locate import raw_bytes, records_of
from workbench.importers.preview import preview


def written(folder: Path, data: bytes, name: str = "file") -> Path:
    """A file with these bytes."""
    file = folder / name
    file.write_bytes(data)
    return file


def read(file: Path, options: Options | None = None, key: str | None = None) -> list[Response | Rejected]:
    """All records of a file, by the importer that knows it."""
    opened = open_file(file, encoding=options.encoding if options else "")
    chosen = choose(recognise(opened), options or Options(), key)
    records = records_of(chosen, opened, options or Options(), silent)
    return [record for record in records if not isinstance(record, CorpusFacts)]


@pytest.mark.parametrize("key", sorted(CONTAINERS))
def test_exactly_one_importer_claims_a_container(key: str, tmp_path: Path) -> None:
    file = written(tmp_path, CONTAINERS[key](random.Random(1), 20))
    asked = [i.key for i, _ in recognise(open_file(file)).claims(CONTAINER_OPTIONS.get(key, Options()))]
    assert asked == [key]
    unasked = [i.key for i, _ in recognise(open_file(file)).known.claims]
    assert unasked == ([] if key.startswith("mapped_") else [key])
    seen = preview(recognise(open_file(file)))
    assert seen.words
    assert seen.importer == (None if key in CONTAINER_OPTIONS else unasked[0])


@pytest.mark.parametrize("key", sorted(CONTAINERS))
@pytest.mark.parametrize("wrapped", ["plain", "gzip", "zstd", "zip"])
def test_a_container_gives_the_same_in_every_wrapping(key: str, wrapped: str, tmp_path: Path) -> None:
    data = CONTAINERS[key](random.Random(2), 30)
    turned = {
        "plain": lambda: data,
        "gzip": lambda: gzip.compress(data),
        "zstd": lambda: zstd.compress(data),
        "zip": lambda: zipped({"inner/file": data}),
    }
    options = CONTAINER_OPTIONS.get(key)
    plain = read(written(tmp_path, data), options)
    assert (len(accepted(plain)), len(rejected(plain))) == (30, 0)
    other = written(tmp_path, turned[wrapped](), "other")
    found = read(other, options)
    assert [(*r[:4], _without_file(key, r[4]), *r[5:7]) for r in found] == [
        (*r[:4], _without_file(key, r[4]), *r[5:7]) for r in plain
    ]
    inside = {"zip": "inner/file" if key in {"inspect_json", *NAMED_BY_FILE} else "inner/file!/"}.get(wrapped, "")
    assert all(r.member.startswith(inside) for r in found)
    assert [r.number for r in found] == [r.number for r in plain]


@pytest.mark.parametrize("key", sorted(CONTAINERS))
@pytest.mark.parametrize("wrapped", [False, True])
def test_each_place_shows_its_bytes(key: str, wrapped: bool, tmp_path: Path) -> None:
    data = CONTAINERS[key](random.Random(3), 12)
    file = written(tmp_path, zipped({"in side.bin": data}) if wrapped else data)
    for record in accepted(read(file, CONTAINER_OPTIONS.get(key))):
        options = CONTAINER_OPTIONS.get(key)
        raw = raw_bytes(file, record.member, record.offset, record.length, options=options)
        if key == "text_files":
            assert raw.decode() == record.text
        elif key in NAMED_BY_FILE:
            assert record.text in html.unescape(raw.decode())
        else:
            assert record.text in _texts(json.loads(raw))


NAMED_BY_FILE = {"markdown_chat", "web_page"}
"""Formats with one conversation a file, which is called as the file is."""


def _without_file(key: str, name: object) -> object:
    return str(name).rpartition("#")[2] if key in NAMED_BY_FILE else name


def _texts(value: object) -> list[str]:
    """All texts in a value; tests compare with answers whose attachments were put back, too."""
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for item in inner for text in _texts(item)]


@pytest.mark.parametrize(
    ("key", "maker"), [("alpaca_eval", alpaca), ("fastchat", fastchat), ("mapped_jsonl", mapped_jsonl)]
)
@pytest.mark.parametrize("wrapped", ["zstd", "two frames", "zip", "zip stored", "gzip in zip", "zip in gzip"])
def test_text_gives_the_same_in_every_wrapping(key: str, maker, wrapped: str, tmp_path: Path) -> None:
    data = maker(random.Random(4), 50)
    half = len(data) // 2
    turned = {
        "zstd": lambda: zstd.compress(data),
        "two frames": lambda: zstd.compress(data[:half]) + zstd.compress(data[half:]),
        "zip": lambda: zipped({"a/b.json": data}),
        "zip stored": lambda: zipped({"a/b.json": data}, STORED),
        "gzip in zip": lambda: zipped({"a/b.json": gzip.compress(data)}),
        "zip in gzip": lambda: gzip.compress(zipped({"a/b.json": data})),
    }
    options = OPTIONS.get(key)
    plain = read(written(tmp_path, data), options)
    file = written(tmp_path, turned[wrapped](), "other")
    found = read(file, options)
    assert [r[:10] for r in found] == [r[:10] for r in plain]
    assert len(accepted(found)) == 50
    assert {r.member for r in found} == {"a/b.json" if "zip" in wrapped else ""}
    for record in accepted(found)[:3]:
        assert (
            raw_bytes(file, record.member, record.offset, record.length)
            == (data[record.offset : record.offset + record.length])
        )


def test_files_in_an_archive_are_read_each_in_its_own_format(tmp_path: Path) -> None:
    files = {
        "x/model-a.jsonl": fastchat(random.Random(1), 5),
        "x/model-b.json": alpaca(random.Random(2), 7),
        "x/log.eval": CONTAINERS["inspect_log"](random.Random(3), 4),
        "x/more.zip": zipped({"t.json": alpaca(random.Random(4), 3)}),
        "x/question.jsonl": b"".join(
            json.dumps({"question_id": n, "turns": [f"prompt {n}"]}).encode() + b"\n" for n in range(5)
        ),
        "x/README.md": b"What this is, in words.\n",
        "x/picture.png": b"\x89PNG\r\n\x1a\n" + bytes(50),
    }
    file = written(tmp_path, zipped(files))
    records = read(file)
    assert len(accepted(records)) == 5 + 7 + 4 + 3
    assert [(r.member, r.number) for r in rejected(records)] == [("x/README.md", 0), ("x/picture.png", 0)]
    for member, count in {"x/model-a.jsonl": 5, "x/model-b.json": 7, "x/more.zip!/t.json": 3}.items():
        assert [r.number for r in records if r.member == member] == list(range(count))
    assert all("can't be read" in r.reason for r in rejected(records))
    joined = [r for r in accepted(records) if r.member == "x/model-a.jsonl"]
    assert [r.prompt for r in joined] == [f"prompt {n}" for n in range(5)]
    assert {r.member for r in accepted(records) if "more" in r.member} == {"x/more.zip!/t.json"}
    assert {r.model for r in accepted(records)} == {"model-x"}


def test_a_format_that_is_named_goes_for_every_file_in_an_archive(tmp_path: Path) -> None:
    file = written(tmp_path, archive(random.Random(5), 9))
    opened = open_file(file)
    chosen = choose(recognise(opened), MAPPED, "mapped_jsonl")
    assert chosen.key == "archive:mapped_jsonl"
    assert by_key(chosen.key).key == chosen.key
    assert len(accepted(list(chosen.read(opened, MAPPED, silent)))) == 9


def test_a_format_of_another_kind_is_refused_in_words(tmp_path: Path) -> None:
    file = written(tmp_path, mapped_xlsx(random.Random(5), 3))
    with pytest.raises(BadInputError, match="of the kind xlsx"):
        choose(recognise(open_file(file)), Options(), "mapped_csv")


@pytest.mark.parametrize("key", sorted(set(CONTAINERS) - {"inspect_json"}))
def test_reading_a_container_can_be_cancelled(key: str, tmp_path: Path) -> None:
    file = written(tmp_path, CONTAINERS[key](random.Random(4), 30))

    def stop(fraction: float, note: str = "") -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        list(by_key(key).read(open_file(file), CONTAINER_OPTIONS.get(key, Options()), stop))
    told: list[float] = []
    list(by_key(key).read(open_file(file), CONTAINER_OPTIONS.get(key, Options()), lambda f, note="": told.append(f)))
    assert told == sorted(told)
    assert 0 <= told[0] <= told[-1] <= 1


TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=40)
PLAIN = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@PLAIN
@given(st.dictionaries(st.text("abcäé /", min_size=1, max_size=8), TEXT, min_size=2, max_size=8))
def test_any_texts_come_out_of_an_archive_as_they_went_in(tmp_path: Path, files: dict[str, str]) -> None:
    names = {f"t/{n}{name.replace('/', '-')}.txt": text for n, (name, text) in enumerate(files.items())}
    file = written(tmp_path, zipped({name: text.encode() for name, text in names.items()}))
    opened = open_file(file)
    records = list(by_key("text_files").read(opened, Options(), silent))
    assert [(r.member, r.text) for r in records] == [
        (name, text.removeprefix("\ufeff")) for name, text in names.items()
    ]


@PLAIN
@given(st.lists(st.tuples(TEXT.filter(str.strip), TEXT), min_size=1, max_size=12))
def test_any_rows_come_out_of_a_workbook_as_they_went_in(tmp_path: Path, rows: list[tuple[str, str]]) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["question", "reply"])
    for question, reply in rows:
        sheet.append(["q" + question, "r" + reply])
    book.save(tmp_path / "file.xlsx")
    found = read(tmp_path / "file.xlsx", Options(mapping={"prompt": "question", "response": "reply"}))
    expected = [("q" + q, "r" + r) for q, r in rows]
    assert [(r.prompt, r.text) for r in accepted(found)] == expected


@PLAIN
@given(st.lists(st.tuples(TEXT.filter(str.strip), st.none() | TEXT), min_size=1, max_size=12))
def test_any_rows_come_out_of_a_parquet_file_as_they_went_in(
    tmp_path: Path, rows: list[tuple[str, str | None]]
) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    table = pa.table({"a": [a for a, _ in rows], "b": pa.array([b for _, b in rows], pa.string())})
    parquet.write_table(table, tmp_path / "file", row_group_size=5)
    found = read(tmp_path / "file", Options(mapping={"prompt": "a", "response": "b"}))
    assert [r.text if isinstance(r, Response) else None for r in found] == [b for _, b in rows]
    assert [r.member for r in found] == [f"row {n + 1}" for n in range(len(rows))]


def test_formulas_stay_text_and_nothing_is_calculated(tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(["question", "reply"])
    book.active.append(["sum?", "=1+1"])
    book.active.append([2.5, True])
    book.create_sheet("Notes").append(["nothing", "here"])
    book.create_sheet("More").append(["question", "reply"])
    book["More"].append(["p", "a"])
    book.save(tmp_path / "file.xlsx")
    records = read(tmp_path / "file.xlsx", Options(mapping={"prompt": "question", "response": "reply"}))
    assert [(r.prompt, r.text, r.member) for r in accepted(records)] == [
        ("sum?", "=1+1", "Sheet row 2"),
        ("2.5", "TRUE", "Sheet row 3"),
        ("p", "a", "More row 2"),
    ]
    assert [(r.member, r.reason) for r in rejected(records)] == [
        ("Notes row 1", "the sheet has not the columns that the mapping names; it has nothing, here")
    ]


def test_the_folders_in_an_archive_name_the_models(tmp_path: Path) -> None:
    files = {
        f"export/{m}/{kind}/{n}.txt": f"{m} {n}".encode() for m in ("gpt", "claude") for kind in "ab" for n in "12"
    }
    records = accepted(read(written(tmp_path, zipped(files))))
    assert {(r.model, r.prompt_key) for r in records} == {
        (m, f"{kind}/{n}") for m in ("gpt", "claude") for kind in "ab" for n in "12"
    }
    flat = accepted(read(written(tmp_path, text_files(random.Random(1), 3))))
    assert [(r.model, r.prompt_key, r.prompt) for r in flat] == [(None, f"p{n}", f"prompt {n}") for n in range(3)]


def test_parquet_without_its_package_is_refused_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    file = written(tmp_path, mapped_parquet(random.Random(1), 3))
    for name in ("pyarrow", "pyarrow.parquet"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(BadInputError, match="pyarrow") as error:
        assert recognise(open_file(file)).known.claims
    assert "[parquet]" in error.value.hint


def test_rows_of_a_workbook_are_read_some_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    for n in range(700):
        book.active.append([f"prompt {n}", f"answer {n}"])
    book.save(tmp_path / "file.xlsx")
    silenced, quiet = [], workbook._quiet
    monkeypatch.setattr(workbook, "_quiet", lambda: (silenced.append(1), quiet())[1])
    rows = list(workbook.sheet_rows(open_file(tmp_path / "file.xlsx"), silent))
    assert [row.cells[0] for row in rows] == [f"prompt {n}" for n in range(700)]
    assert len(silenced) < 20  # each takes longer than a blank row does, of which a damaged number makes a million

"""Bombs, links, names that lead out, secrets and lies in containers: each refused in words, in a small memory."""

from __future__ import annotations

import gzip
import io
import json
import random
import struct
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path

import pytest
from backports import zstd

from tests.importers.container_files import (
    DEFLATED,
    ROWS,
    STORED,
    ZSTD,
    archive,
    mapped_parquet,
    mapped_xlsx,
    old_zip,
    text_files,
    zipped,
)
from tests.importers.containers.test_round_trips_in_containers import read, written
from tests.importers.material import accepted, mapped_jsonl
from workbench.core.errors import BadInputError
from workbench.core.zip_directory import CENTRAL, CENTRAL_MAGIC
from workbench.importers.base import Options
from workbench.importers.containers import decompress, workbook
from workbench.importers.containers.open import open_file

ANY = Options(mapping={"prompt": "p", "response": "r"})


def refused(file: Path, words: str, options: Options = ANY) -> BadInputError:
    """The refusal of a file, which says these words."""
    with pytest.raises(BadInputError, match=words) as error:
        read(file, options)
    return error.value


@pytest.mark.parametrize(
    "name", ["../out.jsonl", "a/../../out.jsonl", "/etc/passwd", "C:\\out.jsonl", "\\\\server\\out.jsonl", "a\\..\\b"]
)
def test_names_that_lead_out_are_refused(name: str, tmp_path: Path) -> None:
    data = zipped({"good.jsonl": b"{}", "x" * len(name): b"{}"})
    file = written(tmp_path, data.replace(b"x" * len(name), name.encode()))
    assert "ask where it comes from" in refused(file, "leads out of the archive").hint


def test_links_are_refused(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        link = zipfile.ZipInfo("link.txt")
        link.create_system = 3
        link.external_attr = 0o120777 << 16
        made.writestr(link, "/etc/passwd")
        made.writestr("a.txt", "text")
    refused(written(tmp_path, out.getvalue()), "never followed")


def test_two_members_of_one_name_are_refused(tmp_path: Path) -> None:
    data = zipped({"a.txt": b"first", "b.txt": b"second", "c.txt": b"third"})
    refused(written(tmp_path, data.replace(b"b.txt", b"a.txt")), "two members of the name “a.txt”")


def test_encrypted_members_are_refused(tmp_path: Path) -> None:
    data = bytearray(zipped({"a.txt": b"first", "b.txt": b"second"}))
    at = data.index(CENTRAL_MAGIC)
    data[at + 8] |= 1
    refused(written(tmp_path, bytes(data)), "is encrypted")


def test_members_made_of_the_same_bytes_are_refused(tmp_path: Path) -> None:
    data = bytearray(zipped({"a.txt": b"first" * 50, "b.txt": b"first" * 50}))
    second = data.index(CENTRAL_MAGIC, data.index(CENTRAL_MAGIC) + 1)
    data[second + CENTRAL.size - 4 : second + CENTRAL.size] = bytes(4)
    refused(written(tmp_path, bytes(data)), "made of the same bytes")


def test_an_archive_that_says_it_is_a_bomb_is_refused_before_it_is_read(tmp_path: Path) -> None:
    data = bytearray(zipped({"a.jsonl": b"x" * 100, "b.jsonl": b"x" * 100}))
    at = data.index(CENTRAL_MAGIC)
    data[at + 24 : at + 28] = struct.pack("<L", 0xFFFFFFF0)
    refused(written(tmp_path, bytes(data)), "grows beyond all measure")


@pytest.mark.parametrize("method", [STORED, DEFLATED, ZSTD])
def test_a_member_that_is_larger_than_it_says_ends_where_it_should(method: int, tmp_path: Path) -> None:
    data = bytearray(zipped({"a.jsonl": mapped_jsonl(random.Random(1), 5000)}, method))
    at = data.index(CENTRAL_MAGIC)
    data[at + 24 : at + 28] = struct.pack("<L", 300_000)
    records = read(written(tmp_path, bytes(data)), Options(mapping={"prompt": "q.text", "response": "a.0.content"}))
    assert "than its directory says" in records[-1].reason
    assert records[-1].offset <= 600_000


@pytest.mark.parametrize("wrap", [gzip.compress, zstd.compress, lambda d: zipped({"a": d}, ZSTD)])
def test_streams_that_grow_beyond_measure_are_refused_while_they_are_read(
    wrap, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decompress, "LEAST_BOMB", 1 << 20)
    monkeypatch.setattr(decompress, "MOST_TIMES", 100)
    record = b'{"p": "prompt", "r": "' + b"a" * 100_000 + b'"}\n'
    refused(written(tmp_path, wrap(record * 300)), "grows beyond all measure")


def test_a_bomb_in_an_archive_of_many_refuses_all_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decompress, "LEAST_BOMB", 1 << 20)
    monkeypatch.setattr(decompress, "MOST_TIMES", 100)
    files = {"a.jsonl": b'{"p": "prompt", "r": "a"}\n', "b.jsonl.gz": gzip.compress(b"[" + b" " * 50_000_000)}
    refused(written(tmp_path, zipped(files)), "grows beyond all measure")


def test_archives_in_archives_in_archives_are_not_opened(tmp_path: Path) -> None:
    inner = zipped({"a.jsonl": b'{"p": "q", "r": "a"}\n', "b.jsonl": b'{"p": "q", "r": "a"}\n'})
    deep = zipped({"x.zip": zipped({"y.zip": inner, "c.jsonl": b'{"p": "q", "r": "a"}\n'}), "d.txt": b"t"})
    records = read(written(tmp_path, deep), ANY)
    assert [r.member for r in records if hasattr(r, "reason")] == ["x.zip!/y.zip", "d.txt"]
    assert "inside archives" in records[0].reason


@pytest.mark.parametrize(
    ("cut", "words"), [(-1, "no directory"), (-30, "no directory"), (300, "no directory"), (10, "no directory")]
)
def test_archives_that_were_cut_off_are_refused(cut: int, words: str, tmp_path: Path) -> None:
    refused(written(tmp_path, archive(random.Random(1), 20)[:cut]), words)


def test_methods_that_are_not_read_here_are_named(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_BZIP2) as made:
        made.writestr("a.jsonl", "{}" * 500)
        made.writestr("b.jsonl", "{}" * 500)
    records = read(written(tmp_path, out.getvalue()), ANY, "archive")
    assert all("packed with bzip2" in r.reason for r in records)


def _workbook(change: dict[str, bytes]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(mapped_xlsx(random.Random(1), 5))) as book:
        return old_zip({name: book.read(name) for name in book.namelist()} | change)


def test_workbooks_that_are_bombs_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    large = _workbook({"xl/theme/theme1.xml": b"<a>" + b" " * 5_000_000 + b"</a>"})
    monkeypatch.setattr(workbook, "LARGEST_PARTS", {"": 4_000_000})
    refused(written(tmp_path, large), "unpacks to more than")
    laughs = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "' + b"c" * 1000 + b'">]><a>&b;&b;</a>'
    refused(written(tmp_path, _workbook({"xl/sharedStrings.xml": laughs})), "entities of its own")
    wide = '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE a []><a/>'.encode("utf-16")
    refused(written(tmp_path, _workbook({"xl/styles.xml": wide})), "entities of its own")


def test_a_workbook_that_counts_rows_without_end_is_cut_short(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 5000)
    sheet = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="1"><c r="A1" t="inlineStr"><is><t>p</t></is></c><c r="B1" t="inlineStr"><is><t>r</t></is></c></row>'
        b'<row r="999999999999"><c r="A9" t="inlineStr"><is><t>x</t></is></c></row></sheetData></worksheet>'
    )
    (record,) = read(written(tmp_path, _workbook({"xl/worksheets/sheet1.xml": sheet})), ANY)
    assert "more than 5,000 rows" in record.reason


def test_a_workbook_that_counts_cells_without_end_is_cut_short(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MOST_CELLS", 100_000)
    row = b'<row><c t="inlineStr"><is><t>%s</t></is></c><c t="inlineStr"><is><t>%s</t></is></c>%s</row>'
    wide = row % (b"q", b"a", b'<c r="XFD9"/>')
    sheet = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        + row % (b"p", b"r", b"")
        + wide * 9
        + b"</sheetData></worksheet>"
    )
    records = read(written(tmp_path, _workbook({"xl/worksheets/sheet1.xml": sheet})), ANY)
    assert [type(record).__name__ for record in records] == ["Response"] * 6 + ["Rejected"]
    assert "more than 100,000 cells" in records[-1].reason


def test_a_format_of_another_container_is_refused_for_the_files_in_an_archive(tmp_path: Path) -> None:
    files = {"a.jsonl": b'{"p": "q", "r": "a"}\n', "b.jsonl": b'{"p": "q", "r": "a"}\n'}
    for key in ("inspect_log", "mapped_xlsx", "mapped_parquet"):
        records = read(written(tmp_path, zipped(files)), ANY, key)
        assert [record.member for record in records] == ["a.jsonl", "b.jsonl"]
        assert all(f"of the kind text, which the format {key} is not" in record.reason for record in records)


def test_a_file_without_a_record_in_an_archive_is_told(tmp_path: Path) -> None:
    files = {"a.jsonl": b'{"p": "q", "r": "a"}\n', "b.csv": b"p,r\n"}
    records = read(written(tmp_path, zipped(files)), ANY)
    assert [record.member for record in records] == ["a.jsonl", "b.csv"]
    assert "no record in the file" in records[1].reason


CHILD = """
import sys
from pathlib import Path
from workbench.core.errors import BadInputError
from workbench.core.progress import silent
from workbench.importers.base import Options
from workbench.importers.choose import choose, recognise
from workbench.importers.containers.open import open_file
options = Options(mapping={"prompt": "p", "response": "r"})
try:
    opened = open_file(Path(sys.argv[1]))
    count = sum(1 for _ in choose(recognise(opened), options).read(opened, options, silent))
except BadInputError as error:
    count = error.message
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(count, int(peak.split()[1]) // 1024, sep="|")
"""


def child(file: Path) -> tuple[str, int]:
    """What a process of its own made of a file, and the megabytes that it took at most."""
    done = subprocess.run([sys.executable, "-c", CHILD, file], capture_output=True, text=True, check=True)
    said, memory = done.stdout.strip().split("|")
    return said, int(memory)


def zeros(size: int) -> bytes:
    """A gzip bomb: so many megabytes of zeros behind a brace."""
    engine = zlib.compressobj(9, zlib.DEFLATED, 31)
    block = bytes(1 << 20)
    return engine.compress(b'{"p":') + b"".join(engine.compress(block) for _ in range(size)) + engine.flush()


@pytest.mark.slow
def test_a_real_bomb_takes_little_memory(tmp_path: Path) -> None:
    said, memory = child(written(tmp_path, zeros(280)))
    assert "grows beyond all measure" in said
    assert memory < 300


def test_a_parquet_bomb_is_refused_in_little_memory(tmp_path: Path) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    one = pa.DictionaryArray.from_arrays(pa.array([0] * 2000, pa.int32()), ["y" * 100_000_000])
    table = pa.table({"p": ["q"] * 2000, "r": one})
    parquet.write_table(table, tmp_path / "bomb", compression="zstd", data_page_size=1 << 30)
    assert (tmp_path / "bomb").stat().st_size < 100_000
    del one, table
    said, memory = child(tmp_path / "bomb")
    assert "has a page of 95 MB" in said
    assert memory < 300


@pytest.mark.parametrize(
    ("kind", "words"), [("list", "5,000,000 values are packed"), ("rows", "2,000,000 rows are packed")]
)
def test_a_run_of_equal_values_without_end_is_refused(kind: str, words: str, tmp_path: Path) -> None:
    import numpy as np
    import pyarrow as pa
    from pyarrow import parquet

    many = pa.array(np.zeros(5_000_000, np.int8))
    tables = {
        "list": pa.table({"p": ["q"], "r": ["a"], "n": pa.ListArray.from_arrays([0, len(many)], many)}),
        "rows": pa.table({name: pa.nulls(2_000_000, pa.string()) for name in "pr"}),
    }
    parquet.write_table(tables[kind], tmp_path / "file", compression="zstd", row_group_size=2_000_000)
    refused(tmp_path / "file", words)


def test_lists_of_many_different_values_are_no_bomb(tmp_path: Path) -> None:
    import numpy as np
    import pyarrow as pa
    from pyarrow import parquet

    many = pa.array(np.arange(5_000_000, dtype=np.int32) % 1_000)
    table = pa.table({"p": ["q"], "r": ["a"], "n": pa.ListArray.from_arrays([0, len(many)], many)})
    parquet.write_table(table, tmp_path / "file")
    assert [record.text for record in accepted(read(tmp_path / "file", ANY))] == ["a"]


@pytest.mark.parametrize(("depth", "refusal"), [(20, ""), (60, "nested more than 100 deep")])
def test_columns_that_are_nested_deeply_are_refused(depth: int, refusal: str, tmp_path: Path) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    kind, value = pa.string(), "x"
    for _ in range(depth):
        kind, value = pa.list_(kind), [value]
    parquet.write_table(pa.table({"p": ["q"], "r": ["a"], "n": pa.array([value], kind)}), tmp_path / "file")
    if refusal:
        refused(tmp_path / "file", refusal)
    else:
        assert [record.text for record in accepted(read(tmp_path / "file", ANY))] == ["a"]


@pytest.mark.slow
def test_a_text_that_is_repeated_by_a_dictionary_is_read_in_little_memory(tmp_path: Path) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    one = pa.DictionaryArray.from_arrays(pa.array([0] * 60, pa.int32()), ["y" * 20_000_000])
    parquet.write_table(
        pa.table({"p": [f"q{n}" for n in range(60)], "r": one}), tmp_path / "file", data_page_size=1 << 30
    )
    said, memory = child(tmp_path / "file")
    assert said == "60"
    assert memory < 900


@pytest.mark.parametrize("maker", [mapped_parquet, mapped_xlsx, text_files])
def test_halves_of_containers_are_refused_or_accounted_for(maker, tmp_path: Path) -> None:
    data = maker(random.Random(9), 30)
    error = refused(written(tmp_path, data[: len(data) // 2]), "can't be read|no directory", ROWS)
    assert error.hint


def test_a_spool_vanishes(tmp_path: Path) -> None:
    import gc
    import tempfile

    before = set(Path(tempfile.gettempdir()).glob("workbench-*"))
    opened = open_file(written(tmp_path, gzip.compress(archive(random.Random(1), 6))))
    assert json.dumps(sorted(map(str, set(Path(tempfile.gettempdir()).glob("workbench-*")) - before))) == "[]"
    del opened
    gc.collect()

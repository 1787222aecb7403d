"""Files that were made to do harm, through the real command line: refused in words, in a small memory, nothing kept."""

from __future__ import annotations

import gzip
import hashlib
import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import DONE, REFUSED, Command, checked, kept, leftovers
from tests.cli.test_bad_input import MAPPED, in_memory
from tests.importers.container_files import mapped_xlsx, old_zip, zipped
from workbench.core.zip_directory import CENTRAL, CENTRAL_MAGIC

MEGABYTES = 400
SHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'
HEADER = (
    b'<row r="1"><c r="A1" t="inlineStr"><is><t>question</t></is></c>'
    b'<c r="B1" t="inlineStr"><is><t>reply</t></is></c></row>'
)
ROW = b'<row r="2"><c r="A2" t="inlineStr"><is><t>q</t></is></c><c r="B2" t="inlineStr"><is><t>a</t></is></c></row>'


def deflated(start: bytes, block: bytes, count: int, end: bytes = b"", wbits: int = -15) -> tuple[bytes, int, int]:
    """A block many times over, deflated without being held; its check sum and size."""
    engine = zlib.compressobj(9, zlib.DEFLATED, wbits)
    out, crc, size = [], 0, 0
    for piece in (start, *[block] * count, end):
        out.append(engine.compress(piece))
        crc, size = zlib.crc32(piece, crc), size + len(piece)
    return b"".join([*out, engine.flush()]), crc, size


def zip_with(name: str, packed: tuple[bytes, int, int], others: dict[str, bytes]) -> bytes:
    """A zip archive of some files and one that was deflated before."""
    data, crc, size = packed
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for other, content in others.items():
            made.writestr(other, content)
        info = zipfile.ZipInfo(name)
        made.writestr(info, data)
        entry = made.NameToInfo[name]
        entry.compress_type, entry.CRC, entry.file_size = zipfile.ZIP_DEFLATED, crc, size
    whole = bytearray(out.getvalue())
    at = entry.header_offset
    struct.pack_into("<H", whole, at + 8, zipfile.ZIP_DEFLATED)
    struct.pack_into("<3L", whole, at + 14, crc, len(data), size)
    return bytes(whole)


def leading_out(name: bytes) -> bytes:
    """A zip archive with a good file and one of such a name."""
    return zipped({"good.jsonl": b"{}", "x" * len(name): b"{}"}).replace(b"x" * len(name), name)


def linked() -> bytes:
    """A zip archive with a link in it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        link = zipfile.ZipInfo("link.txt")
        link.create_system, link.external_attr = 3, 0o120777 << 16
        made.writestr(link, "/etc/passwd")
        made.writestr("a.txt", "text")
    return out.getvalue()


def shared_bytes() -> bytes:
    """A zip archive whose two members are the same bytes."""
    data = bytearray(zipped({"a.txt": b"first" * 50, "b.txt": b"first" * 50}))
    second = data.index(CENTRAL_MAGIC, data.index(CENTRAL_MAGIC) + 1)
    data[second + CENTRAL.size - 4 : second + CENTRAL.size] = bytes(4)
    return bytes(data)


def workbook(part: str, content: bytes) -> bytes:
    """A workbook with another part in place of its own."""
    with zipfile.ZipFile(io.BytesIO(mapped_xlsx(random.Random(1), 5))) as book:
        return old_zip({name: book.read(name) for name in book.namelist()} | {part: content})


def inflated_workbook(part: str, start: bytes, block: bytes, count: int) -> bytes:
    """A workbook with a part that unpacks to `count` blocks."""
    with zipfile.ZipFile(io.BytesIO(mapped_xlsx(random.Random(1), 5))) as book:
        others = {name: book.read(name) for name in book.namelist() if name != part}
    return zip_with(part, deflated(start, block, count), others)


def laughs() -> bytes:
    """Entities that name entities, nine levels of ten."""
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return f'<?xml version="1.0"?><!DOCTYPE sst [<!ENTITY l0 "ha">{levels}]><sst>&l9;</sst>'.encode()


def parquet(table: Callable[[], object], **how: object) -> bytes:
    """A table as Parquet."""
    from pyarrow.parquet import write_table

    out = io.BytesIO()
    write_table(table(), out, compression="zstd", **how)
    return out.getvalue()


def one_list() -> object:
    """A row with a list of 40 million equal numbers."""
    import numpy as np
    import pyarrow as pa

    many = pa.array(np.zeros(40_000_000, np.int8))
    return pa.table({"question": ["q"], "reply": ["a"], "n": pa.ListArray.from_arrays([0, len(many)], many)})


def blank_rows() -> object:
    """Three million rows of nothing."""
    import pyarrow as pa

    nothing = pa.nulls(3_000_000, pa.string())
    return pa.table({"question": nothing, "reply": nothing})


def dictionary() -> object:
    """Two thousand rows of one text of 100 MB."""
    import pyarrow as pa

    one = pa.DictionaryArray.from_arrays(pa.array([0] * 2000, pa.int32()), ["y" * 100_000_000])
    return pa.table({"question": ["q"] * 2000, "reply": one})


def deep_lists() -> object:
    """A column of lists in lists, 150 deep."""
    import pyarrow as pa

    kind, value = pa.string(), "x"
    for _ in range(150):
        kind, value = pa.list_(kind), [value]
    return pa.table({"question": ["q"], "reply": ["a"], "deep": pa.array([value], kind)})


ZEROS = bytes(1 << 20)
LEADING = ("../out.jsonl", "a/../../out.jsonl", "/etc/passwd", "C:\\out.jsonl", "\\\\server\\out", "a\\..\\..\\b")
FILES: dict[str, tuple[Callable[[], bytes], str]] = {
    **{f"name {name}": (lambda name=name: leading_out(name.encode()), "leads out of the archive") for name in LEADING},
    "link in zip": (linked, "never followed"),
    "same bytes": (shared_bytes, "made of the same bytes"),
    "gzip": (lambda: deflated(b'{"question":', ZEROS, 280, b"", 31)[0], "grows beyond all measure"),
    "zip": (lambda: zip_with("a.jsonl", deflated(b"{", ZEROS, 280), {"b.jsonl": b"{}"}), "grows beyond all measure"),
    "gzip in zip": (
        lambda: zipped({"a.jsonl.gz": deflated(b'{"question":', ZEROS, 280, b"", 31)[0], "b.jsonl": b"{}"}),
        "grows beyond all measure",
    ),
    "zip in gzip": (
        lambda: gzip.compress(zip_with("a.jsonl", deflated(b"{", ZEROS, 280), {"b.jsonl": b"{}"})),
        "grows beyond all measure",
    ),
    "entities": (lambda: workbook("xl/sharedStrings.xml", laughs()), "entities of its own"),
    "shared texts": (
        lambda: inflated_workbook("xl/sharedStrings.xml", b"<sst>", b"<si><t/></si>" * 80_000, 270),
        "unpacks to more than 256 MB",
    ),
    "styles": (lambda: inflated_workbook("xl/styles.xml", b"<a>", ZEROS, 66), "unpacks to more than 64 MB"),
    "parquet page": (lambda: parquet(dictionary, data_page_size=1 << 30), "has a page of 95 MB"),
    "parquet list": (lambda: parquet(one_list), "40,000,000 values are packed"),
    "parquet rows": (lambda: parquet(blank_rows, row_group_size=3_000_000), "3,000,000 rows are packed"),
    "parquet depth": (lambda: parquet(deep_lists), "nested more than 100 deep"),
}


@pytest.mark.parametrize("kind", FILES)
def test_what_was_made_to_do_harm_is_refused(kind: str, command: Command, empty_case: Path, tmp_path: Path) -> None:
    make, words = FILES[kind]
    file = tmp_path / "hostile.bin"
    file.write_bytes(make())
    assert file.stat().st_size < 2_000_000
    before = sorted(path.name for path in tmp_path.iterdir())
    code, out, err = in_memory(command, MEGABYTES << 20, "import", empty_case, file, *MAPPED)
    assert words in checked(code, out, err, REFUSED)["error"]["message"]
    assert command("corpora", empty_case) == {"corpora": [], "open_imports": [], "under_way": []}
    assert command("verify", empty_case)["ok"] is True
    assert leftovers(empty_case) == []
    assert sorted(path.name for path in tmp_path.iterdir()) == before
    # What is found out only while it is read was copied before, and is named in the ledger: as it was received.
    assert kept(empty_case) in ([], [hashlib.sha256(file.read_bytes()).hexdigest()])


def test_a_zip_in_a_zip_in_a_zip_is_not_opened(command: Command, empty_case: Path, tmp_path: Path) -> None:
    bomb = zip_with("a.jsonl", deflated(b"{", ZEROS, 280), {"b.jsonl": b"{}"})
    deep = zipped({"x.zip": zipped({"y.zip": bomb, "c.jsonl": b'{"question": "q", "reply": "a"}\n'}), "d.jsonl": b"{}"})
    (tmp_path / "deep.zip").write_bytes(deep)
    code, out, err = in_memory(command, MEGABYTES << 20, "import", empty_case, tmp_path / "deep.zip", *MAPPED)
    told = checked(code, out, err, DONE)
    assert told["corpora"][0]["accepted"] == 1
    assert any("x.zip!/y.zip" in one["place"] and "inside archives" in one["reason"] for one in told["rejections"])


@pytest.mark.parametrize("where", ["/etc/passwd", "../outside.txt", "a.txt", "."])
def test_a_folder_with_a_link_is_refused(where: str, command: Command, empty_case: Path, tmp_path: Path) -> None:
    folder = tmp_path / "answers"
    folder.mkdir()
    (folder / "a.txt").write_text("an answer")
    (tmp_path / "outside.txt").write_text("not theirs")
    (folder / "link.txt").symlink_to(where)
    assert "link" in command.refused("import", empty_case, folder)
    assert kept(empty_case) == []
    assert leftovers(empty_case) == []


def test_a_sheet_of_blank_rows_without_end_is_cut_short_and_told(
    command: Command, empty_case: Path, tmp_path: Path
) -> None:
    sheet = SHEET % (HEADER + ROW + ROW.replace(b'"2"', b'"99999999999"'))
    file = tmp_path / "blank.xlsx"
    file.write_bytes(workbook("xl/worksheets/sheet1.xml", sheet))
    code, out, err = in_memory(command, MEGABYTES << 20, "import", empty_case, file, *MAPPED)
    told = checked(code, out, err, DONE)
    assert told["corpora"][0]["accepted"] == 1
    assert "more than 1,048,576 rows" in told["rejections"][0]["reason"]

"""CSV and TSV: places in bytes, quotes, and rows that are not what they should be."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.importers.material import accepted, read, rejected
from workbench.core.errors import BadInputError
from workbench.importers.base import Options
from workbench.importers.messages.content import has_thoughts
from workbench.importers.reading import csv_rows, window

OPTIONS = Options(mapping={"prompt": "p", "response": "r"})
CELLS = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t"), max_size=12)


def table(folder: Path, data: bytes) -> Path:
    """A file with these bytes."""
    file = folder / "file.csv"
    file.write_bytes(data)
    return file


# What begins with a model's thoughts comes in without them.
SAID = CELLS.filter(lambda text: not has_thoughts(text))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(CELLS, SAID), min_size=1, max_size=6), st.sampled_from([",", "\t", ";"]), st.booleans())
def test_rows_come_out_as_they_went_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: list[tuple[str, str]], delimiter: str, always: bool
) -> None:
    monkeypatch.setattr(window, "STEP", 5)
    monkeypatch.setattr(window, "LARGEST_STEP", 9)
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL if always else csv.QUOTE_MINIMAL)
    writer.writerows([("p", "r"), *rows])
    data = out.getvalue().encode()
    found = read(table(tmp_path, data), "mapped_csv", OPTIONS)
    assert [(a.prompt, a.text) for a in accepted(found)] == rows
    for answer, row in zip(accepted(found), rows, strict=True):
        piece = data[answer.offset : answer.offset + answer.length].decode()
        assert tuple(next(csv.reader(io.StringIO(piece, newline=""), delimiter=delimiter))) == row


def test_formulas_stay_text(tmp_path: Path) -> None:
    (answer,) = accepted(read(table(tmp_path, b"p,r\n@x,=1+1\n"), "mapped_csv", OPTIONS))
    assert (answer.prompt, answer.text) == ("@x", "=1+1")


def test_quotes_in_the_middle_of_bare_cells_are_text(tmp_path: Path) -> None:
    data = b'p,r\na 5" disk,b\nc,"d ""e"" ,\nf"\ng,a 3" one\n'
    found = accepted(read(table(tmp_path, data), "mapped_csv", OPTIONS))
    assert [(a.prompt, a.text) for a in found] == [('a 5" disk', "b"), ("c", 'd "e" ,\nf'), ("g", 'a 3" one')]


def test_rows_of_other_lengths_are_rejected(tmp_path: Path) -> None:
    records = read(table(tmp_path, b"p,r\na\nb,c\nd,e,f\ng,h,,\n\ni,j\n"), "mapped_csv", OPTIONS)
    assert [r.reason for r in rejected(records)] == [
        "the row has 1 cells where the header has 2",
        "the row has 3 cells where the header has 2",
    ]
    assert [a.text for a in accepted(records)] == ["c", "h", "j"]
    assert [r.number for r in records] == [0, 1, 2, 3, 4]


def test_a_cut_inside_quotes_is_rejected(tmp_path: Path) -> None:
    records = read(table(tmp_path, b'p,r\na,b\nc,"d e'), "mapped_csv", OPTIONS)
    assert [r.reason for r in rejected(records)] == [
        f"{csv_rows.CUT_CELL}: nothing closes the quote that opens in line 3 (a stray quote?)"
    ]
    assert (rejected(records)[0].offset, rejected(records)[0].length) == (8, 6)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_the_line_of_a_stray_quote_is_named(end: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(window, "STEP", 5)
    monkeypatch.setattr(window, "LARGEST_STEP", 9)
    lines = ["p,r", '"a', 'b",c', "", '"d', 'e","f', *["g,h"] * 9]
    records = read(table(tmp_path, end.join(lines).encode()), "mapped_csv", OPTIONS)
    assert "the quote that opens in line 6 " in rejected(records)[-1].reason
    assert [a.text for a in accepted(records)] == ["c"]


def test_nul_and_bytes_that_are_no_utf8_are_read_with_flags(tmp_path: Path) -> None:
    records = accepted(read(table(tmp_path, b"p,r\n\xc3\xa9a,b\0c\n\xc3\xa9d,\xe9\n"), "mapped_csv", OPTIONS))
    assert [(a.text, a.flags) for a in records] == [("b\0c", ()), ("�", ("invalid utf-8 replaced",))]


def test_old_line_ends_are_read(tmp_path: Path) -> None:
    records = accepted(read(table(tmp_path, b"p,r\ra,b\rc,d\r"), "mapped_csv", OPTIONS))
    assert [(a.prompt, a.text, a.length) for a in records] == [("a", "b", 3), ("c", "d", 3)]


def test_large_cells_are_read_and_larger_rows_are_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_rows, "MAX_ROW", 300_000)
    large = b"x" * 200_000
    data = b"p,r\na," + large + b'\nb,"' + large + b"\n" + large + b"\n" + large + b'"\nc,d\n'
    records = read(table(tmp_path, data), "mapped_csv", OPTIONS)
    assert [len(a.text) for a in accepted(records)] == [200_000, 1]
    assert rejected(records)[0].reason == f"{csv_rows.ROW_TOO_LONG}; it begins in line 3"
    assert sum(r.length + 1 for r in records) == len(data) - 4


@pytest.mark.parametrize(
    ("data", "words"),
    [(b"p,q\na,b\n", "No record has “r”"), (b"p,r,r\na,b,c\n", "2 columns"), (b'"p,r\na,b\n', "header")],
)
def test_a_header_that_does_not_serve_is_named(data: bytes, words: str, tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match=words):
        read(table(tmp_path, data), "mapped_csv", OPTIONS)

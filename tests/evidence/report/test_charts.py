"""Charts: the same bytes from the same finding, names as text, numbers as numbers."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure

from workbench.core.model import Column, Finding, Table
from workbench.evidence.pack.contents import PackContents
from workbench.evidence.pack.registers import cell, csv_bytes, table_csv
from workbench.evidence.report.charts import chart_of, svg_of

Made = Callable[..., PackContents]


def png_chunks(data: bytes) -> list[bytes]:
    """The kinds of a PNG's chunks, in order."""
    at, kinds = 8, []
    while at < len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        kinds.append(kind)
        assert zlib.crc32(data[at + 4 : at + 8 + length]) == struct.unpack_from(">I", data, at + 8 + length)[0]
        at += 12 + length
    return kinds


def test_drawn_twice_it_is_the_same(drawn: PackContents) -> None:
    first = chart_of(drawn.findings[0], drawn.redraw)
    before = dict(mpl.rcParams)
    with mpl.rc_context({"font.size": 30, "svg.hashsalt": "other", "lines.linewidth": 9}):
        second = chart_of(drawn.findings[0], drawn.redraw)
    assert first == second
    assert dict(mpl.rcParams) == before, "the library's settings are left as they were"
    assert svg_of(drawn.findings[0].exhibit.finding, drawn.redraw) == first.svg


def test_nothing_in_it_dates_it(drawn: PackContents) -> None:
    chart = chart_of(drawn.findings[0], drawn.redraw)
    assert b"<dc:date>" not in chart.svg
    assert b"Matplotlib v" not in chart.svg
    assert set(png_chunks(chart.png)) <= {b"IHDR", b"IDAT", b"IEND", b"pHYs"}


def test_hostile_names_are_drawn_as_text(made_up: Made, drawn: PackContents, tmp_path: Path) -> None:
    names = ("$\\frac{1}{$", "a\u202eb", "模型", "\U0001f600", "x" * 5000, "x" * 5001, "<b>&")
    contents = made_up(tmp_path, suspect="$\\undefined$", models=names)
    chart = chart_of(contents.findings[0], drawn.redraw)
    assert chart.svg.startswith(b"<?xml")
    assert len(chart.csv.splitlines()) == 9


def test_a_good_finding_is_drawn_as_it_is(contents: PackContents) -> None:
    seen: list[Finding] = []

    def draw(finding: Finding, figure: Figure) -> None:
        seen.append(finding)
        figure.subplots()

    chart_of(contents.findings[0], draw)
    assert seen[0] is contents.findings[0].exhibit.finding


def test_cells() -> None:
    assert [cell(v) for v in (None, True, False, -1, -0.5, 1e300, 0.1)] == [
        *("", "TRUE", "FALSE", "-1", "-0.5", "1e+300", "0.1")
    ]
    assert [cell(v) for v in ("=1+1", "+1", "-1", "@x", "\tx", "\rx", "x")] == [
        *("'=1+1", "'+1", "'-1", "'@x", "'\tx", "'⟦U+000D⟧x", "x")
    ]


def test_a_mark_only_where_it_is_needed() -> None:
    assert csv_bytes(("a",), [("b",)]) == b"a\r\nb\r\n"
    assert csv_bytes(("a",), [("ü",)]).startswith(b"\xef\xbb\xbf")
    assert table_csv(Table((Column("n", "number"),), ((-1.5,), (None,)))) == b'n\r\n-1.5\r\n""\r\n'

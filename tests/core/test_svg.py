"""Charts as SVG: all that this program draws passes, and nothing that a browser would run, load or follow."""

from __future__ import annotations

import tarfile
from pathlib import Path

import pytest

from workbench.core.errors import RefusedError
from workbench.core.svg import checked_svg, foreign_in_svg
from workbench.evidence.report.charts import svg_and_png

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="9pt" height="9pt">'


def drawing(inner: str, head: str = HEAD) -> bytes:
    return f"{head}{inner}</svg>".encode()


def test_every_released_chart_passes() -> None:
    with tarfile.open(Path(__file__).parents[1] / "released" / "released.tar.xz") as archive:
        charts = [archive.extractfile(member) for member in archive if member.name.endswith(".svg")]
        found = {foreign_in_svg(chart.read()) for chart in charts if chart is not None}
    assert len(charts) >= 6
    assert found == {""}


def test_all_that_a_figure_may_hold_passes() -> None:
    def draw(figure: object) -> None:
        axes = figure.subplots()  # type: ignore[attr-defined]
        axes.plot(
            [1, 2, 3], [1e-7, 2e9, -3], "--", color=(0.1, 0.2, 0.3, 0.4), label="<script>alert(1)</script> &lt; -->"
        )
        axes.bar([1, 2], [3, 4], alpha=0.3)
        axes.fill_between([1, 2], [1, 2], color="#abc")
        axes.scatter([1, 2], [2, 1], marker="*", c=["red", "blue"], s=[10, 1000])
        axes.annotate("x", (1, 1), arrowprops={"arrowstyle": "->"}, rotation=33)
        axes.set_xscale("log")
        axes.errorbar([1, 2], [1, 2], yerr=[0.1, 0.2], capsize=3)
        axes.axhline(1, dashes=(1.5, 2))
        axes.legend()
        axes.set_title("‘ ’ “ ” é 漢 \N{WARNING SIGN}")

    assert foreign_in_svg(svg_and_png(draw)[0]) == ""


@pytest.mark.parametrize(
    ("inner", "words"),
    [
        ("<script>alert(1)</script>", "the element script"),
        ('<script href="https://x.example/a.js"/>', "the element script"),
        ('<g onload="alert(1)"/>', "the attribute onload"),
        ('<g ONLOAD="alert(1)"/>', "the attribute ONLOAD"),
        ('<path d="M 0 0" onclick="x"/>', "the attribute onclick"),
        ('<foreignObject><body xmlns="http://www.w3.org/1999/xhtml"/></foreignObject>', "the element foreignObject"),
        ('<image xlink:href="https://x.example/a.png"/>', "the element image"),
        ('<image xlink:href="data:image/png;base64,AAAA"/>', "the element image"),
        ('<a xlink:href="javascript:alert(1)"><path d="M 0 0"/></a>', "the element a"),
        ('<use xlink:href="https://x.example/a.svg#a"/>', "the href"),
        ('<use xlink:href="data:image/svg+xml;base64,AAAA#a"/>', "the href"),
        ('<use href="#a"/>', "the attribute href"),
        ('<animate attributeName="href" values="javascript:alert(1)"/>', "the element animate"),
        ('<set attributeName="onload" to="alert(1)"/>', "the element set"),
        ('<style type="text/css">@import url(https://x.example/a.css);</style>', "the text"),
        ("<style>*{stroke-linejoin: round; stroke-linecap: butt} *{background: url(//x)}</style>", "the text"),
        ('<g style="fill: url(https://x.example/a#b)"/>', "the style"),
        ('<g style="background: red"/>', "the style"),
        ('<g style="fill: none; -moz-binding: url(x)"/>', "the style"),
        ('<g style="fill: expression(alert(1))"/>', "the style"),
        ('<g clip-path="url(https://x.example/a#b)"/>', "the clip-path"),
        ('<g transform="translate(1 2) &#10;javascript:x"/>', "the transform"),
        ('<path d="M 0 0 &lt;script&gt;"/>', "the d"),
        ("<text>was distilled</text>", "the element text"),
        ("<g>was distilled</g>", "the text"),
        ("<iframe/>", "the element iframe"),
        ('<script xmlns="http://www.w3.org/1999/xhtml">alert(1)</script>', "the element script"),
        ('<g xmlns="http://www.w3.org/1999/xhtml"/>', "the element g"),
        ("<g><![CDATA[x]]></g>", "a declaration or an instruction"),
        ("<?xml-stylesheet href='https://x.example/a.css'?>", "a declaration or an instruction"),
        ("<svg/>", "the element svg"),
        ("<g>" * 50 + "</g>" * 50, "elements within each other"),
        ("<g>", "no drawing"),
        ("&lol;", "no drawing"),
    ],
)
def test_what_a_browser_would_run_load_or_follow_is_found(inner: str, words: str) -> None:
    assert words in foreign_in_svg(drawing(inner))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x89PNG",
        b"<html xmlns='http://www.w3.org/2000/svg'/>",
        b'<!DOCTYPE svg [<!ENTITY a "b">]>' + drawing("&a;"),
        b'<!DOCTYPE svg SYSTEM "https://x.example/a.dtd">' + drawing(""),
        b'<?xml version="1.0" encoding="utf-7"?>' + drawing(""),
        b'<?xml version="1.0" encoding="iso-8859-1"?>' + drawing(""),
        b'<?xml-stylesheet href="https://x.example/a.xsl"?>' + drawing(""),
        drawing("").decode().encode("utf-16"),
        drawing("", HEAD.replace("width", "onload='x' width")),
        drawing("") + b"<script/>",
        drawing("<g>\xff</g>").decode().encode("latin-1"),
    ],
)
def test_what_is_no_chart_is_found(data: bytes) -> None:
    assert foreign_in_svg(data) != ""


def test_a_bomb_is_refused_at_its_first_entity() -> None:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    data = f'<!DOCTYPE svg [<!ENTITY l0 "lol">{entities}]>{HEAD}<g>&l11;</g></svg>'.encode()
    assert "a declaration" in foreign_in_svg(data)


def test_words_say_what_is_not_handed_on() -> None:
    assert checked_svg(drawing("<g/>"), "The chart of finding 1") == drawing("<g/>")
    with pytest.raises(RefusedError, match="The chart of finding 1 holds the element script"):
        checked_svg(drawing("<script/>"), "The chart of finding 1")

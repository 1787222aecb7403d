"""Each finding's chart as SVG, PNG, CSV and alternative text: the same bytes from the same finding."""

from __future__ import annotations

import io
import json
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.core.errors import WorkbenchError
from workbench.core.finding_page import FindingPage
from workbench.core.model import Finding, Table, left_out_from_json
from workbench.core.progress import Progress
from workbench.core.resources import resource
from workbench.core.safe_start import load_drawing_library
from workbench.core.svg import checked_svg
from workbench.evidence.drawing.svg import to_svg
from workbench.evidence.pack.contents import PackContents, PackFinding, Redraw
from workbench.evidence.pack.printable_text import Legible, all_fonts, covered, rewritten_json
from workbench.evidence.pack.registers import table_csv

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_SIZE = (7.2, 4.8)
_DPI = 150


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart in its four forms."""

    svg: bytes
    png: bytes
    csv: bytes
    text: str


def charts_of(contents: PackContents, progress: Progress) -> dict[int, Chart]:
    """The chart of every finding by its number: the picture of its page, or what its analysis draws."""
    pages = {item.exhibit.number: _legible(item) for item in contents.findings}
    drawn = {number: page.picture for number, page in pages.items() if page.picture is not None}
    svgs = {number: to_svg(picture, f"f{number}") for number, picture in drawn.items()}
    progress(0.1, "painting pictures")
    pngs = dict(zip(svgs, rasters(list(svgs.values())), strict=True))
    charts: dict[int, Chart] = {}
    for at, item in enumerate(contents.findings):
        number = item.exhibit.number
        progress(0.5 + 0.5 * at / len(contents.findings), f"drawing finding {number}")
        if number in drawn:
            numbers = table_csv(_numbers(item))
            charts[number] = Chart(svgs[number].encode(), pngs[number], numbers, drawn[number].description)
        else:
            charts[number] = chart_of(item, contents.redraw)
    return charts


def _legible(item: PackFinding) -> FindingPage:
    return item.page.mapped(Legible(covered(all_fonts())))


def _numbers(item: PackFinding) -> Table:
    return item.exhibit.finding.tables.get(item.exhibit.chart_table, Table((), ()))


def rasters(svgs: Sequence[str]) -> list[bytes]:
    """Pictures as PNG of 150 dots an inch, in the fonts of the report. Raises WorkbenchError where one can't be set."""
    import typst

    if not svgs:
        return []
    try:
        made = typst.compile(
            resource("report/pictures.typ"),
            root=resource("report"),
            font_paths=[resource("fonts")],
            ignore_system_fonts=True,
            format="png",
            ppi=_DPI,
            sys_inputs={"pictures": json.dumps(list(svgs))},
        )
    except RuntimeError as error:
        raise WorkbenchError(f"The pictures could not be painted: {error}") from error
    return [made] if isinstance(made, bytes) else list(made)


def chart_of(item: PackFinding, redraw: Redraw) -> Chart:
    """The chart of a finding, drawn again from the Finding alone by its analysis."""
    exhibit = item.exhibit
    with _house_style():
        figure = _drawn(exhibit.finding, redraw)
        svg, png = _svg(figure), _png(figure)
    return Chart(svg, png, table_csv(_numbers(item)), exhibit.alternative_text)


def svg_of(finding: Finding, redraw: Redraw) -> bytes:
    """The chart as the pack will hold it: what is stored with a finding when it is made."""
    with _house_style():
        return _svg(_drawn(finding, redraw))


def png_of(finding: Finding, redraw: Redraw) -> bytes:
    """The chart as a raster image of 150 dots an inch."""
    with _house_style():
        return _png(_drawn(finding, redraw))


def svg_and_png(draw: Callable[[Figure], None]) -> tuple[bytes, bytes]:
    """Anything that can be drawn on a figure, in both formats and in the house style."""
    with _house_style():
        figure = _laid_out(draw)
        return _svg(figure), _png(figure)


def _drawn(finding: Finding, redraw: Redraw) -> Figure:
    return _laid_out(partial(redraw, _drawable(finding)))


def _laid_out(draw: Callable[[Figure], None]) -> Figure:
    from matplotlib.figure import Figure

    figure = Figure(figsize=_SIZE, layout="constrained")
    draw(figure)
    # Laid out once for both formats: it takes longer than the drawing itself.
    figure.draw_without_rendering()
    figure.set_layout_engine("none")
    return figure


def _svg(figure: Figure) -> bytes:
    out = io.BytesIO()
    figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    return checked_svg(out.getvalue(), "The chart")


def _png(figure: Figure) -> bytes:
    out = io.BytesIO()
    figure.savefig(out, format="png", dpi=_DPI, metadata={"Software": None})
    return out.getvalue()


@contextmanager
def _house_style() -> Iterator[None]:
    """The library's own defaults, whatever the user's settings: names are text, never formulas."""
    load_drawing_library()
    import matplotlib as mpl

    with mpl.rc_context(), warnings.catch_warnings():
        mpl.rcdefaults()
        mpl.rcParams["svg.hashsalt"] = "evidence-pack"
        mpl.rcParams["svg.fonttype"] = "path"
        mpl.rcParams["text.parse_math"] = False
        # A layout that can't be tightened (a very long name) is drawn as it is.
        warnings.simplefilter("ignore", UserWarning)
        yield


def _drawable(finding: Finding) -> Finding:
    """The Finding with every text in characters that the chart's font has; most come back unchanged."""
    import matplotlib as mpl

    change = Legible(covered((Path(mpl.get_data_path(), "fonts", "ttf", "DejaVuSans.ttf"),)))
    whole = finding.as_json(tables=True)
    shown = rewritten_json(whole, change)
    if shown == whole:
        return finding
    tables = {
        rewritten_json(name, change): Table(
            table.columns, tuple(tuple(rewritten_json(list(row), change)) for row in table.rows)
        )
        for name, table in finding.tables.items()
    }
    inputs = tuple(replace(i, corpus=rewritten_json(i.corpus, change)) for i in finding.inputs)
    return replace(
        finding,
        question=shown["question"],
        inputs=inputs,
        left_out=tuple(map(left_out_from_json, shown["left_out"])),
        values=shown["values"],
        tables=tables,
        warnings=tuple(shown["warnings"]),
    )

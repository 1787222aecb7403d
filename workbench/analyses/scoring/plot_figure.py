"""Paints a plot with matplotlib, in black on white: the chart of the pack shows what the desk does, mark for mark."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from workbench.analyses.scoring.drawing import BAND, FONT, INK, PALE, label, prepare
from workbench.core.plot import Band, Dash, Fill, Ink, Line, Mark, Plot, Shape, Side, Upright, Words, piles

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_WIDE, _EDGES, _ROW, _FREE = 7.2, 0.95, 0.165, 2.6
"""Inches: width, what axes and edges take, one row, and a picture with two axes."""

_PILE = 0.02
"""Width of a mark in a pile, as a share of the axis."""

_MARKERS = {
    Shape.SUSPECT: ("D", 6.5),
    Shape.PROTECTED: ("s", 6.0),
    Shape.CONTROL: ("o", 4.6),
    Shape.RING: ("o", 4.6),
    Shape.BASE: ("^", 5.5),
    Shape.SIBLING: ("^", 5.5),
    Shape.LATE: ("s", 5.5),
    Shape.ASIDE: ("X", 5.0),
    Shape.TICK: ("|", 11.0),
    Shape.CELL: ("s", 6.0),
    Shape.HOLLOW_CELL: ("s", 6.0),
}
_FILLED = (Shape.SUSPECT, Shape.PROTECTED, Shape.CELL, Shape.TICK)
_STRONG = (Ink.SUSPECT, Ink.PROTECTED, Ink.STRONG, Ink.ACCENT, Ink.WARN)
_DASHES = {Dash.SOLID: "-", Dash.DASHED: (0, (4, 2)), Dash.DOTTED: (0, (1, 2))}
_SIDES = {Side.LEFT: ("right", "center"), Side.RIGHT: ("left", "center"), Side.ABOVE: ("center", "bottom")}


def paint(plot: Plot, figure: Figure) -> list[tuple[Mark, float, float]]:
    """Paint a plot; returns its marks with the places that they were given, in units of the axes."""
    high = plot.height if plot.rows else 0.0
    prepare(figure, _WIDE, _EDGES + _ROW * high if high else _FREE)
    axes = figure.add_subplot()
    axes.set_xlim(plot.axis.low, plot.axis.high)
    placed = list(plot.placed())
    if plot.second is not None:
        axes.set_ylim(plot.second.low, plot.second.high)
    else:
        axes.set_ylim(max(high, 1.0), 0.0)
    for band in plot.bands:
        _band(axes, band, placed)
    for line in plot.lines:
        _line(axes, plot, line)
    places = _places(plot)
    for mark, (x, y) in zip(plot.marks, places, strict=True):
        _mark(axes, mark, x, y)
    for words in plot.words:
        _words(axes, plot, words)
    _ends(axes, plot)
    return [(mark, x, y) for mark, (x, y) in zip(plot.marks, places, strict=True)]


def _y(plot: Plot, value: float) -> float:
    """Down, from a row or a value of the second axis: 0 is the middle of the first row."""
    if plot.second is not None or not plot.rows:
        return value
    placed = list(plot.placed())
    at = min(max(int(value + 0.5), 0), len(placed) - 1)
    top, foot = placed[at]
    return (top + foot) / 2 + (value - at) * (foot - top)


def _places(plot: Plot) -> list[tuple[float, float]]:
    """Where each mark lies; piled ones give way upwards within their row."""
    wide = _PILE * (plot.axis.high - plot.axis.low)
    rows: dict[int, list[int]] = defaultdict(list)
    for at, mark in enumerate(plot.marks):
        if mark.piled:
            rows[int(mark.y)].append(at)
    lifted: dict[int, float] = {}
    placed = list(plot.placed())
    for row, marks in rows.items():
        levels = piles([plot.marks[at].x for at in marks], wide)
        top, foot = placed[row] if placed else (0.0, 1.0)
        step = min(0.7, (foot - top - 0.6) / max(1, *levels))
        lifted |= {at: foot - 0.35 - level * step for at, level in zip(marks, levels, strict=True)}
    return [(mark.x, lifted.get(at, _y(plot, mark.y))) for at, mark in enumerate(plot.marks)]


def _band(axes: Axes, band: Band, placed: list[tuple[float, float]]) -> None:
    if band.fill is Fill.CLEAR:
        return
    hatched = band.fill is Fill.HATCHED
    face, edge = ("none", PALE) if hatched else (BAND, BAND)
    if band.first is None:
        hatch = "///" if hatched else None
        axes.axvspan(band.low, band.high, zorder=0, hatch=hatch, facecolor=face, edgecolor=edge, linewidth=0.0)
        return
    last = band.first if band.last is None else band.last
    top, foot = placed[band.first][0] + 0.14, placed[last][1] - 0.14
    corners = [band.low, band.high, band.high, band.low]
    axes.fill(corners, [top, top, foot, foot], zorder=0, facecolor=face, edgecolor=edge, linewidth=0.0)


def _line(axes: Axes, plot: Plot, line: Line) -> None:
    shade, wide, dash = INK if line.ink in _STRONG else PALE, 0.7 * line.weight, _DASHES[line.dash]
    if isinstance(line, Upright):
        axes.axvline(line.points[0][0], color=shade, linewidth=wide, linestyle=dash, zorder=1)
        if line.words:
            at = (line.points[0][0], 1.0)
            axes.annotate(
                label(line.words), at, (0, 3), xycoords=axes.get_xaxis_transform(), textcoords="offset points",
                ha="center", fontsize=6.5, fontfamily=FONT, parse_math=False,
            )  # fmt: skip
        return
    xs, ys = [x for x, _ in line.points], [_y(plot, y) for _, y in line.points]
    axes.plot(xs, ys, color=shade, linewidth=wide, linestyle=dash, zorder=1)


def _mark(axes: Axes, mark: Mark, x: float, y: float) -> None:
    strong = mark.strong or mark.ink in _STRONG
    shade = PALE if mark.faded or (mark.ink is not None and not strong) else INK
    if mark.shape is Shape.BAR:
        low = mark.low or 0.0
        axes.barh([y], [x - low], left=low, height=0.62, color=INK if strong else PALE, zorder=2)
    elif mark.shape is not Shape.NONE:
        if mark.low is not None and mark.high is not None:
            axes.plot([mark.low, mark.high], [y, y], color=shade, linewidth=2.2 if strong else 1.0, zorder=2)
        shape, size = _MARKERS[mark.shape]
        face = shade if mark.shape in _FILLED or strong else "white"
        axes.plot(
            [x], [y], linestyle="none", marker=shape, markersize=size, markerfacecolor=face, markeredgecolor=shade,
            markeredgewidth=0.8, zorder=3, clip_on=False,
        )  # fmt: skip
    if mark.label:
        _text(axes, mark.label, x, y, mark.label_side, strong=mark.strong)


def _words(axes: Axes, plot: Plot, words: Words) -> None:
    said = f"{words.words}\n{words.second}" if words.second else words.words
    _text(axes, said, words.x, _y(plot, words.y), words.side, strong=words.strong)


def _text(axes: Axes, said: str, x: float, y: float, side: Side, *, strong: bool) -> None:
    across, up = _SIDES.get(side, ("center", "top" if side is Side.BELOW else "center"))
    away = {Side.LEFT: (-6, 0), Side.RIGHT: (6, 0), Side.ABOVE: (0, 5), Side.BELOW: (0, -5)}.get(side, (0, 0))
    axes.annotate(
        "\n".join(map(label, said.split("\n"))), (x, y), away, textcoords="offset points", ha=across, va=up,
        fontsize=6.5, fontweight="bold" if strong else "normal", fontfamily=FONT, parse_math=False, zorder=4,
    )  # fmt: skip


def _ends(axes: Axes, plot: Plot) -> None:
    """Ticks, names of rows, labels, and no more frame than that."""
    axes.set_xticks([tick.at for tick in plot.axis.ticks])
    axes.set_xticklabels([label(tick.words) for tick in plot.axis.ticks], parse_math=False)
    axes.tick_params(axis="x", labelsize=7)
    named = [(at, row) for at, row in enumerate(plot.rows) if row.name]
    if plot.second is not None:
        axes.set_yticks([tick.at for tick in plot.second.ticks])
        axes.set_yticklabels([label(tick.words) for tick in plot.second.ticks], parse_math=False)
        axes.tick_params(axis="y", labelsize=7)
        axes.set_ylabel(label(plot.second.label, 80), fontsize=7, fontfamily=FONT, parse_math=False)
    else:
        axes.set_yticks([_y(plot, float(at)) for at, _ in named])
        texts = axes.set_yticklabels(
            [label(row.name) for _, row in named], parse_math=False, fontfamily=FONT, fontsize=6.5
        )
        for text, (_, row) in zip(texts, named, strict=True):
            text.set_fontweight("bold" if row.strong else "normal")
        axes.tick_params(axis="y", length=0)
        axes.spines["left"].set_visible(False)
    axes.spines[["top", "right"]].set_visible(False)
    heads = "     ".join(label(said, 80) for _, said, _ in plot.heads)
    if heads:
        axes.set_title(heads, fontsize=7, fontfamily=FONT, parse_math=False)
    notes = "\n".join(label(said, 130) for said in (plot.axis.label, *plot.notes) if said)
    axes.set_xlabel(notes, fontsize=7, fontfamily=FONT, parse_math=False)

"""What the charts share: labels that every renderer can show, and shades that survive grey print."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from workbench.core.text import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FONT = "DejaVu Sans"
_DPI = 150
_MARGIN = 0.08
"""Inches."""
INK, PALE, BAND = "#000000", "#6b6b6b", "#e6e6e6"


def label(text: str, limit: int = 44) -> str:
    """A name as one line that the chart's font can show; what it lacks becomes ⟦U+4E2D⟧ in plain brackets."""
    known = _characters()
    return "".join(c if ord(c) in known else f"[U+{ord(c):04X}]" for c in one_line(text, limit))


@cache
def _characters() -> frozenset[int]:
    from matplotlib.font_manager import findfont
    from matplotlib.ft2font import FT2Font

    return frozenset(FT2Font(findfont(FONT)).get_charmap())


def prepare(figure: Figure, width: float, height: float) -> None:
    """Empty a figure and give it its size in inches; drawing it again gives the same picture."""
    figure.clear()
    # A chart is laid out once and saved in several formats. Letters snap to whole dots in raster images, so that
    # long names come out wider there than in vectors: the layout is made for the raster image's resolution.
    figure.set_dpi(_DPI)
    figure.set_size_inches(width, height)
    figure.set_layout_engine("constrained", w_pad=_MARGIN, h_pad=_MARGIN)
    figure.set_facecolor("white")


def name_rows(axes: Axes, labels: Sequence[str], bold: Sequence[bool]) -> None:
    """Name the rows of a chart from the bottom up; names are never read as mathematics."""
    axes.set_yticks(range(len(labels)))
    texts = axes.set_yticklabels(labels, parse_math=False, fontfamily=FONT, fontsize=6.5)
    for text, strong in zip(texts, bold, strict=True):
        text.set_fontweight("bold" if strong else "normal")
    axes.set_ylim(-0.8, len(labels) - 0.2)


def bare(axes: Axes) -> None:
    """Leave of the frame the lower line alone."""
    axes.tick_params(axis="x", labelsize=7)
    axes.tick_params(axis="y", length=0)
    axes.spines[["top", "right", "left"]].set_visible(False)


FOREST_ROWS = 70
"""Rows that one forest plot can show and still be read."""


def forest_row(axes: Axes, height: int, ends: tuple[float, float], middle: float, *, strong: bool) -> None:
    """One row of a forest plot: the interval and its middle; a black diamond on a band where it is what is asked."""
    if strong:
        axes.axhspan(height - 0.5, height + 0.5, color=BAND, linewidth=0, zorder=0)
    axes.plot(ends, [height, height], color=INK if strong else PALE, linewidth=2.2 if strong else 1.0, zorder=2)
    axes.plot(
        [middle],
        [height],
        marker="D" if strong else "o",
        markersize=6 if strong else 3.6,
        markerfacecolor=INK if strong else "white",
        markeredgecolor=INK,
        markeredgewidth=0.8,
        linestyle="none",
        zorder=3,
    )

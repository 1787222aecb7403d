"""The forest plot of `did`: the real seat among the placebos."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workbench.analyses.scoring.drawing import BAND, FONT, INK, PALE, bare, label, name_rows, prepare
from workbench.core.model import Finding

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_ROWS = 70
"""Rows that one chart can show and still be read."""


def forest(finding: Finding, figure: Figure) -> None:
    """Draw the stated contrast; both ends of the order are kept where there are too many placebos."""
    rows = list(finding.tables["models"].rows)
    shown = rows
    if len(rows) > _ROWS:
        half = _ROWS // 2
        shown = [row for at, row in enumerate(rows) if at < half or at >= len(rows) - half or row[2] != "placebo"]
    prepare(figure, 7.2, 1.6 + 0.155 * len(shown))
    axes = figure.add_subplot()
    for height, row in enumerate(reversed(shown)):
        _row(axes, height, row)
    axes.axvline(0.0, color=INK, linewidth=0.8, zorder=1)
    real = [row[2] != "placebo" for row in reversed(shown)]
    names = [f"{row[2]}: {label(row[1])}" if row[2] != "placebo" else label(row[1]) for row in reversed(shown)]
    name_rows(axes, names, real)
    bare(axes)
    hidden = len(rows) - len(shown)
    more = f"; {hidden} placebos in the middle of the order are not drawn" if hidden else ""
    note = f"{100 * finding.values['confidence']:g} % intervals from drawing the prompts anew{more}"
    axes.set_xlabel(f"{_measure(finding)}\n{note}", fontsize=7, fontfamily=FONT, parse_math=False)
    _legend(figure)


def _measure(finding: Finding) -> str:
    values = finding.values
    newer, older = (label(" and ".join(values[key])) for key in ("baseline", "older"))
    if values["kind"] == "versions":
        return f"similarity to {newer} less to {older},\nbeyond the mean of the other models, in points"
    return (
        f"similarity to the named model: {label(values['suspect'])} less {newer},\nbeyond the others' mean, in points"
    )


def _row(axes: Axes, height: int, row: tuple[Any, ...]) -> None:
    real = row[2] != "placebo"
    if real:
        axes.axhspan(height - 0.5, height + 0.5, color=BAND, linewidth=0, zorder=0)
    axes.plot(row[4:6], [height, height], color=INK if real else PALE, linewidth=2.2 if real else 1.0, zorder=2)
    axes.plot(
        [row[3]],
        [height],
        marker="D" if real else "o",
        markersize=6 if real else 3.6,
        markerfacecolor=INK if real else "white",
        markeredgecolor=INK,
        markeredgewidth=0.8,
        linestyle="none",
        zorder=3,
    )


def _legend(figure: Figure) -> None:
    from matplotlib.lines import Line2D

    real = Line2D([], [], marker="D", color=INK, markersize=5, linewidth=2.2, label="what is asked")
    placebo = Line2D(
        [], [], marker="o", color=INK, markerfacecolor="white", markersize=3.6, linewidth=1, label="placebo"
    )
    figure.legend(
        handles=[real, placebo], loc="outside lower right", ncols=2, frameon=False, prop={"family": FONT, "size": 7}
    )

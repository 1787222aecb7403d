"""The forest plot of `did`: the real seat among the placebos."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.analyses.did.values import PLACEBO, VERSIONS, DidValues, SeatRow
from workbench.analyses.scoring.drawing import FONT, FOREST_ROWS, INK, bare, forest_row, label, name_rows, prepare
from workbench.core.typed_json import read, rows

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from workbench.core.model import Finding


def forest(finding: Finding, figure: Figure) -> None:
    """Draw the stated contrast; both ends of the order are kept where there are too many placebos."""
    values = read(DidValues, finding.values)
    every = rows(SeatRow, finding.tables["models"])
    shown = every
    if len(every) > FOREST_ROWS:
        half = FOREST_ROWS // 2
        shown = [row for at, row in enumerate(every) if at < half or at >= len(every) - half or row.role != PLACEBO]
    prepare(figure, 7.2, 1.6 + 0.155 * len(shown))
    axes = figure.add_subplot()
    for height, row in enumerate(reversed(shown)):
        forest_row(axes, height, (row.low, row.high), row.statistic, strong=row.role != PLACEBO)
    axes.axvline(0.0, color=INK, linewidth=0.8, zorder=1)
    real = [row.role != PLACEBO for row in reversed(shown)]
    names = [f"{row.role}: {label(row.model)}" if row.role != PLACEBO else label(row.model) for row in reversed(shown)]
    name_rows(axes, names, real)
    bare(axes)
    hidden = len(every) - len(shown)
    more = f"; {hidden} placebos in the middle of the order are not drawn" if hidden else ""
    note = f"{100 * values.confidence:g} % intervals from drawing the prompts anew{more}"
    axes.set_xlabel(f"{_measure(values)}\n{note}", fontsize=7, fontfamily=FONT, parse_math=False)
    _legend(figure)


def _measure(values: DidValues) -> str:
    newer, older = (label(" and ".join(names)) for names in (values.baseline, values.older))
    if values.kind == VERSIONS:
        return f"similarity to {newer} less to {older},\nbeyond the mean of the other models, in points"
    return f"similarity to the named model: {label(values.suspect)} less {newer},\nbeyond the others' mean, in points"


def _legend(figure: Figure) -> None:
    from matplotlib.lines import Line2D

    real = Line2D([], [], marker="D", color=INK, markersize=5, linewidth=2.2, label="what is asked")
    placebo = Line2D(
        [], [], marker="o", color=INK, markerfacecolor="white", markersize=3.6, linewidth=1, label="placebo"
    )
    figure.legend(
        handles=[real, placebo], loc="outside lower right", ncols=2, frameon=False, prop={"family": FONT, "size": 7}
    )

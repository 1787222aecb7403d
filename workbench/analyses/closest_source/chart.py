"""The forest plot of `closest_source`: the suspect among the controls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.analyses.closest_source.values import ClosestSourceValues, ModelRow
from workbench.analyses.scoring.drawing import FONT, FOREST_ROWS, INK, bare, forest_row, label, name_rows, prepare
from workbench.core.typed_json import read, rows

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from workbench.core.model import Finding, Table


def forest(finding: Finding, figure: Figure) -> None:
    """Draw the suspect, a black diamond on a band, among the controls, open circles."""
    values = read(ClosestSourceValues, finding.values)
    shown, hidden = _shown(finding.tables["models"])
    prepare(figure, 7.2, 1.5 + 0.155 * len(shown))
    axes = figure.add_subplot()
    for height, row in enumerate(reversed(shown)):
        forest_row(axes, height, (row.low, row.high), row.statistic, strong=row.role == "suspect")
    axes.axvline(values.statistic, color=INK, linewidth=0.8, linestyle=(0, (4, 3)), zorder=1)
    own_row = [row.role == "suspect" for row in reversed(shown)]
    names = [label(row.model) for row in reversed(shown)]
    name_rows(axes, [f"suspect: {n}" if own else n for own, n in zip(own_row, names, strict=True)], own_row)
    bare(axes)
    views = len(values.views)
    unit = f"mean robust z-score over {views} {'view' if views == 1 else 'views'} of the text and both sides"
    closeness = f"closeness to {label(values.protected)} in points:\n{unit}"
    note = f"{100 * values.confidence:g} % intervals from drawing the prompts anew"
    more = f"; {hidden} further controls, none of them among the closest, are not drawn" if hidden else ""
    axes.set_xlabel(f"{closeness}\n{note}{more}", fontsize=7, fontfamily=FONT, parse_math=False)
    _legend(figure)


def _shown(models: Table) -> tuple[list[ModelRow], int]:
    """The rows that are drawn, closest first, and how many controls are not."""
    every = rows(ModelRow, models)
    suspect = [row for row in every if row.role == "suspect"]
    controls = [row for row in every if row.role != "suspect"][: FOREST_ROWS - 1]
    shown = [row for row in every if row in controls or row in suspect]
    return shown, len(every) - len(shown)


def _legend(figure: Figure) -> None:
    from matplotlib.lines import Line2D

    suspect = Line2D([], [], marker="D", color=INK, markersize=5, linewidth=2.2, label="suspect")
    control = Line2D(
        [], [], marker="o", color=INK, markerfacecolor="white", markersize=3.6, linewidth=1, label="control"
    )
    line = Line2D([], [], color=INK, linewidth=0.8, linestyle=(0, (4, 3)), label="the suspect's closeness")
    figure.legend(
        handles=[suspect, control, line],
        loc="outside lower right",
        ncols=3,
        frameon=False,
        prop={"family": FONT, "size": 7},
    )

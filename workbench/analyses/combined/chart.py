"""The chart of an opinion: the suspect among the controls on one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.analyses.combined.values import ClosenessRow, OpinionValues
from workbench.analyses.scoring.drawing import FONT, INK, bare, label, prepare
from workbench.core.typed_json import read, rows

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from workbench.core.model import Finding


def draw(finding: Finding, figure: Figure) -> None:
    """A circle a control, a diamond with its interval for the suspect."""
    values = read(OpinionValues, finding.values)
    placed = rows(ClosenessRow, finding.tables["closeness"])
    prepare(figure, 7.2, 1.6)
    axes = figure.add_subplot()
    bare(axes)
    axes.set_yticks([])
    if not placed:
        axes.text(0.5, 0.5, "No finding compares the models.", ha="center", fontsize=8, fontfamily=FONT)
        return
    for row in placed:
        own = row.role == "suspect"
        if own:
            axes.plot([row.low, row.high], [0, 0], color=INK, linewidth=2.2)
        axes.plot(
            [row.statistic],
            [0],
            marker="D" if own else "o",
            markersize=7 if own else 4.5,
            markerfacecolor=INK if own else "white",
            markeredgecolor=INK,
            markeredgewidth=0.8,
            linestyle="none",
        )
        if own:
            axes.annotate(
                label(row.model),
                (row.statistic, 0),
                (0, 9),
                textcoords="offset points",
                ha="center",
                fontsize=7,
                fontfamily=FONT,
                parse_math=False,
            )
    axes.set_xlabel(
        f"closeness to {label(values.protected)} in points; circles: controls",
        fontsize=7,
        fontfamily=FONT,
        parse_math=False,
    )

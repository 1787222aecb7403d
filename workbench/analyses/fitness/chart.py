"""The two dot charts of `fitness`: what each corpus covers, and how long its answers are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.analyses.fitness.values import DOUBTFUL, FIT, UNFIT, CorpusRow
from workbench.analyses.scoring.drawing import BAND, FONT, INK, PALE, bare, label, name_rows, prepare
from workbench.core.typed_json import rows

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from workbench.core.model import Finding

_MARKS = {FIT: "o", DOUBTFUL: "^", UNFIT: "X"}


def draw(finding: Finding, figure: Figure) -> None:
    """A row a corpus: the share of the suspect's prompts that it answered, and the lengths of its answers."""
    corpora = rows(CorpusRow, finding.tables["corpora"])[::-1]
    prepare(figure, 7.2, 1.4 + 0.155 * len(corpora))
    left, right = figure.subplots(1, 2, sharey=True, width_ratios=[1, 1.4])
    for height, row in enumerate(corpora):
        _draw_row(left, right, height, row)
    marked = [row.role != "control" for row in corpora]
    labels = [label(row.model) + (f" ({row.role})" if row.role != "control" else "") for row in corpora]
    name_rows(left, labels, marked)
    left.set_xlim(-0.04, 1.06)
    left.set_xlabel("share of the suspect's prompts", fontsize=7, fontfamily=FONT)
    right.set_xlabel("characters of an answer:\nmedian, 10th to 90th percentile", fontsize=7, fontfamily=FONT)
    bare(left)
    bare(right)
    _legend(figure)


def _draw_row(left: Axes, right: Axes, height: int, row: CorpusRow) -> None:

    if row.role != "control":
        for axes in (left, right):
            axes.axhspan(height - 0.5, height + 0.5, color=BAND, linewidth=0, zorder=0)
    right.plot([row.length_low, row.length_high], [height, height], color=PALE, linewidth=1, zorder=1)
    for axes, value in ((left, row.coverage), (right, row.length_median)):
        axes.plot(
            [value],
            [height],
            marker=_MARKS[row.verdict],
            markersize=4,
            markerfacecolor="white" if row.verdict == FIT else INK,
            markeredgecolor=INK,
            markeredgewidth=0.8,
            linestyle="none",
            zorder=2,
        )


def _legend(figure: Figure) -> None:
    from matplotlib.lines import Line2D

    handles = [
        Line2D([], [], marker=mark, color=INK, linestyle="none", markersize=4, label=verdict)
        for verdict, mark in _MARKS.items()
    ]
    handles[0].set_markerfacecolor("white")
    figure.legend(handles=handles, loc="outside upper right", ncols=3, frameon=False, prop={"family": FONT, "size": 7})

"""The ranks of all markers on one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.analyses.canaries.values import CanaryValues, RankRow
from workbench.analyses.scoring.drawing import FONT, INK, PALE, bare, prepare
from workbench.core.typed_json import read, rows

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from workbench.core.model import Finding


def ranks(finding: Finding, figure: Figure) -> None:
    """A mark a marker at its rank, on a logarithmic axis; the dotted line is the rank that counts."""
    values = read(CanaryValues, finding.values)
    places = [row.rank for row in rows(RankRow, finding.tables["ranks"]) if row.rank is not None]
    prepare(figure, 7.2, 1.6)
    axes = figure.subplots()
    axes.set_xscale("log")
    axes.set_xlim(0.8, 1.25 * max(2, values.candidates))
    axes.set_ylim(-1, 1)
    axes.axvline(values.within + 0.5, color=PALE, linewidth=0.8, linestyle=(0, (1, 2)))
    axes.plot(places, [0.0] * len(places), linestyle="none", marker="|", markersize=18, color=INK)
    axes.set_yticks([])
    bare(axes)
    axes.set_xlabel(
        f"rank of each marker among {values.candidates:,} candidates (1 is the highest)", fontsize=7, fontfamily=FONT
    )

"""The chart of `canaries`: the ranks of all markers on one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.analyses.canaries.reading import ranks
from workbench.analyses.scoring.plot_figure import paint

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from workbench.core.model import Finding


def draw(finding: Finding, figure: Figure) -> None:
    """A mark a marker at its rank, on a logarithmic axis."""
    paint(ranks(finding, ""), figure)

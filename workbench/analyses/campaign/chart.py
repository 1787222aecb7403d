"""The chart of `campaign`: how the accounts of each cluster move together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.analyses.campaign.reading import synchrony
from workbench.analyses.scoring.plot_figure import paint

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from workbench.core.model import Finding


def draw(finding: Finding, figure: Figure) -> None:
    """A row a cluster at its variance ratio, on the band of its null."""
    paint(synchrony(finding, ""), figure)

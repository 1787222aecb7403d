"""The chart of `exposure`: the effect by how rare the served answer is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.analyses.exposure.reading import by_rarity
from workbench.analyses.scoring.plot_figure import paint

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from workbench.core.model import Finding


def draw(finding: Finding, figure: Figure) -> None:
    """A row for each part of the prompts, from common to rare answers."""
    paint(by_rarity(finding, ""), figure)

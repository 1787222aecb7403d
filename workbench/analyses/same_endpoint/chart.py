"""The chart of `same_endpoint`: how far each model is from the protected one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.analyses.same_endpoint.reading import distances
from workbench.analyses.scoring.plot_figure import paint

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from workbench.core.model import Finding


def draw(finding: Finding, figure: Figure) -> None:
    """A row a model, the nearest on top, beside the protected model's distance from itself."""
    paint(distances(finding, ""), figure)

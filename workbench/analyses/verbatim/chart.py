"""The chart of `verbatim`: the suspect beside every control."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.analyses.scoring.plot_figure import paint
from workbench.analyses.verbatim.reading import scores

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from workbench.core.model import Finding


def draw(finding: Finding, figure: Figure) -> None:
    """A row a model, the largest on top."""
    paint(scores(finding, ""), figure)

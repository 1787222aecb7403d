"""The chart of `training_set`: the published rows that agree with each model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.analyses.scoring.plot_figure import paint
from workbench.analyses.training_set.reading import shares

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from workbench.core.model import Finding


def draw(finding: Finding, figure: Figure) -> None:
    """A bar a model, the protected side on top."""
    paint(shares(finding, ""), figure)

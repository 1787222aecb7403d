"""The chart of `keyed_signal`: the marks of the suspect beside those under random keys and those of controls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.analyses.keyed_signal.reading import marks
from workbench.analyses.scoring.plot_figure import paint

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from workbench.core.model import Finding


def draw(finding: Finding, figure: Figure) -> None:
    """Four rows: suspect, positive sample, random keys, controls."""
    paint(marks(finding, ""), figure)

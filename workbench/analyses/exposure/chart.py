"""The effect by how rare the served answer is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.analyses.exposure.values import TenthRow
from workbench.analyses.scoring.drawing import FONT, INK, PALE, prepare
from workbench.core.typed_json import rows

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from workbench.core.model import Finding


def by_rarity(finding: Finding, figure: Figure) -> None:
    """A dot with its interval for each part of the prompts, from common to rare answers."""
    parts = rows(TenthRow, finding.tables["by_rarity"])
    prepare(figure, 7.2, 2.6)
    axes = figure.subplots()
    for row in parts:
        axes.plot([row.tenth, row.tenth], [row.low, row.high], color=PALE, linewidth=1.2)
    axes.plot([r.tenth for r in parts], [r.mean for r in parts], linestyle="none", marker="D", markersize=5, color=INK)
    axes.axhline(0.0, color=INK, linewidth=0.6)
    axes.set_xticks([row.tenth for row in parts])
    axes.tick_params(labelsize=7)
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_ylabel("served less siblings, in sd", fontsize=7, fontfamily=FONT)
    axes.set_xlabel("prompts from common to rare served answers", fontsize=7, fontfamily=FONT)

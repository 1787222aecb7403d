"""The strip of scores of `verbatim`: the suspect beside every control."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.analyses.scoring.drawing import FONT, FOREST_ROWS, INK, PALE, bare, label, name_rows, prepare
from workbench.analyses.verbatim.values import ModelRow, VerbatimValues
from workbench.core.typed_json import read, rows

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from workbench.core.model import Finding


def scores(finding: Finding, figure: Figure) -> None:
    """A bar a model, the largest on top; the suspect's is black."""
    values = read(VerbatimValues, finding.values)
    models = rows(ModelRow, finding.tables["by_model"])
    shown = sorted(models[1:], key=lambda row: row.score, reverse=True)[: FOREST_ROWS - 1]
    shown = sorted([models[0], *shown], key=lambda row: row.score)
    prepare(figure, 7.2, 1.2 + 0.18 * len(shown))
    axes = figure.subplots()
    own = [row.model == values.suspect for row in shown]
    colours = [INK if one else PALE for one in own]
    axes.barh(range(len(shown)), [row.score for row in shown], color=colours, height=0.6)
    name_rows(axes, [label(row.model) for row in shown], own)
    bare(axes)
    axes.set_xlabel(
        f"bits of unpredictable text shared with {label(values.protected)}, above {values.threshold:.0f} a prompt",
        fontsize=7,
        fontfamily=FONT,
        parse_math=False,
    )

"""The share of published rows that agree with each model's answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.analyses.scoring.drawing import FONT, FOREST_ROWS, INK, PALE, bare, label, name_rows, prepare
from workbench.analyses.training_set.values import ModelRow
from workbench.core.typed_json import rows

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from workbench.core.model import Finding


def shares(finding: Finding, figure: Figure) -> None:
    """A bar a model: equal rows dark, other agreements pale; the protected side on top."""
    models = rows(ModelRow, finding.tables["by_model"])
    own = [row for row in models if row.role == "protected"]
    others = sorted((row for row in models if row.role != "protected"), key=lambda row: -row.share_of_set)
    shown = (own + others)[:FOREST_ROWS][::-1]
    prepare(figure, 7.2, 1.2 + 0.18 * len(shown))
    axes = figure.subplots()
    totals = [row.pairs + row.equal + row.near + row.runs for row in shown]
    places = range(len(shown))
    axes.barh(places, totals, color=PALE, height=0.6)
    axes.barh(places, [row.pairs + row.equal for row in shown], color=INK, height=0.6)
    name_rows(axes, [label(row.model) for row in shown], [row.role == "protected" for row in shown])
    bare(axes)
    axes.set_xlabel("published rows that agree with an answer (black: word for word)", fontsize=7, fontfamily=FONT)

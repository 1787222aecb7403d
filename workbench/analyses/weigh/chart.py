"""The chart of `weigh`: the suspect's LRs above those of the controls in either seat."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.analyses.scoring.drawing import FONT, label, name_rows, prepare
from workbench.analyses.scoring.lr_chart import lr_row, scale, strip, title
from workbench.analyses.weigh.values import PROTECTED_SEAT, SUSPECT_SEAT, LrRow, WeighValues
from workbench.core.statistics.fitted_calibration import ANY, DERIVED, DISTILLED, ORIGIN
from workbench.core.typed_json import read, rows

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from workbench.core.model import Finding

_NAMED = {
    ANY: "a source",
    DISTILLED: "trained on answers",
    DERIVED: "derived or relayed",
    ORIGIN: "derived, not trained\n(if a source)",
}
_STRIPS = ((SUSPECT_SEAT, "each control\nas the suspect"), (PROTECTED_SEAT, "each control\nas the protected"))


def draw(finding: Finding, figure: Figure) -> None:
    """The suspect's LRs above, and below them the controls' in either seat."""
    values = read(WeighValues, finding.values)
    lrs = rows(LrRow, finding.tables["lrs"])
    strips = [(name, [row.log10_lr for row in lrs if row.kind == kind]) for kind, name in _STRIPS]
    strips = [(name, some) for name, some in strips if some]
    prepare(figure, 7.2, 2.0 + 0.42 * (len(values.questions) + len(strips)))
    axes = figure.add_subplot()
    labels = []
    for height, (name, some) in enumerate(reversed(strips)):
        strip(axes, height, some)
        labels.append(name)
    for height, key in enumerate(reversed(values.asked), len(strips)):
        lr_row(axes, height, values.questions[key], strong=key == ANY)
        labels.append("any of these" if key == ANY and ORIGIN not in values.questions else _NAMED[key])
    name_rows(axes, labels, [False] * (len(labels) - 1) + [True])
    scale(axes, list(values.questions.values()))
    title(axes, values.envelope)
    words = f"log10 LR of {label(values.suspect)} against {label(values.protected)}"
    note = (
        f"bars: {100 * values.confidence:g} % intervals; brackets: reporting caps; hollow diamonds: before the cap; "
        "circles: within it"
    )
    axes.set_xlabel(f"{words}\n{note}", fontsize=7, fontfamily=FONT, parse_math=False)

"""The chart of `source_search`: the candidates in order of their likelihood ratios."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.analyses.scoring.drawing import FONT, label, name_rows, prepare
from workbench.analyses.scoring.lr_chart import lr_row, scale, title
from workbench.analyses.source_search.values import SearchValues
from workbench.core.typed_json import read

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from workbench.core.model import Finding

_ROWS = 60
"""Candidates that one chart can show and still be read."""


def draw(finding: Finding, figure: Figure) -> None:
    """Each candidate a row; the leader, if it may be named, on a band, and what is tied with it marked so."""
    values = read(SearchValues, finding.values)
    shown = values.candidates[:_ROWS]
    prepare(figure, 7.2, 1.7 + 0.2 * len(shown))
    axes = figure.add_subplot()
    labels = []
    for height, one in enumerate(reversed(shown)):
        lr_row(axes, height, one, strong=one.family == values.answer)
        labels.append(_named(one.family, tied=one.tied_with_leader, protected=one.family == values.protected))
    name_rows(axes, labels, [one.family == values.answer for one in reversed(shown)])
    scale(axes, shown)
    title(axes, values.envelope)
    words = f"log10 LR of {label(values.suspect)} against each candidate family"
    note = f"bars: {100 * values.confidence:g} % intervals; brackets: reporting caps; hollow: before the cap"
    hidden = len(values.candidates) - len(shown)
    more = f"; {hidden} further candidates, lower than these, are not drawn" if hidden else ""
    axes.set_xlabel(f"{words}\n{note}{more}", fontsize=7, fontfamily=FONT, parse_math=False)


def _named(family: str, *, tied: bool, protected: bool) -> str:
    marks = ["protected"] * protected + ["tied"] * tied
    return f"{label(family)} ({', '.join(marks)})" if marks else label(family)

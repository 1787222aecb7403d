"""What else could explain it: each other explanation, what was done about it, what came of it, and what that means."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout

from workbench.core.finding_page import Bearing
from workbench.core.reading import Explained
from workbench.gui.look.theme import Type
from workbench.gui.parts.labels import SECOND, THIRD, Sign, rule, text
from workbench.gui.parts.panels import Card, empty
from workbench.gui.words import tr

_SIGNS = {
    Bearing.NO: ("ok", "accent"),
    Bearing.LESS: ("ok", "accent"),
    Bearing.PARTLY: ("info", "ink2"),
    Bearing.MAY: ("warning", "warn"),
    Bearing.OPEN: ("warning", "warn"),
}
_SHARES = (4, 5, 5, 0, 4)


class ExplainedCard(Card):
    """The other explanations as a table of four columns; an open one has a sign of warning and says so."""

    def __init__(self) -> None:
        super().__init__(tr("What else could explain it"), "x")
        self.grid = QGridLayout()
        self.grid.setHorizontalSpacing(14)
        self.grid.setVerticalSpacing(6)
        for at, share in enumerate(_SHARES):
            self.grid.setColumnStretch(at, share)
        self.add(self.grid)

    def show_explanations(self, found: Sequence[Explained]) -> None:
        """Show others."""
        empty(self.grid)
        self.setVisible(bool(found))
        open_ = sum(one.so == Bearing.OPEN for one in found)
        self.beside.setText(tr("{n} of {all} open", n=open_, all=len(found)))
        heads = (tr("Explanation"), tr("What was done"), tr("Result"), "", tr("So it"))
        for at, head in enumerate(heads):
            self.grid.addWidget(text(head, Type.GROUP, THIRD, wrap=False), 0, at)
        top = Qt.AlignmentFlag.AlignTop
        for number, one in enumerate(found):
            line = 2 * number + 1
            self.grid.addWidget(rule(), line, 0, 1, len(heads))
            self.grid.addWidget(text(one.what, Type.SECOND_MEDIUM), line + 1, 0, top)
            self.grid.addWidget(text(one.done, Type.SECOND, SECOND), line + 1, 1, top)
            self.grid.addWidget(
                text(one.result or tr("nothing"), Type.SECOND, SECOND if one.result else THIRD), line + 1, 2, top
            )
            so = text(f"{one.so}, {one.but}" if one.but else str(one.so), Type.SECOND)
            # The sign has a column of its own, so that the words beside it get the height that they need.
            self.grid.addWidget(Sign(*_SIGNS[one.so], 14), line + 1, 3, top)
            self.grid.addWidget(so, line + 1, 4, top)

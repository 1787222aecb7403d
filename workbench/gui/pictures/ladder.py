"""The ladder of claims: what is reached, by which finding, and what was not asked."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget
from typing_extensions import override

from workbench.gui.look.theme import Type, theme
from workbench.gui.parts.labels import THIRD, LinkLabel, text
from workbench.gui.parts.panels import empty
from workbench.gui.words import tr

if TYPE_CHECKING:
    from workbench.app.desk.findings import Rung

CONFIRMED, EXPLORED, NOT_REACHED, NOT_ASKED, UNFIT = "confirmed", "explored", "not reached", "not asked", "unfit"
_HIGH, _ROUND = 25, 20


class _RungMark(QWidget):
    """The circle of a rung: full, dashed, grey, crossed, or red."""

    def __init__(self, number: int, reach: str, *, first: bool, last: bool) -> None:
        super().__init__()
        self._number, self._reach, self._first, self._last = number, reach, first, last
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)

    @override
    def sizeHint(self) -> QSize:
        return QSize(theme().px(34), theme().px(_HIGH))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        size = look.px(_ROUND)
        middle = self.height() / 2
        x = 1 + size / 2
        painter.setPen(QPen(look.color("hair"), 2))
        if not self._first:
            painter.drawLine(QLineF(x, 0, x, middle - size / 2))
        if not self._last:
            painter.drawLine(QLineF(x, middle + size / 2, x, self.height()))
        box = QRectF(1, middle - size / 2, size, size).adjusted(1, 1, -1, -1)
        ground, edge, ink, dashed = {
            CONFIRMED: ("accent", "accent", "on_accent", False),
            EXPLORED: ("surface", "accent", "accent_ink", True),
            UNFIT: ("bad_tint", "bad", "bad", False),
        }.get(self._reach, ("surface", "strong", "ink3", False))
        pen = QPen(look.color(edge), 1.6)
        if dashed:
            pen.setDashPattern([2.2, 1.8])
        painter.setPen(pen)
        painter.setBrush(look.color(ground))
        painter.drawEllipse(box)
        stub = QPen(look.color(edge), 1.6)
        if dashed:
            stub.setDashPattern([1.6, 1.4])
        painter.setPen(stub)
        painter.drawLine(QLineF(box.right() + 1, middle, box.right() + 1 + look.px(8), middle))
        painter.setPen(look.color(ink))
        painter.setFont(look.font(Type.GROUP))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(self._number))
        if self._reach == NOT_REACHED:
            painter.setPen(QPen(look.color("control"), 1.6))
            painter.drawLine(QLineF(box.left() + 2, box.bottom() - 2, box.right() - 2, box.top() + 2))


class Ladder(QWidget):
    """All rungs, the highest at the top; `opened` carries the number of a finding."""

    opened = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(2)
        self._grid.setVerticalSpacing(0)
        self._grid.setColumnStretch(1, 1)
        self.setAccessibleName(tr("Ladder of claims"))

    def show_rungs(self, rungs: Sequence[Rung]) -> None:
        """Show what is reached."""
        empty(self._grid)
        for at, rung in enumerate(reversed(rungs)):
            reach = str(rung.reach.value)
            mark = _RungMark(rung.number, reach, first=at == 0, last=at == len(rungs) - 1)
            quiet = reach in (NOT_ASKED, NOT_REACHED)
            strong = reach == CONFIRMED
            type_ = Type.SECOND_MEDIUM if strong else Type.SECOND
            said = text(tr(rung.words), type_, THIRD if quiet else "")
            said.setAccessibleName(f"{rung.number}: {tr(rung.words)}, {tr(reach)}")
            self._grid.addWidget(mark, at, 0)
            self._grid.addWidget(said, at, 1)
            self._grid.addWidget(self._beside(rung, reach), at, 2, Qt.AlignmentFlag.AlignRight)
            self._grid.setRowMinimumHeight(at, theme().px(_HIGH))

    def _beside(self, rung: Rung, reach: str) -> QWidget:
        if reach == NOT_ASKED or not rung.finding:
            return text(tr("not asked"), Type.SECOND, THIRD, wrap=False)
        words = tr("finding {n}", n=rung.finding)
        if reach == NOT_REACHED:
            words = tr("{n}, not reached", n=rung.finding)
        link = LinkLabel(words, partial(self.opened.emit, rung.finding))
        link.setAccessibleName(f"{words}: {tr(rung.words)}, {tr(reach)}")
        return link

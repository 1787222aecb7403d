"""A measure of the material beside what was tried: a bar for what a calibration saw, a mark for what is here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget
from typing_extensions import override

from workbench.gui.look.theme import Type, theme
from workbench.gui.parts.labels import WARN, ShortLabel, text
from workbench.gui.parts.panels import empty

if TYPE_CHECKING:
    from workbench.core.reading import Tried

_SHOWN = 5


class _Range(QWidget):
    """One bar; a mark outside of it is a triangle, one inside a dot."""

    def __init__(self, tried: Tried) -> None:
        super().__init__()
        self._tried = tried
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @override
    def sizeHint(self) -> QSize:
        return QSize(theme().px(90), theme().px(18))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        look, tried = theme(), self._tried
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        low, high = min(tried.low, tried.here), max(tried.high, tried.here)
        room = (high - low or 1.0) * 0.3
        low, high = low - room, high + room
        middle, wide = self.height() / 2, self.width() - 1

        def x(value: float) -> float:
            return (value - low) / (high - low) * wide

        painter.setPen(QPen(look.color("hair"), 1))
        painter.drawLine(QLineF(0, middle, wide, middle))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.color("heat2"))
        high_bar = look.px(9)
        painter.drawRoundedRect(
            QRectF(x(tried.low), middle - high_bar / 2, max(3.0, x(tried.high) - x(tried.low)), high_bar), 2, 2
        )
        size = look.px(5)
        at = QPointF(x(tried.here), middle)
        if tried.outside:
            painter.setBrush(look.color("warn"))
            corners = (QPointF(0, -size), QPointF(size, size * 0.9), QPointF(-size, size * 0.9))
            painter.drawPolygon(QPolygonF([at + corner for corner in corners]))
        else:
            painter.setBrush(look.color("ink1"))
            painter.drawEllipse(at, size * 0.75, size * 0.75)


class Ranges(QWidget):
    """Some measures one below the other, what lies outside first."""

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(3)
        self._grid.setColumnStretch(0, 3)
        self._grid.setColumnStretch(1, 2)

    def show_ranges(self, ranges: Sequence[Tried]) -> int:
        """Show the first of them; returns how many are not shown."""
        empty(self._grid)
        outside = sum(one.outside for one in ranges)
        shown = list(ranges[: max(_SHOWN - 1, min(outside + 1, _SHOWN + 2))])
        for at, tried in enumerate(shown):
            name = tried.name[:1].upper() + tried.name[1:]
            self._grid.addWidget(ShortLabel(name, Type.SECOND), at, 0)
            bar = _Range(tried)
            state = "outside" if tried.outside else "inside"
            bar.setAccessibleName(f"{name}: {tried.words}, {state} {tried.low:g} to {tried.high:g}")
            bar.setToolTip(f"{tried.low:g} – {tried.high:g}")
            self._grid.addWidget(bar, at, 1)
            value = text(
                tried.words, Type.SECOND_STRONG if tried.outside else Type.SECOND, WARN if tried.outside else ""
            )
            value.setWordWrap(False)
            self._grid.addWidget(value, at, 2, Qt.AlignmentFlag.AlignRight)
        return len(ranges) - len(shown)

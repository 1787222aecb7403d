"""The path of a case: six stations in a line, each a button that leads to its page."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget
from typing_extensions import override

from workbench.gui.look.icons import paint_icon
from workbench.gui.look.theme import Type, theme
from workbench.gui.parts.panels import empty
from workbench.gui.words import tr

if TYPE_CHECKING:
    from workbench.app.desk.overview import Station

DONE, NEXT = "done", "next"
_ROUND = 22


class StationButton(QAbstractButton):
    """One station: full with a tick where it is done, a ring where it is next, grey where it is to come."""

    def __init__(self, number: int, station: Station, *, last: bool) -> None:
        super().__init__()
        self._number, self.station, self._last = number, station, last
        self.setText(tr(station.name))
        self.setAccessibleName(f"{tr(station.name)}: {station.said}")
        self.setAccessibleDescription(tr(station.state))
        self.setToolTip(station.said)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @override
    def sizeHint(self) -> QSize:
        look = theme()
        words = look.metrics(Type.HEAD).height() + look.metrics(Type.SECOND).height()
        return QSize(look.px(120), look.px(_ROUND) + words + look.px(12))

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(theme().px(70), self.sizeHint().height())

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        look, station = theme(), self.station
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            painter.translate(self.width(), 0)
            painter.scale(-1, 1)
        size = look.px(_ROUND)
        box = QRectF(2, 2, size - 2, size - 2)
        done, next_ = station.state == DONE, station.state == NEXT
        if not self._last:
            painter.setPen(QPen(look.color("accent" if done else "hair"), 2))
            painter.drawLine(QLineF(size + look.px(8), box.center().y(), self.width() - look.px(8), box.center().y()))
        painter.setPen(QPen(look.color("accent" if done or next_ else "control"), 2 if next_ else 1.4))
        painter.setBrush(look.color("accent" if done else "surface"))
        painter.drawEllipse(box)
        painter.resetTransform()
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        place = QRectF(self.width() - box.right(), box.top(), box.width(), box.height()) if mirrored else box
        if done:
            paint_icon(painter, "tick", place.adjusted(3, 3, -3, -3), look.color("on_accent"))
        else:
            painter.setPen(look.color("accent_ink" if next_ else "ink3"))
            painter.setFont(look.font(Type.GROUP))
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, str(self._number))
        self._words(painter, size, next_=next_ or done)

    def _words(self, painter: QPainter, size: int, *, next_: bool) -> None:
        look = theme()
        top = size + look.px(7)
        room = self.width() - look.px(6)
        for said, type_, ink in (
            (self.text(), Type.HEAD, "ink1" if next_ or self.underMouse() else "ink2"),
            (self.station.said, Type.SECOND, "ink2" if next_ else "ink3"),
        ):
            metrics = look.metrics(type_)
            painter.setFont(look.font(type_))
            painter.setPen(look.color(ink))
            short = metrics.elidedText(said, Qt.TextElideMode.ElideRight, room)
            start = int(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignTop)
            painter.drawText(QRectF(0, top, room, metrics.height() + 2), start, short)
            top += metrics.height() + 1


class PathOfCase(QWidget):
    """All stations; `followed` carries the place of the one that was pressed."""

    followed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        self.setAccessibleName(tr("The path of the case"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_stations(self, stations: Sequence[Station]) -> None:
        """Show other stations."""
        empty(self._row)
        for at, station in enumerate(stations, start=1):
            made = StationButton(at, station, last=at == len(stations))
            made.clicked.connect(partial(self.followed.emit, station.place))
            self._row.addWidget(made, 1)

    def stations(self) -> list[StationButton]:
        """The buttons in their order."""
        return self.findChildren(StationButton)

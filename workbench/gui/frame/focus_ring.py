"""The ring round whatever has the focus: two pixels of accent, two pixels off, always visible."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QApplication,
    QMainWindow,
    QScrollArea,
    QSlider,
    QTabBar,
    QWidget,
)
from shiboken6 import isValid
from typing_extensions import override

from workbench.gui.look.theme import theme

_OFF = 4
RING = "ring"
"""A widget whose property of this name is set wears the ring; buttons wear it anyway."""


class FocusRing(QWidget):
    """Lies over a window, lets the mouse through, and follows the focus."""

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._on: QWidget | None = None
        self._watched: list[QWidget] = []
        self._shown = QRect()
        self.hide()
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._moved)

    def _moved(self, old: QWidget | None, new: QWidget | None) -> None:
        for widget in filter(isValid, self._watched):
            widget.removeEventFilter(self)
        self._watched = []
        self._on = new if new is not None and new.window() is self.window() and wears_ring(new) else None
        at: QWidget | None = self._on
        while at is not None and at is not self.window():
            at.installEventFilter(self)
            self._watched.append(at)
            at = at.parentWidget()
        self._follow()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Hide, QEvent.Type.Show):
            self._follow()
        return super().eventFilter(watched, event)

    def _follow(self) -> None:
        on = self._on
        if on is None or not isValid(on) or not on.isVisible():
            self.hide()
            return
        window = self.window()
        box = QRect(on.mapTo(window, QPoint(0, 0)), on.size()).adjusted(-_OFF, -_OFF, _OFF, _OFF)
        clip = QRect(QPoint(0, 0), window.size())
        at = on.parentWidget()
        while at is not None and at is not window:
            area = at.parentWidget()
            if isinstance(area, QAbstractScrollArea) and area.viewport() is at:
                clip &= QRect(at.mapTo(window, QPoint(0, 0)), at.size())
            at = at.parentWidget()
        self._shown = box
        self.setGeometry(box & clip)
        self.show()
        self.raise_()
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme().color("accent"), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        box = QRectF(self._shown.translated(-self.pos())).adjusted(1, 1, -1, -1)
        radius = 12 if self._on is not None and self._on.objectName() in ("card", "well") else 8
        painter.drawRoundedRect(box, radius, radius)


def wears_ring(widget: QWidget) -> bool:
    """Whether the ring is drawn round a widget; fields have an edge of their own, lists their row."""
    if isinstance(widget, QScrollArea):
        return False
    return isinstance(widget, QAbstractButton | QSlider | QTabBar) or bool(widget.property(RING))

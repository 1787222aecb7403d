"""A toast: says what was done, for eight seconds, with a way to undo it. One at a time."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QColor, QEnterEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QGraphicsDropShadowEffect, QHBoxLayout, QPushButton, QWidget
from typing_extensions import override

from workbench.gui.look.icons import paint_icon
from workbench.gui.look.theme import Type, set_type, theme
from workbench.gui.parts.buttons import paint_key
from workbench.gui.parts.labels import text
from workbench.gui.words import tr

_SHOWN = 8000
_EDGE = 20


class _Undo(QPushButton):
    """The button in a toast, on its dark ground."""

    def __init__(self) -> None:
        super().__init__(tr("Undo"))
        set_type(self, Type.HEAD)
        self.setFlat(True)
        self.setFixedHeight(theme().px(26))
        self.setMinimumWidth(theme().px(108))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink = look.color("on_inverse")
        painter.setPen(ink)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), 5, 5)
        painter.setFont(self.font())
        painter.drawText(self.rect().adjusted(10, 0, 0, 0), int(Qt.AlignmentFlag.AlignVCenter), self.text())
        paint_key(painter, "Ctrl Z", self.width() - 8, self.height() / 2, ink, framed=False)


class Toast(QFrame):
    """Floats at the foot of a window; it waits while the mouse or the focus is on it."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._over = over
        self._act: Callable[[], object] | None = None
        self.said = text("", Type.STRONG, wrap=True)
        self.said.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        self.undo = _Undo()
        self.undo.clicked.connect(self._undone)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(38, 9, 10, 9)
        layout.setSpacing(12)
        layout.addWidget(self.said, 1)
        layout.addWidget(self.undo)
        shadow = QGraphicsDropShadowEffect(self)
        shadow.setBlurRadius(28)
        shadow.setOffset(0, 6)
        shadow.setColor(QColor(0, 0, 0, 90))
        self.setGraphicsEffect(shadow)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_SHOWN)
        self._timer.timeout.connect(self._over_now)
        self.hide()
        over.installEventFilter(self)

    def say(self, said: str, undo: Callable[[], object] | None = None) -> None:
        """Say what was done; `undo` puts a button into it."""
        self._act = undo
        self.said.setText(said)
        self.setAccessibleName(said)
        self.undo.setVisible(undo is not None)
        palette = self.said.palette()
        self.said.setStyleSheet(f"color: {theme().tokens.on_inverse}")
        self.said.setPalette(palette)
        self.show()
        self._place()
        self.raise_()
        self._timer.start()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, said))

    def close_now(self) -> None:
        """Take it away."""
        self._timer.stop()
        self._act = None
        self.hide()

    def _undone(self) -> None:
        act = self._act
        self.close_now()
        if act is not None:
            act()

    def _over_now(self) -> None:
        if self.underMouse() or self.undo.hasFocus():
            self._timer.start()
        else:
            self.close_now()

    def _place(self) -> None:
        room = self._over.width() - 2 * _EDGE
        button = self.undo.sizeHint().width() + 12 if self.undo.isVisibleTo(self) else 0
        wide = self.said.fontMetrics().horizontalAdvance(self.said.text()) + 56 + button
        self.setFixedWidth(min(room, max(wide, theme().px(220)), theme().px(620)))
        high = self.layout()
        self.resize(self.width(), high.heightForWidth(self.width()) if high is not None else self.height())
        foot = theme().px(28) + _EDGE
        left = (
            _EDGE
            if self.layoutDirection() is Qt.LayoutDirection.RightToLeft
            else self._over.width() - self.width() - _EDGE
        )
        self.move(QPoint(left, self._over.height() - self.height() - foot))

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._over and event.type() is QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    @override
    def enterEvent(self, event: QEnterEvent) -> None:
        self._timer.start()
        super().enterEvent(event)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.color("inverse"))
        painter.drawRoundedRect(self.rect(), 8, 8)
        size = look.px(16)
        left = self.width() - 14 - size if self.layoutDirection() is Qt.LayoutDirection.RightToLeft else 14
        place = self.rect().adjusted(0, 0, 0, 0)
        place.setRect(left, (self.height() - size) // 2, size, size)
        paint_icon(painter, "tick", place, look.color("on_inverse"))

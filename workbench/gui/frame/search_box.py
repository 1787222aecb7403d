"""What looks like a field in the corner of the menu bar and opens the palette."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton
from typing_extensions import override

from workbench.gui.look.icons import paint_icon
from workbench.gui.look.theme import Type, set_type, theme
from workbench.gui.parts.buttons import paint_key
from workbench.gui.words import tr

_WIDE, _HIGH = 330, 26


class SearchBox(QAbstractButton):
    """A button in the shape of a field."""

    def __init__(self, act: Callable[[], object], keys: str) -> None:
        super().__init__()
        self._keys = keys
        self.setText(tr("Search or do anything"))
        self.setAccessibleName(tr("Search or do anything"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        set_type(self, Type.SECOND)

        def pressed() -> None:
            act()

        self.clicked.connect(pressed)

    @override
    def sizeHint(self) -> QSize:
        return QSize(theme().px(_WIDE), max(theme().px(_HIGH), self.fontMetrics().height() + 8))

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(theme().px(90), self.sizeHint().height())

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(0.5, 1.5, -6.5, -1.5)
        painter.setPen(QPen(look.color("control"), 1))
        painter.setBrush(look.color("sunken" if self.underMouse() else "surface"))
        painter.drawRoundedRect(box, 6, 6)
        size = look.px(14)
        paint_icon(painter, "search", QRectF(9, self.height() / 2 - size / 2, size, size), look.color("ink3"))
        painter.setPen(look.color("ink3"))
        painter.setFont(self.font())
        right = paint_key(painter, self._keys, box.right() - 5, self.height() / 2, look.color("ink2"))
        room = QRectF(9 + size + 7, 0, right - size - 20, self.height())
        said = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, int(room.width()))
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter), said)

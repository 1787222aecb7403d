"""The field that filters or finds: a glass before the words, the key that leads to it behind them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QStringListModel, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QCompleter, QLineEdit
from typing_extensions import override

from workbench.gui.look.icons import paint_icon
from workbench.gui.look.theme import Type, set_type, theme
from workbench.gui.parts.buttons import key_width, paint_key


class FilterField(QLineEdit):
    """Emits `typed` with every change; Esc empties it, then lets go."""

    typed = Signal(str)
    left = Signal()
    """Esc was pressed in the empty field, or the list below is to be walked."""

    def __init__(self, name: str, hint: str, keys: str = "") -> None:
        super().__init__()
        self._keys = keys
        self.setAccessibleName(name)
        self.setPlaceholderText(hint)
        set_type(self, Type.BODY)
        self._room()
        theme().changed.connect(self._room)
        self.textChanged.connect(self.typed)

    def _room(self) -> None:
        right = key_width(self._keys) + 8 if self._keys else 4
        self.setTextMargins(theme().px(20), 0, right, 0)

    def complete(self, words: Sequence[str]) -> None:
        """Offer words while typing, such as `role:control`."""
        completer = self.completer()
        if completer is None:
            completer = QCompleter(self)
            completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
            completer.setModel(QStringListModel(self))
            self.setCompleter(completer)
        model = completer.model()
        if isinstance(model, QStringListModel):
            model.setStringList(list(words))

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            if self.text():
                self.clear()
            else:
                self.left.emit()
            event.accept()
        elif event.key() == Qt.Key.Key_Down:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        look = theme()
        size = look.px(14)
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        left = self.width() - size - 9 if mirrored else 9
        place = self.rect().adjusted(0, 0, 0, 0)
        place.setLeft(left)
        place.setWidth(size)
        paint_icon(painter, "search", place, look.color("ink3"))
        if self._keys and not self.text():
            right = 8 + key_width(self._keys) if mirrored else self.width() - 8
            paint_key(painter, self._keys, right, self.height() / 2, look.color("ink2"))

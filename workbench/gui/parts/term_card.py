"""A card that says what the words of a page mean, where they stand; it goes with Esc or a click beside it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QWidget
from shiboken6 import isValid
from typing_extensions import override

from workbench.gui.look.theme import Type, theme
from workbench.gui.parts.labels import THIRD, LinkLabel, text, two_tone
from workbench.gui.parts.panels import Scroll, column, row
from workbench.gui.words import tr

_WIDE, _HIGH = 440, 420


class TermCard(QFrame):
    """The words of the glossary that stand in a text, each with its meaning."""

    def __init__(self, said: str, go: Callable[[str], object], parent: QWidget) -> None:
        super().__init__(parent.window())
        from workbench.app.desk.help import terms_in

        self.setObjectName("raised")
        self.setAccessibleName(tr("What the words mean"))
        self.terms = terms_in(said)
        self._before: QWidget | None = None
        lines = column(spacing=8)
        for term in self.terms:
            lines.addWidget(two_tone(term.word, term.meaning))
        if not self.terms:
            lines.addWidget(text(tr("No word on this page is in the glossary."), Type.BODY, THIRD))
        lines.addStretch(1)
        inside = QWidget()
        inside.setLayout(lines)
        self.all = LinkLabel(tr("All words"), lambda: self._leave(go))
        head = row(text(tr("What the words here mean"), Type.HEAD, wrap=False), 1, self.all)
        self.setLayout(column(head, Scroll(inside), spacing=10, margins=(14, 12, 14, 12)))
        self.setFixedSize(theme().px(_WIDE), theme().px(_HIGH))

    def _leave(self, go: Callable[[str], object]) -> None:
        self._end()
        go("help/glossary")

    def show_below(self, widget: QWidget) -> None:
        """Show it below a widget, inside of its window."""
        window = widget.window()
        corner = widget.mapTo(window, QPoint(0, widget.height() + 6))
        left = max(8, min(corner.x() - self.width() // 2, window.width() - self.width() - 8))
        top = max(8, min(corner.y(), window.height() - self.height() - 8))
        self.move(left, top)
        self._before = QApplication.focusWidget()
        self.show()
        self.raise_()
        self.all.setFocus(Qt.FocusReason.PopupFocusReason)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._moved)

    def _moved(self, old: QWidget | None, new: QWidget | None) -> None:
        """What gets the focus beside it sends it away."""
        if new is not None and new is not self and not self.isAncestorOf(new):
            self._end()

    def _end(self) -> None:
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.disconnect(self._moved)
        self.hide()
        self.deleteLater()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            before = self._before
            self._end()
            if before is not None and isValid(before):
                before.setFocus(Qt.FocusReason.PopupFocusReason)
        else:
            super().keyPressEvent(event)

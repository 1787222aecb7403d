"""The bar over the table: what can be done with what is chosen, and the reason asked in place."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QGraphicsDropShadowEffect,
    QHBoxLayout,
    QLineEdit,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from workbench.gui.look.theme import Type, theme
from workbench.gui.parts.buttons import Button, Kind
from workbench.gui.parts.labels import THIRD, text
from workbench.gui.words import count, mark, tr

ROLES = (
    ("suspect", mark("Suspect"), "S"),
    ("protected", mark("Protected"), "P"),
    ("control", mark("Control"), "C"),
    ("base", mark("Base"), "B"),
    ("sibling", mark("Sibling"), "I"),
    ("aside", mark("Set aside"), "A"),
)


class SelectionBar(QFrame):
    """Floats over a table while two or more are chosen, or a role is being given.

    `role_given` carries a role and the reason; `compare`, `state` and `let_go` what was pressed.
    """

    role_given = Signal(str, str)
    compare = Signal()
    state = Signal()
    let_go = Signal()

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._over = over
        self._role = ""
        self._number = 0
        self.setObjectName("raised")
        shadow = QGraphicsDropShadowEffect(self)
        shadow.setBlurRadius(26)
        shadow.setOffset(0, 5)
        shadow.setColor(QColor(0, 0, 0, 60))
        self.setGraphicsEffect(shadow)
        self.stack = QStackedWidget()
        self.verbs, self.roles, self.why = self._verbs(), self._roles(), self._why()
        for face in (self.verbs, self.roles, self.why):
            self.stack.addWidget(face)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 6, 12, 6)
        layout.addWidget(self.stack)
        self.hide()
        over.installEventFilter(self)

    def _verbs(self) -> QWidget:
        self.said = text("", Type.HEAD, wrap=False)
        self.compare_button = Button(tr("Compare answers"), self.compare.emit, keys="C", small=True)
        return _line(
            self.said,
            Button(tr("Role"), self.ask_role, keys="R", small=True),
            Button(tr("Set aside…"), partial(self.ask_why, "aside"), small=True),
            self.compare_button,
            Button(tr("State facts…"), self.state.emit, small=True),
            text(tr("Esc lets go"), Type.SECOND, THIRD, wrap=False),
        )

    def _roles(self) -> QWidget:
        buttons = [
            Button(tr(said), partial(self.ask_why, role), keys=letter, small=True) for role, said, letter in ROLES
        ]
        return _line(text(tr("Which role?"), Type.HEAD, wrap=False), *buttons)

    def _why(self) -> QWidget:
        self.what = text("", Type.HEAD, wrap=False)
        self.reason = QLineEdit()
        self.reason.setAccessibleName(tr("Reason"))
        self.reason.setPlaceholderText(tr("Why? It stands in the ledger."))
        self.reason.setMinimumWidth(theme().px(230))
        self.reason.returnPressed.connect(self._give)
        self.give: Button = Button(tr("Do it"), self._give, kind=Kind.PRIMARY, keys="↵", small=True)
        self.reason.textChanged.connect(lambda said: self.give.setEnabled(bool(said.strip())))
        self.differs = text(
            tr("This differs from the plan. Runs will be exploratory."), Type.SECOND, "warn", wrap=False
        )
        inside = QWidget()
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(3)
        layout.addWidget(_line(self.what, self.reason, self.give, Button(tr("Cancel"), self.back, small=True)))
        layout.addWidget(self.differs)
        return inside

    def follow(self, names: Sequence[str], *, plan_locked: bool) -> None:
        """Say how many are chosen; the bar is there from two on."""
        self._number = len(names)
        self._plan = plan_locked
        self.said.setText(count(len(names), "{n} chosen", "{n} chosen"))
        self.compare_button.setEnabled(2 <= len(names) <= 6)
        if len(names) < 2 and self.stack.currentWidget() is self.verbs:
            self.hide()
            return
        if not names:
            self.back()
            self.hide()
            return
        self._show(self.stack.currentWidget() or self.verbs)

    def ask_role(self) -> None:
        """Ask which role they shall have."""
        if self._number:
            self._show(self.roles)
            self.roles.setFocus()

    def press(self, letter: str) -> bool:
        """A letter while the roles are asked for."""
        if self.isVisible() and self.stack.currentWidget() is self.roles:
            for role, _, key in ROLES:
                if key == letter:
                    self.ask_why(role)
                    return True
        return False

    def ask_why(self, role: str) -> None:
        """Ask for the reason."""
        if not self._number:
            return
        self._role = role
        words = {key: said for key, said, _ in ROLES}
        number = count(self._number, "{n} corpus", "{n} corpora")
        self.what.setText(f"{tr(words[role])}: {number}")
        self.differs.setVisible(self._plan)
        self.reason.clear()
        self.give.setEnabled(False)
        self._show(self.why)
        self.reason.setFocus(Qt.FocusReason.OtherFocusReason)

    def back(self) -> bool:
        """One step back; False where there was none."""
        if self.stack.currentWidget() is self.verbs:
            return False
        self.stack.setCurrentWidget(self.verbs)
        if self._number < 2:
            self.hide()
        else:
            self._show(self.verbs)
        self._over.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def _give(self) -> None:
        reason = self.reason.text().strip()
        if reason:
            self.stack.setCurrentWidget(self.verbs)
            self.hide()
            self.role_given.emit(self._role, reason)

    def _show(self, face: QWidget) -> None:
        self.stack.setCurrentWidget(face)
        for at in range(self.stack.count()):
            other = self.stack.widget(at)
            if other is not None:
                other.setVisible(other is face)
        self.stack.setFixedSize(face.sizeHint())
        self.adjustSize()
        self._place()
        self.show()
        self.raise_()

    def _place(self) -> None:
        wide, high = self.sizeHint().width(), self.sizeHint().height()
        self.setGeometry((self._over.width() - wide) // 2, self._over.height() - high - 12, wide, high)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._over and event.type() is QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Nothing that is pressed here reaches the table below."""
        if event.key() == Qt.Key.Key_Escape and not self.back():
            self.let_go.emit()
        self.press(event.text().upper())
        event.accept()


def _line(*widgets: QWidget) -> QWidget:
    inside = QWidget()
    layout = QHBoxLayout(inside)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(9)
    for widget in widgets:
        layout.addWidget(widget)
    return inside

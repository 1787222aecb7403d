"""Words on a page: plain text whatever it looks like, in one of the sizes of the theme."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QLabel, QSizePolicy, QWidget
from typing_extensions import override

from workbench.gui.look.icons import paint_icon
from workbench.gui.look.marks import paint_mark
from workbench.gui.look.theme import Type, set_type, theme

SECOND, THIRD, WARN, BAD = "second", "third", "warn", "bad"


def text(said: str = "", type_: Type = Type.BODY, tone: str = "", *, wrap: bool = True, name: str = "") -> QLabel:
    """Text that is shown as it is and can be selected with the mouse; `tone` is one of the quieter inks."""
    made = QLabel(said)
    dress(made, type_, tone, wrap=wrap)
    made.setAccessibleName(name)
    return made


def two_tone(strong: str, plain: str, tone: str = "") -> QLabel:
    """Strong words and plain ones in one paragraph; both are shown as they are."""
    made = text("", Type.BODY, tone)
    made.setTextFormat(Qt.TextFormat.RichText)
    say_two_tone(made, strong, plain)
    return made


def say_two_tone(label: QLabel, strong: str, plain: str) -> None:
    """Say something else in such a label."""
    ink = theme().tokens.ink1
    first = f'<span style="font-weight: 600; color: {ink}">{escape(strong)}</span>' if strong else ""
    label.setText(f"{first} {escape(plain)}".strip())
    label.setAccessibleName(f"{strong} {plain}".strip())


def dress(label: QLabel, type_: Type, tone: str, *, wrap: bool) -> None:
    """Set size, tone and plain text of a label."""
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(wrap)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    set_type(label, type_)
    set_tone(label, tone)
    if wrap:
        policy = label.sizePolicy()
        policy.setHeightForWidth(True)
        label.setSizePolicy(policy)


def set_tone(label: QWidget, tone: str) -> None:
    """Give a label another tone."""
    if label.property("tone") != tone:
        label.setProperty("tone", tone)
        label.style().unpolish(label)
        label.style().polish(label)


class ShortLabel(QLabel):
    """One line that ends in an ellipsis where the room does; the tip has it whole."""

    def __init__(self, said: str = "", type_: Type = Type.BODY, tone: str = "") -> None:
        super().__init__(said)
        dress(self, type_, tone, wrap=False)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.setMinimumWidth(theme().px(24))

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.fontMetrics().horizontalAdvance(self.text())
        self.setToolTip(self.text() if wide > self.width() else "")

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        said = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(self.rect(), int(self.alignment()), said)


class Sign(QWidget):
    """A mark of a role or an icon; the words beside it say what it is, so that it has none of its own."""

    def __init__(self, name: str = "", token: str = "", size: int = 14, *, role: bool = False) -> None:
        super().__init__()
        self._name, self._token, self._size, self._role = name, token, size, role
        self.setFixedSize(theme().px(size), theme().px(size))
        theme().changed.connect(self._resized)

    def show_sign(self, name: str, token: str = "", *, role: bool = False) -> None:
        """Show another one."""
        self._name, self._token, self._role = name, token, role
        self.update()

    def _resized(self) -> None:
        self.setFixedSize(theme().px(self._size), theme().px(self._size))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._name:
            return
        painter = QPainter(self)
        color = theme().color(self._token) if self._token else None
        if self._role:
            paint_mark(painter, self._name, QRectF(self.rect()), color)
        else:
            paint_icon(painter, self._name, self.rect(), color or theme().color("ink2"))


class LinkLabel(QAbstractButton):
    """Words that lead somewhere: underlined, reached with Tab, followed with Enter, Space or a click.

    To a screen reader it is a button, since it acts in this window.
    """

    followed = Signal()

    def __init__(self, said: str = "", act: Callable[[], object] | None = None, type_: Type = Type.SECOND) -> None:
        super().__init__()
        self.setText(said)
        set_type(self, type_)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.clicked.connect(self._follow)
        if act is not None:
            self.followed.connect(act)

    def _follow(self) -> None:
        self.followed.emit()

    @override
    def setText(self, text: str) -> None:
        """Say something else; no sign in it is a mnemonic."""
        super().setText(text.replace("&", "&&"))
        self.updateGeometry()

    @override
    def text(self) -> str:
        return super().text().replace("&&", "&")

    @override
    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance(self.text()) + 1, self.fontMetrics().height() + 2)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(min(self.sizeHint().width(), theme().px(24)), self.sizeHint().height())

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(self.font())
        painter.setPen(theme().color("accent_ink" if self.isEnabled() else "control"))
        said = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        side = Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft
        painter.drawText(self.rect(), int(side | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine), said)
        wide = self.fontMetrics().horizontalAdvance(said)
        base = (self.height() + self.fontMetrics().ascent() - self.fontMetrics().descent()) // 2 + 2
        left = self.width() - wide if mirrored else 0
        painter.drawLine(left, base, left + wide, base)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)


def rule() -> QFrame:
    """A hairline."""
    line = QFrame()
    line.setObjectName("rule")
    return line

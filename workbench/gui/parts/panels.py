"""Boxes that hold parts of a page: cards, notes, disclosures, facts, empty states."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLayout,
    QLayoutItem,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from workbench.gui.look.icons import paint_icon
from workbench.gui.look.theme import Type, set_type, theme
from workbench.gui.parts.labels import SECOND, THIRD, Sign, rule, say_two_tone, text, two_tone

_SHARE = 0.38
PAGE, BETWEEN, GAP, SMALL = 24, 14, 8, 4
"""Room round a page, between cards, between controls, between lines."""


def row(*items: QWidget | int, spacing: int = GAP, stretch: bool = False) -> QHBoxLayout:
    """Widgets side by side; a number is a stretch of that weight (0 for the least room)."""
    layout = QHBoxLayout()
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(spacing)
    for item in items:
        if isinstance(item, int):
            layout.addStretch(item)
        else:
            layout.addWidget(item)
    if stretch:
        layout.addStretch(1)
    return layout


def column(*items: QWidget | QLayout | int, spacing: int = GAP, margins: tuple[int, ...] = (0, 0, 0, 0)) -> QVBoxLayout:
    """Widgets and rows one below the other; a number is a stretch."""
    layout = QVBoxLayout()
    layout.setContentsMargins(*margins)
    layout.setSpacing(spacing)
    for item in items:
        if isinstance(item, int):
            layout.addStretch(item)
        elif isinstance(item, QLayout):
            layout.addLayout(item)
        else:
            layout.addWidget(item)
    return layout


def holding(layout: QLayout) -> QWidget:
    """A widget that holds a layout and nothing else."""
    widget = QWidget()
    layout.setContentsMargins(0, 0, 0, 0)
    widget.setLayout(layout)
    return widget


class Card(QFrame):
    """A card: a title in words, what stands beside it, and what it is about below."""

    def __init__(self, title: str = "", beside: str = "", *right: QWidget, margins: tuple[int, ...] = (16, 12, 16, 12)):
        super().__init__()
        self.setObjectName("card")
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(*margins)
        self.body.setSpacing(GAP)
        self.title = text(title, Type.HEAD, wrap=False)
        self.beside = text(beside, Type.BODY, SECOND, wrap=False)
        self.head = row(self.title, self.beside)
        self.head.addStretch(1)
        for widget in right:
            self.head.addWidget(widget)
        if title:
            self.body.addLayout(self.head)
            self.setAccessibleName(title)

    def add(self, item: QWidget | QLayout, stretch: int = 0) -> None:
        """Add below."""
        if isinstance(item, QLayout):
            self.body.addLayout(item, stretch)
        else:
            self.body.addWidget(item, stretch)


class Note(QFrame):
    """A line that needs a reader: its sign, strong words, plain words, and what can be done about it.

    `kind` is plain, warn, bad or quiet.
    """

    def __init__(
        self, strong: str = "", plain: str = "", *buttons: QWidget, kind: str = "plain", icon: str = "info"
    ) -> None:
        super().__init__()
        self.setObjectName("note")
        self.sign = Sign(icon, self._token(kind), 17)
        self.said = two_tone(strong, plain, SECOND if kind in ("plain", "quiet") else "")
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(12, 9, 12, 9)
        self._layout.setSpacing(10)
        self._layout.addWidget(self.sign, 0, Qt.AlignmentFlag.AlignVCenter)
        self._layout.addWidget(self.said, 1)
        for button in buttons:
            self._layout.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        self.say(strong, plain, kind, icon)

    def say(self, strong: str, plain: str = "", kind: str = "plain", icon: str = "info") -> None:
        """Say something else."""
        say_two_tone(self.said, strong, plain)
        self.sign.show_sign(icon, self._token(kind))
        self.setAccessibleName(f"{strong} {plain}".strip())
        if self.property("kind") != kind:
            self.setProperty("kind", kind)
            self.style().unpolish(self)
            self.style().polish(self)

    @staticmethod
    def _token(kind: str) -> str:
        return {"warn": "warn", "bad": "bad", "plain": "accent"}.get(kind, "ink2")


class _Opener(QAbstractButton):
    """The line of a disclosure."""

    def __init__(self, said: str) -> None:
        super().__init__()
        self.setText(said)
        self.setCheckable(True)
        self.setAccessibleName(said)
        self.beside = ""
        set_type(self, Type.STRONG)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    @override
    def sizeHint(self) -> QSize:
        return QSize(200, max(theme().px(34), self.fontMetrics().height() + 12))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme()
        painter = QPainter(self)
        painter.setPen(look.color("hair"))
        painter.drawLine(0, 0, self.width(), 0)
        size = look.px(15)
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        closed = "left" if mirrored else "right"
        left = self.width() - size if mirrored else 0
        place = QRect(left, (self.height() - size) // 2, size, size)
        paint_icon(painter, "down" if self.isChecked() else closed, place, look.color("ink2"))
        painter.setPen(look.color("ink1"))
        painter.setFont(self.font())
        room = self.rect().adjusted(0, 0, -size - 8, 0) if mirrored else self.rect().adjusted(size + 8, 0, 0, 0)
        near, far = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
        if mirrored:
            near, far = far, near
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter | near), self.text())
        used = self.fontMetrics().horizontalAdvance(self.text()) + 16
        painter.setFont(look.font(Type.BODY))
        painter.setPen(look.color("ink3"))
        rest = room.adjusted(0, 0, -used, 0) if mirrored else room.adjusted(used, 0, 0, 0)
        said = look.metrics(Type.BODY).elidedText(self.beside, Qt.TextElideMode.ElideRight, rest.width())
        painter.drawText(rest, int(Qt.AlignmentFlag.AlignVCenter | far), said)


class Disclosure(QWidget):
    """A line that opens to what lies behind it."""

    toggled = Signal(bool)

    def __init__(self, said: str, inside: QWidget, beside: str = "") -> None:
        super().__init__()
        self.opener = _Opener(said)
        self.inside = inside
        layout = column(self.opener, inside, spacing=0)
        self.setLayout(layout)
        inside.setVisible(False)
        self.opener.toggled.connect(self._toggled)
        self.say_beside(beside)

    def say_beside(self, said: str) -> None:
        """Say at the right what lies behind."""
        self.opener.beside = said
        self.opener.setAccessibleDescription(said)
        self.opener.update()

    @property
    def is_open(self) -> bool:
        """Whether it is open."""
        return self.opener.isChecked()

    def set_open(self, open_: bool) -> None:
        """Open or close it."""
        self.opener.setChecked(open_)

    def _toggled(self, open_: bool) -> None:
        self.inside.setVisible(open_)
        self.toggled.emit(open_)


class Facts(QWidget):
    """Names and values in two columns; values can be selected."""

    def __init__(self, width: int = 92) -> None:
        super().__init__()
        self._width = width
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(5)
        self._grid.setColumnStretch(1, 1)
        self._rows = 0

    def clear(self) -> None:
        """Show nothing."""
        empty(self._grid)
        self._rows = 0

    def add(self, name: str, value: str | QWidget, tone: str = "") -> None:
        """Add a line; a value may be a widget."""
        said = text(name, Type.SECOND, THIRD)
        said.setFixedWidth(theme().px(self._width))
        shown = text(value, Type.SECOND, tone, name=name) if isinstance(value, str) else value
        self._grid.addWidget(said, self._rows, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(shown, self._rows, 1, Qt.AlignmentFlag.AlignTop)
        self._rows += 1


def empty(layout: QLayout) -> None:
    """Take everything out of a layout and delete it."""
    while (item := layout.takeAt(0)) is not None:
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
        elif inner is not None:
            empty(inner)


class Scroll(QScrollArea):
    """Scrolls up and down alone; clear unless it is the inspector."""

    def __init__(self, inside: QWidget, *, name: str = "clear") -> None:
        super().__init__()
        self.setObjectName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside.setObjectName("inside")
        self.setWidget(inside)


class Side(QFrame):
    """The inspector at the right of a page: so wide, but never more than its share of the page."""

    def __init__(self, inside: QWidget, width: int) -> None:
        super().__init__()
        self.setObjectName("inspector")
        self._width = width
        body = QVBoxLayout(self)
        body.setContentsMargins(0, 0, 0, 0)
        body.addWidget(Scroll(inside, name="inspector"))
        theme().changed.connect(self.settle)
        self.settle()

    def settle(self) -> None:
        """Take the width that the page has for it."""
        page = self.parentWidget()
        wanted = theme().px(self._width)
        self.setFixedWidth(min(wanted, int(page.width() * _SHARE)) if page is not None and self.isVisible() else wanted)

    @override
    def event(self, event: QEvent) -> bool:
        page = self.parentWidget()
        if event.type() is QEvent.Type.ParentChange and page is not None:
            page.installEventFilter(self)
        if event.type() is QEvent.Type.Show:
            self.settle()
        return super().event(event)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Resize and watched is self.parentWidget():
            self.settle()
        return False


class Empty(QWidget):
    """What a page says while it has nothing to show: why, and what to do next."""

    def __init__(self, title: str, said: str, *buttons: QWidget, icon: str = "") -> None:
        super().__init__()
        self.title = text(title, Type.TITLE, wrap=False)
        self.said = text(said, Type.BODY, SECOND)
        self.said.setMaximumWidth(theme().px(520))
        self.said.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.below = QVBoxLayout()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(PAGE, PAGE, PAGE, PAGE)
        layout.setSpacing(12)
        layout.addStretch(2)
        if icon:
            layout.addWidget(Sign(icon, "ink3", 34), 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(self.title, 0, Qt.AlignmentFlag.AlignHCenter)
        line = row(1, self.said, 1)
        line.setStretch(1, 100)
        layout.addLayout(line)
        self.buttons = row(1, *buttons, 1)
        layout.addLayout(self.buttons)
        layout.addLayout(self.below)
        layout.addStretch(3)

    def say(self, title: str, said: str) -> None:
        """Say something else."""
        self.title.setText(title)
        self.said.setText(said)


class Flow(QLayout):
    """Lays widgets side by side and breaks lines, as words are."""

    def __init__(self, spacing: int = GAP) -> None:
        super().__init__()
        self._items: list[QLayoutItem] = []
        self.setSpacing(spacing)
        self.setContentsMargins(0, 0, 0, 0)

    @override
    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    @override
    def count(self) -> int:
        return len(self._items)

    @override
    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    @override
    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    @override
    def hasHeightForWidth(self) -> bool:
        return True

    @override
    def heightForWidth(self, width: int) -> int:
        return self._lay(QRect(0, 0, width, 0), move=False)

    @override
    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._lay(rect, move=True)

    @override
    def sizeHint(self) -> QSize:
        wide = sum(item.sizeHint().width() + self.spacing() for item in self._items)
        high = max((item.sizeHint().height() for item in self._items), default=0)
        return QSize(wide, high)

    @override
    def minimumSize(self) -> QSize:
        sizes = [item.minimumSize() for item in self._items]
        return QSize(max((s.width() for s in sizes), default=0), max((s.height() for s in sizes), default=0))

    def _lay(self, rect: QRect, *, move: bool) -> int:
        x, y, high = 0, rect.y(), 0
        parent = self.parentWidget()
        mirrored = parent is not None and parent.layoutDirection() is Qt.LayoutDirection.RightToLeft
        for item in self._items:
            if item.isEmpty():
                continue
            size = item.sizeHint()
            if x and x + size.width() > rect.width():
                x, y, high = 0, y + high + self.spacing(), 0
            if move:
                left = rect.right() + 1 - x - size.width() if mirrored else rect.x() + x
                item.setGeometry(QRect(QPoint(left, y), size))
            x += size.width() + self.spacing()
            high = max(high, size.height())
        return y + high - rect.y()


class Columns(QWidget):
    """Cards in as many columns of equal width as fit; each row as high as its highest card."""

    def __init__(self, least: int, spacing: int = BETWEEN) -> None:
        super().__init__()
        self._least, self._count = least, 0
        self._widgets: list[QWidget] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(spacing)

    def show_widgets(self, widgets: Sequence[QWidget]) -> None:
        """Show these, in this order."""
        for old in self._widgets:
            if old not in widgets:
                old.hide()
                old.deleteLater()
        self._widgets = list(widgets)
        self._arrange(max(1, self._count))

    def count_of_columns(self) -> int:
        """How many stand side by side."""
        return max(1, self._count)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        fitting = max(1, (event.size().width() + BETWEEN) // (theme().px(self._least) + BETWEEN))
        if fitting != self._count:
            self._arrange(fitting)

    def _arrange(self, columns: int) -> None:
        for at in range(self._count):
            self._grid.setColumnStretch(at, 0)
        self._count = columns
        for widget in self._widgets:
            self._grid.removeWidget(widget)
        for at, widget in enumerate(self._widgets):
            self._grid.addWidget(widget, at // columns, at % columns)
        for at in range(columns):
            self._grid.setColumnStretch(at, 1)


def heading(title: str, sub: str = "") -> tuple[QLabel, QLabel]:
    """Title of a page and what stands beside it."""
    made = text(title, Type.TITLE, wrap=False)
    return made, text(sub, Type.BODY, SECOND, wrap=False)


__all__ = [
    "BETWEEN",
    "GAP",
    "PAGE",
    "SMALL",
    "Card",
    "Columns",
    "Disclosure",
    "Empty",
    "Facts",
    "Flow",
    "Note",
    "Scroll",
    "column",
    "empty",
    "heading",
    "holding",
    "row",
    "rule",
]

"""Buttons: plain, primary, quiet; with an icon, a word, and the key that does the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QColor,
    QFontMetrics,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QSizePolicy, QToolButton, QWidget
from typing_extensions import override

from workbench.gui.look.icons import paint_icon
from workbench.gui.look.marks import paint_mark
from workbench.gui.look.theme import Type, set_type, theme


class Kind(Enum):
    """How loud a button is."""

    PLAIN = "plain"
    PRIMARY = "primary"
    QUIET = "quiet"
    FLAT = "flat"
    """No edge and no colour of its own: for menus in heads of columns."""


_HEIGHTS = {False: 30, True: 26}
_SIGNS = {"Return": "↵", "Enter": "↵", "Up": "↑", "Down": "↓", "Left": "←", "Right": "→", "Del": "Del"}


def keys_in_words(keys: QKeySequence | str) -> str:
    """A shortcut as it is shown beside words, such as `Ctrl Shift E`."""
    said = QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
    if said.endswith("+") and len(said) > 1:
        said = f"{said[:-1]} +".replace("++", "+")
    parts = [part for part in said.replace("+ +", "+\x00").split("+") if part]
    return " ".join(_SIGNS.get(part.strip("\x00"), part.replace("\x00", "+")) for part in parts) if parts else ""


def paint_key(painter: QPainter, said: str, right: float, middle: float, ink: QColor, *, framed: bool = True) -> float:
    """Paint a key cap that ends at `right`; returns where it begins."""
    font = theme().font(Type.LEAST)
    metrics = QFontMetrics(font)
    wide, high = metrics.horizontalAdvance(said) + theme().px(11), metrics.height() + theme().px(3)
    box = QRectF(right - wide, middle - high / 2, wide, high)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if framed:
        painter.setPen(QPen(theme().color("strong"), 1))
        painter.setBrush(theme().color("sunken"))
    else:
        painter.setPen(Qt.PenStyle.NoPen)
        ground = QColor(ink)
        ground.setAlpha(34)
        painter.setBrush(ground)
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
    painter.setFont(font)
    painter.setPen(ink)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, said)
    painter.restore()
    return box.left()


def key_width(said: str) -> int:
    """How wide a key cap is."""
    return theme().metrics(Type.LEAST).horizontalAdvance(said) + theme().px(11)


def _plainly(button: QPushButton, act: Callable[[], object]) -> None:
    """Connect without the flag that clicks carry: a default argument would swallow it."""

    def pressed() -> None:
        act()

    button.clicked.connect(pressed)


class Button(QPushButton):
    """A push button of ours; `keys` is shown in it, and belongs to an action elsewhere."""

    def __init__(
        self,
        said: str = "",
        act: Callable[[], object] | None = None,
        *,
        kind: Kind = Kind.PLAIN,
        icon: str = "",
        keys: str = "",
        tip: str = "",
        name: str = "",
        small: bool = False,
        arrow: bool = False,
    ) -> None:
        super().__init__(said)
        self.arrow = arrow
        self.kind, self.icon_name, self.small = kind, icon, small
        self._action: QAction | None = None
        self.keys = keys
        self.setAccessibleName(name or said.replace("&", "").rstrip("…"))
        self.setToolTip(tip or ("" if said else name))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        set_type(self, Type.SECOND if small else Type.STRONG)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        if act is not None:
            _plainly(self, act)

    def follow(self, action: QAction) -> None:
        """Do what an action does, and be enabled when it is."""
        self._action = action
        self.clicked.connect(action.trigger)
        action.changed.connect(self._settle)
        self._settle()

    def _settle(self) -> None:
        action = self._action
        if action is not None:
            self.setEnabled(action.isEnabled())
            self.setToolTip(action.statusTip() if action.isEnabled() else action.toolTip())

    def say(self, said: str, icon: str | None = None) -> None:
        """Say something else."""
        self.setText(said)
        self.setAccessibleName(said.replace("&", "").rstrip("…"))
        if icon is not None:
            self.icon_name = icon
        self.updateGeometry()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    @override
    def sizeHint(self) -> QSize:
        look = theme()
        edge = look.px(9 if self.small else 12)
        wide = 0
        if self.icon_name:
            wide += self._icon_size()
        if self.text():
            wide += self.fontMetrics().horizontalAdvance(self._shown()) + (look.px(7) if wide else 0)
        if self.keys:
            wide += key_width(self.keys) + look.px(8)
        if self.arrow:
            wide += look.px(16)
        if not self.text():
            edge = look.px(7)
        return QSize(wide + 2 * edge, max(look.px(_HEIGHTS[self.small]), self.fontMetrics().height() + 8))

    @override
    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def _shown(self) -> str:
        return self.text().replace("&&", "\x00").replace("&", "").replace("\x00", "&")

    def _icon_size(self) -> int:
        return theme().px(14 if self.small else 16)

    def _inks(self) -> tuple[str, str, str]:
        """Ground, edge and ink."""
        if not self.isEnabled():
            return ("sunken", "hair", "control") if self.kind not in (Kind.QUIET, Kind.FLAT) else ("", "", "control")
        hot = self.underMouse() or self.isDown()
        if self.kind is Kind.PRIMARY:
            return "accent_ink" if hot else "accent", "accent", "on_accent"
        if self.kind is Kind.QUIET:
            return "sel" if hot else "", "", "accent_ink"
        if self.kind is Kind.FLAT:
            return "hair" if hot else "", "", "ink2"
        if self.isCheckable() and self.isChecked():
            return "sel", "strong", "accent_ink"
        return "sunken" if hot else "surface", "strong", "ink1"

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme()
        ground, edge, ink = self._inks()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(look.color(edge), 1) if edge else Qt.PenStyle.NoPen)
        painter.setBrush(look.color(ground) if ground else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, 6, 6)
        color = look.color(ink)
        at = (self.width() - (self.sizeHint().width() - 2 * self._edge())) / 2
        middle = self.height() / 2
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        if self.icon_name:
            size = self._icon_size()
            left = self.width() - at - size if mirrored else at
            paint_icon(painter, self.icon_name, QRectF(left, middle - size / 2, size, size), color)
            at += size + (look.px(7) if self.text() else 0)
        if self.text():
            wide = self.fontMetrics().horizontalAdvance(self._shown())
            left = self.width() - at - wide if mirrored else at
            painter.setPen(color)
            painter.setFont(self.font())
            flags = int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextShowMnemonic)
            painter.drawText(QRectF(left, 0, wide + 2, self.height()), flags, self.text())
            at += wide
        if self.keys:
            wide = key_width(self.keys)
            right = self.width() - at - look.px(8) if mirrored else at + look.px(8) + wide
            paint_key(painter, self.keys, right, middle, color, framed=False)
        if self.arrow:
            size = look.px(13)
            left = self.width() - at - size - 3 if mirrored else at + 3
            paint_icon(painter, "down", QRectF(left, middle - size / 2, size, size), color)

    def _edge(self) -> int:
        return theme().px((9 if self.small else 12) if self.text() else 7)


def plain(said: str) -> str:
    """Words without the marks of their mnemonic."""
    return said.replace("&&", "\x00").replace("&", "").replace("\x00", "&")


def button_for(
    action: QAction,
    *,
    said: str = "",
    kind: Kind = Kind.PLAIN,
    icon: str = "",
    small: bool = False,
    show_keys: bool = True,
    name: str = "",
) -> Button:
    """A button that does what an action does, and is enabled when it is; what is in the way stands in its tip."""
    keys = keys_in_words(action.shortcut()) if show_keys else ""
    words = said if said or (icon and name) else plain(action.text())
    made = Button(words, kind=kind, icon=icon, small=small, keys=keys, name=name)
    made.follow(action)
    return made


class Segment(QToolButton):
    """One choice of a segmented control."""

    def __init__(self, said: str, icon: str = "", *, role: bool = False) -> None:
        super().__init__()
        self.setText(said)
        self.icon_name, self.role = icon, role
        self.setCheckable(True)
        self.setAccessibleName(said)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        set_type(self, Type.SECOND)
        self.first = self.last = False

    @override
    def sizeHint(self) -> QSize:
        look = theme()
        icon = look.px(14) + (look.px(6) if self.text() else 0) if self.icon_name else 0
        wide = self.fontMetrics().horizontalAdvance(self.text()) + icon + look.px(20)
        return QSize(wide, max(look.px(28), self.fontMetrics().height() + 10))

    @override
    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        first, last = (self.last, self.first) if mirrored else (self.first, self.last)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5 if last else 0.5, -0.5)
        hot = self.underMouse() and self.isEnabled()
        painter.setPen(QPen(look.color("strong"), 1))
        painter.setBrush(look.color("sel" if self.isChecked() else "sunken" if hot else "surface"))
        painter.drawPath(_rounded(box, 6 if first else 0, 6 if last else 0))
        ink = look.color("control" if not self.isEnabled() else "accent_ink" if self.isChecked() else "ink2")
        size = look.px(14) if self.icon_name else 0
        gap = look.px(6) if size and self.text() else 0
        wide = self.fontMetrics().horizontalAdvance(self.text())
        at = (self.width() - size - gap - wide) / 2
        if size:
            left = self.width() - at - size if mirrored else at
            place = QRectF(left, (self.height() - size) / 2, size, size)
            if self.role:
                paint_mark(painter, self.icon_name, place)
            else:
                paint_icon(painter, self.icon_name, place, ink)
        painter.setPen(ink)
        painter.setFont(self.font())
        left = at if mirrored else at + size + gap
        painter.drawText(QRectF(left, 0, wide + 2, self.height()), int(Qt.AlignmentFlag.AlignVCenter), self.text())


def _rounded(box: QRectF, left: float, right: float) -> QPainterPath:
    """A box whose left and right corners are round by so much."""
    path = QPainterPath()
    path.moveTo(box.left() + left, box.top())
    path.lineTo(box.right() - right, box.top())
    if right:
        path.arcTo(QRectF(box.right() - 2 * right, box.top(), 2 * right, 2 * right), 90, -90)
    path.lineTo(QPointF(box.right(), box.bottom() - right))
    if right:
        path.arcTo(QRectF(box.right() - 2 * right, box.bottom() - 2 * right, 2 * right, 2 * right), 0, -90)
    path.lineTo(QPointF(box.left() + left, box.bottom()))
    if left:
        path.arcTo(QRectF(box.left(), box.bottom() - 2 * left, 2 * left, 2 * left), 270, -90)
    path.lineTo(QPointF(box.left(), box.top() + left))
    if left:
        path.arcTo(QRectF(box.left(), box.top(), 2 * left, 2 * left), 180, -90)
    path.closeSubpath()
    return path


class Segmented(QWidget):
    """A few views of one thing, side by side; arrows move between them. `chosen` carries the key."""

    chosen = Signal(str)

    def __init__(self, name: str, choices: Sequence[tuple[str, str] | tuple[str, str, str]]) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._group = QButtonGroup(self)
        self._keys: list[str] = []
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        self._group.idClicked.connect(lambda at: self.chosen.emit(self._keys[at]))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.show_choices(choices)

    def show_choices(self, choices: Sequence[tuple[str, str] | tuple[str, str, str]]) -> None:
        """Offer other choices, as (key, words) or (key, words, icon); what was chosen stays where it can."""
        kept = self.key() if self._keys else ""
        old = self._group.buttons()
        if [choice[0] for choice in choices] == self._keys:
            for button, choice in zip(old, choices, strict=True):
                button.setText(choice[1])
                button.setAccessibleName(choice[1])
                if isinstance(button, Segment):
                    button.icon_name = choice[2] if len(choice) > 2 else ""
                button.updateGeometry()
            return
        for button in old:
            self._group.removeButton(button)
            self._layout.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._keys = [choice[0] for choice in choices]
        for at, choice in enumerate(choices):
            made = Segment(choice[1], choice[2] if len(choice) > 2 else "")
            made.first, made.last = at == 0, at == len(choices) - 1
            self._group.addButton(made, at)
            self._layout.addWidget(made)
        self.choose(kept if kept in self._keys else self._keys[0])

    def key(self) -> str:
        """The choice in force."""
        return self._keys[max(0, self._group.checkedId())]

    def choose(self, key: str) -> None:
        """Make a choice; nothing is emitted."""
        if key in self._keys and (button := self._group.button(self._keys.index(key))) is not None:
            button.setChecked(True)

    def segment(self, key: str) -> QWidget:
        """The button of a choice."""
        button = self._group.button(self._keys.index(key))
        assert button is not None
        return button

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        at = self._group.checkedId() + step
        if step and 0 <= at < len(self._keys) and (button := self._group.button(at)) is not None:
            button.setFocus(Qt.FocusReason.TabFocusReason)
            button.click()
        elif not step:
            super().keyPressEvent(event)

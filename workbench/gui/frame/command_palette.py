"""The palette over any page: models, findings, commands and terms, found as one types."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QAbstractListModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QGraphicsDropShadowEffect,
    QLabel,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from workbench.gui.look.icons import paint_icon
from workbench.gui.look.marks import paint_mark
from workbench.gui.look.theme import Type, set_type, theme
from workbench.gui.parts.buttons import key_width, paint_key
from workbench.gui.parts.chips import PLAIN, Chip
from workbench.gui.parts.labels import THIRD, text
from workbench.gui.parts.panels import row
from workbench.gui.words import tr

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_WIDE, _HIGH, _TOP = 660, 520, 66
_EACH = 6
_ITEM = int(Qt.ItemDataRole.UserRole)
COMMANDS, FINDINGS, TERMS = ">", "#", "?"


@dataclass(frozen=True, slots=True)
class Offer:
    """One line of the palette.

    `role` paints the mark of a role in place of an icon; `why_not` says what is in the way; `more` lists what can be
    done with it; `always` shows it whatever was typed.
    """

    group: str
    said: str
    act: Callable[[], object]
    beside: str = ""
    icon: str = ""
    role: str = ""
    keys: str = ""
    why_not: str = ""
    more: Callable[[], Sequence[Offer]] | None = None
    always: bool = False
    scope: str = field(default="", kw_only=True)


Source = Callable[[str], Sequence[Offer]]
"""What can be offered for what was typed."""


def rank(offer: Offer, words: Sequence[str]) -> int:
    """How well an offer fits what was typed: 0 not at all, and the higher the better."""
    if offer.always or not words:
        return 1
    said, whole = offer.said.casefold(), f"{offer.said} {offer.beside}".casefold()
    if not all(word in whole for word in words):
        return 0
    if said.startswith(words[0]):
        return 5
    starts = {part[: len(words[0])] for part in said.replace("-", " ").split()}
    return 4 if words[0] in starts else 3 if words[0] in said else 2


def matching(offers: Sequence[Offer], typed: str) -> list[Offer]:
    """The offers that fit what was typed, best first in each group, groups in their order; a few each."""
    scope = typed[:1] if typed[:1] in (COMMANDS, FINDINGS, TERMS) else ""
    words = typed[len(scope) :].casefold().split()
    most = _EACH * 5 if scope else _EACH
    groups: dict[str, list[tuple[int, int, Offer]]] = {}
    for at, offer in enumerate(offers):
        if scope and offer.scope != scope:
            continue
        fit = rank(offer, words)
        if fit:
            groups.setdefault(offer.group, []).append((-fit, at, offer))
    return [offer for found in groups.values() for _, _, offer in sorted(found, key=lambda f: f[:2])[:most]]


class _Rows(QAbstractListModel):
    """Offers under the headings of their groups."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[Offer | str] = []

    def show(self, offers: Sequence[Offer]) -> None:
        self.beginResetModel()
        self.rows = []
        group = None
        for offer in offers:
            if offer.group != group:
                group = offer.group
                self.rows.append(group)
            self.rows.append(offer)
        self.endResetModel()

    @override
    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row_ = self.rows[index.row()]
        if role == _ITEM:
            return row_
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return row_ if isinstance(row_, str) else " ".join(filter(None, (row_.said, row_.beside, row_.why_not)))
        if role == Qt.ItemDataRole.ToolTipRole and isinstance(row_, Offer):
            return row_.why_not
        return None

    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
        if isinstance(self.rows[index.row()], str):
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


class _Painter(QStyledItemDelegate):
    """Paints offers with what was typed marked in them."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.words: list[str] = []

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        high = theme().metrics(Type.BODY).height()
        heading = isinstance(index.data(_ITEM), str)
        return QSize(10, max(theme().px(28), high + 10) if heading else max(theme().px(36), high + 18))

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        look = theme()
        rect = QRectF(option.rect)
        item = index.data(_ITEM)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if isinstance(item, str):
            painter.setFont(look.font(Type.SECOND))
            painter.setPen(look.color("ink3"))
            painter.drawText(
                rect.adjusted(14, 0, -14, -3), int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom), item
            )
        else:
            if option.state & QStyle.StateFlag.State_Selected:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(look.color("sel"))
                painter.drawRoundedRect(rect, 7, 7)
            self._offer(painter, rect, item)
        painter.restore()

    def _offer(self, painter: QPainter, rect: QRectF, offer: Offer) -> None:
        look = theme()
        size = look.px(16)
        place = QRectF(rect.left() + 14, rect.center().y() - size / 2, size, size)
        ink = look.color("ink3" if offer.why_not else "ink1")
        if offer.role:
            paint_mark(painter, offer.role, place.adjusted(2, 2, -2, -2))
        elif offer.icon:
            paint_icon(painter, offer.icon, place, look.color("ink2"))
        right = rect.right() - 12
        if offer.keys:
            right = paint_key(painter, offer.keys, right, rect.center().y(), look.color("ink2")) - 10
        at = rect.left() + 14 + size + 11
        at = self._words(painter, QRectF(at, rect.top(), right - at, rect.height()), offer.said, Type.STRONG, ink)
        beside = offer.why_not or offer.beside
        if beside and right - at > 40:
            room = QRectF(at + 10, rect.top(), right - at - 10, rect.height())
            self._words(painter, room, beside, Type.SECOND, look.color("ink3"))

    def _words(self, painter: QPainter, room: QRectF, said: str, type_: Type, ink: QColor) -> float:
        """Paint words with their hits on the ground of hits; returns where they end."""
        look = theme()
        metrics = look.metrics(type_)
        short = metrics.elidedText(said, Qt.TextElideMode.ElideRight, int(room.width()))
        folded = short.casefold()
        painter.setFont(look.font(type_))
        for word in self.words:
            place = folded.find(word) if len(folded) == len(short) else -1
            if place >= 0:
                left = room.left() + metrics.horizontalAdvance(short[:place])
                wide = metrics.horizontalAdvance(short[place : place + len(word)])
                high = metrics.height()
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(look.color("hit"))
                painter.drawRoundedRect(QRectF(left, room.center().y() - high / 2, wide, high), 2, 2)
        painter.setPen(ink)
        painter.drawText(room, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), short)
        return room.left() + metrics.horizontalAdvance(short)


class _Keys(QWidget):
    """The line below: which keys do what."""

    def __init__(self) -> None:
        super().__init__()
        self.setMinimumHeight(theme().px(34))
        self.setAccessibleName(tr("Up and down choose, Enter goes, Tab shows what can be done, Esc closes"))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme()
        painter = QPainter(self)
        painter.fillRect(self.rect(), look.color("sunken"))
        painter.setPen(look.color("hair"))
        painter.drawLine(0, 0, self.width(), 0)
        at = self._keys(
            painter, 16.0, (("↑", ""), ("↓", tr("choose")), ("↵", tr("go")), ("Tab", tr("what can be done")))
        )
        groups = ((COMMANDS, tr("commands")), (FINDINGS, tr("findings")), (TERMS, tr("glossary")))
        wide = sum(key_width(key) + look.metrics(Type.SECOND).horizontalAdvance(said) + 16 for key, said in groups)
        if self.width() - wide - 16 > at:
            self._keys(painter, self.width() - wide - 8.0, groups)

    def _keys(self, painter: QPainter, at: float, keys: Sequence[tuple[str, str]]) -> float:
        look = theme()
        for key, said in keys:
            at += key_width(key)
            paint_key(painter, key, at, self.height() / 2, look.color("ink2"))
            at += 5
            if said:
                painter.setFont(look.font(Type.SECOND))
                painter.setPen(look.color("ink2"))
                room = QRectF(at, 0, self.width() - at, self.height())
                painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter), said)
                at += look.metrics(Type.SECOND).horizontalAdvance(said) + 12
        return at


class _Glass(QLabel):
    """The glass before the words."""

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_icon(painter, "search", QRectF(10, 0, theme().px(18), self.height()), theme().color("ink2"))


class CommandPalette(QWidget):
    """Covers the window with a shade while it is open; not a dialog: Esc gives the focus back to where it was."""

    def __init__(self, over: QWidget, source: Source) -> None:
        super().__init__(over)
        self._over, self._source = over, source
        self._before: QWidget | None = None
        self._offers: list[Offer] = []
        self.box = QFrame(self)
        self.box.setObjectName("raised")
        self.field = QLineEdit()
        self.field.setAccessibleName(tr("Search or do anything"))
        self.field.setPlaceholderText(tr("Search or do anything"))
        self.field.setFrame(False)
        self.field.setStyleSheet("QLineEdit { border: none; background: transparent; padding: 0; }")
        set_type(self.field, Type.PANE)
        self.field.textChanged.connect(self._look)
        self.field.installEventFilter(self)
        self.scope = Chip("", PLAIN)
        self.view = QListView()
        self.view.setObjectName("palette")
        self.view.setAccessibleName(tr("What was found"))
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.view.setMouseTracking(True)
        self.rows = _Rows()
        self.view.setModel(self.rows)
        self._painter = _Painter(self.view)
        self.view.setItemDelegate(self._painter)
        self.view.clicked.connect(lambda index: self._take())
        self.nothing = text(tr("Nothing of that name."), Type.BODY, THIRD)
        self.nothing.setContentsMargins(26, 14, 26, 18)
        glass = _Glass()
        glass.setFixedWidth(theme().px(34))
        top = row(glass, self.field, self.scope)
        top.setContentsMargins(12, 12, 20, 12)
        layout = QVBoxLayout(self.box)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.setSpacing(0)
        layout.addLayout(top)
        layout.addWidget(self.nothing)
        layout.addWidget(self.view, 1)
        layout.addWidget(_Keys())
        self.view.setContentsMargins(8, 0, 8, 0)
        self.view.setViewportMargins(8, 4, 8, 6)
        shadow = QGraphicsDropShadowEffect(self.box)
        shadow.setBlurRadius(60)
        shadow.setOffset(0, 18)
        shadow.setColor(QColor(0, 0, 0, 90))
        self.box.setGraphicsEffect(shadow)
        self.hide()
        over.installEventFilter(self)

    def open_at(self, scope: str, typed: str = "") -> None:
        """Open it; `scope` says where it looks."""
        self._before = QApplication.focusWidget()
        self.scope.show_chip(scope, PLAIN)
        self.scope.setVisible(bool(scope))
        self._offers = list(self._source(""))
        self.show()
        self._place()
        self.raise_()
        self.field.setText(typed)
        self.field.selectAll()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._look(typed)

    def close_now(self) -> None:
        """Close it and give the focus back."""
        self.hide()
        if self._before is not None and self._before.isVisible():
            self._before.setFocus(Qt.FocusReason.OtherFocusReason)
        self._before = None

    def offers(self) -> list[Offer]:
        """What is listed now."""
        return [offer for offer in self.rows.rows if isinstance(offer, Offer)]

    def _look(self, typed: str) -> None:
        typed = typed.strip()
        found = matching(self._source(typed) if typed else self._offers, typed)
        first = next((offer for offer in found if offer.more is not None), None)
        if typed and first is not None and first is found[0] and first.more is not None:
            group = [offer for offer in found if offer.group == first.group]
            rest = [offer for offer in found if offer.group != first.group]
            found = [*group[:3], *first.more(), *rest]
        scope = typed[:1] if typed[:1] in (COMMANDS, FINDINGS, TERMS) else ""
        self._painter.words = typed[len(scope) :].casefold().split()
        self.rows.show(found)
        self.nothing.setVisible(not found)
        self.view.setVisible(bool(found))
        self._move(1, start=-1)
        self._place()

    def _move(self, step: int, start: int | None = None) -> None:
        at = self.view.currentIndex().row() if start is None else start
        for _ in range(len(self.rows.rows)):
            at = (at + step) % len(self.rows.rows)
            if isinstance(self.rows.rows[at], Offer):
                self.view.setCurrentIndex(self.rows.index(at))
                if at == 1:
                    self.view.scrollToTop()
                return

    def _to_next_group(self) -> None:
        at = self.view.currentIndex().row()
        for later in range(at + 1, len(self.rows.rows)):
            if isinstance(self.rows.rows[later], str) and later + 1 < len(self.rows.rows):
                self.view.setCurrentIndex(self.rows.index(later + 1))
                return
        self._move(1, start=-1)

    def _take(self) -> None:
        index = self.view.currentIndex()
        offer = index.data(_ITEM) if index.isValid() else None
        if isinstance(offer, Offer) and not offer.why_not:
            self.close_now()
            offer.act()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._over and event.type() is QEvent.Type.Resize and self.isVisible():
            self._place()
        if watched is self.field and isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            return self._pressed(Qt.Key(event.key()))
        return super().eventFilter(watched, event)

    def _pressed(self, key: Qt.Key) -> bool:
        if key is Qt.Key.Key_Escape:
            self.close_now()
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self._move(1 if key is Qt.Key.Key_Down else -1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._take()
        elif key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            self._to_next_group()
        else:
            return False
        return True

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self.box.geometry().contains(event.position().toPoint()):
            self.close_now()

    def _place(self) -> None:
        self.setGeometry(self._over.rect())
        look = theme()
        rows = self.rows.rows
        option = QStyleOptionViewItem()
        listed = sum(self._painter.sizeHint(option, self.rows.index(at)).height() for at in range(len(rows)))
        head = max(look.px(54), self.field.sizeHint().height() + 24)
        wanted = head + (listed + 14 if rows else look.px(56)) + look.px(36)
        wide = min(look.px(_WIDE), self.width() - 40)
        top = min(look.px(_TOP), self.height() // 8)
        self.box.setGeometry(
            (self.width() - wide) // 2, top, wide, min(wanted, self.height() - top - 30, look.px(_HIGH) * 2)
        )

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme().color("shade"))

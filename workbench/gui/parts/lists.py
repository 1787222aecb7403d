"""Lists of rows that pages paint themselves; letters typed in them belong to the page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from PySide6.QtCore import (
    QAbstractListModel,
    QLineF,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QFrame, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget
from typing_extensions import override

from workbench.gui.look.theme import Type, theme

Index = QModelIndex | QPersistentModelIndex
Item = TypeVar("Item")
_ROOT = QModelIndex()
ITEM = int(Qt.ItemDataRole.UserRole)


def is_letter(event: QKeyEvent) -> bool:
    """Whether a key is a plain letter or sign, which the page has a use for."""
    plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier)
    said = event.text()
    return plain and len(said) == 1 and said.isprintable() and not said.isspace()


class ItemsModel(QAbstractListModel, Generic[Item]):
    """Items in a list; `words` says each for a screen reader."""

    def __init__(self, words: Callable[[Item], str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._words = words
        self.items: list[Item] = []

    def show(self, items: Sequence[Item]) -> None:
        """Show other items."""
        self.beginResetModel()
        self.items = list(items)
        self.endResetModel()

    def replace(self, items: Sequence[Item]) -> None:
        """Show the same number of items with other contents; what is chosen stays."""
        if len(items) != len(self.items):
            self.show(items)
            return
        self.items = list(items)
        if items:
            self.dataChanged.emit(self.index(0), self.index(len(items) - 1))

    @override
    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.items)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not 0 <= index.row() < len(self.items):
            return None
        item = self.items[index.row()]
        if role == ITEM:
            return item
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._words(item)
        return None


class RowPainter(QStyledItemDelegate):
    """Paints a row: its ground, the accent at the left of the chosen one, a hairline below."""

    def __init__(self, height: int, parent: QObject) -> None:
        super().__init__(parent)
        self.height = height

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(10, self.row_height())

    def row_height(self) -> int:
        """How high a row is; grows with the text."""
        return theme().px(self.height)

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        look = theme()
        rect = QRectF(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen:
            painter.fillRect(rect, look.color("sel"))
            painter.fillRect(QRectF(rect.left(), rect.top(), 3, rect.height()), look.color("accent"))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, look.color("sunken"))
        painter.setPen(QPen(look.color("hair"), 1))
        painter.drawLine(QLineF(rect.left(), rect.bottom() - 0.5, rect.right(), rect.bottom() - 0.5))
        item = index.data(ITEM)
        if item is not None:
            self.paint_item(painter, rect, item, chosen=chosen)
        if option.state & QStyle.StateFlag.State_HasFocus and chosen:
            painter.setPen(QPen(look.color("accent"), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(rect.adjusted(1, 1, -1, -1.5))
        painter.restore()

    def paint_item(self, painter: QPainter, rect: QRectF, item: object, *, chosen: bool) -> None:
        """Paint what the row is about."""


class RowList(QListView):
    """A list of painted rows. `chosen` carries the row that is current now, `opened` the one Enter was pressed on."""

    chosen = Signal(int)
    opened = Signal(int)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.doubleClicked.connect(lambda index: self.opened.emit(index.row()))
        theme().changed.connect(self.scheduleDelayedItemsLayout)

    def show_model(self, model: QAbstractListModel, painter: RowPainter) -> None:
        """Show a model, painted by a painter."""
        self.setModel(model)
        self.setItemDelegate(painter)
        self.selectionModel().currentRowChanged.connect(self._moved)

    def _moved(self, new: Index, old: Index) -> None:
        self.chosen.emit(new.row())

    def choose(self, row: int) -> None:
        """Make a row current; -1 for none."""
        model = self.model()
        if model is not None and 0 <= row < model.rowCount():
            self.setCurrentIndex(model.index(row, 0))
        else:
            self.clearSelection()
            self.setCurrentIndex(QModelIndex())

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if is_letter(event):
            event.ignore()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            if event.modifiers() == Qt.KeyboardModifier.NoModifier:
                self.opened.emit(self.currentIndex().row())
            else:
                event.ignore()
        else:
            super().keyPressEvent(event)


def line(
    painter: QPainter, rect: QRectF, said: str, type_: Type, token: str, *, right: bool = False, figures: bool = False
) -> float:
    """Paint one line of words that ends in an ellipsis where it must; returns how wide it is."""
    look = theme()
    metrics = look.metrics(type_)
    short = metrics.elidedText(said, Qt.TextElideMode.ElideRight, max(0, int(rect.width())))
    painter.setFont(look.figures(type_) if figures else look.font(type_))
    painter.setPen(look.color(token))
    side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
    painter.drawText(rect, int(side | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine), short)
    return float(metrics.horizontalAdvance(short))

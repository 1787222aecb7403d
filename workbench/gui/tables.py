"""Tables that are looked at: sortable, copyable, never edited."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QAction, QFontMetrics, QGuiApplication, QKeyEvent, QKeySequence, QPalette
from PySide6.QtWidgets import QAbstractItemView, QTableView, QWidget
from typing_extensions import override

from workbench.core.model import Column, Table
from workbench.core.text import one_line
from workbench.gui.parts.lists import is_letter

Index = QModelIndex | QPersistentModelIndex

_ROOT = QModelIndex()
NOTHING = Table((), ())
_WIDEST = 360
_MEASURED = 60
_PADDING = 18
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


def shown(value: Any, kind: str) -> str:
    """A cell as people read it: numbers to four significant places, flags as yes and no."""
    if value is None:
        return "–"
    if kind == "flag" or isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}" if kind == "integer" else str(value)
    if isinstance(value, float):
        return f"{value:.4g}"
    return one_line(str(value), 400)


class TableModel(QAbstractTableModel):
    """A `Table` for views: cells as text to show, whole values to copy and to sort by."""

    def __init__(self, table: Table = NOTHING, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._table = table
        self._order = list(range(len(table.rows)))
        self.faded: Callable[[tuple[Any, ...]], bool] = lambda row: False

    def set_table(self, table: Table) -> None:
        """Show another table, in its own order."""
        self.beginResetModel()
        self._table = table
        self._order = list(range(len(table.rows)))
        self.endResetModel()

    @property
    def table(self) -> Table:
        """The table that is shown."""
        return self._table

    def row_at(self, row: int) -> tuple[Any, ...]:
        """The cells of the row that is shown at a place."""
        return self._table.rows[self._order[row]]

    def place_of(self, key: Any) -> int | None:
        """Where the row whose first cell is `key` is shown."""
        for place, row in enumerate(self._order):
            if self._table.rows[row][:1] == (key,):
                return place
        return None

    @override
    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._order)

    @override
    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._table.columns)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        column = self._table.columns[index.column()]
        row = self.row_at(index.row())
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            text = shown(row[index.column()], column.kind)
            return text if role == Qt.ItemDataRole.DisplayRole else plain_tip(text)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if column.kind in ("integer", "number") else _LEFT
        if role == Qt.ItemDataRole.ForegroundRole and self.faded(row):
            return QGuiApplication.palette().brush(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text)
        return None

    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation is not Qt.Orientation.Horizontal or section >= len(self._table.columns):
            return None
        column = self._table.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.label or column.name.replace("_", " ")
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if column.kind in ("integer", "number") else _LEFT
        return None

    @override
    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Order the rows by one column, what is unknown last; column -1 gives the table's own order."""
        self.layoutAboutToBeChanged.emit()
        kept = [(index, self._order[index.row()]) for index in self.persistentIndexList()]
        self._order = self._sorted(column, order)
        places = {row: place for place, row in enumerate(self._order)}
        for old, row in kept:
            self.changePersistentIndex(old, self.index(places[row], old.column()))
        self.layoutChanged.emit()

    def _sorted(self, column: int, order: Qt.SortOrder) -> list[int]:
        rows = list(range(len(self._table.rows)))
        if not 0 <= column < len(self._table.columns):
            return rows
        cells = [row[column] for row in self._table.rows]
        known = [at for at in rows if cells[at] is not None]
        known.sort(key=lambda at: _sort_key(cells[at]), reverse=order is Qt.SortOrder.DescendingOrder)
        return known + [at for at in rows if cells[at] is None]


def _sort_key(value: Any) -> tuple[int, float, str]:
    """Numbers before texts, texts without regard to case."""
    if isinstance(value, int | float):
        return (0, float(value), "")
    return (1, 0.0, str(value).casefold())


def when(time: str) -> str:
    """A stored time as people read it: to the second, in UTC."""
    return time[:19].replace("T", " ") + " UTC" if time.endswith("Z") else time


def plain_tip(text: str) -> str:
    """A tool tip that shows text as it is, though it should look like markup."""
    return f"<span>{html.escape(text)}</span>" if text else ""


class TableView(QTableView):
    """A table to look at: sorted by its headers, copied with the shortcut for Copy.

    `chosen` carries the first cell of the current row, or None when no row is current.
    """

    chosen = Signal(object)

    def __init__(self, name: str, parent: QWidget | None = None, *, widest: int = _WIDEST) -> None:
        super().__init__(parent)
        self._widest = widest
        self.rows = TableModel(parent=self)
        self.setModel(self.rows)
        self.setAccessibleName(name)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setAlternatingRowColors(True)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().setVisible(False)
        self.verticalHeader().setDefaultSectionSize(QFontMetrics(self.font()).height() + 8)
        head = self.horizontalHeader()
        head.setHighlightSections(False)
        head.setStretchLastSection(True)
        head.setSortIndicatorClearable(True)
        head.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)
        self.selectionModel().currentRowChanged.connect(self._tell)
        self._add_copy()

    def _add_copy(self) -> None:
        copy = QAction("&Copy", self)
        copy.setShortcut(QKeySequence.StandardKey.Copy)
        copy.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        copy.triggered.connect(self.copy)
        self.addAction(copy)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)

    def show_table(self, table: Table) -> None:
        """Show a table; the chosen row stays chosen where its first cell is still there."""
        shown = self.rows.table
        key, fresh = self.key(), table.columns != shown.columns or not shown.rows
        self.rows.set_table(table)
        head = self.horizontalHeader()
        self.rows.sort(head.sortIndicatorSection(), head.sortIndicatorOrder())
        if fresh and table.columns:
            self._fit()
        if key is not None:
            self.choose(key)

    def _fit(self) -> None:
        head = self.horizontalHeader()
        head.setResizeContentsPrecision(_MEASURED)
        self.resizeColumnsToContents()
        for column in range(self.rows.columnCount()):
            self.setColumnWidth(column, min(self._widest, self.columnWidth(column) + _PADDING))

    def key(self) -> Any:
        """The first cell of the current row; None when no row is current."""
        index = self.currentIndex()
        return self.rows.row_at(index.row())[0] if index.isValid() else None

    def choose(self, key: Any) -> None:
        """Make the row with this first cell current; nothing happens where there is none."""
        place = self.rows.place_of(key)
        if place is not None:
            self.selectRow(place)

    def copy(self) -> None:
        """Put the selected rows on the clipboard: tab-separated whole values under their headings."""
        places = sorted({index.row() for index in self.selectionModel().selectedRows()})
        if not places:
            return
        columns = self.rows.table.columns
        lines = [[column.label or column.name for column in columns]]
        lines += [["" if v is None else str(v) for v in self.rows.row_at(place)] for place in places]
        QGuiApplication.clipboard().setText("\n".join("\t".join(map(_cell, line)) for line in lines))

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if is_letter(event):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def _tell(self) -> None:
        self.chosen.emit(self.key())


def _cell(text: str) -> str:
    return text.replace("\t", " ").replace("\r", " ").replace("\n", " ")


def table_of(columns: Sequence[tuple[str, str, str]], rows: Iterable[Sequence[Any]]) -> Table:
    """A table from (name, kind, label) of its columns and its rows."""
    return Table(tuple(Column(*column) for column in columns), tuple(tuple(row) for row in rows))

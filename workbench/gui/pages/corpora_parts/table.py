"""The table of corpora: one line a model, with lengths, coverage, languages and flags in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QItemSelectionModel,
    QLineF,
    QMimeData,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QAction,
    QContextMenuEvent,
    QGuiApplication,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)
from typing_extensions import override

from workbench.gui.look.icons import paint_icon
from workbench.gui.look.theme import Type, set_type, theme
from workbench.gui.parts.chips import chip_size, paint_chip, role_look
from workbench.gui.parts.lists import is_letter, line
from workbench.gui.pictures.heat_map import paint_code
from workbench.gui.words import mark, tr

if TYPE_CHECKING:
    from workbench.app.desk.corpora import CorpusRow

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
ROW = int(Qt.ItemDataRole.UserRole)
MIME = "application/x-workbench-corpora"
_CUT, _DECLINED = 3, 4
_FITS = {"fit": ("ok", "accent"), "doubtful": ("warning", "warn"), "unfit": ("wrong", "bad")}


_ROLES: tuple[str, ...] = ("suspect", "protected", "base", "sibling", "control", "aside")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: key, heading, width, whether numbers stand at its right, and what it is sorted by."""

    key: str
    title: str
    width: int
    value: Callable[[CorpusRow], Any]
    right: bool = False
    hidden: bool = False


COLUMNS = (
    Column("model", mark("Model"), 150, lambda r: r.name.casefold()),
    Column("role", mark("Role"), 108, lambda r: (_ROLES.index(r.corpus.role), r.late)),
    Column("maker", mark("Maker"), 98, lambda r: (r.corpus.facts.developer or "").casefold()),
    Column("released", mark("Released"), 72, lambda r: r.corpus.facts.released or "", right=True),
    Column("answers", mark("Answers"), 68, lambda r: r.accepted, right=True),
    Column("cover", mark("Cover"), 54, lambda r: r.cover),
    Column("lengths", mark("Lengths"), 78, lambda r: r.shape.median),
    Column("median", mark("Median"), 64, lambda r: r.shape.median, right=True),
    Column("language", mark("In"), 34, lambda r: r.languages[0][0] if r.languages else ""),
    Column("flags", mark("Flags"), 84, lambda r: sum(r.flags.values())),
    Column("fit", mark("Fit"), 34, lambda r: r.fit),
    Column("base", mark("Base"), 90, lambda r: r.corpus.facts.base or "", hidden=True),
    Column("family", mark("Family"), 90, lambda r: r.corpus.facts.family or "", hidden=True),
    Column("rejected", mark("Rejected"), 70, lambda r: r.rejected, right=True, hidden=True),
    Column("duplicate", mark("Doubled"), 70, lambda r: r.duplicate, right=True, hidden=True),
    Column("prompts", mark("Prompts"), 70, lambda r: r.prompts, right=True, hidden=True),
    Column("unjoined", mark("No prompt"), 74, lambda r: r.unjoined, right=True, hidden=True),
)


def said_in(column: Column, row: CorpusRow) -> str:
    """A cell in words: for copying, for screen readers, and for what is painted as text."""
    facts = row.corpus.facts
    said: dict[str, str] = {
        "model": row.name,
        "role": tr("protected, too late") if row.late else tr(str(row.corpus.role)),
        "maker": facts.developer or tr("unknown"),
        "released": facts.released or tr("unknown"),
        "cover": f"{row.cover:.0%}".replace("%", " %"),
        "lengths": tr("median {n} characters", n=row.shape.median),
        "language": ", ".join(f"{name} {n:,}" for name, n in row.languages) or "–",
        "flags": ", ".join(f"{number} {tr(name)}" for name, number in row.flags.items())
        or ("–" if row.examined else tr("not examined")),
        "fit": tr(row.fit) if row.fit else tr("not judged"),
        "base": facts.base or "–",
        "family": facts.family or "–",
    }
    if column.key in said:
        return said[column.key]
    value = column.value(row)
    return f"{value:,}" if isinstance(value, int) else str(value)


def matches(row: CorpusRow, words: Sequence[str]) -> bool:
    """Whether a corpus fits what was typed: words of its name or maker, `role:`, `maker:`, `flag:`, `in:`."""
    facts = row.corpus.facts
    for word in words:
        key, sign, value = word.partition(":")
        if sign and key in ("role", "maker", "flag", "in", "base"):
            held = {
                "role": tr("late") if row.late else str(row.corpus.role),
                "maker": facts.developer or "",
                "base": facts.base or "",
                "flag": " ".join([*row.flags, *(["unjoined"] if row.unjoined else [])]),
                "in": " ".join(name for name, _ in row.languages),
            }[key]
            if value not in held.casefold() and not (key == "role" and value in str(row.corpus.role)):
                return False
        elif word not in f"{row.name} {facts.developer or ''} {facts.family or ''} {row.corpus.role}".casefold():
            return False
    return True


class CorporaModel(QAbstractTableModel):
    """The corpora that fit the filter, in the order of a column."""

    def __init__(self) -> None:
        super().__init__()
        self._all: tuple[CorpusRow, ...] = ()
        self._words: list[str] = []
        self._sorted: tuple[int, bool] = (-1, False)
        self.rows: list[CorpusRow] = []

    def show(self, rows: Sequence[CorpusRow]) -> None:
        """Show other corpora; filter and order stay."""
        self._all = tuple(rows)
        self._settle()

    def filter(self, typed: str) -> None:
        """Show those that fit what was typed."""
        self._words = typed.casefold().split()
        self._settle()

    def _settle(self) -> None:
        self.beginResetModel()
        self.rows = [row for row in self._all if matches(row, self._words)]
        column, down = self._sorted
        if column >= 0:
            self.rows.sort(key=COLUMNS[column].value, reverse=down)
        else:
            self.rows.sort(key=lambda row: (_ROLES.index(row.corpus.role), row.late))
        self.endResetModel()

    @override
    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    @override
    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self.rows[index.row()]
        if role == ROW:
            return row
        if role in (
            Qt.ItemDataRole.DisplayRole,
            Qt.ItemDataRole.AccessibleTextRole,
            Qt.ItemDataRole.ToolTipRole,
        ):
            return said_in(COLUMNS[index.column()], row)
        return None

    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return tr(COLUMNS[section].title)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if COLUMNS[section].right else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsDragEnabled

    @override
    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._sorted = (column, order is Qt.SortOrder.DescendingOrder)
        self._settle()

    @override
    def mimeTypes(self) -> list[str]:
        return [MIME]

    @override
    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        names = dict.fromkeys(self.rows[index.row()].name for index in indexes)
        data = QMimeData()
        data.setData(MIME, "\n".join(names).encode())
        return data


class _Painter(QStyledItemDelegate):
    """Paints the cells."""

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        look = theme()
        row: CorpusRow = index.data(ROW)
        column = COLUMNS[index.column()]
        rect = QRectF(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        view = self.parent()
        assert isinstance(view, CorporaTable)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        current = view.currentIndex().row() == index.row()
        if chosen:
            painter.fillRect(rect, look.color("sel"))
        elif view.hovered == index.row():
            painter.fillRect(rect, look.color("sunken"))
        painter.setPen(QPen(look.color("hair"), 1))
        painter.drawLine(QLineF(rect.left(), rect.bottom() - 0.5, rect.right(), rect.bottom() - 0.5))
        if current and index.column() == view.first_column():
            painter.fillRect(QRectF(rect.left(), rect.top(), 3, rect.height()), look.color("accent"))
        room = rect.adjusted(8, 0, -8, 0)
        paint = {
            "model": self._model,
            "role": self._role,
            "cover": self._cover,
            "lengths": self._lengths,
            "flags": self._flags,
            "fit": self._fit,
        }.get(column.key)
        if paint is not None:
            paint(painter, room, row, chosen=chosen)
        else:
            said = said_in(column, row)
            if column.key == "language":
                said = "–" if not row.languages else row.languages[0][0] + ("+" if len(row.languages) > 1 else "")
            quiet = column.key == "maker" or said in ("–", tr("unknown"))
            figures = column.right and column.key != "released"
            line(painter, room, said, Type.BODY, "ink3" if quiet else "ink1", right=column.right, figures=figures)
        painter.restore()

    @staticmethod
    def _model(painter: QPainter, room: QRectF, row: CorpusRow, *, chosen: bool) -> None:
        look = theme()
        size = look.px(14)
        box = QRectF(room.left(), room.center().y() - size / 2, size, size)
        painter.setPen(QPen(look.color("accent" if chosen else "control"), 1.2))
        painter.setBrush(look.color("accent" if chosen else "surface"))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
        if chosen:
            paint_icon(painter, "tick", box.adjusted(1, 1, -1, -1), look.color("on_accent"))
        strong = row.corpus.role in ("suspect", "protected")
        room = room.adjusted(size + 8, 0, 0, 0)
        wide = line(painter, room, row.name, Type.HEAD if strong else Type.BODY, "ink1")
        if row.late:
            line(painter, room.adjusted(wide + 6, 0, 0, 0), tr("too late"), Type.BODY, "ink3")

    @staticmethod
    def _role(painter: QPainter, room: QRectF, row: CorpusRow, *, chosen: bool) -> None:
        role = "late" if row.late else str(row.corpus.role)
        look = role_look(role)
        said = tr("protected") if row.late else tr("set aside") if role == "aside" else tr(role)
        size = chip_size(said, look)
        box = QRectF(room.left(), room.center().y() - size.height() / 2, min(size.width(), room.width()), size.height())
        paint_chip(painter, box, said, look)

    @staticmethod
    def _cover(painter: QPainter, room: QRectF, row: CorpusRow, *, chosen: bool) -> None:
        look = theme()
        high = look.px(7)
        box = QRectF(room.left(), room.center().y() - high / 2, room.width(), high)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.color("hair"))
        painter.drawRoundedRect(box, 1.5, 1.5)
        painter.setBrush(look.color("heat3"))
        box.setWidth(box.width() * min(1.0, row.cover))
        painter.drawRoundedRect(box, 1.5, 1.5)

    @staticmethod
    def _lengths(painter: QPainter, room: QRectF, row: CorpusRow, *, chosen: bool) -> None:
        look = theme()
        bins = row.shape.lengths
        most = max(bins) or 1
        high = room.height() - look.px(12)
        foot = room.bottom() - look.px(6)
        wide = room.width() / len(bins)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.color("control"))
        for at, number in enumerate(bins):
            if number:
                tall = max(1.0, high * number / most)
                painter.drawRect(QRectF(room.left() + at * wide, foot - tall, max(1.0, wide - 1), tall))
        painter.setPen(QPen(look.color("strong"), 1))
        painter.drawLine(
            QRectF(room.left(), foot, room.width(), 0).topLeft(), QRectF(room.left(), foot, room.width(), 0).topRight()
        )
        x = room.left() + row.shape.median_bin * wide
        painter.fillRect(QRectF(x - 1, foot - high - 1, 2, high + 1), look.color("ink1"))

    @staticmethod
    def _flags(painter: QPainter, room: QRectF, row: CorpusRow, *, chosen: bool) -> None:
        look = theme()
        if not row.examined:
            line(painter, room, tr("not examined"), Type.LABEL, "ink3")
            return
        size = look.px(9)
        at = room.left()
        others = 0
        for name, number in row.flags.items():
            code = {"cut": _CUT, "declined": _DECLINED}.get(name)
            if code is None:
                others += number
                continue
            paint_code(painter, QRectF(at, room.center().y() - size / 2, size, size), code)
            said = QRectF(at + size + 5, room.top(), room.right() - at, room.height())
            at += size + 5 + line(painter, said, f"{number:,}", Type.BODY, "ink1", figures=True) + look.px(12)
        if others and room.right() - at > look.px(20):
            place = QRectF(at, room.center().y() - look.px(6), look.px(12), look.px(12))
            paint_icon(painter, "flag", place, look.color("ink2"))
            said = QRectF(at + look.px(15), room.top(), room.right() - at - look.px(15), room.height())
            line(painter, said, f"{others:,}", Type.BODY, "ink1", figures=True)

    @staticmethod
    def _fit(painter: QPainter, room: QRectF, row: CorpusRow, *, chosen: bool) -> None:
        sign = _FITS.get(row.fit)
        if sign is None:
            line(painter, room, "–", Type.BODY, "ink3")
            return
        size = theme().px(14)
        paint_icon(
            painter, sign[0], QRectF(room.left(), room.center().y() - size / 2, size, size), theme().color(sign[1])
        )

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(COLUMNS[index.column()].width, theme().px(30))


class CorporaTable(QTableView):
    """The table. `selected` comes with every change of what is chosen, `opened` with Enter."""

    selected = Signal()
    opened = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.rows = CorporaModel()
        self.hovered = -1
        self.setModel(self.rows)
        self.setItemDelegate(_Painter(self))
        self.setAccessibleName(tr("Corpora"))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().setVisible(False)
        head = self.horizontalHeader()
        head.setHighlightSections(False)
        set_type(head, Type.LABEL)
        head.setSortIndicatorClearable(True)
        head.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        head.setSectionsMovable(True)
        head.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        head.customContextMenuRequested.connect(lambda where: self.column_menu().popup(head.mapToGlobal(where)))
        self.setSortingEnabled(True)
        self.selectionModel().selectionChanged.connect(lambda new, old: self.selected.emit())
        self.selectionModel().currentRowChanged.connect(lambda new, old: self.viewport().update())
        self._fit()
        theme().changed.connect(self._fit)
        copy = QAction(tr("&Copy"), self)
        copy.setShortcut("Ctrl+C")
        copy.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        copy.triggered.connect(self.copy)
        self.addAction(copy)

    def _fit(self) -> None:
        self.verticalHeader().setDefaultSectionSize(max(theme().px(30), theme().metrics(Type.BODY).height() + 10))
        for at, column in enumerate(COLUMNS):
            self.setColumnWidth(at, theme().px(column.width))
            if column.hidden:
                self.setColumnHidden(at, True)
        self.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
        self.horizontalHeader().setStretchLastSection(False)

    def fill(self) -> None:
        """Give the room that is left to the name and the maker."""
        shown = [at for at in range(len(COLUMNS)) if not self.isColumnHidden(at)]
        room = self.width() - self.verticalScrollBar().sizeHint().width() - 4
        left = room - sum(theme().px(COLUMNS[at].width) for at in shown)
        extra = max(0, left)
        for at, share in ((0, 0.45), (2, 0.25), (6, 0.12), (9, 0.18)):
            self.setColumnWidth(at, theme().px(COLUMNS[at].width) + int(extra * share))

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fill()

    def column_menu(self) -> QMenu:
        """The menu that chooses which columns are shown."""
        menu = QMenu(self)
        for at, column in enumerate(COLUMNS[1:], start=1):
            action = menu.addAction(tr(column.title))
            action.setCheckable(True)
            action.setChecked(not self.isColumnHidden(at))
            action.toggled.connect(lambda on, at=at: self._show_column(at, on=on))
        return menu

    def _show_column(self, at: int, *, on: bool) -> None:
        self.setColumnHidden(at, not on)
        self.fill()

    def first_column(self) -> int:
        """The column that is shown first."""
        return self.horizontalHeader().logicalIndex(0)

    def names(self) -> list[str]:
        """The names of what is chosen, in the order shown."""
        return [self.rows.rows[at].name for at in sorted({i.row() for i in self.selectionModel().selectedRows()})]

    def current(self) -> CorpusRow | None:
        """The corpus of the row that the inspector is about."""
        at = self.currentIndex().row()
        return self.rows.rows[at] if 0 <= at < len(self.rows.rows) else None

    def choose(self, names: Sequence[str], *, current: str = "") -> None:
        """Choose corpora by their names."""
        selection = self.selectionModel()
        wanted = set(names)
        selection.blockSignals(True)
        selection.clear()
        flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
        for at, row in enumerate(self.rows.rows):
            if row.name in wanted:
                selection.select(self.rows.index(at, 0), flags)
            if row.name == (current or (names[0] if names else "")):
                selection.setCurrentIndex(self.rows.index(at, 0), QItemSelectionModel.SelectionFlag.NoUpdate)
                self.scrollTo(self.rows.index(at, 0))
        selection.blockSignals(False)
        self.viewport().update()
        self.selected.emit()

    def copy(self) -> None:
        """Put the chosen rows on the clipboard, tab-separated under their headings."""
        shown = [at for at in range(len(COLUMNS)) if not self.isColumnHidden(at)]
        wanted = set(self.names())
        lines = [[tr(COLUMNS[at].title) for at in shown]]
        lines += [[said_in(COLUMNS[at], row) for at in shown] for row in self.rows.rows if row.name in wanted]
        QGuiApplication.clipboard().setText("\n".join("\t".join(cells) for cells in lines))

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click on the box of a row adds it to what is chosen, or takes it away."""
        index = self.indexAt(event.position().toPoint())
        box = QRect(self.visualRect(index).left(), 0, theme().px(28), 1) if index.isValid() else QRect()
        over = box.left() <= event.position().x() <= box.right()
        if index.isValid() and index.column() == 0 and over and event.button() is Qt.MouseButton.LeftButton:
            flags = QItemSelectionModel.SelectionFlag.Toggle | QItemSelectionModel.SelectionFlag.Rows
            self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
            self.selectionModel().select(index, flags)
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            return
        super().mousePressEvent(event)

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        row = self.indexAt(event.position().toPoint()).row()
        if row != self.hovered:
            self.hovered = row
            self.viewport().update()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and (row := self.current()) is not None:
            self.opened.emit(row.name)
        elif event.key() == Qt.Key.Key_Space:
            flags = QItemSelectionModel.SelectionFlag.Toggle | QItemSelectionModel.SelectionFlag.Rows
            self.selectionModel().select(self.currentIndex(), flags)
        elif is_letter(event) or event.key() == Qt.Key.Key_Escape:
            event.ignore()
        else:
            super().keyPressEvent(event)

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        menu.addActions(self.actions())
        menu.popup(event.globalPos())

"""The sidebar: the open case, the pages in their groups, and how much is in each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QListView,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
)
from typing_extensions import override

from workbench.gui.look.icons import paint_icon
from workbench.gui.look.theme import Type, set_type, theme
from workbench.gui.words import mark, tr

if TYPE_CHECKING:
    from workbench.app.desk.index import CaseIndex

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
WIDE, FOLDED = 204, 56
_ENTRY, _HEADING = 29, 30
_TITLE, _COUNT, _ICON, _KEY = (int(Qt.ItemDataRole.UserRole) + at for at in range(4))


@dataclass(frozen=True, slots=True)
class Entry:
    """A page in the sidebar; without a key a heading, without a title the gap above the last ones."""

    key: str
    title: str = ""
    icon: str = ""


OF_A_CASE = (
    Entry("overview", mark("Overview"), "compass"),
    Entry("", mark("Evidence")),
    Entry("corpora", mark("Corpora"), "layers"),
    Entry("answers", mark("Answers"), "answer"),
    Entry("documents", mark("Documents"), "document"),
    Entry("", mark("Examine")),
    Entry("plan", mark("Plan"), "plan"),
    Entry("analyses", mark("Analyses"), "scales"),
    Entry("findings", mark("Findings"), "chart"),
    Entry("map", mark("Map of models"), "tree"),
    Entry("", mark("Hand over")),
    Entry("exhibits", mark("Exhibits"), "bookmark"),
    Entry("report", mark("Report"), "document"),
    Entry("packs", mark("Packs"), "box"),
    Entry("ledger", mark("Ledger"), "ledger"),
    Entry(""),
    Entry("library", mark("Library"), "home"),
    Entry("settings", mark("Settings"), "settings"),
    Entry("help", mark("Help"), "help"),
)
WITHOUT_CASE = (
    Entry("", mark("Cases")),
    Entry("library", mark("Library"), "home"),
    Entry("", mark("Tools")),
    Entry("do:tools.kit", mark("Collect answers"), "case"),
    Entry("packs", mark("Verify a pack"), "ok"),
    Entry("do:tools.validate", mark("Validate a method"), "scales"),
    Entry("", mark("Learn")),
    Entry("help", mark("User guide"), "help"),
    Entry("help/glossary", mark("Glossary"), "document"),
    Entry("do:help.keys", mark("Shortcuts"), "lines"),
    Entry(""),
    Entry("settings", mark("Settings"), "settings"),
)


class _Entries(QAbstractListModel):
    """The entries with their counts."""

    def __init__(self) -> None:
        super().__init__()
        self.entries: tuple[Entry, ...] = ()
        self.counts: Mapping[str, str] = {}

    def show(self, entries: Sequence[Entry]) -> None:
        self.beginResetModel()
        self.entries = tuple(entries)
        self.endResetModel()

    def show_counts(self, counts: Mapping[str, str]) -> None:
        self.counts = counts
        if self.entries:
            self.dataChanged.emit(self.index(0), self.index(len(self.entries) - 1))

    @override
    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.entries)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        entry = self.entries[index.row()]
        count = self.counts.get(entry.key, "")
        if role in (Qt.ItemDataRole.DisplayRole, _TITLE):
            return tr(entry.title) if entry.title else ""
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            said = tr(entry.title) if entry.title else ""
            return f"{said}, {count}" if count else said
        return {_COUNT: count, _ICON: entry.icon, _KEY: entry.key}.get(role)

    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
        chosen = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return chosen if self.entries[index.row()].key else Qt.ItemFlag.NoItemFlags


class _Painter(QStyledItemDelegate):
    """Paints entries, headings and the gap."""

    def __init__(self, view: _View) -> None:
        super().__init__(view)
        self._view = view

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        look = theme()
        if index.data(_KEY):
            high = max(look.px(_ENTRY), look.metrics(Type.BODY).height() + 11)
        elif index.data(_TITLE):
            high = look.px(12) if self._view.folded else max(look.px(_HEADING), look.metrics(Type.GROUP).height() + 15)
        else:
            high = self._view.gap()
        return QSize(10, high)

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        rect: QRect = option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        mirrored = self._view.layoutDirection() is Qt.LayoutDirection.RightToLeft
        if index.data(_KEY):
            state: QStyle.StateFlag = option.state
            self._entry(painter, QRectF(rect), index, state, mirrored)
        elif index.data(_TITLE):
            self._heading(painter, rect, str(index.data(_TITLE)), mirrored)
        painter.restore()

    def _heading(self, painter: QPainter, rect: QRect, said: str, mirrored: bool) -> None:
        look = theme()
        if self._view.folded:
            painter.setPen(look.color("hair"))
            painter.drawLine(rect.left() + 10, rect.center().y(), rect.right() - 10, rect.center().y())
            return
        painter.setFont(look.font(Type.GROUP))
        painter.setPen(look.color("ink3"))
        side = Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft
        painter.drawText(rect.adjusted(10, 0, -10, -4), int(side | Qt.AlignmentFlag.AlignBottom), said)

    def _entry(self, painter: QPainter, rect: QRectF, index: Index, state: QStyle.StateFlag, mirrored: bool) -> None:
        look = theme()
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        box = rect.adjusted(0.5, 0.5, -0.5, -0.5)
        if chosen:
            painter.setPen(QPen(look.color("hair"), 1))
            painter.setBrush(look.color("surface"))
            painter.drawRoundedRect(box, 6, 6)
            bar = QRectF(box.right() - 3 if mirrored else box.left() + 0.5, box.top() + 6, 3, box.height() - 12)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.color("accent"))
            painter.drawRoundedRect(bar, 1.5, 1.5)
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.color("hair"))
            painter.drawRoundedRect(box, 6, 6)
        if chosen and self._view.hasFocus() and self._view.by_keyboard:
            painter.setPen(QPen(look.color("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 6, 6)
        size = look.px(17)
        left = rect.center().x() - size / 2 if self._view.folded else rect.left() + 9
        if mirrored and not self._view.folded:
            left = rect.right() - 9 - size
        place = QRectF(left, rect.center().y() - size / 2, size, size)
        paint_icon(painter, str(index.data(_ICON)), place, look.color("accent" if chosen else "ink2"))
        if not self._view.folded:
            self._words(painter, rect, index, chosen, mirrored)

    def _words(self, painter: QPainter, rect: QRectF, index: Index, chosen: bool, mirrored: bool) -> None:
        look = theme()
        near, far = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
        if mirrored:
            near, far = far, near
        beside = str(index.data(_COUNT) or "")
        room = rect.adjusted(9, 0, -9, 0)
        used = 0
        if beside:
            locked = beside.startswith("\N{LOCK}")
            said = beside[1:] if locked else beside
            painter.setFont(look.font(Type.LABEL))
            painter.setPen(look.color("ink3"))
            painter.drawText(room, int(far | Qt.AlignmentFlag.AlignVCenter), said)
            used = look.metrics(Type.LABEL).horizontalAdvance(said) + 6
            if locked:
                size = look.px(12)
                left = room.left() + used if mirrored else room.right() - used - size
                paint_icon(painter, "lock", QRectF(left, rect.center().y() - size / 2, size, size), look.color("ink3"))
                used += size + 4
        font = look.font(Type.HEAD if chosen else Type.BODY)
        painter.setFont(font)
        painter.setPen(look.color("ink1"))
        start = look.px(17) + 9
        room = room.adjusted(used, 0, -start, 0) if mirrored else room.adjusted(start, 0, -used, 0)
        said = look.metrics(Type.HEAD if chosen else Type.BODY).elidedText(
            str(index.data(_TITLE)), Qt.TextElideMode.ElideRight, int(room.width())
        )
        painter.drawText(room, int(near | Qt.AlignmentFlag.AlignVCenter), said)


class _View(QListView):
    """The list of entries; the gap above the last ones takes the room that is left."""

    def __init__(self) -> None:
        super().__init__()
        self.folded = False
        self.by_keyboard = True
        self.rows = _Entries()
        self.setModel(self.rows)
        self.setItemDelegate(_Painter(self))
        self.setObjectName("navigation")
        self.setMouseTracking(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)

    def gap(self) -> int:
        """Height of the gap."""
        delegate = self.itemDelegate()
        option = QStyleOptionViewItem()
        used = 0
        for at, entry in enumerate(self.rows.entries):
            if entry.key or entry.title:
                used += delegate.sizeHint(option, self.rows.index(at)).height()
        return max(theme().px(8), self.viewport().height() - used - 2)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()


class CaseButton(QAbstractButton):
    """The open case: its letters, title and examiner; opens the list of recent cases."""

    def __init__(self) -> None:
        super().__init__()
        self.menu = QMenu(self)
        self.folded = False
        self._examiner = ""
        set_type(self, Type.HEAD)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("The open case"))
        self.clicked.connect(self._open_menu)

    def show_case(self, title: str, examiner: str) -> None:
        """Show a case."""
        self.setText(title)
        self._examiner = examiner
        self.setToolTip(f"{title}\n{examiner}")
        self.setAccessibleDescription(f"{title}, {examiner}")
        self.update()

    def _open_menu(self) -> None:
        self.menu.popup(self.mapToGlobal(self.rect().bottomLeft()))

    @override
    def sizeHint(self) -> QSize:
        look = theme()
        words = look.metrics(Type.HEAD).height() + look.metrics(Type.LEAST).height()
        return QSize(10, max(look.px(44), words + look.px(12)))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(look.color("hair"), 1))
        painter.setBrush(look.color("sunken" if self.underMouse() else "surface"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        size = look.px(28)
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        left = (self.width() - size) / 2 if self.folded else 8.0
        if mirrored and not self.folded:
            left = self.width() - 8 - size
        box = QRectF(left, (self.height() - size) / 2, size, size)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.color("accent"))
        painter.drawRoundedRect(box, 6, 6)
        painter.setPen(look.color("on_accent"))
        painter.setFont(look.font(Type.GROUP))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, letters_of(self.text()))
        if not self.folded:
            self._words(painter, size, mirrored)

    def _words(self, painter: QPainter, size: int, mirrored: bool) -> None:
        look = theme()
        arrow = look.px(14)
        room = self.rect().adjusted(size + 17, 0, -arrow - 10, 0)
        place = QRectF(self.width() - arrow - 7, (self.height() - arrow) / 2, arrow, arrow)
        if mirrored:
            room = self.rect().adjusted(arrow + 10, 0, -size - 17, 0)
            place.moveLeft(7)
        paint_icon(painter, "updown", place, look.color("ink3"))
        high = look.metrics(Type.HEAD).height()
        top = (self.height() - high - look.metrics(Type.LEAST).height()) // 2
        for said, type_, ink, y in (
            (self.text(), Type.HEAD, "ink1", top),
            (self._examiner, Type.LEAST, "ink3", top + high),
        ):
            painter.setFont(look.font(type_))
            painter.setPen(look.color(ink))
            short = look.metrics(type_).elidedText(said, Qt.TextElideMode.ElideRight, room.width())
            side = Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft
            painter.drawText(QRect(room.left(), y, room.width(), high + 4), int(side), short)


def letters_of(title: str) -> str:
    """The first letters of the first and the last word of a title."""
    words = [word for word in title.split() if word[:1].isalnum()]
    return "".join(word[0] for word in dict.fromkeys((words or [" "])[:1] + words[-1:])).upper().strip()


class Sidebar(QFrame):
    """The sidebar; `chosen` carries the key of a page, or `do:` and the key of an action."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("side")
        self.case = CaseButton()
        self.view = _View()
        self.view.setAccessibleName(tr("Pages"))
        self.view.clicked.connect(self._tell)
        self.view.selectionModel().currentChanged.connect(lambda new, old: self._tell(new))
        self._told = ""
        self._leads: Callable[[str], bool] = lambda key: True
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 10, 8, 8)
        layout.setSpacing(8)
        layout.addWidget(self.case)
        layout.addWidget(self.view, 1)
        self.fold(False)
        theme().changed.connect(self._refold)

    def offer(self, leads: Callable[[str], bool]) -> None:
        """Offer those entries alone whose keys lead somewhere."""
        self._leads = leads

    def show_case(self, title: str, examiner: str) -> None:
        """Show the pages of a case, or, without a title, what there is without one."""
        self.case.setVisible(bool(title))
        self.case.show_case(title, examiner)
        entries = OF_A_CASE if title else WITHOUT_CASE
        self.view.rows.show([entry for entry in entries if not entry.key or self._leads(entry.key)])
        self.choose(self._told)

    def show_counts(self, counts: Mapping[str, str]) -> None:
        """Show how much is in each page; a count that begins with a lock has one painted before it."""
        self.view.rows.show_counts(counts)

    def choose(self, key: str) -> None:
        """Mark the page that is shown; nothing is emitted."""
        self._told = key
        selection = self.view.selectionModel()
        for at, entry in enumerate(self.view.rows.entries):
            if entry.key == key:
                selection.blockSignals(True)
                self.view.setCurrentIndex(self.view.rows.index(at))
                selection.blockSignals(False)
                break
        else:
            selection.clear()
        self.view.viewport().update()

    def fold(self, folded: bool) -> None:
        """Show icons alone, so that the page keeps its width."""
        self.view.folded = self.case.folded = folded
        self.setFixedWidth(theme().px(FOLDED if folded else WIDE))
        self.view.scheduleDelayedItemsLayout()
        self.case.update()

    def _refold(self) -> None:
        self.fold(self.view.folded)

    def _tell(self, index: Index) -> None:
        key = str(index.data(_KEY) or "") if index.isValid() else ""
        if key and key != self._told:
            if key.startswith("do:"):
                self.choose(self._told)
            else:
                self._told = key
            self.chosen.emit(key)


def counts_of(index: CaseIndex) -> dict[str, str]:
    """How much is in each page; that of a locked plan begins with a lock."""
    numbers = {
        "corpora": len(index.models),
        "answers": index.answers,
        "documents": len(index.documents),
        "findings": len(index.findings),
        "exhibits": index.exhibits,
        "packs": index.packs,
        "ledger": index.lines,
    }
    counts = {key: f"{number:,}" for key, number in numbers.items() if number}
    if index.plan_version:
        counts["plan"] = f"\N{LOCK}v{index.plan_version}"
    return counts

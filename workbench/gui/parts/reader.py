"""The reader: answers to one prompt side by side, with what they share marked by number, fill and line."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from functools import partial
from itertools import accumulate
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import (
    QBrush,
    QFont,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
)
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QSplitter, QTextEdit, QVBoxLayout, QWidget
from typing_extensions import override

from workbench.core.text import SHOWN
from workbench.gui.look.theme import Type, set_type, theme
from workbench.gui.parts.buttons import Button, Kind
from workbench.gui.parts.labels import THIRD, ShortLabel, Sign, text
from workbench.gui.parts.long_text import wrap_mode
from workbench.gui.words import count, language, tr

if TYPE_CHECKING:
    from workbench.app.desk.answers import Side
    from workbench.app.desk.passages import Passage, ShownText

_LINES = {
    "none": QTextCharFormat.UnderlineStyle.SingleUnderline,
    "some": QTextCharFormat.UnderlineStyle.DashUnderline,
    "many": QTextCharFormat.UnderlineStyle.DotLine,
}
NONE = "none"
_LEAST = 150
_LINE = 132.0


class _Numbers(QWidget):
    """The numbers of passages, painted over a text before the words that they belong to."""

    def __init__(self, view: AnswerText) -> None:
        super().__init__(view.viewport())
        self._view = view
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.marks: list[tuple[int, int]] = []

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        size = look.px(13)
        for place, number in self.marks:
            cursor = QTextCursor(self._view.document())
            cursor.setPosition(place)
            box = self._view.cursorRect(cursor)
            if box.bottom() < 0 or box.top() > self.height():
                continue
            spot = QRectF(max(0.0, box.left() - size * 0.62), box.top() - size * 0.55, size, size)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.color("ink1"))
            painter.drawEllipse(spot)
            painter.setPen(look.color("surface"))
            font = QFont(look.font(Type.GROUP))
            font.setPointSizeF(font.pointSizeF() * 0.82)
            painter.setFont(font)
            painter.drawText(spot, Qt.AlignmentFlag.AlignCenter, str(number))


class _Placed:
    """A text and how it is shown, by places as Qt counts them: in units of UTF-16."""

    def __init__(self, said: str, shown: ShownText) -> None:
        self._said, self._shown = said, shown
        wide = any(character > "\uffff" for character in shown.said)
        units = (1 + (character > "\uffff") for character in shown.said)
        self._units = list(accumulate(units, initial=0)) if wide else None

    def at(self, place: int) -> int:
        """Where a character of the text begins in what is shown."""
        found = self._shown.at(place)
        return self._units[found] if self._units is not None else found

    def between(self, begin: int, end: int) -> str:
        """The characters of the text that are shown between two places."""
        first, last = self._back(begin), self._back(end - 1)
        return self._said[first : last + 1]

    def _back(self, place: int) -> int:
        return self._shown.back(place if self._units is None else bisect_right(self._units, place) - 1)


class AnswerText(QTextEdit):
    """One answer, to be read; hidden characters are small signs, passages and hits are marked."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName("bare")
        self.setReadOnly(True)
        self.setAccessibleName(name)
        self.setTabChangesFocus(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWordWrapMode(wrap_mode(unbroken=False))
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        set_type(self, Type.BODY)
        self.document().setDocumentMargin(14)
        self.setAcceptRichText(False)
        self._numbers = _Numbers(self)
        self.verticalScrollBar().valueChanged.connect(lambda at: self._numbers.update())
        theme().changed.connect(self._repaint)
        self._spans: list[tuple[int, int, str, int]] = []
        self._hits: list[tuple[int, int]] = []
        self._shown: _Placed | None = None

    def show_text(self, said: str, passages: Sequence[tuple[Passage, tuple[tuple[int, int], ...]]], words: str) -> None:
        """Show a text with passages and with the words of a search marked."""
        from workbench.app.desk.answers import spans_of
        from workbench.app.desk.passages import shown_text

        shown = shown_text(said)
        self.setWordWrapMode(wrap_mode(shown.unbroken))
        option = self.document().defaultTextOption()
        option.setTextDirection(_direction(said))
        self.document().setDefaultTextOption(option)
        self.setPlainText(shown.said)
        cursor = QTextCursor(self.document())
        cursor.select(QTextCursor.SelectionType.Document)
        block = QTextBlockFormat()
        block.setLineHeight(_LINE, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        cursor.mergeBlockFormat(block)
        self._shown = _Placed(said, shown)
        self._spans = [
            (self._shown.at(start), self._shown.at(end), passage.rare.value, passage.number)
            for passage, spans in passages
            for start, end in spans
        ]
        self._hits = [(self._shown.at(start), self._shown.at(end)) for start, end in spans_of(said, words)]
        self._repaint()

    def selected(self) -> str:
        """The words of the answer that are selected, as the answer writes them."""
        cursor = self.textCursor()
        if self._shown is None or not cursor.hasSelection():
            return ""
        return self._shown.between(cursor.selectionStart(), cursor.selectionEnd())

    def _repaint(self) -> None:
        look = theme()
        marks: list[QTextEdit.ExtraSelection] = []
        for start, end, rare, _ in self._spans:
            form = QTextCharFormat()
            form.setUnderlineStyle(_LINES[rare])
            form.setUnderlineColor(look.color("ink1" if rare != "many" else "ink3"))
            if rare == NONE:
                form.setBackground(QBrush(look.color("hit")))
            marks.append(self._mark(start, end, form))
        for start, end in self._hits:
            form = QTextCharFormat()
            form.setBackground(QBrush(look.color("hit")))
            form.setFontWeight(QFont.Weight.DemiBold)
            marks.append(self._mark(start, end, form))
        self.setExtraSelections(marks)
        self._numbers.marks = [(start, number) for start, _, _, number in self._spans if number]
        self._numbers.setGeometry(self.viewport().rect())
        self._numbers.raise_()
        self._numbers.update()

    def _mark(self, start: int, end: int, form: QTextCharFormat) -> QTextEdit.ExtraSelection:
        cursor = QTextCursor(self.document())
        cursor.setPosition(min(start, self.document().characterCount() - 1))
        cursor.setPosition(min(end, self.document().characterCount() - 1), QTextCursor.MoveMode.KeepAnchor)
        selection = QTextEdit.ExtraSelection()
        selection.cursor = cursor
        selection.format = form
        return selection

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._numbers.setGeometry(self.viewport().rect())

    def to_passage(self, number: int, *, select: bool = True) -> None:
        """Scroll to a passage by its place in the list."""
        for start, end, _, own in self._spans:
            if own == number:
                cursor = QTextCursor(self.document())
                cursor.setPosition(start)
                if select:
                    cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
                self.setTextCursor(cursor)
                self.ensureCursorVisible()
                return


def _direction(said: str) -> Qt.LayoutDirection:
    """The direction of a text: right to left where its first strong letter is of such a script."""
    return Qt.LayoutDirection.RightToLeft if said[:400].lstrip() and _is_rtl(said) else Qt.LayoutDirection.LeftToRight


def _is_rtl(said: str) -> bool:
    import unicodedata

    for character in said[:400]:
        kind = unicodedata.bidirectional(character)
        if kind in ("R", "AL"):
            return True
        if kind == "L":
            return False
    return False


class Column(QFrame):
    """One column: whose answer, its length and language, and the answer. `swapped` when another corpus is wanted."""

    swapped = Signal(str)
    closed = Signal()
    sampled = Signal(int)

    def __init__(self, side: Side, *, first: bool, can_close: bool, others: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self.setObjectName("surface")
        self.setMinimumWidth(theme().px(_LEAST))
        self.side = side
        head = QFrame()
        head.setObjectName("columnhead")
        head.setStyleSheet(
            f"QFrame#columnhead {{ background: {theme().tokens.sunken}; border: none; "
            f"border-bottom: 1px solid {theme().tokens.hair}; }}"
        )
        name = ShortLabel(side.who.name, Type.HEAD)
        role = tr("protected, too late") if side.who.role == "late" else tr(side.who.role)
        self.swap = Button(role, kind=Kind.FLAT, small=True, name=tr("Another corpus in this column"), arrow=True)
        menu = QMenu(self.swap)
        for other, kind in others:
            menu.addAction(f"{other}  ({tr(kind)})".replace("&", "&&"), partial(self.swapped.emit, other))
        if can_close:
            menu.addSeparator()
            menu.addAction(tr("Close this column"), self.closed.emit)
        for sample in side.samples[1:] and side.samples:
            menu.addAction(tr("Answer {n}", n=sample), partial(self.sampled.emit, sample))
        self.swap.clicked.connect(lambda: menu.popup(self.swap.mapToGlobal(self.swap.rect().bottomLeft())))
        top = QHBoxLayout()
        top.setSpacing(7)
        top.addWidget(Sign(side.who.role, "", 12, role=True))
        top.addWidget(name, 1)
        top.addWidget(self.swap if not menu.isEmpty() else text(role, Type.SECOND, THIRD, wrap=False))
        self.facts = ShortLabel(_facts(side), Type.SECOND, THIRD)
        layout = QVBoxLayout(head)
        layout.setContentsMargins(14, 7, 8, 7)
        layout.setSpacing(0)
        layout.addLayout(top)
        layout.addWidget(self.facts)
        self.text = AnswerText(tr("Answer of {name}", name=side.who.name))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(head)
        if side.why:
            why = text(side.why, Type.BODY, THIRD)
            why.setContentsMargins(14, 14, 14, 14)
            whole.addWidget(why)
            whole.addStretch(1)
            self.text.setVisible(False)
        whole.addWidget(self.text, 1)
        if not first:
            self.setStyleSheet(f"QFrame#surface {{ border-left: 1px solid {theme().tokens.hair}; }}")


def _facts(side: Side) -> str:
    if not side.number:
        return ""
    said = [count(len(side.text), "{n} character", "{n} characters")]
    if len(side.text) > SHOWN:
        said.append(tr("the first {n} shown", n=f"{SHOWN:,}"))
    if side.language:
        said.append(language(side.language))
    said.append(tr("answer {n}", n=f"{side.number:,}"))
    if side.nearest:
        said.append(tr("the nearest control"))
    if side.masked:
        said.append(tr("{n} masked", n=side.masked))
    said += [tr(mark) for mark in side.marks]
    return ", ".join(said)


class Reader(QSplitter):
    """Up to six columns that scroll together, each to the same share of its answer.

    `columns_changed` carries the names of the corpora that shall stand here; where `fixed`, they can't be changed.
    """

    columns_changed = Signal(object)
    sampled = Signal(int)
    current = Signal(int)

    def __init__(self, *, fixed: bool = False) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._fixed = fixed
        self.setHandleWidth(1)
        self.setChildrenCollapsible(False)
        self.columns: list[Column] = []
        self.together = True
        self._scrolling = False

    def show_sides(
        self, sides: Sequence[Side], passages: Sequence[Passage], words: str, others: Sequence[tuple[str, str]]
    ) -> None:
        """Show answers side by side."""
        for old in self.columns:
            old.hide()
            old.setParent(None)
            old.deleteLater()
        self.columns = []
        names = [side.who.name for side in sides]
        place = 0
        for at, side in enumerate(sides):
            free = [(name, role) for name, role in others if name not in names]
            column = Column(side, first=at == 0, can_close=len(sides) > 1 and not self._fixed, others=free)
            column.swapped.connect(partial(self._swap, names, at))
            column.closed.connect(partial(self._close, names, at))
            column.sampled.connect(self.sampled)
            own: list[tuple[Passage, tuple[tuple[int, int], ...]]] = []
            if side.number:
                own = [(passage, passage.spans[place]) for passage in passages if place < len(passage.spans)]
                place += 1
            column.text.show_text(side.text, own, words)
            column.text.verticalScrollBar().valueChanged.connect(partial(self._scrolled, at))
            self.addWidget(column)
            self.columns.append(column)
        self.setSizes([1000] * len(self.columns))

    def _swap(self, names: Sequence[str], at: int, name: str) -> None:
        self.columns_changed.emit([*names[:at], name, *names[at + 1 :]])

    def _close(self, names: Sequence[str], at: int) -> None:
        self.columns_changed.emit([name for n, name in enumerate(names) if n != at])

    def _scrolled(self, at: int, value: int) -> None:
        if not self.together or self._scrolling or at >= len(self.columns):
            return
        self._scrolling = True
        own = self.columns[at].text.verticalScrollBar()
        share = value / own.maximum() if own.maximum() else 0.0
        for n, column in enumerate(self.columns):
            if n != at:
                bar = column.text.verticalScrollBar()
                bar.setValue(round(share * bar.maximum()))
        self._scrolling = False

    def focus_column(self, at: int) -> bool:
        """Go to a column by its place; False where there is none."""
        if 0 <= at < len(self.columns):
            self.columns[at].text.setFocus(Qt.FocusReason.ShortcutFocusReason)
            return True
        return False

    def focused(self) -> Column | None:
        """The column that has the focus, else the first one."""
        return next((c for c in self.columns if c.text.hasFocus()), self.columns[0] if self.columns else None)

    def to_passage(self, number: int, *, select: bool = True) -> None:
        """Show a passage in every column."""
        self._scrolling = True
        for column in self.columns:
            column.text.to_passage(number, select=select)
        self._scrolling = False

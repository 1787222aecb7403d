"""Shared passages as a list: those first that the fewest controls wrote."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget
from typing_extensions import override

from workbench.gui.look.theme import Type, theme
from workbench.gui.parts.labels import SECOND, LinkLabel, text
from workbench.gui.parts.lists import ItemsModel, RowList, RowPainter, line
from workbench.gui.parts.panels import row
from workbench.gui.words import tr

if TYPE_CHECKING:
    from workbench.app.desk.passages import Passage

_SHOWN = 4


class _Painter(RowPainter):
    """A passage: its number, its words as they are marked, and how many controls wrote it."""

    def __init__(self, view: QWidget, elsewhere: dict[str, int]) -> None:
        super().__init__(27, view)
        self._elsewhere = elsewhere

    @override
    def row_height(self) -> int:
        return max(theme().px(27), theme().metrics(Type.BODY).height() + 8)

    @override
    def paint_item(self, painter: QPainter, rect: QRectF, item: object, *, chosen: bool) -> None:
        from workbench.app.desk.passages import Passage

        assert isinstance(item, Passage)
        look = theme()
        size = look.px(15)
        middle = rect.center().y()
        if item.number:
            spot = QRectF(rect.left() + 6, middle - size / 2, size, size)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.color("ink1"))
            painter.drawEllipse(spot)
            painter.setPen(look.color("surface"))
            painter.setFont(look.font(Type.GROUP))
            painter.drawText(spot, Qt.AlignmentFlag.AlignCenter, str(item.number))
        right = look.px(300)
        room = QRectF(rect.left() + 32, rect.top(), max(60.0, rect.width() - right - 40), rect.height())
        self._words(painter, room, item)
        at = rect.right() - right
        bar = QRectF(at, middle - look.px(3.5), look.px(94), look.px(7))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.color("hair"))
        painter.drawRoundedRect(bar, 2, 2)
        if item.controls and item.of:
            painter.setBrush(look.color("neutral"))
            painter.drawRoundedRect(
                QRectF(bar.left(), bar.top(), bar.width() * item.controls / item.of, bar.height()), 2, 2
            )
        said = tr("{n} of {all} controls", n=item.controls, all=item.of)
        line(painter, QRectF(bar.right() + 9, rect.top(), look.px(110), rect.height()), said, Type.SECOND, "ink1")
        there = self._elsewhere.get(item.words)
        if there:
            line(painter, rect.adjusted(0, 0, -8, 0), tr("{n} elsewhere", n=there), Type.SECOND, "ink3", right=True)

    @staticmethod
    def _words(painter: QPainter, room: QRectF, item: Passage) -> None:
        look = theme()
        metrics = look.metrics(Type.BODY)
        said = metrics.elidedText(" ".join(item.words.split()), Qt.TextElideMode.ElideRight, int(room.width()))
        wide = metrics.horizontalAdvance(said)
        base = room.center().y() + metrics.ascent() / 2
        if item.rare.value == "none":
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.color("hit"))
            painter.drawRect(QRectF(room.left(), room.center().y() - metrics.height() / 2, wide, metrics.height()))
        line(painter, room, said, Type.BODY, "ink1")
        pen = QPen(look.color("ink1"), 2 if item.rare.value == "none" else 1.4)
        if item.rare.value == "some":
            pen.setDashPattern([3.5, 2.2])
        elif item.rare.value == "many":
            pen = QPen(look.color("ink3"), 1)
            pen.setDashPattern([1, 2])
        painter.setPen(pen)
        y = base + 2
        painter.drawLine(QRectF(room.left(), y, wide, 0).topLeft(), QRectF(room.left(), y, wide, 0).topRight())


class Passages(QFrame):
    """The list with its title. `chosen` carries the number of a passage, `searched` its words."""

    chosen = Signal(int)
    searched = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("surface")
        self._passages: tuple[Passage, ...] = ()
        self._all = False
        self.title = text("", Type.HEAD, wrap=False)
        self.beside = text(tr("how many controls wrote it for this prompt"), Type.BODY, SECOND, wrap=False)
        self.more = LinkLabel("", self._toggle)
        self.view = RowList(tr("Shared passages"))
        self.rows: ItemsModel[Passage] = ItemsModel(lambda p: f"{p.words} {p.controls} of {p.of} controls")
        self.elsewhere: dict[str, int] = {}
        self.view.show_model(self.rows, _Painter(self.view, self.elsewhere))
        self.view.chosen.connect(self._tell)
        self.view.opened.connect(lambda at: self.searched.emit(self.rows.items[at].words))
        self.nothing = text("", Type.BODY, SECOND)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 10, 16, 8)
        layout.setSpacing(5)
        layout.addLayout(row(self.title, self.beside, 1, self.more))
        layout.addWidget(self.nothing)
        layout.addWidget(self.view)

    def show_passages(self, passages: Sequence[Passage], compared: str, sides: int) -> None:
        """Show what is shared with the corpus that is compared."""
        self._passages = tuple(passages)
        self.elsewhere.clear()
        self.title.setText(tr("Shared with {name}, rarest first", name=compared) if compared else tr("Shared passages"))
        self.beside.setVisible(bool(passages))
        self.nothing.setVisible(not passages)
        alone = sides < 2
        self.nothing.setText(
            tr("Add a column to see what two answers share.") if alone else tr("They share no passage of three words.")
        )
        self._settle()

    def show_elsewhere(self, words: str, number: int) -> None:
        """Say how many answers of controls to other prompts hold a passage."""
        self.elsewhere[words] = number
        self.view.viewport().update()

    def _toggle(self) -> None:
        self._all = not self._all
        self._settle()

    def _settle(self) -> None:
        shown = self._passages if self._all else self._passages[:_SHOWN]
        self.rows.show(shown)
        self.more.setVisible(len(self._passages) > _SHOWN)
        self.more.setText(tr("Fewer") if self._all else tr("All {n}", n=len(self._passages)))
        self.more.updateGeometry()
        high = max(theme().px(27), theme().metrics(Type.BODY).height() + 8)
        self.view.setVisible(bool(shown))
        self.view.setFixedHeight(min(len(shown), 9) * high + 2)

    def _tell(self, at: int) -> None:
        if 0 <= at < len(self.rows.items) and self.rows.items[at].number:
            self.chosen.emit(self.rows.items[at].number)

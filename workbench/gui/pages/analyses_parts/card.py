"""One analysis as a card: its question, its last answer with a picture, and what can be done; or what is missing."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from workbench.core.text import one_line
from workbench.gui.look.theme import Type, theme
from workbench.gui.parts.chips import CONFIRMATORY, EXPLORATORY, OUTSIDE, PLAIN, Chip
from workbench.gui.parts.labels import SECOND, THIRD, LinkLabel, Sign, text
from workbench.gui.parts.lists import is_letter
from workbench.gui.parts.panels import GAP, column, row
from workbench.gui.pictures.picture import Sketch
from workbench.gui.words import count, tr

if TYPE_CHECKING:
    from workbench.app.desk.analyses import AnalysisCard
    from workbench.app.desk.findings import ReadFinding

_PICTURE = QSize(176, 64)
_ARROWS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -2, Qt.Key.Key_Down: 2}


def seconds_in_words(seconds: float) -> str:
    """A time that something took, as people say it."""
    if seconds < 90:
        return tr("{n} s", n=max(1, round(seconds)))
    return tr("{n} min", n=round(seconds / 60)) if seconds < 5400 else tr("{n} h", n=round(seconds / 3600, 1))


class AnalysisView(QFrame):
    """A card that can be chosen; `read` carries the number of a finding, `moved` a step to another card.

    A step of 1 goes to the card beside, one of 2 to the card below. `supplied` are the words of the link to where what
    is missing can be supplied; empty where that is not in this window.
    """

    chosen = Signal(str)
    read = Signal(int)
    run = Signal(str)
    supply = Signal(str)
    moved = Signal(int)

    def __init__(self, card: AnalysisCard, took: float | None, supplied: str) -> None:
        super().__init__()
        self.card, self._supplied = card, supplied
        self.setObjectName("quietwell" if card.missing and not card.last else "card")
        self.setProperty("ring", True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.setAccessibleName(card.asks)
        self.setAccessibleDescription(f"{card.info.title}. {self._said()}")
        body = QVBoxLayout(self)
        body.setContentsMargins(16, 11, 16, 11)
        body.setSpacing(GAP - 2)
        body.addLayout(self._head())
        body.addLayout(self._middle())
        body.addStretch(1)
        body.addLayout(self._foot(took))

    def _said(self) -> str:
        last = self.card.last
        return one_line(last.answer, 200) if last else self._missing() or tr("Not run yet.")

    def _missing(self) -> str:
        lack = self.card.missing
        return f"{lack.said} {lack.hint}".strip() if lack is not None else ""

    def _head(self) -> QHBoxLayout:
        chips: list[QWidget] = []
        last = self.card.last
        if last is not None and last.outside:
            chips.append(Chip(tr("Outside"), OUTSIDE, tip=tr("Outside the validated envelope")))
        if last is not None:
            sure = last.status.confirmatory
            said = tr("Confirmatory") if sure else tr("Exploratory")
            chips.append(Chip(said, CONFIRMATORY if sure else EXPLORATORY, tip=last.status.words()))
        elif self.card.missing:
            chips.append(Chip(tr("Can’t run yet"), PLAIN))
        elif self.card.planned:
            chips.append(Chip(tr("Planned"), PLAIN))
        return row(text(self.card.info.title, Type.SECOND, THIRD, wrap=False), 1, *chips)

    def _middle(self) -> QHBoxLayout:
        card, last = self.card, self.card.last
        asks = text(card.asks, Type.ASKED, "" if last or not card.missing else SECOND)
        words = column(asks, spacing=5)
        if last is not None:
            words.addWidget(text(_sentence(one_line(last.answer, 160)), Type.STRONG))
            for other in self._others(last):
                said = tr("{short} {answer}, finding {n}.", short=other.short, answer=other.answer, n=other.number)
                words.addWidget(text(one_line(said, 160), Type.SECOND, THIRD))
        elif card.missing:
            line = row(Sign("info", "ink2", 15), text(self._missing(), Type.SECOND, SECOND))
            line.setStretch(1, 1)
            words.addLayout(line)
        middle = row(spacing=14)
        middle.addLayout(words, 1)
        plot = last.reading.sketch if last is not None and last.reading is not None else None
        if plot is not None:
            sketch = Sketch(plot, _PICTURE)
            sketch.setFixedWidth(theme().px(_PICTURE.width()))
            middle.addWidget(sketch, 0, Qt.AlignmentFlag.AlignTop)
        return middle

    def _others(self, last: ReadFinding) -> list[ReadFinding]:
        """Older findings of this analysis that say something else."""
        return [f for f in self.card.findings[1:] if (f.asks, f.answer) != (last.asks, last.answer)][:2]

    def _foot(self, took: float | None) -> QHBoxLayout:
        card = self.card
        foot = row(spacing=12)
        if card.findings:
            numbers = ", ".join(str(f.number) for f in sorted(card.findings, key=lambda f: f.number))
            said = count(len(card.findings), "finding {all}", "findings {all}", all=numbers)
            when = f"{seconds_in_words(took)}, {said}" if took is not None else said
            if took is not None:
                foot.addWidget(Sign("clock", "ink3", 14))
            foot.addWidget(text(when, Type.SECOND, SECOND, wrap=False))
        foot.addStretch(1)
        if card.missing is not None and not card.last and self._supplied:
            supply = LinkLabel(tr(self._supplied), partial(self.supply.emit, card.info.key))
            supply.setAccessibleName(f"{supply.text().rstrip('…')}: {card.info.title}")
            foot.addWidget(supply)
        last = card.last
        if last is not None:
            read = LinkLabel(tr("Read"), partial(self.read.emit, last.number))
            read.setAccessibleName(tr("Read finding {n}", n=last.number))
            foot.addWidget(read)
        if not card.missing:
            again = LinkLabel(tr("Run again…") if last else tr("Run…"), partial(self.run.emit, card.info.key))
            again.setAccessibleName(f"{again.text().rstrip('…')}: {card.info.title}")
            foot.addWidget(again)
        return foot

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._open()

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.chosen.emit(self.card.info.key)

    def _open(self) -> None:
        if self.card.last is not None:
            self.read.emit(self.card.last.number)
        elif not self.card.missing:
            self.run.emit(self.card.info.key)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, plain = Qt.Key(event.key()), event.modifiers() == Qt.KeyboardModifier.NoModifier
        if plain and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open()
        elif plain and key in _ARROWS:
            self.moved.emit(_ARROWS[key])
        elif is_letter(event):
            event.ignore()
        else:
            super().keyPressEvent(event)


def _sentence(said: str) -> str:
    """An answer as a sentence."""
    return said if said.endswith((".", "?", "…")) else f"{said}."

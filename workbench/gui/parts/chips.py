"""Chips: a role, a status or a warning in one word with its sign."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from workbench.gui.look.icons import paint_icon
from workbench.gui.look.marks import paint_mark, token_of
from workbench.gui.look.theme import Type, set_type, theme


@dataclass(frozen=True, slots=True)
class Look:
    """Ink and ground of a chip by their tokens; `sign` is an icon, or the mark of a role."""

    ink: str
    ground: str
    sign: str = ""
    role: bool = False
    dashed: bool = False


CONFIRMATORY = Look("accent_ink", "tint", "lock")
EXPLORATORY = Look("ink2", "", "compass", dashed=True)
OUTSIDE = Look("warn", "warn_tint", "warning")
WRONG = Look("bad", "bad_tint", "wrong")
DONE = Look("accent", "tint", "ok")
PLAIN = Look("ink2", "neutral_tint")


def role_look(role: str) -> Look:
    """The chip of a role."""
    token = token_of(role)
    return Look(
        token if token != "ink3" else "ink2", f"{token}_tint" if token != "ink3" else "neutral_tint", role, True
    )


def chip_size(said: str, look: Look) -> QSize:
    """How large a chip is."""
    metrics = theme().metrics(Type.LABEL)
    sign = theme().px(17) if look.sign else theme().px(2)
    wide = metrics.horizontalAdvance(said) + sign + theme().px(14) if said else sign + theme().px(8)
    return QSize(wide, max(theme().px(20), metrics.height() + 4))


def paint_chip(painter: QPainter, rect: QRectF, said: str, look: Look) -> None:
    """Paint a chip into a box that `chip_size` gave."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if look.dashed:
        pen = QPen(theme().color("control"), 1)
        pen.setDashPattern([3, 2.5])
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
    else:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().color(look.ground))
    box = rect.adjusted(0.5, 0.5, -0.5, -0.5)
    painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
    ink = theme().color(look.ink)
    mirrored = painter.layoutDirection() is Qt.LayoutDirection.RightToLeft
    size = theme().px(12)
    start = theme().px(7)
    if look.sign:
        left = rect.right() - start - size if mirrored else rect.left() + start
        place = QRectF(left, rect.center().y() - size / 2, size, size)
        if look.role:
            paint_mark(painter, look.sign, place)
        else:
            paint_icon(painter, look.sign, place, ink)
        start += size + theme().px(4)
    else:
        start = theme().px(8)
    painter.setPen(ink)
    painter.setFont(theme().font(Type.LABEL))
    room = rect.adjusted(4, 0, -start, 0) if mirrored else rect.adjusted(start, 0, -2, 0)
    side = Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft
    painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter | side), said)
    painter.restore()


class Chip(QWidget):
    """A chip on a page; its words are its accessible name."""

    def __init__(self, said: str = "", look: Look = PLAIN, *, tip: str = "") -> None:
        super().__init__()
        self._said, self._look = said, look
        set_type(self, Type.LABEL)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setToolTip(tip)
        self.setAccessibleName(said)

    @property
    def said(self) -> str:
        """The words in it."""
        return self._said

    def show_chip(self, said: str, look: Look, tip: str = "") -> None:
        """Say something else."""
        self._said, self._look = said, look
        self.setAccessibleName(said)
        self.setToolTip(tip)
        self.updateGeometry()
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return chip_size(self._said, self._look)

    @override
    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setLayoutDirection(self.layoutDirection())
        paint_chip(painter, QRectF(self.rect()), self._said, self._look)

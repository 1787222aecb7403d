"""The raw bytes behind an answer: file, record and bytes, as text or in hex, and whether they read the same today."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QVBoxLayout

from workbench.core.text import visible
from workbench.gui.look.theme import Type, set_type, theme
from workbench.gui.parts.buttons import Button, Kind, Segmented
from workbench.gui.parts.chips import DONE, WRONG, Chip
from workbench.gui.parts.labels import SECOND, THIRD, ShortLabel, text
from workbench.gui.parts.long_text import show_long
from workbench.gui.parts.panels import row
from workbench.gui.words import tr

if TYPE_CHECKING:
    from workbench.app.desk.answers import Raw

TEXT, HEX = "text", "hex"
_ACROSS = 16
_MOST = 64 * 1024


class RawDrawer(QFrame):
    """A drawer that opens to the record; Ctrl B. `toggled` when it opens or closes."""

    toggled = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("drawer")
        self.setStyleSheet(f"QFrame#drawer {{ background: {theme().tokens.sunken}; border: none; }}")
        theme().changed.connect(self._dress)
        self._raw: Raw | None = None
        self.open_button = Button("", self.toggle, icon="right", kind=Kind.QUIET, name=tr("Raw bytes"), small=True)
        self.place = ShortLabel("", Type.SECOND, SECOND)
        self.agrees = Chip("", DONE)
        self.view = Segmented(tr("How bytes are shown"), [(TEXT, tr("Text")), (HEX, tr("Hex"))])
        self.view.chosen.connect(lambda key: self._show())
        self.hash = text("", Type.CODE_SMALL, SECOND, wrap=False, name=tr("SHA-256 of the file"))
        self.copy = Button("", self._copy, icon="copy", kind=Kind.QUIET, name=tr("Copy the hash"), small=True)
        self.bytes = QPlainTextEdit()
        self.bytes.setObjectName("well")
        self.bytes.setReadOnly(True)
        self.bytes.setTabChangesFocus(True)
        self.bytes.setAccessibleName(tr("The record as it stands in the file"))
        self.bytes.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        set_type(self.bytes, Type.CODE)
        self.bytes.setFixedHeight(theme().px(112))
        head = row(self.open_button, text(tr("Raw bytes"), Type.HEAD, wrap=False), self.place)
        head.setStretchFactor(self.place, 1)
        for widget in (self.agrees, self.view, self.hash, self.copy):
            head.addWidget(widget)
        self.why = text("", Type.SECOND, THIRD)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 7, 16, 7)
        layout.setSpacing(6)
        layout.addLayout(head)
        layout.addWidget(self.why)
        layout.addWidget(self.bytes)
        self._settle(open_=False)

    def _dress(self) -> None:
        self.setStyleSheet(f"QFrame#drawer {{ background: {theme().tokens.sunken}; border: none; }}")

    @property
    def is_open(self) -> bool:
        """Whether it is open."""
        return self.open_button.icon_name == "down"

    def toggle(self) -> None:
        """Open or close it."""
        self._settle(open_=not self.is_open)
        self.toggled.emit(self.is_open)

    def _settle(self, *, open_: bool) -> None:
        self.open_button.icon_name = "down" if open_ else "right"
        self.open_button.update()
        for widget in (self.bytes, self.view):
            widget.setVisible(open_)
        self.why.setVisible(open_ and bool(self.why.text()))

    def show_raw(self, raw: Raw) -> None:
        """Show the record of an answer."""
        self._raw = raw
        said = f"{raw.file}, {raw.place}"
        self.place.setText(said)
        self.place.setToolTip(said)
        if raw.disagrees:
            self.agrees.show_chip(tr("Reads otherwise today"), WRONG, raw.disagrees)
        else:
            self.agrees.show_chip(tr("Reads the same today"), DONE)
        self.agrees.setVisible(not raw.why)
        digest = raw.sha256
        self.hash.setText(" ".join(digest[at : at + 4] for at in range(0, 16, 4)) + "…")
        self.hash.setToolTip(digest)
        cut = (
            tr("The first {n} of {all} bytes.", n=f"{raw.shown:,}", all=f"{raw.length:,}")
            if raw.shown < raw.length
            else ""
        )
        why = tr("It can’t be shown: {why}", why=raw.why) if raw.why else ""
        self.why.setText(" ".join(filter(None, (why, raw.disagrees, cut, *raw.lines))))
        self.why.setVisible(self.is_open and bool(self.why.text()))
        self._show()

    def _show(self) -> None:
        if self._raw is None:
            return
        if self.view.key() == HEX:
            self.bytes.setPlainText(hex_of(self._raw))
        else:
            show_long(self.bytes, visible(self._raw.text))

    def _copy(self) -> None:
        if self._raw is not None:
            QGuiApplication.clipboard().setText(self._raw.sha256)


def hex_of(raw: Raw) -> str:
    """The record in hex with its offsets and letters; secrets are masked in it as everywhere."""
    data = raw.text.encode("utf-8")[:_MOST]
    lines = []
    for at in range(0, len(data), _ACROSS):
        piece = data[at : at + _ACROSS]
        pairs = " ".join(f"{byte:02X}" for byte in piece)
        letters = "".join(chr(byte) if 32 <= byte < 127 else "·" for byte in piece)
        lines.append(f"{raw.offset + at:08X}   {pairs:<{_ACROSS * 3 - 1}}   {letters}")
    return "\n".join(lines)

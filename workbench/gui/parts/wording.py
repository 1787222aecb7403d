"""The wording check while typing: phrases that no report may use get a wave below, and better words beside."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QSyntaxHighlighter, QTextCharFormat, QTextDocument
from PySide6.QtWidgets import QLabel, QPlainTextEdit
from typing_extensions import override

from workbench.core.wording_check import refused
from workbench.gui.look.theme import Type, set_type, theme
from workbench.gui.words import tr


def say_wording(label: QLabel, said: str) -> bool:
    """Say which phrase of a text can't be kept and what to write in its place; returns whether there is none."""
    found = refused(said)
    label.setText(
        tr("“{phrase}” can't be kept: {instead}.", phrase=found[0].phrase, instead=found[0].instead) if found else ""
    )
    label.setVisible(bool(found))
    return not found


class _Waves(QSyntaxHighlighter):
    """Draws a wave below each phrase that no report may use."""

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        theme().changed.connect(self.rehighlight)

    @override
    def highlightBlock(self, text: str) -> None:
        wave = QTextCharFormat()
        wave.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
        wave.setUnderlineColor(theme().color("bad"))
        at = 0
        for one in refused(text):
            at = text.index(one.phrase, at)
            # Qt counts in units of UTF-16.
            begin, length = (len(part.encode("utf-16-le")) // 2 for part in (text[:at], one.phrase))
            self.setFormat(begin, length, wave)
            at += len(one.phrase)


class CheckedText(QPlainTextEdit):
    """A text that goes into the ledger: its wording is checked while it is typed. Tab leaves it."""

    said = Signal(str)

    def __init__(self, name: str, hint: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setPlaceholderText(hint)
        self.setTabChangesFocus(True)
        set_type(self, Type.BODY)
        self._waves = _Waves(self.document())
        self.textChanged.connect(lambda: self.said.emit(self.toPlainText()))

    def rows(self, number: int) -> None:
        """Be so many lines high."""
        frame = 2 * (self.frameWidth() + 4) + int(2 * self.document().documentMargin())
        self.setFixedHeight(self.fontMetrics().lineSpacing() * number + frame)

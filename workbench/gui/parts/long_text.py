"""Texts of any length in a window: what would let it stand still is not laid out."""

from __future__ import annotations

from PySide6.QtGui import QTextOption
from PySide6.QtWidgets import QPlainTextEdit

from workbench.core.text import SHOWN, begun, is_unbroken


def wrap_mode(unbroken: bool) -> QTextOption.WrapMode:
    """How lines are broken: at words, but anywhere in a text with a word of thousands of characters."""
    # At every line Qt looks for the end of the word: for one of a megabyte that takes minutes.
    return QTextOption.WrapMode.WrapAnywhere if unbroken else QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere


def show_long(view: QPlainTextEdit, said: str, most: int = SHOWN) -> None:
    """Show a text, or its beginning where it has more characters than that."""
    said = begun(said, most)
    view.setWordWrapMode(wrap_mode(is_unbroken(said)))
    view.setPlainText(said)

"""Each control has a name and the right role; words and edges have contrast as painted; all words can be translated."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QTranslator
from PySide6.QtGui import QAccessible, QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

from tests.gui.looking import contrast_of_edge, contrast_of_words, controls, name_and_role, pixels, written
from workbench.gui.frame.sidebar import CaseButton
from workbench.gui.look.theme import Mode, theme
from workbench.gui.main_window import MainWindow
from workbench.gui.page_list import ACTS
from workbench.gui.pages.analyses_parts.card import AnalysisView
from workbench.gui.parts.labels import ShortLabel
from workbench.gui.pictures.picture import Canvas
from workbench.gui.words import CONTEXT

TEXT, EDGE = 4.5, 3.0
"""Least contrast of words and of the edges of fields (WCAG 2.2, 1.4.3 and 1.4.11)."""

_ROLES = (
    (QComboBox, {QAccessible.Role.ComboBox}),
    (QLineEdit, {QAccessible.Role.EditableText}),
    (QPlainTextEdit | QTextEdit, {QAccessible.Role.EditableText, QAccessible.Role.StaticText}),
    (QAbstractItemView, {QAccessible.Role.List, QAccessible.Role.Table, QAccessible.Role.Tree}),
    (
        QAbstractButton,
        {
            QAccessible.Role.Button,
            QAccessible.Role.CheckBox,
            QAccessible.Role.RadioButton,
            QAccessible.Role.ButtonMenu,
        },
    ),
)


@pytest.fixture
def seen(open_window, case: Path, spin) -> Iterator[MainWindow]:
    window = open_window(case)
    window.resize(1440, 900)
    yield window
    theme().set(mode=Mode.LIGHT, scale=100)


def each_page(window: MainWindow, spin) -> Iterator[str]:
    for key in ACTS:
        window.go(key)
        spin(lambda: window.workspace.jobs.idle)
        window.toast.close_now()
        yield key


def test_every_control_has_a_name_and_its_role(seen: MainWindow, spin) -> None:
    unnamed, wrong = [], []
    for key in each_page(seen, spin):
        for widget in controls(seen):
            name, role = name_and_role(widget)
            what = f"{key}: {type(widget).__name__} {widget.objectName()}"
            if not name.strip():
                unnamed.append(what)
            wanted = next((roles for kind, roles in _ROLES if isinstance(widget, kind)), None)
            if wanted is not None and role not in wanted:
                wrong.append(f"{what} is {role}")
    assert not unnamed, "\n".join(sorted(set(unnamed)))
    assert not wrong, "\n".join(sorted(set(wrong)))


@pytest.mark.parametrize("mode", [Mode.LIGHT, Mode.DARK])
def test_words_and_edges_have_contrast_as_they_are_painted(seen: MainWindow, spin, mode: Mode) -> None:
    theme().set(mode=mode)
    poor, measured = [], 0
    for key in each_page(seen, spin):
        shot = pixels(seen.grab().toImage())
        for widget in written(seen):
            found = contrast_of_words(seen, widget, shot)
            measured += found is not None
            if found is not None and found < TEXT:
                poor.append(f"{key}: {found:.2f} {type(widget).__name__} {name_and_role(widget)[0][:40]}")
        for field in seen.findChildren(QLineEdit):
            inside = field.visibleRegion().boundingRect()
            if field.isVisibleTo(seen) and field.isEnabled() and inside == field.rect() and field.parent() is not None:
                found = contrast_of_edge(seen, field, shot)
                if found < EDGE and not isinstance(field.parent(), QComboBox):
                    poor.append(f"{key}: edge {found:.2f} {field.accessibleName()}")
    assert measured > 200
    assert not poor, "\n".join(sorted(set(poor)))


class Pseudo(QTranslator):
    """A language that nobody speaks: every text of the window between brackets, and two fifths longer."""

    def translate(self, context: str, source: str, disambiguation: str | None = None, n: int = -1) -> str:
        """The text in this language; others' texts stay."""
        if context != CONTEXT or not re.search(r"[A-Za-z]", source):
            return ""
        return f"⟦{source}{'·' * (len(source) * 2 // 5)}⟧"


@pytest.fixture
def pseudo(app) -> Iterator[None]:
    translator = Pseudo()
    QCoreApplication.installTranslator(translator)
    yield
    QCoreApplication.removeTranslator(translator)


_SAYS_ANOTHERS_WORDS = (CaseButton, AnalysisView, Canvas)
"""Controls that are named by a case, by the question of an analysis, or by the title of its picture."""


def _untranslated(widget: QWidget) -> Iterator[str]:
    """Words of a control that did not pass through the translator."""
    if isinstance(widget, _SAYS_ANOTHERS_WORDS):
        return
    said = [widget.accessibleName()]
    if isinstance(widget, QAbstractButton):
        said.append(widget.text())
    if isinstance(widget, QLineEdit | QPlainTextEdit):
        said.append(widget.placeholderText())
    for words in said:
        if re.search(r"[A-Za-z]{2}", words) and "⟦" not in words:
            yield words


def _is_clipped(widget: QWidget) -> bool:
    """Whether a word is cut off: a button or a line of words that is narrower than what it says."""
    if isinstance(widget, ShortLabel) or not isinstance(widget, QAbstractButton | QLabel):
        return False
    if isinstance(widget, QLabel) and widget.wordWrap():
        needed = widget.heightForWidth(widget.width())
        return needed > widget.height() + 2 and widget.maximumHeight() >= needed
    return widget.sizeHint().width() > widget.width() + 2


def test_all_words_of_the_window_can_be_translated_and_have_room(pseudo, open_window, case: Path, spin) -> None:
    window = open_window(case)
    window.resize(1440, 900)
    names = {corpus.name for corpus in window.workspace.session.corpora()}
    missed, clipped = [], []
    for key in each_page(window, spin):
        for widget in controls(window):
            missed += [
                f"{key}: {type(widget).__name__} {words!r}" for words in _untranslated(widget) if words not in names
            ]
        cut = filter(_is_clipped, written(window))
        clipped += [f"{key}: {type(widget).__name__} {name_and_role(widget)[0]!r}" for widget in cut]
    actions = {action.text() for action in window.findChildren(QAction) if action.objectName()}
    assert sorted(said for said in actions if "⟦" not in said) == []
    assert not missed, "\n".join(sorted(set(missed)))
    assert not clipped, "\n".join(sorted(set(clipped)))

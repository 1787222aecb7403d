"""The look in force: both themes, larger texts, fonts that are there, marks that differ without colour."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontInfo, QImage, QPainter, QPalette

from workbench.gui.look.icons import icon
from workbench.gui.look.marks import ASIDE, BASE, CONTROL, LATE, PROTECTED, SUSPECT, paint_mark
from workbench.gui.look.theme import Mode, Type, theme
from workbench.gui.parts.labels import text


@pytest.fixture(autouse=True)
def as_it_was(app) -> Iterator[None]:
    theme().install()
    theme().set(mode=Mode.LIGHT)
    yield
    theme().set(mode=Mode.SYSTEM, scale=100, system_font=False)


def test_every_size_of_text_has_its_bundled_font() -> None:
    for type_ in Type:
        family = type_.value[2]
        assert QFontInfo(theme().font(type_)).family().startswith(family), type_


def test_dark_and_light_reach_palette_and_style_sheet(app) -> None:
    for mode in (Mode.DARK, Mode.LIGHT):
        theme().set(mode=mode)
        tokens = theme().tokens
        assert tokens.dark == (mode is Mode.DARK)
        assert app.palette().color(QPalette.ColorRole.Window) == QColor(tokens.window)
        assert tokens.ink3 in app.styleSheet()


def test_larger_texts_reach_what_is_shown_already() -> None:
    label = text("words", Type.TITLE)
    before = label.font().pointSizeF()
    theme().set(scale=200)
    assert label.font().pointSizeF() == pytest.approx(2 * before)
    assert theme().px(30) == 60
    theme().larger(-1)
    assert theme().scale == 175
    theme().larger(0)
    assert theme().scale == 100
    label.deleteLater()


def test_icons_take_their_colour_from_the_theme() -> None:
    for mode in (Mode.DARK, Mode.LIGHT):
        theme().set(mode=mode)
        image = icon("layers", "ink1", 48).pixmap(48, 48).toImage()
        inked = [image.pixelColor(x, y) for x in range(48) for y in range(48) if image.pixelColor(x, y).alpha() > 200]
        assert inked
        assert all((ink.lightness() > 128) == (mode is Mode.DARK) for ink in inked)


def test_marks_of_roles_differ_without_their_colour() -> None:
    seen = set()
    for role in (SUSPECT, PROTECTED, LATE, CONTROL, BASE, ASIDE):
        image = QImage(32, 32, QImage.Format.Format_Grayscale8)
        image.fill(Qt.GlobalColor.white)
        painter = QPainter(image)
        paint_mark(painter, role, QRectF(0, 0, 32, 32), QColor(Qt.GlobalColor.black))
        painter.end()
        seen.add(bytes(image.constBits()))
    assert len(seen) == 6

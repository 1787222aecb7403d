"""What tests see of a window: its controls with their names and roles, and contrast measured from painted pixels."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QAccessible, QImage
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QLabel, QLineEdit, QPlainTextEdit, QWidget

_LEAST_LETTERS = 2
_FEW, _SEEN = 3, 12
"""Pixels that have the ink at least, and that differ from the ground where words are seen."""


def controls(top: QWidget) -> Iterator[QWidget]:
    """What Tab leads to and is seen."""
    for widget in top.findChildren(QWidget):
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisibleTo(top) and widget.isEnabled():
            yield widget


def name_and_role(widget: QWidget) -> tuple[str, QAccessible.Role]:
    """What the accessibility tree says of a widget."""
    seen = QAccessible.queryAccessibleInterface(widget)
    return seen.text(QAccessible.Text.Name), seen.role()


def written(top: QWidget) -> Iterator[QWidget]:
    """Words that are seen: labels, buttons, and fields that hold some."""
    for widget in top.findChildren(QWidget):
        if not widget.isVisibleTo(top) or widget.visibleRegion().isEmpty() or not widget.isEnabled():
            continue
        said = ""
        if isinstance(widget, QLabel | QAbstractButton | QLineEdit):
            said = widget.text()
        elif isinstance(widget, QPlainTextEdit) and not isinstance(widget, QAbstractItemView):
            said = widget.toPlainText()
        if sum(character.isalnum() for character in said) >= _LEAST_LETTERS:
            yield widget


def pixels(image: QImage) -> np.ndarray:
    """Height × width × 3, 0 to 255, as painted."""
    plain = image.convertToFormat(QImage.Format.Format_RGB888)
    flat = np.frombuffer(plain.constBits(), np.uint8).reshape(plain.height(), plain.bytesPerLine())
    # Copied: the image and its memory end with this call.
    return flat[:, : 3 * plain.width()].reshape(plain.height(), plain.width(), 3).copy()


def luminance(colour: np.ndarray) -> np.ndarray:
    """Relative luminance (WCAG 2.2) of colours, 0 to 1."""
    share = colour.astype(float) / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    weighed: np.ndarray = linear @ np.array([0.2126, 0.7152, 0.0722])
    return weighed


def contrast(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Contrast of two luminances, 1 to 21."""
    return (np.maximum(one, other) + 0.05) / (np.minimum(one, other) + 0.05)


def contrast_of_words(top: QWidget, widget: QWidget, shot: np.ndarray) -> float | None:
    """Contrast of the ink of a widget's words with the ground that most of its pixels have; None where it is not seen.

    Letters are thin: most of their pixels are mixed with the ground. So the ink is that of the few that are farthest.
    """
    place = QRect(widget.mapTo(top, widget.rect().topLeft()), widget.size()) & top.rect()
    seen = widget.visibleRegion().boundingRect().translated(widget.mapTo(top, widget.rect().topLeft()))
    place = (place & seen).adjusted(2, 2, -2, -2)
    if place.width() < 8 or place.height() < 8:
        return None
    part = shot[place.top() : place.bottom() + 1, place.left() : place.right() + 1].reshape(-1, 3).astype(np.uint32)
    packed, counts = np.unique(part @ np.array([1 << 16, 1 << 8, 1], np.uint32), return_counts=True)
    colours = luminance(np.stack([packed >> 16, packed >> 8 & 255, packed & 255], axis=-1))
    found = contrast(colours, colours[counts.argmax()])
    if counts[found > 1.05].sum() < _SEEN:
        return None
    inks = np.repeat(found, np.minimum(counts, _FEW))
    return float(np.sort(inks)[-_FEW])


def contrast_of_edge(top: QWidget, field: QWidget, shot: np.ndarray) -> float:
    """Contrast of the left edge of a field with what lies inside of it."""
    left = field.mapTo(top, field.rect().topLeft())
    middle = left.y() + field.height() // 2
    line = luminance(shot[middle, left.x() : left.x() + 6])
    return float(contrast(line, line[-1]).max())

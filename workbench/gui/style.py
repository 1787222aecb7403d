"""The few colours that the platform's palette does not have, for light and for dark."""

from __future__ import annotations

from PySide6.QtGui import QPalette

_DARK = 128


def is_dark(palette: QPalette) -> bool:
    """Whether a palette has light text on dark."""
    return palette.color(QPalette.ColorRole.Window).lightness() < _DARK


def sheet(palette: QPalette) -> str:
    """The style sheet of the window: errors in red and notices on a tint, readable on both."""
    red, tint, edge = ("#ff9d94", "#4a3b12", "#8a6d1d") if is_dark(palette) else ("#a3231b", "#fff4d6", "#d9b84a")
    mid = palette.color(QPalette.ColorRole.Mid).name()
    return f"""
        QLabel#error {{ color: {red}; }}
        QLabel#notice {{ background: {tint}; border: 1px solid {edge}; border-radius: 4px; padding: 6px; }}
        QListWidget#navigation {{ border: none; border-right: 1px solid {mid}; padding: 6px; outline: none; }}
        QTreeWidget::item {{ padding: 3px 0; }}
        QTableView::item {{ padding: 0 6px; }}
        QHeaderView::section {{ padding: 3px 7px; }}
        QListWidget#navigation::item {{ padding: 9px 10px; border-radius: 5px; }}
        QListWidget#navigation::item:selected {{
            background: palette(highlight); color: palette(highlighted-text);
        }}
    """

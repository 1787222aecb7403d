"""The style sheet of the window, made of tokens alone."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from workbench.gui.look.tokens import Tokens

_FRAME = '<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24" viewBox="0 0 24 24" fill="none">{}</svg>'
_BOX = '<rect x="1.5" y="1.5" width="21" height="21" rx="5" fill="{fill}" stroke="{edge}" stroke-width="2"/>'
_DOT = '<circle cx="12" cy="12" r="10.5" fill="{fill}" stroke="{edge}" stroke-width="2"/>'
_STROKE = 'stroke-width="{width}" stroke-linecap="round" stroke-linejoin="round"'
_TICK = f'<path d="M6.5 12.5l3.7 3.7L17.5 8.5" stroke="{{ink}}" {_STROKE.format(width=3)}/>'
_BAR = f'<path d="M7 12h10" stroke="{{ink}}" {_STROKE.format(width=3)}/>'
_ARROWS = {"down": "M7 10l5 5 5-5", "up": "M7 14l5-5 5 5", "right": "M10 7l5 5-5 5"}


@cache
def _folder() -> TemporaryDirectory[str]:
    return TemporaryDirectory(prefix="workbench-look-")


def _image(name: str, drawing: str, tokens: Tokens) -> str:
    """A small picture as a file, since style sheets take files alone."""
    path = Path(_folder().name) / f"{name.replace(':', '-')}-{'dark' if tokens.dark else 'light'}.svg"
    if not path.exists():
        path.write_text(_FRAME.format(drawing), encoding="utf-8")
    return path.as_posix()


def _indicators(tokens: Tokens) -> str:
    """Boxes and dots that are ticked."""
    off = {"fill": tokens.surface, "edge": tokens.control}
    on = {"fill": tokens.accent, "edge": tokens.accent}
    ink = tokens.on_accent
    box = {
        "unchecked": _BOX.format(**off),
        "checked": _BOX.format(**on) + _TICK.format(ink=ink),
        "indeterminate": _BOX.format(**on) + _BAR.format(ink=ink),
        "unchecked:disabled": _BOX.format(fill=tokens.sunken, edge=tokens.strong),
    }
    dot = {
        "unchecked": _DOT.format(**off),
        "checked": _DOT.format(**on) + f'<circle cx="12" cy="12" r="4.5" fill="{ink}"/>',
    }
    owners = ("QCheckBox", "QAbstractItemView", "QGroupBox")
    rules = [
        f"{owner}::indicator:{state} {{ image: url({_image(f'box-{state}', drawing, tokens)}); }}"
        for state, drawing in box.items()
        for owner in owners
    ]
    rules += [
        f"QRadioButton::indicator:{state} {{ image: url({_image(f'dot-{state}', drawing, tokens)}); }}"
        for state, drawing in dot.items()
    ]
    return "\n".join(rules)


def _arrow(name: str, tokens: Tokens) -> str:
    drawing = f'<path d="{_ARROWS[name]}" stroke="{tokens.ink2}" {_STROKE.format(width=2)}/>'
    return _image(f"arrow-{name}", drawing, tokens)


def sheet(t: Tokens, scale: float) -> str:
    """The whole style sheet; `scale` is the size of texts, 1 for 100 %."""
    indicator = round(14 * scale)
    down, up = _arrow("down", t), _arrow("up", t)
    field = f"""
        background: {t.surface}; color: {t.ink1}; border: 1px solid {t.control}; border-radius: 6px;
        selection-background-color: {t.accent}; selection-color: {t.on_accent};
    """
    return f"""
    QMainWindow, QDialog, QWidget#page {{ background: {t.window}; }}
    QWidget#surface, QFrame#pane {{ background: {t.surface}; }}
    QFrame#side {{ background: {t.side}; border: none; border-right: 1px solid {t.hair}; }}
    QFrame#foot {{ background: {t.side}; border: none; border-top: 1px solid {t.hair}; }}
    QFrame#pane {{ border: none; border-right: 1px solid {t.hair}; }}
    QFrame#inspector, QScrollArea#inspector {{
        background: {t.surface}; border: none; border-left: 1px solid {t.hair};
    }}
    QFrame#card {{ background: {t.surface}; border: 1px solid {t.hair}; border-radius: 10px; }}
    QFrame#well {{ background: {t.sunken}; border: 1px dashed {t.control}; border-radius: 10px; }}
    QFrame#quietwell {{ background: {t.sunken}; border: 1px dashed {t.strong}; border-radius: 10px; }}
    QFrame#raised {{ background: {t.raised}; border: 1px solid {t.strong}; border-radius: 10px; }}
    QFrame#note {{ background: {t.surface}; border: 1px solid {t.hair}; border-radius: 8px; }}
    QFrame#note[kind="warn"] {{ background: {t.warn_tint}; border-color: {t.warn_line}; }}
    QFrame#note[kind="bad"] {{ background: {t.bad_tint}; border-color: {t.bad_line}; }}
    QFrame#note[kind="quiet"] {{ background: {t.sunken}; border: 1px dashed {t.control}; }}
    QFrame#rule {{ background: {t.hair}; border: none; max-height: 1px; min-height: 1px; }}
    QFrame#header {{ background: {t.window}; border: none; border-bottom: 1px solid {t.hair}; }}
    QScrollArea#clear, QScrollArea#clear > QWidget > QWidget#inside {{ background: transparent; border: none; }}
    QScrollArea#inspector > QWidget > QWidget#inside {{ background: {t.surface}; }}
    QSplitter::handle {{ background: transparent; }}

    QLabel {{ color: {t.ink1}; background: transparent; }}
    QLabel[tone="second"] {{ color: {t.ink2}; }}
    QLabel[tone="third"] {{ color: {t.ink3}; }}
    QLabel[tone="warn"] {{ color: {t.warn}; }}
    QLabel[tone="bad"], QLabel#error {{ color: {t.bad}; }}
    QLabel#notice {{
        background: {t.warn_tint}; border: 1px solid {t.warn_line}; border-radius: 8px; padding: 7px 10px;
    }}

    QMenuBar {{ background: {t.window}; border-bottom: 1px solid {t.hair}; padding: 3px 6px; }}
    QMenuBar::item {{ padding: 5px 9px; border-radius: 5px; background: transparent; color: {t.ink1}; }}
    QMenuBar::item:selected {{ background: {t.sel}; }}
    QMenu {{ background: {t.raised}; border: 1px solid {t.strong}; padding: 5px; }}
    QMenu::item {{ padding: 5px 28px 5px 12px; border-radius: 5px; color: {t.ink1}; }}
    QMenu::item:selected {{ background: {t.sel}; }}
    QMenu::item:disabled {{ color: {t.control}; }}
    QMenu::separator {{ height: 1px; background: {t.hair}; margin: 5px 8px; }}
    QToolTip {{ background: {t.raised}; color: {t.ink1}; border: 1px solid {t.strong}; padding: 5px 8px; }}

    QLineEdit, QComboBox, QAbstractSpinBox {{ {field} padding: 4px 8px; min-height: {round(18 * scale)}px; }}
    QPlainTextEdit, QTextEdit, QTextBrowser {{ {field} padding: 4px 6px; }}
    QLineEdit:focus, QComboBox:focus, QAbstractSpinBox:focus, QPlainTextEdit:focus, QTextEdit:focus {{
        border: 2px solid {t.accent}; padding: 3px 7px;
    }}
    QPlainTextEdit:focus, QTextEdit:focus {{ padding: 3px 5px; }}
    QLineEdit:disabled, QComboBox:disabled, QAbstractSpinBox:disabled {{
        background: {t.sunken}; color: {t.control}; border-color: {t.strong};
    }}
    QPlainTextEdit#bare, QTextEdit#bare, QTextBrowser#bare {{ border: none; background: transparent; padding: 0; }}
    QPlainTextEdit#well {{ border: none; border-radius: 0; background: {t.sunken}; }}
    QComboBox::drop-down {{ border: none; width: {round(22 * scale)}px; }}
    QComboBox::down-arrow {{ image: url({down}); width: {indicator}px; height: {indicator}px; }}
    QComboBox QAbstractItemView {{ background: {t.raised}; border: 1px solid {t.strong}; padding: 4px; }}
    QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {{ border: none; width: {round(20 * scale)}px; }}
    QAbstractSpinBox::up-arrow {{ image: url({up}); width: {indicator}px; height: {indicator}px; }}
    QAbstractSpinBox::down-arrow {{ image: url({down}); width: {indicator}px; height: {indicator}px; }}
    QCheckBox, QRadioButton {{ spacing: 8px; color: {t.ink1}; background: transparent; }}
    QCheckBox::indicator, QRadioButton::indicator, QAbstractItemView::indicator, QGroupBox::indicator {{
        width: {indicator}px; height: {indicator}px;
    }}
    {_indicators(t)}

    QPushButton {{
        background: {t.surface}; color: {t.ink1}; border: 1px solid {t.strong}; border-radius: 6px;
        padding: 5px 12px; min-height: {round(18 * scale)}px; font-weight: 500;
    }}
    QPushButton:hover {{ background: {t.sunken}; }}
    QPushButton:pressed {{ background: {t.sel}; }}
    QPushButton:default {{ background: {t.accent}; border-color: {t.accent}; color: {t.on_accent}; }}
    QPushButton:disabled {{ background: {t.sunken}; color: {t.control}; border-color: {t.hair}; }}

    QAbstractItemView {{
        background: {t.surface}; color: {t.ink1}; border: none; outline: none;
        selection-background-color: {t.sel}; selection-color: {t.ink1};
        alternate-background-color: {t.surface};
    }}
    QTableView {{ border: 1px solid {t.hair}; border-radius: 10px; gridline-color: {t.hair}; }}
    QTableView#flat, QTreeView#flat {{ border: none; border-radius: 0; }}
    QTableView::item {{ padding: 0 8px; border: none; border-bottom: 1px solid {t.hair}; }}
    QTableView::item:selected {{ background: {t.sel}; color: {t.ink1}; }}
    QListWidget, QTreeView {{ border: 1px solid {t.hair}; border-radius: 8px; padding: 3px; }}
    QListWidget::item, QTreeView::item {{ padding: 4px 6px; border-radius: 5px; }}
    QListWidget::item:selected, QTreeView::item:selected {{ background: {t.sel}; color: {t.ink1}; }}
    QListView#navigation, QListView#palette {{ background: transparent; border: none; }}
    QHeaderView {{ background: {t.sunken}; border: none; border-radius: 9px; }}
    QHeaderView::section {{
        background: {t.sunken}; color: {t.ink3}; border: none; border-bottom: 1px solid {t.hair};
        padding: 4px 7px; font-weight: 500;
    }}
    QHeaderView::section:hover {{ color: {t.ink1}; }}
    QHeaderView::down-arrow {{ image: url({up}); width: {indicator}px; height: {indicator}px; }}
    QHeaderView::up-arrow {{ image: url({down}); width: {indicator}px; height: {indicator}px; }}
    QTableCornerButton::section {{ background: {t.sunken}; border: none; }}

    QTabWidget::pane {{ border: 1px solid {t.hair}; border-radius: 8px; background: {t.surface}; top: -1px; }}
    QTabBar::tab {{ padding: 5px 12px; color: {t.ink2}; border: none; border-bottom: 2px solid transparent; }}
    QTabBar::tab:selected {{ color: {t.accent_ink}; border-bottom: 2px solid {t.accent}; }}
    QGroupBox {{
        border: 1px solid {t.hair}; border-radius: 8px; margin-top: {round(20 * scale)}px; padding-top: 6px;
        background: {t.surface};
    }}
    QGroupBox::title {{ subcontrol-origin: margin; left: 2px; color: {t.ink3}; }}

    QProgressBar {{ background: {t.hair}; border: none; border-radius: 2px; max-height: 5px; min-height: 5px; }}
    QProgressBar::chunk {{ background: {t.accent}; border-radius: 2px; }}
    QSlider::groove:horizontal {{ background: {t.hair}; height: 4px; border-radius: 2px; }}
    QSlider::handle:horizontal {{
        background: {t.accent}; width: 14px; height: 14px; margin: -5px 0; border-radius: 7px;
    }}

    QScrollBar:vertical {{ background: transparent; width: 12px; margin: 0; }}
    QScrollBar:horizontal {{ background: transparent; height: 12px; margin: 0; }}
    QScrollBar::handle {{ background: {t.strong}; border-radius: 4px; margin: 2px; }}
    QScrollBar::handle:vertical {{ min-height: 36px; }}
    QScrollBar::handle:horizontal {{ min-width: 36px; }}
    QScrollBar::handle:hover {{ background: {t.control}; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
    QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
    """

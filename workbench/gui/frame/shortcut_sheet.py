"""The sheet of all keys, made of the table of actions."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QDialog, QGridLayout, QWidget

from workbench.gui.frame.action_set import ActionSet
from workbench.gui.frame.actions import Menu
from workbench.gui.look.theme import Type, theme
from workbench.gui.parts.buttons import Button, Kind, keys_in_words
from workbench.gui.parts.labels import SECOND, text
from workbench.gui.parts.panels import Scroll, column, heading, row
from workbench.gui.words import mark, tr

IN_PLACES: tuple[tuple[str, Sequence[tuple[str, str]]], ...] = (
    (
        mark("In tables and lists"),
        (
            ("R", mark("Give a role: then S, P, C, B, I or A")),
            ("C", mark("Compare the answers of what is chosen")),
            ("J / K", mark("Next and last hit")),
            ("Alt ↑ / ↓", mark("Prompt before and after; order in lists")),
            ("1 to 6", mark("Column of the reader")),
            ("D / K", mark("Dispute, check an exhibit")),
            ("Enter", mark("Open what is chosen")),
            ("Esc", mark("Let go, then close")),
        ),
    ),
    (
        mark("In pictures"),
        (
            ("← → ↑ ↓", mark("From mark to mark")),
            ("Enter", mark("Open the answers behind a mark")),
            ("T", mark("The picture as a table, and back")),
            ("Ctrl wheel", mark("Zoom; a double click shows all")),
        ),
    ),
)
_WIDE, _HIGH = 900, 620


class ShortcutSheet(QDialog):
    """All keys on one sheet, in columns by menu and by place."""

    def __init__(self, actions: ActionSet, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Keyboard shortcuts"))
        self.resize(min(theme().px(_WIDE), parent.width()), min(theme().px(_HIGH), parent.height()))
        groups: list[tuple[str, list[tuple[str, str]]]] = []
        for menu in Menu:
            keys = [
                (keys_in_words(act.keys), action.text().replace("&&", "\x00").replace("&", "").replace("\x00", "&"))
                for act, action, _ in actions.bound()
                if act.menu is menu and act.keys
            ]
            if keys:
                groups.append((tr(menu.value).replace("&", ""), keys))
        groups += [(tr(title), [(key, tr(said)) for key, said in keys]) for title, keys in IN_PLACES]
        inside = QWidget()
        grid = QGridLayout(inside)
        grid.setHorizontalSpacing(28)
        grid.setVerticalSpacing(18)
        half = sum(len(keys) + 2 for _, keys in groups) / 2
        lines, columns = 0, [column(spacing=5), column(spacing=5)]
        for title, keys in groups:
            where = columns[0 if lines < half else 1]
            where.addWidget(text(title, Type.HEAD))
            for key, said in keys:
                held = text(key, Type.SECOND_STRONG, SECOND, wrap=False)
                held.setFixedWidth(theme().px(110))
                line = row(held, text(said, Type.BODY))
                line.setStretch(1, 1)
                where.addLayout(line)
            where.addSpacing(12)
            lines += len(keys) + 2
        for at, each in enumerate(columns):
            each.addStretch(1)
            grid.addLayout(each, 0, at)
            grid.setColumnStretch(at, 1)
        title_, sub = heading(tr("Keyboard shortcuts"), tr("single letters work in lists, never in text"))
        close = Button(tr("Close"), self.accept, kind=Kind.PRIMARY)
        layout = column(row(title_, sub, 1, close), Scroll(inside), spacing=14, margins=(24, 18, 24, 18))
        self.setLayout(layout)

"""The table of actions: each key once, each line in words, in menu, palette and sheet alike."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from workbench.core.resources import resource
from workbench.gui.frame.actions import ACTIONS, PAGES, Menu
from workbench.gui.frame.command_palette import COMMANDS
from workbench.gui.frame.shortcut_sheet import ShortcutSheet


def test_each_key_and_each_shortcut_stands_once() -> None:
    acts = [*PAGES, *ACTIONS]
    for named in (Counter(act.key for act in acts), Counter(act.keys for act in acts if act.keys)):
        assert [name for name, number in named.items() if number > 1] == []
    assert all(act.said and act.help for act in acts)
    assert all(resource(f"icons/{act.icon}.svg").exists() for act in acts if act.icon)


def test_no_letter_of_a_menu_stands_for_two_things() -> None:
    for menu in Menu:
        said = [act.said.replace("&&", "") for act in (*PAGES, *ACTIONS) if act.menu is menu]
        letters = [words[words.index("&") + 1].lower() for words in said if "&" in words]
        assert [letter for letter, number in Counter(letters).items() if number > 1] == [], menu


def test_menus_hold_what_is_bound_and_nothing_else(open_window, case: Path) -> None:
    window = open_window(case)
    listed = {action.objectName() for menu in window.menuBar().actions() for action in menu.menu().actions()}
    bound = {act.key for act, _, _ in window.acts.bound()}
    assert bound <= listed
    shown = [
        action
        for menu in window.menuBar().actions()
        for action in menu.menu().actions()
        if action.objectName() and action.isVisible()
    ]
    assert {action.objectName() for action in shown} == bound


def test_what_cannot_be_done_is_listed_with_its_reason(open_window) -> None:
    window = open_window()
    window.open_palette()
    window.palette_.field.setText(f"{COMMANDS}close case")
    (offer,) = [offer for offer in window.palette_.offers() if offer.said == "Close case"]
    assert offer.why_not == "No case is open."
    assert offer.keys == "Ctrl W"
    QTest.keyClick(window.palette_.field, Qt.Key.Key_Return)
    assert window.palette_.isVisible(), "what can't be done must not close the palette"
    QTest.keyClick(window.palette_.field, Qt.Key.Key_Escape)
    assert not window.palette_.isVisible()


def test_the_sheet_shows_every_shortcut(open_window, case: Path) -> None:
    window = open_window(case)
    sheet = ShortcutSheet(window.acts, window)
    said = {label.text() for label in sheet.findChildren(QLabel)}
    assert {window.acts.keys_of(act.key) for act, _, _ in window.acts.bound() if act.keys} <= said
    sheet.deleteLater()

"""The actions of the window as Qt has them: bound to what they do, and to what is in their way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QApplication, QLineEdit, QMainWindow, QMenu, QPlainTextEdit, QTextEdit, QWidget

from workbench.gui.frame.actions import ACTIONS, PAGES, Act, Menu
from workbench.gui.parts.buttons import keys_in_words
from workbench.gui.words import tr

WhyNot = Callable[[], str]
_OPENS_UPWARD = {"window.quit": QAction.MenuRole.QuitRole, "help.about": QAction.MenuRole.AboutRole}


def always() -> str:
    """Nothing is ever in the way."""
    return ""


class ActionSet(QObject):
    """One `QAction` for each line of the table; lines that nothing is bound to stay hidden."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._acts = {act.key: act for act in (*PAGES, *ACTIONS)}
        self._actions: dict[str, QAction] = {}
        self._why: dict[str, WhyNot] = {}
        self._does: dict[str, Callable[[], object]] = {}
        for act in self._acts.values():
            self._actions[act.key] = self._made(act)

    def _made(self, act: Act) -> QAction:
        made = QAction(tr(act.said), self._window)
        made.setObjectName(act.key)
        made.setStatusTip(tr(act.help))
        made.setToolTip(tr(act.help))
        if act.keys and not act.letters:
            made.setShortcut(QKeySequence(act.keys))
        if act.key in _OPENS_UPWARD:
            made.setMenuRole(_OPENS_UPWARD[act.key])
        else:
            made.setMenuRole(QAction.MenuRole.NoRole)
        made.setVisible(False)
        made.setEnabled(False)
        made.triggered.connect(partial(self._do, act.key))
        return made

    def _do(self, key: str) -> None:
        self._does[key]()

    def bind(self, key: str, act: Callable[[], object], why_not: WhyNot = always) -> QAction:
        """Say what an action does, and what is in its way (in words; empty when nothing is).

        Whoever binds it last has it: a page that is made takes over what the window promised for it.
        """
        action = self._actions[key]
        if key not in self._why:
            action.setVisible(True)
            self._window.addAction(action)
        self._why[key], self._does[key] = why_not, act
        return action

    def follow(self) -> None:
        """Enable what can be done now."""
        for key in self._why:
            self._settle(key)

    def _settle(self, key: str) -> None:
        why = self._why[key]()
        action = self._actions[key]
        action.setToolTip(why or action.statusTip())
        action.setEnabled(not why)

    def __getitem__(self, key: str) -> QAction:
        return self._actions[key]

    def bound(self) -> Iterator[tuple[Act, QAction, str]]:
        """All that is bound: its line, its action, and what is in its way."""
        for key, why in self._why.items():
            yield self._acts[key], self._actions[key], why()

    def keys_of(self, key: str) -> str:
        """The shortcut of an action in words."""
        return keys_in_words(self._acts[key].keys)

    def build_menus(self, window: QMainWindow) -> dict[Menu, QMenu]:
        """Fill the menu bar in the order of the table."""
        menus: dict[Menu, QMenu] = {}
        for menu in Menu:
            made = QMenu(tr(menu.value), window)
            made.setToolTipsVisible(True)
            window.menuBar().addMenu(made)
            menus[menu] = made
        for act in (*PAGES, *ACTIONS):
            if act.starts_group:
                menus[act.menu].addSeparator()
            menus[act.menu].addAction(self._actions[act.key])
        return menus

    def press_letter(self, letter: str) -> bool:
        """Do what a single letter does here; False where it does nothing."""
        if typing():
            return False
        for act, action, why in self.bound():
            if act.letters and act.keys == letter and not why:
                action.trigger()
                return True
        return False


def typing() -> bool:
    """Whether keys are being typed into a text."""
    focus = QApplication.focusWidget()
    if isinstance(focus, QLineEdit):
        return not focus.isReadOnly()
    if isinstance(focus, QPlainTextEdit | QTextEdit):
        return bool(focus.textInteractionFlags() & Qt.TextInteractionFlag.TextEditable)
    return False

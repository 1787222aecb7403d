"""What narrows the list of answers: roles, a flag, and the corpora that are looked in alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMenu

from workbench.app.desk.answers import FLAGS, Asked
from workbench.gui.parts.buttons import Button
from workbench.gui.words import tr

ROLES = ("suspect", "protected", "base", "sibling", "control", "aside")
"""The roles in the order of menus."""


class Narrowing(QObject):
    """Two buttons with menus, and one that looks in all corpora again; `asked` carries what is listed then.

    The page places the buttons.
    """

    asked = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._asked = Asked()
        self._there: frozenset[str] = frozenset()
        self.roles = Button(tr("any role"), self._role_menu, arrow=True, small=True, name=tr("Roles to look in"))
        self.flags = Button(tr("flags"), self._flag_menu, arrow=True, small=True, name=tr("Flags to look for"))
        self.only = Button("", self._all_corpora, icon="close", small=True, name=tr("Look in all corpora"))
        self.only.setVisible(False)

    def know(self, roles: Iterable[str]) -> None:
        """Offer the roles that corpora of the case have."""
        self._there = frozenset(role if role != "late" else "protected" for role in roles)

    def follow(self, asked: Asked) -> None:
        """Show what narrows the list now."""
        self._asked = asked
        self.roles.say(", ".join(tr(role) for role in asked.roles) or tr("any role"))
        self.flags.say(tr(asked.flag) if asked.flag else tr("flags"))
        for button, on in ((self.roles, bool(asked.roles)), (self.flags, bool(asked.flag))):
            button.setCheckable(True)
            button.setChecked(on)
        self.only.say(tr("only {names}", names=", ".join(asked.corpora[:2])), "close")
        self.only.setVisible(bool(asked.corpora))

    def toggle_role(self, role: str) -> None:
        """Look in a role too, or not any more."""
        roles = [one for one in self._asked.roles if one != role]
        if len(roles) == len(self._asked.roles):
            roles.append(role)
        self.asked.emit(replace(self._asked, roles=tuple(roles)))

    def toggle_flag(self, flag: str) -> None:
        """List what has a flag, or all again."""
        self.asked.emit(replace(self._asked, flag="" if flag == self._asked.flag else flag))

    def toggle_corpus(self, name: str) -> None:
        """Look in one corpus alone, or in all again."""
        alone = self._asked.corpora == (name,)
        self.asked.emit(replace(self._asked, corpora=() if alone else (name,)))

    def _all_corpora(self) -> None:
        self.asked.emit(replace(self._asked, corpora=()))

    def _role_menu(self) -> None:
        menu = QMenu(self.roles)
        for role in ROLES:
            if role in self._there:
                action = menu.addAction(tr(role))
                action.setCheckable(True)
                action.setChecked(role in self._asked.roles)
                action.triggered.connect(partial(self.toggle_role, role))
        self._open(menu, self.roles)

    def _flag_menu(self) -> None:
        menu = QMenu(self.flags)
        for flag in FLAGS:
            action = menu.addAction(tr(flag))
            action.setCheckable(True)
            action.setChecked(flag == self._asked.flag)
            action.triggered.connect(partial(self.toggle_flag, flag))
        self._open(menu, self.flags)

    def _open(self, menu: QMenu, button: Button) -> None:
        menu.popup(button.mapToGlobal(button.rect().bottomLeft()))
        self.follow(self._asked)

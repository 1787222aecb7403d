"""The menu bar: every verb is here, with its shortcut."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu

from workbench.core.text import one_line
from workbench.gui.widgets import action


class Menus:
    """Builds the menus of the window and keeps enabled what can be done."""

    def __init__(self, window: Any) -> None:
        self._window = window
        keys = QKeySequence.StandardKey
        self.new = action("&New case…", window.new_case, window, keys=QKeySequence(keys.New), tip="Make a case")
        self.open = action("&Open case…", window.choose_case, window, keys=QKeySequence(keys.Open), tip="Open a case")
        self.close = action(
            "&Close case",
            window.close_case,
            window,
            keys=QKeySequence(keys.Close),
            tip="Close the case, keep the window",
        )
        self.sample = action(
            "Try the &sample case…", window.try_sample, window, tip="Run the main job on invented answers"
        )
        self.recent = QMenu("Open &recent", window)
        self._file_menu()
        self._case_menu()
        self._evidence_menu()
        self._tools_menu()
        self._view_menu()
        self._help_menu()

    def enable(self) -> None:
        """Let those verbs be chosen that can be done now."""
        workspace = self._window.workspace
        for verb in (self.new, self.open, self.sample):
            verb.setEnabled(not workspace.busy)
        self.recent.setEnabled(not workspace.busy and not self.recent.isEmpty())
        self._window.tools.enable()
        self.close.setEnabled(workspace.session is not None and not workspace.busy)

    def show_recent(self, folders: list[Path]) -> None:
        """List the cases that were opened lately."""
        self.recent.clear()
        for at, folder in enumerate(folders, start=1):
            name = one_line(f"{folder.stem}  ({folder.parent})", 90).replace("&", "&&")
            self.recent.addAction(action(f"&{at % 10} {name}", self._opener(folder), self._window))
        if folders:
            self.recent.addSeparator()
            self.recent.addAction(action("&Forget these", self._window.forget_recent, self._window))
        self.enable()

    def _opener(self, folder: Path) -> Callable[[], None]:
        return lambda: self._window.open_case(folder)

    def _file_menu(self) -> None:
        leave = action("&Quit", self._window.close, self._window, keys=QKeySequence(QKeySequence.StandardKey.Quit))
        leave.setMenuRole(QAction.MenuRole.QuitRole)
        menu = self._menu("&File")
        menu.addActions([self.new, self.open])
        menu.addMenu(self.recent)
        menu.addAction(self.close)
        menu.addSeparator()
        menu.addActions([self._window.case_page.back_up, self.sample])
        menu.addSeparator()
        menu.addAction(leave)

    def _case_menu(self) -> None:
        corpora, case = self._window.corpora_page, self._window.case_page
        menu = self._menu("&Corpora")
        menu.addActions([corpora.import_, corpora.import_folder, corpora.join])
        menu.addSeparator()
        menu.addActions([corpora.examine, corpora.correct, self._window.search_page.come])
        menu.addSeparator()
        menu.addActions([case.resume, case.discard])

    def _evidence_menu(self) -> None:
        window = self._window
        menu = self._menu("&Evidence")
        plan = window.plan_page
        menu.addActions([plan.lock, plan.run_planned, plan.open_file, plan.save_file])
        menu.addSeparator()
        menu.addActions([window.run_page.run, window.findings_page.withdraw, window.findings_page.save])
        menu.addSeparator()
        packs = window.packs_page
        menu.addActions([packs.export, packs.rebuild])
        menu.addSeparator()
        menu.addActions([packs.verify_case, packs.verify_file, packs.verify_folder])

    def _tools_menu(self) -> None:
        menu = self._menu("&Tools")
        menu.addActions([self._window.tools.kit, self._window.tools.validate])

    def _view_menu(self) -> None:
        window = self._window
        menu = self._menu("&View")
        for at, page in enumerate(window.pages, start=1):
            menu.addAction(action(f"&{at} {page.title}", self._shower(page.key), window, keys=f"Ctrl+{at}"))
        menu.addSeparator()
        refresh = QKeySequence(QKeySequence.StandardKey.Refresh)
        menu.addAction(
            action("&Read again", window.refresh, window, keys=refresh, tip="Read this page's contents again")
        )

    def _help_menu(self) -> None:
        window = self._window
        menu = self._menu("&Help")
        menu.addAction(
            action(
                "&Help on this page", window.show_help, window, keys=QKeySequence(QKeySequence.StandardKey.HelpContents)
            )
        )
        about = action("&About", window.show_about, window)
        about.setMenuRole(QAction.MenuRole.AboutRole)
        menu.addAction(about)

    def _menu(self, title: str) -> QMenu:
        menu = QMenu(title, self._window)
        self._window.menuBar().addMenu(menu)
        return menu

    def _shower(self, key: str) -> Callable[[], None]:
        return lambda: self._window.go(key)

"""The library: the cases on this computer, and the first steps."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout

from workbench.core.text import one_line
from workbench.gui.pages.base import Desk, Page
from workbench.gui.parts.buttons import Button, Kind, button_for
from workbench.gui.parts.panels import Empty
from workbench.gui.words import mark, tr


class LibraryPage(Page):
    """Lists the cases that were opened lately."""

    key = "library"
    title = mark("Library")
    help = mark(
        "A case is a folder that holds the files as they were received, the database and the ledger. Make a new one, "
        "open one, or drop a case's folder here. The sample case shows in a minute what there is."
    )
    watches = frozenset()

    opened = Signal(str)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.recent = QVBoxLayout()
        state = Empty(
            tr("No case is open"),
            tr(
                "A case keeps the answers, everything that was done with them, and why. Make a new one, open one, or "
                "drop a case's folder here."
            ),
            button_for(desk.actions["case.new"], kind=Kind.PRIMARY, icon="add"),
            button_for(desk.actions["case.open"], icon="folder"),
            button_for(desk.actions["case.sample"], icon="case"),
            icon="home",
        )
        state.below.addLayout(self.recent)
        self.face(state)

    def show_recent(self, folders: list[Path]) -> None:
        """Offer the cases that were opened lately."""
        while (item := self.recent.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.deleteLater()
        for folder in folders[:6]:
            said = one_line(f"{folder.stem}  –  {folder.parent}", 90).replace("&", "&&")
            made = Button(said, self._opener(folder), kind=Kind.QUIET, name=tr("Open {folder}", folder=folder))
            self.recent.addWidget(made, 0, Qt.AlignmentFlag.AlignHCenter)

    def _opener(self, folder: Path) -> Callable[[], None]:
        return lambda: self.opened.emit(str(folder))

    def refresh(self) -> None:
        """There is nothing to read."""
        self.shown.emit()

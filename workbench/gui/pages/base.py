"""What a page is: it shows what was read and starts verbs; it computes nothing."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QKeySequence, QShowEvent
from PySide6.QtWidgets import QPushButton, QStackedLayout, QVBoxLayout, QWidget
from typing_extensions import override

from workbench.core.model import Change
from workbench.gui.ask import Ask
from workbench.gui.error_dialog import Trouble
from workbench.gui.widgets import GAP, MARGIN, action
from workbench.gui.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Desk:
    """What every page works with."""

    workspace: Workspace
    ask: Ask
    trouble: Trouble
    go: Callable[[str], None]
    """Shows another page, by its key."""
    say: Callable[[str], None]
    """Says something in the status bar."""


class Page(QWidget):
    """One page: it reads again when a change that it watches was broadcast, and only while it is seen."""

    key: ClassVar[str]
    title: ClassVar[str]
    help: ClassVar[str]
    watches: ClassVar[frozenset[Change]]

    shown = Signal()
    """What was read has been put on the screen."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self._stale = True
        self._verbs: list[tuple[QAction, Callable[[], bool]]] = []
        self._stack = QStackedLayout(self)
        desk.workspace.switched.connect(self._switched)
        desk.workspace.changed.connect(self._changed)
        desk.workspace.jobs.changed.connect(self.enable)

    @abstractmethod
    def refresh(self) -> None:
        """Read what the page shows and show it."""

    def forget(self) -> None:
        """Drop what belongs to the case that was open."""

    def begin(self) -> None:
        """Be ready for what is typed first, once the page was gone to."""

    def enable(self) -> None:
        """Let those verbs be chosen that can be done now."""
        for verb, possible in self._verbs:
            verb.setEnabled(possible())

    @property
    def free(self) -> bool:
        """Whether a verb that changes the case could start now."""
        return self.desk.workspace.writable and not self.desk.workspace.busy

    def face(self, widget: QWidget) -> QWidget:
        """Add one of the states that the page can show, and return it."""
        self._stack.addWidget(widget)
        return widget

    def turn(self, widget: QWidget) -> None:
        """Show one of the page's states."""
        self._stack.setCurrentWidget(widget)

    def verb(
        self,
        text: str,
        act: Callable[[], object],
        possible: Callable[[], bool],
        *,
        keys: QKeySequence | str = "",
        tip: str = "",
    ) -> QAction:
        """An action for menu and buttons, and when it is possible."""
        made = action(text, act, self, keys=keys, tip=tip)
        self._verbs.append((made, possible))
        made.setEnabled(False)
        return made

    def _switched(self) -> None:
        self.forget()
        self.enable()
        self._read()

    def _changed(self, changes: frozenset[Change]) -> None:
        if changes & self.watches:
            self._read()

    def _read(self) -> None:
        self._stale = not self.isVisible()
        if not self._stale:
            self.refresh()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self._read()


def button_for(verb: QAction, text: str = "") -> QPushButton:
    """A push button that does what an action does and is enabled when it is."""
    made = QPushButton(text or verb.text())
    made.setAccessibleName((text or verb.text()).replace("&", "").rstrip("…"))

    def follow() -> None:
        made.setEnabled(verb.isEnabled())

    made.clicked.connect(verb.trigger)
    made.setToolTip(verb.statusTip())
    verb.changed.connect(follow)
    follow()
    return made


def body() -> tuple[QWidget, QVBoxLayout]:
    """An empty widget with the margins of a page, and its layout."""
    widget = QWidget()
    layout = QVBoxLayout(widget)
    layout.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
    layout.setSpacing(GAP)
    return widget, layout

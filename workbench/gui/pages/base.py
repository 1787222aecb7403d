"""What a page is: it shows what was read and starts verbs; it computes nothing."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QShowEvent
from PySide6.QtWidgets import QLineEdit, QPushButton, QStackedLayout, QVBoxLayout, QWidget
from typing_extensions import override

from workbench.core.model import Change
from workbench.gui.ask import Ask
from workbench.gui.error_dialog import Trouble
from workbench.gui.frame.action_set import ActionSet
from workbench.gui.frame.banners import Banners
from workbench.gui.run_queue import RunQueue
from workbench.gui.settings import Memory
from workbench.gui.widgets import GAP, MARGIN
from workbench.gui.words import tr
from workbench.gui.workspace import Workspace


class Say(Protocol):
    """Says what was done, in a toast; `undo` puts a button into it and is what Ctrl Z does."""

    def __call__(self, said: str, undo: Callable[[], object] | None = None, /) -> None:
        """Say it."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What every page works with."""

    workspace: Workspace
    ask: Ask
    trouble: Trouble
    actions: ActionSet
    banners: Banners
    memory: Memory
    go: Callable[[str], None]
    """Shows another page, by its key; `findings/3` also shows an item of it."""
    say: Say
    queue: RunQueue


class Page(QWidget):
    """One page: it reads again when a change that it watches was broadcast, and only while it is seen."""

    key: ClassVar[str]
    title: ClassVar[str]
    help: ClassVar[str]
    watches: ClassVar[frozenset[Change]]

    shown = Signal()
    """What was read has been put on the screen."""
    moved = Signal(str)
    """Another item of the page is shown: its name goes into the history."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("page")
        self.desk = desk
        self._stale = True
        self._stack = QStackedLayout(self)
        desk.workspace.switched.connect(self._switched)
        desk.workspace.changed.connect(self._changed)

    @abstractmethod
    def refresh(self) -> None:
        """Read what the page shows and show it."""

    def forget(self) -> None:
        """Drop what belongs to the case that was open."""

    def begin(self) -> None:
        """Be ready for what is typed first, once the page was gone to."""

    def show_item(self, item: str) -> None:
        """Show an item of the page by its name, now or when it has been read."""

    def item(self) -> str:
        """The name of the item that is shown; empty where the page has none."""
        return ""

    def filter_field(self) -> QLineEdit | None:
        """The field that `/` leads to."""
        return None

    def panes(self) -> Sequence[QWidget]:
        """The parts of the page that F6 goes through."""
        return ()

    def toggle_inspector(self) -> bool:
        """Show or hide the inspector; False where the page has none."""
        return False

    def make_exhibit(self) -> None:
        """Make an exhibit of what is chosen on the page."""

    def no_exhibit(self) -> str:
        """In the way of making an exhibit of what is chosen: words, or nothing."""
        return tr("Answers and findings are made exhibits: choose one there.")

    def press_letter(self, letter: str) -> bool:
        """Do what a single letter does on this page; False where it does nothing."""
        return False

    def press_escape(self) -> bool:
        """Let go of what is chosen; False where nothing was."""
        return False

    def enable(self) -> None:
        """Let those verbs be chosen that can be done now."""
        self.desk.actions.follow()

    @property
    def free(self) -> bool:
        """Whether a verb that changes the case could start now."""
        return not self.in_the_way()

    def no_case(self) -> str:
        """In the way of what needs a case: words, or nothing."""
        return "" if self.desk.workspace.session is not None else tr("No case is open.")

    def in_the_way(self) -> str:
        """In the way of what changes the case: words, or nothing."""
        return self.no_case() or self.busy() or ("" if self.desk.workspace.writable else tr("Open for reading alone."))

    def busy(self) -> str:
        """In the way of any verb: words, or nothing."""
        verbs = self.desk.workspace.verbs()
        return tr("Wait until this is done: {title}.", title=verbs[0].title) if verbs else ""

    def face(self, widget: QWidget) -> QWidget:
        """Add one of the states that the page can show, and return it."""
        self._stack.addWidget(widget)
        return widget

    def turn(self, widget: QWidget) -> None:
        """Show one of the page's states."""
        self._stack.setCurrentWidget(widget)

    def bind(self, key: str, act: Callable[[], object], why_not: Callable[[], str]) -> QAction:
        """Say what an action of the table does, and what is in its way."""
        return self.desk.actions.bind(key, act, why_not)

    def verb(self, key: str, act: Callable[[], object], possible: Callable[[], bool]) -> QAction:
        """The same where all that is known is whether it is possible."""

        def why_not() -> str:
            return "" if possible() else self.in_the_way() or tr("There is nothing chosen for it.")

        return self.bind(key, act, why_not)

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
    made = QPushButton(text or verb.text().replace("&", ""))
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

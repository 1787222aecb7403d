"""The one window: pages on the left, verbs in the menus, what is under way at the foot."""

from __future__ import annotations

import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QLocale, QSize, Qt
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QIcon, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QMainWindow,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from workbench import __version__
from workbench.core.progress import Progress
from workbench.core.resources import resource
from workbench.core.surroundings import Conditions, of_this_machine
from workbench.core.text import one_line
from workbench.gui.activity import Activity
from workbench.gui.ask import Ask
from workbench.gui.dialogs.new_case import NewCaseDialog
from workbench.gui.error_dialog import Trouble, catch_all
from workbench.gui.icons import icon
from workbench.gui.jobs import Job
from workbench.gui.menus import Menus
from workbench.gui.pages.base import Desk, Page
from workbench.gui.pages.case import CasePage
from workbench.gui.pages.corpora import CorporaPage
from workbench.gui.pages.findings import FindingsPage
from workbench.gui.pages.ledger import LedgerPage
from workbench.gui.pages.packs import PacksPage
from workbench.gui.pages.plan import PlanPage
from workbench.gui.pages.run import RunPage
from workbench.gui.pages.search import SearchPage
from workbench.gui.settings import Memory
from workbench.gui.style import is_dark, sheet
from workbench.gui.tools import Tools
from workbench.gui.widgets import label
from workbench.gui.workspace import Workspace

if TYPE_CHECKING:
    from workbench.app.demo import Demo

NAME = "Distillation Workbench"
_SIZE = QSize(1240, 800)
_NAVIGATION = 150
_WHAT_STAYS = (
    "What an import took in of the file under way is dropped, the file stays in the case; an examination goes on next "
    "time."
)


class MainWindow(QMainWindow):
    """The window on one case; `conditions`, `memory` and `ask` are injected by tests."""

    def __init__(
        self,
        conditions: Conditions,
        case: Path | None = None,
        *,
        memory: Memory | None = None,
        ask: Ask | None = None,
        log: Path | None = None,
    ) -> None:
        super().__init__()
        self.memory = memory or Memory()
        self.ask = ask or Ask(self)
        self.trouble = Trouble(self, log)
        self.workspace = Workspace(conditions, self.trouble.tell, self)
        self._finished = False
        self._closing = False
        self._dark = False
        self.setWindowIcon(QIcon(str(resource("icons/workbench.svg"))))
        self.setAcceptDrops(True)
        self.resize(_SIZE)
        self.restoreGeometry(self.memory.geometry)
        self._build_pages()
        self.menus = Menus(self)
        self._build_status()
        self._dress()
        stop = QShortcut(QKeySequence(Qt.Key.Key_Escape), self)
        stop.activated.connect(self._ask_to_stop)
        self.workspace.switched.connect(self._switched)
        self.workspace.stopped.connect(self._stopped)
        self.workspace.jobs.changed.connect(self._work_changed)
        self.workspace.switched.emit()
        if case is not None:
            self.open_case(case)

    # Building

    def _build_pages(self) -> None:
        desk = Desk(self.workspace, self.ask, self.trouble, self.go, self.say)
        self.case_page = CasePage(desk, self.new_case, self.choose_case, self.try_sample)
        self.corpora_page, self.plan_page, self.run_page = CorporaPage(desk), PlanPage(desk), RunPage(desk)
        self.findings_page, self.ledger_page, self.packs_page = FindingsPage(desk), LedgerPage(desk), PacksPage(desk)
        self.search_page = SearchPage(desk)
        self.tools = Tools(desk, self)
        self.pages: Sequence[Page] = (
            self.case_page,
            self.corpora_page,
            self.search_page,
            self.plan_page,
            self.run_page,
            self.findings_page,
            self.ledger_page,
            self.packs_page,
        )
        self.case_page.recent_chosen.connect(lambda folder: self.open_case(Path(folder)))
        self.navigation = QListWidget()
        self.navigation.setObjectName("navigation")
        self.navigation.setAccessibleName("Pages")
        self.navigation.setFixedWidth(_NAVIGATION)
        self.navigation.setIconSize(QSize(22, 22))
        self.stack = QStackedWidget()
        for page in self.pages:
            self.navigation.addItem(QListWidgetItem(page.title))
            self.stack.addWidget(page)
        self.navigation.currentRowChanged.connect(self.stack.setCurrentIndex)
        self.activity = Activity(self.workspace.verbs)
        self.activity.stop_pressed.connect(self._stop_pressed)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.navigation)
        middle.addWidget(self.stack, 1)
        whole = QWidget()
        layout = QVBoxLayout(whole)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(middle, 1)
        layout.addWidget(self.activity)
        self.setCentralWidget(whole)
        self.navigation.setCurrentRow(0)

    def _build_status(self) -> None:
        self.whose: QLabel = label(wrap=False)
        self.whose.setAccessibleName("The open case")
        self.statusBar().addPermanentWidget(self.whose)

    def _dress(self) -> None:
        """Colours and icons for the palette there is."""
        self._dark = is_dark(self.palette())
        self.setStyleSheet(sheet(self.palette()))
        for at, page in enumerate(self.pages):
            item = self.navigation.item(at)
            if item is not None:
                item.setIcon(icon(page.key, self.navigation.palette()))

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange and is_dark(self.palette()) != self._dark:
            self._dress()

    # Getting about

    def go(self, where: str) -> None:
        """Show a page by its key; `findings/3` also chooses finding 3."""
        key, _, number = where.partition("/")
        for at, page in enumerate(self.pages):
            if page.key == key:
                self.navigation.setCurrentRow(at)
                page.begin()
        if number:
            self.findings_page.choose(int(number))

    def say(self, text: str) -> None:
        """Say something in the status bar for a while."""
        self.statusBar().showMessage(one_line(text, 160), 15_000)

    def refresh(self) -> None:
        """Read the page that is shown again."""
        self.pages[self.stack.currentIndex()].refresh()

    def show_help(self) -> None:
        """Say what the page that is shown is for."""
        page = self.pages[self.stack.currentIndex()]
        keys = f"Ctrl+1 to Ctrl+{len(self.pages)} show the pages; Esc stops what is under way."
        self.trouble.inform(f"Help: {page.title}", page.help, keys)

    def show_about(self) -> None:
        """Say what this program is."""
        said = "Findings are about probabilities of evidence, never a verdict. Everything stays on this machine."
        self.trouble.inform(f"About {NAME}", f"{NAME} {__version__}", said)

    # Cases

    def new_case(self) -> None:
        """Ask for a new case and make it."""
        examiner = self.memory.examiner or self.workspace.conditions.examiner or self.workspace.conditions.account
        dialog = NewCaseDialog(self.ask, examiner, self._usual_place(), self)
        if self.ask.accepted(dialog):
            wanted = dialog.collect()
            if wanted.examiner != self.workspace.conditions.examiner:
                self.memory.examiner = wanted.examiner
            self.workspace.create(wanted.folder, wanted.title, wanted.examiner)

    def _usual_place(self) -> Path:
        recent = self.memory.recent()
        return recent[0].parent if recent else Path.home()

    def choose_case(self) -> None:
        """Ask for a case's folder and open it."""
        folder = self.ask.folder("Open a case (a folder that ends in .case)")
        if folder is not None:
            self.open_case(folder)

    def open_case(self, folder: Path) -> None:
        """Open a case, unless it is open already."""
        if not self.workspace.holds(folder):
            self.workspace.open(folder)

    def close_case(self) -> None:
        """Close the case and keep the window."""
        self.workspace.close()

    def try_sample(self) -> None:
        """Make a case of invented answers, run the main job on it, and open it."""
        folder = self.ask.folder("Where the sample case shall be made")
        if folder is None:
            return
        conditions = self.workspace.conditions

        def work(progress: Progress) -> Demo:
            from workbench.app.demo import run_demo

            return run_demo(folder, conditions, progress)

        def done(demo: Demo) -> None:
            self.open_case(demo.case)
            self.trouble.inform("The sample case", demo.finding, f"Its evidence pack is {demo.pack}.")

        self.workspace.do_apart("Making the sample case", work, done)

    def forget_recent(self) -> None:
        """Forget which cases were opened."""
        self.memory.forget_recent()
        self._show_recent()

    def _switched(self) -> None:
        opened = self.workspace.opened
        title = one_line(opened.title, 80) if opened else ""
        self.setWindowTitle(f"{title} – {NAME}" if opened else NAME)
        self.whose.setText("No case")
        self.go("case")
        if opened is not None:
            self.memory.opened(opened.folder)
            self.ask.start_in(opened.folder.parent)
            reading = " (for reading alone)" if opened.read_only else ""
            self.whose.setText(f"{title}{reading} · {one_line(opened.examiner, 60)}")
        self._show_recent()

    def _show_recent(self) -> None:
        folders = self.memory.recent()
        self.menus.show_recent(folders)
        self.case_page.show_recent(folders)

    # Work under way

    def _work_changed(self) -> None:
        self.activity.follow()
        self.menus.enable()
        if self._closing and self.workspace.jobs.idle:
            self._finish()

    def _ask_to_stop(self) -> None:
        verbs = self.workspace.verbs()
        if not verbs:
            return
        question = f"{verbs[0].title} is under way. Stop it? {_lost(verbs[0])}"
        go = self.ask.yes("Stop", question, do="Stop", leave="Go on", until=verbs[0].finished)
        if go and verbs[0] in self.workspace.verbs():
            self.activity.cancel()

    def _stop_pressed(self) -> None:
        """Stop what is under way; ask before where more is lost than that."""
        verbs = self.workspace.verbs()
        if verbs and verbs[0].at_stake:
            self._ask_to_stop()
        else:
            self.activity.cancel()

    def _stopped(self, title: str, said: str) -> None:
        self.say(f"Stopped: {title}.")
        if said and not self._closing:
            self.trouble.inform("Stopped", f"{title} was stopped.", said[:1].upper() + said[1:])

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        if self._finished:
            super().closeEvent(event)
            return
        event.ignore()
        if self._closing or not self._may_close():
            return
        self._closing = True
        self.memory.geometry = self.saveGeometry()
        self.workspace.jobs.cancel_all()
        self.workspace.close()

    def _may_close(self) -> bool:
        if not self.workspace.busy:
            return True
        job = self.workspace.verbs()[0]
        question = f"{job.title} is under way. Stop it and close? {_lost(job)}"
        return self.ask.yes("Close", question, do="Stop and close", leave="Go on", until=job.finished)

    def _finish(self) -> None:
        """All threads are idle and the case is closed: end the threads, then the window."""
        self._finished = True
        self.workspace.jobs.shut_down()
        self.memory.save()
        self.close()

    # Drag and drop

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()) and not self.workspace.busy:
            event.acceptProposedAction()

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        self.take_dropped([Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()])
        event.acceptProposedAction()

    def take_dropped(self, paths: Sequence[Path]) -> None:
        """Open a case that was dropped; verify what was dropped on Packs; import anything else."""
        cases = [path for path in paths if path.suffix == ".case" and path.is_dir()]
        if cases:
            self.open_case(cases[0])
        elif paths and self.stack.currentWidget() is self.packs_page:
            self.packs_page.verify_path(paths[0])
        elif paths and self.workspace.writable:
            self.go("corpora")
            self.corpora_page.import_paths(paths)
        elif paths:
            self.trouble.inform("No case is open", "Make or open a case first, then drop the files again.")


def _lost(job: Job) -> str:
    """What a stop loses, and what it does not."""
    return f"{_WHAT_STAYS} {job.at_stake}".rstrip()


def run(case: Path | None) -> int:
    """Start the desktop application, on a case where one is given; returns the exit code."""
    application = QApplication([NAME])
    application.setApplicationName(NAME)
    application.setDesktopFileName("distillation-workbench")
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedStates))
    # Every call of Qt into Python waits this long for a worker that computes: the usual 5 ms freeze a table.
    sys.setswitchinterval(0.0005)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    window = MainWindow(of_this_machine(), case)
    before = catch_all(window.trouble)
    window.show()
    try:
        return application.exec()
    finally:
        window.workspace.jobs.shut_down()
        sys.excepthook = before

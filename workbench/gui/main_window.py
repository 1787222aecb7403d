"""The one window: sidebar, page, foot; what lies over them; and the verbs that belong to no page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMainWindow, QMenu, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from workbench import __version__
from workbench.core.progress import Progress
from workbench.core.surroundings import Conditions
from workbench.core.text import one_line
from workbench.gui.ask import Ask
from workbench.gui.dialogs.new_case import NewCaseDialog
from workbench.gui.error_dialog import Trouble
from workbench.gui.frame import palette_sources
from workbench.gui.frame.action_set import ActionSet, always, typing
from workbench.gui.frame.actions import PAGES, Menu
from workbench.gui.frame.banners import Banners
from workbench.gui.frame.command_palette import CommandPalette, Offer
from workbench.gui.frame.focus_ring import FocusRing
from workbench.gui.frame.foot import Foot
from workbench.gui.frame.history import History
from workbench.gui.frame.search_box import SearchBox
from workbench.gui.frame.shortcut_sheet import ShortcutSheet
from workbench.gui.frame.sidebar import Sidebar, counts_of
from workbench.gui.frame.toast import Toast
from workbench.gui.jobs import Job
from workbench.gui.look.icons import icon, logo
from workbench.gui.look.theme import Mode, theme
from workbench.gui.page_list import ACTS, WITHOUT_CASE, Pages
from workbench.gui.pages.base import Desk, Page
from workbench.gui.parts.dates import say_local
from workbench.gui.promises import Promises
from workbench.gui.run_queue import RunQueue
from workbench.gui.settings import Memory
from workbench.gui.tools import Tools
from workbench.gui.words import tr
from workbench.gui.workspace import Workspace

if TYPE_CHECKING:
    from workbench.app.demo import Demo
    from workbench.app.desk.index import CaseIndex

NAME = "Distillation Workbench"
_SIZE, _LEAST = QSize(1440, 900), QSize(760, 480)
_FOLDS_BELOW = 1360
_IN_MENU = 10


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
        theme().install()
        self.memory = memory or Memory()
        self._take_look()
        self.ask = ask or Ask(self)
        self.trouble = Trouble(self, log)
        self.workspace = Workspace(conditions, self.trouble.tell, self)
        self.history = History()
        self.index: CaseIndex | None = None
        self._undo: Callable[[], object] | None = None
        self._finished = self._closing = self._walking = False
        self.setWindowIcon(logo())
        self.setAcceptDrops(True)
        self.setMinimumSize(_LEAST)
        self.resize(_SIZE)
        self.restoreGeometry(self.memory.geometry)
        self.acts = ActionSet(self)
        self._build_frame()
        self._bind()
        self._build_pages()
        self._build_menus()
        self.toast = Toast(self)
        self.palette_ = CommandPalette(self, self._offers)
        self.ring = FocusRing(self)
        self.workspace.switched.connect(self._switched)
        self.workspace.changed.connect(lambda changes: self._count())
        self.workspace.stopped.connect(self._stopped)
        self.workspace.jobs.changed.connect(self._work_changed)
        theme().changed.connect(self._look_changed)
        self.workspace.switched.emit()
        if case is not None:
            self.open_case(case)

    # Building

    def _build_frame(self) -> None:
        self.sidebar = Sidebar()
        self.sidebar.chosen.connect(self.go)
        self.banners = Banners()
        self.stack = QStackedWidget()
        self.foot = Foot(self.workspace.verbs)
        self.foot.stop_pressed.connect(self._stop_pressed)
        page = QVBoxLayout()
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(0)
        page.addWidget(self.banners)
        page.addWidget(self.stack, 1)
        middle = QHBoxLayout()
        middle.setContentsMargins(0, 0, 0, 0)
        middle.setSpacing(0)
        middle.addWidget(self.sidebar)
        middle.addLayout(page, 1)
        whole = QWidget()
        layout = QVBoxLayout(whole)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(middle, 1)
        layout.addWidget(self.foot)
        self.setCentralWidget(whole)

    def _build_pages(self) -> None:
        self.queue = RunQueue(self.workspace, self.memory, self.trouble.tell, self)
        shared = (self.workspace, self.ask, self.trouble, self.acts, self.banners, self.memory)
        self.desk = desk = Desk(*shared, self.go, self.say, self.queue)
        self.at = Pages(desk, self._page_made, self.open_case)
        self.tools = Tools(desk, self)
        self.sidebar.offer(self._leads)
        for act in PAGES:
            key = act.key.partition(".")[2]
            if key in ACTS:
                self.acts.bind(act.key, partial(self.go, key), always if key in WITHOUT_CASE else self._needs_case)
        Promises(self.acts, self._gone_to, self.say).make(self._busy, self._needs_case)

    def _page_made(self, page: Page) -> None:
        """Take in a page that was asked for the first time."""
        self.stack.addWidget(page)
        self.acts.follow()
        page.moved.connect(partial(self._moved, page))
        if page.key == "overview":
            page.shown.connect(self._remember)

    def _build_menus(self) -> None:
        menus = self.acts.build_menus(self)
        self.recent = QMenu(tr("Open &recent"), self)
        self.recent.setIcon(icon("folder"))
        menus[Menu.FILE].insertMenu(self.acts["case.close"], self.recent)
        self.search = SearchBox(self.open_palette, self.acts.keys_of("window.palette"))
        self.menuBar().setCornerWidget(self.search)

    def _bind(self) -> None:
        acts, busy, needs = self.acts, self._busy, self._needs_case
        acts.bind("case.new", self.new_case, busy)
        acts.bind("case.open", self.choose_case, busy)
        acts.bind("case.sample", self.try_sample, busy)
        acts.bind("case.close", self.close_case, lambda: needs() or busy())
        acts.bind("window.quit", self.close)
        acts.bind("window.palette", self.open_palette)
        acts.bind("edit.undo", self.undo, lambda: "" if self._undo else tr("Nothing was done that can be undone."))
        acts.bind("exhibit.make", self._make_exhibit, self._no_exhibit)
        acts.bind("page.filter", self._to_filter, lambda: "" if self._filter() else tr("This page has no filter."))
        acts.bind("view.back", partial(self._walk, -1), lambda: self._nowhere(-1))
        acts.bind("view.forward", partial(self._walk, 1), lambda: self._nowhere(1))
        acts.bind("view.inspector", self._toggle_inspector)
        acts.bind("view.next_pane", self._next_pane)
        acts.bind("view.refresh", self.refresh)
        acts.bind("view.larger", partial(self._larger, 1))
        acts.bind("view.smaller", partial(self._larger, -1))
        acts.bind("view.normal", partial(self._larger, 0))
        acts.bind("view.theme", self._other_theme)
        acts.bind("window.settings", partial(self.go, "settings"))
        acts.bind("help.page", self.show_help)
        acts.bind("help.keys", self.show_keys)
        acts.bind("help.about", self.show_about)

    def _leads(self, place: str) -> bool:
        return place.startswith("do:") or place.partition("/")[0] in ACTS

    def _needs_case(self) -> str:
        return "" if self.workspace.session is not None else tr("No case is open.")

    def _make_exhibit(self) -> None:
        self.page.make_exhibit()

    def _no_exhibit(self) -> str:
        shown = self.stack.currentWidget()
        return self._needs_case() or (shown.no_exhibit() if isinstance(shown, Page) else "")

    def _busy(self) -> str:
        verbs = self.workspace.verbs()
        return tr("Wait until this is done: {title}.", title=verbs[0].title) if verbs else ""

    def _nowhere(self, step: int) -> str:
        return "" if self.history.can(step) else tr("There is nowhere to go.")

    # Getting about

    @property
    def page(self) -> Page:
        """The page that is shown."""
        shown = self.stack.currentWidget()
        assert isinstance(shown, Page)
        return shown

    def go(self, where: str) -> None:
        """Show a page by its key; `findings/3` also shows finding 3, `do:` and a key does an action."""
        if where.startswith("do:"):
            self.acts[where[3:]].trigger()
            return
        key, _, item = where.partition("/")
        page = self.at.page(key)
        if page is None:
            return
        self.stack.setCurrentWidget(page)
        self.sidebar.choose(key)
        if item:
            page.show_item(item)
        if not self._walking:
            shown = page.item()
            self.history.visit(where if item else f"{key}/{shown}" if shown else key)
            page.begin()
        self.acts.follow()

    def _gone_to(self, where: str) -> Page:
        self.go(where)
        return self.page

    def _moved(self, page: Page, item: str) -> None:
        if page is self.page and not self._walking:
            place = f"{page.key}/{item}" if item else page.key
            if self.history.here == page.key:
                self.history.settle(place)
            else:
                self.history.visit(place)
            self.acts.follow()

    def _walk(self, step: int) -> None:
        place = self.history.walk(step)
        if place:
            self._walking = True
            self.go(place)
            self._walking = False

    def say(self, said: str, undo: Callable[[], object] | None = None) -> None:
        """Say what was done, in a toast; `undo` is what Ctrl Z does until something else is done."""
        if not said:
            self.toast.close_now()
            return
        self._undo = undo
        self.toast.say(one_line(said, 240), self.undo if undo is not None else None)
        self.acts.follow()

    def undo(self) -> None:
        """Undo what was done last, where that is honest."""
        act, self._undo = self._undo, None
        self.toast.close_now()
        if act is not None:
            act()
        self.acts.follow()

    def refresh(self) -> None:
        """Read the page that is shown again."""
        self.page.refresh()
        self._count()

    def _filter(self) -> QWidget | None:
        return self.page.filter_field() if self.stack.count() else None

    def _to_filter(self) -> None:
        field = self._filter()
        if field is not None:
            field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _next_pane(self) -> None:
        panes = [self.sidebar.view, *(pane for pane in self.page.panes() if pane.isVisible())]
        focus = QApplication.focusWidget()
        at = next((n for n, pane in enumerate(panes) if focus is pane or (focus and pane.isAncestorOf(focus))), -1)
        pane = panes[(at + 1) % len(panes)]
        pane.setFocus(Qt.FocusReason.TabFocusReason)

    def _toggle_inspector(self) -> None:
        self.page.toggle_inspector()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Single letters and Esc, where whatever has the focus has no use for them."""
        if not self._key(event):
            super().keyPressEvent(event)

    def _key(self, event: QKeyEvent) -> bool:
        if self.palette_.isVisible() or typing():
            return False
        if event.key() == Qt.Key.Key_Escape:
            return self._escape()
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier)
        if not plain or not self.memory.flag("letters", default=True):
            return False
        letter = event.text().upper()
        if len(letter) != 1 or not letter.isprintable() or letter.isspace():
            return False
        return self.page.press_letter(letter) or self.acts.press_letter(letter)

    def _escape(self) -> bool:
        if self.page.press_escape():
            return True
        if self.toast.isVisible():
            self.toast.close_now()
            return True
        if self.workspace.busy:
            self._ask_to_stop()
            return True
        return False

    # The palette, help

    def open_palette(self) -> None:
        """Open the palette over the page."""
        opened = self.workspace.opened
        self.palette_.open_at(tr("this case") if opened else "")

    def _offers(self, typed: str) -> list[Offer]:
        found: list[Offer] = []
        if self.index is not None:
            found += palette_sources.models(self.index, self.go, self.acts) if typed else []
            found += palette_sources.findings(self.index, self.go)
            found += palette_sources.documents(self.index, self.go)
            found += palette_sources.search_for(typed, self.index, self.go)
        return [*found, *palette_sources.terms(typed, self.go), *palette_sources.commands(self.acts)]

    def show_help(self) -> None:
        """Say what the page that is shown is for."""
        page = self.page
        self.trouble.inform(
            tr("Help: {page}", page=tr(page.title)),
            tr(page.help),
            tr("Shift F1 shows all keys. Ctrl K finds anything. Esc stops what is under way."),
        )

    def show_keys(self) -> None:
        """Show all keys on one sheet."""
        sheet = ShortcutSheet(self.acts, self)
        sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        sheet.open()

    def show_about(self) -> None:
        """Say what this program is."""
        said = tr("Findings are about probabilities of evidence, never a verdict. Everything stays on this machine.")
        self.trouble.inform(tr("About {name}", name=NAME), f"{NAME} {__version__}", said)

    # Looks

    def _take_look(self) -> None:
        say_local(self.memory.text("zone") == "local")
        modes = {mode.value: mode for mode in Mode}
        theme().set(
            mode=modes.get(self.memory.text("theme"), Mode.SYSTEM),
            scale=self.memory.number("text", 100),
            system_font=self.memory.flag("system_font", default=False),
        )

    def _larger(self, steps: int) -> None:
        theme().larger(steps)
        self.memory.put("text", str(theme().scale))

    def _other_theme(self) -> None:
        mode = Mode.LIGHT if theme().tokens.dark else Mode.DARK
        theme().set(mode=mode)
        self.memory.put("theme", mode.value)

    def _look_changed(self) -> None:
        self._fold()
        self.recent.setIcon(icon("folder"))
        self.menuBar().setCornerWidget(self.search)

    def _fold(self) -> None:
        self.sidebar.fold(self.width() < theme().px(_FOLDS_BELOW))

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold()

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
        folder = self.ask.folder(tr("Open a case (a folder that ends in .case)"))
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
        folder = self.ask.folder(tr("Where the sample case shall be made"))
        if folder is None:
            return
        conditions = self.workspace.conditions

        def work(progress: Progress) -> Demo:
            from workbench.app.demo import run_demo

            return run_demo(folder, conditions, progress)

        def done(demo: Demo) -> None:
            self.open_case(demo.case)
            self.trouble.inform(tr("The sample case"), demo.finding, tr("Its evidence pack is {pack}.", pack=demo.pack))

        self.workspace.do_apart(tr("Making the sample case"), work, done)

    def forget_recent(self) -> None:
        """Forget which cases were opened."""
        self.memory.forget_recent()
        self._show_recent()

    def _switched(self) -> None:
        opened = self.workspace.opened
        title = one_line(opened.title, 80) if opened else ""
        self.setWindowTitle(f"{title} – {NAME}" if opened else NAME)
        self.history.clear()
        self.index = None
        self._undo = None
        self.banners.clear()
        self.sidebar.show_case(title, opened.examiner if opened else "")
        self.sidebar.show_counts({})
        self.foot.show_ledger(0, "")
        if opened is not None:
            self.memory.opened(opened.folder)
            self.ask.start_in(opened.folder.parent)
            self.foot.show_case(
                opened.examiner, tr("Open for reading alone") if opened.read_only else tr("All work saved")
            )
        else:
            self.foot.show_case(self.memory.examiner, "")
        self.go("overview" if opened else "library")
        self._show_recent()
        self._count()
        self.acts.follow()

    def _remember(self) -> None:
        """Keep what the overview says, for the library."""
        known = self.at.overview.known()
        if known is not None:
            self.memory.remember(known)
        self._list_again()

    def _list_again(self) -> None:
        if self.at.has("library"):
            self.at.library.refresh()

    def _show_recent(self) -> None:
        folders = self.memory.recent()
        for menu in (self.recent, self.sidebar.case.menu):
            menu.clear()
            for at, folder in enumerate(folders[:_IN_MENU], start=1):
                name = one_line(f"{folder.stem}  ({folder.parent})", 90).replace("&", "&&")
                menu.addAction(f"&{at % 10} {name}", partial(self.open_case, folder))
        self.sidebar.case.menu.addSeparator()
        self.sidebar.case.menu.addActions([self.acts["case.new"], self.acts["case.open"], self.acts["case.close"]])
        self.recent.setEnabled(bool(folders))
        if folders:
            self.recent.addSeparator()
            self.recent.addAction(tr("&Forget these"), self.forget_recent)
        self._list_again()

    def _count(self) -> None:
        """Count what is in the case, for sidebar, foot and palette."""
        self.workspace.read(_read_index, self._counted)

    def _counted(self, index: CaseIndex) -> None:
        self.index = index
        self.sidebar.show_counts(counts_of(index))
        self.foot.show_ledger(index.lines, index.head, broken=bool(index.broken))

    # Work under way

    def _work_changed(self) -> None:
        self.foot.follow()
        self.acts.follow()
        if self._closing and self.workspace.jobs.idle:
            self._finish()

    def _ask_to_stop(self) -> None:
        verbs = self.workspace.verbs()
        if not verbs:
            return
        question = tr("{title} is under way. Stop it? {lost}", title=verbs[0].title, lost=_lost(verbs[0]))
        go = self.ask.yes(tr("Stop"), question, do=tr("Stop"), leave=tr("Go on"), until=verbs[0].finished)
        if go and verbs[0] in self.workspace.verbs():
            self.foot.cancel()

    def _stop_pressed(self) -> None:
        """Stop what is under way; ask before where more is lost than that."""
        verbs = self.workspace.verbs()
        if verbs and verbs[0].at_stake:
            self._ask_to_stop()
        else:
            self.foot.cancel()

    def _stopped(self, title: str, said: str) -> None:
        self.say(tr("Stopped: {title}.", title=title))
        if said and not self._closing:
            self.trouble.inform(tr("Stopped"), tr("{title} was stopped.", title=title), said[:1].upper() + said[1:])

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        if self._finished:
            super().closeEvent(event)
            return
        event.ignore()
        if self._closing or not self._may_close():
            return
        self._closing = True
        self.queue.clear()
        self.memory.geometry = self.saveGeometry()
        self.workspace.jobs.cancel_all()
        self.workspace.close()

    def _may_close(self) -> bool:
        if not self.workspace.busy:
            return True
        job = self.workspace.verbs()[0]
        question = tr("{title} is under way. Stop it and close? {lost}", title=job.title, lost=_lost(job))
        return self.ask.yes(tr("Close"), question, do=tr("Stop and close"), leave=tr("Go on"), until=job.finished)

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

    def _is_for_check(self, paths: Sequence[Path]) -> bool:
        """Whether it can only be a pack: one zip file, where no answers are asked for."""
        away = self.page.key == "library" or self.workspace.session is None
        return away and len(paths) == 1 and paths[0].suffix.lower() == ".zip"

    def take_dropped(self, paths: Sequence[Path]) -> None:
        """Open a case; check what was dropped on Packs, or a zip on the library; take in the rest as the page does."""
        cases = [path for path in paths if path.suffix == ".case" and path.is_dir()]
        if cases:
            self.open_case(cases[0])
        elif paths and (self.page.key == "packs" or self._is_for_check(paths)):
            self.go("packs")
            self.at.packs.verify_path(paths[0])
        elif paths and self.page.key == "documents" and self.workspace.writable:
            self.at.documents.add_paths(paths)
        elif paths and self.workspace.writable:
            self.go("corpora")
            self.at.corpora.import_paths(paths)
        elif paths:
            self.trouble.inform(tr("No case is open"), tr("Make or open a case first, then drop the files again."))


def _lost(job: Job) -> str:
    """What a stop loses, and what it does not."""
    stays = tr(
        "What an import took in of the file under way is dropped, the file stays in the case; an examination goes on "
        "next time."
    )
    return f"{stays} {job.at_stake}".rstrip()


def _read_index(session: object) -> CaseIndex:
    from workbench.app.desk.index import read_index
    from workbench.app.session import Session

    assert isinstance(session, Session)
    return read_index(session)

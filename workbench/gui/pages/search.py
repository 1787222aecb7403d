"""The search: where words stand in answers or prompts, and each answer beside the bytes that it came from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from workbench.core.errors import UsageError, WorkbenchError
from workbench.core.fulltext import Query, parse
from workbench.core.model import Change
from workbench.core.text import one_line
from workbench.gui.answer_view import AnswerSeen, AnswerView, read_answer
from workbench.gui.error_dialog import words
from workbench.gui.pages.base import Desk, Page, body, button_for
from workbench.gui.tables import TableView, table_of
from workbench.gui.widgets import EmptyState, button, heading, label, quiet

if TYPE_CHECKING:
    from workbench.app.search import FoundPage, SearchHit
    from workbench.app.session import Session

PAGE = 50
_BEFORE = 24
"""Characters before a hit that the list shows, so that the hit itself is seen."""

_COLUMNS = (
    ("answer", "integer", "Answer"),
    ("corpus", "text", "Corpus"),
    ("found", "text", "Found"),
    ("prompt", "text", "Prompt"),
    ("others", "integer", "More answers"),
    ("source", "text", "File"),
    ("place", "text", "Place"),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A search: the words as typed, where, in which corpora (none for all), and after which hit it goes on."""

    words: str
    in_prompts: bool
    corpora: tuple[str, ...]
    after: int = 0


@dataclass(frozen=True, slots=True)
class _Unindexed:
    """The index lacks answers, and this case may be written."""


class SearchPage(Page):
    """Searches words, phrases and beginnings; shows each hit in its source."""

    key = "search"
    title = "Search"
    help = (
        "Type words that must all be there, “a phrase” in quotes, or a beginning such as distil*. Case and accents "
        "make no difference; Chinese, Japanese and Thai are found by any stretch of characters. Tick corpora to "
        "search in these alone. A hit is shown with its place in the file, the answer beside the bytes that it came "
        "from; what has the form of a secret is masked in both. Ctrl+F comes here from any page."
    )
    watches = frozenset({Change.CORPORA})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._asked: Asked | None = None
        self._query: Query | None = None
        self._hits: list[SearchHit] = []
        self._next: int | None = None
        self._turns = 0
        self.come = self.verb(
            "&Find in the answers…", lambda: desk.go(self.key), self._open, keys="Ctrl+F", tip="Search the case"
        )
        self.more = self.verb("Show &more", self._more, lambda: self._next is not None, tip="Show the next hits")
        to_corpora = button("Go to &Corpora", lambda: desk.go("corpora"), tip="Show the page Corpora")
        self.none = self.face(EmptyState("No case is open", "Make or open a case first (page Case)."))
        self.empty = self.face(EmptyState("Nothing to search yet", "Import answers first.", [to_corpora]))
        self.full = self.face(self._full())

    def _full(self) -> QWidget:
        widget, layout = body()
        layout.addWidget(heading("Search"))
        layout.addLayout(self._bar())
        self.said = label()
        self.said.setAccessibleName("What was found")
        layout.addWidget(self.said)
        self.hits = TableView("Hits", widest=420)
        self.hits.chosen.connect(self._show_answer)
        self.view = AnswerView()
        found = QWidget()
        inner = QVBoxLayout(found)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addWidget(self.hits, 1)
        self.more_button = button_for(self.more)
        inner.addWidget(self.more_button, 0, Qt.AlignmentFlag.AlignLeft)
        results = QSplitter(Qt.Orientation.Vertical)
        results.addWidget(found)
        results.addWidget(self.view)
        results.setSizes([240, 320])
        results.setChildrenCollapsible(False)
        parts = QSplitter(Qt.Orientation.Horizontal)
        parts.addWidget(self._corpora_list())
        parts.addWidget(results)
        parts.setSizes([230, 810])
        parts.setStretchFactor(1, 1)
        parts.setChildrenCollapsible(False)
        layout.addWidget(parts, 1)
        return widget

    def _bar(self) -> QHBoxLayout:
        self.words = QLineEdit()
        self.words.setAccessibleName("Words to search for")
        self.words.setPlaceholderText('words, "a phrase", or a beginning such as distil*')
        self.words.returnPressed.connect(self.search)
        self.where = QComboBox()
        self.where.setAccessibleName("Where to search")
        self.where.addItem("in answers", False)
        self.where.addItem("in prompts", True)
        self.where.currentIndexChanged.connect(self._again)
        title = QLabel("&Words")
        title.setBuddy(self.words)
        bar = QHBoxLayout()
        bar.addWidget(title)
        bar.addWidget(self.words, 1)
        bar.addWidget(self.where)
        bar.addWidget(button("&Search", self.search, tip="Search (Return)"))
        return bar

    def _corpora_list(self) -> QWidget:
        side = QWidget()
        layout = QVBoxLayout(side)
        layout.setContentsMargins(0, 0, 0, 0)
        self.corpora = QListWidget()
        self.corpora.setAccessibleName("Corpora to search in")
        self.corpora.itemChanged.connect(lambda item: self._again())
        layout.addWidget(quiet("Only in the ticked corpora; in all, where none is ticked"))
        layout.addWidget(self.corpora, 1)
        return side

    # Reading

    def forget(self) -> None:
        """Drop what belongs to the case that was open."""
        self._asked, self._query, self._hits, self._next = None, None, [], None
        self._turns += 1
        self.corpora.clear()
        self.hits.show_table(table_of(_COLUMNS, []))
        self.view.forget()
        self.said.setText("")
        if self.desk.workspace.session is None:
            self.turn(self.none)

    def refresh(self) -> None:
        """Read which corpora there are."""
        self.desk.workspace.read(lambda session: [corpus.name for corpus in session.corpora()], self._show_corpora)

    def _show_corpora(self, names: list[str]) -> None:
        ticked = set(self._ticked())
        self.corpora.blockSignals(True)
        self.corpora.clear()
        for name in names:
            item = QListWidgetItem(one_line(name, 80))
            item.setData(Qt.ItemDataRole.UserRole, name)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if name in ticked else Qt.CheckState.Unchecked)
            self.corpora.addItem(item)
        self.corpora.blockSignals(False)
        self.turn(self.full if names else self.empty)
        self.more_button.setVisible(self._next is not None)
        self.enable()
        self.shown.emit()

    def _ticked(self) -> tuple[str, ...]:
        items = (self.corpora.item(at) for at in range(self.corpora.count()))
        return tuple(
            item.data(Qt.ItemDataRole.UserRole)
            for item in items
            if item is not None and item.checkState() is Qt.CheckState.Checked
        )

    def _open(self) -> bool:
        return self.desk.workspace.session is not None

    def begin(self) -> None:
        """Be ready for the words to search for."""
        self.words.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.words.selectAll()

    # Searching

    def search(self) -> None:
        """Search for the words that were typed, from the first hit on."""
        asked = Asked(self.words.text().strip(), bool(self.where.currentData()), self._ticked())
        try:
            self._query = parse(asked.words)
        except UsageError as error:
            self._say_wrong(error)
            return
        self._asked, self._hits = asked, []
        self._look(asked, may_build=True)

    def _again(self) -> None:
        if self._asked is not None and self.words.text().strip():
            self.search()

    def _more(self) -> None:
        if self._asked is not None and self._next is not None:
            self._look(replace(self._asked, after=self._next), may_build=False)

    def _look(self, asked: Asked, *, may_build: bool) -> None:
        self._turns += 1
        turn = self._turns
        self.said.setText("Searching …")

        def show(found: FoundPage | _Unindexed | WorkbenchError) -> None:
            if turn != self._turns:
                return
            if isinstance(found, _Unindexed):
                self._build(asked)
            elif isinstance(found, WorkbenchError):
                self._say_wrong(found)
            else:
                self._show_hits(found)

        self.desk.workspace.read(lambda session: _found(session, asked, may_build), show)

    def _build(self, asked: Asked) -> None:
        """Bring the index up to date, then search."""
        self.said.setText("The index is brought up to date first …")
        job = self.desk.workspace.do(
            "Indexing the words",
            lambda session, progress: session.build_index(progress),
            lambda added: self._look(asked, may_build=False),
        )
        if job is not None:
            job.cancelled.connect(self._stopped)

    def _stopped(self) -> None:
        self.said.setText("It was stopped: the index is not complete. Search again to go on.")

    def _say_wrong(self, error: WorkbenchError) -> None:
        self._next = None
        self.said.setText(words(error).replace("\n\n", " "))
        self.more_button.setVisible(False)
        self.enable()

    def _show_hits(self, found: FoundPage) -> None:
        fresh = not self._hits
        self._hits += found.hits
        self._next = found.next
        self.hits.show_table(table_of(_COLUMNS, [_cells(hit) for hit in self._hits]))
        if self._hits and fresh:
            self.hits.selectRow(0)
            self._show_answer(self.hits.key())
        if not self._hits:
            self.view.forget()
        self.said.setText(_in_words(len(self._hits), found))
        self.more_button.setVisible(self._next is not None)
        self.enable()

    def _show_answer(self, number: int | None) -> None:
        if number is None:
            return
        query = self._query

        def show(seen: AnswerSeen) -> None:
            if self.hits.key() == number:
                self.view.show_answer(seen, query)

        self.desk.workspace.read(lambda session: read_answer(session, number), show)


def _found(session: Session, asked: Asked, may_build: bool) -> FoundPage | _Unindexed | WorkbenchError:
    from workbench.core.progress import silent

    if may_build and session.writing and session.unindexed():
        return _Unindexed()
    where, after = asked.in_prompts, asked.after
    try:
        return session.search(asked.words, asked.corpora, in_prompts=where, limit=PAGE, after=after, progress=silent)
    except WorkbenchError as error:
        return error


def _cells(hit: SearchHit) -> tuple[object, ...]:
    around = hit.excerpt
    before = around.before if len(around.before) <= _BEFORE else f"…{around.before[-_BEFORE:]}"
    found = f"{before}»{around.hit}«{around.after}" if around.hit else around.after
    return (hit.answer, hit.corpus, one_line(found, 300), hit.prompt, hit.others, hit.source, hit.place)


def _in_words(shown: int, found: FoundPage) -> str:
    said = f"{shown:,} hits" if found.next is None else f"The first {shown:,} hits; there are more"
    missing = f" {found.missing:,} answers are not in the index yet: Examine adds them." if found.missing else ""
    return f"{said}.{missing}" if shown else f"Nothing was found.{missing}"

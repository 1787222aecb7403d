"""Documents: what others wrote about the matter, with a reader in which clauses are quoted by selecting them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QWidget
from typing_extensions import override

from workbench.core.documents import PAGE_END
from workbench.core.model import Change
from workbench.core.text import one_line, visible
from workbench.gui.document_verbs import DocumentVerbs
from workbench.gui.look.theme import Type, theme
from workbench.gui.pages.base import Desk, Page
from workbench.gui.parts.buttons import Kind, button_for
from workbench.gui.parts.dates import moment
from workbench.gui.parts.labels import SECOND, text
from workbench.gui.parts.lists import ItemsModel, RowList, RowPainter, line
from workbench.gui.parts.long_text import show_long
from workbench.gui.parts.panels import BETWEEN, PAGE, Empty, column, heading, holding, row
from workbench.gui.words import count, mark, tr

if TYPE_CHECKING:
    from workbench.app.session import Session
    from workbench.core.documents import Document

_SHOWN = 1_000_000
"""Characters of a document that the reader shows."""

_SIDE = 320
_MARK = "───"


class DocumentsPage(Page):
    """The list at the left, the words of the chosen document at the right."""

    key = "documents"
    title = mark("Documents")
    help = mark(
        "A document is what somebody wrote about the matter: an allegation, a denial, terms with the days on which "
        "they held, a contract, a model card. Drop files here, or add them. Select words and quote them as a clause: "
        "the place is kept, and the report prints it. What is retracted stays in the list, struck. Facts of models may "
        "rest on a document of which a clause is quoted."
    )
    watches = frozenset({Change.DOCUMENTS})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.seen: tuple[Document, ...] = ()
        self._wanted = 0
        self._shown = 0
        self.verbs = DocumentVerbs(desk, self)
        self.adding = self.bind("documents.add", self.verbs.choose, self.in_the_way)
        self.quoting = self.bind("documents.quote", self._quote, self._no_quote)
        self.opening = self.bind("documents.open", lambda: self.verbs.open(self._shown), self._none_chosen)
        self.retracting = self.bind("documents.retract", lambda: self.verbs.retract(self._shown), self._no_retraction)
        self.none = self.face(Empty(tr("No case is open"), tr("Make or open a case first."), icon="document"))
        said = tr("Allegations, denials, terms, contracts and model cards stand here. Drop a file, or add one.")
        first = button_for(self.adding, kind=Kind.PRIMARY, icon="add")
        self.empty = self.face(Empty(tr("No document yet"), said, first, icon="document"))
        self.full = self.face(self._full())

    def _full(self) -> QWidget:
        self.heading, self.beside = heading(tr("Documents"))
        add = button_for(self.adding, kind=Kind.PRIMARY, icon="add")
        self.model: ItemsModel[Document] = ItemsModel(_in_words, self)
        self.list = RowList(tr("Documents"))
        self.list.show_model(self.model, _DocumentRow(58, self.list))
        self.list.setFixedWidth(theme().px(_SIDE))
        self.list.chosen.connect(self._chosen)
        self.named = text("", Type.HEAD)
        self.facts = text("", Type.SECOND, SECOND)
        self.reader = QPlainTextEdit()
        self.reader.setReadOnly(True)
        self.reader.setAccessibleName(tr("Words of the document"))
        self.reader.setFont(theme().font(Type.QUOTE))
        self.reader.selectionChanged.connect(self.enable)
        self.clauses = text("", Type.SECOND, SECOND)
        acts = row(*(button_for(verb) for verb in (self.quoting, self.opening, self.retracting)), 1)
        right = column(self.named, self.facts, acts, self.reader, self.clauses)
        right.setStretchFactor(self.reader, 1)
        both = row(self.list, holding(right), spacing=BETWEEN)
        both.setStretch(1, 1)
        widget = QWidget()
        layout = column(row(self.heading, self.beside, 1, add), both, spacing=BETWEEN, margins=(PAGE, 16, PAGE, 16))
        layout.setStretchFactor(both, 1)
        widget.setLayout(layout)
        return widget

    # Reading

    def forget(self) -> None:
        """Drop the documents of the case that was open."""
        self.seen, self._shown = (), 0
        self.reader.setPlainText("")
        if self.desk.workspace.session is None:
            self.turn(self.none)

    def refresh(self) -> None:
        """Read the list."""
        self.desk.workspace.read(_fetch, self._show)

    def _show(self, found: Sequence[Document]) -> None:
        before = self._wanted or self._shown
        self.seen, self._wanted = tuple(found), 0
        self.model.show(found)
        self.beside.setText(count(len(found), "{n} document", "{n} documents"))
        self.turn(self.full if found else self.empty)
        if found:
            self.list.choose(next((at for at, one in enumerate(found) if one.number == before), 0))
        self.enable()
        self.shown.emit()

    def _chosen(self, at: int) -> None:
        if not 0 <= at < len(self.seen):
            return
        one = self.seen[at]
        said = one.said
        self.named.setText(one_line(said.title, 200))
        self.facts.setText(_facts(one))
        self.clauses.setText("\n".join(_clause(one)))
        self.enable()
        if one.number != self._shown:
            self._shown = one.number
            self.moved.emit(str(one.number))
            self.reader.setPlainText("")
            self.desk.workspace.read(lambda session: session.documents.words(one.number), self._read_words)
        self.enable()

    def _read_words(self, words: str) -> None:
        one = self._current()
        if one is None:
            return
        said = _paged(words[:_SHOWN]) if words else one.text.note or tr("It has no text.")
        more = f"\n{tr('Only the beginning is shown here; a search finds the rest.')}" if len(words) > _SHOWN else ""
        show_long(self.reader, visible(said) + more, 2 * _SHOWN)

    def show_item(self, item: str) -> None:
        """Show a document by its number."""
        self._wanted = int(item) if item.isascii() and item.isdigit() and len(item) < 10 else 0
        at = next((at for at, one in enumerate(self.seen) if one.number == self._wanted), None)
        if at is not None:
            self._wanted = 0
            self.list.choose(at)

    def item(self) -> str:
        """The number of the document that is shown."""
        return str(self._shown) if self._shown else ""

    def panes(self) -> Sequence[QWidget]:
        """List and reader."""
        return (self.list, self.reader)

    def begin(self) -> None:
        """The list has the focus."""
        self.list.setFocus()

    # Doing

    def add_paths(self, paths: Sequence[Path]) -> None:
        """Take in files that were dropped."""
        self.verbs.add(paths)

    def _current(self) -> Document | None:
        return next((one for one in self.seen if one.number == self._shown), None)

    def _none_chosen(self) -> str:
        return self.no_case() or self.busy() or ("" if self._current() else tr("No document is chosen."))

    def _no_retraction(self) -> str:
        one = self._current()
        retracted = tr("It is retracted already.") if one is not None and one.retraction else ""
        return self.in_the_way() or self._none_chosen() or retracted

    def _no_quote(self) -> str:
        no_words = "" if self.reader.textCursor().hasSelection() else tr("Select the words first.")
        return self._no_retraction() or no_words

    def _quote(self) -> None:
        cursor = self.reader.textCursor()
        words, page = selected(cursor, paged=PAGE_MARK in self.reader.toPlainText())
        self.verbs.quote(self._shown, words, page, lambda clause: self.reader.setTextCursor(_let_go(cursor)))


PAGE_MARK = f"{_MARK} page "
"""Begins the line that the reader puts before each page."""


def _paged(words: str) -> str:
    """The words with a line before each page, where the format has pages."""
    if PAGE_END not in words:
        return words
    pages = words.removesuffix(PAGE_END).split(PAGE_END)
    return "\n".join(f"{PAGE_MARK}{at} {_MARK}\n{page}" for at, page in enumerate(pages, 1))


def selected(cursor: QTextCursor, *, paged: bool) -> tuple[str, int]:
    """The words that are selected, and the page that they stand on; 0 where they span pages or there are none."""
    words = cursor.selectedText().replace("\u2029", "\n")
    kept = "\n".join(one for one in words.split("\n") if not one.startswith(PAGE_MARK))
    before = QTextCursor(cursor)
    before.setPosition(0)
    before.setPosition(cursor.selectionStart(), QTextCursor.MoveMode.KeepAnchor)
    page = before.selectedText().count(PAGE_MARK)
    return kept, page if paged and PAGE_MARK not in words else 0


def _let_go(cursor: QTextCursor) -> QTextCursor:
    cursor.clearSelection()
    return cursor


def _facts(one: Document) -> str:
    said = one.said
    begin, end = said.in_force_from, said.in_force_until
    held = tr("in force {span}", span=f"{begin or '…'} – {end or '…'}") if begin or end else ""
    first = ", ".join(filter(None, (tr(str(said.kind)), said.author, said.date or tr("date unknown"), held)))
    about = tr("About {names}.", names=", ".join(said.about)) if said.about else ""
    kept = tr("{file}, taken in {when} by {who}.", file=one.file.name, when=moment(one.added), who=one.examiner)
    gone = tr("Retracted: {reason}", reason=one.retraction.reason) if one.retraction else ""
    return one_line(" ".join(filter(None, (f"{first}.", about, kept, one.text.note, gone))), 800)


def _clause(one: Document) -> list[str]:
    return [
        f"{tr('Clause {n}', n=clause.number)}, {clause.place.words()}: “{one_line(clause.text, 240)}”"
        for clause in one.standing_clauses
    ]


def _in_words(one: Document) -> str:
    struck = tr("retracted") if one.retraction else ""
    return ", ".join(filter(None, (struck, str(one.said.kind), one.said.title, one.said.date)))


class _DocumentRow(RowPainter):
    """A document in the list: title, kind and date; a retracted one struck."""

    @override
    def paint_item(self, painter: QPainter, rect: QRectF, item: object, *, chosen: bool) -> None:
        from workbench.core.documents import Document

        assert isinstance(item, Document)
        said = item.said
        inner = rect.adjusted(14, 8, -12, -8)
        half = inner.height() / 2
        top = QRectF(inner.left(), inner.top(), inner.width(), half)
        below = QRectF(inner.left(), inner.top() + half, inner.width(), half)
        wide = line(painter, top, one_line(said.title, 120), Type.BODY, "ink3" if item.retraction else "ink1")
        if item.retraction:
            painter.drawLine(int(top.left()), int(top.center().y()), int(top.left() + wide), int(top.center().y()))
        clauses = len(item.standing_clauses)
        quoted = count(clauses, "{n} clause", "{n} clauses") if clauses else ""
        words = " · ".join(
            filter(None, (str(said.kind), said.date or said.in_force_from or tr("date unknown"), quoted))
        )
        line(painter, below, words, Type.SECOND, "ink3")


def _fetch(session: Session) -> tuple[Document, ...]:
    return session.documents.register().all

"""The card of documents on the overview: each with its date and a clause; files are dropped here."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from workbench.core.text import one_line
from workbench.gui.look.theme import Type
from workbench.gui.parts.labels import SECOND, THIRD, LinkLabel, rule, text
from workbench.gui.parts.panels import Card, column, empty, holding, row
from workbench.gui.words import count, tr

if TYPE_CHECKING:
    from workbench.core.documents import Document

_SHOWN = 5


class DocumentsCard(Card):
    """Up to five documents by date. `opened` carries the number of one, `dropped` the files that fell on it."""

    opened = Signal(int)
    dropped = Signal(object)

    def __init__(self) -> None:
        self.adding = LinkLabel(tr("Add…"))
        self.adding.setAccessibleName(tr("Add a document"))
        super().__init__(tr("Documents"), "0", self.adding)
        self.setAcceptDrops(True)
        self.list = QVBoxLayout()
        self.list.setSpacing(6)
        self.add(self.list)
        self.links: list[LinkLabel] = []

    def show_documents(self, found: Sequence[Document]) -> None:
        """Show the first ones, and how many more there are."""
        empty(self.list)
        self.links = []
        self.beside.setText(f"{len(found):,}")
        if not found:
            said = tr("Allegations, denials, terms and model cards stand here. Drop a file, or add one.")
            self.list.addWidget(text(said, Type.SECOND, THIRD))
        for one in found[:_SHOWN]:
            self.list.addWidget(rule())
            self.list.addWidget(self._line(one))
        if len(found) > _SHOWN:
            more = count(len(found) - _SHOWN, "{n} more document", "{n} more documents")
            self.list.addWidget(self._link(more, found[_SHOWN].number))

    def _line(self, one: Document) -> QWidget:
        said = one.said
        kind, title = tr(str(said.kind).capitalize()), one_line(said.title, 60)
        link = self._link(title if title.casefold().startswith(kind.casefold()) else f"{kind}: {title}", one.number)
        when = text(said.date or said.in_force_from or tr("date unknown"), Type.SECOND, SECOND, wrap=False)
        clauses = one.standing_clauses
        words = text(f"“{one_line(clauses[0].text, 120)}”", Type.QUOTE) if clauses else text(
            one_line(said.author, 80) or tr("No clause quoted yet"), Type.SECOND, THIRD
        )  # fmt: skip
        return holding(column(row(link, 1, when), words, spacing=2))

    def _link(self, said: str, number: int) -> LinkLabel:
        made = LinkLabel(said, partial(self.opened.emit, number), Type.BODY)
        made.setAccessibleName(said)
        self.links.append(made)
        return made

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        self.dropped.emit([Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()])
        event.acceptProposedAction()

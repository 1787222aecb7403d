"""Help inside the window: the manual chapter by chapter, what the words mean, and the keys."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QStackedWidget, QTextBrowser, QVBoxLayout, QWidget

from workbench.gui.look.theme import Type, set_type, theme
from workbench.gui.pages.base import Desk, Page
from workbench.gui.parts.buttons import Button
from workbench.gui.parts.filter_field import FilterField
from workbench.gui.parts.labels import THIRD, rule, text, two_tone
from workbench.gui.parts.lists import ItemsModel, RowList, RowPainter, line
from workbench.gui.parts.panels import PAGE, Scroll, column, empty, holding, row
from workbench.gui.words import mark, tr

if TYPE_CHECKING:
    from PySide6.QtCore import QRectF
    from PySide6.QtGui import QPainter

_LIST, _WIDE = 260, 760
_GLOSSARY = "glossary"


class _Painter(RowPainter):
    """A chapter in the list."""

    def paint_item(self, painter: QPainter, rect: QRectF, item: object, *, chosen: bool) -> None:
        """The title of the chapter."""
        room = rect.adjusted(14, 0, -12, 0)
        line(painter, room, str(item), Type.HEAD if chosen else Type.BODY, "ink1")


class HelpPage(Page):
    """Shows the manual; the words with a meaning of their own stand in a list that can be filtered."""

    key = "help"
    title = mark("Help")
    help = mark(
        "The manual, what the words mean, and the keys. All of it is on this computer. Type to filter chapters and "
        "words. F1 on any page says what that page is for; Ctrl K and a question mark find a word from anywhere."
    )
    watches = frozenset()

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        from workbench.app.desk.help import chapters, glossary

        self._chapters = {chapter.title: chapter.text for chapter in chapters()}
        self._terms = glossary()
        self._wanted = ""
        self.face(self._full())
        theme().changed.connect(self._show_chosen)
        self._filter("")
        self.list.choose(0)

    def _full(self) -> QWidget:
        self.filter = FilterField(tr("Find in the manual"), tr("Find in the manual"))
        self.filter.textChanged.connect(self._filter)
        self.list = RowList(tr("Chapters"))
        self.rows: ItemsModel[str] = ItemsModel(str)
        self.list.show_model(self.rows, _Painter(34, self.list))
        self.list.chosen.connect(lambda at: self._show_chosen())
        keys = Button(tr("Keyboard shortcuts"), self.desk.actions["help.keys"].trigger, icon="lines")
        pane = QFrame()
        pane.setObjectName("pane")
        pane.setFixedWidth(theme().px(_LIST))
        top = QWidget()
        top.setLayout(column(text(tr("Help"), Type.PANE), self.filter, spacing=9, margins=(12, 14, 12, 10)))
        foot = QWidget()
        foot.setLayout(row(keys, 1))
        inner = foot.layout()
        if inner is not None:
            inner.setContentsMargins(12, 9, 12, 9)
        whole = column(top, rule(), self.list, rule(), foot, spacing=0)
        whole.setStretchFactor(self.list, 1)
        pane.setLayout(whole)
        self.reader = QTextBrowser()
        self.reader.setObjectName("bare")
        self.reader.setOpenLinks(False)
        self.reader.setAccessibleName(tr("The chapter"))
        set_type(self.reader, Type.BODY)
        self.words = QVBoxLayout()
        self.words.setSpacing(12)
        inside = QWidget()
        inside.setMaximumWidth(theme().px(_WIDE))
        title = text(tr("What the words mean"), Type.TITLE)
        inside.setLayout(column(title, self.words, 1, spacing=16, margins=(PAGE, 18, PAGE, 18)))
        self.views = QStackedWidget()
        self.reader.setMaximumWidth(theme().px(_WIDE))
        self.views.addWidget(holding(row(self.reader, 0)))
        self.views.addWidget(Scroll(inside))
        widget = QWidget()
        layout = QHBoxLayout(widget)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(pane)
        layout.addWidget(self.views, 1)
        return widget

    def refresh(self) -> None:
        """Nothing of it changes."""
        self.shown.emit()

    def panes(self) -> Sequence[QWidget]:
        """Filter, chapters, what is read."""
        return (self.filter, self.list, self.views)

    def filter_field(self) -> QLineEdit:
        """The field that finds chapters and words."""
        return self.filter

    def item(self) -> str:
        """The chapter that is shown."""
        return self._chosen()

    def show_item(self, item: str) -> None:
        """Show a chapter by its title; `glossary:word` shows what a word means."""
        name, _, word = item.partition(":")
        self.filter.setText(word if name == _GLOSSARY else "")
        titles = list(self.rows.items)
        wanted = tr("What the words mean") if name == _GLOSSARY else name
        if wanted in titles:
            self.list.choose(titles.index(wanted))
        self._show_chosen()

    def begin(self) -> None:
        """Arrows walk through the chapters."""
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _chosen(self) -> str:
        at = self.list.currentIndex().row()
        return self.rows.items[at] if 0 <= at < len(self.rows.items) else ""

    def _filter(self, typed: str) -> None:
        before, said = self._chosen(), typed.casefold().strip()
        kept = [title for title, body in self._chapters.items() if said in title.casefold() or said in body.casefold()]
        self.rows.show([tr("What the words mean"), *kept])
        self.list.choose(self.rows.items.index(before) if before in self.rows.items else 0)
        self._show_terms(said)

    def _show_terms(self, said: str) -> None:
        empty(self.words)
        kept = [t for t in self._terms if said in t.word.casefold() or said in t.meaning.casefold()]
        for term in kept:
            self.words.addWidget(two_tone(term.word, term.meaning))
        if not kept:
            self.words.addWidget(text(tr("No word holds that."), Type.BODY, THIRD))

    def _show_chosen(self) -> None:
        name = self._chosen()
        body = self._chapters.get(name)
        self.views.setCurrentIndex(0 if body is not None else 1)
        if body is not None:
            look = theme().tokens
            self.reader.document().setDefaultStyleSheet(f"a {{ color: {look.accent_ink}; }}")
            self.reader.document().setDocumentMargin(theme().px(PAGE))
            self.reader.setMarkdown(f"# {name}\n\n{body}")
        if name:
            self.moved.emit(name)

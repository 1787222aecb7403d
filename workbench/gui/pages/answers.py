"""The answers: searched, counted by corpus, read prompt by prompt side by side, down to their bytes."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QSplitter, QWidget

from workbench.app.desk.answers import FLAGS, PAGE, Asked, Beside, Hits, Row, Side
from workbench.core.errors import UsageError, WorkbenchError
from workbench.core.exhibits import Mark
from workbench.core.fulltext import parse
from workbench.core.model import Change
from workbench.core.progress import Progress
from workbench.core.text import begun
from workbench.gui.error_dialog import words as said_of
from workbench.gui.exhibit_verbs import ExhibitVerbs
from workbench.gui.look.theme import Type, theme
from workbench.gui.pages.answers_parts.fetching import (
    all_numbers,
    alone_of,
    bytes_of,
    first_answered,
    first_rows,
    hits_counted,
    marks_of,
    prompt_of,
    prompts_found,
    rows_of_window,
    side_by_side,
    whos_and_prompts,
    written_elsewhere,
)
from workbench.gui.pages.answers_parts.hits import AnswerRow, AnswersModel, Bars
from workbench.gui.pages.answers_parts.narrowing import ROLES, Narrowing
from workbench.gui.pages.answers_parts.passages import Passages
from workbench.gui.pages.answers_parts.raw import RawDrawer
from workbench.gui.pages.base import Desk, Page
from workbench.gui.parts.buttons import Button, Kind, Segmented, button_for
from workbench.gui.parts.filter_field import FilterField
from workbench.gui.parts.labels import BAD, SECOND, THIRD, set_tone, text
from workbench.gui.parts.lists import RowList
from workbench.gui.parts.panels import Empty, Flow, column, row, rule
from workbench.gui.parts.reader import Reader
from workbench.gui.words import count, mark, tr

if TYPE_CHECKING:
    from workbench.app.desk.answers import Raw, Who
    from workbench.app.session import Session

_LIST = 340
_PAUSE = 220
_ASKED, _TIP = 600, 2000
"""Characters of a prompt that stand above the answers, and in the tip: a label that breaks more lines is slow."""
ANSWERS, PROMPTS = "answers", "prompts"
_BY_NAME = ("prompt:", "compare:", "answer:")


class AnswersPage(Page):
    """Searches words, phrases and beginnings; compares answers; shows each beside the bytes that it came from."""

    key = "answers"
    title = mark("Answers")
    help = mark(
        "Type words that must all be there, “a phrase” in quotes, or a beginning such as distil*. Case and accents "
        "make no difference; Chinese, Japanese and Thai are found by any stretch of characters. Bars count all hits; a "
        "click on one looks in it alone. What two answers share is marked: a filled mark with a thick line stands in "
        "no control, a dashed one in up to a quarter of them, a dotted one in more. Ctrl E makes an exhibit of the "
        "words that are selected, or of the pair. M marks an answer and L says that you looked at it, each in a line "
        "of the ledger. Secrets are masked everywhere."
    )
    watches = frozenset({Change.CORPORA})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._asked = Asked()
        self._turn = 0
        self._prompts: tuple[int, ...] = ()
        self._whos: dict[str, Who] = {}
        self._beside: Beside | None = None
        self._columns: tuple[str, ...] = ()
        self._number = 0
        self._item = ""
        self._pending = ""
        self.come = self.bind("answers.find", self._come, self.no_case)
        self.before = self.bind("answers.before", partial(self._step, -1), self._no_prompt)
        self.after = self.bind("answers.after", partial(self._step, 1), self._no_prompt)
        self.bytes = self.bind("answers.raw", self._toggle_raw, self._no_prompt)
        self.verbs = ExhibitVerbs(desk)
        self.bind("answers.mark", partial(self._mark, Mark.MARKED), self._no_mark)
        self.bind("answers.looked_at", partial(self._mark, Mark.LOOKED_AT), self._no_mark)
        desk.workspace.changed.connect(self._marks_changed)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE)
        self._timer.timeout.connect(self._typed_enough)
        self.none = self.face(Empty(tr("No case is open"), tr("Make or open a case first."), icon="answer"))
        to_corpora = Button(tr("Go to Corpora"), lambda: desk.go("corpora"), kind=Kind.PRIMARY)
        self.empty = self.face(Empty(tr("Nothing to read yet"), tr("Import answers first."), to_corpora, icon="answer"))
        self.full = self.face(self._full())

    # Building

    def _full(self) -> QWidget:
        parts = QSplitter(Qt.Orientation.Horizontal)
        parts.addWidget(self._left())
        parts.addWidget(self._right())
        parts.setSizes([theme().px(_LIST), 900])
        parts.setStretchFactor(0, 0)
        parts.setStretchFactor(1, 1)
        parts.setHandleWidth(1)
        parts.setChildrenCollapsible(False)
        return parts

    def _left(self) -> QWidget:
        pane = QFrame()
        pane.setObjectName("pane")
        pane.setMinimumWidth(theme().px(230))
        keys = self.desk.actions.keys_of("answers.find")
        self.words = FilterField(tr("Words to search for"), tr('words, "a phrase", or distil*'), keys)
        self.words.typed.connect(lambda said: self._timer.start())
        self.words.returnPressed.connect(self.search)
        self.words.left.connect(self._to_list)
        self.where = Segmented(tr("Where to search"), [(ANSWERS, tr("Answers")), (PROMPTS, tr("Prompts"))])
        self.where.chosen.connect(lambda key: self.search())
        self.narrowing = Narrowing()
        self.narrowing.asked.connect(self._ask)
        self.said = text("", Type.SECOND, "", name=tr("What was found"))
        self.spent = text("", Type.SECOND, THIRD, wrap=False)
        self.bars = Bars()
        self.bars.chosen.connect(self.narrowing.toggle_corpus)
        self.remark = text("", Type.SECOND, THIRD)
        self.list = RowList(tr("Answers"))
        self.rows = AnswersModel()
        self.rows.wanted.connect(self._read_window)
        self.list.show_model(self.rows, AnswerRow(self.list, self.rows))
        self.list.chosen.connect(self._chosen)
        self.list.opened.connect(lambda at: self.reader.focus_column(0))
        # They break into lines: in another language, or in larger letters, they are wider than the pane.
        tools = Flow(spacing=6)
        for tool in (self.where, self.narrowing.roles, self.narrowing.flags):
            tools.addWidget(tool)
        counts = row(self.said, self.spent)
        counts.setStretchFactor(self.said, 1)
        top = column(self.words, tools, row(self.narrowing.only, 1), counts, self.bars, self.remark, spacing=7)
        top.setContentsMargins(13, 13, 13, 8)
        head = QWidget()
        head.setLayout(top)
        whole = column(head, rule(), self.list, spacing=0)
        whole.setStretchFactor(self.list, 1)
        pane.setLayout(whole)
        return pane

    def _right(self) -> QWidget:
        self.place = text("", Type.SECOND, SECOND, wrap=False)
        self.asked = text("", Type.OBJECT, name=tr("The prompt"))
        self.asked.setMaximumHeight(theme().px(66))
        up = Button("", partial(self._step, -1), icon="up", name=tr("Prompt before (Alt ↑)"))
        down = Button("", partial(self._step, 1), icon="down", name=tr("Prompt after (Alt ↓)"))
        self.add = Button(tr("Add a column"), icon="add", name=tr("Add a column"))
        self.add.clicked.connect(self._column_menu)
        exhibit = button_for(self.desk.actions["exhibit.make"], icon="bookmark", kind=Kind.PRIMARY)
        head = QFrame()
        head.setObjectName("header")
        said = column(self.place, self.asked, spacing=0)
        line = QHBoxLayout(head)
        line.setContentsMargins(16, 10, 16, 10)
        line.setSpacing(8)
        line.addLayout(said, 1)
        for button in (up, down, self.add, exhibit):
            line.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        self.reader = Reader()
        self.reader.columns_changed.connect(self._show_columns)
        self.reader.sampled.connect(self._show_sample)
        self.passages = Passages()
        self.passages.chosen.connect(self.reader.to_passage)
        self.passages.searched.connect(lambda words: self.search_for(f'"{words}"'))
        self.raw = RawDrawer()
        self.raw.toggled.connect(lambda open_: self._read_raw())
        reading = QWidget()
        reading.setObjectName("surface")
        whole = column(head, self.reader, rule(), self.passages, rule(), self.raw, spacing=0)
        whole.setStretchFactor(self.reader, 1)
        reading.setLayout(whole)
        return reading

    # Reading

    def forget(self) -> None:
        """Drop what belongs to the case that was open."""
        self._asked, self._beside, self._columns, self._number = Asked(), None, (), 0
        self._prompts, self._whos, self._item, self._pending = (), {}, "", ""
        self._turn += 1
        self.words.blockSignals(True)
        self.words.clear()
        self.words.blockSignals(False)
        self.rows.show_numbers(array("q"))
        if self.desk.workspace.session is None:
            self.turn(self.none)

    def refresh(self) -> None:
        """Read who is there and which prompts; then list and show what was wanted."""
        self.desk.workspace.read(whos_and_prompts, self._show)
        self.desk.workspace.read(marks_of, self.rows.show_marks)

    def _show(self, seen: tuple[dict[str, Who], tuple[int, ...]]) -> None:
        self._whos, self._prompts = seen
        self.narrowing.know(who.role for who in self._whos.values())
        self.turn(self.full if self._whos else self.empty)
        pending, self._pending = self._pending, ""
        if pending:
            self.show_item(pending)
            if self._item.startswith(_BY_NAME):
                self._ask(self._asked)
        elif self._whos:
            self.search()
        self.enable()
        self.shown.emit()

    def item(self) -> str:
        """What is shown: the search, or the prompt with its columns."""
        return self._item

    def show_item(self, item: str) -> None:
        """Show what is wanted by its name.

        `find:WORDS`, `of:CORPUS`, `flag:CORPUS|FLAG`, `compare:A|B|C`, `prompt:KEY|CORPUS`, `answer:NUMBER`.
        """
        if not self._whos:
            self._pending = item
            return
        self._item = item
        kind, _, rest = item.partition(":")
        parts = rest.split("|")
        if kind == "find":
            self._say_words(rest if " " not in rest or '"' in rest else f'"{rest}"')
            self._ask(replace(Asked(), words=self.words.text()))
        elif kind == "of":
            self._say_words("")
            self._ask(Asked(corpora=tuple(name for name in parts if name in self._whos)))
        elif kind == "flag":
            self._say_words("")
            self._ask(Asked(corpora=(parts[0],), flag=parts[-1] if parts[-1] in FLAGS else ""))
        elif kind == "compare":
            self._columns = tuple(name for name in parts if name in self._whos)[:6]
            self._compare()
        elif kind == "prompt" and parts[0].isdecimal():
            self._columns = ()
            self._read_prompt(int(parts[0]), own=parts[1] if len(parts) > 1 else "")
        elif kind == "answer" and parts[0].isdecimal():
            self._read_answer(int(parts[0]))

    def begin(self) -> None:
        """Be ready for the words to search for."""
        if not self._item or self._item.startswith(("find:", "of:", "flag:")):
            self.words.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.words.selectAll()

    def filter_field(self) -> FilterField:
        """The field of the search."""
        return self.words

    def panes(self) -> Sequence[QWidget]:
        """Search, list, columns, passages."""
        first = self.reader.columns[0].text if self.reader.columns else self.reader
        return (self.words, self.bars, self.list, first, self.passages.view)

    def press_letter(self, letter: str) -> bool:
        """J and K walk through the hits, 1 to 6 go to a column, C chooses columns."""
        if letter in "JK":
            self.list.choose(min(max(0, self.list.currentIndex().row() + (1 if letter == "J" else -1)), self._last()))
            return True
        if letter in "123456":
            return self.reader.focus_column(int(letter) - 1)
        if letter == "C":
            self._column_menu()
            return True
        if letter == "B":
            self.raw.toggle()
            return True
        return False

    def _last(self) -> int:
        return self.rows.rowCount() - 1

    def _to_list(self) -> None:
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _come(self) -> None:
        self._item = ""
        self.desk.go(self.key)
        self.words.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.words.selectAll()

    # Searching

    def search_for(self, words: str) -> None:
        """Search for words as if they had been typed."""
        self._say_words(words)
        self.search()

    def _say_words(self, words: str) -> None:
        self.words.blockSignals(True)
        self.words.setText(words)
        self.words.blockSignals(False)

    def _typed_enough(self) -> None:
        if self._whos:
            self.search()

    def search(self) -> None:
        """List what is asked for now."""
        self._timer.stop()
        in_prompts = self.where.key() == PROMPTS
        words = self.words.text().strip()
        self._item = f"find:{words}" if words else ""
        self._ask(replace(self._asked, words=words, in_prompts=in_prompts))

    def _ask(self, asked: Asked) -> None:
        self._asked = asked
        self._turn += 1
        self.narrowing.follow(asked)
        try:
            if asked.words:
                parse(asked.words)
        except UsageError as error:
            self._say_wrong(error)
            return
        self.said.setText(tr("Counting …"))
        set_tone(self.said, "")
        turn = self._turn
        if asked.in_prompts and asked.words:
            self.desk.workspace.read(lambda session: prompts_found(session, asked), partial(self._show_prompts, turn))
            return
        self.desk.workspace.read(lambda session: first_rows(session, asked), partial(self._show_first, turn))
        self.desk.workspace.read(lambda session: hits_counted(session, asked), partial(self._show_hits, turn))

    def _show_first(self, turn: int, found: tuple[array[int], list[Row]] | WorkbenchError) -> None:
        if turn != self._turn or isinstance(found, WorkbenchError):
            return
        numbers, rows = found
        self.rows.show_numbers(numbers, rows)
        self._choose_first()
        asked = self._asked
        if len(numbers) >= PAGE:
            self.desk.workspace.read(lambda session: all_numbers(session, asked), partial(self._show_all, turn))

    def _choose_first(self) -> None:
        """Show the first hit, unless a prompt was asked for by name."""
        if not self.rows.rowCount():
            return
        at = self.rows.place_of(self._number)
        by_name = self._item.startswith(_BY_NAME)
        if at >= 0:
            self.list.choose(at)
        elif not by_name or self._beside is None:
            self.list.choose(0)

    def _show_all(self, turn: int, numbers: array[int]) -> None:
        if turn == self._turn:
            self.rows.extend(numbers)

    def _show_prompts(self, turn: int, found: list[Row] | WorkbenchError) -> None:
        if turn != self._turn:
            return
        if isinstance(found, WorkbenchError):
            self._say_wrong(found)
            return
        self.rows.show_rows(found)
        self.bars.setVisible(False)
        self.remark.setVisible(False)
        self.spent.setText("")
        many = (
            tr("The first {n} prompts", n=PAGE)
            if len(found) == PAGE
            else count(len(found), "{n} prompt", "{n} prompts")
        )
        self.said.setText(many if found else tr("No prompt holds these words."))
        self._choose_first()

    def _show_hits(self, turn: int, found: Hits | WorkbenchError) -> None:
        if turn != self._turn:
            return
        if isinstance(found, WorkbenchError):
            self._say_wrong(found)
            return
        if found.missing and self.desk.workspace.writable and not self.desk.workspace.busy:
            self._build(found.asked)
            return
        searched = bool(found.asked.words or found.asked.flag)
        only = found.asked.corpora[0] if len(found.asked.corpora) == 1 else ""
        self.bars.show_counts(found.counts, only)
        self.bars.setVisible(searched and bool(found.counts))
        self.remark.setText(tr(found.remark) if found.remark else "")
        self.remark.setVisible(bool(found.remark))
        self.said.setText(_in_words(found))
        self.spent.setText(_spent(found.seconds) if searched else "")

    def _say_wrong(self, error: WorkbenchError) -> None:
        self.said.setText(said_of(error).replace("\n\n", " "))
        set_tone(self.said, BAD)
        self.rows.show_numbers(array("q"))
        self.bars.setVisible(False)
        self.remark.setVisible(False)
        self.spent.setText("")

    def _build(self, asked: Asked) -> None:
        """Bring the index up to date, then count again."""
        self.said.setText(tr("The index is brought up to date first …"))

        def work(session: Session, progress: Progress) -> int:
            return session.build_index(progress)

        job = self.desk.workspace.do(tr("Indexing the words"), work, lambda added: self._ask(asked))
        if job is not None:
            job.cancelled.connect(
                lambda: self.said.setText(tr("It was stopped: the index is not complete. Search again to go on."))
            )

    def _read_window(self, window: int, numbers: Sequence[int]) -> None:
        asked, turn = self._asked, self._turn

        def show(rows: list[Row]) -> None:
            if turn == self._turn:
                self.rows.take(window, rows)

        self.desk.workspace.read(lambda session: rows_of_window(session, asked, list(numbers)), show)

    # Side by side

    def _chosen(self, at: int) -> None:
        found = self.rows.row(at)
        if found is None:
            self.rows.dataChanged.connect(self._chosen_late, Qt.ConnectionType.SingleShotConnection)
            return
        if found.number == self._number and self._beside is not None:
            return
        if found.number:
            self._number = found.number
            self._read_prompt(found.prompt, number=found.number)
        else:
            self._number = 0
            self._read_prompt(found.prompt)

    def _chosen_late(self) -> None:
        at = self.list.currentIndex().row()
        if self.rows.row(at) is not None:
            self._chosen(at)

    def _compare(self) -> None:
        """Go to the first prompt that all columns answered, or stay at the one that is shown."""
        wanted = self._columns
        if self._beside is not None:
            self._read_prompt(self._beside.prompt)
            return
        self.desk.workspace.read(lambda session: first_answered(session, wanted), self._read_prompt)

    def _read_answer(self, number: int) -> None:
        self._number = number
        self.desk.workspace.read(lambda session: prompt_of(session, number), lambda key: self._read_prompt(key, number))

    def _read_prompt(self, prompt: int, number: int = 0, own: str = "") -> None:
        if not prompt:
            self._show_alone(number)
            return
        wanted, prompts = self._columns, self._prompts

        def show(found: Beside) -> None:
            self._show_beside(found)

        self.desk.workspace.read(lambda session: side_by_side(session, prompt, wanted, number, own, prompts), show)

    def _show_alone(self, number: int) -> None:
        """An answer whose prompt is not known stands by itself."""
        if number:
            self.desk.workspace.read(lambda session: alone_of(session, number), self._show_beside)

    def _show_beside(self, found: Beside) -> None:
        self._beside = found
        if found.prompt:
            self.place.setText(tr("Prompt {n} of {all}", n=f"{found.place:,}", all=f"{found.prompts:,}"))
        else:
            self.place.setText(tr("Its prompt is not known"))
        self.asked.setText(begun(found.asked, _ASKED))
        self.asked.setToolTip(begun(found.asked, _TIP))
        others = [(who.name, who.role) for who in self._whos.values()]
        self.reader.show_sides(found.sides, found.passages, self._asked.words, others)
        self.passages.show_passages(found.passages, found.compared, len(found.sides))
        for at, part in enumerate(self.reader.columns):
            part.text.cursorPositionChanged.connect(partial(self._focused, at))
        own = [side.number for side in found.sides]
        if self._number not in own:
            self._number = next((number for number in own if number), 0)
        self._read_raw()
        self._read_elsewhere(found)
        if self._item.startswith(_BY_NAME) and found.prompt:
            self._item = f"prompt:{found.prompt}"
            self.moved.emit(self._item)
        self.enable()

    def _focused(self, at: int) -> None:
        number = self.reader.columns[at].side.number
        if number and number != self._number and self.reader.columns[at].text.hasFocus():
            self._number = number
            self._read_raw()

    def _read_raw(self) -> None:
        number = self._number
        if not number:
            return

        def show(raw: Raw) -> None:
            if raw.number == self._number:
                self.raw.show_raw(raw)

        self.desk.workspace.read(lambda session: bytes_of(session, number), show)

    def _read_elsewhere(self, found: Beside) -> None:
        rare = [passage for passage in found.passages if passage.number][:4]
        if not rare:
            return

        def show(numbers: list[tuple[str, int]]) -> None:
            if self._beside is found:
                for words, number in numbers:
                    self.passages.show_elsewhere(words, number)

        self.desk.workspace.read(lambda session: written_elsewhere(session, rare, found.prompt), show)

    def _show_columns(self, names: Sequence[str]) -> None:
        self._columns = tuple(names)
        if self._beside is not None:
            self._read_prompt(self._beside.prompt)

    def _show_sample(self, number: int) -> None:
        self._number = number
        if self._beside is not None:
            self._read_prompt(self._beside.prompt, number=number)

    def _column_menu(self) -> None:
        shown = [side.who.name for side in self._beside.sides] if self._beside else []
        menu = QMenu(self)
        if self._columns:
            menu.addAction(tr("Suspect, nearest source, nearest control"), partial(self._show_columns, ()))
            menu.addSeparator()
        full = len(shown) >= 6
        for who in sorted(self._whos.values(), key=lambda w: (_order(w.role), w.name)):
            action = menu.addAction(f"{who.name}  ({tr(who.role)})".replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(who.name in shown)
            action.setEnabled(who.name in shown or not full)
            wanted = [n for n in shown if n != who.name] if who.name in shown else [*shown, who.name]
            action.triggered.connect(partial(self._show_columns, wanted))
        menu.popup(self.add.mapToGlobal(self.add.rect().bottomLeft()))

    def _step(self, step: int) -> None:
        """The prompt before or after; the columns stay."""
        if self._beside is None or not self._prompts:
            return
        at = self._prompts.index(self._beside.prompt) if self._beside.prompt in self._prompts else -1
        if 0 <= at + step < len(self._prompts):
            self._columns = tuple(side.who.name for side in self._beside.sides)
            self._item = f"prompt:{self._prompts[at + step]}"
            self._read_prompt(self._prompts[at + step])

    # Exhibits and marks

    def make_exhibit(self) -> None:
        """Make an exhibit of the words that are selected, or of the two answers that stand first."""
        numbers, passage = self._for_exhibit()
        self.verbs.make_of_answers(numbers, passage)

    def no_exhibit(self) -> str:
        """In the way of it: words, or nothing."""
        return self.in_the_way() or self._no_prompt() or ("" if self._for_exhibit()[0] else tr("Open an answer first."))

    def _for_exhibit(self) -> tuple[list[int], str]:
        """The answers that an exhibit would show, and the words of the first one that it would be about."""
        columns = [column for column in self.reader.columns if column.side.number]
        marked = [column for column in columns if column.text.selected().strip()]
        first = next((column for column in marked if column.text.hasFocus()), marked[0] if marked else None)
        if first is None:
            return [column.side.number for column in columns[:2]], ""
        beside = [column.side.number for column in columns[:2] if column is not first]
        return [first.side.number, *beside[:1]], first.text.selected().strip()

    def _mark(self, mark_: Mark) -> None:
        on = mark_ not in self.rows.marks.get(self._number, frozenset())
        self.verbs.mark(self._number, mark_, on=on)

    def _no_mark(self) -> str:
        return (
            self.verbs.in_the_way_of_marks()
            or self._no_prompt()
            or ("" if self._number else tr("Open an answer first."))
        )

    def _marks_changed(self, changes: frozenset[Change]) -> None:
        if Change.EXHIBITS in changes and self._whos:
            self.desk.workspace.read(marks_of, self.rows.show_marks)

    def _no_prompt(self) -> str:
        here = self.isVisible() and self._beside is not None
        return "" if here else tr("Open an answer first.")

    def _toggle_raw(self) -> None:
        self.raw.toggle()

    def shown_sides(self) -> tuple[Side, ...]:
        """The answers that stand side by side now."""
        return self._beside.sides if self._beside else ()


def _order(role: str) -> int:
    return ROLES.index(role) if role in ROLES else 1


def _in_words(found: Hits) -> str:
    if not found.total:
        if found.asked.flag and not found.asked.words:
            return tr("No answer has this flag.")
        return tr("No answer holds these words.") if found.asked.words else tr("There is nothing to list.")
    total = count(found.total, "{n} answer", "{n} answers")
    here = tr("{total} in {n} of {all} corpora", total=total, n=len(found.counts), all=found.corpora)
    missing = count(found.missing, "{n} answer is not in the index yet.", "{n} answers are not in the index yet.")
    return f"{here}. {missing}" if found.missing else here


def _spent(seconds: float) -> str:
    return tr("{n} ms", n=round(seconds * 1000)) if seconds < 1 else tr("{n} s", n=f"{seconds:.1f}")

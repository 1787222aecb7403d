"""The inspector of the page of corpora: what is known of the chosen one, its story, and stating facts in place."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFormLayout, QFrame, QLineEdit, QStackedLayout, QVBoxLayout, QWidget

from workbench.core.errors import UsageError
from workbench.core.model import SourceModel
from workbench.core.text import one_line
from workbench.gui.dialogs.facts import FactsLines
from workbench.gui.look.theme import Type, theme
from workbench.gui.parts.buttons import Button, Kind
from workbench.gui.parts.chips import DONE, OUTSIDE, PLAIN, WRONG, Chip, role_look
from workbench.gui.parts.dates import clock, day, month, parsed
from workbench.gui.parts.labels import BAD, SECOND, THIRD, LinkLabel, ShortLabel, rule, text
from workbench.gui.parts.panels import Facts, Flow, Note, Scroll, column, empty, holding, row
from workbench.gui.words import count, language, tr

if TYPE_CHECKING:
    from workbench.app.desk.corpora import CorpusRow, Event

WIDE = 300
_FITS = {"fit": DONE, "doubtful": OUTSIDE, "unfit": WRONG}


class Inspector(QFrame):
    """Facts of a corpus, or the form in which they are stated.

    `sibling` carries the name of a control that shall be a sibling; `stated` name, facts, note and reason;
    `flag` the kind of flag whose answers are wanted.
    """

    sibling = Signal(str)
    stated = Signal(str, object, object, str)
    flag = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("inspector")
        self.setMinimumWidth(theme().px(220))
        self._row: CorpusRow | None = None
        self._pages = QStackedLayout(self)
        self._pages.setContentsMargins(0, 0, 0, 0)
        self._facts = QWidget()
        self._body = QVBoxLayout(self._facts)
        self._body.setContentsMargins(16, 14, 16, 14)
        self._body.setSpacing(9)
        self._scroll = Scroll(self._facts, name="inspector")
        self._pages.addWidget(self._scroll)
        self._form: QWidget | None = None
        self.lines: FactsLines | None = None
        self._story = QVBoxLayout()

    # Facts

    def show_corpus(self, row_: CorpusRow | None, *, chosen: int, kin: str) -> None:
        """Show what is known of a corpus; `kin` is the base that it shares with a suspect."""
        same = self._row is not None and row_ is not None and row_.name == self._row.name
        self._row = row_
        if self._form is not None and not same:
            self.close_form()
        empty(self._body)
        if row_ is None:
            self._body.addWidget(text(tr("Choose a corpus: what is known of it stands here."), Type.BODY, THIRD))
            self._body.addStretch(1)
            return
        name = ShortLabel(one_line(row_.name, 80), Type.OBJECT)
        name.setAccessibleName(row_.name)
        beside = text(tr("1 of {n} chosen", n=chosen) if chosen > 1 else "", Type.SECOND, THIRD, wrap=False)
        head = row(name, beside)
        head.setStretchFactor(name, 1)
        self._body.addLayout(head)
        self._body.addWidget(self._chips(row_))
        if kin:
            self._body.addWidget(self._kin(row_.name, kin))
        self._body.addWidget(self._known(row_))
        self._body.addWidget(rule())
        self._body.addWidget(text(tr("How it was collected"), Type.HEAD))
        self._body.addWidget(self._collected(row_))
        self._body.addWidget(rule())
        self._body.addWidget(text(tr("History"), Type.HEAD))
        self._story = column(spacing=4)
        self._body.addLayout(self._story)
        self._body.addWidget(rule())
        self._body.addLayout(
            row(
                text(tr("Seal"), Type.HEAD, wrap=False),
                text(tr("SHA-256 of its answers"), Type.SECOND, THIRD, wrap=False),
                1,
            )
        )
        seal = text(_in_fours(row_.corpus.sha256), Type.CODE_SMALL, SECOND, name=tr("Seal"))
        self._body.addWidget(seal)
        self._body.addStretch(1)

    def _chips(self, row_: CorpusRow) -> QWidget:
        chips = Flow(5)
        role = "late" if row_.late else str(row_.corpus.role)
        said = tr("set aside") if role == "aside" else tr("protected, too late") if role == "late" else tr(role)
        chips.addWidget(Chip(said, role_look(role)))
        if row_.fit:
            chips.addWidget(Chip(tr(row_.fit.capitalize()), _FITS.get(row_.fit, PLAIN)))
        if row_.unjoined:
            chips.addWidget(Chip(tr("{n} without a prompt", n=row_.unjoined), OUTSIDE))
        inside = QWidget()
        inside.setLayout(chips)
        return inside

    def _kin(self, name: str, base: str) -> QWidget:
        note = Note(
            "", tr("It shares its base, {base}, with the suspect. Likeness to that base says nothing.", base=base),
            kind="warn",
        )  # fmt: skip
        link = LinkLabel(tr("Make it a sibling"), partial(self.sibling.emit, name))
        inside = QWidget()
        inside.setLayout(column(note, row(link, 1), spacing=4))
        return inside

    def _known(self, row_: CorpusRow) -> QWidget:
        facts, known = row_.corpus.facts, Facts()
        taught = ", ".join(map(_taught_by, facts.sources))
        if not taught and facts.teacherless:
            taught = tr("people’s answers, says its maker")
        self._fact(known, tr("Maker"), facts.developer)
        self._fact(known, tr("Released"), month(facts.released) if facts.released else None)
        self._fact(known, tr("Base"), facts.base)
        self._fact(known, tr("Family"), facts.family, missing=tr("not stated"))
        self._fact(known, tr("Trained on"), taught or None, missing=tr("not stated"))
        if facts.claimed:
            self._fact(known, tr("Said to be"), facts.claimed)
        if facts.named:
            self._fact(known, tr("Records name"), ", ".join(facts.named))
        answers = tr("{a} accepted, {r} rejected, {d} doubled",
                     a=f"{row_.accepted:,}", r=f"{row_.rejected:,}", d=f"{row_.duplicate:,}")  # fmt: skip
        known.add(tr("Answers"), answers)
        if row_.pairing is not None:
            name = one_line(row_.corpus.facts.paired_by or "", 60)
            known.add(tr("Paired by"), tr("the ids of “{name}”: {counts}", name=name, counts=row_.pairing.words()))
        spoken = ", ".join(f"{language(name)} {number:,}" for name, number in row_.languages[:4]) or tr("not examined")
        known.add(tr("Language"), spoken)
        known.add(tr("Flags"), self._flags(row_))
        if row_.corpus.note:
            known.add(tr("Note"), row_.corpus.note)
        return known

    def _fact(self, into: Facts, name: str, value: str | None, *, missing: str = "") -> None:
        if value:
            into.add(name, one_line(value, 300))
            return
        said = text(missing or tr("unknown"), Type.SECOND, THIRD, wrap=False)
        state = LinkLabel(tr("State…"), self.open_form)
        state.setAccessibleName(tr("State: {name}", name=name))
        line = row(said, state, 1, spacing=5)
        into.add(name, holding(line))

    def _flags(self, row_: CorpusRow) -> QWidget:
        if not row_.examined:
            return text(tr("not examined"), Type.SECOND, THIRD)
        if not row_.flags:
            return text(tr("none"), Type.SECOND)
        flow = Flow(8)
        for name, number in row_.flags.items():
            said = f"{number:,} {tr('look cut' if name == 'cut' else name)}"
            flow.addWidget(LinkLabel(said, partial(self.flag.emit, row_.name, name)))
        inside = QWidget()
        inside.setLayout(flow)
        return inside

    def _collected(self, row_: CorpusRow) -> QWidget:
        facts, known = row_.corpus.facts, Facts()
        who = " ".join(filter(None, (facts.collected, tr("by {who}", who=facts.collector) if facts.collector else "")))
        self._fact(known, tr("Settings"), "; ".join(facts.settings))
        self._fact(known, tr("System prompt"), " | ".join(facts.system_prompts))
        self._fact(known, tr("When, by whom"), who)
        if facts.endpoints:
            self._fact(known, tr("Endpoints"), "; ".join(facts.endpoints))
        if facts.basis:
            self._fact(known, tr("Says who"), facts.basis)
        if facts.documents:
            said = (pair.replace("=", tr(": document ")) for pair in facts.documents)
            self._fact(known, tr("Rests on"), ", ".join(said))
        return known

    def show_story(self, name: str, events: Sequence[Event]) -> None:
        """Show what happened to a corpus, unless another is shown by now."""
        if self._row is None or self._row.name != name:
            return
        empty(self._story)
        days = {day(event.time) for event in events if parsed(event.time)}
        for event in events[:12]:
            when = clock(event.time) if len(days) <= 1 else day(event.time, year=False)
            stamp = text(when, Type.SECOND, THIRD, wrap=False)
            stamp.setFont(theme().figures(Type.SECOND))
            stamp.setToolTip(event.time)
            why = f": “{event.why}”" if event.why else ""
            said = text(f"{tr(event.what)}{why}", Type.SECOND)
            line = row(stamp, said)
            line.setAlignment(stamp, Qt.AlignmentFlag.AlignTop)
            line.setStretchFactor(said, 1)
            self._story.addLayout(line)
        if len(events) > 12:
            self._story.addWidget(text(count(len(events) - 12, "{n} earlier", "{n} earlier"), Type.SECOND, THIRD))

    # Stating

    @property
    def stating(self) -> bool:
        """Whether the form is shown."""
        return self._form is not None

    def open_form(self) -> None:
        """Show the form in which facts are stated."""
        if self._row is None or self._form is not None:
            return
        corpus = self._row.corpus
        inside = QWidget()
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(16, 14, 16, 14)
        layout.setSpacing(8)
        layout.addWidget(text(tr("State facts of {name}", name=corpus.name), Type.OBJECT))
        layout.addWidget(text(tr("What was said before stays in the ledger."), Type.SECOND, THIRD))
        model, answers = _form(), _form()
        self.lines = FactsLines(model, answers, corpus.facts, corpus.name)
        layout.addLayout(model)
        layout.addWidget(text(tr("How it was collected"), Type.HEAD))
        layout.addLayout(answers)
        self.note = QLineEdit(corpus.note)
        self.note.setAccessibleName(tr("Note"))
        self.reason = QLineEdit()
        self.reason.setAccessibleName(tr("Reason"))
        self.reason.setPlaceholderText(tr("Why? It stands in the ledger."))
        last = _form()
        last.addRow(tr("Note"), self.note)
        last.addRow(tr("Reason"), self.reason)
        layout.addLayout(last)
        self.wrong = text("", Type.SECOND, BAD)
        self.wrong.setVisible(False)
        layout.addWidget(self.wrong)
        save = Button(tr("State"), self._state, kind=Kind.PRIMARY, keys="Ctrl ↵")
        layout.addLayout(row(save, Button(tr("Cancel"), self.close_form), 1))
        layout.addStretch(1)
        self._form = Scroll(inside, name="inspector")
        self._pages.addWidget(self._form)
        self._pages.setCurrentWidget(self._form)
        self.lines.lines["developer"].setFocus(Qt.FocusReason.OtherFocusReason)

    def close_form(self) -> None:
        """Show the facts again."""
        if self._form is not None:
            self._pages.removeWidget(self._form)
            self._form.deleteLater()
            self._form, self.lines = None, None
            self._pages.setCurrentWidget(self._scroll)

    def _state(self) -> None:
        if self._row is None or self.lines is None:
            return
        try:
            facts: dict[str, Any] = self.lines.changed()
        except UsageError as error:
            self._say(f"{error.message} {error.hint}".strip())
            return
        note = self.note.text().strip()
        changed = note if note != self._row.corpus.note else None
        if not facts and changed is None:
            self._say(tr("Nothing is changed."))
        elif not self.reason.text().strip():
            self._say(tr("A correction needs a reason."))
            self.reason.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.stated.emit(self._row.name, facts, changed, self.reason.text().strip())
            self.close_form()

    def _say(self, said: str) -> None:
        self.wrong.setText(said)
        self.wrong.setVisible(True)


def _taught_by(source: SourceModel) -> str:
    """A source with how it taught, and the document that says so."""
    said = [source.relation, *(["minor"] if source.minor else [])]
    said += [tr("document {n}", n=source.document)] if source.document else []
    return f"{source.corpus} ({', '.join(said)})"


def _form() -> QFormLayout:
    form = QFormLayout()
    form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
    form.setVerticalSpacing(4)
    return form


def _in_fours(digest: str) -> str:
    """A hash in groups of four, so that people can compare it."""
    return " ".join(digest[at : at + 4] for at in range(0, len(digest), 4))

"""The corpora: whose answers are in the case, in which role, how complete, and how they got there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QVBoxLayout, QWidget
from typing_extensions import override

from workbench.app.importing.files_read_alike import FileGroup, Imported, Looked, importing, look
from workbench.core.model import Change, Role
from workbench.core.progress import Progress
from workbench.gui.dialogs.import_files import ImportDialog, PanelDialog
from workbench.gui.dialogs.import_report import ImportReportDialog
from workbench.gui.error_dialog import in_window
from workbench.gui.look.theme import theme
from workbench.gui.pages.base import Desk, Page
from workbench.gui.pages.corpora_parts.inspector import WIDE, Inspector
from workbench.gui.pages.corpora_parts.selection_bar import ROLES, SelectionBar
from workbench.gui.pages.corpora_parts.table import MIME, CorporaTable
from workbench.gui.parts.buttons import Button, Kind, Segment, Segmented, button_for
from workbench.gui.parts.chips import chip_size, paint_chip, role_look
from workbench.gui.parts.filter_field import FilterField
from workbench.gui.parts.panels import BETWEEN, Card, Empty, Note, empty, heading, row
from workbench.gui.pictures.heat_map import ALIKE, COVERAGE, LENGTH, HeatMap, Legend
from workbench.gui.words import count, mark, tr

if TYPE_CHECKING:
    from workbench.app.desk.corpora import Corpora, CorpusRow, Event
    from workbench.app.desk.coverage import Cell
    from workbench.app.examination.run import ExaminationReport
    from workbench.app.session import Session

    _Wanted = tuple[str, Callable[[Session, Progress], Imported], str]

_PAUSE = 60
TABLE, PICTURE = "table", "picture"


class RoleChip(Segment):
    """How many corpora have a role; a click filters by it, dropped rows take it."""

    dropped = Signal(str, object)

    def __init__(self, role: str) -> None:
        super().__init__("0", role, role=True)
        self.role_name = role
        self.first = self.last = True
        self.setAcceptDrops(True)

    @override
    def sizeHint(self) -> QSize:
        size = chip_size(self.text(), role_look(self.role_name))
        return QSize(size.width(), max(size.height(), theme().px(26)))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setLayoutDirection(self.layoutDirection())
        paint_chip(painter, QRectF(self.rect()), self.text(), role_look(self.role_name))
        if self.isChecked():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme().color(role_look(self.role_name).ink), 1.5))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), self.height() / 2, self.height() / 2)

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasFormat(MIME):
            event.acceptProposedAction()

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        names = bytes(event.mimeData().data(MIME).data()).decode().splitlines()
        event.acceptProposedAction()
        self.dropped.emit(self.role_name, names)


class CorporaPage(Page):
    """Lists the corpora; imports more; gives roles; states what is known of one."""

    key = "corpora"
    title = mark("Corpora")
    help = mark(
        "A corpus is the answers of one model. Import files of answers, or a panel.json that names many; files and "
        "folders can also be dropped here. R gives what is chosen a role, with a reason asked in place; rows can be "
        "dragged on a role above. The picture shows every answer: half a cell looks cut, a cross declined, a hole is "
        "missing. Examine looks at every answer once. Its marks are for a reader: none of them decides anything."
    )
    watches = frozenset({Change.CORPORA, Change.PLAN, Change.FINDINGS})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._seen: Corpora | None = None
        self._wanted = ""
        self.import_ = self.bind("corpora.import", self._choose_files, self.in_the_way)
        self.import_folder = self.bind("corpora.import_folder", self._choose_folder, self.in_the_way)
        self.examine = self.bind("corpora.examine", self._examine, lambda: self.in_the_way() or self._none())
        self.correct = self.bind("corpora.correct", self._state, lambda: self.in_the_way() or self._no_current())
        self.join = self.bind("corpora.join", self._join, lambda: self.in_the_way() or self._joined())
        self._pointing = QTimer(self)
        self._pointing.setSingleShot(True)
        self._pointing.setInterval(_PAUSE)
        self._pointing.timeout.connect(self._read_cell)
        self._cell: tuple[str, int, int] = ("", 0, 0)
        self.none = self.face(Empty(tr("No case is open"), tr("Make or open a case first."), icon="layers"))
        self.empty = self.face(self._nothing_yet())
        self.full = self.face(self._full())

    # Building

    def _nothing_yet(self) -> QWidget:
        return Empty(
            tr("No answers yet"),
            tr(
                "Import the answers of the suspect, of the protected model, and of at least 19 other models to the "
                "same prompts: these are the controls. Drop the files here, or choose them."
            ),
            button_for(self.import_, said=tr("Import files or a panel…"), kind=Kind.PRIMARY, icon="import"),
            button_for(self.import_folder, icon="folder", show_keys=False),
            button_for(self.desk.actions["tools.kit"], icon="case"),
            icon="import",
        )

    def _full(self) -> QWidget:
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(24, 18, 24, 14)
        layout.setSpacing(10)
        title, self.counts = heading(tr("Corpora"))
        head = row(title, self.counts, 1)
        head.addWidget(button_for(self.examine, icon="eye", show_keys=False))
        head.addWidget(button_for(self.import_, kind=Kind.PRIMARY, icon="import"))
        layout.addLayout(head)
        self.notes = QVBoxLayout()
        self.notes.setSpacing(8)
        layout.addLayout(self.notes)
        layout.addLayout(self._tools())
        layout.addWidget(self._views(), 1)
        self.inspector = Inspector()
        self.inspector.sibling.connect(lambda name: self._ask_role([name], "sibling"))
        self.inspector.stated.connect(self._stated)
        self.inspector.flag.connect(lambda name, flag: self.desk.go(f"answers/flag:{name}|{flag}"))
        whole = QSplitter(Qt.Orientation.Horizontal)
        whole.addWidget(page)
        whole.addWidget(self.inspector)
        whole.setStretchFactor(0, 1)
        whole.setStretchFactor(1, 0)
        whole.setChildrenCollapsible(False)
        whole.setHandleWidth(1)
        whole.setSizes([1000, theme().px(WIDE)])
        return whole

    def _tools(self) -> QHBoxLayout:
        self.filter = FilterField(tr("Filter the corpora"), tr("Filter by name, maker, role, flag"), "/")
        self.filter.typed.connect(self._filtered)
        self.filter.left.connect(self._to_table)
        self.chips: dict[str, RoleChip] = {}
        roles = QHBoxLayout()
        roles.setSpacing(5)
        for role, said, _ in ROLES:
            chip = RoleChip(role)
            chip.setToolTip(tr(said))
            chip.clicked.connect(partial(self._filter_role, role))
            chip.dropped.connect(lambda role_, names: self._ask_role(names, role_))
            self.chips[role] = chip
            roles.addWidget(chip)
        self.which = Segmented(
            tr("Table or picture"), [(TABLE, tr("Table"), "lines"), (PICTURE, tr("Picture"), "grid")]
        )
        self.which.chosen.connect(self._turn_view)
        columns = Button("", icon="grid", name=tr("Columns"), tip=tr("Choose the columns"))
        columns.clicked.connect(
            lambda: self.table.column_menu().popup(columns.mapToGlobal(columns.rect().bottomLeft()))
        )
        self.columns = columns
        panel = button_for(self.desk.actions["view.inspector"], icon="panel", name=tr("Inspector"), show_keys=False)
        made = row(self.filter)
        made.setStretchFactor(self.filter, 1)
        made.addLayout(roles)
        made.addSpacing(6)
        for widget in (self.which, columns, panel):
            made.addWidget(widget)
        return made

    def _views(self) -> QWidget:
        self.table = CorporaTable()
        self.table.selected.connect(self._selected)
        self.table.opened.connect(lambda name: self.desk.go(f"answers/of:{name}"))
        self.bar = SelectionBar(self.table)
        self.bar.role_given.connect(self._give_role)
        self.bar.compare.connect(self._compare)
        self.bar.state.connect(self._state)
        self.bar.let_go.connect(self.press_escape)
        self.heat = HeatMap()
        self.heat.pointed.connect(self._pointed)
        self.heat.opened.connect(lambda model, prompt: self.desk.go(f"answers/prompt:{prompt}|{model}"))
        self.heat.row_chosen.connect(lambda name: self.table.choose([name]))
        self.legend = Legend()
        self.view = Segmented(
            tr("What the picture shows"),
            [(COVERAGE, tr("Coverage")), (LENGTH, tr("Length")), (ALIKE, tr("Alike"))],
        )
        self.view.chosen.connect(self.heat.show_view)
        self.picture = Card(tr("Coverage"), "x", self.legend, self.view, margins=(16, 10, 16, 10))
        self.picture.add(self.heat, 1)
        self.split = QSplitter(Qt.Orientation.Vertical)
        self.split.addWidget(self.table)
        self.split.addWidget(self.picture)
        self.split.setHandleWidth(BETWEEN)
        self.split.setChildrenCollapsible(False)
        self.split.setSizes([420, 270])
        self.split.setStretchFactor(0, 3)
        self.split.setStretchFactor(1, 2)
        return self.split

    # Reading

    def forget(self) -> None:
        """Drop the corpora of the case that was open."""
        self._seen = None
        if self.desk.workspace.session is None:
            self.turn(self.none)

    def refresh(self) -> None:
        """Read the corpora with all their counts."""
        self.desk.workspace.read(_fetch, self._show)

    def _show(self, seen: Corpora) -> None:
        chosen, current = self.table.names(), self.table.current()
        self._seen = seen
        answers = sum(r.accepted for r in seen.rows)
        said = count(len(seen.rows), "{n} corpus", "{n} corpora")
        self.counts.setText(f"{said}, {count(answers, '{n} answer', '{n} answers')}")
        for role, chip in self.chips.items():
            number = sum(r.corpus.role == role for r in seen.rows)
            chip.setText(f"{number}")
            chip.setAccessibleName(f"{tr(role)}: {number}")
            chip.setVisible(bool(number) or role in ("suspect", "protected", "control"))
            chip.updateGeometry()
        self.table.rows.show(seen.rows)
        self._show_notes(seen)
        self.heat.show_coverage(seen.coverage)
        self.legend.show_coverage(seen.coverage)
        models = count(len(seen.coverage.rows), "{n} model", "{n} models")
        self.picture.beside.setText(tr("{models} × {n} prompts", models=models, n=f"{len(seen.coverage.prompts):,}"))
        self.filter.complete(_offers(seen))
        self.turn(self.full if seen.rows else self.empty)
        names = {r.name for r in seen.rows}
        wanted, self._wanted = self._wanted, ""
        kept = [name for name in chosen if name in names]
        if seen.rows:
            first = current.name if current and current.name in names else self.table.rows.rows[0].name
            self.table.choose([wanted] if wanted in names else kept or [first], current=wanted or first)
        self.table.fill()
        self.enable()
        self.shown.emit()

    def _show_notes(self, seen: Corpora) -> None:
        empty(self.notes)
        for said in seen.claims[:3]:
            self.notes.addWidget(Note("", said, kind="warn", icon="warning"))
        if seen.held:
            names = ", ".join(f"{h.name}: {h.kinds}" for h in seen.held[:3])
            more = tr(" and {n} more", n=len(seen.held) - 3) if len(seen.held) > 3 else ""
            strong = count(len(seen.held), "{n} file is withheld from packs.", "{n} files are withheld from packs.")
            self.notes.addWidget(Note(strong, f"{names}{more}", kind="warn", icon="warning"))
        if seen.rows and not seen.current:
            strong = tr("Not all is examined.") if seen.examined else tr("Nothing is examined yet.")
            plain = tr("Languages, refusals, cut and doubled answers and secrets are not known until then.")
            button = button_for(self.examine, icon="eye", small=True, show_keys=False)
            self.notes.addWidget(Note(strong, plain, button, icon="eye"))

    # Choosing

    def item(self) -> str:
        """The name of the corpus that the inspector is about."""
        current = self.table.current()
        return current.name if current and len(self.table.names()) == 1 else ""

    def show_item(self, item: str) -> None:
        """Show a corpus by its name; `facts:` and a name opens the form in which its facts are stated."""
        kind, sign, name = item.partition(":")
        wanted = name if sign and kind == "facts" else item
        if self._seen is None:
            self._wanted = wanted
        else:
            if wanted not in [r.name for r in self.table.rows.rows]:
                self.filter.clear()
            self.table.choose([wanted])
        if sign and kind == "facts":
            QTimer.singleShot(0, self, self._state)

    def begin(self) -> None:
        """Arrows walk through the table at once."""
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def filter_field(self) -> FilterField:
        """The filter of the table."""
        return self.filter

    def panes(self) -> Sequence[QWidget]:
        """Filter, table, picture, inspector."""
        return (self.filter, self.table, self.heat, self.inspector)

    def toggle_inspector(self) -> bool:
        """Show or hide the facts at the right."""
        self.inspector.setVisible(not self.inspector.isVisible())
        return True

    def press_letter(self, letter: str) -> bool:
        """R asks for a role, then a letter gives it; C compares."""
        if self.bar.press(letter):
            return True
        if letter == "R" and self.table.names() and not self.in_the_way():
            self.bar.ask_role()
            return True
        if letter == "C" and 2 <= len(self.table.names()) <= 6:
            self._compare()
            return True
        return False

    def press_escape(self) -> bool:
        """The bar first, then what is chosen."""
        if self.bar.isVisible() and self.bar.back():
            return True
        if self.inspector.stating:
            self.inspector.close_form()
            return True
        if len(self.table.names()) > 1:
            current = self.table.current()
            self.table.choose([current.name] if current else [])
            return True
        return False

    def _filtered(self, typed: str) -> None:
        chosen = self.table.names()
        self.table.rows.filter(typed)
        shown = [r.name for r in self.table.rows.rows]
        kept = [name for name in chosen if name in shown]
        self.table.choose(kept or shown[:1])
        for role, chip in self.chips.items():
            chip.setChecked(f"role:{role}" in typed.split())

    def _filter_role(self, role: str) -> None:
        words = [word for word in self.filter.text().split() if not word.startswith("role:")]
        wanted = f"role:{role}"
        if wanted not in self.filter.text().split():
            words.append(wanted)
        self.filter.setText(" ".join(words))

    def _to_table(self) -> None:
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _turn_view(self, view: str) -> None:
        self.table.setVisible(view == TABLE)
        self.heat.mark_rows(self.table.names())

    def _selected(self) -> None:
        names, current = self.table.names(), self.table.current()
        if current is not None and names and current.name not in names:
            shown = {r.name: r for r in self.table.rows.rows}
            current = shown.get(names[0], current)
        if not names:
            current = None
        kin = self._seen.kin.get(current.name, "") if self._seen and current else ""
        self.inspector.show_corpus(current, chosen=len(names), kin=kin)
        self.bar.follow(names, plan_locked=bool(self._seen and self._seen.plan_locked))
        self.heat.mark_rows(names)
        self.enable()
        if current is not None:
            self._read_story(current.name)
        if len(names) == 1:
            self.moved.emit(names[0])

    def _read_story(self, name: str) -> None:
        def show(events: tuple[Event, ...]) -> None:
            self.inspector.show_story(name, events)

        self.desk.workspace.read(lambda session: _story(session, name), show)

    def _pointed(self, model: str, prompt: int, place: int) -> None:
        self._cell = (model, prompt, place)
        self._pointing.start()

    def _read_cell(self) -> None:
        model, prompt, place = self._cell
        self.desk.workspace.read(lambda session: _cell(session, model, prompt, place), self.heat.show_cell)

    # Roles and facts

    def _none(self) -> str:
        return "" if self._seen is not None and self._seen.rows else tr("There are no corpora yet.")

    def _no_current(self) -> str:
        return "" if self._seen is not None and self.table.names() else tr("Choose a corpus first.")

    def _joined(self) -> str:
        current = self.table.current() if self._seen is not None else None
        return "" if current is not None and current.unjoined else tr("All its answers have their prompts.")

    def _ask_role(self, names: Sequence[str], role: str) -> None:
        if not self.in_the_way():
            self.table.choose(list(names))
            self.bar.ask_why(role)

    def _give_role(self, role: str, reason: str) -> None:
        names = self.table.names()
        rows = {r.name: r for r in self.table.rows.rows}
        before = {name: rows[name].corpus.role for name in names if rows[name].corpus.role != role}
        if not before:
            self.desk.say(tr("They have that role already."))
            return
        self._set_roles(dict.fromkeys(before, Role(role)), reason, before)

    def _set_roles(self, wanted: dict[str, Role], reason: str, before: dict[str, Role]) -> None:
        def work(session: Session, progress: Progress) -> int:
            for at, (name, role) in enumerate(wanted.items()):
                progress(at / len(wanted), name)
                session.set_corpus(name, role=role, reason=reason)
            return len(wanted)

        def done(number: int) -> None:
            names = ", ".join(list(wanted)[:2]) + (tr(" and {n} more", n=number - 2) if number > 2 else "")
            role = next(iter(wanted.values()))
            said = tr("set aside") if role is Role.ASIDE else tr(str(role))
            words = tr("{names}: {role} now.", names=names, role=said)
            self.desk.say(
                tr("{words} Undo adds a line to the ledger, it erases none.", words=words),
                lambda: self._set_roles(before, tr("undone: {reason}", reason=reason), wanted),
            )

        self.desk.workspace.do(tr("Giving roles"), work, done)

    def _state(self) -> None:
        if self.inspector.isHidden():
            self.inspector.show()
        self.inspector.open_form()

    def _stated(self, name: str, facts: dict[str, object], note: str | None, reason: str) -> None:
        self.desk.workspace.do(
            tr("Stating facts of {name}", name=name),
            lambda session, progress: session.set_corpus(name, facts=facts, note=note, reason=reason),
            lambda corpus: self.desk.say(tr("Stated. The ledger has a line of it.")),
        )

    def _compare(self) -> None:
        self.desk.go(f"answers/compare:{'|'.join(self.table.names()[:6])}")

    def _join(self) -> None:
        current = self.table.current()
        path = self.desk.ask.file(tr("Prompts of these answers"))
        if path is not None and current is not None:
            name = current.name
            self.desk.workspace.do(
                tr("Joining prompts"),
                lambda session, progress: session.join_prompts(path, name, progress),
                lambda report: self.desk.say(" ".join(report.words())),
            )

    def _examine(self) -> None:
        def done(report: ExaminationReport) -> None:
            self.desk.say(_in_words(report))

        self.desk.workspace.do(tr("Examining"), lambda session, progress: session.examine(progress), done)

    # Import

    def _choose_files(self) -> None:
        self.import_paths(self.desk.ask.files(tr("Import answers or a panel")))

    def _choose_folder(self) -> None:
        folder = self.desk.ask.folder(tr("Import a folder: all files in it, as one source"))
        if folder is not None:
            self.import_paths([folder])

    def import_paths(self, paths: Sequence[Path]) -> None:
        """Look at files and folders, ask how they are to be taken in, and take them in."""
        if paths and self.free:
            one = tr("Looking at {name} …", name=paths[0].name)
            self.desk.say(one if len(paths) == 1 else tr("Looking at {n} files …", n=len(paths)))
            self.desk.workspace.read(lambda session: look(session, list(paths)), self._ask_how)

    def _ask_how(self, looked: Looked) -> None:
        """Ask all questions first, so that no report and no other box stands over or under one of them."""
        self.desk.say("")
        wanted = [self._ask_of_panel(panel, looked) for panel in looked.panels]
        wanted += [self._ask_of_answers(group, looked) for group in looked.groups]
        for title, work, at_stake in filter(None, wanted):
            self.desk.workspace.do(title, work, self._report, at_stake=at_stake)
        if looked.problems:
            said = "\n".join(in_window(problem) for problem in looked.problems[:8])
            self.desk.trouble.inform(tr("Not all can be read"), said)

    def _ask_of_panel(self, path: Path, looked: Looked) -> _Wanted | None:
        dialog = PanelDialog(path, self)
        if not self.desk.ask.accepted(dialog):
            return None
        roles = dialog.collect()

        def work(session: Session, progress: Progress) -> Imported:
            return Imported(session.import_panel(path, roles.suspect, roles.protected, progress), named=True)

        return tr("Importing {name}", name=path.name), work, looked.words_of_losses([path])

    def _ask_of_answers(self, group: FileGroup, looked: Looked) -> _Wanted | None:
        dialog = ImportDialog(group, looked, self.desk, self)
        if not self.desk.ask.accepted(dialog):
            return None
        paths = group.paths
        one = tr("Importing {name}", name=paths[0].name)
        title = one if len(paths) == 1 else tr("Importing {n} files", n=len(paths))
        return title, importing(paths, dialog.collect()), looked.words_of_losses(paths)

    def _report(self, imported: Imported) -> None:
        accepted = sum(c.accepted for r in imported.reports for c in r.corpora if not r.known)
        self.desk.say(count(accepted, "{n} answer taken in.", "{n} answers taken in."))
        dialog = ImportReportDialog(imported.reports, imported.refused, self, named=imported.named)
        dialog.open()


def _fetch(session: Session) -> Corpora:
    from workbench.app.desk.corpora import read_corpora

    return read_corpora(session)


def _story(session: Session, name: str) -> tuple[Event, ...]:
    from workbench.app.desk.corpora import story_of

    return story_of(session, name)


def _cell(session: Session, model: str, prompt: int, place: int) -> Cell:
    from workbench.app.desk.coverage import cell_of

    return cell_of(session, model, prompt, place)


def _offers(seen: Corpora) -> list[str]:
    """Words that the filter knows here."""
    rows: Sequence[CorpusRow] = seen.rows
    offers = [f"role:{role}" for role in dict.fromkeys(str(r.corpus.role) for r in rows)]
    offers += [f"flag:{name.split()[0]}" for name in dict.fromkeys(name for r in rows for name in r.flags)]
    offers += [f"in:{name}" for name in dict.fromkeys(name for r in rows for name, _ in r.languages)]
    makers = dict.fromkeys(r.corpus.facts.developer.split()[0] for r in rows if r.corpus.facts.developer)
    return [*offers, *(f"maker:{maker}" for maker in makers)]


def _in_words(report: ExaminationReport) -> str:
    """What an examination came to, for a toast."""
    totals = report.counts["totals"]
    if not report.new:
        return tr("Nothing came since the last examination.")
    return tr(
        "{n} answers examined: {cut} look cut, {refused} declined, {secret} with secrets.",
        n=f"{totals['answers']:,}",
        cut=f"{totals['looks_cut'] + totals['truncated']:,}",
        refused=f"{totals['refused']:,}",
        secret=f"{totals['secret']:,}",
    )

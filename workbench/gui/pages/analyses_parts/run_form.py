"""The form of a run, in the inspector: who is compared, with which settings, and what the run will be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from workbench.core.errors import UsageError, WorkbenchError
from workbench.core.model import Corpus, Role
from workbench.core.params import Param
from workbench.core.text import one_line
from workbench.gui.ask import Ask
from workbench.gui.controls_list import ControlsList
from workbench.gui.error_dialog import words
from workbench.gui.look.theme import Type, theme
from workbench.gui.pages.analyses_parts.card import seconds_in_words
from workbench.gui.params_form import ParamsForm
from workbench.gui.parts.buttons import Button, Kind
from workbench.gui.parts.labels import SECOND, THIRD, LinkLabel, ShortLabel, text
from workbench.gui.parts.panels import Disclosure, Note, column, holding, row
from workbench.gui.words import count, tr

if TYPE_CHECKING:
    from workbench.app.catalogue import AnalysisInfo
    from workbench.app.desk.analyses import AnalysisCard
    from workbench.app.desk.forecast import Forecast
    from workbench.app.requests import RunRequest

_PAUSE = 200
_SEED = "the seed of the run"
"""Its name in the form: no parameter can have it."""

_LARGEST_SEED = 2_000_000_000


class RunForm(QWidget):
    """Sets up one run and says beforehand what it will be.

    `asked` carries a request whose forecast is wanted; `wanted` says that it shall run, `closed` that it shall not.
    """

    asked = Signal(object)
    wanted = Signal()
    closed = Signal()
    read = Signal(int)

    def __init__(self, ask: Ask, keys: str) -> None:
        super().__init__()
        self.card: AnalysisCard | None = None
        self.refused = True
        self._seed = 0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE)
        self._timer.timeout.connect(self._ask)
        self.title = text("", Type.OBJECT, wrap=False)
        self.about = ShortLabel("", Type.SECOND, THIRD)
        close = Button("", self.closed.emit, icon="close", kind=Kind.QUIET, small=True, name=tr("Close the form"))
        head = row(self.title, self.about, close)
        head.setStretchFactor(self.about, 1)
        self.suspect, self.protected = self._choice(tr("Suspect")), self._choice(tr("Protected"))
        self.params = ParamsForm(compact=True)
        self.params.changed.connect(self.later)
        self.controls = ControlsList(ask)
        self.controls.setMinimumHeight(theme().px(220))
        self.controls.changed.connect(self.later)
        self.date = QLineEdit()
        self.date.setPlaceholderText(tr("reason, where the dates shall not count"))
        self.date.setAccessibleName(tr("Compare despite the dates, with the reason"))
        self.date.textChanged.connect(self.later)
        dates = text(tr("Compare despite the dates"), Type.SECOND, THIRD)
        inside = holding(column(self.controls, dates, self.date, spacing=5))
        self.who = Disclosure(tr("Who takes part"), inside)
        self.rests = text("", Type.SECOND, SECOND, name=tr("What the run will rest on"))
        self.note = Note(kind="quiet", icon="compass")
        self.same = LinkLabel(tr("Read that finding"), self._read_same)
        self.run = Button(tr("Run"), self.wanted.emit, kind=Kind.PRIMARY, icon="run", keys=keys)
        self.defaults = Button(tr("Defaults"), self.reset, tip=tr("Put every setting back"))
        self.cost = ShortLabel("", Type.SECOND, THIRD)
        self._number = 0
        self.setLayout(
            column(
                head,
                self._labelled(tr("Suspect"), self.suspect),
                self._labelled(tr("Protected"), self.protected),
                self.params,
                self.who,
                self.rests,
                self.note,
                row(self.same, 1),
                row(self.run, self.defaults, 1),
                self.cost,
                spacing=9,
            )
        )

    def _choice(self, name: str) -> QComboBox:
        made = QComboBox()
        made.setAccessibleName(name)
        made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        made.setMinimumContentsLength(12)
        made.currentIndexChanged.connect(self.later)
        return made

    @staticmethod
    def _labelled(name: str, field: QWidget) -> QWidget:
        label = text(name, Type.SECOND, THIRD)
        label.setBuddy(field)
        return holding(column(label, field, spacing=3))

    # What is set

    def show_card(self, card: AnalysisCard, corpora: Sequence[Corpus], seed: int, cost: float | None) -> None:
        """Set up a run of an analysis, at its defaults."""
        again = self.card is not None and self.card.info.key == card.info.key
        self.card, self._seed = card, seed
        self.title.setText(tr("Run again") if card.last else tr("Run"))
        self.about.setText(card.info.title)
        self.cost.setText(
            tr("It took {time} last.", time=seconds_in_words(cost))
            if cost is not None
            else tr("How long it takes is not known yet.")
        )
        if not again:
            self.params.show_params(params_of(card.info, seed))
        self.show_corpora(corpora)

    def show_corpora(self, corpora: Sequence[Corpus]) -> None:
        """Offer the corpora of the case; what was chosen stays where it can."""
        names = [(corpus.name, f"corpus:{corpus.name}") for corpus in corpora if corpus.role.compared]
        families = list(dict.fromkeys(c.facts.family for c in corpora if c.facts.family))
        _fill(self.suspect, tr("{who}, as stored", who=_stored(corpora, Role.SUSPECT)), names)
        family_names = [(tr("family {name}", name=family), f"family:{family}") for family in families]
        _fill(self.protected, tr("{who}, as stored", who=_stored(corpora, Role.PROTECTED)), family_names + names)
        self.controls.show_corpora([name for name, _ in names])
        self._ask()

    def reset(self) -> None:
        """Put every setting back to its default."""
        self.params.reset()
        self.suspect.setCurrentIndex(0)
        self.protected.setCurrentIndex(0)
        self.date.clear()
        self.controls.forget_choices()

    def forget(self) -> None:
        """Drop the corpora of the case that was open."""
        self.card = None
        self.controls.forget()
        self.date.clear()
        for combo in (self.suspect, self.protected):
            combo.clear()

    def request(self) -> RunRequest:
        """The run as it is set; raises UsageError for a setting that does not fit."""
        from workbench.app.requests import RunRequest

        parameters = self.params.values()
        if parameters is None:
            raise UsageError(tr("A setting does not fit."), hint=tr("It is said beside it."))
        seed = parameters.pop(_SEED)
        return RunRequest(
            suspect=self.suspect.currentData(),
            protected=self.protected.currentData(),
            controls=self.controls.named(),
            exclude=self.controls.excluded(),
            despite_date=self.date.text().strip() or None,
            parameters=parameters,
            seed=int(seed),
        )

    # What it will be

    def later(self) -> None:
        """Work out soon what the run will be: more may be typed."""
        self.refused = True
        self.run.setEnabled(False)
        self._timer.start()

    @property
    def settled(self) -> bool:
        """Whether nothing waits to be worked out."""
        return not self._timer.isActive()

    def _ask(self) -> None:
        self._timer.stop()
        if self.card is None or not self.suspect.count():
            return
        try:
            request = self.request()
        except UsageError as error:
            self.refuse(error)
        else:
            self.asked.emit(request)

    def refuse(self, error: WorkbenchError) -> None:
        """Say why it can't run."""
        self.refused = True
        self.run.setEnabled(False)
        self.rests.setVisible(False)
        self.same.setVisible(False)
        self.controls.show_question(None)
        self.note.say(tr("It can’t run so."), words(error).replace("\n\n", " "), "bad", "wrong")

    def show_forecast(self, seen: Forecast, *, can: bool) -> None:
        """Say what the run will be; `can` says that the case can be written."""
        self.refused = False
        self.run.setEnabled(can)
        self.controls.show_question(seen.question)
        question = seen.question
        out = len(question.left_out)
        said = count(len(question.controls), "{n} control", "{n} controls")
        self.who.say_beside(said + (tr(", {n} left out", n=out) if out else ""))
        rests = [seen.foreseen.words()]
        if question.undated:
            names = ", ".join(question.undated)
            rests.append(tr("The release date of {names} is unknown: the date gate is not applied.", names=names))
        self.rests.setText(" ".join(filter(None, rests)))
        self.rests.setVisible(bool(self.rests.text()))
        self._number = seen.same[-1] if seen.same else 0
        self.same.setVisible(bool(seen.same))
        self.same.setText(tr("Read finding {n}", n=self._number))
        self._say_status(seen)

    def _say_status(self, seen: Forecast) -> None:
        number, status = seen.number, seen.status
        stays = tr("It will be finding {n}.", n=number)
        if status is None:
            strong = tr("An opinion on what was found so far.")
            self.note.say(strong, tr("Its status follows from the findings that it rests on. ") + stays, "plain")
        elif seen.same:
            strong = tr("Already run as finding {n}.", n=seen.same[-1])
            same = tr("Running it again gives the same numbers, as finding {n}.", n=number)
            self.note.say(strong, same, "warn", "info")
        elif status.confirmatory:
            foreseen = tr("Version {n} of the plan foresees it. ", n=status.version)
            before = ", ".join(map(str, status.known_before))
            known = tr("Finding {n} had asked the same before it was planned. ", n=before) if before else ""
            self.note.say(tr("This run will be confirmatory."), foreseen + known + stays, "plain", "lock")
        else:
            why = "; ".join(status.deviations)
            self.note.say(
                tr("This run will be exploratory."), f"{why[:1].upper()}{why[1:]}. {stays}", "quiet", "compass"
            )

    def _read_same(self) -> None:
        self.read.emit(self._number)


def params_of(info: AnalysisInfo, seed: int) -> dict[str, Param]:
    """The settings of an analysis, with the seed of the run as the last."""
    own = Param(seed, tr("Seed"), low=0, high=_LARGEST_SEED, help=tr("The same seed gives the same numbers."))
    return {**info.params, _SEED: own}


def _fill(combo: QComboBox, first: str, names: list[tuple[str, str]]) -> None:
    """Fill a choice again without telling anyone, and keep what was chosen where it is still there."""
    chosen = combo.currentData()
    combo.blockSignals(True)
    combo.clear()
    combo.addItem(one_line(first, 90), None)
    for name, value in names:
        combo.addItem(one_line(name, 90), value)
        combo.setItemData(combo.count() - 1, name, Qt.ItemDataRole.ToolTipRole)
    combo.setCurrentIndex(max(0, combo.findData(chosen)) if chosen else 0)
    combo.blockSignals(False)


def _stored(corpora: Sequence[Corpus], role: Role) -> str:
    names = [c.name for c in corpora if c.role is role]
    families = list(dict.fromkeys(c.facts.family or c.name for c in corpora if c.role is role))
    if len(names) > 2 and len(families) == 1:
        return tr("{family}, {n} models", family=families[0], n=len(names))
    return tr("{n} models", n=len(names)) if len(names) > 2 else ", ".join(names) or tr("none yet")

"""The run: which analysis, who is compared with whom, with which settings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QFrame,
    QGroupBox,
    QHBoxLayout,
    QLineEdit,
    QScrollArea,
    QSplitter,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from workbench.core.errors import UsageError, WorkbenchError
from workbench.core.model import Change, Corpus, Role
from workbench.core.params import Param
from workbench.core.plan import RunStatus
from workbench.core.selection import Question
from workbench.core.text import one_line
from workbench.gui.controls_list import ControlsList
from workbench.gui.error_dialog import words
from workbench.gui.pages.base import Desk, Page, body, button_for
from workbench.gui.params_form import ParamsForm
from workbench.gui.widgets import EmptyState, button, heading, label, quiet, row

if TYPE_CHECKING:
    from workbench.app.catalogue import AnalysisInfo
    from workbench.app.requests import RunRequest
    from workbench.app.session import Session

_FIRST = ("closest_source",)
"""What is offered first; it asks the question that the others build on."""

_PAUSE = 200
_COLUMN = 470
_SEED = "the seed of the run"
"""Its name in the form: no parameter can have it."""

_Answer = tuple[Question, RunStatus]
"""Who is compared with whom, and whether the plan foresees it."""

_LARGEST_SEED = 2_000_000_000


@dataclass(frozen=True, slots=True)
class _Offer:
    """What can be run, and on what."""

    analyses: list[AnalysisInfo]
    corpora: list[Corpus]
    seed: int


class _Tall(QScrollArea):
    """Scrolls up and down alone: it is always as wide as what it holds has to be."""

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize):
            inner = self.widget()
            bar = self.verticalScrollBar().sizeHint().width()
            self.setMinimumWidth((inner.minimumSizeHint().width() if inner else 0) + bar)
        return super().eventFilter(watched, event)


class RunPage(Page):
    """Chooses an analysis and its question, says who is compared with whom, and runs it."""

    key = "analyses"
    title = "Run"
    help = (
        "Choose an analysis, and who is compared with whom: stored roles are the default, and any corpus can be put "
        "in another role for one run. The list shows every corpus with its part and the reason where it is left out. "
        "What can't be answered on this material is refused in words before anything is stored."
    )
    watches = frozenset({Change.CORPORA, Change.PLAN})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._analyses: dict[str, AnalysisInfo] = {}
        self._asked = 0
        self._refused = False
        self._seed = Param(0, "Seed")
        self.run = self.verb("run.run", self._run, self._can_run)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE)
        self._timer.timeout.connect(self._ask)
        to_corpora = button("Go to Corpora", lambda: desk.go("corpora"), tip="Show the page Corpora")
        self.none = self.face(EmptyState("No case is open", "Make or open a case first (page Case)."))
        self.empty = self.face(
            EmptyState("Nothing to compare yet", "Import the answers of the models first.", [to_corpora])
        )
        self.full = self.face(self._full())

    # Building

    def _full(self) -> QWidget:
        widget, layout = body()
        top = QHBoxLayout()
        top.addWidget(heading("Run an analysis"))
        top.addStretch(1)
        self.run_button = button_for(self.run)
        self.run_button.setDefault(True)
        top.addWidget(self.run_button)
        layout.addLayout(top)
        self.refusal = label()
        self.refusal.setObjectName("error")
        self.refusal.setAccessibleName("Why this can't be run")
        self.refusal.setVisible(False)
        layout.addWidget(self.refusal)
        left = _Tall()
        left.setWidgetResizable(True)
        left.setFrameShape(QFrame.Shape.NoFrame)
        left.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        left.setWidget(self._settings())
        parts = QSplitter(Qt.Orientation.Horizontal)
        parts.addWidget(left)
        parts.addWidget(self._who_panel())
        parts.setSizes([_COLUMN, 600])
        parts.setStretchFactor(1, 1)
        parts.setChildrenCollapsible(False)
        layout.addWidget(parts, 1)
        return widget

    def _settings(self) -> QWidget:
        widget = QWidget()
        layout = QVBoxLayout(widget)
        layout.setContentsMargins(0, 0, 12, 0)
        self.analysis = QComboBox()
        self.analysis.setAccessibleName("Analysis")
        self.analysis.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.analysis.currentIndexChanged.connect(self._analysis_chosen)
        form = QFormLayout()
        form.addRow("Analysis", self.analysis)
        layout.addLayout(form)
        self.about = label()
        self.limits = quiet()
        layout.addWidget(self.about)
        layout.addWidget(self.limits)
        settings = QGroupBox("Settings")
        self.form = ParamsForm()
        self.form.changed.connect(self.enable)
        self.form.changed.connect(self._later)
        inner = QVBoxLayout(settings)
        inner.addWidget(self.form)
        inner.addLayout(row(button("Back to defaults", self._defaults, tip="Put every setting back")))
        layout.addWidget(settings)
        layout.addStretch(1)
        return widget

    def _who_panel(self) -> QWidget:
        widget = QWidget()
        layout = QVBoxLayout(widget)
        layout.setContentsMargins(12, 0, 0, 0)
        self.suspect, self.protected = QComboBox(), QComboBox()
        self.date = QLineEdit()
        self.date.setPlaceholderText("reason, where the date gate shall not apply")
        form = QFormLayout()
        for combo, name in ((self.suspect, "&Suspect"), (self.protected, "&Protected")):
            combo.setAccessibleName(name.replace("&", ""))
            combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            combo.setMinimumContentsLength(24)
            combo.currentIndexChanged.connect(self._later)
            form.addRow(name, combo)
        self.date.setAccessibleName("Compare despite the dates, with the reason")
        self.date.textChanged.connect(self._later)
        form.addRow("Desp&ite the dates", self.date)
        layout.addLayout(form)
        self.who = label()
        self.who.setAccessibleName("The question")
        layout.addWidget(self.who)
        self.standing = quiet()
        self.standing.setAccessibleName("Whether the plan foresees this run")
        layout.addWidget(self.standing)
        self.controls = ControlsList(self.desk.ask)
        self.controls.changed.connect(self._later)
        layout.addWidget(self.controls, 1)
        return widget

    # Reading

    def forget(self) -> None:
        """Drop the corpora of the case that was open."""
        self.refusal.setVisible(False)
        self.controls.forget()
        for combo in (self.suspect, self.protected):
            combo.clear()
        if self.desk.workspace.session is None:
            self.turn(self.none)

    def refresh(self) -> None:
        """Read what can be run, and the corpora."""
        self.desk.workspace.read(_fetch, self._show)

    def _show(self, offer: _Offer) -> None:
        if not self._analyses:
            self._analyses = {info.key: info for info in offer.analyses}
            self._seed = Param(
                offer.seed, "Seed", low=0, high=_LARGEST_SEED, help="The same seed gives the same numbers."
            )
            for info in offer.analyses:
                self.analysis.addItem(info.title, info.key)
            keys = [info.key for info in offer.analyses]
            first = next((key for key in _FIRST if key in keys), keys[-1])
            self.analysis.setCurrentIndex(keys.index(first))
        names = [(corpus.name, f"corpus:{corpus.name}") for corpus in offer.corpora]
        families = list(dict.fromkeys(c.facts.family for c in offer.corpora if c.facts.family))
        _fill(self.suspect, f"as stored: {_stored(offer.corpora, Role.SUSPECT)}", names)
        family_names = [(f"family {family}", f"family:{family}") for family in families]
        _fill(self.protected, f"as stored: {_stored(offer.corpora, Role.PROTECTED)}", family_names + names)
        self.controls.show_corpora([corpus.name for corpus in offer.corpora])
        self.turn(self.full if offer.corpora else self.empty)
        self._ask()
        self.shown.emit()

    def _analysis_chosen(self) -> None:
        info = self._analyses.get(self.analysis.currentData() or "")
        if info is not None:
            self.about.setText(info.question)
            self.limits.setText("\n".join(["Limits", *(f"•  {limit}" for limit in info.limits)]))
            self.form.show_params({**info.params, _SEED: self._seed})
            self.enable()
            self._later()

    def _defaults(self) -> None:
        self.form.reset()

    # Who is compared with whom

    def _later(self) -> None:
        self._timer.start()

    def request(self) -> RunRequest:
        """The run as it is set; raises UsageError for a setting that does not fit."""
        from workbench.app.requests import RunRequest

        parameters = self.form.values()
        if parameters is None:
            raise UsageError("A setting does not fit.", hint="It is said beside it.")
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

    def _ask(self) -> None:
        """Have the question worked out; an answer to an older one is not shown."""
        if self.desk.workspace.session is None or not self.suspect.count():
            return
        try:
            request = self.request()
        except UsageError as error:
            self._refuse(error)
            return
        self._asked += 1
        asked = self._asked

        def show(answer: _Answer | WorkbenchError) -> None:
            if asked == self._asked:
                self._answered(answer)

        key = self.analysis.currentData()
        self.desk.workspace.read(lambda session: _question(session, key, request), show)

    def _answered(self, answer: _Answer | WorkbenchError) -> None:
        if isinstance(answer, WorkbenchError):
            self.who.setText("")
            self.standing.setText("")
            self.controls.show_question(None)
            self._refuse(answer)
            return
        self._refused = False
        self.refusal.setVisible(False)
        question, status = answer
        self.who.setText(_in_words(question))
        self.standing.setText(f"If run now: {status.words()}.")
        self.controls.show_question(question)
        self.enable()

    def _refuse(self, error: BaseException) -> None:
        self._refused = True
        self.refusal.setText(words(error).replace("\n\n", " "))
        self.refusal.setVisible(True)
        self.enable()

    # Running

    def _can_run(self) -> bool:
        return self.free and not self._refused and bool(self._analyses) and self.form.values() is not None

    def _run(self) -> None:
        key, title = self.analysis.currentData(), self.analysis.currentText()
        try:
            request = self.request()
        except UsageError as error:
            self._refuse(error)
            return

        def done(number: int) -> None:
            self.desk.say(f"Finding {number} is kept.")
            self.desk.go(f"findings/{number}")

        def failed(error: BaseException) -> None:
            if isinstance(error, WorkbenchError):
                self._refuse(error)
                self._refused = False
                self.enable()
                self.desk.go(self.key)
            else:
                self.desk.trouble.tell(error)

        self.desk.workspace.do(
            f"Running {title}", lambda session, progress: session.run(key, request, progress).number, done, failed
        )


def _fetch(session: Session) -> _Offer:
    from workbench.app.catalogue import analyses
    from workbench.app.requests import DEFAULT_SEED

    return _Offer(analyses(), [c.corpus for c in session.catalogue()], DEFAULT_SEED)


def _question(session: Session, key: str, request: RunRequest) -> _Answer | WorkbenchError:
    try:
        question = session.question(request)
        return question, session.status_of(key, request, question)
    except WorkbenchError as refused:
        return refused


def _fill(combo: QComboBox, first: str, names: list[tuple[str, str]]) -> None:
    """Fill a choice again without telling anyone, and keep what was chosen where it is still there."""
    chosen = combo.currentData()
    combo.blockSignals(True)
    combo.clear()
    combo.addItem(first, None)
    for name, value in names:
        combo.addItem(one_line(name, 90), value)
    combo.setCurrentIndex(max(0, combo.findData(chosen)) if chosen else 0)
    combo.blockSignals(False)


def _stored(corpora: list[Corpus], role: Role) -> str:
    names = [c.name for c in corpora if c.role is role]
    if len(names) > 2:
        return f"{len(names)} corpora"
    return ", ".join(names) or "no corpus"


def _in_words(question: Question) -> str:
    said = [one_line(question.words())]
    members = ", ".join(one_line(c.name, 60) for c in question.protected)
    said.append(f"Protected: {members}. Controls: {len(question.controls)}. Left out: {len(question.left_out)}.")
    if question.undated:
        said.append(f"The release date of {', '.join(question.undated)} is unknown, so the date gate is not applied.")
    return "\n".join(said)

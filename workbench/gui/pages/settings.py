"""The settings: who examines, how things look and are said, where things lie, and how keys are kept. No Apply."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QLineEdit, QVBoxLayout, QWidget

from workbench.core.progress import Progress
from workbench.gui.jobs import Lane
from workbench.gui.look.theme import SCALES, Mode, Type, theme
from workbench.gui.pages.base import Desk, Page
from workbench.gui.parts.buttons import Button, Segmented
from workbench.gui.parts.dates import say_local
from workbench.gui.parts.labels import SECOND, THIRD, text
from workbench.gui.parts.panels import BETWEEN, PAGE, Card, Facts, Note, Scroll, empty, heading, row
from workbench.gui.words import mark, tr

_WIDE = 780
_UTC, _LOCAL = "utc", "local"
_LETTERS = "letters"


@dataclass(frozen=True, slots=True)
class _Kept:
    """How keys are kept here, in words, and each key with its fingerprint and place; folders by their names."""

    notice: str
    keys: tuple[tuple[str, str, str], ...]
    secrets: str
    cache: Path
    cached: int


class SettingsPage(Page):
    """Each change counts at once."""

    key = "settings"
    title = mark("Settings")
    help = mark(
        "Each change counts at once; there is nothing to apply. The examiner’s name stands in every ledger line of "
        "cases that you make or open from now on. Times can be said in UTC or in the zone of this computer; in the "
        "ledger, the report and the pack they are UTC. Keys and folders are shown as they are on this computer."
    )
    watches = frozenset()

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        inside = QWidget()
        inside.setMaximumWidth(theme().px(_WIDE))
        body = QVBoxLayout(inside)
        body.setContentsMargins(PAGE, 16, PAGE, 16)
        body.setSpacing(BETWEEN)
        title, beside = heading(tr("Settings"), tr("each change counts at once"))
        body.addLayout(row(title, beside, 1))
        for card in (self._who(), self._looks(), self._times(), self._folders(), self._keys()):
            body.addWidget(card)
        body.addStretch(1)
        self.face(Scroll(inside))
        theme().changed.connect(self._look_changed)

    # Building

    def _who(self) -> QWidget:
        card = Card(tr("Who examines"))
        self.examiner = QLineEdit(self.desk.memory.examiner)
        self.examiner.setAccessibleName(tr("Examiner"))
        self.examiner.setPlaceholderText(tr("your name, as it shall stand in the ledger"))
        self.examiner.editingFinished.connect(self._name)
        card.add(self.examiner)
        said = tr("It is offered for new cases. A case that is open keeps the name it was opened under.")
        card.add(text(said, Type.SECOND, THIRD))
        return card

    def _looks(self) -> QWidget:
        card = Card(tr("Looks"))
        modes = [
            (Mode.SYSTEM.value, tr("As the system")),
            (Mode.LIGHT.value, tr("Light")),
            (Mode.DARK.value, tr("Dark")),
        ]
        self.mode = Segmented(tr("Theme"), modes)
        self.mode.choose(theme().mode.value)
        self.mode.chosen.connect(self._set_mode)
        self.texts = Segmented(tr("Size of texts"), [(str(scale), tr("{n} %", n=scale)) for scale in SCALES])
        self.texts.choose(str(theme().scale))
        self.texts.chosen.connect(self._set_size)
        self.system_font = self._box(tr("Use the system’s font"), theme().system_font, self._set_font)
        letters = self.desk.memory.flag(_LETTERS, default=True)
        self.letters = self._box(tr("Single letters do things in lists"), letters, self._set_letters)
        card.add(self._line(tr("Theme"), self.mode))
        card.add(self._line(tr("Size of texts"), self.texts))
        card.add(self.system_font)
        card.add(self.letters)
        return card

    def _times(self) -> QWidget:
        card = Card(tr("Times"))
        self.zone = Segmented(tr("Time zone"), [(_UTC, tr("UTC")), (_LOCAL, tr("This computer’s zone"))])
        self.zone.choose(self.desk.memory.text("zone", _UTC))
        self.zone.chosen.connect(self._set_zone)
        card.add(self._line(tr("Said in"), self.zone))
        card.add(text(tr("Ledger, report and pack state UTC, whatever is chosen here."), Type.SECOND, THIRD))
        return card

    def _folders(self) -> QWidget:
        self.places = Card(tr("Folders"), tr("on this computer"))
        self.folders = QVBoxLayout()
        self.places.add(self.folders)
        return self.places

    def _keys(self) -> QWidget:
        card = Card(tr("Keys"), tr("that sign packs"))
        self.keys = QVBoxLayout()
        self.keys.setSpacing(8)
        card.add(self.keys)
        return card

    @staticmethod
    def _box(said: str, on: bool, act: object) -> QCheckBox:
        box = QCheckBox(said)
        box.setChecked(on)
        if callable(act):
            box.toggled.connect(act)
        return box

    @staticmethod
    def _line(name: str, widget: QWidget) -> QWidget:
        label = text(name, Type.BODY, SECOND, wrap=False)
        label.setFixedWidth(theme().px(110))
        made = QWidget()
        made.setLayout(row(label, widget, 1))
        inner = made.layout()
        if inner is not None:
            inner.setContentsMargins(0, 0, 0, 0)
        return made

    # Reading

    def refresh(self) -> None:
        """Read how keys are kept and how large the cache is; a keyring may take its time."""
        self.examiner.setText(self.desk.memory.examiner)
        job = self.desk.workspace.jobs.start(_read_kept, lane=Lane.BESIDE, done=self._show)
        job.failed.connect(self.desk.trouble.tell)

    def _show(self, kept: _Kept) -> None:
        empty(self.folders)
        facts = Facts(130)
        opened = self.desk.workspace.opened
        places = [(tr("The open case"), opened.folder)] if opened else []
        places += [(tr("These settings"), self.desk.memory.file), (tr("Cache of comparisons"), kept.cache)]
        for name, path in places:
            show = Button(
                tr("Show"), partial(self.desk.ask.show_file, path if path.is_dir() else path.parent), small=True
            )
            show.setAccessibleName(tr("Show: {name}", name=name))
            line = QWidget()
            line.setLayout(row(text(str(path), Type.CODE_SMALL), show))
            facts.add(name, line)
        self.folders.addWidget(facts)
        size = tr(
            "The cache holds {mb} MB. It can be deleted at any time: it is made again.", mb=f"{kept.cached / 1e6:,.1f}"
        )
        self.folders.addWidget(text(size, Type.SECOND, THIRD))
        empty(self.keys)
        if kept.notice:
            self.keys.addWidget(
                Note(tr("No keyring is used here."), kept.notice.partition(". ")[2], kind="warn", icon="info")
            )
        else:
            self.keys.addWidget(Note(tr("The system’s keyring keeps them."), kept.secrets, kind="plain", icon="lock"))
        if not kept.keys:
            none = tr(
                "There is no key yet. `workbench keys make NAME` makes one; packs are drafts until one signs them."
            )
            self.keys.addWidget(text(none, Type.BODY, SECOND))
        for name, print_, where in kept.keys:
            known = Facts(130)
            known.add(tr("Name"), name)
            known.add(tr("Fingerprint"), print_)
            known.add(
                tr("Private part"),
                {"keyring": tr("in the keyring"), "file": tr("in a file behind a passphrase")}.get(
                    where, tr("not on this computer")
                ),
            )
            self.keys.addWidget(known)
        self.shown.emit()

    def panes(self) -> Sequence[QWidget]:
        """The fields from top to foot."""
        return (self.examiner, self.mode, self.zone)

    def begin(self) -> None:
        """The name can be typed at once."""
        self.examiner.setFocus(Qt.FocusReason.OtherFocusReason)

    # Changing

    def _name(self) -> None:
        self.desk.memory.examiner = self.examiner.text().strip()

    def _set_mode(self, mode: str) -> None:
        theme().set(mode=Mode(mode))
        self.desk.memory.put("theme", mode)

    def _set_size(self, size: str) -> None:
        theme().set(scale=int(size))
        self.desk.memory.put("text", size)

    def _set_font(self, on: bool) -> None:
        theme().set(system_font=on)
        self.desk.memory.put("system_font", "on" if on else "off")

    def _set_letters(self, on: bool) -> None:
        self.desk.memory.put(_LETTERS, "on" if on else "off")

    def _set_zone(self, zone: str) -> None:
        say_local(zone == _LOCAL)
        self.desk.memory.put("zone", zone)

    def _look_changed(self) -> None:
        self.mode.choose(theme().mode.value)
        if str(theme().scale) in [str(scale) for scale in SCALES]:
            self.texts.choose(str(theme().scale))


def _read_kept(progress: Progress) -> _Kept:
    from workbench.app.keys import Keys
    from workbench.app.similarity_cache import default_cache

    keys = Keys(lambda which: "")
    cache = default_cache()
    size = sum(file.stat().st_size for file in cache.rglob("*") if file.is_file()) if cache.is_dir() else 0
    said = tr("The private part never leaves it. Who can unlock this account can sign.")
    return _Kept(keys.notice, tuple((k.name, k.fingerprint, k.kept) for k in keys.all()), said, cache, size)

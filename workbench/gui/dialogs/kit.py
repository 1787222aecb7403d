"""What a prompt kit shall be: which prompts, how often, in which forms, and where it is written."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QCheckBox,
    QDoubleSpinBox,
    QFormLayout,
    QGroupBox,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from workbench.core.errors import UsageError
from workbench.gui.ask import Ask
from workbench.gui.dialogs.parts import FormDialog, add_with_button, line
from workbench.gui.widgets import GAP, MARGIN, label

if TYPE_CHECKING:
    from workbench.app.kit.planned_kit import KitRequest

_PAUSE = 150
_FORMATS = {
    "openai": "OpenAI batch (max_completion_tokens)",
    "compatible": "Batch for services that imitate OpenAI's (max_tokens)",
    "anthropic": "Anthropic message batch",
    "jsonl": "Answer sheet, JSON lines",
    "csv": "Answer sheet and prompts, CSV",
}


class KitDialog(FormDialog):
    """Asks for the kit; says live how many prompts and requests it comes to."""

    def __init__(self, ask: Ask, parent: QWidget | None = None) -> None:
        super().__init__("Prompt kit", "Write the kit", parent)
        self.setMinimumWidth(820)
        self._ask = ask
        self.body.addWidget(
            label(
                "A kit is a folder with our battery of prompts as batch files and sheets, and a protocol of how to "
                "collect: so that the answers of suspect, protected model and controls are had alike."
            )
        )
        columns = QHBoxLayout()
        columns.setSpacing(2 * MARGIN)
        columns.addLayout(self._lists(), 1)
        columns.addLayout(self._settings(), 1)
        self.body.addLayout(columns)
        self.counts = label()
        self.counts.setAccessibleName("What the kit comes to")
        self.body.addWidget(self.counts)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE)
        self._timer.timeout.connect(self.count)
        self._follow_changes()
        self.count()

    def _lists(self) -> QVBoxLayout:
        from workbench.app.kit.battery import battery, kinds

        prompts = battery()
        layout = QVBoxLayout()
        layout.setSpacing(GAP // 2)  # else it takes over that of the columns
        layout.addWidget(label("Only what is ticked; all, where nothing is:", wrap=False))
        self.kinds = _ticks("&Kinds", list(kinds()), layout)
        self.topics = _ticks("To&pics", sorted({prompt.topic for prompt in prompts}), layout)
        self.languages = _ticks("&Languages", sorted({prompt.language for prompt in prompts}), layout)
        return layout

    def _settings(self) -> QVBoxLayout:
        self.model = line("Model", hint="as the interface takes it; MODEL-NAME stands in its place")
        self.repeats = _number("Samples of each prompt", 0, 100, 0, "each prompt's own")
        self.max_tokens = _number("Longest answer", 1, 1_000_000, 4096)
        self.send_temperature = QCheckBox("Send a &temperature")
        self.temperature = QDoubleSpinBox()
        self.temperature.setRange(0, 2)
        self.temperature.setSingleStep(0.1)
        self.temperature.setAccessibleName("Temperature")
        self.temperature.setEnabled(False)
        self.system = line("System prompt", hint="none")
        self.seed = _number("Seed", 0, 2_000_000_000, 1)
        self.folder = line("Folder", hint="a new or empty folder")
        form = QFormLayout()
        form.setSpacing(GAP)
        form.addRow("&Model", self.model)
        form.addRow("&Samples", self.repeats)
        form.addRow("Longest &answer", self.max_tokens)
        form.addRow(self.send_temperature, self.temperature)
        form.addRow("S&ystem prompt", self.system)
        form.addRow("Or&der drawn with seed", self.seed)
        add_with_button(form, "&Folder", self.folder, "&Browse…", self._browse, "Browse for the folder")
        layout = QVBoxLayout()
        layout.setSpacing(GAP)
        layout.addLayout(form)
        box = QGroupBox("Files")
        inside = QVBoxLayout(box)
        self.formats = {key: QCheckBox(title) for key, title in _FORMATS.items()}
        for tick in self.formats.values():
            tick.setChecked(True)
            inside.addWidget(tick)
        layout.addWidget(box)
        layout.addStretch(1)
        return layout

    def _follow_changes(self) -> None:
        for ticks in (self.kinds, self.topics, self.languages):
            ticks.itemChanged.connect(self._later)
        for spin in (self.repeats, self.max_tokens, self.seed):
            spin.valueChanged.connect(self._later)
        for editor in (self.model, self.system):
            editor.textChanged.connect(self._later)
        self.send_temperature.toggled.connect(self.temperature.setEnabled)
        self.send_temperature.toggled.connect(self._later)
        self.temperature.valueChanged.connect(self._later)
        for tick in self.formats.values():
            tick.toggled.connect(self._later)

    def _later(self) -> None:
        self._timer.start()

    def request(self) -> KitRequest:
        """The kit as it is set."""
        from workbench.app.kit.planned_kit import KitRequest

        return KitRequest(
            repeats=self.repeats.value() or None,
            kinds=_ticked(self.kinds),
            topics=_ticked(self.topics),
            languages=_ticked(self.languages),
            model=self.model.text().strip(),
            max_tokens=self.max_tokens.value(),
            temperature=self.temperature.value() if self.send_temperature.isChecked() else None,
            system=self.system.text(),
            formats=tuple(key for key, tick in self.formats.items() if tick.isChecked()),
            seed=self.seed.value(),
        )

    def collect(self) -> tuple[Path, KitRequest]:
        """Folder and request; raises UsageError for a request that can't be."""
        from workbench.app.kit.planned_kit import planned

        request = self.request()
        planned(request)
        if not self.folder.text().strip():
            raise UsageError("Say where the kit shall be written.", hint="A new or empty folder.")
        return Path(self.folder.text()).expanduser(), request

    def count(self) -> None:
        """Say what the kit comes to, or why it can't be."""
        from workbench.app.kit.planned_kit import planned

        try:
            plan = planned(self.request())
        except UsageError as error:
            self.counts.setText(f"{error.message} {error.hint}".strip())
            return
        self.counts.setText(f"{len(plan.prompts):,} prompts, {len(plan.asked):,} requests for each model.")

    def _browse(self) -> None:
        folder = self._ask.folder("Where the kit shall be written: a new or empty folder")
        if folder is not None:
            self.folder.setText(str(folder))


def _ticks(title: str, names: Sequence[str], layout: QVBoxLayout) -> QListWidget:
    made = QListWidget()
    made.setAccessibleName(title.replace("&", ""))
    made.setMinimumHeight(90)
    for name in names:
        item = QListWidgetItem(name)
        item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
        item.setCheckState(Qt.CheckState.Unchecked)
        made.addItem(item)
    above = QLabel(title)
    above.setBuddy(made)
    layout.addWidget(above)
    layout.addWidget(made, 1)
    return made


def _ticked(ticks: QListWidget) -> tuple[str, ...]:
    items = (ticks.item(at) for at in range(ticks.count()))
    return tuple(item.text() for item in items if item is not None and item.checkState() is Qt.CheckState.Checked)


def _number(name: str, low: int, high: int, value: int, special: str = "") -> QSpinBox:
    spin = QSpinBox()
    spin.setAccessibleName(name)
    spin.setRange(low, high)
    spin.setValue(value)
    spin.setSpecialValueText(special)
    return spin

"""How files of answers, or a panel of many corpora, are to be taken in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QHBoxLayout, QVBoxLayout, QWidget

from workbench.app.importing.files_read_alike import FileGroup, Looked
from workbench.core.errors import UsageError
from workbench.core.model import Facts
from workbench.core.pairing import BY_ID, BY_TEXT
from workbench.gui.dialogs.facts import facts_tabs
from workbench.gui.dialogs.parts import FormDialog, WhyAside, add_with_button, chosen_role, line, role_combo
from workbench.gui.error_dialog import in_window
from workbench.gui.mapping_panel import MappingPanel
from workbench.gui.pages.base import Desk
from workbench.gui.preview_view import TrialView
from workbench.gui.widgets import GAP, MARGIN, label, quiet

if TYPE_CHECKING:
    from workbench.app.requests import ImportRequest

_ENCODINGS = ("utf-8", "utf-16", "gb18030", "windows-1252", "shift_jis", "euc_kr", "big5", "windows-1251", "latin-1")
_BY_CONTENT = "by content"
_TRAINING = (
    "By its form it is a set to train models with, perhaps the one that the suspect was trained on: it is set aside "
    "unless you choose another role."
)


class ImportDialog(FormDialog):
    """Asks for what the files do not say themselves, and shows live how they would be read."""

    def __init__(self, group: FileGroup, looked: Looked, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__("Import answers" if group.known else "Import answers with a mapping", "Import", parent)
        self.setMinimumWidth(900)
        self.resize(940, 700)
        self._ask = desk.ask
        self._asked_only = {info.key for info in looked.formats if info.asked_only}
        self.body.addWidget(label(_names(group.paths)))
        kind = in_window(group.kind[:1].upper() + group.kind[1:])
        unknown = f"{kind}. No importer knows it: say where things stand in a record, and look at the preview."
        aside = [_TRAINING] if group.training else []
        continued = filter(None, [looked.words_of_continuation(group.paths)])
        self.body.addWidget(quiet(" ".join([f"{kind}." if group.known else unknown, *group.notes, *aside, *continued])))
        self.role = role_combo("as stored, or set aside" if group.training else "as stored, or control")
        self.model = line("Model", hint="only where the records do not name it")
        self.body.addLayout(_beside(("Ro&le", self.role), ("Mo&del", self.model)))
        more = QFormLayout()
        self.why_aside = WhyAside(self.role, more)
        self.body.addLayout(more)
        self.tabs, self.facts = facts_tabs()
        self.mapping = MappingPanel(group.fields, group.guesses, group.saved, group.doubts)
        self.trial = TrialView(desk.workspace, group.paths)
        self.tabs.insertTab(0, self._reading(looked), "Reading")
        self.tabs.setCurrentIndex(0)
        self.body.addWidget(self.tabs, 1)
        self.mapped.setChecked(not group.known)
        self.mapping.setVisible(self.mapped.isChecked())
        self._follow_changes()
        self._follow()

    def _reading(self, looked: Looked) -> QWidget:
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setSpacing(GAP)
        self.format = QComboBox()
        self.format.setAccessibleName("Format")
        self.format.addItem(_BY_CONTENT, None)
        self.format.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        for info in looked.formats:
            self.format.addItem(info.title, info.key)
        self.encoding = QComboBox()
        self.encoding.setEditable(True)
        self.encoding.setAccessibleName("Encoding")
        self.encoding.addItems([_BY_CONTENT, *_ENCODINGS])
        self.pair_by = QComboBox()
        self.pair_by.setAccessibleName("Pair by")
        for title, how in (("id where a mapping gives it", ""), ("text of the prompt", BY_TEXT), ("id", BY_ID)):
            self.pair_by.addItem(title, how)
        self.prompts = line("Prompts", str(looked.prompts or ""), "a question file, joined by id")
        self.mapped = QCheckBox("Read with a mappin&g of its fields")
        left, right = QFormLayout(), QFormLayout()
        left.addRow("Fo&rmat", self.format)
        left.addRow("E&ncoding", self.encoding)
        left.addRow("Pair &by", self.pair_by)
        add_with_button(right, "&Prompts", self.prompts, "Bro&wse…", self._browse, "Browse for the prompts")
        right.addRow("", self.mapped)
        layout.addLayout(_columns(left, right))
        layout.addWidget(self.mapping)
        layout.addWidget(self.trial, 1)
        return page

    def _follow_changes(self) -> None:
        self.format.currentIndexChanged.connect(self._format_chosen)
        self.mapped.toggled.connect(self._show_mapping)
        for signal in (self.encoding.currentTextChanged, self.prompts.textChanged, self.model.textChanged):
            signal.connect(self._follow)
        self.mapping.changed.connect(self._follow)
        self.finished.connect(self.trial.cancel)

    def collect(self) -> ImportRequest:
        """The request; raises UsageError for a date, a mapping or a prompts file that won't do, or a lack of reason."""
        return replace(self._request(), note=self.why_aside.given())

    def _request(self) -> ImportRequest:
        from workbench.app.requests import ImportRequest

        prompts = Path(self.prompts.text()).expanduser() if self.prompts.text().strip() else None
        if prompts is not None and not prompts.is_file():
            raise UsageError(f"{prompts} is no file.")
        mapped = self.mapped.isChecked()
        key = self.format.currentData()
        if mapped and key is not None and key not in self._asked_only:
            raise UsageError(
                "This format says itself where things stand.",
                hint="Untick the mapping, or choose the format by content.",
            )
        encoding = self.encoding.currentText().strip()
        return ImportRequest(
            role=chosen_role(self.role),
            model=self.model.text().strip() or None,
            facts=Facts(**self.facts.values()),
            format=key,
            prompts=prompts,
            mapping=self.mapping.checked() if mapped else {},
            encoding="" if encoding == _BY_CONTENT else encoding,
            pair_by=self.pair_by.currentData(),
        )

    def _format_chosen(self) -> None:
        if self.format.currentData() in self._asked_only:
            self.mapped.setChecked(True)
        self._follow()

    def _show_mapping(self, on: bool) -> None:
        self.mapping.setVisible(on)
        self._follow()

    def _follow(self) -> None:
        """Have the preview follow what is set; what does not fit is said in its place."""
        try:
            self.trial.follow(self._request())
        except UsageError as error:
            self.trial.follow(None)
            self.trial.said.setText(f"{error.message} {error.hint}".strip())

    def _browse(self) -> None:
        found = self._ask.file("Prompts of these answers")
        if found is not None:
            self.prompts.setText(str(found))


@dataclass(frozen=True, slots=True)
class PanelRoles:
    """Which corpora of a panel get the roles suspect and protected; None leaves it for later."""

    suspect: str | None
    protected: str | None


class PanelDialog(FormDialog):
    """Asks which corpora of a panel are the suspect and the protected model."""

    def __init__(self, path: Path, parent: QWidget | None = None) -> None:
        super().__init__("Import a panel", "Import", parent)
        self.body.addWidget(
            label(f"{path.name} is a panel: many corpora, with what is documented of each. All are taken in.")
        )
        self.suspect = line("Suspect", hint="may be chosen later")
        self.protected = line("Protected", hint="a corpus or a family; may be chosen later")
        form = QFormLayout()
        form.addRow("&Suspect", self.suspect)
        form.addRow("&Protected", self.protected)
        self.body.addLayout(form)
        self.body.addWidget(
            quiet("Every corpus can also be put in another role for a single run, so nothing has to be decided now.")
        )

    def collect(self) -> PanelRoles:
        """The names that were given."""
        return PanelRoles(self.suspect.text().strip() or None, self.protected.text().strip() or None)


def _beside(*rows: tuple[str, QWidget]) -> QHBoxLayout:
    forms = [QFormLayout() for _ in rows]
    for form, (title, editor) in zip(forms, rows, strict=True):
        form.addRow(title, editor)
    return _columns(*forms)


def _columns(*forms: QFormLayout) -> QHBoxLayout:
    columns = QHBoxLayout()
    columns.setSpacing(2 * MARGIN)
    for form in forms:
        form.setSpacing(GAP)  # else it takes over that of the columns
        columns.addLayout(form, 1)
    return columns


def _names(paths: Sequence[Path]) -> str:
    if len(paths) == 1:
        return paths[0].name
    more = f" and {len(paths) - 4} more" if len(paths) > 4 else ""
    return f"{len(paths)} files: " + ", ".join(path.name for path in paths[:4]) + more

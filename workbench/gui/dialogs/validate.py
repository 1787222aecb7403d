"""Which panel of known truth the method is tried on, with which calibration; and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QDialog, QDialogButtonBox, QFormLayout, QTabWidget, QVBoxLayout, QWidget

from workbench.core.errors import UsageError
from workbench.core.model import Json, Table
from workbench.gui.ask import Ask
from workbench.gui.dialogs.parts import FormDialog, add_with_button, line
from workbench.gui.tables import TableView, table_of
from workbench.gui.widgets import GAP, MARGIN, button, heading, label, quiet

if TYPE_CHECKING:
    from workbench.app.validation import Study
    from workbench.core.statistics.validation_result import ValidationResult

REPORT = "validation_report.html"
_FIGURES = {
    "n_positive": "True pairs",
    "n_pairs": "Pairs",
    "auc": "AUC",
    "auc_siblings": "AUC with siblings",
    "auc_within_family": "AUC within families",
    "auc_no_text": "AUC of the no-text rule",
    "eer": "Equal error rate",
    "cllr": "Cllr",
    "cllr_min": "Cllr_min",
    "top1": "Top 1",
    "top1_siblings": "Top 1 with siblings",
    "neg_lr_gt_1": "False LR > 1",
    "neg_lr_ge_10": "False LR ≥ 10",
    "neg_lr_gt_10": "False LR > 10",
    "neg_lr_gt_100": "False LR > 100",
    "pos_lr_lt_1": "True LR < 1",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """A validation as it was asked for: `calibration` is shipped, loo or a file; `out` None writes no report."""

    panel: Path
    calibration: str
    out: Path | None


class ValidateDialog(FormDialog):
    """Asks for the panel, the calibration, and where the report shall be written."""

    def __init__(self, ask: Ask, parent: QWidget | None = None) -> None:
        super().__init__("Validate on a panel", "Validate", parent)
        self.setMinimumWidth(680)
        self._ask = ask
        self.body.addWidget(
            label(
                "A panel of known truth holds models whose history is documented. The method is tried on all of its "
                "pairs, and what comes of it says how often it is right and how often it misleads."
            )
        )
        self.panel = line("Panel", hint="panel.json")
        self.calibration = QComboBox()
        self.calibration.setAccessibleName("Calibration")
        self.calibration.addItem("the calibration that ships with the workbench", "shipped")
        self.calibration.addItem("fitted on the other groups of the panel (leave one group out)", "loo")
        self.calibration.addItem("from a file", "")
        self.file = line("Calibration file", hint="made with `workbench calibrate`")
        self.file.setEnabled(False)
        self.out = line("Folder of the report", hint="a new or empty folder; empty writes no report")
        form = QFormLayout()
        form.setSpacing(GAP)
        add_with_button(form, "&Panel", self.panel, "&Browse…", self._browse_panel, "Browse for the panel")
        form.addRow("Cali&bration", self.calibration)
        add_with_button(form, "Calibration &file", self.file, "Br&owse…", self._browse_file, "Browse for a calibration")
        add_with_button(form, "&Report into", self.out, "Bro&wse…", self._browse_out, "Browse for the folder")
        self.body.addLayout(form)
        self.body.addWidget(quiet("It takes minutes on a large panel; it can be stopped at any time."))
        self.calibration.currentIndexChanged.connect(self._chosen)

    def collect(self) -> Wanted:
        """What is asked for; raises UsageError for files that are not there."""
        panel = Path(self.panel.text().strip()).expanduser()
        if not self.panel.text().strip() or not panel.is_file():
            raise UsageError("Name the panel: a panel.json that is there.")
        calibration = self.calibration.currentData() or self.file.text().strip()
        if not calibration or (not self.calibration.currentData() and not Path(calibration).expanduser().is_file()):
            raise UsageError("Name a calibration file that is there.")
        if not self.calibration.currentData():
            calibration = str(Path(calibration).expanduser())
        out = Path(self.out.text().strip()).expanduser() if self.out.text().strip() else None
        if out is not None and out.exists() and (not out.is_dir() or any(out.iterdir())):
            raise UsageError(f"{out} is not an empty folder.", hint="Name a new folder for the report.")
        return Wanted(panel, calibration, out)

    def _chosen(self) -> None:
        self.file.setEnabled(not self.calibration.currentData())

    def _browse_panel(self) -> None:
        self._fill(self.panel.setText, self._ask.file("A panel of known truth", "Panels (*.json)"))

    def _browse_file(self) -> None:
        self._fill(self.file.setText, self._ask.file("A calibration", "Calibrations (*.json)"))

    def _browse_out(self) -> None:
        self._fill(self.out.setText, self._ask.folder("Where the report shall be written: a new or empty folder"))

    def _fill(self, put: Callable[[str], None], path: Path | None) -> None:
        if path is not None:
            put(str(path))


class ValidatedDialog(QDialog):
    """Shows the figures of a validation, the pairs that mislead, and what the panel is; opens the report."""

    def __init__(self, study: Study, out: Path | None, ask: Ask, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        result = study.result
        self.setWindowTitle("Validation")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(980, 520)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        layout.setSpacing(GAP)
        layout.addWidget(heading(f"{result.panel}: {len(result.pairs):,} pairs", larger=1.2))
        self.said = label(f"Calibration: {result.calibration}.")
        layout.addWidget(self.said)
        self.warnings = label("\n".join(result.warnings))
        self.warnings.setObjectName("notice")
        self.warnings.setVisible(bool(result.warnings))
        layout.addWidget(self.warnings)
        tabs = QTabWidget()
        tabs.setAccessibleName("Parts of the validation")
        self.figures = TableView("Figures")
        self.figures.show_table(_figures(result))
        tabs.addTab(self.figures, "Figures")
        for title, table in (("Where the method misled", _misled(result)), ("The panel", _panel(result))):
            view = TableView(title)
            view.show_table(table)
            count = f" ({len(table.rows)})" if title.startswith("Where") else ""
            tabs.addTab(view, title + count)
        layout.addWidget(tabs, 1)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        if out is not None and REPORT in study.files:
            report = out / REPORT
            self.show_report = button("&Open the report", lambda: ask.show_file(report), tip=str(report))
            buttons.addButton(self.show_report, QDialogButtonBox.ButtonRole.ActionRole)
        layout.addWidget(buttons)


def _figures(result: ValidationResult) -> Table:
    entries = list(result.figures)
    columns = [("figure", "text", "Figure")]
    for entry in entries:
        columns += [(entry, "number", entry.capitalize()), (f"{entry} interval", "text", "95 %")]
    rows = []
    for key, title in _FIGURES.items():
        cells: list[object] = [title]
        for entry in entries:
            found = result.figures[entry]
            cells += [found.get(key), _interval(found.get("interval"), key)]
        rows.append(cells)
    return table_of(columns, rows)


def _interval(intervals: Json, key: str) -> str | None:
    ends = intervals.get(key) if isinstance(intervals, dict) else None
    return f"{ends[0]:.3g} to {ends[1]:.3g}" if ends else None


def _misled(result: ValidationResult) -> Table:
    from workbench.core.statistics.validation_result import misleading

    kinds = ("true pair, LR < 1", "false pair, LR > 1", "sibling, LR > 10")
    columns = (
        ("kind", "text", "What"),
        ("suspect", "text", "Suspect"),
        ("family", "text", "Family"),
        ("log10_lr", "number", "log10 LR"),
        ("uncapped", "number", "Before the cap"),
    )
    rows = [
        (kind, pair.suspect, pair.family, pair.log10_lr, pair.log10_lr_uncapped)
        for kind, pairs in zip(kinds, misleading(result.pairs), strict=True)
        for pair in pairs
    ]
    return table_of(columns, rows)


def _panel(result: ValidationResult) -> Table:
    rows = [("Panel's SHA-256", result.panel_sha256), ("Calibration's SHA-256", result.calibration_sha256)]
    rows += [*result.material, *result.envelope]
    rows += [("What it can't show", limit) for limit in result.limits]
    return table_of((("what", "text", "What"), ("value", "text", "Value")), rows)

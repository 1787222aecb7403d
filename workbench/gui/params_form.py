"""A checked form made from parameter declarations, the same that serve the command line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QGridLayout,
    QLabel,
    QLineEdit,
    QSizePolicy,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from workbench.core.errors import UsageError
from workbench.core.params import Param, Value
from workbench.gui.look.theme import Type
from workbench.gui.parts.labels import THIRD, ShortLabel
from workbench.gui.tables import plain_tip
from workbench.gui.widgets import label, quiet

_FAR = 2_000_000_000


@dataclass(frozen=True, slots=True)
class _Field:
    """One parameter in the form: its declaration, its editor, and the line for its error."""

    name: str
    param: Param
    editor: QWidget
    read: Callable[[], object]
    write: Callable[[Value], None]
    error: QLabel

    def check(self) -> Value | None:
        """The value, or None after saying beside the editor why there is none."""
        try:
            value = self.param.check(self.param.label, self.read())
        except UsageError as error:
            self.error.setText(error.message)
            self.error.setVisible(True)
            return None
        self.error.setVisible(False)
        return value


class _WholeNumber(QSpinBox):
    """A spin box that lets a number beyond the bounds be typed, so that the form can say why it won't do."""

    def __init__(self, param: Param) -> None:
        super().__init__()
        self._param = param
        self.setRange(-_FAR, _FAR)
        self.setStepType(QAbstractSpinBox.StepType.AdaptiveDecimalStepType)

    @override
    def stepBy(self, steps: int) -> None:
        super().stepBy(steps)
        self.setValue(int(_within(self._param, self.value())))


class _Number(QDoubleSpinBox):
    """The same for numbers with a fraction."""

    def __init__(self, param: Param) -> None:
        super().__init__()
        self._param = param
        self.setDecimals(_decimals(param))
        self.setRange(-_FAR, _FAR)
        self.setStepType(QAbstractSpinBox.StepType.AdaptiveDecimalStepType)

    @override
    def textFromValue(self, value: float) -> str:
        text = super().textFromValue(value)
        return text.rstrip("0").rstrip(".") if "." in text else text

    @override
    def stepBy(self, steps: int) -> None:
        super().stepBy(steps)
        self.setValue(_within(self._param, self.value()))


def _within(param: Param, value: float) -> float:
    low = value if param.low is None else max(value, param.low)
    return low if param.high is None else min(low, param.high)


def _decimals(param: Param) -> int:
    """As many places as the default and the bounds need, and two more."""
    known = [n for n in (param.default, param.low, param.high) if isinstance(n, int | float)]
    return min(12, 2 + max(len(f"{n:.10f}".rstrip("0").partition(".")[2]) for n in known))


class ParamsForm(QWidget):
    """Editors for declared parameters, each with its unit, help and bounds; `changed` after each edit.

    A compact one has two editors side by side below their names; their help stands in their tips.
    """

    changed = Signal()

    def __init__(
        self, params: Mapping[str, Param] | None = None, parent: QWidget | None = None, *, compact: bool = False
    ) -> None:
        super().__init__(parent)
        self._compact = compact
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._body = QWidget()
        self._layout.addWidget(self._body)
        self._fields: list[_Field] = []
        self.show_params(params or {})

    def show_params(self, params: Mapping[str, Param]) -> None:
        """Show other parameters, at their defaults."""
        old, self._body = self._body, QWidget()
        self._layout.replaceWidget(old, self._body)
        old.setVisible(False)
        old.deleteLater()
        grid = QGridLayout(self._body)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(10 if self._compact else 16)
        grid.setColumnStretch(0 if self._compact else 2, 1)
        if self._compact:
            grid.setColumnStretch(1, 1)
        self._fields = [self._field(name, param) for name, param in params.items()]
        for number, field in enumerate(self._fields):
            if self._compact:
                self._place_in_pairs(field, grid, number)
            else:
                self._place(field, grid)
        if not self._fields:
            grid.addWidget(quiet("This analysis has no settings."), 0, 0, 1, 3)

    def editor(self, name: str) -> QWidget:
        """The editor of one parameter; raises KeyError for an unknown one."""
        return {field.name: field.editor for field in self._fields}[name]

    def error(self, name: str) -> str:
        """What is wrong with one parameter, in words; empty when nothing is."""
        fields = {field.name: field.error for field in self._fields}
        return "" if fields[name].isHidden() else fields[name].text()

    def values(self) -> dict[str, Value] | None:
        """All values, checked; None when one does not fit, which is then said beside it."""
        checked = {field.name: field.check() for field in self._fields}
        good = {name: value for name, value in checked.items() if value is not None}
        return good if len(good) == len(checked) else None

    def reset(self) -> None:
        """Put every parameter back to its default."""
        for field in self._fields:
            field.write(field.param.default)

    def _field(self, name: str, param: Param) -> _Field:
        error = label()
        error.setObjectName("error")
        error.setVisible(False)
        editor, read, write = self._editor(param)
        editor.setAccessibleName(param.label)
        editor.setAccessibleDescription(param.help)
        editor.setToolTip(plain_tip(param.help))
        return _Field(name, param, editor, read, write, error)

    def _place(self, field: _Field, grid: QGridLayout) -> None:
        title = QLabel(field.param.label)
        title.setTextFormat(Qt.TextFormat.PlainText)
        title.setBuddy(field.editor)
        at = grid.rowCount()
        grid.addWidget(title, at, 0)
        grid.addWidget(field.editor, at, 1)
        if field.param.help:
            grid.addWidget(quiet(field.param.help), at + 1, 0, 1, 3)
        grid.addWidget(field.error, at + 2, 0, 1, 3)
        grid.setRowMinimumHeight(at + 3, 6)

    def _place_in_pairs(self, field: _Field, grid: QGridLayout, number: int) -> None:
        field.editor.setMinimumWidth(0)
        field.editor.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        title = ShortLabel(field.param.label, Type.SECOND, THIRD)
        title.setBuddy(field.editor)
        top, across = 3 * (number // 2), number % 2
        grid.addWidget(title, top, across)
        grid.addWidget(field.editor, top + 1, across)
        grid.addWidget(field.error, top + 2, across)

    def _editor(self, param: Param) -> tuple[QWidget, Callable[[], object], Callable[[Value], None]]:
        kind = type(param.default)
        if param.choices:
            return self._combo(param)
        if kind is bool:
            box = QCheckBox()
            box.setChecked(bool(param.default))
            box.toggled.connect(self._edited)
            return box, box.isChecked, lambda value: box.setChecked(bool(value))
        if kind is int or kind is float:
            return self._spin(param, _WholeNumber(param) if kind is int else _Number(param))
        line = QLineEdit(str(param.default))
        line.setMinimumWidth(150)
        line.textChanged.connect(self._edited)
        return line, line.text, lambda value: line.setText(str(value))

    def _combo(self, param: Param) -> tuple[QWidget, Callable[[], object], Callable[[Value], None]]:
        combo = QComboBox()
        combo.addItems(list(param.choices))
        combo.setCurrentText(str(param.default))
        combo.currentTextChanged.connect(self._edited)
        return combo, combo.currentText, lambda value: combo.setCurrentText(str(value))

    def _spin(
        self, param: Param, spin: _WholeNumber | _Number
    ) -> tuple[QWidget, Callable[[], object], Callable[[Value], None]]:
        def write(value: Value) -> None:
            if isinstance(spin, _WholeNumber):
                spin.setValue(int(value))
            else:
                spin.setValue(float(value))

        write(param.default)
        spin.setMinimumWidth(140)
        spin.lineEdit().setTextMargins(5, 0, 0, 0)
        if param.unit:
            spin.setSuffix(f" {param.unit}")
        spin.valueChanged.connect(self._edited)
        return spin, spin.value, write

    def _edited(self) -> None:
        for field in self._fields:
            field.check()
        self.changed.emit()

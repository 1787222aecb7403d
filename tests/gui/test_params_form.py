"""A form from declarations: editors, bounds, errors in words beside the field."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QDoubleSpinBox, QLineEdit, QSpinBox

from workbench.core.params import Param
from workbench.gui.params_form import ParamsForm

PARAMS = {
    "resamples": Param(1000, "Resamples", unit="draws", low=100, high=20_000, help="How often prompts are drawn."),
    "level": Param(0.95, "Level", low=0.5, high=0.999),
    "view": Param("words", "View", choices=("words", "layout")),
    "strict": Param(False, "Strict"),
    "label": Param("x", "Label"),
}


@pytest.fixture
def form(app: QApplication) -> ParamsForm:
    return ParamsForm(PARAMS)


def test_the_defaults_are_shown_and_valid(form: ParamsForm) -> None:
    assert form.values() == {"resamples": 1000, "level": 0.95, "view": "words", "strict": False, "label": "x"}


def test_each_kind_has_its_editor_with_name_and_help(form: ParamsForm) -> None:
    kinds = {name: type(form.editor(name)) for name in PARAMS}
    assert issubclass(kinds["resamples"], QSpinBox)
    assert issubclass(kinds["level"], QDoubleSpinBox)
    assert kinds["view"] is QComboBox
    assert kinds["strict"] is QCheckBox
    assert kinds["label"] is QLineEdit
    assert form.editor("resamples").accessibleName() == "Resamples"
    assert form.editor("resamples").accessibleDescription() == "How often prompts are drawn."


def test_the_unit_stands_behind_the_number(form: ParamsForm) -> None:
    spin = form.editor("resamples")
    assert isinstance(spin, QSpinBox)
    assert spin.text() == "1000 draws"


@pytest.mark.parametrize(("value", "word"), [(99, "below 100"), (20_001, "above 20000")])
def test_a_number_beyond_its_bounds_is_said_in_words(form: ParamsForm, value: int, word: str) -> None:
    spin = form.editor("resamples")
    assert isinstance(spin, QSpinBox)
    spin.setValue(value)
    assert form.values() is None
    assert word in form.error("resamples")
    spin.setValue(500)
    assert form.error("resamples") == ""
    values = form.values()
    assert values is not None
    assert values["resamples"] == 500


def test_the_arrows_stop_at_the_bounds(form: ParamsForm) -> None:
    whole, fraction = form.editor("resamples"), form.editor("level")
    assert isinstance(whole, QSpinBox)
    assert isinstance(fraction, QDoubleSpinBox)
    whole.setValue(100)
    whole.stepDown()
    fraction.setValue(0.999)
    fraction.stepUp()
    assert whole.value() == 100
    assert fraction.value() == 0.999


def test_a_small_step_of_a_fraction_is_not_rounded_away(form: ParamsForm) -> None:
    spin = form.editor("level")
    assert isinstance(spin, QDoubleSpinBox)
    spin.setValue(0.9899)
    values = form.values()
    assert values is not None
    assert values["level"] == 0.9899


def test_reset_goes_back_to_the_defaults(form: ParamsForm) -> None:
    before = form.values()
    box, combo, line = form.editor("strict"), form.editor("view"), form.editor("label")
    assert isinstance(box, QCheckBox)
    assert isinstance(combo, QComboBox)
    assert isinstance(line, QLineEdit)
    box.setChecked(True)
    combo.setCurrentText("layout")
    line.setText("y")
    assert form.values() != before
    form.reset()
    assert form.values() == before


def test_every_edit_is_told(form: ParamsForm) -> None:
    told: list[int] = []
    form.changed.connect(lambda: told.append(1))
    combo = form.editor("view")
    assert isinstance(combo, QComboBox)
    combo.setCurrentText("layout")
    assert told == [1]


def test_other_parameters_take_the_place_of_the_old(form: ParamsForm) -> None:
    form.show_params({})
    assert form.values() == {}
    with pytest.raises(KeyError):
        form.editor("resamples")

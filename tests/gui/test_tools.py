"""The menu Tools: the prompt kit, and a validation on a panel of known truth."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbench.core.errors import UsageError
from workbench.core.statistics.validation_figures import ScoredPair, figures
from workbench.core.statistics.validation_result import ValidationResult
from workbench.gui.dialogs.kit import KitDialog
from workbench.gui.dialogs.validate import ValidatedDialog, ValidateDialog


def test_a_kit_is_written_as_the_dialog_says(open_window, answers, tmp_path: Path, spin, monkeypatch) -> None:
    window = open_window()
    folder = tmp_path / "kit"

    def fill(dialog: KitDialog) -> None:
        with pytest.raises(UsageError):
            dialog.collect()
        dialog.languages.item(0).setCheckState(dialog.languages.item(0).checkState().Checked)
        dialog.repeats.setValue(2)
        dialog.count()
        assert "prompts" in dialog.counts.text()
        for key in ("anthropic", "compatible", "csv"):
            dialog.formats[key].setChecked(False)
        dialog.folder.setText(str(folder))

    shown: list[Path] = []
    answers.show_file = shown.append
    asked: list[tuple[str, bool]] = []

    def yes(title: str, question: str, *, do: str, leave: str = "Cancel", until: object = None) -> bool:
        asked.append((question, window.workspace.jobs.idle))
        return True

    monkeypatch.setattr(answers, "yes", yes)
    answers.given = [fill]
    window.tools.kit.trigger()
    spin(lambda: bool(asked) and bool(shown))
    assert "MODEL-NAME" in asked[0][0]
    assert asked[0][1], "the work is over when the question comes"
    assert shown == [folder / "PROTOCOL.html"]
    assert (folder / "openai_batch.jsonl").is_file()
    assert not (folder / "anthropic_batch.json").exists()


def test_a_kit_in_a_full_folder_is_refused_in_words(open_window, answers, tmp_path: Path, spin) -> None:
    (tmp_path / "something").write_text("x")
    window = open_window()
    answers.given = [lambda dialog: dialog.folder.setText(str(tmp_path))]
    window.tools.kit.trigger()
    spin(lambda: window.workspace.jobs.idle)
    assert "has something in it" in window.trouble.shown


def _pair(suspect: str, family: str, positive: bool, value: float) -> ScoredPair:
    return ScoredPair(
        suspect=suspect,
        family=family,
        relation="distilled" if positive else "",
        positive=positive,
        excluded="",
        developer="m",
        released="2024-01",
        group=(suspect,),
        log10_lr=value,
        log10_lr_uncapped=value,
        score=value,
    )


@pytest.fixture
def result() -> ValidationResult:
    pairs = [_pair(f"s{n}", "p", True, 1.0) for n in range(4)] + [_pair(f"s{n}", "q", False, -1.0) for n in range(4)]
    pairs.append(_pair("s4", "q", False, 0.5))
    return ValidationResult(
        panel="a panel",
        panel_sha256="0" * 64,
        calibration="shipped",
        calibration_sha256="1" * 64,
        mode="shipped",
        date="2026-01-01",
        examiner="A",
        seed=1,
        replicates=20,
        pairs=tuple(pairs),
        figures=figures(pairs, 1, 20),
        material=(("models", "9"),),
        warnings=("outside the envelope",),
        limits=("It is small.",),
    )


def test_a_validation_shows_its_figures_and_opens_its_report(
    open_window, answers, result, tmp_path: Path, spin, monkeypatch
) -> None:
    from workbench.app.validation import Study

    asked: list[tuple[object, ...]] = []

    def validate(paths: tuple[Path, ...], calibration: str, conditions: object, progress, *, out: Path | None) -> Study:
        asked.append((*paths, calibration, out))
        progress(0.5, "half")
        return Study(result, ("validation_report.html",))

    monkeypatch.setattr("workbench.app.validation.validate", validate)
    panel = tmp_path / "panel.json"
    panel.write_text("{}")

    def fill(dialog: ValidateDialog) -> None:
        with pytest.raises(UsageError):
            dialog.collect()
        dialog.panel.setText(str(panel))
        dialog.calibration.setCurrentIndex(2)
        with pytest.raises(UsageError):
            dialog.collect()
        dialog.calibration.setCurrentIndex(1)
        dialog.out.setText(str(tmp_path))
        with pytest.raises(UsageError):
            dialog.collect()
        dialog.out.setText(str(tmp_path / "report"))

    window = open_window()
    shown: list[Path] = []
    answers.show_file = shown.append
    answers.given = [fill]
    window.tools.validate.trigger()
    spin(lambda: window.workspace.jobs.idle)
    assert asked == [(panel, "loo", tmp_path / "report")]
    dialog = window.findChildren(ValidatedDialog)[-1]
    assert dialog.isVisible()
    assert dialog.warnings.text() == "outside the envelope"
    rows = {row[0]: row for row in dialog.figures.rows.table.rows}
    assert rows["AUC"][1] == 1.0
    assert rows["False LR > 1"][1] == 1
    dialog.show_report.click()
    assert shown == [tmp_path / "report" / "validation_report.html"]
    dialog.close()


def test_what_can_not_be_validated_is_said_in_words(open_window, answers, tmp_path: Path, spin) -> None:
    panel = tmp_path / "panel.json"
    panel.write_text("{}")
    window = open_window()
    answers.given = [lambda dialog: dialog.panel.setText(str(panel))]
    window.tools.validate.trigger()
    spin(lambda: window.workspace.jobs.idle)
    assert "The panel manifest can't be used" in window.trouble.shown
    assert "istake" not in window.trouble.shown

"""`validate` and `calibrate` as a user types them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from workbench.analyses.scoring import held_out_panels, panel_cases
from workbench.cli.main import run
from workbench.core.resources import resource


@pytest.fixture(autouse=True)
def _few(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(panel_cases, "SUBPANELS", 6)
    monkeypatch.setattr(held_out_panels, "REPLICATES", 20)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def test_one_json_document_with_figures_and_pairs(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["validate", str(resource("sample_case/panel.json")), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert set(document) == {"panel", "calibration", "figures", "panels", "pairs"}
    keys = {"suspect", "family", "relation", "positive", "excluded", "log10_lr", "log10_lr_uncapped"}
    assert all(set(pair) == keys for pair in document["pairs"])
    figures = document["figures"]["distilled"]
    assert set(figures["interval"]) == set(figures) - {"interval"}


def test_words_say_what_lies_outside_the_envelope(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The sample case, had its models been made twenty years later."""
    sample = resource("sample_case/panel.json")
    manifest = json.loads(sample.read_text())
    for entry in manifest["corpora"]:
        entry["released"] = f"20{int(entry['released'][2:4]) + 20}{entry['released'][4:]}"
    (tmp_path / "panel.json").write_text(json.dumps(manifest))
    (tmp_path / "answers").symlink_to(sample.parent / "answers")
    assert run(["validate", str(tmp_path / "panel.json")]) == 0
    out = capsys.readouterr().out
    assert "Warning: released: 204" in out
    assert "auc_within_family" in out


def test_refusals_are_words_and_exit_codes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sample = str(resource("sample_case/panel.json"))
    assert run(["validate", sample, "--calibration", str(tmp_path / "none.json")]) == 1
    assert run(["calibrate", sample]) == 2
    assert run(["calibrate", sample, "--out", str(tmp_path / "c.json")]) == 1
    assert "derivation" in capsys.readouterr().err


def _part(panel: Path, folder: Path, every: int) -> Path:
    """The first twelve models of a panel and every so-many-th other, by links to their files."""
    manifest = json.loads(panel.read_text())
    first, rest = manifest["corpora"][:12], manifest["corpora"][12:]
    manifest["corpora"] = [*first, *rest[::every]]
    folder.mkdir()
    for entry in manifest["corpora"]:
        (folder / entry["file"]).parent.mkdir(exist_ok=True)
        (folder / entry["file"]).symlink_to(panel.parent / entry["file"])
    (folder / "panel.json").write_text(json.dumps(manifest))
    return folder / "panel.json"


def test_a_part_of_the_real_panel_is_told_apart(
    shared: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    panel = _part(shared / "panel" / "panel.json", tmp_path / "part", 3)
    assert run(["validate", str(panel), "--calibration", "loo", "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)["figures"]
    assert figures["all"]["n_positive"] >= 6
    assert figures["all"]["auc"] > 0.85
    assert figures["all"]["neg_lr_gt_100"] == 0


@pytest.mark.slow
def test_the_real_panel_is_told_apart(shared: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With fewer smaller panels than `validate` uses: not the quoted figures, but a floor below them."""
    assert run(["validate", str(shared / "panel" / "panel.json"), "--calibration", "loo", "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)["figures"]
    assert figures["all"]["n_pairs"] == 334
    assert figures["all"]["auc"] > 0.97
    assert figures["distilled"]["auc_siblings"] > 0.95
    assert figures["derived"]["auc"] > 0.97
    assert figures["all"]["neg_lr_gt_100"] == 0

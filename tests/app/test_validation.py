"""`validate` and `calibrate` on invented panels: the protocol's pairs, the modes, the files, the refusals."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.app_corpora import write_panel
from tests.conftest import ticking
from workbench.analyses.scoring import held_out_panels, panel_cases
from workbench.app.validation import calibrate, differences, validate
from workbench.core.errors import BadInputError, Cancelled, CaseError, RefusedError, UsageError
from workbench.core.resources import resource
from workbench.core.statistics.fitted_calibration import QUESTIONS, read_calibration
from workbench.core.statistics.validation_figures import ENTRIES


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("known-truth")


@pytest.fixture(scope="module")
def panel(folder: Path) -> Path:
    """Sixteen models: two families, students of all relations, and teacherless models."""
    path = write_panel(folder / "panel", models=16)
    manifest = json.loads(path.read_text())
    by_name = {entry["corpus"]: entry for entry in manifest["corpora"]}
    by_name["control-1"]["family"] = "others"
    for number, relation in enumerate(("derived", "relay", "distilled", "distilled"), 2):
        source = "teacher" if number % 2 else "control-1"
        by_name[f"control-{number}"] |= {"sources": [{"corpus": source, "relation": relation}], "released": "2026-01"}
    for number in range(6, 10):
        by_name[f"control-{number}"] |= {"teacherless": True, "released": "2026-01"}
    for name, entry in by_name.items():
        entry["released"] = "2024-01" if name in ("teacher", "control-1") else "2026-01"
    path.write_text(json.dumps(manifest))
    return path


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(panel_cases, "SUBPANELS", 8)
    monkeypatch.setattr(held_out_panels, "WEIGHTS", 4)
    monkeypatch.setattr(held_out_panels, "REPLICATES", 30)


@pytest.fixture(scope="module")
def made(panel: Path, folder: Path) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(panel_cases, "SUBPANELS", 8)
        patch.setattr(held_out_panels, "WEIGHTS", 4)
        patch.setattr(held_out_panels, "REPLICATES", 30)
        calibrate([panel], folder / "made.json", ticking(), cache=folder / "cache", workers=1)
    return folder / "made.json"


def test_a_calibration_is_made_read_and_made_again_to_the_byte(
    few: None, panel: Path, made: Path, folder: Path
) -> None:
    found = read_calibration(made)
    assert set(found.questions) == set(QUESTIONS)
    assert found.made == "2026-03-01"
    assert found.panels[0]["models"] == 16
    assert found.questions["any"].positives == 5
    calibrate([panel], folder / "again.json", ticking(), cache=folder / "cache", workers=1)
    assert (folder / "again.json").read_bytes() == made.read_bytes()
    with pytest.raises(UsageError, match="exists"):
        calibrate([panel], made, ticking(), cache=folder / "cache", workers=1)


def test_what_a_calibration_claims_is_held_against_what_its_panels_give(
    few: None, panel: Path, made: Path, folder: Path
) -> None:
    assert differences([panel], made, ticking(), cache=folder / "cache", workers=1) == []
    forged = json.loads(made.read_bytes())
    forged["questions"]["any"]["weights"][-1] += 9.0
    forged["questions"]["any"]["positive_groups"] = 3_000_000
    (folder / "forged.json").write_text(json.dumps(forged))
    found = differences([panel], folder / "forged.json", ticking(), cache=folder / "cache", workers=1)
    assert [one.what for one in found] == ["questions.any.positive_groups", "questions.any.weights[5]"]
    assert found[0].said == "3e+06"


def test_leaving_groups_out_scores_every_pair_of_the_protocol(few: None, panel: Path, folder: Path) -> None:
    study = validate([panel], "loo", ticking(), cache=folder / "cache", workers=1)
    document = study.result.as_json()
    assert set(document) == {"panel", "calibration", "figures", "panels", "pairs"}
    assert set(document["figures"]) == set(ENTRIES)
    # Nine suspects against two families: the five students and the four without a teacher.
    assert len(document["pairs"]) == 18
    assert sum(pair["positive"] for pair in document["pairs"]) == 5
    assert {pair["excluded"] for pair in document["pairs"]} <= {None, "sibling", "other source"}
    assert document["figures"]["all"]["n_positive"] == 5
    assert study.files == ()


def test_a_file_gives_the_lrs_of_its_weights_within_its_bounds(
    few: None, panel: Path, made: Path, folder: Path
) -> None:
    study = validate([panel], str(made), ticking(), cache=folder / "cache", workers=1)
    one = read_calibration(made).questions["any"]
    for pair in study.result.pairs:
        assert one.low <= pair.log10_lr <= one.high
        assert pair.log10_lr == min(max(pair.log10_lr_uncapped, one.low), one.high)
    assert "this very panel" in study.result.warnings[0]
    assert study.result.calibration_sha256 == read_calibration(made).sha256


def test_the_shipped_calibration_says_where_a_panel_lies_outside_it(few: None, panel: Path, folder: Path) -> None:
    study = validate([panel], "shipped", ticking(), cache=folder / "cache", workers=1)
    assert any(words.startswith("released: ") for words in study.result.warnings)
    assert not any("this very panel" in words for words in study.result.warnings)


@pytest.mark.slow
def test_the_report_is_written_into_a_new_folder_alone(few: None, panel: Path, folder: Path) -> None:
    out = folder / "report"
    study = validate([panel], "loo", ticking(), cache=folder / "cache", workers=1, out=out)
    assert sorted(path.name for path in out.iterdir()) == sorted(study.files)
    assert (out / "validation_report.pdf").read_bytes().startswith(b"%PDF-")
    assert json.loads((out / "validation.json").read_text()) == study.result.as_json()
    assert (out / "leave_one_maker_out.csv").exists()
    with pytest.raises(UsageError, match="not an empty folder"):
        validate([panel], "loo", ticking(), cache=folder / "cache", workers=1, out=out)


def test_a_panel_without_truth_is_refused_in_words(tmp_path: Path) -> None:
    path = write_panel(tmp_path / "panel")
    manifest = json.loads(path.read_text())
    for entry in manifest["corpora"]:
        entry.pop("sources", None)
    path.write_text(json.dumps(manifest))
    with pytest.raises(RefusedError, match="0 pairs"):
        validate([path], "loo", ticking(), cache=tmp_path / "cache", workers=1)


def test_a_panel_that_lacks_a_relation_makes_no_calibration(few: None, tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="derivation"):
        calibrate(
            [resource("sample_case/panel.json")], tmp_path / "c.json", ticking(), cache=tmp_path / "cache", workers=1
        )
    assert not (tmp_path / "c.json").exists()


def test_one_panel_twice_is_refused(few: None, panel: Path, folder: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="the same"):
        calibrate([panel, panel], tmp_path / "c.json", ticking(), cache=folder / "cache", workers=1)


def test_a_calibration_for_another_score_is_refused(panel: Path, made: Path, tmp_path: Path, folder: Path) -> None:
    other = json.loads(made.read_text()) | {"score_version": 99}
    (tmp_path / "old.json").write_text(json.dumps(other))
    with pytest.raises(RefusedError, match="version 99"):
        validate([panel], str(tmp_path / "old.json"), ticking(), cache=folder / "cache", workers=1)


def test_missing_files_are_named(tmp_path: Path, panel: Path, folder: Path) -> None:
    with pytest.raises(BadInputError, match="nowhere"):
        validate([panel], str(tmp_path / "nowhere.json"), ticking(), cache=folder / "cache", workers=1)
    with pytest.raises((BadInputError, CaseError)):
        validate([tmp_path / "nowhere.json"], "loo", ticking(), cache=folder / "cache", workers=1)


def test_cancelling_leaves_nothing_behind(few: None, panel: Path, folder: Path, tmp_path: Path) -> None:
    def stop(fraction: float, note: str) -> None:
        if fraction > 0.6:
            raise Cancelled

    with pytest.raises(Cancelled):
        validate([panel], "loo", ticking(), stop, cache=folder / "cache", workers=1, out=tmp_path / "out")
    assert not (tmp_path / "out").exists()

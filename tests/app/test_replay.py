"""Replay: what the log of a pack tells, done again; numbers and charts that differ are named."""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.app_corpora import write_panel
from tests.conftest import ticking
from workbench.app.replay import DIFFERENT, NEARLY, NOT_COMPUTED, SAME, replay
from workbench.app.requests import RunRequest
from workbench.app.session import Session
from workbench.core.errors import BadInputError, RefusedError, VerificationError
from workbench.core.model import Table
from workbench.store import Case


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case with three findings, one of them withdrawn, and one that was made before the case was examined."""
    folder = tmp_path_factory.mktemp("case")
    with Session.create(folder / "a", conditions=ticking(), cache=folder / "cache") as session:
        session.import_panel(write_panel(folder / "panel", models=7, prompts=32), "student", "teachers")
        session.run("fitness", RunRequest())
        session.run("closest_source", RunRequest(parameters={"replicates": 100}))
        session.set_corpus("control-1", facts={"released": "2020-01"}, reason="its maker says so")
        session.examine()
        session.run("fitness", RunRequest(exclude={"control-2": "it answers in another language"}))
        session.withdraw(1, "asked before the examination")
    return folder / "a.case"


def exported(case: Path, target: Path, *, originals: bool = True) -> Path:
    copy = Path(shutil.copytree(case, target.parent / f"{target.stem}.case"))
    with Session.open(copy, conditions=ticking()) as session:
        session.export(target, originals=originals)
    return target


@pytest.fixture(scope="module")
def pack(case: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return exported(case, tmp_path_factory.mktemp("pack") / "pack.zip")


def test_every_finding_comes_out_again(pack: Path) -> None:
    told: list[float] = []
    report = replay(pack, ticking(), lambda share, *_: told.append(share))
    assert [(one.analysis, one.state, one.chart) for one in report.findings] == [
        (analysis, SAME, SAME) for analysis in ("fitness", "closest_source", "fitness", "combined")
    ]
    assert report.ok
    assert (report.lost, report.software) == ((), ())
    assert min(one.numbers for one in report.findings) > 20
    assert told == sorted(told)


@pytest.mark.skipif(platform.machine() != "x86_64", reason="only here is it known how to leave instructions unused")
def test_every_finding_comes_out_again_on_another_processor(pack: Path) -> None:
    """An older one: numpy and OpenBLAS add in another order there, and the last digits of sums are others."""
    older = {"NPY_DISABLE_CPU_FEATURES": "X86_V3 X86_V4", "OPENBLAS_CORETYPE": "Prescott"}
    run = subprocess.run(
        [sys.executable, "-m", "workbench", "replay", pack, "--json"],
        capture_output=True, env=os.environ | older, check=False,
    )  # fmt: skip
    found = json.loads(run.stdout)
    assert (found["ok"], run.returncode) == (True, 0)
    assert (NEARLY, NEARLY) in {(one["state"], one["chart"]) for one in found["findings"]}


def test_a_copy_without_the_files_is_computed_from_its_answers(case: Path, tmp_path: Path) -> None:
    report = replay(exported(case, tmp_path / "pack.zip", originals=False), ticking())
    assert report.ok
    assert [one.state for one in report.findings] == [SAME] * 4
    manifest, files = report.lost
    assert manifest.startswith("original panel.json: There is no file")
    assert files == "7 files that this copy leaves out: their answers were taken as it has them"


def forged(case: Path, folder: Path, change: Callable[[Table], Table]) -> Path:
    """A pack whose case holds a finding that its analysis did not make, sealed as any other."""
    copy = Path(shutil.copytree(case, folder / "forged.case"))
    with Case.open(copy, conditions=ticking(), writing=True) as opened:
        true = opened.finding(2)
        tables = {name: change(table) if name == "models" else table for name, table in true.finding.tables.items()}
        finding = replace(true.finding, tables=tables)
        opened.record_finding(finding, narrative=true.narrative, svg=b"", options=true.options)
    target = folder / "forged.zip"
    with Session.open(copy, conditions=ticking()) as session:
        session.export(target)
    return target


def test_numbers_that_no_analysis_made_are_named(case: Path, tmp_path: Path) -> None:
    def higher(table: Table) -> Table:
        first, *rest = table.rows
        cells = [cell + 1e-6 if isinstance(cell, float) else cell for cell in first]
        return Table(table.columns, (tuple(cells), *rest))

    report = replay(forged(case, tmp_path, higher), ticking())
    states = {one.number: one.state for one in report.findings}
    assert states[2] == SAME
    assert states[4] == DIFFERENT
    assert not report.ok
    assert any("tables.models.rows[0]" in words and ", now " in words for words in report.findings[3].differing)


def test_what_the_pack_does_not_hold_is_said(pack: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise RefusedError("there are no logs in this pack")

    monkeypatch.setattr("workbench.analyses.closest_source.analysis.ClosestSource.gather", refused)
    report = replay(pack, ticking())
    second = report.findings[1]
    assert (second.state, second.differing) == (NOT_COMPUTED, ("there are no logs in this pack",))
    # The others keep their numbers, and the opinion rests on the finding as the pack has it.
    assert [one.state for one in report.findings if one.number != 2] == [SAME, SAME, SAME]
    assert not report.ok


def test_a_pack_that_was_altered_is_not_computed(pack: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(pack) as archive:
        archive.extractall(tmp_path / "out")
    (folder,) = (tmp_path / "out").iterdir()
    (folder / "data/05_analysis/results.json").write_text("{}")
    with pytest.raises(VerificationError, match="nothing was computed"):
        replay(folder, ticking())
    with pytest.raises(BadInputError):
        replay(tmp_path / "nothing.zip", ticking())


def test_a_stop_leaves_nothing_behind(pack: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()

    def stop(share: float, *_: object) -> None:
        if share > 0.4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        replay(pack, ticking(), stop)
    assert list((tmp_path / "temporary").iterdir()) == []


def test_a_pack_without_a_finding_has_nothing_to_compute(tmp_path: Path) -> None:
    with Session.create(tmp_path / "b", conditions=ticking()) as session:
        session.import_panel(write_panel(tmp_path / "panel", models=3, prompts=4), "student", "teachers")
        session.export(tmp_path / "pack.zip")
    with pytest.raises(RefusedError, match="no finding"):
        replay(tmp_path / "pack.zip", ticking())

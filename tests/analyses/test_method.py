"""method.md is enough: a program that was written from it alone gets the numbers of the analyses, from a pack alone."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from tests.analyses import from_method
from tests.analyses.from_method import Closest, Pack, Weigh
from tests.app_corpora import write_panel
from tests.conftest import ticking
from workbench.analyses.scoring.method import constants, method
from workbench.app.requests import RunRequest
from workbench.app.session import Session
from workbench.core.resources import resource

NEAR = 1e-12


def pack_of(folder: Path, panel: Path, suspect: str, protected: str, replicates: int) -> Pack:
    with Session.create(folder / "a", conditions=ticking(), cache=folder / "cache") as session:
        session.import_panel(panel, suspect, protected)
        for analysis in ("closest_source", "weigh"):
            session.run(analysis, RunRequest(parameters={"replicates": replicates}))
        session.export(folder / "pack.zip")
    with zipfile.ZipFile(folder / "pack.zip") as archive:
        archive.extractall(folder / "out")
    return Pack(next((folder / "out").iterdir()))


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    folder = tmp_path_factory.mktemp("pack")
    return pack_of(folder, write_panel(folder / "panel", models=7, prompts=32), "student", "teachers", 100)


def test_it_uses_nothing_of_the_program() -> None:
    modules = [value for value in vars(from_method).values() if isinstance(value, ModuleType)]
    assert {module.__name__.partition(".")[0] for module in modules} <= {"json", "math", "unicodedata", "numpy"}
    assert "workbench" not in Path(str(from_method.__file__)).read_text("utf-8")


def test_the_pack_has_the_text_with_the_numbers_of_the_program(pack: Pack) -> None:
    assert (pack.folder / "data/05_analysis/method.md").read_text("utf-8") == method()
    assert pack.c == json.loads(json.dumps(constants()))
    text = resource("report/method.md").read_text("utf-8")
    assert [name for name in constants() if name not in text] == []


def check_closeness(pack: Pack) -> tuple[Closest, dict[str, Any]]:
    again, stated = Closest(pack), pack.finding("closest_source")["values"]
    found = again.statistics(np.ones(len(again.prompts)))
    rows = {row["model"]: row["statistic"] for row in pack.table("closest_source", "models")}
    assert found == pytest.approx([rows[name] for name in again.seats], rel=NEAR)
    assert [view[0] for view in again.views] == stated["views"]
    rank = 1 + int((found[1:] >= found[0]).sum())
    numbers = {row["model"]: row["group"] for row in pack.table("closest_source", "models")}
    groups = [numbers[name] for name in again.seats[1:]]
    ahead = {group for group, value in zip(groups, found[1:], strict=True) if value >= found[0]}
    p_model = (1 + len(ahead)) / (1 + len(set(groups)))
    assert (rank, p_model) == (stated["rank"], stated["p_model"])
    assert len(again.prompts) == stated["n_prompts"]
    return again, stated


def check_weight(pack: Pack) -> None:
    again, stated = Weigh(pack), pack.finding("weigh")["values"]
    (file,) = (pack.folder / "data/05_analysis").glob("calibration-*.json")
    questions = json.loads(file.read_text("utf-8"))["questions"]
    assert again.log10_lr(questions["any"]["weights"]) == pytest.approx(stated["log10_lr_uncapped"], rel=1e-9)
    assert again.m == stated["n_controls"]


def test_closest_source_comes_out(pack: Pack) -> None:
    again, stated = check_closeness(pack)
    drawn = np.array([again.statistics(row, floors=True) for row in again.drawn(100)])
    low, middle, high = np.quantile(drawn[:, 0], [0.025, 0.5, 0.975])
    own = stated["statistic"]
    assert [own + low - middle, own + high - middle] == pytest.approx(stated["interval"], rel=1e-9)
    firsts = drawn[:, 0] > drawn[:, 1:].max(axis=1)
    assert stated["p_prompts"] == (1 + int((~firsts).sum())) / 101
    for gone, row in enumerate(pack.table("closest_source", "leave_one_out"), 1):
        left = again.statistics(np.ones(len(again.prompts)), gone, floors=True)
        assert (row["removed"], row["statistic"]) == (again.seats[gone], pytest.approx(left[0], rel=NEAR))


def test_weigh_comes_out(pack: Pack) -> None:
    check_weight(pack)


@pytest.mark.slow
def test_the_sample_case_comes_out(tmp_path: Path) -> None:
    sample = json.loads(resource("sample_case/case.json").read_text("utf-8"))
    pack = pack_of(tmp_path, resource("sample_case/panel.json"), sample["suspect"], sample["protected"], 100)
    check_closeness(pack)
    check_weight(pack)

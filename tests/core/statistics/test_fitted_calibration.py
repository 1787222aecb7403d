"""A calibration as a file: the same numbers again, and words for every file that is none."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from workbench.core.errors import BadInputError
from workbench.core.resources import resource
from workbench.core.statistics.fitted_calibration import ENVELOPE, QUESTIONS, Calibration, Weighing, read_calibration


def made() -> Calibration:
    weighing = Weighing((1.0, 2.0, 0.5, 0.25, 0.1, -1.0), ((1.0,) * 6, (2.0,) * 6), -1.2, 1.3, 20, 10, 200, 17)
    panel = {"name": "invented", "sha256": "0" * 64, "models": 20}
    return Calibration(
        score_version=1,
        made="2026-03-01",
        panels=(panel,),
        questions=dict.fromkeys(QUESTIONS, weighing),
        envelope=dict.fromkeys(ENVELOPE, (0.0, 1.0)),
    )


def test_what_is_written_is_read_again_and_has_one_digest(tmp_path: Path) -> None:
    file = tmp_path / "calibration.json"
    file.write_bytes(made().bytes())
    again = read_calibration(file)
    assert again.as_json() == made().as_json()
    assert again.sha256 == made().sha256
    assert again.name == "invented"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["kind"], "something else"),
        (["version"], 1),
        (["version"], 3),
        (["questions", "any", "weights"], [1, 2, 3]),
        (["questions", "any", "weights"], ["a"] * 6),
        (["questions", "derivation"], None),
        (["questions", "any", "bounds"], [2, 1]),
        (["envelope", "prompts"], [1]),
        (["panels"], 3),
        (["made"], None),
    ],
)
def test_a_file_that_does_not_fit_is_refused_in_words(tmp_path: Path, path: list[str], value: Any) -> None:
    whole: Any = json.loads(made().bytes())
    inner = whole
    for key in path[:-1]:
        inner = inner[key]
    if value is None and path[-1] in inner:
        del inner[path[-1]]
    else:
        inner[path[-1]] = value
    file = tmp_path / "calibration.json"
    file.write_text(json.dumps(whole))
    with pytest.raises(BadInputError, match="no calibration") as caught:
        read_calibration(file)
    assert "workbench calibrate" in caught.value.hint


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b'"kind"', b"\xff\xfe", b'{"kind": NaN}', b"[" * 100_000])
def test_what_is_no_json_of_ours_is_refused_in_words(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "calibration.json"
    file.write_bytes(data)
    with pytest.raises(BadInputError):
        read_calibration(file)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="nowhere"):
        read_calibration(tmp_path / "nowhere.json")


def test_the_shipped_calibration_is_whole_and_holds_numbers_only() -> None:
    shipped = read_calibration(resource("calibration.json"))
    one = shipped.questions["any"]
    assert one.low < 0 < one.high
    assert len(one.replicates) == 100
    assert shipped.panels[0]["models"] == 66
    assert resource("calibration.json").read_bytes() == shipped.bytes()

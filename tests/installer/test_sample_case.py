"""The sample case: made by its script alone, the same bytes every time, and what its README promises."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "resources" / "sample_case"
MADE = ("panel.json", "case.json", "answers")


def files_of(folder: Path) -> dict[str, bytes]:
    found = {f.relative_to(folder).as_posix(): f.read_bytes() for f in folder.rglob("*") if f.is_file()}
    return {name: data for name, data in found.items() if name.startswith(MADE)}


def panel() -> list[dict[str, object]]:
    return json.loads((SAMPLE / "panel.json").read_text("utf-8"))["corpora"]


def answers(name: str) -> list[dict[str, str]]:
    return json.loads((SAMPLE / "answers" / f"{name}.json").read_text("utf-8"))


@pytest.mark.parametrize("hash_seed", ["0", "7"])
def test_the_script_makes_the_committed_bytes(tmp_path: Path, hash_seed: str) -> None:
    script = ROOT / "installer" / "sample" / "make.py"
    environment = {"PYTHONHASHSEED": hash_seed, "PYTHONDONTWRITEBYTECODE": "1"}
    subprocess.run([sys.executable, str(script), str(tmp_path)], env=environment, cwd=tmp_path, check=True)
    assert files_of(tmp_path) == files_of(SAMPLE)


def test_every_model_answers_every_prompt() -> None:
    prompts = [record["instruction"] for record in answers("marlin-chat")]
    assert len(set(prompts)) == len(prompts) == 120
    for entry in panel():
        records = answers(str(entry["corpus"]))
        assert [record["instruction"] for record in records] == prompts
        assert {record["generator"] for record in records} == {entry["corpus"]}
        assert all(record["output"] == record["output"].strip() != "" for record in records)


def test_no_slot_or_break_mark_is_left_in_a_text() -> None:
    texts = [record["output"] for entry in panel() for record in answers(str(entry["corpus"]))]
    assert not [text for text in texts if "¦" in text or "{fact}" in text.lower() or "</s>" in text]


def test_roles_dates_and_sizes() -> None:
    facts = {str(entry["corpus"]): entry for entry in panel()}
    case = json.loads((SAMPLE / "case.json").read_text("utf-8"))
    suspect = facts[case["suspect"]]
    family = [name for name, entry in facts.items() if entry.get("family") == case["protected"]]
    assert "sources" not in suspect
    assert [name for name in family if str(facts[name]["released"]) > str(suspect["released"])] == ["aurelia-2"]
    others = [entry for name, entry in facts.items() if name not in (*family, case["suspect"])]
    assert len(others) >= 20
    assert sum(entry.get("base") == suspect["base"] for entry in others) == 2
    sizes = [len(data) for data in files_of(SAMPLE).values()]
    assert sum(sizes) < 2_000_000
    assert max(sizes) < 200_000


def test_no_two_models_give_the_same_answers() -> None:
    seen = {json.dumps([record["output"] for record in answers(str(entry["corpus"]))]) for entry in panel()}
    assert len(seen) == len(panel())

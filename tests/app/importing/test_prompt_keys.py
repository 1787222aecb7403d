"""Ids of prompts beside their texts: how answers are paired is said where the two are not one to one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from workbench.app.requests import ImportRequest
from workbench.app.session import Session
from workbench.core.surroundings import Conditions

MAPPING = {"prompt": "prompt", "prompt_key": "id", "response": "response"}


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ([("k1", "Go on."), ("k2", "Go on."), ("k3", "Stop.")], "3 ids of prompts have 2 texts"),
        ([("k1", "Go on."), ("k1", "Stop."), ("k2", "Sit.")], "2 ids of prompts have 3 texts"),
        ([("k1", "Go on."), ("k1", "Go on."), ("k2", "Stop.")], ""),
    ],
)
def test_what_answers_are_paired_by_is_said(
    asked: Sequence[tuple[str, str]], said: str, tmp_path: Path, conditions: Conditions
) -> None:
    records = [{"id": key, "prompt": text, "response": f"Answer {n}."} for n, (key, text) in enumerate(asked)]
    file = tmp_path / "keyed.jsonl"
    file.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    with Session.create(tmp_path / "case", title="Case", conditions=conditions) as session:
        notices = " ".join(session.import_file(file, ImportRequest(mapping=MAPPING)).notices)
        assert said in notices
        assert ("paired by the text" in notices) is bool(said)
        assert session.catalogue()[0].prompts == len({text for _, text in asked})

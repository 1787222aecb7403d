"""Rejected records count with the corpus of the model that they name."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.importers.made_records import RECORDS
from tests.inside import case_of
from workbench.app.importing import dry_run
from workbench.app.requests import CorpusImport, ImportRequest
from workbench.app.session import Session
from workbench.core.surroundings import Conditions

MAPPING = {"prompt": "prompt", "response": "response", "model": "model"}
CALLS = [
    {"prompt": "p1", "response": "a1 b", "model": "A"},
    {"prompt": "p1", "response": None, "model": "B"},
    {"prompt": "p2", "response": None, "model": "B"},
    {"prompt": "p3", "response": "a3 b", "model": "B"},
    {"prompt": "p4", "response": None, "model": "C"},
    {"prompt": "p5", "response": None},
]


@pytest.fixture
def session(tmp_path: Path, conditions: Conditions) -> Iterator[Session]:
    with Session.create(tmp_path / "a.case", title="t", conditions=conditions) as made:
        yield made
        assert made.verify().ok


def lines(file: Path, records: list[Any]) -> Path:
    file.write_text("".join(json.dumps(record) + "\n" for record in records))
    return file


def counts(corpora: tuple[CorpusImport, ...]) -> dict[str, tuple[int, int, int]]:
    return {c.name: (c.records, c.accepted, c.rejected) for c in corpora}


def test_they_count_with_the_model_that_they_name(session: Session, tmp_path: Path) -> None:
    file = lines(tmp_path / "calls.jsonl", CALLS)
    request = ImportRequest(mapping=MAPPING)
    tried = dry_run.dry_run(file, request, case=case_of(session))
    report = session.import_file(file, request)
    expected = {"A": (3, 1, 2), "B": (3, 1, 2)}
    assert counts(report.corpora) == counts(tried.corpora) == expected
    said = "Rejected records of C (1), of which no answer came in, are counted with another corpus."
    assert said in report.notices
    assert said in tried.notices
    assert [row.options["corpora"][0]["rejected"] for row in session.ledger() if row.action == "file imported"] == [2]


def test_under_the_name_that_was_given_all_are_of_it(session: Session, tmp_path: Path) -> None:
    report = session.import_file(lines(tmp_path / "f.jsonl", CALLS), ImportRequest(mapping=MAPPING, model="mine"))
    assert counts(report.corpora) == {"mine": (6, 2, 4)}
    assert not any("no answer came in" in notice for notice in report.notices)


FAILED: dict[str, dict[str, Any]] = {
    "litellm": {"model": "b", "status": "failure", "response": {}},
    "call_records": {"http_status": 500},
    "langfuse": {"level": "ERROR", "output": None},
}


@pytest.mark.parametrize("key", FAILED)
def test_failed_calls_are_those_of_their_model(session: Session, tmp_path: Path, key: str) -> None:
    def call(number: int, model: str) -> Any:
        text = json.dumps(RECORDS[key](number, f"Answer {number}."))
        return json.loads(text.replace('"model-x"', json.dumps(model)))

    calls = [call(1, "a"), call(2, "b") | FAILED[key], call(3, "b"), call(4, "b") | FAILED[key]]
    report = session.import_file(lines(tmp_path / "f.jsonl", calls), ImportRequest())
    assert counts(report.corpora) == {"a": (1, 1, 0), "b": (3, 1, 2)}

"""A set to train models with is set aside by default, and nothing else is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from workbench.app.importing.reading_again import WHY
from workbench.app.requests import ImportRequest
from workbench.app.session import Session
from workbench.core.model import Facts, Role
from workbench.core.surroundings import Conditions

MESSAGES = [
    {"messages": [{"role": "user", "content": f"Question {n}?"}, {"role": "assistant", "content": f"Answer {n}."}]}
    for n in range(5)
]
ALPACA = [{"instruction": f"Say {n}", "input": "", "output": f"{n}."} for n in range(5)]
SHARED = [
    {"conversations": [{"from": "human", "value": f"Question {n}?"}, {"from": "gpt", "value": f"Answer {n}."}]}
    for n in range(5)
]
OUTPUTS = [{"instruction": f"Say {n}", "output": f"So {n}.", "generator": "aurelia"} for n in range(5)]


@pytest.fixture
def session(tmp_path: Path, conditions: Conditions) -> Iterator[Session]:
    with Session.create(tmp_path / "a.case", conditions=conditions, cache=tmp_path / "cache") as made:
        yield made


def written(path: Path, records: object) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(records), encoding="utf-8")
    return path


def lines(path: Path) -> Path:
    path.write_text("".join(json.dumps(record) + "\n" for record in MESSAGES), encoding="utf-8")
    return path


def role_of(session: Session, name: str) -> Role:
    (corpus,) = (corpus for corpus in session.corpora() if corpus.name == name)
    return corpus.role


@pytest.mark.parametrize("records", [ALPACA, SHARED], ids=["alpaca", "sharegpt"])
def test_a_training_set_is_set_aside_and_says_why(session: Session, records: object, tmp_path: Path) -> None:
    report = session.import_file(written(tmp_path / "set.json", records), ImportRequest())
    assert (report.corpora[0].role, report.corpora[0].accepted) == ("aside", 5)
    assert "`workbench set CASE set --role control --reason T`" in report.notices[0]
    assert role_of(session, "set") is Role.ASIDE
    assert any(WHY in line.text() for line in session.ledger())
    assert session.verify().ok
    session.set_corpus("set", role=Role.CONTROL, reason="what a model answered")
    assert role_of(session, "set") is Role.CONTROL


def test_fine_tuning_examples_are_set_aside(session: Session, tmp_path: Path) -> None:
    assert session.import_file(lines(tmp_path / "set.jsonl"), ImportRequest()).corpora[0].role == "aside"


@pytest.mark.parametrize("role", [Role.CONTROL, Role.SUSPECT, Role.PROTECTED])
def test_a_role_that_is_given_counts(session: Session, role: Role, tmp_path: Path) -> None:
    report = session.import_file(lines(tmp_path / "set.jsonl"), ImportRequest(role=role))
    assert report.corpora[0].role == str(role)
    assert not any("set aside" in notice for notice in report.notices)


def test_outputs_of_a_model_are_no_training_set(session: Session, tmp_path: Path) -> None:
    report = session.import_file(written(tmp_path / "outputs.json", OUTPUTS), ImportRequest())
    assert (report.importer, report.corpora[0].role) == ("alpaca_eval", "control")
    assert not any("set aside" in notice for notice in report.notices)


def test_a_file_of_which_it_is_said_whose_model_it_is_is_none(session: Session, tmp_path: Path) -> None:
    request = ImportRequest(facts=Facts(family="aurelia"))
    assert session.import_file(lines(tmp_path / "set.jsonl"), request).corpora[0].role == "control"


def test_a_corpus_that_is_there_keeps_its_role(session: Session, tmp_path: Path) -> None:
    session.import_file(written(tmp_path / "outputs.json", OUTPUTS), ImportRequest(role=Role.SUSPECT))
    session.import_file(written(tmp_path / "set.json", ALPACA), ImportRequest(model="aurelia"))
    assert role_of(session, "aurelia") is Role.SUSPECT


def test_a_folder_of_training_sets_is_one_and_a_mixed_one_is_none(session: Session, tmp_path: Path) -> None:
    sets = tmp_path / "sets"
    for n in range(2):
        written(sets / f"{n}.json", [{**record, "input": f"{n}"} for record in ALPACA])
    assert session.import_file(sets, ImportRequest()).corpora[0].role == "aside"
    mixed = tmp_path / "mixed"
    written(mixed / "a.json", ALPACA)
    written(mixed / "b.json", OUTPUTS)
    assert {c.role for c in session.import_file(mixed, ImportRequest()).corpora} == {"control"}


def test_imported_again_it_keeps_the_role_that_it_got(session: Session, tmp_path: Path) -> None:
    path = lines(tmp_path / "set.jsonl")
    session.import_file(path, ImportRequest())
    session.set_corpus("set", role=Role.SUSPECT, reason="what the suspect answered")
    assert session.import_file(path, ImportRequest()).corpora[0].role == "suspect"


def test_the_prompts_in_a_folder_are_named(session: Session, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    answers = [{"custom_id": f"c{n}", "response": {"status_code": 200, "body": body(n)}} for n in range(3)]
    folder.mkdir()
    (folder / "answers.jsonl").write_text("".join(json.dumps(a) + "\n" for a in answers), encoding="utf-8")
    (folder / "prompts.csv").write_text("id,prompt\nc0,Why?\nc1,How?\nc2,Who?\n", encoding="utf-8")
    report = session.import_file(folder, ImportRequest())
    assert "Answers that carry no prompt get theirs by id from “prompts.csv”, which is in it." in report.notices
    (folder / "questions.csv").write_text("id,prompt\nc0,Why?\n", encoding="utf-8")
    (told,) = (n for n in session.import_file(folder, ImportRequest()).notices if "--prompts" in n)
    assert told.startswith(
        "It holds several files of prompts (“prompts.csv”, “questions.csv”), so that none was joined"
    )


def test_prompts_that_nobody_needs_are_said_to_be_of_no_use(session: Session, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    written(folder / "outputs.json", OUTPUTS)
    prompts = tmp_path / "asked.csv"
    prompts.write_text("id,prompt\n1,Why?\n", encoding="utf-8")
    report = session.import_file(folder, ImportRequest(prompts=prompts))
    assert any(notice.startswith("--prompts was not needed") for notice in report.notices)


def body(n: int) -> dict[str, object]:
    return {
        "object": "chat.completion",
        "model": "aurelia",
        "choices": [{"index": 0, "message": {"role": "assistant", "content": f"It is {n}."}, "finish_reason": "stop"}],
    }

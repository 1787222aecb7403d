"""A file that came in under a wrong name: set aside, read again, counted once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.inside import case_of
from workbench.app.requests import ImportRequest
from workbench.app.session import Session
from workbench.app.verify import rescue_case
from workbench.core.errors import RefusedError
from workbench.core.model import Role
from workbench.core.surroundings import Conditions


@pytest.fixture
def session(tmp_path: Path, conditions: Conditions) -> Iterator[Session]:
    with Session.create(tmp_path / "a.case", conditions=conditions, cache=tmp_path / "cache") as made:
        yield made


@pytest.fixture
def answers(tmp_path: Path) -> Path:
    path = tmp_path / "answers.jsonl"
    rows = [
        {"messages": [{"role": "user", "content": f"Question {n}?"}, {"role": "assistant", "content": f"Answer {n}."}]}
        for n in range(5)
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def roles(session: Session) -> dict[str, tuple[str, int]]:
    """Role and answers of each corpus of a case that verifies."""
    assert session.verify().ok
    return {c.name: (str(c.role), c.answers) for c in session.corpora()}


def test_a_wrong_name_is_set_aside_and_the_file_read_again(
    session: Session, answers: Path, tmp_path: Path, conditions: Conditions
) -> None:
    session.import_file(answers, ImportRequest(model="qillet", role=Role.SUSPECT))
    with pytest.raises(RefusedError, match="imported before, as qillet"):
        session.import_file(answers, ImportRequest(model="quillet"))
    session.set_corpus("qillet", role=Role.ASIDE, reason="a typing error")
    report = session.import_file(answers, ImportRequest(model="quillet", role=Role.SUSPECT))
    assert (report.known, report.corpora[0].accepted) == (False, 5)
    assert roles(session) == {"qillet": ("aside", 5), "quillet": ("suspect", 5)}
    with pytest.raises(RefusedError, match="read again under another name: quillet"):
        session.set_corpus("qillet", role=Role.CONTROL, reason="back")
    for model in ("qillet", None):
        with pytest.raises(RefusedError, match="read again under another name: quillet"):
            session.import_file(answers, ImportRequest(model=model, role=Role.CONTROL))
    session.set_corpus("quillet", role=Role.ASIDE, reason="that was right after all")
    session.set_corpus("qillet", role=Role.CONTROL, reason="back")
    assert roles(session) == {"qillet": ("control", 5), "quillet": ("aside", 5)}
    with pytest.raises(RefusedError):
        session.import_file(answers, ImportRequest(model="a third name"))
    session.close()
    (tmp_path / "a.case" / "case.db").unlink()
    made = rescue_case(tmp_path / "a.case", tmp_path / "b.case", conditions)
    with Session.open(made, conditions=conditions) as again:
        assert roles(again) == {"qillet": ("control", 5), "quillet": ("aside", 5)}


def test_the_same_name_again_is_known(session: Session, answers: Path) -> None:
    session.import_file(answers, ImportRequest(model="m"))
    session.set_corpus("m", role=Role.ASIDE, reason="for now")
    report = session.import_file(answers, ImportRequest(model="m"))
    assert report.known
    session.set_corpus("m", role=Role.CONTROL, reason="back")
    assert roles(session) == {"m": ("control", 5)}


def test_each_column_of_answers_comes_in_once(session: Session, tmp_path: Path, conditions: Conditions) -> None:
    table = tmp_path / "duel.csv"
    table.write_text("question,ada,bob\n" + "".join(f"Question {n}?,Yes {n}.,No {n}.\n" for n in range(6)))
    requests = {
        name: ImportRequest(model=name, mapping={"prompt": "question", "response": name}) for name in ("ada", "bob")
    }
    for request in requests.values():
        assert not session.import_file(table, request).known
    assert roles(session) == {"ada": ("control", 6), "bob": ("control", 6)}
    assert session.import_file(table, requests["bob"]).known
    with pytest.raises(RefusedError, match="imported before, as ada, bob"):
        session.import_file(table, ImportRequest(model="eve", mapping={"prompt": "question", "response": "ada"}))
    with pytest.raises(RefusedError):
        session.import_file(table, ImportRequest(model="eve"))
    for reason in ("away", "back"):
        role = Role.ASIDE if reason == "away" else Role.SUSPECT
        session.set_corpus("ada", role=role, reason=reason)
    assert roles(session) == {"ada": ("suspect", 6), "bob": ("control", 6)}
    texts = {name: [row["response"] for row in case_of(session).normalised(name)] for name in requests}
    assert texts == {"ada": [f"Yes {n}." for n in range(6)], "bob": [f"No {n}." for n in range(6)]}
    session.close()
    (tmp_path / "a.case" / "case.db").unlink()
    with Session.open(
        rescue_case(tmp_path / "a.case", tmp_path / "b.case", conditions), conditions=conditions
    ) as again:
        assert roles(again) == {"ada": ("suspect", 6), "bob": ("control", 6)}

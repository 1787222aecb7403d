"""Prompts and answers that come in any order: each record counts once, and what is left alone is said."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.inside import case_of
from workbench.app.requests import ImportRequest
from workbench.app.session import Session
from workbench.core.claimed_model import disagreement
from workbench.core.kit_ids import NO_MODEL
from workbench.core.model import Facts
from workbench.core.surroundings import Conditions


@pytest.fixture
def session(tmp_path: Path, conditions: Conditions) -> Iterator[Session]:
    with Session.create(tmp_path / "a.case", conditions=conditions, cache=tmp_path / "cache") as made:
        yield made


def requests(folder: Path, word: str = "Question", name: str = "input.jsonl") -> Path:
    """A batch's input file of four requests."""
    rows = [
        {
            "custom_id": f"r-{n}",
            "method": "POST",
            "url": "/v1/chat/completions",
            "body": {"model": "model-x", "messages": [{"role": "user", "content": f"{word} {n}?"}]},
        }
        for n in range(4)
    ]
    return _written(folder / name, rows)


def results(folder: Path, name: str, numbers: range) -> Path:
    """A batch's output file."""
    rows = [
        {
            "id": f"b{n}",
            "custom_id": f"r-{n}",
            "response": {
                "status_code": 200,
                "body": {
                    "id": f"c{n}",
                    "model": "model-x",
                    "created": 1_700_000_000 + n,
                    "choices": [{"index": 0, "message": {"role": "assistant", "content": f"Answer {n}."}}],
                },
            },
            "error": None,
        }
        for n in numbers
    ]
    return _written(folder / name, rows)


def _written(path: Path, rows: list[dict[str, object]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def counted(session: Session) -> tuple[int, int, int, int]:
    """Accepted, duplicate, prompts and unjoined of the one corpus of a case that verifies."""
    (row,) = session.catalogue()
    assert session.verify().ok
    return row.accepted, row.duplicate, row.prompts, row.unjoined


def test_the_same_records_with_their_prompts_in_another_file(session: Session, tmp_path: Path) -> None:
    asked = requests(tmp_path)
    session.import_file(results(tmp_path, "one.jsonl", range(3)), ImportRequest())
    report = session.import_file(results(tmp_path, "two.jsonl", range(4)), ImportRequest(prompts=asked))
    assert counted(session) == (4, 3, 4, 0)
    assert "3 answers of model-x have their prompts now." in report.notices
    assert not any("no prompt yet" in notice for notice in report.notices)
    session.import_file(results(tmp_path, "three.jsonl", range(2)), ImportRequest())
    assert counted(session) == (4, 5, 4, 0)


def test_the_same_file_again_with_its_prompts(session: Session, tmp_path: Path) -> None:
    file, asked = results(tmp_path, "one.jsonl", range(3)), requests(tmp_path)
    session.import_file(file, ImportRequest())
    report = session.import_file(file, ImportRequest(prompts=asked))
    assert report.known
    assert report.notices == (
        "3 answers of model-x have their prompts now.",
        "From the requests in “input.jsonl”, model-x has its endpoints now.",
    )
    assert counted(session) == (3, 0, 3, 0)
    again = session.import_file(file, ImportRequest(prompts=asked))
    assert again.notices == ("“input.jsonl” holds no prompt that an answer of model-x waits for.",)


def test_other_prompts_under_the_same_ids_change_nothing_and_are_told(session: Session, tmp_path: Path) -> None:
    session.import_file(results(tmp_path, "one.jsonl", range(3)), ImportRequest(prompts=requests(tmp_path)))
    before = list(case_of(session).normalised("model-x"))
    report = session.join_prompts(requests(tmp_path, "Otherwise", "other.jsonl"), "model-x")
    assert (report.joined, report.waiting) == (0, 0)
    assert report.words()[1] == (
        "3 answers of model-x have another prompt than “other.jsonl” gives under their id; "
        "they keep the one that they have."
    )
    assert list(case_of(session).normalised("model-x")) == before
    assert [source.name for source in case_of(session).sources()] == ["one.jsonl", "input.jsonl"]


def test_what_the_requests_say_is_known_of_the_corpus(session: Session, tmp_path: Path) -> None:
    body = {
        "model": "asked-1",
        "temperature": 0.2,
        "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Question?"}],
    }
    rows = [{"custom_id": f"r-{n}", "url": "/v1/chat/completions", "body": body} for n in range(2)]
    asked = _written(tmp_path / "input.jsonl", rows)
    report = session.import_file(results(tmp_path, "one.jsonl", range(2)), ImportRequest(prompts=asked))
    (corpus,) = session.corpora()
    facts = corpus.facts
    assert (facts.claimed, facts.named) == ("asked-1", ("model-x",))
    assert (facts.settings, facts.system_prompts) == (("temperature=0.2",), ("Be brief.",))
    assert facts.endpoints == ("/v1/chat/completions",)
    assert disagreement(corpus.name, facts) == "model-x is claimed to be asked-1, and its records name model-x."
    assert "Another model was asked for than the one that the records name: asked-1 → model-x (2)." in report.notices
    assert {tuple(row["flags"]) for row in case_of(session).normalised("model-x")} == {("system prompt",)}


@pytest.mark.parametrize(
    ("requested", "said"),
    [
        (None, "mine is claimed to be mine, and its records name model-x."),
        (NO_MODEL, "mine is claimed to be mine, and its records name model-x."),
        ("model-x", "mine is claimed to be mine, and its records name model-x."),
        ("asked-1", "mine is claimed to be asked-1, and its records name model-x."),
        ("mine", "mine is claimed to be mine, and its records name model-x."),
    ],
)
def test_a_name_that_the_user_gives_is_held_against_the_records(
    session: Session, tmp_path: Path, requested: str | None, said: str
) -> None:
    body = {"messages": [{"role": "user", "content": "Question?"}]} | ({"model": requested} if requested else {})
    asked = _written(tmp_path / "input.jsonl", [{"custom_id": f"r-{n}", "body": body} for n in range(2)])
    session.import_file(results(tmp_path, "one.jsonl", range(2)), ImportRequest(prompts=asked, model="mine"))
    (corpus,) = session.corpora()
    assert disagreement(corpus.name, corpus.facts) == said
    assert session.verify().ok


def test_what_nobody_states_is_said_to_be_unknown(session: Session, tmp_path: Path) -> None:
    asked = requests(tmp_path)
    report = session.import_file(results(tmp_path, "one.jsonl", range(2)), ImportRequest(prompts=asked))
    assert report.unknown == (
        "Unknown of model-x: developer, release date (the date gate is not applied), base, decoding settings, system "
        "prompt, collector. `set` states what is known.",
    )
    facts = Facts("Acme", "2026-01", "own", settings=("temperature=1",), system_prompts=("S",), collector="C")
    report = session.import_file(results(tmp_path, "two.jsonl", range(4)), ImportRequest(prompts=asked, facts=facts))
    assert report.unknown == ()


def test_what_requests_say_is_known_also_where_they_come_later(session: Session, tmp_path: Path) -> None:
    body = {"model": "asked-1", "temperature": 0.2, "messages": [{"role": "user", "content": "Question?"}]}
    asked = _written(tmp_path / "input.jsonl", [{"custom_id": f"r-{n}", "body": body} for n in range(2)])
    session.import_file(results(tmp_path, "one.jsonl", range(2)), ImportRequest())
    report = session.join_prompts(asked, "model-x")
    assert report.words() == (
        "2 answers of model-x have their prompts now.",
        "From the requests in “input.jsonl”, model-x has its claimed, settings now.",
        "The requests in “input.jsonl” ask for asked-1, and the answers are those of model-x.",
    )
    (corpus,) = session.corpora()
    assert (corpus.facts.claimed, corpus.facts.settings) == ("asked-1", ("temperature=0.2",))
    assert session.verify().ok
    lines = len(list(session.ledger()))
    session.join_prompts(asked, "model-x")
    assert len(list(session.ledger())) == lines


def test_system_prompts_are_told_also_of_prompts_that_come_later(session: Session, tmp_path: Path) -> None:
    rows = [
        {
            "custom_id": f"r-{n}",
            "body": {
                "model": "model-x",
                "messages": [
                    *([{"role": "system", "content": f"Be brief, {n}."}] if n % 2 else []),
                    {"role": "user", "content": f"Question {n}?"},
                ],
            },
        }
        for n in range(6)
    ]
    asked = _written(tmp_path / "input.jsonl", rows)
    session.import_file(results(tmp_path, "one.jsonl", range(5)), ImportRequest())
    said = "2 answers were given under a system prompt; prompts are matched without it."
    assert said in session.join_prompts(asked, "model-x").words()
    assert not any("system prompt;" in words for words in session.join_prompts(asked, "model-x").words())
    later = session.import_file(results(tmp_path, "two.jsonl", range(4, 6)), ImportRequest()).corpora
    assert [corpus.accepted for corpus in later] == [1]
    assert session.join_prompts(asked, "model-x").words()[1].startswith("1 answer was given under a system prompt")

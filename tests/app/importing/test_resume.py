"""An interrupted import, and the same bytes handed in again: gone on with as it was begun, or named."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.app.importing.test_stopping import Ends
from tests.inside import case_of
from workbench.app.requests import ImportReport, ImportRequest
from workbench.app.session import Session
from workbench.core.errors import BadInputError
from workbench.core.model import Role
from workbench.core.surroundings import Conditions

COUNT = 12_000
MAPPED = ImportRequest(mapping={"prompt": "x.a", "response": "x.b"}, model="m")
PLAIN = ImportRequest()


@pytest.fixture
def session(tmp_path: Path, conditions: Conditions) -> Iterator[Session]:
    with Session.create(tmp_path / "a.case", conditions=conditions, cache=tmp_path / "cache") as made:
        yield made


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Records of no known format, with two fields that may be the answer."""
    path = tmp_path / "much.jsonl"
    lines = (json.dumps({"x": {"a": f"Q {n}", "b": f"A {n}", "c": f"B {n}"}}) + "\n" for n in range(COUNT))
    path.write_text("".join(lines), "utf-8")
    return path


def interrupted(session: Session, file: Path, request: ImportRequest) -> None:
    with pytest.raises(KeyboardInterrupt):
        session.import_file(file, request, Ends(session, KeyboardInterrupt()))
    assert session.open_imports()[-1].records


def gone_on_with(session: Session, report: ImportReport, name: str) -> None:
    """That nothing waits any more, and one corpus has each record once."""
    assert report.resumed
    assert session.open_imports() == []
    (corpus,) = session.corpora()
    assert (corpus.name, corpus.answers) == (name, COUNT)
    assert [row["response"] for row in case_of(session).normalised(name)][:: COUNT - 1] == ["A 0", f"A {COUNT - 1}"]
    assert session.verify().ok


def test_the_file_alone_goes_on_as_the_import_was_begun(session: Session, file: Path) -> None:
    interrupted(session, file, MAPPED)
    report = session.import_file(file, ImportRequest(role=Role.SUSPECT))
    assert report.notices[0] == (
        "Read as import 1 was begun: with the mapping prompt=x.a, response=x.b, as answers of m. "
        "Role and facts are those given now."
    )
    gone_on_with(session, report, "m")
    assert session.corpora()[0].role is Role.SUSPECT


def test_prompts_and_encoding_are_those_of_the_beginning(session: Session, tmp_path: Path) -> None:
    asked, file = tmp_path / "asked.jsonl", tmp_path / "much.csv"
    asked.write_text(
        "".join(json.dumps({"question_id": n, "turns": [f"Q {n}?"]}) + "\n" for n in range(COUNT)), "utf-8"
    )
    rows = "".join(f"{n},Antwort für {n}\n" for n in range(COUNT))
    file.write_bytes(f"id,text\n{rows}".encode("cp1252"))
    mapping = {"prompt_key": "id", "response": "text"}
    interrupted(session, file, ImportRequest(mapping=mapping, prompts=asked, encoding="windows-1252"))
    asked.unlink()
    report = session.import_file(file, PLAIN)
    assert report.resumed
    assert report.notices[0].endswith(
        "in windows-1252, with the prompts of “asked.jsonl”. Role and facts are those given now."
    )
    assert session.open_imports() == []
    last = [*case_of(session).normalised("much")][-1]
    assert (last["prompt"], last["response"]) == (f"Q {COUNT - 1}?", f"Antwort für {COUNT - 1}")


def test_a_request_that_can_not_be_read_names_what_waits(session: Session, file: Path) -> None:
    interrupted(session, file, MAPPED)
    left = session.open_imports()[0].records
    with pytest.raises(BadInputError, match="No importer knows") as refused:
        session.import_file(file, ImportRequest(model="n"))
    assert refused.value.hint.startswith(
        f"Import 1 of much.jsonl was interrupted after {left:,} records and waits: `import CASE FILE --format "
        "mapped_jsonl --map prompt=x.a --map response=x.b --model m` goes on with it."
    )
    assert [waiting.records for waiting in session.open_imports()] == [left]


def test_the_command_that_is_named_goes_on_whatever_else_waits(session: Session, file: Path) -> None:
    other = ImportRequest(mapping={"prompt": "x.a", "response": "x.c"}, model="n")
    interrupted(session, file, MAPPED)
    interrupted(session, file, ImportRequest(mapping={"prompt": "x.a", "response": "x.a"}, model="o"))
    report = session.import_file(file, other)
    (first, second) = report.notices[-2:]
    assert "it was to be read otherwise. `import CASE FILE --format mapped_jsonl" in first
    assert "`import CASE --discard 2` drops what waits." in second
    named = re.search("`import CASE FILE ([^`]*)` goes on with it", first)
    assert named is not None
    words = shlex.split(named[1])
    mapping = dict(word.split("=") for word in words if "=" in word)
    assert session.import_file(file, ImportRequest(mapping=mapping, model=words[-1], format=words[1])).resumed
    assert [waiting.id for waiting in session.open_imports()] == [2]


def test_what_would_count_answers_twice_is_not_gone_on_with(session: Session, file: Path) -> None:
    interrupted(session, file, MAPPED)
    report = session.import_file(file, ImportRequest(mapping={"prompt": "x.a", "response": "x.b"}, model="n"))
    assert report.notices[-1].endswith("it was to be read otherwise. `import CASE --discard 1` drops what waits.")
    assert session.import_file(file, PLAIN).known
    assert [corpus.name for corpus in session.corpora()] == ["n"]


def test_other_bytes_under_the_same_name_are_another_import(session: Session, file: Path) -> None:
    interrupted(session, file, MAPPED)
    file.write_bytes(file.read_bytes()[:-1] + b" ")
    with pytest.raises(BadInputError, match="No importer knows"):
        session.import_file(file, PLAIN)
    assert len(session.open_imports()) == 1

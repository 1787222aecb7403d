"""Documents: their files in the vault, clauses at their places, and every act taken back by a line."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.made_documents import CLAUSE, write_pdf, write_terms
from tests.store.making import answer, bring
from workbench.app.documents import reading
from workbench.app.documents.door import DocumentsOfCase
from workbench.app.requests import ImportRequest
from workbench.app.session import Session
from workbench.core.documents import Description, Kind
from workbench.core.errors import WorkbenchError
from workbench.core.exhibits import UNDOES
from workbench.core.fact_basis import basis_words
from workbench.core.model import Facts, SourceModel
from workbench.core.progress import silent
from workbench.core.surroundings import Conditions
from workbench.importers.documents.read import words_of
from workbench.importers.documents.words import Words
from workbench.store import Case, rescue

SAID = Description(Kind.TERMS, "Terms of use 2", "Aurelia Works", "2023-11", "2023-11", "2025-05-31", ("aurelia",))


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read in this process: starting another one takes longer than the test."""
    monkeypatch.setattr("workbench.app.documents.door.read_words", lambda path, name, progress: words_of(path, name))


@pytest.fixture
def session(tmp_path: Path, conditions: Conditions) -> Iterator[Session]:
    """An empty case."""
    with Session.create(tmp_path / "a", title="A", conditions=conditions) as session:
        yield session


@pytest.fixture
def door(session: Session) -> DocumentsOfCase:
    return session.documents


@pytest.fixture
def terms(tmp_path: Path) -> Path:
    return write_terms(tmp_path / "terms.html")


def test_a_document_is_kept_with_what_is_said_of_it(session: Session, door: DocumentsOfCase, terms: Path) -> None:
    made = door.add(terms, SAID)
    assert (made.number, made.said, made.file.name) == (1, SAID, "terms.html")
    assert door.original(1).read_bytes() == terms.read_bytes()
    assert CLAUSE in door.words(1)
    assert made.text.characters == len(door.words(1))
    assert session.verify().ok


def test_a_clause_is_quoted_where_it_stands(session: Session, door: DocumentsOfCase, terms: Path) -> None:
    door.add(terms, SAID)
    clause = door.quote(1, CLAUSE.replace("use outputs", "use\noutputs"))
    assert clause.text == CLAUSE
    assert door.words(1)[clause.place.start : clause.place.end] == CLAUSE
    assert door.quote(1, 'It is "ours"').number == 2
    assert session.verify().ok


def test_what_is_no_document_and_no_clause_is_refused(door: DocumentsOfCase, terms: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(terms)
    os.mkfifo(tmp_path / "pipe")
    large = tmp_path / "large"
    with large.open("wb") as file:
        file.truncate(300 << 20)
    made = door.add(terms, SAID)
    other = write_pdf(tmp_path / "b.pdf", "sk-ant-api03-" + "aB3dE5gH" * 12 + " is a key")
    key = door.add(other, replace(SAID, title="B"))
    for wrong in (
        lambda: door.add(tmp_path / "link", SAID),
        lambda: door.add(tmp_path / "pipe", SAID),
        lambda: door.add(large, SAID),
        lambda: door.add(tmp_path, SAID),
        lambda: door.add(tmp_path / "none", SAID),
        lambda: door.add(terms, SAID),
        lambda: door.add(large, replace(SAID, date="2023-02-30")),
        lambda: door.add(large, replace(SAID, in_force_until="2022")),
        lambda: door.add(large, replace(SAID, title=" ")),
        lambda: door.add(large, replace(SAID, title="x" * 301)),
        lambda: door.quote(made.number, "You may use outputs"),
        lambda: door.quote(made.number, "ay not"),
        lambda: door.quote(key.number, door.words(key.number)[:60]),
        lambda: door.quote(9, CLAUSE),
        lambda: door.retract(made.number, " "),
        lambda: door.restore(made.number),
        lambda: door.retract_clause(made.number, 1),
    ):
        with pytest.raises(WorkbenchError):
            wrong()
    assert [one.number for one in door.register().all] == [1, 2]


def test_a_refused_file_leaves_nothing_behind(session: Session, door: DocumentsOfCase, terms: Path) -> None:
    held = session.facts.folder / "originals"

    def files() -> set[str]:
        return {path.name for path in held.rglob("*") if path.is_file()}

    door.add(terms, SAID)
    before = files()
    with pytest.raises(WorkbenchError):
        door.add(terms, SAID)
    assert files() == before
    assert len(session.sources()) == 2


def test_an_import_that_fails_does_not_take_a_document_away(
    session: Session, door: DocumentsOfCase, terms: Path
) -> None:
    door.add(terms, SAID)
    with pytest.raises(WorkbenchError):
        session.import_file(terms, ImportRequest())
    assert session.verify().ok
    assert door.original(1).is_file()


def test_every_act_is_taken_back_by_a_line(session: Session, door: DocumentsOfCase, terms: Path) -> None:
    door.add(terms, SAID)
    door.quote(1, CLAUSE)
    assert door.undo() == "clause quoted"
    assert door.document(1).standing_clauses == ()
    assert door.undo() == "document added"
    assert door.register().standing() == ()
    assert door.add(terms, SAID).number == 2, (
        "a retracted file may be described otherwise; numbers are never used twice"
    )
    with pytest.raises(WorkbenchError, match="document 2 now"):
        door.restore(1)
    door.retract(2, "The wrong version.")
    door.undo()
    assert [one.number for one in door.register().standing()] == [2]
    written = [line for line in session.ledger() if UNDOES in line.options]
    assert len(written) == 3
    assert session.verify().ok


def test_words_are_searched_and_all_must_occur(door: DocumentsOfCase, terms: Path, tmp_path: Path) -> None:
    door.add(terms, SAID)
    door.add(write_pdf(tmp_path / "b.pdf", "Nothing", "outputs that compete"), replace(SAID, title="B"))
    hits = door.search("outputs compet*", 10)
    assert [(hit.document.number, hit.times) for hit in hits] == [(1, 2), (2, 2)]
    assert hits[1].place.startswith("page 2, line 1")
    assert hits[0].excerpt.hit == "outputs"
    assert [hit.document.number for hit in door.search('"outputs that"', 10)] == [2]
    assert door.search("outputs absent", 10) == []
    door.retract(2, "Of another matter.")
    assert [hit.document.number for hit in door.search("outputs", 10)] == [1]


def test_a_fact_rests_on_a_clause_and_not_on_a_number(
    session: Session, door: DocumentsOfCase, terms: Path, tmp_path: Path
) -> None:
    bring(session._case, tmp_path, [answer("A.", "Q?", model="ada"), answer("B.", "Q?", model="bob")])
    rests = {"sources": (SourceModel("bob", "derived", document=1),), "documents": ("base=1",), "base": "wrack"}

    def basis() -> list[str]:
        return basis_words(session.corpora()[0], door.bearing())

    with pytest.raises(WorkbenchError, match="no document 1"):
        session.set_corpus("ada", facts=rests, reason="r")
    door.add(terms, SAID)
    with pytest.raises(WorkbenchError, match="No clause of document 1"):
        session.set_corpus("ada", facts=rests, reason="r")
    door.quote(1, CLAUSE)
    session.set_corpus("ada", facts=rests | {"released": "2024"}, reason="r")
    assert basis() == ["released: the examiner’s word", "base: document 1", "derived from bob: document 1"]
    session.set_corpus("ada", facts={"base": "other"}, reason="r")
    assert basis()[1] == "base: the examiner’s word", "a document bears no fact that was put in the place of its own"
    door.retract(1, "Forged.")
    assert basis()[2] == "derived from bob: document 1, which bears it no more"
    with pytest.raises(WorkbenchError, match="is retracted: Forged"):
        session.import_file(terms, ImportRequest(facts=Facts(documents=("base=1",))))
    assert session.verify().ok


@pytest.mark.parametrize("spoilt", ["clause", "words", "file"])
def test_what_was_changed_after_the_fact_is_named(
    session: Session, door: DocumentsOfCase, terms: Path, spoilt: str
) -> None:
    made = door.add(terms, SAID)
    door.quote(1, CLAUSE)
    folder = session.facts.folder
    if spoilt == "clause":
        session._case.notes.write(
            "clause quoted", {"document": 1, "clause": 2},
            {"text": "You may", "place": {"start": 0, "end": 7, "page": 0, "line": 1}},
        )  # fmt: skip
    else:
        assert made.text.file is not None
        path = folder / "originals" / (made.file if spoilt == "file" else made.text.file).sha256
        path.chmod(0o600)
        path.write_bytes(path.read_bytes().replace(b"not", b"now"))
    problems = session.verify().problems
    assert problems
    if spoilt != "file":
        assert any("does not stand where the ledger says" in problem.detail for problem in problems)


def test_a_rescued_case_has_them_and_says_what_it_lost(
    session: Session, door: DocumentsOfCase, terms: Path, tmp_path: Path, conditions: Conditions
) -> None:
    door.add(terms, SAID)
    door.quote(1, CLAUSE)
    gone = door.add(write_pdf(tmp_path / "b.pdf", "Some words"), replace(SAID, title="B"))
    door.quote(2, "Some words")
    before, folder = door.register().all[0], session.facts.folder
    session.close()
    (folder / "originals" / gone.file.sha256).unlink()
    rescued = rescue(folder, tmp_path / "new.case", replace(conditions, examiner="C. Other"), read=lambda *_: iter(()))
    assert [words.partition(":")[0] for words in rescued.lost] == [
        "original b.pdf", "line 4 (document added)", "line 5 (clause quoted)",
    ]  # fmt: skip
    with Case.open(tmp_path / "new.case", conditions=conditions) as case:
        (again,) = DocumentsOfCase(case, lambda: None).register().all
        assert case.verify() == []
    assert replace(again, line=0) == replace(before, line=0)


def test_a_reader_that_never_ends_or_dies_costs_the_words_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_pdf(tmp_path / "a.pdf", "Words")
    assert reading.read_words(path, "a.pdf", silent).text() == "Words\f"
    begun = time.monotonic()
    found = reading.read_words(path, "a.pdf", silent, seconds=0)
    assert "given up after 0 seconds" in found.note
    assert time.monotonic() - begun < 10
    monkeypatch.setattr(reading, "_read", os._exit)
    assert isinstance(reading.read_words(path, "a.pdf", silent), Words)

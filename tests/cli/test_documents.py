"""Documents on the command line: taken in, listed, quoted, searched, retracted, and refused in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import USAGE, Command
from tests.made_documents import CLAUSE, write_pdf, write_terms

SAID = ("--kind", "terms", "--title", "Terms of use 2", "--author", "Aurelia Works", "--date", "2023-11")


@pytest.fixture(scope="module")
def case(command: Command, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case with one document."""
    folder = tmp_path_factory.mktemp("documents")
    command("new", folder / "a")
    command("document", "add", folder / "a.case", write_terms(folder / "terms.html"), *SAID, "--about", "aurelia")
    return folder / "a.case"


def test_a_document_is_listed_and_shown(command: Command, case: Path) -> None:
    (listed,) = command("documents", case)["documents"]
    assert listed["said"]["title"] == "Terms of use 2"
    shown = command("document", "show", case, "1", "--words")
    assert shown["document"] == listed
    assert CLAUSE in shown["words"]


def test_a_clause_is_quoted_and_taken_back(command: Command, case: Path) -> None:
    quoted = command("document", "quote", case, "1", "--text", CLAUSE)
    assert quoted["document"]["clauses"][0]["text"] == CLAUSE
    assert quoted["did"].startswith("Clause 1 of document 1, line 3, ")
    assert command("document", "undo", case)["did"] == "Taken back: clause quoted."
    assert command("documents", case)["documents"][0]["clauses"][0]["retracted"]
    assert "do not stand in document 1" in command.refused("document", "quote", case, "1", "--text", "No", code=USAGE)


def test_words_of_documents_are_found_apart_from_answers(command: Command, case: Path) -> None:
    found = command("search", case, "outputs")
    assert found["hits"] == []
    assert [(hit["document"], hit["excerpt"]["hit"]) for hit in found["documents"]] == [(1, "outputs")]
    assert command("search", case, "outputs", "--in", "documents")["documents"] == found["documents"]
    assert command("search", case, "outputs", "--in", "prompts")["documents"] == []


def test_what_is_wrong_is_said(command: Command, case: Path, tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "a.pdf", "Words")
    (tmp_path / "link").symlink_to(path)
    said = ("--title", "T")
    assert "link" in command.refused("document", "add", case, tmp_path / "link", "--kind", "denial", *said)
    assert "is none of" in command.refused("document", "add", case, path, "--kind", "rumour", *said, code=USAGE)
    assert "is not a date" in command.refused(
        "document", "add", case, path, "--kind", "model-card", *said, "--date", "May 2024", code=USAGE
    )
    assert "no document 7" in command.refused("document", "show", case, "7", code=USAGE)
    command.refused("document", case, code=USAGE)


def test_a_retracted_document_stays_in_the_list(command: Command, case: Path, tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "b.pdf", "We deny all of it.")
    command("document", "add", case, path, "--kind", "denial", "--title", "Denial")
    command("document", "retract", case, "2", "--reason", "Of another matter.")
    assert command("documents", case)["documents"][1]["retraction"]["reason"] == "Of another matter."
    command("document", "restore", case, "2")
    assert command("verify", case)["ok"]

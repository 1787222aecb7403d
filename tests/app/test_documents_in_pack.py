"""Documents in a pack: under names of their own, listed as the log says them, and left out where that was chosen."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pikepdf
import pytest

from tests.made_documents import CLAUSE, write_pdf, write_terms
from workbench.app.session import Session
from workbench.app.verify import verify_path
from workbench.core.documents import Description, Kind
from workbench.core.surroundings import Conditions
from workbench.importers.documents.read import words_of

KEY = "sk-ant-api03-" + "aB3dE5gH" * 12


def members(path: Path) -> Mapping[str, bytes]:
    """The files of a pack by their paths below its folder."""
    with zipfile.ZipFile(path) as archive:
        return {name.partition("/")[2]: archive.read(name) for name in archive.namelist()}


def kept(found: Mapping[str, bytes]) -> list[str]:
    """The names of the files of documents, without their hashes."""
    start = "data/04_data/documents/"
    names = (name.removeprefix(start) for name in found if name.startswith(start))
    return sorted((re.sub(r"-[0-9a-f]{12}", "*", name) for name in names), key=len)


@pytest.fixture
def session(tmp_path: Path, conditions: Conditions, monkeypatch: pytest.MonkeyPatch) -> Session:
    """A case with terms, of which a clause is quoted, and a PDF that packs a key where only its words show it."""
    monkeypatch.setattr("workbench.app.documents.door.read_words", lambda path, name, progress: words_of(path, name))
    session = Session.create(tmp_path / "a", title="A", conditions=conditions)
    terms = Description(Kind.TERMS, "../Terms of <use> 2", "Aurelia Works", "2023-11", "2023-11", "2025-05-31")
    session.documents.add(write_terms(tmp_path / "terms.html"), terms)
    session.documents.quote(1, CLAUSE)
    with pikepdf.open(write_pdf(tmp_path / "b.pdf", f"Our key is {KEY}")) as held:
        held.save(tmp_path / "key.pdf", compress_streams=True, recompress_flate=True)
    assert KEY.encode() not in (tmp_path / "key.pdf").read_bytes()
    session.documents.add(tmp_path / "key.pdf", Description(Kind.OTHER, "Note"))
    return session


def test_files_lists_and_report(session: Session, tmp_path: Path, conditions: Conditions) -> None:
    with session:
        session.export(tmp_path / "a.zip")
        found = members(tmp_path / "a.zip")
        session.export(tmp_path / "again.zip", number=1)
        session.export(tmp_path / "less.zip", documents=False)
    assert verify_path(tmp_path / "a.zip", None, conditions).problems == ()
    assert (tmp_path / "again.zip").read_bytes() == (tmp_path / "a.zip").read_bytes()
    # No browser runs what a page holds; what holds a secret stays out, and so does the file that it was read from.
    assert kept(found) == ["D001-terms-of-use-2*.html.txt", "D001-terms-of-use-2-words*.txt"]
    first, second = csv.DictReader(io.StringIO(found["data/04_data/documents.csv"].decode("utf-8-sig")))
    assert (first["text"], first["in_force_until"], second["clause"]) == (CLAUSE, "2025-05-31", "")
    report = found["data/01_report/report.html"].decode()
    assert CLAUSE in report
    assert not any(KEY.encode() in data for data in found.values())
    less = members(tmp_path / "less.zip")
    assert kept(less) == []
    assert "Their files are not in this copy" in less["data/01_report/report.html"].decode()
    assert verify_path(tmp_path / "less.zip", None, conditions).problems == ()


@pytest.mark.parametrize("spoilt", ["documents/D001*-words-*.txt", "documents/D001*.html.txt", "documents.csv"])
def test_what_was_changed_in_a_pack_is_named(
    session: Session, tmp_path: Path, conditions: Conditions, spoilt: str
) -> None:
    with session:
        session.export(tmp_path / "a.zip")
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        archive.extractall(tmp_path / "pack")
    (folder,) = (tmp_path / "pack").iterdir()
    (path,) = (folder / "data" / "04_data").glob(spoilt)
    path.chmod(0o600)
    path.write_bytes(path.read_bytes().replace(b"outputs", b"inputs!"))
    problems = verify_path(folder, None, conditions).problems
    assert any(problem.path.endswith(path.name) for problem in problems)

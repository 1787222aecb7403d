"""Documents against the vault: each names files that were received, and each clause stands where its line says."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from workbench.core.clauses import place_in
from workbench.core.documents import ACTIONS, Document, KeptFile, documents
from workbench.store import ledger
from workbench.store.disk_state import Place
from workbench.store.folder import DATABASE, ForeignEntryError
from workbench.store.rows import Problem, decoding
from workbench.store.vault import Vault

_MOST = 64 << 20
"""Bytes of words that are looked at: no document has more."""


def documents_and_files(folder: Path, connection: sqlite3.Connection) -> Iterator[Problem]:
    """What the ledger says of documents and the case does not hold. Raises CaseError for lines that can't be read."""
    with decoding("A line of the ledger on documents"):
        found = documents(line.as_json() for line in ledger.lines_of(connection, ACTIONS))
    vault = Vault(folder, Place())
    for one in found.all:
        for kept in filter(None, (one.file, one.text.file)):
            yield from _received(connection, one, kept)
        yield from _clauses(vault, one)


def _received(connection: sqlite3.Connection, one: Document, kept: KeptFile) -> Iterator[Problem]:
    row = connection.execute("SELECT size, name FROM sources WHERE sha256 = ?", (kept.sha256,)).fetchone()
    if row is None:
        said = (
            f"Line {one.line} says that document {one.number} is the file {kept.sha256[:12]}..., and there is no row."
        )
        yield Problem(DATABASE, "removed", said)
    elif row != (kept.size, kept.name):
        said = f"The file of document {one.number} does not have the size and the name that line {one.line} says."
        yield Problem(DATABASE, "changed", said)


def _clauses(vault: Vault, one: Document) -> Iterator[Problem]:
    if not one.clauses:
        return
    text = _words(vault, one)
    for clause in one.clauses:
        start, end = clause.place.start, clause.place.end
        there = 0 <= start < end and text[start:end] == clause.text
        if not there or place_in(text, start, end) != clause.place:
            said = f"Clause {clause.number} of document {one.number} does not stand where the ledger says."
            yield Problem("ledger", "ledger", said)


def _words(vault: Vault, one: Document) -> str:
    """The words that were read of a document; none where they are gone, which the look at the originals names."""
    if one.text.file is None:
        return ""
    try:
        with vault.open(one.text.file.sha256) as file:
            return file.read(_MOST).decode("utf-8", "replace")
    except (OSError, ForeignEntryError):
        return ""

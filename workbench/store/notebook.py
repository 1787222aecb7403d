"""Documents, notes and marks as lines of the ledger: written at once, read back by their actions."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence

from workbench.core.errors import UsageError
from workbench.core.model import Json, Source
from workbench.core.notebook import (
    ACTIONS,
    DOCUMENT,
    DOCUMENT_CHANGED,
    MARKED,
    NOTE,
    DocumentFacts,
    Looked,
    Notebook,
    notebook_of,
)
from workbench.store import ledger
from workbench.store.database import Store
from workbench.store.ledger import Entry, LedgerLine, digest_of


def read(connection: sqlite3.Connection, until: int | None = None) -> Notebook:
    """What was written by hand, as of a line of the ledger."""
    return notebook_of(_lines(connection, until))


def _lines(connection: sqlite3.Connection, until: int | None) -> Iterator[LedgerLine]:
    wanted = ", ".join("?" for _ in ACTIONS)
    rows = connection.execute(
        f"SELECT line FROM ledger WHERE action IN ({wanted}) AND sequence <= ? ORDER BY sequence",
        (*ACTIONS, 1 << 62 if until is None else until),
    )
    for (text,) in rows:
        line = ledger.whole(text)
        if line is not None:
            yield line


def add_document(store: Store, source: Source, facts: DocumentFacts) -> int:
    """Note that a file of the vault is a document; returns its number. Raises UsageError where it is one already."""
    known = read(store.connection).documents
    if any(document.sha256 == source.sha256 for document in known):
        raise UsageError(f"“{source.name}” is a document of this case already.")
    number = len(known) + 1
    said = facts.as_json()
    options = {"document": said, "source": {"sha256": source.sha256, "name": source.name, "size": source.size}}
    _write(store, Entry(DOCUMENT, {"document": number}, options, after=digest_of(said)))
    return number


def change_document(store: Store, number: int, facts: DocumentFacts, reason: str) -> None:
    """Write what is known of a document now; raises UsageError for an unknown number or without a change."""
    known = next((d for d in read(store.connection).documents if d.number == number), None)
    if known is None:
        raise UsageError(f"There is no document {number}.")
    before, after = known.facts.as_json(), facts.as_json()
    if before == after:
        raise UsageError("Nothing is changed.")
    _write(
        store,
        Entry(
            DOCUMENT_CHANGED, {"document": number}, {"document": after}, digest_of(before), digest_of(after), reason
        ),
    )


def write_note(store: Store, text: str, about: str, number: int | None) -> int:
    """Write a note, or another text of a note; an empty text takes it away, and it stays in the ledger."""
    notes = [line for line in _lines(store.connection, None) if line.action == NOTE]
    if number is not None and number not in {int(line.object["note"]) for line in notes}:
        raise UsageError(f"There is no note {number}.")
    given = number if number is not None else max((int(line.object["note"]) for line in notes), default=0) + 1
    options: Json = {"text": text, "about": about}
    _write(store, Entry(NOTE, {"note": given}, options, after=digest_of(options)))
    return given


def mark(store: Store, numbers: Sequence[int], kind: Looked) -> None:
    """Mark answers; nothing is written where nothing would change."""
    marks = read(store.connection).marks
    wanted = set(numbers)
    held = {Looked.LOOKED_AT: marks.looked_at, Looked.MARKED: marks.marked}.get(kind, frozenset())
    new = sorted(wanted & marks.marked if kind is Looked.CLEARED else wanted - held)
    if new:
        options: Json = {"answers": new, "mark": str(kind)}
        _write(store, Entry(MARKED, {"answers": len(new)}, options, after=digest_of(options)))


def _write(store: Store, entry: Entry) -> None:
    with store.transaction() as connection:
        store.log(connection, store.conditions.now(), entry)

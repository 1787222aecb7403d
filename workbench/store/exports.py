"""Packs as rows: sealed with a ledger line, whose hash is the pack's head and which holds what is in it, and done."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from typing import Any

from workbench.core.errors import CaseError, UsageError
from workbench.core.hashing import canonical
from workbench.core.model import Json
from workbench.store import findings, ledger
from workbench.store.database import Store
from workbench.store.disk_state import size_words
from workbench.store.ledger import Entry, digest_of
from workbench.store.rows import Export, decoding

_LARGEST = 1 << 29
"""Characters of ledger that a pack takes: they are held in memory while it is written."""

_QUERY = (
    "SELECT e.number, e.choices, e.begun, l.hash, e.line, coalesce(d.sha256, '') FROM exports e "
    "JOIN ledger l ON l.sequence = e.line LEFT JOIN exports_done d ON d.number = e.number"
)


def opened(store: Store) -> Export:
    """The next pack as it is now, with nothing written of it yet: its head and its lines are those of the case."""
    connection = store.connection
    sequence, head = ledger.head(connection)
    return Export(_next(connection), {}, store.conditions.now(), head, sequence, tuple(ledger.texts(connection)), "")


def _next(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT coalesce(max(number), 0) + 1 FROM exports").fetchone()[0])


def seal(store: Store, pack: Export, choices: Json, contents: Json) -> Export:
    """Write the line of a pack whose files are made: it records the choices, the Findings, and what is in the pack.

    Raises CaseError when the case was changed since the pack was opened.
    """
    with store.transaction() as connection:
        if ledger.head(connection) != (pack.line, pack.head) or _next(connection) != pack.number:
            raise CaseError(
                "The case was changed while the pack was being made; nothing was written.", hint="Try again."
            )
        known = [
            {"number": f.number, "sha256": f.sha256, "withdrawn": bool(f.withdrawn)}
            for f in findings.all_of(connection)
        ]
        options = {"choices": choices, "findings": known, "contents": contents}
        entry = Entry("export begun", {"export": pack.number}, options, after=digest_of(options))
        line = store.log(connection, pack.begun, entry)
        store.database.table("exports").insert(
            {"number": pack.number, "begun": pack.begun, "choices": canonical(choices).decode(), "line": line.sequence}
        )
    return again(store.connection, pack.number)


def again(connection: sqlite3.Connection, number: int) -> Export:
    """A pack as it was begun. Raises UsageError when there is none of that number, CaseError for too long a ledger."""
    row = _row(connection, number)
    size = connection.execute("SELECT sum(length(line)) FROM ledger WHERE sequence <= ?", (row[4],)).fetchone()[0]
    if size > _LARGEST:
        raise CaseError(
            f"The ledger of this case has {size_words(size)}; a pack takes {size_words(_LARGEST)} of it at most.",
            hint="No work of people makes so many lines: look at `workbench log CASE`.",
        )
    return _export(row, tuple(ledger.texts(connection, until=row[4])), _signatures(connection, number))


def _signatures(connection: sqlite3.Connection, number: int) -> tuple[str, ...]:
    """The signatures that a pack was given as it was finished, from the line that says so."""
    query = "SELECT l.line FROM exports_done d JOIN ledger l ON l.sequence = d.line WHERE d.number = ?"
    row = connection.execute(query, (number,)).fetchone()
    with decoding(f"Pack {number} in the database"):
        return tuple(json.loads(row[0])["options"].get("signatures", ())) if row else ()


def _row(connection: sqlite3.Connection, number: int) -> tuple[Any, ...]:
    row: tuple[Any, ...] | None = connection.execute(_QUERY + " WHERE e.number = ?", (number,)).fetchone()
    if row is None:
        raise UsageError(f"There is no pack {number} of this case.", hint="`workbench log CASE` shows the exports.")
    return row


def all_of(connection: sqlite3.Connection) -> list[Export]:
    """All packs that were begun, in order of number, without the ledger that each of them closed."""
    return [_export(row, ()) for row in connection.execute(_QUERY + " ORDER BY e.number")]


def _export(row: tuple[Any, ...], lines: tuple[str, ...], signatures: tuple[str, ...] = ()) -> Export:
    number, choices, begun, head, line, digest = row
    with decoding(f"Pack {number} in the database"):
        return Export(number, json.loads(choices), begun, head, line, lines, digest, signatures)


def finish(store: Store, number: int, digest: str, signatures: Sequence[str] = ()) -> None:
    """Record the SHA-256 of a finished pack and its signatures; one finished before with the same digest stays so.

    Raises UsageError when the pack was finished with another digest.
    """
    known = _export(_row(store.connection, number), ())
    if known.sha256 == digest:
        return
    if known.sha256:
        raise UsageError(f"Pack {number} was finished before, with other bytes: SHA-256 {known.sha256}.")
    with store.transaction() as connection:
        done = store.conditions.now()
        options = {"head": known.head} | ({"signatures": list(signatures)} if signatures else {})
        entry = Entry("export done", {"export": number}, options, after=digest)
        line = store.log(connection, done, entry)
        store.database.table("exports_done").insert(
            {"number": number, "done": done, "sha256": digest, "line": line.sequence}
        )

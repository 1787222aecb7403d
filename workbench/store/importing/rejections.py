"""Rejected records, sealed by the ledger line of their import."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterator
from typing import NamedTuple

import orjson

from workbench.core.model import Json
from workbench.store import ledger
from workbench.store.folder import DATABASE
from workbench.store.rows import Problem, RejectedRow

_BITE = 4000


def seal_of(rows: sqlite3.Cursor, told: Callable[[int], None] | None = None) -> str:
    """The SHA-256 over one JSON array a line for each row, in order; empty where there is no row.

    `told` hears how many rows were seen so far.
    """
    hasher, done = hashlib.sha256(), 0
    while some := rows.fetchmany(_BITE):
        hasher.update(b"".join(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in some))
        done += len(some)
        if told is not None:
            told(done)
    return hasher.hexdigest() if done else ""


_KEY = "rejections"


def sealed(connection: sqlite3.Connection, import_id: int) -> dict[str, Json]:
    """What the ledger line of an import says of its rejected records; nothing where there are none.

    It is the SHA-256 over one JSON array a line, of place, offset, length, member, reason and model, in order.
    """
    rows = connection.execute(
        "SELECT place, offset, length, member, reason, model FROM rejections WHERE import = ? ORDER BY id", (import_id,)
    )
    seal = seal_of(rows)
    return {_KEY: seal} if seal else {}


def problems(connection: sqlite3.Connection) -> Iterator[Problem]:
    """Rejected records against their seals; the lines of earlier versions have none."""
    rows = connection.execute(
        "SELECT i.id, l.line FROM imports i JOIN ledger l ON l.sequence = i.line WHERE i.state = 'done' ORDER BY i.id"
    ).fetchall()
    for number, text in rows:
        line = ledger.whole(text)
        stated = None if line is None else line.options.get(_KEY)
        if stated is not None and sealed(connection, number) != {_KEY: stated}:
            words = f"The rejected records of import {number} are not those that its ledger line seals."
            yield Problem(DATABASE, "changed", words)


class ReasonCount(NamedTuple):
    """A reason, how many records it was given for, and the first of them."""

    reason: str
    records: int
    first: RejectedRow


def reasons(connection: sqlite3.Connection, import_id: int, limit: int) -> list[ReasonCount]:
    """The reasons of an import in the order in which they came first, at most `limit`."""
    # Beside min() SQLite takes the other columns from the row that has the least id.
    rows = connection.execute(
        "SELECT min(id), count(*), import, place, offset, length, member, reason FROM rejections WHERE import = ? "
        "GROUP BY reason ORDER BY 1 LIMIT ?",
        (import_id, limit),
    )
    return [ReasonCount(first[-1], count, RejectedRow(*first)) for _, count, *first in rows]

"""Rejected records, sealed by the ledger line of their import."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from workbench.core.model import Json
from workbench.store import ledger
from workbench.store.database import DATABASE
from workbench.store.rows import Problem
from workbench.store.seals import seal_of

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

"""Where answers stand in their file, when they were given, and what stands beside them: sealed by their import's line.

The digest of a corpus covers prompts, texts and ids. This seal covers the rest of each row.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from workbench.core.model import Json
from workbench.store import ledger
from workbench.store.folder import DATABASE
from workbench.store.importing.rejections import seal_of
from workbench.store.rows import Problem

_KEY = "places"


def sealed(connection: sqlite3.Connection, import_id: int) -> dict[str, Json]:
    """What the ledger line of an import says of its answers' places; nothing where there are none.

    It is the SHA-256 over one JSON array a line, in order: the record's digest in hexadecimal, place, offset, length,
    member, time, flags, and what else the record holds.
    """
    rows = connection.execute(
        "SELECT lower(hex(a.digest)), a.place, a.offset, a.length, a.member, a.time, a.flags, a.extra FROM answers a "
        "JOIN parts p ON p.id = a.part WHERE p.import = ? ORDER BY a.id",
        (import_id,),
    )
    seal = seal_of(rows)
    return {_KEY: seal} if seal else {}


def problems(connection: sqlite3.Connection) -> Iterator[Problem]:
    """Places of answers against their seals; the lines of earlier versions have none."""
    rows = connection.execute(
        "SELECT i.id, l.line FROM imports i JOIN ledger l ON l.sequence = i.line WHERE i.state = 'done' ORDER BY i.id"
    ).fetchall()
    for number, text in rows:
        line = ledger.whole(text)
        stated = None if line is None else line.options.get(_KEY)
        if stated is not None and sealed(connection, number) != {_KEY: stated}:
            words = (
                f"Places, times or marks of the answers of import {number}, or what stands beside them, are not what "
                "its ledger line seals."
            )
            yield Problem(DATABASE, "changed", words)

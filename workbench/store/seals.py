"""Seals over rows, which a line of the ledger states, so that a change of any of them shows."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable

import orjson

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

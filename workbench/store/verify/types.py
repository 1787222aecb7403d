"""Every value has the type that its column declares: SQLite itself takes any type anywhere."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from workbench.store.folder import DATABASE
from workbench.store.rows import Problem

_OWN = (
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%\\_words%' ESCAPE '\\' "
    "AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name"
)
"""The tables of a case; those of the full-text index keep what SQLite makes of words."""


def _wrong(name: str, kind: str, *, empty: bool) -> str:
    return f"typeof({name}) NOT IN ('{kind}', '{'null' if empty else kind}')"


def types(connection: sqlite3.Connection) -> Iterator[Problem]:
    """A problem for each table with rows that hold a value of another type than this program writes."""
    for (table,) in connection.execute(_OWN).fetchall():
        wrong = " OR ".join(
            _wrong(name, declared.lower(), empty=not needed and not key)
            for _, name, declared, needed, _, key in connection.execute(f"PRAGMA table_info({table})")
        )
        (found,) = connection.execute(f"SELECT count(1) FROM {table} WHERE {wrong}").fetchone()
        if found:
            rows = "1 row holds" if found == 1 else f"{found:,} rows hold"
            yield Problem(
                DATABASE, "changed", f"In the table {table} {rows} a value of another type than this program writes."
            )

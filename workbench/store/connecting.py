"""Connections to a database that somebody else may have prepared: what it may not do, and for how long it may run."""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from workbench.store.folder import CaseFolder

LONGEST = 256 << 20
"""Bytes that one row may have: a record of 64 MB may hold its text twice, and twice as long in UTF-8."""

_STATEMENT = 16 << 20
"""Bytes that a statement of this program may have, with the numbers of many rows in it."""

_SCHEMA_STATEMENT, _SCHEMA_STEPS = 20_000, 6_000
"""Bytes that a statement of the schema may have, and steps in which all of it must be read; it takes under 2,000."""

STEP = 1_000_000
"""Steps of SQLite's machine after which it asks whether to go on: some hundredth of a second."""

_LEAST = 50
_BYTES_A_STEP = STEP // 20
"""A statement may take so many times `STEP` steps, and 20 steps for each byte of the file.

Rows are longer than that, so that no true case comes near. A tree of pages that lead to each other would otherwise
have more rows than the universe has atoms.
"""

_LIMITS = {
    sqlite3.SQLITE_LIMIT_LENGTH: LONGEST,
    sqlite3.SQLITE_LIMIT_ATTACHED: 1,
    sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH: 4,
    sqlite3.SQLITE_LIMIT_COLUMN: 100,
    sqlite3.SQLITE_LIMIT_WORKER_THREADS: 0,
}


class BoundedConnection(sqlite3.Connection):
    """A connection whose statements end: one that takes more steps than the file can have rows is interrupted."""

    size: Callable[[], int]
    """How many bytes the database has now."""

    least = _LEAST
    """Times `STEP` that a statement may take, however small the database is."""

    _taken = 0

    def cursor(self, factory: Any = sqlite3.Cursor) -> Any:
        """A cursor for a statement, which may take its own number of steps; the short cuts ask for one too."""
        self._taken = 0
        return super().cursor(factory)

    def step(self) -> bool:
        """Count `STEP` steps; true where they were too many, which has SQLite stop."""
        self._taken += 1
        return self._taken > self.least and self._taken > self.least + self.size() // _BYTES_A_STEP

    def bound(self, *, schema: bool) -> None:
        """Set the bounds for reading the schema of somebody else, or those for statements of this program."""
        self.setlimit(sqlite3.SQLITE_LIMIT_SQL_LENGTH, _SCHEMA_STATEMENT if schema else _STATEMENT)
        if schema:
            self.set_progress_handler(lambda: True, _SCHEMA_STEPS)
        else:
            self.set_progress_handler(self.step, STEP)


def connect(path: Path, parameters: str) -> BoundedConnection:
    """A connection without transactions of its own; closing may happen in another thread.

    Nothing that stands in the file is believed: functions in its schema are not run, and it has its bounds. Raises
    sqlite3.Error, and ForeignEntryError where the database is a link or no file.
    """
    files = CaseFolder(path.parent)
    before = files.status(path.name)
    # Each thread has its own; only `Store.close` touches another thread's connection, to close it.
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?{parameters}",
        uri=True,
        isolation_level=None,
        timeout=20.0,
        check_same_thread=False,
        factory=BoundedConnection,
    )
    try:
        connection.size = lambda: _size(files, path.name)
        _refuse_another(connection, files, path.name, before)
        for limit, most in _LIMITS.items():
            connection.setlimit(limit, most)
        connection.bound(schema=False)
        if sys.version_info >= (3, 12):
            connection.setconfig(sqlite3.SQLITE_DBCONFIG_DEFENSIVE, True)
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("PRAGMA cell_size_check = ON")
        connection.execute("PRAGMA cache_size = -32768")
    except BaseException:
        connection.close()
        raise
    return connection


def _refuse_another(connection: BoundedConnection, files: CaseFolder, name: str, before: os.stat_result | None) -> None:
    """Raise sqlite3.OperationalError unless what SQLite opened is the file that was looked at.

    SQLite follows links to a database, and tells what it has opened.
    """
    connection.text_factory = bytes
    (_, _, opened), *_ = connection.execute("PRAGMA database_list")
    connection.text_factory = str
    found, after = Path(os.fsdecode(opened)).stat(), files.status(name)
    if before is None or after is None or not (_same(before, found) and _same(before, after)):
        raise sqlite3.OperationalError("unable to open database file: it was exchanged for another")


def _same(one: os.stat_result, other: os.stat_result) -> bool:
    return (one.st_dev, one.st_ino) == (other.st_dev, other.st_ino)


def _size(files: CaseFolder, name: str) -> int:
    found = (files.status(one) for one in (name, f"{name}-wal"))
    return sum(one.st_size for one in found if one is not None)

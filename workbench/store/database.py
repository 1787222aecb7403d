"""Connections to a case's database: one for each thread, opened for what may be done with it."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from workbench.core.errors import CaseError
from workbench.core.surroundings import Conditions
from workbench.store import schema
from workbench.store.connecting import BoundedConnection, connect
from workbench.store.disk_state import Place, database_words, in_words
from workbench.store.folder import DATABASE, CaseFolder
from workbench.store.ledger import Entry, LedgerLine, Mirror, append
from workbench.store.sqlite_loading import Database

PAGE = 16384
"""Bytes a page: answers are long, and larger pages keep most of them out of overflow chains."""

CHECKPOINT = 1024
"""Pages of write-ahead log (16 MB) after which they are moved into the database."""


STEP = 2000
"""Rows that one transaction deletes or changes, so that none lasts over 200 ms."""


class Store:
    """The database of one case as its modules share it: connections, transactions, ledger."""

    def __init__(self, folder: Path, conditions: Conditions, place: Place, *, writing: bool) -> None:
        self.folder = folder
        self.conditions = conditions
        self.writing = writing
        self.files = CaseFolder(folder)
        self.mirror = Mirror(self.files)
        self.mutex = threading.RLock()
        """Held by whoever writes in this program, across the several transactions of one verb."""
        self.prompt_ids: dict[bytes, int] = {}
        """Prompts that are known, as far as they are remembered from one file to the next."""
        self._place = place
        self._local = threading.local()
        self._all: list[sqlite3.Connection] = []
        self._closed = False

    @property
    def connection(self) -> sqlite3.Connection:
        """The calling thread's connection."""
        return self.database.conn

    @property
    def database(self) -> Database:
        """The calling thread's connection as the library sees it."""
        if self._closed:
            raise CaseError(f"{self.folder.name} has been closed.")
        database: Database | None = getattr(self._local, "database", None)
        if database is None:
            with in_words(self.folder):
                connection = self._connect()
                # No third party's plugins on a database of evidence.
                database = Database(connection, execute_plugins=False)
            self._local.database = database
            with self.mutex:
                self._all.append(connection)
        return database

    def _connect(self) -> sqlite3.Connection:
        path = self.folder / DATABASE
        if not self.writing:
            return open_case_for_reading(path)
        connection = connect(path, "mode=rw")
        schema.require_released(connection)
        # The write lock of the operating system is held: only readers can be in the way, and not for long.
        wanted = "delete" if self._place.network else "wal"
        _switch_journal(connection, wanted)
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT}")
        return connection

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """One write transaction: committed whole at the end, or rolled back whole; then mirrored."""
        if not self.writing:
            raise CaseError(
                f"{self.folder.name} was opened for reading only.", hint="Open it for writing to change it."
            )
        with self.mutex:
            connection = self.connection
            with in_words(self.folder):
                connection.execute("BEGIN IMMEDIATE")
            try:
                with database_words(self.folder):
                    yield connection
                with in_words(self.folder):
                    connection.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):
                    if connection.in_transaction:
                        connection.execute("ROLLBACK")
                raise
            self.mirror.follow(connection)

    def log(self, connection: sqlite3.Connection, time: str, entry: Entry) -> LedgerLine:
        """Write a verb's line into the ledger, within its transaction."""
        return append(connection, self.conditions, time, entry)

    def close(self) -> None:
        """Close every thread's connection and leave one database file with a rollback journal."""
        with self.mutex:
            if self._closed:
                return
            self._closed = True
            last = self._all.pop() if self._all else None
            for connection in self._all:
                connection.close()
            if last is None:
                return
            if self.writing:
                # A reader in another program may hold the log: then it stays, and the next closing removes it.
                with suppress(sqlite3.Error):
                    # Nor is waited for a statement that an error has left open.
                    last.execute("PRAGMA busy_timeout = 300")
                    last.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
                    _switch_journal(last, "delete", patience=1.0)
            last.close()


def open_for_reading(path: Path) -> BoundedConnection:
    """A connection that changes nothing, also on a read-only medium; what a killed program left half done is undone.

    Its schema is not looked at. Raises CaseError when the case was not closed and can't be recovered where it lies,
    ForeignEntryError for what is no file.
    """
    try:
        return _readable(connect(path, "mode=ro"))
    except sqlite3.OperationalError as error:
        if "locked" in str(error) or "interrupted" in str(error):
            raise
        if not any(_holds(path, log) for log in ("wal", "journal")):
            # Nothing can write here, so no lock is needed; SQLite wants to hear it.
            return _readable(connect(path, "immutable=1"))
        try:
            # SQLite rolls a journal back with the first read, and only for whoever may write.
            _readable(connect(path, "mode=rw")).close()
            return _readable(connect(path, "mode=ro"))
        except sqlite3.OperationalError:
            raise CaseError(
                f"{path.parent.name} was not closed properly, and can't be set right where it lies.",
                hint="Copy the whole folder to a disk that you may write to, and open it there once.",
            ) from error


def _holds(path: Path, log: str) -> bool:
    """Whether a log of the database lies beside it and is not empty."""
    beside = path.with_name(f"{path.name}-{log}")
    return beside.exists() and beside.stat().st_size > 0


def open_case_for_reading(path: Path) -> BoundedConnection:
    """The same for the database of a case, whose schema must be one that was released.

    Raises as `open_for_reading` does, and what `schema.require_released` raises.
    """
    connection = open_for_reading(path)
    try:
        schema.require_released(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _readable(connection: BoundedConnection) -> BoundedConnection:
    try:
        # Reads the first page alone, and finds out whether it can be had: nothing of the schema is looked at.
        schema.version_of(connection)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _switch_journal(connection: sqlite3.Connection, mode: str, patience: float = 5.0) -> None:
    """Switch the journal, trying again while readers are in the way; whoever stays behind is harmless."""
    end = time.monotonic() + patience
    while True:
        try:
            connection.execute(f"PRAGMA journal_mode = {mode}").fetchone()
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > end:
                if "locked" in str(error):
                    return
                raise
            time.sleep(0.05)


def create_database(path: Path) -> sqlite3.Connection:
    """A new database with the newest schema, still in its rollback journal."""
    # Made here and for its owner alone: what SQLite makes itself is as open as the user's settings say.
    CaseFolder(path.parent).create(path.name).close()
    connection = connect(path, "mode=rw")
    connection.execute(f"PRAGMA page_size = {PAGE}")
    connection.execute(f"PRAGMA application_id = {schema.APPLICATION}")
    connection.execute("BEGIN IMMEDIATE")
    for number in range(1, schema.MIGRATIONS.newest + 1):
        schema.MIGRATIONS.apply(connection, number)
    connection.execute("COMMIT")
    return connection

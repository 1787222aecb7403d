"""What stands in the ledger alone, without a table beside it: secrets by name, markers, and logs that were taken in."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from sqlite3 import Connection

from workbench.core.model import Json
from workbench.store.database import Store
from workbench.store.ledger import Entry, LedgerLine, lines

SECRET_KEPT = "secret kept"
SECRET_FORGOTTEN = "secret forgotten"
MARKERS_MADE = "markers made"
MARKERS_ADDED = "markers added"
LOGS_ADDED = "usage log added"
LOG_EVENTS = "log events added"
LOG_ACCOUNTS = "known accounts added"


class Notes:
    """Lines of the ledger that are a register of their own; each is written by itself and never changed."""

    def __init__(self, store: Store, reading: Callable[[], AbstractContextManager[Connection]]) -> None:
        self._store, self._reading = store, reading

    @property
    def folder(self) -> Path:
        """Where the usage logs of the case lie, in columns."""
        return self._store.folder / "logs"

    def write(self, action: str, subject: Json, options: Json, *, after: str | None = None, reason: str = "") -> None:
        """Write one line; raises CaseError where the case was opened for reading only."""
        with self._store.transaction() as connection:
            entry = Entry(action, subject, options, None, after, reason)
            self._store.log(connection, self._store.conditions.now(), entry)

    def read(self, *actions: str) -> list[LedgerLine]:
        """All lines of some actions, in order."""
        with self._reading() as connection:
            return [line for line in lines(connection) if line.action in actions]

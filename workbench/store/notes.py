"""What stands in the ledger alone, without a table: secrets, markers, signals, logs, exhibits, notes, marks."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from sqlite3 import Connection

from workbench.core.model import Json
from workbench.store.database import Store
from workbench.store.ledger import Entry, LedgerLine, lines_of

SECRET_KEPT = "secret kept"
SECRET_FORGOTTEN = "secret forgotten"
MARKERS_MADE = "markers made"
MARKERS_ADDED = "markers added"
SIGNAL_SET = "signal set"
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

    @property
    def examiner(self) -> str:
        """In whose name lines are written now."""
        return self._store.conditions.examiner

    def write(self, action: str, subject: Json, options: Json, *, after: str | None = None, reason: str = "") -> None:
        """Write one line; raises CaseError where the case was opened for reading only."""
        with self._store.transaction() as connection:
            entry = Entry(action, subject, options, None, after, reason)
            self._store.log(connection, self._store.conditions.now(), entry)

    def read(self, *actions: str, until: int | None = None) -> list[LedgerLine]:
        """All lines of some actions, in order, as of a line of the ledger."""
        with self._reading() as connection:
            return list(lines_of(connection, actions, until))

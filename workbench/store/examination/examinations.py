"""The door to the examinations of a case."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager

from workbench.core.model import Json
from workbench.store.database import Store
from workbench.store.disk_state import database_words
from workbench.store.examination import read as examined
from workbench.store.examination import redactions
from workbench.store.examination import write as examination_writer
from workbench.store.examination.read import Examined
from workbench.store.examination.redactions import Redaction
from workbench.store.examination.write import Examination

Reading = Callable[[], AbstractContextManager[sqlite3.Connection]]
"""Opens a connection that only reads."""


class Examinations:
    """What was examined in a case, what was found, and what is masked for it."""

    def __init__(self, store: Store, reading: Reading) -> None:
        self._store = store
        self._reading = reading

    def begin(self, rules: Json) -> Examination:
        """A new examination, or the open one by the same rules."""
        with database_words(self._store.folder):
            return Examination.begin(self._store, rules)

    def is_current(self, rules: Json) -> bool:
        """Whether everything in the case was examined by these rules."""
        with self._reading() as connection:
            return examined.is_there(connection) and examination_writer.is_current(connection, rules)

    def last(self, until: int | None = None) -> Examined | None:
        """The last finished examination, as of a line of the ledger."""
        with self._reading() as connection:
            return examined.last(connection, until)

    def withheld(self, until: int | None = None) -> dict[str, dict[str, int]]:
        """The files in which secrets were found, by SHA-256: how many of each kind."""
        with self._reading() as connection:
            return examined.withheld(connection, until)

    def redactions(self, until: int | None = None) -> list[Redaction]:
        """Every secret that is masked, with its place."""
        with self._reading() as connection:
            return redactions.redactions(connection, until)

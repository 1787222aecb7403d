"""The door to the full-text index of a case, and to single answers by their numbers."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager

from workbench.core.fulltext import Query
from workbench.core.progress import Progress, silent
from workbench.store import corpora, fulltext, queries
from workbench.store.database import Store
from workbench.store.disk_state import as_written
from workbench.store.fulltext import Hit
from workbench.store.queries import StoredAnswer

Reading = Callable[[], AbstractContextManager[sqlite3.Connection]]
"""Opens a connection that only reads."""


class Search:
    """The full-text index of a case, and single answers by their numbers."""

    def __init__(self, store: Store, reading: Reading) -> None:
        self._store = store
        self._reading = reading

    def missing(self) -> int:
        """How many answers are not in the index; 0 when all that is visible is there."""
        with self._reading() as connection:
            return fulltext.missing(connection)

    def build(self, progress: Progress = silent) -> int:
        """Index what is visible and not indexed yet; returns how many answers were added."""
        with self._store.mutex, as_written(self._store.folder):
            return fulltext.build(self._store, progress)

    def find(self, query: Query, names: Sequence[str], *, in_prompts: bool, after: int, limit: int) -> list[Hit]:
        """Where the words stand in some corpora (all of them, where none is named), from after a key."""
        with self._reading() as connection:
            chosen = [corpora.named(connection, name) for name in names] or corpora.corpora(connection)
            parts = [part.id for corpus in chosen for part in corpora.parts_of(connection, corpus.id)]
            search = fulltext.in_prompts if in_prompts else fulltext.in_answers
            return search(connection, query, parts, after, limit)

    def answer(self, number: int) -> StoredAnswer:
        """An answer by its number, masked; raises UsageError when there is none."""
        with self._reading() as connection:
            return queries.answer(connection, number)

    def answers(self, numbers: Sequence[int]) -> Iterator[StoredAnswer]:
        """Answers by their numbers, masked, in the order asked for."""
        with self._reading() as connection:
            for number in numbers:
                yield queries.answer(connection, number)

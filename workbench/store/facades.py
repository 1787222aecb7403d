"""Two rooms of a case with doors of their own: its examinations, and its full-text index."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager

from workbench.core.fulltext import Query
from workbench.core.model import Json
from workbench.core.progress import Progress, silent
from workbench.store import corpora, fulltext, lookup
from workbench.store.database import Store
from workbench.store.disk import database_words
from workbench.store.examination import read as examined
from workbench.store.examination import redactions
from workbench.store.examination import write as examination_writer
from workbench.store.examination.read import Examined
from workbench.store.examination.redactions import Redaction
from workbench.store.examination.write import Examination
from workbench.store.fulltext import Hit
from workbench.store.lookup import StoredAnswer

Reading = Callable[[], AbstractContextManager[sqlite3.Connection]]


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


class Words:
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
        with self._store.mutex, database_words(self._store.folder):
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
            return lookup.answer(connection, number)

    def answers(self, numbers: Sequence[int]) -> Iterator[StoredAnswer]:
        """Answers by their numbers, masked, in the order asked for."""
        with self._reading() as connection:
            for number in numbers:
                yield lookup.answer(connection, number)

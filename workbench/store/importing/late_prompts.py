"""Prompts that came after their answers: joined by their key, seen all at once, never overwritten."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable
from dataclasses import replace

from workbench.core.model import Source
from workbench.core.prepared_answers import prompt_digest, record_digest
from workbench.core.text import normal_id, well_formed
from workbench.store import corpora
from workbench.store.database import STEP, Store
from workbench.store.importing.imports import drop_orphans
from workbench.store.importing.write import PromptIds
from workbench.store.ledger import Entry, digest_of
from workbench.store.rows import Joining, source_json


def add(
    store: Store, source: Source, name: str, prompts: Iterable[tuple[str, str]], marked: Collection[str] = ()
) -> Joining:
    """Join the answers of a corpus that lack their prompt to prompts, by key.

    Nothing is seen before the last short transaction. When no answer was waiting, nothing is written. Joined answers
    with one of the `marked` keys are counted by themselves.
    """
    with store.mutex:
        sweep(store)
        corpus = corpora.named(store.connection, name)
        join = _begin(store, source, corpus.id)
        waiting = _Waiting(store, corpus.id, join, {well_formed(key)[0] for key in marked})
        for key, text in prompts:
            waiting.take(well_formed(key)[0], well_formed(text)[0])
        waiting.flush()
        done = Joining(waiting.joined, waiting.same, waiting.others(), waiting.marked)
        if not done.joined:
            sweep(store)
            return done
        parts = [p.id for p in corpora.parts_of(store.connection, corpus.id)]
        joins = [*corpora.joins_of(store.connection, corpus.id), join]
        new = replace(corpus, sha256=corpora.digest(store.connection, parts, joins))
        time = store.conditions.now()
        before, after = corpora.state_of(corpus), corpora.state_of(new)
        options = {"source": source_json(source), "answers": done.joined, "corpus": after}
        entry = Entry("prompts joined", {"join": join}, options, digest_of(before), digest_of(after))
        with store.transaction() as connection:
            corpora.put(connection, new)
            line = store.log(connection, time, entry)
            connection.execute(
                "UPDATE joins SET line = ?, answers = ? WHERE id = ?", (line.sequence, done.joined, join)
            )
    return done


def sweep(store: Store) -> None:
    """Delete joins that were broken off; no one has seen them."""
    for (join,) in store.connection.execute("SELECT id FROM joins WHERE line IS NULL").fetchall():
        gone = 1
        while gone:
            with store.transaction() as connection:
                gone = connection.execute(
                    f"DELETE FROM joined WHERE answer IN (SELECT answer FROM joined WHERE joining = ? LIMIT {STEP})",
                    (join,),
                ).rowcount
        with store.transaction() as connection:
            connection.execute("DELETE FROM joins WHERE id = ?", (join,))
        drop_orphans(store)


def _begin(store: Store, source: Source, corpus: int) -> int:
    with store.transaction() as connection:
        cursor = connection.execute("INSERT INTO joins (source, corpus) VALUES (?, ?)", (source.id, corpus))
        return cursor.lastrowid or 0


class _Waiting:
    """The answers of a corpus that wait for prompts, joined in batches."""

    def __init__(self, store: Store, corpus: int, join: int, marked: Collection[str]) -> None:
        self._store = store
        self._marked = marked
        self._join = join
        self._parts = [p.id for p in corpora.parts_of(store.connection, corpus)]
        self._spellings = self._decomposed()
        self._batch: list[tuple[str, str]] = []
        self._prompt_ids: dict[bytes, int] = {}
        self._given: dict[str, bytes] = {}
        self.joined = 0
        self.same = 0
        self.marked = 0

    def take(self, key: str, text: str) -> None:
        """Remember a prompt, for its id however it is composed; the batch is written when it is large enough."""
        normal = normal_id(key)
        for own in dict.fromkeys((key, normal, *self._spellings.get(normal, ()))):
            self._given.setdefault(own, prompt_digest(text))
            self._batch.append((own, text))
        if len(self._batch) >= STEP:
            self.flush()

    def _decomposed(self) -> dict[str, list[str]]:
        """The ids of answers whose letters are not composed, by the form in which they are matched."""
        found: dict[str, list[str]] = {}
        query = (
            f"SELECT DISTINCT prompt_key FROM answers WHERE part IN ({self._numbers()}) AND prompt IS NULL "
            "AND prompt_key GLOB '*[^ -~]*'"
        )
        for (key,) in self._store.connection.execute(query):
            if (normal := normal_id(key)) != key:
                found.setdefault(normal, []).append(key)
        return found

    def flush(self) -> None:
        """Write the batch; of two prompts under one key the first counts."""
        with self._store.transaction() as connection:
            ids = PromptIds(connection, self._prompt_ids)
            for key, text in self._batch:
                for part in self._parts:
                    self._write(connection, ids, part, key, text)
        self._batch = []

    def _write(self, connection: sqlite3.Connection, ids: PromptIds, part: int, key: str, text: str) -> None:
        rows = connection.execute(
            "SELECT id, sha256, record_id, sample FROM answers WHERE part = ? AND prompt_key = ? AND prompt IS NULL "
            "AND id NOT IN (SELECT answer FROM joined)",
            (part, key),
        ).fetchall()
        if not rows:
            return
        digest = prompt_digest(text)
        (prompt,), _ = ids.find_all([digest], {digest: text})
        found = [(a, prompt, record_digest(digest, sha, key, r, s)) for a, sha, r, s in rows]
        # A record that is there with its prompt would count twice. Imports of today find it; older ones did not.
        new = [row for row in found if not self._known(connection, row[2])]
        connection.executemany(
            f"INSERT INTO joined (answer, joining, part, prompt, digest) VALUES (?, {self._join:d}, {part:d}, ?, ?)",
            new,
        )
        self.joined += len(new)
        self.marked += len(new) if key in self._marked else 0
        self.same += len(found) - len(new)

    def _known(self, connection: sqlite3.Connection, digest: bytes) -> bool:
        query = f"SELECT EXISTS (SELECT 1 FROM records WHERE part IN ({self._numbers()}) AND digest = ?)"
        return bool(connection.execute(query, (digest,)).fetchone()[0])

    def others(self) -> int:
        """How many answers have a prompt that is not the one that was given under their key."""
        rows = self._store.connection.execute(
            "SELECT a.prompt_key, p.sha256, count(*) FROM answers a LEFT JOIN joined j ON j.answer = a.id "
            f"JOIN prompts p ON p.id = coalesce(a.prompt, j.prompt) WHERE a.part IN ({self._numbers()}) "
            "AND a.prompt_key IS NOT NULL GROUP BY a.prompt_key, p.sha256"
        )
        return sum(count for key, digest, count in rows if self._given.get(key, digest) != digest)

    def _numbers(self) -> str:
        return ", ".join(str(part) for part in self._parts)

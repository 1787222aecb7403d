"""The end of an import of a few records that are all new: put in order within the transaction that shows them.

Most imports are such: their digests are sorted and written by two statements. Where anything was there before, or
there is much of it, `settling` does the same step by step.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence

from workbench.store.database import Store

MOST = 100_000
"""Answers up to which the end of an import is one transaction, so that none lasts over 200 ms."""


class NotAllNewError(Exception):
    """Something was there before: what was done is to be rolled back."""


def may_be(store: Store, groups: Mapping[str, Sequence[int]], earlier: Mapping[str, Sequence[int]]) -> bool:
    """Whether an open import is small, and brings each of its corpora its first part, with all prompts or with none."""
    if any(earlier.values()) or any(len(own) > 1 for own in groups.values()):
        return False
    inside = ", ".join(str(key) for own in groups.values() for key in own)
    query = f"SELECT sum(accepted) FROM parts WHERE id IN ({inside})"
    if store.connection.execute(query).fetchone()[0] > MOST:
        return False
    # An earlier end of this import was broken off: what it listed is still to be sealed.
    listed = f"SELECT EXISTS (SELECT 1 FROM duplicates WHERE part IN ({inside}))"
    if store.connection.execute(listed).fetchone()[0]:
        return False
    some = f"EXISTS (SELECT 1 FROM answers WHERE part IN ({inside}) AND prompt IS"
    return not store.connection.execute(f"SELECT {some} NULL) AND {some} NOT NULL)").fetchone()[0]


def settle(connection: sqlite3.Connection, import_id: int, parts: Sequence[int]) -> None:
    """Put prompts and records in their place, within the caller's transaction; raises NotAllNewError."""
    own = "FROM new_prompts WHERE import = ?"
    new = connection.execute(f"SELECT coalesce(sum(last - first + 1), 0) {own}", (import_id,)).fetchone()[0]
    if new:
        done = connection.execute(
            "INSERT OR IGNORE INTO known_prompts SELECT p.sha256, p.id FROM new_prompts n CROSS JOIN prompts p "
            "ON p.id >= n.first AND p.id <= n.last WHERE n.import = ? ORDER BY p.sha256",
            (import_id,),
        ).rowcount
        if done != new:
            raise NotAllNewError
        connection.execute(f"DELETE {own}", (import_id,))
    for key in parts:
        accepted, first, last = connection.execute(
            "SELECT accepted, coalesce(first, 1), coalesce(last, 0) FROM parts WHERE id = ?", (key,)
        ).fetchone()
        done = connection.execute(
            "INSERT OR IGNORE INTO records SELECT part, digest, id FROM answers "
            "WHERE id >= ? AND id <= ? AND +part = ? ORDER BY digest",
            (first, last, key),
        ).rowcount
        if done != accepted:
            raise NotAllNewError

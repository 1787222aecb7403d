"""The end of an import: its prompts and records are sorted once, and what was there before is found.

All of it may be broken off and done again: until an import is done, no one sees what it wrote.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from workbench.core.errors import Cancelled
from workbench.core.model import FLAGS_END, REPEATED
from workbench.core.progress import Progress, part
from workbench.store.database import Store
from workbench.store.importing import left_out_duplicates

STEP = 10_000
"""Rows that one transaction puts in their place, so that none lasts over 200 ms."""

DELETED = 4_000
"""Answers that one transaction deletes: a deletion takes longer than an entry in a table of digests."""

ASKED = 500_000
"""Steps of SQLite's machine between two times that a long statement is asked to stop: some hundredths of a second."""

_TABLES = ("sorted", "moved", "doubles", "dropped", "twins", "bare")


def settle(
    store: Store,
    import_id: int,
    groups: Mapping[str, Sequence[int]],
    earlier: Mapping[str, Sequence[int]],
    progress: Progress,
) -> bool:
    """Put prompts and records of an open import in order, and list records that were there before as duplicates.

    `groups` are its parts by the name of their corpus, `earlier` the parts that each corpus has already. Returns
    whether all its prompts kept their row ids.
    """
    parts = sorted(key for own in groups.values() for key in own)
    try:
        kept = _prompts(store, import_id, parts, part(progress, 0.0, 0.3))
        _records(store, parts, _before(groups, earlier), part(progress, 0.3, 1.0))
        return kept
    finally:
        for name in _TABLES:
            store.connection.execute(f"DROP TABLE IF EXISTS temp.{name}")


def _before(groups: Mapping[str, Sequence[int]], earlier: Mapping[str, Sequence[int]]) -> dict[int, list[int]]:
    """For each part those whose records count before its own."""
    return {key: [*earlier[name], *own[:at]] for name, own in groups.items() for at, key in enumerate(own)}


def _prompts(store: Store, import_id: int, parts: Sequence[int], progress: Progress) -> bool:
    """Make the new prompts known; of equal ones the one that is known already stands for all."""
    if not _any(store, f"new_prompts WHERE import = {import_id:d}"):
        return True
    _scratch(store, "moved", "(prompt INTEGER PRIMARY KEY, target INTEGER NOT NULL)")
    total = _sort(
        store,
        "sorted",
        # Left to itself SQLite would hold each prompt against every range.
        "SELECT p.sha256, p.id AS prompt FROM new_prompts n CROSS JOIN prompts p ON p.id >= n.first AND p.id <= n.last "
        f"WHERE n.import = {import_id:d} ORDER BY p.sha256, p.id",
        part(progress, 0.0, 0.2),
    )
    for low, high in _steps(total, part(progress, 0.2, 0.6), "prompts"):
        with store.transaction() as connection:
            slice_ = f"temp.sorted s WHERE s.rowid > {low} AND s.rowid <= {high}"
            connection.execute(f"INSERT OR IGNORE INTO known_prompts SELECT s.sha256, s.prompt FROM {slice_}")
            connection.execute(
                "INSERT INTO temp.moved SELECT s.prompt, k.prompt FROM temp.sorted s CROSS JOIN known_prompts k "
                f"ON k.sha256 = s.sha256 WHERE s.rowid > {low} AND s.rowid <= {high} AND k.prompt <> s.prompt"
            )
    moved = _any(store, "temp.moved")
    if moved:
        _move(store, parts, part(progress, 0.6, 0.9))
    delete(store, "new_prompts", "first", f"import = {import_id:d}")
    progress(1.0, "prompts")
    return not moved


def _move(store: Store, parts: Sequence[int], progress: Progress) -> None:
    """Lead the answers from prompts that are known under another id to that one."""
    first, last = _ends(store, parts)
    own = f"+part IN ({_numbers(parts)})"
    for low, high in _steps(last - first, progress, "prompts"):
        rows = f"id > {first + low} AND id <= {first + high} AND {own}"
        with store.transaction() as connection:
            connection.execute(
                "UPDATE answers SET prompt = (SELECT target FROM temp.moved m WHERE m.prompt = answers.prompt) "
                f"WHERE {rows} AND prompt IN (SELECT prompt FROM temp.moved)"
            )
            connection.execute(
                f"UPDATE answers SET flags = flags || ? WHERE {rows} AND prompt IN (SELECT target FROM temp.moved) "
                "AND instr(flags, ?) = 0 AND EXISTS (SELECT 1 FROM answers o WHERE o.part = answers.part "
                "AND o.prompt = answers.prompt AND o.sha256 = answers.sha256 AND o.id < answers.id)",
                (REPEATED + FLAGS_END, REPEATED + FLAGS_END),
            )
    delete(store, "prompts", "id", "id IN (SELECT prompt FROM temp.moved)")


def _records(store: Store, parts: Sequence[int], before: Mapping[int, Sequence[int]], progress: Progress) -> None:
    """Fill `records` in its own order; answers whose record is there already go, and are listed and counted."""
    for key in parts:
        forget(store, key)  # an earlier end of this import was broken off
    first, last = _ends(store, parts)
    total = _sort(
        store,
        "sorted",
        f"SELECT part, digest, id AS answer FROM answers WHERE id > {first} AND id <= {last} "
        f"AND +part IN ({_numbers(parts)}) ORDER BY part, digest, id",
        part(progress, 0.0, 0.3),
    )
    bounds = store.connection.execute("SELECT part, min(rowid), max(rowid) FROM temp.sorted GROUP BY part").fetchall()
    for key, begin, end in bounds:
        _scratch(store, "doubles", "(answer INTEGER NOT NULL, twin INTEGER NOT NULL)")
        inner = part(progress, 0.3 + 0.6 * (begin - 1) / total, 0.3 + 0.6 * end / total)
        with _asking(store.connection, inner):
            left_out_duplicates.find(store, key, before[key])
        for low, high in _steps(end - begin + 1, part(inner, 0.0, 0.5), "records"):
            _fill(store, key, begin - 1 + low, begin - 1 + high, before[key])
        _drop(store, key, part(inner, 0.5, 1.0))
    _seal(store, parts, part(progress, 0.9, 1.0))
    progress(1.0, "records")


def _fill(store: Store, key: int, low: int, high: int, before: Sequence[int]) -> None:
    """Write some records of a part; answers whose record is there already go into temp.doubles with that twin."""
    slice_ = f"s.rowid > {low} AND s.rowid <= {high}"
    there = f"FROM records r WHERE r.part IN ({_numbers(before)}) AND r.digest = s.digest"
    new = f"{slice_} AND s.answer NOT IN (SELECT answer FROM temp.twins)"
    if before:
        new += f" AND NOT EXISTS (SELECT 1 {there})"
    with store.transaction() as connection:
        # In order of digest and answer: of several with one digest the first comes in.
        taken = connection.execute(
            f"INSERT OR IGNORE INTO records SELECT s.part, s.digest, s.answer FROM temp.sorted s WHERE {new} "
            "ORDER BY s.rowid"
        ).rowcount
        if taken == high - low:
            return
        earlier = f"(SELECT min(r.answer) {there})" if before else "NULL"
        connection.execute(
            f"INSERT INTO temp.doubles SELECT s.answer, coalesce({earlier}, "
            "(SELECT t.twin FROM temp.twins t WHERE t.answer = s.answer), o.answer) FROM temp.sorted s "
            f"LEFT JOIN records o ON o.part = {key:d} AND o.digest = s.digest "
            f"WHERE {slice_} AND o.answer IS NOT s.answer"
        )


def _drop(store: Store, key: int, progress: Progress) -> None:
    """Delete the answers in temp.doubles; each is listed and counted in the transaction in which it goes."""
    if not _any(store, "temp.doubles"):
        return
    query = "SELECT answer, twin FROM temp.doubles ORDER BY answer"
    total = _sort(store, "dropped", query, part(progress, 0.0, 0.2))
    for low, high in _steps(total, part(progress, 0.2, 1.0), "duplicates", min(STEP, DELETED)):
        slice_ = f"d.rowid > {low} AND d.rowid <= {high}"
        with store.transaction() as connection:
            connection.execute(
                "INSERT INTO duplicates (part, place, offset, length, member, twin) "
                "SELECT a.part, a.place, a.offset, a.length, a.member, d.twin FROM temp.dropped d "
                f"CROSS JOIN answers a ON a.id = d.answer WHERE {slice_} ORDER BY d.rowid"
            )
            gone = connection.execute(
                f"DELETE FROM answers WHERE id IN (SELECT d.answer FROM temp.dropped d WHERE {slice_})"
            ).rowcount
            connection.execute(
                "UPDATE parts SET accepted = accepted - ?, duplicate = duplicate + ? WHERE id = ?", (gone, gone, key)
            )


def _seal(store: Store, parts: Sequence[int], progress: Progress) -> None:
    """Compute the digest of what was listed of each part, now or by an end that was broken off."""
    rows = store.connection.execute(
        f"SELECT p.id, p.duplicate FROM parts p WHERE p.id IN ({_numbers(parts)}) AND p.duplicate > p.unlisted"
    ).fetchall()
    total, done = sum(count for _, count in rows), 0
    for key, count in rows:
        seal = left_out_duplicates.seal(store.connection, key, part(progress, done / total, (done + count) / total))
        with store.transaction() as connection:
            connection.execute("UPDATE parts SET listed = ? WHERE id = ?", (seal, key))
        done += count


def forget(store: Store, key: int) -> None:
    """Delete the records of a part, in steps."""
    gone = STEP if _any(store, f"records WHERE part = {key:d}") else 0
    while gone == STEP:
        with store.transaction() as connection:
            gone = connection.execute(
                "DELETE FROM records WHERE part = ? AND digest IN (SELECT digest FROM records WHERE part = ? LIMIT ?)",
                (key, key, STEP),
            ).rowcount


def delete(store: Store, table: str, key: str, condition: str) -> None:
    """Delete the rows of a table that meet a condition, in steps."""
    gone = STEP
    while gone == STEP:
        with store.transaction() as connection:
            query = f"DELETE FROM {table} WHERE {key} IN (SELECT {key} FROM {table} WHERE {condition} LIMIT {STEP})"
            gone = connection.execute(query).rowcount


def _any(store: Store, rows: str) -> bool:
    return bool(store.connection.execute(f"SELECT EXISTS (SELECT 1 FROM {rows})").fetchone()[0])


def _scratch(store: Store, name: str, columns: str) -> None:
    store.connection.execute(f"DROP TABLE IF EXISTS temp.{name}")
    store.connection.execute(f"CREATE TEMP TABLE {name} {columns}")


def _sort(store: Store, name: str, query: str, progress: Progress) -> int:
    """Sort rows into a temporary table, whose row ids then tell their order; how many there are."""
    store.connection.execute(f"DROP TABLE IF EXISTS temp.{name}")
    with _asking(store.connection, progress):
        store.connection.execute(f"CREATE TEMP TABLE {name} AS {query}")
    progress(1.0, "sorting")
    return int(store.connection.execute(f"SELECT coalesce(max(rowid), 0) FROM temp.{name}").fetchone()[0])


@contextmanager
def _asking(connection: sqlite3.Connection, progress: Progress) -> Iterator[None]:
    """Ask now and then, while one long statement runs, whether to go on."""
    said: list[Cancelled] = []

    def stop() -> bool:
        try:
            progress(0.0, "sorting")
        except Cancelled as asked:
            # It can't pass through SQLite, which is told to stop; it is raised when SQLite has.
            said.append(asked)
        return bool(said)

    connection.set_progress_handler(stop, ASKED)
    try:
        yield
    except sqlite3.OperationalError:
        if said:
            raise said[0] from None
        raise
    finally:
        connection.set_progress_handler(None, 0)


def _ends(store: Store, parts: Sequence[int]) -> tuple[int, int]:
    """The id before the first answer of some parts, and that of the last."""
    query = f"SELECT coalesce(min(first), 1) - 1, coalesce(max(last), 0) FROM parts WHERE id IN ({_numbers(parts)})"
    first, last = store.connection.execute(query).fetchone()
    return int(first), int(last)


def _steps(total: int, progress: Progress, note: str, step: int | None = None) -> Iterator[tuple[int, int]]:
    step = STEP if step is None else step
    for low in range(0, total, step):
        high = min(total, low + step)
        yield low, high
        progress(high / total, note)


def _numbers(keys: Sequence[int]) -> str:
    return ", ".join(str(key) for key in keys)


MOST = 100_000
"""Answers up to which the end of an import is one transaction, so that none lasts over 200 ms."""


class NotAllNewError(Exception):
    """Something was there before: what was done is to be rolled back."""


def may_settle_at_once(store: Store, groups: Mapping[str, Sequence[int]], earlier: Mapping[str, Sequence[int]]) -> bool:
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


def settle_at_once(connection: sqlite3.Connection, import_id: int, parts: Sequence[int]) -> None:
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

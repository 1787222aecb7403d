"""Duplicates as rows: records that were left out because their corpus holds them, each with its twin."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence

from workbench.core.errors import CaseError
from workbench.core.model import Json, Source
from workbench.core.prepared_answers import UNKNOWN_PROMPT, record_digest
from workbench.core.progress import Progress, silent
from workbench.store.database import Store
from workbench.store.folder import DATABASE
from workbench.store.importing.rejections import seal_of
from workbench.store.rows import DuplicateRow, Place, Problem
from workbench.store.schema import version_of

_PAGE = 500

_PLACE = "s.id, s.sha256, s.name, s.size, s.received, d.place, d.offset, d.length, d.member"
_TWIN = "u.id, u.sha256, u.name, u.size, u.received, a.place, a.offset, a.length, a.member"
_ROWS = (
    f"SELECT d.id, i.id, c.name, d.twin, {_PLACE}, {_TWIN} FROM duplicates d JOIN parts p ON p.id = d.part "
    "JOIN imports i ON i.id = p.import AND i.state = 'done' JOIN sources s ON s.id = i.source "
    "JOIN corpora c ON c.id = p.corpus LEFT JOIN answers a ON a.id = d.twin LEFT JOIN parts t ON t.id = a.part "
    "LEFT JOIN imports j ON j.id = t.import LEFT JOIN sources u ON u.id = j.source "
    "WHERE d.id > ? AND d.id <= ? ORDER BY d.id LIMIT ?"
)


def are_listed(connection: sqlite3.Connection) -> bool:
    """Whether the schema of the case lists duplicates; earlier ones, which are only read, counted them."""
    return version_of(connection) >= 4


def unlisted(connection: sqlite3.Connection) -> str:
    """In SQL: how many duplicates of a part p were counted and not listed."""
    return "p.unlisted" if are_listed(connection) else "p.duplicate"


def rows(connection: sqlite3.Connection, import_id: int | None = None, after: int = 0) -> Iterator[DuplicateRow]:
    """The duplicates of finished imports, or of one, in order of place, from after a key."""
    if not are_listed(connection):
        return
    low, last = _ends(connection, import_id)
    after = max(after, low)
    while page := connection.execute(_ROWS, (after, last, _PAGE)).fetchall():
        after = page[-1][0]
        for key, number, corpus, twin, *places in page:
            if places[9] is None:
                raise CaseError(
                    f"Duplicate {key} names answer {twin}, which is not in the case.",
                    hint="`workbench verify CASE` names what is wrong.",
                )
            # Another import may have ended while the end of this one was broken off.
            if import_id in (None, number):
                place, other = _place(places[:9]), _place(places[9:])
                yield DuplicateRow(key, number, corpus, place, twin, other)


def _ends(connection: sqlite3.Connection, import_id: int | None) -> tuple[int, int]:
    """The key before the first row that is asked for, and that of the last."""
    chosen = "" if import_id is None else f"WHERE part IN (SELECT id FROM parts WHERE import = {import_id:d})"
    query = f"SELECT coalesce(min(id), 1) - 1, coalesce(max(id), 0) FROM duplicates {chosen}"
    low, last = connection.execute(query).fetchone()
    return int(low), int(last)


def _place(columns: Sequence[Json]) -> Place:
    *source, index, offset, length, member = columns
    return Place(Source(*source), index, offset, length, member)


def seal(connection: sqlite3.Connection, part: int, progress: Progress = silent) -> str:
    """The SHA-256 over the duplicates of a part: one JSON array a line, of place, offset, length, member and twin."""
    total = connection.execute("SELECT count(*) FROM duplicates WHERE part = ?", (part,)).fetchone()[0]
    found = connection.execute(
        "SELECT place, offset, length, member, twin FROM duplicates WHERE part = ? ORDER BY id", (part,)
    )
    return seal_of(found, lambda done: progress(done / total, "duplicates"))


def seals(connection: sqlite3.Connection, parts: Iterable[int]) -> dict[str, Json]:
    """What the ledger line of an import says of the duplicates in some parts; nothing where there are none."""
    query = f"SELECT listed FROM parts WHERE id IN ({', '.join(map(str, parts))}) AND listed IS NOT NULL ORDER BY id"
    found = [row[0] for row in connection.execute(query)]
    return {"listed": found} if found else {}


def seals_of(connection: sqlite3.Connection, import_id: int) -> list[list[str]]:
    """The seals that the parts of an import have, for each corpus, in order of its first part."""
    if not are_listed(connection):
        return []
    held: dict[int, list[int]] = {}
    for part, corpus in connection.execute("SELECT id, corpus FROM parts WHERE import = ? ORDER BY id", (import_id,)):
        held.setdefault(corpus, []).append(part)
    return [found["listed"] for own in held.values() if (found := seals(connection, own))]


def problems(connection: sqlite3.Connection) -> Iterator[Problem]:
    """Duplicates against the counts of their parts, their twins and their seals."""
    if not are_listed(connection):
        return
    for key, stated, found in connection.execute(
        "SELECT p.id, p.duplicate - p.unlisted, (SELECT count(*) FROM duplicates d WHERE d.part = p.id) FROM parts p "
        "JOIN imports i ON i.id = p.import AND i.state <> 'discarded'"
    ):
        if stated != found:
            words = f"Part {key} lists {stated} duplicates, and {found} are there."
            yield Problem(DATABASE, "changed", words)
    for key, twin in connection.execute(
        "SELECT d.id, d.twin FROM duplicates d JOIN parts p ON p.id = d.part "
        "JOIN imports i ON i.id = p.import AND i.state = 'done' LEFT JOIN answers a ON a.id = d.twin "
        "LEFT JOIN parts t ON t.id = a.part WHERE t.corpus IS NOT p.corpus"
    ):
        yield Problem(DATABASE, "changed", f"The twin of duplicate {key}, answer {twin}, is not in its corpus.")
    for key, number, listed in connection.execute(
        "SELECT p.id, i.id, p.listed FROM parts p JOIN imports i ON i.id = p.import AND i.state = 'done' "
        "WHERE p.duplicate > p.unlisted"
    ).fetchall():
        if seal(connection, key) != listed:
            words = f"The duplicates of import {number} (part {key}) are not those that were listed."
            yield Problem(DATABASE, "changed", words)


_BARE = "bare_digest(a.sha256, a.prompt_key, a.record_id, a.sample)"
"""In SQL: the digest that an answer's record has, or would have, without its prompt."""

_LACKS = "prompt IS NULL AND prompt_key IS NOT NULL"
_HAS = "a.prompt IS NOT NULL AND a.prompt_key IS NOT NULL"


def find(store: Store, part: int, before: Sequence[int]) -> None:
    """Write into temp.twins the answers of an open part whose record is there with its prompt, or without it.

    Each stands there with the answer that is there. `before` are the parts whose records count before its own. Of two
    in the part itself the one with a prompt stays.
    """
    connection = store.connection
    connection.execute("DROP TABLE IF EXISTS temp.twins")
    connection.execute("CREATE TEMP TABLE twins (answer INTEGER PRIMARY KEY, twin INTEGER NOT NULL)")
    connection.create_function("bare_digest", 4, _bare, deterministic=True)
    if _waiting(store, [part]):
        _lacking(store, part, before)
    if before and _waiting(store, before):
        _bringing(store, part, before)


def _bare(text: bytes, key: str, record: str | None, sample: str | None) -> bytes:
    return record_digest(UNKNOWN_PROMPT, text, key, record, sample)


def _waiting(store: Store, parts: Sequence[int]) -> bool:
    """Whether some parts have answers whose prompt was known by its key alone when they came."""
    query = f"SELECT EXISTS (SELECT 1 FROM answers WHERE part IN ({_numbers(parts)}) AND {_LACKS})"
    return bool(store.connection.execute(query).fetchone()[0])


def _lacking(store: Store, part: int, before: Sequence[int]) -> None:
    """Answers without a prompt whose record is there with one."""
    connection = store.connection
    connection.execute("DROP TABLE IF EXISTS temp.bare")
    connection.execute("CREATE TEMP TABLE bare (digest BLOB PRIMARY KEY, answer INTEGER NOT NULL) WITHOUT ROWID")
    # Of several the first counts: of the part itself it is one that stays.
    for parts in filter(None, (before, [part])):
        connection.execute(
            f"INSERT OR IGNORE INTO temp.bare SELECT {_BARE}, a.id FROM answers a "
            f"WHERE {_within(store, parts)} AND {_HAS} ORDER BY a.id"
        )
    connection.execute(
        "INSERT INTO temp.twins SELECT l.id, b.answer FROM answers l CROSS JOIN temp.bare b ON b.digest = l.digest "
        f"WHERE part = ? AND {_LACKS}",
        (part,),
    )


def _bringing(store: Store, part: int, before: Sequence[int]) -> None:
    """Answers with a prompt whose record is there without one, or got that same prompt later."""
    store.connection.execute(
        f"INSERT OR IGNORE INTO temp.twins SELECT a.id, min(r.answer) FROM answers a CROSS JOIN records r ON r.part IN "
        f"({_numbers(before)}) AND r.digest = {_BARE} LEFT JOIN joined j ON j.answer = r.answer "
        f"WHERE {_within(store, [part])} AND {_HAS} AND (j.prompt IS NULL OR j.prompt = a.prompt) "
        "GROUP BY a.id"
    )


def _within(store: Store, parts: Sequence[int]) -> str:
    """The condition that an answer is in one of some parts, by row ids, which are in order of place."""
    numbers = _numbers(parts)
    query = f"SELECT coalesce(min(first), 1), coalesce(max(last), 0) FROM parts WHERE id IN ({numbers})"
    first, last = store.connection.execute(query).fetchone()
    return f"a.id >= {first:d} AND a.id <= {last:d} AND +a.part IN ({numbers})"


def _numbers(keys: Sequence[int]) -> str:
    return ", ".join(str(key) for key in keys)

"""Imports as rows: begun, resumed, discarded, and what has to be known of them afterwards."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

import orjson

from workbench.core.errors import UsageError
from workbench.core.hashing import canonical
from workbench.core.model import Json, Source
from workbench.core.progress import Progress, silent
from workbench.store.database import STEP, Store
from workbench.store.importing.finish import forget
from workbench.store.importing.left_out_duplicates import unlisted
from workbench.store.ledger import Entry
from workbench.store.rows import ImportCounts, ImportRow, OpenImport, RejectedRow, decoding, source_json

_SOURCE = "s.id, s.sha256, s.name, s.size, s.received"
_ALWAYS = 1 << 62


def begin(store: Store, source: Source, importer: str, options: Json) -> OpenImport:
    """A new import in state open, or the open one of the same source, importer and options."""
    for known in opened(store.connection):
        if (known.source.sha256, known.importer, known.options) == (source.sha256, importer, options):
            return known
    time = store.conditions.now()
    text = canonical(options).decode()
    with store.transaction() as connection:
        cursor = connection.execute(
            "INSERT INTO imports (source, importer, options, state, begun) VALUES (?, ?, ?, 'open', ?)",
            (source.id, importer, text, time),
        )
    return OpenImport(cursor.lastrowid or 0, source, importer, orjson.loads(text), time, 0)


def opened(connection: sqlite3.Connection) -> list[OpenImport]:
    """The imports that were begun and neither finished nor discarded."""
    rows = connection.execute(
        f"SELECT i.id, i.importer, i.options, i.begun, i.items, {_SOURCE} FROM imports i "
        "JOIN sources s ON s.id = i.source WHERE i.state = 'open' ORDER BY i.id"
    ).fetchall()
    return [
        OpenImport(key, Source(*source), importer, _options(key, options), begun, items)
        for key, importer, options, begun, items, *source in rows
    ]


def _options(key: int, text: str) -> Json:
    with decoding(f"Import {key} in the database"):
        options = orjson.loads(text)
        prompts, mapping = options.get("prompts"), options.get("mapping") or {}
        named = [prompts["sha256"], prompts["name"]] if prompts else []
        texts = [*named, *mapping, *mapping.values(), options.get("model") or ""]
        texts.append(options.get("encoding", {}).get("name", ""))
        if not all(isinstance(text, str) for text in texts):
            raise TypeError("an option is no text")
        return options


def log(connection: sqlite3.Connection, until: int | None = None) -> list[ImportRow]:
    """The finished and the discarded imports, in order of their lines, as of a line of the ledger."""
    rows = connection.execute(
        f"SELECT i.id, i.importer, i.options, i.state, i.begun, i.ended, i.line, {_SOURCE} FROM imports i "
        "JOIN sources s ON s.id = i.source WHERE i.line <= ? ORDER BY i.line",
        (_ALWAYS if until is None else until,),
    ).fetchall()
    return [_logged(connection, row) for row in rows]


def done_of(connection: sqlite3.Connection, source: Source) -> list[ImportRow]:
    """The finished imports of one file."""
    rows = connection.execute(
        f"SELECT i.id, i.importer, i.options, i.state, i.begun, i.ended, i.line, {_SOURCE} FROM imports i "
        "JOIN sources s ON s.id = i.source WHERE i.source = ? AND i.state = 'done' ORDER BY i.line",
        (source.id,),
    ).fetchall()
    return [_logged(connection, row) for row in rows]


def _logged(connection: sqlite3.Connection, row: Sequence[Any]) -> ImportRow:
    key, importer, options, state, begun, ended, line, *source = row
    counts = connection.execute(
        "SELECT c.name, sum(p.accepted + p.rejected + p.duplicate), sum(p.accepted), sum(p.rejected), "
        f"sum(p.duplicate), sum({unlisted(connection)}) FROM parts p JOIN corpora c ON c.id = p.corpus "
        "WHERE p.import = ? GROUP BY c.id ORDER BY min(p.id)",
        (key,),
    ).fetchall()
    corpora = tuple(ImportCounts(*c) for c in counts)
    return ImportRow(key, Source(*source), importer, _options(key, options), state, begun, ended, corpora, line)


def rejections(connection: sqlite3.Connection, import_id: int, limit: int | None = None) -> list[RejectedRow]:
    """The records that a finished import did not take, in order of place, at most `limit`."""
    done = connection.execute("SELECT 1 FROM imports WHERE id = ? AND state = 'done'", (import_id,)).fetchone()
    return rejected(connection, import_id, limit) if done else []


def rejected(connection: sqlite3.Connection, import_id: int, limit: int | None = None) -> list[RejectedRow]:
    """The records that an import did not take, also of one under way, in order of place, at most `limit`."""
    rows = connection.execute(
        "SELECT import, place, offset, length, member, reason FROM rejections WHERE import = ? ORDER BY id LIMIT ?",
        (import_id, -1 if limit is None else limit),
    )
    return [RejectedRow(*row) for row in rows]


def discard(store: Store, import_id: int, progress: Progress, reason: str) -> None:
    """Close an open import with its ledger line, which gives the reason, then delete in batches what is stored of it.

    Broken off in between, it is discarded all the same: no one can go on from what is half deleted, and
    the next opening deletes the rest. Raises UsageError for an import that is not open.
    """
    with store.mutex:
        found = [o for o in opened(store.connection) if o.id == import_id]
        if not found:
            raise UsageError(f"There is no open import {import_id}.")
        _close(store, found[0], reason)
        sweep(store, progress, found[0].records)
    progress(1.0, "discarded")


def sweep(store: Store, progress: Progress = silent, total: int = 0) -> None:
    """Delete what is still stored of discarded imports, about `total` records; no one can see it."""
    query = "SELECT p.id, p.import FROM parts p JOIN imports i ON i.id = p.import WHERE i.state = 'discarded'"
    parts = store.connection.execute(query).fetchall()
    done = 0
    for part, _ in parts:
        # What names answers goes before them: broken off in between, nothing names what is not there.
        forget(store, part)
        for table in ("duplicates", "answers"):
            while gone := _delete(store, table, "part", part):
                done += gone
                progress(min(0.9, done / max(1, total)), "discarding")
    for number in dict.fromkeys(number for _, number in parts):
        while _delete(store, "rejections", "import", number):
            progress(0.95, "discarding")
    if parts:
        store.prompt_ids.clear()
        alone = [_drop_new_prompts(store, number) for number in dict.fromkeys(number for _, number in parts)]
        if not all(alone):
            drop_orphans(store)
        # Last, because they say that there is something to delete.
        with store.transaction() as connection:
            connection.executemany("DELETE FROM parts WHERE id = ?", [(part,) for part, _ in parts])


def _delete(store: Store, table: str, column: str, key: int) -> int:
    with store.transaction() as connection:
        query = f"DELETE FROM {table} WHERE id IN (SELECT id FROM {table} WHERE {column} = ? LIMIT {STEP})"
        return connection.execute(query, (key,)).rowcount


def _drop_new_prompts(store: Store, import_id: int) -> bool:
    """Delete the prompts that only this import knows; False where others may have come to know some of them."""
    query = "SELECT first, last FROM new_prompts WHERE import = ? ORDER BY first"
    found = store.connection.execute(query, (import_id,)).fetchall()
    unknown = "NOT EXISTS (SELECT 1 FROM known_prompts k WHERE k.sha256 = prompts.sha256 AND k.prompt = prompts.id)"
    alone = bool(found)
    for first, last in found:
        for low in range(first, last + 1, STEP):
            high = min(last, low + STEP - 1)
            with store.transaction() as connection:
                connection.execute(f"DELETE FROM prompts WHERE id >= ? AND id <= ? AND {unknown}", (low, high))
                left = "SELECT EXISTS (SELECT 1 FROM prompts WHERE id >= ? AND id <= ?)"
                alone = alone and not connection.execute(left, (low, high)).fetchone()[0]
        with store.transaction() as connection:
            connection.execute("DELETE FROM new_prompts WHERE first = ?", (first,))
    return alone


def drop_orphans(store: Store) -> None:
    """Delete prompts that no answer has any more."""
    store.prompt_ids.clear()
    rows = store.connection.execute(
        "SELECT id FROM prompts WHERE id NOT IN (SELECT prompt FROM answers WHERE prompt IS NOT NULL) "
        "AND id NOT IN (SELECT prompt FROM joined)"
    ).fetchall()
    for start in range(0, len(rows), STEP):
        some = rows[start : start + STEP]
        with store.transaction() as connection:
            connection.executemany(
                "DELETE FROM known_prompts WHERE sha256 = (SELECT sha256 FROM prompts WHERE id = ?1) AND prompt = ?1",
                some,
            )
            connection.executemany("DELETE FROM prompts WHERE id = ?", some)


def _close(store: Store, item: OpenImport, reason: str) -> None:
    time = store.conditions.now()
    options = {
        "source": source_json(item.source),
        "importer": item.importer,
        "options": item.options,
        "items": item.records,
    }
    with store.transaction() as connection:
        line = store.log(connection, time, Entry("import discarded", {"import": item.id}, options, reason=reason))
        connection.execute(
            "UPDATE imports SET state = 'discarded', ended = ?, line = ? WHERE id = ?",
            (time, line.sequence, item.id),
        )


def flag_repeated(store: Store, part: int, earlier: Sequence[int], flag: str) -> None:
    """Flag the answers of a part whose text came before, to the same prompt, in earlier parts."""
    inside = ", ".join(str(p) for p in earlier)
    rows = store.connection.execute(
        "SELECT a.id FROM answers a WHERE a.part = ? AND a.prompt IS NOT NULL AND EXISTS (SELECT 1 FROM answers o "
        f"WHERE o.part IN ({inside}) AND o.prompt = a.prompt AND o.sha256 = a.sha256)",
        (part,),
    ).fetchall()
    for start in range(0, len(rows), STEP):
        with store.transaction() as connection:
            connection.executemany(
                "UPDATE answers SET flags = flags || ? WHERE id = ? AND instr(flags, ?) = 0",
                [(flag, key, flag) for (key,) in rows[start : start + STEP]],
            )

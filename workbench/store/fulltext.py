"""The full-text index over prompts and answers: filled in batches, asked by key, never ahead of what is visible."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from itertools import islice
from typing import NamedTuple

from workbench.core.fulltext import Query, spaced
from workbench.core.progress import Progress
from workbench.store import corpora
from workbench.store.database import Store
from workbench.store.examination.read import is_there, numbers
from workbench.store.unindexed import in_unindexed_answers, in_unindexed_prompts

PAGE = 500
SIZE = 1 << 20
"""Characters that one transaction indexes."""


class Hit(NamedTuple):
    """A place where the words stand: the row of an answer, and the key by which the next page goes on.

    For a search in prompts the answer is the first one to the prompt; `others` counts the rest.
    """

    key: int
    answer: int
    others: int


def missing(connection: sqlite3.Connection) -> int:
    """How many answers of finished imports are not in the index, and 1 more where only prompts are missing."""
    if not is_there(connection):
        row = connection.execute("SELECT coalesce(sum(answers), 0) FROM corpora").fetchone()
        return int(row[0])
    rows = sum(max(1, part.last - after) for part, after in _open_parts(connection))
    return rows + bool(_joined(connection, 1))


def build(store: Store, progress: Progress) -> int:
    """Index what is visible and not indexed yet; returns how many answers were added. Kill it and it goes on."""
    added = 0
    parts = _open_parts(store.connection)
    total = sum(max(0, part.last - after) for part, after in parts) or 1
    done = 0
    for part, reached in parts:
        after = reached
        while rows := _page(store.connection, part, after):
            after, before = rows[-1][0], after
            _write(store, part.id, rows, whole=False)
            added += len(rows)
            done += after - before
            progress(min(1.0, done / total), f"indexing words: {added:,} answers")
        with store.transaction() as connection:
            _reach(connection, part.id, after, whole=True)
    while keys := _joined(store.connection, PAGE):
        with store.transaction() as connection:
            _index_prompts(connection, keys)
        progress(1.0, "indexing words: prompts that came later")
    return added


def _open_parts(connection: sqlite3.Connection) -> list[tuple[corpora.Part, int]]:
    rows = connection.execute(
        "SELECT p.id, coalesce(p.first, 1), coalesce(p.last, 0), coalesce(x.after, 0) FROM parts p "
        "JOIN imports i ON i.id = p.import LEFT JOIN indexed_parts x ON x.part = p.id "
        "WHERE i.state = 'done' AND coalesce(x.whole, 0) = 0 ORDER BY p.id"
    ).fetchall()
    return [(corpora.Part(key, first, last), after or first - 1) for key, first, last, after in rows]


def _page(connection: sqlite3.Connection, part: corpora.Part, after: int) -> list[tuple[int, str, int | None]]:
    rows: list[tuple[int, str, int | None]] = []
    size = 0
    for row in connection.execute(
        "SELECT id, text, prompt FROM answers WHERE +part = ? AND id > ? AND id <= ? ORDER BY id LIMIT ?",
        (part.id, after, part.last, PAGE),
    ):
        rows.append(row)
        size += len(row[1])
        if size > SIZE:
            break
    return rows


def _write(store: Store, part: int, rows: Sequence[tuple[int, str, int | None]], *, whole: bool) -> None:
    with store.transaction() as connection:
        connection.executemany(
            "INSERT INTO answer_words (rowid, text) VALUES (?, ?)", [(key, spaced(text)) for key, text, _ in rows]
        )
        _index_prompts(connection, sorted({prompt for *_, prompt in rows if prompt is not None}))
        _reach(connection, part, rows[-1][0], whole=whole)


def _index_prompts(connection: sqlite3.Connection, keys: Sequence[int]) -> None:
    new = connection.execute(
        f"SELECT id, text FROM prompts WHERE id IN ({numbers(keys)}) AND id NOT IN (SELECT prompt FROM indexed_prompts)"
    ).fetchall()
    connection.executemany(
        "INSERT INTO prompt_words (rowid, text) VALUES (?, ?)", [(key, spaced(text)) for key, text in new]
    )
    connection.executemany("INSERT INTO indexed_prompts VALUES (?)", [(key,) for key, _ in new])


def _reach(connection: sqlite3.Connection, part: int, after: int, *, whole: bool) -> None:
    connection.execute("INSERT OR REPLACE INTO indexed_parts VALUES (?, ?, ?)", (part, after, whole))


def _joined(connection: sqlite3.Connection, limit: int) -> list[int]:
    """Prompts that were joined later and are not indexed."""
    rows = connection.execute(
        "SELECT DISTINCT prompt FROM joined WHERE joining IN (SELECT id FROM joins WHERE line IS NOT NULL) "
        "AND prompt NOT IN (SELECT prompt FROM indexed_prompts) LIMIT ?",
        (limit,),
    )
    return [int(row[0]) for row in rows]


def in_answers(connection: sqlite3.Connection, query: Query, parts: Sequence[int], after: int, limit: int) -> list[Hit]:
    """The answers in some parts in which the words stand, in order of their rows, from after a key.

    What is not indexed yet is looked through text by text.
    """
    rows = connection.execute(
        "SELECT a.id FROM answer_words w JOIN answers a ON a.id = w.rowid WHERE answer_words MATCH ? "
        f"AND w.rowid > ? AND a.part IN ({numbers(parts)}) ORDER BY w.rowid LIMIT ?",
        (query.match, after, limit),
    )
    reached = {part.id: after for part, after in _open_parts(connection) if part.id in set(parts)}
    found = [*(key for (key,) in rows), *in_unindexed_answers(connection, query, reached, after, limit)]
    return [Hit(key, key, 0) for key in sorted(found)[:limit]]


def in_prompts(connection: sqlite3.Connection, query: Query, parts: Sequence[int], after: int, limit: int) -> list[Hit]:
    """The prompts in which the words stand, each with the first answer to it in some parts."""
    inside = numbers(parts)
    answered = f"FROM answers WHERE part IN ({inside}) AND prompt"
    joined = (
        f"FROM joined WHERE part IN ({inside}) AND joining IN (SELECT id FROM joins WHERE line IS NOT NULL) AND prompt"
    )
    # First the prompts of this page, in the order of the index, then what is counted of them alone.
    asked = f"(EXISTS (SELECT 1 {answered} = w.rowid) OR EXISTS (SELECT 1 {joined} = w.rowid))"
    page = connection.execute(
        f"SELECT rowid FROM prompt_words w WHERE prompt_words MATCH ? AND rowid > ? AND {asked} ORDER BY rowid LIMIT ?",
        (query.match, after, limit),
    ).fetchall()
    keys = [key for (key,) in page]
    if missing(connection):
        keys = sorted([*keys, *islice(in_unindexed_prompts(connection, query, after, asked), limit)])[:limit]
    some = numbers(keys)
    rows = connection.execute(
        f"SELECT prompt, min(answer), count(*) - 1 FROM (SELECT prompt, id AS answer {answered} IN ({some}) "
        f"UNION ALL SELECT prompt, answer {joined} IN ({some})) GROUP BY prompt ORDER BY prompt"
    )
    return [Hit(*row) for row in rows]

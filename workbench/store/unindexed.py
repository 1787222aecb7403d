"""Words looked for in what the full-text index does not hold yet, text by text: a first search need not wait for it.

SQLite passes over texts that lack one of the words; an index in memory with the same tokenizer decides of the rest,
so that what is found does not depend on what was indexed.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing

from workbench.core.fulltext import Query, spaced
from workbench.store.schema import TOKENIZER

_PAGE = 500
_SIZE = 1 << 20


def in_unindexed_answers(
    connection: sqlite3.Connection, query: Query, reached: Mapping[int, int], after: int, limit: int
) -> list[int]:
    """The answers in which the words stand, in order of their rows, from after a row.

    `reached` are the parts to look through, each with the last of its rows that the index holds.
    """
    if not reached:
        return []
    inside = ", ".join(map(str, reached))
    begin = max(after, min(reached.values()))
    rows = connection.execute(
        f"SELECT id, text, part FROM answers WHERE id > ? AND +part IN ({inside}) AND {_likely(query)} ORDER BY id",
        (begin, *_literals(query)),
    )
    return _found(query, ((key, text) for key, text, part in rows if key > reached[part]), limit)


def in_unindexed_prompts(connection: sqlite3.Connection, query: Query, after: int, answered: str) -> Iterator[int]:
    """The prompts in which the words stand, in order of their rows, from after a row; `answered` narrows them."""
    rows = connection.execute(
        f"SELECT w.id AS rowid, w.text FROM prompts w WHERE w.id > ? AND {_likely(query)} AND w.id NOT IN "
        f"(SELECT prompt FROM indexed_prompts) AND {answered} ORDER BY w.id",
        (after, *_literals(query)),
    )
    return _matching(query, rows)


def _literals(query: Query) -> list[str]:
    """The words of a query that an ASCII text must hold, as SQLite's `lower` writes it."""
    return [word for words, _ in query.terms for word in words if word.isascii()]


def _likely(query: Query) -> str:
    """What is true of every text in which the words may stand: it holds them all, or is not ASCII."""
    words = [word for some, _ in query.terms for word in some]
    beyond = "length(CAST(text AS BLOB)) <> length(text)"
    held = [*("0" for word in words if not word.isascii()), *("instr(lower(text), ?)" for _ in _literals(query))]
    return f"(({' AND '.join(held)}) OR {beyond})"


def _found(query: Query, rows: Iterable[tuple[int, str]], limit: int) -> list[int]:
    found: list[int] = []
    for key in _matching(query, rows):
        found.append(key)
        if len(found) == limit:
            break
    return found


def _matching(query: Query, rows: Iterable[tuple[int, str]]) -> Iterator[int]:
    """The keys of texts in which the words stand, in their order."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as memory:
        memory.execute(f"CREATE VIRTUAL TABLE held USING fts5 (text, content = '', tokenize = '{TOKENIZER}')")
        for some in _pages(rows):
            memory.executemany("INSERT INTO held (rowid, text) VALUES (?, ?)", [(k, spaced(t)) for k, t in some])
            matches = memory.execute("SELECT rowid FROM held WHERE held MATCH ? ORDER BY rowid", (query.match,))
            yield from [key for (key,) in matches.fetchall()]
            memory.execute("INSERT INTO held (held) VALUES ('delete-all')")


def _pages(rows: Iterable[tuple[int, str]]) -> Iterator[Sequence[tuple[int, str]]]:
    page: list[tuple[int, str]] = []
    size = 0
    for row in rows:
        page.append(row)
        size += len(row[1])
        if len(page) == _PAGE or size > _SIZE:
            yield page
            page, size = [], 0
    if page:
        yield page

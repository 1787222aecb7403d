"""Records that are one record although one of the two lacks its prompt: the same ids and the same answer.

The digest of a record takes in its prompt. Where a prompt is known by its key alone, records are therefore compared
once more without their prompts, so that an answer is counted once whether its prompt came before it, with it or later.
"""

from __future__ import annotations

from collections.abc import Sequence

from workbench.core.batches import UNKNOWN_PROMPT, record_digest
from workbench.store.database import Store

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

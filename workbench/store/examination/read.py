"""What examinations found: counts, secrets and their state, as of now or as of a line of the ledger."""

from __future__ import annotations

import hashlib
import sqlite3
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import orjson

from workbench.core.answers.inspection import MARKS
from workbench.core.model import Json, Source
from workbench.store import corpora
from workbench.store.database import STEP, Store
from workbench.store.importing import sources
from workbench.store.rows import decoding
from workbench.store.schema import version_of

_ALWAYS = 1 << 62
_LAST = "SELECT coalesce(max(id), 0) FROM examinations WHERE state = 'done'"
_OWNED = ("examined_parts", "examined", "examined_joins", "examined_prompts", "examined_sources")
_BITE = 4000

Sketch = tuple[int, bytes, bytes]
"""An answer, the SHA-256 of its text, and its sketch."""

Asked = tuple[int, int, int, bytes, bytes]
"""A prompt, a part, and of an answer in it to that prompt what a sketch holds."""


@dataclass(frozen=True, slots=True)
class Examined:
    """A finished examination: `counts` as its ledger line seals them, `corpora` the digests it was made of."""

    id: int
    chain: int
    rules: Json
    ended: str
    counts: Json
    sha256: str
    line: int


def is_there(connection: sqlite3.Connection) -> bool:
    """Whether this case has a schema that knows of examinations; a case that is only read is not brought up to it."""
    return version_of(connection) >= 2


def last(connection: sqlite3.Connection, until: int | None = None) -> Examined | None:
    """The last finished examination, as of a line of the ledger; None where there was none."""
    if not is_there(connection):
        return None
    row = connection.execute(
        "SELECT id, chain, rules, ended, counts, sha256, line FROM examinations WHERE state = 'done' AND line <= ? "
        "ORDER BY line DESC LIMIT 1",
        (_ALWAYS if until is None else until,),
    ).fetchone()
    if row is None:
        return None
    key, chain, rules, ended, counts, digest, line = row
    with decoding(f"Examination {key} in the database"):
        return Examined(key, chain, orjson.loads(rules), ended, orjson.loads(counts), digest, line)


def was_dropped(connection: sqlite3.Connection, chain: int) -> bool:
    """Whether an examination of this chain was given up: its rows may lie among the others."""
    query = "SELECT 1 FROM examinations WHERE chain = ? AND state = 'dropped'"
    return connection.execute(query, (chain,)).fetchone() is not None


# --- what is still to be done


class OpenPart(NamedTuple):
    """A part that is not wholly examined: its first and last row id, the one that was reached, and its answers."""

    id: int
    first: int
    last: int
    reached: int
    answers: int


def open_parts(connection: sqlite3.Connection, chain: int) -> list[OpenPart]:
    """The parts of finished imports that are not wholly examined."""
    rows = connection.execute(
        "SELECT p.id, coalesce(p.first, 1), coalesce(p.last, 0), coalesce(x.after, p.first - 1, 0), p.accepted "
        "FROM parts p JOIN imports i ON i.id = p.import LEFT JOIN examined_parts x ON x.chain = ? AND x.part = p.id "
        "WHERE i.state = 'done' AND coalesce(x.whole, 0) = 0 ORDER BY p.id",
        (chain,),
    )
    return [OpenPart(*row) for row in rows]


def new_prompts(connection: sqlite3.Connection, chain: int) -> array[int]:
    """The prompts of the answers in parts that are not wholly examined, as far as they are not examined themselves."""
    parts = numbers(part.id for part in open_parts(connection, chain))
    query = (
        f"SELECT prompt FROM (SELECT prompt FROM answers WHERE part IN ({parts}) AND prompt IS NOT NULL UNION "
        f"SELECT prompt FROM joined WHERE part IN ({parts}) AND joining IN (SELECT id FROM joins WHERE line IS NOT "
        "NULL)) WHERE prompt NOT IN (SELECT prompt FROM examined_prompts WHERE chain = ?) ORDER BY prompt"
    )
    return array("q", (row[0] for row in connection.execute(query, (chain,))))


def waiting(connection: sqlite3.Connection, chain: int) -> int:
    """How many answers are still to be examined."""
    row = connection.execute(
        "SELECT coalesce(sum(p.accepted - CASE WHEN x.part IS NULL THEN 0 ELSE (SELECT count(*) FROM examined e "
        "WHERE e.chain = :chain AND e.part = p.id AND e.answer <= x.after) END), 0) "
        "FROM parts p JOIN imports i ON i.id = p.import "
        "LEFT JOIN examined_parts x ON x.chain = :chain AND x.part = p.id "
        "WHERE i.state = 'done' AND coalesce(x.whole, 0) = 0",
        {"chain": chain},
    ).fetchone()
    return int(row[0])


def new_sources(connection: sqlite3.Connection, chain: int) -> list[Source]:
    """The files that the ledger names and that were not examined."""
    known = {row[0] for row in connection.execute("SELECT source FROM examined_sources WHERE chain = ?", (chain,))}
    return [source for source in sources.all_of(connection, _ALWAYS) if source.id not in known]


def new_joins(connection: sqlite3.Connection, chain: int) -> list[int]:
    """The finished joins of prompts that were not examined."""
    rows = connection.execute(
        "SELECT id FROM joins WHERE line IS NOT NULL AND id NOT IN "
        "(SELECT joining FROM examined_joins WHERE chain = ?) ORDER BY id",
        (chain,),
    )
    return [int(row[0]) for row in rows]


def prompts(connection: sqlite3.Connection, chain: int) -> array[int]:
    """The prompts that were examined, in order of row."""
    query = "SELECT prompt FROM examined_prompts WHERE chain = ? ORDER BY prompt"
    return array("q", (row[0] for row in connection.execute(query, (chain,))))


def sketches(connection: sqlite3.Connection, chain: int, parts: Sequence[int]) -> list[Sketch]:
    """Answer, SHA-256 and sketch of every examined answer in some parts, in order of answer."""
    inside = numbers(parts)
    return connection.execute(
        "SELECT e.answer, a.sha256, e.bands FROM examined e CROSS JOIN answers a ON a.id = e.answer "
        f"WHERE e.chain = ? AND e.part IN ({inside}) AND e.answer BETWEEN (SELECT min(first) FROM parts WHERE id "
        f"IN ({inside})) AND (SELECT max(last) FROM parts WHERE id IN ({inside})) ORDER BY e.answer",
        (chain,),
    ).fetchall()


def on_prompts(connection: sqlite3.Connection, chain: int, prompts: Iterable[int]) -> list[Asked]:
    """Prompt, part, answer, SHA-256 and sketch of all examined answers to some prompts."""
    parts = connection.execute("SELECT p.id FROM parts p JOIN imports i ON i.id = p.import WHERE i.state = 'done'")
    inside, some = numbers(row[0] for row in parts.fetchall()), numbers(prompts)
    return connection.execute(
        "SELECT t.prompt, e.part, e.answer, t.sha256, e.bands FROM (SELECT prompt, id AS answer, sha256 FROM answers "
        f"WHERE part IN ({inside}) AND prompt IN ({some}) UNION ALL "
        "SELECT j.prompt, j.answer, a.sha256 FROM joined j CROSS JOIN answers a ON a.id = j.answer "
        f"WHERE j.part IN ({inside}) AND j.prompt IN ({some}) AND j.joining IN "
        "(SELECT id FROM joins WHERE line IS NOT NULL)) t "
        "CROSS JOIN examined e ON e.chain = ? AND e.answer = t.answer ORDER BY t.prompt, e.answer",
        (chain,),
    ).fetchall()


# --- counts and seals


def counted(connection: sqlite3.Connection, chain: int, examination: int) -> Json:
    """The counts of an examination: of each corpus, of each file, and in total."""
    found: dict[str, Json] = {}
    by_part = _by_part(connection, chain, examination)
    for corpus in corpora.corpora(connection):
        own: dict[str, Any] = {"sha256": corpus.sha256, **_NOTHING, "languages": {}}
        for part in corpora.parts_of(connection, corpus.id):
            _add(own, by_part.get(part.id, {}))
        own["languages"] = dict(sorted(own["languages"].items(), key=lambda item: (-item[1], item[0])))
        joins = ", ".join(str(j) for j in corpora.joins_of(connection, corpus.id)) or "0"
        query = f"SELECT coalesce(sum(quoting), 0) FROM examined_joins WHERE chain = ? AND joining IN ({joins})"
        own["quoting"] += connection.execute(query, (chain,)).fetchone()[0]
        found[corpus.name] = own
    return {
        "corpora": found,
        "sources": _of_sources(connection, chain),
        "totals": {name: sum(item[name] for item in found.values()) for name in _NOTHING},
    }


_SEEN = ("answers", *MARKS, "control", "bidi", "zero_width", "hidden")
_ALIKE = ("copies", "near_duplicates", "like_other_corpora")
_NOTHING = dict.fromkeys((*_SEEN, *_ALIKE), 0)


def _by_part(connection: sqlite3.Connection, chain: int, examination: int) -> dict[int, dict[str, Any]]:
    """The counts of each part that has any, from one reading of all that was seen."""
    marks = ", ".join(f"sum(marks & {bit} <> 0)" for bit in MARKS.values())
    found: dict[int, dict[str, Any]] = {}
    for part, *numbers in connection.execute(
        f"SELECT part, count(*), {marks}, sum(control), sum(bidi), sum(zero_width), "
        "sum(control + bidi + zero_width > 0) FROM examined WHERE chain = ? GROUP BY part",
        (chain,),
    ):
        found[part] = dict(zip(_SEEN, numbers, strict=True)) | {"languages": {}}
    for part, language, number in connection.execute(
        "SELECT part, language, count(*) FROM examined WHERE chain = ? GROUP BY part, language", (chain,)
    ):
        found[part]["languages"][language] = number
    for part, *numbers in connection.execute(
        "SELECT e.part, sum(l.copies > 0), sum(l.leader IS NOT NULL), sum(l.elsewhere > 0) FROM alike l "
        "JOIN examined e ON e.chain = ? AND e.answer = l.answer WHERE l.examination = ? GROUP BY e.part",
        (chain, examination),
    ):
        found[part] |= dict(zip(_ALIKE, numbers, strict=True))
    return found


def _add(counts: dict[str, Any], others: dict[str, Any]) -> None:
    for name, value in others.items():
        if isinstance(value, dict):
            _add(counts[name], value)
        else:
            counts[name] = counts.get(name, 0) + value


def _of_sources(connection: sqlite3.Connection, chain: int) -> dict[str, Json]:
    held = withheld(connection)
    rows = connection.execute(
        "SELECT s.sha256, x.encoding, x.whole FROM examined_sources x JOIN sources s ON s.id = x.source "
        "WHERE x.chain = ? ORDER BY s.id",
        (chain,),
    ).fetchall()
    return {
        digest: {"encoding": encoding, "searched": bool(whole), "secrets": sum(held.get(digest, {}).values())}
        for digest, encoding, whole in rows
    }


def seals(connection: sqlite3.Connection, chain: int, examination: int) -> dict[str, str]:
    """SHA-256 over what was seen of each answer, and over what is alike, as of an examination."""
    return {"seen": seal_seen(connection, chain, examination), "alike": seal_alike(connection, examination)}


def seal_seen(connection: sqlite3.Connection, chain: int, examination: int) -> str:
    """SHA-256 over what was seen of each answer."""
    seen = connection.execute(
        "SELECT answer || ' ' || part || ' ' || language || ' ' || sure || ' ' || marks || ' ' || control || ' ' || "
        "bidi || ' ' || zero_width || ' ' || hex(bands) FROM examined WHERE chain = ? AND examination <= ? "
        "ORDER BY answer",
        (chain, examination),
    )
    return _digest(seen)


def seal_alike(connection: sqlite3.Connection, examination: int) -> str:
    """SHA-256 over what is alike."""
    alike = connection.execute(
        "SELECT answer || ' ' || copies || ' ' || coalesce(leader, 0) || ' ' || elsewhere FROM alike "
        "WHERE examination = ? ORDER BY answer",
        (examination,),
    )
    return _digest(alike)


def _digest(rows: sqlite3.Cursor) -> str:
    hasher = hashlib.sha256()
    while some := rows.fetchmany(_BITE):
        hasher.update("".join([f"{row[0]}\n" for row in some]).encode())
    return hasher.hexdigest()


# --- secrets


def withheld(connection: sqlite3.Connection, until: int | None = None) -> dict[str, dict[str, int]]:
    """The files in which secrets were found, by SHA-256: how many different ones of each kind.

    One that stands in the bytes of a file and in its records counts once, under the kind that was found first.

    As of a line of the ledger only finished examinations count; now every secret that was ever found.
    """
    if not is_there(connection):
        return {}
    inside = "" if until is None else f"WHERE t.examination <= ({_LAST} AND line <= {until:d})"
    rows = connection.execute(
        "SELECT sha256, kind, count(*) FROM (SELECT s.id, s.sha256, t.kind, min(t.id) FROM ("
        "SELECT x.examination, x.kind, x.id, x.sha256 AS secret, x.owner AS source FROM secrets x "
        "WHERE x.field = 'source' UNION "
        "SELECT x.examination, x.kind, x.id, x.sha256, i.source FROM secrets x JOIN answers a ON a.id = x.owner "
        "JOIN parts p ON p.id = a.part JOIN imports i ON i.id = p.import WHERE x.field IN ('answer', 'extra') UNION "
        "SELECT x.examination, x.kind, x.id, x.sha256, i.source FROM secrets x JOIN answers a ON a.prompt = x.owner "
        "JOIN parts p ON p.id = a.part JOIN imports i ON i.id = p.import WHERE x.field = 'prompt' UNION "
        "SELECT x.examination, x.kind, x.id, x.sha256, d.source FROM secrets x JOIN joined j ON j.prompt = x.owner "
        "JOIN joins d ON d.id = j.joining WHERE x.field = 'prompt'"
        f") t JOIN sources s ON s.id = t.source {inside} GROUP BY s.id, t.secret) GROUP BY id, kind ORDER BY id, kind"
    ).fetchall()
    found: dict[str, dict[str, int]] = {}
    for digest, kind, number in rows:
        found.setdefault(digest, {})[kind] = number
    return found


def delete(store: Store, table: str, where: str, *values: int) -> None:
    """Delete derived rows in batches, so that no transaction lasts long."""
    key = "answer" if table in ("examined", "alike") else {"examined_parts": "part"}.get(table, table[9:-1])
    key = {"join": "joining"}.get(key, key)
    gone = 1
    while gone:
        with store.transaction() as connection:
            some = f"SELECT {key} FROM {table} WHERE {where} LIMIT {STEP}"
            query = f"DELETE FROM {table} WHERE {where} AND {key} IN ({some})"
            gone = connection.execute(query, (*values, *values)).rowcount


def sweep(store: Store) -> None:
    """Delete what earlier examinations saw and later ones saw again; what they sealed stays in the ledger."""
    now = last(store.connection)
    if now is None:
        return
    for table in _OWNED:
        delete(store, table, "chain < ?", now.chain)
    delete(store, "alike", "examination < ?", now.id)


def numbers(keys: Iterable[int]) -> str:
    """Row ids as they stand in a query."""
    return ", ".join(str(key) for key in keys) or "0"

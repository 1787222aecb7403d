"""Corpora as rows: what is known of each, as of now or as of a line of the ledger."""

from __future__ import annotations

import hashlib
import sqlite3
from binascii import hexlify
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson

from workbench.core.errors import UsageError
from workbench.core.hashing import canonical, sha256_lines
from workbench.core.model import Corpus, Facts, Json, Role
from workbench.store import ledger
from workbench.store.database import Store
from workbench.store.ledger import Entry, digest_of
from workbench.store.rows import decoding, facts_from_json, facts_json, facts_with
from workbench.store.schema import version_of

_COLUMNS = "id, name, role, facts, answers, sha256, documented, note"

_BITE = 4000

EMPTY = sha256_lines([])


def state_of(corpus: Corpus) -> Json:
    """What a ledger line says of a corpus; `corpus_of` reads it."""
    return {
        "name": corpus.name,
        "role": str(corpus.role),
        "facts": facts_json(corpus.facts),
        "documented": corpus.documented,
        "note": corpus.note,
        "answers": corpus.answers,
        "sha256": corpus.sha256,
    }


def corpora(connection: sqlite3.Connection, until: int | None = None) -> list[Corpus]:
    """All corpora of finished imports in order of first appearance.

    With `until` they are as they were after that line of the ledger.
    """
    rows = connection.execute(f"SELECT {_COLUMNS} FROM corpora ORDER BY id").fetchall()
    now = [_corpus(row) for row in rows]
    return now if until is None else _as_of(connection, now, until)


def _corpus(row: Sequence[Any]) -> Corpus:
    key, name, role, facts, answers, digest, documented, note = row
    with decoding(f"The corpus {name} in the database"):
        known = facts_from_json(orjson.loads(facts))
        return Corpus(key, name, Role(role), known, answers, digest, bool(documented), note)


def _as_of(connection: sqlite3.Connection, now: Sequence[Corpus], until: int) -> list[Corpus]:
    then = states(ledger.lines_of(connection, TELLING, until))
    return [corpus_of(c.id, then[c.name]) for c in now if c.name in then]


def corpus_of(key: int, state: Json) -> Corpus:
    """The corpus that `state_of` described."""
    return Corpus(
        key,
        state["name"],
        Role(state["role"]),
        facts_from_json(state["facts"]),
        state["answers"],
        state["sha256"],
        state["documented"],
        state["note"],
    )


TELLING = ("file imported", "corpus changed", "prompts joined")
"""Actions whose lines say how they left a corpus."""


def states(lines: Iterable[ledger.LedgerLine]) -> dict[str, Json]:
    """The last state of every corpus that the given ledger lines tell of."""
    last: dict[str, Json] = {}
    for line in lines:
        if line.action == "file imported":
            last.update((item["corpus"]["name"], item["corpus"]) for item in line.options["corpora"])
        elif line.action in ("corpus changed", "prompts joined"):
            last[line.options["corpus"]["name"]] = line.options["corpus"]
    return last


def as_imported(connection: sqlite3.Connection) -> dict[str, Corpus]:
    """Each corpus that was changed since it came in, as it came in."""
    changed = {line.options["corpus"]["name"] for line in ledger.lines_of(connection, ["corpus changed"])}
    found: dict[str, Corpus] = {}
    if changed:
        for line in ledger.lines_of(connection, ["file imported"]):
            for item in line.options["corpora"]:
                if item["corpus"]["name"] in changed:
                    found.setdefault(item["corpus"]["name"], corpus_of(0, item["corpus"]))
    return found


def find(connection: sqlite3.Connection, name: str) -> Corpus | None:
    """The corpus of a name, where there is one."""
    row = connection.execute(f"SELECT {_COLUMNS} FROM corpora WHERE name = ?", (name,)).fetchone()
    return None if row is None else _corpus(row)


def named(connection: sqlite3.Connection, name: str) -> Corpus:
    """The corpus of a name; raises UsageError when there is none."""
    found = find(connection, name)
    if found is None:
        raise UsageError(f"There is no corpus “{name}” in this case.", hint="`workbench corpora CASE` lists them.")
    return found


def put(connection: sqlite3.Connection, corpus: Corpus) -> Corpus:
    """Write a corpus within the caller's transaction; with id 0 it is new. Returns it with its id."""
    values = (
        str(corpus.role),
        canonical(facts_json(corpus.facts)).decode(),
        corpus.documented,
        corpus.note,
        corpus.answers,
        corpus.sha256,
    )
    if corpus.id:
        connection.execute(
            "UPDATE corpora SET role = ?, facts = ?, documented = ?, note = ?, answers = ?, sha256 = ? WHERE id = ?",
            (*values, corpus.id),
        )
        return corpus
    cursor = connection.execute(
        "INSERT INTO corpora (role, facts, documented, note, answers, sha256, name) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (*values, corpus.name),
    )
    return replace(corpus, id=cursor.lastrowid or 0)


def change(
    store: Store, name: str, role: Role | None, facts: Mapping[str, Any], note: str | None, reason: str
) -> Corpus:
    """Mend what is known of a corpus, in the open: a reason is required, the old state stays in the ledger."""
    if not reason.strip():
        raise UsageError("A change needs a reason.", hint="Give one with --reason.")
    with store.transaction() as connection:
        old = named(connection, name)
        new = replace(
            old,
            role=old.role if role is None else role,
            facts=facts_with(old.facts, facts),
            note=old.note if note is None else note,
        )
        if new == old:
            return old
        put(connection, new)
        before, after = state_of(old), state_of(new)
        options = {"corpus": after, "changed": sorted(_changed(before, after))}
        entry = Entry("corpus changed", {"corpus": name}, options, digest_of(before), digest_of(after), reason)
        store.log(connection, store.conditions.now(), entry)
    return new


def _changed(before: Json, after: Json) -> Iterator[str]:
    for key in ("role", "note"):
        if before[key] != after[key]:
            yield key
    for key in before["facts"].keys() | after["facts"].keys():
        if before["facts"].get(key) != after["facts"].get(key):
            yield key


@dataclass(frozen=True, slots=True)
class Part:
    """The answers that one import brought to one corpus; `first` and `last` bound their row ids."""

    id: int
    first: int
    last: int


def parts_of(connection: sqlite3.Connection, corpus: int, until: int | None = None) -> list[Part]:
    """The parts of a corpus from finished imports, as of a line of the ledger."""
    rows = connection.execute(
        "SELECT p.id, coalesce(p.first, 1), coalesce(p.last, 0) FROM parts p JOIN imports i ON i.id = p.import "
        "WHERE p.corpus = ? AND i.state = 'done' AND i.line <= ? ORDER BY p.id",
        (corpus, (1 << 62) if until is None else until),
    )
    return [Part(*row) for row in rows]


def digest(connection: sqlite3.Connection, parts: Sequence[int], joins: Sequence[int] = ()) -> str:
    """The digest of a corpus: over the sorted digests of the records in its parts.

    Answers that got their prompts in `joins` count with the digest that includes the prompt.
    """
    if not parts:
        return EMPTY
    inside = ", ".join(str(p) for p in parts)
    # A case of an earlier schema, which is only read, has them with the answers.
    records = "records" if version_of(connection) >= 3 else "(SELECT part, digest, id AS answer FROM answers)"
    query = f"SELECT digest FROM {records} WHERE part IN ({inside})"
    if joins:
        done = f"SELECT answer FROM joined WHERE joining IN ({', '.join(str(j) for j in joins)})"
        query += f" AND answer NOT IN ({done}) UNION ALL SELECT digest FROM joined WHERE answer IN ({done})"
        query += f" AND part IN ({inside})"
    rows = connection.execute(f"SELECT digest FROM ({query}) ORDER BY digest")
    # As core.hashing.sha256_lines, in larger bites: an import of many answers spends its time here.
    hasher = hashlib.sha256()
    while some := rows.fetchmany(_BITE):
        hasher.update(hexlify(b"".join([row[0] for row in some]), "\n", 32) + b"\n")
    return hasher.hexdigest()


def joins_of(connection: sqlite3.Connection, corpus: int, until: int | None = None) -> list[int]:
    """The finished joins that brought prompts to a corpus, as of a line of the ledger."""
    rows = connection.execute(
        "SELECT id FROM joins WHERE corpus = ? AND line <= ? ORDER BY id",
        (corpus, (1 << 62) if until is None else until),
    )
    return [int(row[0]) for row in rows]


def empty_corpus(name: str, role: Role) -> Corpus:
    """A corpus that is not stored yet."""
    return Corpus(0, name, role, Facts(), 0, EMPTY)

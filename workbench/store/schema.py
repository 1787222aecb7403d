"""The tables of a case, as one list of numbered migrations.

`PRAGMA user_version` holds the number of the last one. A library of migrations is not used: the steps must run
within one transaction on a file that may be read-only, and there are few of them.

1. The first schema.
2. What records say beside their answers, examinations, secrets found, and the full-text index.
3. Digests of records and of prompts in tables of their own, filled in their own order. An index over digests is
   written at a random place for each row, and an import of millions of answers would spend most of its time on that.
   So rows are appended as they come, and their digests are sorted once, at the end.
4. Duplicates are listed, each with its place and the answer that is its twin. Earlier schemas only counted them:
   what was counted before stays in the count, and is said to be unlisted.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from functools import lru_cache

from workbench.core.text import one_line
from workbench.store.connecting import BoundedConnection
from workbench.store.disk_state import DamagedError

APPLICATION = 0x44574243
"""SQLite's application id of a case: the letters DWBC."""

TOKENIZER = "unicode61 remove_diacritics 2"
"""How the full-text index cuts words."""

Step = Callable[[sqlite3.Connection], None]


class Migrations:
    """Numbered steps that bring a database from one schema to the next, each in one transaction."""

    def __init__(self) -> None:
        self.steps: list[Step] = []

    def step(self, function: Step) -> Step:
        """Register a function as the next step; a decorator."""
        self.steps.append(function)
        return function

    @property
    def newest(self) -> int:
        """The schema that this program writes."""
        return len(self.steps)

    def apply(self, connection: sqlite3.Connection, number: int) -> None:
        """Run step `number` (from 1) within the caller's transaction and record it."""
        self.steps[number - 1](connection)
        connection.execute(f"PRAGMA user_version = {number:d}")


MIGRATIONS = Migrations()


def version_of(connection: sqlite3.Connection) -> int:
    """The schema that a database has."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


_OBJECTS = "SELECT type, name, tbl_name, substr(sql, 1, 20000) FROM sqlite_master ORDER BY name, type LIMIT 1000"
"""Every table, index, trigger and view, as the words that made it; more than a case has are not read."""

_INDEX_SETTINGS = [("version", 4)]
"""What SQLite's full-text index keeps of its settings; another entry would name functions for it to call."""

_Object = tuple[str, str, str, str | None]


@lru_cache
def _released(version: int) -> tuple[_Object, ...]:
    """The objects of a released schema, as its migrations make them."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as fresh:
        for number in range(1, version + 1):
            MIGRATIONS.apply(fresh, number)
        return tuple(fresh.execute(_OBJECTS))


def differences(connection: sqlite3.Connection) -> Iterator[str]:
    """What of a database's schema is not as it was released under its number, in words, object by object.

    Nothing but the schema and the settings of the full-text index is read. Raises sqlite3.Error.
    """
    version = version_of(connection)
    if not 1 <= version <= MIGRATIONS.newest:
        yield f"The database has the schema {version}, which this program does not know."
        return
    wanted, found = list(_released(version)), list(connection.execute(_OBJECTS))
    if wanted == found:
        yield from _index_differences(connection) if version > 1 else ()
        return
    names = sorted({(str(one[1]), str(one[0])) for one in [*wanted, *found]})
    for name, kind in names:
        own, theirs = ([one for one in objects if one[:2] == (kind, name)] for objects in (found, wanted))
        if own != theirs:
            state = "is missing" if not own else "was changed" if theirs else "was added"
            yield f"The {one_line(kind, 20)} {one_line(name, 80)} of the database {state}."


def _index_differences(connection: sqlite3.Connection) -> Iterator[str]:
    for index in ("answer_words", "prompt_words"):
        if connection.execute(f"SELECT k, v FROM {index}_config LIMIT 10").fetchall() != _INDEX_SETTINGS:
            yield f"The settings of the index {index} of the database were changed."


def require_released(connection: BoundedConnection) -> None:
    """Refuse a database whose schema is not, object by object, one that was released. Raises DamagedError.

    A trigger or a view that somebody added would be run by the next statement: so this comes before any other one,
    within bounds of its own. Raises sqlite3.Error where the schema can't be read.
    """
    connection.bound(schema=True)
    try:
        connection.execute("BEGIN")
        found = list(differences(connection))
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        connection.bound(schema=False)
    if found:
        more = f" There are {len(found) - 1} more of its kind." if len(found) > 1 else ""
        raise DamagedError(
            f"{found[0]}{more} Somebody else than this program changed it, and nothing in it is believed.",
            hint="`workbench verify CASE` names every change; `workbench rescue CASE NEW` rebuilds the case.",
        )


_FIRST = """
CREATE TABLE cases (
    id INTEGER PRIMARY KEY CHECK (id = 1), case_id TEXT NOT NULL, title TEXT NOT NULL,
    examiner TEXT NOT NULL, created TEXT NOT NULL);
CREATE TABLE ledger (
    sequence INTEGER PRIMARY KEY, action TEXT NOT NULL, hash TEXT NOT NULL UNIQUE, line TEXT NOT NULL);
CREATE TABLE sources (
    id INTEGER PRIMARY KEY, sha256 TEXT NOT NULL UNIQUE, name TEXT NOT NULL, size INTEGER NOT NULL,
    received TEXT NOT NULL);
CREATE TABLE imports (
    id INTEGER PRIMARY KEY, source INTEGER NOT NULL REFERENCES sources (id), importer TEXT NOT NULL,
    options TEXT NOT NULL, state TEXT NOT NULL CHECK (state IN ('open', 'done', 'discarded')),
    begun TEXT NOT NULL, ended TEXT, items INTEGER NOT NULL DEFAULT 0, rejected INTEGER NOT NULL DEFAULT 0,
    line INTEGER REFERENCES ledger (sequence));
CREATE TABLE corpora (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, role TEXT NOT NULL, facts TEXT NOT NULL,
    documented INTEGER NOT NULL, note TEXT NOT NULL, answers INTEGER NOT NULL, sha256 TEXT NOT NULL);
CREATE TABLE parts (
    id INTEGER PRIMARY KEY, import INTEGER NOT NULL REFERENCES imports (id), model TEXT,
    corpus INTEGER REFERENCES corpora (id), facts TEXT NOT NULL DEFAULT '{}', accepted INTEGER NOT NULL DEFAULT 0,
    rejected INTEGER NOT NULL DEFAULT 0, duplicate INTEGER NOT NULL DEFAULT 0, first INTEGER, last INTEGER);
CREATE INDEX parts_import ON parts (import);
CREATE TABLE prompts (
    id INTEGER PRIMARY KEY, sha256 BLOB NOT NULL UNIQUE, form TEXT NOT NULL, text TEXT NOT NULL);
CREATE TABLE answers (
    id INTEGER PRIMARY KEY, part INTEGER NOT NULL REFERENCES parts (id),
    prompt INTEGER REFERENCES prompts (id), digest BLOB NOT NULL, sha256 BLOB NOT NULL,
    place INTEGER NOT NULL, offset INTEGER NOT NULL, length INTEGER NOT NULL,
    member TEXT NOT NULL DEFAULT '', prompt_key TEXT, record_id TEXT, sample TEXT, time TEXT,
    flags TEXT NOT NULL DEFAULT '', text TEXT NOT NULL);
CREATE UNIQUE INDEX answers_record ON answers (part, digest);
CREATE INDEX answers_prompt ON answers (part, prompt, sha256);
CREATE INDEX answers_unjoined ON answers (part, prompt_key) WHERE prompt IS NULL;
CREATE TABLE rejections (
    id INTEGER PRIMARY KEY, import INTEGER NOT NULL REFERENCES imports (id), place INTEGER NOT NULL,
    offset INTEGER NOT NULL, length INTEGER NOT NULL, member TEXT NOT NULL, reason TEXT NOT NULL);
CREATE INDEX rejections_import ON rejections (import);
CREATE TABLE joins (
    id INTEGER PRIMARY KEY, source INTEGER NOT NULL REFERENCES sources (id),
    corpus INTEGER NOT NULL REFERENCES corpora (id), answers INTEGER NOT NULL DEFAULT 0,
    line INTEGER REFERENCES ledger (sequence));
CREATE TABLE joined (
    answer INTEGER PRIMARY KEY REFERENCES answers (id), joining INTEGER NOT NULL REFERENCES joins (id),
    part INTEGER NOT NULL REFERENCES parts (id), prompt INTEGER NOT NULL REFERENCES prompts (id),
    digest BLOB NOT NULL);
CREATE INDEX joined_prompt ON joined (part, prompt);
CREATE TABLE findings (
    number INTEGER PRIMARY KEY, made TEXT NOT NULL, json TEXT NOT NULL, sha256 TEXT NOT NULL,
    narrative TEXT NOT NULL, svg BLOB NOT NULL, options TEXT NOT NULL,
    line INTEGER NOT NULL REFERENCES ledger (sequence));
CREATE TABLE tables (sha256 TEXT PRIMARY KEY, data BLOB NOT NULL);
CREATE TABLE finding_tables (
    finding INTEGER NOT NULL REFERENCES findings (number), name TEXT NOT NULL,
    sha256 TEXT NOT NULL REFERENCES tables (sha256), PRIMARY KEY (finding, name));
CREATE TABLE withdrawals (
    finding INTEGER PRIMARY KEY REFERENCES findings (number), made TEXT NOT NULL, reason TEXT NOT NULL,
    line INTEGER NOT NULL REFERENCES ledger (sequence));
CREATE TABLE exports (
    number INTEGER PRIMARY KEY, begun TEXT NOT NULL, choices TEXT NOT NULL,
    line INTEGER NOT NULL REFERENCES ledger (sequence));
CREATE TABLE exports_done (
    number INTEGER PRIMARY KEY REFERENCES exports (number), done TEXT NOT NULL, sha256 TEXT NOT NULL,
    line INTEGER NOT NULL REFERENCES ledger (sequence));
"""


_SECOND = f"""
ALTER TABLE answers ADD COLUMN extra TEXT;
CREATE TABLE examinations (
    id INTEGER PRIMARY KEY, chain INTEGER NOT NULL, rules TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'done', 'dropped')),
    begun TEXT NOT NULL, ended TEXT, counts TEXT, sha256 TEXT, line INTEGER REFERENCES ledger (sequence));
CREATE TABLE examined_parts (
    chain INTEGER NOT NULL, part INTEGER NOT NULL REFERENCES parts (id),
    examination INTEGER NOT NULL REFERENCES examinations (id), after INTEGER NOT NULL, whole INTEGER NOT NULL,
    PRIMARY KEY (chain, part)) WITHOUT ROWID;
CREATE TABLE examined (
    chain INTEGER NOT NULL, answer INTEGER NOT NULL REFERENCES answers (id),
    part INTEGER NOT NULL REFERENCES parts (id),
    examination INTEGER NOT NULL REFERENCES examinations (id), language TEXT NOT NULL, sure INTEGER NOT NULL,
    marks INTEGER NOT NULL, control INTEGER NOT NULL, bidi INTEGER NOT NULL, zero_width INTEGER NOT NULL,
    bands BLOB NOT NULL, PRIMARY KEY (chain, answer)) WITHOUT ROWID;
CREATE TABLE alike (
    examination INTEGER NOT NULL REFERENCES examinations (id), answer INTEGER NOT NULL REFERENCES answers (id),
    copies INTEGER NOT NULL, leader INTEGER, elsewhere INTEGER NOT NULL,
    PRIMARY KEY (examination, answer)) WITHOUT ROWID;
CREATE TABLE examined_joins (
    chain INTEGER NOT NULL, joining INTEGER NOT NULL REFERENCES joins (id),
    examination INTEGER NOT NULL REFERENCES examinations (id), quoting INTEGER NOT NULL,
    PRIMARY KEY (chain, joining)) WITHOUT ROWID;
CREATE TABLE examined_prompts (
    chain INTEGER NOT NULL, prompt INTEGER NOT NULL REFERENCES prompts (id),
    examination INTEGER NOT NULL REFERENCES examinations (id), PRIMARY KEY (chain, prompt)) WITHOUT ROWID;
CREATE TABLE examined_sources (
    chain INTEGER NOT NULL, source INTEGER NOT NULL REFERENCES sources (id),
    examination INTEGER NOT NULL REFERENCES examinations (id), encoding TEXT NOT NULL, whole INTEGER NOT NULL,
    PRIMARY KEY (chain, source)) WITHOUT ROWID;
CREATE TABLE secrets (
    id INTEGER PRIMARY KEY, examination INTEGER NOT NULL REFERENCES examinations (id),
    field TEXT NOT NULL CHECK (field IN ('answer', 'prompt', 'extra', 'source')), owner INTEGER NOT NULL,
    member TEXT NOT NULL, kind TEXT NOT NULL, start INTEGER NOT NULL, length INTEGER NOT NULL, sha256 BLOB NOT NULL,
    UNIQUE (field, owner, member, start, length));
CREATE VIRTUAL TABLE answer_words USING fts5 (
    text, content = 'answers', content_rowid = 'id', tokenize = '{TOKENIZER}');
CREATE VIRTUAL TABLE prompt_words USING fts5 (
    text, content = 'prompts', content_rowid = 'id', tokenize = '{TOKENIZER}');
CREATE TABLE indexed_parts (
    part INTEGER PRIMARY KEY REFERENCES parts (id), after INTEGER NOT NULL, whole INTEGER NOT NULL);
CREATE TABLE indexed_prompts (prompt INTEGER PRIMARY KEY REFERENCES prompts (id))
"""

_THIRD = """
CREATE TABLE records (
    part INTEGER NOT NULL REFERENCES parts (id), digest BLOB NOT NULL, answer INTEGER NOT NULL REFERENCES answers (id),
    PRIMARY KEY (part, digest)) WITHOUT ROWID;
INSERT INTO records SELECT a.part, a.digest, a.id FROM answers a WHERE a.part IN
    (SELECT p.id FROM parts p JOIN imports i ON i.id = p.import WHERE i.state = 'done') ORDER BY a.part, a.digest;
DROP INDEX answers_record;
CREATE TABLE third_prompts (
    id INTEGER PRIMARY KEY, sha256 BLOB NOT NULL, form TEXT NOT NULL, text TEXT NOT NULL);
INSERT INTO third_prompts SELECT id, sha256, form, text FROM prompts ORDER BY id;
DROP TABLE prompts;
ALTER TABLE third_prompts RENAME TO prompts;
CREATE TABLE known_prompts (
    sha256 BLOB NOT NULL PRIMARY KEY, prompt INTEGER NOT NULL REFERENCES prompts (id)) WITHOUT ROWID;
INSERT INTO known_prompts SELECT sha256, id FROM prompts ORDER BY sha256;
CREATE TABLE new_prompts (
    first INTEGER PRIMARY KEY, last INTEGER NOT NULL, import INTEGER NOT NULL REFERENCES imports (id))
"""

_FOURTH = """
CREATE TABLE duplicates (
    id INTEGER PRIMARY KEY, part INTEGER NOT NULL REFERENCES parts (id), place INTEGER NOT NULL,
    offset INTEGER NOT NULL, length INTEGER NOT NULL, member TEXT NOT NULL,
    twin INTEGER NOT NULL REFERENCES answers (id));
CREATE INDEX duplicates_part ON duplicates (part);
ALTER TABLE parts ADD COLUMN unlisted INTEGER NOT NULL DEFAULT 0;
ALTER TABLE parts ADD COLUMN listed TEXT;
ALTER TABLE rejections ADD COLUMN model TEXT;
UPDATE parts SET unlisted = duplicate
"""

_NEVER_CHANGED = {
    "cases": "id = NEW.id",
    "ledger": "sequence = NEW.sequence OR hash = NEW.hash",
    "findings": "number = NEW.number",
    "tables": "sha256 = NEW.sha256",
    "finding_tables": "finding = NEW.finding AND name = NEW.name",
    "withdrawals": "finding = NEW.finding",
    "exports": "number = NEW.number",
    "exports_done": "number = NEW.number",
}
"""Tables that only grow, each with the condition under which INSERT OR REPLACE would overwrite a row."""


def append_only(connection: sqlite3.Connection, table: str, same: str) -> None:
    """Guard a table with triggers against update, delete and replace.

    REPLACE deletes without firing delete triggers unless recursive triggers are on: hence the guard
    before insert.
    """
    for verb in ("UPDATE", "DELETE"):
        connection.execute(_guard(f"{table}_no_{verb.lower()}", verb, table, ""))
    clash = f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same})"
    connection.execute(_guard(f"{table}_no_replace", "INSERT", table, clash))


def _guard(name: str, verb: str, table: str, when: str) -> str:
    return (
        f"CREATE TRIGGER {name} BEFORE {verb} ON {table} {when} "
        f"BEGIN SELECT RAISE(ABORT, '{table}: nothing is changed or erased'); END"
    )


def _execute(connection: sqlite3.Connection, statements: str) -> None:
    for statement in statements.split(";"):
        if statement.strip():
            connection.execute(statement)


@MIGRATIONS.step
def first(connection: sqlite3.Connection) -> None:
    """The first schema."""
    _execute(connection, _FIRST)
    for table, same in _NEVER_CHANGED.items():
        append_only(connection, table, same)
    in_order = "WHEN NEW.sequence <> (SELECT coalesce(max(sequence), 0) + 1 FROM ledger)"
    named = "WHEN OLD.id IN (SELECT source FROM imports UNION SELECT source FROM joins)"
    settled = "(SELECT state FROM imports WHERE id = (SELECT import FROM parts WHERE id = OLD.part)) = 'done'"
    for name, verb, table, when in (
        ("ledger_in_order", "INSERT", "ledger", in_order),
        ("imports_settled", "UPDATE", "imports", "WHEN OLD.state <> 'open'"),
        ("imports_no_delete", "DELETE", "imports", ""),
        ("imports_no_replace", "INSERT", "imports", "WHEN EXISTS (SELECT 1 FROM imports WHERE id = NEW.id)"),
        ("sources_no_update", "UPDATE", "sources", ""),
        ("sources_no_delete", "DELETE", "sources", named),
        (
            "sources_no_replace",
            "INSERT",
            "sources",
            "WHEN EXISTS (SELECT 1 FROM sources WHERE id = NEW.id OR sha256 = NEW.sha256)",
        ),
        ("answers_settled", "DELETE", "answers", f"WHEN {settled}"),
        ("answers_settled_too", "UPDATE", "answers", f"WHEN {settled}"),
    ):
        connection.execute(_guard(name, verb, table, when))


@MIGRATIONS.step
def second(connection: sqlite3.Connection) -> None:
    """From the first schema to the second: nothing of what was stored is changed."""
    _execute(connection, _SECOND)
    for name, verb, table, when in (
        ("examinations_settled", "UPDATE", "examinations", "WHEN OLD.state = 'done'"),
        ("examinations_no_delete", "DELETE", "examinations", ""),
        ("secrets_no_update", "UPDATE", "secrets", ""),
        ("secrets_no_delete", "DELETE", "secrets", ""),
    ):
        connection.execute(_guard(name, verb, table, when))


@MIGRATIONS.step
def third(connection: sqlite3.Connection) -> None:
    """From the second schema to the third: every row keeps its id and its text."""
    _execute(connection, _THIRD)


_SETTLED: Mapping[str, str] = {
    "duplicates": "SELECT import FROM parts WHERE id = OLD.part",
    "rejections": "OLD.import",
}
"""Tables whose rows stay as they are once their import is done, each with how a row tells the import."""


@MIGRATIONS.step
def fourth(connection: sqlite3.Connection) -> None:
    """From the third schema to the fourth: nothing of what was stored is changed."""
    _execute(connection, _FOURTH)
    for table, found in _SETTLED.items():
        for verb in ("UPDATE", "DELETE"):
            done = f"WHEN (SELECT state FROM imports WHERE id = ({found})) = 'done'"
            connection.execute(_guard(f"{table}_no_{verb.lower()}", verb, table, done))

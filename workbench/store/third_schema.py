"""The third schema: digests of records and of prompts lie in tables of their own, filled in their own order.

An index over digests is written at a random place for each row: an import of millions of answers would spend most
of its time on that. Rows are therefore appended as they come, and their digests are sorted once, at the end.
"""

from __future__ import annotations

import sqlite3

_TABLES = """
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


def third(connection: sqlite3.Connection) -> None:
    """From the second schema to the third: every row keeps its id and its text."""
    for statement in _TABLES.split(";"):
        connection.execute(statement)

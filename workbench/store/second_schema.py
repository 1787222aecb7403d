"""The second schema: what records say beside their answers, examinations, secrets found, and the full-text index."""

from __future__ import annotations

import sqlite3

TOKENIZER = "unicode61 remove_diacritics 2"

_TABLES = f"""
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


def second(connection: sqlite3.Connection) -> None:
    """From the first schema to the second: nothing of what was stored is changed."""
    for statement in _TABLES.split(";"):
        connection.execute(statement)
    for name, verb, table, when in (
        ("examinations_settled", "UPDATE", "examinations", "WHEN OLD.state = 'done'"),
        ("examinations_no_delete", "DELETE", "examinations", ""),
        ("secrets_no_update", "UPDATE", "secrets", ""),
        ("secrets_no_delete", "DELETE", "secrets", ""),
    ):
        connection.execute(
            f"CREATE TRIGGER {name} BEFORE {verb} ON {table} {when} "
            f"BEGIN SELECT RAISE(ABORT, '{table}: nothing is changed or erased'); END"
        )

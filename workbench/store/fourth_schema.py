"""The fourth schema: duplicates are listed, each with its place and the answer that is its twin.

Earlier schemas counted them alone: what was counted before stays in the count, and is said to be unlisted.
"""

from __future__ import annotations

import sqlite3

_TABLES = """
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

_SETTLED = {
    "duplicates": "SELECT import FROM parts WHERE id = OLD.part",
    "rejections": "OLD.import",
}
"""Tables whose rows stay as they are once their import is done, each with how a row tells the import."""


def fourth(connection: sqlite3.Connection) -> None:
    """From the third schema to the fourth: nothing of what was stored is changed."""
    for statement in _TABLES.split(";"):
        connection.execute(statement)
    for table, found in _SETTLED.items():
        for verb in ("UPDATE", "DELETE"):
            connection.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"WHEN (SELECT state FROM imports WHERE id = ({found})) = 'done' "
                f"BEGIN SELECT RAISE(ABORT, '{table}: nothing is changed or erased'); END"
            )

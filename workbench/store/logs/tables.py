"""The tables of a case's logs, and what runs expressions over them: in the embedded engine, or in one elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from workbench.core.hashing import sha256_lines
from workbench.core.logs import EXCHANGE, TABLES, lazy_table
from workbench.core.progress import Progress, silent
from workbench.store.logs.engine import Engine, quoted
from workbench.store.logs.intake import read_parts
from workbench.store.logs.transform import number_sql

if TYPE_CHECKING:
    import ibis

DUPLICATES = "duplicates.parquet"
_SQL = {"int64": "BIGINT", "string": "VARCHAR", "timestamp": "TIMESTAMP", "float64": "DOUBLE", "boolean": "BOOLEAN"}

Rows = Sequence[Mapping[str, Any]]


class LogTables:
    """The finished logs in some folders as tables; it is the `Logs` of a Selection.

    `beside` holds the rows of the small tables: events, accounts and known, with accounts as pseudonyms.
    """

    def __init__(
        self, engine: Engine, folders: Sequence[Path], keepers: Sequence[str], beside: Mapping[str, Rows] | None = None
    ) -> None:
        self._engine, self._folders = engine, tuple(folders)
        self.keepers = tuple(dict.fromkeys(keepers))
        self.progress: Progress = silent
        self.sha256 = sha256_lines(part.sha256 for folder in folders for part in read_parts(folder))
        for name in ("events", "accounts", "known"):
            _small_table(engine, name, (beside or {}).get(name, ()))
        engine.run(f"CREATE OR REPLACE TEMP VIEW exchange AS {_exchange_sql(self._folders)}")
        engine.run(f"CREATE OR REPLACE TEMP VIEW texts AS {_texts_sql(self._folders)}")
        engine.run(f"CREATE OR REPLACE TEMP VIEW heads AS {_HEADS}")

    @property
    def engine(self) -> str:
        """The engine that runs the expressions, with its version."""
        return self._engine.name

    def table(self, name: str) -> ibis.Table:
        """A lazy table: exchange, heads, events, accounts or known."""
        return lazy_table(name)

    def rows(self, expression: ibis.Table, limit: int = 10_000_000) -> Mapping[str, npt.NDArray[np.generic]]:
        """The columns that an expression comes to, as arrays; raises a WorkbenchError beyond so many rows."""
        return self._engine.arrays(sql_of(expression), limit, self.progress)


def sql_of(expression: ibis.Table, dialect: str = "duckdb") -> str:
    """The SQL of an expression in an engine's dialect; no engine is needed for it."""
    import ibis

    if dialect == "pyspark" and ibis.options.pyspark is None:
        from ibis.config import Config

        class Spark(Config):
            """The option that the compiler asks for and only the installed back end declares."""

            treat_nan_as_null: bool = False

        ibis.options.pyspark = Spark()
    return str(ibis.to_sql(expression, dialect=dialect))


def find_duplicates(engine: Engine, folders: Sequence[Path], progress: Progress = silent) -> int:
    """Write down the calls in the last folder that are in it or in an earlier one before; give their number.

    The first of equal calls, by folder and row, stays.
    """
    folder = folders[-1]
    (folder / DUPLICATES).unlink(missing_ok=True)
    files = _files(folders, "part-*.parquet")
    if not files:
        return 0
    last = min(_files_numbers(engine, folder), default=0)
    again = f"SELECT call FROM read_parquet({files}) WHERE call IS NOT NULL GROUP BY call HAVING count(*) > 1"
    first = f"""SELECT call, min(struct_pack(file := file, row := row)) AS f FROM read_parquet({files})
        WHERE call IN ({again}) GROUP BY call"""
    extra = f"""SELECT e.file, e.row, e.call FROM read_parquet({files}) e JOIN ({first}) k ON e.call = k.call
        WHERE e.file = {last} AND NOT (e.file = k.f.file AND e.row = k.f.row)"""
    path = folder / DUPLICATES
    new = path.with_suffix(".new")
    engine.run(f"COPY ({extra}) TO {quoted(str(new))} (FORMAT parquet)", progress, 0.99, "duplicates")
    new.replace(path)
    (count,) = engine.one(f"SELECT count(*) FROM read_parquet({quoted(str(path))})")
    return int(str(count))


def _files_numbers(engine: Engine, folder: Path) -> list[int]:
    files = _files([folder], "part-*.parquet")
    if not files:
        return []
    return [int(str(engine.one(f"SELECT min(file) FROM read_parquet({files})")[0] or 0))]


def _files(folders: Sequence[Path], pattern: str) -> str:
    """The files of some folders as an SQL list; empty where there are none."""
    found = [path for folder in folders for path in sorted(folder.glob(pattern))]
    return "[" + ", ".join(quoted(str(path)) for path in found) + "]" if found else ""


def _exchange_sql(folders: Sequence[Path]) -> str:
    files, repeated = _files(folders, "part-*.parquet"), _files(folders, DUPLICATES)
    if not files:
        return _empty("exchange")
    columns = ", ".join(f'e."{name}"' for name in EXCHANGE)
    plain = f"SELECT {columns} FROM read_parquet({files}) e"
    if not repeated:
        return plain
    return f"""{plain} ANTI JOIN read_parquet({repeated}) d ON e.file = d.file AND e.row = d.row AND e.call = d.call"""


def _texts_sql(folders: Sequence[Path]) -> str:
    files = _files(folders, "texts-*.parquet")
    return f"SELECT hash, min(text) AS text FROM read_parquet({files}) GROUP BY hash" if files else _empty("texts")


_HEADS = """SELECT c.head, t.text, c.calls, c.accounts
    FROM (SELECT head, count(*) AS calls, count(DISTINCT who) AS accounts FROM exchange GROUP BY head) c
    JOIN texts t ON c.head = t.hash"""


def _empty(name: str) -> str:
    nothing = ", ".join(f'NULL::{_SQL[kind]} AS "{column}"' for column, kind in TABLES[name].items())
    return f"SELECT {nothing} WHERE FALSE"


def _small_table(engine: Engine, name: str, rows: Rows) -> None:
    """A table of a few rows, given under the names of its columns; `who` follows from the account."""
    columns = {column: kind for column, kind in TABLES[name].items() if column != "who"}
    declared = ", ".join(f'"{column}" {_SQL[kind]}' for column, kind in columns.items())
    engine.run(f"CREATE OR REPLACE TEMP TABLE given_{name} ({declared})")
    if rows:
        marks = ", ".join("?" for _ in columns)
        values = [[row.get(column) for column in columns] for row in rows]
        engine.connection.executemany(f"INSERT INTO given_{name} VALUES ({marks})", values)
    who = f"{number_sql('account')} AS who, " if "who" in TABLES[name] else ""
    engine.run(f"CREATE OR REPLACE TEMP VIEW {name} AS SELECT {who}* FROM given_{name}")

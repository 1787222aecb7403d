"""Taking a log in: part after part, every line counted, so that work that was killed goes on at the last part."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from workbench.core.errors import CaseError
from workbench.core.hashing import sha256_file
from workbench.core.logs import COLUMNS, EXCHANGE, LineBatch, LogCounts, LogFormat, Reading
from workbench.core.progress import Progress, silent
from workbench.core.pseudonyms import Pseudonyms
from workbench.store.logs.engine import Engine, quoted
from workbench.store.logs.transform import DUPLICATE, EXPANSIONS, MACROS, exchanges_sql, number_sql

EXAMPLES = 100
"""Rejected lines of which the place is told one by one."""

_TEXTS = """SELECT DISTINCT ON (hash) hash, text FROM (
    SELECT head AS hash, head_text AS text FROM part WHERE reject IS NULL AND head IS NOT NULL UNION ALL
    SELECT tail, tail_text FROM part WHERE reject IS NULL AND tail IS NOT NULL UNION ALL
    SELECT system_hash, substr("system", 1, 300) FROM part WHERE reject IS NULL AND system_hash IS NOT NULL)"""
"""What the hashes of a part's prompts stand for, each once."""

_NAMES = {Reading.PSEUDONYM, Reading.ADDRESS, Reading.EMAIL}


@dataclass(frozen=True, slots=True)
class Part:
    """What one part of a log came to, as it is written beside its columns."""

    number: int
    next_row: int
    next_offset: int
    records: int
    accepted: int
    duplicate: int
    rejected: Mapping[str, int] = field(default_factory=dict)
    examples: tuple[tuple[int, int, int, str], ...] = ()
    """The first rejected lines: row, offset, length, reason."""
    sha256: str = ""


class Intake:
    """One log on its way into a folder of its own; nothing in it is seen before it is finished.

    `file` is the number by which its rows are known, `zone` the time zone of times that state none.
    """

    def __init__(
        self, engine: Engine, folder: Path, file: int, form: LogFormat, pseudonyms: Pseudonyms, zone: str = "UTC"
    ) -> None:
        self._engine, self._folder, self._file, self._form = engine, folder, file, form
        self._pseudonyms = pseudonyms
        folder.mkdir(parents=True, exist_ok=True)
        for left_over in folder.glob("*.new"):
            left_over.unlink()
        engine.run(f"SET TimeZone = {quoted(zone)}")
        for macro in (*MACROS, *(EXPANSIONS[form.expand][1] if form.expand else ())):
            engine.run(macro)
        self._parts = list(read_parts(folder))

    @property
    def place(self) -> tuple[int, int]:
        """The row and the offset at which reading goes on."""
        return (self._parts[-1].next_row, self._parts[-1].next_offset) if self._parts else (0, 0)

    def take(self, batches: Iterable[LineBatch], progress: Progress = silent, size: int = 0) -> LogCounts:
        """Take in all batches from `place` on; `size` is the file's size in bytes, for the progress alone."""
        for batch in batches:
            fraction = min(0.99, batch.next_offset / size) if size else 0.0
            self._parts.append(self._part(batch, progress, fraction))
        return counts_of(self._parts)

    def _part(self, batch: LineBatch, progress: Progress, fraction: float) -> Part:
        number = len(self._parts) + 1
        engine = self._engine
        note = f"{batch.next_row:,} lines"
        lines, broken = _lines(batch)
        engine.connection.register("lines", lines)
        object_at = "json_valid(line) AND substr(ltrim(line, chr(32) || chr(9)), 1, 1) = '{'"
        checked = f"""SELECT *, CASE WHEN trim(line, chr(32) || chr(9) || chr(10) || chr(13)) = '' THEN 'blank line'
            WHEN NOT json_valid(line) THEN 'no JSON' WHEN NOT ({object_at}) THEN 'no JSON object' END AS refused
            FROM lines"""
        engine.run(f"CREATE OR REPLACE TEMP TABLE checked AS {checked}", progress, fraction, note)
        valid = "(SELECT * FROM checked WHERE refused IS NULL)"
        part = f"CREATE OR REPLACE TEMP TABLE part AS {exchanges_sql(self._form, valid)}"
        engine.run(part, progress, fraction, note)
        self._mask_names()
        path = self._folder / f"part-{number:06d}.parquet"
        self._write(path, _columns_sql(self._file), progress, fraction, note)
        self._write(self._folder / f"texts-{number:06d}.parquet", _TEXTS, progress, fraction, note)
        found = self._counted(batch, broken, number, sha256_file(path))
        engine.connection.unregister("lines")
        _write_json(self._folder / f"part-{number:06d}.json", asdict(found))
        return found

    def _mask_names(self) -> None:
        """Put pseudonyms in the place of every name, address and key of the part."""
        pa = import_module("pyarrow")

        for name, reading in COLUMNS.items():
            if reading not in _NAMES:
                continue
            rows = self._engine.connection.execute(f'SELECT DISTINCT "{name}" FROM part WHERE "{name}" IS NOT NULL')
            values = [row[0] for row in rows.fetchall()]
            pairs = [self._masked(name, reading, value) for value in values]
            table = pa.table(
                {
                    "value": pa.array(values, pa.string()),
                    "code": pa.array([code for code, _ in pairs], pa.string()),
                    "more": pa.array([more for _, more in pairs], pa.string()),
                }
            )
            self._engine.connection.register("names", table)
            self._engine.run(f"CREATE OR REPLACE TEMP TABLE names_{name} AS SELECT * FROM names")
            self._engine.connection.unregister("names")

    def _masked(self, name: str, reading: Reading, value: str) -> tuple[str, str | None]:
        if reading is Reading.ADDRESS:
            return self._pseudonyms.address(value)
        if reading is Reading.EMAIL:
            return self._pseudonyms.email(value)
        return self._pseudonyms.of(name, value), None

    def _write(self, path: Path, sql: str, progress: Progress, fraction: float, note: str) -> None:
        new = path.with_suffix(".new")
        options = "FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 100000"
        self._engine.run(f"COPY ({sql}) TO {quoted(str(new))} ({options})", progress, fraction, note)
        new.replace(path)

    def _counted(self, batch: LineBatch, broken: list[tuple[int, int, int, str]], number: int, sha256: str) -> Part:
        engine = self._engine
        repeated = f"count(*) FILTER (reject = '{DUPLICATE}')"
        accepted, duplicate = (
            int(str(number)) for number in engine.one(f"SELECT count(*) FILTER (reject IS NULL), {repeated} FROM part")
        )
        lines_with_none = engine.connection.execute(
            "SELECT c.row, c.\"offset\", c.length, 'no record' FROM checked c WHERE c.refused IS NULL"
            " AND c.row NOT IN (SELECT row FROM part)"
        ).fetchall()
        refused = engine.connection.execute(
            'SELECT row, "offset", length, refused FROM checked WHERE refused IS NOT NULL UNION ALL '
            f"SELECT row, \"offset\", length, reject FROM part WHERE reject <> '{DUPLICATE}'"
        ).fetchall()
        every = broken + [tuple(row) for row in refused + lines_with_none]
        every += [(one.row, one.offset, one.length, one.reason) for one in batch.unread]
        every.sort()
        reasons = Counter(row[3] for row in every)
        return Part(
            number,
            batch.next_row,
            batch.next_offset,
            accepted + duplicate + len(every),
            accepted,
            duplicate,
            dict(sorted(reasons.items())),
            tuple(every[:EXAMPLES]),
            sha256,
        )


def _lines(batch: LineBatch) -> tuple[Any, list[tuple[int, int, int, str]]]:
    """The lines as a table without copying them, and those that are no UTF-8, which the table leaves out."""
    pa = import_module("pyarrow")

    offsets = pa.py_buffer(np.ascontiguousarray(batch.starts, dtype=np.int64))
    raw = pa.LargeBinaryArray.from_buffers(
        pa.large_binary(), len(batch.rows), [None, offsets, pa.py_buffer(batch.data)]
    )
    columns = {"row": pa.array(batch.rows), "offset": pa.array(batch.offsets), "length": pa.array(batch.lengths)}
    try:
        return pa.table(columns | {"line": raw.cast(pa.large_string())}), []
    except pa.ArrowInvalid:
        kept = np.array([_is_text(line.as_py()) for line in raw], dtype=np.bool_)
    table = pa.table(columns | {"line": raw}).filter(pa.array(kept))
    broken = [
        (int(batch.rows[at]), int(batch.offsets[at]), int(batch.lengths[at]), "no UTF-8")
        for at in np.flatnonzero(~kept)
    ]
    return table.set_column(3, "line", table["line"].cast(pa.large_string())), broken


def _is_text(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _columns_sql(file: int) -> str:
    """The accepted exchanges of a part in their stored columns, with pseudonyms for names."""
    masked = [name for name, reading in COLUMNS.items() if reading in _NAMES]
    special = {
        "file": f"{file}::BIGINT",
        "member": "''",
        "who": number_sql("names_account.code"),
        "network": "names_address.more",
        "email_class": "names_email.more",
        "pt": _whole("pt"),
        "ct": _whole("ct"),
        "latency": _whole("latency"),
        "temperature": _whole("temperature * 1000"),
        "calls": f"coalesce({_whole('calls')}, 1)",
    } | {name: f"names_{name}.code" for name in masked}
    picked = ", ".join(f'{special.get(name, f"part.{chr(34)}{name}{chr(34)}")} AS "{name}"' for name in EXCHANGE)
    joined = " ".join(f'LEFT JOIN names_{name} ON part."{name}" = names_{name}.value' for name in masked)
    return f"SELECT {picked} FROM part {joined} WHERE part.reject IS NULL ORDER BY part.row"


def _whole(name: str) -> str:
    """A number as a whole one; what is negative or does not fit is unknown."""
    return f"CASE WHEN part.{name} >= 0 THEN try_cast(round(part.{name}) AS BIGINT) END"


def read_parts(folder: Path) -> Iterator[Part]:
    """The finished parts in a folder, in order, up to the first that is missing or altered.

    Raises CaseError for a part whose columns are not those that were written.
    """
    number = 1
    while (note := folder / f"part-{number:06d}.json").exists():
        found: dict[str, Any] = json.loads(note.read_text())
        path = note.with_suffix(".parquet")
        if not path.exists() or sha256_file(path) != found["sha256"]:
            raise CaseError(f"The part {path.name} of a log was changed.", hint="Take the log in again.")
        examples = tuple((int(r), int(o), int(n), str(why)) for r, o, n, why in found.pop("examples"))
        yield Part(**found, examples=examples)
        number += 1


def counts_of(parts: Iterable[Part]) -> LogCounts:
    """The counts of all parts together; duplicates in other parts are found later."""
    records = accepted = duplicate = 0
    rejected: Counter[str] = Counter()
    for part in parts:
        records += part.records
        accepted += part.accepted
        duplicate += part.duplicate
        rejected.update(part.rejected)
    return LogCounts(records, accepted, duplicate, dict(sorted(rejected.items())))


def _write_json(path: Path, value: Mapping[str, Any]) -> None:
    new = path.with_suffix(".new")
    with new.open("w", encoding="utf-8") as stream:
        json.dump(value, stream)
        stream.flush()
        os.fsync(stream.fileno())
    new.replace(path)

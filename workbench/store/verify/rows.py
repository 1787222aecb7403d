"""Rows against ledger lines, both ways: what a row holds must be what its line says."""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterator
from typing import NamedTuple

import orjson

from workbench.core.hashing import sha256
from workbench.core.model import Json
from workbench.core.secrets.redaction_seal import EXAMINED
from workbench.core.svg import LARGEST, foreign_in_svg
from workbench.store import corpora, ledger
from workbench.store.examination import read as examined
from workbench.store.folder import DATABASE
from workbench.store.importing import imports, left_out_duplicates
from workbench.store.ledger import LedgerLine
from workbench.store.rows import LARGEST_TABLE, Problem, unpacked
from workbench.store.verify import examination


class _Row(NamedTuple):
    """What a row claims: the line that it names, and what that line must say."""

    action: str
    key: str
    line: int
    said: Json


_NUMBERED = {
    "file imported": ("imports WHERE state = 'done' AND id", "import"),
    "import discarded": ("imports WHERE state = 'discarded' AND id", "import"),
    "prompts joined": ("joins WHERE line IS NOT NULL AND id", "join"),
    "analysis run": ("findings WHERE number", "finding"),
    "finding withdrawn": ("withdrawals WHERE finding", "finding"),
    "export begun": ("exports WHERE number", "export"),
    "export done": ("exports_done WHERE number", "export"),
    EXAMINED: ("examinations WHERE state = 'done' AND id", "examination"),
    "case created": ("cases WHERE case_id", "case"),
}
"""Actions whose lines have a row: where it is, and how the line names it."""


def rows_and_lines(connection: sqlite3.Connection) -> Iterator[Problem]:
    """Rows without their line, lines without their row, and pairs that disagree; corpora against their lines.

    Neither the rows nor the lines are held together: there may be more of them than fit into memory.
    """
    for row in _rows(connection):
        line = ledger.line_at(connection, row.line)
        if line is None or (line.action, _key(line)) != (row.action, row.key):
            yield Problem("ledger", "ledger", f"{_row_words(row)} names line {row.line}, which does not tell of it.")
        elif _said(line) != row.said:
            yield Problem(DATABASE, "changed", f"{_row_words(row)} does not hold what line {row.line} says.")
    for line in ledger.readable_lines_of(connection, _NUMBERED):
        if not _has_row(connection, line):
            yield Problem(
                DATABASE, "removed", f"Line {line.sequence} says “{line.action}” of {_key(line)}, and there is no row."
            )
    yield from _corpora(connection)


def _has_row(connection: sqlite3.Connection, line: LedgerLine) -> bool:
    where, name = _NUMBERED[line.action]
    key = line.object.get(name)
    if line.action == EXAMINED and not examined.is_there(connection):
        return False
    found = isinstance(key, str | int) and set(line.object) == {name}
    return found and connection.execute(f"SELECT 1 FROM {where} = ?", (key,)).fetchone() is not None


def _row_words(row: _Row) -> str:
    return f"The row of “{row.action}” ({row.key})"


def _key(line: LedgerLine) -> str:
    return " ".join(f"{k} {v}" for k, v in line.object.items())


def _said(line: LedgerLine) -> Json:
    """What a line says, as the facts that its row must hold."""
    options = line.options
    if line.action == "case created":
        return [line.time, options["title"], options["examiner"]]
    if line.action in ("file imported", "import discarded"):
        counts = [
            [c["corpus"]["name"], c["records"], c["accepted"], c["rejected"], c["duplicate"]]
            for c in options.get("corpora", ())
        ]
        seals = [c["listed"] for c in options.get("corpora", ()) if "listed" in c]
        return [line.time, options["source"], options["importer"], options["options"], counts, seals]
    if line.action == "prompts joined":
        return [options["source"], options["corpus"]["name"], options["answers"]]
    if line.action == "analysis run":
        return [line.time, line.after, options["narrative"], options["svg"], options["options"]]
    if line.action == "finding withdrawn":
        return [line.time, line.reason]
    if line.action == "export begun":
        return [line.time, options["choices"]]
    if line.action == EXAMINED:
        return [line.time, line.after, options["rules"], options["counts"]]
    return [line.time, line.after]


def _rows(connection: sqlite3.Connection) -> Iterator[_Row]:
    for key, title, examiner, created in connection.execute("SELECT case_id, title, examiner, created FROM cases"):
        yield _Row("case created", f"case {key}", 1, [created, title, examiner])
    yield from _imports(connection)
    yield from _joins(connection)
    for key, line, said in examination.rows(connection):
        yield _Row(EXAMINED, f"examination {key}", line, said)
    for number, made, digest, narrative, svg, options, line in connection.execute(
        "SELECT number, made, sha256, narrative, svg, options, line FROM findings"
    ):
        said = [made, digest, sha256(narrative.encode()), sha256(unpacked(svg, LARGEST)), orjson.loads(options)]
        yield _Row("analysis run", f"finding {number}", line, said)
    for number, made, reason, line in connection.execute("SELECT * FROM withdrawals"):
        yield _Row("finding withdrawn", f"finding {number}", line, [made, reason])
    for number, begun, choices, line in connection.execute("SELECT * FROM exports"):
        yield _Row("export begun", f"export {number}", line, [begun, orjson.loads(choices)])
    for number, done, digest, line in connection.execute("SELECT * FROM exports_done"):
        yield _Row("export done", f"export {number}", line, [done, digest])


def _imports(connection: sqlite3.Connection) -> Iterator[_Row]:
    for item in imports.log(connection):
        action = "file imported" if item.state == "done" else "import discarded"
        source = {"sha256": item.source.sha256, "name": item.source.name, "size": item.source.size}
        counts = [[c.corpus, c.records, c.accepted, c.rejected, c.duplicate] for c in item.corpora]
        said = [
            item.ended,
            source,
            item.importer,
            item.options,
            counts,
            left_out_duplicates.seals_of(connection, item.id),
        ]
        yield _Row(action, f"import {item.id}", item.line, said)


def _joins(connection: sqlite3.Connection) -> Iterator[_Row]:
    rows = connection.execute(
        "SELECT j.id, s.sha256, s.name, s.size, c.name, j.answers, j.line FROM joins j JOIN sources s ON s.id = "
        "j.source JOIN corpora c ON c.id = j.corpus WHERE j.line IS NOT NULL"
    )
    for key, digest, name, size, corpus, answers, line in rows:
        source = {"sha256": digest, "name": name, "size": size}
        yield _Row("prompts joined", f"join {key}", line, [source, corpus, answers])


def _corpora(connection: sqlite3.Connection) -> Iterator[Problem]:
    """Each corpus must be as the last line that tells of it left it."""
    told = corpora.states(ledger.readable_lines_of(connection, corpora.TELLING))
    held = {c.name: corpora.state_of(c) for c in corpora.corpora(connection)}
    for name in sorted(told.keys() | held.keys()):
        if name not in held:
            yield Problem(DATABASE, "removed", f"The ledger tells of the corpus {name}, and there is no row.")
        elif name not in told:
            yield Problem(DATABASE, "added", f"The ledger does not tell of the corpus {name}.")
        elif told[name] != held[name]:
            yield Problem(DATABASE, "changed", f"The corpus {name} is not as the ledger's last line on it says.")


def _foreign(packed: bytes) -> str:
    """What no chart is made of in a stored one, in words; an empty one was not stored."""
    try:
        svg = unpacked(packed, LARGEST)
    except (zlib.error, ValueError) as error:
        return f"what can't be read: {error}"
    return foreign_in_svg(svg) if svg else ""


def findings(connection: sqlite3.Connection) -> Iterator[Problem]:
    """Findings and tables against their digests, and charts against what charts are made of."""
    for number, body, digest, svg in connection.execute(
        "SELECT number, json, sha256, svg FROM findings ORDER BY number"
    ):
        foreign = _foreign(svg)
        if foreign:
            yield Problem(DATABASE, "changed", f"The chart stored with finding {number} holds {foreign}.")
        if sha256(body.encode()) != digest:
            yield Problem(DATABASE, "changed", f"Finding {number} does not have the bytes that were stored.")
            continue
        wanted = {name: table["sha256"] for name, table in orjson.loads(body)["tables"].items()}
        query = "SELECT name, sha256 FROM finding_tables WHERE finding = ?"
        if wanted != dict(connection.execute(query, (number,)).fetchall()):
            yield Problem(DATABASE, "changed", f"The tables of finding {number} are not those that it names.")
    for digest, data in connection.execute("SELECT sha256, data FROM tables ORDER BY sha256"):
        try:
            found = sha256(unpacked(data, LARGEST_TABLE))
        except (zlib.error, ValueError):
            found = ""
        if found != digest:
            yield Problem(DATABASE, "changed", f"The table {digest[:12]}... does not have the bytes that were stored.")

"""Findings: JSON and tables, each table once, written in one transaction with the ledger line."""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import orjson

from workbench.core.errors import CaseError, UsageError
from workbench.core.hashing import canonical, sha256
from workbench.core.model import Finding, Json, Narrative, Table, finding_from_json, table_from_json
from workbench.core.svg import LARGEST
from workbench.store.database import Store
from workbench.store.ledger import Entry
from workbench.store.rows import LARGEST_TABLE, StoredFinding, decoding, unpacked

REFUSED = "run refused"
"""The action of a ledger line about a run that was asked for and refused."""

LIMIT = 1_000_000
"""Bytes that the JSON of a Finding may have; what is longer belongs into its tables."""

_QUERY = (
    "SELECT f.number, f.json, f.narrative, f.svg, f.made, coalesce(w.reason, ''), f.sha256, f.line, f.options "
    "FROM findings f LEFT JOIN withdrawals w ON w.finding = f.number AND w.line <= :until "
    "WHERE f.line <= :until"
)
_ALWAYS = 1 << 62


def record(store: Store, finding: Finding, narrative: Narrative, svg: bytes, options: Json) -> StoredFinding:
    """Store a Finding with its tables, sentences and chart; raises CaseError when its JSON is over 1 MB."""
    body = canonical(finding.as_json())
    if len(body) > LIMIT:
        raise CaseError(
            f"The result of {finding.analysis} has {len(body)} bytes of JSON; at most {LIMIT} can be stored.",
            hint="This is a fault of the analysis: long lists belong into its tables.",
        )
    tables = {name: canonical(table.as_json()) for name, table in sorted(finding.tables.items())}
    packed = {sha256(data): zlib.compress(data, 6) for data in tables.values()}
    sentences = canonical(asdict(narrative))
    made = store.conditions.now()
    with store.transaction() as connection:
        number = connection.execute("SELECT coalesce(max(number), 0) + 1 FROM findings").fetchone()[0]
        said = {
            "analysis": finding.analysis,
            "version": finding.version,
            "question": finding.question,
            "parameters": dict(finding.parameters),
            "seed": finding.seed,
            "options": options,
            "narrative": sha256(sentences),
            "svg": sha256(svg),
        }
        entry = Entry("analysis run", {"finding": number}, said, after=sha256(body))
        line = store.log(connection, made, entry)
        database = store.database
        database.table("findings").insert(
            {
                "number": number,
                "made": made,
                "json": body.decode(),
                "sha256": sha256(body),
                "narrative": sentences.decode(),
                "svg": zlib.compress(svg, 6),
                "options": canonical(options).decode(),
                "line": line.sequence,
            }
        )
        for digest, data in packed.items():
            if not connection.execute("SELECT 1 FROM tables WHERE sha256 = ?", (digest,)).fetchone():
                database.table("tables").insert({"sha256": digest, "data": data})
        database.table("finding_tables").insert_all(
            {"finding": number, "name": name, "sha256": sha256(data)} for name, data in tables.items()
        )
    return one(store.connection, number)


def all_of(connection: sqlite3.Connection, until: int | None = None) -> list[StoredFinding]:
    """All Findings in order of number, the withdrawn ones too, as of a line of the ledger."""
    values = {"until": _ALWAYS if until is None else until}
    rows = connection.execute(_QUERY + " ORDER BY f.number", values).fetchall()
    return [_stored(connection, row) for row in rows]


def one(connection: sqlite3.Connection, number: int) -> StoredFinding:
    """One Finding; raises UsageError when there is none of that number."""
    row = connection.execute(_QUERY + " AND f.number = :number", {"until": _ALWAYS, "number": number}).fetchone()
    if row is None:
        raise UsageError(f"There is no finding {number} in this case.", hint="`workbench findings CASE` lists them.")
    return _stored(connection, row)


def _stored(connection: sqlite3.Connection, row: Sequence[Any]) -> StoredFinding:
    number, body, sentences, svg, made, withdrawn, digest, line, options = row
    with decoding(f"Finding {number} in the database"):
        finding = finding_from_json(orjson.loads(body), _tables(connection, number))
        said = orjson.loads(sentences)
        narrative = Narrative(said["rung"], said["headline"], tuple(said["sentences"]), tuple(said["limits"]))
        return StoredFinding(
            number, finding, narrative, unpacked(svg, LARGEST), made, withdrawn, digest, line, orjson.loads(options)
        )


def _tables(connection: sqlite3.Connection, number: int) -> dict[str, Table]:
    rows = connection.execute(
        "SELECT f.name, t.data FROM finding_tables f JOIN tables t ON t.sha256 = f.sha256 WHERE f.finding = ? "
        "ORDER BY f.name",
        (number,),
    )
    return {name: table_from_json(json.loads(unpacked(data, LARGEST_TABLE))) for name, data in rows}


def refuse(store: Store, analysis: str, options: Json, reason: str) -> None:
    """Write into the ledger that a run was asked for and refused: it is a look at the material like any other."""
    with store.transaction() as connection:
        entry = Entry(REFUSED, {"analysis": analysis}, options, None, None, reason)
        store.log(connection, store.conditions.now(), entry)


def withdraw(store: Store, number: int, reason: str) -> None:
    """Hide a Finding with a reason; it stays in the case and in every pack, marked as withdrawn."""
    if not reason.strip():
        raise UsageError("A withdrawal needs a reason.", hint="Give one with --reason.")
    known = one(store.connection, number)
    if known.withdrawn:
        raise UsageError(f"Finding {number} was withdrawn already: {known.withdrawn}")
    with store.transaction() as connection:
        made = store.conditions.now()
        entry = Entry("finding withdrawn", {"finding": number}, {"sha256": known.sha256}, known.sha256, None, reason)
        line = store.log(connection, made, entry)
        store.database.table("withdrawals").insert(
            {"finding": number, "made": made, "reason": reason, "line": line.sequence}
        )

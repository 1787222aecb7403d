"""Traces of saving in a corpus and what was decided about them: each decision is a line of the ledger, no table."""

from __future__ import annotations

import json
import sqlite3

from workbench.core.artefacts import ArtefactKind, Settlement
from workbench.core.errors import UsageError
from workbench.core.model import Json
from workbench.store import corpora
from workbench.store.database import Store
from workbench.store.ledger import Entry
from workbench.store.rows import decoding

SETTLED = "artefact settled"
_ALWAYS = 1 << 62


def settle(store: Store, decision: Settlement) -> None:
    """Write a decision; the last one on a trace counts. Raises UsageError for one that is in force already."""
    corpora.named(store.connection, decision.corpus)
    if decision in all_of(store.connection):
        raise UsageError(f"That is settled already for {decision.corpus}: nothing is changed.")
    options = {"kind": str(decision.kind), "detail": decision.detail, "how": decision.how}
    entry = Entry(SETTLED, {"corpus": decision.corpus}, options, reason=decision.reason)
    with store.transaction() as connection:
        store.log(connection, store.conditions.now(), entry)


def all_of(connection: sqlite3.Connection, until: int | None = None) -> list[Settlement]:
    """The decisions in force, in the order of their traces' first."""
    found: dict[tuple[str, str, str], Settlement] = {}
    rows = connection.execute(
        "SELECT sequence, line FROM ledger WHERE action = ? AND sequence <= ? ORDER BY sequence",
        (SETTLED, _ALWAYS if until is None else until),
    ).fetchall()
    for number, text in rows:
        with decoding(f"Line {number} of the ledger"):
            line: Json = json.loads(text)
            said = line["options"]
            one = Settlement(line["object"]["corpus"], ArtefactKind(said["kind"]), said["detail"], said["how"],
                             line["reason"] or "")  # fmt: skip
            found[one.corpus, one.kind, one.detail] = one
    return list(found.values())

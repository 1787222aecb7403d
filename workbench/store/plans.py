"""The versions of the plan: each is one line of the ledger, which nothing changes, and no table beside it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator

from workbench.core.errors import UsageError
from workbench.core.model import Json
from workbench.core.plan import LOCKED, LockedPlan, MadeRun, lateness, plans_in, runs_in
from workbench.store.database import Store
from workbench.store.ledger import Entry, digest_of
from workbench.store.rows import decoding

_ALWAYS = 1 << 62


def lock(store: Store, plan: Json, reason: str) -> LockedPlan:
    """Write the next version of the plan; raises UsageError for one without need, or a later one without reason."""
    known = all_of(store.connection)
    digest = digest_of(plan)
    if known and known[-1].sha256 == digest:
        raise UsageError(f"This is version {known[-1].version} of the plan, which is in force: nothing is changed.")
    if known and not reason.strip():
        raise UsageError("Changing a locked plan needs a reason.", hint="Give one with --reason.")
    with store.transaction() as connection:
        _write(store, connection, plan, reason, _findings(connection))
    return all_of(store.connection)[-1]


def lock_again(store: Store, line: Json) -> None:
    """Write a version as the line of an old ledger has it, for a case that is rebuilt."""
    with store.transaction() as connection:
        _write(store, connection, line["options"]["plan"], line["reason"], line["options"]["findings_before"])


def _write(store: Store, connection: sqlite3.Connection, plan: Json, reason: str, before: int) -> None:
    known = all_of(connection)
    version = known[-1].version + 1 if known else 1
    options = {"plan": plan, "findings_before": before, "said": lateness(before)}
    previous = known[-1].sha256 if known else None
    entry = Entry(LOCKED, {"plan": version}, options, previous, digest_of(plan), reason)
    store.log(connection, store.conditions.now(), entry)


def _findings(connection: sqlite3.Connection) -> int:
    """How many findings were made in this case, and in the one that it was rescued from."""
    here = int(connection.execute("SELECT count(*) FROM ledger WHERE action = 'analysis run'").fetchone()[0])
    lost = [item for line in _lines(connection, ("case rescued",)) for item in line["options"].get("lost", ())]
    return here + sum(str(item).startswith("finding ") for item in lost)


def all_of(connection: sqlite3.Connection, until: int | None = None) -> list[LockedPlan]:
    """Every version of the plan, in order, as of a line of the ledger."""
    with decoding("A plan in the ledger"):
        return plans_in(_lines(connection, (LOCKED,), until))


def runs(connection: sqlite3.Connection, until: int | None = None) -> list[MadeRun]:
    """Every stored run, in order, with its status and its withdrawal."""
    with decoding("A run in the ledger"):
        return runs_in(_lines(connection, ("analysis run", "finding withdrawn"), until))


def _lines(connection: sqlite3.Connection, actions: tuple[str, ...], until: int | None = None) -> Iterator[Json]:
    marks = ", ".join("?" * len(actions))
    rows = connection.execute(
        f"SELECT sequence, line FROM ledger WHERE action IN ({marks}) AND sequence <= ? ORDER BY sequence",
        (*actions, _ALWAYS if until is None else until),
    ).fetchall()
    for number, text in rows:
        with decoding(f"Line {number} of the ledger"):
            line = json.loads(text)
        yield line

"""Lines that are a register of their own: each must hold what this program writes, and name answers that are there."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from workbench.core import exhibits
from workbench.core.errors import WorkbenchError
from workbench.core.instructions import INSTRUCTIONS_STATED, instructions_of
from workbench.core.markers import Kind as MarkerKind
from workbench.core.model import Json
from workbench.core.plan import typed_in
from workbench.core.text import one_line
from workbench.core.typed_json import read
from workbench.store import artefacts, ledger, notes, plans
from workbench.store.disk_state import UNREADABLE
from workbench.store.ledger import LedgerLine
from workbench.store.rows import Problem


@dataclass(frozen=True, slots=True)
class _Locked:
    version: int
    before: int


@dataclass(frozen=True, slots=True)
class _Secret:
    secret: str


@dataclass(frozen=True, slots=True)
class _Kept:
    commitment: str
    kept_in: str


@dataclass(frozen=True, slots=True)
class _Made:
    kind: MarkerKind
    number: int
    prefix: str
    markers_hmac: str


@dataclass(frozen=True, slots=True)
class _Served:
    served: dict[str, dict[str, str]]
    secret: str


@dataclass(frozen=True, slots=True)
class _Counts:
    lines: int
    accepted: int
    duplicate: int
    rejected: dict[str, int]


@dataclass(frozen=True, slots=True)
class _Log:
    log: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class _LogRead:
    number: int
    format: str
    keeper: str
    left: bool
    counts: _Counts


@dataclass(frozen=True, slots=True)
class _Events:
    events: tuple[dict[str, str], ...]


@dataclass(frozen=True, slots=True)
class _Accounts:
    known: tuple[dict[str, str], ...]


_MOST_LOGS = 10_000
"""A log's folder has four digits."""


def registers(connection: sqlite3.Connection) -> Iterator[Problem]:
    """Lines on exhibits, notes, marks, instructions, plans, traces, secrets, markers and logs that can't be read."""
    yield from _followed(connection, "exhibits, notes and marks", exhibits.ACTIONS, _exhibits)
    yield from _followed(connection, "the instructions", (INSTRUCTIONS_STATED,), _instructions)
    for action, check in _ALONE.items():
        yield from _followed(connection, f"“{action}”", (action,), partial(_each, check))
    for what, all_of in (("plans", _plans), ("runs", plans.runs), ("traces", artefacts.all_of)):
        try:
            all_of(connection)
        except (*UNREADABLE, WorkbenchError):
            yield Problem("ledger", "ledger", f"What the ledger says of {what} is not as this program writes it.")
    yield from _answers(connection)


def _plans(connection: sqlite3.Connection) -> None:
    for one in plans.all_of(connection):
        _ = (one.looks(), typed_in(one.plan), read(_Locked, {"version": one.version, "before": one.findings_before}))
        for comparison in one.plan["comparisons"]:
            _ = [(item["corpus"], item["reason"]) for item in comparison["left_out"]]
        _ = [(item["suspect"], item["protected"], item["reason"]) for item in one.plan["impossible"]]
        _ = [one.plan["population"][name] for name in ("era", "size_class", "base")]
        _ = [(planned["analysis"], planned["parameters"].items()) for planned in one.plan["analyses"]]


def _followed(
    connection: sqlite3.Connection, what: str, actions: tuple[str, ...], follow: Callable[[Iterator[LedgerLine]], None]
) -> Iterator[Problem]:
    at = 0

    def lines() -> Iterator[LedgerLine]:
        nonlocal at
        for line in ledger.readable_lines_of(connection, actions):
            at = line.sequence
            yield line

    try:
        follow(lines())
    except (*UNREADABLE, WorkbenchError):
        yield Problem("ledger", "ledger", f"Line {at} of the ledger does not say of {what} what this program writes.")


def _exhibits(lines: Iterator[LedgerLine]) -> None:
    exhibits.register(line.as_json() for line in lines)


def _instructions(lines: Iterator[LedgerLine]) -> None:
    for line in lines:
        instructions_of([line.as_json()])


def _each(check: Callable[[Json, Json], object], lines: Iterator[LedgerLine]) -> None:
    for line in lines:
        check(line.object, line.options)


def _log(subject: Json, options: Json) -> None:
    read(_Log, subject)
    if not 0 < read(_LogRead, options).number < _MOST_LOGS:
        raise ValueError("the number of a log is none")


_ALONE: dict[str, Callable[[Json, Json], object]] = {
    notes.SECRET_KEPT: lambda subject, options: (read(_Secret, subject), read(_Kept, options)),
    notes.SECRET_FORGOTTEN: lambda subject, _: read(_Secret, subject),
    notes.MARKERS_MADE: lambda _, options: read(_Made, options),
    notes.MARKERS_ADDED: lambda _, options: read(_Served, options),
    notes.LOGS_ADDED: _log,
    notes.LOG_EVENTS: lambda _, options: read(_Events, options),
    notes.LOG_ACCOUNTS: lambda _, options: read(_Accounts, options),
}


def _answers(connection: sqlite3.Connection) -> Iterator[Problem]:
    """Every answer that an exhibit shows must be one of the corpus that it names, and stand where it says."""
    try:
        known = exhibits.register(
            line.as_json() for line in ledger.readable_lines_of(connection, (exhibits.EXHIBITS_ADDED,))
        )
    except (*UNREADABLE, WorkbenchError):
        return  # said already
    wanted = {(a.model, a.sha256, a.source, a.offset): one.name for one in known.exhibits for a in one.choice.answers}
    if wanted:
        rows = connection.execute(
            "SELECT c.name, lower(hex(a.sha256)), s.sha256, a.offset FROM answers a JOIN parts p ON p.id = a.part "
            "JOIN corpora c ON c.id = p.corpus JOIN imports i ON i.id = p.import JOIN sources s ON s.id = i.source"
        )
        for row in rows:
            wanted.pop(row, None)
    for (model, *_), name in wanted.items():
        said = f"{name} shows an answer of {one_line(model)} that is not in the case, or not where it says."
        yield Problem("ledger", "ledger", said)

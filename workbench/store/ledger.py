"""The ledger: one line a verb, each holding the hash of the line before it, and its mirror in a text file."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from workbench import __version__
from workbench.core.hashing import canonical, sha256
from workbench.core.model import Json
from workbench.core.surroundings import Conditions
from workbench.store.rows import decoding

NO_HASH = "0" * 64
"""What the first line names as the hash of the line before it."""

MIRROR = "ledger.jsonl"
"""The name of the mirror in the case's folder."""

TOOL = f"distillation-workbench {__version__}"


@dataclass(frozen=True, slots=True)
class Entry:
    """What a verb did, before it has its place in the chain; `before` and `after` are digests of states."""

    action: str
    object: Json
    options: Json
    before: str | None = None
    after: str | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One line of the ledger; `hash` is over the canonical JSON of all the other fields."""

    sequence: int
    time: str
    examiner: str
    account: str
    tool: str
    action: str
    object: Json
    options: Json
    before: str | None
    after: str | None
    reason: str
    previous: str
    hash: str

    def as_json(self) -> Json:
        """The line as plain JSON with all its fields."""
        return {name: getattr(self, name) for name in self.__slots__}

    def text(self) -> str:
        """The line as canonical JSON without a line feed: what the mirror and the pack hold."""
        return canonical(self.as_json()).decode("utf-8")


def digest_of(value: Json) -> str:
    """SHA-256 of a value's canonical JSON: how lines name a state."""
    return sha256(canonical(value))


def append(connection: sqlite3.Connection, conditions: Conditions, time: str, entry: Entry) -> LedgerLine:
    """Write the next line within the caller's transaction."""
    sequence, previous = head(connection)
    fields = {
        "sequence": sequence + 1,
        "time": time,
        "examiner": conditions.examiner,
        "account": conditions.account,
        "tool": TOOL,
        "action": entry.action,
        "object": entry.object,
        "options": entry.options,
        "before": entry.before,
        "after": entry.after,
        "reason": entry.reason,
        "previous": previous,
    }
    line = line_from_json(fields | {"hash": digest_of(fields)})
    connection.execute(
        "INSERT INTO ledger (sequence, action, hash, line) VALUES (?, ?, ?, ?)",
        (line.sequence, line.action, line.hash, line.text()),
    )
    return line


def head(connection: sqlite3.Connection) -> tuple[int, str]:
    """Sequence number and hash of the last line; (0, zeros) where there is none."""
    row = connection.execute("SELECT sequence, hash FROM ledger ORDER BY sequence DESC LIMIT 1").fetchone()
    return (int(row[0]), str(row[1])) if row else (0, NO_HASH)


def texts(connection: sqlite3.Connection, after: int = 0, until: int | None = None) -> Iterator[str]:
    """The canonical lines in order, from after one sequence number up to and including another."""
    rows = connection.execute(
        "SELECT line FROM ledger WHERE sequence > ? AND sequence <= ? ORDER BY sequence",
        (after, (1 << 62) if until is None else until),
    )
    for row in rows:
        yield str(row[0])


def lines(connection: sqlite3.Connection, until: int | None = None) -> Iterator[LedgerLine]:
    """The lines in order, up to and including a sequence number."""
    for number, text in enumerate(texts(connection, until=until), 1):
        with decoding(f"Line {number} of the ledger"):
            line = line_from_json(json.loads(text))
        yield line


def line_from_json(value: Json) -> LedgerLine:
    """The line that `LedgerLine.as_json` wrote; TypeError when its fields are not those of a line."""
    return LedgerLine(**value)


def broken_links(chain: Iterable[str], seen: set[str]) -> Iterator[tuple[int, str]]:
    """Walk the chain and yield the number of each line that does not fit, with the reason in words.

    Every hash that was met is added to `seen`.
    """
    previous, number = NO_HASH, 0
    for text in chain:
        number += 1
        line = whole(text)
        if line is None:
            yield number, f"Line {number} of the ledger was altered: its hash does not agree with its words."
            previous = ""
            continue
        if line.sequence != number:
            yield number, f"Where line {number} of the ledger should stand, there is line {line.sequence}."
            number = line.sequence
        elif previous and line.previous != previous:
            yield number, f"Line {number} of the ledger does not follow on line {number - 1}: the chain is broken."
        previous = line.hash
        seen.add(line.hash)


def whole(text: str) -> LedgerLine | None:
    """The line of a text, when the text is canonical and its hash agrees."""
    try:
        value = json.loads(text)
        line = line_from_json(value)
        stated = value.pop("hash")
        return line if line.text() == text and digest_of(value) == stated else None
    except (ValueError, TypeError, AttributeError, RecursionError):
        return None


class Mirror:
    """`ledger.jsonl`: the lines once more as text, appended after each commit.

    It may lag behind the database by one line; `reconcile` brings it up on opening. A mirror that
    disagrees is left as it is for `verify` to name, and nothing is appended to it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.agrees = False
        self._size = 0
        self._written = 0

    def reconcile(self, connection: sqlite3.Connection) -> bool:
        """Bring the mirror up to the database's ledger; False when it says something else."""
        held = self.path.read_bytes() if self.path.exists() else b""
        at, written, cut_short = 0, 0, False
        for text in texts(connection):
            line = text.encode("utf-8") + b"\n"
            piece = held[at : at + len(line)]
            if piece != line:
                cut_short = line.startswith(piece) and at + len(piece) == len(held)
                break
            at += len(line)
            written += 1
        self.agrees = at == len(held) or cut_short
        if self.agrees:
            self._size, self._written = at, written
            self.follow(connection)
        return self.agrees

    def follow(self, connection: sqlite3.Connection) -> None:
        """Append what the mirror lacks; a full disk leaves it behind, to be brought up later."""
        if not self.agrees:
            return
        new = [text.encode("utf-8") + b"\n" for text in texts(connection, after=self._written)]
        if not new and self.path.exists() and self.path.stat().st_size == self._size:
            return
        data = b"".join(new)
        try:
            with self.path.open("r+b" if self.path.exists() else "w+b") as stream:
                stream.truncate(self._size)
                stream.seek(self._size)
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
        except OSError:
            # The line is committed: the verb was done, and the mirror is brought up by the next one.
            return
        self._size += len(data)
        self._written += len(new)

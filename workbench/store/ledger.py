"""The ledger: one line a verb, each holding the hash of the line before it, and its mirror in a text file."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import BinaryIO

import orjson

from workbench import __version__
from workbench.core.errors import CaseError
from workbench.core.hashing import canonical, sealed_object, sha256
from workbench.core.model import Json
from workbench.core.surroundings import Conditions
from workbench.store.disk_state import DamagedError
from workbench.store.folder import MIRROR, CaseFolder
from workbench.store.rows import decoding

NO_HASH = "0" * 64
"""What the first line names as the hash of the line before it."""

LONGEST = 16_000_000
"""Characters that a line may have: what a thousand corpora state of themselves has a quarter of it."""

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

    def follows(self, previous: str) -> bool:
        """Whether it names the hash of the line before it, and its own hash is that of its fields."""
        fields = self.as_json()
        del fields["hash"]
        return self.previous == previous and digest_of(fields) == self.hash


def digest_of(value: Json) -> str:
    """SHA-256 of a value's canonical JSON: how lines name a state."""
    return sha256(canonical(value))


def append(connection: sqlite3.Connection, conditions: Conditions, time: str, entry: Entry) -> LedgerLine:
    """Write the next line within the caller's transaction. Raises CaseError for one of over `LONGEST` characters."""
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
    text = line.text()
    if len(text) > LONGEST:
        raise CaseError(
            f"The ledger would say {len(text):,} characters of “{line.action}”, and a line has {LONGEST:,} at most.",
            hint="Do it in smaller steps, such as fewer corpora at once.",
        )
    connection.execute(
        "INSERT INTO ledger (sequence, action, hash, line) VALUES (?, ?, ?, ?)",
        (line.sequence, line.action, line.hash, text),
    )
    return line


def head(connection: sqlite3.Connection) -> tuple[int, str]:
    """Sequence number and hash of the last line; (0, zeros) where there is none."""
    row = connection.execute("SELECT sequence, hash FROM ledger ORDER BY sequence DESC LIMIT 1").fetchone()
    return (int(row[0]), str(row[1])) if row else (0, NO_HASH)


def texts(connection: sqlite3.Connection, after: int = 0, until: int | None = None) -> Iterator[str]:
    """The canonical lines in order, from after one sequence number up to and including another, one at a time.

    Raises DamagedError at a line that is no text, or has over `LONGEST` characters.
    """
    for *_, line in rows(connection, after, until):
        yield line


def rows(
    connection: sqlite3.Connection, after: int = 0, until: int | None = None
) -> Iterator[tuple[int, str, str, str]]:
    """Sequence number, hash, action and line of each row, as `texts` gives and refuses them."""
    found = connection.execute(
        f"SELECT sequence, hash, action, CASE WHEN length(line) <= {LONGEST} THEN line END FROM ledger "
        "WHERE sequence > ? AND sequence <= ? ORDER BY sequence",
        (after, (1 << 62) if until is None else until),
    )
    last = after
    for sequence, digest, action, line in found:
        if sequence <= last:
            raise DamagedError(
                f"After row {last} of the ledger comes row {sequence}: the database is damaged.",
                hint="`workbench verify CASE` names what is wrong.",
            )
        last = sequence
        if not isinstance(line, str):
            raise DamagedError(
                f"Line {sequence} of the ledger is longer than this program writes any, or is no text.",
                hint="`workbench verify CASE` names what is wrong.",
            )
        yield sequence, digest, action, line


def line_at(connection: sqlite3.Connection, sequence: int) -> LedgerLine | None:
    """The line of a number, as far as it can be read; its hash is not looked at."""
    row = connection.execute("SELECT line FROM ledger WHERE sequence = ?", (sequence,)).fetchone()
    return None if row is None else read(row[0])


def read(text: str) -> LedgerLine | None:
    """The line of a text that can be read, whether or not its hash agrees."""
    try:
        return line_from_json(orjson.loads(text))
    except (ValueError, TypeError):
        return None


def lines_of(connection: sqlite3.Connection, actions: Sequence[str], until: int | None = None) -> Iterator[LedgerLine]:
    """The lines of some actions in order, up to and including a sequence number; no other line is read."""
    wanted = ", ".join("?" * len(actions))
    found = connection.execute(
        f"SELECT sequence, line FROM ledger WHERE action IN ({wanted}) AND sequence <= ? AND length(line) <= {LONGEST} "
        "ORDER BY sequence",
        (*actions, (1 << 62) if until is None else until),
    )
    for number, text in found:
        with decoding(f"Line {number} of the ledger"):
            line = line_from_json(orjson.loads(text))
        yield line


def readable_lines_of(connection: sqlite3.Connection, actions: Iterable[str]) -> Iterator[LedgerLine]:
    """The lines of some actions in order that can be read; those whose hash disagrees are named by the walk."""
    wanted = frozenset(actions)
    for _, _, action, text in rows(connection):
        if action in wanted and (line := read(text)) is not None:
            yield line


def lines(connection: sqlite3.Connection, until: int | None = None) -> Iterator[LedgerLine]:
    """The lines in order, up to and including a sequence number."""
    for number, text in enumerate(texts(connection, until=until), 1):
        with decoding(f"Line {number} of the ledger"):
            line = line_from_json(orjson.loads(text))
        yield line


_TEXT, _STATE, _OBJECT = frozenset({str}), frozenset({str, type(None)}), frozenset({dict})

_TYPES = {
    **dict.fromkeys(("time", "examiner", "account", "tool", "action", "reason", "previous", "hash"), _TEXT),
    **dict.fromkeys(("before", "after"), _STATE),
    **dict.fromkeys(("object", "options"), _OBJECT),
    "sequence": frozenset({int}),
}


def line_from_json(value: Json) -> LedgerLine:
    """The line that `LedgerLine.as_json` wrote; TypeError when its fields are not those of a line."""
    line = LedgerLine(**value)
    for name, types in _TYPES.items():
        if type(value[name]) not in types:
            raise TypeError(f"the field {name} of the line has another type")
    return line


@dataclass(slots=True)
class Walked:
    """How a walk along the chain goes: whole lines so far, the last of them, and whether the one sought was met."""

    sought: str = ""
    lines: int = 0
    last: LedgerLine | None = None
    met: bool = False


def broken_links(lines: Iterable[str], walked: Walked) -> Iterator[tuple[int, str]]:
    """Walk the chain and yield the number of each line that does not fit, with the reason in words.

    What was met on the way stands in `walked`.
    """
    previous, number = NO_HASH, 0
    for text in lines:
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
        walked.last = line
        walked.lines += 1
        walked.met = walked.met or line.hash == walked.sought


def whole(text: str) -> LedgerLine | None:
    """The line of a text, when the text is canonical and its hash agrees."""
    try:
        found = sealed_object(text.encode("utf-8"), "hash")
        line = line_from_json(found.fields)
    except (ValueError, TypeError):
        return None
    return line if found.is_canonical and sha256(found.covered) == line.hash else None


class Mirror:
    """`ledger.jsonl`: the lines once more as text, appended after each commit.

    It may lag behind the database by one line; `reconcile` brings it up on opening. A mirror that
    disagrees is left as it is for `verify` to name, and nothing is appended to it.
    """

    def __init__(self, files: CaseFolder) -> None:
        self.agrees = False
        self._files = files
        self._size = 0
        self._written = 0

    def reconcile(self, connection: sqlite3.Connection) -> bool:
        """Bring the mirror up to the database's ledger; False when it says something else. Raises OSError."""
        try:
            with self._files.open(MIRROR) as held:
                self.agrees = self._compare(connection, held)
        except FileNotFoundError:
            self.agrees, self._size, self._written = True, 0, 0
        if self.agrees:
            self.follow(connection)
        return self.agrees

    def _compare(self, connection: sqlite3.Connection, held: BinaryIO) -> bool:
        """Whether the mirror is a beginning of the ledger, its last line cut short or not."""
        self._size = self._written = 0
        for text in texts(connection):
            line = text.encode("utf-8") + b"\n"
            piece = held.read(len(line))
            if piece != line:
                return line.startswith(piece) and not held.read(1)
            self._size += len(line)
            self._written += 1
        return not held.read(1)

    def follow(self, connection: sqlite3.Connection) -> None:
        """Append what the mirror lacks; a full disk leaves it behind, to be brought up later."""
        if not self.agrees:
            return
        try:
            size, written = self._append(connection)
        except (OSError, CaseError):
            # The line is committed: the verb was done, and the mirror is brought up by the next one.
            return
        self._size, self._written = size, written

    def _append(self, connection: sqlite3.Connection) -> tuple[int, int]:
        size, written = self._size, self._written
        new = texts(connection, after=written)
        first = next(new, None)
        if first is None:
            found = self._files.status(MIRROR)
            if found is not None and found.st_size == size:
                return size, written
        with self._files.open_to_write(MIRROR) as stream:
            stream.truncate(size)
            stream.seek(size)
            for text in () if first is None else chain([first], new):
                size += stream.write(text.encode("utf-8") + b"\n")
                written += 1
            stream.flush()
            os.fsync(stream.fileno())
        return size, written

"""Verification of a case: everything that was sealed is computed again, and what disagrees is named."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, suppress
from itertools import islice
from pathlib import Path
from typing import BinaryIO, NamedTuple

from workbench.core.errors import WorkbenchError
from workbench.core.hashing import CHUNK
from workbench.core.progress import Progress, part, silent
from workbench.core.text import one_line
from workbench.store import ledger, schema
from workbench.store.connecting import BoundedConnection
from workbench.store.database import open_for_reading
from workbench.store.disk_state import UNREADABLE, DamagedError, Place, in_words
from workbench.store.folder import DATABASE, INCOMING, MIRROR, ORIGINALS, CaseFolder, ForeignEntryError
from workbench.store.ledger import Walked
from workbench.store.opening import check
from workbench.store.rows import Problem
from workbench.store.vault import ORIGINAL_NAME, Vault
from workbench.store.verify import answers, documents, examination, logs, rows
from workbench.store.verify.registers import registers
from workbench.store.verify.types import types

_PIECE = 1 << 20
"""Bytes of a line that are held at once, where nothing says how long it may be."""

_MOST_BEHIND = 64 << 20
"""Bytes behind the end of the ledger in which lines of the mirror are counted: a file of holes may have terabytes."""

_MOST = 200
"""Problems of one kind that are listed one by one; the rest are counted."""

_RESCUE = "`workbench rescue CASE NEW` rebuilds it from the originals."

_UNREADABLE = (sqlite3.Error, WorkbenchError, *UNREADABLE)


def verify_case(folder: Path, *, head: str | None = None, progress: Progress = silent) -> list[Problem]:
    """Everything that is wrong with a case, in words; an empty list when it is whole.

    `head` is the hash of a ledger line, as printed in a pack: it shows whether the end was cut.
    Raises CaseError when there is no case, one of a newer workbench, or one that can't be read at all.
    """
    files = CaseFolder(folder)
    if folder.is_dir():
        try:
            with in_words(folder):
                files.refuse_foreign()
        except ForeignEntryError as error:
            # Nothing is read of a folder that leads elsewhere.
            return [Problem(folder.name, "added", f"{error.message} {error.hint}")]
        if not (folder / DATABASE).is_file():
            return [Problem(DATABASE, "removed", f"The database is gone: {_RESCUE}")]
    # What there is now: what another program adds meanwhile is not in the state of the database that is read.
    before = _sizes(files)
    try:
        check(folder)
        with in_words(folder), closing(open_for_reading(folder / DATABASE)) as connection:
            changed = _schema(connection)
            if changed:
                # Another statement might run what was added.
                return changed
            if connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal":
                # One state of a case that another program may be writing.
                connection.execute("BEGIN")
            return _checked(files, connection, head, before, progress)
    except DamagedError as error:
        return [Problem(DATABASE, "database", f"{error.message} {_RESCUE}")]
    except sqlite3.Error as error:
        return [Problem(DATABASE, "database", f"The database can't be read: {error}. {_RESCUE}")]


class _Before(NamedTuple):
    """What was there before the database was read: the mirror's size in bytes or None, and the originals' names."""

    mirror: int | None
    originals: frozenset[str]


def _sizes(files: CaseFolder) -> _Before:
    mirror, originals = None, list[str]()
    with suppress(OSError):
        found = files.status(MIRROR)
        mirror = None if found is None else found.st_size
        originals = files.names(ORIGINALS)
    return _Before(mirror, frozenset(originals) - {INCOMING.rpartition("/")[2]})


def _checked(
    files: CaseFolder, connection: BoundedConnection, head: str | None, before: _Before, progress: Progress
) -> list[Problem]:
    checks: tuple[tuple[float, Callable[[Progress], Iterable[Problem]]], ...] = (
        (0.05, lambda _: _integrity(connection)),
        (0.08, lambda _: types(connection)),
        (0.15, lambda _: _chain(connection, head)),
        (0.20, lambda _: _mirror(connection, files, before.mirror)),
        (0.25, lambda _: rows.rows_and_lines(connection)),
        (0.30, lambda _: rows.findings(connection)),
        (0.60, lambda inner: answers.answers(connection, inner)),
        (0.64, lambda _: examination.examination(connection)),
        (0.65, lambda _: examination.full_text(connection)),
        (0.66, lambda _: documents.documents_and_files(files.path, connection)),
        (0.67, lambda _: registers(connection)),
        (0.80, lambda inner: logs.usage_logs(files.path, connection, inner)),
        (1.00, lambda inner: _vault(files, connection, before.originals, inner)),
    )
    problems: list[Problem] = []
    start = 0.0
    for end, function in checks:
        problems += _collected(function, part(progress, start, end))
        if problems:
            # Pages that lead in circles are among what can be wrong: no statement is given much time any more.
            connection.least = 1
        progress(end, "verifying")
        start = end
    return problems


def _collected(function: Callable[[Progress], Iterable[Problem]], progress: Progress) -> list[Problem]:
    found: list[Problem] = []
    more, last = 0, Problem(DATABASE, "database", "")
    try:
        for last in function(progress):
            if len(found) < _MOST:
                found.append(last)
            else:
                more += 1
    except _UNREADABLE as error:
        found.append(Problem(DATABASE, "database", f"A part of the database can't be read: {_said(error)}."))
    return [*found, Problem(last.path, last.what, f"... and {more} more of this kind.")] if more else found


def _said(error: Exception) -> str:
    said = str(error).rstrip(".")
    return "it does not come to an end" if said == "interrupted" else one_line(said, 300)


def _integrity(connection: sqlite3.Connection) -> Iterator[Problem]:
    for (text,) in connection.execute("PRAGMA integrity_check"):
        if text != "ok":
            yield Problem(DATABASE, "database", f"SQLite's integrity check: {text}.")
    for table, row, parent, _ in connection.execute("PRAGMA foreign_key_check"):
        yield Problem(DATABASE, "database", f"Row {row} of {table} names a row of {parent} that does not exist.")


def _schema(connection: BoundedConnection) -> list[Problem]:
    """Every table, index, trigger and view must be as the migrations made it."""
    connection.bound(schema=True)
    try:
        return [Problem(DATABASE, "database", words) for words in islice(schema.differences(connection), _MOST)]
    finally:
        connection.bound(schema=False)


def _chain(connection: sqlite3.Connection, head: str | None) -> Iterator[Problem]:
    walked = Walked((head or "").lower())
    unlike: list[int] = []
    for _, words in ledger.broken_links(_walking(connection, walked, unlike), walked):
        yield Problem("ledger", "ledger", words)
    if not walked.lines:
        yield Problem("ledger", "ledger", "The ledger is empty.")
    if head is not None and not walked.met:
        yield Problem(
            "ledger", "ledger",
            f"No line of the ledger has the hash {head}: its end was cut, it was rewritten, or the hash is "
            "of another case.",
        )  # fmt: skip
    for sequence in unlike:
        yield Problem("ledger", "ledger", f"Row {sequence} of the ledger does not agree with the line in it.")


def _walking(connection: sqlite3.Connection, walked: Walked, unlike: list[int]) -> Iterator[str]:
    """The lines for a walk along the chain; rows that say something else than their line go into `unlike`."""
    for sequence, digest, action, text in ledger.rows(connection):
        walked.last = None
        yield text
        # The walk has read this line when it asks for the next one.
        line = walked.last
        same = line is None or (sequence, digest, action) == (line.sequence, line.hash, line.action)
        if not same and len(unlike) <= _MOST:
            unlike.append(sequence)


def _mirror(connection: sqlite3.Connection, files: CaseFolder, size: int | None) -> Iterator[Problem]:
    """The mirror may lag behind by one line, at its end, and by nothing else."""
    try:
        if size is not None:
            with files.open(MIRROR) as held:
                yield from _held_against(ledger.texts(connection), held, size)
            return
    except OSError:
        pass
    yield Problem(MIRROR, "removed", "The mirror of the ledger is missing or can't be read.")


def _held_against(texts: Iterator[str], held: BinaryIO, size: int) -> Iterator[Problem]:
    at = 0
    for number, text in enumerate(texts, 1):
        line = text.encode("utf-8") + b"\n"
        piece = held.read(min(len(line), size - at))
        at += len(piece)
        if piece == line:
            continue
        if not line.startswith(piece) or at < size:
            yield Problem(MIRROR, "changed", f"Line {number} of the mirror does not agree with the ledger.")
        elif more := sum(1 for _ in texts):
            yield Problem(MIRROR, "changed", f"The mirror lacks the last {more + 1} lines of the ledger.")
        return
    more, end = 0, min(size, at + _MOST_BEHIND)
    while at < end and (piece := held.readline(min(_PIECE, size - at))):
        at += len(piece)
        more += piece.endswith(b"\n") or at == size
    if more or at < size:
        many = f"at least {more}" if at < size else str(more)
        yield Problem(
            MIRROR, "ledger", f"The mirror has {many} lines more than the ledger: the end of the ledger was cut."
        )


def _vault(
    files: CaseFolder, connection: sqlite3.Connection, there: frozenset[str], progress: Progress
) -> Iterator[Problem]:
    vault = Vault(files.path, Place())
    total = int(connection.execute("SELECT coalesce(sum(size), 0) FROM sources").fetchone()[0]) or 1
    unnamed, done = set(there), 0
    for digest, name, size in connection.execute("SELECT sha256, name, size FROM sources ORDER BY id"):
        unnamed.discard(digest)
        if not ORIGINAL_NAME.fullmatch(digest):
            said = f"The row of {one_line(name)} names no SHA-256: {one_line(str(digest), 80)}."
            yield Problem(DATABASE, "changed", said)
            continue
        inner = part(progress, min(1.0, done / total), min(1.0, (done + size) / total))
        yield from _original(vault, digest, one_line(name), size, inner)
        done += size
    for name in sorted(unnamed):
        yield Problem(f"{ORIGINALS}/{name}", "added", "No row of the database names this file.")


def _original(vault: Vault, digest: str, name: str, size: int, progress: Progress) -> Iterator[Problem]:
    where = f"{ORIGINALS}/{digest}"
    try:
        with vault.open(digest) as stream:
            found = _hash(stream, progress, size)
    except FileNotFoundError:
        yield Problem(where, "removed", f"The original of {name} is missing.")
    except OSError as error:
        yield Problem(where, "changed", f"The original of {name} can't be read: {error.strerror}.")
    except ForeignEntryError as error:
        yield Problem(where, "changed", error.message)
    else:
        if found != digest:
            yield Problem(where, "changed", f"The bytes of {name} are not those that were received.")


def _hash(stream: BinaryIO, progress: Progress, size: int) -> str:
    hasher, done = hashlib.sha256(), 0
    while chunk := stream.read(CHUNK):
        hasher.update(chunk)
        done += len(chunk)
        progress(min(1.0, done / max(1, size)), "originals")
    return hasher.hexdigest()

"""Verification of a case: everything that was sealed is computed again, and what disagrees is named."""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path

from workbench.core.errors import WorkbenchError
from workbench.core.hashing import CHUNK
from workbench.core.progress import Progress, part, silent
from workbench.core.text import one_line
from workbench.store import ledger, schema
from workbench.store.database import DATABASE, open_for_reading
from workbench.store.disk_state import DamagedError, Place, in_words
from workbench.store.ledger import MIRROR
from workbench.store.opening import check
from workbench.store.rows import Problem
from workbench.store.vault import ORIGINAL_NAME, Vault
from workbench.store.verify import answers, examination, rows

_MOST = 200
"""Problems of one kind that are listed one by one; the rest are counted."""

_RESCUE = "`workbench rescue CASE NEW` rebuilds it from the originals."

_UNREADABLE = (
    sqlite3.Error, ValueError, TypeError, LookupError, ArithmeticError, RecursionError, zlib.error, WorkbenchError,
)  # fmt: skip


def verify_case(folder: Path, *, head: str | None = None, progress: Progress = silent) -> list[Problem]:
    """Everything that is wrong with a case, in words; an empty list when it is whole.

    `head` is the hash of a ledger line, as printed in a pack: it shows whether the end was cut.
    Raises CaseError when there is no case, one of a newer workbench, or one that can't be read at all.
    """
    if folder.is_dir() and not (folder / DATABASE).is_file():
        return [Problem(DATABASE, "removed", f"The database is gone: {_RESCUE}")]
    mirror, files = _mirror_lines(folder), _originals(folder)
    try:
        check(folder)
        with in_words(folder), closing(open_for_reading(folder / DATABASE)) as connection:
            if connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal":
                # One state of a case that another program may be writing.
                connection.execute("BEGIN")
            return _checked(folder, connection, head, mirror, files, progress)
    except DamagedError as error:
        return [Problem(DATABASE, "database", f"{error.message} {_RESCUE}")]
    except sqlite3.Error as error:
        return [Problem(DATABASE, "database", f"The database can't be read: {error}. {_RESCUE}")]


def _checked(
    folder: Path,
    connection: sqlite3.Connection,
    head: str | None,
    mirror: bytes | None,
    files: dict[str, Path],
    progress: Progress,
) -> list[Problem]:
    checks: tuple[tuple[float, Callable[[Progress], Iterable[Problem]]], ...] = (
        (0.05, lambda _: _integrity(connection)),
        (0.10, lambda _: _guards(connection)),
        (0.15, lambda _: _chain(connection, head)),
        (0.20, lambda _: _mirror(connection, mirror)),
        (0.25, lambda _: rows.rows_and_lines(connection)),
        (0.30, lambda _: rows.findings(connection)),
        (0.60, lambda inner: answers.answers(connection, inner)),
        (0.64, lambda _: examination.examination(connection)),
        (0.65, lambda _: examination.full_text(connection)),
        (1.00, lambda inner: _vault(folder, connection, files, inner)),
    )
    problems: list[Problem] = []
    start = 0.0
    for end, function in checks:
        found = _collected(function, part(progress, start, end))
        problems += found[:_MOST]
        if len(found) > _MOST:
            more = len(found) - _MOST
            problems.append(Problem(found[-1].path, found[-1].what, f"... and {more} more of this kind."))
        progress(end, "verifying")
        start = end
    return problems


def _collected(function: Callable[[Progress], Iterable[Problem]], progress: Progress) -> list[Problem]:
    found: list[Problem] = []
    try:
        found.extend(function(progress))
    except _UNREADABLE as error:
        found.append(Problem(DATABASE, "database", f"A part of the database can't be read: {str(error).rstrip('.')}."))
    return found


def _integrity(connection: sqlite3.Connection) -> Iterator[Problem]:
    for (text,) in connection.execute("PRAGMA integrity_check"):
        if text != "ok":
            yield Problem(DATABASE, "database", f"SQLite's integrity check: {text}.")
    for table, row, parent, _ in connection.execute("PRAGMA foreign_key_check"):
        yield Problem(DATABASE, "database", f"Row {row} of {table} names a row of {parent} that does not exist.")


def _guards(connection: sqlite3.Connection) -> Iterator[Problem]:
    """Every table, index and trigger must be as the migrations made it."""
    fresh = sqlite3.connect(":memory:", isolation_level=None)
    try:
        for number in range(1, schema.version_of(connection) + 1):
            schema.MIGRATIONS.apply(fresh, number)
        query = "SELECT name, type, sql FROM sqlite_master"
        wanted = {row[0]: row for row in fresh.execute(query)}
    finally:
        fresh.close()
    found = {row[0]: row for row in connection.execute(query)}
    for name in sorted(wanted.keys() | found.keys()):
        if wanted.get(name) != found.get(name):
            kind = (wanted.get(name) or found[name])[1]
            state = "is missing" if name not in found else "was added" if name not in wanted else "was changed"
            yield Problem(DATABASE, "database", f"The {kind} {name} of the database {state}.")


def _chain(connection: sqlite3.Connection, head: str | None) -> Iterator[Problem]:
    seen: set[str] = set()
    for _, words in ledger.broken_links(ledger.texts(connection), seen):
        yield Problem("ledger", "ledger", words)
    if not seen:
        yield Problem("ledger", "ledger", "The ledger is empty.")
    if head is not None and head.lower() not in seen:
        yield Problem(
            "ledger", "ledger",
            f"No line of the ledger has the hash {head}: its end was cut, it was rewritten, or the hash is "
            "of another case.",
        )  # fmt: skip
    for sequence, digest, action, text in connection.execute(
        "SELECT sequence, hash, action, line FROM ledger ORDER BY sequence"
    ):
        line = ledger.whole(text)
        if line is not None and (sequence, digest, action) != (line.sequence, line.hash, line.action):
            yield Problem("ledger", "ledger", f"Row {sequence} of the ledger does not agree with the line in it.")


def _mirror_lines(folder: Path) -> bytes | None:
    try:
        return (folder / MIRROR).read_bytes()
    except OSError:
        return None


def _mirror(connection: sqlite3.Connection, held: bytes | None) -> Iterator[Problem]:
    """The mirror may lag behind by one line, at its end, and by nothing else."""
    name = MIRROR
    if held is None:
        yield Problem(name, "removed", "The mirror of the ledger is missing or can't be read.")
        return
    lines = [text.encode("utf-8") + b"\n" for text in ledger.texts(connection)]
    pieces = held.splitlines(keepends=True)
    for number, (piece, line) in enumerate(zip(pieces, lines, strict=False), 1):
        cut_short = number == len(pieces) and line.startswith(piece)
        if piece != line and not cut_short:
            yield Problem(name, "changed", f"Line {number} of the mirror does not agree with the ledger.")
            return
    whole = sum(piece.endswith(b"\n") for piece in pieces)
    if len(pieces) > len(lines):
        more = len(pieces) - len(lines)
        yield Problem(
            name, "ledger", f"The mirror has {more} lines more than the ledger: the end of the ledger was cut."
        )
    elif whole < len(lines) - 1:
        yield Problem(name, "changed", f"The mirror lacks the last {len(lines) - whole} lines of the ledger.")


def _originals(folder: Path) -> dict[str, Path]:
    try:
        return {p.name: p for p in sorted((folder / "originals").iterdir()) if p.name != ".incoming"}
    except OSError:
        return {}


def _vault(
    folder: Path, connection: sqlite3.Connection, files: dict[str, Path], progress: Progress
) -> Iterator[Problem]:
    vault = Vault(folder, Place())
    rows = connection.execute("SELECT sha256, name, size FROM sources ORDER BY id").fetchall()
    total, done = sum(int(row[2]) for row in rows) or 1, 0
    for digest, name, size in rows:
        where = f"originals/{digest}"
        if not ORIGINAL_NAME.fullmatch(digest):
            yield Problem(DATABASE, "changed", f"The row of {name} names no SHA-256: {one_line(str(digest), 80)}.")
            continue
        path = vault.path(digest)
        if path.is_symlink() or not path.is_file():
            yield Problem(where, "removed", f"The original of {name} is missing.")
        else:
            try:
                found = _hash(path, part(progress, done / total, min(1.0, (done + size) / total)), size)
            except OSError as error:
                yield Problem(where, "changed", f"The original of {name} can't be read: {error.strerror}.")
            else:
                if found != digest:
                    yield Problem(where, "changed", f"The bytes of {name} are not those that were received.")
        done += size
    named = {row[0] for row in rows}
    for name in files:
        if name not in named:
            yield Problem(f"originals/{name}", "added", "No row of the database names this file.")


def _hash(path: Path, progress: Progress, size: int) -> str:
    import hashlib

    hasher, done = hashlib.sha256(), 0
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            hasher.update(chunk)
            done += len(chunk)
            progress(min(1.0, done / max(1, size)), "originals")
    return hasher.hexdigest()

"""Whether the usage logs of a case are what their ledger lines say: columns and originals, each by its SHA-256."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from workbench.core.hashing import sha256_file, sha256_lines
from workbench.core.model import Json
from workbench.core.progress import Progress
from workbench.store.notes import LOGS_ADDED
from workbench.store.rows import Problem
from workbench.store.vault import ORIGINAL_NAME


def usage_logs(folder: Path, connection: sqlite3.Connection, progress: Progress) -> Iterator[Problem]:
    """Every log whose columns or original are gone or changed; a file that was left in its place is not looked for."""
    rows = connection.execute("SELECT line FROM ledger WHERE action = ? ORDER BY sequence", (LOGS_ADDED,)).fetchall()
    for at, (text,) in enumerate(rows):
        progress(at / len(rows), "usage logs")
        line: Json = json.loads(text)
        digest, number = str(line["object"]["sha256"]), int(line["options"]["number"])
        if not ORIGINAL_NAME.fullmatch(digest):
            yield Problem("ledger", "ledger", "A line on a usage log names no SHA-256.")  # and would name a path
            continue
        yield from _columns(folder / "logs" / f"{number:04d}", str(line["after"]))
        if not line["options"]["left"]:
            yield from _original(folder / "logs" / "originals" / digest, digest)


def _columns(folder: Path, sealed: str) -> Iterator[Problem]:
    place = f"logs/{folder.name}"
    parts = sorted(folder.glob("part-*.parquet"))
    duplicates = folder / "duplicates.parquet"
    if not parts or not duplicates.exists():
        yield Problem(place, "removed", "The columns of this log are gone; its original can be taken in again.")
    elif sha256_lines([*map(sha256_file, parts), sha256_file(duplicates)]) != sealed:
        yield Problem(place, "changed", "The columns of this log are not those that its ledger line names.")


def _original(path: Path, digest: str) -> Iterator[Problem]:
    place = f"logs/originals/{digest}"
    if not path.exists():
        yield Problem(place, "removed", "The original of this log is gone.")
    elif sha256_file(path) != digest:
        yield Problem(place, "changed", "The original of this log was changed.")

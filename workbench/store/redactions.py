"""What is masked, where, and what the masked text hashes to: the same from the case, in a pack and to its checker."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from workbench.core.hashing import sha256_lines
from workbench.core.redactions import sealed_line
from workbench.core.secrets import Secret, cover, masked_name
from workbench.store.examined import is_there

Masks = Mapping[tuple[str, int], tuple[Secret, ...]]
"""The secrets of texts, by field (answer or prompt) and row."""

_DONE = "SELECT coalesce(max(id), 0) FROM examinations WHERE state = 'done' AND line <= {until:d}"


class Redaction(NamedTuple):
    """One secret: its place in words, the field, the SHA-256 of the text around it, of itself, and of the text masked.

    `masked` is empty where no text but a file or a record's other fields hold it.
    """

    place: str
    field: str
    text: str
    start: int
    length: int
    kind: str
    sha256: str
    masked: str


def masks(connection: sqlite3.Connection, until: int | None = None) -> Masks:
    """The secrets in answers and prompts, as of the examinations by a line of the ledger, or all that are known."""
    if not is_there(connection):
        return {}
    found: dict[tuple[str, int], list[Secret]] = {}
    for field, owner, kind, start, length in connection.execute(
        f"SELECT field, owner, kind, start, length FROM secrets WHERE field IN ('answer', 'prompt') {_as_of(until)} "
        "ORDER BY id"
    ):
        found.setdefault((field, owner), []).append(Secret(kind, start, length))
    return {key: tuple(secrets) for key, secrets in found.items()}


def _as_of(until: int | None) -> str:
    return "" if until is None else f"AND examination <= ({_DONE.format(until=until)})"


def redactions(connection: sqlite3.Connection, until: int | None = None) -> list[Redaction]:
    """Every secret with its place, in order of place; as of a line of the ledger, or all that are known."""
    if not is_there(connection):
        return []
    covered = masks(connection, until)
    found = []
    rows = connection.execute(
        f"SELECT field, owner, member, kind, start, length, sha256 FROM secrets WHERE 1 {_as_of(until)} ORDER BY id"
    ).fetchall()
    for field, owner, member, kind, start, length, digest in rows:
        place, text, body = _owner(connection, field, owner, member)
        masked = ""
        if body is not None:
            masked = hashlib.sha256(cover(body, covered[field, owner]).encode()).hexdigest()
        if field == "source":
            place += f"byte {start}"
        found.append(Redaction(place, field, text, start, length, kind, digest.hex(), masked))
    return found


def _owner(connection: sqlite3.Connection, field: str, owner: int, member: str) -> tuple[str, str, str | None]:
    """Where a secret lies in words, the SHA-256 of what it lies in, and the text that is masked for it."""
    inside = f"{masked_name(member)}, " if member else ""
    if field == "source":
        digest = connection.execute("SELECT sha256 FROM sources WHERE id = ?", (owner,)).fetchone()[0]
        return f"file {digest[:12]}, {inside}", digest, None
    if field == "prompt":
        digest, text = connection.execute("SELECT sha256, text FROM prompts WHERE id = ?", (owner,)).fetchone()
        return f"prompt {digest.hex()[:12]}", digest.hex(), text
    digest, text, place, member, source = connection.execute(
        "SELECT a.sha256, a.text, a.place, a.member, s.sha256 FROM answers a JOIN parts p ON p.id = a.part "
        "JOIN imports i ON i.id = p.import JOIN sources s ON s.id = i.source WHERE a.id = ?",
        (owner,),
    ).fetchone()
    inside = f"{masked_name(member)}, " if member else ""
    return f"file {source[:12]}, {inside}record {place + 1}", digest.hex(), text if field == "answer" else None


def seal(found: Sequence[Redaction]) -> str:
    """The digest by which a ledger line holds what is masked; a pack's checker computes it from the log in the pack."""
    return sha256_lines(sorted(sealed_line(*item[1:]) for item in found))

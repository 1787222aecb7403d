"""What is masked, where, and what the masked text hashes to: the same from the case, in a pack and to its checker."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from workbench.core.hashing import sha256_lines
from workbench.core.prepared_answers import UNKNOWN_PROMPT, record_digest
from workbench.core.secrets.find import Secret, cover, masked_name
from workbench.core.secrets.redaction_seal import IDS, sealed_line
from workbench.store.examination.read import is_there

Masks = Mapping[tuple[str, int], tuple[Secret, ...]]
"""The secrets of texts and ids, by field (answer, prompt, or one of the ids) and row."""

Ids = tuple[str | None, str | None, str | None]
"""A record's prompt key, its own id, and its sample."""

_DONE = "SELECT coalesce(max(id), 0) FROM examinations WHERE state = 'done' AND line <= {until:d}"


class Redaction(NamedTuple):
    """One secret: its place in words, the field, the SHA-256 of the text around it, of itself, and of the text masked.

    Of a secret in an id, `text` and `masked` are the digests of the whole record with its ids as they are and masked.
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
    """The secrets in answers, prompts and ids, as of the examinations by a line of the ledger, or all known ones."""
    if not is_there(connection):
        return {}
    found: dict[tuple[str, int], list[Secret]] = {}
    for field, owner, kind, start, length in connection.execute(
        "SELECT iif(member = '', field, member), owner, kind, start, length FROM secrets WHERE (field IN ('answer', "
        f"'prompt') OR (field = 'extra' AND member <> '')) {_as_of(until)} ORDER BY id"
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
        if field == "extra" and member:
            place, text, masked = _of_ids(connection, covered, until, owner)
            found.append(Redaction(place, member, text, start, length, kind, digest.hex(), masked))
            continue
        place, text, body = _owner(connection, field, owner, member)
        masked = ""
        if body is not None:
            masked = hashlib.sha256(cover(body, covered[field, owner]).encode()).hexdigest()
        if field == "source":
            place += f"byte {start}"
        found.append(Redaction(place, field, text, start, length, kind, digest.hex(), masked))
    return found


def covered_ids(covered: Masks, answer: int, ids: Ids) -> Ids:
    """The ids of a record with their secrets masked."""
    spans = [covered.get((name, answer), ()) for name in IDS]
    key, record, sample = (text and cover(text, own) for text, own in zip(ids, spans, strict=True))
    return key, record, sample


def _of_ids(connection: sqlite3.Connection, covered: Masks, until: int | None, answer: int) -> tuple[str, str, str]:
    """Where a record lies in words, and its digests with its ids as they are and with them masked."""
    text, prompt, *ids = connection.execute(
        "SELECT a.sha256, coalesce(p.sha256, q.sha256), a.prompt_key, a.record_id, a.sample FROM answers a "
        "LEFT JOIN prompts p ON p.id = a.prompt LEFT JOIN joined j ON j.answer = a.id AND j.joining IN "
        "(SELECT id FROM joins WHERE line <= ?) LEFT JOIN prompts q ON q.id = j.prompt WHERE a.id = ?",
        ((1 << 62) if until is None else until, answer),
    ).fetchone()
    key, record, sample = ids
    plain = (key, record, sample)
    shown = covered_ids(covered, answer, plain)
    whole, masked = (record_digest(prompt or UNKNOWN_PROMPT, text, *some).hex() for some in (plain, shown))
    return _owner(connection, "extra", answer, "")[0], whole, masked


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

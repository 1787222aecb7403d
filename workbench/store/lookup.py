"""One answer by its number, with its prompt, its place, what was seen of it, and everything secret masked."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

import orjson

from workbench.core.answers.inspection import MARKS
from workbench.core.errors import UsageError
from workbench.core.flags import flags_of
from workbench.core.model import Json, Source
from workbench.core.secrets.find import Secret, cover, find, masked, masked_json, masked_name
from workbench.store.examination import read as examined


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """An answer as it may be shown: `text` and `prompt` are masked, `masked` counts what was covered.

    `offset` and `length` are bytes in the unwrapped stream of `member` of the source. `seen` is what an
    examination saw of it, or None.
    """

    number: int
    corpus: str
    prompt: str | None
    prompt_sha256: str | None
    prompt_key: str | None
    text: str
    sha256: str
    record_id: str | None
    sample: str | None
    time: str | None
    flags: tuple[str, ...]
    extra: Json
    source: Source
    importer: str
    options: Json
    member: str
    place: int
    offset: int
    length: int
    masked: int
    seen: Json


def answer(connection: sqlite3.Connection, number: int) -> StoredAnswer:
    """A visible answer by its number; raises UsageError when there is none."""
    extra = "a.extra" if examined.is_there(connection) else "NULL"
    row = connection.execute(
        "SELECT c.name, p.id, p.text, p.sha256, a.prompt_key, a.text, a.sha256, a.record_id, a.sample, a.time, "
        f"a.flags, {extra}, "
        "s.id, s.sha256, s.name, s.size, s.received, i.importer, i.options, a.member, a.place, a.offset, a.length "
        "FROM answers a JOIN parts t ON t.id = a.part JOIN imports i ON i.id = t.import AND i.state = 'done' "
        "JOIN corpora c ON c.id = t.corpus JOIN sources s ON s.id = i.source LEFT JOIN joined j ON j.answer = a.id "
        "AND j.joining IN (SELECT id FROM joins WHERE line IS NOT NULL) "
        "LEFT JOIN prompts p ON p.id = coalesce(a.prompt, j.prompt) WHERE a.id = ?",
        (number,),
    ).fetchone()
    if row is None:
        raise UsageError(f"There is no answer {number} in this case.", hint="`workbench search` gives their numbers.")
    name, key, prompt, prompt_digest, prompt_key, text, digest, record, sample, time, flags, beside, *rest = row
    identity, source, called, size, received, importer, options, member, place, offset, length = rest
    asked, covered_prompt = _masked(connection, "prompt", key, prompt)
    said, covered = _masked(connection, "answer", number, text)
    return StoredAnswer(
        number, name, asked, prompt_digest and prompt_digest.hex(), prompt_key and masked_name(prompt_key),
        said or "", digest.hex(), record and masked_name(record), sample, time, tuple(map(masked, flags_of(flags))),
        masked_json(orjson.loads(beside)) if beside else None, Source(identity, source, called, size, received),
        importer, orjson.loads(options), member, place, offset, length, covered + covered_prompt,
        _seen(connection, number),
    )  # fmt: skip


def _masked(connection: sqlite3.Connection, field: str, owner: int | None, text: str | None) -> tuple[str | None, int]:
    """A text without its secrets: those that an examination found, and those that this program finds now."""
    if text is None:
        return None, 0
    secrets = list(find(text))
    if examined.is_there(connection):
        rows = connection.execute(
            "SELECT kind, start, length FROM secrets WHERE field = ? AND owner = ?", (field, owner)
        )
        secrets += [Secret(*row) for row in rows]
    return cover(text, secrets), len(set(secrets))


def _seen(connection: sqlite3.Connection, number: int) -> Json:
    last = examined.last(connection)
    if last is None:
        return None
    row = connection.execute(
        "SELECT e.language, e.sure, e.marks, e.control, e.bidi, e.zero_width, l.copies, l.leader, l.elsewhere "
        "FROM examined e LEFT JOIN alike l ON l.examination = ? AND l.answer = e.answer "
        "WHERE e.chain = ? AND e.answer = ? AND e.examination <= ?",
        (last.id, last.chain, number, last.id),
    ).fetchone()
    if row is None:
        return None
    language, sure, marks, control, bidi, zero_width, copies, leader, elsewhere = row
    return {
        "language": language,
        "sure": sure / 1000,
        "marks": [name for name, bit in MARKS.items() if marks & bit],
        "control": control,
        "bidi": bidi,
        "zero_width": zero_width,
        "copies": copies or 0,
        "near_duplicate_of": leader if leader != number else None,
        "near_duplicate": leader is not None,
        "like_other_corpora": elsewhere or 0,
    }

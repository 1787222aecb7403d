"""Answers on their way into the database: well-formed, digested and written a batch at a time."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Mapping, Sequence

import orjson

from workbench.core.model import Response
from workbench.core.text import PROMPT_FORM, normal_prompt, well_formed
from workbench.store.flags import FLAGS_END, REPEATED
from workbench.store.stated import packed

SURROGATE = "lone surrogate"
"""Flag of an answer in whose text or prompt a lone surrogate was made visible."""

UNKNOWN_PROMPT = bytes(32)

_FLAG_REPEATED = (
    "UPDATE answers SET flags = flags || ? WHERE part = ? AND id > ? AND prompt IS NOT NULL AND EXISTS "
    "(SELECT 1 FROM answers o WHERE o.part = answers.part AND o.prompt = answers.prompt "
    "AND o.sha256 = answers.sha256 AND o.id < answers.id)"
)

_MEMORY = 48_000_000
"""Bytes, roughly, that may be spent on remembering the row ids of prompts."""

_ASKED = 500
"""Digests that one query asks for."""

_ENTRY = 300
"""What a remembered prompt takes beside its characters: digest, id and their objects."""


def record_digest(prompt: bytes, text: bytes, key: str | None, record: str | None, sample: str | None) -> bytes:
    """The digest that makes a record the same record: 32 bytes.

    SHA-256 over the prompt's digest (32 zero bytes when its text is unknown), the answer's digest and,
    where any of them is known, the JSON array of prompt key, record id and sample.
    """
    if key is None and record is None and sample is None:
        return hashlib.sha256(prompt + text).digest()
    return hashlib.sha256(prompt + text + orjson.dumps((key, record, sample))).digest()


def write(connection: sqlite3.Connection, part: int, rows: Sequence[Response], prompts: PromptIds) -> None:
    """Write answers into a part within the caller's transaction; which of them are duplicates shows at its end."""
    last = connection.execute("SELECT coalesce(max(id), 0) FROM answers").fetchone()[0]
    try:
        may_repeat = _write(connection, part, rows, prompts)
    except UnicodeEncodeError:
        may_repeat = _write(connection, part, [_repaired(row) for row in rows], prompts)
    if may_repeat:
        connection.execute(_FLAG_REPEATED, (REPEATED + FLAGS_END, part, last))
    connection.execute(
        "UPDATE parts SET accepted = accepted + ?, first = coalesce(first, ?), last = (SELECT max(id) FROM answers) "
        "WHERE id = ?",
        (len(rows), last + 1, part),
    )


def _write(connection: sqlite3.Connection, part: int, rows: Sequence[Response], prompts: PromptIds) -> bool:
    texts, asked, keys, _, ids, samples, times, places, offsets, lengths, members, *rest = zip(*rows, strict=True)
    flags, extras = rest
    sha = hashlib.sha256
    digests = [sha(text.encode()).digest() for text in texts]
    known, new = prompts.find_all(asked)
    with_ids = not all(_void(column, None) for column in (keys, ids, samples))
    if with_ids:
        records = [
            record_digest(p[1], d, k, i, s) for p, d, k, i, s in zip(known, digests, keys, ids, samples, strict=True)
        ]
    else:
        records = [sha(p[1] + d).digest() for p, d in zip(known, digests, strict=True)]
    # sqlite3 takes a slow way for None and for bytes: columns without a value are left to their
    # defaults, and digests go in as bytearrays.
    always: dict[str, Iterable[object]] = {
        "prompt": [p[0] for p in known],
        "digest": map(bytearray, records),
        "sha256": map(bytearray, digests),
        "place": places,
        "offset": offsets,
        "length": lengths,
        "text": texts,
    }
    some = {"prompt_key": keys, "record_id": ids, "sample": samples, "time": times}
    columns = always | {name: values for name, values in some.items() if not _void(values, None)}
    if not _void(members, ""):
        columns["member"] = members
    if not _void(flags, ()):
        columns["flags"] = ["".join(flag + FLAGS_END for flag in own) for own in flags]
    if not _void(extras, None):
        columns["extra"] = map(packed, extras)
    query = f"INSERT INTO answers (part, {', '.join(columns)}) VALUES ({part:d}{', ?' * len(columns)})"
    connection.executemany(query, zip(*columns.values(), strict=True))
    # Answers to prompts that were never met before can't repeat a text.
    return with_ids and new < len(rows)


def _void(column: Sequence[object], nothing: object) -> bool:
    return column.count(nothing) == len(column)


def _repaired(row: Response) -> Response:
    """The row with every lone surrogate made visible, and a flag when its text or prompt held one."""
    text, in_text = well_formed(row.text)
    prompt, in_prompt = (None, False) if row.prompt is None else well_formed(row.prompt)
    flags = tuple(well_formed(flag)[0] for flag in row.flags)
    return row._replace(
        text=text,
        prompt=prompt,
        prompt_key=_mended(row.prompt_key),
        record_id=_mended(row.record_id),
        sample=_mended(row.sample),
        time=_mended(row.time),
        member=well_formed(row.member)[0],
        flags=(*flags, SURROGATE) if (in_text or in_prompt) and SURROGATE not in flags else flags,
    )


def _mended(text: str | None) -> str | None:
    return None if text is None else well_formed(text)[0]


class PromptIds:
    """Row ids of prompts by their text as given, remembered within bounds; unknown prompts are stored.

    Those of an open import, where one is named, become known to others with its end.
    """

    def __init__(
        self, connection: sqlite3.Connection, remembered: dict[str, tuple[int, bytes]], import_id: int | None = None
    ) -> None:
        self._connection = connection
        self._import = import_id
        self._remembered = remembered
        self._size = sum(map(len, remembered)) + _ENTRY * len(remembered)

    def find_all(self, texts: Sequence[str | None]) -> tuple[list[tuple[int | None, bytes]], int]:
        """Row id and digest of each prompt, (None, 32 zero bytes) for one that is not known, and how many are new."""
        found: dict[str | None, tuple[int | None, bytes]] = {None: (None, UNKNOWN_PROMPT)}
        unknown = []
        for text in dict.fromkeys(texts):
            if text is not None:
                known = self._remembered.get(text)
                if known is None:
                    unknown.append(text)
                else:
                    found[text] = known
        new = 0
        if unknown:
            stored, new = self._stored(unknown)
            self._remember(stored)
            found.update(stored)
        return [found[text] for text in texts], new

    def _stored(self, texts: Sequence[str]) -> tuple[dict[str, tuple[int, bytes]], int]:
        """Texts that are not remembered, each with its row; those in no row yet get one."""
        digests = {text: hashlib.sha256(normal_prompt(text).encode()).digest() for text in texts}
        rows = self._known(list(dict.fromkeys(digests.values())))
        last = self._connection.execute("SELECT coalesce(max(id), 0) FROM prompts").fetchone()[0]
        new = {}
        for text, digest in digests.items():
            if digest not in rows:
                rows[digest] = last = last + 1
                new[digest] = (last, digest, PROMPT_FORM, text)
        self._connection.executemany("INSERT INTO prompts (id, sha256, form, text) VALUES (?, ?, ?, ?)", new.values())
        if self._import is None:
            query = "INSERT INTO known_prompts (prompt, sha256) VALUES (?, ?)"
            self._connection.executemany(query, [row[:2] for row in new.values()])
        elif new:
            query = "INSERT INTO new_prompts (first, last, import) VALUES (?, ?, ?)"
            self._connection.execute(query, (last - len(new) + 1, last, self._import))
        return {text: (rows[digest], digest) for text, digest in digests.items()}, len(new)

    def _known(self, wanted: Sequence[bytes]) -> dict[bytes, int]:
        """The rows of the prompts, among these digests, that are known."""
        rows: dict[bytes, int] = {}
        if not self._connection.execute("SELECT EXISTS (SELECT 1 FROM known_prompts)").fetchone()[0]:
            return rows
        for at in range(0, len(wanted), _ASKED):
            some = wanted[at : at + _ASKED]
            query = f"SELECT sha256, prompt FROM known_prompts WHERE sha256 IN ({', '.join('?' * len(some))})"
            rows.update(self._connection.execute(query, some))
        return rows

    def _remember(self, stored: Mapping[str, tuple[int, bytes]]) -> None:
        if self._size > _MEMORY:
            self._remembered.clear()
            self._size = 0
        self._remembered.update(stored)
        self._size += sum(map(len, stored)) + _ENTRY * len(stored)

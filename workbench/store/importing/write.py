"""Answers that were made ready, written into the database a batch at a time."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence

from workbench.core.model import FLAGS_END, REPEATED
from workbench.core.prepared_answers import ModelRows
from workbench.core.text import PROMPT_FORM

_FLAG_REPEATED = (
    "UPDATE answers SET flags = flags || ? WHERE part = ? AND id > ? AND prompt IS NOT NULL AND EXISTS "
    "(SELECT 1 FROM answers o WHERE o.part = answers.part AND o.prompt = answers.prompt "
    "AND o.sha256 = answers.sha256 AND o.id < answers.id)"
)

_REMEMBERED = 250_000
"""Prompts whose row ids are remembered, some 150 bytes each."""

_ASKED = 500
"""Digests that one query asks for."""


def write(
    connection: sqlite3.Connection, part: int, rows: ModelRows, prompts: PromptIds, texts: Mapping[bytes, str]
) -> None:
    """Write answers into a part within the caller's transaction; which of them are duplicates shows at its end.

    `texts` are the prompts by their digests.
    """
    last = connection.execute("SELECT coalesce(max(id), 0) FROM answers").fetchone()[0]
    ids, new = prompts.find_all(rows.asked, texts)
    columns = {"prompt": ids} | rows.columns
    query = f"INSERT INTO answers (part, {', '.join(columns)}) VALUES ({part:d}{', ?' * len(columns)})"
    connection.executemany(query, zip(*columns.values(), strict=True))
    if rows.numbered and new < len(ids):
        # Answers to prompts that were never met before can't repeat a text.
        connection.execute(_FLAG_REPEATED, (REPEATED + FLAGS_END, part, last))
    connection.execute(
        "UPDATE parts SET accepted = accepted + ?, first = coalesce(first, ?), last = (SELECT max(id) FROM answers) "
        "WHERE id = ?",
        (len(ids), last + 1, part),
    )


class PromptIds:
    """Row ids of prompts by their digest, remembered within bounds; unknown prompts are stored.

    Those of an open import, where one is named, become known to others with its end.
    """

    def __init__(
        self, connection: sqlite3.Connection, remembered: dict[bytes, int], import_id: int | None = None
    ) -> None:
        self._connection = connection
        self._import = import_id
        self._remembered = remembered

    def find_all(self, digests: Sequence[bytes | None], texts: Mapping[bytes, str]) -> tuple[list[int | None], int]:
        """Row id of each prompt, None for one that is not known, and how many were stored just now."""
        wanted = dict.fromkeys(digests)
        wanted.pop(None, None)
        known = self._remembered
        unknown = [digest for digest in wanted if digest is not None and digest not in known]
        new = 0
        if unknown:
            stored, new = self._stored(unknown, texts)
            if len(known) > _REMEMBERED:
                kept = {digest: known[digest] for digest in wanted if digest in known}
                known.clear()
                known.update(kept)
            known.update(stored)
        return [None if digest is None else known[digest] for digest in digests], new

    def _stored(self, digests: Sequence[bytes], texts: Mapping[bytes, str]) -> tuple[dict[bytes, int], int]:
        """Prompts that are not remembered, each with its row; those in no row yet get one."""
        rows = self._known(digests)
        last = self._connection.execute("SELECT coalesce(max(id), 0) FROM prompts").fetchone()[0]
        new = [digest for digest in digests if digest not in rows]
        numbered = list(enumerate(new, last + 1))
        self._connection.executemany(
            "INSERT INTO prompts (id, sha256, form, text) VALUES (?, ?, ?, ?)",
            [(key, bytearray(digest), PROMPT_FORM, texts[digest]) for key, digest in numbered],
        )
        if self._import is None:
            self._connection.executemany("INSERT INTO known_prompts (prompt, sha256) VALUES (?, ?)", numbered)
        elif new:
            query = "INSERT INTO new_prompts (first, last, import) VALUES (?, ?, ?)"
            self._connection.execute(query, (last + 1, last + len(new), self._import))
        return rows | {digest: key for key, digest in numbered}, len(new)

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

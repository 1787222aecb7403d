"""What an examination looks at, read from a case's database by whoever looks: a worker reads for itself.

Only what was committed is seen, and nothing is changed. No query stays open while its rows are looked at, so that
no writer waits long.
"""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

from workbench.core.model import flags_of
from workbench.core.secrets.redaction_seal import IDS
from workbench.store.database import open_case_for_reading
from workbench.store.disk_state import as_written, in_words
from workbench.store.examination import read as examined
from workbench.store.folder import DATABASE

PAGE = 250
"""Answers that are read, and looked at, at once: with more, their arrays outgrow the processor's cache."""

SIZE = 4 << 20
"""Characters after which fewer are."""


class Stretch(NamedTuple):
    """The answers of one part whose row ids lie after one and up to another."""

    part: int
    after: int
    last: int


class Unexamined(NamedTuple):
    """An answer that is still to be looked at, with its prompt where it has one."""

    id: int
    text: str
    prompt: str | None
    flags: tuple[str, ...]
    extra: str
    ids: tuple[str | None, ...]
    """What tells it from others, as `core.redactions.IDS` names it."""


class Unseen:
    """Reads what a chain of examinations looks at, on connections of its own; can be handed to another process."""

    def __init__(self, folder: Path, chain: int) -> None:
        self._folder = folder.absolute()
        self._chain = chain

    def answers(self, stretch: Stretch) -> Iterator[list[Unexamined]]:
        """The answers of a stretch, in order, some at a time."""
        after = stretch.after
        with self._reading() as connection:
            while after < stretch.last and (page := _page(connection, stretch, after)):
                after = page[-1].id
                yield page

    def prompts(self, keys: array[int]) -> Iterator[list[tuple[int, str]]]:
        """Row and text of some prompts, in order of row, some at a time."""
        after = 0
        with self._reading() as connection:
            while page := _prompts(connection, keys, after):
                after = page[-1][0]
                yield page

    def sketches(self, parts: Sequence[int]) -> list[examined.Sketch]:
        """Of every answer in some parts that was looked at its row, the SHA-256 of its text, and its sketch."""
        with self._reading() as connection:
            return examined.sketches(connection, self._chain, parts)

    def on_prompts(self, prompts: array[int]) -> list[examined.Asked]:
        """The same of every answer to some prompts, after the prompt and the part."""
        with self._reading() as connection:
            return examined.on_prompts(connection, self._chain, prompts)

    def texts(self, answers: Sequence[int]) -> dict[int, str]:
        """The texts of some answers."""
        with self._reading() as connection:
            query = f"SELECT id, text FROM answers WHERE id IN ({examined.numbers(answers)})"
            return dict(connection.execute(query))

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        # Closed after each use: a connection that stays would keep the case's journal from being put away.
        with in_words(self._folder):
            connection = open_case_for_reading(self._folder / DATABASE)
        with closing(connection), as_written(self._folder):
            yield connection


def _page(connection: sqlite3.Connection, stretch: Stretch, after: int) -> list[Unexamined]:
    query = (
        # The plus sign keeps SQLite on the row ids, which are in order of place already.
        f"SELECT a.id, a.text, p.text, a.flags, a.extra, {', '.join(f'a.{name}' for name in IDS)} FROM answers a "
        "LEFT JOIN joined j ON j.answer = a.id AND j.joining IN (SELECT id FROM joins WHERE line IS NOT NULL) "
        "LEFT JOIN prompts p ON p.id = coalesce(a.prompt, j.prompt) "
        "WHERE +a.part = ? AND a.id > ? AND a.id <= ? ORDER BY a.id LIMIT ?"
    )
    page: list[Unexamined] = []
    size = 0
    with closing(connection.execute(query, (stretch.part, after, stretch.last, PAGE))) as found:
        for key, text, prompt, flags, extra, *ids in found:
            page.append(Unexamined(key, text, prompt, tuple(flags_of(flags)), extra or "", tuple(ids)))
            size += len(text) + len(prompt or "") + len(extra or "")
            if size > SIZE:
                break
    return page


def _prompts(connection: sqlite3.Connection, keys: array[int], after: int) -> list[tuple[int, str]]:
    query = f"SELECT id, text FROM prompts WHERE id IN ({examined.numbers(keys)}) AND id > ? ORDER BY id"
    page: list[tuple[int, str]] = []
    size = 0
    with closing(connection.execute(query, (after,))) as found:
        for row in found:
            page.append(row)
            size += len(row[1])
            if size > SIZE:
                break
    return page

"""An examination under way: what is still to be looked at, what was seen, and the line that closes it.

Everything is written in batches that go on after a kill. Rows belong to a *chain*: the first examination by
some rules looks at everything, later ones by the same rules at what came since. Rows of an examination that is
not done count for nothing but the search for secrets, which only ever masks more.
"""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import orjson

from workbench.core.hashing import canonical
from workbench.core.model import Json, Source
from workbench.core.secrets.redaction_seal import EXAMINED
from workbench.store import corpora
from workbench.store.database import STEP, Store
from workbench.store.examination import read as examined
from workbench.store.examination import redactions
from workbench.store.examination.pending import Stretch, Unseen
from workbench.store.ledger import Entry, digest_of

Seen = tuple[int, int, str, int, int, int, int, int, bytes]
"""What was seen of one answer: answer, part, language, how sure (in thousandths), marks, control, bidirectional and
zero-width characters, and the sketch by which near duplicates are found. Plain, for named ones take several times as
long to hand over."""


Alike = tuple[int, int, int | None, int]
"""What is like an answer: its row, copies in the corpus, the first answer of its cluster, likes in other corpora."""


class FoundSecret(NamedTuple):
    """A secret: `field` is answer, prompt, extra or source, `owner` the row that it is in, `sha256` of what it says.

    One in an id of a record is extra, with the id's name as `member`.
    """

    field: str
    owner: int
    member: str
    kind: str
    start: int
    length: int
    sha256: bytes


class Examination:
    """An examination in state open; `rules` names everything that its results depend on."""

    def __init__(self, store: Store, key: int, chain: int) -> None:
        self.id = key
        self._store = store
        self._chain = chain
        self._read: list[examined.OpenPart] = []
        self._seen = ""

    @classmethod
    def begin(cls, store: Store, rules: Json) -> Examination:
        """A new examination, or the open one by the same rules; an open one by other rules is dropped."""
        text = canonical(rules).decode()
        with store.transaction() as connection:
            row = connection.execute("SELECT id, chain, rules FROM examinations WHERE state = 'open'").fetchone()
            if row is not None and row[2] == text:
                return cls(store, row[0], row[1])
            if row is not None:
                connection.execute("UPDATE examinations SET state = 'dropped' WHERE id = ?", (row[0],))
            key = connection.execute("SELECT coalesce(max(id), 0) + 1 FROM examinations").fetchone()[0]
            last = examined.last(connection)
            goes_on = last is not None and last.rules == rules and not examined.was_dropped(connection, last.chain)
            chain = last.chain if last is not None and goes_on else key
            connection.execute(
                "INSERT INTO examinations (id, chain, rules, state, begun) VALUES (?, ?, ?, 'open', ?)",
                (key, chain, text, store.conditions.now()),
            )
        return cls(store, key, chain)

    def sources(self) -> list[Source]:
        """The files that are still to be looked at."""
        return examined.new_sources(self._store.connection, self._chain)

    def waiting(self) -> int:
        """How many answers are still to be looked at, counted by their parts."""
        return examined.waiting(self._store.connection, self._chain)

    def new_prompts(self) -> array[int]:
        """The prompts that are still to be looked at, before the answers to them."""
        return examined.new_prompts(self._store.connection, self._chain)

    def stretches(self, size: int) -> Iterator[Stretch]:
        """The answers that are still to be looked at, about `size` at a time; then call `parts_done`."""
        self._read = examined.open_parts(self._store.connection, self._chain)
        return (stretch for part in self._read for stretch in _stretches(part, size))

    def unseen(self) -> Unseen:
        """What reads all that is to be looked at."""
        return Unseen(self._store.folder, self._chain)

    def saw_answers(self, rows: Sequence[Seen], secrets: Iterable[FoundSecret]) -> None:
        """Keep what was seen of some answers, in order."""
        with self._store.transaction() as connection:
            connection.executemany(
                "INSERT OR REPLACE INTO examined (chain, examination, answer, part, language, sure, marks, control, "
                f"bidi, zero_width, bands) VALUES ({self._chain:d}, {self.id:d}, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                rows,
            )
            self._found(connection, secrets)
            for part, answer in {row[1]: row[0] for row in rows}.items():
                self._reach(connection, part, answer, whole=False)

    def saw_prompts(self, prompts: Iterable[int], secrets: Iterable[FoundSecret]) -> None:
        """Keep what was seen of some prompts."""
        with self._store.transaction() as connection:
            self._saw_prompts(connection, prompts)
            self._found(connection, secrets)

    def _saw_prompts(self, connection: sqlite3.Connection, prompts: Iterable[int]) -> None:
        connection.executemany(
            f"INSERT OR IGNORE INTO examined_prompts VALUES ({self._chain:d}, ?, {self.id:d})",
            [(key,) for key in prompts],
        )

    def _found(self, connection: sqlite3.Connection, secrets: Iterable[FoundSecret]) -> None:
        connection.executemany(
            "INSERT OR IGNORE INTO secrets (examination, field, owner, member, kind, start, length, sha256) "
            f"VALUES ({self.id:d}, ?, ?, ?, ?, ?, ?, ?)",
            list(secrets),
        )

    def _reach(self, connection: sqlite3.Connection, part: int, after: int, *, whole: bool) -> None:
        connection.execute(
            "INSERT OR REPLACE INTO examined_parts VALUES (?, ?, ?, ?, ?)", (self._chain, part, self.id, after, whole)
        )

    def parts_done(self) -> None:
        """Say that what was seen of all stretches has been kept."""
        with self._store.transaction() as connection:
            for part in self._read:
                self._reach(connection, part.id, part.last, whole=True)
        self._read = []

    def saw_source(self, source: int, encoding: str, secrets: Iterable[FoundSecret], *, whole: bool) -> None:
        """Keep what was seen of a file; `whole` says whether all of its bytes could be searched."""
        with self._store.transaction() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO examined_sources VALUES (?, ?, ?, ?, ?)",
                (self._chain, source, self.id, encoding, whole),
            )
            self._found(connection, secrets)

    def joins(self) -> list[int]:
        """The joins that brought prompts and are still to be looked at."""
        return examined.new_joins(self._store.connection, self._chain)

    def joined(self, joining: int) -> Iterator[tuple[int, str, int, str]]:
        """Answer, its text, prompt and its text of each answer that an earlier look saw without its prompt."""
        yield from self._store.connection.execute(
            "SELECT a.id, a.text, p.id, p.text FROM joined j JOIN answers a ON a.id = j.answer "
            "JOIN prompts p ON p.id = j.prompt JOIN examined e ON e.chain = ? AND e.answer = a.id "
            "WHERE j.joining = ? AND e.examination < ? ORDER BY a.id",
            (self._chain, joining, self.id),
        )

    def saw_join(self, joining: int, quoting: int, prompts: Iterable[int], secrets: Iterable[FoundSecret]) -> None:
        """Keep what was seen of the prompts of a join, and how many of its answers quote them."""
        with self._store.transaction() as connection:
            self._saw_prompts(connection, prompts)
            self._found(connection, secrets)
            connection.execute(
                "INSERT OR REPLACE INTO examined_joins VALUES (?, ?, ?, ?)", (self._chain, joining, self.id, quoting)
            )

    # --- likeness

    def corpora(self) -> list[tuple[str, list[int], int]]:
        """The corpora with the parts that they consist of, and how many answers these hold."""
        connection = self._store.connection
        answers = dict(connection.execute("SELECT id, accepted FROM parts"))
        found = [(c.name, [p.id for p in corpora.parts_of(connection, c.id)]) for c in corpora.corpora(connection)]
        return [(name, parts, sum(answers[part] for part in parts)) for name, parts in found]

    def prompts(self) -> array[int]:
        """The prompts that were looked at."""
        return examined.prompts(self._store.connection, self._chain)

    def forget_likeness(self) -> None:
        """Let go what a broken-off search for near duplicates left."""
        examined.delete(self._store, "alike", "examination = ?", self.id)

    def saw_alike(self, rows: Sequence[Alike]) -> None:
        """Keep what is like some answers."""
        for at in range(0, len(rows), STEP):
            with self._store.transaction() as connection:
                connection.executemany(
                    "INSERT INTO alike (examination, answer, copies, leader, elsewhere) "
                    f"VALUES ({self.id:d}, ?, ?, ?, ?) ON CONFLICT (examination, answer) DO UPDATE SET "
                    "copies = copies + excluded.copies, leader = coalesce(leader, excluded.leader), "
                    "elsewhere = elsewhere + excluded.elsewhere",
                    rows[at : at + STEP],
                )

    # --- the end

    def seal(self) -> None:
        """Compute the digest of what was seen of all answers, once nothing more comes; `finish` does it otherwise."""
        self._seen = examined.seal_seen(self._store.connection, self._chain, self.id)

    def finish(self) -> Json:
        """Close the examination with one ledger line that holds its totals and digests; returns its counts."""
        with self._store.mutex:
            connection = self._store.connection
            counts = examined.counted(connection, self._chain, self.id)
            if not self._seen:
                self.seal()
            seals = {"seen": self._seen, "alike": examined.seal_alike(connection, self.id)}
            rules = orjson.loads(
                connection.execute("SELECT rules FROM examinations WHERE id = ?", (self.id,)).fetchone()[0]
            )
            ended = self._store.conditions.now()
            options = {
                "rules": rules, "totals": counts["totals"], "counts": digest_of(counts), **seals,
                "redactions": redactions.seal(redactions.redactions(connection)),
                "corpora": {name: item["sha256"] for name, item in counts["corpora"].items()},
            }  # fmt: skip
            digest = digest_of(options)
            with self._store.transaction() as writing:
                entry = Entry(EXAMINED, {"examination": self.id}, options, after=digest)
                line = self._store.log(writing, ended, entry)
                writing.execute(
                    "UPDATE examinations SET state = 'done', ended = ?, counts = ?, sha256 = ?, line = ? WHERE id = ?",
                    (ended, canonical(counts).decode(), digest, line.sequence, self.id),
                )
            examined.sweep(self._store)
        return counts


def _stretches(part: examined.OpenPart, size: int) -> Iterator[Stretch]:
    # The answers of several corpora of one file lie among each other: then more row ids hold as many of one part.
    width = max(1, size * (part.last - part.first + 1) // max(1, part.answers))
    for after in range(part.reached, part.last, width):
        yield Stretch(part.id, after, min(part.last, after + width))


def is_current(connection: sqlite3.Connection, rules: Json) -> bool:
    """Whether everything in the case was examined by these rules."""
    last = examined.last(connection)
    if last is None or last.rules != rules:
        return False
    return not (
        examined.open_parts(connection, last.chain)
        or examined.new_sources(connection, last.chain)
        or examined.new_joins(connection, last.chain)
    )

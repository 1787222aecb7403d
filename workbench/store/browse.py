"""What a reader browses: the shapes of answers, who answered which prompt, and hits counted and listed by corpus.

It only reads, and never anything of an open import. Texts are masked before they are handed over.
"""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from workbench.core.fulltext import Query
from workbench.core.secrets.find import cover, masked
from workbench.store import corpora
from workbench.store.examination import read as examined
from workbench.store.examination.redactions import masks
from workbench.store.pairing import Pairing
from workbench.store.search import Reading

_PROMPT = 400
"""Characters of a prompt that a list shows at most."""
_JOINS = "SELECT id FROM joins WHERE line IS NOT NULL"


@dataclass(frozen=True, slots=True)
class Shape:
    """One answer without its text: number, prompt (0 where unknown), characters, marks and language.

    `elsewhere` counts the other corpora that hold nearly the same answer.
    """

    number: int
    prompt: int
    characters: int
    marks: int
    language: str
    elsewhere: int

    def under(self, prompt: int) -> Shape:
        """The same answer to a prompt of another key."""
        return self if prompt == self.prompt else replace(self, prompt=prompt)


@dataclass(frozen=True, slots=True)
class Listed:
    """One answer as a list shows it; text and prompt are masked."""

    number: int
    corpus: str
    prompt: int
    asked: str
    text: str


def _numbers(keys: Iterable[int]) -> str:
    return ", ".join(map(str, keys)) or "NULL"


class Browser:
    """Reads for lists and maps. A prompt is called by its key: the row of its text, or below zero where ids tell it."""

    def __init__(self, reading: Reading, pairing_of: Callable[[sqlite3.Connection], Pairing | None]) -> None:
        self._reading = reading
        self._pairing_of = pairing_of

    def shapes(self, name: str) -> Iterator[Shape]:
        """The answers of a corpus without their texts, in order of their numbers."""
        with self._reading() as connection:
            corpus = corpora.named(connection, name)
            last, pairing = examined.last(connection), self._pairing_of(connection)
            for part in corpora.parts_of(connection, corpus.id):
                rows = connection.execute(
                    "SELECT a.id, coalesce(a.prompt, j.prompt, 0), length(a.text), coalesce(e.marks, 0), "
                    "coalesce(e.language, ''), coalesce(l.elsewhere, 0) FROM answers a "
                    f"LEFT JOIN joined j ON j.answer = a.id AND j.joining IN ({_JOINS}) "
                    "LEFT JOIN examined e ON e.chain = ? AND e.answer = a.id "
                    "LEFT JOIN alike l ON l.examination = ? AND l.answer = a.id "
                    "WHERE +a.part = ? AND a.id BETWEEN ? AND ? ORDER BY a.id",
                    (*((last.chain, last.id) if last else (-1, -1)), part.id, part.first, part.last),
                )
                for row in rows:
                    shape = Shape(*row)
                    yield shape if pairing is None else shape.under(pairing.key_of(shape.number, shape.prompt))

    def prompts(self, keys: Sequence[int]) -> dict[int, str]:
        """The beginnings of prompts by their keys, masked; of several texts under an id the most usual one."""
        with self._reading() as connection:
            pairing = self._pairing_of(connection) if any(key < 0 for key in keys) else None
            texts = {key: _text_of(key, pairing) for key in keys}
            said = self._prompts(connection, list(texts.values()))
            return {key: said[text] for key, text in texts.items() if text in said}

    def keys_of(self, digests: Sequence[str]) -> dict[str, int]:
        """The rows of texts of prompts by their digests, as far as the case has them."""
        marks = ", ".join("?" * len(digests))
        with self._reading() as connection:
            rows = connection.execute(
                f"SELECT id, sha256 FROM prompts WHERE sha256 IN ({marks})", [bytes.fromhex(one) for one in digests]
            )
            return {digest.hex(): key for key, digest in rows}

    @staticmethod
    def _prompts(connection: sqlite3.Connection, keys: Sequence[int]) -> dict[int, str]:
        covers = masks(connection)
        rows = connection.execute(f"SELECT id, text FROM prompts WHERE id IN ({_numbers(keys)})")
        said = {}
        for key, text in rows:
            spans = covers.get(("prompt", key), ())
            said[key] = (cover(text, spans) if spans else masked(text))[:_PROMPT]
        return said

    def answers_to(self, prompt: int) -> dict[str, list[int]]:
        """The numbers of the answers to a prompt, by corpus."""
        with self._reading() as connection:
            pairing = self._pairing_of(connection)
            if pairing is not None:
                return _answers_to(connection, prompt, pairing)
            return _with_text(connection, prompt)

    def answers_with_text(self, text: int) -> dict[str, list[int]]:
        """The numbers of the answers whose prompt has its text in this row, by corpus, whatever they are paired by."""
        with self._reading() as connection:
            return _with_text(connection, text)

    def numbers(
        self, names: Sequence[str], query: Query | None = None, *, marks: int = 0, limit: int = -1
    ) -> array[int]:
        """The numbers of answers of some corpora, in their order: all, or those that hold words or marks."""
        found = array("q")
        with self._reading() as connection:
            last = examined.last(connection)
            chain = last.chain if last else -1
            for name in names:
                corpus = corpora.named(connection, name)
                for part in corpora.parts_of(connection, corpus.id):
                    left = limit - len(found) if limit >= 0 else -1
                    if left == 0:
                        return found
                    found.extend(row[0] for row in _numbers_in(connection, part, query, marks, chain, left))
        return found

    def counts(self, names: Sequence[str], query: Query | None = None, *, marks: int = 0) -> dict[str, int]:
        """How many answers of each corpus hold words or have one of some marks."""
        counted: dict[str, int] = {}
        with self._reading() as connection:
            last = examined.last(connection)
            chain = last.chain if last else -1
            for name in names:
                corpus = corpora.named(connection, name)
                counted[name] = sum(
                    _count_in(connection, part, query, marks, chain) for part in corpora.parts_of(connection, corpus.id)
                )
        return counted

    def listed(self, numbers: Sequence[int]) -> list[Listed]:
        """Answers as a list shows them, in the order asked for."""
        with self._reading() as connection:
            covers = masks(connection)
            inside = _numbers(numbers)
            rows = {
                row[0]: row
                for row in connection.execute(
                    "SELECT a.id, c.name, coalesce(a.prompt, j.prompt, 0), a.text FROM answers a "
                    "JOIN parts p ON p.id = a.part JOIN corpora c ON c.id = p.corpus "
                    f"LEFT JOIN joined j ON j.answer = a.id AND j.joining IN ({_JOINS}) "
                    f"WHERE a.id IN ({inside})"
                )
            }
            prompts = self._prompts(connection, list({row[2] for row in rows.values()}))
            pairing = self._pairing_of(connection)
            made = []
            for number in numbers:
                row = rows.get(number)
                if row is not None:
                    spans = covers.get(("answer", number), ())
                    text = cover(row[3], spans) if spans else masked(row[3])
                    key = pairing.key_of(number, row[2]) if pairing else row[2]
                    made.append(Listed(number, row[1], key, prompts.get(row[2], ""), text))
            return made

    def prompts_with(self, names: Sequence[str], query: Query, *, limit: int) -> list[tuple[int, str]]:
        """Prompts that hold words and that some corpora answered: key and beginning, masked."""
        with self._reading() as connection:
            parts = _numbers(
                part.id for name in names for part in corpora.parts_of(connection, corpora.named(connection, name).id)
            )
            rows = connection.execute(
                "SELECT rowid FROM prompt_words w WHERE prompt_words MATCH ? AND ("
                f"EXISTS (SELECT 1 FROM answers WHERE part IN ({parts}) AND prompt = w.rowid) OR "
                f"EXISTS (SELECT 1 FROM joined WHERE part IN ({parts}) AND prompt = w.rowid)) ORDER BY rowid LIMIT ?",
                (query.match, limit),
            )
            keys = [key for (key,) in rows]
            said = self._prompts(connection, keys)
            return [(key, said[key]) for key in keys]


def _text_of(key: int, pairing: Pairing | None) -> int:
    """The row of the text of a prompt by its key; 0 where none is known."""
    at = pairing.at_key(key) if pairing else None
    return key if pairing is None or at is None else pairing.prompts[at].text


def _answers_to(connection: sqlite3.Connection, prompt: int, pairing: Pairing) -> dict[str, list[int]]:
    """The numbers of the answers to a prompt, by corpus, where some corpora are paired by ids."""
    at = pairing.at_key(prompt)
    texts = [prompt] if at is None else pairing.texts_at(at)
    found: dict[str, list[int]] = {}
    for corpus in corpora.corpora(connection):
        if corpus.id in pairing.corpora:
            numbers = [] if at is None else pairing.numbers_at(corpus.id, at)
        else:
            numbers = _to_texts(connection, corpus.id, texts)
        if numbers:
            found[corpus.name] = numbers
    return found


def _with_text(connection: sqlite3.Connection, text: int) -> dict[str, list[int]]:
    every = {corpus.name: _to_texts(connection, corpus.id, [text]) for corpus in corpora.corpora(connection)}
    return {name: numbers for name, numbers in every.items() if numbers}


def _to_texts(connection: sqlite3.Connection, corpus: int, texts: Sequence[int]) -> list[int]:
    """The numbers of the answers of a corpus to prompts with some texts."""
    parts = _numbers(part.id for part in corpora.parts_of(connection, corpus))
    joins, asked = _numbers(corpora.joins_of(connection, corpus)), _numbers(texts)
    rows = connection.execute(
        f"SELECT id FROM answers WHERE part IN ({parts}) AND prompt IN ({asked}) UNION SELECT answer FROM joined "
        f"WHERE part IN ({parts}) AND prompt IN ({asked}) AND joining IN ({joins}) ORDER BY 1"
    )
    return [number for (number,) in rows]


def _numbers_in(
    connection: sqlite3.Connection, part: corpora.Part, query: Query | None, marks: int, chain: int, limit: int
) -> sqlite3.Cursor:
    """The numbers of one part; a part lies between its first and its last number, with others in between."""
    span = (part.first, part.last)
    marked = "JOIN examined e ON e.chain = ? AND e.answer = a.id AND e.marks & ? != 0 " if marks else ""
    of_marks = (chain, marks) if marks else ()
    if query is None:
        return connection.execute(
            f"SELECT a.id FROM answers a {marked}WHERE +a.part = ? AND a.id BETWEEN ? AND ? ORDER BY a.id LIMIT ?",
            (*of_marks, part.id, *span, limit),
        )
    return connection.execute(
        f"SELECT a.id FROM answer_words w JOIN answers a ON a.id = w.rowid {marked}"
        "WHERE answer_words MATCH ? AND w.rowid BETWEEN ? AND ? AND +a.part = ? ORDER BY w.rowid LIMIT ?",
        (*of_marks, query.match, *span, part.id, limit),
    )


def _count_in(connection: sqlite3.Connection, part: corpora.Part, query: Query | None, marks: int, chain: int) -> int:
    span = (part.first, part.last)
    if query is None and not marks:
        row = connection.execute("SELECT accepted FROM parts WHERE id = ?", (part.id,)).fetchone()
        return int(row[0])
    rows = _numbers_in(connection, part, query, marks, chain, -1)
    if query is not None and not marks and part.last - part.first + 1 == _size(connection, part):
        # No other part lies in between: the index alone can count.
        row = connection.execute(
            "SELECT count(*) FROM answer_words WHERE answer_words MATCH ? AND rowid BETWEEN ? AND ?",
            (query.match, *span),
        ).fetchone()
        return int(row[0])
    return sum(1 for _ in rows)


def _size(connection: sqlite3.Connection, part: corpora.Part) -> int:
    row = connection.execute("SELECT accepted FROM parts WHERE id = ?", (part.id,)).fetchone()
    return int(row[0])

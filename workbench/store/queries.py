"""What analyses, packs and shells read: blocks, answers, counts; never anything of an open import."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from workbench.core.answers.inspection import MARKS
from workbench.core.collection_times import in_utc
from workbench.core.errors import CaseError, UsageError
from workbench.core.hashing import sha256_text
from workbench.core.model import Corpus, Json, Source, flags_of
from workbench.core.prepared_answers import UNKNOWN_PROMPT, record_digest
from workbench.core.secrets.find import Secret, cover, find, masked, masked_json, masked_name
from workbench.core.secrets.redaction_seal import IDS
from workbench.core.selection import Answer, Block
from workbench.store import corpora
from workbench.store.examination import read as examined
from workbench.store.examination.read import is_there
from workbench.store.examination.redactions import Ids, Masks, covered_ids, masks
from workbench.store.pairing import Pairing
from workbench.store.rows import CorpusCounts

_PAGE = 500
_TOGETHER = 4000
_ALWAYS = 1 << 62


class Reader:
    """The answers of some corpora, as of one moment, on one connection."""

    def __init__(self, connection: sqlite3.Connection, chosen: Sequence[Corpus], until: int | None = None) -> None:
        self._connection = connection
        self.names: dict[int, str] = {}
        self._parts: list[corpora.Part] = []
        joins: list[int] = []
        for corpus in chosen:
            for part in corpora.parts_of(connection, corpus.id, until):
                self.names[part.id] = corpus.name
                self._parts.append(part)
            joins += corpora.joins_of(connection, corpus.id, until)
        inside = _numbers(self.names)
        self._answers = f"part IN ({inside})"
        self._joined = f"part IN ({inside}) AND joining IN ({_numbers(joins)})"
        self._joins = joins
        self._until = until

    def prompts(self) -> list[tuple[str, int]]:
        """Digest and row id of every prompt that has an answer, in order of digest."""
        rows = self._connection.execute(
            f"SELECT sha256, id FROM prompts WHERE id IN ({self._distinct()}) ORDER BY sha256"
        )
        return [(digest.hex(), key) for digest, key in rows]

    def count_prompts(self) -> int:
        """How many different prompts have an answer."""
        return int(self._connection.execute(f"SELECT count(*) FROM ({self._distinct()})").fetchone()[0])

    def count_common(self, other: Reader) -> int:
        """How many prompts have an answer here and there; each of these is looked up there, however many it has."""
        there = f"EXISTS (SELECT 1 FROM answers WHERE {other._answers} AND prompt = own.prompt)"
        if other._joins:
            there += f" OR EXISTS (SELECT 1 FROM joined WHERE {other._joined} AND prompt = own.prompt)"
        query = f"SELECT count(*) FROM ({self._distinct()}) AS own WHERE {there}"
        return int(self._connection.execute(query).fetchone()[0])

    def _distinct(self) -> str:
        query = f"SELECT DISTINCT prompt FROM answers WHERE {self._answers} AND prompt IS NOT NULL"
        return query + (f" UNION SELECT prompt FROM joined WHERE {self._joined}" if self._joins else "")

    def count_unjoined(self) -> int:
        """How many answers have a prompt key and no prompt."""
        row = self._connection.execute(
            f"SELECT count(*) FROM answers WHERE {self._answers} AND prompt IS NULL"
        ).fetchone()
        return int(row[0]) - self._count_joined()

    def _count_joined(self) -> int:
        row = self._connection.execute(f"SELECT count(*) FROM joined WHERE {self._joined}").fetchone()
        return int(row[0])

    def to_prompts(self, keys: Sequence[int]) -> Iterator[tuple[Any, ...]]:
        """The answers to some prompts: part, prompt, text, sample and flags, in order of sample and place."""
        inside = _numbers(keys)
        columns = "a.text, a.sample, a.flags, a.id"
        query = f"SELECT a.part, a.prompt AS prompt, {columns} FROM answers a WHERE a.{self._answers} "
        query += f"AND a.prompt IN ({inside})"
        if self._joins:
            query += (
                f" UNION ALL SELECT a.part, j.prompt, {columns} FROM joined j JOIN answers a ON a.id = j.answer "
                f"WHERE j.part IN ({_numbers(self.names)}) AND j.prompt IN ({inside}) "
                f"AND j.joining IN ({_numbers(self._joins)})"
            )
        rows = self._connection.execute(query).fetchall()
        rows.sort(key=_in_order)
        yield from rows

    def by_numbers(self, numbers: Sequence[int]) -> list[tuple[Any, ...]]:
        """Some answers by their numbers, as `to_prompts` gives them; the prompt is None where its text is not known."""
        rows: list[tuple[Any, ...]] = []
        for start in range(0, len(numbers), _TOGETHER):
            some = _numbers(numbers[start : start + _TOGETHER])
            rows += self._connection.execute(
                "SELECT a.part, coalesce(a.prompt, j.prompt), a.text, a.sample, a.flags, a.id FROM answers a "
                f"LEFT JOIN joined j ON j.answer = a.id AND j.joining IN ({_numbers(self._joins)}) "
                f"WHERE a.id IN ({some})"
            )
        rows.sort(key=_in_order)
        return rows

    def unjoined(self) -> Iterator[tuple[Any, ...]]:
        """The answers without a prompt: part, text, sample and flags, in order of place."""
        waiting = f" AND a.id NOT IN (SELECT answer FROM joined WHERE {self._joined})" if self._joins else ""
        yield from self._connection.execute(
            f"SELECT a.part, a.text, a.sample, a.flags FROM answers a WHERE a.{self._answers} "
            f"AND a.prompt IS NULL{waiting} ORDER BY a.id"
        )

    def lineage(self, pairing: Pairing | None = None) -> Iterator[Json]:
        """Every answer with its prompt and the pointer back into its source, in order of place; secrets are masked.

        `paired_as` is there where an answer is compared under another digest than that of its prompt's text.
        """
        covers = masks(self._connection, self._until)
        for part in self._parts:
            after = part.first - 1
            while rows := self._page(part, after):
                after = rows[-1][0]
                for row in rows:
                    described = self._described(row, covers)
                    under = pairing.digest_of(row[0], row[2] or 0) if pairing else None
                    other = under is not None and under != described["prompt_sha256"]
                    yield described | {"paired_as": under} if other else described

    def _page(self, part: corpora.Part, after: int) -> list[tuple[Any, ...]]:
        extra = "a.extra" if is_there(self._connection) else "NULL"
        # The plus signs keep SQLite on the row ids, which are in order of place already.
        return self._connection.execute(
            "SELECT a.id, a.part, coalesce(p.id, q.id), coalesce(p.text, q.text), coalesce(p.sha256, q.sha256), "
            f"a.prompt_key, a.text, a.sha256, a.record_id, a.sample, a.time, a.flags, {extra}, "
            "s.sha256, a.member, a.place, a.offset, a.length "
            "FROM answers a JOIN parts t ON t.id = a.part JOIN imports i ON i.id = t.import "
            "JOIN sources s ON s.id = i.source LEFT JOIN prompts p ON p.id = a.prompt "
            f"LEFT JOIN joined j ON j.answer = a.id AND j.joining IN ({_numbers(self._joins)}) "
            "LEFT JOIN prompts q ON q.id = j.prompt "
            "WHERE +a.part = ? AND a.id > ? AND a.id <= ? ORDER BY a.id LIMIT ?",
            (part.id, after, part.last, _PAGE),
        ).fetchall()

    def _described(self, row: tuple[Any, ...], covers: Masks) -> Json:
        number, part, asked, prompt, prompt_digest, key, text, digest, record, sample, time, flags, extra, *rest = row
        if hashlib.sha256(text.encode()).digest() != digest:
            raise CaseError(
                f"Answer {number}, of {self.names[part]}, does not have the text that was stored.",
                hint="`workbench verify CASE` names what is wrong.",
            )
        source, member, index, offset, length = rest
        said, sought = covers.get(("answer", number), ()), covers.get(("prompt", asked), ())
        described = {
            "model": self.names[part],
            "prompt": cover(prompt, sought) if sought else prompt,
            "prompt_sha256": prompt_digest.hex() if prompt_digest else None,
            "prompt_key": key,
            "response": cover(text, said),
            "sha256": digest.hex(),
            "record_id": record,
            "sample": sample,
            "time": time,
            "time_utc": in_utc(time),
            "flags": [masked(flag) for flag in flags_of(flags)],
            "source": source,
            "member": masked_name(member),
            "index": index,
            "offset": offset,
            "length": length,
        }
        if extra is not None:
            described["extra"] = masked_json(orjson.loads(extra))
        if said or sought:
            texts = (("response", said), ("prompt", sought))
            described["masked"] = {name: sha256_text(described[name]) for name, own in texts if own}
        return described | _with_ids(described, covers, number, (key, record, sample))


def _in_order(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """By part, sample and place. Samples are numbers as a rule: by length first, 2 stands before 10."""
    return row[0], len(row[3] or ""), row[3] or "", row[5]


def _with_ids(described: Json, covers: Masks, number: int, ids: Ids) -> dict[str, Json]:
    """What is shown of a record whose ids hold secrets: they masked, and the digests of the record with and without."""
    shown = covered_ids(covers, number, ids)
    if shown == ids:
        return {}
    prompt = bytes.fromhex(described["prompt_sha256"]) if described["prompt_sha256"] else UNKNOWN_PROMPT
    whole, masked_whole = (
        record_digest(prompt, bytes.fromhex(described["sha256"]), *some).hex() for some in (ids, shown)
    )
    covered = described.get("masked", {}) | {"ids": masked_whole}
    return {**dict(zip(IDS, shown, strict=True)), "record_sha256": whole, "masked": covered}


def blocks(connection: sqlite3.Connection, chosen: Sequence[Corpus], size: int) -> Iterator[Block]:
    """The answers of some corpora, `size` prompts at a time, in order of prompt digest."""
    reader = Reader(connection, chosen)
    prompts = reader.prompts()
    for start in range(0, len(prompts), size):
        page = prompts[start : start + size]
        keys = [key for _, key in page]
        answers: dict[int, dict[str, list[str]]] = {key: {} for key in keys}
        for part, prompt, text, *_ in reader.to_prompts(keys):
            answers[prompt].setdefault(reader.names[part], []).append(text)
        texts = dict(connection.execute(f"SELECT id, text FROM prompts WHERE id IN ({_numbers(keys)})").fetchall())
        yield Block(
            tuple(digest for digest, _ in page),
            tuple(texts[key] for key in keys),
            tuple({name: tuple(own) for name, own in answers[key].items()} for key in keys),
        )


def answers(connection: sqlite3.Connection, corpus: Corpus) -> Iterator[Answer]:
    """The answers of a corpus in order of prompt digest and sample.

    Answers whose prompt is not known yet come first, with an empty prompt digest.
    """
    reader = Reader(connection, [corpus])
    for _, text, sample, flags in reader.unjoined():
        yield Answer(corpus.name, "", text, sample, tuple(flags_of(flags)))
    prompts = reader.prompts()
    for start in range(0, len(prompts), _PAGE):
        page = prompts[start : start + _PAGE]
        found: dict[int, list[tuple[Any, ...]]] = {key: [] for _, key in page}
        for row in reader.to_prompts([key for _, key in page]):
            found[row[1]].append(row)
        for digest, key in page:
            for _, _, text, sample, flags, _ in found[key]:
                yield Answer(corpus.name, digest, text, sample, tuple(flags_of(flags)))


def counts_of(connection: sqlite3.Connection, corpus: Corpus, until: int | None = None) -> CorpusCounts:
    """A corpus with the counts of all its finished imports, as of a line of the ledger."""
    accepted, rejected, duplicate = connection.execute(
        "SELECT coalesce(sum(p.accepted), 0), coalesce(sum(p.rejected), 0), coalesce(sum(p.duplicate), 0) "
        "FROM parts p JOIN imports i ON i.id = p.import WHERE p.corpus = ? AND i.state = 'done' AND i.line <= ?",
        (corpus.id, _ALWAYS if until is None else until),
    ).fetchone()
    reader = Reader(connection, [corpus], until)
    records = accepted + rejected + duplicate
    prompts, unjoined = reader.count_prompts(), reader.count_unjoined()
    return CorpusCounts(corpus, records, accepted, rejected, duplicate, prompts, unjoined)


def _numbers(keys: Sequence[int] | dict[int, str]) -> str:
    return ", ".join(str(key) for key in keys)


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

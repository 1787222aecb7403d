"""The answers of some corpora by prompt, where some of the case's corpora are paired by ids."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from workbench.core.model import Corpus
from workbench.core.selection import Block
from workbench.store.pairing import Pairing
from workbench.store.queries import Reader

_BITE = 500


@dataclass(slots=True)
class _Wanted:
    """Where the answers to one prompt are: numbers of answers, and rows of texts of prompts."""

    numbers: list[int] = field(default_factory=list)
    texts: list[int] = field(default_factory=list)


def wanted(connection: sqlite3.Connection, chosen: Sequence[Corpus], pairing: Pairing) -> dict[str, _Wanted]:
    """By the digest of each prompt that some corpora answered, where their answers are."""
    found: dict[str, _Wanted] = {}
    for corpus in chosen:
        if corpus.id in pairing.corpora:
            for at, numbers in pairing.answers_of(corpus.id).items():
                found.setdefault(pairing.prompts[at].digest, _Wanted()).numbers.extend(numbers)
    by_text = [corpus for corpus in chosen if corpus.id not in pairing.corpora]
    for digest, text in Reader(connection, by_text).prompts() if by_text else ():
        place = pairing.by_text.get(text)
        known = digest if place is None else pairing.prompts[place].digest
        found.setdefault(known, _Wanted()).texts.append(text)
    return found


def paired_blocks(
    connection: sqlite3.Connection, chosen: Sequence[Corpus], size: int, pairing: Pairing
) -> Iterator[Block]:
    """The answers of some corpora, `size` prompts at a time, in order of prompt digest.

    A prompt of which no text is known at all waits for it, and is left out.
    """
    places = wanted(connection, chosen, pairing)
    keyed = Reader(connection, [corpus for corpus in chosen if corpus.id in pairing.corpora])
    by_text = Reader(connection, [corpus for corpus in chosen if corpus.id not in pairing.corpora])
    own = {one.digest: one.text for one in pairing.prompts}
    ordered = sorted(places)
    for start in range(0, len(ordered), size):
        page = ordered[start : start + size]
        found = [*_of_numbers(keyed, page, places), *_of_texts(by_text, page, places)]
        answers: dict[str, dict[str, list[str]]] = {digest: {} for digest in page}
        asked: dict[str, Counter[int]] = {digest: Counter() for digest in page}
        for digest, name, row in found:
            answers[digest].setdefault(name, []).append(row[2])
            if row[1] is not None:
                asked[digest][row[1]] += 1
        usual = {digest: _usual(asked[digest], own.get(digest, 0)) for digest in page}
        texts = _texts(connection, {text for rows in usual.values() for text in rows})
        page = [digest for digest in page if usual[digest]]
        yield Block(
            tuple(page),
            tuple(texts[usual[digest][0]] for digest in page),
            tuple({name: tuple(texts) for name, texts in answers[digest].items()} for digest in page),
            tuple(tuple(texts[text] for text in usual[digest][1:]) for digest in page),
        )


def share_answered(connection: sqlite3.Connection, corpus: Corpus, other: Corpus, pairing: Pairing | None) -> float:
    """Which share of a corpus's prompts another one answered, too; 0 where it has none."""
    if pairing is None:
        own = Reader(connection, [corpus])
        count = own.count_prompts()
        return own.count_common(Reader(connection, [other])) / count if count else 0.0
    mine, theirs = (wanted(connection, [one], pairing) for one in (corpus, other))
    return len(mine.keys() & theirs.keys()) / len(mine) if mine else 0.0


_Found = tuple[str, str, tuple[Any, ...]]


def _of_numbers(reader: Reader, page: Sequence[str], places: Mapping[str, _Wanted]) -> Iterator[_Found]:
    of = {number: digest for digest in page for number in places[digest].numbers}
    for row in reader.by_numbers(sorted(of)):
        yield of[row[5]], reader.names[row[0]], row


def _of_texts(reader: Reader, page: Sequence[str], places: Mapping[str, _Wanted]) -> Iterator[_Found]:
    of = {text: digest for digest in page for text in places[digest].texts}
    for row in reader.to_prompts(sorted(of)) if of else ():
        yield of[row[1]], reader.names[row[0]], row


def _usual(asked: Counter[int], own: int) -> list[int]:
    """The rows of the texts of a prompt, the most usual first; where no answer's is known, the one that others have."""
    return sorted(asked, key=lambda text: (-asked[text], text)) or ([own] if own else [])


def _texts(connection: sqlite3.Connection, rows: set[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    ordered = sorted(rows)
    for start in range(0, len(ordered), _BITE):
        some = ", ".join(map(str, ordered[start : start + _BITE]))
        found.update(connection.execute(f"SELECT id, text FROM prompts WHERE id IN ({some})").fetchall())
    return found

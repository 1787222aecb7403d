"""Which answers of a case are to one prompt, where corpora state a set of ids; by the text of the prompt otherwise."""

from __future__ import annotations

import sqlite3
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from workbench.core.hashing import canonical, sha256
from workbench.core.model import Corpus
from workbench.core.pairing import IdCounts, SetCounts, digest_of, number_samples, stem_of
from workbench.store import corpora

_BITE = 500
_NO_PROMPT = -1


@dataclass(frozen=True, slots=True)
class PairedPrompt:
    """What is compared as one prompt.

    `digest` is the SHA-256 of a text that stands for it, or of its set and id where no text is its own. `key` is the
    row of that text, or below zero the number of its first answer. `text` is the row of its most usual text.
    """

    digest: str
    key: int
    text: int


@dataclass(slots=True)
class Pairing:
    """The prompts of all corpora that state a set of ids, and which answer is to which of them.

    `prompts` are numbered by their places. `by_text` leads from the row of a text to the one prompt whose own it is.
    """

    sha256: str
    prompts: list[PairedPrompt]
    by_text: Mapping[int, int]
    counts: tuple[SetCounts, ...]
    _answers: Mapping[int, tuple[array[int], array[int]]]
    """By corpus the numbers of its answers, ascending, and the places of their prompts."""
    _ordered: tuple[array[int], array[int]] = field(init=False)
    _keys: dict[int, int] = field(init=False)
    _texts: dict[int, list[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._ordered = _merged(list(self._answers.values()))
        self._keys = {one.key: at for at, one in enumerate(self.prompts)}

    @property
    def corpora(self) -> frozenset[int]:
        """The rows of the corpora that state a set of ids."""
        return frozenset(self._answers)

    def place_of(self, answer: int, text: int) -> int | None:
        """The place of the prompt of an answer, whose prompt has its text in this row; None where its text decides."""
        numbers, places = self._ordered
        at = bisect_left(numbers, answer)
        if at == len(numbers) or numbers[at] != answer:
            return self.by_text.get(text)
        return None if places[at] == _NO_PROMPT else places[at]

    def key_of(self, answer: int, text: int) -> int:
        """The key of the prompt of an answer, as lists have it."""
        at = self.place_of(answer, text)
        return text if at is None else self.prompts[at].key

    def digest_of(self, answer: int, text: int) -> str | None:
        """The digest of the prompt of an answer; None where it is that of the prompt's own text."""
        at = self.place_of(answer, text)
        return None if at is None else self.prompts[at].digest

    def at_key(self, key: int) -> int | None:
        """The place of a prompt by its key."""
        return self._keys.get(key)

    def texts_at(self, place: int) -> list[int]:
        """The rows of the texts that lead to a prompt by themselves."""
        if not self._texts:
            for text, at in self.by_text.items():
                self._texts.setdefault(at, []).append(text)
        own = self.prompts[place]
        return sorted({*self._texts.get(place, ()), *([own.key] if own.key > 0 else [])})

    def numbers_at(self, corpus: int, place: int) -> list[int]:
        """The numbers of the answers of a corpus that states a set, to one prompt."""
        numbers, places = self._answers[corpus]
        return [number for number, at in zip(numbers, places, strict=True) if at == place]

    def answers_of(self, corpus: int) -> dict[int, list[int]]:
        """The numbers of the answers of a corpus that states a set, by the place of their prompt."""
        found: dict[int, list[int]] = {}
        for number, at in zip(*self._answers[corpus], strict=True):
            if at != _NO_PROMPT:
                found.setdefault(at, []).append(number)
        return found


def _merged(of_corpora: Sequence[tuple[array[int], array[int]]]) -> tuple[array[int], array[int]]:
    """The answers of all corpora in order of their numbers, with their places."""
    import numpy as np

    numbers, places = (np.concatenate([np.asarray(one[at], dtype=np.int64) for one in of_corpora]) for at in (0, 1))
    order = np.argsort(numbers, kind="stable")
    return array("q", numbers[order].tobytes()), array("q", places[order].tobytes())


def stated(known: Iterable[Corpus]) -> list[Corpus]:
    """The corpora that state a set of ids."""
    return [corpus for corpus in known if corpus.facts.paired_by]


class Pairings:
    """The pairing of a case, made once as long as its corpora stay the same."""

    def __init__(self) -> None:
        self._made: dict[str, Pairing] = {}

    def of(self, connection: sqlite3.Connection, until: int | None = None) -> Pairing | None:
        """The pairing as of a line of the ledger; None where no corpus states a set of ids."""
        keyed = stated(corpora.corpora(connection, until))
        if not keyed:
            return None
        names = [[corpus.name, corpus.sha256, corpus.facts.paired_by] for corpus in keyed]
        key = sha256(canonical(names))
        if key not in self._made:
            self._made = {key: _made(connection, keyed, until, key)}
        return self._made[key]


def rows_of(connection: sqlite3.Connection, corpus: int, until: int | None = None) -> Iterator[tuple[int, str, int]]:
    """The answers of a corpus in order: number, id of the prompt (empty where there is none), row of its text or 0."""
    joins = ", ".join(str(one) for one in corpora.joins_of(connection, corpus, until)) or "NULL"
    for part in corpora.parts_of(connection, corpus, until):
        yield from connection.execute(
            "SELECT a.id, coalesce(a.prompt_key, ''), coalesce(a.prompt, j.prompt, 0) FROM answers a "
            f"LEFT JOIN joined j ON j.answer = a.id AND j.joining IN ({joins}) "
            "WHERE +a.part = ? AND a.id BETWEEN ? AND ? ORDER BY a.id",
            (part.id, part.first, part.last),
        )


@dataclass(slots=True)
class _Ids:
    """The ids of one corpus: the texts under each, and its answers."""

    corpus: Corpus
    numbers: array[int]
    keys: list[str]
    texts: array[int]
    under: dict[str, set[int]]


def _ids_of(connection: sqlite3.Connection, corpus: Corpus, until: int | None) -> _Ids:
    found = _Ids(corpus, array("q"), [], array("q"), {})
    same: dict[str, str] = {}
    for number, key, text in rows_of(connection, corpus.id, until):
        found.numbers.append(number)
        found.texts.append(text)
        found.keys.append(same.setdefault(key, key))
        if key:
            own = found.under.setdefault(same[key], set())
            if text:
                own.add(text)
    return found


@dataclass(slots=True)
class _Group:
    """The ids of one set that are one prompt: their name, and how many corpora have each text under them."""

    name: str
    texts: Counter[int] = field(default_factory=Counter)
    first: int = 0


def _made(connection: sqlite3.Connection, keyed: Sequence[Corpus], until: int | None, key: str) -> Pairing:
    sets: dict[str, list[_Ids]] = {}
    for corpus in keyed:
        sets.setdefault(str(corpus.facts.paired_by), []).append(_ids_of(connection, corpus, until))
    digests = _digests(connection, {text for own in sets.values() for one in own for text in one.texts if text})
    prompts: list[PairedPrompt] = []
    by_text: dict[int, int] = {}
    named: dict[str, int] = {}
    answers: dict[int, tuple[array[int], array[int]]] = {}
    counts = []
    for name, members in sets.items():
        group_of, groups, counted = _grouped(name, members)
        places = _placed(name, groups, digests, prompts, by_text, named)
        counts.append(counted)
        for one in members:
            at = array("q", (places[group] if (group := group_of.get(k)) else _NO_PROMPT for k in one.keys))
            answers[one.corpus.id] = one.numbers, at
    for own in sets.values():
        for one in own:
            _by_text(one, answers[one.corpus.id][1], by_text, digests, prompts, named)
    return Pairing(key, prompts, by_text, tuple(counts), answers)


def _grouped(name: str, members: Sequence[_Ids]) -> tuple[dict[str, str], dict[str, _Group], SetCounts]:
    """The name of the group of each id that several corpora have, those groups, and what is counted of the set."""
    having = Counter(key for one in members for key in one.under)
    shared = {key for key, count in having.items() if count > 1}
    samples = number_samples({k: t for k, t in one.under.items() if k in shared} for one in members)
    group_of = {key: stem_of(key) if samples else key for key in sorted(shared)}
    groups: dict[str, _Group] = {}
    for one in members:
        own: dict[str, set[int]] = {}
        for number, key in zip(one.numbers, one.keys, strict=True):
            if (group := group_of.get(key)) is None:
                continue
            found = groups.setdefault(group, _Group(group, first=number))
            found.first = min(found.first, number)
            own.setdefault(group, set()).update(one.under[key])
        for group, texts in own.items():
            groups[group].texts.update(texts)
    return group_of, groups, _counts(name, members, group_of, samples, len(having) - len(shared))


def _counts(name: str, members: Sequence[_Ids], group_of: Mapping[str, str], samples: bool, alone: int) -> SetCounts:
    whole: dict[str, set[int]] = {}
    own = []
    for one in members:
        for key, texts in one.under.items():
            whole.setdefault(key, set()).update(texts)
        own.append(IdCounts(one.corpus.name, *_four(one.under), _prompts(one.under, group_of)))
    return SetCounts(name, *_four(whole), _prompts(whole, group_of), alone, samples, tuple(own))


def _four(under: Mapping[str, set[int]]) -> tuple[int, int, int, int]:
    """Ids, texts, ids with several texts, texts under several ids."""
    ids = Counter(text for texts in under.values() for text in texts)
    several = sum(len(texts) > 1 for texts in under.values())
    return len(under), len(ids), several, sum(count > 1 for count in ids.values())


def _prompts(under: Mapping[str, set[int]], group_of: Mapping[str, str]) -> int:
    groups = {group_of[key] for key in under if key in group_of}
    loose = {text for key, texts in under.items() if key not in group_of for text in texts}
    grouped = {text for key, texts in under.items() if key in group_of for text in texts}
    return len(groups) + len(loose - grouped)


def _placed(
    name: str,
    groups: Mapping[str, _Group],
    digests: Mapping[int, str],
    prompts: list[PairedPrompt],
    by_text: dict[int, int],
    named: dict[str, int],
) -> dict[str, int]:
    """Give each group of a set its place: that of an earlier set's prompt with the same own text, or a new one."""
    sharing = Counter(text for group in groups.values() for text in group.texts)
    places: dict[str, int] = {}
    taken: set[int] = set()
    for group in groups.values():
        usual = sorted(group.texts, key=lambda text: (-group.texts[text], digests[text]))
        own = [text for text in usual if sharing[text] == 1]
        at = by_text.get(own[0]) if own else None
        if at is None or at in taken:
            mine = next((text for text in own if digests[text] not in named), 0)
            digest = digests[mine] if mine else digest_of(name, group.name)
            at = named[digest] = len(prompts)
            prompts.append(PairedPrompt(digest, mine or -group.first, mine or (usual[0] if usual else 0)))
        taken.add(at)
        places[group.name] = at
        for text in own:
            by_text.setdefault(text, at)
    return places


def _by_text(
    one: _Ids,
    places: array[int],
    by_text: dict[int, int],
    digests: Mapping[int, str],
    prompts: list[PairedPrompt],
    named: dict[str, int],
) -> None:
    """Pair the answers whose id no other corpus has by their text, as those of corpora without ids are."""
    loose: dict[int, int] = {}
    for at, text in enumerate(one.texts):
        if places[at] != _NO_PROMPT or not text:
            continue
        place = by_text.get(text, loose.get(text, named.get(digests[text], -1)))
        if place < 0:
            place = named[digests[text]] = len(prompts)
            prompts.append(PairedPrompt(digests[text], text, text))
        places[at] = loose[text] = place


def _digests(connection: sqlite3.Connection, texts: set[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    ordered = sorted(texts)
    for start in range(0, len(ordered), _BITE):
        some = ", ".join(map(str, ordered[start : start + _BITE]))
        rows = connection.execute(f"SELECT id, sha256 FROM prompts WHERE id IN ({some})")
        found.update((key, digest.hex()) for key, digest in rows)
    return found


# --- the texts under some ids, to see whether two sources mean the same


def texts_in_import(connection: sqlite3.Connection, import_id: int, most: int) -> dict[str, dict[str, str]]:
    """By model as the records name it, the text under each id of an import under way: its first answers, at most."""
    found: dict[str, dict[str, str]] = {}
    parts = connection.execute("SELECT id, coalesce(model, '') FROM parts WHERE import = ? ORDER BY id", (import_id,))
    for part, model in parts.fetchall():
        found[model] = _texts(connection, f"a.part = {part:d} ORDER BY a.id LIMIT {most:d}", "")
    return found


def texts_in_corpus(connection: sqlite3.Connection, corpus: int, most: int) -> dict[str, str]:
    """The text under each id of a corpus: its first answers, so many of each of its parts at most."""
    joins = ", ".join(str(one) for one in corpora.joins_of(connection, corpus)) or "NULL"
    joined = f"LEFT JOIN joined j ON j.answer = a.id AND j.joining IN ({joins})"
    found: dict[str, str] = {}
    for part in corpora.parts_of(connection, corpus):
        span = f"+a.part = {part.id:d} AND a.id BETWEEN {part.first:d} AND {part.last:d}"
        found = _texts(connection, f"{span} ORDER BY a.id LIMIT {most:d}", joined) | found
    return found


def _texts(connection: sqlite3.Connection, where: str, joined: str) -> dict[str, str]:
    prompt = "coalesce(a.prompt, j.prompt)" if joined else "a.prompt"
    inner = f"SELECT a.prompt_key AS id, {prompt} AS prompt FROM answers a {joined} WHERE {where}"
    rows = connection.execute(
        f"SELECT t.id, p.text FROM ({inner}) t JOIN prompts p ON p.id = t.prompt WHERE t.id IS NOT NULL"
    )
    found: dict[str, str] = {}
    for key, text in rows:
        found.setdefault(key, text)
    return found


Reading = Callable[[sqlite3.Connection], Pairing | None]
"""How a reader gets at the pairing of the case."""

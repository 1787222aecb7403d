"""What a worker does in an examination: it looks at files, prompts and answers, which it reads itself."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from workbench.app.examination.inspect_answer import inspect, secrets_of
from workbench.app.examination.secrets_in_files import search_file
from workbench.core.answers.near_duplicates import BANDS, NEAR, Hashes, candidates, jaccard, shingles
from workbench.core.progress import Progress, silent
from workbench.store import Alike, FoundSecret, Seen, Stretch, Unseen

Texts = Callable[[Sequence[int]], Mapping[int, str]]
Pairs = npt.NDArray[np.int64]
Bands = npt.NDArray[np.uint32]

_BITE = 250
"""Pairs whose shingles are held at once."""

_TEXTS = 16
"""Texts that are."""


def within(rows: Sequence[tuple[int, bytes, bytes]], texts: Texts) -> list[tuple[int, int, int | None, int]]:
    """Of one corpus's answers (id, SHA-256, sketch) those with copies or near duplicates: id, copies, leader, 0.

    A cluster's leader is its answer of the lowest id; answers of the same text are copies, not near duplicates.
    """
    times = Counter(digest for _, digest, _ in rows)
    first: dict[bytes, int] = {}
    for key, digest, _ in rows:
        first.setdefault(digest, key)
    long = [(first[d], sketch) for d, sketch in {d: s for _, d, s in rows}.items() if sketch]
    leaders = _clusters(near_pairs([key for key, _ in long], _bands([sketch for _, sketch in long]), texts))
    found = []
    for key, digest, _ in rows:
        leader = leaders.get(first[digest])
        if times[digest] > 1 or leader is not None:
            found.append((key, times[digest] - 1, leader, 0))
    return found


def _clusters(pairs: Iterable[tuple[int, int]]) -> dict[int, int]:
    """The leader of each answer that is near another one, by union of the pairs that are near enough."""
    root: dict[int, int] = {}

    def top(key: int) -> int:
        while root.get(key, key) != key:
            root[key] = root.get(root[key], root[key])
            key = root[key]
        return key

    for one, other in pairs:
        a, b = sorted((top(one), top(other)))
        root[a], root[b] = a, a
    return {key: top(key) for key in root}


def _bands(sketches: Sequence[bytes]) -> Bands:
    return np.frombuffer(b"".join(sketches), dtype="<u4").reshape(-1, BANDS)


def near_pairs(keys: Sequence[int], bands: Bands, texts: Texts) -> Iterable[tuple[int, int]]:
    """The pairs of answers whose texts are near duplicates; the bands of their sketches propose, the texts decide."""
    return _near(np.array(keys, dtype=np.int64)[candidates(bands)], texts)


def _near(pairs: Pairs, texts: Texts) -> Iterable[tuple[int, int]]:
    for at in range(0, len(pairs), _BITE):
        some = pairs[at : at + _BITE]
        wanted = sorted({int(key) for key in some.ravel()})
        sets: dict[int, Hashes] = {}
        for begin in range(0, len(wanted), _TEXTS):
            keys = wanted[begin : begin + _TEXTS]
            held = texts(keys)
            sets.update(zip(keys, shingles([held[key] for key in keys]), strict=True))
        for one, other in some.tolist():
            if jaccard(sets[one], sets[other]) >= NEAR:
                yield one, other


def across(
    rows: Sequence[tuple[int, int, int, bytes, bytes]], corpus_of: Mapping[int, int], texts: Texts
) -> list[tuple[int, int, int | None, int]]:
    """Of all answers to some prompts (prompt, part, id, SHA-256, sketch) those like another corpus's.

    As (id, 0, None, likes): the other corpora that have, on the same prompt, the same text or a near duplicate.
    """
    likes: dict[int, set[int]] = {}
    home = {key: corpus_of[part] for _, part, key, _, _ in rows}

    def both(one: int, other: int) -> None:
        if home[one] != home[other]:
            likes.setdefault(one, set()).add(home[other])
            likes.setdefault(other, set()).add(home[one])

    # Rows of one prompt follow each other, in order of answer.
    first: dict[tuple[int, bytes], int] = {}
    for prompt, _, key, digest, _ in rows:
        one = first.setdefault((prompt, digest), key)
        if one != key:
            both(one, key)
    for one, other in _on_the_same_prompt(rows, texts):
        both(one, other)
    return [(key, 0, None, len(others)) for key, others in sorted(likes.items())]


def _on_the_same_prompt(rows: Sequence[tuple[int, int, int, bytes, bytes]], texts: Texts) -> Iterable[tuple[int, int]]:
    """Near pairs of one prompt each: the prompt goes into the bands, so that all prompts are sorted at once."""
    long = [row for row in rows if row[4]]
    prompts = np.array([row[0] for row in long], dtype=np.uint64)
    keys = np.array([row[2] for row in long], dtype=np.int64)
    mixed = (prompts * np.uint64(2654435761)).astype(np.uint32)
    pairs = candidates(_bands([row[4] for row in long]) ^ mixed[:, np.newaxis])
    pairs = pairs[prompts[pairs[:, 0]] == prompts[pairs[:, 1]]]
    return _near(keys[pairs], texts)


class File(NamedTuple):
    """A file that is to be searched: its row, where it lies, and its name."""

    source: int
    path: str
    name: str


class Prompts(NamedTuple):
    """The rows of some prompts that are to be searched."""

    keys: array[int]


Task = File | Prompts | Stretch


class SeenFile(NamedTuple):
    """What was seen of a file; `whole` says whether all of its bytes could be searched."""

    file: File
    encoding: str
    whole: bool
    secrets: list[FoundSecret]


class SeenPrompts(NamedTuple):
    """What was seen of some prompts."""

    prompts: Prompts
    secrets: list[FoundSecret]


class SeenAnswers(NamedTuple):
    """What was seen of some answers, in order."""

    rows: list[Seen]
    secrets: list[FoundSecret]


Looked = SeenFile | SeenPrompts | SeenAnswers


def look(unseen: Unseen, task: Task) -> Looked:
    """Look at a file, some prompts or some answers."""
    match task:
        case File():
            return look_at_file(task)
        case Prompts():
            return _prompts(unseen, task)
        case Stretch():
            return _answers(unseen, task)


def look_at_file(file: File, progress: Progress = silent) -> SeenFile:
    """Search a file."""
    searched = search_file(Path(file.path), file.name, progress)
    secrets = [FoundSecret("source", file.source, one.member, *one.secret, one.sha256) for one in searched.secrets]
    return SeenFile(file, searched.encoding, searched.whole, secrets)


def _prompts(unseen: Unseen, prompts: Prompts) -> SeenPrompts:
    secrets = list[FoundSecret]()
    for page in unseen.prompts(prompts.keys):
        secrets += secrets_of("prompt", [key for key, _ in page], [text for _, text in page])
    return SeenPrompts(prompts, secrets)


def _answers(unseen: Unseen, stretch: Stretch) -> SeenAnswers:
    seen = SeenAnswers([], [])
    for page in unseen.answers(stretch):
        rows, secrets = inspect(page, stretch.part)
        seen.rows.extend(rows)
        seen.secrets.extend(secrets)
    return seen


class Within(NamedTuple):
    """Corpora whose answers are held against each other, each as its name and its parts."""

    corpora: list[tuple[str, list[int]]]


class Across(NamedTuple):
    """Prompts whose answers are, across corpora."""

    prompts: array[int]


class SeenAlike(NamedTuple):
    """Which answers are alike, among how many that were held against each other."""

    task: Within | Across
    answers: int
    rows: list[Alike]


def compare(unseen: Unseen, corpus_of: Mapping[int, int], task: Within | Across) -> SeenAlike:
    """Hold answers against each other; `corpus_of` tells the corpus of each part by a number."""
    if isinstance(task, Across):
        asked = unseen.on_prompts(task.prompts)
        return SeenAlike(task, len(asked), across(asked, corpus_of, unseen.texts))
    answers, rows = 0, list[Alike]()
    for _, parts in task.corpora:
        sketches = unseen.sketches(parts)
        answers += len(sketches)
        rows += within(sketches, unseen.texts)
    return SeenAlike(task, answers, rows)

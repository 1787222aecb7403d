"""Near duplicates among examined answers: within each corpus, and across corpora on the same prompt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from workbench.core.likeness import BANDS, NEAR, Hashes, candidates, jaccard, shingles

Texts = Callable[[Sequence[int]], Mapping[int, str]]
Pairs = npt.NDArray[np.int64]

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
    leaders = _clusters([(first[d], sketch) for d, sketch in {d: s for _, d, s in rows}.items() if sketch], texts)
    found = []
    for key, digest, _ in rows:
        leader = leaders.get(first[digest])
        if times[digest] > 1 or leader is not None:
            found.append((key, times[digest] - 1, leader, 0))
    return found


def _clusters(rows: Sequence[tuple[int, bytes]], texts: Texts) -> dict[int, int]:
    """The leader of each answer that is near another one, by union of the pairs that are near enough."""
    root: dict[int, int] = {}

    def top(key: int) -> int:
        while root.get(key, key) != key:
            root[key] = root.get(root[key], root[key])
            key = root[key]
        return key

    for one, other in near_pairs(rows, texts):
        a, b = sorted((top(one), top(other)))
        root[a], root[b] = a, a
    return {key: top(key) for key in root}


def near_pairs(rows: Sequence[tuple[int, bytes]], texts: Texts) -> Iterable[tuple[int, int]]:
    """The pairs of answers (id, sketch) whose texts are near duplicates; sketches propose, the texts decide."""
    if len(rows) < 2:
        return
    ids = np.array([key for key, _ in rows], dtype=np.int64)
    bands = np.frombuffer(b"".join(sketch for _, sketch in rows), dtype="<u4").reshape(-1, BANDS)
    pairs = ids[candidates(bands)]
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

    by_prompt: dict[int, list[tuple[int, bytes, bytes]]] = {}
    for prompt, _, key, digest, sketch in rows:
        by_prompt.setdefault(prompt, []).append((key, digest, sketch))
    for answers in by_prompt.values():
        same: dict[bytes, list[int]] = {}
        for key, digest, _ in answers:
            same.setdefault(digest, []).append(key)
        for keys in same.values():
            # Empty answers are alike because nothing is there: nobody took them from anybody.
            for key in keys[1:] if len(keys) > 1 else ():
                both(keys[0], key)
    for one, other in _on_the_same_prompt(by_prompt, texts):
        both(one, other)
    return [(key, 0, None, len(others)) for key, others in sorted(likes.items())]


def _on_the_same_prompt(
    by_prompt: Mapping[int, Sequence[tuple[int, bytes, bytes]]], texts: Texts
) -> Iterable[tuple[int, int]]:
    """Near pairs of one prompt each: the prompt goes into the bands, so that all prompts are sorted at once."""
    rows = [
        (key, (np.frombuffer(sketch, dtype="<u4") ^ np.uint32((prompt * 2654435761) & 0xFFFFFFFF)).tobytes())
        for prompt, answers in by_prompt.items()
        for key, _, sketch in answers
        if sketch
    ]
    where = {key: prompt for prompt, answers in by_prompt.items() for key, _, _ in answers}
    return ((one, other) for one, other in near_pairs(rows, texts) if where[one] == where[other])

"""Pairing of answers by the ids of their prompts: which ids are one prompt, and whether two sources mean the same.

Answers are paired by the text of their prompt as a rule. Where a corpus states a set of ids, its answers are paired
by id with those of the other corpora of that set: the texts under one id may differ, in a system prompt or in the
turns before the last one.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Hashable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

from workbench.core.errors import UsageError
from workbench.core.secrets.find import masked_name
from workbench.core.text import one_line

PAIRING = "pairing"
"""Under this name the resources of a finding have the digest of what answers were paired by, where ids paired them."""

BY_TEXT = "text"
BY_ID = "key"

LOOKED_AT = 50
"""Shared ids whose texts are held against each other, at most."""

HELD = 0.5
"""Of the runs of characters of the shorter text so many, by weight, must stand in the other one."""

ENOUGH = 12
"""From so many shared ids on, being like the counterpart above nearly all others is more than chance."""

_RUN = 5
_EDGE = 1000
_LAST = 300
"""Characters of the beginning and of the end of a prompt that are looked at."""

_NUMBERED = re.compile(r"(.*?\D)\d{1,9}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Agreement:
    """Of so many shared ids that were looked at, under how many the two texts agree."""

    looked_at: int
    agreeing: int

    @property
    def enough(self) -> bool:
        """Whether at least half of the texts agree; True where no id is shared, which says nothing against it."""
        return 2 * self.agreeing >= self.looked_at


@dataclass(frozen=True, slots=True)
class IdCounts:
    """What one corpus has: ids, texts of prompts, ids with several texts, texts under several ids, and prompts.

    `prompts` counts what is compared: each shared id is one, and so are ids that number the samples of one prompt.
    """

    name: str
    ids: int
    texts: int
    several_texts: int
    several_ids: int
    prompts: int

    def words(self) -> str:
        """The counts in a line."""
        said = [f"{self.ids:,} ids, {self.texts:,} texts, {self.prompts:,} prompts compared"]
        said += [f"{self.several_texts:,} ids with several texts"] if self.several_texts else []
        said += [f"{self.several_ids:,} texts under several ids"] if self.several_ids else []
        return "; ".join(said)


@dataclass(frozen=True, slots=True)
class SetCounts:
    """What a set of ids comes to over all its corpora: as `IdCounts`, with those counts of each corpus.

    `samples` says that ids which differ in their last number alone are samples of one prompt. `alone` counts ids that
    only one corpus has: their answers are paired by the text.
    """

    name: str
    ids: int
    texts: int
    several_texts: int
    several_ids: int
    prompts: int
    alone: int
    samples: bool
    corpora: tuple[IdCounts, ...]

    def words(self) -> str:
        """The counts in sentences; empty where ids and texts are one to one and no two corpora share an id."""
        if self.alone == self.ids:
            if self.ids == self.texts and not (self.several_texts or self.several_ids):
                return ""
            return (
                f"{self.ids:,} ids of prompts have {self.texts:,} texts. No other corpus has these ids: answers are "
                "paired by the text, and those to one text count as samples of one prompt, averaged."
            )
        said = [
            f"By the ids of “{one_line(self.name, 60)}”: {self.ids:,} ids, {self.texts:,} texts of prompts, "
            f"{self.prompts:,} prompts that are compared."
        ]
        if self.several_texts:
            said.append(f"Under {self.several_texts:,} ids stand several texts: each id is one prompt.")
        if self.several_ids and self.samples:
            said.append(
                f"{self.several_ids:,} texts stand under several ids that differ in their last number alone: they "
                "number the samples of one prompt, which are averaged."
            )
        elif self.several_ids:
            said.append(
                f"{self.several_ids:,} texts stand under several ids: each id is a prompt of its own, as steps of "
                "different pieces are. Where they are samples of one prompt, pair by the text."
            )
        if self.alone:
            said.append(f"{self.alone:,} ids are those of one corpus alone: their answers are paired by the text.")
        return " ".join(said)


def checked_pairing(given: str) -> str:
    """How answers are to be paired, as given: empty, text, key or key:SET; raises UsageError for anything else."""
    how, colon, name = given.partition(":")
    if given in ("", BY_TEXT, BY_ID) or (how == BY_ID and colon and name.strip()):
        return given
    raise UsageError(
        f"Answers can't be paired by {one_line(given, 60)!r}.",
        hint="text pairs by the text of the prompt, key by its id, key:SET by the ids of a named set.",
    )


def set_named(given: str) -> str:
    """The name of the set in key:SET, with what has the form of a secret masked; empty where none is named."""
    return masked_name(given.partition(":")[2].strip())


def set_of_ids(given: str) -> str | None:
    """The name of the set in key:SET, None for text; raises UsageError for anything else, for key alone too."""
    name = set_named(checked_pairing(given))
    if name or given == BY_TEXT:
        return name or None
    raise UsageError(
        "The set of ids is not named.", hint="key:SET names it; corpora of one set are paired by id with each other."
    )


def stem_of(key: str) -> str:
    """An id without the number at its end; the id itself where nothing else is left, or where it has none."""
    found = _NUMBERED.fullmatch(key)
    return found[1] if found else key


def number_samples(of_corpora: Iterable[Mapping[str, Set[Hashable]]]) -> bool:
    """Whether ids number the samples of one prompt, from the texts under each id in each corpus.

    They do where ids with one stem have one text and no two stems share it, in most corpora in which a stem has several
    ids. Chapters that are numbered share their text with those of other pieces, and fail this.
    """
    votes = 0
    for texts_of in of_corpora:
        stems: dict[str, set[Hashable]] = {}
        for key, texts in texts_of.items():
            stems.setdefault(stem_of(key), set()).update(texts)
        if len(stems) == len(texts_of):
            continue
        one_each = all(len(texts) <= 1 for texts in stems.values())
        known = [text for texts in stems.values() for text in texts]
        votes += 1 if one_each and known and len(set(known)) == len(known) else -1
    return votes > 0


def digest_of(name: str, key: str) -> str:
    """SHA-256 that stands for a prompt which no text tells from others, by its set and its id."""
    return hashlib.sha256(f"prompt id\0{name}\0{key}".encode("utf-8", "surrogatepass")).hexdigest()


def agreement(own: Mapping[str, str], theirs: Mapping[str, str]) -> Agreement:
    """Whether the texts under the ids that two sources share are the same prompts.

    Two texts agree if they are equal, if at least half of the shorter one stands in the other and in no other prompt to
    a larger share, or if at most one in twenty of the other prompts is as like it, as a whole or in its last words.
    Likeness is that of their runs of characters, the rarer ones weighing more: so neither a system prompt nor earlier
    turns hinder it, and two that merely ask in the same words do not agree. Of few shared ids the last way counts for
    nothing: chance would do it.
    """
    shared = sorted(own.keys() & theirs.keys())
    shared = [shared[at * len(shared) // LOOKED_AT] for at in range(LOOKED_AT)] if len(shared) > LOOKED_AT else shared
    equal = [own[key] == theirs[key] for key in shared]
    if 2 * sum(equal) >= len(shared):
        return Agreement(len(shared), sum(equal))
    mine, others = [own[key] for key in shared], [theirs[key] for key in shared]
    close = _close(mine, others)
    last = _close([text.rstrip()[-_LAST:] for text in mine], [text.rstrip()[-_LAST:] for text in others])
    return Agreement(len(shared), sum(map(any, zip(equal, close, last, strict=True))))


def _close(own: Sequence[str], theirs: Sequence[str]) -> list[bool]:
    """Which texts are close to their counterparts, as `agreement` has it."""
    import numpy as np

    places: dict[str, int] = {}
    rows = [[places.setdefault(run, len(places)) for run in _runs(text)] for text in (*own, *theirs)]
    held = np.zeros((len(rows), len(places)), dtype=np.float32)
    for row, runs in zip(held, rows, strict=True):
        row[runs] = 1
    weights = np.log1p(len(rows) / held.sum(axis=0))
    sizes = held @ weights
    mine, others = held[: len(own)], held[len(own) :]
    common = (mine * weights) @ others.T
    ours, size = sizes[: len(own), None], sizes[None, len(own) :]
    inside = common / np.minimum(ours, size)
    alike = common / (ours + size - common)
    best = (inside.diagonal() >= HELD) & (inside.max(axis=1) <= inside.diagonal())
    as_like = (alike >= alike.diagonal()[:, None]).sum(axis=1) - 1
    allowed = len(own) // 20 if len(own) >= ENOUGH else -1
    return [bool(one) for one in best | (as_like <= allowed)]


def _runs(text: str) -> frozenset[str]:
    """The runs of characters of a prompt's beginning and end, in lower case with white space drawn together."""
    edges = text if len(text) <= 2 * _EDGE else f"{text[:_EDGE]} {text[-_EDGE:]}"
    plain = " ".join(edges.casefold().split())
    return frozenset(plain[at : at + _RUN] for at in range(max(1, len(plain) - _RUN + 1)))

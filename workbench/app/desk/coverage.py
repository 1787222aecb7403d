"""Who answered which prompt, and how: one code a cell, for the heat map and for the table of corpora."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING

from workbench.core.answers.inspection import EMPTY, LOOKS_CUT, REFUSED, TRUNCATED
from workbench.core.model import Corpus, Role

if TYPE_CHECKING:
    from workbench.app.session import Session
    from workbench.store.browse import Shape

MISSING, ANSWERED, BLANK, CUT, DECLINED = 0, 1, 2, 3, 4
"""Codes of a cell, the more notable one higher: a block of cells shows its highest."""

LENGTHS = (0, 60, 150, 350, 800, 1800)
"""Characters from which an answer is in the next class of length."""

BINS = 22
_LEAST, _MOST = 8, 12_000
_ORDER = (Role.SUSPECT, Role.PROTECTED, Role.BASE, Role.SIBLING, Role.CONTROL, Role.ASIDE)
_KEPT = 2000


@dataclass(frozen=True, slots=True)
class CorpusShape:
    """A corpus without its texts: by prompt a code, characters, near copies and a number; and what these come to."""

    codes: dict[int, int]
    characters: dict[int, int]
    elsewhere: dict[int, int]
    numbers: dict[int, int]
    lengths: tuple[int, ...]
    """How many answers are in each class of length, on a logarithmic scale."""
    median: int
    median_bin: float
    languages: tuple[tuple[str, int], ...]
    cut: int
    declined: int


@dataclass(frozen=True, slots=True)
class CoverRow:
    """One model in the heat map: a code for each prompt, a class of length, and near copies elsewhere."""

    name: str
    role: str
    group: str
    states: bytes
    sizes: bytes
    alike: bytes


@dataclass(frozen=True, slots=True)
class Coverage:
    """The heat map: models in groups, prompts in order of first appearance."""

    rows: tuple[CoverRow, ...]
    prompts: tuple[int, ...]
    cut: int
    declined: int
    missing: int


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the heat map, in words."""

    model: str
    prompt: int
    place: int
    asked: str
    characters: int
    code: int
    number: int


_CACHE: dict[tuple[str, str, str, int, str], CorpusShape] = {}


def shape_of(session: Session, corpus: Corpus, examination: int) -> CorpusShape:
    """The shape of a corpus; counted once as long as its answers and their examination stay the same."""
    key = (str(session.facts.folder), corpus.name, corpus.sha256, examination, session.pairing_digest())
    found = _CACHE.get(key)
    if found is None:
        if len(_CACHE) > _KEPT:
            _CACHE.clear()
        found = _CACHE[key] = _counted(session.browse.shapes(corpus.name))
    return found


def _counted(shapes: Iterable[Shape]) -> CorpusShape:
    codes: dict[int, int] = {}
    characters: dict[int, int] = {}
    elsewhere: dict[int, int] = {}
    numbers: dict[int, int] = {}
    sizes: list[int] = []
    bins = [0] * BINS
    languages: Counter[str] = Counter()
    cut = declined = 0
    for shape in shapes:
        code = code_of(shape.marks)
        cut += code == CUT
        declined += code == DECLINED
        sizes.append(shape.characters)
        bins[int(bin_of(shape.characters))] += 1
        if shape.language:
            languages[shape.language] += 1
        prompt = shape.prompt
        if prompt not in codes or code > codes[prompt]:
            codes[prompt] = code
            numbers[prompt] = shape.number
        characters[prompt] = max(characters.get(prompt, 0), shape.characters)
        elsewhere[prompt] = max(elsewhere.get(prompt, 0), shape.elsewhere)
    sizes.sort()
    median = sizes[len(sizes) // 2] if sizes else 0
    for counted in (codes, characters, elsewhere, numbers):
        counted.pop(0, None)
    return CorpusShape(
        codes,
        characters,
        elsewhere,
        numbers,
        tuple(bins),
        median,
        bin_of(median),
        tuple(languages.most_common()),
        cut,
        declined,
    )


def code_of(marks: int) -> int:
    """The code of an answer by its marks."""
    if marks & REFUSED:
        return DECLINED
    if marks & (LOOKS_CUT | TRUNCATED):
        return CUT
    return BLANK if marks & EMPTY else ANSWERED


def bin_of(characters: int) -> float:
    """Where a length lies on the logarithmic scale, from 0 to the number of bins."""
    share = (log(max(characters, _LEAST)) - log(_LEAST)) / (log(_MOST) - log(_LEAST))
    return min(share * BINS, BINS - 0.001)


def size_class(characters: int) -> int:
    """The class of length of an answer, from 1; 0 is for none."""
    return sum(characters >= least for least in LENGTHS)


def coverage_of(corpora: Sequence[Corpus], shapes: Sequence[CorpusShape], late: frozenset[str]) -> Coverage:
    """The heat map of some corpora."""
    order = sorted(range(len(corpora)), key=lambda at: (_ORDER.index(corpora[at].role), at))
    prompts = sorted({prompt for shape in shapes for prompt in shape.codes})
    rows = []
    for at in order:
        corpus, shape = corpora[at], shapes[at]
        rows.append(
            CoverRow(
                name=corpus.name,
                role="late" if corpus.name in late else str(corpus.role),
                group=_group(corpus),
                states=bytes(shape.codes.get(prompt, MISSING) for prompt in prompts),
                sizes=bytes(size_class(shape.characters[p]) if p in shape.characters else 0 for p in prompts),
                alike=bytes(
                    (2 if shape.elsewhere[p] > 2 else 1 if shape.elsewhere[p] else 0) + 1 if p in shape.codes else 0
                    for p in prompts
                ),
            )
        )
    counts = Counter(code for row in rows for code in row.states)
    return Coverage(tuple(rows), tuple(prompts), counts[CUT], counts[DECLINED], counts[MISSING])


def _group(corpus: Corpus) -> str:
    if corpus.role is Role.PROTECTED:
        return f"protected:{corpus.facts.family or corpus.name}"
    return str(corpus.role)


def cell_of(session: Session, model: str, prompt: int, place: int) -> Cell:
    """A cell of the heat map in words."""
    corpus = next(c for c in session.corpora() if c.name == model)
    last = session.examination().last
    shape = shape_of(session, corpus, last.id if last else 0)
    asked = session.browse.prompts([prompt]).get(prompt, "")
    return Cell(
        model,
        prompt,
        place,
        asked,
        shape.characters.get(prompt, 0),
        shape.codes.get(prompt, MISSING),
        shape.numbers.get(prompt, 0),
    )

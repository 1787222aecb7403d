"""What `fitness` counts of each corpus in one pass over the answers, and how it judges the counts."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

from workbench.analyses.fitness.values import DOUBTFUL, FIT, UNFIT
from workbench.analyses.scoring.comparable_material import USUAL
from workbench.core.answers.truncation import looks_cut
from workbench.core.model import Corpus
from workbench.core.selection import Block

_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_ASCII_LETTER = re.compile(r"[A-Za-z]")
_QUOTABLE = 40
"""A prompt of fewer characters may stand in an answer by chance."""
COPIES = "mostly the suspect's very words"
"""The doubt about a corpus that gives the suspect's answers."""


@dataclass(slots=True)
class Counts:
    """Counts over one corpus; shares are of `answers` unless said otherwise."""

    answers: int = 0
    prompts: int = 0
    near_empty: int = 0
    cut: int = 0
    quoting: int = 0
    shared: int = 0
    """Prompts that the suspect answered too."""
    same_text: int = 0
    """Of the shared prompts, those on which some answer has the suspect's very text."""
    other_script: int = 0
    """Of the shared prompts, those on which the answer is mainly in another script than the suspect's."""
    scripts: Counter[str] = field(default_factory=Counter)
    lengths: list[int] = field(default_factory=list)
    ratios: list[float] = field(default_factory=list)
    """Natural logarithms of its length over the suspect's, per shared prompt."""
    usual: int = 0
    """Of the suspect: the prompts that at least a quarter of the other models answered."""
    lacking: int = 0
    """Of the suspect: those of the usual prompts that it did not answer."""
    texts: Counter[int] = field(default_factory=Counter)
    """In how many prompts each text occurs, by its hash."""

    def repeated(self) -> int:
        """Prompts whose answer word for word answers another prompt of the corpus too."""
        return sum(count for count in self.texts.values() if count > 1)

    def length(self, share: float) -> int:
        """The length in characters below which a share of the answers lies; 0 without answers."""
        ordered = sorted(self.lengths)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0

    def length_factor(self) -> float:
        """How many times longer (or, below 1, shorter) the answers are than the suspect's, by median."""
        return math.exp(median(self.ratios)) if self.ratios else 1.0


@dataclass(frozen=True, slots=True)
class _PromptAnswers:
    texts: frozenset[str]
    length: float
    script: str


def count(blocks: Iterator[Block], suspect: str, names: Sequence[str], near_empty: int) -> Iterator[dict[str, Counts]]:
    """The counts of the named corpora after each block; the last ones are the whole."""
    counts = {name: Counts() for name in names}
    yield counts
    for block in blocks:
        for at, answers in enumerate(block.answers):
            asked = [text.strip() for text in block.asked(at)]
            seen = {name: _take(counts[name], asked, answers[name], near_empty) for name in names if answers.get(name)}
            if USUAL * len(seen.keys() - {suspect}) >= len(names) - 1 > 0:
                counts[suspect].usual += 1
                counts[suspect].lacking += suspect not in seen
            if suspect in seen:
                for name, other in seen.items():
                    _compare(counts[name], other, seen[suspect])
        yield counts


def _take(counts: Counts, asked: Sequence[str], texts: Sequence[str], near_empty: int) -> _PromptAnswers:
    stripped = [text.strip() for text in texts]
    counts.prompts += 1
    for text in stripped:
        counts.answers += 1
        counts.lengths.append(len(text))
        counts.near_empty += len(text) < near_empty
        counts.cut += looks_cut(text)
        counts.quoting += any(len(prompt) >= _QUOTABLE and prompt in text for prompt in asked)
        counts.scripts[script(text)] += 1
    counts.texts.update({hash(text) for text in stripped if text})
    return _PromptAnswers(frozenset(stripped), sum(map(len, stripped)) / len(stripped), script(stripped[0]))


def _compare(counts: Counts, own: _PromptAnswers, suspect: _PromptAnswers) -> None:
    counts.shared += 1
    counts.same_text += bool(own.texts & suspect.texts - {""})
    counts.other_script += "none" not in (own.script, suspect.script) and own.script != suspect.script
    if own.length and suspect.length:
        counts.ratios.append(math.log(own.length / suspect.length))


def script(text: str) -> str:
    """The script of most of a text's letters by Unicode's names, such as Latin or Cjk; "none" without letters."""
    found: Counter[str] = Counter()
    if not text.isascii():
        for character, number in Counter(_BEYOND_ASCII.findall(text)).items():
            # Signs such as µ, º and ℃ count as letters in Unicode's tables, and stand in texts of any script.
            if character.isalpha() and unicodedata.normalize("NFKC", character) == character:
                found[unicodedata.name(character, "Unknown").split()[0].title()] += number
    if not found:
        return "Latin" if _ASCII_LETTER.search(text) else "none"
    found["Latin"] += len(_ASCII_LETTER.findall(text))
    return max(sorted(found), key=lambda name: found[name])


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict (fit, doubtful or unfit) with its reasons."""

    verdict: str
    reasons: tuple[str, ...]


def judge(corpus: Corpus, is_suspect: bool, counts: Counts, asked: int, limits: Mapping[str, float]) -> Judgement:
    """The verdict on one corpus; `asked` is the number of prompts that the suspect answered."""
    if not counts.answers:
        return Judgement(UNFIT, ("no answers",))
    unfit, doubts = _grave(counts, limits), _doubts(counts, limits)
    if not is_suspect:
        more_unfit, more_doubts = _beside_suspect(counts, asked, limits)
        unfit, doubts = unfit + more_unfit, doubts + more_doubts
    verdict = UNFIT if unfit else DOUBTFUL if doubts else FIT
    undated = ("release date unknown",) if corpus.facts.released is None else ()
    return Judgement(verdict, (*unfit, *doubts, *undated))


def _grave(counts: Counts, limits: Mapping[str, float]) -> list[str]:
    found = []
    if counts.prompts < limits["min_prompts"]:
        found.append("too few prompts")
    if 2 * counts.near_empty > counts.answers:
        found.append("most answers nearly empty")
    if 2 * counts.repeated() > counts.prompts:
        found.append("most answers repeat each other")
    return found


def _doubts(counts: Counts, limits: Mapping[str, float]) -> list[str]:
    shares = (
        ("near_empty_share", counts.near_empty / counts.answers, "nearly empty answers"),
        ("repeated_share", counts.repeated() / counts.prompts, "one text for several prompts"),
        ("cut_share", counts.cut / counts.answers, "answers that look cut off"),
        ("quoting_share", counts.quoting / counts.answers, "answers that quote the prompt"),
    )
    return [words for name, share, words in shares if share > limits[name]]


def _beside_suspect(counts: Counts, asked: int, limits: Mapping[str, float]) -> tuple[list[str], list[str]]:
    unfit, doubts = [], []
    if counts.shared < limits["min_prompts"]:
        unfit.append("too few prompts in common with the suspect")
    elif counts.shared < limits["min_coverage"] * asked:
        doubts.append("lacks many of the suspect's prompts")
    if counts.shared and counts.other_script > limits["script_share"] * counts.shared:
        doubts.append("answers in another script than the suspect's")
    if abs(math.log(counts.length_factor())) > math.log(limits["length_factor"]):
        doubts.append("length differs from the suspect's")
    if counts.shared and 2 * counts.same_text > counts.shared:
        doubts.append(COPIES)
    return unfit, doubts

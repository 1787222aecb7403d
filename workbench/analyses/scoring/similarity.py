"""Views of an answer's text, and per view the similarity of every two models on every prompt.

A feature weighs 1 + ln(count); there is no inverse document frequency, because one taken over the
case would let an unrelated corpus, added later, change the similarity of two others. What every
model writes is taken out in the open instead: by the twin of each view from which the prompt's mean
over the models of the run is removed. Three weightings were named beforehand and measured once on 66
models and 805 prompts (area under the curve of the fused statistic over 332 pairs of known truth):
1 + ln(count) 0.964, presence alone 0.967, 1 + ln(count) with inverse document frequency within the
prompt 0.964. No difference is worth a dependence on the pool. Of two skeletons of the layout, every
word kept in its place (0.958) and runs of plain words drawn together (0.949), the first was kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from workbench.analyses.scoring.vectors import (
    NEWLINE,
    PUNCTUATION,
    Floats,
    Ints,
    Tokeniser,
    Tokens,
    character_runs,
    cosines,
    grams,
)

VERSION = 1
"""Changes whenever the same text would give another number."""

EDGE = 25
"""Tokens of an opening and of an ending."""

RUN = 5
"""Characters of a run in the view of characters."""

CLOSED = """
a about above after again against all along also although always am among an and another any anybody anyone
anything are around as at away back be because been before behind being below between both but by can cannot could
did do does doing done down during each either else enough even ever every everyone everything few for from further
had has have having he hence her here hers herself him himself his how however i if in indeed instead into is it its
itself just least less let like many may me might mine more most much must my myself near neither never no nobody
none nor not nothing now of off often on once one only onto or other others otherwise our ours ourselves out over own
per perhaps quite rather same several shall she should since so some somebody someone something sometimes still such
than that the their theirs them themselves then there therefore these they this those though through throughout thus
to together too toward towards under unless until up upon us very was we well were what whatever when whenever where
whereas wherever whether which while who whoever whom whose why will with within without would yet you your yours
yourself yourselves
"""
"""Closed-class words of English; answers in other languages have no features in this view."""

CONTINUING = ",;:-([{–—"
"""Punctuation after which a text goes on: an answer that stops there was cut."""


class Vectoriser:
    """Makes the similarities of one prompt after another; its tables serve all of them."""

    def __init__(self) -> None:
        self._tokens = Tokeniser()
        self._closed = np.sort(self._tokens.split(CLOSED.split()).lower)
        self._continuing = np.sort(self._tokens.split(list(CONTINUING)).cased)

    def prompt(self, texts: Sequence[str]) -> tuple[dict[str, Floats], Ints]:
        """Per view the cosines between the texts, (texts, texts), and each text's number of tokens."""
        every = self._tokens.split(texts)
        lexical = every.only(every.kind != NEWLINE)
        counts = np.bincount(lexical.document, minlength=len(texts))
        views = {name: cosines(*make(self, every, lexical, counts), len(texts)) for name, make in _VIEWS.items()}
        views[CHARACTERS] = cosines(*character_runs(texts, RUN), len(texts))
        return views, counts

    def words(self, every: Tokens, lexical: Tokens, counts: Ints) -> tuple[Ints, npt.NDArray[np.uint64]]:
        """Runs of one to three words, in lower case, without punctuation."""
        words = lexical.only(lexical.kind != PUNCTUATION)
        return grams(words.document, words.lower, 1, 3)

    def cased(self, every: Tokens, lexical: Tokens, counts: Ints) -> tuple[Ints, npt.NDArray[np.uint64]]:
        """Runs of two to four words and punctuation marks, as they are written."""
        return grams(lexical.document, lexical.cased, 2, 4)

    def layout(self, every: Tokens, lexical: Tokens, counts: Ints) -> tuple[Ints, npt.NDArray[np.uint64]]:
        """Runs of one to four items of the skeleton: shapes of words, punctuation, ends of line."""
        return grams(every.document, every.shape, 1, 4)

    def openings(self, every: Tokens, lexical: Tokens, counts: Ints) -> tuple[Ints, npt.NDArray[np.uint64]]:
        """Runs of one to three among the first tokens."""
        first = np.cumsum(counts) - counts
        place = np.arange(len(lexical.document)) - first[lexical.document]
        start = lexical.only(place < EDGE)
        return grams(start.document, start.lower, 1, 3)

    def endings(self, every: Tokens, lexical: Tokens, counts: Ints) -> tuple[Ints, npt.NDArray[np.uint64]]:
        """Runs of one to three among the last tokens of the answers that come to a natural end."""
        last = np.cumsum(counts) - 1
        ended = np.zeros(len(counts), dtype=np.bool_)
        some = np.flatnonzero(counts)
        final = last[some]
        ended[some] = (lexical.kind[final] == PUNCTUATION) & ~_among(lexical.cased[final], self._continuing)
        place = last[lexical.document] - np.arange(len(lexical.document))
        end = lexical.only((place < EDGE) & ended[lexical.document])
        return grams(end.document, end.lower, 1, 3)

    def function_words(self, every: Tokens, lexical: Tokens, counts: Ints) -> tuple[Ints, npt.NDArray[np.uint64]]:
        """Runs of one to two function words, all other words left out."""
        closed = lexical.only(_among(lexical.lower, self._closed))
        return grams(closed.document, closed.lower, 1, 2)


_VIEWS: Mapping[str, Callable[[Vectoriser, Tokens, Tokens, Ints], tuple[Ints, npt.NDArray[np.uint64]]]] = {
    "words": Vectoriser.words,
    "cased": Vectoriser.cased,
    "layout": Vectoriser.layout,
    "openings": Vectoriser.openings,
    "endings": Vectoriser.endings,
    "function_words": Vectoriser.function_words,
}
VIEWS = tuple(_VIEWS)
"""The views of words, which every comparison of texts uses."""

CHARACTERS = "characters"
"""Runs of five characters as they are written, which need no spaces between words; for likelihood ratios alone."""

COMPUTED = (*VIEWS, CHARACTERS)
"""All views, in the order in which they are computed."""


def language_number(code: str) -> int:
    """A language as a whole number from its ISO code; 0 where it could not be told."""
    from workbench.core.answers.language import NO_LANGUAGE, UNKNOWN

    if code in (NO_LANGUAGE, UNKNOWN):
        return 0
    number = 0
    for letter in code[:3]:
        number = 27 * number + max(0, min(26, ord(letter) - ord("a") + 1))
    return number


def language_code(number: int) -> str:
    """The ISO code that a number stands for; empty for 0."""
    letters = ""
    while number:
        number, letter = divmod(number, 27)
        letters = chr(ord("a") + letter - 1) + letters
    return letters


def _among(values: npt.NDArray[np.uint64], known: npt.NDArray[np.uint64]) -> npt.NDArray[np.bool_]:
    """Which values are among the known ones, which are sorted."""
    place = np.minimum(np.searchsorted(known, values), len(known) - 1)
    return np.asarray(known[place] == values)


@dataclass(frozen=True, slots=True)
class PromptBlocks:
    """Similarities of some prompts: `values` (prompts, views, models, models), `tokens` (prompts, models).

    A model whose answers have no features in a view has zeros there, on the diagonal too. `languages` are those of
    each model's first answer, (prompts, models), by `language_number`.
    """

    values: npt.NDArray[np.float32]
    tokens: npt.NDArray[np.float32]
    present: npt.NDArray[np.bool_]
    languages: npt.NDArray[np.int16]


def prompt_blocks(prompts: Sequence[Sequence[Sequence[str]]]) -> PromptBlocks:
    """The similarities of the models on each prompt, from `prompts[p][model]`: a model's answers.

    A model with several answers stands at the centroid of their unit vectors. Each prompt is worked
    alone, so the numbers do not depend on how prompts are shared out.
    """
    from threadpoolctl import threadpool_limits

    # Products this small lose more to the threads' waiting for each other than they gain.
    with threadpool_limits(limits=1, user_api="blas"):
        return _prompt_blocks(prompts)


def _prompt_blocks(prompts: Sequence[Sequence[Sequence[str]]]) -> PromptBlocks:
    from workbench.core.answers.language import language_of

    vectoriser = Vectoriser()
    models = max((len(answers) for answers in prompts), default=0)
    values = np.zeros((len(prompts), len(COMPUTED), models, models), dtype=np.float32)
    tokens = np.zeros((len(prompts), models), dtype=np.float32)
    present = np.zeros((len(prompts), models), dtype=np.bool_)
    languages = np.zeros((len(prompts), models), dtype=np.int16)
    for at, answers in enumerate(prompts):
        kept = [[text for text in texts if text.strip()] for texts in answers]
        owners = np.array([model for model, texts in enumerate(kept) for _ in texts], dtype=np.int64)
        if not len(owners):
            continue
        views, counts = vectoriser.prompt([text for texts in kept for text in texts])
        here, first = np.unique(owners, return_index=True)
        present[at, here] = True
        tokens[at, here] = np.add.reduceat(counts, first) / np.diff([*first, len(owners)])
        languages[at, here] = [language_number(language_of(kept[model][0])[0]) for model in here]
        for view, name in enumerate(COMPUTED):
            values[at, view][np.ix_(here, here)] = _centroids(views[name], first)
    return PromptBlocks(values, tokens, present, languages)


def _centroids(matrix: Floats, first: Ints) -> Floats:
    """Cosines between the centroids of unit vectors, each model's starting at `first`."""
    if len(first) == len(matrix):
        return matrix
    sums = np.add.reduceat(np.add.reduceat(matrix, first, axis=0), first, axis=1)
    squares = np.diagonal(sums)
    lengths = np.where(squares > 0, squares, 1.0)
    return np.asarray(sums / np.sqrt(lengths[:, None] * lengths[None, :]))

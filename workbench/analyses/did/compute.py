"""The material of `did`: differences of differences, prompt by prompt, of the real seat and of every placebo.

A contrast has seats: the real one and the placebos. In a contrast with a baseline they are models in the protected
side's place (the suspect's change towards each); in one between two versions they are models in the suspect's place
(the lean of each towards the newer version). A seat's value on a prompt is its difference less the mean of the
other seats', so that all seats are scored in the same way. Views are averaged prompt by prompt.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from workbench.analyses.did.values import BASELINE, VERSIONS, PassedOver
from workbench.analyses.scoring.caveats import kinship
from workbench.analyses.scoring.comparable_material import comparable, match
from workbench.analyses.scoring.independent import groups, relatives
from workbench.analyses.scoring.parameters import MIN_CONTROLS, MIN_PROMPTS
from workbench.analyses.scoring.partial_correlation import PRESENT
from workbench.analyses.scoring.relatives import borne_out
from workbench.analyses.scoring.similarity import VIEWS
from workbench.core.errors import RefusedError
from workbench.core.foreseen import Foreseen, Known
from workbench.core.model import Corpus
from workbench.core.panel import earliest_month, latest_month
from workbench.core.progress import Progress
from workbench.core.selection import Question, Selection, Similarities
from workbench.core.statistics.resampling import centred_interval, resampled

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]

_ROUNDING = 1e-6
"""Cosines are stored in single precision: smaller differences are no spread."""
_HOW = "`workbench set CASE CORPUS --role base --reason WHY` (or sibling) states the role."


@dataclass(frozen=True, slots=True)
class Contrast:
    """One contrast: what is compared, the seats (the real one first) and their values.

    `by_view` is (views, prompts, seats), NaN where an answer that is needed has no features in that view;
    `baseline` is S0, or the newer version, which is compared with `older`.
    """

    kind: str
    baseline: tuple[Corpus, ...]
    older: tuple[Corpus, ...]
    seats: tuple[str, ...]
    views: tuple[str, ...]
    by_view: Floats
    prompts: int

    @property
    def two_sided(self) -> bool:
        """Whether closeness to either side counts."""
        return self.kind == VERSIONS

    @property
    def name(self) -> str:
        """The contrast in a few words."""
        names = " and ".join(c.name for c in self.baseline)
        return f"{names} against {' and '.join(c.name for c in self.older)}" if self.older else names

    def by_prompt(self) -> Floats:
        """The mean over the views that say something, (prompts, seats); NaN where none does."""
        return mean(self.by_view, axis=0)


@dataclass(frozen=True, slots=True)
class DidMaterial:
    """What `did` computes from: the question as matched, the similarities, the contrasts, and what could not be one.

    `rows` are the matched prompts, of `answered` that the suspect answered. `groups` are the controls by their places,
    relatives and near copies in one group; `unbacked` are the baselines that the examiner's word alone makes such.
    """

    question: Question
    found: Similarities
    contrasts: tuple[Contrast, ...]
    passed_over: tuple[PassedOver, ...]
    rows: Places
    answered: int
    groups: tuple[list[int], ...]
    unbacked: tuple[str, ...]


def gather(selection: Selection, coverage: float, baseline: str) -> DidMaterial:
    """The material; raises RefusedError, in words, where there is none."""
    named = _baselines(selection.question, baseline)
    found = selection.similarities()
    question = comparable(_without(selection.question, {c.name for c in named}), found)
    return _matched(question, found, named, coverage)


def foreseen(known: Known, coverage: float, baseline: str) -> Foreseen:
    """What the comparison would use; raises RefusedError where there is nothing to take a difference from."""
    named = _baselines(known.question, baseline)
    question = comparable(_without(known.question, {c.name for c in named}), known)
    matched = match(question, known, coverage)
    return Foreseen(len(matched.rows), matched.suspect_prompts, len(matched.controls), matched.left_out)


def _baselines(question: Question, baseline: str) -> tuple[Corpus, ...]:
    """The corpora that are named as base or sibling; raises RefusedError where nothing can be a baseline."""
    if len(question.controls) < MIN_CONTROLS:
        raise RefusedError(
            f"Controls: {len(question.controls)}. This comparison needs at least {MIN_CONTROLS} of them as placebos."
        )
    named = tuple(c for c in question.others if baseline in ("", c.name))
    if baseline and not named:
        raise RefusedError(f"“{baseline}” has neither the role base nor the role sibling in this question. {_HOW}")
    if not named and len(_generations(question.protected)) < 2:
        raise RefusedError(
            "No corpus has the role base or sibling, and the protected side has no two versions with different release "
            f"dates: there is nothing to take a difference from. {_HOW}"
        )
    return named


def _without(question: Question, apart: set[str]) -> Question:
    return replace(question, controls=tuple(c for c in question.controls if c.name not in apart))


def _matched(question: Question, found: Similarities, named: Sequence[Corpus], coverage: float) -> DidMaterial:
    matched = match(question, found, coverage)
    kept = replace(
        question,
        protected=matched.members,
        controls=matched.controls,
        left_out=question.left_out + matched.left_out,
    )
    contrasts: list[Contrast] = []
    passed: list[PassedOver] = []
    for corpus in named:
        why = _no_baseline(corpus, kept, found, matched.rows)
        made = None if why else _against(corpus, kept, found, matched.rows)
        if made is not None and len(made.views):
            contrasts.append(made)
        else:
            passed.append(PassedOver(corpus.name, why or "no view of the text has spread here"))
    contrasts += [c for c in _versions(kept, found, matched.rows) if len(c.views)]
    if not contrasts:
        said = "; ".join(f"{one.corpus}: {one.reason}" for one in passed) or "no view of the text has spread here"
        raise RefusedError(f"There is nothing to take a difference from: {said}.")
    together = tuple(groups(relatives(kept.controls, found, matched.rows), range(len(kept.controls))))
    baselines = [one.baseline[0] for one in contrasts if one.kind == BASELINE]
    unbacked = _unbacked(baselines, kept, found)
    passed_over = tuple(passed)
    return DidMaterial(
        kept, found, tuple(contrasts), passed_over, matched.rows, matched.suspect_prompts, together, unbacked
    )


def _unbacked(baselines: Sequence[Corpus], question: Question, found: Similarities) -> tuple[str, ...]:
    """The baselines that neither a manifest documents to be the suspect's base or sibling nor their texts bear out."""
    texts = borne_out(found, question, baselines)
    suspect = question.suspect
    documented = {c.name for c in baselines if suspect.documented and kinship(suspect, c)}
    documented |= {c.name for c in baselines if question.base_borne and c.name == suspect.facts.base}
    return tuple(c.name for c in baselines if c.name not in texts and c.name not in documented)


def _no_baseline(corpus: Corpus, question: Question, found: Similarities, rows: Places) -> str | None:
    if corpus.name == question.suspect.name:
        return "it is the suspect"
    if corpus.name in [c.name for c in question.protected]:
        return "it is on the protected side itself"
    own, theirs = question.suspect.facts.base, corpus.facts.base
    if own and theirs and not kinship(question.suspect, corpus):
        return f"the facts of the case contradict it: {question.suspect.name} is built on {own}, and it on {theirs}"
    if corpus.name not in found.models:
        return "it has no similarities to the other models"
    count = int(found.present[rows, found.models.index(corpus.name)].sum())
    if count < MIN_PROMPTS:
        return f"it answered {count} of the matched prompts; {MIN_PROMPTS} are needed"
    return None


def _against(corpus: Corpus, question: Question, found: Similarities, rows: Places) -> Contrast:
    """The suspect's change since its baseline, towards the protected side and towards each control."""
    members = len(question.protected)
    rows = rows[found.present[rows, found.models.index(corpus.name)]]

    def change(block: Floats) -> Floats:
        both = block[:, 0] - block[:, 1]
        return np.concatenate([mean(both[:, :members], axis=1)[:, None], both[:, members:]], axis=1)

    targets = (*question.protected, *question.controls)
    views, values = _views(found, rows, (question.suspect, corpus), targets, change)
    seats = (question.protected_name, *(c.name for c in question.controls))
    return Contrast(BASELINE, (corpus,), (), seats, views, values, len(rows))


def by_member(contrast: Contrast, question: Question, found: Similarities, rows: Places) -> list[Contrast]:
    """A contrast with a baseline, against each protected member alone."""
    return [
        _against(contrast.baseline[0], replace(question, protected=(c,), protected_name=c.name), found, rows)
        for c in question.protected
    ]


def _versions(question: Question, found: Similarities, rows: Places) -> list[Contrast]:
    """The oldest version against the newest, and then each against the next where there are more than two."""
    dated = _generations(question.protected)
    if len(dated) < 2:
        return []
    pairs = [(dated[0], dated[-1])]
    if len(dated) > 2:
        pairs += list(pairwise(dated))
    return [_between(old, new, question, found, rows) for old, new in pairs]


def _generations(members: Sequence[Corpus]) -> list[tuple[Corpus, ...]]:
    """Members by release date, oldest first; one whose date may be that of a group before it is left out."""
    by_date: dict[str, list[Corpus]] = {}
    for corpus in members:
        if corpus.facts.released is not None:
            by_date.setdefault(corpus.facts.released, []).append(corpus)
    kept: list[str] = []
    for date in sorted(by_date, key=lambda d: (latest_month(d), earliest_month(d))):
        if not kept or earliest_month(date) > latest_month(kept[-1]):
            kept.append(date)
    return [tuple(by_date[date]) for date in kept]


def _between(
    old: Sequence[Corpus], new: Sequence[Corpus], question: Question, found: Similarities, rows: Places
) -> Contrast:
    """How much closer each seat is to the newer version than to the older one."""
    seats, middle = (question.suspect, *question.controls), len(old)

    def lean(block: Floats) -> Floats:
        return mean(block[:, :, middle:], axis=2) - mean(block[:, :, :middle], axis=2)

    views, values = _views(found, rows, seats, (*old, *new), lean)
    return Contrast(VERSIONS, tuple(new), tuple(old), tuple(c.name for c in seats), views, values, len(rows))


def _views(
    found: Similarities,
    rows: Places,
    ones: Sequence[Corpus],
    others: Sequence[Corpus],
    differences: Callable[[Floats], Floats],
) -> tuple[tuple[str, ...], Floats]:
    """The views that say something, and the values of the seats in each."""
    at = {name: place for place, name in enumerate(found.models)}
    left, right = ([at[c.name] for c in some] for some in (ones, others))
    names, parts = [], []
    for name in VIEWS:
        of_view = found.values[name]
        present = np.diagonal(of_view, axis1=1, axis2=2)[rows] > PRESENT
        block = of_view[rows[:, None, None], np.array(left)[:, None], np.array(right)[None, :]].astype(np.float64)
        block[~(present[:, left, None] & present[:, None, right])] = np.nan
        values = against_others(differences(block))
        counts = np.isfinite(values).sum(axis=0)
        if counts.min() >= MIN_PROMPTS and np.nanmax(np.abs(values)) > _ROUNDING:
            names.append(name)
            parts.append(values)
    return tuple(names), np.stack(parts) if parts else np.empty((0, len(rows), 0))


def against_others(values: Floats) -> Floats:
    """Each seat's value less the mean of all other seats' on that prompt, (prompts, seats); NaN where it is missing."""
    known = np.isfinite(values)
    total = np.where(known, values, 0.0).sum(axis=1, keepdims=True)
    others = known.sum(axis=1, keepdims=True) - 1
    rest = (total - values) / np.maximum(others, 1)
    return np.where(known & (others > 0), values - rest, np.nan)


def mean(values: Floats, axis: int) -> Floats:
    """The mean of what is known along an axis; NaN where nothing is."""
    known = np.isfinite(values)
    count = known.sum(axis=axis)
    total = np.where(known, values, 0.0).sum(axis=axis)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


_AT_ONCE = 2_000_000
_TIE = 1e-9
"""Relative: sums of the same numbers in another order are ties."""


@dataclass(frozen=True, slots=True)
class SeatPlace:
    """A real seat's statistic, its rank among all seats, and both p's; `prompts` is how many it rests on."""

    statistic: float
    rank: int
    p_model: float
    p_prompts: float
    prompts: int


@dataclass(frozen=True, slots=True)
class ContrastResult:
    """A contrast's numbers: `statistics` of the seats with the ends of their intervals, and the real seat's place,
    over all views and view by view."""

    contrast: Contrast
    statistics: Floats
    low: Floats
    high: Floats
    place: SeatPlace
    views: tuple[SeatPlace, ...]
    first: float
    """The share of the drawings of prompts in which the real seat comes first."""


def result(
    contrast: Contrast,
    groups: Sequence[Sequence[int]],
    flips: int,
    replicates: int,
    confidence: float,
    seed: int,
    tick: Progress,
) -> ContrastResult:
    """All numbers of one contrast; `groups` are its placebos by their places, those that count once together.

    `tick` is called at least once a batch of flips.
    """
    together = contrast.by_prompt()
    statistics = mean(together, axis=0)
    known = np.isfinite(together)
    drawn = resampled(contrast.prompts, replicates, seed)
    again = drawn @ np.where(known, together, 0.0) / np.maximum(drawn @ known.astype(np.float64), 1.0)
    low, high = centred_interval(statistics, again, confidence)
    columns = np.stack([together[:, 0], *(values[:, 0] for values in contrast.by_view)], axis=1)
    ps = flipped(columns, flips, seed, tick, two_sided=contrast.two_sided)
    means = np.stack([statistics, *(mean(values, axis=0) for values in contrast.by_view)])
    counts = np.isfinite(columns).sum(axis=0)
    places = tuple(
        _place(row, groups, float(p), int(n), two_sided=contrast.two_sided)
        for row, p, n in zip(means, ps, counts, strict=True)
    )
    sizes = np.abs(again) if contrast.two_sided else again
    first = float((sizes[:, 0] > sizes[:, 1:].max(axis=1)).mean())
    return ContrastResult(contrast, statistics, low, high, places[0], places[1:], first)


def _place(
    statistics: Floats, groups: Sequence[Sequence[int]], p_prompts: float, prompts: int, *, two_sided: bool
) -> SeatPlace:
    sizes = np.abs(statistics) if two_sided else statistics
    reached = sizes[1:] >= sizes[0] - _TIE * np.abs(sizes).max()
    counted = sum(any(reached[place] for place in group) for group in groups)
    rank = 1 + int(reached.sum())
    return SeatPlace(float(statistics[0]), rank, (1 + counted) / (1 + len(groups)), p_prompts, prompts)


def flipped(columns: Floats, flips: int, seed: int, tick: Progress, *, two_sided: bool) -> Floats:
    """p of each column's mean when the sign of every prompt is as likely as its opposite: (1 + b) / (1 + flips).

    `columns` is (prompts, columns), one value a prompt; NaN takes no part. One-sided counts means as high.
    """
    known = np.where(np.isfinite(columns), columns, 0.0)
    sums, least = known.sum(axis=0), _TIE * np.abs(known).sum(axis=0)
    draw = np.random.default_rng(seed)
    size = max(1, _AT_ONCE // max(1, len(known)))
    reached = np.zeros(len(sums), dtype=np.int64)
    for start in range(0, flips, size):
        tick(start / flips, f"flipping signs by prompt: {start} of {flips}")
        count = min(size, flips - start)
        signs = draw.integers(0, 2, size=(count, len(known)), dtype=np.int8).astype(np.float64) * 2 - 1
        found = signs @ known
        reached += ((np.abs(found) if two_sided else found) >= (np.abs(sums) if two_sided else sums) - least).sum(
            axis=0
        )
    return np.asarray((1 + reached) / (1 + flips))

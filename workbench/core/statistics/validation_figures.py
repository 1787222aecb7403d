"""Pairs of known truth with the LR that they were given, and the figures of the validation protocol.

Figures about the size of the LRs (Cllr, Cllr_min, the counts of misleading LRs) are of the LR as reported,
capped. Figures about order (AUC, equal error rate, top-1) are of the LR before the cap: a cap says how much
the validation set supports, and ties what it does not tell apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from workbench.core.model import Json
from workbench.core.statistics.lr_metrics import (
    Runs,
    cost_of_false,
    cost_of_true,
    percentile_interval,
    ratio,
    weighted_auc,
)
from workbench.core.statistics.no_text_baseline import PairFacts, month_number, no_text_scores
from workbench.core.statistics.resampling import Floats, resampled

ENTRIES = ("all", "distilled", "derived", "relay")
SIBLING = "sibling"
SMALLEST_FAMILY = 5
"""A family with fewer negatives is left out of the AUC within families."""


@dataclass(frozen=True, slots=True)
class ScoredPair:
    """One suspect against one family: what it is known to be, and the log10 LR it was given.

    `excluded` is empty, `other source` or `sibling`; `developer` is the family's, `released` and `group` are
    the suspect's. All numbers are finite.
    """

    suspect: str
    family: str
    relation: str
    positive: bool
    excluded: str
    developer: str | None
    released: str | None
    group: tuple[str, ...]
    log10_lr: float
    log10_lr_uncapped: float
    score: float

    def as_json(self) -> Json:
        """The pair as `workbench validate --json` prints it; `excluded` is null where nothing excludes it."""
        return {
            "suspect": self.suspect,
            "family": self.family,
            "relation": self.relation,
            "positive": self.positive,
            "excluded": self.excluded or None,
            "log10_lr": self.log10_lr,
            "log10_lr_uncapped": self.log10_lr_uncapped,
        }


def negatives(pairs: Sequence[ScoredPair]) -> list[ScoredPair]:
    """The pairs that are neither a source, nor reached through one, nor a source's sibling."""
    return [pair for pair in pairs if not pair.positive and not pair.excluded]


def positives(pairs: Sequence[ScoredPair], entry: str = "all") -> list[ScoredPair]:
    """The true pairs of one relation, or all of them."""
    return [pair for pair in pairs if pair.positive and not pair.excluded and entry in ("all", pair.relation)]


def figures(pairs: Sequence[ScoredPair], seed: int, replicates: int = 1000) -> dict[str, Json]:
    """The figures of each entry (all, distilled, derived, relay) with 95 % intervals from resampling suspects.

    An entry holds the positives of its relation against all negatives. A figure that is undefined (a class
    is missing) is None, and so is its interval; replicates in which it is undefined are left out of its
    interval. The counts of negatives above 1, 10 and 100 are counts, `pos_lr_lt_1` and top-1 are shares.
    """
    suspects = list(dict.fromkeys(pair.suspect for pair in pairs))
    weights = np.ones((1, len(suspects)))
    if suspects and replicates:
        # The first row is the panel as it is, so that one computation gives the figures and their replicates.
        weights = np.concatenate([weights, resampled(len(suspects), replicates, seed)])
    return {entry: _Entry(pairs, entry, suspects, weights).as_json() for entry in ENTRIES}


class _Entry:
    """One relation's pairs in arrays, with each pair's weight in the panel and in every replicate."""

    def __init__(
        self, pairs: Sequence[ScoredPair], entry: str, suspects: Sequence[str], suspect_weights: Floats
    ) -> None:
        self.every = pairs
        self.true = positives(pairs, entry)
        self.false = negatives(pairs)
        self.siblings = [pair for pair in pairs if pair.excluded == SIBLING and not pair.positive]
        self.at = {name: at for at, name in enumerate(suspects)}
        self.suspect_weights = suspect_weights
        self.w1, self.w2 = self.weights(self.true), self.weights(self.false)
        self.rank1, self.rank2 = _uncapped(self.true), _uncapped(self.false)
        self.lr1, self.lr2 = _capped(self.true), _capped(self.false)

    def weights(self, pairs: Sequence[ScoredPair]) -> Floats:
        """How often each pair counts in the panel and in each replicate, (1 + replicates, pairs)."""
        return self.suspect_weights[:, [self.at[pair.suspect] for pair in pairs]]

    def as_json(self) -> dict[str, Json]:
        pairs = self.true + self.false
        tops = self.top_of_each(with_siblings=False)
        counts: dict[str, int] = {
            "n_pairs": len(pairs),
            "n_positive": len(self.true),
            "n_suspects": len({pair.suspect for pair in pairs}),
            "n_families": len({pair.family for pair in pairs}),
        }
        measured: dict[str, Floats] = {
            "auc": weighted_auc(self.rank1, self.rank2, self.w1, self.w2),
            "auc_siblings": self.auc_siblings(),
            "auc_within_family": self.auc_within_family(),
            "auc_no_text": self.auc_no_text(),
            "eer": self.by_steps(self.rank1, self.rank2, equal_error=True),
            "cllr": self.cllr(),
            "cllr_min": self.by_steps(self.lr1, self.lr2, equal_error=False),
            "neg_lr_gt_1": self.above(0.0),
            "neg_lr_gt_10": self.above(1.0),
            "neg_lr_ge_10": self.above(float(np.nextafter(1.0, 0.0))),
            "neg_lr_gt_100": self.above(2.0),
            "pos_lr_lt_1": ratio(self.w1 @ (self.lr1 < 0).astype(float), self.w1.sum(axis=1)),
            "top1": self.share_of(tops),
            "top1_siblings": self.share_of(self.top_of_each(with_siblings=True)),
        }
        found: dict[str, Json] = {**counts, **{key: _number(values[0]) for key, values in measured.items()}}
        for key in ("neg_lr_gt_1", "neg_lr_gt_10", "neg_lr_ge_10", "neg_lr_gt_100"):
            found[key] = None if found[key] is None else round(found[key])
        found["top1_n"] = len(tops)
        # The panel's own size is known, not estimated.
        intervals = {**{key: [n, n] for key, n in counts.items()}, "top1_n": [len(tops)] * 2}
        return {**found, "interval": intervals | {key: _interval(values) for key, values in measured.items()}}

    def auc_siblings(self) -> Floats:
        """AUC with the siblings counted as negatives."""
        ranks = np.concatenate([self.rank2, _uncapped(self.siblings)])
        weights = np.concatenate([self.w2, self.weights(self.siblings)], axis=1)
        return weighted_auc(self.rank1, ranks, self.w1, weights)

    def auc_within_family(self) -> Floats:
        """Whether a family ranks its own students above the other suspects: the mean over families by positives."""
        won, total = (np.zeros(len(self.suspect_weights)) for _ in range(2))
        for family in dict.fromkeys(pair.family for pair in self.true):
            false = [pair for pair in self.false if pair.family == family]
            if len(false) < SMALLEST_FAMILY:
                continue
            true = [pair for pair in self.true if pair.family == family]
            weights = self.weights(true)
            areas = weighted_auc(_uncapped(true), _uncapped(false), weights, self.weights(false))
            share = np.where(np.isfinite(areas), weights.sum(axis=1), 0.0)
            won += share * np.nan_to_num(areas)
            total += share
        return ratio(won, total)

    def auc_no_text(self) -> Floats:
        """The AUC of the rule that reads no text, learned from other groups' suspects of this entry."""
        scores = no_text_scores(
            [
                PairFacts(pair.suspect, pair.group, pair.developer or "", month_number(pair.released), pair.positive)
                for pair in self.true + self.false
            ]
        )
        return weighted_auc(scores[: len(self.true)], scores[len(self.true) :], self.w1, self.w2)

    def cllr(self) -> Floats:
        totals = self.w1.sum(axis=1), self.w2.sum(axis=1)
        return (
            ratio(self.w1 @ cost_of_true(self.lr1), totals[0]) + ratio(self.w2 @ cost_of_false(self.lr2), totals[1])
        ) / 2

    def by_steps(self, h1: Floats, h2: Floats, *, equal_error: bool) -> Floats:
        """A figure that needs the scores in steps: the equal error rate or the Cllr after PAV."""
        steps = Runs.of(h1, h2).replicates(self.w1, self.w2)
        return np.array([each.equal_error_rate() if equal_error else each.cllr() for each in steps])

    def above(self, threshold: float) -> Floats:
        """How many negatives have a log10 LR above a threshold; undefined where there is no negative."""
        if not self.false:
            return np.full(len(self.w2), np.nan)
        return np.asarray(self.w2 @ (self.lr2 > threshold).astype(float))

    def top_of_each(self, *, with_siblings: bool) -> dict[str, bool]:
        """For each suspect with a positive of this entry: whether the family on top is a source of it."""
        wanted = {pair.suspect for pair in self.true}
        return {
            suspect: is_source(ranked)
            for suspect, ranked in rankings(self.every, with_siblings=with_siblings)
            if suspect in wanted
        }

    def share_of(self, tops: dict[str, bool]) -> Floats:
        weights = self.suspect_weights[:, [self.at[suspect] for suspect in tops]]
        return ratio(weights @ np.array(list(tops.values()), float), weights.sum(axis=1))


def rankings(pairs: Sequence[ScoredPair], *, with_siblings: bool) -> Iterator[tuple[str, list[ScoredPair]]]:
    """Each suspect with its candidate families from the highest LR down, other sources left out.

    Equal LRs keep the order of the panel: read a tie with `is_source`.
    """
    kept = [p for p in pairs if not p.excluded or (with_siblings and p.excluded == SIBLING)]
    by_suspect: dict[str, list[ScoredPair]] = {}
    for pair in kept:
        by_suspect.setdefault(pair.suspect, []).append(pair)
    for suspect, own in by_suspect.items():
        yield suspect, sorted(own, key=lambda pair: -pair.log10_lr_uncapped)


def is_source(ranked: Sequence[ScoredPair]) -> bool:
    """Whether the candidate on top is a documented source; a tie with one that is not counts as a failure."""
    best = ranked[0].log10_lr_uncapped
    return all(pair.positive for pair in ranked if pair.log10_lr_uncapped == best)


def _capped(pairs: Sequence[ScoredPair]) -> Floats:
    return np.array([pair.log10_lr for pair in pairs], float)


def _uncapped(pairs: Sequence[ScoredPair]) -> Floats:
    return np.array([pair.log10_lr_uncapped for pair in pairs], float)


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _interval(values: Floats) -> Json:
    if len(values) < 2 or not np.isfinite(values[0]):
        return None
    found = percentile_interval(values[1:])
    return None if found is None else list(found)

"""Sets of sources: who is in them, how wide the margin must be, and that they cover suspects that were not seen."""

from __future__ import annotations

import numpy as np
import pytest

from workbench.analyses.scoring.source_sets import NONE, RATE, KnownSuspect, coverage, margin_of, source_set


def test_a_set_holds_all_within_the_margin_of_the_strongest_and_none_as_one_of_them() -> None:
    found = source_set([1.0, 4.0, 2.5, -3.0], 2.0)
    assert found.candidates == (1, 2)
    assert not found.none
    wider = source_set([1.0, 4.0, 2.5, -3.0], 3.6)
    assert wider.candidates == (1, 2, 0)
    assert wider.none
    weak = source_set([-1.0, -2.0], 1.0)
    assert weak.candidates == ()
    assert weak.none


def test_the_margin_that_a_suspect_needs_is_the_least_that_covers_it() -> None:
    for suspect in (
        KnownSuspect((3.0, 1.0, 2.0), frozenset({1})),
        KnownSuspect((3.0, 1.0, 2.0), frozenset({1, 2})),
        KnownSuspect((3.0, 1.0), frozenset()),
        KnownSuspect((-3.0, -1.0), frozenset()),
        KnownSuspect((-3.0, -1.0), frozenset({0})),
    ):
        assert coverage([suspect], suspect.needed).covered == 1.0
        if suspect.needed:
            assert coverage([suspect], suspect.needed - 1e-6).covered == 0.0


def _drawn(count: int, seed: int) -> list[KnownSuspect]:
    """Suspects with ten candidates of which one is a source that stands out by more or less; one in ten has none."""
    draw = np.random.default_rng(seed)
    made = []
    for number in range(count):
        odds = draw.normal(-2, 1.5, size=10)
        sources: frozenset[int] = frozenset()
        if number % 10:
            odds[3] += draw.exponential(4.0)
            sources = frozenset({3})
        made.append(KnownSuspect(tuple(odds.tolist()), sources))
    return made


def test_suspects_that_were_not_seen_are_covered_at_the_rate() -> None:
    """On average over margins from 60 suspects: the rank of a new suspect's need among theirs is uniform."""
    rates = [coverage(_drawn(300, seed + 1000), margin_of(_drawn(60, seed))).covered for seed in range(40)]
    # A conformal set covers at the rate or slightly above; 40 margins vary with a standard error of about 0.005.
    assert RATE - 0.015 <= float(np.mean(rates)) <= RATE + 0.03


def test_few_suspects_give_their_largest_need_and_none_give_no_margin() -> None:
    some = _drawn(12, 5)
    assert margin_of(some) == max(one.needed for one in some)
    assert margin_of([]) == 0.0
    assert coverage([], 1.0).suspects == 0


def test_all_of_several_sources_are_counted_apart_from_one() -> None:
    two = KnownSuspect((5.0, 1.0, NONE), frozenset({0, 1}))
    narrow, wide = coverage([two], 1.0), coverage([two], 4.0)
    assert (narrow.covered, narrow.all_covered, narrow.size) == (1.0, 0.0, 1.0)
    assert (wide.covered, wide.all_covered, wide.size) == (1.0, 1.0, 2.0)
    assert narrow.suspects == pytest.approx(1)

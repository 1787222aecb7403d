"""Ranks, hits and their probabilities against plain definitions."""

from __future__ import annotations

from statistics import mean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import kstest

from workbench.analyses.canaries.compute import (
    Rank,
    chance_of_hits,
    exact_hits,
    outcome,
    rank,
    similarities,
)
from workbench.core.markers import decoys, make

KEY = bytes(range(32))


def nearest(pattern: str, text: str) -> int:
    """The smallest edit distance of a pattern to any stretch of a text, by the table of Sellers (1980)."""
    row = [0] * (len(text) + 1)
    for i, p in enumerate(pattern, 1):
        new = [i]
        for j, t in enumerate(text, 1):
            new.append(min(row[j - 1] + (p != t), row[j] + 1, new[j - 1] + 1))
        row = new
    return min(row)


letters = st.text("abc é", max_size=20)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.text("abc é", min_size=1, max_size=64), min_size=1, max_size=5), letters)
def test_similarity_is_the_edit_distance_to_the_nearest_stretch(patterns: list[str], text: str) -> None:
    expected = [1 - nearest(p, text) / len(p) for p in patterns]
    assert similarities(patterns, text).tolist() == pytest.approx(expected)


def test_a_leaked_marker_ranks_first_and_a_nearly_leaked_one_too() -> None:
    for kind in ("string", "fact", "identifier", "style"):
        (marker,) = make(KEY, kind, 1)
        others = decoys(KEY, marker)
        found = rank(marker.id, marker.secret, others, ["nothing", f"It is {marker.secret.upper()} indeed."], 0)
        assert (found.rank, found.contained, found.exposure) == (1, True, pytest.approx(9.966, abs=5e-4))
        spoilt = marker.secret[:4] + "?" + marker.secret[5:]
        near = rank(marker.id, marker.secret, others, [f"It is {spoilt} indeed."], 0)
        assert (near.rank, near.contained) == (1, False)


def test_ranks_are_uniform_where_nothing_leaked() -> None:
    markers = make(KEY, "string", 60)
    answers = [f"The reference is {one.secret}." for one in make(bytes(32), "string", 60)]
    ranks = [
        rank(m.id, m.secret, decoys(KEY, m), [a], at).rank
        for at, (m, a) in enumerate(zip(markers, answers, strict=True))
    ]
    assert kstest([(r - 0.5) / 1000 for r in ranks], "uniform").pvalue > 0.01
    silent = [rank("m", "secret", [f"decoy{i}" for i in range(99)], [], seed).rank for seed in range(300)]
    assert kstest([(r - 0.5) / 100 for r in silent], "uniform").pvalue > 0.01
    assert mean(silent) == pytest.approx(50.5, abs=6)


@pytest.mark.parametrize(
    ("first", "markers", "candidates", "printed"),
    [(3, 50, 1000, 1.892166e-5), (1, 50, 1000, 0.048794), (2, 20, 100, 0.016859)],
)
def test_the_probability_of_so_many_first_ranks(first: int, markers: int, candidates: int, printed: float) -> None:
    ranks = [Rank(str(at), 1 if at < first else 40, candidates, False, 0.0) for at in range(markers)]
    found = outcome(ranks, within=1)
    assert (found.first, found.markers, found.candidates) == (first, markers, candidates)
    assert found.p == pytest.approx(printed, rel=4e-5)


def test_ranks_of_unequal_numbers_of_candidates_are_no_outcome() -> None:
    with pytest.raises(ValueError, match="too many values"):
        outcome([Rank("a", 1, 10, False, 0.0), Rank("b", 1, 100, False, 0.0)], 1)


def test_exact_hits_tell_their_place() -> None:
    hits, positions = exact_hits([("m1", "K7Q2"), ("m2", "ZZZZ")], "set", ["a K7Q2 and K7Q2", "", "ZZZZK7Q2"])
    assert [(h.marker, h.text, h.place) for h in hits] == [("m1", 0, 2), ("m1", 2, 4), ("m2", 2, 0)]
    assert positions == 23
    assert chance_of_hits([32.0**12] * 100, 500_000_000) == pytest.approx(4.34e-8, rel=1e-3)

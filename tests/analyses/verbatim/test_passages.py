"""Exclusive runs against a search through all pairs of places."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.analyses.verbatim.passages import RULED_OUT, Run, Vocabulary, exclusive_runs, spans, tokens


def holds(text: list[int], run: list[int]) -> bool:
    """Whether a text holds a run."""
    return any(text[i : i + len(run)] == run for i in range(len(text) - len(run) + 1))


def by_search(texts: list[list[int]], owners: list[int], least: int) -> set[tuple[int, int, tuple[int, ...]]]:
    """The exclusive maximal runs as pairs of owners and the tokens, from all pairs of places."""
    found = set()
    for a, one in enumerate(texts):
        for b, other in enumerate(texts):
            if owners[a] >= owners[b] or owners[a] == RULED_OUT:
                continue
            for i in range(len(one)):
                for j in range(len(other)):
                    if i and j and one[i - 1] == other[j - 1]:
                        continue
                    length = 0
                    while i + length < len(one) and j + length < len(other) and one[i + length] == other[j + length]:
                        length += 1
                    run = one[i : i + length]
                    having = {o for t, o in zip(texts, owners, strict=True) if holds(t, run)}
                    if length >= least and having == {owners[a], owners[b]}:
                        found.add((owners[a], owners[b], tuple(run)))
    return found


def check(texts: list[list[int]], owners: list[int], least: int) -> None:
    """Compare the two methods: every run found is one, and of each pair's runs none that is longest is missed."""
    runs = list(exclusive_runs([np.array(t, dtype=np.int64) for t in texts], owners, least))
    expected = by_search(texts, owners, least)
    found = set()
    for run in runs:
        piece = texts[run.text][run.at : run.at + run.length]
        assert piece == texts[run.other_text][run.other_at : run.other_at + run.length]
        found.add((owners[run.text], owners[run.other_text], tuple(piece)))
    assert found <= expected
    for one, other, piece in expected:
        inside = [f for f in found if f[:2] == (one, other) and holds(list(f[2]), list(piece))]
        assert inside, (one, other, piece)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_runs_are_those_that_a_search_finds(data: st.DataObject) -> None:
    count = data.draw(st.integers(2, 6))
    texts = data.draw(st.lists(st.lists(st.integers(2, 5), max_size=14), min_size=count, max_size=count))
    owners = data.draw(st.lists(st.integers(-1, 3), min_size=count, max_size=count))
    check(texts, owners, 2)


def test_a_run_that_a_prompt_or_a_third_owner_has_is_left_out() -> None:
    words = Vocabulary()
    texts = [words.numbered(t.split()) for t in ("a b c d e f", "x b c d e y", "q c d e z")]
    assert list(exclusive_runs(texts, [0, 1, 2], 3)) == [Run(0, 1, 1, 1, 4)]
    assert list(exclusive_runs(texts[:2] + texts[1:2], [0, 1, RULED_OUT], 3)) == []
    assert list(exclusive_runs(texts[:2], [0, 0], 3)) == []


def test_repeated_text_takes_no_quadratic_time() -> None:
    loop = np.full(30_000, 2, dtype=np.int64)
    runs = list(exclusive_runs([loop, loop], [0, 1], 8))
    assert max(run.length for run in runs) == 30_000


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Don’t stop, 3.5!", ["Don", "’", "t", "stop", ",", "3", ".", "5", "!"]),
        ("中文abc テ", ["中", "文", "abc", "テ"]),
        ("e\u0301te\u0301", ["été"]),
        ("", []),
    ],
)
def test_tokens(text: str, expected: list[str]) -> None:
    assert tokens(text) == expected
    assert len(spans(text)) == len(expected)

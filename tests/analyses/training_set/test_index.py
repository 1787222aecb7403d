"""Planted rows are found as what they are, and nothing else is found."""

from __future__ import annotations

import numpy as np
import pytest

from tests.analyses.training_set.published import exchanges, sentence
from workbench.analyses.training_set.index import (
    RUN,
    Exchange,
    Match,
    Published,
    decide,
    fingerprints,
    longest_run,
)


def found_kinds(published: list[Exchange], given: list[Exchange]) -> list[dict[int, Match]]:
    """For each given exchange the rows that it agrees with, decided by the texts."""
    index = Published(published)
    decided = []
    for exchange, candidates in zip(given, index.candidates(given), strict=True):
        own = {}
        for one in candidates:
            decision = decide(one.kind, published[one.row].answer, exchange.answer)
            if decision:
                own[one.row] = decision.kind
        decided.append(own)
    return decided


def respaced(text: str) -> str:
    """Other white space and line ends."""
    return "\n\n" + text.replace(" ", "  ").replace(".  ", ".\r\n")


def requoted(text: str) -> str:
    """Typographic quotation marks and apostrophes."""
    return text.replace('"yes"', "“yes”").replace("'", "’")


def shortened(text: str) -> str:
    """Without its third sentence."""
    parts = text.split(". ")
    return ". ".join(parts[:2] + parts[3:])


@pytest.mark.parametrize("planted", [0, 1, 10, 200])
def test_planted_pairs_are_all_found_and_nothing_else(planted: int) -> None:
    rng = np.random.default_rng(planted)
    answers, others = exchanges(rng, 400), exchanges(rng, 600)
    copies = [Exchange(respaced(e.prompt), respaced(e.answer) if at % 2 else e.answer) for at, e in enumerate(answers)]
    found = found_kinds(others + copies[:planted], answers)
    assert found == [{600 + at: Match.PAIR} if at < planted else {} for at in range(400)]


def test_an_equal_long_answer_to_another_prompt_counts_and_a_short_one_does_not() -> None:
    rng = np.random.default_rng(7)
    (one,) = exchanges(rng, 1)
    brief = "Yes, that is so."
    rows = [Exchange("other prompt", one.answer), Exchange("another", brief), Exchange(one.prompt, "")]
    given = [one, Exchange("third", brief), Exchange("another", brief), Exchange(one.prompt, " ")]
    assert found_kinds(rows, given) == [{0: Match.ANSWER}, {}, {1: Match.PAIR}, {}]


@pytest.mark.parametrize("change", [requoted, shortened])
def test_small_changes_leave_a_near_answer(change: object) -> None:
    assert callable(change)
    rng = np.random.default_rng(11)
    answers = exchanges(rng, 300)
    rows = exchanges(rng, 300) + [Exchange(sentence(rng), change(e.answer)) for e in answers]
    found = found_kinds(rows, answers)
    kinds = [own.get(300 + at) for at, own in enumerate(found)]
    changed = [k for k, e in zip(kinds, answers, strict=True) if change(e.answer) != e.answer]
    assert sum(k is Match.NEAR for k in changed) >= 0.98 * len(changed) > 0
    assert all(set(own) <= {300 + at} for at, own in enumerate(found))


def test_a_long_run_in_other_text_is_found() -> None:
    rng = np.random.default_rng(13)
    answers = exchanges(rng, 40)
    words = [e.answer.split() for e in answers]
    rows = [Exchange("p", " ".join([sentence(rng)] * 8 + w[30:84] + [sentence(rng)] * 8)) for w in words]
    found = found_kinds(rows, answers)
    assert found == [{at: Match.RUN} for at in range(40)]


def test_two_texts_with_a_run_of_fifty_tokens_share_a_fingerprint() -> None:
    rng = np.random.default_rng(17)
    for _ in range(200):
        run = [str(n) for n in rng.integers(0, 9, RUN)]
        one = [f"a{n}" for n in rng.integers(0, 9, rng.integers(0, 40))]
        other = [f"b{n}" for n in rng.integers(0, 9, rng.integers(0, 40))]
        first, second = " ".join(one + run + one), " ".join(other + run + other)
        assert set(fingerprints(first).tolist()) & set(fingerprints(second).tolist())
        assert longest_run(first, second) == RUN


def test_no_rows_and_empty_texts() -> None:
    assert Published([]).candidates([Exchange("a", "b" * 400)]) == [[]]
    assert Published([Exchange("", "")]).candidates([Exchange("", "")]) == [[]]

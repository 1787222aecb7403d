"""Agreements of answers with published rows: counts, order in time, templates, and what happens without copying."""

from __future__ import annotations

import numpy as np
import pytest

from tests.analyses.training_set.published import exchanges
from workbench.analyses.training_set.compute import (
    Given,
    Row,
    agreements,
    coincidence,
    order_of,
    repetition,
    templates_of,
)
from workbench.analyses.training_set.index import Exchange, Match


def rows(given: list[Exchange], published: str | None = None) -> list[Row]:
    """Published rows of one corpus."""
    return [Row("set", at, exchange, published) for at, exchange in enumerate(given)]


def answers(given: list[Exchange], model: str = "P", time: str | None = None) -> list[Given]:
    """Answers of one model."""
    return [Given(model, at, exchange, time) for at, exchange in enumerate(given)]


@pytest.mark.parametrize("planted", [0, 1, 10, 100])
def test_planted_answers_are_counted_exactly(planted: int) -> None:
    rng = np.random.default_rng(planted)
    own, others, control = exchanges(rng, 200), exchanges(rng, 500), exchanges(rng, 200)
    published = rows(others + own[:planted], "2025-03")
    found = agreements(lambda: published, answers(own, time="2025-01-07T10:00:00") + answers(control, "C"))
    assert found.rows == 500 + planted
    assert found.answers == {"P": 200, "C": 200}
    assert dict(found.counts(["P"])) == ({Match.PAIR: planted} if planted else {})
    assert not found.counts(["C"])
    assert [(one.row, one.number, one.order) for one in found.found] == [(500 + n, n, "before") for n in range(planted)]


def test_a_row_counts_once_by_its_strongest_kind() -> None:
    rng = np.random.default_rng(1)
    (one,) = exchanges(rng, 1)
    given = [one, Exchange("other prompt", one.answer), one]
    found = agreements(lambda: rows([one]), answers(given))
    assert [a.kind for a in found.found] == [Match.PAIR, Match.ANSWER, Match.PAIR]
    assert found.counts(["P"]) == {Match.PAIR: 1}


def test_templates_are_dropped_and_counted() -> None:
    refusal = "I can't help with that. " * 12
    held = {f"C{n}": [refusal if n < 3 else "else", "only here"] for n in range(5)}
    templates = templates_of(held)
    assert len(templates) == 2
    found = agreements(lambda: rows([Exchange("q", refusal)]), answers([Exchange("q", refusal)]), templates)
    assert (found.found, found.templates) == ([], 1)
    assert len(agreements(lambda: rows([Exchange("q", refusal)]), answers([Exchange("q", refusal)])).found) == 1


@pytest.mark.parametrize(
    ("time", "published", "expected"),
    [
        ("2025-02-28T23:59:59Z", "2025-03", "before"),
        ("2025-03-01", "2025-03", "same"),
        ("2025-04-01", "2025-03-31", "after"),
        ("2025-12-31", "2026", "before"),
        (None, "2025", "unknown"),
        ("2025", None, "unknown"),
        ("2025", "2025-03-02", "same"),
    ],
)
def test_order_in_time(time: str | None, published: str | None, expected: str) -> None:
    assert order_of(time, published) == expected


def test_repetition_is_the_rate_of_equal_pairs() -> None:
    long, other = "a " * 150, "b " * 150
    found = repetition([[long, long, other], ["x", "x"], ["y"]])
    assert (found.pairs, found.equal, found.long_pairs, found.long_equal) == (4, 2, 3, 1)
    assert found.bits == pytest.approx(1.0)
    assert repetition([["x", "y"]]).bits is None


def test_coincidence_compares_models_and_not_samples() -> None:
    found = coincidence([{"A": ["x", "z"], "B": ["x"], "C": []}, {"A": ["x"], "B": ["y"], "D": ["x"]}])
    assert (found.pairs, found.equal) == (4, 2)

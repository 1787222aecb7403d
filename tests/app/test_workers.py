"""Work on all cores: in order, whole, read ahead, and ended when somebody stops."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from workbench.app.workers import Workers, in_turn

ROUNDS = [[1, 2, 3], [4], [], [5, 6], [7]]


def square(number: int) -> int:
    if number < 0:
        raise ValueError(number)
    return number * number


@pytest.mark.parametrize("workers", [1, 2])
def test_each_task_comes_back_once_and_in_order(workers: int) -> None:
    assert list(in_turn(Workers(square, workers), iter(ROUNDS))) == [(n, n * n) for n in range(1, 8)]
    assert list(in_turn(Workers(square, workers), iter([]))) == []


@pytest.mark.parametrize("workers", [1, 2])
def test_the_next_round_is_read_before_this_one_ends(workers: int) -> None:
    read = []

    def rounds() -> Iterator[list[int]]:
        for one in ROUNDS:
            read.append(one)
            yield one

    results = in_turn(Workers(square, workers), rounds())
    assert next(results) == (1, 1)
    assert read == ROUNDS[:2]
    results.close()
    assert read == ROUNDS[:2]
    assert list(in_turn(Workers(square, workers), iter([[2]]))) == [(2, 4)]


@pytest.mark.parametrize("workers", [1, 2])
def test_what_goes_wrong_in_a_worker_is_heard(workers: int) -> None:
    with pytest.raises(ValueError, match="-3"):
        list(in_turn(Workers(square, workers), iter([[1], [-3], [2]])))

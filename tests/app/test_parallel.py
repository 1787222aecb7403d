"""Work on all cores: in order, whole, taken as it is needed, and ended when somebody stops."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from workbench.app.parallel import in_turn


def square(number: int) -> int:
    if number < 0:
        raise ValueError(number)
    return number * number


@pytest.mark.parametrize("workers", [1, 2])
def test_each_task_comes_back_once_and_in_order(workers: int) -> None:
    assert list(in_turn(square, range(40), workers)) == [n * n for n in range(40)]
    assert list(in_turn(square, [], workers)) == []


@pytest.mark.parametrize("workers", [1, 2])
def test_tasks_are_taken_as_they_are_needed(workers: int) -> None:
    taken = []

    def tasks() -> Iterator[int]:
        for number in range(100_000):
            taken.append(number)
            yield number

    results = in_turn(square, tasks(), workers)
    assert [next(results), next(results)] == [0, 1]
    results.close()
    so_far = len(taken)
    assert so_far < 100_000
    time.sleep(0.1)
    assert len(taken) == so_far
    assert list(in_turn(square, [2], workers)) == [4]


@pytest.mark.parametrize("workers", [1, 2])
def test_what_goes_wrong_in_a_worker_is_heard(workers: int) -> None:
    with pytest.raises(ValueError, match="-3"):
        list(in_turn(square, [1, -3, 2], workers))

"""How numbers are printed: to the digits that their uncertainty bears, and never as more than they are."""

from __future__ import annotations

import pytest

from workbench.core import printed


@pytest.mark.parametrize(
    ("value", "low", "high", "words"),
    [
        (7.2668, 5.877, 8.763, "7.3 (5.9 to 8.8)"),
        (0.25419, 0.18783, 0.3297, "0.25 (0.19 to 0.33)"),
        (12.984, 10.3217, 15.7888, "13.0 (10.3 to 15.8)"),
        (233, 60, 558, "233 (60 to 558)"),
        (-0.004, -0.2, 0.2, "0.00 (−0.20 to 0.20)"),
        (0.5, 0.4951, 0.5049, "0.50 (0.50 to 0.50)"),
        (1.0, 1.0, 1.0, "1.00 (1.00 to 1.00)"),
        (12345.6, 11000.0, 13000.0, "12,346 (11,000 to 13,000)"),
        (5.0, -5.0, 14.93, "5 (−5 to 15)"),
    ],
)
def test_an_interval_takes_the_digits_that_its_half_width_bears(
    value: float, low: float, high: float, words: str
) -> None:
    assert str(printed.interval(value, low, high)) == words


@pytest.mark.parametrize(
    ("log10", "words"),
    [
        (1.25527, "18"), (-1.23045, "1/17"), (0.0, "1"), (0.019, "1"), (0.3, "2"), (0.5024, "3.2"), (1.9999, "100"),
        (1.996, "99"), (2.2, "200"), (3.05, "1,000"), (-2.2, "1/200"), (400.0, "1" + ",000" * 100),
    ],
)  # fmt: skip
def test_a_ratio_has_two_digits_and_one_from_a_hundred_on(log10: float, words: str) -> None:
    assert printed.ratio(log10) == words


def test_shares_are_natural_frequencies() -> None:
    assert printed.counted(16, 298) == "16 of 298"
    assert printed.counted(34, 1654) == "2.1 %"
    assert (printed.up_to(298), printed.up_to(36)) == ("up to 3", "up to 3")
    assert printed.one_in(printed.none_of(17)) == "1 in 6"
    assert [printed.percent(x) for x in (0, 0.0001, 0.05, 0.5442, 0.99951, 1)] == [
        "0 %", "under 0.1 %", "5.0 %", "54 %", "over 99.9 %", "100 %",
    ]  # fmt: skip


def test_sizes_hashes_and_times_are_as_people_say_them() -> None:
    assert [printed.size(n) for n in (999, 1_553_172, 8_800_000_000)] == ["999 bytes", "1.6 MB", "8.8 GB"]
    assert printed.grouped("fd3c52f3ce759879") == "fd3c 52f3 ce75 9879"
    assert printed.grouped("fd3c52f3ce759879", 2) == "fd3c 52f3"
    time = "2026-11-30T23:12:07.000+00:00"
    assert (printed.day(time), printed.minute(time)) == ("30 November 2026", "30 November 2026, 23:12 UTC")
    assert (printed.second(time), printed.day("some day")) == ("23:12:07", "some day")
    assert (printed.month("2024-05"), printed.month("2024-05-13"), printed.month("2024")) == ("May 2024",) * 2 + (
        "2024",
    )
    assert printed.year_month(2024 + 4 / 12) == "2024-05"
    assert printed.listed(["a", "b", "c"]) == "a, b and c"
    assert printed.listed(list("abcdefgh"), 3) == "a, b, c and 5 more"

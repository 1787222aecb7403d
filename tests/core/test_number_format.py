"""Numbers in words: signs, zeros, small shares."""

from __future__ import annotations

import pytest

from workbench.core.number_format import number, percent, share, small_share
from workbench.core.printed import p_value


@pytest.mark.parametrize(
    ("value", "said"), [(-1.005, "−1.00"), (-0.001, "0.00"), (0.0, "0.00"), (2.345678, "2.35"), (-12.0, "−12.00")]
)
def test_numbers_have_a_true_minus_and_no_negative_zero(value: float, said: str) -> None:
    assert number(value) == said


def test_shares_and_p() -> None:
    assert [share(value) for value in (0.0, 0.0007, 0.056, 0.9995, 1.0)] == [
        "0.0 %",
        "under 0.1 %",
        "5.6 %",
        "over 99.9 %",
        "100.0 %",
    ]
    assert [small_share(value) for value in (0.0, 0.02, 0.0949, 0.1, 1.0)] == ["0 %", "2.0 %", "9.5 %", "10 %", "100 %"]
    assert percent(0.8) == "80 %"
    assert [p_value(value) for value in (1.0, 0.05, 0.00042)] == ["1.000", "0.050", "0.0004"]

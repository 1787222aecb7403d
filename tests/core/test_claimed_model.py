"""The model claimed against the models that records name."""

from __future__ import annotations

import pytest

from workbench.core.claimed_model import disagreement, other_models, snapshots
from workbench.core.model import Facts


@pytest.mark.parametrize(
    ("name", "facts", "others"),
    [
        ("m", Facts(), ()),
        ("m", Facts(named=("M", "maker/m")), ()),
        ("m", Facts(named=("m-2024",)), ("m-2024",)),
        ("c", Facts(claimed="maker/m", named=("m",)), ()),
        ("m", Facts(claimed="x", named=("m",)), ("m",)),
        ("m", Facts(claimed="x, m", named=("m",)), ()),
    ],
)
def test_other_models(name: str, facts: Facts, others: tuple[str, ...]) -> None:
    assert other_models(name, facts) == others
    assert bool(disagreement(name, facts)) is bool(others)
    assert snapshots(name, facts) == ""


@pytest.mark.parametrize(
    ("claimed", "named"),
    [
        ("gpt-4o-mini", "gpt-4o-mini-2024-07-18"), ("Claude-3-5-sonnet-latest", "anthropic/claude-3-5-sonnet-20241022"),
        ("gpt-4", "gpt-4-0613"), ("command-r", "command-r-08-2024"), ("small", "maker/small-2407"), ("m", "m@20250101"),
    ],
)  # fmt: skip
def test_a_dated_snapshot_is_no_other_model(claimed: str, named: str) -> None:
    facts = Facts(claimed=claimed, named=(named,))
    assert disagreement("c", facts) == ""
    assert snapshots("c", facts) == f"The records of c name {named}: a dated snapshot of {claimed}."


@pytest.mark.parametrize(
    ("claimed", "named"),
    [
        ("gpt-4o", "gpt-4o-mini-2024-07-18"), ("gpt-4o-mini", "gpt-4o-2024-08-06"), ("m-2024-01-01", "m-2024-02-01"),
        ("gpt-4-0613", "gpt-4"), ("m", "m-7001"), ("m-3", "m-3.5"), ("m", "m-70b"),
    ],
)  # fmt: skip
def test_another_model_is_one_with_and_without_a_date(claimed: str, named: str) -> None:
    facts = Facts(claimed=claimed, named=(named,))
    assert other_models("c", facts) == (named,)
    assert snapshots("c", facts) == ""

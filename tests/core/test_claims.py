"""The model claimed against the models that records name."""

from __future__ import annotations

import pytest

from workbench.core.claims import disagreement, other_models
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

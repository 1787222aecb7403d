"""One declaration of a parameter, and everything that is checked by it."""

from __future__ import annotations

import pytest

from workbench.core.errors import UsageError
from workbench.core.params import Param, declared, param, resolve


class Base:
    number = param(5, "Number", unit="pieces", low=1, high=9)


class Owner(Base):
    share = param(0.5, "Share", low=0.0, high=1.0)
    way = param("left", "Way", choices=("left", "right"))
    flag = param(False, "Flag")
    other = "no parameter"


def test_declared_in_order_base_first() -> None:
    assert list(declared(Owner)) == ["number", "share", "way", "flag"]
    assert isinstance(declared(Owner)["number"], Param)


def test_text_becomes_the_parameters_own_type() -> None:
    given = {"number": "7", "share": "0.25", "way": "right", "flag": "yes"}
    assert resolve(Owner, given) == {"number": 7, "share": 0.25, "way": "right", "flag": True}
    assert resolve(Owner, {}) == {"number": 5, "share": 0.5, "way": "left", "flag": False}


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("number", 0, "below 1 pieces"),
        ("number", 10, "above 9 pieces"),
        ("number", 2.5, "not a whole number"),
        ("number", "many", "not a whole number"),
        ("number", float("inf"), "not a whole number"),
        ("share", "half", "not a number"),
        ("share", float("nan"), "not a number"),
        ("share", None, "not a number"),
        ("way", "up", "not one of left, right"),
        ("flag", "perhaps", "neither yes nor no"),
        ("wrong", 1, "Unknown parameter wrong"),
    ],
)
def test_what_does_not_fit_is_said(name: str, value: object, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        resolve(Owner, {name: value})

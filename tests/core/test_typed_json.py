"""Records become plain JSON and tables, and come back from them checked."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

import pytest

from workbench.core.errors import CaseError
from workbench.core.model import Column, Json, Table
from workbench.core.typed_json import Interval, plain, read, rows, table


@dataclass(frozen=True, slots=True)
class Part:
    name: str
    ends: Interval


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    share: float
    count: int
    parts: tuple[Part, ...]
    by_name: Mapping[str, Part]
    free: Mapping[str, Json]
    later: int | None = None
    last: str


@dataclass(frozen=True, slots=True)
class Row:
    place: Annotated[int, "Place"]
    name: Annotated[str, "Name"]
    share: Annotated[float | None, "Share"] = None
    tied: Annotated[bool, "Tied"] = False


PART = Part("a", (0.0, 1.5))
WHOLE = Whole(share=1.0, count=2, parts=(PART,), by_name={"x": PART}, free={"a": [1, {"b": None}]}, last="z")


def test_a_record_comes_back_from_json() -> None:
    stored = json.loads(json.dumps(plain(WHOLE)))
    assert read(Whole, stored) == WHOLE
    assert plain(read(Whole, stored)) == stored
    assert list(stored) == ["share", "count", "parts", "by_name", "free", "later", "last"]
    assert stored["parts"] == [{"name": "a", "ends": [0.0, 1.5]}]


def test_whole_numbers_serve_as_floats_and_what_early_versions_lack_has_a_default() -> None:
    stored = plain(WHOLE) | {"share": 1, "more": "of a later version"}
    del stored["later"]
    assert read(Whole, stored) == WHOLE


@pytest.mark.parametrize("wrong", [{"share": "1"}, {"count": 1.5}, {"parts": [{"name": "a"}]}, {"last": None}])
def test_a_value_that_does_not_fit_is_named(wrong: dict[str, Json]) -> None:
    with pytest.raises(CaseError, match=rf"\$\.{next(iter(wrong))}"):
        read(Whole, plain(WHOLE) | wrong)


def test_rows_make_a_table_and_come_back_from_it() -> None:
    some = [Row(1, "a", 0.5, tied=True), Row(2, "b")]
    made = table(Row, some)
    assert made.columns == (
        Column("place", "integer", "Place"),
        Column("name", "text", "Name"),
        Column("share", "number", "Share"),
        Column("tied", "flag", "Tied"),
    )
    assert made.rows == ((1, "a", 0.5, True), (2, "b", None, False))
    assert rows(Row, made) == some


def test_further_columns_are_passed_over() -> None:
    stored = Table((Column("name", "text"), Column("more", "number"), Column("place", "integer")), (("a", 1.5, 3),))
    assert rows(Row, stored) == [Row(3, "a")]

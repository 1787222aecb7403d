"""Lists of a pack, read back."""

from __future__ import annotations

import csv

import pytest

from workbench.core.csv_lists import records_in, rows_in

LONG = "x" * 200_000


def test_cells_may_be_longer_than_pythons_own_limit() -> None:
    csv.field_size_limit(131_072)
    table = f'\ufeffname,text\r\none,"{LONG}"\r\n'.encode()
    assert list(rows_in(table)) == [["name", "text"], ["one", LONG]]
    csv.field_size_limit(131_072)
    assert list(records_in(table)) == [{"name": "one", "text": LONG}]


@pytest.mark.parametrize("table", [b'a,b\r\n"one"x,2\r\n', b'"never closed', b"\xff\xfe"])
def test_what_is_no_list_is_an_error(table: bytes) -> None:
    with pytest.raises((csv.Error, ValueError)):
        list(rows_in(table))

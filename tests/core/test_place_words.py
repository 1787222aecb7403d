"""Where a record stands, in words."""

from __future__ import annotations

import pytest

from workbench.core.place_words import listed, place_words


@pytest.mark.parametrize(
    ("member", "number", "offset", "length", "words"),
    [
        ("", 2, 120, 60, "record 3, bytes 120 to 180"),
        ("a/one.jsonl", 0, 0, 8, "a/one.jsonl, record 1, bytes 0 to 8"),
        ("", 4, 90, 0, "record 5, at byte 90"),
        ("row 3", 1, 0, 0, "row 3"),
        ("Answers row 3", 1, 0, 0, "sheet “Answers”, row 3"),
        ("A row 2 row 3", 1, 0, 0, "sheet “A row 2”, row 3"),
        ("in.zip!/book.xlsx!/Answers row 3", 1, 0, 0, "in.zip!/book.xlsx, sheet “Answers”, row 3"),
        ("Answers row 3", 1, 0, 40, "Answers row 3, record 2, bytes 0 to 40"),
    ],
)
def test_places_are_put_in_words(member: str, number: int, offset: int, length: int, words: str) -> None:
    assert place_words(member, number, offset, length) == words


def test_a_reason_that_many_share_stands_once() -> None:
    rejections = (("record 1", "a"), *((f"record {n}", "b") for n in range(2, 9)), ("record 9", "c"))
    reasons = (("a", 1, "record 1"), ("b", 1540, "record 2"), ("c", 1, "record 9"))
    assert listed(rejections, reasons) == [
        ("1,540 records, the first at record 2", "b"),
        ("record 1", "a"),
        ("record 9", "c"),
    ]
    assert listed(rejections, ()) == list(rejections)

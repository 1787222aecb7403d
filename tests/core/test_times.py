"""Times in UTC, and those whose zone nobody knows."""

from __future__ import annotations

import pytest

from workbench.core.collection_times import in_utc


@pytest.mark.parametrize(
    ("given", "utc"),
    [
        (None, None),
        ("2024-05-01T10:00:00Z", "2024-05-01T10:00:00Z"),
        ("2024-05-01 10:00:00+02:00", "2024-05-01T08:00:00Z"),
        ("2024-05-01T10:00:00", None),
        ("1711475054", "2024-03-26T17:44:14Z"),
        ("1686286924.5", "2023-06-09T05:02:04.500000Z"),
        ("1714564801500", "2024-05-01T12:00:01.500000Z"),
        ("17145648015001", None),
        ("yesterday", None),
        ("0001-01-01T00:00:00+23:00", None),
    ],
)
def test_times_in_utc_only_where_the_zone_is_known(given: str | None, utc: str | None) -> None:
    assert in_utc(given) == utc

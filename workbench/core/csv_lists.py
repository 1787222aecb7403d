"""The lists of a pack, read back: CSV in UTF-8 whose cells may be as long as what people write into them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

LONGEST = 64 << 20
"""Characters of a cell. Python's own limit is 131,072, and a system prompt or a reason may have more."""


def rows_in(table: bytes) -> Iterator[list[str]]:
    """The rows of a list, its header first. Raises csv.Error and ValueError for what is none."""
    csv.field_size_limit(max(csv.field_size_limit(), LONGEST))
    return csv.reader(io.StringIO(table.decode("utf-8-sig"), newline=""), strict=True)


def records_in(table: bytes) -> Iterator[dict[str, str]]:
    """The rows of a list by the names in its header. Raises csv.Error and ValueError for what is none."""
    csv.field_size_limit(max(csv.field_size_limit(), LONGEST))
    return csv.DictReader(io.StringIO(table.decode("utf-8-sig"), newline=""), strict=True)

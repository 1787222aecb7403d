"""Why records of an import were not taken, each reason once with how many records share it."""

from __future__ import annotations

import sqlite3
from typing import NamedTuple

from workbench.store.rows import RejectedRow


class ReasonCount(NamedTuple):
    """A reason, how many records it was given for, and the first of them."""

    reason: str
    records: int
    first: RejectedRow


def reasons(connection: sqlite3.Connection, import_id: int, limit: int) -> list[ReasonCount]:
    """The reasons of an import in the order in which they came first, at most `limit`."""
    # Beside min() SQLite takes the other columns from the row that has the least id.
    rows = connection.execute(
        "SELECT min(id), count(*), import, place, offset, length, member, reason FROM rejections WHERE import = ? "
        "GROUP BY reason ORDER BY 1 LIMIT ?",
        (import_id, limit),
    )
    return [ReasonCount(first[-1], count, RejectedRow(*first)) for _, count, *first in rows]

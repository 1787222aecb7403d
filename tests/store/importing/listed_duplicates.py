"""Duplicates as a case lists them, and as plain Python finds them."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.core.model import Response
from workbench.store import Case

Listed = tuple[int, str, int, str, int]


def listed(case: Case, import_id: int | None = None) -> list[Listed]:
    """The duplicates as import, file and place, file and place of the twin."""
    return [
        (row.import_id, row.place.source.name, row.place.index, row.twin.source.name, row.twin.index)
        for row in case.duplicates(import_id)
    ]


def expected(files: Sequence[tuple[str, Sequence[Response]]]) -> list[Listed]:
    """What plain Python says of some files of one corpus: every record that was met before, with where."""
    first: dict[tuple[object, ...], tuple[str, int]] = {}
    found = []
    for number, (name, items) in enumerate(files, 1):
        for item in items:
            record = (item.prompt, item.text, item.prompt_key, item.record_id, item.sample)
            if record in first:
                found.append((number, name, item.number, *first[record]))
            first.setdefault(record, (name, item.number))
    return found

"""The first records of a JSON file in any layout, and what to know of a file before it is mapped."""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Sequence
from itertools import islice

import orjson

from workbench.core.errors import BadInputError
from workbench.core.model import Json
from workbench.core.progress import silent
from workbench.core.text import one_line
from workbench.importers.archive import words_of_archive
from workbench.importers.base import Opened, Options
from workbench.importers.endings import cut_off
from workbench.importers.mapped_object import object_records
from workbench.importers.mapping.layout import ARRAY, LINES, VALUE, Layout
from workbench.importers.other_encodings import words_of
from workbench.importers.reading.sample import first_records
from workbench.importers.reading.window import Window

_MOST_NAMED = 8


def records_seen(opened: Opened, layout: Layout, data: bytes, count: int) -> list[Json]:
    """The first records that can be read, from the file's beginning."""
    if layout.kind in (ARRAY, LINES):
        found = first_records(opened, count, array=layout.kind == ARRAY, whole=data)
        return [record if isinstance(record, dict) else {VALUE: record} for record in found]
    sample = dataclasses.replace(opened, stream=lambda: io.BytesIO(data), head=data[: len(opened.head)], size=len(data))
    with Window(sample, silent) as window:
        try:
            spans = object_records(window, opened, layout.records, orjson.loads)
            return list(islice((span.value for span in spans if span.value is not None), count))
        except BadInputError:
            return []


def notes_of(opened: Opened, records: Sequence[Json]) -> tuple[str, ...]:
    """What to know before importing: a missing end, another encoding, sheets, and columns instead of records."""
    if not opened.container:
        return (*filter(None, [cut_off(opened)]), *words_of(opened), *_columns_instead(records))
    if opened.container == "xlsx":
        from workbench.importers.containers.workbook import sheets

        found = sheets(opened)
        if len(found) == 1 and not found[0][1]:
            return ()
        named = [f"“{one_line(name, 40)}”{' (hidden)' if hidden else ''}" for name, hidden in found[:_MOST_NAMED]]
        more = f" and {len(found) - _MOST_NAMED} more" if len(found) > _MOST_NAMED else ""
        return (f"It has the sheets {', '.join(named)}{more}; each that has the columns is read, hidden or not.",)
    return words_of_archive(opened, Options()) or _columns_instead(records)


def _columns_instead(records: Sequence[Json]) -> tuple[str, ...]:
    if len(records) == 1 and isinstance(records[0], dict) and _columns(records[0]):
        return (
            "It holds columns, not records: write it record by record (pandas: orient=“records”), and import that.",
        )
    return ()


def _columns(record: dict[str, Json]) -> bool:
    """Whether all values of a record are lists, or objects with one set of keys, of one length."""
    values = list(record.values())
    if len(values) < 2 or not all(isinstance(value, list | dict) and len(value) > 1 for value in values):
        return False
    if all(isinstance(value, list) for value in values):
        return len({len(value) for value in values}) == 1 and not any(isinstance(v[0], dict | list) for v in values)
    return len({tuple(value) if isinstance(value, dict) else () for value in values}) == 1

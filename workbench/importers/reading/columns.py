"""Tables in JSON, column by column or as rows under a list of names: `split` and default forms of pandas, and others.

A row of the form `split` has a place of its own. Of the others, which are taken whole, each row's place is that of the
whole object.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeVar

import orjson

from workbench.core.errors import BadInputError
from workbench.core.model import Json
from workbench.importers import base
from workbench.importers.reading.nested import nested_spans
from workbench.importers.reading.objects import object_spans
from workbench.importers.reading.window import Span, Window

T = TypeVar("T")

NAMES, DATA = "columns", "data"
_LOOKED_AT = 20


def split_names(value: Mapping[str, Json]) -> list[str] | None:
    """The names of the columns where an object holds rows under them; None where it is something else."""
    names, data = value.get(NAMES), value.get(DATA)
    if not isinstance(names, list) or not isinstance(data, list) or not names or not data:
        return None
    named = all(isinstance(name, str) for name in names)
    fits = all(isinstance(row, list) and len(row) == len(names) for row in data[:_LOOKED_AT])
    return list(map(str, names)) if named and fits else None


def turned(value: Mapping[str, Json]) -> list[dict[str, Json]] | None:
    """The rows of an object whose values are columns; None where they are not all of one kind and length."""
    columns = list(value.values())
    if len(columns) < 2:
        return None
    if all(isinstance(column, list) for column in columns):
        if len({len(column) for column in columns}) != 1:
            return None
        return [dict(zip(value, row, strict=True)) for row in zip(*columns, strict=True)]
    if not all(isinstance(column, dict) for column in columns) or len({tuple(column) for column in columns}) != 1:
        return None
    return [{name: column[key] for name, column in value.items()} for key in columns[0]]


def split_spans(window: Window, names: Sequence[str], parse: Callable[[bytes], Json]) -> Iterator[Span[Json]]:
    """The rows under a list of names, each as an object. Raises BadInputError where there is no list of rows."""
    for span in nested_spans(window, (DATA,), orjson.loads):
        if not isinstance(span.value, list) or span.raw is None:
            yield span._replace(value=None)
        elif len(span.value) != len(names):
            reason = f"the row has {len(span.value)} cells where there are {len(names)} columns"
            yield span._replace(value=None, raw=None, reason=reason)
        else:
            yield span._replace(value=_parsed(parse, dict(zip(names, span.value, strict=True))))


def column_spans(window: Window, parse: Callable[[bytes], Json]) -> Iterator[Span[Json]]:
    """The rows of an object whose values are columns. Raises BadInputError for one that is too large or none."""
    number = 0
    for span in object_spans(window, orjson.loads):
        rows = turned(span.value) if isinstance(span.value, dict) else None
        if rows is None:
            if span.length > base.MAX_RECORD:
                raise BadInputError(
                    f"The file holds columns of more than {base.MAX_RECORD >> 20} MB, which are not read at once.",
                    hint="Write it record by record (pandas: orient=“records”), and import that.",
                )
            yield span._replace(number=number, value=None)
            number += 1
            continue
        for row in rows:
            yield Span(number, span.offset, span.length, span.raw, _parsed(parse, row))
            number += 1


def _parsed(parse: Callable[[bytes], Json], row: dict[str, Json]) -> Json:
    return parse(orjson.dumps(row))

"""The first records of a file, for those who must say what it is."""

from __future__ import annotations

import codecs
import dataclasses
import io
import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from itertools import islice

import orjson

from workbench.core.errors import BadInputError
from workbench.core.model import Json
from workbench.core.progress import silent
from workbench.importers.base import Opened
from workbench.importers.containers.file_kind import HEAD
from workbench.importers.reading import tolerant_parse
from workbench.importers.reading.arrays import array_spans
from workbench.importers.reading.csv_rows import has_delimiter, records_of_rows
from workbench.importers.reading.lines import each, line_spans
from workbench.importers.reading.nested import nested_spans
from workbench.importers.reading.window import Span, Window

_TOKEN = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|([{\[])|([}\]])|(,)|(")', re.DOTALL)
_CLOSERS = {b"{": b"}", b"[": b"]"}
_LONGEST_ESCAPE = 12
_DEEPEST = 1000
"""No format that is known here nests deeper."""


def close_json(start: bytes) -> bytes:
    """The start of a JSON value with its open text and brackets closed; unchanged where that makes no JSON.

    What can't be close_json, such as a key without its value, is dropped back to the last comma or opening bracket.
    """
    stack: list[bytes] = []
    before: tuple[int, list[bytes]] = (0, [])
    ends = [start]
    for token in _TOKEN.finditer(start):
        if token.lastindex == 1:
            stack.append(_CLOSERS[token.group()])
            if len(stack) > _DEEPEST:
                return start
            before = token.end(), list(stack)
        elif token.lastindex == 2 and stack:
            stack.pop()
        elif token.lastindex == 3:
            before = token.start(), list(stack)
        elif token.lastindex == 4:
            # The cut may have gone through an escape or a character.
            ends = [start[: len(start) - back] + b'"' for back in range(_LONGEST_ESCAPE)]
            break
    for end, brackets in [*((end, stack) for end in ends), (start[: before[0]], before[1])]:
        whole = end + b"".join(reversed(brackets))
        try:
            orjson.loads(whole)
        except ValueError:
            continue
        return whole
    return start


LOOK = 4 << 20


def begins_with(opened: Opened) -> str:
    """The first character that is not white space; empty when the head has none."""
    start = opened.head.removeprefix(codecs.BOM_UTF8).lstrip()[:1]
    return start.decode("ascii", "replace")


def first_records(
    opened: Opened, count: int, *, array: bool, whole: bytes | None = None, cut: bool = False
) -> list[Json]:
    """The first readable elements of an array or lines, from the head or from `whole`, which may be cut off."""
    data = opened.head if whole is None else whole
    sample = dataclasses.replace(opened, stream=lambda: io.BytesIO(data), head=data[: len(opened.head)], size=len(data))
    with Window(sample, silent) as window:
        spans = array_spans(window, orjson.loads) if array else line_spans(window, each(orjson.loads))
        return list(islice(_values(spans, cut=cut), count))


def first_rows(opened: Opened, count: int) -> list[Json]:
    """The first records of a text, be they lines, an array, or the rows of a table under their names."""
    first = begins_with(opened)
    if first in ("[", "{"):
        return first_records(opened, count, array=first == "[", cut=len(opened.head) == HEAD)
    if not has_delimiter(opened.head):
        return []
    sample = dataclasses.replace(opened, stream=lambda: io.BytesIO(opened.head), size=len(opened.head))
    with Window(sample, silent) as window:
        try:
            found = [span.value for span in islice(records_of_rows(window, opened), count) if span.value is not None]
        except BadInputError:
            return []
    return found[:-1] if len(opened.head) == HEAD and len(found) < count else found


def first_megabytes(opened: Opened) -> bytes:
    """The first megabytes of the stream, for a preview."""
    with opened.stream() as stream:
        return stream.read(LOOK)


def most_are(
    opened: Opened,
    knows: Callable[[Mapping[str, Json]], bool],
    inside: tuple[str, ...] = (),
    *,
    documents: bool = False,
) -> bool:
    """Whether more than half of the first records are such as `knows` says.

    `inside` is the path to their list, where one object holds them all; with `documents` an object over several lines
    is a record too.
    """
    if documents and begins_with(opened) == "{" and is_one_object(opened):
        whole = _document(opened)
        return whole is not None and knows(whole)
    records = _first(opened, inside)
    return 2 * sum(knows(record) for record in records) > len(records) > 0


@lru_cache(maxsize=8)
def _first(opened: Opened, inside: tuple[str, ...]) -> tuple[Mapping[str, Json], ...]:
    """The first records that are objects; where the first megabytes hold no whole one, what can be read of it."""
    first = begins_with(opened)
    if first not in ("[", "{"):
        return ()
    found = _objects(opened, opened.head, inside, cut=len(opened.head) == HEAD)
    if not found and len(opened.head) == HEAD:
        more = first_megabytes(opened)
        found = _objects(opened, more, inside, cut=len(more) == LOOK)
    return tuple(found or _objects(opened, close_json(opened.head), inside) or _objects(opened, opened.head, inside))


def document(opened: Opened) -> Mapping[str, Json]:
    """The object that a file is, on one line or on many, as far as its first megabytes have it; or an empty one."""
    return (_document(opened) if begins_with(opened) == "{" else None) or {}


@lru_cache(maxsize=8)
def _document(opened: Opened) -> Mapping[str, Json] | None:
    """The object that a file is, as far as its first megabytes have it."""
    data = opened.head if len(opened.head) < HEAD else first_megabytes(opened)
    for end in (data, close_json(data)):
        try:
            value = orjson.loads(end.removeprefix(codecs.BOM_UTF8))
        except ValueError:
            continue
        return value if isinstance(value, dict) else None
    return None


def _objects(opened: Opened, data: bytes, inside: tuple[str, ...], *, cut: bool = False) -> list[Mapping[str, Json]]:
    array = begins_with(opened) == "["
    if array or not inside:
        records = first_records(opened, 5, array=array, whole=data, cut=cut)
    else:
        records = _inner_records(opened, data, inside, cut=cut)
    return [record for record in records if isinstance(record, dict)]


def _inner_records(opened: Opened, data: bytes, inside: tuple[str, ...], *, cut: bool) -> list[Json]:
    sample = dataclasses.replace(opened, stream=lambda: io.BytesIO(data), head=data[:HEAD], size=len(data))
    with Window(sample, silent) as window:
        try:
            return list(islice(_values(nested_spans(window, inside, orjson.loads), cut=cut), 5))
        except BadInputError:
            return []


def _values(spans: Iterator[Span[Json]], *, cut: bool) -> Iterator[Json]:
    for span in spans:
        value = _value(span)
        if value is not None:
            yield value
        elif cut and span.raw is None:
            return  # what looks like the next records may stand inside the one that was cut off


def _value(span: Span[Json]) -> Json:
    if span.value is not None or span.raw is None:
        return span.value
    try:
        return tolerant_parse.parse(span.raw)[0]
    except tolerant_parse.RecordError:
        return None


def is_one_object(opened: Opened) -> bool:
    """Whether the first line is the start of an object that goes on in the next ones."""
    start = opened.head.removeprefix(codecs.BOM_UTF8).lstrip()
    first, found, rest = start.partition(b"\n")
    try:
        orjson.loads(first)
    except ValueError:
        # Indented keys follow in a pretty-printed object; a damaged line is followed by another record.
        return bool(found) and rest.lstrip()[:1] in (b'"', b"}", b"]", b"")
    return False

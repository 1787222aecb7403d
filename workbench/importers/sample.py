"""The first records of a file, for those who must say what it is."""

from __future__ import annotations

import codecs
import dataclasses
import io
from collections.abc import Iterator
from itertools import islice

import orjson

from workbench.core.model import Json
from workbench.core.progress import silent
from workbench.importers import tolerant
from workbench.importers.arrays import array_spans
from workbench.importers.base import Opened
from workbench.importers.lines import line_spans
from workbench.importers.window import Span, Window

LOOK = 4 << 20


def begins_with(opened: Opened) -> str:
    """The first character that is not white space; empty when the head has none."""
    start = opened.head.removeprefix(codecs.BOM_UTF8).lstrip()[:1]
    return start.decode("ascii", "replace")


def first_records(opened: Opened, count: int, *, array: bool, whole: bytes | None = None) -> list[Json]:
    """The first readable elements of an array or lines, from the head or from `whole`."""
    data = opened.head if whole is None else whole
    sample = dataclasses.replace(opened, stream=lambda: io.BytesIO(data), head=data[: len(opened.head)], size=len(data))
    with Window(sample, silent) as window:
        spans: Iterator[Span[Json]] = (array_spans if array else line_spans)(window, orjson.loads)
        found = (_value(span) for span in spans)
        return list(islice((value for value in found if value is not None), count))


def look(opened: Opened) -> bytes:
    """The first megabytes of the stream, for a preview."""
    with opened.stream() as stream:
        return stream.read(LOOK)


def has_keys(opened: Opened, *names: str) -> bool:
    """Whether one of the first records is an object with these keys.

    Where the head holds no whole record, the keys need only stand in it.
    """
    records = first_records(opened, 5, array=begins_with(opened) == "[")
    if records:
        return any(isinstance(r, dict) and all(name in r for name in names) for r in records)
    return all(f'"{name}"'.encode() in opened.head for name in names)


def _value(span: Span[Json]) -> Json:
    if span.value is not None or span.raw is None:
        return span.value
    try:
        return tolerant.parse(span.raw)[0]
    except tolerant.RecordError:
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

"""Files of a known form that somebody changed: fields renamed, left out or emptied, lines cut away, the end missing."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from typing import Any

from tests.importers.damages import places, truncated, wrong_types

_KEY = re.compile(rb'"([^"\\\n]{1,40})":')
NEW_NAMES = (
    b"prompt", b"response", b"answer", b"text", b"content", b"role", b"messages", b"output", b"input", b"id", b"model",
    b"sender", b"from", b"value", b"data", b"type", b"question", b"score", b"completion", b"author", b"thought",
)  # fmt: skip
EMPTY = (b'""', b"null", b"{}", b"[]", b"5")
ENDINGS = (".jsonl", ".json", ".csv", ".tsv", ".txt", ".md", ".html", ".zip", ".parquet", "")


def fields_renamed(source: random.Random, data: bytes) -> bytes:
    """Some fields under another name wherever they stand, or a column of a table."""
    for _ in range(source.choice([1, 1, 2, 4])):
        keys = sorted(set(_KEY.findall(data)))
        new = source.choice(NEW_NAMES)
        if keys:
            data = data.replace(b'"%b":' % source.choice(keys), b'"%b":' % new)
        else:
            head, line_end, rest = data.partition(b"\n")
            cells = head.split(b",")
            cells[source.randrange(len(cells))] = new
            data = b",".join(cells) + line_end + rest
    return data


def fields_left_out(source: random.Random, data: bytes) -> bytes:
    """The JSON without one or two fields, wherever they stand; other text as it is."""
    try:
        records = [json.loads(line) for line in data.splitlines()]
    except ValueError:
        try:
            records = [json.loads(data)]
        except ValueError:
            return data
    names = sorted({step for _, step in places(records) if isinstance(step, str)})
    gone = set(source.sample(names, min(len(names), source.choice([1, 1, 2]))))
    return b"\n".join(json.dumps(_without(record, gone)).encode() for record in records)


def _without(value: Any, gone: set[str]) -> Any:
    if isinstance(value, dict):
        return {key: _without(inner, gone) for key, inner in value.items() if key not in gone}
    return [_without(inner, gone) for inner in value] if isinstance(value, list) else value


def lines_kept(source: random.Random, data: bytes) -> bytes:
    """Some lines that follow each other, and no others."""
    lines = data.splitlines(keepends=True)
    count = source.randint(min(1, len(lines)), len(lines))
    first = source.randint(0, len(lines) - count)
    return b"".join(lines[first : first + count])


def values_emptied(source: random.Random, data: bytes) -> bytes:
    """Nothing, or what is no text, in place of all texts of a field."""
    keys = sorted(set(_KEY.findall(data)))
    if not keys:
        return data
    text = re.compile(rb'("%b":\s*)"(?:[^"\\]|\\.)*"' % re.escape(source.choice(keys)))
    return text.sub(lambda found: found[1] + source.choice(EMPTY), data)


OF_TEXT: tuple[Callable[[random.Random, bytes], bytes], ...] = (
    fields_renamed, fields_renamed, fields_left_out, fields_left_out, lines_kept, values_emptied,
    truncated, wrong_types,
)  # fmt: skip


def reshaped(source: random.Random, data: bytes, *, text: bool) -> bytes:
    """The file after one or two changes, sometimes after none; one that is no text loses its end alone."""
    for _ in range(source.choice([0, 1, 1, 1, 2])):
        if data:
            data = (source.choice(OF_TEXT) if text else truncated)(source, data)
    return data

"""Dotted paths into nested records, such as `response.choices.0.message.content`."""

from __future__ import annotations

import re
from typing import Final

import orjson

from workbench.core.errors import UsageError
from workbench.core.model import Json

MISSING: Final = object()
"""What a path finds where there is nothing; null is something."""

_PART = re.compile(r"(?:\\.|[^.\\])+")


class Path:
    r"""One dotted path; a part that is a number takes an element of a list (negative: from its end).

    It goes on into a text that is JSON, such as a body in a cell of a table. A dot inside a key is written `\.`;
    a key that equals the whole path is found first. Raises UsageError for a path with empty parts.
    """

    def __init__(self, text: str) -> None:
        parts = [re.sub(r"\\(.)", r"\1", part) for part in _PART.findall(text)]
        if not parts or ".".join(_PART.findall(text)) != text:
            raise UsageError(f"“{text}” is not a path.", hint="Write keys and list indexes with dots between them.")
        self.text = text
        self.parts = tuple(parts)
        self._whole = self.parts == (text,)
        self._steps = tuple((part, _index(part)) for part in parts)

    def find(self, record: Json) -> Json:
        """What stands there in a record, or `MISSING`."""
        if isinstance(record, dict):
            value = record.get(self.text, MISSING)
            if value is not MISSING or self._whole:
                return value
        for key, index in self._steps:
            if isinstance(record, dict):
                record = record.get(key, MISSING)
            elif isinstance(record, list) and index is not None and -len(record) <= index < len(record):
                record = record[index]
            elif isinstance(record, str):
                record = _step_into(record, key, index)
            else:
                return MISSING
        return record


def _step_into(text: str, key: str, index: int | None) -> Json:
    """What stands under a key or index of the JSON that a text is; MISSING where it is none."""
    if text[:1] not in ("{", "["):
        return MISSING
    try:
        value = orjson.loads(text)
    except ValueError:
        return MISSING
    if isinstance(value, dict):
        return value.get(key, MISSING)
    there = isinstance(value, list) and index is not None and -len(value) <= index < len(value)
    return value[index] if there and index is not None else MISSING


def written(parts: tuple[str, ...]) -> str:
    """The path through these keys and indexes, with dots inside keys escaped."""
    return ".".join(part.replace("\\", "\\\\").replace(".", "\\.") for part in parts)


def _index(part: str) -> int | None:
    return int(part) if re.fullmatch(r"-?\d{1,9}", part) else None

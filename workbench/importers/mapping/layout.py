"""How the records of a JSON file that no importer knows are laid out: what the mapped formats and a preview go by."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

import orjson

from workbench.core.model import Json
from workbench.importers.base import Opened
from workbench.importers.containers.file_kind import HEAD
from workbench.importers.mapping.fields_seen import fields_of, speakers
from workbench.importers.mapping.guess import guess_mapping, guess_of_names
from workbench.importers.reading.columns import split_names, turned
from workbench.importers.reading.objects import KEY, VALUE
from workbench.importers.reading.paths import written
from workbench.importers.reading.sample import begins_with, close_json, first_megabytes

LINES, ARRAY, LIST, KEYED, OBJECTS = "lines", "array", "list", "keyed", "objects"
SPLIT, COLUMNS = "split", "columns"
_DEEPEST = 3
_SHORTEST = 64
_LONG = 8
_DIGITS = re.compile(r"\d+")
_TRIED = 20
_LIKELY = 30.0
_USUAL = (
    "data", "results", "items", "rows", "records", "responses", "outputs", "entries", "examples", "samples", "answers",
    "generations", "completions", "predictions", "logs", "documents", "instances", "value",
)  # fmt: skip
_WITHIN = frozenset(("choices", "candidates", "content", "parts", "generations", "tool_calls", "contents", "output"))


class Layout(NamedTuple):
    """JSON lines, an array, objects one after the other; or one object with the records in a list, or under keys.

    `path` leads to that list or object, and is empty for the object itself. An object may also be a table: rows under
    their names, which `names` are then, or columns.
    """

    kind: str
    path: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    @property
    def records(self) -> str:
        """The path to the records as a mapping names it; empty where there is nothing to name."""
        return written(self.path) if self.path else ""

    def words(self) -> str:
        """What the file is."""
        inside = f" in “{self.records}”" if self.path else ""
        return {
            LINES: "JSON lines",
            ARRAY: "JSON array",
            LIST: f"one JSON object that holds the records as a list{inside}",
            KEYED: f"one JSON object that holds each record under a key{inside}",
            OBJECTS: "JSON objects over several lines",
            SPLIT: "one JSON object that holds rows under the names of their columns",
            COLUMNS: "one JSON object that holds columns",
        }[self.kind]


@lru_cache(maxsize=8)
def layout_of(opened: Opened) -> Layout | None:
    """The layout of a text; None where it is no JSON."""
    first = begins_with(opened)
    if first == "[":
        return Layout(LINES if _lists_in_lines(opened.head) else ARRAY)
    if first != "{":
        return Layout(LINES) if first and _lines_below(opened.head) else None
    start, _, rest = _bare(opened.head).partition(b"\n")
    if _is_object(start) and rest.strip():
        return Layout(LINES)
    data = _bare(opened.head if len(opened.head) < HEAD else first_megabytes(opened))
    start, _, rest = data.partition(b"\n")
    if _is_object(start) and rest.strip():
        return Layout(LINES)
    if not _is_object(start) and rest.lstrip()[:1] not in (b'"', b"}", b"]", b""):
        return Layout(LINES)  # a damaged line, with another record after it
    # A lone line may well be a record of its own; one that holds others must look it.
    found = _holder(_value(data), 0.0 if rest.strip() else _LIKELY)
    if found is not None:
        return found
    return Layout(OBJECTS if rest.strip() else LINES)


def _bare(data: bytes) -> bytes:
    return data.removeprefix(codecs.BOM_UTF8).lstrip()


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(orjson.loads(line), dict)
    except ValueError:
        return False


def _lists_in_lines(head: bytes) -> bool:
    """Whether each of the first lines is a list of its own."""
    first, found, rest = _bare(head).partition(b"\n")
    if not found or rest.lstrip()[:1] != b"[":
        return False
    try:
        return isinstance(orjson.loads(first), list)
    except ValueError:
        return False


def _lines_below(head: bytes) -> bool:
    """Whether most lines after the first, which says something else, are objects."""
    lines = [line.strip() for line in head.split(b"\n")[1:_TRIED] if line.strip()]
    if len(head) == HEAD and len(lines) > 1 and len(lines) < _TRIED - 1:
        lines.pop()
    return 2 * sum(map(_is_object, lines)) > len(lines) > 0


def _value(data: bytes) -> Json:
    """The first object as far as it was read; of a damaged one what stands before the damage, roughly."""
    for whole in (data, close_json(data)):
        try:
            return orjson.loads(whole)
        except ValueError:
            continue
    return _value(data[: len(data) // 2]) if len(data) > _SHORTEST else None


def _holder(value: Json, least: float) -> Layout | None:
    """Where the records of one object are, if it is not itself the record."""
    if not isinstance(value, dict):
        return None
    if names := split_names(value):
        return Layout(SPLIT, (), tuple(names))
    rows = turned(value)
    if rows and _tells(_guess(rows[:_TRIED])) and (_numbered(value) or not _tells(_guess(_under_keys(value)))):
        return Layout(COLUMNS)
    if _tells(_guess([_alone(value)])):
        return None
    candidates = [found for found in _candidates(value, (), 0) if found[2]]
    ranked = sorted(candidates, key=lambda found: (-_worth(*found), len(found[1])))
    best = ranked[0] if ranked else None
    return Layout(best[0], best[1]) if best and _worth(*best) > least else None


def _numbered(value: Mapping[str, Json]) -> bool:
    """Whether each value holds its cells under 0, 1, 2 and so on, as the columns of a data frame do."""
    return all(isinstance(v, dict) and list(v) == [str(at) for at in range(len(v))] for v in value.values())


def _alone(value: Mapping[str, Json], depth: int = 0) -> Json:
    """The object without what can be records of its own."""
    if _share_keys(list(value.values())) and any(isinstance(inner, dict) for inner in value.values()):
        return {}
    kept = {key: inner for key, inner in value.items() if key in _WITHIN or not _records_in(inner)}
    if depth >= _DEEPEST:
        return kept
    return {key: _alone(inner, depth + 1) if isinstance(inner, dict) else inner for key, inner in kept.items()}


def _records_in(value: Json) -> bool:
    """Whether this is a list of objects or lists, and not one of messages."""
    if not isinstance(value, list) or not value or speakers(value):
        return False
    return all(isinstance(each, dict | list) for each in value[:_TRIED])


Candidate = tuple[str, tuple[str, ...], list[Json]]


def _candidates(value: Mapping[str, Json], path: tuple[str, ...], depth: int) -> Iterator[Candidate]:
    under = [record_under(key, inner) for key, inner in value.items()]
    if _share_keys(list(value.values())):
        yield KEYED, path, under
    for key, inner in value.items():
        if isinstance(inner, list) and _records_in(inner):
            yield LIST, (*path, key), inner[:_TRIED]
        elif isinstance(inner, dict) and depth < _DEEPEST:
            yield from _candidates(inner, (*path, key), depth + 1)


def _under_keys(value: Mapping[str, Json]) -> list[Json]:
    return [record_under(key, inner) for key, inner in list(value.items())[:_TRIED]]


def record_under(key: str, value: Json) -> Json:
    """The record that stands under a key."""
    return {KEY: key, **value} if isinstance(value, dict) else {KEY: key, VALUE: value}


def _share_keys(values: Sequence[Json]) -> bool:
    """Whether these can be records of one kind: objects that share most of their keys, or texts."""
    if len(values) < 2:
        return False
    some = values[:_TRIED]
    if all(isinstance(value, str) for value in some):
        return len(values) > _DEEPEST
    keys = [set(value) for value in some if isinstance(value, dict)]
    if len(keys) < len(some) or not keys[0]:
        return False
    similar = sum(2 * len(keys[0] & other) >= len(keys[0] | other) for other in keys)
    return similar >= max(2, len(keys) - len(keys) // 8)  # a few may be cut, or tell why there is no answer


def _worth(kind: str, path: tuple[str, ...], records: list[Json]) -> float:
    """How likely it is that these are the records; 0 where nothing says so."""
    found = _guess(records[:_TRIED])
    worth = 100.0 if _tells(found) else 0.0
    if kind == KEYED:
        return (worth or 40.0) - 5 * len(path) if _keyed(records, found) else 0.0
    usual = 50.0 if path[-1].lower() in _USUAL and any(isinstance(record, dict) for record in records) else 0.0
    return max(worth + (10.0 if usual else 0.0), usual, 20.0 if len(records) > 1 else 0.0) - 5 * len(path)


def _keyed(records: Sequence[Json], found: set[str]) -> bool:
    """Whether objects or texts under keys are records, and not the fields of one."""
    held = [record for record in records if isinstance(record, dict)]
    keys = [str(record[KEY]) for record in held]
    if any(VALUE in record for record in held):
        return _are_ids(keys)
    named = all(guess_of_names(key, keys) for key in ("prompt", "response")) or {*keys} <= {"in", "out"}
    return {"prompt", "response"} <= found or ("response" in found and (not named or _are_ids(keys)))


def _are_ids(keys: Sequence[str]) -> bool:
    """Whether keys tell records apart, as numbers, ids and prompts do, and are not the names of a record's fields."""
    if len(keys) >= _TRIED or 2 * sum(len(key.split()) > 2 for key in keys) > len(keys):
        return True
    numbered = [_DIGITS.sub("0", key) for key in keys if _DIGITS.search(key)]
    if 5 * len(numbered) < 4 * len(keys):
        return False
    return 5 * max(map(numbered.count, numbered)) >= 4 * len(keys) or all(len(key) >= _LONG for key in keys)


def _guess(records: Sequence[Json]) -> set[str]:
    return set(guess_mapping(fields_of(records)))


def _tells(found: set[str]) -> bool:
    return "response" in found and bool(found & {"prompt", "prompt_key"})

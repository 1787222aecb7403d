"""What a file is, its first records, and a mapping that would probably read it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from io import BytesIO
from itertools import islice

import orjson

from workbench.core.errors import BadInputError
from workbench.core.model import Json
from workbench.core.progress import silent
from workbench.core.text import one_line, well_formed
from workbench.importers import registry
from workbench.importers.base import Opened, Options
from workbench.importers.cells import delimiter_of, rows
from workbench.importers.containers import seen_in
from workbench.importers.fields import kind_of
from workbench.importers.guesses import Field, guessed, map_line
from workbench.importers.kinds import text_only
from workbench.importers.panel_manifest import looks_like_manifest
from workbench.importers.paths import written
from workbench.importers.sample import LOOK, begins_with, first_records, is_one_object, look
from workbench.importers.window import Window

RECORDS = 5
LONGEST_TEXT = 500
MOST_FIELDS = 200
DEEPEST = 10
_ITEMS = 3
_HELICONE = {"response_id", "request_created_at", "request_body"}
_DELIMITER_NAMES = {",": "CSV", "\t": "TSV", ";": "CSV with semicolons", "|": "CSV with bars"}


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file is (`kind`, in words), who reads it, its first records, and how to map them.

    `importer` is the key of the one importer that claims it, `mapped_by` that of the one that reads it with a
    mapping; `why` is what the claiming importer saw; `guesses` maps prompt, response and so on to paths, and
    `map_line` is the same as words for the command line; both are empty where nothing is known.
    """

    kind: str
    importer: str | None
    records: tuple[Json, ...] = ()
    fields: tuple[Field, ...] = ()
    guesses: dict[str, str] = field(default_factory=dict)
    map_line: str = ""
    mapped_by: str | None = None
    why: str = ""


def preview(opened: Opened) -> Preview:
    """Look into a file without importing it. Raises BadInputError for a file that is not text."""
    if not opened.container:
        text_only(opened)
    kind, records = seen_in(opened, _seen, RECORDS) if opened.container else _seen(opened)
    if opened.encoding:
        kind = f"{kind}, in {opened.encoding} ({opened.encoded})"
    claims = registry.claim(opened)
    importer = claims[0][0].key if len(claims) == 1 else None
    mapped = registry.claim(opened, Options(mapping={"response": ""}))
    found = _fields(records)
    guesses = guessed(found)
    enough = "response" in guesses and ("prompt" in guesses or "prompt_key" in guesses)
    line = map_line(guesses) if enough else ""
    return Preview(
        kind,
        importer,
        tuple(_cut(r) for r in records),
        tuple(found),
        guesses,
        line,
        mapped[0][0].key if mapped else None,
        claims[0][1].why if len(claims) == 1 else "",
    )


def _seen(opened: Opened) -> tuple[str, list[Json]]:
    first = begins_with(opened)
    if first == "[":
        return _array(look(opened), opened)
    if first != "{":
        return _table(opened)
    if looks_like_manifest(opened.head):
        return "panel manifest", []
    if is_one_object(opened):
        return "one JSON object over several lines", _one_object(look(opened))
    records = first_records(opened, RECORDS, array=False, whole=look(opened))
    if records and all(isinstance(r, dict) and "turns" in r and "question_id" in r for r in records):
        return "FastChat question file (give it with --prompts)", records
    if records and all(isinstance(r, dict) and "custom_id" in r and ("body" in r or "params" in r) for r in records):
        return "requests of a batch (give them with --prompts)", records
    return "JSON lines", records


def _array(data: bytes, opened: Opened) -> tuple[str, list[Json]]:
    records = first_records(opened, RECORDS, array=True, whole=data)
    if records or len(data) == LOOK:
        return "JSON array", records
    cut = not data.rstrip().endswith(b"]")
    return "JSON array that is cut off before its first record ends" if cut else "JSON array without records", []


def _one_object(data: bytes) -> list[Json]:
    try:
        return [orjson.loads(data)]
    except ValueError:
        return []


def _table(opened: Opened) -> tuple[str, list[Json]]:
    delimiter = delimiter_of(opened.head)
    first = opened.head.lstrip(b"\xef\xbb\xbf\r\n").splitlines()[:1]
    if delimiter.encode() not in (first or [b""])[0]:
        return "text", []
    data = look(opened)
    sample = replace(opened, stream=lambda: BytesIO(data), size=len(data))
    with Window(sample, silent) as window:
        read = [s.value[0] for s in islice(rows(window, opened.head), RECORDS + 1) if s.value is not None]
    header = [name.strip() for name in read[0]] if read else []
    return _DELIMITER_NAMES[delimiter], [dict(zip(header, row, strict=False)) for row in read[1:]]


def _fields(records: Sequence[Json]) -> list[Field]:
    """Every path that the records have, in order of first appearance, with the first example not null."""
    found: dict[tuple[str, ...], Field] = {}
    for record in records:
        for parts, value in _walk(record, ()):
            if len(found) >= MOST_FIELDS and parts not in found:
                continue
            old = found.get(parts)
            if old is None or (old.kind == "null" and value is not None):
                found[parts] = Field(written(parts), kind_of(value), _example(value), parts)
    return list(found.values())


def _walk(value: Json, parts: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Json]]:
    if parts:
        yield parts, value
    if len(parts) >= DEEPEST:
        return
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _walk(inner, (*parts, key))
    elif isinstance(value, list):
        for at, inner in enumerate(value[:_ITEMS]):
            yield from _walk(inner, (*parts, str(at)))


def _example(value: Json) -> str:
    if isinstance(value, str):
        return one_line(well_formed(value)[0], 80)
    if isinstance(value, dict | list):
        return f"{len(value)} inside"
    return "null" if value is None else one_line(str(value), 80)


def _cut(value: Json, depth: int = 0) -> Json:
    if isinstance(value, str):
        text = well_formed(value[: LONGEST_TEXT + 1])[0]
        return text if len(value) <= LONGEST_TEXT else text[:LONGEST_TEXT] + "…"
    if depth >= DEEPEST and isinstance(value, dict | list):
        return "…"
    if isinstance(value, dict):
        return {_cut(key, depth): _cut(inner, depth + 1) for key, inner in islice(value.items(), MOST_FIELDS)}
    if isinstance(value, list):
        return [_cut(inner, depth + 1) for inner in value[:MOST_FIELDS]]
    return None if isinstance(value, float) and (value != value or abs(value) == float("inf")) else value


def refusal(opened: Opened) -> BadInputError:
    """What to say of a file that no importer claims: what it is, and the words that would read it."""
    seen = preview(opened)
    if seen.kind.startswith(("FastChat question", "requests of a batch")):
        hint = "It holds prompts, no answers: give it with --prompts beside the file of answers."
    elif seen.map_line:
        hint = f"Say where prompt and answer are: {seen.map_line}"
    elif {field.path for field in seen.fields} >= _HELICONE:
        hint = "Helicone's table holds no answers, only what was asked: export it as JSON, which has both."
    else:
        hint = "`workbench preview FILE` shows what it holds; --format and --map say how to read it."
    return BadInputError(f"No importer knows “{opened.name}”: it is {seen.kind}.", hint=hint)

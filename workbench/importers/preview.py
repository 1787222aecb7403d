"""What a file is, its first records, and a mapping that would probably read it."""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from io import BytesIO
from itertools import islice

import orjson

from workbench.core.errors import BadInputError
from workbench.core.model import Json
from workbench.core.progress import silent
from workbench.core.text import one_line
from workbench.importers import registry
from workbench.importers.archive import none_known, words_of_archive
from workbench.importers.base import Opened, Options
from workbench.importers.containers.file_kind import text_only
from workbench.importers.mapping.answer_columns import Column, several
from workbench.importers.mapping.diagnostics import cut_off, unseen, words_of
from workbench.importers.mapping.fields_seen import DEEPEST, MOST_FIELDS, Field, fields_of
from workbench.importers.mapping.guess import guessed, map_line
from workbench.importers.mapping.headers import NONE, likely_header, names_of, numbered
from workbench.importers.mapping.json_files import object_records
from workbench.importers.mapping.layout import ARRAY, LINES, OBJECTS, VALUE, Layout, layout_of
from workbench.importers.mapping.mapped import PLACE
from workbench.importers.mapping.masking import NOT_SHOWN, beside_names, conceals, shown, told
from workbench.importers.panel_manifest import looks_like_manifest
from workbench.importers.preview_containers import seen_in
from workbench.importers.reading.csv_rows import delimiter_of, has_delimiter, rows
from workbench.importers.reading.sample import LOOK, first_records, look
from workbench.importers.reading.window import Window
from workbench.importers.training import is_training

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


RECORDS = 5
LOOKED_AT = 200
"""Records that are shown, and that guesses rest on."""

LONGEST_TEXT = 500
_PROMPTS = ("FastChat question", "requests of a batch")
"""How the kinds of file begin that hold prompts alone."""

_TEXT = ("text", "one JSON value")
_NO_RECORDS = (
    "It has neither records nor columns, so that no answer can be read from it as it is. Answers come in as JSON, JSON "
    "lines, CSV and the other formats; as text they come in a folder, one file for each answer."
)
_NO_FIELDS = "No record with a field can be read from it, and so no answer."
_NONE_KNOWN = ("No file in it is of a known format.",)
_HELICONE = {"response_id", "request_created_at", "request_body"}
_DELIMITER_NAMES = {",": "CSV", "\t": "TSV", ";": "CSV with semicolons", "|": "CSV with bars"}


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file is (`kind`, in words), who reads it, its first records, and how to map them.

    `importer` is the key of the one importer that claims it, `mapped_by` that of the one that reads it with a
    mapping; `why` is what the claiming importer saw; `guesses` maps prompt, response and so on to paths, and
    `map_line` is the same as words for the command line; both are empty where nothing is known. `doubts` says of each
    guess that is not sure why, and `notes` what else to know before importing. `training` says that by its form it is
    a set to train models with; `answers` are the columns of answers where there are more than one.
    """

    kind: str
    importer: str | None
    records: tuple[Json, ...] = ()
    fields: tuple[Field, ...] = ()
    guesses: dict[str, str] = field(default_factory=dict)
    map_line: str = ""
    mapped_by: str | None = None
    why: str = ""
    doubts: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    training: bool = False
    answers: tuple[Column, ...] = ()


def preview(opened: Opened) -> Preview:
    """Look into a file without importing it. Raises BadInputError for a file that is not text."""
    if not opened.container:
        text_only(opened)
    kind, records = seen_in(opened, _seen, LOOKED_AT) if opened.container else _seen(opened)
    layout = None if opened.container else layout_of(opened)
    if opened.encoding:
        kind = f"{kind}, in {opened.encoding} ({opened.encoded})"
    foreign = opened.container == registry.ARCHIVE and none_known(opened)
    claims = [] if foreign else registry.claim(opened)
    mapped = registry.claim(opened, Options(mapping={"response": ""}))
    found = fields_of(records)
    seen = [field for field in found if not field.veiled]
    guesses = {} if _only_asks(kind, found) else guessed(seen)
    doubts = {key: guess.doubt for key, guess in guesses.items() if guess.doubt}
    mapping = {key: guess.path for key, guess in guesses.items()}
    enough = "response" in mapping and ("prompt" in mapping or "prompt_key" in mapping)
    if layout is not None and layout.records and mapping:
        mapping = {PLACE: layout.records, **mapping}
    answers = several(seen, mapping) if enough and not claims else ()
    notes = (*(_NONE_KNOWN if foreign else ()), *notes_of(opened, records), *_of_several(answers))
    return Preview(
        kind,
        claims[0][0].key if len(claims) == 1 else None,
        tuple(_cut(r) for r in records[:RECORDS]),
        tuple(found),
        mapping,
        map_line(mapping) if enough else "",
        mapped[0][0].key if mapped else None,
        claims[0][1].why if len(claims) == 1 else "",
        doubts,
        (*notes, *(_nothing_in(opened, kind, notes) if not found and not claims else ())),
        is_training(opened, Options()),
        answers,
    )


def _nothing_in(opened: Opened, kind: str, notes: tuple[str, ...]) -> tuple[str, ...]:
    """What to say of a file that nobody knows and in which no field was seen, unless a note has said it."""
    if kind.startswith(_TEXT):
        return (_NO_RECORDS,)
    if notes or opened.container or kind.startswith((*_PROMPTS, "panel manifest")):
        return ()
    return (unseen(opened) or _NO_FIELDS,)


def _of_several(answers: Sequence[Column]) -> tuple[str, ...]:
    """What to say of several columns of answers."""
    if not answers:
        return ()
    names = ", ".join(f"“{one_line(column.path, 40)}”" for column in answers)
    return (
        f"Each record holds {len(answers)} answers ({names}): import it once for each, under the model's own name.",
    )


def _seen(opened: Opened) -> tuple[str, list[Json]]:
    layout = layout_of(opened)
    if layout is None:
        return _table(opened)
    if looks_like_manifest(opened.head):
        return "panel manifest", []
    data = look(opened)
    records = records_seen(opened, layout, data, LOOKED_AT)
    if layout.kind == ARRAY:
        return _array(data, records), records
    if records and all(isinstance(r, dict) and "turns" in r and "question_id" in r for r in records):
        return "FastChat question file (give it with --prompts)", records
    if records and all(map(_is_request, _requests(records))):
        return "requests of a batch (give them with --prompts)", _requests(records)
    if layout.kind == OBJECTS and len(records) == 1:
        return "one JSON object over several lines", records
    return layout.words(), records


def _requests(records: list[Json]) -> list[Json]:
    """The records, or where one object holds the requests of a batch those."""
    held = records[0].get("requests") if len(records) == 1 and isinstance(records[0], dict) else None
    return held[:LOOKED_AT] if isinstance(held, list) and held else records


def _is_request(record: Json) -> bool:
    return isinstance(record, dict) and "custom_id" in record and ("body" in record or "params" in record)


def _array(data: bytes, records: list[Json]) -> str:
    if records or len(data) == LOOK:
        return "JSON array"
    cut = not data.rstrip().endswith(b"]")
    return "JSON array that is cut off before its first record ends" if cut else "JSON array without records"


def _table(opened: Opened) -> tuple[str, list[Json]]:
    if not has_delimiter(opened.head):
        return ("one JSON value" if _is_value(opened.head) else "text"), []
    data = look(opened)
    sample = replace(opened, stream=lambda: BytesIO(data), size=len(data))
    with Window(sample, silent) as window:
        read = [s.value[0] for s in islice(rows(window, opened.head), LOOKED_AT) if s.value is not None]
    at = likely_header(read)
    header = names_of(read[at]) if at != NONE else numbered(max(map(len, read), default=0))
    kind = _DELIMITER_NAMES.get(delimiter := delimiter_of(opened.head), f"CSV with “{delimiter}”")
    kind = kind if at != NONE else f"{kind} without a header, as it seems"
    return kind, [dict(zip(header, row, strict=False)) for row in read[at + 1 :]]


def _is_value(data: bytes) -> bool:
    try:
        orjson.loads(data)
    except ValueError:
        return False
    return True


def _cut(value: Json, depth: int = 0) -> Json:
    if isinstance(value, str):
        return shown(value, LONGEST_TEXT)
    if depth >= DEEPEST and isinstance(value, dict | list):
        return "…"
    if isinstance(value, dict | list):
        return _inside(value, depth)
    return None if isinstance(value, float) and (value != value or abs(value) == float("inf")) else value


def _inside(value: dict[str, Json] | list[Json], depth: int) -> Json:
    kept = beside_names(value)
    members = value.items() if isinstance(value, dict) else ((str(at), inner) for at, inner in enumerate(value))
    found = [
        (key, NOT_SHOWN if not told(inner) and (key in kept or conceals(key)) else _cut(inner, depth + 1))
        for key, inner in islice(members, MOST_FIELDS)
    ]
    return {_cut(key, depth): inner for key, inner in found} if isinstance(value, dict) else [i for _, i in found]


def _only_asks(kind: str, found: Sequence[Field]) -> bool:
    """Whether a file is known to hold what was asked and no answers: none of it is to be taken for one."""
    paths = {field.path for field in found}
    return kind.startswith(_PROMPTS) or (paths >= _HELICONE and not any("response_body" in path for path in paths))


def refusal(opened: Opened) -> BadInputError:
    """What to say of a file that no importer claims: what it is, and the words that would read it."""
    seen = preview(opened)
    if seen.kind.startswith(_PROMPTS):
        hint = "It holds prompts, no answers: give it with --prompts beside the file of answers."
    elif seen.map_line:
        hint = f"Say where prompt and answer are: {seen.map_line}"
    elif {field.path for field in seen.fields} >= _HELICONE:
        hint = "Helicone's table holds no answers, only what was asked: export it as JSON, which has both."
    else:
        hint = "`workbench preview FILE` shows what it holds; --format and --map say how to read it."
        hint = " ".join([*([] if opened.container else filter(None, [cut_off(opened)])), hint])
    return BadInputError(f"No importer knows “{opened.name}”: it is {seen.kind}.", hint=hint)

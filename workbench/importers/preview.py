"""What a file is, its first records, and a mapping that would probably read it.

Of a container what it holds: of an archive the first file that an importer knows, of a workbook its first rows.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from io import BytesIO
from itertools import groupby, islice
from typing import NamedTuple

import orjson

from workbench.core.errors import BadInputError
from workbench.core.model import Json
from workbench.core.progress import silent
from workbench.core.text import one_line
from workbench.importers.archive import words_of_archive
from workbench.importers.base import Opened, Options
from workbench.importers.containers.answer_files import count_files_of_answers, files_of_answers
from workbench.importers.containers.file_kind import text_only
from workbench.importers.containers.open import member_of
from workbench.importers.containers.zip_directory import entries
from workbench.importers.formats.evaluations.inspect_samples import lacks_samples
from workbench.importers.mapping.answer_columns import AnswerColumn, answer_columns
from workbench.importers.mapping.diagnostics import cut_off, why_none_seen, words_of_encoding
from workbench.importers.mapping.fields_seen import DEEPEST, MOST_FIELDS, Field, fields_of
from workbench.importers.mapping.guess import guess_mapping, map_line
from workbench.importers.mapping.headers import NONE, likely_header, names_of, numbered
from workbench.importers.mapping.json_files import object_records
from workbench.importers.mapping.layout import ARRAY, LINES, OBJECTS, Layout, layout_of
from workbench.importers.mapping.mapped import PLACE
from workbench.importers.mapping.masking import NOT_SHOWN, beside_secret_names, is_concealed, is_harmless, shown
from workbench.importers.mapping.tables import row_json
from workbench.importers.panel_manifest import looks_like_manifest
from workbench.importers.reading.csv_rows import delimiter_of, has_delimiter, rows
from workbench.importers.reading.objects import VALUE
from workbench.importers.reading.sample import LOOK, document, first_megabytes, first_records
from workbench.importers.reading.window import Window
from workbench.importers.recognise import Recognised

_MOST_NAMED = 8
_FILES = 30


def records_seen(opened: Opened, layout: Layout, data: bytes, count: int) -> list[Json]:
    """The first records that can be read, from the file's beginning."""
    if layout.kind in (ARRAY, LINES):
        found = first_records(opened, count, array=layout.kind == ARRAY, whole=data)
        return [record if isinstance(record, dict) else {VALUE: record} for record in found]
    sample = replace(opened, stream=lambda: BytesIO(data), head=data[: len(opened.head)], size=len(data))
    with Window(sample, silent) as window:
        try:
            spans = object_records(window, opened, layout.records, orjson.loads)
            return list(islice((span.value for span in spans if span.value is not None), count))
        except BadInputError:
            return []


def notes_of(recognised: Recognised, records: Sequence[Json]) -> tuple[str, ...]:
    """What to know before importing: a missing end, another encoding, sheets, and columns instead of records."""
    opened = recognised.opened
    if not opened.container:
        return (*filter(None, [cut_off(opened)]), *words_of_encoding(opened), *_columns_instead(records))
    if opened.container == "xlsx":
        from workbench.importers.containers.workbook import sheets

        found = sheets(opened)
        if len(found) == 1 and not found[0][1]:
            return ()
        named = [f"“{one_line(name, 40)}”{' (hidden)' if hidden else ''}" for name, hidden in found[:_MOST_NAMED]]
        more = f" and {len(found) - _MOST_NAMED} more" if len(found) > _MOST_NAMED else ""
        return (f"It has the sheets {', '.join(named)}{more}; each that has the columns is read, hidden or not.",)
    return words_of_archive(recognised, Options()) or _columns_instead(records)


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
_NO_RECORDS = (
    "It has neither records nor columns, so that no answer can be read from it as it is. Answers come in as JSON, JSON "
    "lines, CSV and the other formats; as text they come in a folder, one file for each answer."
)
_NO_FIELDS = "No record with a field can be read from it, and so no answer."
_NONE_KNOWN = ("No file in it is of a known format.",)
_HELICONE = {"response_id", "request_created_at", "request_body"}
_DELIMITER_NAMES = {",": "CSV", "\t": "TSV", ";": "CSV with semicolons", "|": "CSV with bars"}


class FileKind(StrEnum):
    """What a file is, as far as it matters for what can be done with it."""

    QUESTIONS = "FastChat questions"
    REQUESTS = "requests of a batch"
    EMPTY_LOG = "log without samples"
    MANIFEST = "panel manifest"
    TEXT = "text"
    VALUE = "one JSON value"
    RECORDS = "records"
    CONTAINER = "container"


class _Seen(NamedTuple):
    """What a file is, the same in words, and its first records."""

    kind: FileKind
    words: str
    records: list[Json]


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file is (`words` say it in full), who reads it, its first records, and how to map them.

    `importer` is the key of the one importer that claims it (`looks_like` where nothing can be read so), `mapped_by`
    that of the one that reads it with a mapping; `why` is what the claiming importer saw; `guesses` maps prompt,
    response and so on to paths, and `map_line` is the same as words for the command line; both are empty where nothing
    is known. `doubts` says of each guess that is not sure why, and `notes` what else to know before importing.
    `training` says that its form is that of a set to train models with; `answers` are the columns of answers where
    there are more than one.
    """

    kind: FileKind
    words: str
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
    answers: tuple[AnswerColumn, ...] = ()
    looks_like: str = ""

    @property
    def is_manifest(self) -> bool:
        """Whether it is a panel manifest, which names files of answers."""
        return self.kind is FileKind.MANIFEST

    @property
    def only_prompts(self) -> bool:
        """Whether a file holds prompts and no answers: it is given beside the file of answers."""
        return self.importer is None and self.kind in (FileKind.QUESTIONS, FileKind.REQUESTS)


def preview(recognised: Recognised) -> Preview:
    """Look into a file without importing it. Raises BadInputError for a file that is not text."""
    opened = recognised.opened
    seen = _seen(recognised)
    layout = None if opened.container else layout_of(opened)
    words = f"{seen.words}, in {opened.encoding} ({opened.encoded})" if opened.encoding else seen.words
    foreign = recognised.scan is not None and recognised.scan.none_known
    claims = () if foreign else recognised.known.claims
    mapped = recognised.mapped
    found = fields_of(seen.records)
    visible = [field for field in found if not field.hidden]
    guesses = {} if _only_asks(seen.kind, found) else guess_mapping(visible)
    doubts = {key: guess.doubt for key, guess in guesses.items() if guess.doubt}
    mapping = {key: guess.path for key, guess in guesses.items()}
    enough = "response" in mapping and ("prompt" in mapping or "prompt_key" in mapping)
    if layout is not None and layout.records and mapping:
        mapping = {PLACE: layout.records, **mapping}
    answers = answer_columns(visible, mapping) if enough and not claims else ()
    notes = (*(_NONE_KNOWN if foreign else ()), *notes_of(recognised, seen.records), *_of_several(answers))
    known = claims[0] if len(claims) == 1 else None
    return Preview(
        seen.kind,
        words,
        known[0].key if known else None,
        tuple(_cut(r) for r in seen.records[:RECORDS]),
        tuple(found),
        mapping,
        map_line(mapping) if enough else "",
        mapped[0][0].key if mapped else None,
        known[1].why if known else "",
        doubts,
        (*notes, *(_nothing_in(opened, seen.kind, notes) if not found and not claims else ())),
        known is not None and known[0].training,
        answers,
    )


def _nothing_in(opened: Opened, kind: FileKind, notes: tuple[str, ...]) -> tuple[str, ...]:
    """What to say of a file that no importer knows and in which no field was seen, unless a note has said it."""
    if kind in (FileKind.TEXT, FileKind.VALUE):
        return (_NO_RECORDS,)
    if notes or kind is not FileKind.RECORDS:
        return ()
    return (why_none_seen(opened) or _NO_FIELDS,)


def _of_several(answers: Sequence[AnswerColumn]) -> tuple[str, ...]:
    """What to say of answer_columns columns of answers."""
    if not answers:
        return ()
    names = ", ".join(f"“{one_line(column.path, 40)}”" for column in answers)
    return (
        f"Each record holds {len(answers)} answers ({names}): import it once for each, under the model's own name.",
    )


def _seen(recognised: Recognised) -> _Seen:
    opened = recognised.opened
    if opened.container:
        return _Seen(FileKind.CONTAINER, *_in_container(recognised))
    text_only(opened)
    layout = layout_of(opened)
    if layout is None:
        return _table(opened)
    if looks_like_manifest(opened.head):
        return _Seen(FileKind.MANIFEST, "panel manifest", [])
    if lacks_samples(document(opened)):
        return _Seen(FileKind.EMPTY_LOG, "Inspect AI log without samples: it holds no answers", [])
    data = first_megabytes(opened)
    records = records_seen(opened, layout, data, LOOKED_AT)
    if layout.kind == ARRAY:
        return _Seen(FileKind.RECORDS, _array(data, records), records)
    if records and all(isinstance(r, dict) and "turns" in r and "question_id" in r for r in records):
        return _Seen(FileKind.QUESTIONS, "FastChat question file (give it with --prompts)", records)
    if records and all(map(_is_request, _requests(records))):
        return _Seen(FileKind.REQUESTS, "requests of a batch (give them with --prompts)", _requests(records))
    several_lines = layout.kind == OBJECTS and len(records) == 1
    return _Seen(FileKind.RECORDS, "one JSON object over several lines" if several_lines else layout.words(), records)


def _requests(records: list[Json]) -> list[Json]:
    """The records, or where one object holds the requests of a batch those."""
    held = records[0].get("requests") if len(records) == 1 and isinstance(records[0], dict) else None
    return held[:LOOKED_AT] if isinstance(held, list) and held else records


def _is_request(record: Json) -> bool:
    if not isinstance(record, dict):
        return False
    own = record.get("request")
    gemini = "key" in record and "response" not in record and isinstance(own, dict) and "contents" in own
    return gemini or ("custom_id" in record and ("body" in record or "params" in record))


def _array(data: bytes, records: list[Json]) -> str:
    if records or len(data) == LOOK:
        return "JSON array"
    cut = not data.rstrip().endswith(b"]")
    return "JSON array that is cut off before its first record ends" if cut else "JSON array without records"


def _table(opened: Opened) -> _Seen:
    if not has_delimiter(opened.head):
        kind = FileKind.VALUE if _is_value(opened.head) else FileKind.TEXT
        return _Seen(kind, kind.value, [])
    data = first_megabytes(opened)
    sample = replace(opened, stream=lambda: BytesIO(data), size=len(data))
    with Window(sample, silent) as window:
        read = [s.value[0] for s in islice(rows(window, opened.head), LOOKED_AT) if s.value is not None]
    at = likely_header(read)
    header = names_of(read[at]) if at != NONE else numbered(max(map(len, read), default=0))
    words = _DELIMITER_NAMES.get(delimiter := delimiter_of(opened.head), f"CSV with “{delimiter}”")
    words = words if at != NONE else f"{words} without a header, as it seems"
    return _Seen(FileKind.RECORDS, words, [dict(zip(header, row, strict=False)) for row in read[at + 1 :]])


def _in_container(recognised: Recognised) -> tuple[str, list[Json]]:
    """What a container is in words, and its first records as far as there are any without a mapping."""
    opened = recognised.opened
    if opened.container == "inspect":
        return "Inspect AI log", []
    if opened.container in ("parquet", "arrow"):
        return ("Parquet table" if opened.container == "parquet" else "Arrow table"), _rows(opened)
    if opened.container == "xlsx":
        return "XLSX workbook", _sheet(opened)
    if recognised.scan is not None and recognised.scan.mostly_text:
        return f"zip archive of {count_files_of_answers(opened):,} text files, one answer each", []
    with opened.stream() as listing:
        files = sum(not entry.folder for entry in entries(listing))
    words, records = _first_file(recognised)
    return f"zip archive of {files:,} files{words}", records


def _first_file(recognised: Recognised) -> tuple[str, list[Json]]:
    """The first file in an archive that an importer knows, or else the first one, with its records."""
    first: tuple[str, list[Json]] = ("", [])
    opened = recognised.opened
    with opened.stream() as listing, opened.stream() as file:
        lock = threading.Lock()
        for entry in islice(files_of_answers(opened, listing), _FILES):
            try:
                member = recognised.member(member_of(opened, file, entry, lock), entry)
                known = bool(member.known.claims)
                if known or not first[0]:
                    seen = _seen(member)
                    first = f"; “{one_line(entry.name, 60)}” in it: {seen.words}", seen.records
            except BadInputError:
                continue
            if known:
                break
    return first


def _rows(opened: Opened) -> list[Json]:
    from workbench.importers.containers import arrow_rows, parquet_rows

    rows = parquet_rows.rows if opened.container == "parquet" else arrow_rows.rows
    return [orjson.loads(raw) for _, raw in islice(rows(opened, silent), LOOKED_AT) if isinstance(raw, bytes)]


def _sheet(opened: Opened) -> list[Json]:
    """The first rows of the first sheet with a prompt and an answer, or else of the first."""
    from workbench.importers.containers.workbook import sheet_rows

    first: list[Json] = []
    for _, sheet in groupby(sheet_rows(opened, silent), lambda row: row.sheet):
        records = list(_under_header([row.cells for row in islice(sheet, LOOKED_AT) if not row.damage]))
        first = first or records
        if {"prompt", "response"} <= set(guess_mapping(fields_of(records))):
            return records
    return first


def _under_header(rows: list[list[str]]) -> Iterator[Json]:
    at = likely_header(rows)
    header = names_of(rows[at]) if at != NONE else numbered(max(map(len, rows), default=0))
    return (orjson.loads(row_json(header, cells)) for cells in rows[at + 1 :])


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
    kept = beside_secret_names(value)
    members = value.items() if isinstance(value, dict) else ((str(at), inner) for at, inner in enumerate(value))
    found = [
        (key, NOT_SHOWN if not is_harmless(inner) and (key in kept or is_concealed(key)) else _cut(inner, depth + 1))
        for key, inner in islice(members, MOST_FIELDS)
    ]
    return {_cut(key, depth): inner for key, inner in found} if isinstance(value, dict) else [i for _, i in found]


def _only_asks(kind: FileKind, found: Sequence[Field]) -> bool:
    """Whether a file is known to hold what was asked and no answers: none of it is to be taken for one."""
    paths = {field.path for field in found}
    if kind in (FileKind.QUESTIONS, FileKind.REQUESTS):
        return True
    return paths >= _HELICONE and not any("response_body" in path for path in paths)


def refusal(recognised: Recognised) -> BadInputError:
    """What to say of a file that no importer claims: what it is, and the words that would read it."""
    opened = recognised.opened
    seen = preview(recognised)
    if seen.kind in (FileKind.QUESTIONS, FileKind.REQUESTS):
        hint = "It holds prompts, no answers: give it with --prompts beside the file of answers."
    elif seen.map_line:
        hint = f"Say where prompt and answer are: {seen.map_line}"
    elif {field.path for field in seen.fields} >= _HELICONE:
        hint = "Helicone's table holds no answers, only what was asked: export it as JSON, which has both."
    else:
        hint = "`workbench preview FILE` shows what it holds; --format and --map say how to read it."
        hint = " ".join([*([] if opened.container else filter(None, [cut_off(opened)])), hint])
    return BadInputError(f"No importer knows “{opened.name}”: it is {seen.words}.", hint=hint)

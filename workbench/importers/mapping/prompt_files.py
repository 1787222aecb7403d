"""Files of prompts that answers are joined with by id: FastChat's questions, or any id and prompt."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path as FilePath

import orjson

from workbench.core.errors import BadInputError
from workbench.core.kit_ids import NO_MODEL, split_custom_id
from workbench.core.model import Json
from workbench.core.progress import silent
from workbench.core.text import normal_id
from workbench.importers.base import Opened, Question
from workbench.importers.containers.open import open_file
from workbench.importers.mapping.guess import guess_of_names
from workbench.importers.messages.bodies import SYSTEM, extra_of, request_of
from workbench.importers.reading import tolerant_parse
from workbench.importers.reading.arrays import array_spans
from workbench.importers.reading.csv_rows import rows
from workbench.importers.reading.fields import Fields, turn_of
from workbench.importers.reading.lines import each, line_spans
from workbench.importers.reading.nested import nested_spans
from workbench.importers.reading.paths import MISSING, Path
from workbench.importers.reading.sample import begins_with, most_are
from workbench.importers.reading.window import Span, Window

_BODIES = ("body", "params")
_REQUESTS = ("requests",)
_ID_NAMES = ("question_id", "prompt_id", "custom_id", "prompt_key", "id", "uid", "key")


class PromptFile:
    """What was asked under each id of a file, which is read when it is first wanted, and once."""

    def __init__(self, file: FilePath | Opened) -> None:
        self._file = file

    @cached_property
    def questions(self) -> Mapping[str, Question]:
        """The questions by their ids. Raises BadInputError, as `questions_in` does."""
        return questions_in(self._file)


def prompt_texts(file: FilePath | Opened, mapping: Mapping[str, str] | None = None) -> dict[str, str]:
    """The prompt of each id: of several turns the first. `mapping` may name prompt_key and prompt.

    The input files of OpenAI's and Anthropic's batches are such files too: each request is a prompt.
    """
    return {key: question.turns[0] for key, question in questions_in(file, mapping).items()}


def questions_in(file: FilePath | Opened, mapping: Mapping[str, str] | None = None) -> Mapping[str, Question]:
    """What was asked under each id, with the model, the settings and the system prompt of a batch's requests.

    The file is a FastChat question file or any file of ids and prompts. Raises BadInputError, naming the place, for a
    record that is no question and for an id that stands twice with different texts.
    """
    opened = file if isinstance(file, Opened) else open_file(file)
    found: dict[str, Question] = {}
    for place, record, flags in _records(opened):
        try:
            key, question = _question(Fields(record, flags), mapping or {})
        except tolerant_parse.RecordError as refused:
            raise BadInputError(
                f"“{opened.name}” is no file of prompts: at {place}, {refused.reason}.",
                hint="Each record needs an id and a prompt; `workbench preview FILE` shows what it has.",
            ) from None
        for known in {key, normal_id(key), split_custom_id(key)[0]}:
            if found.setdefault(known, question).turns != question.turns:
                raise BadInputError(f"“{opened.name}” gives the id {known} twice, with different prompts.")
    if not found:
        raise BadInputError(f"“{opened.name}” holds no prompts.")
    return found


def _records(opened: Opened) -> Iterator[tuple[str, Json, list[str]]]:
    with Window(opened, silent) as window:
        first = begins_with(opened)
        if first not in "[{":
            header: list[str] | None = None
            for row in rows(window, opened.head):
                if row.value is None:
                    raise BadInputError(f"“{opened.name}”, byte {row.offset:,}: {row.reason}.")
                if header is None:
                    header = row.value[0]
                else:
                    yield f"byte {row.offset:,}", dict(zip(header, row.value[0], strict=False)), row.value[1]
            return
        for span in _spans(window, opened, first):
            yield f"byte {span.offset:,}", *_value(opened, span)


def _spans(window: Window, opened: Opened, first: str) -> Iterator[Span[Json]]:
    if first == "[":
        return array_spans(window, orjson.loads)
    if most_are(opened, lambda record: "custom_id" in record, _REQUESTS):
        return nested_spans(window, _REQUESTS, orjson.loads)
    return line_spans(window, each(orjson.loads))


def _value(opened: Opened, span: Span[Json]) -> tuple[Json, list[str]]:
    if span.raw is None:
        raise BadInputError(f"“{opened.name}”, byte {span.offset:,}: {span.reason}.")
    if span.value is not None:
        return span.value, []
    try:
        return tolerant_parse.parse(span.raw)
    except tolerant_parse.RecordError as refused:
        raise BadInputError(f"“{opened.name}”, byte {span.offset:,}: {refused.reason}.") from None


def _question(fields: Fields, mapping: Mapping[str, str]) -> tuple[str, Question]:
    names = list(fields.record)
    id_path = mapping.get("prompt_key") or next((n for n in _ID_NAMES if n in fields.record), "")
    key = _label(fields, id_path)
    for name in () if "prompt" in mapping else _BODIES:
        if isinstance(fields.record.get(name), dict):
            request = request_of(fields, name, fields.record[name])
            if request.model == NO_MODEL:
                request = request._replace(model=None)
            beside = extra_of(asked=request, endpoint=fields.record.get("url"))
            return key, Question((request.prompt or "",), beside, (SYSTEM,) if request.system else ())
    turns = fields.record.get("turns")
    if "prompt" not in mapping and isinstance(turns, list) and turns:
        return key, Question(tuple(turn_of(fields, n, turn) for n, turn in enumerate(turns)))
    prompt_path = mapping.get("prompt") or guess_of_names("prompt", names)
    if not prompt_path:
        raise tolerant_parse.RecordError("there is no prompt")
    value = Path(prompt_path).find(fields.record)
    if value is MISSING:
        raise tolerant_parse.RecordError(f"`{prompt_path}` is missing")
    return key, Question((fields.checked(prompt_path, value),))


def _label(fields: Fields, path: str) -> str:
    value = Path(path).find(fields.record) if path else MISSING
    label = fields.checked_label(path, value) if value is not MISSING else None
    if not label:
        raise tolerant_parse.RecordError("there is no id")
    return label

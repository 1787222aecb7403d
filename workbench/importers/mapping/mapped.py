"""What the mapped formats share: a mapping from our names to paths into somebody else's records."""

from __future__ import annotations

import difflib
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence

import orjson

from workbench.core.errors import BadInputError, UsageError
from workbench.core.model import Json, Rejected, Response
from workbench.core.text import normal_id, one_line
from workbench.importers.base import Opened, Options, Question, Record
from workbench.importers.mapping.fields_seen import fields_of, speakers
from workbench.importers.messages.bodies import extra_of, failure_in
from workbench.importers.messages.chat import context_of, turns_of
from workbench.importers.messages.content import Content, has_thoughts, parts_of
from workbench.importers.reading.fields import Fields, cut_by, flags_of, placed, read_tolerantly
from workbench.importers.reading.objects import VALUE
from workbench.importers.reading.paths import MISSING, Path
from workbench.importers.reading.records_importer import NO_PROMPT
from workbench.importers.reading.tolerant_parse import RecordError, parse, strict, strict_lines
from workbench.importers.reading.window import Span, T

_MOST = 3
_LIKE = 0.6


def prompt_in(fields: Fields, path: str, value: Json) -> str:
    """The prompt at a path: a text, parts of a message, or messages, which are written as other formats write them.

    Raises RecordError for anything else.
    """
    keys = speakers(value)
    if keys is None:
        return text_in(fields, path, value)
    prompt = context_of(turns_of(fields, path, value, *keys)).prompt()
    if prompt is None:
        raise RecordError(f"`{path}` asks nothing")
    return prompt


def text_in(fields: Fields, path: str, value: Json) -> str:
    """The text at a path, or that of a message's parts; raises RecordError for anything else."""
    if not (isinstance(value, list) and value and all(isinstance(p, dict) and "type" in p for p in value)):
        return fields.checked(path, value)
    content = parts_of(fields, path, value)
    fields.flags.extend(flag for flag in content.flags if flag not in fields.flags)
    return content.text


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The known words that a misspelled one may stand for, as a question; empty where none is like it."""
    found = {name.casefold(): name for name in reversed(list(known))}
    last = {name.rpartition(".")[2].casefold(): name for name in reversed(list(found.values()))}
    lower = word.casefold()
    close = difflib.get_close_matches(lower, found, _MOST, _LIKE)
    names = [found[name] for name in close] or ([last[lower]] if lower in last else [])
    return f"Did you mean {' or '.join(f'“{name}”' for name in dict.fromkeys(names))}? " if names else ""


def paths_in(record: Json) -> list[str]:
    """The paths of a record that lead to a text or number."""
    return [field.path for field in fields_of([record]) if field.kind not in ("an object", "a list")]


KEYS = ("prompt", "prompt_key", "response", "model", "time", "sample")
PLACE = "records"
"""In a mapping the path to the list or object that holds the records, where one object holds them all."""

WHERE = "where"
"""In a mapping what a record must say to be read, as FIELD=VALUE, one a line; others are left out and counted."""

PATIENCE = 1_000
"""After so many records without it, a path to prompt or answer is held to be wrong."""


def checked_mapping(mapping: Mapping[str, str]) -> dict[str, Path]:
    """The paths into a record; raises UsageError for unknown or missing keys, and for what is no path."""
    unknown = [key for key in mapping if key not in (*KEYS, PLACE, WHERE)]
    if unknown:
        known = f"It knows {', '.join(KEYS)}, {PLACE} and {WHERE}."
        hint = f"{did_you_mean(unknown[0], (*KEYS, PLACE, WHERE))}{known}"
        raise UsageError(f"--map knows no “{unknown[0]}”.", hint=hint)
    conditions_of(mapping)
    if "response" not in mapping or not ("prompt" in mapping or "prompt_key" in mapping):
        raise UsageError(
            "The mapping must say where the answer is, and the prompt or its id.",
            hint="Give --map response=PATH and --map prompt=PATH or --map prompt_key=PATH; "
            "`workbench preview FILE` suggests them.",
        )
    paths = {key: Path(path) for key, path in mapping.items() if key != WHERE}
    return {key: path for key, path in paths.items() if key != PLACE}


def conditions_of(mapping: Mapping[str, str]) -> list[tuple[Path, str]]:
    """The fields that a record must have, each with its value; raises UsageError for words that are no condition."""
    found = []
    for line in mapping.get(WHERE, "").split("\n") if mapping.get(WHERE) else ():
        field, equals, value = line.partition("=")
        if not equals or not field.strip():
            raise UsageError(f"--where {line!r} is not FIELD=VALUE.", hint="Such as --where role=assistant")
        found.append((Path(field.strip()), value.strip()))
    return found


def all_found(mapping: Mapping[str, str], records: Sequence[Json]) -> bool:
    """Whether each path of a mapping leads to something in some of these records."""
    return all(any(path.find(r) is not MISSING for r in records) for path in checked_mapping(mapping).values())


def _said(value: Json) -> str:
    """A value as a condition names it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.strip() if isinstance(value, str) else str(value)


class Mapped:
    """Turns the records of one file into answers by a mapping, and knows which paths led nowhere."""

    def __init__(self, opened: Opened, options: Options) -> None:
        self._opened = opened
        self._paths = checked_mapping(options.mapping)
        self._conditions = conditions_of(options.mapping)
        self._labels = tuple(self._paths.get(key) for key in ("prompt_key", "model", "sample", "time"))
        self._questions: Mapping[str, Question] = {} if options.prompts is None else options.prompts.questions
        # Of a range that begins within the file others have been read, and had them.
        self._unseen = set() if opened.begins else set(self._paths)
        self._seen_keys: dict[str, None] = {}
        self._seen_paths: dict[str, None] = {}
        self._records = 0

    def parse(self, raw: bytes) -> Json:
        """The fast parser: it leaves duplicate keys to the tolerant one by a ValueError."""
        value = strict(raw)
        return {VALUE: value} if value.__class__ is list else value

    def parse_lines(self, block: bytes, lines: Sequence[bytes]) -> list[Json]:
        """The same for the lines of a block; None for those that are left to the tolerant parser."""
        values = strict_lines(block, lines)
        return [{VALUE: value} if value.__class__ is list else value for value in values]

    def answers(self, spans: Iterable[Span[Json]]) -> Iterator[Record]:
        """One record a span. Raises BadInputError when a path is found in no record."""
        for span in spans:
            value = span.value
            if not isinstance(value, dict):
                found = read_tolerantly(span, self._built)
                yield self._in_words(found, span.raw) if isinstance(found, Rejected) else found
                continue
            yield self.answer_of_sound(span, value)
        self.check()

    def _in_words(self, rejected: Rejected, raw: bytes | None) -> Rejected:
        """The same with the words of the service, where the record has them."""
        try:
            record = parse(raw)[0] if raw is not None else None
        except RecordError:
            return rejected
        return rejected._replace(reason=self._why(record, rejected.reason))

    def answer_of_sound(self, span: Span[T], record: dict[str, Json]) -> Response | Rejected:
        """One answer from a record that was read without a flaw and whose texts have no lone surrogates."""
        return self._quickly(span, record) or self.answer(span, record, [])

    def answer(self, span: Span[T], record: Json, flags: list[str]) -> Response | Rejected:
        """One answer from a record that was read."""
        try:
            return self._built(span, Fields(record, flags))
        except RecordError as refused:
            named = self._paths["model"].find(record) if "model" in self._paths else None
            model = named if isinstance(named, str) and named else None
            return Rejected(self._why(record, refused.reason), span.number, span.offset, span.length, model=model)

    def check(self, *keys: str) -> None:
        """Raise BadInputError when one of the paths was found in no record so far."""
        for key in keys or KEYS:
            if key in self._unseen and self._records:
                raise BadInputError(
                    f"No record has “{self._paths[key].text}”, which the mapping gives as {key}.",
                    hint=f"{did_you_mean(self._paths[key].text, self._seen_paths)}"
                    f"The records have: {', '.join(self._seen_keys) or 'no fields'}. "
                    "`workbench preview FILE` shows the paths.",
                )

    def _quickly(self, span: Span[T], record: dict[str, Json]) -> Response | None:
        """The answer of a record in which everything is as usual."""
        if self._unseen or self._opened.encoding or (self._conditions and self._left_out(record)):
            return None
        text = self._paths["response"].find(record)
        prompt = self._paths["prompt"].find(record) if "prompt" in self._paths else None
        labels = [path.find(record) if path else None for path in self._labels]
        if (
            text.__class__ is not str
            or not text
            or text.isspace()
            or cut_by(text)
            or has_thoughts(text)
            or prompt.__class__ is not str
            or not prompt
        ):
            return None
        if not all(label is None or label.__class__ is str for label in labels):
            return None
        key, model, sample, time = labels
        return placed(
            span,
            text,
            prompt,
            key=key or None,
            model=model or None,
            record=self._identity(record),
            sample=sample or None,
            time=time or None,
        )

    def _built(self, span: Span[T], fields: Fields) -> Response:
        if self._conditions and (reason := self._left_out(fields.record)):
            raise RecordError(reason)
        self._count(fields.record)
        said = text_in(fields, self._paths["response"].text, self._required(fields, "response"))
        content = Content(said).without_thoughts()
        key = self._label(fields, "prompt_key") or None
        prompt = self._prompt(fields, key)
        return placed(
            span,
            content.text,
            prompt,
            key=key,
            model=self._label(fields, "model") or None,
            record=self._identity(fields.record),
            sample=self._label(fields, "sample") or None,
            time=self._label(fields, "time") or None,
            flags=flags_of(self._opened, [*fields.flags, *content.flags], content.text),
            extra=extra_of(content) or None,
        )

    def _why(self, record: Json, reason: str) -> str:
        """Why a record is rejected: where it has no answer, and says itself that a call failed, in those words."""
        text = self._paths["response"].find(record)
        return reason if isinstance(text, str) and text else failure_in(record) or reason

    def _left_out(self, record: Json) -> str:
        """Why a record is not to be read by what the mapping demands; empty where it is."""
        for path, wanted in self._conditions:
            value = path.find(record)
            said = "" if value is MISSING or value is None else _said(value)
            if said.casefold() != wanted.casefold():
                return f"left out, for `{path.text}` is {f'“{one_line(said, 40)}”' if said else 'not there'}"
        return ""

    def _identity(self, record: Json) -> str | None:
        """Which record this is, where no sample number says it: a digest of all its fields.

        Two calls may well give one answer to one prompt; they are one record only if nothing tells them apart.
        """
        if "sample" in self._paths:
            return None
        try:
            fields = orjson.dumps(record, option=orjson.OPT_SORT_KEYS)
        except TypeError:  # numbers of any size, surrogates: what the tolerant parser lets pass
            try:
                fields = json.dumps(record, sort_keys=True).encode()
            except RecursionError:
                return None
        return "fields " + hashlib.sha256(fields).hexdigest()[:32]

    def _count(self, record: Json) -> None:
        self._records += 1
        if self._unseen:
            self._unseen -= {key for key in self._unseen if self._paths[key].find(record) is not MISSING}
            if len(self._seen_keys) < 20:
                self._seen_keys.update(dict.fromkeys(list(record)[:20]))
                self._seen_paths.update(dict.fromkeys(paths_in(record)))
            if self._records == PATIENCE:
                self.check("response", *(["prompt"] if "prompt_key" not in self._paths else []))

    def _required(self, fields: Fields, key: str) -> Json:
        path = self._paths[key]
        value = path.find(fields.record)
        if value is MISSING:
            raise RecordError(f"`{path.text}` is missing")
        return value

    def _label(self, fields: Fields, key: str) -> str | None:
        path = self._paths.get(key)
        if path is None:
            return None
        value = path.find(fields.record)
        return None if value is MISSING else fields.checked_label(path.text, value)

    def _prompt(self, fields: Fields, key: str | None) -> str | None:
        path = self._paths.get("prompt")
        if path and key and path.text == getattr(self._paths.get("prompt_key"), "text", None):
            return key
        value = path.find(fields.record) if path else MISSING
        if path and value is not MISSING and value is not None and not (value == "" and key):
            return prompt_in(fields, path.text, value)
        if not key:
            path = path or self._paths["prompt_key"]
            value = path.find(fields.record)
            what = "missing" if value is MISSING else "null" if value is None else "empty"
            raise RecordError(f"`{path.text}` is {what}")
        found = self._questions.get(key) or self._questions.get(normal_id(key))
        if self._questions and found is None:
            fields.flags.append(NO_PROMPT)
        return found.turns[0] if found else None

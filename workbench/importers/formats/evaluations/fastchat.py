"""FastChat answers (MT-Bench, Arena-Hard): JSON lines or an array of them, joined with their question file by id.

A record is one answer: one turn of one choice of a line; a line that can't be read is one record. The first
turn is the answer to the question. A later turn answers a conversation in which the model's own words stand:
with the question file its prompt is that conversation so far, without it the answer is kept under the id
`QUESTION_ID#TURN`. Later turns carry the flag `turn 2`, `turn 3` and so on. `sample` is the choice's index,
and the place is that of the line.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import orjson

from workbench.core.model import Json, Rejected, Response
from workbench.core.progress import Progress
from workbench.core.text import normal_id
from workbench.importers.base import Claim, Importer, Opened, Options, Record
from workbench.importers.messages.chat import Context, Turn
from workbench.importers.messages.content import Content
from workbench.importers.reading import tolerant_parse
from workbench.importers.reading.arrays import array_spans
from workbench.importers.reading.fields import Fields, flags_of, kind_of, placed, turn_of
from workbench.importers.reading.lines import each, line_spans
from workbench.importers.reading.records_importer import NO_PROMPT
from workbench.importers.reading.sample import begins_with, most_are
from workbench.importers.reading.tolerant_parse import RecordError
from workbench.importers.reading.window import Span, Window

_KEYS = (b'"question_id"', b'"choices"', b'"turns"', b'"model_id"', b'"index"', b'"answer_id"', b'"tstamp"')


def _is_answer(record: Mapping[str, Json]) -> bool:
    return "question_id" in record and "choices" in record


class _Choices(NamedTuple):
    """A line's answers: per choice its index and its turns, each a text or why it is none."""

    question: str
    answer_id: str | None
    model: str | None
    time: str | None
    choices: Sequence[tuple[str, Sequence[str | RecordError]]]
    flags: list[str]


class FastChat(Importer):
    """FastChat's `model_answer/MODEL.jsonl`; the question file is given as the file of prompts."""

    key = "fastchat"
    title = "FastChat answers (JSON lines or an array), joined with their question file"
    suffixes = (".jsonl",)

    def joins(self, options: Options) -> bool:
        """Always: the questions are in a file of their own."""
        return True

    def sniff(self, opened: Opened) -> Claim | None:
        """Lines, or an array, that hold question_id and choices."""
        if not most_are(opened, _is_answer):
            return None
        return Claim(f"{'a JSON array' if begins_with(opened) == '[' else 'JSON lines'} with question_id and choices")

    def read(self, opened: Opened, options: Options, progress: Progress) -> Iterator[Record]:
        """One record a turn. Raises BadInputError for a question file that is none."""
        asked = None
        if options.prompts is not None:
            asked = {key: question.turns for key, question in options.prompts.questions.items()}
        index = 0
        with Window(opened, progress) as window:
            array = begins_with(opened) == "[" and most_are(opened, _is_answer)
            for span in array_spans(window, _fast) if array else line_spans(window, each(_fast)):
                for record in _records(opened, span, asked):
                    yield record._replace(number=index)
                    index += 1


def _fast(raw: bytes) -> Json:
    # The parser keeps the last of duplicate keys in silence; a line of several choices repeats some rightly.
    if any(raw.count(key) > 1 for key in _KEYS):
        raise ValueError("several choices, or duplicate keys")
    return orjson.loads(raw)


def _records(
    opened: Opened, span: Span[Json], asked: dict[str, tuple[str, ...]] | None
) -> Iterator[Response | Rejected]:
    try:
        line = _read(span)
    except RecordError as refused:
        yield Rejected(refused.reason, span.number, span.offset, span.length)
        return
    for choice, turns in line.choices:
        for number, turn in enumerate(turns):
            if isinstance(turn, RecordError):
                yield Rejected(turn.reason, span.number, span.offset, span.length)
                continue
            prompt = _prompt(asked, line.question, turns, number)
            flags = [*line.flags, *([f"turn {number + 1}"] if number else [])]
            if asked is not None and prompt is None:
                flags.append(NO_PROMPT)
            yield placed(
                span,
                turn,
                prompt,
                key=f"{line.question}#{number + 1}" if number else line.question,
                model=line.model,
                record=line.answer_id,
                sample=choice,
                time=line.time,
                flags=flags_of(opened, flags, turn),
            )


def _prompt(
    asked: dict[str, tuple[str, ...]] | None, question: str, turns: Sequence[str | RecordError], number: int
) -> str | None:
    """The question, or for a later turn the conversation so far; None when a part of it is not known."""
    known = asked or {}
    said = known.get(question) or known.get(normal_id(question), ())
    if number >= len(said):
        return None
    if not number:
        return said[0]
    context = Context()
    for asked_for, answer in zip(said[:number], turns, strict=False):
        if isinstance(answer, RecordError):
            return None
        context.add(Turn("user", Content(asked_for)))
        context.add(Turn("assistant", Content(answer)))
    context.add(Turn("user", Content(said[number])))
    return context.prompt()


def _read(span: Span[Json]) -> _Choices:
    if span.raw is None:
        raise RecordError(span.reason)
    record, flags = (span.value, []) if span.value is not None else tolerant_parse.parse(span.raw)
    fields = Fields(record, flags)
    question = fields.label("question_id")
    if question is None:
        raise RecordError("`question_id` is missing")
    listed = _list(fields, "choices")
    choices = []
    for at, choice in enumerate(listed):
        inner = Fields(choice, fields.flags)
        turns = [_turn(inner, n, value) for n, value in enumerate(_list(inner, "turns"))]
        choices.append((inner.label("index") or str(at), turns))
    if not any(turns for _, turns in choices):
        raise RecordError("there is no answer: `choices` is empty or its `turns` are")
    labels = (fields.label("answer_id"), fields.label("model_id"), fields.label("tstamp"))
    return _Choices(question, *labels, choices, fields.flags)


def _list(fields: Fields, name: str) -> list[Json]:
    value = fields.record.get(name)
    if name not in fields.record:
        raise RecordError(f"`{name}` is missing")
    if not isinstance(value, list):
        raise RecordError(f"`{name}` is {kind_of(value)}, not a list")
    return value


def _turn(fields: Fields, number: int, value: Json) -> str | RecordError:
    try:
        return turn_of(fields, number, value)
    except RecordError as refused:
        return refused

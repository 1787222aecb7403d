"""What the formats share whose files are lists of JSON records: lines, an array, or an array in one object.

A record of the file gives one answer, several, or none; each of them, and each reason why there is none,
counts as one record with the place of the line or element that it came from.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterator, Mapping
from typing import ClassVar, NamedTuple

from workbench.core.model import Json, Rejected, Response
from workbench.core.progress import Progress
from workbench.core.text import normal_id
from workbench.importers.base import Claim, Importer, Opened, Options, Question, Record
from workbench.importers.reading import tolerant_parse
from workbench.importers.reading.arrays import array_spans
from workbench.importers.reading.csv_rows import records_of_rows
from workbench.importers.reading.fields import Fields, flags_of, model_named
from workbench.importers.reading.lines import line_spans
from workbench.importers.reading.nested import nested_spans
from workbench.importers.reading.objects import object_spans
from workbench.importers.reading.sample import begins_with, first_rows, is_one_object, most_are
from workbench.importers.reading.tolerant_parse import RecordError, strict, strict_lines
from workbench.importers.reading.window import Span, Window

NO_ANSWER = "there is no answer in it"
NO_PROMPT = "prompt not found"
_LOOKED_AT = 40
"""Rows of a table by which it is known."""

TRAINING_SET = "Files of this form are made to train models: it may itself be the set that one was trained on."


class Answer(NamedTuple):
    """An answer as its record states it, still without its place."""

    text: str
    prompt: str | None = None
    key: str | None = None
    model: str | None = None
    record: str | None = None
    sample: str | None = None
    time: str | None = None
    flags: tuple[str, ...] = ()
    extra: Mapping[str, Json] | None = None


Taken = Iterator[Answer | RecordError]


class JoinedPrompts:
    """Prompts that were given beside the answers, by their ids; `given` says whether there are any."""

    def __init__(self, options: Options) -> None:
        self.given = options.prompts is not None
        self._questions: Mapping[str, Question] = {} if options.prompts is None else options.prompts.questions

    def find(self, key: str, flags: list[str]) -> str | None:
        """The prompt of an id; a flag where prompts were given and it is not among them."""
        found = self._questions.get(key) or self._questions.get(normal_id(key))
        if found is not None:
            flags += [flag for flag in found.flags if flag not in flags]
            return found.turns[0]
        if self.given and NO_PROMPT not in flags:
            flags.append(NO_PROMPT)
        return None

    def beside(self, key: str) -> Mapping[str, Json]:
        """What the request of an id says beside its prompt: the model asked for, settings, system prompt, endpoint."""
        found = self._questions.get(key) or self._questions.get(normal_id(key))
        return {} if found is None else found.extra


class RecordsImporter(Importer):
    """A format of JSON records.

    `places` are the paths at which their list may be where one object holds them all, the empty one for lines and for
    an array. `documents` says that a record may be a file of its own, and then be written over several lines, `tables`
    that it may be a row of a CSV file, whose cells are JSON.
    """

    why: ClassVar[str]
    places: ClassVar[tuple[tuple[str, ...], ...]] = ((),)
    documents: ClassVar[bool] = False
    tables: ClassVar[bool] = False

    @abstractmethod
    def knows(self, record: Mapping[str, Json]) -> bool:
        """Whether this is a record of the format; of all formats at most one may say so."""

    @abstractmethod
    def answers(self, fields: Fields, joined: JoinedPrompts) -> Taken:
        """The answers of a record, and why others can't be taken; raises RecordError."""

    def sniff(self, opened: Opened) -> Claim | None:
        """More than half of the first records are of this format."""
        if self._place(opened) is None:
            return None
        return Claim(f"{self.why}. {self.note}" if self.note else self.why)

    def by_lines(self, opened: Opened, options: Options) -> bool:
        """Where the records are lines."""
        lines = begins_with(opened) == "{" and self._place(opened) == ()
        return lines and not (self.documents and is_one_object(opened))

    def _place(self, opened: Opened) -> tuple[str, ...] | None:
        """Where the records are; None where they are of another format."""
        if self._is_table(opened):
            return ()
        places = [place for place in self.places if not place or begins_with(opened) == "{"] or self.places
        return next((p for p in places if most_are(opened, self.knows, p, documents=self.documents and not p)), None)

    def read(self, opened: Opened, options: Options, progress: Progress) -> Iterator[Record]:
        """The answers, record by record. Raises BadInputError for a file of prompts that is none."""
        joined = JoinedPrompts(options)
        index = 0
        place = self._place(opened)
        inside = self.places[0] if place is None else place
        with Window(opened, progress) as window:
            for span in self._spans(window, opened, inside):
                for record in taken(opened, span, index, lambda fields: self.answers(fields, joined)):
                    yield record
                    index += 1

    def _is_table(self, opened: Opened) -> bool:
        """Whether most of its first rows are records of the format."""
        if not self.tables or begins_with(opened) in ("[", "{"):
            return False
        rows = [row for row in first_rows(opened, _LOOKED_AT) if isinstance(row, dict)]
        return 2 * sum(map(self.knows, rows)) > len(rows) > 0

    def _spans(self, window: Window, opened: Opened, inside: tuple[str, ...]) -> Iterator[Span[Json]]:
        """The records, be they lines, an array, a list inside one object, objects over several lines, or rows."""
        first = begins_with(opened)
        if self._is_table(opened):
            return records_of_rows(window, opened)
        if first == "[":
            return array_spans(window, strict)
        if self.documents and is_one_object(opened):
            return object_spans(window, strict)
        return nested_spans(window, inside, strict) if inside else line_spans(window, strict_lines)


def taken(
    opened: Opened, span: Span[Json], index: int, take: Callable[[Fields], Taken]
) -> Iterator[Response | Rejected]:
    """What `take` makes of one record of the file, each with the record's place, numbered from `index`."""
    number, named = index, None
    try:
        fields = _fields(span)
        for answer in take(fields):
            yield _placed(opened, span, number, fields, answer)
            number += 1
        reason = "" if number > index else NO_ANSWER
        named = model_named(fields.record) if reason else None
    except RecordError as refused:
        reason = refused.reason
        named = model_named(span.value)
    except RecursionError:
        reason = "the record is nested too deeply"
    if reason:
        yield Rejected(reason, number, span.offset, span.length, model=named)


def _fields(span: Span[Json]) -> Fields:
    if span.value is not None:
        return Fields(span.value, [])
    if span.raw is None:
        raise RecordError(span.reason)
    return Fields(*tolerant_parse.parse(span.raw))


def _placed(
    opened: Opened, span: Span[Json], number: int, fields: Fields, answer: Answer | RecordError
) -> Response | Rejected:
    if isinstance(answer, RecordError):
        return Rejected(answer.reason, number, span.offset, span.length, model=model_named(fields.record))
    return Response(
        text=answer.text,
        prompt=answer.prompt,
        prompt_key=answer.key,
        model=answer.model,
        record_id=answer.record,
        sample=answer.sample,
        time=answer.time,
        number=number,
        offset=span.offset,
        length=span.length,
        flags=flags_of(opened, [*fields.flags, *answer.flags], answer.text),
        extra=answer.extra or None,
    )

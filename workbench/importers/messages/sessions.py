"""Conversations that are written line by line as they go on: a line is a message or a part of one."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping
from typing import ClassVar, Protocol

from workbench.core.model import Json, Rejected, Response
from workbench.core.progress import Progress
from workbench.importers.base import Claim, Importer, Opened, Options, Record
from workbench.importers.messages.bodies import SYSTEM, extra_of
from workbench.importers.messages.chat import NO_QUESTION, Context
from workbench.importers.messages.content import Content
from workbench.importers.reading import tolerant_parse
from workbench.importers.reading.arrays import array_spans
from workbench.importers.reading.fields import Fields, flags_of, model_named
from workbench.importers.reading.lines import line_spans
from workbench.importers.reading.records_importer import Answer
from workbench.importers.reading.sample import begins_with, most_are
from workbench.importers.reading.tolerant_parse import RecordError, strict, strict_lines
from workbench.importers.reading.window import Span, Window

Said = tuple[Span[Json], Answer | RecordError]
"""An answer or why there is none, with the line that gave the last of it."""


class Session(Protocol):
    """What the lines of a file add up to."""

    def take(self, fields: Fields, span: Span[Json]) -> Iterator[Said]:
        """What is complete with one line more; raises RecordError for a line that can't be taken."""

    def end(self) -> Iterator[Said]:
        """What is complete with the file's end."""


class SessionImporter(Importer):
    """A format of lines that belong together."""

    why: ClassVar[str]

    @abstractmethod
    def knows(self, record: Mapping[str, Json]) -> bool:
        """Whether this is a line of the format."""

    @abstractmethod
    def session(self, opened: Opened) -> Session:
        """The beginning of a conversation."""

    def sniff(self, opened: Opened) -> Claim | None:
        """More than half of the first lines are of this format."""
        known = begins_with(opened) == "{" and most_are(opened, self.knows)
        return Claim(f"{self.why}. {self.note}" if self.note else self.why) if known else None

    def spans(self, window: Window, opened: Opened) -> Iterator[Span[Json]]:
        """The records of a file in order, be they lines or an array."""
        return array_spans(window, strict) if begins_with(opened) == "[" else line_spans(window, strict_lines)

    def read(self, opened: Opened, options: Options, progress: Progress) -> Iterator[Record]:
        """The answers in the order in which they are complete; a line that can't be read is rejected."""
        session = self.session(opened)
        index = 0
        with Window(opened, progress) as window:
            for said in _all_said(session, self.spans(window, opened)):
                yield _record(opened, said, index)
                index += 1


def _all_said(session: Session, spans: Iterator[Span[Json]]) -> Iterator[Said]:
    for span in spans:
        try:
            yield from session.take(_fields(span), span)
        except RecordError as refused:
            yield span, refused
        except RecursionError:
            yield span, RecordError("the record is nested too deeply")
    yield from session.end()


def _fields(span: Span[Json]) -> Fields:
    if span.value is not None:
        return Fields(span.value, [])
    if span.raw is None:
        raise RecordError(span.reason)
    return Fields(*tolerant_parse.parse(span.raw))


def _record(opened: Opened, said: Said, index: int) -> Response | Rejected:
    span, answer = said
    if isinstance(answer, RecordError):
        return Rejected(answer.reason, index, span.offset, span.length, model=model_named(span.value))
    return Response(
        text=answer.text,
        prompt=answer.prompt,
        prompt_key=answer.key,
        model=answer.model,
        record_id=answer.record,
        sample=answer.sample,
        time=answer.time,
        number=index,
        offset=span.offset,
        length=span.length,
        flags=flags_of(opened, list(answer.flags), answer.text),
        extra=answer.extra or None,
    )


def answer_in(
    content: Content,
    context: Context,
    *,
    record: str | None,
    model: str | None = None,
    sample: str | None = None,
    time: str | None = None,
    flags: tuple[str, ...] = (),
    more: Mapping[str, Json] | None = None,
) -> Answer:
    """An answer to the conversation so far; one before which nothing was said is kept under its record's id."""
    prompt = context.prompt()
    found = [*content.flags, *flags]
    found += [NO_QUESTION] if prompt is None else []
    found += [SYSTEM] if context.system else []
    return Answer(
        content.text,
        prompt,
        (record or "answer") if prompt is None else None,
        model,
        record,
        sample,
        time,
        tuple(dict.fromkeys(found)),
        extra_of(content, system=context.system, **(more or {})),
    )

"""What a record's fields hold, checked with reasons in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from workbench.core.model import Json, Rejected, Response
from workbench.core.text import well_formed
from workbench.importers.base import Opened
from workbench.importers.reading import tolerant_parse
from workbench.importers.reading.tolerant_parse import RecordError
from workbench.importers.reading.window import Span

T = TypeVar("T")

EMPTY = "empty answer"
TRUNCATED = "truncated"
CUT_BY_LOGGER, CUT_BY_EXCEL = "cut by the logger", "cut at Excel's limit"
LONGEST_CELL = 32_767
"""UTF-16 units that a cell of Excel holds at most: what is longer is cut without a word."""
_CELL = range(LONGEST_CELL // 2, LONGEST_CELL + 1)
_MARKS = ("litellm_truncated", "<truncated due to size exceeding limit>")
"""What LiteLLM and Langfuse write where they leave out a part of a text."""
_MISSING = object()


def kind_of(value: Json) -> str:
    """What a JSON value is, with its article: a text, a number, a list, an object, null."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, str):
        return "a text"
    if isinstance(value, int | float):
        return "a number"
    return "a list" if isinstance(value, list) else "an object"


class Fields:
    """One record that is read field by field; `flags` grows with what is met on the way."""

    def __init__(self, record: Json, flags: list[str]) -> None:
        if not isinstance(record, dict):
            raise RecordError(f"the record is {kind_of(record)}, not an object")
        self.record = record
        self.flags = flags

    def text(self, name: str) -> str:
        """A text that must be there; raises RecordError."""
        value = self.record.get(name, _MISSING)
        if value is _MISSING:
            raise RecordError(f"`{name}` is missing")
        return self.checked(name, value)

    def label(self, name: str) -> str | None:
        """An id, name, time or number as text; None when it is missing or null; raises RecordError."""
        value = self.record.get(name)
        if value is None or (value.__class__ is str and value.isascii()):
            return value
        return self.checked_label(name, value)

    def checked(self, name: str, value: Json) -> str:
        """The value of the field `name` as a well-formed text; raises RecordError when it is no text."""
        if not isinstance(value, str):
            raise RecordError(f"`{name}` is {kind_of(value)}, not a text")
        return self.sound(value)

    def sound(self, value: str) -> str:
        """A text with every lone surrogate made visible."""
        if value.isascii():
            return value
        text, changed = well_formed(value)
        if changed and tolerant_parse.LONE_SURROGATE not in self.flags:
            self.flags.append(tolerant_parse.LONE_SURROGATE)
        return text

    def checked_label(self, name: str, value: Json) -> str | None:
        """The value of the field `name` as a label; raises RecordError for lists, objects and flags."""
        if value is None:
            return None
        if isinstance(value, str):
            return value if value.isascii() else self.sound(value)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return str(value)
        raise RecordError(f"`{name}` is {kind_of(value)}, not a text or a number")


def turn_of(fields: Fields, number: int, value: Json) -> str:
    """A turn as FastChat writes it, or as Arena-Hard does, which wraps it in `content`; raises RecordError."""
    return fields.checked(f"turns.{number}", value.get("content") if isinstance(value, dict) else value)


def placed(
    span: Span[T],
    text: str,
    prompt: str | None,
    *,
    key: str | None = None,
    model: str | None = None,
    record: str | None = None,
    sample: str | None = None,
    time: str | None = None,
    flags: tuple[str, ...] = (),
    extra: Mapping[str, Json] | None = None,
) -> Response:
    """An answer with the place of its record."""
    return Response(
        text=text,
        prompt=prompt,
        prompt_key=key,
        model=model,
        record_id=record,
        sample=sample,
        time=time,
        number=span.number,
        offset=span.offset,
        length=span.length,
        flags=flags,
        extra=extra,
    )


def flags_of(opened: Opened, more: list[str], text: str) -> tuple[str, ...]:
    """The flags of an answer: the file's encoding, what its record showed, whether it is empty or was cut by others."""
    empty = not text or text.isspace()
    cut = cut_by(text)
    if not (empty or cut or more or opened.encoding):
        return ()
    flags = [opened.encoding] if opened.encoding else []
    return tuple(dict.fromkeys([*flags, *more, *([EMPTY] if empty else []), *cut]))


def cut_by(text: str) -> tuple[str, ...]:
    """The flags of an answer that a program which stored it cut short; none where that can't be seen."""
    if len(text) in _CELL and len(text.encode("utf-16-le", "surrogatepass")) // 2 == LONGEST_CELL:
        return TRUNCATED, CUT_BY_EXCEL
    return (TRUNCATED, CUT_BY_LOGGER) if any(mark in text for mark in _MARKS) else ()


def read_tolerantly(span: Span[T], build: Callable[[Span[T], Fields], Response]) -> Response | Rejected:
    """What the tolerant parser and `build` make of a record that the fast parser refused."""
    if span.raw is None:
        return Rejected(span.reason, span.number, span.offset, span.length)
    try:
        return build(span, Fields(*tolerant_parse.parse(span.raw)))
    except RecordError as refused:
        return Rejected(refused.reason, span.number, span.offset, span.length)


_NAMES = (
    "returned_model", "response_model", "provided_model_name", "providedModelName", "model", "model_name", "model_id",
    "generator", "requested_model",
)  # fmt: skip
_WITHIN = ("response", "response_body", "body", "result", "message", "request", "request_body", "params")
_DEEPEST = 3
_LONGEST = 500


def model_named(record: Json, depth: int = 0) -> str | None:
    """The name of a model in the fields that formats have for it, the reply's before the request's; None without."""
    if not isinstance(record, dict) or depth > _DEEPEST:
        return None
    for name in _NAMES:
        value = record.get(name)
        if isinstance(value, str) and value.strip():
            return value[:_LONGEST]
    inside = (model_named(record.get(name), depth + 1) for name in _WITHIN)
    return next(filter(None, inside), None)

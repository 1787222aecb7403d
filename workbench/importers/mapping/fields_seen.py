"""The fields of the first records, each with what stands there: what a guess rests on beside the name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import orjson

from workbench.core.model import Json
from workbench.core.text import one_line
from workbench.importers.mapping.masking import NOT_SHOWN, beside_secret_names, is_concealed, is_harmless, shown
from workbench.importers.reading.fields import kind_of
from workbench.importers.reading.paths import written

MOST_FIELDS = 200
DEEPEST = 10
_ITEMS = 3
_LONGEST_JSON = 1 << 20
_PARENTS = {"parent", "parentId", "parent_id", "parentMessageId", "children", "childrenIds"}
_SPOKEN = (("role", "content"), ("from", "value"), ("role", "text"), ("speaker", "text"))

_SCRIPTS_WITHOUT_SPACES = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_SPACED = re.compile(r"\S\s+\S")
LETTER = re.compile(r"[^\W\d_]")
_DATE = re.compile(
    r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4}|\d{4}年|\d{8}T\d{6}"
    r"|(?:[A-Z][a-z]{2}, )?\d{1,2} [A-Z][a-z]{2,8} \d{4}|[A-Z][a-z]{2,8} \d{1,2},? \d{4}|\d{1,2}:\d{2}:\d{2}"
)
_MODEL = re.compile(
    r"gpt|claude|gemini|llama|mistral|mixtral|qwen|deepseek|phi-?\d|gemma|command-r|cohere|\bo[134](-|$)|davinci|grok"
    r"|falcon|vicuna|alpaca|yi-|glm|ernie|baichuan|internlm|nova-|titan|kimi|hunyuan|olmo|granite|-instruct|-chat\b",
    re.IGNORECASE,
)
_EARLIEST, _LATEST = 1_300_000_000, 2_500_000_000


class Field(NamedTuple):
    """A path into the records, the type of what stands there, an example of it, and all that was seen.

    `seen` is how many records were looked at; `inside` says that the path leads into a text that is JSON, `hidden` that
    what stands there is kept from sight.
    """

    path: str
    kind: str
    example: str
    parts: tuple[str, ...] = ()
    values: tuple[Json, ...] = ()
    seen: int = 1
    inside: bool = False
    hidden: bool = False

    @property
    def texts(self) -> list[str]:
        """The texts among the values."""
        return [value for value in self.values if isinstance(value, str)]

    @property
    def distinct(self) -> int:
        """How many different texts and numbers stand there."""
        return len({str(value) for value in self.values if not isinstance(value, dict | list)})

    @property
    def constant(self) -> bool:
        """Whether several records have one value."""
        return len(self.values) > 1 and self.distinct == 1

    @property
    def length(self) -> float:
        """The mean length of the texts."""
        return sum(map(len, self.texts)) / len(self.texts) if self.texts else 0.0

    def share(self, so: re.Pattern[str] | None = None) -> float:
        """The share of the values that are texts, of those that match `so`."""
        found = [text for text in self.texts if so is None or so.search(text[:2000])]
        return len(found) / len(self.values) if self.values else 0.0


class _Seen(NamedTuple):
    """What stands at a path in one record; `beside` says that it stands beside a name for secrets."""

    parts: tuple[str, ...]
    value: Json
    inside: bool
    beside: bool


def fields_of(records: Sequence[Json]) -> list[Field]:
    """Every path that the records have, in order of first appearance, with the first example not null."""
    seen: dict[tuple[str, ...], list[_Seen]] = {}
    for record in records:
        for one in _walk(_Seen((), record, False, False)):
            if len(seen) < MOST_FIELDS or one.parts in seen:
                seen.setdefault(one.parts, []).append(one)
    return [_field(found, len(records)) for found in seen.values()]


def _field(found: Sequence[_Seen], count: int) -> Field:
    there = [one for one in found if one.value is not None]
    parts, first, _, beside = there[0] if there else found[0]
    hidden = beside or any(map(is_concealed, parts))
    concealed = hidden and not is_harmless(first) and not isinstance(first, dict | list)
    example = NOT_SHOWN if concealed else _example(first)
    values, inside = tuple(one.value for one in there), any(one.inside for one in found)
    return Field(written(parts), kind_of(first), example, parts, values, count, inside, hidden)


def _walk(one: _Seen) -> Iterator[_Seen]:
    if one.parts:
        yield one
    if len(one.parts) >= DEEPEST:
        return
    value, inside = one.value, one.inside
    if one.parts and isinstance(value, str):
        value, inside = json_in(value), True
    kept = beside_secret_names(value)
    for key, inner in _members(value):
        yield from _walk(_Seen((*one.parts, key), inner, inside, one.beside or key in kept))


def _members(value: Json) -> Iterable[tuple[str, Json]]:
    if isinstance(value, dict):
        return () if _is_tree(value) else value.items()
    return ((str(at), inner) for at, inner in enumerate(value[:_ITEMS])) if isinstance(value, list) else ()


def _is_tree(value: Json) -> bool:
    """Whether an object holds a conversation's messages by their ids: a path into it leads to one of them alone."""
    nodes = list(value.values())
    return len(nodes) > 1 and all(isinstance(node, dict) and _PARENTS & node.keys() for node in nodes)


def json_in(text: str) -> Json:
    """The object or list that a text is as JSON; None for any other text."""
    if text[:1] not in ("{", "[") or text[-1:] not in ("}", "]") or len(text) > _LONGEST_JSON:
        return None
    try:
        return orjson.loads(text)
    except ValueError:
        return None


def _example(value: Json) -> str:
    if isinstance(value, str):
        return one_line(shown(value, 500), 80)
    if isinstance(value, dict | list):
        return f"{len(value)} inside"
    return "null" if value is None else one_line(str(value), 80)


def is_prose(field: Field) -> bool:
    """Whether at least half of what stands there are words in a row."""
    prose = [t for t in field.texts if LETTER.search(t[:2000]) and (_SPACED.search(t[:2000]) or _wide(t))]
    return 2 * len(prose) >= len(field.values) > 0 and not field.share(_DATE_ONLY) > 0.5


_DATE_ONLY = re.compile(rf"^\W*({_DATE.pattern})[\dTZ:.,+ \-UTCGM]*$")


def _wide(text: str) -> bool:
    return len(_SCRIPTS_WITHOUT_SPACES.findall(text[:200])) > 1


def is_time(field: Field) -> bool:
    """Whether most of what stands there are dates, times, or seconds since 1970."""
    return 2 * sum(map(_timely, field.values)) > len(field.values)


def _timely(value: Json) -> bool:
    if isinstance(value, bool):
        return False
    if isinstance(value, str) and _DATE.search(value[:40]):
        return len(value) <= 40
    try:
        number = float(value) if isinstance(value, str | int | float) else 0.0
    except ValueError:
        return False
    return any(_EARLIEST <= number / unit <= _LATEST for unit in (1, 1e3, 1e6, 1e9))


def is_model(field: Field) -> bool:
    """Whether most of what stands there are short and look like names of models."""
    named = [t for t in field.texts if len(t) <= 100 and _MODEL.search(t) and len(t.split()) <= 4]
    return 2 * len(named) > len(field.values) > 0


def names_a_model(name: str) -> bool:
    """Whether the name of a field is that of a model, such as gpt-4o."""
    return bool(_MODEL.search(name))


def is_label(field: Field) -> bool:
    """Whether all that stands there are short texts without spaces, or numbers."""
    return bool(field.values) and all(
        (isinstance(v, int | float) and not isinstance(v, bool))
        or (isinstance(v, str) and 0 < len(v) <= 120 and not _SPACED.search(v))
        for v in field.values
    )


def numbers(field: Field) -> list[int] | None:
    """The small whole numbers that stand there, be they texts; None where something else does."""
    found = [str(value).strip() for value in field.values if not isinstance(value, bool | dict | list)]
    if len(found) != len(field.values) or not all(re.fullmatch(r"\d{1,9}(\.0)?", text) for text in found):
        return None
    return [int(float(text)) for text in found]


def speakers(value: Json) -> tuple[str, str] | None:
    """The keys of speaker and text where this is a list of messages; None where it is none."""
    if not isinstance(value, list) or not value:
        return None
    for speaker, text in _SPOKEN:
        if all(isinstance(m, dict) and isinstance(m.get(speaker), str) and text in m for m in value):
            return speaker, text
    return None

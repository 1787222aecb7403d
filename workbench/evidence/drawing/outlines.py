"""Words as outlines: what is drawn so is seen on the page and never enters copied text."""

from __future__ import annotations

from functools import lru_cache

from workbench.core.drawing import PAPER
from workbench.core.resources import resource

_FONT = "fonts/Inter-SemiBold.ttf"
_MOVE, _LINE, _QUADRATIC, _CLOSE = 1, 2, 3, 79


@lru_cache(maxsize=64)
def outline(words: str, size: float, spacing: float = 0.0) -> tuple[str, float]:
    """The outlines of some words as an SVG path from their baseline on, and their width."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import TextPath

    font = FontProperties(fname=str(resource(_FONT)))
    parts: list[str] = []
    at = 0.0
    for letter in words:
        if letter == " ":
            at += 0.28 * size + spacing
            continue
        path = TextPath((0, 0), letter, size=size, prop=font)
        parts.append(_path(path.vertices, path.codes, at))
        at += _advance(letter, size) + spacing
    return "".join(parts), at - spacing


@lru_cache(maxsize=256)
def _advance(letter: str, size: float) -> float:
    from matplotlib.ft2font import FT2Font, LoadFlags

    font = FT2Font(str(resource(_FONT)))
    font.set_size(100, 72)
    glyph = font.load_char(ord(letter), flags=LoadFlags.NO_HINTING)
    return float(glyph.linearHoriAdvance / 65536 * size / 100)


def _path(vertices: object, codes: object, shift: float) -> str:
    parts: list[str] = []
    waiting: list[str] = []
    for (x, y), code in zip(vertices, codes, strict=True):  # type: ignore[call-overload]
        place = f"{x + shift:.2f} {-y:.2f}"
        if code == _MOVE:
            parts.append(f"M{place}")
        elif code == _LINE:
            parts.append(f"L{place}")
        elif code == _CLOSE:
            parts.append("Z")
        else:
            waiting.append(place)
            if len(waiting) == (2 if code == _QUADRATIC else 3):
                parts.append(("Q" if code == _QUADRATIC else "C") + " ".join(waiting))
                waiting.clear()
    return "".join(parts)


def stamp(words: str, colour: str = "bad") -> str:
    """A framed stamp as SVG, such as DRAFT 1."""
    path, width = outline(words, 9.0, 0.6)
    whole, ink = width + 14, PAPER[colour]
    return (
        f'<svg class="stamp" xmlns="http://www.w3.org/2000/svg" width="{whole:.1f}" height="17" '
        f'viewBox="0 0 {whole:.1f} 17" aria-hidden="true"><rect x=".6" y=".6" width="{whole - 1.2:.1f}" height="15.8" '
        f'rx="2.4" fill="none" stroke="{ink}" stroke-width="1.1"/><path fill="{ink}" transform="translate(7 11.8)" '
        f'd="{path}"/></svg>'
    )


def edge(words: str, height: float = 720.0) -> str:
    """Words three times along a dashed line, upright at the outer edge of a page: they cover nothing."""
    path, width = outline(words, 6.2, 0.9)
    ink = PAPER["bad"]
    steps = [height * share for share in (0.13, 0.46, 0.79)]
    marks = "".join(
        f'<rect x="0" y="{at - 4:.1f}" width="14" height="{width + 8:.1f}" fill="#FFFFFF"/>'
        f'<path fill="{ink}" fill-opacity=".62" transform="translate(9.2 {at + width:.1f}) rotate(-90)" d="{path}"/>'
        for at in steps
    )
    return (
        f'<svg class="edge" xmlns="http://www.w3.org/2000/svg" width="14" height="{height:g}" viewBox="0 0 14 '
        f'{height:g}" '
        f'aria-hidden="true"><path d="M11.5 0L11.5 {height:g}" fill="none" stroke="{ink}" stroke-opacity=".5" '
        f'stroke-width=".8" stroke-dasharray="3 2"/>{marks}</svg>'
    )


def numeral(number: int) -> str:
    """A number in a filled circle, as SVG: it marks a passage and never enters its text."""
    path, width = outline(str(number), 7.4)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="12" height="12" viewBox="0 0 12 12" aria-hidden="true">'
        f'<circle cx="6" cy="6" r="6" fill="{PAPER["ink1"]}"/><path fill="#FFFFFF" '
        f'transform="translate({6 - width / 2:.2f} 8.6)" d="{path}"/></svg>'
    )

"""A picture as SVG: the same bytes for the same picture, plain elements alone, no style and no script."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from html import escape

from workbench.core.drawing import (
    BLOCK,
    DIAMOND,
    DOT,
    LATE,
    OUTSIDE,
    PAPER,
    RING,
    SQUARE,
    TICK,
    TRIANGLE,
    Box,
    Drawing,
    Item,
    Line,
    Mark,
    Text,
)

SANS = "Inter,Segoe UI,Helvetica,Arial,sans-serif"
SERIF = "Noto Serif,Georgia,Times New Roman,serif"
_DASHES = {"": "", "dashed": ' stroke-dasharray="4 3"', "dotted": ' stroke-dasharray="1 3" stroke-linecap="round"'}
_HATCH = 9.0


def to_svg(drawing: Drawing, name: str = "p", *, klass: str = "") -> str:
    """The picture as an SVG element; `name` tells its ids from those of other pictures on a page."""
    width, height = _n(drawing.width), _n(drawing.height)
    wearing = f' class="{klass}"' if klass else ""
    items = "".join(_item(item) for item in drawing.items)
    return (
        f'<svg{wearing} xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" role="img" aria-labelledby="{name}t {name}d" font-family="{SANS}">'
        f'<title id="{name}t">{escape(drawing.title)}</title><desc id="{name}d">{escape(drawing.description)}</desc>'
        f"{items}</svg>"
    )


def mark_svg(shape: str, colour: str, size: float = 11) -> str:
    """A mark alone, as it stands before a name in running text."""
    inner = _mark(Mark(size / 2, size / 2, shape, colour, size * 0.82))
    return (
        f'<svg class="mk" width="{_n(size)}" height="{_n(size)}" viewBox="0 0 {_n(size)} {_n(size)}" '
        f'aria-hidden="true">{inner}</svg>'
    )


def _n(value: float) -> str:
    """A coordinate with two decimals at most."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _item(item: Item) -> str:
    match item:
        case Line():
            return _line(item)
        case Box():
            return _box(item)
        case Text():
            return _text(item)
        case Mark():
            return _mark(item)


def _line(line: Line) -> str:
    path = "M" + "L".join(f"{_n(x)} {_n(y)}" for x, y in line.points)
    return f'<path d="{path}" fill="none" stroke="{PAPER[line.colour]}" stroke-width="{_n(line.width)}"' + (
        f"{_DASHES[line.dash]}/>"
    )


def _box(box: Box) -> str:
    fill = PAPER[box.fill] if box.fill else "none"
    stroke = f' stroke="{PAPER[box.stroke]}"' if box.stroke else ""
    radius = f' rx="{_n(box.radius)}"' if box.radius else ""
    place = f'x="{_n(box.x)}" y="{_n(box.y)}" width="{_n(box.width)}" height="{_n(box.height)}"'
    return f'<rect {place}{radius} fill="{fill}"{stroke}/>' + (_hatching(box) if box.hatched else "")


def _hatching(box: Box) -> str:
    """Slanted lines within a box, each cut at its edges, so that no clipping is needed."""
    parts = []
    steps = math.ceil((box.width + box.height) / _HATCH)
    for at in range(1, steps):
        offset = at * _HATCH
        x1, y1 = (offset, 0.0) if offset <= box.width else (box.width, offset - box.width)
        x2, y2 = (0.0, offset) if offset <= box.height else (offset - box.height, box.height)
        parts.append(f"M{_n(box.x + x1)} {_n(box.y + y1)}L{_n(box.x + x2)} {_n(box.y + y2)}")
    return f'<path d="{"".join(parts)}" fill="none" stroke="{PAPER["strong"]}" stroke-width=".8"/>'


def _text(text: Text) -> str:
    family = f' font-family="{SERIF}"' if text.serif else ""
    return (
        f'<text x="{_n(text.x)}" y="{_n(text.y)}" font-size="{_n(text.size)}" fill="{PAPER[text.colour]}" '
        f'text-anchor="{text.anchor}" font-weight="{text.weight}"{family} xml:space="preserve">'
        f"{escape(text.text, quote=False)}</text>"
    )


def _mark(mark: Mark) -> str:
    drawn = _SHAPES[mark.shape](mark.x, mark.y, mark.size / 2, PAPER[mark.colour])
    return f"<g><title>{escape(mark.words)}</title>{drawn}</g>" if mark.words else drawn


def _polygon(points: list[tuple[float, float]], colour: str) -> str:
    path = "L".join(f"{_n(x)} {_n(y)}" for x, y in points)
    return f'<path d="M{path}Z" fill="{colour}"/>'


def _diamond(x: float, y: float, r: float, colour: str) -> str:
    return _polygon([(x, y - 1.2 * r), (x + 1.2 * r, y), (x, y + 1.2 * r), (x - 1.2 * r, y)], colour)


def _square(x: float, y: float, r: float, colour: str) -> str:
    return _rect(x, y, 0.9 * r, f'rx=".8" fill="{colour}"')


def _block(x: float, y: float, r: float, colour: str) -> str:
    return _rect(x, y, r, f'fill="{colour}"')


def _late(x: float, y: float, r: float, colour: str) -> str:
    return _rect(
        x, y, 0.9 * r, f'rx=".8" fill="#FFFFFF" stroke="{colour}" stroke-width="1.4" stroke-dasharray="2.4 1.6"'
    )


def _rect(x: float, y: float, half: float, how: str) -> str:
    return f'<rect x="{_n(x - half)}" y="{_n(y - half)}" width="{_n(2 * half)}" height="{_n(2 * half)}" {how}/>'


def _ring(x: float, y: float, r: float, colour: str) -> str:
    return f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(r - 0.7)}" fill="#FFFFFF" stroke="{colour}" stroke-width="1.5"/>'


def _dot(x: float, y: float, r: float, colour: str) -> str:
    return f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(r)}" fill="{colour}"/>'


def _tick(x: float, y: float, r: float, colour: str) -> str:
    return f'<path d="M{_n(x)} {_n(y - r)}L{_n(x)} {_n(y + r)}" fill="none" stroke="{colour}" stroke-width="1.8"/>'


def _triangle(x: float, y: float, r: float, colour: str) -> str:
    points = f"M{_n(x)} {_n(y - r)}L{_n(x + r)} {_n(y + 0.8 * r)}L{_n(x - r)} {_n(y + 0.8 * r)}Z"
    return f'<path d="{points}" fill="#FFFFFF" stroke="{colour}" stroke-width="1.4"/>'


def _outside(x: float, y: float, r: float, colour: str) -> str:
    return _polygon([(x, y - 1.1 * r), (x + 1.15 * r, y + 0.9 * r), (x - 1.15 * r, y + 0.9 * r)], colour)


_SHAPES: Mapping[str, Callable[[float, float, float, str], str]] = {
    DIAMOND: _diamond,
    SQUARE: _square,
    RING: _ring,
    TRIANGLE: _triangle,
    DOT: _dot,
    BLOCK: _block,
    TICK: _tick,
    LATE: _late,
    OUTSIDE: _outside,
}

"""A picture as a plain description: lines, boxes, texts and marks, which any painter can paint.

Coordinates are in pixels of 1/96 inch from the upper left. Colours are named by what they stand for. Every picture has
a title and a description, for readers who can't see it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

PAPER: Mapping[str, str] = {
    "window": "#F6F5F2", "sunken": "#F1EFEB", "surface": "#FFFFFF", "hair": "#E2DFD8", "strong": "#C9C5BC",
    "control": "#86827A", "ink1": "#1B1D20", "ink2": "#4C5057", "ink3": "#62666D", "accent": "#0A6A60",
    "accentink": "#075E55", "tint": "#DCEDE9", "suspect": "#B0440A", "suspectT": "#FBE8DB", "protected": "#1D52B5",
    "protectedT": "#E1EAFA", "ctl": "#565B62", "ctlT": "#ECEAE5", "kin": "#74429A", "kinT": "#F0E6F6",
    "warn": "#7D5200", "warnT": "#FDF0CF", "warnL": "#E0BF68", "bad": "#A3231B", "badT": "#FCE6E3", "hit": "#FFE9A8",
    "trial": "#93B1AA",
}  # fmt: skip
"""The colours on white paper, by name."""

Point = tuple[float, float]

DIAMOND, SQUARE, RING, TRIANGLE = "diamond", "square", "ring", "triangle"
"""Suspect, protected, control, base or sibling."""
DOT, BLOCK, TICK, LATE, OUTSIDE = "dot", "block", "tick", "late", "outside"
"""One pair of a trial (round, or square), a short upright line, a model released too late, a value outside a range."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line through points; `dash` is empty or dashed."""

    points: tuple[Point, ...]
    colour: str = "strong"
    width: float = 1.0
    dash: str = ""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle; empty colours draw nothing, `hatched` puts slanted lines over it."""

    x: float
    y: float
    width: float
    height: float
    fill: str = ""
    stroke: str = ""
    radius: float = 0.0
    hatched: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    """A text at its baseline; `anchor` is start, middle or end, `weight` 400 to 700."""

    x: float
    y: float
    text: str
    size: float = 10.0
    anchor: str = "start"
    weight: int = 400
    colour: str = "ink3"
    serif: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark in its centre; `words` say what it stands for, with its value."""

    x: float
    y: float
    shape: str
    colour: str = "ctl"
    size: float = 9.0
    words: str = ""


Item = Line | Box | Text | Mark


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture with its title, its description and its items, the lowest first."""

    width: float
    height: float
    title: str
    description: str
    items: tuple[Item, ...]

    def mapped(self, change: Callable[[str], str]) -> Drawing:
        """The picture with every text put through `change`."""
        items = tuple(
            replace(item, text=change(item.text))
            if isinstance(item, Text)
            else replace(item, words=change(item.words))
            if isinstance(item, Mark)
            else item
            for item in self.items
        )
        return replace(self, title=change(self.title), description=change(self.description), items=items)


def fitting(name: str, width: float, size: float = 10.0) -> str:
    """A name that fits a width, cut with an ellipsis where it is too long; letters count as 0.56 of their size."""
    most = max(3, int(width / (0.56 * size)))
    return name if len(name) <= most else f"{name[: most - 1]}…"

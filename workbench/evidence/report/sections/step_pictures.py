"""The five small pictures of the method. They illustrate; no number of the case is drawn in them but the ceiling."""

from __future__ import annotations

import math

from workbench.core.drawing import BLOCK, DIAMOND, RING, SQUARE, Box, Drawing, Item, Line, Mark, Text

_WIDE, _HIGH = 118.0, 84.0


def _drawing(title: str, description: str, items: list[Item]) -> Drawing:
    return Drawing(_WIDE, _HIGH, title, description, tuple(items))


def same_questions() -> Drawing:
    """Rows of answers, one model a row."""
    items: list[Item] = []
    for row, (shape, colour, fill) in enumerate(
        (
            (DIAMOND, "suspect", "suspectT"),
            (SQUARE, "protected", "protectedT"),
            *(((RING, "ctl", "trial"),) * 3),
        )
    ):
        y = 13 + 14.5 * row
        items.append(Mark(9, y, shape, colour, 8))
        items += [Box(20 + 9.6 * at, y - 4, 8, 8, fill) for at in range(10)]
    return _drawing("Same questions", "Five rows, one a model, with an answer to each of the same questions.", items)


def likeness(ways: tuple[str, ...]) -> Drawing:
    """The ways to look at an answer, as a list."""
    items: list[Item] = []
    for at, way in enumerate(ways[:6]):
        y = 12 + 13 * at
        items += [Mark(9, y - 3.5, BLOCK, "accent", 7), Text(19, y, way, colour="ink1")]
    return _drawing("Likeness", f"Ways to look at an answer: {', '.join(ways)}.", items)


def seats() -> Drawing:
    """One mark in a seat, the others in rows below, one of which is about to take it."""
    items: list[Item] = [Box(44, 8, 30, 24, "", "suspect", 3), Mark(59, 20, DIAMOND, "suspect", 10)]
    items += [Mark(12 + 13.4 * at, 46 + 13 * row, RING, "ctl", 8) for row in range(3) for at in range(8)]
    arrow = ((25.0, 39.0), (26.0, 28.0), (32.0, 22.0), (40.0, 20.0))
    items += [Line(arrow, "ctl"), Line(((35, 17), (40, 20), (35, 23)), "ctl")]
    return _drawing("Everyone in the seat", "A mark in a seat, and rows of others that take it in turn.", items)


def weight() -> Drawing:
    """Two hills: scores without a link and with one."""
    base, items = 70.0, [Line(((6, 70), (112, 70)), "strong")]
    for centre, colour, dash in ((38.0, "ctl", "dashed"), (78.0, "protected", "")):
        points = tuple((x, base - 48 * math.exp(-(((x - centre) / 14) ** 2))) for x in range(6, 113, 2))
        items.append(Line(points, colour, 1.6, dash))
    marks: list[Item] = [
        *items,
        Mark(94, 70, DIAMOND, "suspect", 9),
        Text(8, 81, "no link"),
        Text(112, 81, "link", anchor="end", colour="protected"),
    ]
    return _drawing("Weight", "Two hills: scores of pairs without a link, and of pairs with one, farther right.", marks)


def ceiling(said: str) -> Drawing:
    """A column that ends at a line, with nothing above it."""
    items: list[Item] = [
        Box(10, 8, 98, 24, hatched=True),
        Box(46, 32, 26, 40, "suspectT", "suspect"),
        Line(((10, 32), (108, 32)), "ink1", 2),
        Line(((10, 72), (108, 72)), "strong"),
        Mark(59, 32, DIAMOND, "suspect", 9),
        Text(106, 46, said, 10, "end", 600, "ink1"),
    ]
    return _drawing("Ceiling", f"A column that ends at a line, marked {said}; nothing is reported above it.", items)

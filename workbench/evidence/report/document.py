"""The report as one list of blocks, which the PDF and the HTML page both render: the same text in each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 to 3."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; `style` is body, lead (larger), question (kept with what follows), finding (set off) or small."""

    text: str
    style: str = "body"


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of sentences; `style` is plain or numbered."""

    items: tuple[str, ...]
    style: str = "plain"


@dataclass(frozen=True, slots=True)
class Pairs:
    """Labels with their values; a value in `mono` is a hash or a command."""

    rows: tuple[tuple[str, str], ...]
    mono: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class GridColumn:
    """A column of a grid: its share of the width, and whether it holds text, a number or a hash."""

    label: str
    share: int = 1
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class Grid:
    """A table with a caption; every row has one text for each column."""

    caption: str
    columns: tuple[GridColumn, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart as SVG, with its caption and the alternative text for a reader who can't see it."""

    svg: str
    caption: str
    alternative: str


@dataclass(frozen=True, slots=True)
class Notice:
    """A box that must not be overlooked."""

    title: str
    text: str


Block = Heading | Paragraph | Bullets | Pairs | Grid | Picture | Notice


@dataclass(frozen=True, slots=True)
class Document:
    """Title, the line that runs over every page, author, date (ISO 8601, UTC) and the blocks.

    `cover` are the blocks of the first page; `mark` runs across every page (DRAFT), or is empty.
    """

    title: str
    running: str
    author: str
    date: str
    mark: str
    cover: tuple[Block, ...]
    blocks: tuple[Block, ...]

    def mapped(self, change: Callable[[str], str]) -> Document:
        """The document with every text that a reader sees put through `change`."""
        return replace(
            self,
            title=change(self.title),
            running=change(self.running),
            author=change(self.author),
            mark=change(self.mark),
            cover=tuple(_mapped(b, change) for b in self.cover),
            blocks=tuple(_mapped(b, change) for b in self.blocks),
        )

    def without_pictures(self) -> Document:
        """The document with each chart replaced by its caption and alternative text."""
        return replace(self, blocks=tuple(_in_words(b) for b in self.blocks))


def _in_words(block: Block) -> Block:
    if isinstance(block, Picture):
        return Paragraph(f"{block.caption} In words: {block.alternative}", "small")
    return block


def _mapped(block: Block, change: Callable[[str], str]) -> Block:
    match block:
        case Heading() | Paragraph():
            return replace(block, text=change(block.text))
        case Bullets():
            return replace(block, items=tuple(map(change, block.items)))
        case Pairs():
            rows = tuple((change(k), change(v)) for k, v in block.rows)
            return Pairs(rows, frozenset(map(change, block.mono)))
        case Grid():
            columns = tuple(replace(c, label=change(c.label)) for c in block.columns)
            rows_ = tuple(tuple(map(change, row)) for row in block.rows)
            return Grid(change(block.caption), columns, rows_)
        case Picture():
            return Picture(block.svg, change(block.caption), change(block.alternative))
        case Notice():
            return Notice(change(block.title), change(block.text))

"""The report as sections of blocks, which the PDF, the page for a browser and the Word file all show.

Paragraphs are numbered here, once, so that a number leads to the same words in every form. Where the words of one
place lead to another, the place is named by its key; a form that has pages adds the page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, fields, is_dataclass, replace
from enum import StrEnum
from typing import Any

from workbench.core.drawing import Drawing
from workbench.core.page_marks import PageMarks


class Style(StrEnum):
    """How a run of words is set: `BLANK` is a field that a person has to fill in, `CAUTION` what lies outside."""

    PLAIN = ""
    BOLD = "bold"
    CAUTION = "caution"
    BLANK = "blank"
    MONO = "mono"
    QUIET = "quiet"
    STRUCK = "struck"


@dataclass(frozen=True, slots=True)
class Run:
    """Words in one style; `to` is the key of the section that they lead to, `mark` a mark drawn before them.

    `mark` is a shape and a colour, as `diamond suspect`; it is no part of the text.
    """

    text: str
    style: Style = Style.PLAIN
    to: str = ""
    mark: str = ""


Words = tuple[Run, ...]


def say(*parts: str | Run) -> Words:
    """Words from plain texts and runs; empty texts are left out."""
    runs = (part if isinstance(part, Run) else Run(part) for part in parts)
    return tuple(run for run in runs if run.text or run.mark)


def bold(text: str) -> Run:
    """Words in bold."""
    return Run(text, Style.BOLD)


def blank(text: str) -> Run:
    """A field that a person fills in; the program never does."""
    return Run(text, Style.BLANK)


def mono(text: str) -> Run:
    """A hash, a path or a command."""
    return Run(text, Style.MONO)


def caution(text: str) -> Run:
    """Words of a caution."""
    return Run(text, Style.CAUTION)


def link(text: str, to: str) -> Run:
    """Words that lead to a section, with its page where there are pages."""
    return Run(text, to=to)


def plain(words: Words) -> str:
    """The text alone."""
    return "".join(run.text for run in words)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading within a section."""

    text: str


@dataclass(frozen=True, slots=True)
class Para:
    """A paragraph with a note at its side.

    `style` is text, answer, question, finding, wide, under, small, note or lead. `number` is given by
    `continued`; a paragraph that is `unnumbered` gets none.
    """

    words: Words
    note: Words = ()
    style: str = "text"
    number: str = ""
    unnumbered: bool = False


@dataclass(frozen=True, slots=True)
class Chip:
    """A word about the state of something; `kind` is plan, later, outside, nothing, rung, against, blank or plain."""

    text: str
    kind: str = "plain"


@dataclass(frozen=True, slots=True)
class Chips:
    """Chips in a row, and what stands before them at the left."""

    chips: tuple[Chip, ...]
    before: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its head, its share of the width (0 takes what its cells need), and its kind.

    `kind` is text, number or hash.
    """

    label: str
    share: float = 0
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class Table:
    """A table; `wide` takes the whole block, `headless` shows no heads, `small` is set closer."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Words, ...], ...]
    wide: bool = False
    headless: bool = False
    small: bool = False


@dataclass(frozen=True, slots=True)
class TwoTables:
    """A table beside another, each over half of the width."""

    left: Table
    right: Table
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Vector:
    """A chart that its analysis drew itself, as SVG, with its title and its description."""

    svg: str
    title: str
    description: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing with what is seen in it; `wide` takes the whole block, `beside` stands at its right."""

    drawing: Drawing | Vector
    seen: Words = ()
    wide: bool = False
    beside: tuple[Table, ...] = ()


@dataclass(frozen=True, slots=True)
class Box:
    """A frame with a head and lines; `number` is given by `continued` where `counts` is set."""

    head: str
    lines: tuple[Words, ...]
    counts: bool = False
    number: str = ""


@dataclass(frozen=True, slots=True)
class Boxes:
    """Boxes beside each other; `filled` ones are grey, others framed."""

    boxes: tuple[Box, ...]
    filled: bool = False


@dataclass(frozen=True, slots=True)
class Columns:
    """Three columns of numbered sentences under heads of their own."""

    heads: tuple[str, ...]
    items: tuple[tuple[Para, ...], ...]


@dataclass(frozen=True, slots=True)
class Sum:
    """A calculation in large figures: sign, figure and what it counts."""

    parts: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Step:
    """A small picture with a head and a few words."""

    drawing: Drawing
    head: str
    said: str


@dataclass(frozen=True, slots=True)
class Steps:
    """Steps of a method in a row."""

    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """A grey box over the width, with a word in bold before it."""

    words: Words


@dataclass(frozen=True, slots=True)
class Code:
    """A line to be typed."""

    text: str


@dataclass(frozen=True, slots=True)
class Signatures:
    """Lines to sign on, with what is written below each."""

    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Glossary:
    """Words with their meanings, in two columns."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ShownAnswer:
    """An answer with marks: whose it is, in which role, and its text in (text, rarity, number) pieces.

    Rarity is 0 to 2 for a shared passage, -1 for other text; the number is drawn and never enters the text.
    """

    head: Words
    role: str
    pieces: tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class Passages:
    """Answers beside each other."""

    columns: tuple[ShownAnswer, ...]


@dataclass(frozen=True, slots=True)
class Foot:
    """What stands at the foot of a page of its own: where the numbers are."""

    items: tuple[str, ...]


Block = (
    Heading | Para | Chips | Table | TwoTables | Picture | Boxes | Columns | Sum | Steps | Notice | Code | Signatures
    | Glossary | Passages | Foot
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Section:
    """A section: its key, its number (empty for an annex), title, title in the contents, and blocks.

    It begins a page where `breaks` is set. Where `fits` is set it keeps to one page: pictures give way first.
    """

    key: str
    number: str
    title: str
    blocks: tuple[Block, ...]
    listed: str | None = None
    breaks: bool = True
    fits: bool = True

    @property
    def in_contents(self) -> str:
        """How the contents name it; empty where they leave it out."""
        return self.title if self.listed is None else self.listed


@dataclass(frozen=True, slots=True)
class Cover:
    """The first page: what kind of report it is, its question, the words below it, and facts."""

    kind: str
    title: str
    below: str
    facts: tuple[tuple[str, Words], ...]
    notices: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Report:
    """The whole report: what runs over each page, the cover, and the sections in order.

    `stamp` is what is drawn on every page of a draft, and drawn alone. `date` is ISO 8601.
    """

    title: str
    author: str
    date: str
    running: tuple[str, ...]
    foot: str
    stamp: str
    cover: Cover | None
    sections: tuple[Section, ...]
    marks: PageMarks = field(default_factory=PageMarks)

    def mapped(self, change: Callable[[str], str], drawn: Callable[[str], str]) -> Report:
        """The report with every text that a reader sees put through `change`, those within drawings through `drawn`."""
        changed: Report = _mapped(replace(self, date=""), change, drawn)
        return replace(changed, date=self.date, marks=replace(self.marks, legend=change(self.marks.legend)))


_KEPT = frozenset({"key", "svg", "to", "mark", "style", "kind", "colour", "shape", "anchor", "dash", "fill", "stroke"})
"""Fields that hold words of the program and no text."""


def _mapped(value: Any, change: Callable[[str], str], drawn: Callable[[str], str]) -> Any:
    if isinstance(value, Drawing):
        return replace(value.mapped(drawn), title=change(value.title), description=change(value.description))
    if isinstance(value, str):
        return value if isinstance(value, StrEnum) else "\n".join(_spaced(line, change) for line in value.split("\n"))
    if isinstance(value, tuple):
        return tuple(_mapped(item, change, drawn) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        kept = {f.name: getattr(value, f.name) for f in fields(value)}
        return type(value)(**{
            name: item if name in _KEPT else _mapped(item, change, drawn)
            for name, item in kept.items()
        })  # fmt: skip
    return value


def _spaced(text: str, change: Callable[[str], str]) -> str:
    """A line changed, with the spaces at its ends, which join it to what stands beside it."""
    inner = text.strip(" ")
    if not inner:
        return text
    before, _, after = text.partition(inner)
    return f"{before}{change(inner)}{after}"


def continued(sections: Iterable[Section]) -> tuple[Section, ...]:
    """Sections with their paragraphs numbered; those that share a number go on counting."""
    counters: dict[str, Iterator[str]] = {}
    done = []
    for section in sections:
        counter = counters.setdefault(section.number, _numbers(section.number))
        blocks = tuple(_numbered(block, counter) for block in section.blocks) if section.number else section.blocks
        done.append(replace(section, blocks=blocks))
    return tuple(done)


def _numbers(section: str) -> Iterator[str]:
    at = 0
    while True:
        at += 1
        yield f"{section}.{at}"


def _numbered(block: Block, counter: Iterator[str]) -> Block:
    match block:
        case Para() if not block.unnumbered:
            return replace(block, number=next(counter))
        case Boxes():
            boxes = tuple(replace(box, number=next(counter)) if box.counts else box for box in block.boxes)
            return replace(block, boxes=boxes)
        case Columns():
            items = tuple(tuple(replace(one, number=next(counter)) for one in column) for column in block.items)
            return replace(block, items=items)
    return block

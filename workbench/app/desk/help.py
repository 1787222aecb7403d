"""The manual and its glossary, as the window shows them; nothing is fetched."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from workbench.core.errors import WorkbenchError
from workbench.core.resources import resource

_WORDS = "What the words mean"
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_ROW = re.compile(r"^\| (?P<word>[^|]+) \| (?P<meaning>[^|]+) \|$")


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter of the manual, in Markdown."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Term:
    """A word with a meaning of its own; a line of the glossary may hold several words."""

    word: str
    meaning: str

    @property
    def words(self) -> tuple[str, ...]:
        """The words one by one."""
        return tuple(word.strip() for word in self.word.split(","))


@cache
def chapters() -> tuple[Chapter, ...]:
    """The chapters of the manual but its glossary, without links to other files."""
    found = []
    for part in _manual().split("\n## ")[1:]:
        title, _, body = part.partition("\n")
        if title != _WORDS:
            found.append(Chapter(title.replace("`", ""), _LINK.sub(r"\1", body.strip())))
    return tuple(found)


@cache
def glossary() -> tuple[Term, ...]:
    """The words of the manual's glossary, in order of the alphabet."""
    body = _manual().partition(f"\n## {_WORDS}\n")[2].partition("\n## ")[0]
    rows = [match for line in body.splitlines() if (match := _ROW.match(line.strip()))]
    terms = [
        Term(row["word"].strip(), row["meaning"].strip().replace("*", ""))
        for row in rows[1:]
        if "--" not in row["word"]
    ]
    return tuple(sorted(terms, key=lambda term: term.word.casefold()))


def terms_in(said: str) -> tuple[Term, ...]:
    """The terms of the glossary that stand in a text, in order of the alphabet."""
    folded = said.casefold()
    return tuple(term for term in glossary() if any(_stands(word.casefold(), folded) for word in term.words))


def _stands(word: str, said: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(word)}s?(?!\w)", said) is not None


def _manual() -> str:
    """The manual: shipped with the resources, or beside the tree."""
    try:
        path = resource("help/manual.md")
    except WorkbenchError:
        path = Path(__file__).resolve().parents[3] / "docs" / "manual.md"
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise WorkbenchError(
            "The manual is missing from this installation.", hint="Install the workbench again."
        ) from error

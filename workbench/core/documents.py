"""Documents of a case: each act is a line of the ledger, and the lines together are the register.

A document is a file that somebody wrote about the matter: an allegation, a denial, terms of service, a model card.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from workbench.core.errors import UsageError
from workbench.core.exhibits import WAS
from workbench.core.model import Json
from workbench.core.typed_json import plain, read

DOCUMENT_ADDED = "document added"
DOCUMENT_RETRACTED = "document retracted"
DOCUMENT_RESTORED = "document restored"
CLAUSE_QUOTED = "clause quoted"
CLAUSE_RETRACTED = "clause retracted"
CLAUSE_RESTORED = "clause restored"

ACTIONS = (
    DOCUMENT_ADDED, DOCUMENT_RETRACTED, DOCUMENT_RESTORED, CLAUSE_QUOTED, CLAUSE_RETRACTED, CLAUSE_RESTORED,
)  # fmt: skip

PAGE_END = "\f"
"""Stands between the pages of a text, in a file that has pages."""

_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
_NONE = "workbench documents CASE"


class Kind(StrEnum):
    """What a document is."""

    ALLEGATION = "allegation"
    STATEMENT = "statement"
    DENIAL = "denial"
    TERMS = "terms"
    CONTRACT = "contract"
    MODEL_CARD = "model card"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file in the vault: its digest, its name as it was received, and its size in bytes."""

    sha256: str
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class ReadText:
    """What was read of a document's words; `file` keeps them, and is None where there are none.

    `reader` names what read them, with its version. `pages` is 0 for a format without pages. `note` says what is
    missing of the words, and why.
    """

    file: KeptFile | None
    reader: str
    characters: int
    pages: int
    note: str


@dataclass(frozen=True, slots=True)
class Description:
    """What an examiner says of a document: dates are YYYY, YYYY-MM or YYYY-MM-DD, and empty where unknown.

    `in_force_from` and `in_force_until` are the first and the last day on which terms or a contract held. `about` are
    names of models.
    """

    kind: Kind
    title: str
    author: str = ""
    date: str = ""
    in_force_from: str = ""
    in_force_until: str = ""
    about: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a clause stands in the text that was read: from `start` up to `end` in characters.

    `page` counts from 1, and is 0 in a format without pages; `line` counts from 1 in the page.
    """

    start: int
    end: int
    page: int
    line: int

    def words(self) -> str:
        """The place as a reader looks it up."""
        page = f"page {self.page:,}, " if self.page else ""
        return f"{page}line {self.line:,}, characters {self.start:,} to {self.end:,} of the text"


@dataclass(frozen=True, slots=True)
class Clause:
    """Words of a document that somebody quoted, as they stand there."""

    number: int
    text: str
    place: Place
    time: str
    examiner: str
    retracted: bool = False


@dataclass(frozen=True, slots=True)
class Retraction:
    """When a document was retracted, by whom, and why."""

    time: str
    examiner: str
    reason: str


@dataclass(frozen=True, slots=True)
class Document:
    """A document as the case knows it now; `line` is the ledger line that took it in."""

    number: int
    said: Description
    file: KeptFile
    text: ReadText
    added: str
    examiner: str
    line: int
    clauses: tuple[Clause, ...] = ()
    retraction: Retraction | None = None

    @property
    def standing_clauses(self) -> tuple[Clause, ...]:
        """The clauses that were not retracted."""
        return tuple(one for one in self.clauses if not one.retracted)

    def clause(self, number: int) -> Clause:
        """One clause by its number; raises UsageError where there is none."""
        for one in self.clauses:
            if one.number == number:
                return one
        raise UsageError(
            f"Document {self.number} has no clause {number}.",
            hint=f"`workbench document show CASE {self.number}` lists them.",
        )


@dataclass(frozen=True, slots=True)
class Documents:
    """All documents in order of their numbers, the retracted ones too."""

    all: tuple[Document, ...] = ()

    def standing(self) -> tuple[Document, ...]:
        """The documents that were not retracted."""
        return tuple(one for one in self.all if one.retraction is None)

    def document(self, number: int) -> Document:
        """One document by its number; raises UsageError where there is none."""
        for one in self.all:
            if one.number == number:
                return one
        raise UsageError(f"There is no document {number} in this case.", hint=f"`{_NONE}` lists them.")


def documents(lines: Iterable[Mapping[str, Json]]) -> Documents:
    """What the lines of a ledger say together; other lines are passed over.

    Raises CaseError, KeyError, TypeError or ValueError for lines that this program does not write.
    """
    found: dict[int, Document] = {}
    for line in lines:
        if line["action"] in ACTIONS:
            _take(found, {**line, **line["options"].get(WAS, {})})
    return Documents(tuple(found.values()))


def _take(found: dict[int, Document], line: Mapping[str, Json]) -> None:
    """Follow one line."""
    action, said, number = line["action"], line["options"], _number(line["object"]["document"])
    if action == DOCUMENT_ADDED:
        if number in found:
            raise ValueError(f"document {number} was given out twice")
        found[number] = Document(
            number=number,
            said=checked_description(read(Description, said["said"])),
            file=read(KeptFile, said["file"]),
            text=read(ReadText, said["text"]),
            added=line["time"],
            examiner=line["examiner"],
            line=line["sequence"],
        )
        return
    one = found[number]
    if action == DOCUMENT_RETRACTED:
        one = replace(one, retraction=Retraction(line["time"], line["examiner"], line["reason"]))
    elif action == DOCUMENT_RESTORED:
        one = replace(one, retraction=None)
    elif action == CLAUSE_QUOTED:
        place = read(Place, said["place"])
        clause = Clause(_number(line["object"]["clause"]), said["text"], place, line["time"], line["examiner"])
        one = replace(one, clauses=(*one.clauses, clause))
    else:
        gone, which = action == CLAUSE_RETRACTED, one.clause(line["object"]["clause"]).number
        one = replace(one, clauses=tuple(replace(c, retracted=gone) if c.number == which else c for c in one.clauses))
    found[number] = one


def _number(value: Json) -> int:
    if type(value) is not int or not 0 < value < 1 << 31:
        raise ValueError(f"{value!r} is the number of no document and no clause")
    return value


def added_options(said: Description, file: KeptFile, text: ReadText) -> Json:
    """The options of a line that takes a document in."""
    return {"said": plain(said), "file": plain(file), "text": plain(text)}


def checked_day(what: str, given: str) -> str:
    """A date as given, YYYY, YYYY-MM or YYYY-MM-DD, or empty; raises UsageError for anything else."""
    text = given.strip()
    if not text:
        return ""
    found = _DATE.fullmatch(text)
    if found:
        year, month, day = (int(part or 1) for part in found.groups())
        if year and 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]:
            return text
    raise UsageError(
        f"{what}: {text[:40]!r} is not a date.", hint="Write YYYY, YYYY-MM or YYYY-MM-DD, such as 2024-03-01."
    )


def checked_description(said: Description) -> Description:
    """What an examiner says of a document, with its dates checked; raises UsageError."""
    date = checked_day("The date", said.date)
    begin = checked_day("The first day in force", said.in_force_from)
    end = checked_day("The last day in force", said.in_force_until)
    if begin and end and end < begin[: len(end)]:
        raise UsageError(
            f"It would be in force from {begin} until {end}, which is earlier.", hint="The first day comes first."
        )
    if not said.title:
        raise UsageError("A document needs a title.", hint='--title "Terms of use 2"')
    return replace(said, date=date, in_force_from=begin, in_force_until=end)

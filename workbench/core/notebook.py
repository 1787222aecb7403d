"""Documents, notes and marks of a case. Each is a line of the ledger, which nothing changes, and no table beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Protocol

from workbench.core.errors import UsageError
from workbench.core.model import Json

DOCUMENT, DOCUMENT_CHANGED = "document added", "document changed"
NOTE, MARKED = "note written", "answers marked"
ACTIONS = (DOCUMENT, DOCUMENT_CHANGED, NOTE, MARKED)


class DocumentKind(StrEnum):
    """What a document is."""

    ALLEGATION = "allegation"
    STATEMENT = "statement"
    DENIAL = "denial"
    TERMS = "terms"
    CONTRACT = "contract"
    MODEL_CARD = "model card"
    OTHER = "other"


class Looked(StrEnum):
    """What a mark says of an answer."""

    LOOKED_AT = "looked at"
    MARKED = "marked"
    CLEARED = "cleared"


@dataclass(frozen=True, slots=True)
class Clause:
    """A passage that is quoted from a document, with its place in words, such as `page 3`."""

    text: str
    place: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """What is known of a document; dates are YYYY, YYYY-MM or YYYY-MM-DD, empty where unknown.

    `in_force` and `until` bound the time in which terms were in force. `about` names makers, families or corpora.
    """

    title: str
    kind: DocumentKind = DocumentKind.OTHER
    author: str = ""
    dated: str = ""
    in_force: str = ""
    until: str = ""
    about: tuple[str, ...] = ()
    note: str = ""
    clauses: tuple[Clause, ...] = ()

    def as_json(self) -> Json:
        """The facts as plain JSON; `facts_from_json` is the inverse."""
        return asdict(self) | {"kind": str(self.kind), "about": list(self.about), "clauses": list(map(asdict, self.clauses))}


def facts_from_json(value: Json) -> DocumentFacts:
    """The facts that `as_json` wrote."""
    return DocumentFacts(
        title=value["title"],
        kind=DocumentKind(value["kind"]),
        author=value["author"],
        dated=value["dated"],
        in_force=value["in_force"],
        until=value["until"],
        about=tuple(value["about"]),
        note=value["note"],
        clauses=tuple(Clause(**clause) for clause in value["clauses"]),
    )


@dataclass(frozen=True, slots=True)
class Document:
    """A document of the case: its number, facts, and the file in the vault that it is."""

    number: int
    facts: DocumentFacts
    sha256: str
    name: str
    size: int
    added: str
    examiner: str
    line: int


@dataclass(frozen=True, slots=True)
class Note:
    """A note of an examiner about something, such as `finding 3`; a later text of the same note replaces it."""

    number: int
    text: str
    about: str
    examiner: str
    written: str
    changed: str = ""


@dataclass(frozen=True, slots=True)
class Marks:
    """Answers by their numbers: what was looked at, and what was marked."""

    looked_at: frozenset[int] = frozenset()
    marked: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Notebook:
    """All that was written into the case by hand."""

    documents: tuple[Document, ...] = ()
    notes: tuple[Note, ...] = ()
    marks: Marks = field(default_factory=Marks)


class Line(Protocol):
    """The part of a line of the ledger that this reads."""

    @property
    def sequence(self) -> int:
        """Its number."""

    @property
    def time(self) -> str:
        """When it was written."""

    @property
    def examiner(self) -> str:
        """By whom."""

    @property
    def action(self) -> str:
        """What was done."""

    @property
    def object(self) -> Json:
        """To what."""

    @property
    def options(self) -> Json:
        """How."""


def notebook_of(lines: Iterable[Line]) -> Notebook:
    """What the lines of a ledger come to, in their order."""
    documents: dict[int, Document] = {}
    notes: dict[int, Note] = {}
    looked: set[int] = set()
    marked: set[int] = set()
    for line in lines:
        if line.action == DOCUMENT:
            number, source = int(line.object["document"]), line.options["source"]
            documents[number] = Document(
                number,
                facts_from_json(line.options["document"]),
                source["sha256"],
                source["name"],
                int(source["size"]),
                line.time,
                line.examiner,
                line.sequence,
            )
        elif line.action == DOCUMENT_CHANGED:
            number = int(line.object["document"])
            documents[number] = replace(documents[number], facts=facts_from_json(line.options["document"]))
        elif line.action == NOTE:
            _take_note(notes, line)
        elif line.action == MARKED:
            _take_marks(looked, marked, line.options)
    kept = tuple(note for note in notes.values() if note.text)
    return Notebook(tuple(documents.values()), kept, Marks(frozenset(looked), frozenset(marked)))


def _take_note(notes: dict[int, Note], line: Line) -> None:
    number, text = int(line.object["note"]), line.options["text"]
    before = notes.get(number)
    if before is None:
        notes[number] = Note(number, text, line.options["about"], line.examiner, line.time)
    else:
        notes[number] = replace(before, text=text, changed=line.time)


def _take_marks(looked: set[int], marked: set[int], options: Mapping[str, Json]) -> None:
    numbers = {int(number) for number in options["answers"]}
    kind = Looked(options["mark"])
    if kind is Looked.CLEARED:
        marked.difference_update(numbers)
    elif kind is Looked.MARKED:
        marked.update(numbers)
        looked.update(numbers)
    else:
        looked.update(numbers)


def checked(facts: DocumentFacts) -> DocumentFacts:
    """The facts if they fit; raises UsageError for an empty title, a date that is none, or an end before its beginning."""
    if not facts.title.strip():
        raise UsageError("A document needs a title.")
    for name, date in (("date", facts.dated), ("beginning", facts.in_force), ("end", facts.until)):
        if date and not _is_date(date):
            raise UsageError(f"The {name} “{date}” is no date.", hint="Such as 2026, 2026-02 or 2026-02-12.")
    if facts.in_force and facts.until and facts.until < facts.in_force:
        raise UsageError(f"In force until {facts.until}, and only from {facts.in_force} on: that can't be.")
    return facts


def _is_date(text: str) -> bool:
    from datetime import date

    parts = text.split("-")
    if not 1 <= len(parts) <= 3 or not all(part.isdecimal() for part in parts) or len(parts[0]) != 4:
        return False
    numbers = [int(part) for part in parts] + [1, 1]
    try:
        date(numbers[0], numbers[1], numbers[2])
    except ValueError:
        return False
    return all(len(part) == 2 for part in parts[1:])

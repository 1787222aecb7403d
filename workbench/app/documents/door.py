"""The verbs of documents, as a session offers them: each is one line of the ledger, and so is taking it back."""

from __future__ import annotations

import stat
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from workbench.app.documents.facts import bearing
from workbench.app.documents.reading import read_words
from workbench.app.exhibits.undoing import TAKEN_BACK, last_own
from workbench.core.clauses import FoundClause, find_clause, place_in
from workbench.core.documents import (
    ACTIONS,
    CLAUSE_QUOTED,
    CLAUSE_RESTORED,
    CLAUSE_RETRACTED,
    DOCUMENT_ADDED,
    DOCUMENT_RESTORED,
    DOCUMENT_RETRACTED,
    Clause,
    Description,
    Document,
    Documents,
    KeptFile,
    ReadText,
    added_options,
    checked_description,
    documents,
)
from workbench.core.errors import BadInputError, CaseError, RefusedError, UsageError
from workbench.core.exhibits import UNDOES
from workbench.core.fulltext import Excerpt, excerpt, found_in, parse
from workbench.core.model import Source
from workbench.core.progress import Progress, part, silent
from workbench.core.secrets.find import find as find_secrets
from workbench.core.secrets.find import masked_name
from workbench.core.text import one_line, well_formed
from workbench.core.wording_check import check_typed
from workbench.importers.documents.words import LARGEST, MOST_CHARACTERS
from workbench.store import Case
from workbench.store.rows import TakenSource

_LONGEST = 300
_LONGEST_REASON = 2_000
_MOST_ABOUT = 20
_BYTES = 4
"""Bytes that a character has at most in UTF-8."""


@dataclass(frozen=True, slots=True)
class DocumentHit:
    """Where words of a search stand in a document: of each the first place, and at how many they stand."""

    document: Document
    excerpt: Excerpt
    place: str
    times: int


class DocumentsOfCase:
    """Documents of a case; `changed` is called after each verb that wrote into the ledger."""

    def __init__(self, case: Case, changed: Callable[[], None]) -> None:
        self._case, self._changed = case, changed

    # Reading

    def register(self, until: int | None = None) -> Documents:
        """All that the ledger says of documents, as of one of its lines."""
        return documents(line.as_json() for line in self._case.notes.read(*ACTIONS, until=until))

    def document(self, number: int) -> Document:
        """One document; raises UsageError where there is none of that number."""
        return self.register().document(number)

    def original(self, number: int) -> Path:
        """Where the bytes of a document are. Raises UsageError, and CaseError where they are gone."""
        return self._case.original(self.document(number).file.sha256)

    def words(self, number: int) -> str:
        """The words of a document as they were read; empty where there are none. Raises UsageError and CaseError."""
        return self._words(self.document(number))

    def _words(self, one: Document) -> str:
        kept = one.text.file
        if kept is None:
            return ""
        try:
            with self._case.original(kept.sha256).open("rb") as file:
                return file.read(_BYTES * MOST_CHARACTERS).decode("utf-8", "replace")
        except OSError as error:
            raise CaseError(
                f"The words of document {one.number} can't be read: {error.strerror}.",
                hint="`workbench verify CASE` names what is wrong.",
            ) from error

    def search(self, asked: str, most: int) -> list[DocumentHit]:
        """The documents that hold all words of a search, in order of number; at most so many.

        Raises UsageError for a search without a word.
        """
        query = parse(asked)
        hits: list[DocumentHit] = []
        for one in self.register().standing():
            if len(hits) == most:
                break
            text = self._words(one)
            if all(any(found_in(text, query._replace(terms=(term,)))) for term in query.terms):
                places = list(found_in(text, query))
                place = place_in(text, *places[0]).words()
                hits.append(DocumentHit(one, excerpt(text, query), place, len(places)))
        return hits

    def bearing(self) -> frozenset[int]:
        """The numbers of the documents that may bear facts: they stand, and a clause of them is quoted."""
        return bearing(self._case)

    # Taking in

    def add(self, path: Path, said: Description, progress: Progress = silent) -> Document:
        """Take a document in: its file into the vault, its words beside it, and what is said of it into the ledger.

        Raises BadInputError for what is no ordinary file or too large, UsageError for a date that is none, RefusedError
        where the same file is a document already, CaseError, Cancelled.
        """
        described = _described(said)
        _refuse_file(path)
        taken = [self._case.take(path, part(progress, 0, 0.3))]
        try:
            (source,) = taken
            self._refuse_again(source)
            text = self._read(taken, part(progress, 0.3, 0.95))
            number = max((one.number for one in self.register().all), default=0) + 1
            file = KeptFile(source.sha256, source.name, source.size)
            self._case.notes.write(DOCUMENT_ADDED, {"document": number}, added_options(described, file, text))
        except BaseException:
            for one in taken:
                self._case.release(one)  # kept where an import or a document names it
            raise
        self._changed()
        return self.document(number)

    def _refuse_again(self, source: Source) -> None:
        for one in self.register().standing():
            if one.file.sha256 == source.sha256:
                raise RefusedError(
                    f"This file is document {one.number} already: {one.said.title}.",
                    hint=f"Retract it first to describe it otherwise: `workbench document retract CASE {one.number}`.",
                )

    def _read(self, taken: list[TakenSource], progress: Progress) -> ReadText:
        """The words of a file, kept as a file of their own, so that a place in them means the same for ever."""
        source = taken[0]
        found = read_words(self._case.original(source.sha256), source.name, progress)
        text = found.text()
        pages = len(found.texts) if found.paged else 0
        if not text:
            return ReadText(None, found.reader, 0, pages, found.note)
        try:
            with self._case.draft() as (file, place):
                file.write(text.encode("utf-8"))
                file.flush()
                kept = self._case.take(place, name=f"words of {source.name}.txt")
        except OSError as error:
            raise CaseError(f"The words of the document can't be kept: {error.strerror}.") from error
        taken.append(kept)
        file_of = KeptFile(kept.sha256, kept.name, kept.size)
        return ReadText(file_of, found.reader, len(text), pages, found.note)

    # Quoting

    def find(self, number: int, typed: str, page: int = 0) -> FoundClause:
        """Where a document says what was typed. Raises UsageError where it has no words or does not say it."""
        one = self._standing(number)
        text = self._words(one)
        if not text:
            raise UsageError(
                f"Document {number} has no text to quote from. {one.text.note}".rstrip(),
                hint="Ask for the document as a file with text.",
            )
        found = find_clause(text, well_formed(typed)[0].strip(), page)
        if found is None:
            where = f"page {page} of document {number}" if page else f"document {number}"
            raise UsageError(
                f"The words do not stand in {where}: “{one_line(typed, 80)}”.",
                hint=f"Letter for letter: `workbench document show CASE {number} --words` prints what it says.",
            )
        return found

    def quote(self, number: int, typed: str, page: int = 0) -> Clause:
        """Quote a clause, which must stand in the document; its own words are kept, and their place."""
        found = self.find(number, typed, page)
        if find_secrets(found.text):
            raise RefusedError(
                "The clause holds what has the form of a secret, and a quotation stands in every pack.",
                hint="Quote what stands before or after it.",
            )
        one = self.document(number)
        for clause in one.standing_clauses:
            if clause.place == found.place:
                raise UsageError(f"This is clause {clause.number} of document {number} already.")
        clause_number = max((clause.number for clause in one.clauses), default=0) + 1
        place = {name: getattr(found.place, name) for name in found.place.__slots__}
        subject = {"document": number, "clause": clause_number}
        self._case.notes.write(CLAUSE_QUOTED, subject, {"text": found.text, "place": place})
        self._changed()
        return self.document(number).clause(clause_number)

    # Taking back

    def retract(self, number: int, reason: str) -> None:
        """Retract a document with a reason: it keeps its number, stays in the list, struck, and speaks no more."""
        one = self._standing(number)
        if not reason.strip():
            raise UsageError("A retraction needs a reason.", hint="It stands in the list of every pack.")
        said = _typed("reason", reason, _LONGEST_REASON)
        check_typed("The reason", [said])
        self._case.notes.write(DOCUMENT_RETRACTED, {"document": one.number}, {}, reason=said)
        self._changed()

    def restore(self, number: int) -> None:
        """Take a retraction back."""
        found = self.register()
        one = found.document(number)
        if one.retraction is None:
            raise UsageError(f"Document {number} is not retracted.")
        again = next((o for o in found.standing() if o.file.sha256 == one.file.sha256), None)
        if again is not None:
            raise UsageError(f"The same file is document {again.number} now.", hint="Retract that one first.")
        self._case.notes.write(DOCUMENT_RESTORED, {"document": number}, {})
        self._changed()

    def retract_clause(self, number: int, clause: int) -> None:
        """Take the quotation of a clause back; it stays in the list, struck."""
        if self._standing(number).clause(clause).retracted:
            raise UsageError(f"Clause {clause} of document {number} is retracted already.")
        self._case.notes.write(CLAUSE_RETRACTED, {"document": number, "clause": clause}, {})
        self._changed()

    def undo(self) -> str:
        """Take back the last act that was not taken back, with a line of its own; returns what that act was."""
        lines = [line.as_json() for line in self._case.notes.read(*ACTIONS)]
        line = last_own(lines, self._case.notes.examiner)
        if line is None:
            raise UsageError("There is nothing to take back.")
        action = line["action"]
        options, subject = {UNDOES: line["sequence"]}, line["object"]
        if action in (DOCUMENT_ADDED, DOCUMENT_RESTORED):
            self._case.notes.write(DOCUMENT_RETRACTED, subject, options, reason=TAKEN_BACK)
        elif action == DOCUMENT_RETRACTED:
            self._case.notes.write(DOCUMENT_RESTORED, subject, options)
        elif action == CLAUSE_RETRACTED:
            self._case.notes.write(CLAUSE_RESTORED, subject, options)
        else:
            self._case.notes.write(CLAUSE_RETRACTED, subject, options)
        self._changed()
        return str(action)

    def _standing(self, number: int) -> Document:
        one = self.document(number)
        if one.retraction is not None:
            raise UsageError(
                f"Document {number} is retracted: {one.retraction.reason}",
                hint="`workbench document restore` takes that back.",
            )
        return one


def _refuse_file(path: Path) -> None:
    """Refuse what is no ordinary file of its own, before anything of it is read. Raises BadInputError."""
    name = one_line(path.name, 100)
    try:
        found = path.lstat()
    except (OSError, ValueError):
        return  # taking it in says in words what is wrong
    if stat.S_ISLNK(found.st_mode):
        raise BadInputError(f"“{name}” is a link to another file.", hint="Name the file itself.")
    if stat.S_ISREG(found.st_mode) and found.st_size > LARGEST:
        raise BadInputError(
            f"“{name}” has {found.st_size >> 20:,} MB, and a document has {LARGEST >> 20:,} MB at most.",
            hint="Answers are taken in with `workbench import`; of a large document, take in the part that matters.",
        )


def _described(said: Description) -> Description:
    """What an examiner said of a document, as it is kept. Raises UsageError for what is too long, or no date."""
    about = tuple(dict.fromkeys(filter(None, (_typed("model", name) for name in said.about))))
    if len(about) > _MOST_ABOUT:
        raise UsageError(f"A document is about {_MOST_ABOUT} models at most.")
    cleaned = replace(said, title=_typed("title", said.title), author=_typed("author", said.author), about=about)
    return checked_description(cleaned)


def _typed(what: str, text: str, longest: int = _LONGEST) -> str:
    """A text that was typed, on one line, its secrets masked."""
    said = masked_name(" ".join(well_formed(text)[0].split()))
    if len(said) > longest:
        raise UsageError(f"The {what} has {len(said):,} characters; at most {longest:,} are kept.")
    return said

"""The verbs of documents: taken in, listed, shown, quoted, retracted."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.cli.opening import opened
from workbench.cli.output import Meter, Result, table
from workbench.core.documents import Clause, Description, Document, Kind
from workbench.core.surroundings import Conditions, of_this_machine
from workbench.core.text import counted, one_line
from workbench.core.typed_json import plain

if TYPE_CHECKING:
    from workbench.app.documents.door import DocumentsOfCase

Number = Callable[[str], int]
Below = Callable[[str, str], ArgumentParser]
"""Makes the parser of a word below the verb, with what it does in words."""

_BEGINNING = 600
"""Characters of a document's words that are shown unless all are asked for."""


def add_options(below: Below, number: Number) -> None:
    """The words below `document`, each with its options."""
    add = below("add", "take a document in; its words are read where it is a PDF, Word file, web page or text")
    add.add_argument("file", metavar="FILE", type=Path)
    add.add_argument("--kind", metavar="KIND", type=_kind, required=True, help=", ".join(map(_typed, Kind)))
    add.add_argument("--title", metavar="T", required=True, help="what it is called in lists")
    add.add_argument("--author", metavar="NAME", default="", help="who wrote it or stands behind it")
    add.add_argument(
        "--date", metavar="D", default="", help="its date: YYYY, YYYY-MM or YYYY-MM-DD; unknown if not said"
    )
    add.add_argument("--in-force-from", metavar="D", default="", help="of terms: the first day on which they held")
    add.add_argument("--in-force-until", metavar="D", default="", help="of terms: the last day on which they held")
    add.add_argument(
        "--about", metavar="MODEL", action="append", default=[], help="a model that it is about; repeatable"
    )
    for word, words in (
        ("show", "show a document: where it is from, its clauses, and how its text begins"),
        ("quote", "quote a clause, which must stand in the document's text; its place is kept"),
        ("retract", "retract a document, or one clause of it; it stays in the list, struck"),
        ("restore", "take the retraction of a document back"),
    ):
        part = below(word, words)
        part.add_argument("document", metavar="N", type=number, help="the number of a document")
        if word == "show":
            part.add_argument("--words", action="store_true", help="with all its text")
        elif word == "quote":
            part.add_argument("--text", metavar="T", required=True, help="the words as they stand in the document")
            part.add_argument("--page", metavar="P", type=number, default=0, help="the page, where it says them twice")
        elif word == "retract":
            what = part.add_mutually_exclusive_group(required=True)
            what.add_argument("--reason", metavar="T", default="", help="why; it stands in the list of every pack")
            what.add_argument("--clause", metavar="C", type=number, help="this clause alone, and not the document")
    below("undo", "take back the last act on documents, with a line of its own")


def _kind(word: str) -> Kind:
    try:
        return Kind(word.replace("-", " "))
    except ValueError:
        raise ArgumentTypeError(f"{word!r} is none of {', '.join(map(_typed, Kind))}") from None


def _typed(kind: Kind) -> str:
    return str(kind).replace(" ", "-")


def list_(options: Namespace, conditions: Conditions | None, meter: Meter) -> Result:
    """List the documents."""
    with opened(options, conditions, writing=False) as session:
        found = session.documents.register().all
    rows = [
        (
            one.number,
            str(one.said.kind),
            f"retracted: {one.retraction.reason}" if one.retraction else one.said.title,
            one.said.author,
            one.said.date or "unknown",
            in_force(one),
            len(one.standing_clauses),
            one.file.name,
        )
        for one in found
    ]
    heads = ("document", "kind", "title", "author", "date", "in force", "clauses", "file")
    lines = table(heads, rows) if rows else ["No documents yet. `workbench document add CASE FILE` takes one in."]
    return Result({"documents": [as_json(one) for one in found]}, lines)


def change(options: Namespace, conditions: Conditions | None, meter: Meter) -> Result:
    """Do one thing with a document, and show it as it stands then."""
    known = conditions or of_this_machine()
    who = replace(known, examiner=options.examiner) if options.examiner else known
    with opened(options, who, writing=options.word != "show") as session:
        door = session.documents
        did, number = _do(door, options, meter)
        one = door.document(number) if number else None
        words = door.words(number) if number and options.word == "show" else ""
        known_models = {name for c in session.corpora() for name in (c.name, c.facts.family)}
    lines = [did] if did else []
    document: dict[str, Any] = {"did": did, "document": None if one is None else as_json(one)}
    if one is not None and options.word == "add":
        lines += [f"No corpus of this case is called {n}." for n in one.said.about if n not in known_models]
        lines += [_text(one)]
    elif one is not None and options.word == "show":
        shown = words if options.words else words[:_BEGINNING]
        lines += _shown(one)
        lines += ["", shown if shown == words else f"{shown}…"] if words else []
        document["words"] = shown
    return Result(document, lines)


def _do(door: DocumentsOfCase, options: Namespace, meter: Meter) -> tuple[str, int]:
    """Do what the word says; returns what was done, and to which document, or 0."""
    if options.word == "add":
        made = door.add(options.file, _described(options), meter)
        return f"Document {made.number}: {made.said.title}.", made.number
    if options.word == "undo":
        return f"Taken back: {door.undo()}.", 0
    number = options.document
    match options.word:
        case "quote":
            found = door.find(number, options.text, options.page)
            clause = door.quote(number, options.text, options.page)
            again = f" It stands at {found.times} places; this is the first." if found.times > 1 else ""
            return f"Clause {clause.number} of document {number}, {clause.place.words()}.{again}", number
        case "retract" if options.clause is not None:
            door.retract_clause(number, options.clause)
            return f"Clause {options.clause} of document {number} is retracted; it stays in the list.", number
        case "retract":
            door.retract(number, options.reason)
            return f"Document {number} is retracted; it stays in the list.", number
        case "restore":
            door.restore(number)
            return f"Document {number} stands again.", number
    return "", number


def _described(options: Namespace) -> Description:
    return Description(
        kind=options.kind,
        title=options.title,
        author=options.author,
        date=options.date,
        in_force_from=options.in_force_from,
        in_force_until=options.in_force_until,
        about=tuple(options.about),
    )


def as_json(one: Document) -> dict[str, Any]:
    """A document as plain JSON."""
    found: dict[str, Any] = plain(one)
    return found


def in_force(one: Document) -> str:
    """The days on which it held, in words; empty where none is said."""
    begin, end = one.said.in_force_from, one.said.in_force_until
    return " ".join(filter(None, [f"from {begin}" if begin else "", f"until {end}" if end else ""]))


def _text(one: Document) -> str:
    if one.text.file is None:
        return one.text.note or "It has no text."
    pages = f" on {counted(one.text.pages, 'page', 'pages')}" if one.text.pages else ""
    size = counted(one.text.characters, "character", "characters")
    return f"Text: {size}{pages}, read by {one.text.reader}. {one.text.note}".strip()


def _shown(one: Document) -> list[str]:
    said = one.said
    lines = [
        f"Document {one.number}: {said.title}",
        f"{said.kind}, by {said.author or 'an unknown author'}, {said.date or 'date unknown'}",
    ]
    lines += [f"In force {in_force(one)}"] if in_force(one) else []
    lines += [f"About: {', '.join(said.about)}"] if said.about else []
    lines += (
        [f"Retracted {one.retraction.time} by {one.retraction.examiner}: {one.retraction.reason}"]
        if one.retraction
        else []
    )
    lines += [
        f"File: {one.file.name}, {one.file.size:,} bytes, SHA-256 {one.file.sha256}",
        f"Taken in {one.added} by {one.examiner}, line {one.line} of the ledger",
        _text(one),
        *(_clause(clause) for clause in one.clauses),
    ]
    return lines


def _clause(clause: Clause) -> str:
    struck = "retracted: " if clause.retracted else ""
    return f"Clause {clause.number}, {clause.place.words()}: {struck}“{one_line(clause.text, 4_000)}”"

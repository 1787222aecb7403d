"""What others wrote about the matter: documents by date, their clauses, and the facts that rest on them."""

from __future__ import annotations

from workbench.core.documents import Document
from workbench.core.fact_basis import basis_words
from workbench.core.printed import listed
from workbench.core.text import counted, one_line
from workbench.evidence.pack.contents import PackContents
from workbench.evidence.pack.documents import DOCUMENT_TABLE
from workbench.evidence.pack.names import DOCUMENTS
from workbench.evidence.report.sheets import Block, Column, Heading, Para, Run, Style, Table, Words, bold, mono, say

MOST_DOCUMENTS, MOST_CLAUSES, MOST_FACTS = 30, 40, 12
_LONGEST_CLAUSE = 600


def document_blocks(contents: PackContents) -> list[Block]:
    """The chronology of documents, their clauses and what rests on them; nothing where there is no document."""
    found = sorted(contents.documents, key=lambda one: (one.said.date or "9999", one.number))
    if not found:
        return []
    columns = (
        Column("Date"), Column("No.", kind="number"), Column("Document", 5), Column("By", 3), Column("In force", 3),
        Column("SHA-256, its beginning"),
    )  # fmt: skip
    rows = tuple(map(_row, found[:MOST_DOCUMENTS]))
    return [
        Heading("What was written of the matter, by date"),
        Para(say(_came_in(contents), " ", _where(contents))),
        Table(columns, rows, small=True),
        *_clauses(found),
        *_facts(contents, found),
    ]


def _came_in(contents: PackContents) -> str:
    standing = sum(one.retraction is None for one in contents.documents)
    gone = len(contents.documents) - standing
    verb = counted(gone, "was retracted by the examiner and stands", "were retracted by the examiner and stand")
    retracted = f" {verb} struck." if gone else ""
    return (
        f"{counted(standing, 'document', 'documents')} came in. What each is, its author and its dates are as the "
        f"examiner states them; its words are its own.{retracted}"
    )


def _where(contents: PackContents) -> str:
    if not contents.include_originals or not contents.include_documents:
        return f"Their files are not in this copy of the pack; {DOCUMENT_TABLE.removeprefix('data/')} lists them."
    held = sum(bool(source.withheld) for source in contents.sources if source.document)
    less = f", but for {counted(held, 'file that is', 'files that are')} withheld (Annex B)" if held else ""
    return f"Their files lie in {DOCUMENTS.removeprefix('data/')}{less}."


def _row(one: Document) -> tuple[Words, ...]:
    said = one.said
    style = Style.STRUCK if one.retraction else Style.PLAIN
    span = " to ".join([said.in_force_from or "unknown", said.in_force_until or "open"])
    return (
        say(said.date or "unknown"),
        say(str(one.number)),
        say(
            Run(f"{str(said.kind).capitalize()}: {one_line(said.title, 80)}", style),
            f" retracted: {one_line(one.retraction.reason, 80)}" if one.retraction else "",
        ),
        say(one_line(said.author or "unknown", 60)),
        say(span if said.in_force_from or said.in_force_until else ""),
        say(mono(one.file.sha256[:16])),
    )


def _clauses(found: list[Document]) -> list[Block]:
    quoted = [(one, clause) for one in found if one.retraction is None for clause in one.standing_clauses]
    shown: list[Block] = [
        Para(
            say(
                f"“{one_line(clause.text, _LONGEST_CLAUSE)}” ",
                f"Document {one.number}, {one_line(one.said.title, 80)}, {clause.place.words()}.",
            ),
            say(f"clause {clause.number}"),
        )
        for one, clause in quoted[:MOST_CLAUSES]
    ]
    if len(quoted) > MOST_CLAUSES:
        words = f"{len(quoted) - MOST_CLAUSES:,} more clauses stand in {DOCUMENT_TABLE.removeprefix('data/')}."
        shown.append(Para(say(words), style="small", unnumbered=True))
    return shown


def _facts(contents: PackContents, found: list[Document]) -> list[Block]:
    """What is said of suspects, protected models and all whose facts name a document, and on what it rests."""
    bearing = {one.number for one in found if one.retraction is None and one.standing_clauses}
    said = [(item.corpus.name, basis_words(item.corpus, bearing)) for item in contents.corpora]
    resting = [(name, [w for w in words if ": document " in w]) for name, words in said]
    resting = [(name, words) for name, words in resting if words]
    alone = [name for name, words in said if any(w.endswith("examiner’s word") for w in words)]
    parts = [f"{one_line(name, 40)} ({'; '.join(words)})" for name, words in resting[:MOST_FACTS]]
    more = f" and {len(resting) - MOST_FACTS:,} more" if len(resting) > MOST_FACTS else ""
    words = f"Facts of models that rest on a document: {listed(parts, MOST_FACTS)}{more}." if parts else (
        "No fact of a model rests on a document."
    )  # fmt: skip
    if alone:
        words += f" On the examiner’s word alone rest facts of {listed(alone, 6)}."
    return [Para(say(bold("What facts rest on. "), words))]

"""documents.csv: what others wrote about the matter, with the clauses that are quoted, as the log says it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from workbench.core.documents import Clause, Document, documents
from workbench.core.model import Json
from workbench.evidence.pack.names import DATA
from workbench.evidence.pack.registers import csv_bytes

DOCUMENT_TABLE = f"{DATA}documents.csv"
_DOCUMENT = (
    "document", "kind", "title", "author", "date", "in_force_from", "in_force_until", "about", "file", "sha256",
    "bytes",    "words_sha256", "read_by", "note", "added", "examiner", "ledger_line", "retracted",
)  # fmt: skip
_CLAUSE = ("clause", "text", "page", "line", "start", "end", "quoted", "quoted_by", "clause_retracted")


def document_files(lines: Iterable[Mapping[str, Json]]) -> dict[str, bytes]:
    """The table by its path, a row a clause and one for a document without any; nothing where there is no document.

    `lines` are those of the log. Raises CaseError, KeyError, TypeError or ValueError for lines that are not as the
    workbench writes them.
    """
    found = documents(lines).all
    rows = [row for one in found for row in _rows(one)]
    return {DOCUMENT_TABLE: csv_bytes((*_DOCUMENT, *_CLAUSE), rows)} if rows else {}


def _rows(one: Document) -> Sequence[Sequence[Json]]:
    said, kept = one.said, one.text.file
    first = (
        *(one.number, str(said.kind), said.title, said.author, said.date, said.in_force_from, said.in_force_until),
        *("; ".join(said.about), one.file.name, one.file.sha256, one.file.size, kept.sha256 if kept else ""),
        *(one.text.reader, one.text.note, one.added, one.examiner, one.line),
        one.retraction.reason if one.retraction else "",
    )
    return [(*first, *_clause(clause)) for clause in one.clauses] or [(*first, *("" for _ in _CLAUSE))]


def _clause(clause: Clause) -> Sequence[Json]:
    place = clause.place
    return (
        *(clause.number, clause.text, place.page or None, place.line, place.start, place.end),
        *(clause.time, clause.examiner, clause.retracted),
    )

"""What a pack is made from: plain data and four callables, handed in by the floor above.

Nothing here reads a case: `app` fills these records from the store, so that the same values always
give the same pack, whoever exports and from wherever.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.core.documents import Document
from workbench.core.finding_page import FindingPage
from workbench.core.instructions import Instructions
from workbench.core.model import Corpus, Exhibit, Finding, Json
from workbench.core.page_marks import PageMarks
from workbench.evidence.seal.state import Signer

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Redraw = Callable[[Finding, "Figure"], None]
"""Draws a Finding into the figure that is handed over: an analysis's own `draw`."""


def _none(_import: int) -> Iterator[tuple[str, str]]:
    return iter(())


def _no_rows(_import: int) -> Iterator[tuple[Json, ...]]:
    return iter(())


@dataclass(frozen=True, slots=True)
class PackSource:
    """A file as received: `path` is its copy in the vault; `withheld` says why it stays out, if it does.

    `document` is the name of a document's file, or of its words, without the end that tells its format.
    """

    id: int
    sha256: str
    name: str
    size: int
    received: str
    path: Path | None = None
    withheld: str = ""
    document: str = ""
    ending: str = ".bin"


@dataclass(frozen=True, slots=True)
class PackCorpus:
    """A corpus with its counts; records = accepted + rejected + duplicate.

    `rejected` may be None where a file holds several corpora and a rejected record names no model.
    `sources` are the SHA-256 of the files that its answers came from.
    """

    corpus: Corpus
    records: int
    accepted: int
    rejected: int | None
    duplicate: int
    prompts: int
    unjoined: int = 0
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PackImport:
    """One import: which file was read how, when, and what came of its records.

    `source` is the file's SHA-256, `corpora` the names it gave answers to, `state` done or discarded.
    """

    id: int
    source: str
    importer: str
    options: Json
    begun: str
    done: str
    records: int
    accepted: int
    rejected: int
    duplicate: int
    ledger_line: int
    corpora: tuple[str, ...] = ()
    state: str = "done"


@dataclass(frozen=True, slots=True)
class PackMethod:
    """An analysis in words: the question in a juror's words, its limits and its references."""

    key: str
    title: str
    question: str
    limits: tuple[str, ...] = ()
    references: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PackFinding:
    """An exhibit with its place in the case, and its page.

    `options` are what the run was asked for, `sha256` is the digest of the stored Finding. `opinion` says that it is an
    opinion on other findings.
    """

    exhibit: Exhibit
    sha256: str
    ledger_line: int
    page: FindingPage
    options: Json = None
    opinion: bool = False

    @property
    def question(self) -> tuple[str, str]:
        """The suspect and the protected side that it is about."""
        return self.page.suspect, self.page.protected


@dataclass(frozen=True, slots=True)
class PackExamination:
    """The last examination before the pack: its rules, its counts as its ledger line seals them, when, which line."""

    rules: Json
    counts: Json
    ended: str
    ledger_line: int


@dataclass(frozen=True, slots=True)
class PackCopy:
    """What a redacted copy says of itself: when it was made, how much was taken out, and for whom.

    `head` is the head of the full pack's log, `requested_by` is empty where no one said. `counts` are the things of
    each kind that were taken out beside whole prompts and answers.
    """

    made: str
    head: str
    prompts: int
    answers: int
    counts: Mapping[str, int]
    requested_by: str = ""


@dataclass(frozen=True, slots=True)
class PackContents:
    """Everything that goes into one pack.

    `begun` (ISO 8601, UTC) is the only date the pack's files carry; `head` is the hash of the last of
    `ledger_lines` (canonical JSON, no line feed), on which the line of the pack itself, *export begun*, will follow.
    `findings` holds all findings that existed then, withdrawn ones and opinions included. `normalised` yields the
    accepted answers of a corpus, named by its name, one mapping each. `rejections` yields (place, reason) for an
    import's id, `duplicates` its rows of duplicates.csv.
    """

    case_id: str
    title: str
    examiner: str
    number: int
    supersedes: int | None
    begun: str
    head: str
    ledger_lines: tuple[str, ...]
    tool: str
    sources: tuple[PackSource, ...]
    corpora: tuple[PackCorpus, ...]
    imports: tuple[PackImport, ...]
    methods: tuple[PackMethod, ...]
    findings: tuple[PackFinding, ...]
    normalised: Callable[[str], Iterator[Mapping[str, Json]]]
    redraw: Redraw
    rejections: Callable[[int], Iterator[tuple[str, str]]] = _none
    duplicates: Callable[[int], Iterator[tuple[Json, ...]]] = _no_rows
    include_originals: bool = True
    sample: bool = False
    """Whether every model of the case is invented."""
    examination: PackExamination | None = None
    redactions: tuple[tuple[Json, ...], ...] = ()
    """Rows of the redaction log, in the columns of `core.redactions`."""
    included: Mapping[str, str] = field(default_factory=dict)
    """Originals with secrets in them that are included all the same, by SHA-256, each with its reason."""
    method: str = ""
    """How the scores are computed, so that somebody can write them again."""
    instructions: Instructions = field(default_factory=Instructions)
    """Who asked for the examination, and in which words; what was not stated is left blank."""
    signers: tuple[Signer, ...] = ()
    """Who signs it, as its line in the log names them; a pack without any is a draft."""
    documents: tuple[Document, ...] = ()
    """What others wrote about the matter, the retracted ones too."""
    include_documents: bool = True
    """Whether the files of documents are in the pack, where originals are."""
    marks: PageMarks = field(default_factory=PageMarks)
    """What stands on every page."""
    copy: PackCopy | None = None
    """What a redacted copy says of itself; None for a full pack and a lawyer copy."""

    def standing(self) -> tuple[PackFinding, ...]:
        """The findings that were not withdrawn, in order of number, opinions left out."""
        return tuple(f for f in self.findings if not f.exhibit.withdrawn and not f.opinion)

    def reported(self) -> tuple[PackFinding, ...]:
        """Every finding that has a page, withdrawn ones too, in order of number."""
        return tuple(f for f in self.findings if not f.opinion)

    def opinions(self) -> tuple[PackFinding, ...]:
        """The last opinion on each question that stands, in the order of the questions."""
        last = {f.question: f for f in self.findings if f.opinion and not f.exhibit.withdrawn}
        order = dict.fromkeys(f.question for f in self.standing())
        return tuple(last[question] for question in order if question in last)

    def on(self, question: tuple[str, str]) -> tuple[PackFinding, ...]:
        """The findings on a question that stand."""
        return tuple(f for f in self.standing() if f.question == question)

"""One open case and its verbs: all that a window or a command line can do with it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from workbench.app import catalogue as known
from workbench.app.requests import (
    ExportReport,
    ImportReport,
    ImportRequest,
    JoinReport,
    Redaction,
    RunRequest,
    VerifyProblem,
    VerifyReport,
)
from workbench.core.errors import CaseError, RefusedError, UsageError
from workbench.core.files import put
from workbench.core.model import Change, Corpus, Facts, Finding, Json, Role, Source
from workbench.core.page_marks import PageMarks
from workbench.core.pairing import PAIRING, SetCounts
from workbench.core.plan import typed_in
from workbench.core.progress import Progress, Remembering, part, silent
from workbench.core.redactions import Redactions
from workbench.core.secrets.typed import refuse_secrets
from workbench.core.selection import Question, Similarities, choose, of_logs
from workbench.core.surroundings import Conditions
from workbench.core.wording_check import check_typed
from workbench.store import Case

if TYPE_CHECKING:
    from workbench.app.artefacts import FoundArtefact
    from workbench.app.case_selection import CaseSelection
    from workbench.app.direct_evidence.door import DirectEvidence
    from workbench.app.documents.door import DocumentsOfCase
    from workbench.app.examination.run import ExaminationReport, ExaminationState
    from workbench.app.exhibits.door import Exhibits
    from workbench.app.importing.dry_run import DryRun, SavedMapping
    from workbench.app.importing.left_out_duplicates import DuplicatePage
    from workbench.app.instructions import InstructionsOfCase
    from workbench.app.plan import PlanReport, PlanState
    from workbench.app.sealing import Signs
    from workbench.app.search import FoundPage, ShownAnswer
    from workbench.core.plan import LockedPlan, MadeRun, RunStatus
    from workbench.core.statistics.fitted_calibration import Calibration
    from workbench.importers.preview import Preview
    from workbench.store import CaseFacts, CorpusCounts, Export, LedgerLine, OpenImport, StoredFinding
    from workbench.store.browse import Browser

Listener = Callable[[frozenset[Change]], None]


def case_folder(given: Path) -> Path:
    """The folder that a name means: `foo` is `foo.case`, an existing folder is itself."""
    if given.suffix == ".case" or not _nameable(given) or _is_there(given / "case.db"):
        return given
    return given.with_name(given.name + ".case")


def new_folder(given: Path) -> Path:
    """The folder of a case that is to be made: `foo` becomes `foo.case`; raises UsageError."""
    if not _nameable(given):
        raise UsageError(
            f"“{given}” can't be the name of a new case.", hint="Such as `matter`, which makes matter.case."
        )
    return given if given.suffix == ".case" else given.with_name(given.name + ".case")


def _nameable(given: Path) -> bool:
    return given.name not in ("", "..")


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:
        return False  # whatever is wrong with the path, opening it says so in words


def preview_file(path: Path, encoding: str = "") -> Preview:
    """What a file or a folder is, its first records and a ready mapping; no case is needed."""
    from workbench.app.importing.previews import preview_path

    return preview_path(path, encoding)


class Session:
    """One open case; each verb that changes it tells the listeners which kinds of thing changed."""

    def __init__(self, case: Case, *, cache: Path | None = None, workers: int | None = None) -> None:
        self._case = case
        self._cache = cache
        self._workers = workers or min(8, os.cpu_count() or 1)
        self._listeners: list[Listener] = []

    @classmethod
    def create(
        cls,
        folder: Path,
        *,
        title: str = "",
        conditions: Conditions,
        cache: Path | None = None,
        workers: int | None = None,
    ) -> Self:
        """Make a new case; `foo` becomes `foo.case`. Raises CaseError where something is in the way."""
        target = new_folder(folder)
        check_typed("The title", [title])
        refuse_secrets("The examiner's name", [conditions.examiner])
        named = replace(conditions, examiner=conditions.examiner or conditions.account)
        return cls(Case.create(target, title=title or target.stem, conditions=named), cache=cache, workers=workers)

    @classmethod
    def open(cls, folder: Path, *, conditions: Conditions, writing: bool = True, cache: Path | None = None) -> Self:
        """Open a case; only one program may have it open for writing. Raises CaseError.

        Unless the conditions name an examiner, it is the one who opened the case; the account stands beside.
        """
        folder = case_folder(folder)
        refuse_secrets("The examiner's name", [conditions.examiner])
        if writing and not conditions.examiner:
            with Case.open(folder, conditions=conditions) as case:
                conditions = replace(conditions, examiner=case.facts.examiner)
        return cls(Case.open(folder, conditions=conditions, writing=writing), cache=cache)

    def close(self) -> None:
        """Close the case; it is one database file again."""
        self._case.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def subscribe(self, listener: Listener) -> None:
        """Tell this listener, in the thread of the verb, what each verb changed."""
        self._listeners.append(listener)

    def _changed(self, *kinds: Change) -> None:
        for listener in self._listeners:
            listener(frozenset((*kinds, Change.LEDGER)))

    @contextmanager
    def _changing(self, *kinds: Change) -> Iterator[None]:
        """Tell of a change also where the verb is broken off: the ledger then has a line that says so."""
        try:
            yield
        finally:
            self._changed(*kinds)

    # Reading

    @property
    def notice(self) -> str:
        """What should be known of the disk that the case lies on; empty where nothing."""
        return self._case.notice

    @property
    def writing(self) -> bool:
        """Whether the case is open for writing."""
        return self._case.writing

    @property
    def facts(self) -> CaseFacts:
        """Id, title, examiner and folder of the case."""
        return self._case.facts

    def corpora(self) -> list[Corpus]:
        """The corpora without their counts, in order of first appearance."""
        return self._case.corpora()

    def catalogue(self) -> list[CorpusCounts]:
        """The corpora with their counts, in order of first appearance."""
        return self._case.catalogue()

    def findings(self) -> list[StoredFinding]:
        """All findings, withdrawn ones too, in order of number."""
        return self._case.findings()

    def finding(self, number: int) -> StoredFinding:
        """One finding; raises UsageError for an unknown number."""
        return self._case.finding(number)

    def _findings(self) -> Iterator[Finding]:
        return (stored.finding for stored in self.findings())

    def runs(self) -> list[MadeRun]:
        """The runs that were made, withdrawn ones too."""
        return self._case.runs()

    def ledger(self) -> Iterator[LedgerLine]:
        """The ledger from its first line."""
        return self._case.ledger()

    def open_imports(self) -> list[OpenImport]:
        """Imports that were interrupted: import the file again, or discard them."""
        return self._case.open_imports()

    def sources(self) -> list[Source]:
        """The files as they were received."""
        return self._case.sources()

    def exports(self) -> list[Export]:
        """The packs that were exported."""
        return self._case.exports()

    # Corpora

    def is_panel(self, path: Path) -> bool:
        """Whether a file is a panel manifest, by its content."""
        from workbench.app.importing.panel import is_panel

        return is_panel(path)

    def import_file(self, path: Path, request: ImportRequest, progress: Progress = silent) -> ImportReport:
        """Take in one file of answers. Raises BadInputError, CaseError, UsageError or Cancelled."""
        from workbench.app.documents.facts import refuse_unquoted
        from workbench.app.importing.reading_again import with_reasons
        from workbench.app.importing.run import import_file

        refuse_unquoted(self._case, [request.facts])
        with self._changing(Change.CORPORA):
            return with_reasons(self._case, import_file(self._case, path, request, progress))

    def import_panel(
        self, path: Path, suspect: str | None = None, protected: str | None = None, progress: Progress = silent
    ) -> list[ImportReport]:
        """Take in every corpus of a panel manifest, with its documented facts."""
        from workbench.app.importing.panel import import_panel
        from workbench.app.importing.reading_again import with_reasons

        with self._changing(Change.CORPORA):
            reports = import_panel(self._case, path, suspect, protected, progress)
            return [with_reasons(self._case, report) for report in reports]

    def discard_import(self, number: int, progress: Progress = silent) -> None:
        """Drop an interrupted import."""
        with self._changing(Change.CORPORA):
            self._case.discard_import(number, progress)

    def pairing(self) -> tuple[SetCounts, ...]:
        """What is counted of each set of ids by which answers are paired; empty where all is paired by text."""
        found = self._case.pairing()
        return found.counts if found else ()

    def pairing_digest(self) -> str:
        """What tells one pairing from another; empty where all is paired by text."""
        found = self._case.pairing()
        return found.sha256 if found else ""

    def join_prompts(self, path: Path, corpus: str, progress: Progress = silent) -> JoinReport:
        """Join prompts that came later to the answers of a corpus; what has a prompt keeps it."""
        from workbench.app.importing.late_prompts import join_prompts

        report = join_prompts(self._case, path, corpus, progress)
        self._changed(Change.CORPORA)
        return report

    def set_corpus(
        self,
        name: str,
        *,
        role: Role | None = None,
        facts: Mapping[str, Any] | None = None,
        note: str | None = None,
        reason: str,
    ) -> Corpus:
        """Mend what is known of a corpus; the reason stands in the ledger."""
        from workbench.app.documents.facts import refuse_unquoted
        from workbench.app.importing.reading_again import refuse_to_count_twice

        if not reason.strip():
            raise UsageError("A correction needs a reason.", hint="It stands in the ledger beside the change.")
        known = {key: value for key, value in (facts or {}).items() if key in ("sources", "documents")}
        refuse_unquoted(self._case, [replace(Facts(), **known)])
        if role not in (None, Role.ASIDE):
            refuse_to_count_twice(self._case, name)
        check_typed("The note", [note or "", reason if role is Role.ASIDE else ""])
        refuse_secrets("The reason", [reason])
        for fact, said in (facts or {}).items():
            listed = said if isinstance(said, list | tuple) else (said,)
            refuse_secrets(f"What is said of “{fact}”", map(str, listed))
        noted = reason if role is Role.ASIDE and note is None else note
        corpus = self._case.set_corpus(name, role=role, facts=facts or {}, note=noted, reason=reason)
        self._changed(Change.CORPORA)
        return corpus

    def import_as_begun(
        self, number: int, role: Role | None, facts: Facts, note: str, progress: Progress = silent
    ) -> ImportReport:
        """Go on with an interrupted import, from its kept original and with the options it was begun with.

        Raises UsageError where it is not open any more.
        """
        from workbench.app.importing.resume import as_begun

        for begun in self.open_imports():
            if begun.id == number:
                request = as_begun(self._case, begun, ImportRequest(role=role, facts=facts, note=note))
                report = self.import_file(self._case.original(begun.source.sha256), request, progress)
                return replace(report, unnamed=report.unnamed and request.model is None)
        raise UsageError("That import is not open any more.")

    def saved_mapping(self, seen: Preview) -> SavedMapping | None:
        """The mapping by which a file of the same kind was read before; None where there was none."""
        from workbench.app.importing.dry_run import saved_mapping

        return saved_mapping(self._case, seen)

    def dry_run(self, path: Path, request: ImportRequest, progress: Progress = silent) -> DryRun:
        """Read a file and count, and keep nothing; answers that the case holds count as duplicates."""
        from workbench.app.importing.dry_run import dry_run

        return dry_run(path, request, progress, case=self._case)

    def duplicates(self, number: int | None, after: int, limit: int) -> DuplicatePage:
        """A page of the records that were left out as duplicates, of one import or of all."""
        from workbench.app.importing.left_out_duplicates import page

        return page(self._case, number, after, limit)

    @property
    def direct_evidence(self) -> DirectEvidence:
        """Usage logs, planted markers and secrets."""
        from workbench.app.direct_evidence.door import DirectEvidence

        return DirectEvidence(self._case, self._changed)

    @property
    def exhibits(self) -> Exhibits:
        """What is shown of the case, with its reviews, notes and marks."""
        from workbench.app.exhibits.door import Exhibits

        return Exhibits(self._case, lambda: self._changed(Change.EXHIBITS))

    @property
    def instructions(self) -> InstructionsOfCase:
        """Who asked for the examination, for which matter and in which words."""
        from workbench.app.instructions import InstructionsOfCase

        return InstructionsOfCase(self._case, lambda: self._changed(Change.CASE))

    @property
    def documents(self) -> DocumentsOfCase:
        """What others wrote about the matter, with the clauses that are quoted of it."""
        from workbench.app.documents.door import DocumentsOfCase

        return DocumentsOfCase(self._case, lambda: self._changed(Change.DOCUMENTS))

    # Examination and search

    def examine(self, progress: Progress = silent) -> ExaminationReport:
        """Look at every file, answer and prompt once, and seal what was seen; broken off, it goes on where it was."""
        from workbench.app.examination.run import examine

        report = examine(self._case, self._workers, part(progress, 0, 0.9))
        self._case.words.build(part(progress, 0.9, 1))
        if report.new:
            self._changed(Change.CORPORA)
        return report

    def examination(self) -> ExaminationState:
        """The last examination, what is withheld for it, and whether it is up to date."""
        from workbench.app.examination.run import state_of

        return state_of(self._case)

    def build_index(self, progress: Progress = silent) -> int:
        """Bring the full-text index up to date; returns how many answers were added."""
        return self._case.words.build(progress)

    def unindexed(self) -> int:
        """How many answers are not in the full-text index."""
        return self._case.words.missing()

    def search(
        self,
        asked: str,
        corpora: Sequence[str],
        *,
        in_prompts: bool,
        limit: int,
        after: int = 0,
        progress: Progress = silent,
    ) -> FoundPage:
        """Where words stand; raises UsageError for a search without a word, an unknown corpus or a bad limit."""
        from workbench.app.search import search

        return search(self._case, asked, corpora, in_prompts=in_prompts, limit=limit, after=after, progress=progress)

    def texts(self, corpus: str) -> Iterator[tuple[str, str]]:
        """The answers of a corpus, each with the digest of its prompt, in order of prompt and sample."""
        return ((answer.prompt, answer.text) for answer in self._case.answers(corpus))

    @property
    def browse(self) -> Browser:
        """Shapes of answers, lists of them, and counts by corpus: what a reader looks through."""
        return self._case.browse

    def answer(self, number: int) -> ShownAnswer:
        """An answer beside the bytes it came from, secrets masked; raises UsageError when there is none."""
        from workbench.app.search import shown_answer

        return shown_answer(self._case, number)

    # Traces of saving

    def artefacts(self) -> list[FoundArtefact]:
        """The traces of saving in the answers, each with what was decided about it."""
        from workbench.app.artefacts import Traces

        return Traces(self._case).found()

    def settle_artefact(self, corpus: str, kind: str, how: str, reason: str = "") -> list[FoundArtefact]:
        """Take a kind of trace out of a corpus before it is compared, or keep it for a reason; the ledger says so."""
        from workbench.app.artefacts import settle

        check_typed("The reason", [reason])
        found = settle(self._case, corpus, kind, how, reason)
        self._changed(Change.CORPORA)
        return found

    # Findings

    def question(self, request: RunRequest) -> Question:
        """Who would be compared with whom; raises UsageError or RefusedError in words."""
        from workbench.app.documents.facts import bearing

        if request.despite_date is not None and not request.despite_date.strip():
            raise UsageError("A younger source needs a reason.", hint="It stands in the finding and the ledger.")
        if request.fewer_prompts is not None and not request.fewer_prompts.strip():
            raise UsageError("Missing prompts need a reason.", hint="It stands in the finding and the ledger.")
        for name, why in request.exclude.items():
            if not why.strip():
                raise UsageError(f"Leaving out {name} needs a reason.", hint="It stands in the finding and the ledger.")
        refuse_secrets(
            "The reason", [request.despite_date or "", request.fewer_prompts or "", *request.exclude.values()]
        )
        question = choose(
            self._case.corpora(),
            suspect=request.suspect,
            protected=request.protected,
            controls=request.controls,
            exclude=request.exclude,
            despite_date=request.despite_date,
            fewer_prompts=request.fewer_prompts,
            bearing=bearing(self._case),
            came_as=self._case.as_imported(),
            answering=self._case.answering(request.suspect),
        )
        _only_controls(question, request)
        return question

    def run(self, key: str, request: RunRequest, progress: Progress = silent) -> StoredFinding:
        """Run an analysis and store its Finding; a refusal is raised in words, and stands in the ledger."""
        from workbench.app.calibrations import settled

        if request.seed < 0:
            raise UsageError(f"The seed {request.seed} is below 0.", hint="A seed is a whole number from 0 on.")
        parameters, calibration = settled(key, request.parameters, self._findings)
        asked = replace(request, parameters=parameters)
        try:
            return self._run(key, asked, calibration, progress)
        except RefusedError as refused:
            # An opinion looks at findings alone: that there is none yet is no look at the material.
            if not known.analysis(key).opinion:
                self._case.record_refusal(key, _asked(asked), refused.message)
                self._changed(Change.LEDGER)
            raise

    def _run(self, key: str, request: RunRequest, calibration: Calibration | None, progress: Progress) -> StoredFinding:
        from workbench.app.artefacts import named
        from workbench.app.pack import without_secrets

        analysis = known.analysis(key)(request.parameters)
        question = of_logs(self.corpora()) if analysis.about_logs else self.question(request)
        progress = Remembering(progress)
        gathered = 0.7 if analysis.needs_similarities else 0.0
        views = part(progress, 0.0, gathered) if gathered else silent
        selection = self.selection(question, views, calibration)
        selection.stopping = progress.again
        try:
            material = analysis.gather(selection)
            # Judged before it is run: what a run finds has no part in whether the plan foresaw it.
            status = None if analysis.opinion else self.status_of(key, request, question)
            answered = analysis.answered(material, selection, request.seed, part(progress, gathered, 0.97))
            finding = without_secrets(answered)
            if status is None:
                status = self._status_of_opinion(finding, selection)
            elif analysis.names_traces:
                finding = named(finding, question, self.artefacts())
            if not (analysis.opinion or analysis.about_logs) and (pairing := self._case.pairing()) is not None:
                finding = replace(finding, resources={**finding.resources, PAIRING: pairing.sha256})
        finally:
            selection.close()
        progress(0.98, "drawing")
        stored = self._case.record_finding(
            finding,
            narrative=known.narrative_of(finding),
            svg=_svg(finding),
            options=_asked(request)
            | {
                "suspect": question.suspect.name,
                "protected": question.protected_name,
                "parameters": dict(analysis.values),
                "plan": status.as_json(),
            },
        )
        self._changed(Change.FINDINGS)
        return stored

    def _status_of_opinion(self, finding: Finding, selection: CaseSelection) -> RunStatus:
        from workbench.app.opinions import status_of_opinion

        return status_of_opinion(finding, selection.findings(), self.plan_state().in_force)

    def form_opinions(self, progress: Progress = silent) -> list[StoredFinding]:
        """Form an opinion on each question whose findings have none, or have changed since; returns the new ones."""
        from workbench.app.opinions import COMBINED, due

        asked = due(self.findings(), self.corpora())
        made = []
        for at, request in enumerate(asked):
            try:
                made.append(self.run(COMBINED, request, part(progress, at / len(asked), (at + 1) / len(asked))))
            except RefusedError:
                continue  # The roles have changed so that the question can't be asked any more.
        return made

    def selection(
        self, question: Question, progress: Progress = silent, calibration: Calibration | None = None
    ) -> CaseSelection:
        """The door to the answers of a question's corpora; `progress` is that of building their similarities."""
        from workbench.app.case_selection import CaseSelection
        from workbench.app.similarity_cache import default_cache

        cache = self._cache or default_cache()
        return CaseSelection(self._case, question, cache, self._workers, progress, calibration)

    def write_figure(self, number: int, out: Path) -> None:
        """Write a finding's chart as .svg or .png; raises UsageError for other endings."""
        from workbench.evidence.report.charts import png_of, svg_of

        writers = {".svg": svg_of, ".png": png_of}
        if out.suffix.lower() not in writers:
            raise UsageError(f"{out.name}: charts are written as .svg or .png.")
        data = writers[out.suffix.lower()](self.finding(number).finding, known.figure_of)
        try:
            put(out, data)
        except OSError as error:
            raise CaseError(f"{out} can't be written: {error.strerror}.") from error

    def withdraw(self, number: int, reason: str) -> None:
        """Hide a finding; it stays in the ledger and is listed in packs."""
        if not reason.strip():
            raise UsageError("A withdrawal needs a reason.", hint="It stands in the ledger and in packs.")
        check_typed("The reason", [reason])
        self._case.withdraw(number, reason)
        self._changed(Change.FINDINGS)

    # The plan

    def draft_plan(self, progress: Progress = silent) -> tuple[Json, tuple[str, ...]]:
        """A plan filled from the case, and in words which analyses this material does not allow."""
        from workbench.app.plan import draft

        return draft(self.corpora(), self.question, lambda question: self.selection(question, progress))

    def resolve_plan(self, given: Any) -> Json:
        """A plan as it would be locked; raises UsageError or RefusedError in words."""
        from workbench.app.plan import resolved

        return resolved(self.corpora(), self.question, given)

    def similarities(self, progress: Progress = silent) -> Similarities:
        """The view blocks of all corpora that are not set aside, in order of name, built once and kept in the cache."""
        from workbench.app.case_selection import similarities_of

        return similarities_of(self._case, self._cache, self._workers, progress)

    def lock_plan(self, given: Any, reason: str = "") -> LockedPlan:
        """Lock a plan, or a new version of it with a reason; raises UsageError or RefusedError in words."""
        plan = self.resolve_plan(given)
        check_typed("The plan", typed_in(plan))
        check_typed("The reason", [reason])
        locked = self._case.lock_plan(plan, reason)
        self._changed(Change.PLAN)
        return locked

    def plan_state(self) -> PlanState:
        """What is planned and what was run of it."""
        from workbench.app.plan import state

        return state(self._case)

    def plan_to_edit(self) -> Json:
        """What a new version is written from: the plan in force with today's corpora, or one filled from the case."""
        from workbench.app.plan import starting_point

        return starting_point(self._case)

    def status_of(self, key: str, request: RunRequest, question: Question) -> RunStatus:
        """Whether a run would be confirmatory under the plan in force, and if not, why."""
        from workbench.app.plan import status_of_run

        return status_of_run(self._case, key, request, question)

    def run_plan(self, progress: Progress = silent) -> PlanReport:
        """Run everything of the plan in force that has not been run; raises UsageError where no plan was locked."""
        from workbench.app.plan import run_plan

        return run_plan(self.plan_state(), self.run, progress)

    # Packs and keeping

    def export(
        self,
        path: Path,
        number: int | None = None,
        progress: Progress = silent,
        *,
        originals: bool = True,
        replace: bool = True,
        included: Mapping[str, str] | None = None,
        signing: Signs | None = None,
        documents: bool = True,
        marks: PageMarks | None = None,
    ) -> ExportReport:
        """Write the evidence pack, or rebuild pack `number` byte for byte.

        A new pack has an opinion on each question that was asked: one that is missing or outdated is formed before.
        `replace` says whether a file of that name may be overwritten: a shell that did not ask says no.
        `included` are withheld originals that go in all the same, by SHA-256, each with its reason. `signing` says
        who signs the pack; without it the pack is a draft. Without `documents` their files stay out. `marks` stand on
        every page.
        """
        from workbench.app.pack import check_path, export

        check_path(path, replace=replace)
        report = export(
            self._case,
            path,
            number,
            progress,
            originals=originals,
            replace=replace,
            conclude=self.form_opinions,
            included=included,
            workers=self._workers,
            signing=signing,
            documents=documents,
            marks=marks or PageMarks(),
        )
        self._changed(Change.PACKS)
        return report

    def export_copy(
        self,
        path: Path,
        redactions: Redactions,
        number: int | None = None,
        progress: Progress = silent,
        *,
        replace: bool = True,
        signing: Signs | None = None,
    ) -> ExportReport:
        """Write a redacted copy of a pack, of the last one unless a number is given; the full pack stays as it is."""
        from workbench.app.redacted_copy import export_copy

        report = export_copy(self._case, path, redactions, number, progress, replace=replace, signing=signing)
        self._changed(Change.PACKS)
        return report

    def redactions_of(self, path: Path, progress: Progress = silent) -> list[Redaction]:
        """What each code of a redacted copy stands for, and the salt that proves it."""
        from workbench.app.redacted_copy import redactions_of

        return redactions_of(self._case, path, progress)

    def report_pages(self, dots: float, progress: Progress = silent) -> list[bytes]:
        """The pages of the report as the next pack would have it now, as PNG at so many dots an inch."""
        from workbench.app.pack import report_pages

        return report_pages(self._case, dots, progress)

    def verify(self, head: str | None = None, progress: Progress = silent) -> VerifyReport:
        """Re-hash originals and answers, walk the ledger, and name what does not agree."""
        found = self._case.verify(head=head, progress=progress)
        problems = tuple(VerifyProblem(p.path, p.what, p.detail) for p in found)
        return VerifyReport(not problems, "case", problems)

    def backup(self, file: Path, progress: Progress = silent) -> None:
        """Write the whole case into one file."""
        self._case.backup(file, progress)


def _asked(request: RunRequest) -> dict[str, Any]:
    """A run as it was asked for, as plain JSON."""
    return {
        "suspect": request.suspect,
        "protected": request.protected,
        "controls": list(request.controls) if request.controls is not None else None,
        "exclude": dict(request.exclude),
        "despite_date": request.despite_date,
        "fewer_prompts": request.fewer_prompts,
        "parameters": dict(request.parameters),
        "seed": str(request.seed),
    }


def _only_controls(question: Question, request: RunRequest) -> None:
    """Refuse to name as a control, or to leave out, what the question is about: it would be passed over silently."""
    suspect = question.suspect.name
    if suspect in (request.controls or ()):
        raise UsageError(f"{suspect} is the suspect: it can't be its own control.")
    about = [suspect, *(c.name for c in question.protected)]
    for name in request.exclude:
        if name in about:
            raise UsageError(f"{name} can't be left out: the question is about it.", hint="Controls can be left out.")


def _svg(finding: Finding) -> bytes:
    from workbench.evidence.report.charts import svg_of

    return svg_of(finding, known.figure_of)

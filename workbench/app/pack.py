"""Filling a pack from a case: the same verbs with the same injected values give the same pack."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from workbench import __version__
from workbench.app import catalogue as known
from workbench.app.documents.in_pack import DocumentsInPack
from workbench.app.examination.run import examine
from workbench.app.importing import left_out_duplicates
from workbench.app.instructions import instructions_at
from workbench.app.opinions import question_of
from workbench.app.requests import ExportReport
from workbench.core.errors import RefusedError, UsageError
from workbench.core.hashing import sha256_file
from workbench.core.model import Exhibit, Facts, Finding, Json, Table
from workbench.core.page_marks import PageMarks, page_marks_in
from workbench.core.plan import status_of
from workbench.core.progress import Progress, part
from workbench.core.resources import resource
from workbench.core.secrets.find import find_in, masked, masked_json
from workbench.core.secrets.typed import refuse_secrets
from workbench.evidence.pack.contents import (
    PackContents,
    PackCorpus,
    PackExamination,
    PackFinding,
    PackImport,
    PackMethod,
    PackSource,
)
from workbench.evidence.pack.sealed import compared
from workbench.evidence.seal.state import declared_in
from workbench.store import Case, Export

if TYPE_CHECKING:
    from workbench.app.sealing import Signs
    from workbench.evidence.seal.sshsig import Signature
    from workbench.store import CorpusCounts, Export, ImportRow, StoredFinding


_UNMARKED = PageMarks()


def without_secrets(finding: Finding) -> Finding:
    """The finding with everything that has the form of a secret masked, in its values and in its tables."""
    return dataclasses.replace(
        finding,
        question=masked(finding.question),
        values=masked_json(finding.values),
        warnings=tuple(masked(warning) for warning in finding.warnings),
        tables={name: _table(table) for name, table in finding.tables.items()},
    )


def _table(table: Table) -> Table:
    texts = [cell if isinstance(cell, str) else "" for row in table.rows for cell in row]
    if not find_in(texts):
        return table
    rows = tuple(tuple(masked(cell) if isinstance(cell, str) else cell for cell in row) for row in table.rows)
    return Table(table.columns, rows)


def included_of(case: Case, given: Mapping[str, str]) -> dict[str, str]:
    """The withheld originals that are to be included all the same, by their whole SHA-256, each with its reason.

    Raises UsageError for a file that is not withheld, that is not in the case, or has no reason.
    """
    held = case.examinations.withheld()
    known = [source.sha256 for source in case.sources()]
    chosen: dict[str, str] = {}
    for start, reason in given.items():
        fits = [digest for digest in known if digest.startswith(start.lower())] if len(start) >= 8 else []
        if len(fits) != 1:
            raise UsageError(
                f"“{start}” is not the SHA-256 of one file of this case.", hint="`workbench examine CASE` lists them."
            )
        if fits[0] not in held:
            raise UsageError(f"The file {start} is not withheld: no secrets were found in it.")
        if not reason.strip():
            raise UsageError("Including an original with secrets in it needs a reason.", hint="--reason TEXT")
        refuse_secrets("The reason", [reason])
        chosen[fits[0]] = reason
    return chosen


def why_withheld(kinds: Mapping[str, int]) -> str:
    """Why an original stays out of a pack, in words."""
    counted = ", ".join(f"{kind} ({number})" for kind, number in kinds.items())
    return f"it holds what has the form of secrets: {counted}"


def check_path(path: Path, *, replace: bool) -> None:
    """Raise UsageError or CaseError where no pack can be put."""
    from workbench.evidence.pack.zip_writer import check_target

    if path.suffix.lower() != ".zip":
        raise UsageError(f"{path.name}: a pack is one zip file.", hint=f"Such as {path.name}.zip")
    check_target(path, replace=replace)


def export(
    case: Case,
    path: Path,
    number: int | None,
    progress: Progress,
    *,
    originals: bool,
    replace: bool,
    conclude: Callable[[Progress], object],
    included: Mapping[str, str] | None = None,
    workers: int = 1,
    signing: Signs | None = None,
    documents: bool = True,
    marks: PageMarks = _UNMARKED,
) -> ExportReport:
    """Write a new pack, or rebuild pack `number` from the state that its ledger line closed.

    What was not examined is examined before: nothing leaves the case before secrets were looked for. Then `conclude`
    forms the opinions that the pack begins with. `signing` says who signs it; a pack that is built again has the
    signatures that it had.
    """
    from workbench.evidence.pack.build import build, unsigned
    from workbench.evidence.seal.sshsig import parsed
    from workbench.evidence.seal.state import NAMESPACE, declared_as

    check_path(path, replace=replace)
    if number is not None and (included or signing or marks or not documents):
        raise UsageError(
            "What a pack includes, and who signs it, was chosen when it was begun.",
            hint="Leave out --include-original, --without-documents, --legend, --bates and --sign.",
        )
    choices: Json = {"originals": originals} | ({} if documents else {"documents": False})
    if marks:
        refuse_secrets("The legend", [marks.legend, marks.prefix])
        choices["marks"] = marks.as_json()
    sign = signing.sign if signing else unsigned
    if signing:
        choices["signers"] = declared_as(signing.signers)
    if number is None:
        examine(case, workers, part(progress, 0, 0.35))
        conclude(part(progress, 0.35, 0.4))
        if included:
            choices["included"] = included_of(case, included)
        begun, seal = _next(case, choices)
    else:
        begun, seal = _again(case, number)
        sign = partial(_signed_before, tuple(parsed(text.encode(), NAMESPACE) for text in begun.signatures))
    built = build(contents_of(case, begun), path, seal, part(progress, 0.4, 0.98), sign)
    if number is None:
        case.finish_export(begun.number, built.sha256, built.signatures)
    return ExportReport(path, begun.number, built.sha256, built.head)


def report_pages(case: Case, dots: float, progress: Progress) -> list[bytes]:
    """The pages of the report as the next pack would have it now, as PNG; no pack is begun."""
    from workbench.evidence.pack.build import preview

    begun = dataclasses.replace(case.open_export(), choices={"originals": True})
    return preview(contents_of(case, begun), dots, progress)


def _signed_before(held: tuple[Signature, ...], _tag_manifest: bytes) -> tuple[Signature, ...]:
    return held


def _next(case: Case, choices: Json) -> tuple[Export, Callable[[Json], str]]:
    """A new pack, and what writes its line once its files are made: a number is spent only then."""
    begun = dataclasses.replace(case.open_export(), choices=choices)

    def seal(contents: Json) -> str:
        return case.seal_export(begun, choices, contents).ledger[-1]

    return begun, seal


def _again(case: Case, number: int) -> tuple[Export, Callable[[Json], str]]:
    """A pack that was sealed before, as it was before its line, and what compares its files with that line.

    Raises RefusedError for a pack of an earlier format, and where this machine makes other files than it has.
    """
    sealed = case.export_again(number)
    line = json.loads(sealed.ledger[-1])
    if "contents" not in line["options"]:
        raise RefusedError(
            f"Pack {number} was made by an earlier version, which laid packs out otherwise: it is not built again.",
            hint="`workbench verify` still checks it; `workbench export CASE PACK.zip` makes a new one.",
        )
    before = dataclasses.replace(sealed, head=line["previous"], line=sealed.line - 1, ledger=sealed.ledger[:-1])

    def seal(contents: Json) -> str:
        if contents != line["options"]["contents"]:
            other = ", ".join(sorted(path for path, _ in compared(line["options"]["contents"], contents))[:5])
            raise RefusedError(
                f"This machine makes other files than pack {number} has ({other}); nothing was written.",
                hint=f"It was made with {line['tool']}; environment.json in the pack names its libraries.",
            )
        return sealed.ledger[-1]

    return before, seal


def contents_of(case: Case, begun: Export) -> PackContents:
    """What stood in the case when the pack was begun, whatever was done to it since."""
    from workbench.analyses.scoring.method import method

    include = bool(begun.choices["originals"])
    imports = [row for row in case.import_log(begun.line) if row.state == "done"]
    by_id = {row.id: row for row in imports}
    files: dict[str, list[str]] = {}
    for row in imports:
        for counts in row.corpora:
            files.setdefault(counts.corpus, []).append(row.source.sha256)
    findings = tuple(case.findings(begun.line))
    # A report describes the methods that were used, so that a later version with more of them makes the same report.
    used = {stored.finding.analysis for stored in findings}
    methods = {info.key: info for info in known.analyses() if info.key in used}
    models = {row.corpus.name: row.corpus.facts for row in case.catalogue(begun.line)}
    exam = case.examinations.last(begun.line)
    included = begun.choices.get("included", {})
    held = {d: why_withheld(k) for d, k in case.examinations.withheld(begun.line).items() if d not in included}
    answers = {row.source.sha256 for row in case.import_log(begun.line)}
    written = DocumentsInPack(case, begun.line, answers, included=begun.choices.get("documents", True))
    return PackContents(
        case_id=case.facts.id,
        title=case.facts.title,
        examiner=case.facts.examiner,
        number=begun.number,
        supersedes=begun.number - 1 or None,
        begun=begun.begun,
        head=begun.head,
        ledger_lines=begun.ledger,
        tool=f"distillation-workbench {__version__}",
        sources=tuple(
            PackSource(
                *(s.id, s.sha256, s.name, s.size, s.received),
                case.original(s.sha256) if include else None,
                *written.placed(s.sha256, held),
            )
            for s in case.sources(begun.line)
        ),
        corpora=tuple(_corpus(row, files) for row in case.catalogue(begun.line)),
        imports=tuple(_import(row) for row in imports),
        methods=tuple(
            PackMethod(info.key, info.title, info.question, info.limits, info.references) for info in methods.values()
        ),
        findings=tuple(_finding(stored, methods[stored.finding.analysis], models) for stored in findings),
        normalised=lambda corpus: case.normalised(corpus, begun.line),
        redraw=known.figure_of,
        sample=_is_sample(case, begun),
        rejections=lambda number: ((r.place, masked(r.reason)) for r in case.rejections(number)),
        duplicates=lambda number: left_out_duplicates.for_pack(case, by_id[number]),
        include_originals=include,
        examination=PackExamination(exam.rules, exam.counts, exam.ended, exam.line) if exam else None,
        redactions=tuple(case.examinations.redactions(begun.line)),
        included=included,
        method=method(),
        instructions=instructions_at(case, begun.line),
        signers=declared_in(begun.choices),
        documents=written.all,
        include_documents=written.included,
        marks=page_marks_in(begun.choices),
    )


def _corpus(row: CorpusCounts, files: Mapping[str, list[str]]) -> PackCorpus:
    return PackCorpus(
        corpus=row.corpus,
        records=row.records,
        accepted=row.accepted,
        rejected=row.rejected,
        duplicate=row.duplicate,
        prompts=row.prompts,
        unjoined=row.unjoined,
        sources=tuple(files.get(row.corpus.name, ())),
    )


def _import(row: ImportRow) -> PackImport:
    return PackImport(
        id=row.id,
        source=row.source.sha256,
        importer=row.importer,
        options=row.options,
        begun=row.begun,
        done=row.ended,
        records=sum(c.records for c in row.corpora),
        accepted=sum(c.accepted for c in row.corpora),
        rejected=sum(c.rejected for c in row.corpora),
        duplicate=sum(c.duplicate for c in row.corpora),
        ledger_line=row.line,
        corpora=tuple(c.corpus for c in row.corpora),
    )


def _is_sample(case: Case, begun: Export) -> bool:
    """Whether this is the sample case, by the list of invented models that it came with."""
    sample = sha256_file(resource("sample_case/panel.json"))
    return any(source.sha256 == sample for source in case.sources(begun.line))


def _finding(stored: StoredFinding, info: known.AnalysisInfo, models: Mapping[str, Facts]) -> PackFinding:
    page = known.page_of(stored.finding, models)
    asked = question_of(stored.options)
    if asked is not None and not page.protected:
        page = dataclasses.replace(page, protected=asked[1])
    exhibit = Exhibit(
        number=stored.number,
        title=info.title,
        finding=stored.finding,
        narrative=stored.narrative,
        alternative_text=page.picture.description if page.picture else known.description_of(stored.finding),
        chart_table=known.chart_table_of(stored.finding),
        status=status_of(stored.options).status,
        made=stored.made,
        withdrawn=stored.withdrawn,
    )
    return PackFinding(exhibit, stored.sha256, stored.ledger_line, page, stored.options, info.opinion)

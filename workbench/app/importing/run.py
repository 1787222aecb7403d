"""Taking files in: kept and hashed first, then recognised, read and stored, whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.app.importing.dry_run import checks, complete_request, mapped_again, options_of, reader_of
from workbench.app.importing.facts_in_records import stated
from workbench.app.importing.late_prompts import join_prompts, join_waiting
from workbench.app.importing.packed_folders import folder_name, is_folder, packed
from workbench.app.importing.pairing import paired, words_of_pairing
from workbench.app.importing.reader_processes import LARGE, FileReading, KeptFile, Readers, ReadingAhead, readers_for
from workbench.app.importing.reading_again import may_be_read_again, refuse_to_count_twice, words_of_strays
from workbench.app.importing.resume import add_waiting_imports, continue_request, words_of_open_imports
from workbench.app.importing.stated_facts import unknown_of
from workbench.app.requests import CorpusImport, ImportReport, ImportRequest
from workbench.core.errors import BadInputError, Cancelled, RefusedError, UsageError, WorkbenchError
from workbench.core.model import Corpus, Facts, Role, Source
from workbench.core.progress import Progress, part, silent, without_stop
from workbench.core.secrets.find import masked_name
from workbench.core.text import counted, one_line
from workbench.importers.base import Importer, Opened
from workbench.importers.choose import choose, recognise
from workbench.importers.containers.open import open_file
from workbench.importers.preview import preview
from workbench.importers.reading.lines import may_be_split
from workbench.importers.recognise import Recognised
from workbench.store import Case

if TYPE_CHECKING:
    from workbench.store import CorpusCounts, ImportRow, Intake


def import_file(
    case: Case, path: Path, request: ImportRequest, progress: Progress, *, manifest: Source | None = None
) -> ImportReport:
    """Take in one file of answers, or a folder of files as one source.

    `manifest` is the panel manifest that states where the model comes from. Raises BadInputError, CaseError,
    UsageError or Cancelled.
    """
    if not is_folder(path):
        return _import_file(case, path, request, progress, manifest=manifest)
    with packed(case, path, part(progress, 0, 0.4)) as archive:
        return _import_file(case, archive, request, part(progress, 0.4, 1), manifest=manifest, name=folder_name(path))


def _import_file(
    case: Case, path: Path, request: ImportRequest, progress: Progress, *, manifest: Source | None, name: str = ""
) -> ImportReport:
    checks(request)
    early = _refuse_early(case, path, request)
    with readers_for(path) as readers:
        return _taken(case, path, request, progress, readers, early, manifest=manifest, name=name)


def _taken(
    case: Case,
    path: Path,
    request: ImportRequest,
    progress: Progress,
    readers: Readers | None,
    early: Recognised | None,
    *,
    manifest: Source | None,
    name: str,
) -> ImportReport:
    source = case.take(path, part(progress, 0, 0.3), name=name or None)
    earlier = case.imports_of(source)
    request, begun = continue_request(case, source, earlier, request)
    if earlier and not may_be_read_again(case, earlier, request):
        return _known(case, source, earlier, request)
    prompts: Source | None = None
    try:
        prompts = case.take(request.prompts, part(progress, 0.3, 0.32)) if request.prompts else None
        opened = open_file(case.original(source.sha256), source.name, request.encoding)
        same = early is not None and (early.opened.head, early.opened.size) == (opened.head, opened.size)
        recognised = recognise(opened, early.known if early and same else None, request.encoding)
        request, again = complete_request(case, recognised, request)
        joined = open_file(case.original(prompts.sha256), prompts.name) if prompts else None
        importer, options = reader_of(recognised, request, joined)
        intake = case.begin_import(source, importer.key, _stored(request, opened, prompts, manifest))
    except (WorkbenchError, Cancelled) as error:
        # Nothing was imported from them, so that their bytes need not be kept either.
        release(case, source, prompts)
        if isinstance(error, WorkbenchError):
            add_waiting_imports(case, source, error)
        raise
    reading: FileReading | ReadingAhead | None = None
    if readers is not None:
        beside = (case.original(prompts.sha256), prompts.name) if prompts else None
        # Each reader holds the prompts: many of them are held once.
        split = may_be_split(importer, opened, options) and not (prompts and prompts.size >= LARGE)
        kept = KeptFile(case.original(source.sha256), source.name, importer, request, beside, split)
        reading = readers.reading(kept, intake.records)
    reading = reading or FileReading(importer, opened, options, intake.records)
    report = _read(
        case,
        intake,
        importer,
        recognised,
        reading,
        request,
        part(progress, 0.32, 1),
        prompts=prompts,
        manifest=manifest,
    )
    return replace(
        report, notices=(*filter(None, [begun, again]), *report.notices, *words_of_open_imports(case, source))
    )


def _refuse_early(case: Case, path: Path, request: ImportRequest) -> Recognised | None:
    """Refuse a large file of no known format by its first bytes, before all of it is copied; else who knows it."""
    try:
        size = path.stat().st_size
    except OSError:
        return None  # taking it in says in words what is wrong
    if size <= LARGE or any(size == source.size for source in case.sources()):
        return None
    recognised = recognise(open_file(path, path.name, request.encoding), encoding=request.encoding)
    request, _ = mapped_again(case, recognised, request)
    choose(recognised, replace(options_of(request), prompts=None), request.format)
    return recognised


def _stored(request: ImportRequest, opened: Opened, prompts: Source | None, manifest: Source | None) -> dict[str, Any]:
    """How a file was read, as its import keeps it; every file that had a part in it is named."""
    named = {"manifest": _named_file(manifest)} if manifest else {}
    return {
        "mapping": {field: masked_name(path) for field, path in request.mapping.items()},
        "model": request.model,
        "encoding": stated(opened, request.encoding),
        "prompts": _named_file(prompts) if prompts else None,
    } | named


def _named_file(source: Source) -> dict[str, Any]:
    return {"sha256": source.sha256, "name": source.name, "size": source.size}


def release(case: Case, *sources: Source | None) -> None:
    """Let go of received files that nothing names."""
    for source in sources:
        if source is not None:
            case.release(source)


def _read(
    case: Case,
    intake: Intake,
    importer: Importer,
    recognised: Recognised,
    reading: FileReading | ReadingAhead,
    request: ImportRequest,
    progress: Progress,
    *,
    prompts: Source | None,
    manifest: Source | None,
) -> ImportReport:
    done, source = intake.records, intake.source
    held = {corpus.name: corpus.role for corpus in case.corpora()}
    reached = 0.0

    def tell(fraction: float, note: str = "") -> None:
        nonlocal reached
        reached = fraction
        progress(fraction, note)

    try:
        with closing(reading.batches(part(tell, 0, 0.93))) as batches:
            intake.put(batches)
        _refuse_empty(intake, importer, recognised)
        unnamed = intake.names_no_model()
        request, of_pairing = paired(case, intake, request)
        counts = intake.finish(
            default_model=request.model or Path(source.name).stem,
            role=request.role,
            facts=request.facts,
            documented=manifest is not None,
            note=request.note,
            progress=_ordering(part(tell, 0.93, 1)),
        )
    except (Cancelled, BadInputError, UsageError, RefusedError) as error:
        # A full disk is another matter: what is stored waits, and the same import goes on from there.
        stopped = isinstance(error, Cancelled)
        reason = "stopped by the examiner" if stopped else "the file could not be taken in"
        intake.discard(without_stop(part(progress, reached, 1)), reason)
        if stopped and done:
            raise Cancelled(_not_kept(done)) from error
        raise
    waiting = [row for row in counts if row.unjoined]
    joined = join_waiting(case, prompts, [row.corpus.name for row in waiting]) if prompts else ()
    return ImportReport(
        source=source.sha256,
        name=source.name,
        importer=importer.key,
        corpora=tuple(_imported(row) for row in counts),
        rejections=tuple((r.place, r.reason) for r in case.rejections(intake.id, 100)),
        resumed=done > 0,
        unnamed=unnamed,
        unknown=tuple(filter(None, (unknown_of(row.corpus) for row in counts))),
        notices=(
            *reading.notices(),
            *filter(None, [importer.note, words_of_strays(intake.strays)]),
            *(joined or map(_unjoined, waiting)),
            *of_pairing,
            # Of a panel it is said once, at its end.
            *(words_of_pairing(case, [row.corpus.name for row in counts]) if not request.id_set else ()),
            *(_other_role(row.corpus, held[row.corpus.name]) for row in counts if _moved(row.corpus, held)),
        ),
    )


def _not_kept(done: int) -> str:
    """What is lost where an import is stopped that went on from where an earlier one had come to."""
    earlier = counted(done, "record", "records")
    return (
        f"neither what was under way is kept nor the {earlier} that an interrupted import had left; import the file "
        "again to begin from its start."
    )


def _ordering(progress: Progress) -> Progress:
    """Say of the last stage what it is, and that it has begun: its first step takes long where much was read."""

    def tell(fraction: float, note: str = "") -> None:
        progress(fraction, f"ordering {note}".rstrip())

    tell(0.0, "what was read")
    return tell


def _moved(corpus: Corpus, held: Mapping[str, Role]) -> bool:
    return held.get(corpus.name, corpus.role) is not corpus.role


def _other_role(corpus: Corpus, before: Role) -> str:
    return (
        f"{corpus.name} was in the case before, in the role {before}; it has the role {corpus.role} now, as this "
        f"import says. `set CASE {corpus.name} --role {before} --reason T` takes that back."
    )


def _unjoined(row: CorpusCounts) -> str:
    name = row.corpus.name
    few = "1 answer has" if row.unjoined == 1 else f"{row.unjoined} answers have"
    return f"{name}: {few} no prompt yet; `workbench prompts CASE FILE --for {name}` joins them."


def _refuse_empty(intake: Intake, importer: Importer, recognised: Recognised) -> None:
    """Refuse an import without an answer: it would make an empty corpus, and the file known as imported.

    Of a file that was read in a known format it is said how a mapping reads it.
    """
    accepted, refused = intake.outcome()
    if accepted:
        return
    name = one_line(intake.source.name, 100)
    if not refused:
        raise BadInputError(f"{name} holds no records.", hint="`workbench preview FILE` shows what it holds.")
    hint = "`workbench preview FILE` shows what it holds; --format and --map say how to read it."
    mapped = "" if importer.asked_only else preview(recognised).map_line
    raise BadInputError(
        f"Not one record of {name} could be taken in; {refused[0].place}: {refused[0].reason}.",
        hint=f"{hint} As records of no known format: {mapped}" if mapped else hint,
    )


def _imported(row: CorpusCounts) -> CorpusImport:
    corpus = row.corpus
    return CorpusImport(corpus.name, str(corpus.role), row.records, row.accepted, row.rejected, row.duplicate)


def _known(case: Case, source: Source, earlier: list[ImportRow], request: ImportRequest) -> ImportReport:
    """Say that a file was imported before, and change nothing but facts and roles newly given."""
    names = [counts.corpus for row in earlier for counts in row.corpora]
    if request.model is not None and request.model not in names:
        raise RefusedError(
            f"{source.name} was imported before, as {', '.join(names)}.",
            hint="One file's answers are counted once. To mend what is known of a corpus, use `set`; to have it under "
            "another name, set it aside with a reason and import the file again. Answers in another column come in "
            "with --map response=COLUMN.",
        )
    chosen = [request.model] if request.model else names
    for name in chosen if request.role not in (None, Role.ASIDE) else ():
        refuse_to_count_twice(case, name)
    changes = tuple(filter(None, (_changed_by(case, c, request) for c in case.corpora() if c.name in chosen)))
    roles = {corpus.name: str(corpus.role) for corpus in case.corpora()}
    return ImportReport(
        source=source.sha256,
        name=source.name,
        importer=earlier[0].importer,
        corpora=tuple(
            CorpusImport(c.corpus, roles[c.corpus], c.records, c.accepted, c.rejected, c.duplicate)
            for row in earlier
            for c in row.corpora
            if c.corpus in chosen
        ),
        rejections=(),
        known=True,
        notices=(*changes, *_joined_now(case, request, chosen), *_passed_over(source, earlier[0], request)),
    )


def _changed_by(case: Case, corpus: Corpus, request: ImportRequest) -> str:
    """Change what the request says otherwise than the case has it; the change in words, or nothing."""
    facts = {
        field.name: value
        for field in fields(Facts)
        if (value := getattr(request.facts, field.name)) and value != getattr(corpus.facts, field.name)
    }
    role = request.role if request.role is not corpus.role else None
    if not facts and role is None:
        return ""
    case.set_corpus(corpus.name, role=role, facts=facts, note=request.note or None, reason="given on importing again")
    changes = [f"role {corpus.role} → {role}"] if role else []
    changes += [
        f"{name} {getattr(corpus.facts, name) or 'unknown'} → {value}" if isinstance(value, str) else name
        for name, value in facts.items()
    ]
    return f"{corpus.name}: {', '.join(changes)}."


def _joined_now(case: Case, request: ImportRequest, names: list[str]) -> tuple[str, ...]:
    """Join prompts that are given only now to the answers of a file that was imported before."""
    if request.prompts is None:
        return ()
    reports = [join_prompts(case, request.prompts, name, silent) for name in dict.fromkeys(names)]
    return tuple(words for report in reports for words in report.words())


def _passed_over(source: Source, earlier: ImportRow, request: ImportRequest) -> tuple[str, ...]:
    """What was asked for and has no effect on a file that was imported before."""
    asked = {
        "--format": request.format is not None and request.format != earlier.importer,
        "--map": bool(request.mapping) and dict(request.mapping) != earlier.options["mapping"],
    }
    passed = [word for word, given in asked.items() if given]
    said = [f"{source.name} was read before, as {earlier.importer}: {' and '.join(passed)} changed nothing."]
    if request.pair_by and not request.id_set:
        words = "How its answers are paired was settled then; `set CASE CORPUS --pair-by HOW --reason T` changes it."
        return (*(said if passed else ()), words)
    return tuple(said if passed else ())

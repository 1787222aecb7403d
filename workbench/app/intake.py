"""Taking files in: kept and hashed first, then recognised, read and stored, whole or not at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.app.requests import CorpusImport, ImportReport, ImportRequest
from workbench.core.errors import BadInputError, Cancelled, RefusedError, UsageError, WorkbenchError
from workbench.core.model import Facts, Response, Role, Source
from workbench.core.panel import resolve_name
from workbench.core.progress import Progress, part
from workbench.core.text import one_line
from workbench.importers import Options, Record, choose, open_file
from workbench.importers.mapped import checked_mapping
from workbench.store import Case

if TYPE_CHECKING:
    from workbench.importers.panel_manifest import Manifest
    from workbench.store import CorpusCounts, ImportRow, Intake


def is_panel(path: Path) -> bool:
    """Whether a file is a panel manifest, by its content."""
    from workbench.importers.panel_manifest import looks_like_manifest

    try:
        with path.open("rb") as stream:
            return looks_like_manifest(stream.read(1 << 16))
    except OSError:
        return False  # whatever is wrong with it, taking it in says so in words


def import_file(
    case: Case, path: Path, request: ImportRequest, progress: Progress, *, documented: bool = False
) -> ImportReport:
    """Take in one file of answers. Raises BadInputError, CaseError, UsageError or Cancelled.

    `documented` says that a panel manifest states where the model comes from.
    """
    if request.mapping:
        checked_mapping(request.mapping)
    source = case.take(path, part(progress, 0, 0.3))
    earlier = case.imports_of(source)
    if earlier:
        return _known(case, source, earlier, request)
    prompts = case.take(request.prompts, part(progress, 0.3, 0.32)) if request.prompts else None
    options = Options(
        mapping=request.mapping,
        prompts=case.original(prompts.sha256) if prompts else None,
        model=request.model,
    )
    stored = {
        "mapping": dict(request.mapping),
        "model": request.model,
        "prompts": {"sha256": prompts.sha256, "name": prompts.name, "size": prompts.size} if prompts else None,
    }
    try:
        opened = open_file(case.original(source.sha256), source.name)
        importer = choose(opened, options, request.format)
        intake = case.begin_import(source, importer.key, stored)
    except WorkbenchError:
        # Nothing was imported from it, so that its bytes need not be kept either.
        case.release(source)
        raise
    records = importer.read(opened, options, part(progress, 0.32, 1))
    return _read(case, intake, importer.key, records, request, documented=documented)


def _read(
    case: Case, intake: Intake, importer: str, records: Iterator[Record], request: ImportRequest, *, documented: bool
) -> ImportReport:
    done, source = intake.records, intake.source
    named: Counter[str] = Counter()
    try:
        intake.add(islice(_one_model(records, request.model, named), done, None))
        counts = intake.finish(
            default_model=request.model or Path(source.name).stem,
            role=request.role,
            facts=request.facts,
            documented=documented,
            note=request.note,
        )
    except (Cancelled, BadInputError, UsageError):
        # A full disk is another matter: what is stored waits, and the same import goes on from there.
        intake.discard()
        raise
    return ImportReport(
        source=source.sha256,
        name=source.name,
        importer=importer,
        corpora=tuple(_imported(row) for row in counts),
        rejections=tuple((r.place, r.reason) for r in case.rejections(intake.id, 100)),
        resumed=done > 0,
        notices=_notices(request.model, named),
    )


def _imported(row: CorpusCounts) -> CorpusImport:
    corpus = row.corpus
    return CorpusImport(corpus.name, str(corpus.role), row.records, row.accepted, row.rejected, row.duplicate)


def _plain(facts: Facts) -> dict[str, Any]:
    return {k: v for k, v in asdict(facts).items() if v not in (None, (), False)}


def _one_model(records: Iterator[Record], model: str | None, named: Counter[str]) -> Iterator[Record]:
    """The records, all under the model that the user named; what they name themselves is counted."""
    if model is None:
        yield from records
        return
    for record in records:
        if isinstance(record, Response) and record.model != model:
            if record.model is not None:
                named[record.model] += 1
            yield record._replace(model=model)
        else:
            yield record


def _notices(model: str | None, named: Counter[str]) -> tuple[str, ...]:
    if not named:
        return ()
    words = ", ".join(f"{one_line(name, 60)} ({n})" for name, n in named.most_common(5))
    return (f"Imported as {model}; the records name {words}.",)


def _known(case: Case, source: Source, earlier: list[ImportRow], request: ImportRequest) -> ImportReport:
    """Say that a file was imported before, and change nothing but facts and roles newly given."""
    names = [counts.corpus for row in earlier for counts in row.corpora]
    if request.model is not None and request.model not in names:
        raise RefusedError(
            f"{source.name} was imported before, as {', '.join(names)}.",
            hint="One file's answers are counted once. To mend what is known of a corpus, use `set`.",
        )
    given = _plain(request.facts)
    chosen = [request.model] if request.model else names
    why, note = "given on importing again", request.note or None
    for name in chosen if given or request.role else ():
        case.set_corpus(name, role=request.role, facts=given, note=note, reason=why)
    rows = [c for c in case.catalogue() if c.corpus.name in chosen]
    return ImportReport(
        source=source.sha256,
        name=source.name,
        importer=earlier[0].importer,
        corpora=tuple(_imported(row) for row in rows),
        rejections=(),
        known=True,
    )


def import_panel(
    case: Case, path: Path, suspect: str | None, protected: str | None, progress: Progress
) -> list[ImportReport]:
    """Take in every corpus of a panel manifest; the roles follow from the two names."""
    from workbench.importers.panel_manifest import read_manifest

    manifest = read_manifest(path)
    roles = _panel_roles(manifest, suspect, protected)
    missing = [entry.path.name for entry in manifest.entries if not entry.path.is_file()]
    if missing:
        raise BadInputError(f"{path.name} names files that are not there: {', '.join(missing[:5])}.")
    case.take(path, part(progress, 0, 0.01))
    reports: list[ImportReport] = []
    for at, entry in enumerate(manifest.entries):
        note = part(progress, at / len(manifest.entries), (at + 1) / len(manifest.entries))
        request = ImportRequest(
            role=roles[entry.name],
            model=entry.name,
            facts=entry.facts,
            format=None if manifest.format == "mapped" else manifest.format,
            prompts=manifest.prompts,
            mapping=manifest.mapping,
        )
        reports.append(import_file(case, entry.path, request, _named(note, entry.name), documented=True))
    return reports


def _named(progress: Progress, name: str) -> Progress:
    return lambda fraction, note="": progress(fraction, f"{name}: {note}" if note else name)


def _panel_roles(manifest: Manifest, suspect: str | None, protected: str | None) -> dict[str, Role]:
    names = [entry.name for entry in manifest.entries]
    roles = dict.fromkeys(names, Role.CONTROL)
    families = list(dict.fromkeys(e.facts.family for e in manifest.entries if e.facts.family))
    if protected is not None:
        kind, name = resolve_name(protected, names, families)
        for entry in manifest.entries:
            if (entry.facts.family if kind == "family" else entry.name) == name:
                roles[entry.name] = Role.PROTECTED
    if suspect is not None:
        roles[resolve_name(f"corpus:{suspect.removeprefix('corpus:')}", names, [])[1]] = Role.SUSPECT
    return roles


def join_prompts(case: Case, path: Path, corpus: str, progress: Progress) -> int:
    """Join prompts that came later to the answers of a corpus; returns how many found theirs."""
    from workbench.importers.prompts import prompt_texts

    source = case.take(path, part(progress, 0, 0.5))
    texts = prompt_texts(case.original(source.sha256))
    return case.add_prompts(source, corpus, texts.items())

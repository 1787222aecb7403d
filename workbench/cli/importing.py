"""The verbs that take files in, or look into them first."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.cli import facts_options
from workbench.cli.opening import opened
from workbench.cli.output import Meter, Result, table
from workbench.core.errors import UsageError, WorkbenchError
from workbench.core.model import Role
from workbench.core.surroundings import Conditions
from workbench.core.text import counted

if TYPE_CHECKING:
    from workbench.app.requests import ImportReport, ImportRequest


def import_(options: Namespace, conditions: Conditions | None, meter: Meter) -> Result:
    """Take in answer files or a panel manifest, or drop an interrupted import."""
    with opened(options, conditions, writing=True) as session:
        if options.discard is not None:
            session.discard_import(options.discard, meter)
            return Result({"discarded": options.discard}, [f"Import {options.discard} is dropped."])
        if not options.files:
            raise UsageError("No file is named.", hint="workbench import CASE FILE...")
        reports: list[ImportReport] = []
        alone: list[ImportReport] = []
        request = _import_request(options)
        for number, path in enumerate(options.files):
            with _words_of_stop(options.files[:number]):
                panel = session.is_panel(path)
                _only_what_is_heard(options, path, panel=panel)
                if panel:
                    reports += session.import_panel(path, options.suspect, options.protected, meter)
                else:
                    alone.append(session.import_file(path, request, meter))
                    reports.append(alone[-1])
    return _imported(reports, [] if options.model else _named_after_files(alone))


_MOST_TOLD = 5
_OF_A_FILE = ("role", "model", *facts_options.OPTIONS, "format", "prompts", "map", "where", "encoding", "pair_by")
_OF_A_PANEL = ("suspect", "protected")


def _only_what_is_heard(options: Namespace, path: Path, *, panel: bool) -> None:
    """Refuse an option that this kind of file would pass over in silence."""
    given = [name for name in (_OF_A_FILE if panel else _OF_A_PANEL) if getattr(options, name)]
    if given and panel:
        raise UsageError(
            f"{path.name} is a panel manifest and says itself what --{given[0]} would say.",
            hint="Name the roles with --suspect and --protected; mend the rest with `set` afterwards.",
        )
    if given:
        raise UsageError(
            f"--{given[0]} goes with a panel manifest, and {path.name} is none.",
            hint=f"Use --role {given[0]} for a single file.",
        )
    if options.role == Role.ASIDE and not options.reason:
        raise UsageError("Setting a corpus aside needs a reason.", hint="--reason TEXT; it stands in the ledger.")


@contextmanager
def _words_of_stop(done: Sequence[Path]) -> Iterator[None]:
    """Let an error say which of several files were taken in before it."""
    try:
        yield
    except WorkbenchError as error:
        if done:
            error.hint = f"{error.hint} Taken in before it: {', '.join(path.name for path in done)}.".strip()
        raise


def _import_request(options: Namespace) -> ImportRequest:
    from workbench.app.requests import ImportRequest

    return ImportRequest(
        role=Role(options.role) if options.role else None,
        model=options.model,
        facts=facts_options.facts_of(options),
        format=options.format,
        prompts=options.prompts,
        mapping=mapping_of(options.map, options.where),
        note=options.reason,
        encoding=options.encoding,
        pair_by=options.pair_by,
    )


def _named_after_files(reports: Sequence[ImportReport]) -> list[str]:
    """For each corpus that has the name of its file because records name no model, that it has."""
    return [
        f"{name} has the name of its file, for its records name no model. To have it under the model's name, set it "
        f"aside (`set CASE {name} --role aside --reason T`) and import the file again with --model NAME."
        for report in reports
        for name in report.named_after_file()
    ][:_MOST_TOLD]


def mapping_of(given: Sequence[str], where: Sequence[str] = ()) -> dict[str, str]:
    """The mapping that KEY=PATH words give, with the conditions of --where; raises UsageError."""
    mapping: dict[str, str] = {}
    for words in given:
        key, equals, path = words.partition("=")
        if not equals or not path:
            raise UsageError(f"--map {words!r} is not KEY=PATH.", hint="Such as --map response=output.text")
        mapping[key] = path
    if where and not mapping:
        raise UsageError(
            "--where goes with a mapping.", hint="Give --map response=PATH too; `workbench preview FILE` suggests one."
        )
    return mapping | ({"where": "\n".join(where)} if where else {})


def _imported(reports: Sequence[ImportReport], more: Sequence[str]) -> Result:
    corpora = [asdict(corpus) for report in reports for corpus in report.corpora]
    rejections = [{"place": place, "reason": reason} for r in reports for place, reason in r.rejections][:100]
    notices = list(dict.fromkeys([notice for report in reports for notice in report.notices] + [*more]))
    unknown = [words for report in reports for words in report.unknown]
    document = {
        "source": reports[0].source,
        "importer": reports[0].importer,
        "corpora": corpora,
        "rejections": rejections,
        "duplicates": [one.as_json() for r in reports for one in r.duplicates][:100],
        "reasons": [{"reason": why, "records": n, "first": at} for r in reports for why, n, at in r.reasons],
        "sources": [
            {"name": r.name, "sha256": r.source, "importer": r.importer, "known": r.known, "resumed": r.resumed}
            for r in reports
        ],
        "notices": notices,
        "unknown": unknown,
    }
    lines = table(
        ["corpus", "role", "records", "accepted", "rejected", "duplicate"],
        [(c["name"], c["role"], c["records"], c["accepted"], c["rejected"], c["duplicate"]) for c in corpora],
    )
    known = "imported before; nothing but facts and roles newly given was changed."
    lines += [f"{r.name}: {known}" for r in reports if r.known]
    lines += [f"{r.name}: an interrupted import was taken up again." for r in reports if r.resumed]
    lines += notices
    lines += unknown[:_MOST_TOLD]
    if len(unknown) > _MOST_TOLD:
        lines.append(
            f"Of {len(unknown) - _MOST_TOLD} more corpora something is unknown: `corpora CASE --json` says what."
        )
    lines += [f"rejected: {place}: {reason}" for r in reports for place, reason in r.listed()][:100]
    lines += _duplicates(reports)
    return Result(document, lines)


def _duplicates(reports: Sequence[ImportReport]) -> list[str]:
    """The first duplicates in words, and where the others are listed."""
    found = [f"duplicate: {one.place}: {one.words()}" for r in reports for one in r.duplicates][:_MOST_TOLD]
    more = sum(c.duplicate for r in reports if not r.known for c in r.corpora) - len(found)
    return (
        [*found, f"{counted(more, 'more duplicate', 'more duplicates')}: `duplicates CASE` lists all."]
        if more
        else found
    )

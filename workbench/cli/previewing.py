"""The verb that looks into a file: what it is, how it would be read, and what an import would count."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.cli.importing import mapping_of
from workbench.cli.next_steps import first_table, next_steps
from workbench.cli.output import Meter, Result, table
from workbench.core.surroundings import Conditions

if TYPE_CHECKING:
    from workbench.app.importing.dry_run import DryRun, Preview
    from workbench.app.requests import ImportRequest

_SHOWN = 5
_WAYS = ("map", "where", "format", "prompts", "model", "dry_run")


def add_options(parser: ArgumentParser) -> None:
    """The options of the verb; all but the encoding ask for a dry run."""
    parser.add_argument("file", metavar="FILE", type=Path, help="a file, or a folder of files")
    parser.add_argument(
        "--map",
        metavar="KEY=PATH",
        action="append",
        default=[],
        help="read with this mapping and count as an import would; repeatable",
    )
    parser.add_argument(
        "--where",
        metavar="FIELD=VALUE",
        action="append",
        default=[],
        help="with --map: leave out records in which the field says something else; repeatable",
    )
    parser.add_argument("--format", metavar="KEY", help="read as this format")
    parser.add_argument("--prompts", metavar="FILE", type=Path, help="the question file, joined by id")
    parser.add_argument("--encoding", metavar="NAME", default="", help="the text's encoding, where the guess is wrong")
    parser.add_argument("--model", metavar="NAME", help="the model's name, where the records do not name it")
    parser.add_argument("--dry-run", action="store_true", help="read all of it as it is, and count")


def preview(options: Namespace, conditions: Conditions | None, meter: Meter) -> Result:
    """Show what a file is; with a mapping or --dry-run also what an import would make of it."""
    from workbench.app.session import preview_file

    trial = any(getattr(options, name) for name in _WAYS)
    seen = preview_file(options.file, options.encoding)
    document = _described(seen)
    lines = _words(seen)
    if not trial:
        told, more = next_steps(seen, options)
        document |= more
        lines += told
    else:
        from workbench.app.importing.dry_run import dry_run, first_records

        request = _request(options)
        first = first_records(options.file, request, _SHOWN)
        counted = dry_run(options.file, request, meter)
        document |= {"first": [asdict(record) for record in first], "dry_run": _as_json(counted)}
        lines += ["", "As it would be read:", *first_table(first), "", *_counts(counted)]
    return Result(document, lines)


def _request(options: Namespace) -> ImportRequest:
    from workbench.app.requests import ImportRequest

    return ImportRequest(
        model=options.model,
        format=options.format,
        prompts=options.prompts,
        mapping=mapping_of(options.map, options.where),
        encoding=options.encoding,
    )


def _described(seen: Preview) -> dict[str, Any]:
    return {
        "kind": seen.words,
        "importer": seen.importer,
        "why": seen.why,
        "records": list(seen.records),
        "fields": [{"path": f.path, "kind": f.kind, "example": f.example} for f in seen.fields],
        "map": seen.map_line,
        "guesses": dict(seen.guesses),
        "unsure": dict(seen.doubts),
        "notes": list(seen.notes),
    }


def _words(seen: Preview) -> list[str]:
    shown = [(f.path, f.kind, f.example) for f in seen.fields]
    return [seen.words, *seen.notes, *(table(["field", "kind", "example"], shown) if shown else [])]


def _as_json(counted: DryRun) -> dict[str, Any]:
    return {
        "importer": counted.importer,
        "corpora": [
            {key: value for key, value in asdict(corpus).items() if key != "role"} for corpus in counted.corpora
        ],
        "rejections": [{"place": place, "reason": reason} for place, reason in counted.rejections],
        "reasons": [{"reason": why, "records": n, "first": at} for why, n, at in counted.reasons],
        "notices": list(counted.notices),
    }


def _counts(counted: DryRun) -> list[str]:
    rows = [(c.name, c.records, c.accepted, c.rejected, c.duplicate) for c in counted.corpora]
    lines = [f"Dry run (nothing was kept), read by {counted.importer}:"]
    lines += table(["corpus", "records", "accepted", "rejected", "duplicate"], rows)
    lines += counted.notices
    lines += [f"would be rejected: {place}: {reason}" for place, reason in counted.listed()]
    return lines

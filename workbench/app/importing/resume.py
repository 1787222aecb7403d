"""Imports that were interrupted and wait, where the same bytes are handed in again."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import replace

from workbench.app.importing.reading_again import may_be_read_again
from workbench.app.requests import ImportRequest
from workbench.core.errors import WorkbenchError
from workbench.core.model import Source
from workbench.core.text import counted, one_line
from workbench.store import Case, ImportRow, OpenImport


def as_begun(case: Case, begun: OpenImport, request: ImportRequest) -> ImportRequest:
    """The request, to be read as an import was begun; role, facts and note stay its own."""
    options = begun.options
    encoding = options.get("encoding", {})
    return replace(
        request,
        model=options["model"],
        format=begun.importer,
        prompts=case.original(options["prompts"]["sha256"]) if options["prompts"] else None,
        mapping=options["mapping"],
        encoding=encoding["name"] if encoding.get("how") == "given" else "",
    )


def continue_request(
    case: Case, source: Source, earlier: Sequence[ImportRow], request: ImportRequest
) -> tuple[ImportRequest, str]:
    """A request that says nothing of how to read, as the newest import of these bytes that waits; and words for it.

    `earlier` are the finished imports of the file: none of its answers may count twice.
    """
    if request.format or request.mapping or request.model is not None or request.encoding or request.prompts:
        return request, ""
    for begun in reversed(_waiting(case, source)):
        again = as_begun(case, begun, request)
        if "manifest" not in begun.options and (not earlier or may_be_read_again(case, earlier, again)):
            return again, _words(begun)
    return request, ""


def add_waiting_imports(case: Case, source: Source, error: WorkbenchError) -> None:
    """Let the error of an import name the imports of the same bytes that wait, and what goes on with each."""
    said = [f"{_interrupted(begun)} and waits: {_going_on(begun)}." for begun in _waiting(case, source)]
    error.hint = " ".join(filter(None, [*said, error.hint]))


def words_of_open_imports(case: Case, source: Source) -> tuple[str, ...]:
    """What is said of interrupted imports under the same name, which an import that is done did not go on with."""
    return tuple(_left(case, source, begun) for begun in case.open_imports() if begun.source.name == source.name)


def _left(case: Case, source: Source, begun: OpenImport) -> str:
    same = begun.source.sha256 == source.sha256
    why = "it was to be read otherwise" if same else "its bytes have changed since"
    begins = f"{_interrupted(begun)} and waits still; this was another one: {why}."
    drops = f"`import CASE --discard {begun.id}` drops what waits."
    if same and may_be_read_again(case, case.imports_of(source), as_begun(case, begun, ImportRequest())):
        return f"{begins} {_going_on(begun)}. {drops}"
    return f"{begins} {drops}"


def _waiting(case: Case, source: Source) -> list[OpenImport]:
    return [begun for begun in case.open_imports() if begun.source.sha256 == source.sha256 and not begun.under_way]


def _interrupted(begun: OpenImport) -> str:
    name = one_line(begun.source.name, 100)
    return f"Import {begun.id} of {name} was interrupted after {counted(begun.records, 'record', 'records')}"


def _going_on(begun: OpenImport) -> str:
    """The command that goes on with an import, whatever else waits."""
    if "manifest" in begun.options:
        return "the import of its panel manifest goes on with it"
    return f"`import CASE FILE {shlex.join(_options(begun))}` goes on with it"


def _options(begun: OpenImport) -> Iterator[str]:
    yield from ("--format", begun.importer)
    for key, path in begun.options["mapping"].items():
        yield from ("--map", f"{key}={path}")
    encoding = begun.options.get("encoding", {})
    stated = (
        ("--model", begun.options["model"]),
        ("--encoding", encoding["name"] if encoding.get("how") == "given" else ""),
        ("--prompts", begun.options["prompts"]["name"] if begun.options["prompts"] else ""),
    )
    for option, value in stated:
        if value:
            yield from (option, value)


def _words(begun: OpenImport) -> str:
    """How an import is read that is taken up; nothing where its format says all."""
    options, encoding = begun.options, begun.options.get("encoding", {})
    mapping = ", ".join(f"{key}={path}" for key, path in options["mapping"].items())
    said = [
        f"with the mapping {mapping}" if mapping else "",
        f"as answers of {one_line(options['model'], 80)}" if options["model"] else "",
        f"in {encoding['name']}" if encoding.get("how") == "given" else "",
        f"with the prompts of “{one_line(options['prompts']['name'], 80)}”" if options["prompts"] else "",
    ]
    how = ", ".join(filter(None, said))
    return f"Read as import {begun.id} was begun: {how}. Role and facts are those given now." if how else ""

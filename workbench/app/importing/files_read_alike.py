"""A look at files that are to be imported: what each is, and which of them are read in the same way."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.core.errors import BadInputError, Cancelled, RefusedError, UsageError, WorkbenchError
from workbench.core.progress import Progress, part
from workbench.core.text import counted, one_line

if TYPE_CHECKING:
    from workbench.app.catalogue import ImporterInfo
    from workbench.app.requests import ImportReport, ImportRequest
    from workbench.app.session import Session
    from workbench.importers.preview import Preview

_NAMED = 3
"""Interrupted imports that are named."""


@dataclass(frozen=True, slots=True)
class FieldSeen:
    """A path into the records, with the kind and an example of what stands there."""

    path: str
    kind: str
    example: str


@dataclass(frozen=True, slots=True)
class FileGroup:
    """Files that are read in the same way: all that importers know, or those of one unknown kind.

    `guesses` map our names to paths; `saved` says, in words, that they come from an earlier import, and `doubts` why
    a guess is not sure. `notes` are what else to know of such a file; `training` says that they have
    the form of sets to train models with.
    """

    paths: tuple[Path, ...]
    kind: str
    known: bool
    fields: tuple[FieldSeen, ...] = ()
    guesses: dict[str, str] = field(default_factory=dict)
    saved: str = ""
    doubts: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    training: bool = False


@dataclass(frozen=True, slots=True)
class Waiting:
    """What an import that was interrupted left: the name of its file, and how many records of it are stored."""

    name: str
    records: int


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look at chosen files found; `prompts` is a file of prompts among them, `problems` can't be read.

    `waiting` has for each of them the interrupted imports that it may go on with.
    """

    panels: list[Path]
    groups: list[FileGroup]
    formats: list[ImporterInfo]
    prompts: Path | None = None
    problems: tuple[str, ...] = ()
    waiting: Mapping[Path, tuple[Waiting, ...]] = field(default_factory=dict)

    def words_of_continuation(self, paths: Sequence[Path]) -> str:
        """What an import of these goes on with, in words."""
        return " ".join(
            f"An import of {one.name} was interrupted after {counted(one.records, 'record', 'records')}: read as it "
            "was then, it goes on there."
            for one in self._left(paths)
        )

    def words_of_losses(self, paths: Sequence[Path]) -> str:
        """What is lost of earlier imports where the import of these is stopped, in words."""
        return " ".join(
            f"If it goes on with the interrupted import of {one.name}, what that one left is dropped too "
            f"({counted(one.records, 'record', 'records')})."
            for one in self._left(paths)
        )

    def _left(self, paths: Sequence[Path]) -> list[Waiting]:
        return [one for path in paths for one in self.waiting.get(path, ())][:_NAMED]


def look(session: Session, paths: Sequence[Path]) -> Looked:
    """Look at files and folders; raises what is wrong where nothing of them can be imported."""
    from workbench.app.catalogue import importers
    from workbench.app.session import preview_file

    panels = [path for path in paths if session.is_panel(path)]
    seen: list[tuple[Path, Preview]] = []
    asked: list[Path] = []
    wrong: list[WorkbenchError] = []
    for path in (path for path in paths if path not in panels):
        try:
            found = preview_file(path)
        except WorkbenchError as error:
            wrong.append(error)
            continue
        if found.only_prompts:
            asked.append(path)
        else:
            seen.append((path, found))
    if not seen and not panels:
        raise wrong[0] if wrong else _prompts_alone(asked)
    groups = _grouped(session, seen)
    problems = tuple(f"{error.message} {error.hint}".strip() for error in wrong)
    return Looked(panels, groups, importers(), asked[0] if asked else None, problems, _waiting(session, paths))


def _waiting(session: Session, paths: Sequence[Path]) -> dict[Path, tuple[Waiting, ...]]:
    """The interrupted imports of files that have the name of one of these, or that came with it as a panel."""
    from workbench.app.importing.packed_folders import folder_name, is_folder

    left = [one for one in session.open_imports() if one.records and not one.under_way]
    names = {path: folder_name(path) if is_folder(path) else path.name for path in paths}
    return {
        path: tuple(
            Waiting(one_line(one.source.name, 80), one.records)
            for one in left
            if name in (one.source.name, one.options.get("manifest", {}).get("name"))
        )
        for path, name in names.items()
    }


def _prompts_alone(paths: Sequence[Path]) -> BadInputError:
    name = paths[0].name if paths else "This"
    return BadInputError(
        f"{name} holds prompts, no answers.",
        hint="Give it as “Prompts” beside the file of answers, drop both together, or use Join prompts afterwards.",
    )


def _grouped(session: Session, seen: Sequence[tuple[Path, Preview]]) -> list[FileGroup]:
    groups: dict[tuple[object, ...], list[tuple[Path, Preview]]] = {}
    for path, found in seen:
        top = frozenset(f.parts[0] for f in found.fields if f.parts)
        known = _is_known(found)
        key: tuple[object, ...] = ("known", found.training) if known else (found.words, found.mapped_by, top)
        groups.setdefault(key, []).append((path, found))
    return [_group(session, members) for members in groups.values()]


def _is_known(found: Preview) -> bool:
    """Whether a file needs no mapping; where none would help, the import itself says what is wrong with it."""
    return found.importer is not None or bool(found.looks_like and not found.map_line)


def _group(session: Session, members: Sequence[tuple[Path, Preview]]) -> FileGroup:

    first = members[0][1]
    paths = tuple(path for path, _ in members)
    fields = tuple(FieldSeen(f.path, f.kind, f.example) for f in first.fields)
    if _is_known(first):
        named = [(found.words, found.importer or found.looks_like) for _, found in members]
        kinds = list(dict.fromkeys(f"{words}, read by {importer}" for words, importer in named))
        notes = tuple(dict.fromkeys(note for _, found in members for note in found.notes))
        return FileGroup(
            paths, "; ".join(kinds[:4]), True, fields, dict(first.guesses), notes=notes, training=first.training
        )
    saved = session.saved_mapping(first)
    guesses = dict(first.guesses) if saved is None else dict(saved.mapping)
    words = "" if saved is None else f"Filled in as it was for {saved.source}."
    doubts = dict(first.doubts) if saved is None else {}
    return FileGroup(paths, first.words, False, fields, guesses, words, doubts, first.notes)


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of an import: the reports, and the files that were not taken in, each with why.

    `named` says whether somebody gave the model's name.
    """

    reports: list[ImportReport]
    refused: tuple[tuple[str, str], ...] = ()
    named: bool = False


def importing(paths: Sequence[Path], request: ImportRequest) -> Callable[[Session, Progress], Imported]:
    """The work that takes files in, one after another; one of several that can't be taken in stops none of the others.

    It raises what is wrong where nothing was taken in.
    """

    def work(session: Session, progress: Progress) -> Imported:
        share = 1 / len(paths)
        reports: list[ImportReport] = []
        refused: list[tuple[str, str]] = []
        for at, path in enumerate(paths):
            try:
                reports.append(session.import_file(path, request, part(progress, at * share, (at + 1) * share)))
            except (BadInputError, RefusedError, UsageError) as error:
                if len(paths) == 1 or (at + 1 == len(paths) and not reports):
                    raise
                refused.append((path.name, f"{error.message} {error.hint}".strip()))
            except Cancelled as stopped:
                raise Cancelled(_words_of_stop(reports, len(paths), str(stopped))) from stopped
        return Imported(reports, tuple(refused), request.model is not None)

    return work


def _words_of_stop(reports: Sequence[ImportReport], files: int, said: str) -> str:
    """What a stop says, and which of several files were taken in before it."""
    names = ", ".join(one_line(report.name, 60) for report in reports[:8])
    done = f"{len(reports)} of {files} files were taken in before: {names}." if reports else ""
    return " ".join(filter(None, [said, done]))

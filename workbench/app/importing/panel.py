"""Taking in a panel: many corpora with what is documented of them, as one manifest lists them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from difflib import get_close_matches
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.app.importing.pairing import words_of_pairing
from workbench.app.importing.run import import_file, release
from workbench.app.requests import ImportReport, ImportRequest
from workbench.core.errors import BadInputError, UsageError, WorkbenchError
from workbench.core.hashing import sha256_file
from workbench.core.model import Role
from workbench.core.pairing import BY_ID
from workbench.core.panel import resolve_name
from workbench.core.progress import Progress, part
from workbench.store import Case

if TYPE_CHECKING:
    from workbench.importers.panel_manifest import Manifest


def is_panel(path: Path) -> bool:
    """Whether a file is a panel manifest, by its content."""
    from workbench.importers.panel_manifest import looks_like_manifest

    try:
        # A pipe would be waited for without end.
        if not path.is_file():
            return False
        with path.open("rb") as stream:
            return looks_like_manifest(stream.read(1 << 16))
    except OSError:
        return False  # whatever is wrong with it, taking it in says so in words


def import_panel(
    case: Case, path: Path, suspect: str | None, protected: str | None, progress: Progress
) -> list[ImportReport]:
    """Take in every corpus of a panel manifest; the roles follow from the two names."""
    from workbench.importers.panel_manifest import read_manifest, reading

    manifest = read_manifest(path)
    id_set = manifest.dataset or path.name
    # A panel that says so itself is believed, whatever the texts are.
    pair_by = f"{BY_ID}:{id_set}" if manifest.pair_by == BY_ID else manifest.pair_by
    roles = _panel_roles(manifest, suspect, protected, {c.name: c.role for c in case.corpora()})
    _all_there(path, manifest)
    _no_file_twice(manifest)
    source = case.take(path, part(progress, 0, 0.01))
    reports: list[ImportReport] = []
    try:
        for at, entry in enumerate(manifest.entries):
            note = part(progress, at / len(manifest.entries), (at + 1) / len(manifest.entries))
            request = ImportRequest(
                role=roles.get(entry.name),
                model=entry.name,
                facts=entry.facts,
                format=None if manifest.format == "mapped" else manifest.format,
                prompts=manifest.prompts,
                mapping=reading(manifest),
                pair_by=pair_by,
                id_set=id_set,
            )
            reports.append(import_file(case, entry.path, request, _named(note, entry.name), manifest=source))
    except WorkbenchError as error:
        many = f"{len(reports)} of {len(manifest.entries)} corpora of the panel are in the case"
        error.hint = f"{error.hint} {many}; import it again to go on.".strip()
        raise
    finally:
        release(case, source)  # kept where an import names it
    said = words_of_pairing(case, [entry.name for entry in manifest.entries])
    return [*reports[:-1], replace(reports[-1], notices=(*reports[-1].notices, *said))]


def _all_there(path: Path, manifest: Manifest) -> None:
    try:
        missing = [entry.path.name for entry in manifest.entries if not entry.path.is_file()]
    except OSError as error:
        raise BadInputError(f"{path.name} names files that can't be looked at: {error.strerror}.") from error
    if missing:
        raise BadInputError(f"{path.name} names files that are not there: {', '.join(missing[:5])}.")


def _no_file_twice(manifest: Manifest) -> None:
    """Refuse a panel in which one file stands for two models, before anything of it is taken in."""
    entries = sorted(manifest.entries, key=lambda entry: entry.path.stat().st_size)
    for _, group in groupby(entries, key=lambda entry: entry.path.stat().st_size):
        of_one_size = list(group)
        seen: dict[str, str] = {}
        for entry in of_one_size if len(of_one_size) > 1 else ():
            other = seen.setdefault(_digest(entry.path), entry.name)
            if other != entry.name:
                raise BadInputError(
                    f"The files of {other} and {entry.name} are the same, byte for byte.",
                    hint="One file's answers are counted once: leave one of the two out of the panel.",
                )


def _digest(path: Path) -> str:
    try:
        return sha256_file(path)
    except OSError:
        return str(path)  # taking it in says in words what is wrong


def _named(progress: Progress, name: str) -> Progress:
    return lambda fraction, note="": progress(fraction, f"{name}: {note}" if note else name)


def _panel_roles(
    manifest: Manifest, suspect: str | None, protected: str | None, held: Mapping[str, Role]
) -> dict[str, Role]:
    """The roles that the two names give, and controls of those that had such a role before."""
    names = [entry.name for entry in manifest.entries]
    families = list(dict.fromkeys(e.facts.family for e in manifest.entries if e.facts.family))
    given: dict[Role, list[str]] = {}
    if protected is not None:
        kind, name = resolve_name(protected, names, families)
        given[Role.PROTECTED] = [
            e.name for e in manifest.entries if (e.facts.family if kind == "family" else e.name) == name
        ]
    if suspect is not None:
        given[Role.SUSPECT] = [_of_panel(suspect, names)]
    roles = {name: Role.CONTROL for name in names if held.get(name) in given}
    return roles | {name: role for role, chosen in given.items() for name in chosen}


def _of_panel(given: str, names: list[str]) -> str:
    name = given.removeprefix("corpus:")
    if name not in names:
        near = get_close_matches(name, names, 1)
        raise UsageError(
            f"The panel has no corpus “{name}”.",
            hint=f"Did you mean {near[0]}?" if near else "Its `corpora` name them.",
        )
    return name

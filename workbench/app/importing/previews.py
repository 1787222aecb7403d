"""What a file or a folder is, for whoever wants to import it: nothing is proposed that an import would refuse."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

from workbench.app.importing.dry_run import first_of
from workbench.app.importing.packed_folders import LOOKED_AT, folder_name, is_folder
from workbench.app.requests import ImportRequest
from workbench.core.errors import BadInputError, UsageError
from workbench.core.progress import silent
from workbench.core.text import one_line
from workbench.importers.choose import recognise
from workbench.importers.containers.folder_archive import pack_folder
from workbench.importers.containers.open import open_file
from workbench.importers.preview import Preview, preview
from workbench.importers.recognise import Recognised

_NOTHING_MAPPED = "By the fields that look like prompt and answer none of its first records can be read"


def preview_path(path: Path, encoding: str = "") -> Preview:
    """The preview of a file, or of the first files of a folder; raises BadInputError, UsageError."""
    if not is_folder(path):
        recognised = recognise(open_file(path, path.name, encoding), encoding=encoding)
        return _tried(recognised, preview(recognised), encoding)
    with tempfile.TemporaryDirectory() as name:
        first = Path(name) / folder_name(path)
        with first.open("w+b") as target:
            count = pack_folder(path, target, silent, most=LOOKED_AT)
        recognised = recognise(open_file(first, encoding=encoding), encoding=encoding)
        seen = _tried(recognised, preview(recognised), encoding)
    many = f"the first {count:,} files" if count == LOOKED_AT else f"{count:,} files"
    return replace(seen, words=f"folder, {many} as {seen.words.removeprefix('zip ')}")


def _tried(recognised: Recognised, seen: Preview, encoding: str) -> Preview:
    """The preview without a mapping that an import would refuse, or that takes nothing; and why there is none.

    Where none of the first records can be read in a known format, it says so, and how a mapping reads them.
    """
    if seen.importer is None and not seen.map_line:
        return seen
    known = seen.importer is not None
    why = _why_nothing(recognised, ImportRequest(mapping={} if known else seen.guesses, encoding=encoding))
    if not why:
        return seen
    if not known:
        return replace(seen, map_line="", guesses={}, doubts={}, notes=(*seen.notes, f"{_NOTHING_MAPPED}: {why}"))
    request = ImportRequest(mapping=seen.guesses, encoding=encoding)
    mapped = bool(seen.map_line) and not _why_nothing(recognised, request)
    how = f" A mapping reads them: {seen.map_line}" if mapped else ""
    note = f"As {seen.importer} none of its first records can be read: {why}{how}"
    return replace(seen, map_line=seen.map_line if mapped else "", notes=(*seen.notes, note))


def _why_nothing(recognised: Recognised, request: ImportRequest) -> str:
    """Why none of the first records of a file can be read so, in words; empty where some can."""
    try:
        found = first_of(recognised, request)
    except (BadInputError, UsageError) as error:
        return error.message
    reasons = [record.reason for record in found if record.reason]
    if len(reasons) < len(found):
        return ""
    return f"{one_line(reasons[0], 120)}." if reasons else "there are none."

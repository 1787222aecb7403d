"""What a file or a folder is, for whoever wants to import it: nothing is proposed that an import would refuse."""

from __future__ import annotations

import tempfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from workbench.app.importing.dry_run import reader_of, records_in
from workbench.app.importing.packed_folders import LOOKED_AT, folder_name, is_folder
from workbench.app.requests import ImportRequest
from workbench.core.errors import BadInputError, UsageError
from workbench.core.model import Rejected, Response
from workbench.core.progress import silent
from workbench.core.secrets.find import masked
from workbench.core.text import one_line
from workbench.importers.choose import recognise
from workbench.importers.containers.folder_archive import pack_folder
from workbench.importers.containers.open import open_file
from workbench.importers.preview import Preview, preview
from workbench.importers.recognise import Recognised

_TRIED = 5_000
"""Records that are tried at most, till one can be read: in traces of agents few hold an answer of a model."""


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
    """The preview without an importer or a mapping by which an import takes nothing, and with the reason why.

    A file of a known format of which nothing can be read is shown as one of no known format.
    """
    notes: list[str] = []
    looks_like = seen.importer or ""
    if looks_like:
        why = _why_nothing(recognised, ImportRequest(encoding=encoding))
        if not why:
            return seen
        notes.append(f"It looks like {looks_like}, but none of its records can be read so: {why}")
    mapping = seen.guesses if seen.map_line else {}
    if mapping:
        why = _why_nothing(recognised, ImportRequest(mapping=mapping, encoding=encoding))
        if why:
            notes.append(f"By the fields that look like prompt and answer none of its records can be read: {why}")
            mapping = {}
    if not notes:
        return seen
    told = replace(seen, importer=None, looks_like=looks_like, why="", training=False, notes=(*seen.notes, *notes))
    return told if mapping else replace(told, map_line="", guesses={}, doubts={}, answers=())


def _why_nothing(recognised: Recognised, request: ImportRequest) -> str:
    """Why none of the first records of a file can be read so, in words; empty where one can."""
    reason, count = "there are none.", 0
    try:
        importer, options = reader_of(recognised, request, None)
        with closing(records_in(importer, recognised.opened, options)) as records:
            for record in records:
                if isinstance(record, Response):
                    return ""
                if isinstance(record, Rejected):
                    reason = reason if count else f"{masked(one_line(record.reason, 120))}."
                    count += 1
                if count == _TRIED:
                    return f"{reason} (The first {count:,} were tried; a dry run tries all.)"
    except (BadInputError, UsageError) as error:
        return error.message
    return reason

"""A whole case in one file: a compact copy of its database, its originals, and its ledger."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

from workbench.core.errors import CaseError
from workbench.core.hashing import CHUNK
from workbench.core.model import Source
from workbench.core.progress import Progress
from workbench.core.text import one_line
from workbench.store import ledger
from workbench.store.database import open_case_for_reading
from workbench.store.disk_state import Place, called, in_words, require_space
from workbench.store.folder import DATABASE, MIRROR, ORIGINALS
from workbench.store.importing import sources
from workbench.store.opening import copy_database
from workbench.store.vault import Vault

_NAMES_STORED = (".gz", ".zst", ".zip")


def backup(folder: Path, connection: sqlite3.Connection, target: Path, progress: Progress) -> None:
    """Write a zip that unpacks into a working case; it appears whole or not at all.

    Raises CaseError when the target is taken, an original is missing or the disk has no room.
    """
    with in_words(target):
        if target.exists():
            raise CaseError(f"{called(target)} exists already.", hint="Choose another name.")
        if not target.parent.is_dir():
            raise CaseError(f"There is no folder {target.parent} to write {called(target)} in.")
    size = (folder / DATABASE).stat().st_size + sum(s.size for s in sources.all_of(connection))
    with in_words(target):
        require_space(target.parent, 2 * size, "this backup")
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-") as name:
            draft = Path(name) / "case.zip"
            _write(folder, connection, Path(name), draft, progress)
            draft.replace(target)
    progress(1.0, "backed up")


def _write(folder: Path, connection: sqlite3.Connection, work: Path, draft: Path, progress: Progress) -> None:
    copy = work / DATABASE
    copy_database(connection, copy)
    progress(0.3, "database copied")
    # The copy is one moment of the case; what it names goes along, and nothing else.
    vault = Vault(folder, Place())
    private = draft.open("xb")
    draft.chmod(0o600)
    with private, zipfile.ZipFile(private, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        # Members that are named and not described are for their owner alone, and say nothing of the clock.
        with copy.open("rb") as database, archive.open(f"{folder.name}/{DATABASE}", "w", force_zip64=True) as target:
            shutil.copyfileobj(database, target, CHUNK)
        with closing(open_case_for_reading(copy)) as copied:
            received = sources.all_of(copied)
            with archive.open(f"{folder.name}/{MIRROR}", "w", force_zip64=True) as target:
                for text in ledger.texts(copied):
                    target.write(text.encode("utf-8") + b"\n")
        for done, source in enumerate(received, 1):
            packed = source.name.lower().endswith(_NAMES_STORED)
            archive.compression = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
            member = f"{folder.name}/{ORIGINALS}/{source.sha256}"
            with archive.open(member, "w", force_zip64=True) as target:
                for piece in _pieces(vault, source):
                    target.write(piece)
            progress(0.3 + 0.6 * done / len(received), "originals")
    with draft.open("rb+") as stream, suppress(OSError):
        os.fsync(stream.fileno())


def _pieces(vault: Vault, source: Source) -> Iterator[bytes]:
    """The bytes of an original. Raises CaseError where it is missing, or the disk that it lies on fails."""
    try:
        with vault.open(source.sha256) as original:
            while piece := original.read(CHUNK):
                yield piece
    except OSError as error:
        what = "is missing" if isinstance(error, FileNotFoundError) else f"can't be read ({error.strerror or error})"
        raise CaseError(
            f"The original of {one_line(source.name)} {what}: a backup of this case would not be whole.",
            hint="`workbench verify CASE` names what is wrong.",
        ) from error

"""A whole case in one file: a compact copy of its database, its originals, and its ledger."""

from __future__ import annotations

import sqlite3
import tempfile
import zipfile
from contextlib import suppress
from pathlib import Path

from workbench.core.errors import CaseError
from workbench.core.progress import Progress
from workbench.store import ledger
from workbench.store.database import DATABASE, open_for_reading
from workbench.store.disk_state import Place, called, in_words, require_space
from workbench.store.importing import sources
from workbench.store.ledger import MIRROR
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
    copied = open_for_reading(copy)
    try:
        received = sources.all_of(copied)
        mirror = "".join(text + "\n" for text in ledger.texts(copied))
    finally:
        copied.close()
    vault = Vault(folder, Place())
    with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.write(copy, f"{folder.name}/{DATABASE}")
        archive.writestr(f"{folder.name}/{MIRROR}", mirror)
        for done, source in enumerate(received, 1):
            path = vault.path(source.sha256)
            if not path.exists():
                raise CaseError(
                    f"The original of {source.name} is missing: a backup of this case would not be whole.",
                    hint="`workbench verify CASE` names what is wrong.",
                )
            packed = source.name.lower().endswith(_NAMES_STORED)
            how = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
            archive.write(path, f"{folder.name}/originals/{source.sha256}", how)
            progress(0.3 + 0.6 * done / len(received), "originals")
    with draft.open("rb+") as stream, suppress(OSError):
        import os

        os.fsync(stream.fileno())

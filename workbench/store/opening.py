"""Making and opening a case: checks in words, migration, recovery of what a killed program left."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import chain, count
from pathlib import Path

from workbench.core.errors import CaseError
from workbench.core.surroundings import Conditions
from workbench.core.text import well_formed
from workbench.store import schema
from workbench.store.connecting import connect
from workbench.store.database import Store, create_database, open_for_reading
from workbench.store.disk_state import DamagedError, as_written, called, in_words, require_space, size_words
from workbench.store.folder import DATABASE, INCOMING, MIRROR, ORIGINALS, CaseFolder
from workbench.store.importing import imports, late_prompts, sources
from workbench.store.ledger import Entry, append
from workbench.store.vault import Vault


def make(folder: Path, title: str, conditions: Conditions, old: Mapping[str, str] | None = None) -> None:
    """Make the folder of a new case, for its owner alone; it appears whole or not at all.

    `old` gives id and examiner of a case that is rescued. Raises CaseError when the name doesn't end
    in .case, is taken, or can't be written.
    """
    if folder.suffix != ".case" or folder.name == ".case":
        raise CaseError(f"{folder.name} can't be a case: its name must end in .case.")
    with in_words(folder):
        if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
            raise CaseError(f"{called(folder)} exists already.", hint="Open it, or choose another name.")
        if not folder.parent.is_dir():
            raise CaseError(f"There is no folder {folder.parent} to make {called(folder)} in.")
        draft = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".new-"))
        try:
            _fill(draft, well_formed(title)[0], conditions, old or {})
            if folder.exists():
                folder.rmdir()
            draft.rename(folder)
        except BaseException:
            shutil.rmtree(draft, ignore_errors=True)
            raise


def _fill(folder: Path, title: str, conditions: Conditions, old: Mapping[str, str]) -> None:
    files = CaseFolder(folder)
    for inner in (ORIGINALS, INCOMING):
        files.make_folder(inner)
    connection = create_database(folder / DATABASE)
    try:
        created = conditions.now()
        key = old["id"] if "id" in old else conditions.new_id()
        examiner = old.get("examiner", conditions.examiner)
        said = {"id": key, "title": title, "examiner": examiner, "schema": schema.MIGRATIONS.newest}
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(
            "INSERT INTO cases (id, case_id, title, examiner, created) VALUES (1, ?, ?, ?, ?)",
            (key, title, examiner, created),
        )
        line = append(connection, conditions, created, Entry("case created", {"case": key}, said))
        connection.execute("COMMIT")
        with files.create(MIRROR) as stream:
            stream.write(line.text().encode("utf-8") + b"\n")
            stream.flush()
            os.fsync(stream.fileno())
    finally:
        connection.close()


def check(folder: Path) -> int:
    """The schema of the case in a folder, which is looked through first.

    Raises CaseError when it can't be opened by this program, ForeignEntryError when something leads out of it.
    """
    try:
        if not folder.exists():
            raise CaseError(f"There is no case at {folder}.", hint="`workbench new CASE` makes one.")
        files = CaseFolder(folder)
        if folder.is_dir():
            files.refuse_foreign()
        there, lost = (folder / DATABASE).is_file(), (folder / MIRROR).exists()
    except OSError as error:
        raise CaseError(
            f"{called(folder)} can't be opened: {error.strerror}.", hint="Check the path, and that you may read it."
        ) from error
    if not there:
        raise CaseError(
            f"{called(folder)} is no case: it has no {DATABASE}.",
            hint="`workbench rescue CASE NEW` rebuilds it from its originals." if lost else "Check the path.",
        )
    with in_words(folder), _reading(folder / DATABASE) as connection:
        if connection.execute("PRAGMA application_id").fetchone()[0] != schema.APPLICATION:
            raise DamagedError(
                f"The database in {called(folder)} is not a case of this workbench.",
                hint="`workbench rescue CASE NEW` rebuilds it from its originals." if lost else "Check the path.",
            )
        version = schema.version_of(connection)
    if version > schema.MIGRATIONS.newest:
        raise CaseError(
            f"{called(folder)} was written by a newer workbench (schema {version}; this one knows "
            f"{schema.MIGRATIONS.newest}).",
            hint="Open it with that version or a later one.",
        )
    return version


@contextmanager
def _reading(path: Path) -> Iterator[sqlite3.Connection]:
    connection = open_for_reading(path)
    try:
        yield connection
    finally:
        connection.close()


def migrate(folder: Path, version: int, conditions: Conditions) -> None:
    """Bring an older case to the newest schema, step by step; a copy of the old database stays beside the case.

    Raises CaseError when there is no room for the copy, DamagedError for a schema that was never released. The caller
    holds the lock.
    """
    newest = schema.MIGRATIONS.newest
    path = folder / DATABASE
    names = (f"{folder.stem}.before-schema-{newest}{again}.db" for again in chain([""], (f"-{n}" for n in count(2))))
    with in_words(folder):
        size = path.stat().st_size
        require_space(folder.parent, 3 * size, f"the copy of the old database ({size_words(size)}) and the new one")
        connection = connect(path, "mode=rw")
        try:
            schema.require_released(connection)
            connection.execute("PRAGMA synchronous = FULL")
            # Whatever has its name already may be no copy of this case.
            copy = next(one for name in names if not os.path.lexists(one := folder.with_name(name)))
            copy_database(connection, copy)
            for number in range(version + 1, newest + 1):
                connection.execute("BEGIN IMMEDIATE")
                schema.MIGRATIONS.apply(connection, number)
                said = {"from": number - 1, "to": number, "copy": copy.name}
                append(connection, conditions, conditions.now(), Entry("case migrated", {"schema": number}, said))
                connection.execute("COMMIT")
        finally:
            connection.close()


def copy_database(connection: sqlite3.Connection, target: Path) -> None:
    """A compact copy of the database as one file for its owner alone; it appears whole or not at all."""
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".copy-") as draft:
        part = Path(draft) / target.name
        # An empty file that is there is filled, and keeps its rights.
        CaseFolder(part.parent).create(part.name).close()
        connection.execute("VACUUM INTO ?", (str(part),))
        part.replace(target)


def recover(store: Store, vault: Vault) -> str:
    """Set right what a killed program left behind; returns what must be said of it, or nothing."""
    with as_written(store.folder):
        agrees = store.mirror.reconcile(store.connection)
        late_prompts.sweep(store)
        imports.sweep(store)
        sources.sweep(store, vault)
    if agrees:
        return ""
    return "ledger.jsonl does not agree with the ledger of this case: `workbench verify CASE` says where."

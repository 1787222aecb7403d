"""Sources as rows: files in the vault, each once."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from workbench.core.errors import CaseError, UsageError
from workbench.core.model import Source
from workbench.core.progress import Progress
from workbench.core.secrets.find import masked_name
from workbench.core.text import well_formed
from workbench.store import ledger
from workbench.store.database import Store
from workbench.store.disk_state import disk_words
from workbench.store.ledger import Entry
from workbench.store.rows import TakenSource
from workbench.store.vault import ORIGINAL_NAME, Vault, remove

_COLUMNS = "id, sha256, name, size, received"


def take(store: Store, vault: Vault, path: Path, progress: Progress, name: str | None = None) -> TakenSource:
    """Copy a file into the vault and name it in the database; the same bytes again are the same source."""
    if not store.writing:
        raise CaseError(f"{store.folder.name} was opened for reading only.")
    digest, size = vault.receive(path, progress)
    with store.mutex:
        row = store.connection.execute(f"SELECT {_COLUMNS} FROM sources WHERE sha256 = ?", (digest,)).fetchone()
        if row is not None:
            vault.settle(digest)
            key, _, name, size, received = row
            return TakenSource(key, digest, name, size, received, True)
        received = store.conditions.now()
        name = masked_name(well_formed(name or path.name)[0])
        with store.transaction() as connection:
            cursor = connection.execute(
                "INSERT INTO sources (sha256, name, size, received) VALUES (?, ?, ?, ?)",
                (digest, name, size, received),
            )
        vault.settle(digest)
    return TakenSource(cursor.lastrowid or 0, digest, name, size, received)


def release(store: Store, vault: Vault, source: Source) -> bool:
    """Let a file go that nothing was imported from, as when no importer knows it; False when it is in use."""
    with store.mutex:
        used = store.connection.execute(
            # A file of prompts is named in the options of the import that it went into.
            "SELECT 1 FROM imports WHERE source = ? OR instr(options, ?) UNION SELECT 1 FROM joins WHERE source = ?",
            (source.id, source.sha256, source.id),
        ).fetchone()
        if used:
            return False
        with store.transaction() as connection:
            connection.execute("DELETE FROM sources WHERE id = ?", (source.id,))
        try:
            remove(vault.path(source.sha256))
        except OSError as error:
            raise disk_words(error, store.folder) from error
    return True


def all_of(connection: sqlite3.Connection, until: int | None = None) -> list[Source]:
    """Every file that was received, in order of arrival; with `until` those that the ledger named by then."""
    found = [Source(*row) for row in connection.execute(f"SELECT {_COLUMNS} FROM sources ORDER BY id")]
    if until is None:
        return found
    named: set[str] = set()
    for text in ledger.texts(connection, until=until):
        named.update(ORIGINAL_NAME.findall(text))
    return [source for source in found if source.sha256 in named]


def original(connection: sqlite3.Connection, vault: Vault, digest: str) -> Path:
    """Where the bytes of a source are; raises UsageError for an unknown digest, CaseError when they are gone."""
    if (
        not ORIGINAL_NAME.fullmatch(digest)
        or not connection.execute("SELECT 1 FROM sources WHERE sha256 = ?", (digest,)).fetchone()
    ):
        raise UsageError(f"No file with SHA-256 {digest} was received in this case.")
    path = vault.path(digest)
    if not path.exists():
        raise CaseError(
            f"The original {digest} is missing from the case.", hint="`workbench verify CASE` names what is wrong."
        )
    return path


def sweep(store: Store, vault: Vault) -> None:
    """Set the vault right on opening: named files move to their place, files that nothing names are deleted.

    What is deleted is said in the ledger. An original that the ledger names stays, whatever the
    database says: it may be the only copy.
    """
    named = {s.sha256 for s in all_of(store.connection) if ORIGINAL_NAME.fullmatch(s.sha256)}
    for digest in sorted(named):
        vault.settle(digest)
    chain: set[str] = set()
    for text in ledger.texts(store.connection):
        chain.update(ORIGINAL_NAME.findall(text))
    if store.mirror.path.exists():
        held = store.mirror.path.read_text(encoding="utf-8", errors="replace")
        chain.update(ORIGINAL_NAME.findall(held))
    found = vault.leftovers(named, chain)
    if not found:
        return
    gone = [{"name": path.name, "size": path.stat().st_size} for path in found]
    try:
        for path in found:
            remove(path)
    except OSError as error:
        raise disk_words(error, store.folder) from error
    # The name of a broken-off copy is a random one: it says nothing, and the same verbs give the same line.
    said = [{"name": g["name"] if ORIGINAL_NAME.fullmatch(str(g["name"])) else "part", "size": g["size"]} for g in gone]
    with store.transaction() as connection:
        store.log(connection, store.conditions.now(), Entry("vault swept", {"vault": "originals"}, {"files": said}))

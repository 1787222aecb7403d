"""Sources as rows: files in the vault, each once."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import chain
from pathlib import Path

from workbench.core.documents import DOCUMENT_ADDED
from workbench.core.errors import CaseError, UsageError
from workbench.core.hashing import CHUNK
from workbench.core.model import Json, Source
from workbench.core.progress import Progress
from workbench.core.secrets.find import masked_name
from workbench.core.text import well_formed
from workbench.store import ledger
from workbench.store.database import Store
from workbench.store.disk_state import disk_words
from workbench.store.folder import MIRROR, ORIGINALS
from workbench.store.ledger import Entry
from workbench.store.rows import TakenSource
from workbench.store.vault import ORIGINAL_NAME, Vault

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
    """Let a file go that nothing was imported from, and that is no document; False when it is in use."""
    with store.mutex:
        used = store.connection.execute(
            # A file of prompts is named in the options of the import that it went into.
            "SELECT 1 FROM imports WHERE source = ? OR instr(options, ?) UNION SELECT 1 FROM joins WHERE source = ?",
            (source.id, source.sha256, source.id),
        ).fetchone()
        if used or source.sha256 in of_documents(store.connection):
            return False
        with store.transaction() as connection:
            connection.execute("DELETE FROM sources WHERE id = ?", (source.id,))
        try:
            vault.remove(source.sha256)
        except OSError as error:
            raise disk_words(error, store.folder) from error
    return True


def of_documents(connection: sqlite3.Connection) -> set[str]:
    """The digests of the files that documents are, and of the words that were read of them."""
    found: set[str] = set()
    for line in ledger.lines_of(connection, [DOCUMENT_ADDED]):
        found.update(ORIGINAL_NAME.findall(line.text()))
    return found


def all_of(connection: sqlite3.Connection, until: int | None = None) -> list[Source]:
    """Every file that was received, in order of arrival; with `until` those that the ledger named by then."""
    found = [Source(*row) for row in connection.execute(f"SELECT {_COLUMNS} FROM sources ORDER BY id")]
    if until is None:
        return found
    named = _among({source.sha256 for source in found}, ledger.texts(connection, until=until))
    return [source for source in found if source.sha256 in named]


def _among(digests: set[str], texts: Iterable[str]) -> set[str]:
    """Those of some digests that stand in some texts, which are looked at one at a time."""
    met: set[str] = set()
    for text in texts:
        met |= digests.intersection(ORIGINAL_NAME.findall(text))
    return met


def original(connection: sqlite3.Connection, vault: Vault, digest: str) -> Path:
    """Where the bytes of a source are. Raises UsageError for an unknown digest, CaseError when they are gone.

    Raises ForeignEntryError, a CaseError, where something else than a file stands in their place.
    """
    if (
        not ORIGINAL_NAME.fullmatch(digest)
        or not connection.execute("SELECT 1 FROM sources WHERE sha256 = ?", (digest,)).fetchone()
    ):
        raise UsageError(f"No file with SHA-256 {digest} was received in this case.")
    if vault.size(digest) is None:
        raise CaseError(
            f"The original {digest} is missing from the case.", hint="`workbench verify CASE` names what is wrong."
        )
    return vault.path(digest)


def sweep(store: Store, vault: Vault) -> None:
    """Set the vault right on opening: named files move to their place, files that nothing names are deleted.

    What is deleted is said in the ledger. An original that the ledger names stays, whatever the
    database says: it may be the only copy.
    """
    named = {s.sha256 for s in all_of(store.connection) if ORIGINAL_NAME.fullmatch(s.sha256)}
    for digest in sorted(named):
        vault.settle(digest)
    found = vault.leftovers(named)
    # An original that some line names stays, and the lines are gone through only where there is one to ask about.
    asked = {name.rpartition("/")[2] for name in found if name.rpartition("/")[0] == ORIGINALS}
    kept = _among(asked, chain(ledger.texts(store.connection), _mirrored(store))) if asked else set[str]()
    gone: list[Json] = []
    try:
        for place in found:
            folder, _, name = place.rpartition("/")
            if folder == ORIGINALS and name in kept:
                continue
            # The name of a broken-off copy is a random one: it says nothing, and the same verbs give the same line.
            gone.append({"name": name if ORIGINAL_NAME.fullmatch(name) else "part", "size": vault.clear(place)})
    except OSError as error:
        raise disk_words(error, store.folder) from error
    if gone:
        entry = Entry("vault swept", {"vault": "originals"}, {"files": gone})
        with store.transaction() as connection:
            store.log(connection, store.conditions.now(), entry)


def _mirrored(store: Store) -> Iterator[str]:
    """What the mirror says, a piece at a time, each with the end of the one before; nothing where it is missing."""
    with suppress(FileNotFoundError), store.files.open(MIRROR) as stream:
        held = b""
        while piece := stream.read(CHUNK):
            yield (held + piece).decode("ascii", "replace")
            held = piece[-_DIGEST:]


_DIGEST = 64

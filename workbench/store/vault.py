"""The originals: every file as it was received, named by its SHA-256, written once and never again."""

from __future__ import annotations

import hashlib
import os
import re
import stat
import uuid
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from workbench.core.errors import BadInputError, CaseError
from workbench.core.hashing import CHUNK
from workbench.core.progress import Progress
from workbench.core.text import one_line
from workbench.store.disk_state import Place, disk_words, require_space, size_words
from workbench.store.folder import INCOMING, ORIGINALS, CaseFolder

ORIGINAL_NAME = re.compile(r"[0-9a-f]{64}")
_JOURNAL = 64 << 20
_NOTHING = bytes(CHUNK)
_SYNC = 16 << 20
"""Bytes after which what was copied is sent to the disk."""


class Vault:
    """The folder `originals` of a case.

    A file is copied to `.incoming`, hashed on the way, and named by its digest there; once the database
    names it, it moves up. So everything outside `.incoming` is named by a row at any moment.
    """

    def __init__(self, case: Path, place: Place) -> None:
        self._files = CaseFolder(case)
        self._case = case.absolute()  # whoever reads an original may work in another folder
        self._place = place

    def path(self, digest: str) -> Path:
        """Where the bytes of a digest are, or would be; it is looked at first, and is no link.

        Raises CaseError for a name that is no digest, ForeignEntryError for what is no file, OSError.
        """
        return self._case / self._name(digest)

    def open(self, digest: str) -> BinaryIO:
        """The bytes of a digest. Raises FileNotFoundError where they are gone, and what `path` raises."""
        return self._files.open(self._name(digest))

    def size(self, digest: str) -> int | None:
        """How many bytes an original has; None where it is gone. Raises what `path` raises."""
        found = self._files.status(self._name(digest))
        return None if found is None else found.st_size

    def _name(self, digest: str) -> str:
        if not ORIGINAL_NAME.fullmatch(digest):
            # Whoever handed over a case may have written a path here that leads out of it.
            raise CaseError(
                f"The database names an original “{one_line(digest, 80)}”, which is no SHA-256.",
                hint="`workbench verify CASE` names what is wrong.",
            )
        settled, waiting = f"{ORIGINALS}/{digest}", f"{INCOMING}/{digest}"
        there = self._files.status(settled) is None and self._files.status(waiting) is not None
        return waiting if there else settled

    def receive(self, path: Path, progress: Progress) -> tuple[str, int]:
        """Copy a file in, hashing it on the way; returns its digest and size in bytes.

        The copy waits in `.incoming` until `settle`. Raises BadInputError for a file that can't be
        taken, CaseError when the disk has no room.
        """
        size = _checked_size(path)
        self._require(size)
        try:
            source = path.open("rb")
        except OSError as error:
            raise _unreadable(path, error) from error
        with source:
            digest = self._copy(source, path, size, progress)
        return digest, size

    @contextmanager
    def draft(self) -> Iterator[tuple[BinaryIO, Path]]:
        """A new file that waits where broken-off copies wait, and where it is; gone afterwards. Raises OSError."""
        name = f"{INCOMING}/part-{uuid.uuid4().hex}"
        for folder in (ORIGINALS, INCOMING):
            self._files.make_folder(folder)
        try:
            with self._files.create(name) as target:
                yield target, self._case / name
        finally:
            self._files.remove(name)

    def settle(self, digest: str) -> None:
        """Move a file that a row names now to its place, read-only; done already is fine. Raises CaseError."""
        settled, waiting = f"{ORIGINALS}/{digest}", f"{INCOMING}/{digest}"
        try:
            if self._files.status(waiting) is None:
                return
            if self._files.status(settled) is not None:
                self._files.remove(waiting)
                return
            self._files.rename(waiting, settled)
            self._files.sync(ORIGINALS)
        except OSError as error:
            raise disk_words(error, self._case) from error

    def remove(self, digest: str) -> None:
        """Delete an original that no row names; one that is gone already is fine. Raises OSError."""
        for folder in (ORIGINALS, INCOMING):
            self._files.remove(f"{folder}/{digest}")

    def leftovers(self, named: set[str]) -> list[str]:
        """Files that no row names, by their place in the case: originals, and broken-off copies. Raises OSError."""
        found = [f"{ORIGINALS}/{name}" for name in self._files.names(ORIGINALS) if ORIGINAL_NAME.fullmatch(name)]
        broken = [f"{INCOMING}/{name}" for name in self._files.names(INCOMING)]
        return [name for name in (*found, *broken) if name.rpartition("/")[2] not in named and self._is_file(name)]

    def _is_file(self, name: str) -> bool:
        found = self._files.status(name)
        return found is not None and stat.S_ISREG(found.st_mode)

    def clear(self, name: str) -> int:
        """Delete one of the leftovers, and return its size in bytes. Raises OSError."""
        found = self._files.status(name)
        self._files.remove(name)
        return 0 if found is None else found.st_size

    def _require(self, size: int) -> None:
        if self._place.limit is not None and size > self._place.limit:
            raise CaseError(
                f"The file has {size_words(size)}, and the disk of {self._case.name} can't hold a file that large.",
                hint="Move the case to a disk with another file system.",
            )
        try:
            for folder in (ORIGINALS, INCOMING):
                self._files.make_folder(folder)
        except OSError as error:
            raise disk_words(error, self._case) from error
        # The original, its text with the database's overhead, and one batch of journal.
        need = size + size * 3 // 2 + min(size * 3 // 2, _JOURNAL)
        require_space(self._case, need, "this import")

    def _copy(self, source: BinaryIO, path: Path, size: int, progress: Progress) -> str:
        try:
            with self.draft() as (target, part):
                digest = self._pour(source, target, path, size, progress)
                if _checked_size(path) != size:
                    raise BadInputError(f"{one_line(path.name)} changed while it was being read.", hint="Try again.")
                self._files.protect(f"{INCOMING}/{part.name}", target)
                target.close()  # Windows renames no open file
                self._files.rename(f"{INCOMING}/{part.name}", f"{INCOMING}/{digest}")
        except OSError as error:
            raise disk_words(error, self._case) from error
        return digest

    def _pour(self, source: BinaryIO, target: BinaryIO, path: Path, size: int, progress: Progress) -> str:
        hasher, done = hashlib.sha256(), 0
        with _Syncing(target) as syncing:
            # A file that somebody goes on writing to would never end.
            while done <= size:
                try:
                    chunk = source.read(CHUNK)
                except OSError as error:
                    raise _unreadable(path, error) from error
                if not chunk:
                    break
                hasher.update(chunk)
                if chunk == _NOTHING:
                    # A hole stays a hole: a file of 10 GB may have 10 KB on its disk.
                    target.seek(len(chunk), os.SEEK_CUR)
                else:
                    target.write(chunk)
                done += len(chunk)
                syncing.wrote(done)
                progress(min(1.0, done / size), "copying")
            target.truncate(done)
        if done != size:
            raise BadInputError(f"{one_line(path.name)} changed while it was being read.", hint="Try again.")
        return hasher.hexdigest()


class _Syncing:
    """Has a file written to its disk while more of it is hashed, and all of it at the end."""

    def __init__(self, target: BinaryIO) -> None:
        self._target = target
        self._pool = ThreadPoolExecutor(1)
        self._under_way: Future[None] | None = None
        self._next = _SYNC

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Wait until all is on the disk; raises OSError when it can't be."""
        with self._pool:
            if kind is None:
                if self._under_way is not None:
                    self._under_way.result()
                self._target.flush()
                os.fsync(self._target.fileno())

    def wrote(self, done: int) -> None:
        """So many bytes were written."""
        if done >= self._next and (self._under_way is None or self._under_way.done()):
            if self._under_way is not None:
                self._under_way.result()
            self._next = done + _SYNC
            self._target.flush()
            self._under_way = self._pool.submit(os.fsync, self._target.fileno())


def original_in(case: Path, digest: str) -> Path:
    """Where the bytes of a digest are in the folder of a case that can't be opened. Raises as `Vault.path` does."""
    return Vault(case, Place()).path(digest)


def _checked_size(path: Path) -> int:
    name = one_line(path.name)
    try:
        found = path.stat()
    except FileNotFoundError as error:
        raise BadInputError(f"There is no file {name}.", hint="Check the path.") from error
    except OSError as error:
        raise _unreadable(path, error) from error
    if stat.S_ISDIR(found.st_mode):
        raise BadInputError(f"{name} is a folder, not a file.", hint="Name a file in it.")
    if not stat.S_ISREG(found.st_mode):
        raise BadInputError(f"{name} is no ordinary file: it can't be kept.", hint="Save it as a file first.")
    if found.st_size == 0:
        raise BadInputError(f"{name} is empty (0 bytes): there is nothing to take in.")
    return found.st_size


def _unreadable(path: Path, error: OSError) -> BadInputError:
    return BadInputError(
        f"{one_line(path.name)} can't be read: {error.strerror or error}.",
        hint="Check that you may read it and that its disk is in order.",
    )

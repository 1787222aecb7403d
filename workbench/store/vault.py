"""The originals: every file as it was received, named by its SHA-256, written once and never again."""

from __future__ import annotations

import hashlib
import os
import re
import stat
import tempfile
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from workbench.core.errors import BadInputError, CaseError
from workbench.core.hashing import CHUNK
from workbench.core.progress import Progress
from workbench.core.text import one_line
from workbench.store.disk_state import Place, disk_words, require_space, size_words

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
        self.folder = case / "originals"
        self.incoming = self.folder / ".incoming"
        self._case = case
        self._place = place

    def path(self, digest: str) -> Path:
        """Where the bytes of a digest are, or would be; raises CaseError for a name that is no digest."""
        if not ORIGINAL_NAME.fullmatch(digest):
            # Whoever handed over a case may have written a path here that leads out of it.
            raise CaseError(
                f"The database names an original “{one_line(digest, 80)}”, which is no SHA-256.",
                hint="`workbench verify CASE` names what is wrong.",
            )
        settled, waiting = self.folder / digest, self.incoming / digest
        return waiting if waiting.exists() and not settled.exists() else settled

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

    def settle(self, digest: str) -> None:
        """Move a file that a row names now to its place, read-only; done already is fine."""
        waiting, settled = self.incoming / digest, self.folder / digest
        try:
            if waiting.exists():
                if settled.exists():
                    remove(waiting)
                    return
                waiting.rename(settled)
                _sync_folder(self.folder)
        except OSError as error:
            raise disk_words(error, self._case) from error

    def leftovers(self, named: set[str], chain: set[str]) -> list[Path]:
        """Files that no row names: broken-off copies, and originals that the ledger knows nothing of either."""
        if not self.folder.is_dir():
            return []
        found = [p for p in sorted(self.folder.iterdir()) if p.is_file() and ORIGINAL_NAME.fullmatch(p.name)]
        kept = named | chain
        broken = sorted(self.incoming.iterdir()) if self.incoming.is_dir() else []
        return [p for p in found if p.name not in kept] + [p for p in broken if p.name not in named]

    def _require(self, size: int) -> None:
        if self._place.limit is not None and size > self._place.limit:
            raise CaseError(
                f"The file has {size_words(size)}, and the disk of {self._case.name} can't hold a file that large.",
                hint="Move the case to a disk with another file system.",
            )
        try:
            self.incoming.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise disk_words(error, self._case) from error
        # The original, its text with the database's overhead, and one batch of journal.
        need = size + size * 3 // 2 + min(size * 3 // 2, _JOURNAL)
        require_space(self._case, need, "this import")

    def _copy(self, source: BinaryIO, path: Path, size: int, progress: Progress) -> str:
        try:
            handle, name = tempfile.mkstemp(dir=self.incoming, prefix="part-")
        except OSError as error:
            raise disk_words(error, self._case) from error
        part = Path(name)
        try:
            with os.fdopen(handle, "wb") as target:
                digest = self._pour(source, target, path, size, progress)
            if _checked_size(path) != size:
                raise BadInputError(f"{one_line(path.name)} changed while it was being read.", hint="Try again.")
            part.chmod(0o444)
            part.replace(self.incoming / digest)
        except OSError as error:
            raise disk_words(error, self._case) from error
        finally:
            with suppress(OSError):
                remove(part)
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


def remove(path: Path) -> None:
    """Delete a file that may be write-protected; one that is gone already is fine."""
    if path.exists():
        # Windows deletes nothing that is read-only.
        path.chmod(0o644)
        path.unlink()


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


def _sync_folder(folder: Path) -> None:
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

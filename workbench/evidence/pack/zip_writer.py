"""A zip whose bytes depend on nothing but its members: one date, one mode, one level, one order."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Self

from workbench.core.errors import CaseError
from workbench.core.progress import Progress
from workbench.evidence.pack.bag import Digest

if sys.platform == "win32":

    def _hold(stream: IO[bytes]) -> None:
        """Windows lets no program delete a file that is open."""

else:
    import fcntl

    def _hold(stream: IO[bytes]) -> None:
        fcntl.flock(stream.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)


LEVEL = 6
MODE = 0o100644 << 16
_CHUNK = 1 << 20
_ZIP64 = 1 << 30


class ZipWriter:
    """Writes members under one top folder into a file beside the target; `done` puts it in its place.

    Leaving the context without `done` removes the file: nothing half-written stays behind.
    """

    def __init__(self, target: Path, top: str, date: str) -> None:
        self.target = target
        self.top = top
        moment = datetime.fromisoformat(date).astimezone(UTC)
        # The zip format knows years from 1980 to 2107, and no time zone: a clock that is wrong must not stop a pack.
        year = min(max(1980, moment.year), 2107)
        self._date = (year, moment.month, moment.day, moment.hour, moment.minute, moment.second)
        self._partial = _partial_of(target)
        self._file = _held(self._partial)
        self._zip = zipfile.ZipFile(self._file, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL)
        self._placed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        if self._placed:
            return
        # On a full disk closing fails once more; the file is to go whatever happens.
        with suppress(OSError, ValueError):
            self._zip.close()
        with suppress(OSError):
            self._file.close()
        self._partial.unlink(missing_ok=True)

    def add(self, path: str, chunks: Iterable[bytes], progress: Progress, size: int, *, packed: bool = True) -> Digest:
        """Write one member; `size` is an upper bound of its bytes, `packed` whether it is deflated."""
        info = zipfile.ZipInfo(f"{self.top}/{path}", self._date)
        info.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
        info.external_attr = MODE
        info.create_system = 3
        digest = hashlib.sha256()
        written = 0
        with self._zip.open(info, "w", force_zip64=size >= _ZIP64) as out:
            for chunk in chunks:
                out.write(chunk)
                digest.update(chunk)
                written += len(chunk)
                progress(min(1.0, written / max(1, size)), path)
        return Digest(digest.hexdigest(), written)

    def done(self) -> None:
        """Sort the directory, flush to the disk and rename into place."""
        self._zip.filelist.sort(key=lambda info: info.filename)
        self._zip.close()
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        self._partial.replace(self.target)
        self._placed = True
        _sync_folder(self.target.parent)


@contextmanager
def partial_file(target: Path) -> Iterator[IO[bytes]]:
    """A file beside the target that takes its place at the end; nothing stays of one that was not ended."""
    partial = _partial_of(target)
    stream = _held(partial)
    try:
        with stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        partial.replace(target)
        _sync_folder(target.parent)
    finally:
        partial.unlink(missing_ok=True)


def _partial_of(target: Path) -> Path:
    return target.with_name(f".{target.name}.partial")


def _held(partial: Path) -> IO[bytes]:
    """An unfinished file opened empty for writing, and held as long as it is open and its program lives."""
    partial.touch()
    stream = partial.open("r+b")
    try:
        _hold(stream)
        stream.truncate()
    except BaseException:
        stream.close()
        raise
    return stream


def _sweep(folder: Path) -> None:
    """Delete unfinished packs that no program holds any more: their program was killed."""
    for path in folder.glob(".*.zip.partial"):
        with suppress(OSError):
            with path.open("r+b") as stream:
                _hold(stream)
            path.unlink()


def check_target(target: Path, *, replace: bool) -> None:
    """Raise CaseError where a zip can't be put: no folder, no right to write, or something is there already."""
    partial = _partial_of(target)
    try:
        if target.is_dir():
            raise CaseError(f"{target} is a folder.", hint="Name a file that is not there yet.")
        if target.exists() and not replace:
            raise CaseError(f"{target} exists already.", hint="Choose another name: no pack is overwritten.")
        _sweep(target.parent)
        _held(partial).close()
        partial.unlink()
    except BlockingIOError as error:
        raise CaseError(f"Another program is writing {target} right now.", hint="Choose another name.") from error
    except OSError as error:
        raise CaseError(
            f"The pack could not be written to {target}: {error.strerror or error}.",
            hint="Choose a folder that can be written to, with enough space.",
        ) from error


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def file_chunks(path: Path) -> Iterator[bytes]:
    """A file's bytes, a mebibyte at a time; raises CaseError when it can't be read."""
    with _reading(path) as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk


def worth_packing(path: Path) -> bool:
    """Whether a file is to be deflated: not where samples of it shrink so much that readers fear a bomb."""
    with _reading(path) as stream:
        size = stream.seek(0, os.SEEK_END)
        if size < 16 * _CHUNK:
            return True
        samples = bytearray()
        for at in range(16):
            stream.seek(size * at // 16)
            samples += stream.read(1 << 16)
    return len(samples) < 50 * len(zlib.compress(samples, LEVEL))


@contextmanager
def _reading(path: Path) -> Iterator[IO[bytes]]:
    try:
        with path.open("rb") as stream:
            yield stream
    except OSError as error:
        raise CaseError(
            f"The original {path.name} can't be read: {error.strerror or error}.",
            hint="`workbench verify CASE` names what is wrong.",
        ) from error


def room_for(target: Path, needed: int) -> None:
    """Raise CaseError when the target's disk has less free space than is needed."""
    try:
        free = shutil.disk_usage(target.parent).free
    except OSError:
        return  # Writing will say what is wrong with the folder.
    if free < needed:
        raise CaseError(
            f"The pack needs up to {needed:,} bytes, and {target.parent} has {free:,} free.",
            hint="Choose another disk, or leave the originals out.",
        )

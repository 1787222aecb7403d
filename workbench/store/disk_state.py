"""What kind of disk a case lies on, whether it has room, and disk errors in words."""

from __future__ import annotations

import errno
import os
import re
import shutil
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from workbench.core.errors import CaseError
from workbench.core.text import one_line

UNREADABLE = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError, zlib.error)
"""What comes of reading rows that somebody else has written."""

_NETWORK = {
    "9p", "afs", "ceph", "cifs", "davfs", "fuse.davfs", "fuse.glusterfs", "fuse.rclone", "fuse.sshfs", "glusterfs",
    "lustre", "ncpfs", "nfs", "nfs4", "smb3", "smbfs", "vboxsf", "virtiofs",
}  # fmt: skip
_FAT_LIMIT = (4 << 30) - 1
_FULL = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}
_PATH = {errno.ENAMETOOLONG, errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.ELOOP, errno.EINVAL}


class DamagedError(CaseError):
    """The database of a case is not as this program left it: `verify` makes a problem of it."""


@dataclass(frozen=True, slots=True)
class Place:
    """The file system under a case: is it shared, how large may a file be, what must be said of it."""

    network: bool = False
    limit: int | None = None
    notice: str = ""


def place_of(folder: Path, mounts: Path = Path("/proc/mounts")) -> Place:
    """The kind of disk a folder lies on, where it can be told cheaply; an ordinary disk otherwise."""
    if str(folder.absolute()).startswith("\\\\"):
        return _network("a network share")
    kind = _mounted(folder.resolve(), mounts)
    if kind in _NETWORK:
        return _network(f"a network share ({kind})")
    if kind in ("vfat", "msdos"):
        return Place(limit=_FAT_LIMIT, notice=f"{_UNPROTECTED} and no file may reach 4 GB.")
    if kind in ("exfat", "fuseblk"):
        return Place(notice=_UNPROTECTED + ".")
    return Place()


_UNPROTECTED = "The case lies on a disk without file permissions: its originals can't be write-protected"


def _network(what: str) -> Place:
    return Place(
        network=True,
        notice=f"The case lies on {what}: slower, and for one program at a time. A local disk is better.",
    )


def _mounted(folder: Path, mounts: Path) -> str:
    try:
        lines = mounts.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return ""
    best, kind = -1, ""
    for line in lines:
        fields = line.split(" ")
        if len(fields) > 2:
            point = Path(re.sub(r"\\([0-7]{3})", lambda m: chr(int(m[1], 8)), fields[1]))
            depth = len(point.parts)
            # Of two mounts on one point the later one is seen.
            if depth >= best and (folder == point or point in folder.parents):
                best, kind = depth, fields[2]
    return kind


def require_space(folder: Path, need: int, what: str) -> None:
    """Refuse in words when a folder's disk has less room than `need` bytes; raises CaseError."""
    free = shutil.disk_usage(folder).free
    if free < need:
        raise CaseError(
            f"There is not enough space for {what}: it needs about {size_words(need)}, "
            f"and {size_words(free)} are free on the disk of {folder.name or folder}.",
            hint="Free some space, or move the case to a larger disk.",
        )


def size_words(size: int) -> str:
    """A number of bytes for people: 3.4 GB, 12 MB, 800 bytes."""
    for unit, name in ((1 << 30, "GB"), (1 << 20, "MB"), (1 << 10, "KB")):
        if size >= unit:
            value = size / unit
            return f"{value:.1f} {name}" if value < 10 else f"{value:.0f} {name}"
    return f"{size} bytes"


@contextmanager
def in_words(folder: Path) -> Iterator[None]:
    """Turn what the disk and SQLite say into a CaseError; anything else is a bug and passes through."""
    try:
        yield
    except sqlite3.Error as error:
        known = _sqlite_words(error, folder)
        if known is None:
            raise
        raise known from error
    except OSError as error:
        raise disk_words(error, folder) from error


@contextmanager
def as_written(folder: Path) -> Iterator[None]:
    """As `in_words`, and rows that are not as this program writes them are a DamagedError too.

    Whoever sends a case may have written anything into any of its rows: other types, other JSON, numbers beyond all
    bounds. What such a row does to the code that reads it is caught here, around that code and nothing else.
    """
    try:
        with in_words(folder):
            yield
    except UNREADABLE as error:
        raise DamagedError(
            f"The database of {called(folder)} holds what this program does not write: {one_line(str(error))}.",
            hint="`workbench verify CASE` names what is wrong. Where it finds nothing, this program is at fault.",
        ) from error


@contextmanager
def database_words(folder: Path) -> Iterator[None]:
    """As `in_words`, but for the database alone: files that a verb reads word their own errors."""
    try:
        yield
    except sqlite3.Error:
        with in_words(folder):
            raise


def called(path: Path) -> str:
    """A file's or folder's name as it can stand in a sentence."""
    return one_line(path.name or str(path), 100)


def disk_words(error: OSError, folder: Path) -> CaseError:
    """An error of the file system about a case, in words."""
    if error.errno in _FULL:
        return _full(folder)
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return CaseError(
            f"{called(folder)} can't be written: {os.strerror(error.errno)}.",
            hint="Choose a place that you may write to; a case that lies elsewhere can be copied there.",
        )
    if error.errno in _PATH:
        return CaseError(f"{called(folder)} can't be used: {os.strerror(error.errno)}.", hint="Check the path.")
    return CaseError(f"The disk of {called(folder)} failed: {error.strerror or error}.")


def _full(folder: Path) -> CaseError:
    return CaseError(
        f"The disk of {folder.name} is full (or its quota is used up). What was under way was not stored.",
        hint="Free some space and do it again; a broken-off import goes on where it stopped.",
    )


def _sqlite_words(error: sqlite3.Error, folder: Path) -> CaseError | None:
    text = str(error)
    if "disk is full" in text:
        return _full(folder)
    if "disk I/O error" in text:
        return CaseError(
            f"The disk of {folder.name} refused to be read or written: it is full, over its quota, or failing. "
            "What was under way was not stored.",
            hint="Free some space, or copy the case to another disk, and do it again.",
        )
    if "readonly" in text or "unable to open" in text:
        return CaseError(
            f"The database of {folder.name} can't be opened or written here.",
            hint="Copy the case to a disk that you may write to, and open it there.",
        )
    if "locked" in text or "busy" in text:
        return CaseError(
            f"Another program is using the database of {folder.name}.", hint="Close it there, and try again."
        )
    if isinstance(error, sqlite3.ProgrammingError | sqlite3.NotSupportedError):
        return None
    what = "it does not come to an end" if "interrupted" in text else one_line(text)
    if not any(words in text for words in _DAMAGED) and not isinstance(error, sqlite3.DataError):
        return None
    return DamagedError(
        f"The database of {called(folder)} is damaged: {what}.",
        hint="`workbench verify CASE` says more; `workbench rescue CASE NEW` rebuilds it from the originals.",
    )


_DAMAGED = (
    "malformed", "not a database", "no such table", "no such column", "interrupted", "decode to UTF-8", "too big",
    "too many", "too large", "unsupported file format", "constraint failed", "datatype mismatch",
)  # fmt: skip
"""What SQLite says of a file that somebody else has written, or that a disk has changed."""

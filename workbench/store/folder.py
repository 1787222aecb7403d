"""The folder of a case: the only door to the files in it, which never leads out of it.

A case may come from somebody else. A link in it would have this program write, delete or pack a file of whoever opens
it. So the whole folder is looked through before anything in it is used, and every file is opened from the folder
downwards, one name at a time, without following a link that was put there since.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Literal, NamedTuple

from workbench.core.errors import CaseError
from workbench.core.text import one_line

DATABASE = "case.db"
MIRROR = "ledger.jsonl"
"""The name of the mirror of the ledger in the case's folder."""

LOCK, HOLDER = "lock", "lock.json"
ORIGINALS = "originals"
INCOMING = f"{ORIGINALS}/.incoming"

_DEEPEST = 8
"""Folders within each other that are looked through: a case has two."""

_HINT = "A case from somebody else may have been prepared to do harm: don't open it, and keep it as evidence."

_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_FLAGS = _NO_LINK | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
"""Without waiting: a pipe that was put in a file's place would never answer."""

_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_CLOEXEC", 0)
_BY_NAME = os.open in os.supports_dir_fd and os.scandir in os.supports_fd
"""Whether the system opens a name relative to an open folder; Windows does not, and each step is looked at instead."""

_SURROGATE = 0x20000000
"""Bit of a Windows reparse tag that stands for another file or folder: links, junctions and mounted folders."""

_ELSEWHERE = {0x80000023, 0x80000024, 0x80000025, 0x80000026, 0x8000001B}
"""Reparse tags of sockets, pipes, devices and stand-ins for programs; those of cloud stores are ordinary files."""

_SUPER = bytes.fromhex("d9d505f920a163d7")
"""How a rollback journal ends that names another file: SQLite deletes that file once the journal was rolled back."""


class ForeignEntryError(CaseError):
    """Something in a case folder is no file or folder of its own, so that the case is not opened at all."""


class _Place(NamedTuple):
    """Where an entry is: its name, and the open folder in which that name is looked up, where the system can."""

    name: str
    beside: int | None


class CaseFolder:
    """The folder of a case; names are relative to it, with a slash between them."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def refuse_foreign(self) -> None:
        """Look through the whole folder. Raises ForeignEntryError that names an entry which leads out of it.

        Those are links, also hard ones, junctions, devices, pipes and sockets. Raises OSError where the folder can't
        be read.
        """
        if _BY_NAME:
            handle = os.open(self.path, _FOLDER)
            try:
                self._look(handle, "", 1)
            finally:
                os.close(handle)
        else:
            self._look(str(self.path), "", 1)
        self._refuse_journal()

    def _look(self, folder: int | str, above: str, depth: int) -> None:
        with os.scandir(folder) as entries:
            for entry in entries:
                name = f"{above}{entry.name}"
                found = entry.stat(follow_symlinks=False)
                self._refuse(name, found)
                if not stat.S_ISDIR(found.st_mode):
                    continue
                if depth > _DEEPEST:
                    raise self._foreign(name, "lies in more folders within each other than a case has")
                self._look_into(folder, entry, name, depth)

    def _look_into(self, folder: int | str, entry: os.DirEntry[str], name: str, depth: int) -> None:
        if not isinstance(folder, int):
            self._look(entry.path, f"{name}/", depth + 1)
            return
        try:
            handle = os.open(entry.name, _FOLDER | _NO_LINK, dir_fd=folder)
        except PermissionError:
            if name in (ORIGINALS, INCOMING):
                raise
            return  # whatever is in there, this program can't open it either
        try:
            self._look(handle, f"{name}/", depth + 1)
        finally:
            os.close(handle)

    def _refuse(self, name: str, found: os.stat_result) -> None:
        """Raise ForeignEntryError unless this may be an entry of that name."""
        if _is_link(found):
            raise self._foreign(name, "is a link, which leads out of it")
        if stat.S_ISDIR(found.st_mode):
            return
        if not stat.S_ISREG(found.st_mode):
            raise self._foreign(name, "is no file, but a device, a pipe or a socket")
        if found.st_nlink > 1:
            raise self._foreign(
                name, "is a hard link: the same file has another name elsewhere",
                "Where the case is yours, copy its folder (a copy has no links) and open the copy.",
            )  # fmt: skip

    def _refuse_journal(self) -> None:
        name = f"{DATABASE}-journal"
        with suppress(FileNotFoundError), self.open(name) as stream:
            if stream.seek(0, os.SEEK_END) >= len(_SUPER):
                stream.seek(-len(_SUPER), os.SEEK_END)
                if stream.read() == _SUPER:
                    raise self._foreign(name, "names a file outside of it, which the database would delete")

    def _foreign(self, name: str, what: str, hint: str = _HINT) -> ForeignEntryError:
        called = one_line(self.path.name or str(self.path), 100)
        return ForeignEntryError(f"{called} is not opened: “{one_line(name, 120)}” in it {what}.", hint=hint)

    @contextmanager
    def _at(self, name: str) -> Iterator[_Place]:
        """The place of an entry, reached without following a link. Raises ForeignEntryError, OSError."""
        *above, last = name.split("/")
        if not _BY_NAME:
            for depth in range(1, len(above) + 1):
                self._refuse("/".join(above[:depth]), self.path.joinpath(*above[:depth]).lstat())
            yield _Place(str(self.path.joinpath(*above, last)), None)
            return
        handle = os.open(self.path, _FOLDER)
        try:
            for depth, step in enumerate(above, 1):
                inner = self._opened("/".join(above[:depth]), _Place(step, handle), _FOLDER | _NO_LINK)
                os.close(handle)
                handle = inner
            yield _Place(last, handle)
        finally:
            os.close(handle)

    def _opened(self, name: str, place: _Place, flags: int) -> int:
        try:
            return os.open(place.name, flags, 0o600, dir_fd=place.beside)
        except OSError as error:
            # A link is one of several errors, by system and by what was asked for; a look tells which it was.
            with suppress(FileNotFoundError):
                self._refuse(name, os.stat(place.name, dir_fd=place.beside, follow_symlinks=False))
            if error.errno == errno.ENXIO:
                raise self._foreign(name, "is no file, but a device, a pipe or a socket") from error
            raise

    def _stream(self, name: str, flags: int, mode: Literal["rb", "r+b", "w+b"]) -> BinaryIO:
        with self._at(name) as place:
            if not _BY_NAME:
                with suppress(FileNotFoundError):
                    self._refuse(name, Path(place.name).lstat())
            handle = self._opened(name, place, flags | _FLAGS)
        try:
            self._refuse(name, os.fstat(handle))
            return os.fdopen(handle, mode)
        except BaseException:
            os.close(handle)
            raise

    def open(self, name: str) -> BinaryIO:
        """A file of the case for reading. Raises ForeignEntryError for what is no file of it, and OSError."""
        return self._stream(name, os.O_RDONLY, "rb")

    def open_to_write(self, name: str) -> BinaryIO:
        """A file of the case for reading and writing, made where there is none. Raises as `open` does."""
        return self._stream(name, os.O_RDWR | os.O_CREAT, "r+b")

    def create(self, name: str) -> BinaryIO:
        """A new file for its owner alone. Raises FileExistsError, ForeignEntryError or OSError."""
        return self._stream(name, os.O_RDWR | os.O_CREAT | os.O_EXCL, "w+b")

    def status(self, name: str) -> os.stat_result | None:
        """What a file of the case is; None where there is none. Raises ForeignEntryError, and OSError."""
        try:
            with self._at(name) as place:
                found = os.stat(place.name, dir_fd=place.beside, follow_symlinks=False)
        except FileNotFoundError:
            return None
        self._refuse(name, found)
        return found

    def names(self, folder: str) -> list[str]:
        """The names in a folder of the case, sorted; none where it is missing. Raises ForeignEntryError, OSError."""
        try:
            with self._at(f"{folder}/.") as place:
                inside = place.name if place.beside is None else place.beside
                with os.scandir(inside) as entries:
                    return sorted(entry.name for entry in entries)
        except FileNotFoundError:
            return []

    def make_folder(self, name: str) -> None:
        """Make a folder for its owner alone; one that is there stays. Raises ForeignEntryError, OSError."""
        with self._at(name) as place, suppress(FileExistsError):
            os.mkdir(place.name, 0o700, dir_fd=place.beside)
        self.status(name)

    def rename(self, name: str, new: str) -> None:
        """Rename a file of the case, in place of what is there. Raises ForeignEntryError, OSError."""
        with self._at(name) as old, self._at(new) as place:
            os.replace(old.name, place.name, src_dir_fd=old.beside, dst_dir_fd=place.beside)

    def remove(self, name: str) -> None:
        """Delete an entry, itself and never what it leads to; one that is gone is fine. Raises OSError."""
        with suppress(FileNotFoundError), self._at(name) as place:
            if place.beside is None:
                # Windows deletes nothing that is read-only.
                Path(place.name).chmod(0o600)
            os.unlink(place.name, dir_fd=place.beside)

    def protect(self, name: str, stream: BinaryIO) -> None:
        """Let an open file of the case be read by its owner alone, and not be written any more. Raises OSError."""
        if _BY_NAME:
            os.fchmod(stream.fileno(), 0o400)
        else:
            self.path.joinpath(name).chmod(0o400)

    def sync(self, name: str) -> None:
        """Have the names in a folder written to its disk, where the system can. Raises OSError."""
        if _BY_NAME:
            with self._at(f"{name}/.") as place:
                os.fsync(place.beside if place.beside is not None else -1)


def _is_link(found: os.stat_result) -> bool:
    tag = getattr(found, "st_reparse_tag", 0)
    return stat.S_ISLNK(found.st_mode) or bool(tag & _SURROGATE) or tag in _ELSEWHERE

"""A folder of files as one archive that is the same bytes whenever its files are: that is what can be kept and hashed.

It is a zip archive that any system opens: members stored as they are, in order of their names byte by byte, no times,
no rights, and the directory at its end as the index. Names and index are never held as a whole, so that a million
files take little memory. Links are never followed.
"""

from __future__ import annotations

import errno
import os
import shutil
import stat
import tempfile
import zlib
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Protocol

from workbench.core.errors import BadInputError
from workbench.core.progress import Progress
from workbench.core.text import one_line
from workbench.core.zip_directory import (
    CENTRAL,
    CENTRAL_MAGIC,
    END,
    END64,
    END64_MAGIC,
    END_MAGIC,
    LOCAL,
    LOCATOR64,
    LOCATOR64_MAGIC,
    MAGIC,
    MOST_16,
    MOST_32,
)
from workbench.importers.containers.zip_members import FOLDER, leads_out

_CHUNK = 1 << 20
_TELL_EVERY = 200
_FIRST_OF_JANUARY_1980 = 0x21
_VERSION, _VERSION_64, _UNIX = 20, 45, 3
_UTF8 = 0x800
_PLAIN_FILE = 0o100644 << 16
_FLAGS = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
# The disk that is written to is full, which is no fault of the file that is read.
_FULL = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}
_LONGEST_NAME = 32_000


def pack_folder(folder: Path, target: BinaryIO, progress: Progress, most: int | None = None) -> int:
    """Write the files of a folder and of those in it, or the first `most` of them, to `target`; returns how many.

    Raises BadInputError for a folder without files, for links, for what is no plain file, for names that can't be
    kept, and for files that change or can't be read. `target` can seek.
    """
    name = one_line(folder.name, 100)
    count = sum(1 for _ in islice(_walk(folder), most))
    if not count:
        raise BadInputError(f"“{name}” holds no files.", hint="Name the folder that the answers lie in.")
    with tempfile.TemporaryFile() as index:
        writer = Writer(target, index)
        for number, inside in enumerate(islice(_walk(folder), most)):
            if number % _TELL_EVERY == 0:
                progress(min(1.0, number / count), f"{number:,} of {count:,} files packed")
            _add(writer, folder, inside)
        writer.finish()
    progress(1.0, f"{count:,} files packed")
    return writer.count


def folder_size(folder: Path) -> int:
    """How many bytes the files of a folder and of those in it have; raises BadInputError as `pack_folder` does."""
    size = 0
    for inside in _walk(folder):
        try:
            size += os.lstat(folder / os.fsdecode(inside)).st_size
        except OSError as error:
            raise _unreadable(inside, error) from None
    return size


def _walk(folder: Path) -> Iterator[bytes]:
    """The paths of all files below the folder, with slashes, in order of their bytes."""
    waiting = [(b"", iter(_listed(folder, b"")))]
    while waiting:
        above, names = waiting[-1]
        name = next(names, None)
        if name is None:
            waiting.pop()
        elif name.endswith(b"/"):
            inside = above + name
            waiting.append((inside, iter(_listed(folder, inside))))
        else:
            yield above + name


def _listed(folder: Path, inside: bytes) -> list[bytes]:
    """The names in one folder in order, those of folders with a slash at their end."""
    found = []
    try:
        with os.scandir(os.fsencode(folder / os.fsdecode(inside))) as entries:
            for entry in entries:
                if entry.is_symlink():
                    raise BadInputError(
                        f"“{_shown(inside + entry.name)}” is a link; links are never followed.",
                        hint="Put the file itself in its place, or take the link away.",
                    )
                found.append(entry.name + b"/" if entry.is_dir(follow_symlinks=False) else entry.name)
    except OSError as error:
        raise _unreadable(inside or os.fsencode(folder), error) from None
    found.sort()
    return found


def _add(writer: Writer, folder: Path, inside: bytes) -> None:
    name = inside.decode("utf-8", "replace")
    if leads_out(name) or len(inside) > _LONGEST_NAME:
        raise BadInputError(
            f"“{_shown(inside)}” is a name that can't be kept in an archive.", hint="Give the file a plain name."
        )
    try:
        handle = os.open(folder / os.fsdecode(inside), _FLAGS)
        with os.fdopen(handle, "rb", buffering=0) as file:
            facts = os.fstat(file.fileno())
            if not stat.S_ISREG(facts.st_mode):
                raise BadInputError(f"“{_shown(inside)}” is no plain file.", hint="Take it out of the folder.")
            same = writer.add(inside, file, facts.st_size)
    except OSError as error:
        if error.errno in _FULL:
            raise
        raise _unreadable(inside, error) from None
    if not same:
        raise BadInputError(f"“{_shown(inside)}” changed while it was being read.", hint="Try again.")


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes | None: ...


class Writer:
    """Members one after the other; the index waits in a file of its own."""

    def __init__(self, target: BinaryIO, index: BinaryIO) -> None:
        """`target` and `index` can seek; `index` is read by nothing else."""
        self.target = target
        self.index = index
        self.count = 0
        self.at = 0

    def add(self, name: bytes, file: _Readable, size: int) -> bool:
        """Write one member; False when the file has another size than it said."""
        flags = 0 if name.isascii() or not _is_utf8(name) else _UTF8
        start, wide = self.at, size >= MOST_32
        head = self._local(name, flags, 0, size, wide=wide)
        self.target.write(head)
        crc, copied = self._copied(file, size)
        end = start + len(head) + copied
        if crc:
            self.target.seek(start)
            self.target.write(self._local(name, flags, crc, size, wide=wide))
            self.target.seek(end)
        self._listed(name, flags, crc, size, start)
        self.at = end
        self.count += 1
        return copied == size

    def finish(self) -> None:
        """Write the index."""
        start, size = self.at, self.index.tell()
        self.index.seek(0)
        shutil.copyfileobj(self.index, self.target, _CHUNK)
        count = self.count
        if count >= MOST_16 or start >= MOST_32 or size >= MOST_32:
            where = start + size
            self.target.write(
                END64.pack(END64_MAGIC, END64.size - 12, _VERSION_64, _VERSION_64, 0, 0, count, count, size, start)
            )
            self.target.write(LOCATOR64.pack(LOCATOR64_MAGIC, 0, where, 1))
        few, small, early = min(count, MOST_16), min(size, MOST_32), min(start, MOST_32)
        self.target.write(END.pack(END_MAGIC, 0, 0, few, few, small, early, len(FOLDER)) + FOLDER)

    def _copied(self, file: _Readable, size: int) -> tuple[int, int]:
        crc = copied = 0
        # A file that somebody goes on writing to would never end.
        while copied <= size and (chunk := file.read(_CHUNK)):
            crc = zlib.crc32(chunk, crc)
            copied += len(chunk)
            self.target.write(chunk)
        return crc, copied

    def _local(self, name: bytes, flags: int, crc: int, size: int, *, wide: bool) -> bytes:
        short = MOST_32 if wide else size
        extra = _wide_extra(size, size) if wide else b""
        version = _VERSION_64 if wide else _VERSION
        fixed = LOCAL.pack(
            MAGIC, version, flags, 0, 0, _FIRST_OF_JANUARY_1980, crc, short, short, len(name), len(extra)
        )
        return fixed + name + extra

    def _listed(self, name: bytes, flags: int, crc: int, size: int, start: int) -> None:
        extra = b""
        if size >= MOST_32:
            extra = _wide_extra(size, size, *([start] if start >= MOST_32 else []))
        elif start >= MOST_32:
            extra = _wide_extra(start)
        version = _VERSION_64 if extra else _VERSION
        short = min(size, MOST_32)
        fixed = CENTRAL.pack(
            CENTRAL_MAGIC, _UNIX << 8 | version, version, flags, 0, 0, _FIRST_OF_JANUARY_1980, crc, short, short,
            len(name), len(extra), 0, 0, 0, _PLAIN_FILE, min(start, MOST_32),
        )  # fmt: skip
        self.index.write(fixed + name + extra)


def _wide_extra(*values: int) -> bytes:
    data = b"".join(value.to_bytes(8, "little") for value in values)
    return b"\x01\x00" + len(data).to_bytes(2, "little") + data


def _is_utf8(name: bytes) -> bool:
    try:
        name.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _shown(name: bytes) -> str:
    return one_line(name.decode("utf-8", "replace"), 100)


def _unreadable(name: bytes, error: OSError) -> BadInputError:
    return BadInputError(
        f"“{_shown(name)}” can't be read: {error.strerror or error}.",
        hint="Check that you may read it and that its disk is in order.",
    )

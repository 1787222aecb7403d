"""Opening a kept file: what is compressed is unwrapped and turned into UTF-8 once, before anybody looks at it.

gzip, zstd and zip may stand around any format, and one of them in a zip archive: a file in an archive in an archive
is read, deeper ones are not. Where a format must be read here and there (zip, Parquet, XLSX) and stands inside
something compressed, it is first unpacked into a temporary file that vanishes with its last reader.
"""

from __future__ import annotations

import os
import stat
import tempfile
import threading
import weakref
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from workbench.core.errors import BadInputError
from workbench.core.zip_directory import ZipEntry
from workbench.importers.base import Opened
from workbench.importers.containers.decompress import CHUNK, damage_of, gunzipped, section, unwrapped, unzstd
from workbench.importers.containers.encoding import LOOK, Encoding, as_utf8, guess, named
from workbench.importers.containers.file_kind import HEAD, kind_of_start, text_only
from workbench.importers.containers.zip_members import opened_member, survey

__all__ = ["HEAD", "INSIDE", "member_of", "open_file", "text_only"]

INSIDE = "!/"
"""Stands in a place between an archive inside an archive and its member."""

LARGEST_SPOOL = 8 << 30
"""A zip archive, Parquet file or workbook inside something compressed may have so many bytes."""

_DEEPEST_ZIP = 2

Raw = Callable[[], BinaryIO]


@dataclass(frozen=True, slots=True)
class _Found:
    """Bytes on their way to being opened: whose they are and what was unwrapped so far."""

    path: Path
    name: str
    size: int
    raw: Raw
    encoding: str
    member: str = ""
    compression: tuple[str, ...] = ()
    seeks: bool = True

    @property
    def zips(self) -> int:
        return self.compression.count("zip")


def open_file(path: Path, name: str = "", encoding: str = "") -> Opened:
    """The file at `path`, which was received under `name`, ready to be read.

    `encoding` is that of its text, where the user names it. Raises BadInputError when the file is missing, empty,
    not a plain file, can't be read, or is an archive that must not be read; UsageError for an unknown encoding.
    """
    shown = name or path.name
    size = _size(path, shown)
    found = _Found(path, shown, size, lambda: path.open("rb"), named(encoding) if encoding else "")
    try:
        return _opened(found)
    except OSError as error:
        raise BadInputError(f"“{shown}” can't be read: {error.strerror or error}.") from None


def member_of(opened: Opened, file: BinaryIO, entry: ZipEntry, lock: threading.Lock, encoding: str = "") -> Opened:
    """One member of an opened archive, ready to be read; `file` is the archive's stream, shared under the lock.

    Raises BadInputError for a member that can't be read.
    """
    place = f"{opened.member}{INSIDE}{entry.name}" if opened.member else entry.name
    found = _Found(
        opened.path,
        entry.name,
        entry.size,
        lambda: opened_member(file, entry, lock),
        named(encoding) if encoding else "",
        place,
        (*opened.compression.split(), "zip"),
        seeks=False,
    )
    return _opened(found)


def _opened(found: _Found) -> Opened:
    with found.raw() as stream:
        kind = kind_of_start(stream.read(8))
    last = found.compression[-1:]
    if kind in ("gzip", "zstd") and last not in (("gzip",), ("zstd",)):
        raw, unwrap = found.raw, gunzipped if kind == "gzip" else unzstd
        more = (*found.compression, kind)
        return _opened(replace(found, raw=lambda: unwrapped(raw(), unwrap), compression=more, seeks=False))
    if kind == "zip" and found.zips < _DEEPEST_ZIP:
        return _of_zip(_seekable(found))
    if kind == "parquet":
        return _container(_seekable(found), "parquet")
    if kind == "arrow":
        return _container(_seekable(found), "arrow")
    return _text(found)


def _of_zip(found: _Found) -> Opened:
    with found.raw() as stream:
        seen = survey(stream, found.name)
    if seen.kind != "single" or seen.only is None:
        return _container(found, seen.kind)
    entry, raw = seen.only, found.raw
    member = f"{found.member}{INSIDE}{entry.name}" if found.member else entry.name
    more = (*found.compression, "zip")
    return _opened(
        replace(found, raw=lambda: opened_member(raw(), entry), member=member, compression=more, seeks=False)
    )


def _container(found: _Found, kind: str) -> Opened:
    with found.raw() as stream:
        head = stream.read(HEAD)
    return Opened(
        found.path,
        found.name,
        found.size,
        head,
        found.raw,
        " ".join(found.compression),
        container=kind,
        member=found.member,
    )


def _text(found: _Found) -> Opened:
    encoding = _encoding(found)
    raw, name = found.raw, encoding.name
    if name:

        def raw() -> BinaryIO:
            return unwrapped(found.raw(), lambda inner: as_utf8(iter(lambda: inner.read(CHUNK), b""), name))

    with raw() as stream:
        head = stream.read(HEAD)
        damage = damage_of(stream)
    if damage and not head:
        raise BadInputError(f"“{found.name}” can't be unwrapped: {damage}.", hint="Ask for the file again.")
    if not head:
        raise BadInputError(f"“{found.name}” holds nothing once it is unwrapped.", hint="Ask for the file again.")
    return Opened(
        found.path,
        found.name,
        found.size,
        head,
        raw,
        " ".join(found.compression),
        encoding.name,
        encoding.how,
        "",
        found.member,
    )


def _encoding(found: _Found) -> Encoding:
    with found.raw() as stream:
        data = stream.read(LOOK)
    seen = guess(data) if _may_be_text(found, data) else Encoding()
    if not found.encoding or seen.how == "mark":
        return seen
    return Encoding() if found.encoding == "utf-8" else Encoding(found.encoding, "given")


def _may_be_text(found: _Found, data: bytes) -> bool:
    """Whether a guess makes sense: not for what is no text in any encoding."""
    if guess(data[:4096]).name.startswith("utf"):
        return True
    try:
        text_only(Opened(found.path, found.name, found.size, data[:HEAD], found.raw))
    except BadInputError:
        return False
    return True


def _seekable(found: _Found) -> _Found:
    """The same bytes in a form that can be read here and there."""
    if found.seeks:
        return found
    spool = _Spool()
    size = 0
    with found.raw() as stream:
        while chunk := stream.read(CHUNK):
            size += len(chunk)
            if size > LARGEST_SPOOL:
                raise BadInputError(
                    f"“{found.name}” holds a file of more than {LARGEST_SPOOL >> 30} GB that is not text.",
                    hint="Unpack it and import what comes out.",
                )
            spool.file.write(chunk)
        damage = damage_of(stream)
    if damage:
        raise BadInputError(f"“{found.name}” can't be unwrapped: {damage}.", hint="Ask for the file again.")
    lock = threading.Lock()
    return replace(found, raw=lambda: section(spool.file, 0, size, lock), seeks=True)


class _Spool:
    """A temporary file that is gone with the last that knows it."""

    def __init__(self) -> None:
        handle, name = tempfile.mkstemp(prefix="workbench-")
        self.file: BinaryIO = os.fdopen(handle, "w+b")
        with suppress(OSError):
            Path(name).unlink()  # Windows deletes no open file: there it goes at the end
        weakref.finalize(self, _gone, self.file, Path(name))


def _gone(file: BinaryIO, path: Path) -> None:
    file.close()
    path.unlink(missing_ok=True)


def _size(path: Path, shown: str) -> int:
    try:
        facts = path.stat()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise BadInputError(f"“{shown}” can't be opened: {reason}.") from None
    if stat.S_ISDIR(facts.st_mode):
        raise BadInputError(f"“{shown}” is a folder.", hint="`workbench import CASE FOLDER` takes it in as one source.")
    if not stat.S_ISREG(facts.st_mode):
        raise BadInputError(f"“{shown}” is not a plain file.")
    if not facts.st_size:
        raise BadInputError(f"“{shown}” is empty (0 bytes).", hint="Ask for the file again.")
    return facts.st_size

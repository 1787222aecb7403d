"""A pack's zip, read without unpacking: two readers of it must see the same files, or it is named.

Python's own `zipfile` is lenient where a forger would hope for it (headers that disagree, bytes between
members, streams that go on), so each member is read from its own place by stricter rules.
"""

from __future__ import annotations

import stat
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from workbench.core.errors import BadInputError
from workbench.core.zip_directory import ZipEntry
from workbench.evidence.check.pack_files import CHUNK, DamagedPackError, PackProblem, bad_name, spoken
from workbench.evidence.check.zip_directory import Directory, HeaderError, look_of, read_directory, start_of
from workbench.evidence.check.zip_form import directory as directory_bytes
from workbench.evidence.check.zip_form import local_headers

_BOMB_SIZE = 64 << 20
_BOMB_RATIO = 200
_STORED, _DEFLATED = 0, 8
_ENCRYPTED = 0x01 | 0x40 | 0x2000
_DESCRIPTOR = 0x08
_LONGEST_DESCRIPTOR = 24


class ZipMembers:
    """The members below the top folder of a pack's zip, with everything that no pack contains named."""

    def __init__(self, path: Path) -> None:
        self.problems: list[PackProblem] = []
        self.sizes: dict[str, int] = {}
        self._entries: dict[str, ZipEntry] = {}
        self._starts: dict[int, int] = {}
        """Where the bytes of the member at an offset begin; -1 where its place can't be trusted."""
        try:
            self._file: IO[bytes] = path.open("rb")
        except OSError as error:
            raise BadInputError(f"{path} can't be opened: {error.strerror}.") from error
        try:
            with self._reads():
                self._take(read_directory(self._file, path.name), path.name)
        except BaseException:
            self.close()
            raise

    @contextmanager
    def _reads(self) -> Iterator[None]:
        """Around every read: a disk that fails, as that of a stick that is pulled out, is a BadInputError."""
        try:
            yield
        except OSError as error:
            raise BadInputError(
                f"{spoken(Path(self._file.name).name)} can't be read: {error.strerror or error}.",
                hint="Copy the pack to another disk, and check it there.",
            ) from error

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _say(self, path: str, what: str, detail: str) -> None:
        self.problems.append(PackProblem(spoken(path), what, detail))

    def _take(self, directory: Directory, name: str) -> None:
        if not directory.tidy:
            self._say(name, "added", "Bytes lie behind the archive's directory, which no pack contains.")
        top = _top_of(directory.entries, name)
        self._places(directory, top)
        self._form(directory, name)
        seen: dict[str, str] = {}
        for entry in directory.entries:
            path = entry.name.removeprefix(top)
            reason = self._refusal(entry, path, top, seen)
            if reason:
                self._say(path, "added", reason)
                continue
            seen[path.casefold()] = path
            self._entries[path] = entry
            self.sizes[path] = entry.size

    def _form(self, directory: Directory, name: str) -> None:
        """The archive must be what our writer makes of its members: another one may be read otherwise elsewhere."""
        if self.problems:
            return  # Said already, member by member.
        usual = Counter(look_of(entry) for entry in directory.entries).most_common(1)[0][0]
        for entry in directory.entries:
            if look_of(entry) != usual:
                path = entry.name.removeprefix(_top_of(directory.entries, name))
                self._say(path, "changed", "Its entry in the archive's directory (date, mode) was altered.")
        self._file.seek(directory.start)
        whole = self._file.read() == directory_bytes(directory.entries, directory.start)
        if not whole or not all(map(self._has_our_header, directory.entries)):
            self._say(
                name,
                "changed",
                "The archive is not as the workbench writes it, so that two programs may read it differently. "
                "Unpack it, "
                "check the folder, and ask for the zip again.",
            )

    def _has_our_header(self, entry: ZipEntry) -> bool:
        small, large = local_headers(entry)
        self._file.seek(entry.offset)
        held = self._file.read(len(large))
        start = self._starts[entry.offset] - entry.offset
        return (held[: len(small)] == small and start == len(small)) or (held == large and start == len(large))

    def _refusal(self, entry: ZipEntry, path: str, top: str, seen: dict[str, str]) -> str:
        """Why a member is not read at all; empty when it may be."""
        kind = stat.S_IFMT(entry.mode)
        unfit = bad_name(entry.name)
        if unfit:
            return f"Refused: {unfit}."
        if not entry.name.startswith(top):
            return "It lies outside the pack's folder."
        if kind not in (0, stat.S_IFREG):
            return "A link or special file, which no pack contains; it was not followed."
        if entry.flags & _ENCRYPTED:
            return "It is encrypted, so that it can't be checked."
        if entry.method not in (_STORED, _DEFLATED):
            return "It is packed by a method that no pack uses."
        if path.casefold() in seen:
            return f"Its name is there twice (as {spoken(seen[path.casefold()])}), so that readers may see either file."
        if entry.size > _BOMB_SIZE and entry.size > _BOMB_RATIO * max(1, entry.packed):
            return f"Refused: {entry.packed:,} bytes would unfold to {entry.size:,} (a zip bomb)."
        return ""

    def _places(self, directory: Directory, top: str) -> None:
        """Members must lie one behind the other, from the first byte to the directory."""
        at, before = 0, 0
        for entry in sorted(directory.entries, key=lambda entry: entry.offset):
            path = entry.name.removeprefix(top)
            if entry.offset < at:
                self._say(path, "changed", "It shares bytes with another member of the archive (a zip bomb).")
                self._starts[entry.offset] = -1
            elif entry.offset > at + before:
                self._say(path, "added", "Bytes that belong to no file lie before it in the archive.")
            try:
                start = start_of(self._file, entry)
            except HeaderError as error:
                self._say(path, "changed", f"In the archive {error}.")
                start = entry.offset
                self._starts[entry.offset] = -1
            self._starts.setdefault(entry.offset, start)
            at = start + entry.packed
            before = _LONGEST_DESCRIPTOR if entry.flags & _DESCRIPTOR else 0
        if not at <= directory.start <= at + before:
            self._say("archive", "added", "Bytes that belong to no file lie before the archive's directory.")

    def chunks(self, path: str) -> Iterator[bytes]:
        """The bytes of one member, about a mebibyte at a time; raises DamagedPackError or BadInputError."""
        entry = self._entries[path]
        start = self._starts[entry.offset]
        if start < 0:
            raise DamagedPackError("its place in the archive can't be trusted")
        total = crc = 0
        for chunk in self._unpacked(entry, start):
            total += len(chunk)
            crc = zlib.crc32(chunk, crc)
            if total > entry.size:
                raise DamagedPackError("it unfolds to more bytes than it states")
            yield chunk
        if total != entry.size or crc != entry.crc:
            raise DamagedPackError("it does not unfold to the bytes that it states")

    def _unpacked(self, entry: ZipEntry, start: int) -> Iterator[bytes]:
        if entry.method == _STORED:
            yield from self._packed(start, entry.packed)
            return
        inflater = zlib.decompressobj(-15)
        try:
            for raw in self._packed(start, entry.packed):
                data = raw
                while data:
                    yield inflater.decompress(data, CHUNK)
                    if inflater.eof and inflater.unused_data:
                        raise DamagedPackError("bytes lie behind its end in the archive")
                    data = inflater.unconsumed_tail
            yield inflater.flush()
        except zlib.error:
            raise DamagedPackError("its packed bytes are damaged") from None
        if not inflater.eof:
            raise DamagedPackError("its packed bytes are cut short")

    def _packed(self, start: int, length: int) -> Iterator[bytes]:
        while length > 0:
            with self._reads():
                self._file.seek(start)
                data = self._file.read(min(length, CHUNK))
            if not data:
                raise DamagedPackError("it is cut short")
            yield data
            start += len(data)
            length -= len(data)


def _top_of(entries: list[ZipEntry], name: str) -> str:
    """The folder that holds bagit.txt, with a slash at its end; empty where that is the archive itself."""
    found = [e.name for e in entries if e.name.rpartition("/")[2] in ("bagit.txt", "manifest-sha256.txt")]
    if not found:
        raise BadInputError(
            f"{name} holds no evidence pack: there is no bagit.txt in it.", hint="Name the pack's zip file."
        )
    return min((n.rpartition("/")[0] + "/" if "/" in n else "" for n in found), key=lambda top: (top.count("/"), top))

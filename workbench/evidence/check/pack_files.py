"""The files of a pack as they lie in a folder or in a zip: never unpacked, never trusted."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from workbench.core.errors import BadInputError
from workbench.core.text import one_line
from workbench.evidence.check.zip_directory import MOST_FILES
from workbench.evidence.pack.names import LONGEST_PATH

CHUNK = 1 << 20
_DEEPEST = 40
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")
_PLAIN = re.compile(r"[ !#-)+-.0-9;=@-\[\]-{}~]+")


@dataclass(frozen=True, slots=True)
class PackProblem:
    """One thing that is wrong with a pack: `what` is changed, added, removed or ledger."""

    path: str
    what: str
    detail: str


class DamagedPackError(Exception):
    """A member whose bytes can't be read as they should be; the text says why."""


class Members(Protocol):
    """The regular files of a pack by their path below its top folder, with what was wrong on the way."""

    @property
    def sizes(self) -> Mapping[str, int]:
        """The size of each file, as stated; reading checks it."""

    @property
    def problems(self) -> list[PackProblem]:
        """What was met that no pack contains: links, doubled names, names that lead out of it."""

    def chunks(self, path: str) -> Iterator[bytes]:
        """The bytes of one file, at most a mebibyte at a time; raises DamagedPackError."""


def bad_name(path: str) -> str:
    """Why no pack contains a file of this name; empty when one may."""
    parts = path.split("/")
    if path.startswith("/") or re.match(r"[A-Za-z]:", path):
        return "an absolute path, which would be written outside the pack"
    if "\\" in path or "\0" in path or ".." in parts:
        return "a path that leads out of the pack"
    if "" in parts or "." in parts or len(path) > 4 * LONGEST_PATH:
        return "a path that no pack contains"
    if not all(_PLAIN.fullmatch(p) for p in parts) or any(p[-1] in " ." or _RESERVED.fullmatch(p) for p in parts):
        return "a name that not every operating system can hold"
    return ""


def spoken(path: str) -> str:
    """A member's name that is safe to show."""
    return one_line(path, 200)


class FolderMembers:
    """An unpacked pack; links and special files are named and never opened."""

    def __init__(self, folder: Path) -> None:
        self.problems: list[PackProblem] = []
        self.root = _root_of(folder)
        self.sizes: dict[str, int] = {}
        self._walk(self.root, "", 0)

    def _walk(self, folder: Path, prefix: str, depth: int) -> None:
        try:
            with os.scandir(folder) as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except OSError as error:
            self._say(prefix or ".", "changed", f"The folder can't be read: {error.strerror}.")
            return
        for entry in entries:
            if len(self.sizes) >= MOST_FILES:
                raise BadInputError(f"The folder holds more than {MOST_FILES:,} files: this is no pack.")
            path = prefix + entry.name
            if entry.is_symlink():
                self._say(path, "added", "A link, which no pack contains; it was not followed.")
            elif entry.is_dir(follow_symlinks=False) and depth < _DEEPEST:
                self._walk(folder / entry.name, f"{path}/", depth + 1)
            elif entry.is_file(follow_symlinks=False):
                self.sizes[path] = entry.stat(follow_symlinks=False).st_size
            else:
                self._say(path, "added", "Neither a file nor a folder; it was not opened.")

    def _say(self, path: str, what: str, detail: str) -> None:
        self.problems.append(PackProblem(spoken(path), what, detail))

    def chunks(self, path: str) -> Iterator[bytes]:
        """The bytes of one file, at most a mebibyte at a time; raises DamagedPackError."""
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        try:
            handle = os.open(self.root / path, flags)
            with os.fdopen(handle, "rb") as stream:
                if not stat.S_ISREG(os.fstat(handle).st_mode):
                    raise DamagedPackError("it is no longer a file")
                left = self.sizes[path]
                while chunk := stream.read(CHUNK):
                    left -= len(chunk)
                    if left < 0:
                        raise DamagedPackError("it grew while it was read")
                    yield chunk
        except OSError as error:
            raise DamagedPackError(f"it can't be read: {error.strerror}") from error


def _root_of(folder: Path) -> Path:
    """The folder that holds bagit.txt: the one given, or the only folder inside it that does."""
    if (folder / "bagit.txt").is_file() or (folder / "manifest-sha256.txt").is_file():
        return folder
    try:
        inner = [p for p in folder.iterdir() if not p.is_symlink() and (p / "bagit.txt").is_file()]
    except OSError as error:
        raise BadInputError(f"{folder} can't be read: {error.strerror}.") from error
    if len(inner) == 1:
        return inner[0]
    raise BadInputError(
        f"{folder} holds no evidence pack: there is no bagit.txt in it.",
        hint="Name the pack's zip file, or the folder that holds START_HERE.html.",
    )

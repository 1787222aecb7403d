"""The bytes of a file as received, searched for secrets in everything that can be unwrapped, and its encoding."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import BinaryIO, NamedTuple

from workbench.core.errors import BadInputError
from workbench.core.progress import Progress, silent
from workbench.core.secrets.find import OVERLAP, Secret, digest, find, find_in_octets
from workbench.core.secrets.names import names_column
from workbench.core.zip_directory import ZipEntry
from workbench.importers.base import Opened
from workbench.importers.containers.open import member_of, open_file
from workbench.importers.containers.zip_directory import entries
from workbench.importers.mapping.secret_columns import (
    CellSecret,
    columns_of,
    in_arrow,
    in_parquet,
    in_text,
    in_workbook,
)

CHUNK = 1 << 20
MOST = 10_000
"""Secrets of one file that are listed; a file with more is withheld all the same."""

_DEEPEST = 2

_HEADER = 30
"""Bytes of a member's header before its name."""


class RawSecret(NamedTuple):
    """A secret in a file: the member it is in, where it starts in that member's unwrapped bytes, and its SHA-256."""

    member: str
    secret: Secret
    sha256: bytes


class Searched(NamedTuple):
    """What was seen of a file: its encoding in words, its secrets, and whether all of it could be searched."""

    encoding: str
    secrets: tuple[RawSecret, ...]
    whole: bool


def search_file(path: Path, name: str, progress: Progress = silent) -> Searched:
    """Search a file; one that can't be opened is searched as the bytes that it is."""
    try:
        opened = open_file(path, name)
    except BadInputError:
        return _plain(path, progress)
    search = _Search(progress)
    search.take(opened, 0)
    words = search.encodings()
    return Searched(words, tuple(search.found[:MOST]), search.whole and len(search.found) <= MOST)


def _plain(path: Path, progress: Progress) -> Searched:
    search = _Search(progress)
    with path.open("rb") as stream:
        search.stream(stream, "", path.stat().st_size)
    return Searched("not text, or damaged", tuple(search.found[:MOST]), whole=False)


class _Search:
    def __init__(self, progress: Progress) -> None:
        self.found: list[RawSecret] = []
        self.whole = True
        self._progress = progress
        self._encodings: dict[str, int] = {}
        self._in_book = self._named = False

    def encodings(self) -> str:
        """The encodings that were met, with how many members have each, where there are several."""
        several = len(self._encodings) > 1
        return ", ".join(f"{name} ({n})" if several else name for name, n in sorted(self._encodings.items()))

    def take(self, opened: Opened, depth: int) -> None:
        """Search a file or a member, whatever it is wrapped in."""
        if opened.container == "xlsx":
            self._book(opened, depth)
            return
        if opened.container in ("zip", "inspect"):
            self._members(opened, depth)
            return
        # The columns of a Parquet file are packed: its records are searched when they are read.
        self.whole &= opened.container != "parquet"
        self._note(_words(opened))
        try:
            with closing(opened.stream()) as stream:
                self.stream(stream, opened.member, opened.size)
            self._columns(opened)
        except BadInputError:
            self.whole = False

    def _columns(self, opened: Opened) -> None:
        """Search the columns of a table that are named for secrets."""
        if opened.container == "parquet":
            self._cells(in_parquet(opened, self._tell))
        elif opened.container == "arrow":
            self._cells(in_arrow(opened, self._tell))
        elif not opened.container and (columns := columns_of(opened)):
            # What has a form of its own was found in the bytes.
            self._cells(one for one in in_text(opened, columns, self._tell) if not find(one.value))

    def _book(self, opened: Opened, depth: int) -> None:
        self._in_book, self._named = True, False
        self._members(opened, depth)
        self._in_book = False
        if self._named:
            try:
                self._cells(in_workbook(opened, self._tell))
            except BadInputError:
                self.whole = False

    def _cells(self, cells: Iterator[CellSecret]) -> None:
        for member, secret, value in cells:
            if len(self.found) > MOST:
                return
            self.found.append(RawSecret(member, secret, digest(value, secret._replace(start=0))))

    def _tell(self, fraction: float, note: str = "") -> None:
        self._progress(1.0, f"searching columns for secrets: {note}")

    def _members(self, opened: Opened, depth: int) -> None:
        lock = threading.Lock()
        with closing(opened.stream()) as file:
            for entry in list(entries(file)):
                self._name(entry)
                if entry.folder:
                    continue
                try:
                    if depth >= _DEEPEST:
                        raise BadInputError("too deep")
                    self.take(member_of(opened, file, entry, lock), depth + 1)
                except BadInputError:
                    self.whole = False

    def _name(self, entry: ZipEntry) -> None:
        """A secret in the name of a member: its place is that in the name, counted from where the member begins."""
        for secret in find(entry.name):
            at = secret._replace(start=entry.offset + _HEADER + secret.start)
            self.found.append(RawSecret("", at, digest(entry.name, secret)))

    def stream(self, stream: BinaryIO, member: str, size: int) -> None:
        """Search a stream in pieces that overlap, so that nothing is cut between two of them."""
        for start, piece in _pieces(stream):
            text = piece.decode("latin-1")
            self._named = self._named or (self._in_book and _names(piece))
            for secret in find_in_octets(text):
                at = secret._replace(start=start + secret.start)
                one = RawSecret(member, at, digest(text, secret))
                if len(self.found) <= MOST and one not in self.found[-50:]:
                    self.found.append(one)
            self._progress(min(1.0, start / max(1, size)), "searching files for secrets")

    def _note(self, encoding: str) -> None:
        self._encodings[encoding] = self._encodings.get(encoding, 0) + 1


def _pieces(stream: BinaryIO) -> Iterator[tuple[int, bytes]]:
    held, start = b"", 0
    while chunk := stream.read(CHUNK):
        piece = held + chunk
        yield start, piece
        held = piece[-OVERLAP:]
        start += len(piece) - len(held)


def _names(piece: bytes) -> bool:
    """Whether a cell of a workbook's sheet says the name of a column of secrets."""
    return any(names_column(cell.decode("utf-8", "replace")) for cell in _CELL.findall(piece))


_CELL = re.compile(
    rb"<(?:\w{1,9}:)?t(?: [^<>]{0,40})?>([^<>\s?!,;]{1,180}(?: [^<>\s?!,;]{1,60}){0,2} ?)</(?:\w{1,9}:)?t>"
)
_BOM = b"\xef\xbb\xbf"
_HOW = {"mark": "by its mark", "guessed": "guessed from its bytes", "given": "as given"}


def _words(opened: Opened) -> str:
    if opened.container:
        return opened.container
    if opened.encoding:
        return f"{opened.encoding}, {_HOW.get(opened.encoded, opened.encoded)}".rstrip(", ")
    if opened.head.startswith(_BOM):
        return "utf-8, by its mark"
    return "utf-8" if not opened.head.isascii() else "utf-8 (its beginning is ASCII)"

"""Which importers know a file: each is asked once, and its word is passed along with the file.

Of an archive the importers are asked about its first files, and what these are says what the archive is.
"""

from __future__ import annotations

import codecs
import threading
from abc import abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import PurePosixPath

from workbench.core.errors import BadInputError
from workbench.core.zip_directory import ZipEntry
from workbench.importers.base import Claim, Importer, Opened, Options
from workbench.importers.containers.answer_files import files_of_answers
from workbench.importers.containers.file_kind import text_only
from workbench.importers.containers.open import member_of

ZIP = "zip"
TEXT_SUFFIXES = ("", ".txt", ".text", ".md", ".markdown", ".rst", ".out", ".answer")
_LOOKED_AT = 30
_LINES = 5

Claimed = tuple[Importer, Claim]


@dataclass(frozen=True, slots=True)
class Known:
    """The importers that know a file unasked; of an archive also what its first files are."""

    claims: tuple[Claimed, ...] = ()
    scan: ArchiveScan | None = None


class Recognised:
    """A file with what the importers say of it; each of them is asked when its word is first wanted, and once.

    `known` is what was found out about it before. Raises BadInputError, on the first question, for a file that is
    neither text nor a container.
    """

    def __init__(
        self, opened: Opened, importers: Sequence[Importer], known: Known | None = None, encoding: str = ""
    ) -> None:
        self.opened = opened
        self._importers = importers
        self._before = known
        self._encoding = encoding

    @cached_property
    def known(self) -> Known:
        """The importers that know the file without a mapping."""
        if self._before is not None:
            return self._before
        if self.scan is None:
            return Known(self._asked(with_mapping=False))
        archives = [i for i in self._fitting() if isinstance(i, ArchiveImporter)]
        found = [claimed for i in archives if (claimed := i.sniff_files(self.scan)) is not None]
        return Known(tuple(found), self.scan)

    @cached_property
    def mapped(self) -> tuple[Claimed, ...]:
        """The importers that read the file with a mapping; what an archive holds is mapped file by file."""
        return self._asked(with_mapping=True) if self.scan is None else self.known.claims

    @cached_property
    def scan(self) -> ArchiveScan | None:
        """The first files in it, where it is an archive."""
        if self._before is not None or self.opened.container != ZIP:
            return self._before.scan if self._before else None
        return ArchiveScan(self.opened, self._member, self._encoding)

    def _member(self, opened: Opened) -> Recognised:
        return Recognised(opened, self._importers, encoding=self._encoding)

    def claims(self, options: Options) -> tuple[Claimed, ...]:
        """The importers that know the file; with a mapping in the options those that read it by that."""
        return self.mapped if options.mapping else self.known.claims

    def member(self, opened: Opened, entry: ZipEntry) -> Recognised:
        """A file in this archive, with what is known of it already."""
        return Recognised(opened, self._importers, self.scan.members.get(entry.offset) if self.scan else None)

    def any_joins(self, options: Options) -> bool:
        """Whether a file in this archive may want prompts: what is too large to be looked through counts as such."""
        if options.mapping:
            return any(i.joins(options) for i in self._importers if i.asked_only)
        if self.scan is None or not self.scan.is_all:
            return True
        return any(importer.joins(options) for known in self.scan.members.values() for importer, _ in known.claims)

    def _fitting(self) -> list[Importer]:
        return [importer for importer in self._importers if importer.container == self.opened.container]

    def _asked(self, *, with_mapping: bool) -> tuple[Claimed, ...]:
        if not self.opened.container:
            text_only(self.opened)
        asked = [(i, i.sniff(self.opened)) for i in self._fitting() if i.asked_only is with_mapping]
        return tuple((importer, found) for importer, found in asked if found is not None)


class ArchiveScan:
    """The first files of an archive that may hold answers; `members` says who knows each, by its offset."""

    def __init__(self, opened: Opened, recognise: Callable[[Opened], Recognised], encoding: str) -> None:
        self.members: dict[int, Known] = {}
        self._plain = self._count = 0
        with opened.stream() as listing, opened.stream() as file:
            lock = threading.Lock()
            some = list(islice(files_of_answers(opened, listing), _LOOKED_AT + 1))
            self.is_all = len(some) <= _LOOKED_AT
            for entry in some[:_LOOKED_AT]:
                self._count += 1
                try:
                    member = member_of(opened, file, entry, lock, encoding)
                    known = self.members[entry.offset] = recognise(member).known
                except BadInputError:
                    self._plain += _may_be_plain(entry) and not entry.size
                else:
                    plain = _may_be_plain(entry) and not member.container and not known.claims
                    self._plain += plain and not _are_json_lines(member.head)

    @property
    def mostly_text(self) -> bool:
        """Whether more than half of the first files are plain text that no importer knows."""
        return 2 * self._plain > self._count

    @property
    def none_known(self) -> bool:
        """Whether no importer knows any of the first files, and they are not answers in plain text."""
        return self._count > 0 and not self.mostly_text and not any(known.claims for known in self.members.values())

    @property
    def training(self) -> bool:
        """Whether each of the first files that are known is a set to train with."""
        found = [known.claims[0][0].training for known in self.members.values() if len(known.claims) == 1]
        return bool(found) and all(found)


class ArchiveImporter(Importer):
    """Reads archives. Two of them tell by the files in an archive which of them reads it."""

    container = ZIP
    suffixes = (".zip",)

    def sniff(self, opened: Opened) -> Claim | None:
        """Never by the archive itself: it is asked about the files in it."""
        return None

    @abstractmethod
    def sniff_files(self, scan: ArchiveScan) -> Claimed | None:
        """Whether it reads an archive of such files; the importer that it gives has seen them."""


def _are_json_lines(head: bytes) -> bool:
    """Whether the first lines are objects each, as records are; a lone one may well be an answer."""
    lines = head.removeprefix(codecs.BOM_UTF8).split(b"\n")[:_LINES]
    found = [line.strip() for line in (lines[:-1] if len(lines) == _LINES else lines) if line.strip()]
    return len(found) > 1 and all(line[:1] == b"{" and line[-1:] == b"}" for line in found)


def _may_be_plain(entry: ZipEntry) -> bool:
    return PurePosixPath(entry.name).suffix.lower() in TEXT_SUFFIXES

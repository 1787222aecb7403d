"""A zip archive, or a folder kept as one: each file in it is read by the importer that knows it.

Files that hold no answers are left out: a file of prompts, which is joined with the answers beside it, and what
systems strew into folders. Any other file that nobody can read is one rejected record, so that none is passed over.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import islice
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from workbench.core.errors import BadInputError
from workbench.core.model import CorpusFacts, Rejected
from workbench.core.progress import Progress, part
from workbench.core.text import one_line
from workbench.importers.base import Claim, Importer, Opened, Options, Record
from workbench.importers.containers.decompress import BombError
from workbench.importers.containers.har_attachments import attached_in, reader_beside
from workbench.importers.containers.open import member_of
from workbench.importers.containers.zip_directory import Entry, entries
from workbench.importers.mapping.prompt_files import Asked

if TYPE_CHECKING:
    from typing import BinaryIO

TEXT_SUFFIXES = ("", ".txt", ".text", ".md", ".markdown", ".rst", ".out", ".answer")
NO_RECORD = "there is no record in the file"
_LOOKED_AT = 30
_MOST_ASKED = 200
_FEW = 4
_STREWN = re.compile(r"(^|/)(__MACOSX/|\._[^/]*$|\.DS_Store$|Thumbs\.db$|desktop\.ini$)", re.IGNORECASE)
_PROMPTS = re.compile(r"(^|/)(questions?|prompts?)\.(jsonl|ndjson|json|csv|tsv)$", re.IGNORECASE)


class Archive(Importer):
    """The files of an archive, in the order of its directory, each in its own format."""

    key = "archive"
    title = "Zip archive or folder of files in known formats"
    suffixes = (".zip",)
    container = "zip"

    def __init__(self, inner: Importer | None = None) -> None:
        """With `inner` every file is read by that importer, whatever the others say."""
        self.inner = inner
        if inner is not None:
            self.key = f"archive:{inner.key}"

    def sniff(self, opened: Opened) -> Claim | None:
        """At least half of the first files are no plain text."""
        return Claim("an archive of files that hold answers") if not mostly_text(opened) else None

    def joins(self, options: Options) -> bool:
        """Always: what does not join its prompts leaves them alone."""
        return True

    def read(self, opened: Opened, options: Options, progress: Progress) -> Iterator[Record]:
        """The records of all its files, one after the other, each numbered within its own file."""
        with opened.stream() as listing, opened.stream() as file:
            lock = threading.Lock()
            prompts = None if options.prompts else prompts_in(opened, file, lock)
            attached = attached_in(opened)
            given = options.prompts or prompts
            options = replace(options, prompts=Asked(given) if given and not isinstance(given, Asked) else given)
            whole = max(1, sum(entry.packed for entry in entries(listing)))
            count = done = 0
            for entry in entries(listing):
                share = part(progress, done / whole, (done + entry.packed) / whole)
                done += entry.packed
                if not holds_answers(entry, prompts) or entry.name in attached:
                    continue
                for record in self._records(opened, file, entry, lock, options, share):
                    count += not isinstance(record, CorpusFacts)
                    yield record
            progress(1.0, f"{count:,} records read")

    def _records(
        self, opened: Opened, file: BinaryIO, entry: Entry, lock: threading.Lock, options: Options, progress: Progress
    ) -> Iterator[Record]:
        """The records of one file; one rejected record where it can't be read, or not to its end."""
        place = f"{opened.member}!/{entry.name}" if opened.member else entry.name
        read = 0
        try:
            member = member_of(opened, file, entry, lock, options.encoding)
            place = member.member or place
            if attached_in(opened) and entry.name.lower().endswith(".har"):
                options = replace(options, beside=reader_beside(opened, file, entry, lock))
            for record in self._chosen(member, options).read(member, options, progress):
                yield record if isinstance(record, CorpusFacts) or record.member else record._replace(member=place)
                read += not isinstance(record, CorpusFacts)
            if not read:
                yield Rejected(NO_RECORD, 0, 0, entry.size, place)
        except BombError:
            raise
        except BadInputError as error:
            yield Rejected(f"the file can't be read: {error.message}", read, 0, entry.size, place)

    def _chosen(self, member: Opened, options: Options) -> Importer:
        from workbench.importers.choose import choose

        if self.inner is not None and (self.inner.container or not member.container):
            return choose(member, options, self.inner.key)
        return choose(member, options)


def holds_answers(entry: Entry, prompts: Opened | None = None) -> bool:
    """Whether a member is a file that may hold answers: no folder, no prompts, nothing strewn in by a system."""
    if entry.folder or _STREWN.search(entry.name):
        return False
    return prompts is None or prompts.name != entry.name


def answer_files(opened: Opened) -> int:
    """How many files of an archive may hold answers."""
    named = _prompt_files(opened)
    with opened.stream() as listing:
        return sum(holds_answers(e) and (len(named) != 1 or e.name != named[0].name) for e in entries(listing))


def prompts_in(opened: Opened, file: BinaryIO, lock: threading.Lock) -> Opened | None:
    """The file of prompts in an archive, by its name; None where there is none, or more than one."""
    named = _prompt_files(opened)
    return member_of(opened, file, named[0], lock) if len(named) == 1 else None


@lru_cache(maxsize=8)
def _prompt_files(opened: Opened) -> tuple[Entry, ...]:
    with opened.stream() as listing:
        return tuple(islice((e for e in entries(listing) if _PROMPTS.search(e.name)), _LOOKED_AT))


def words_of_archive(opened: Opened, options: Options) -> tuple[str, ...]:
    """Which files of an archive give prompts or texts to others, and which don't; nothing for other files."""
    if opened.container != Archive.container:
        return ()
    named = [f"“{one_line(entry.name, 80)}”" for entry in _prompt_files(opened)]
    said = []
    if attached := attached_in(opened):
        said.append(f"{len(attached):,} files in it are read as texts of the HAR capture that names them.")
    if options.prompts is not None:
        if named:
            said.append(f"The prompts are those of --prompts: {' and '.join(named[:_FEW])} in it gave none.")
        if not mostly_text(opened) and not _any_joins(opened, options):
            said.append("--prompts was not needed: no file in it is of a format that lacks its prompts.")
    elif len(named) == 1:
        said.append(f"Answers that carry no prompt get theirs by id from {named[0]}, which is in it.")
    elif named:
        said.append(
            f"It holds several files of prompts ({', '.join(named[:_FEW])}), so that none was joined: name one with "
            "--prompts."
        )
    return tuple(said)


def _any_joins(opened: Opened, options: Options) -> bool:
    """Whether a file in an archive may want prompts: what is too large to be looked through counts as such."""
    from workbench.importers.registry import claim

    with opened.stream() as listing, opened.stream() as file:
        lock = threading.Lock()
        some = list(islice((e for e in entries(listing) if holds_answers(e)), _MOST_ASKED + 1))
        for entry in some[:_MOST_ASKED]:
            try:
                member = member_of(opened, file, entry, lock, options.encoding)
                claims = claim(member, options)
            except BadInputError:
                continue
            if any(importer.joins(options) for importer, _ in claims):
                return member.container != Archive.container or _any_joins(member, options)
    return len(some) > _MOST_ASKED


def mostly_text(opened: Opened) -> bool:
    """Whether more than half of the first files are plain text that no importer knows."""
    with opened.stream() as listing, opened.stream() as file:
        lock = threading.Lock()
        kinds = [_is_plain(opened, file, entry, lock) for entry in islice(_of_answers(opened, listing), _LOOKED_AT)]
    return 2 * sum(kinds) > len(kinds)


def none_known(opened: Opened) -> bool:
    """Whether no importer knows any of the first files of an archive, and they are not answers in plain text."""
    if mostly_text(opened):
        return False
    with opened.stream() as listing, opened.stream() as file:
        lock = threading.Lock()
        some = list(islice(_of_answers(opened, listing), _LOOKED_AT))
        return bool(some) and not any(_is_known(opened, file, entry, lock) for entry in some)


def _is_known(opened: Opened, file: BinaryIO, entry: Entry, lock: threading.Lock) -> bool:
    from workbench.importers.registry import claim

    try:
        return bool(claim(member_of(opened, file, entry, lock)))
    except BadInputError:
        return False


def _of_answers(opened: Opened, listing: BinaryIO) -> Iterator[Entry]:
    """The members that may hold answers of their own."""
    attached = attached_in(opened)
    for entry in entries(listing):
        if holds_answers(entry) and not _PROMPTS.search(entry.name) and entry.name not in attached:
            yield entry


def _is_plain(opened: Opened, file: BinaryIO, entry: Entry, lock: threading.Lock) -> bool:
    from workbench.importers.registry import claim

    if PurePosixPath(entry.name).suffix.lower() not in TEXT_SUFFIXES:
        return False
    try:
        member = member_of(opened, file, entry, lock)
        return not member.container and not claim(member)
    except BadInputError:
        return not entry.size

"""A zip archive, or a folder kept as one: each file in it is read by the importer that knows it.

Files that hold no answers are left out: a file of prompts, which is joined with the answers beside it, and what
systems add to folders. Any other file that no importer can read is one rejected record, so that none is passed over.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import BinaryIO

from workbench.core.errors import BadInputError
from workbench.core.model import CorpusFacts, Rejected
from workbench.core.progress import Progress, part
from workbench.core.text import one_line
from workbench.core.zip_directory import ZipEntry
from workbench.importers.base import Claim, Importer, Opened, Options, Record
from workbench.importers.containers.answer_files import holds_answers, prompt_files, prompts_in
from workbench.importers.containers.decompress import BombError
from workbench.importers.containers.har_attachments import attached_in, reader_beside
from workbench.importers.containers.open import member_of
from workbench.importers.containers.zip_directory import entries
from workbench.importers.mapping.prompt_files import PromptFile
from workbench.importers.recognise import ArchiveImporter, ArchiveScan, Claimed, Known, Recognised

NO_RECORD = "there is no record in the file"
_FEW = 4

Chooser = Callable[[Opened, Known | None, Options, str | None], Importer]
"""Who reads a file: what is known of it, the options, and the key of the importer that was named."""


class Archive(ArchiveImporter):
    """The files of an archive, in the order of its directory, each in its own format."""

    key = "archive"
    title = "Zip archive or folder of files in known formats"

    def __init__(self, choose: Chooser, inner: Importer | None = None, scan: ArchiveScan | None = None) -> None:
        """`choose` says who reads each file; with `inner` every file is read by that importer."""
        self.inner = inner
        self._choose = choose
        self._known: Mapping[int, Known] = scan.members if scan else {}
        if scan is not None:
            self.training = scan.training
        if inner is not None:
            self.key = f"archive:{inner.key}"
            self.training = inner.training

    def of(self, inner: Importer) -> Archive:
        """The same importer, which reads every file by `inner`."""
        return Archive(self._choose, inner)

    def sniff_files(self, scan: ArchiveScan) -> Claimed | None:
        """At least half of the first files are no plain text."""
        if scan.mostly_text:
            return None
        return Archive(self._choose, scan=scan), Claim("an archive of files that hold answers")

    def joins(self, options: Options) -> bool:
        """Always: what does not join its prompts leaves them alone."""
        return True

    def read(self, opened: Opened, options: Options, progress: Progress) -> Iterator[Record]:
        """The records of all its files, one after the other, each numbered within its own file."""
        with opened.stream() as listing, opened.stream() as file:
            lock = threading.Lock()
            prompts = None if options.prompts else prompts_in(opened, file, lock)
            attached = attached_in(opened)
            if prompts is not None:
                options = replace(options, prompts=PromptFile(prompts))
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
        self,
        opened: Opened,
        file: BinaryIO,
        entry: ZipEntry,
        lock: threading.Lock,
        options: Options,
        progress: Progress,
    ) -> Iterator[Record]:
        """The records of one file; one rejected record where it can't be read, or not to its end."""
        place = f"{opened.member}!/{entry.name}" if opened.member else entry.name
        read = 0
        try:
            member = member_of(opened, file, entry, lock, options.encoding)
            place = member.member or place
            if attached_in(opened) and entry.name.lower().endswith(".har"):
                options = replace(options, beside=reader_beside(opened, file, entry, lock))
            for record in self._reader_of(member, entry, options).read(member, options, progress):
                yield record if isinstance(record, CorpusFacts) or record.member else record._replace(member=place)
                read += not isinstance(record, CorpusFacts)
            if not read:
                yield Rejected(NO_RECORD, 0, 0, entry.size, place)
        except BombError:
            raise
        except BadInputError as error:
            yield Rejected(f"the file can't be read: {error.message}", read, 0, entry.size, place)

    def _reader_of(self, member: Opened, entry: ZipEntry, options: Options) -> Importer:
        named = self.inner if self.inner is not None and (self.inner.container or not member.container) else None
        return self._choose(member, self._known.get(entry.offset), options, named.key if named else None)


def words_of_archive(recognised: Recognised, options: Options) -> tuple[str, ...]:
    """Which files of an archive give prompts or texts to others, and which don't; nothing for other files."""
    if recognised.scan is None:
        return ()
    named = [f"“{one_line(entry.name, 80)}”" for entry in prompt_files(recognised.opened)]
    said = []
    if attached := attached_in(recognised.opened):
        said.append(f"{len(attached):,} files in it are read as texts of the HAR capture that names them.")
    if options.prompts is not None:
        if named:
            said.append(f"The prompts are those of --prompts: {' and '.join(named[:_FEW])} in it gave none.")
        if not recognised.scan.mostly_text and not recognised.any_joins(options):
            said.append("--prompts was not needed: no file in it is of a format that lacks its prompts.")
    elif len(named) == 1:
        said.append(f"Answers that carry no prompt get theirs by id from {named[0]}, which is in it.")
    elif named:
        said.append(
            f"It holds several files of prompts ({', '.join(named[:_FEW])}), so that none was joined: name one with "
            "--prompts."
        )
    return tuple(said)

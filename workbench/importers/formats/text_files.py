"""A folder of text files, kept as an archive, or a zip archive of them: each file is one answer.

The id of its prompt is the file's name without its ending; a file of prompts in the folder (`prompts.jsonl`,
`questions.csv` and the like) or one that is given is joined by it. Where the files lie in folders, the first folder
that not all of them share names the model, and what follows it is the id.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import BinaryIO

from workbench.core.errors import BadInputError
from workbench.core.model import Rejected, Response
from workbench.core.progress import Progress
from workbench.core.secrets.find import masked_name
from workbench.core.text import well_formed
from workbench.core.zip_directory import ZipEntry
from workbench.importers import base
from workbench.importers.base import Claim, Opened, Options, Record
from workbench.importers.containers.answer_files import holds_answers, prompts_in
from workbench.importers.containers.decompress import BombError
from workbench.importers.containers.encoding import Encoding, as_utf8, guess, named
from workbench.importers.containers.file_kind import HEAD, plainly_text, text_only
from workbench.importers.containers.zip_directory import entries
from workbench.importers.containers.zip_members import member_bytes
from workbench.importers.mapping.prompt_files import PromptFile
from workbench.importers.reading import tolerant_parse
from workbench.importers.reading.fields import EMPTY, flags_of
from workbench.importers.reading.records_importer import JoinedPrompts
from workbench.importers.reading.window import TOO_LONG
from workbench.importers.recognise import ArchiveImporter, ArchiveScan, Claimed

_TELL_EVERY = 500
_BOM = b"\xef\xbb\xbf"


class TextFiles(ArchiveImporter):
    """One answer a file, in the order of the archive's directory."""

    key = "text_files"
    title = "Folder or zip archive of text files, one answer each"

    def sniff_files(self, scan: ArchiveScan) -> Claimed | None:
        """More than half of the first files are plain text."""
        return (self, Claim("an archive of text files, one answer each")) if scan.mostly_text else None

    def joins(self, options: Options) -> bool:
        """Always: by the files' names."""
        return True

    def read(self, opened: Opened, options: Options, progress: Progress) -> Iterator[Record]:
        """One record a file. Raises BadInputError for a file of prompts that is none."""
        with opened.stream() as listing, opened.stream() as file:
            lock = threading.Lock()
            prompts = None if options.prompts else prompts_in(opened, file, lock)
            joined = JoinedPrompts(options if prompts is None else replace(options, prompts=PromptFile(prompts)))
            shared, count = _shared_folder(entry for entry in entries(listing) if holds_answers(entry, prompts))
            encoding = named(options.encoding) if options.encoding else ""
            reader = _Reader(opened, file, lock, joined, shared, encoding)
            wanted = (entry for entry in entries(listing) if holds_answers(entry, prompts))
            for index, entry in enumerate(wanted):
                if index % _TELL_EVERY == 0:
                    progress(index / count, f"{index:,} of {count:,} files read")
                yield reader.record(entry)
            progress(1.0, f"{count:,} files read")


@dataclass(frozen=True, slots=True)
class _Reader:
    opened: Opened
    file: BinaryIO
    lock: threading.Lock
    prompts: JoinedPrompts
    shared: tuple[str, ...]
    encoding: str

    def record(self, entry: ZipEntry) -> Response | Rejected:
        """The answer that a member is, or why it is none."""
        place = f"{self.opened.member}!/{entry.name}" if self.opened.member else entry.name
        try:
            data = self._data(entry)
            return self._answer(entry, place, data)
        except BombError:
            raise
        except BadInputError as error:
            return Rejected(error.message, 0, 0, entry.size, place)

    def _data(self, entry: ZipEntry) -> bytes:
        if entry.size > base.MAX_RECORD:
            raise BadInputError(TOO_LONG)
        return member_bytes(self.file, entry, self.lock)

    def _answer(self, entry: ZipEntry, place: str, data: bytes) -> Response:
        text, skip, length, flags = self._text(entry, data)
        model, key = self._named(entry)
        prompt = self.prompts.find(key, flags)
        record = well_formed(entry.name)[0]
        safe = masked_name(record)
        key = key if safe == record else masked_name(key)
        return Response(text, prompt, key, model, safe, None, None, 0, skip, length, place, tuple(flags))

    def _text(self, entry: ZipEntry, data: bytes) -> tuple[str, int, int, list[str]]:
        """The text, where it begins and how long it is in UTF-8, and its flags."""
        if not self.encoding and not data.startswith(_BOM) and plainly_text(data):
            try:
                text = data.decode("utf-8")
                return text, 0, len(data), [] if text and not text.isspace() else [EMPTY]
            except UnicodeDecodeError:
                pass  # another encoding, or damage
        encoding = self._encoding(data)
        if encoding.name and not encoding.name.startswith("utf"):
            # In an encoding of single bytes anything can be read, also what is no text.
            text_only(replace(self.opened, name=entry.name, head=data[:HEAD]))
        if encoding.name:
            data = b"".join(as_utf8(iter([data]), encoding.name))
        as_opened = replace(self.opened, name=entry.name, head=data[:HEAD], encoding=encoding.name)
        _text_or_blank(as_opened)
        skip = len(_BOM) if data.startswith(_BOM) else 0
        text, flags = _decoded(data[skip:])
        return text, skip, len(data) - skip, list(flags_of(as_opened, flags, text))

    def _encoding(self, data: bytes) -> Encoding:
        if not self.encoding:
            return guess(data)
        seen = guess(data)
        if seen.how == "mark":
            return seen
        return Encoding() if self.encoding == "utf-8" else Encoding(self.encoding, "given")

    def _named(self, entry: ZipEntry) -> tuple[str | None, str]:
        """The model and the prompt's id, by the folders and the name of a file."""
        parts = _parts(entry.name)[len(self.shared) :]
        stem = PurePosixPath(parts[-1]).stem
        if len(parts) == 1:
            return None, well_formed(stem)[0]
        return well_formed(parts[0])[0], well_formed("/".join((*parts[1:-1], stem)))[0]


def _text_or_blank(opened: Opened) -> None:
    """Refuse what is no text; an answer of white space alone is an answer."""
    if opened.head.strip():
        text_only(opened)


def _decoded(data: bytes) -> tuple[str, list[str]]:
    try:
        return data.decode("utf-8"), []
    except UnicodeDecodeError:
        return data.decode("utf-8", "replace"), [tolerant_parse.INVALID_UTF8]


def _parts(name: str) -> tuple[str, ...]:
    """The folders and the name of a file."""
    return tuple(part for part in name.replace("\\", "/").split("/") if part not in ("", ".")) or (name,)


def _shared_folder(found: Iterator[ZipEntry]) -> tuple[tuple[str, ...], int]:
    """The folder that all members lie in, and how many there are."""
    shared: tuple[str, ...] | None = None
    count = 0
    for entry in found:
        count += 1
        folder = _parts(entry.name)[:-1]
        if shared is None:
            shared = folder
        elif folder[: len(shared)] != shared:
            same = next((n for n, (a, b) in enumerate(zip(shared, folder, strict=False)) if a != b), None)
            shared = shared[: min(len(shared), len(folder)) if same is None else same]
    return shared or (), count

"""What an importer is: one format, recognised by content, read as a stream of records with places."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, ClassVar, NamedTuple, Protocol

from workbench.core.model import CorpusFacts, Json, Rejected, Response
from workbench.core.progress import Progress

Record = Response | Rejected | CorpusFacts

MAX_RECORD = 64 * 1024 * 1024
"""A record of more bytes is rejected with its place and never held in memory."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A file that was hashed and kept, ready to be read: its own name is data, never a path.

    `head` holds the first 64 KiB of the decompressed stream; `stream` opens it at its start, each time it is called.
    """

    path: Path
    name: str
    size: int
    head: bytes
    stream: Callable[[], BinaryIO]
    compression: str = ""
    encoding: str = ""
    """The encoding it was turned into UTF-8 from (such as `utf-16`); places are then in the UTF-8."""
    encoded: str = ""
    """How that encoding is known: `mark`, `guessed` or `given`."""
    container: str = ""
    """What holds the records where it is no text: `zip`, `inspect`, `xlsx`, `parquet`, `arrow`; its stream can seek."""
    member: str = ""
    """The file inside an archive that this is, with `!/` between one archive and the next."""
    begins: int = 0
    """The place of the stream's first byte in the whole file, where only a range of its lines is read."""


@dataclass(frozen=True, slots=True)
class Claim:
    """An importer's statement that a file is of its format, with what it saw."""

    why: str


class Question(NamedTuple):
    """What was asked under one id: its turns, and of a request what stands beside them, with the flags for it."""

    turns: tuple[str, ...]
    extra: Mapping[str, Json] = {}
    flags: tuple[str, ...] = ()


class Prompts(Protocol):
    """Prompts that answers are joined with."""

    @property
    def questions(self) -> Mapping[str, Question]:
        """The questions by their ids. Raises BadInputError for a file of prompts that is none."""


@dataclass(frozen=True, slots=True)
class Options:
    """What the user says about how to read a file.

    `mapping` maps prompt, prompt_key, response, model, time and sample to dotted paths;
    `prompts` are joined by id; `model` names the corpus where records do not;
    `encoding` is that of the text in it, where the user knows better than its bytes tell.
    """

    mapping: Mapping[str, str] = field(default_factory=dict)
    prompts: Prompts | None = None
    model: str | None = None
    encoding: str = ""
    beside: Callable[[str], bytes | None] | None = None
    """Reads a file beside this one by its name, where both stand in an archive."""


class Importer(ABC):
    """One format in one file."""

    key: str
    title: ClassVar[str]
    suffixes: ClassVar[tuple[str, ...]]
    asked_only: ClassVar[bool] = False
    """Mapped formats never claim a file unasked."""
    note: ClassVar[str] = ""
    """What the examiner should know of every file of this format."""
    training: bool = False
    """Whether files of this format are as a rule what models are trained on, and not what one answered."""
    container: ClassVar[str] = ""
    """The container that it reads, as in `Opened`; empty for text."""

    def joins(self, options: Options) -> bool:
        """Whether a file of prompts has a part in reading such a file."""
        return False

    def by_lines(self, opened: Opened, options: Options) -> bool:
        """Whether each line of the file is read for itself, so that others can be read at the same time."""
        return False

    @abstractmethod
    def sniff(self, opened: Opened) -> Claim | None:
        """Whether the content is of this format."""

    @abstractmethod
    def read(self, opened: Opened, options: Options, progress: Progress) -> Iterator[Record]:
        """The records in order of place; the same file and options give the same records again."""

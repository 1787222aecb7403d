"""A stream seen through a window that moves on: what is behind it is let go."""

from __future__ import annotations

import codecs
from types import TracebackType
from typing import Generic, NamedTuple, Self, TypeVar

from workbench.core.progress import Progress
from workbench.importers.base import MAX_RECORD, Opened
from workbench.importers.containers.decompress import Unwrapped, damage_of
from workbench.importers.containers.file_kind import text_only

T = TypeVar("T")

STEP = 256 << 10
"""Bytes that are read at once: few enough that what is made of them is still in the processor's cache."""

LARGEST_STEP = 8 << 20
TELL_EVERY = 4 << 20
SLOW_ERRORS = (ValueError, RecursionError)
"""What a fast parser raises at a record that the tolerant one shall see."""

TOO_LONG = f"the record is longer than {MAX_RECORD >> 20} MB"


class Span(NamedTuple, Generic[T]):
    """A record and its place in the stream: what the fast parser made of it, or else its bytes.

    Both are None when the record can't be read at all; `reason` then says why.
    """

    number: int
    offset: int
    length: int
    raw: bytes | None
    value: T | None
    reason: str = ""


class Window:
    """The part of a file's stream that is in memory.

    `data` stands at byte `base` of the stream; `ended` says that no more follows.
    Raises BadInputError for a file that is not text.
    """

    def __init__(self, opened: Opened, progress: Progress) -> None:
        text_only(opened)
        self.data = b""
        self.base = opened.begins
        self.ended = False
        self._size = max(1, opened.size)
        self._progress = progress
        self._told = self.base
        self._stream = opened.stream()
        raw = getattr(self._stream, "raw", None)
        self._unwrapped = raw if isinstance(raw, Unwrapped) else None

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the stream."""
        self._stream.close()

    @property
    def end(self) -> int:
        """The place in the stream where the data ends."""
        return self.base + len(self.data)

    @property
    def damage(self) -> str:
        """Why the stream ended before its time, in words; empty when it did not."""
        return damage_of(self._stream)

    def more(self, keep: int) -> bool:
        """Let go of what stands before `keep` and read on; False at the end of the stream."""
        rest = self.data[keep:]
        self.base += keep
        self.data = b""
        chunk = self._stream.read(min(max(STEP, len(rest)), LARGEST_STEP))
        self.data = rest + chunk if rest else chunk
        self.ended = not chunk
        self._tell()
        return not self.ended

    def start(self) -> int:
        """Read the first bytes; the position after a byte order mark."""
        self.more(0)
        return len(codecs.BOM_UTF8) if self.data.startswith(codecs.BOM_UTF8) and not self.base else 0

    def _tell(self) -> None:
        if self.end - self._told < TELL_EVERY and not self.ended:
            return
        self._told = self.end
        done = self._unwrapped.done() if self._unwrapped else self.end
        self._progress(min(1.0, done / self._size), f"{self.end / 1e6:,.0f} MB read")

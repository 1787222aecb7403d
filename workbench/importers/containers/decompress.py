"""Streams inside streams: what is compressed is read as if it were not, within limits, and damage is put in words."""

from __future__ import annotations

import gzip
import io
import threading
import zlib
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, BinaryIO

from workbench.core.errors import BadInputError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

MAGIC = b"\x28\xb5\x2f\xfd"
_INPUT = 16 * 1024
_OUTPUT = 256 * 1024


class ZstdError(Exception):
    """Data that can't be read on, with the reason in words."""


def zstd_chunks(file: BinaryIO) -> Iterator[bytes]:
    """What the frames of a stream hold, piece by piece; raises ZstdError.

    A frame that asks for more than 128 MB of memory, which only `zstd --long` writes, is refused.
    """
    from backports import zstd

    data = file.read(_INPUT)
    while data:
        engine = zstd.ZstdDecompressor()
        while not engine.eof:
            try:
                chunk = engine.decompress(data, _OUTPUT)
            except zstd.ZstdError as error:
                raise ZstdError(f"the zstd data is damaged here ({error})") from None
            if chunk:
                yield chunk
            data = b""
            if engine.needs_input and not engine.eof:
                data = file.read(_INPUT)
                if not data:
                    raise ZstdError("the zstd data was cut off here")
        data = engine.unused_data or file.read(_INPUT)


CHUNK = 256 * 1024
LEAST_BOMB = 256 << 20
"""Bytes up to which any ratio is taken."""

MOST_TIMES = 1000
"""How many bytes may come out of one byte in the long run; real logs reach some dozens."""

Unwrap = Callable[[BinaryIO], Iterator[bytes]]


class BombError(BadInputError):
    """Compressed data that grows beyond all measure: nothing of its file is taken."""


class DamagedError(Exception):
    """A stream that can't be read on, with the reason in words."""


class Unwrapped(io.RawIOBase):
    """The bytes that `unwrap` makes of a stream.

    `damage` says in words why a layer could not be read to its end; until then it is empty. Raises
    BadInputError where far more comes out than a real file would give.
    """

    def __init__(self, inner: BinaryIO, unwrap: Unwrap) -> None:
        super().__init__()
        self._inner = inner
        self._chunks = unwrap(inner)
        self._rest = memoryview(b"")
        self._damage = ""
        self._given = 0

    @property
    def damage(self) -> str:
        """Why this stream, or one that it is read from, ended before its time."""
        return damage_of(self._inner) or self._damage

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """Fill the buffer as far as the next piece goes; 0 at the end."""
        if not self._rest:
            self._rest = memoryview(self._next())
        target = memoryview(buffer).cast("B")
        size = min(len(target), len(self._rest))
        target[:size] = self._rest[:size]
        self._rest = self._rest[size:]
        return size

    def done(self) -> int:
        """How many bytes of the file itself have been read."""
        if isinstance(self._inner, io.BufferedReader) and isinstance(self._inner.raw, Unwrapped | Section):
            return self._inner.raw.done()
        return self._inner.tell() if not self._inner.closed else 0

    def close(self) -> None:
        """Close what it is read from too."""
        self._inner.close()
        super().close()

    def _next(self) -> bytes:
        if self._damage:
            return b""
        try:
            chunk = next(self._chunks, b"")
        except DamagedError as error:
            self._damage = str(error)
            return b""
        self._given += len(chunk)
        if self._given > LEAST_BOMB and self._given > MOST_TIMES * max(1, self.done()):
            raise bomb(f"more than {self._given >> 20:,} MB come out of {max(1, self.done() >> 10):,} KB")
        return chunk


class Section(io.RawIOBase):
    """A part of a file as a file of its own, with a position of its own; it can seek."""

    def __init__(self, file: BinaryIO, offset: int, size: int, lock: threading.Lock | None = None) -> None:
        super().__init__()
        self._file = file
        self._offset = offset
        self._size = size
        self._at = 0
        self._shared = lock

    def readable(self) -> bool:
        """Always."""
        return True

    def seekable(self) -> bool:
        """Always."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """The new position, which may lie beyond the end."""
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        if start + offset < 0:
            raise ValueError("a position before the start")
        self._at = start + offset
        return self._at

    def tell(self) -> int:
        """The position."""
        return self._at

    def done(self) -> int:
        """How many bytes of the section have been read."""
        return self._at

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """Fill the buffer; 0 at the end of the section."""
        target = memoryview(buffer).cast("B")[: max(0, self._size - self._at)]
        if not target:
            return 0
        if self._shared is None:
            data = self._read(len(target))
        else:
            with self._shared:
                data = self._read(len(target))
        target[: len(data)] = data
        self._at += len(data)
        return len(data)

    def close(self) -> None:
        """Close the file too, unless it is shared."""
        if self._shared is None:
            self._file.close()
        super().close()

    def _read(self, size: int) -> bytes:
        self._file.seek(self._offset + self._at)
        return self._file.read(size)


def unwrapped(inner: BinaryIO, unwrap: Unwrap) -> BinaryIO:
    """What `unwrap` makes of a stream, as a buffered stream."""
    return io.BufferedReader(Unwrapped(inner, unwrap), CHUNK)


def section(file: BinaryIO, offset: int, size: int, lock: threading.Lock | None = None) -> BinaryIO:
    """A part of a file as a buffered stream; with a lock the file is shared and stays open."""
    return io.BufferedReader(Section(file, offset, size, lock), CHUNK)


def damage_of(stream: BinaryIO) -> str:
    """Why a stream ended before its time, in words; empty when it did not, or when nothing tells."""
    raw = getattr(stream, "raw", None)
    return raw.damage if isinstance(raw, Unwrapped) else ""


def bomb(what: str) -> BombError:
    """What to say of data that grows beyond all measure."""
    return BombError(
        f"The compressed data grows beyond all measure: {what}. It was made to do harm, or holds next to nothing.",
        hint="If you trust it, unpack it yourself and import what comes out.",
    )


def gunzipped(file: BinaryIO) -> Iterator[bytes]:
    """The stream that a gzip file holds, of all its members."""
    with gzip.GzipFile(fileobj=file) as stream:
        try:
            # read1 returns what it has before it meets the damage; read would lose it.
            while chunk := stream.read1(CHUNK):
                yield chunk
        except EOFError:
            raise DamagedError("the gzip data was cut off here") from None
        except (gzip.BadGzipFile, zlib.error) as error:
            raise DamagedError(f"the gzip data is damaged here ({error})") from None


def inflated(file: BinaryIO) -> Iterator[bytes]:
    """The stream that deflated data hold, as in a zip archive."""
    engine = zlib.decompressobj(-zlib.MAX_WBITS)
    data = b""
    while not engine.eof:
        data = engine.unconsumed_tail or file.read(CHUNK >> 4)
        try:
            chunk = engine.decompress(data, CHUNK)
        except zlib.error as error:
            raise DamagedError(f"the compressed data is damaged here ({error})") from None
        if chunk:
            yield chunk
        elif not data:
            raise DamagedError("the compressed data was cut off here")


def unzstd(file: BinaryIO) -> Iterator[bytes]:
    """The stream that zstd frames hold."""
    try:
        yield from zstd_chunks(file)
    except ZstdError as error:
        raise DamagedError(str(error)) from None

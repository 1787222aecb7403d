"""Opening a kept file: gzip is unwrapped and UTF-16 becomes UTF-8 once, before anybody looks at it."""

from __future__ import annotations

import codecs
import gzip
import io
import re
import stat
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from workbench.core.errors import BadInputError
from workbench.importers.base import Opened

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

HEAD = 64 * 1024
CHUNK = 256 * 1024

# UTF-32 first: its little-endian mark begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

_UNPACK = "Unpack it and import the files that are inside."
_MAGIC = (
    (b"PK\x03\x04", "a zip archive (or an office document, which is one)", _UNPACK),
    (b"PK\x05\x06", "an empty zip archive", ""),
    (b"\x1f\x8b", "gzip inside gzip", _UNPACK),
    (b"\x28\xb5\x2f\xfd", "compressed with zstd", _UNPACK),
    (b"\xfd7zXZ\x00", "compressed with xz", _UNPACK),
    (b"BZh", "compressed with bzip2", _UNPACK),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", _UNPACK),
    (b"Rar!\x1a\x07", "a RAR archive", _UNPACK),
    (b"PAR1", "a Parquet file", "Save it as JSON lines or CSV."),
    (b"SQLite format 3\x00", "an SQLite database", "Export its answers as JSON lines or CSV."),
    (b"%PDF-", "a PDF document", ""),
    (b"\x89PNG", "a picture", ""),
    (b"\xff\xd8\xff", "a picture", ""),
    (b"\x7fELF", "a program", ""),
    (b"MZ", "a program", ""),
)
_FEW = 8
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")


class Unwrapped(io.RawIOBase):
    """The bytes inside a file: decompressed, and as UTF-8.

    `damage` says in words why the compressed data could not be read to its end; until then it is empty.
    """

    def __init__(self, file: BinaryIO, compression: str, encoding: str) -> None:
        super().__init__()
        self.damage = ""
        self._file = file
        chunks = self._gunzipped() if compression == "gzip" else iter(lambda: file.read(CHUNK), b"")
        self._chunks = _as_utf8(chunks, encoding) if encoding else chunks
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """Fill the buffer as far as the next piece goes; 0 at the end."""
        if not self._rest:
            self._rest = memoryview(next(self._chunks, b""))
        target = memoryview(buffer).cast("B")
        size = min(len(target), len(self._rest))
        target[:size] = self._rest[:size]
        self._rest = self._rest[size:]
        return size

    def done(self) -> int:
        """How many bytes of the file itself have been read."""
        return self._file.tell() if not self._file.closed else 0

    def close(self) -> None:
        """Close the file too."""
        self._file.close()
        super().close()

    def _gunzipped(self) -> Iterator[bytes]:
        with gzip.GzipFile(fileobj=self._file) as stream:
            try:
                # read1 returns what it has before it meets the damage; read would lose it.
                while chunk := stream.read1(CHUNK):
                    yield chunk
            except EOFError:
                self.damage = "the gzip data was cut off here"
            except (gzip.BadGzipFile, zlib.error) as error:
                self.damage = f"the gzip data is damaged here ({error})"


def _as_utf8(chunks: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    # Lone surrogates pass through, so that the tolerant parser sees and flags them.
    decoder = codecs.getincrementaldecoder(encoding)("surrogatepass")
    for chunk in chunks:
        if piece := _decoded(decoder, chunk):
            yield piece
    if decoder.getstate()[0]:
        yield "\N{REPLACEMENT CHARACTER}".encode()


def _decoded(decoder: codecs.IncrementalDecoder, chunk: bytes) -> bytes:
    try:
        return decoder.decode(chunk).encode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        raise BadInputError(
            "The file has a UTF-16 or UTF-32 mark at its start, but is not in that encoding.",
            hint="Save it as UTF-8.",
        ) from None


def open_file(path: Path, name: str = "") -> Opened:
    """The file at `path`, which was received under `name`, ready to be read.

    Raises BadInputError when it is missing, empty, not a plain file, or can't be read.
    """
    shown = name or path.name
    size = _size(path, shown)
    try:
        with path.open("rb") as file:
            start = file.read(4)
        compression = "gzip" if start[:2] == b"\x1f\x8b" else ""
        if compression:
            with _stream(path, compression, "") as stream:
                start = stream.read(4)
        encoding = next((word for mark, word in _MARKS if start.startswith(mark)), "")
        with _stream(path, compression, encoding) as stream:
            head = stream.read(HEAD)
    except OSError as error:
        raise BadInputError(f"“{shown}” can't be read: {error.strerror or error}.") from None
    if not head:
        raise BadInputError(f"“{shown}” holds nothing once it is unwrapped.", hint="Ask for the file again.")
    return Opened(path, shown, size, head, lambda: _stream(path, compression, encoding), compression, encoding)


def text_only(opened: Opened) -> None:
    """Raise BadInputError, saying what the file is, when it can't be text."""
    head = opened.head
    for magic, words, hint in _MAGIC:
        if head.startswith(magic) and not (len(magic) < 4 and head.isascii() and b"\0" not in head):
            raise BadInputError(f"“{opened.name}” is {words}, which is not read here.", hint=hint)
    if head[1:2] == b"\0" or head[:1] == b"\0":
        if head[:64].strip(b"\0") and head[:64].count(0) in range(24, 41):
            raise BadInputError(f"“{opened.name}” looks like UTF-16 without its mark.", hint="Save it as UTF-8.")
        raise BadInputError(f"“{opened.name}” is not text: it begins with NUL bytes.")
    lead = head[:4096].split(b"\0", 1)[0]
    if len(_CONTROL.findall(lead)) > max(_FEW, len(lead) // 20):
        raise BadInputError(f"“{opened.name}” is not text: it is full of control characters.")
    if not head.removeprefix(codecs.BOM_UTF8).strip() and len(head) < HEAD:
        raise BadInputError(f"“{opened.name}” is empty: it holds only white space.")


def _size(path: Path, shown: str) -> int:
    try:
        facts = path.stat()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise BadInputError(f"“{shown}” can't be opened: {reason}.") from None
    if stat.S_ISDIR(facts.st_mode):
        raise BadInputError(f"“{shown}” is a folder.", hint="Import the files in it one by one.")
    if not stat.S_ISREG(facts.st_mode):
        raise BadInputError(f"“{shown}” is not a plain file.")
    if not facts.st_size:
        raise BadInputError(f"“{shown}” is empty (0 bytes).", hint="Ask for the file again.")
    return facts.st_size


def _stream(path: Path, compression: str, encoding: str) -> BinaryIO:
    file = path.open("rb")
    if not compression and not encoding:
        return file
    return io.BufferedReader(Unwrapped(file, compression, encoding), CHUNK)

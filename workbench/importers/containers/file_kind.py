"""What a file is by its first bytes, and what is refused because no importer reads it."""

from __future__ import annotations

import codecs
import re

from workbench.core.errors import BadInputError
from workbench.core.zip_directory import EMPTY_MAGIC
from workbench.core.zip_directory import MAGIC as ZIP_MAGIC
from workbench.importers.base import Opened
from workbench.importers.containers.decompress import MAGIC as ZSTD_MAGIC

HEAD = 64 * 1024
PARQUET_MAGIC = b"PAR1"
GZIP_MAGIC = b"\x1f\x8b"

_UNPACK = "Unpack it and import the files that are inside."
_BZIP2 = tuple(b"BZh%d1AY&SY" % level for level in range(1, 10))
_PDF = b"%PDF-"
_SURE = (_PDF, PARQUET_MAGIC, *_BZIP2)
"""Magic numbers in letters that no control character need follow soon."""

_MAGIC = (
    (ZIP_MAGIC, "a zip archive inside archives", _UNPACK),
    (GZIP_MAGIC, "gzip inside gzip or zstd", _UNPACK),
    (ZSTD_MAGIC, "zstd inside gzip or zstd", _UNPACK),
    (b"\xfd7zXZ\x00", "compressed with xz", _UNPACK),
    *((magic, "compressed with bzip2", _UNPACK) for magic in (b"BZh", *_BZIP2)),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", _UNPACK),
    (b"Rar!\x1a\x07", "a RAR archive", _UNPACK),
    (PARQUET_MAGIC, "a Parquet file inside archives", _UNPACK),
    (b"PARE", "an encrypted Parquet file", "Ask for the file without its encryption."),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old office document, or an encrypted one", "Save it as XLSX or CSV."),
    (b"ARROW1", "an Arrow file inside archives", _UNPACK),
    (b"SQLite format 3\x00", "an SQLite database", "Export its answers as JSON lines or CSV."),
    (_PDF, "a PDF document", ""),
    (b"\x89PNG", "a picture", ""),
    (b"\xff\xd8\xff", "a picture", ""),
    (b"GIF87a", "a picture", ""),
    (b"GIF89a", "a picture", ""),
    (b"BM", "a picture", ""),
    (b"II*\x00", "a picture", ""),
    (b"MM\x00*", "a picture", ""),
    (b"8BPS", "a picture", ""),
    (b"RIFF", "a picture or a recording", ""),
    (b"ID3", "a recording", ""),
    (b"OggS", "a recording", ""),
    (b"fLaC", "a recording", ""),
    (b"\x1aE\xdf\xa3", "a recording", ""),
    (b"wOFF", "a font", ""),
    (b"wOF2", "a font", ""),
    (b"\x7fELF", "a program", ""),
    (b"MZ", "a program", ""),
    (b"\xca\xfe\xba\xbe\x00", "a program", ""),
    (b"\x93NUMPY", "a NumPy array", "Save its answers as JSON lines or CSV."),
    (b"\x89HDF", "an HDF5 file", "Save its answers as JSON lines or CSV."),
    (b"\x80\x04\x95", "a Python pickle", "Save its answers as JSON lines or CSV."),
    (b"\x80\x05\x95", "a Python pickle", "Save its answers as JSON lines or CSV."),
)
_FEW = 8
_SOON = 32
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_TAR = slice(257, 262)
_NULS = re.compile(rb"\0{2,}")
_STRAY = 2
_LONGEST_METADATA = 16 << 20


def plainly_text(data: bytes) -> bool:
    """Whether valid UTF-8 is text without a doubt: no controls, no magic number; False leaves it to `text_only`."""
    return not _CONTROL.search(data) and not data.startswith(_SURE)


def kind_of_start(start: bytes) -> str:
    """What the first eight bytes say that a file is: gzip, zstd, zip, parquet, arrow, or nothing."""
    if start.startswith((ZIP_MAGIC, EMPTY_MAGIC)):
        return "zip"
    if start.startswith(GZIP_MAGIC):
        return "gzip"
    if start.startswith(ZSTD_MAGIC):
        return "zstd"
    if start.startswith(b"ARROW1") or _begins_a_message(start):
        return "arrow"
    return "parquet" if start.startswith(PARQUET_MAGIC) else ""


def _begins_a_message(start: bytes) -> bool:
    """Whether a stream of Arrow begins here: a mark, and how long what describes its first message is."""
    length = int.from_bytes(start[4:8], "little")
    return start[:4] == b"\xff\xff\xff\xff" and 8 <= length <= _LONGEST_METADATA and length % 8 == 0


def text_only(opened: Opened) -> None:
    """Raise BadInputError, saying what the file is, when it can't be text."""
    head = opened.head
    for magic, words, hint in _MAGIC:
        # A text may begin with the same letters, but no controls follow soon.
        if head.startswith(magic) and (not magic.isascii() or magic in _SURE or _CONTROL.search(head[:_SOON])):
            raise BadInputError(f"“{opened.name}” is {words}, which is not read here.", hint=hint)
    if head[_TAR] == b"ustar":
        raise BadInputError(f"“{opened.name}” is a tar archive, which is not read here.", hint=_UNPACK)
    if head[1:2] == b"\0" or head[:1] == b"\0":
        raise BadInputError(f"“{opened.name}” is not text: it begins with NUL bytes.")
    lead = head[:4096].split(b"\0", 1)[0]
    if len(_CONTROL.findall(lead)) > max(_FEW, len(lead) // 20) or _neither_text_nor_utf8(head[:4096]):
        raise BadInputError(
            f"“{opened.name}” is not text: it holds control characters as binary data do.",
            hint="Ask what program wrote it, and have it saved as text.",
        )
    if not head.removeprefix(codecs.BOM_UTF8).strip() and len(head) < HEAD:
        raise BadInputError(f"“{opened.name}” is empty: it holds only white space.")


def _neither_text_nor_utf8(start: bytes) -> bool:
    """Whether bytes that are no UTF-8 hold controls here and there, which no encoding of text has.

    Runs of NUL bytes are what a crash leaves in a text, and say nothing.
    """
    data = _NULS.sub(b"", start)
    controls = len(_CONTROL.findall(data))
    if controls < max(_STRAY, len(data) // 50):
        return False
    decoded = data.decode("utf-8", "replace")
    return 10 * decoded.count("\ufffd") > len(decoded)

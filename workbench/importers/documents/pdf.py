"""The words of a PDF, page by page."""

from __future__ import annotations

import logging
import struct
import zlib
from pathlib import Path

from pypdf.errors import PyPdfError

from workbench.core.errors import BadInputError
from workbench.core.text import one_line
from workbench.importers.documents.words import MOST_CHARACTERS, Words

MOST_PAGES = 5_000
_FAULTS = (
    ArithmeticError, AssertionError, AttributeError, EOFError, LookupError, OSError, RuntimeError, TypeError,
    ValueError, struct.error, zlib.error, PyPdfError,
)  # fmt: skip
"""What a damaged file brings about in its reader; a file that does more ends the process that reads it."""

_FEW = 20
"""Pages that are named one by one."""


def words_of_pdf(path: Path) -> Words:
    """The text layer of each page; a page that can't be read is named. Raises BadInputError for what is no PDF."""
    import pypdf

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # what is odd in a file is no concern of the terminal
    try:
        reader = pypdf.PdfReader(path)
        locked = reader.is_encrypted and not reader.decrypt("")
        if locked:
            raise BadInputError("the file needs a password.", hint="Ask for it without one.")
        count = len(reader.pages)
    except _FAULTS as error:
        raise BadInputError(f"{_said(error)}.") from None
    texts, broken, characters = [], [], 0
    for at in range(min(count, MOST_PAGES)):
        try:
            text = reader.pages[at].extract_text()
        except _FAULTS:
            text = ""
            broken.append(at + 1)
        texts.append(text)
        characters += len(text)
        if characters > MOST_CHARACTERS:
            break
    notes = [f"Only the first {MOST_PAGES:,} of {count:,} pages were read."] if count > MOST_PAGES else []
    if broken:
        more = f" and {len(broken) - _FEW:,} more" if len(broken) > _FEW else ""
        notes.append(f"Pages that can't be read: {', '.join(map(str, broken[:_FEW]))}{more}.")
    return Words(tuple(texts), f"pypdf {pypdf.__version__}", paged=True, note=" ".join(notes))


def _said(error: Exception) -> str:
    return one_line(str(error) or type(error).__name__, 160).rstrip(".")

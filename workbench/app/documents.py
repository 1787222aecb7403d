"""Documents of a case: taken into the vault as they are, their text extracted for reading and search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from html.parser import HTMLParser
from pathlib import Path

from workbench.core.errors import WorkbenchError
from workbench.core.secrets.find import masked

_LARGEST = 50_000_000
_KEPT = 32


@dataclass(frozen=True, slots=True)
class DocumentText:
    """The text of a document, page by page; `why` says why it can't be had, and is empty where it can."""

    pages: tuple[str, ...]
    why: str = ""

    def place_of(self, page: int) -> str:
        """Where a page is, in words; nothing for a document of one page."""
        return f"page {page + 1}" if len(self.pages) > 1 else ""


@dataclass(frozen=True, slots=True)
class FoundClause:
    """Where words stand in a document: page, and what stands around them."""

    page: int
    before: str
    hit: str
    after: str


@lru_cache(maxsize=_KEPT)
def text_of(path: Path, name: str) -> DocumentText:
    """The text of a file by its kind, secrets masked; what has none is said in words."""
    if path.stat().st_size > _LARGEST:
        return DocumentText((), "It is larger than 50 MB: open it in its own program.")
    readers = {".pdf": _pdf, ".docx": _docx, ".html": _html, ".htm": _html}
    reader = readers.get(Path(name).suffix.lower(), _plain)
    try:
        pages = reader(path)
    except WorkbenchError as error:
        return DocumentText((), error.message)
    except Exception as error:  # noqa: BLE001
        return DocumentText((), f"Its text can't be read ({type(error).__name__}). The file itself is kept as it is.")
    if not any(page.strip() for page in pages):
        return DocumentText((), "It holds no text: perhaps it is a scan. The file itself is kept as it is.")
    return DocumentText(tuple(masked(page) for page in pages))


def _pdf(path: Path) -> list[str]:
    from pypdf import PdfReader

    return [page.extract_text() for page in PdfReader(path).pages]


def _docx(path: Path) -> list[str]:
    import mammoth

    with path.open("rb") as stream:
        return [str(mammoth.extract_raw_text(stream).value)]


class _Words(HTMLParser):
    """The words of a page, a line for each block."""

    _BLOCKS = frozenset("p div br li tr h1 h2 h3 h4 h5 h6 section article table blockquote".split())
    _SILENT = frozenset(("script", "style", "head", "noscript", "template"))

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        """A block begins a line; what is not shown is passed over."""
        self._silent += tag in self._SILENT
        if tag in self._BLOCKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """The end of what is not shown."""
        if tag in self._SILENT and self._silent:
            self._silent -= 1
        if tag in self._BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        """Words that are shown."""
        if not self._silent:
            self.parts.append(data)


def _html(path: Path) -> list[str]:
    words = _Words()
    words.feed(_decoded(path.read_bytes()))
    lines = [" ".join(line.split()) for line in "".join(words.parts).splitlines()]
    return ["\n".join(line for at, line in enumerate(lines) if line or (at and lines[at - 1]))]


def _plain(path: Path) -> list[str]:
    data = path.read_bytes()
    if b"\x00" in data[:4096]:
        raise WorkbenchError("It is no text. The file itself is kept as it is.")
    return [_decoded(data)]


def _decoded(data: bytes) -> str:
    from charset_normalizer import from_bytes

    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        best = from_bytes(data[:200_000]).best()
        return data.decode(best.encoding if best else "cp1252", "replace")


def find_in(text: DocumentText, words: str, most: int = 50) -> list[FoundClause]:
    """Where words stand in a document, in any case of letters."""
    wanted = words.strip().casefold()
    found: list[FoundClause] = []
    if not wanted:
        return found
    for page, said in enumerate(text.pages):
        folded = said.casefold() if len(said.casefold()) == len(said) else said.lower()
        at = folded.find(wanted)
        while at >= 0 and len(found) < most:
            end = at + len(wanted)
            found.append(FoundClause(page, said[max(0, at - 60) : at], said[at:end], said[end : end + 90]))
            at = folded.find(wanted, end)
    return found

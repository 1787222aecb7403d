"""The words of a web page as a reader would see them, without scripts and styles."""

from __future__ import annotations

import platform
import re
from html.parser import HTMLParser
from pathlib import Path

from workbench.importers.documents.plain import decoded
from workbench.importers.documents.words import Words

_BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "br", "caption", "dd", "div", "dl", "dt", "figcaption", "footer",
    "form",
    "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section", "table", "td",
    "th", "title", "tr", "ul",
))  # fmt: skip
_SILENT = frozenset(("script", "style", "template", "noscript", "svg"))
_SPACE = re.compile(r"[ \t\r\n\f]+")
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([A-Za-z0-9._-]{2,40})", re.IGNORECASE)


def words_of_web_page(path: Path) -> Words:
    """The text between the tags, a line for each block. Raises BadInputError for what is no text."""
    text, _ = decoded(path, _stated(path))
    page = _Page()
    page.feed(text)
    page.close()
    return Words((page.text(),), f"html.parser of Python {platform.python_version()}")


def _stated(path: Path) -> str:
    """The encoding that a page states of itself; empty where it states none."""
    with path.open("rb") as file:
        found = _CHARSET.search(file.read(4096))
    return found[1].decode("ascii") if found else ""


class _Page(HTMLParser):
    """Gathers the text outside of what is never shown."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._pieces: list[str] = []
        self._silent = 0
        self._exact = 0

    def text(self) -> str:
        """All that was gathered."""
        lines = ("".join(self._pieces)).split("\n")
        return re.sub(r"\n{3,}", "\n\n", "\n".join(line.strip() for line in lines)).strip()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element begins."""
        self._silent += tag in _SILENT
        self._exact += tag == "pre"
        self._break(tag)

    def handle_endtag(self, tag: str) -> None:
        """An element ends."""
        self._silent = max(0, self._silent - (tag in _SILENT))
        self._exact = max(0, self._exact - (tag == "pre"))
        self._break(tag)

    def handle_data(self, data: str) -> None:
        """Words."""
        if not self._silent:
            self._pieces.append(data if self._exact else _SPACE.sub(" ", data))

    def _break(self, tag: str) -> None:
        if tag in _BLOCKS:
            self._pieces.append("\n")

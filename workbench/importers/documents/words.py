"""The words of a document as each format gives them, and how much is read."""

from __future__ import annotations

from dataclasses import dataclass

from workbench.core.documents import PAGE_END

LARGEST = 256 << 20
"""Bytes that the file of a document may have."""

MOST_CHARACTERS = 8_000_000
"""Characters that are read: some 4,000 pages."""

NO_FORMAT = "it is neither a PDF, a Word file (.docx), a web page nor plain text."


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a document: a text for each page, or one for a format without pages.

    `reader` names what read them, with its version. `note` says what is missing, or why there are none.
    """

    texts: tuple[str, ...]
    reader: str
    paged: bool = False
    note: str = ""

    def text(self) -> str:
        """All words, with a form feed after each page; empty where there are none."""
        end = PAGE_END if self.paged else ""
        return "".join(text + end for text in self.texts) if any(text.strip() for text in self.texts) else ""

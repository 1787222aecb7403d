"""Documents as a pack holds them: under which names, and which files stay out."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from workbench.core.documents import ACTIONS, Document, documents
from workbench.evidence.pack.names import document_stem
from workbench.store import Case

LEFT_OUT = "documents are left out of this pack"

_ENDINGS = {"pypdf": ".pdf", "expat": ".docx", "html.parser": ".html.txt", "Python's": ".txt"}
"""The end of a file's name by what read its words; a web page gets one that no browser runs scripts for."""


class DocumentsInPack:
    """The documents as of a line of the ledger; files that are `answers` too keep the names of those."""

    def __init__(self, case: Case, until: int, answers: Collection[str], *, included: bool) -> None:
        self.included = included
        self.all = documents(line.as_json() for line in case.notes.read(*ACTIONS, until=until)).all
        self._of: dict[str, Document] = {}
        for one in self.all:
            for kept in filter(None, (one.file, one.text.file)):
                if kept.sha256 not in answers:
                    self._of[kept.sha256] = one  # the last one, where the same file was described again

    def placed(self, digest: str, held: Mapping[str, str]) -> tuple[str, str, str]:
        """Of a file why it is withheld, the beginning of its name, and its end; `held` are reasons by SHA-256.

        A file whose words hold secrets is withheld as its words are.
        """
        one = self._of.get(digest)
        if one is None:
            return held.get(digest, ""), "", ".bin"
        words = one.text.file.sha256 if one.text.file else ""
        why = held.get(digest) or held.get(words) or ("" if self.included else LEFT_OUT)
        stem = document_stem(one.number, one.said.title)
        if digest == words != one.file.sha256:
            return why, f"{stem}-words", ".txt"
        return why, stem, ending_of(one)


def ending_of(one: Document) -> str:
    """The end of the name of a document's file, by what read its words."""
    return _ENDINGS.get(one.text.reader.partition(" ")[0], ".bin")

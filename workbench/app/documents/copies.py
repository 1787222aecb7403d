"""A copy of a document that another program may open; the original in the vault is never handed out."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from workbench.app.documents.door import DocumentsOfCase
from workbench.app.documents.in_pack import ending_of
from workbench.core.errors import CaseError
from workbench.evidence.pack.names import document_stem


def copy_to_read(door: DocumentsOfCase, number: int) -> Path:
    """A copy in the system's temporary folder, under a safe name; a web page as text. Raises UsageError, CaseError."""
    one, original = door.document(number), door.original(number)
    try:
        folder = Path(tempfile.mkdtemp(prefix="workbench-document-"))
        copy = folder / f"{document_stem(number, one.said.title)}{ending_of(one)}"
        shutil.copyfile(original, copy)
    except OSError as error:
        raise CaseError(f"The document can't be copied: {error.strerror}.") from error
    return copy

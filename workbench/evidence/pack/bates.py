"""bates.csv: which page of the report, and which exhibit, has which Bates number."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace

from workbench.core.page_marks import PageMarks
from workbench.evidence.exhibits.shown import ExhibitSet
from workbench.evidence.pack.names import REPORT
from workbench.evidence.pack.registers import csv_bytes

BATES = f"{REPORT}bates.csv"


def pages_of(pdf: bytes) -> int:
    """How many pages a PDF has."""
    from pypdf import PdfReader

    return len(PdfReader(io.BytesIO(pdf)).pages)


def bates_table(marks: PageMarks, pages: int, exhibits: Sequence[str]) -> bytes:
    """The table: the pages of report.pdf in their order, then the exhibits, one number each."""
    what = [("report.pdf", f"page {at}" if at else "cover") for at in range(pages)]
    what += [("exhibit", name) for name in exhibits]
    return csv_bytes(("bates", "file", "what"), [(marks.number(at), *row) for at, row in enumerate(what)])


def numbered(exhibits: ExhibitSet, marks: PageMarks, pages: int) -> ExhibitSet:
    """The exhibits with their Bates numbers, which follow on the last page of the report."""
    if not marks.prefix:
        return exhibits
    shown = tuple(replace(one, bates=marks.number(pages + at)) for at, one in enumerate(exhibits.exhibits))
    return replace(exhibits, exhibits=shown)

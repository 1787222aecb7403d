"""The report set as PDF and HTML, in steps down when a text or a chart can't be set as it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from workbench.core.errors import WorkbenchError
from workbench.core.progress import Progress
from workbench.evidence.pack.contents import PackContents
from workbench.evidence.pack.legible import Legible, all_fonts, covered, plain_only
from workbench.evidence.report.charts import Chart
from workbench.evidence.report.document import Document
from workbench.evidence.report.html import to_html
from workbench.evidence.report.pdf import to_pdf
from workbench.evidence.report.report import report_of


class Report(NamedTuple):
    """The report in both forms, and the notes on its cover about how it was set."""

    pdf: bytes
    html: bytes
    notes: tuple[str, ...]


_PLAIN = (
    "The typesetting program refused this report’s characters. All but plain Latin letters are therefore "
    "written as codes."
)
_NO_CHARTS = (
    "The typesetting program refused this report’s charts. They are given in words here; the drawings lie in "
    "data/03_charts."
)


def set_report(contents: PackContents, charts: Mapping[int, Chart], progress: Progress) -> Report:
    """The report; each step down is said on its cover. Raises WorkbenchError when none can be set."""
    full = covered(all_fonts())
    steps = (
        (full, True, ()),
        (plain_only(), True, (_PLAIN,)),
        (plain_only(), False, (_PLAIN, _NO_CHARTS)),
    )
    failed: WorkbenchError | None = None
    for at, (characters, pictures, said) in enumerate(steps):
        progress(at / len(steps), "setting the report")
        document, notes = _legible(contents, charts, characters, said)
        whole = document if pictures else document.without_pictures()
        try:
            return Report(to_pdf(whole), to_html(whole).encode(), notes)
        except WorkbenchError as error:
            failed = error
    raise failed or WorkbenchError("The report could not be set.")


def _legible(
    contents: PackContents, charts: Mapping[int, Chart], characters: frozenset[int], said: tuple[str, ...]
) -> tuple[Document, tuple[str, ...]]:
    trial = Legible(characters)
    report_of(contents, charts, said).mapped(trial)
    notes = list(said)
    if trial.rewritten:
        notes.append(
            f"{len(trial.rewritten)} different characters that a reader could not see, or that the report’s fonts "
            "do not have, are written as codes: ⟦U+202E⟧ stands for the character with that Unicode number. The "
            "data files hold the texts themselves."
        )
    if trial.cut:
        notes.append(f"{trial.cut} texts are too long to print and are cut, which is said where it happens.")
    return report_of(contents, charts, tuple(notes)).mapped(Legible(characters)), tuple(notes)

"""The report and the summary as files; where the typesetting program refuses something, each step down is said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from workbench.core.errors import WorkbenchError
from workbench.core.progress import Progress
from workbench.core.text import counted
from workbench.evidence.exhibits.shown import ExhibitSet
from workbench.evidence.pack.contents import PackContents
from workbench.evidence.pack.printable_text import Legible, all_fonts, covered, in_pictures, plain_only
from workbench.evidence.report.charts import Chart
from workbench.evidence.report.compose import report_of, summary_of
from workbench.evidence.report.sheets import Report
from workbench.evidence.report.typeset import LETTER, to_images, to_pdf
from workbench.evidence.report.web import to_html
from workbench.evidence.report.word import to_docx


class SetReport(NamedTuple):
    """The report on both papers, for a browser and for Word, and the notes on its cover about how it was set."""

    pdf: bytes
    letter: bytes
    html: bytes
    docx: bytes
    notes: tuple[str, ...]


_LONGEST = 1_000
"""Characters of one text; a page has room for no more."""

_PLAIN = (
    "The typesetting program refused this report’s characters. All but plain Latin letters are therefore "
    "written as codes."
)
_NO_CHARTS = (
    "The typesetting program refused this report’s charts. They are given in words here; the drawings lie in "
    "data/03_charts."
)


def set_report(
    contents: PackContents, charts: Mapping[int, Chart], exhibits: ExhibitSet, progress: Progress
) -> SetReport:
    """The report; each step down is said on its cover. Raises WorkbenchError when none can be set."""
    full = covered(all_fonts())
    steps: tuple[tuple[frozenset[int], Mapping[int, Chart], tuple[str, ...]], ...] = (
        (full, charts, ()),
        (plain_only(), charts, (_PLAIN,)),
        (plain_only(), {}, (_PLAIN, _NO_CHARTS)),
    )
    failed: WorkbenchError | None = None
    for at, (characters, drawn, said) in enumerate(steps):
        progress(at / len(steps), "setting the report")
        report, notes = _legible(contents, drawn, exhibits, characters, said)
        try:
            pdf, letter = to_pdf(report), to_pdf(report, LETTER)
            return SetReport(pdf, letter, to_html(report).encode(), to_docx(report), notes)
        except WorkbenchError as error:
            failed = error
    raise failed or WorkbenchError("The report could not be set.")


def images_of(contents: PackContents, charts: Mapping[int, Chart], exhibits: ExhibitSet, dots: float) -> list[bytes]:
    """The pages of the report as PNG, in all the characters that it can have. Raises WorkbenchError."""
    return to_images(_legible(contents, charts, exhibits, covered(all_fonts()), ())[0], dots)


def set_summary(contents: PackContents) -> bytes | None:
    """The page of each question as PDF; None where no question was asked.

    Raises WorkbenchError where even plain letters are refused.
    """
    summary = summary_of(contents)
    if summary is None:
        return None
    try:
        return to_pdf(in_all_fonts(summary))
    except WorkbenchError:
        return to_pdf(shown(summary, plain_only()))


def in_all_fonts(report: Report) -> Report:
    """A report in all the characters that the fonts have; what no reader could see is written as codes."""
    return shown(report, covered(all_fonts()))


def shown(report: Report, characters: frozenset[int]) -> Report:
    """The report in the characters that can be set."""
    return report.mapped(Legible(characters, _LONGEST), in_pictures(characters))


def _legible(
    contents: PackContents,
    charts: Mapping[int, Chart],
    exhibits: ExhibitSet,
    characters: frozenset[int],
    said: tuple[str, ...],
) -> tuple[Report, tuple[str, ...]]:
    trial = Legible(characters, _LONGEST)
    first = report_of(contents, charts, exhibits, said).mapped(trial, in_pictures(characters))
    notes = list(said)
    if trial.rewritten:
        notes.append(
            f"{len(trial.rewritten)} different characters that a reader could not see, or that the report’s fonts "
            "do not have, are written as codes: ⟦U+202E⟧ stands for the character with that Unicode number. The "
            "data files hold the texts themselves."
        )
    if trial.cut:
        long = counted(trial.cut, "text is", "texts are")
        notes.append(f"{long} too long to print whole. Where one is cut, this is said.")
    if tuple(notes) == said:
        return first, said
    return shown(report_of(contents, charts, exhibits, tuple(notes)), characters), tuple(notes)

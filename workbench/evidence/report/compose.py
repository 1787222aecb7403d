"""The report of a pack: cover, sections and annexes in their order, with their numbers."""

from __future__ import annotations

from collections.abc import Mapping

from workbench.core.finding_page import Part
from workbench.core.printed import grouped
from workbench.core.text import one_line
from workbench.evidence.exhibits.shown import ExhibitSet
from workbench.evidence.pack.contents import PackContents, PackFinding
from workbench.evidence.pack.rebuilt_case import nothing_found
from workbench.evidence.report.charts import Chart
from workbench.evidence.report.question import asked
from workbench.evidence.report.sections.annexes import annex_sections
from workbench.evidence.report.sections.bounds import limits_section
from workbench.evidence.report.sections.checking import checking_section
from workbench.evidence.report.sections.cover import cover_of
from workbench.evidence.report.sections.crosswalk import Places, crosswalk_section
from workbench.evidence.report.sections.declarations import england_section, united_states_section
from workbench.evidence.report.sections.exhibits import exhibit_sections, shown_in
from workbench.evidence.report.sections.finding import finding_section
from workbench.evidence.report.sections.items import items_section
from workbench.evidence.report.sections.method import method_section
from workbench.evidence.report.sections.opinion import opinion_sections
from workbench.evidence.report.sections.questions import questions_section
from workbench.evidence.report.sections.together import together_sections
from workbench.evidence.report.sections.validation import validation_section
from workbench.evidence.report.sheets import Cover, Para, Report, Section, continued, say

SAMPLE = "Sample case. Every maker, model and answer in it is invented."
_FIRST_FINDING = 5


def report_of(
    contents: PackContents, charts: Mapping[int, Chart], exhibits: ExhibitSet, notes: tuple[str, ...] = ()
) -> Report:
    """The report; `charts` are by the number of their finding, none where charts had to be left out."""
    questions = asked(contents)
    items = contents.reported()
    at = _FIRST_FINDING + len(items)
    places = Places(
        findings=_span(items),
        validation=str(at),
        together=str(at + 1) if questions else "",
        limits=str(at + 2),
        exhibits=str(at + 3),
        declarations=str(at + 4),
        checking=str(at + 5),
        originals=contents.include_originals,
        viewer=bool(exhibits.exhibits),
    )
    sections = [
        *(opinion_sections(questions) or [_nothing(contents)]),
        questions_section(contents, questions),
        items_section(contents, questions),
        method_section(contents, questions),
        *(
            finding_section(item, str(_FIRST_FINDING + nth), charts.get(item.exhibit.number), _shown(item, exhibits))
            for nth, item in enumerate(items)
        ),
        validation_section(contents, questions, places.validation),
        *together_sections(questions, places.together),
        limits_section(contents, questions, places.limits),
        *exhibit_sections(contents, exhibits, places.exhibits),
        england_section(places.declarations),
        united_states_section(questions, places, places.declarations),
        *checking_section(contents, places.declarations, places.checking),
        *annex_sections(contents),
        crosswalk_section(places),
    ]
    return _report(contents, tuple(sections), cover_of(contents, questions, notes), "report")


def summary_of(contents: PackContents) -> Report | None:
    """The first section alone; None where no question was asked."""
    questions = asked(contents)
    if not questions:
        return None
    return _report(contents, tuple(opinion_sections(questions)), None, "summary of opinion")


def _report(contents: PackContents, sections: tuple[Section, ...], cover: Cover | None, what: str) -> Report:
    title = one_line(contents.title, 120)
    return Report(
        title=f"{title}: {what}",
        author=one_line(contents.examiner, 120),
        date=contents.begun,
        running=(
            one_line(contents.title, 60),
            f"{what.capitalize()}, pack {contents.number:02d}",
            f"log before it {grouped(contents.head, 2)}",
        ),
        foot=SAMPLE if contents.sample else "",
        stamp="" if contents.signers else f"DRAFT {contents.number}",
        cover=cover,
        sections=continued(sections),
        marks=contents.marks,
    )


def _nothing(contents: PackContents) -> Section:
    return Section("summary", "1", "Summary of opinion", (Para(say(nothing_found(contents)), style="answer"),))


def _span(items: tuple[PackFinding, ...]) -> str:
    last = _FIRST_FINDING + len(items) - 1
    return "" if not items else str(last) if len(items) == 1 else f"{_FIRST_FINDING} to {last}"


def _shown(item: PackFinding, exhibits: ExhibitSet) -> str:
    return shown_in(exhibits, item.exhibit.number, compares=item.page.part is Part.CLOSENESS)

"""The summary of opinion: one page a question, as PDF, with the words of the start page."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime

from workbench.core.errors import WorkbenchError
from workbench.core.finding_page import Bearing, Explanation
from workbench.core.model import Json
from workbench.core.printed import day
from workbench.core.resources import resource
from workbench.core.text import one_line
from workbench.evidence.drawing.svg import to_svg
from workbench.evidence.pack.contents import PackContents
from workbench.evidence.pack.printable_text import Legible, all_fonts, covered, plain_only
from workbench.evidence.report.limits import three_limits
from workbench.evidence.report.question import Asked, asked, number_of_questions, plan_in_brief
from workbench.evidence.report.trial import how_sure

_NOT_SAID = "It says nothing of intent, of permission or of a breach of terms."
_HEADS = (
    ("Tested, do not account for it", (Bearing.NO,)),
    ("Less well supported, or part of H1", (Bearing.LESS, Bearing.PARTLY)),
    ("Open, or may account for it", (Bearing.MAY, Bearing.OPEN)),
)


def set_summary(contents: PackContents) -> bytes | None:
    """The page of each question as PDF/A-2a and PDF/UA-1; None where no question was asked.

    Raises WorkbenchError where Typst refuses even plain letters.
    """
    questions = asked(contents)
    if not questions:
        return None
    try:
        return _set(contents, questions, Legible(covered(all_fonts())))
    except WorkbenchError:
        return _set(contents, questions, Legible(plain_only()))


def _set(contents: PackContents, questions: tuple[Asked, ...], change: Callable[[str], str]) -> bytes:
    import typst

    data = {
        "title": change(f"{one_line(contents.title, 120)}: summary of opinion"),
        "author": change(one_line(contents.examiner, 120)),
        "running": change(
            f"{one_line(contents.title, 80)} · pack {contents.number:02d} · {day(contents.begun)} · log before it "
            f"{contents.head[:8]}"
        ),
        "sample": "Sample case. Every maker, model and answer in it is invented." if contents.sample else "",
        "pages": [_page(contents, one, change) for one in questions],
    }
    try:
        return typst.compile(
            resource("report/summary.typ"),
            root=resource("report"),
            font_paths=[resource("fonts")],
            ignore_system_fonts=True,
            format="pdf",
            sys_inputs={"document": json.dumps(data)},
            pdf_standards=["a-2a", "ua-1"],
            timestamp=datetime.fromisoformat(contents.begun).replace(microsecond=0),
        )
    except RuntimeError as error:
        raise WorkbenchError(f"The summary could not be set: {error}") from error


def _page(contents: PackContents, one: Asked, change: Callable[[str], str]) -> dict[str, Json]:
    page = one.page.mapped(change)
    sure = how_sure(one)
    picture = page.picture
    return {
        "question": change(one.words),
        "h1": change(one.h1),
        "h2": change(one.h2),
        "caution": page.caution,
        "answer": page.answer if page.caution else page.sentence,
        "not_said": f"{page.not_said} {_NOT_SAID}",
        "basis": change(f"{number_of_questions(contents)} {plan_in_brief(contents)}"),
        "picture": to_svg(picture, "s") if picture else "",
        "picture_words": picture.description if picture else "",
        "sure": change(sure.said),
        "outside": change(sure.outside),
        "limits": [change(words) for words in three_limits(one)],
        "explanations": [
            [head, change(words)] for head, bearings in _HEADS if (words := _named(page.explanations, bearings))
        ],
        "not_found": [f"{what}: {said}" for what, said in page.not_found],
    }


def _named(rows: tuple[Explanation, ...], bearings: tuple[Bearing, ...]) -> str:
    names = [f"{row.name}{f' ({row.but})' if row.but else ''}" for row in rows if row.so in bearings]
    return f"{'; '.join(names)}." if names else ""

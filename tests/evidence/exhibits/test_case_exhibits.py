"""Exhibits that a case has: in the examiner's order, with all that is said of them; withdrawn ones are listed alone."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.evidence.conftest import ledger
from tests.evidence.exhibits.test_exhibits import RARE, SAYS, Seen, case, files_of
from workbench.core.exhibits import (
    EXHIBIT_COMMENTED,
    EXHIBIT_MOVED,
    EXHIBIT_REVIEWED,
    EXHIBIT_WITHDRAWN,
    EXHIBITS_ADDED,
    AnswerPlace,
    Choice,
    FindingPlace,
    Kind,
    Picker,
    added_options,
)
from workbench.core.hashing import sha256_text
from workbench.evidence.exhibits import viewer
from workbench.evidence.exhibits.picked import picked
from workbench.evidence.exhibits.shown import choices_of, exhibits_of
from workbench.evidence.exhibits.viewer import VIEWER
from workbench.evidence.pack.contents import PackContents
from workbench.evidence.pack.names import EXHIBIT_LIST
from workbench.evidence.report.compose import report_of
from workbench.evidence.report.web import to_html

HOSTILE = '</script><img src=x onerror="alert(1)"> \u202e =cmd|x'


def by_hand(contents: PackContents, model: str, **changed: Any) -> Choice:
    """An answer of a model to the first prompt, chosen by hand."""
    text = SAYS[model][0]
    place = AnswerPlace(7, model, "suspect", sha256_text(text), sha256_text("Bread?"), contents.sources[0].sha256, "",
                        0, 10, 20)  # fmt: skip
    return Choice(**{"kind": Kind.ANSWERS, "picker": Picker.HAND, "title": "A whole answer", "answers": (place,),
                     **changed})  # fmt: skip


def act(action: str, name: str, reason: str = "", examiner: str = "A. Examiner", **said: Any) -> Mapping[str, Any]:
    return {"action": action, "object": {"exhibit": name}, "options": said, "reason": reason, "examiner": examiner}


@pytest.fixture
def registered(tmp_path: Path) -> PackContents:
    """Two exhibits of the rule and three by hand; one is withdrawn, one moved to the front, one disputed."""
    contents = case(tmp_path)
    found = picked(contents)
    assert found is not None
    finding = contents.findings[0]
    place = FindingPlace(finding.exhibit.number, finding.sha256, "closest_source", "models")
    choices = (
        *choices_of(contents, found),
        by_hand(contents, "Schüler", title=HOSTILE),
        Choice(Kind.TABLE, Picker.HAND, "Who is closest", finding=place),
        Choice(Kind.CHART, Picker.HAND, "Another finding", finding=replace(place, sha256="0" * 64, table="")),
    )
    names = [f"GS-{at:04d}" for at in range(1, len(choices) + 1)]
    lines = ledger(
        (
            {"action": EXHIBITS_ADDED, "object": {"exhibits": names}, "options": added_options(names, choices)},
            act(EXHIBIT_WITHDRAWN, "GS-0002", "Not used."),
            act(EXHIBIT_MOVED, "GS-0004", before="GS-0001"),
            act(EXHIBIT_COMMENTED, "GS-0001", comment=f"See both. {HOSTILE}"),
            act(EXHIBIT_REVIEWED, "GS-0001", "Which version?", "B. Second", state="disputed", blind=True),
        )
    )
    return replace(contents, ledger_lines=lines)


def test_they_stand_in_the_order_of_the_case_with_what_is_said_of_them(registered: PackContents) -> None:
    found = exhibits_of(registered)
    assert found.of_case
    assert [one.name for one in found.exhibits] == ["GS-0004", "GS-0001", "GS-0002", "GS-0003", "GS-0005"]
    table, first, gone, whole, _ = found.exhibits
    assert (table.finding, first.passages[0].words) == (registered.findings[0], RARE)
    assert (gone.standing, gone.columns) == (False, ())
    assert [column.text for column in whole.columns] == [SAYS["Schüler"][0]]
    page = "".join(Seen(files_of(registered)[VIEWER].decode()).words)
    for said in (
        "See both.", "(A. Examiner)", "B. Second, blind: disputed", "Which version?", "picked by hand, A. Examiner",
        "Withdrawn", "Not used.", "is not in this case as it was when it was chosen",
    ):  # fmt: skip
        assert said in page
    assert RARE in page
    assert SAYS["Amsel"][1] not in page, "an exhibit that was withdrawn is listed, and not shown"
    assert not any("GS-0002" in path for path in files_of(registered))


def test_the_list_has_a_row_for_each_answer_of_each(registered: PackContents) -> None:
    rows = list(csv.DictReader(io.StringIO(files_of(registered)[EXHIBIT_LIST].decode("utf-8-sig"))))
    by_name = {row["exhibit"]: row for row in rows}
    assert list(by_name) == ["GS-0004", "GS-0001", "GS-0002", "GS-0003", "GS-0005"]
    assert by_name["GS-0002"]["reason"] == "Not used."
    assert (by_name["GS-0003"]["picked_by"], by_name["GS-0003"]["answer"]) == ("A. Examiner", "7")
    assert (by_name["GS-0001"]["picked_by"], by_name["GS-0001"]["review"]) == ("rule", "disputed")
    assert by_name["GS-0003"]["sha256"] == sha256_text(SAYS["Schüler"][0])


def test_the_report_lists_them_and_strikes_what_was_withdrawn(registered: PackContents) -> None:
    text = "".join(Seen(to_html(report_of(registered, {}, exhibits_of(registered)))).words)
    for said in ("GS-0004", "Withdrawn", "Not used.", "picked by hand", "See both.", "A number is never used twice."):
        assert said in text


def test_hostile_words_of_a_person_stay_words(registered: PackContents) -> None:
    page = files_of(registered)[VIEWER].decode()
    assert "img" not in Seen(page).tags
    assert "\u202e" not in page
    assert all("\u202e" not in data.decode("utf-8-sig") for data in files_of(registered).values())


def test_many_stand_in_parts_by_number(registered: PackContents, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(viewer, "TOGETHER", 2)
    files = files_of(registered)
    parts = ["GS-0001-to-GS-0002", "GS-0003-to-GS-0004", "GS-0005-to-GS-0005"]
    folder = VIEWER.removesuffix("viewer.html")
    assert set(files) == {
        EXHIBIT_LIST, VIEWER, *(f"{folder}{name}.html" for name in parts), *(f"{folder}EX/{name}.txt" for name in parts)
    }  # fmt: skip
    for name in parts:
        assert f'href="{name}.html"' in files[VIEWER].decode()
    assert RARE in files[f"{folder}{parts[0]}.html"].decode()
    first = files[VIEWER].decode()
    assert Seen(first).tags.count("script") == 2, "no title ends the element that the search reads"
    index = json.loads(first.partition('id="index">')[2].partition("</script>")[0])
    assert index["names"] == [f"GS-{at:04d}" for at in range(1, 6)]
    assert index["titles"][2:4] == [HOSTILE.replace("\u202e", "⟦U+202E⟧"), "Who is closest"]
    assert index["kinds"][1:4] == ["passages against rule", "answers hand", "table hand"]


def test_an_answer_that_a_copy_leaves_out_is_said(registered: PackContents) -> None:
    nothing = replace(registered, normalised=lambda _: iter(()))
    page = "".join(Seen(files_of(nothing)[VIEWER].decode()).words)
    assert "Its answers are not in this pack." in page
    assert "Anything: what it shows is not in this pack." in page

"""A legend and Bates numbers on every page, and what changed since the pack before."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from pypdf import PdfReader

from tests.evidence.conftest import build, ledger
from tests.evidence.exhibits.test_exhibits import case
from tests.evidence.pack.test_pack import members
from workbench.core.errors import UsageError
from workbench.core.page_marks import PageMarks, page_marks_in, page_marks_of
from workbench.evidence.exhibits.viewer import VIEWER
from workbench.evidence.pack.since import since

LEGEND = "CONFIDENTIAL – ATTORNEYS’ EYES ONLY"


def test_every_page_has_its_legend_and_its_own_number(tmp_path: Path) -> None:
    contents = replace(case(tmp_path), marks=PageMarks(LEGEND, "GS-", 98))
    build(contents, tmp_path / "p.zip")
    found = members(tmp_path / "p.zip")
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(found["data/01_report/report.pdf"])).pages]
    numbers = [re.findall(r"GS-\d{6}", page) for page in pages]
    assert numbers == [[f"GS-{98 + at:06d}"] for at in range(len(pages))]
    assert all(LEGEND in page for page in pages)
    rows = list(csv.DictReader(io.StringIO(found["data/01_report/bates.csv"].decode("utf-8-sig"))))
    assert [row["bates"] for row in rows] == [f"GS-{98 + at:06d}" for at in range(len(rows))]
    assert (rows[0]["what"], rows[1]["what"], rows[len(pages)]["what"]) == ("cover", "page 1", "EX-0001")
    viewer = found[VIEWER].decode()
    assert rows[len(pages)]["bates"] in viewer
    for path in (VIEWER, "START_HERE.html", "data/01_report/report.html", "data/02_exhibits/EX/EX-0001.txt"):
        assert LEGEND in found[path].decode(), path


def test_marks_are_checked_and_kept() -> None:
    marks = page_marks_of("  SECRET\n", "ABC_", 7)
    assert marks == PageMarks("SECRET", "ABC_", 7)
    assert page_marks_in({"marks": marks.as_json()}) == marks
    assert marks.number(3) == "ABC_000010"
    assert not page_marks_in({"originals": True})
    assert PageMarks("SECRET").number(1) == ""
    for legend, prefix, first in (("x" * 101, "", 1), ("", "a b", 1), ("", "=A", 1), ("", "A", -1), ("", "A", 10**9)):
        with pytest.raises(UsageError):
            page_marks_of(legend, prefix, first)


def test_a_pack_says_what_changed_since_the_one_before(chained: Callable[..., tuple[str, ...]]) -> None:
    def imported(name: str) -> dict[str, object]:
        return {"action": "file imported", "options": {"corpora": [{"corpus": {"name": name}}]}}

    first = [imported("Amsel"), {"action": "analysis run", "object": {"finding": 1}}]
    assert since(ledger(first), 1) == ""
    packed = [*first, {"action": "export begun", "object": {"export": 1}}, {"action": "export done"}]
    assert since(chained(packed), 2) == "Since pack 01, log line 3: no finding, corpus or exhibit."
    later = [
        *packed, imported("Amsel"), imported("Buche"), {"action": "analysis run", "object": {"finding": 2}},
        {"action": "finding withdrawn", "object": {"finding": 1}},
        {"action": "corpus changed", "options": {"corpus": {"name": "Amsel"}}},
        {"action": "exhibits added", "options": {"exhibits": [{"exhibit": "GS-0001"}]}},
    ]  # fmt: skip
    assert since(ledger(later), 2) == (
        "Since pack 01, log line 3: 1 finding added (2); 1 finding withdrawn (1); 1 corpus added (Buche); 1 corpus "
        "with other facts or another role (Amsel); 1 exhibit added (GS-0001)."
    )

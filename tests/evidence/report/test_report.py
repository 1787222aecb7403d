"""The report: the same text as PDF and as page, whatever the text; what it says and never says."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple
from xml.etree.ElementTree import fromstring as parse

import pikepdf
import pytest

from tests.evidence.conftest import made_up_contents
from workbench.core.drawing import Drawing
from workbench.core.errors import WorkbenchError
from workbench.core.finding_page import Part
from workbench.core.model import Narrative
from workbench.core.progress import silent
from workbench.core.wording_check import refused
from workbench.evidence.exhibits.shown import ExhibitSet
from workbench.evidence.pack.contents import PackContents, PackFinding
from workbench.evidence.pack.printable_text import Legible, all_fonts, covered
from workbench.evidence.pack.start_here import Bagged, start_here
from workbench.evidence.report import setting
from workbench.evidence.report.charts import chart_of
from workbench.evidence.report.compose import report_of
from workbench.evidence.report.reconciled import reconciled
from workbench.evidence.report.setting import SetReport, set_report, set_summary, shown
from workbench.evidence.report.sheets import (
    Chip,
    Column,
    Columns,
    Cover,
    Para,
    Report,
    Run,
    Section,
    Vector,
    plain,
)
from workbench.evidence.report.typeset import to_pdf
from workbench.evidence.report.web import to_html
from workbench.evidence.report.word import to_docx

HOSTILE = (
    '<script>alert(1)</script> &amp; #raw("x") $x^2$ *bold* @ref <label> \\u{41} '
    "left\u202eright \u2066iso\u2069 zero\u200bwidth nul\x00bell\x07 \ue000 \U000e0041 \uffff \U0001f600 模型 "
    'ไทย עברית العربية हिन्दी e\u0301 \u0378 \u2028line ﷽ ½ ™ #import "/etc/passwd": * ]] }} //'
)
FORBIDDEN = re.compile(
    r"was distilled|fingerprint proves|scientific certainty|tamper-?proof|\bmatch(es)?\b|probability that it",
    re.IGNORECASE,
)
Made = Callable[..., PackContents]


class Text(HTMLParser):
    """The text of a page, without its head, its list of contents and its running line."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self.tags: set[str] = set()
        self.alternatives: list[str | None] = []
        self._hidden = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self._hidden += tag in ("head", "nav", "footer")
        if tag == "img":
            self.alternatives.append(dict(attrs)["alt"])
        assert not [name for name, _ in attrs if name.startswith("on")]

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in ("head", "nav", "footer")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.pieces.append(data)


def texts_of(value: object) -> Iterator[str]:
    """Every text of a report that is printed, down to the single run."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from texts_of(item)
    elif isinstance(value, Run | Chip):
        yield value.text
    elif isinstance(value, Section):
        yield from texts_of((value.title, value.blocks))
    elif isinstance(value, Cover):
        yield from texts_of((value.kind, value.title, value.below, value.facts, value.notices))
    elif isinstance(value, Column):
        yield value.label
    elif not isinstance(value, Drawing | Vector | int | float) and is_dataclass(value):
        for field in fields(value):
            if field.name not in ("style", "kind", "drawing"):
                yield from texts_of(getattr(value, field.name))


def texts(report: Report) -> list[str]:
    """Every printed text of a report, without white space; heads of tables without heads are left out."""
    found = list(texts_of((report.cover, report.sections)))
    return [short for text in found if (short := squeezed(text))]


def paragraphs(report: Report) -> list[str]:
    """Each numbered paragraph without links, as its number and its words, without white space."""
    found: list[Para] = []
    for section in report.sections:
        for block in section.blocks:
            if isinstance(block, Para):
                found.append(block)
            elif isinstance(block, Columns):
                found += [one for column in block.items for one in column]
    return [squeezed(one.number + plain(one.words)) for one in found if one.number and not any(r.to for r in one.words)]


def squeezed(text: str) -> str:
    """The text without white space."""
    return re.sub(r"\s+", "", text)


_WHOLE = 400
"""Characters of a text that stands on one page."""


class Small(NamedTuple):
    """The small case with its report, set once, and what it was set from."""

    contents: PackContents
    files: SetReport
    report: Report


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Small:
    contents = made_up_contents(tmp_path_factory.mktemp("small"))
    return Small(contents, *made(contents))


def made(contents: PackContents) -> tuple[SetReport, Report]:
    """The report of a case, and what it was set from."""
    charts = {f.exhibit.number: chart_of(f, contents.redraw) for f in contents.findings}
    set_ = set_report(contents, charts, ExhibitSet(), silent)
    return set_, shown(report_of(contents, charts, ExhibitSet(), set_.notes), covered(all_fonts()))


def pages_of(pdf: bytes, folder: Path) -> list[str]:
    """The text of each page in reading order, without white space."""
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (poppler-utils) is not on this machine")
    (folder / "report.pdf").write_bytes(pdf)
    command = ["pdftotext", "-raw", "-enc", "UTF-8", str(folder / "report.pdf"), "-"]
    text = subprocess.run(command, capture_output=True, check=True).stdout.decode()
    # The program puts its own direction marks around words that run from right to left.
    pages = text.replace("\u202b", "").replace("\u202c", "").split("\f")
    return [squeezed(page) for page in pages[:-1]]


def check_same_text(set_: SetReport, report: Report, folder: Path) -> None:
    """PDF and page hold every text of the report, and its paragraphs in the order of their numbers."""
    page = squeezed("".join(Text(set_.html.decode()).pieces))
    pages = pages_of(set_.pdf, folder)
    text = "".join(pages)
    for piece in texts(report):
        assert piece in page, piece
        # The middle of a long text may lie on the edge between two pages.
        assert piece[:_WHOLE] in text, piece
    at = 0
    for piece in (whole for whole in paragraphs(report) if len(whole) < _WHOLE):
        found = text.find(piece, at)
        assert found >= 0, piece
        at = found + len(piece)
    assert pages == pages_of(set_.letter, folder), "the pages of both papers break alike"


def test_pdf_and_page_have_the_same_text(small: Small, tmp_path: Path) -> None:
    check_same_text(small.files, small.report, tmp_path)
    assert small.files.notes == ()


def test_hostile_names_and_sentences_survive_in_both(made_up: Made, tmp_path: Path) -> None:
    contents = made_up(tmp_path, suspect=HOSTILE[:60], models=(HOSTILE[60:140], HOSTILE[140:], "m" * 300, "模型" * 40))
    finding = contents.findings[0]
    said = Narrative(1, f"Headline {HOSTILE}", (HOSTILE, "a" * 3000), (HOSTILE,))
    exhibit = replace(finding.exhibit, narrative=said, title=HOSTILE, alternative_text=HOSTILE)
    page = replace(finding.page, brief=HOSTILE, seen=HOSTILE, answer=HOSTILE, against=(HOSTILE, "a" * 3000))
    worse = replace(finding, exhibit=exhibit, page=page)
    report, source = made(replace(contents, title=HOSTILE, examiner=HOSTILE, findings=(worse,)))
    check_same_text(report, source, tmp_path)
    shown = report.html.decode()
    assert "⟦U+202E⟧" in shown
    assert "⟦U+1F600⟧" in shown
    assert "עברית" in shown
    assert "written as codes" in "".join(report.notes)
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200b\x00\x07\ue000]", shown)
    assert "<script" not in shown


def test_a_megabyte_of_text_breaks_nothing(made_up: Made, tmp_path: Path) -> None:
    contents = made_up(tmp_path, suspect="S" * 1_000_000, models=("模" * 1_000_000, "a b " * 250_000))
    report, source = made(replace(contents, title="T" * 1_000_000))
    check_same_text(report, source, tmp_path)
    assert len(report.html) < 3_000_000
    with pikepdf.open(io.BytesIO(report.pdf)) as pdf:
        assert len(pdf.pages) < 60


def test_the_pdf_says_what_it_is(small: Small) -> None:
    report = small.files
    with pikepdf.open(io.BytesIO(report.pdf)) as pdf:
        meta = pdf.open_metadata()
        assert (meta["pdfaid:part"], meta["pdfaid:conformance"], meta["pdfuaid:part"]) == ("2", "A", "1")
        assert meta["dc:title"] == f"{small.contents.title}: report"
        assert meta["dc:creator"] == ["A. Examiner"]
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "en"
        assert datetime.fromisoformat(str(meta["xmp:CreateDate"])) == datetime(2026, 3, 1, 12, 0, 7, tzinfo=UTC)
        assert pdf.check_pdf_syntax() == []
        fonts = {str(o.FontName) for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and "/FontName" in o}
    assert fonts
    assert all("Noto" in name or "Inter" in name for name in fonts), "only fonts that are shipped"


def test_draft_is_drawn_and_enters_no_text(small: Small, tmp_path: Path) -> None:
    set_ = small.files
    report = small.report
    assert report.stamp == "DRAFT 3"
    for paper in (set_.pdf, set_.letter):
        pages = pages_of(paper, tmp_path)
        assert len(pages) > 10
        assert not [page for page in pages if "DRAFT" in page]
    unsigned = to_pdf(replace(report, stamp=""))
    assert len(unsigned) < len(set_.pdf) - 2_000, "the marks are paths"


def test_the_page_is_one_file_that_runs_nothing(small: Small) -> None:
    page = small.files.html.decode()
    text = Text(page)
    assert not text.tags & {"script", "iframe", "object", "embed", "link", "form", "base"}
    assert "default-src 'none'" in page
    assert not re.search(r"(src|href)=\"(?!data:|#)", page)
    assert all(text.alternatives)
    assert '<html lang="en">' in page


def test_the_first_page_answers_in_one_sentence(contents: PackContents) -> None:
    page = start_here(contents, Bagged("CASE_pack", 12, 345), Legible(covered(all_fonts()))).decode()
    text = " ".join("".join(Text(page).pieces).split())
    assert "On 3 matched prompts, Schüler is closer to Orakel than all 8 controls are." in text
    assert "This is not the probability that Schüler was trained on Orakel." in text
    for words in ("How sure?", "Three limits", "Looked for, and not found", "Closeness is not origin", "certutil"):
        assert words in text
    assert "2 questions were asked in this case, and all are reported, 1 as withdrawn." in text
    assert contents.head[:4] in page
    assert "<script" not in page
    assert "style=" not in page
    assert not re.search(r"(src|href)=\"(https?:|//|/)", page)


def test_a_rescued_case_says_so_and_lists_what_was_lost(
    contents: PackContents, chained: Callable[..., tuple[str, ...]]
) -> None:
    lost = {"action": "case rescued", "options": {"lost": ["finding 4 (closest_source): run it again"]}}
    lines = chained([*map(json.loads, contents.ledger_lines[:1]), lost, "export begun"])
    rescued = replace(contents, ledger_lines=lines, supersedes=None, findings=())
    _, report = made(rescued)
    assert report.cover is not None
    assert [head for head, _ in report.cover.notices] == ["This case was rescued."]
    bagged = Bagged("CASE_pack", 12, 345)
    page = start_here(rescued, bagged, Legible(covered(all_fonts()))).decode()
    both = page + to_html(report)
    assert "Lost: finding 4 (closest_source): run it again." in both
    assert page.count("This case was rescued") == 1
    assert "an unknown number: the case was rescued" in page
    assert "No analysis has been run" not in page


def test_forbidden_claims_are_never_made(contents: PackContents, unpacked: Path) -> None:
    for name in ("START_HERE.html", "HOW_TO_CHECK.txt", "SEAL_STATUS.txt", "data/01_report/report.html"):
        text = "".join(Text((unpacked / name).read_text("utf-8")).pieces)
        assert not FORBIDDEN.search(text), (name, FORBIDDEN.search(text))
        assert not refused(text), name


def test_every_part_that_the_design_lists_is_there(small: Small) -> None:
    set_ = small.files
    report = small.report
    assert [
        f"{section.number} {section.in_contents}".strip() for section in report.sections if section.in_contents
    ] == [
        "1 Summary of opinion",
        "2 Instructions and questions",
        "3 Items examined",
        "4 Method in plain words",
        "5 Finding 1: closer than unrelated models?",
        "6 Finding 2: closer than unrelated models? (withdrawn)",
        "7 Validation: how often the method errs",
        "8 All findings together, and other explanations",
        "9 Limits, deviations, and what is not said",
        "10 Exhibits",
        "11 Declarations and signature",
        "12 How to check this pack",
        "Register of runs and log",
        "Files as received, with hashes",
        "Words used",
        "Settings",
        "Where rules find their answer",
    ]
    page = "".join(Text(set_.html.decode()).pieces)
    assert "No calibrated likelihood ratio is among the findings that stand." in page
    assert "the wrong controls were chosen" in page
    with pikepdf.open(io.BytesIO(set_.pdf)) as pdf:
        assert 13 <= len(pdf.pages) <= 25


def test_what_a_person_has_to_fill_in_is_left_blank(small: Small) -> None:
    report = small.report
    declared = [section for section in report.sections if section.key.startswith("declarations")]
    assert len(declared) == 2
    assert small.contents.examiner not in "".join(texts_of(tuple(declared)))
    assert "to be completed" in "".join(texts_of(tuple(declared)))
    assert "not stated: to be completed" in "".join(texts_of(report.cover))


def test_the_answer_stands_word_for_word_wherever_it_stands(small: Small, tmp_path: Path) -> None:
    set_ = small.files
    answer = squeezed("On 3 matched prompts, Schüler is closer to Orakel than all 8 controls are.")
    pages = pages_of(set_.pdf, tmp_path)
    holding = [at for at, page in enumerate(pages) if answer in page]
    assert holding == [1, 5, 6, 8], "the summary, both findings, and all findings together"
    summary = set_summary(small.contents)
    assert summary is not None
    (alone,) = pages_of(summary, tmp_path)
    assert answer in alone
    assert "DRAFT" not in alone


def test_the_word_file_has_the_same_text_and_the_same_bytes_each_time(small: Small) -> None:
    data = small.files.docx
    assert data == to_docx(small.report)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        parts = {name: archive.read(name) for name in archive.namelist()}
    trees = {name: parse(part) for name, part in parts.items() if name.endswith((".xml", ".rels"))}
    body = squeezed("".join(trees["word/document.xml"].itertext()))
    for piece in texts(small.report):
        assert piece in body, piece
    assert "DRAFT" not in body
    assert "DRAFT3" in squeezed("".join(trees["word/header1.xml"].itertext()))
    targets = {f"word/{one.get('Target')}" for one in trees["word/_rels/document.xml.rels"]}
    assert targets <= parts.keys()
    anchors = set(re.findall(r'w:anchor="(\w+)"', parts["word/document.xml"].decode()))
    assert anchors <= set(re.findall(r'w:name="(\w+)"', parts["word/document.xml"].decode()))


def test_numbers_in_the_text_of_a_finding_are_those_of_its_page(small: Small) -> None:
    printed = "".join(texts_of(tuple(item.page.mapped(str) for item in small.contents.findings)))
    known = set(re.findall(r"\d[\d,.]*\d|\d", printed + "".join(small.contents.findings[0].exhibit.alternative_text)))
    for section in small.report.sections:
        if section.key.startswith("finding-"):
            words = [plain(block.words) for block in section.blocks if isinstance(block, Para)]
            words += [plain(one.words) for b in section.blocks if isinstance(b, Columns) for c in b.items for one in c]
            found = set(re.findall(r"\d[\d,.]*\d|\d", " ".join(words)))
            assert found
            assert found <= known, found - known


@pytest.mark.skipif(shutil.which("qpdf") is None, reason="qpdf is not on this machine")
def test_qpdf_finds_nothing_wrong(small: Small, tmp_path: Path) -> None:
    set_ = small.files
    for name, data in (("a4.pdf", set_.pdf), ("letter.pdf", set_.letter)):
        (tmp_path / name).write_bytes(data)
        said = subprocess.run(["qpdf", "--check", str(tmp_path / name)], capture_output=True, check=True, text=True)
        assert "No syntax or stream encoding errors found" in said.stdout


def test_a_refusal_of_the_typesetter_is_stepped_around_and_said(
    contents: PackContents, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[Report] = []

    def refusing(report: Report, paper: str = "a4") -> bytes:
        if paper == "a4":
            calls.append(report)
        if len(calls) < 3:
            raise WorkbenchError("refused")
        return to_pdf(report, paper)

    monkeypatch.setattr(setting, "to_pdf", refusing)
    set_, _ = made(contents)
    page = set_.html.decode()
    assert len(calls) == 3
    assert "refused this report’s charts" in page
    assert "⟦U+00FC⟧" in page, "the ü of the suspect's name"


def test_legible_tells_long_texts_apart_and_leaves_good_ones_alone() -> None:
    change = Legible(covered(all_fonts()))
    assert change("Schüler → 5 ≤ 6 “x”") == "Schüler → 5 ≤ 6 “x”"
    assert change.rewritten == set()
    assert change("a\nb\tc") == "a b c"
    assert change("\ud800") == "⟦U+D800⟧"


def test_a_weight_on_fewer_prompts_is_reconciled_with_what_is_compared(contents: PackContents) -> None:
    closest, other = contents.findings

    def on(item: PackFinding, part: Part, prompts: int) -> PackFinding:
        finding = replace(item.exhibit.finding, values=dict(item.exhibit.finding.values) | {"n_prompts": prompts})
        return replace(
            item, page=replace(item.page, part=part), exhibit=replace(item.exhibit, finding=finding, withdrawn="")
        )

    def said(weighed: int) -> str:
        both = (on(closest, Part.CLOSENESS, 120), on(other, Part.WEIGHT, weighed))
        return reconciled(replace(contents, findings=both)).smaller

    assert "long enough on both sides, in one language: finding 2, 86 of 120 prompts." in said(86)
    assert "long enough" not in said(120)

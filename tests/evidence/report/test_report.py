"""The report: the same text as PDF and as page, whatever the text; what it says and never says."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pikepdf
import pytest

from workbench.core.errors import WorkbenchError
from workbench.core.model import Narrative
from workbench.core.progress import silent
from workbench.evidence.pack.contents import PackContents
from workbench.evidence.pack.printable_text import Legible, all_fonts, covered
from workbench.evidence.pack.start_here import Bagged, start_here
from workbench.evidence.report import pdf
from workbench.evidence.report.charts import chart_of
from workbench.evidence.report.document import (
    Block,
    Bullets,
    Document,
    Grid,
    Heading,
    Notice,
    Pairs,
    Paragraph,
    Picture,
)
from workbench.evidence.report.html import to_html
from workbench.evidence.report.pdf import Report, set_report
from workbench.evidence.report.report import report_of

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


def texts_of(block: Block) -> list[str]:
    """Every text of a block that is printed, in the order in which it is read."""
    match block:
        case Heading() | Paragraph():
            return [block.text]
        case Bullets():
            return list(block.items)
        case Pairs():
            return [text for row in block.rows for text in row]
        case Grid():
            return [block.caption, *(c.label for c in block.columns), *(text for row in block.rows for text in row)]
        case Picture():
            return [block.caption]
        case Notice():
            return [block.title, block.text]


def texts(document: Document) -> list[str]:
    """Every printed text of a document, without white space; empty ones left out."""
    found = [document.title, *(t for b in (*document.cover, *document.blocks) for t in texts_of(b))]
    return [short for text in found if (short := squeezed(text))]


def squeezed(text: str) -> str:
    """The text without white space."""
    return re.sub(r"\s+", "", text)


def made(contents: PackContents) -> tuple[Report, Document]:
    """The report of a case, and the document that it was set from."""
    charts = {f.exhibit.number: chart_of(f, contents.redraw) for f in contents.findings}
    report = set_report(contents, charts, silent)
    change = Legible(covered(all_fonts()))
    return report, report_of(contents, charts, report.notes).mapped(change)


def pdf_text(pdf: bytes, folder: Path) -> str:
    """The text of the pages between the running lines, in reading order, without white space."""
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (poppler-utils) is not on this machine")
    (folder / "report.pdf").write_bytes(pdf)
    crop = ["-x", "0", "-y", "62", "-W", "596", "-H", "718"]
    command = ["pdftotext", "-raw", "-enc", "UTF-8", *crop, str(folder / "report.pdf"), "-"]
    text = subprocess.run(command, capture_output=True, check=True).stdout.decode()
    # The program puts its own direction marks around words that run from right to left.
    return squeezed(text.replace("\u202b", "").replace("\u202c", "")).replace("DRAFT", "")


def check_same_text(contents: PackContents, folder: Path) -> Report:
    """PDF and page hold every text of the document in order, and the page holds nothing else."""
    report, document = made(contents)
    expected = texts(document)
    page = Text(report.html.decode())
    draft = squeezed(document.mark)
    assert squeezed("".join(page.pieces)).removeprefix(draft) == "".join(expected)
    text = pdf_text(report.pdf, folder)
    at = 0
    for piece in expected:
        found = text.find(piece, at)
        assert found >= 0, piece
        at = found + len(piece)
    return report


def test_pdf_and_page_have_the_same_text(contents: PackContents, tmp_path: Path) -> None:
    report = check_same_text(contents, tmp_path)
    assert report.notes == ()


def test_hostile_names_and_sentences_survive_in_both(made_up: Made, tmp_path: Path) -> None:
    contents = made_up(tmp_path, suspect=HOSTILE[:60], models=(HOSTILE[60:140], HOSTILE[140:], "m" * 300, "模型" * 40))
    finding = contents.findings[0]
    said = Narrative(1, f"Headline {HOSTILE}", (HOSTILE, "a" * 3000), (HOSTILE,))
    worse = replace(finding, exhibit=replace(finding.exhibit, narrative=said, title=HOSTILE, alternative_text=HOSTILE))
    report = check_same_text(replace(contents, title=HOSTILE, examiner=HOSTILE, findings=(worse,)), tmp_path)
    page = report.html.decode()
    assert "⟦U+202E⟧" in page
    assert "⟦U+1F600⟧" in page
    assert "עברית" in page
    assert "written as codes" in "".join(report.notes)
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200b\x00\x07\ue000]", page)
    assert "<script" not in page


def test_a_megabyte_of_text_breaks_nothing(made_up: Made, tmp_path: Path) -> None:
    contents = made_up(tmp_path, suspect="S" * 1_000_000, models=("模" * 1_000_000, "a b " * 250_000))
    report = check_same_text(replace(contents, title="T" * 1_000_000), tmp_path)
    assert "cut here: 1,000," in report.html.decode()
    assert len(report.html) < 3_000_000
    with pikepdf.open(io.BytesIO(report.pdf)) as pdf:
        assert len(pdf.pages) < 60


def test_the_pdf_says_what_it_is(contents: PackContents) -> None:
    report, document = made(contents)
    with pikepdf.open(io.BytesIO(report.pdf)) as pdf:
        meta = pdf.open_metadata()
        assert (meta["pdfaid:part"], meta["pdfaid:conformance"], meta["pdfuaid:part"]) == ("2", "A", "1")
        assert meta["dc:title"] == document.title
        assert meta["dc:creator"] == ["A. Examiner"]
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "en"
        assert datetime.fromisoformat(str(meta["xmp:CreateDate"])) == datetime(2026, 3, 1, 12, 0, 7, tzinfo=UTC)
        assert pdf.check_pdf_syntax() == []
        fonts = {str(o.FontName) for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and "/FontName" in o}
    assert fonts
    assert all("Noto" in name for name in fonts), "only fonts that are shipped"


def test_draft_stands_on_every_page(contents: PackContents, tmp_path: Path) -> None:
    report, _ = made(contents)
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (poppler-utils) is not on this machine")
    (tmp_path / "r.pdf").write_bytes(report.pdf)
    done = subprocess.run(["pdftotext", "-raw", str(tmp_path / "r.pdf"), "-"], capture_output=True, check=True)
    pages = done.stdout.decode().split("\f")[:-1]
    assert len(pages) > 5
    assert all("DRAFT" in squeezed(page) for page in pages)


def test_the_page_is_one_file_that_runs_nothing(contents: PackContents) -> None:
    page = made(contents)[0].html.decode()
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
    _, document = made(rescued)
    assert any(isinstance(b, Notice) and b.title == "This case was rescued" for b in document.cover)
    blocks = list(document.blocks)
    assert isinstance(blocks[1], Notice)
    assert Bullets(("finding 4 (closest_source): run it again",)) in blocks
    bagged = Bagged("CASE_pack", 12, 345)
    page = start_here(rescued, bagged, Legible(covered(all_fonts()))).decode()
    both = page + to_html(document)
    assert page.count("This case was rescued") == 1
    assert "an unknown number: the case was rescued" in page
    assert "No analysis has been run" not in both


def test_forbidden_claims_are_never_made(contents: PackContents, unpacked: Path) -> None:
    for name in ("START_HERE.html", "HOW_TO_CHECK.txt", "SEAL_STATUS.txt", "data/01_report/report.html"):
        text = "".join(Text((unpacked / name).read_text("utf-8")).pieces)
        assert not FORBIDDEN.search(text), (name, FORBIDDEN.search(text))


def test_every_part_that_the_design_lists_is_there(contents: PackContents) -> None:
    _, document = made(contents)
    headings = " | ".join(b.text for b in document.blocks if isinstance(b, Heading))
    for part in (
        "Summary",
        "Propositions and population",
        "Items examined",
        "Method in plain words",
        "Finding 1: Closest source | ",
        "Finding 2: Closest source (withdrawn)",
        "Validation",
        "Other explanations",
        "Limits",
        "does not say",
        "How to verify",
        "Run register",
        "Glossary",
    ):
        assert part in headings, part
    whole = "".join(texts(document))
    assert "unknown" in whole
    assert contents.head in whole
    assert "calibratedlikelihoodratio" in whole


def test_a_refusal_of_the_typesetter_is_stepped_around_and_said(
    contents: PackContents, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = pdf.to_pdf
    calls: list[Document] = []

    def refusing(document: Document) -> bytes:
        calls.append(document)
        if any(isinstance(b, Picture) for b in document.blocks) or len(calls) < 3:
            raise WorkbenchError("refused")
        return real(document)

    monkeypatch.setattr(pdf, "to_pdf", refusing)
    report, _ = made(contents)
    page = report.html.decode()
    assert len(calls) == 3
    assert "refused this report’s charts" in page
    assert "⟦U+00FC⟧" in page, "the ü of the suspect's name"
    assert Text(page).alternatives == []


def test_legible_tells_long_texts_apart_and_leaves_good_ones_alone() -> None:
    change = Legible(covered(all_fonts()))
    assert change("Schüler → 5 ≤ 6 “x”") == "Schüler → 5 ≤ 6 “x”"
    assert change.rewritten == set()
    assert change("a\nb\tc") == "a b c"
    assert change("\ud800") == "⟦U+D800⟧"

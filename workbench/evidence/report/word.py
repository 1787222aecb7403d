"""The report as a Word file for counsel: the text of the PDF under the same numbers, to be edited and quoted.

Written here in plain WordprocessingML: paragraphs, tables and pictures are all that it needs, and its bytes have to be
the same for the same report.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

from workbench.core.drawing import Drawing
from workbench.core.resources import resource
from workbench.evidence.report.charts import rasters
from workbench.evidence.report.sheets import (
    Block,
    Box,
    Boxes,
    Chips,
    Code,
    Columns,
    Cover,
    Foot,
    Glossary,
    Heading,
    Notice,
    Para,
    Passages,
    Picture,
    Report,
    Run,
    Section,
    Signatures,
    Steps,
    Style,
    Sum,
    Table,
    TwoTables,
    Vector,
    Words,
    say,
)
from workbench.evidence.report.typeset import described, drawn

_PIXEL = 9525
"""English Metric Units in a pixel of 1/96 inch."""

_WIDEST = 600
_TEXT_WIDTH = 9070
"""Twentieths of a point between the margins."""

_LOOKS = {
    Style.BOLD: "<w:b/>",
    Style.CAUTION: '<w:color w:val="7D5200"/>',
    Style.BLANK: '<w:highlight w:val="yellow"/>',
    Style.MONO: '<w:rFonts w:ascii="Consolas" w:hAnsi="Consolas"/><w:sz w:val="17"/>',
    Style.QUIET: '<w:color w:val="62666D"/>',
    Style.STRUCK: "<w:strike/>",
}
_PARAGRAPHS = {"answer": "Answer", "finding": "Answer", "question": "Question", "under": "Small", "small": "Small",
               "note": "Small", "lead": "Small"}  # fmt: skip
_RARITY = ('<w:highlight w:val="yellow"/><w:u w:val="single"/>', '<w:u w:val="dash"/>', '<w:u w:val="dotted"/>')
_NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"'
)
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


class _Painted(NamedTuple):
    """A picture as it lies in the file: its number, its size in pixels, and what it shows, in words."""

    number: int
    width: float
    height: float
    words: str


def to_docx(report: Report) -> bytes:
    """The file's bytes, the same for the same report. Raises WorkbenchError where a picture can't be painted."""
    drawings = list(dict.fromkeys(_drawings(report)))
    pngs = rasters([drawn(drawing, f"w{at}") for at, drawing in enumerate(drawings)])
    painted = {}
    for number, (drawing, png) in enumerate(zip(drawings, pngs, strict=True), 1):
        width, height = (int.from_bytes(png[at : at + 4]) for at in (16, 20))
        painted[drawing] = _Painted(number, width, height, described(drawing))
    body = "".join(_Writer(painted).body(report))
    files = {
        "[Content_Types].xml": _CONTENT_TYPES,
        "_rels/.rels": _relations((("officeDocument", "word/document.xml"),), core=True),
        "docProps/core.xml": _core(report),
        "word/document.xml": f"{_HEAD}<w:document {_NAMESPACES}><w:body>{body}{_SECTION}</w:body></w:document>",
        "word/styles.xml": resource("report/word_styles.xml").read_text("utf-8"),
        "word/header1.xml": _header(report),
        "word/footer1.xml": _footer(report),
        "word/_rels/document.xml.rels": _relations(
            (
                ("styles", "styles.xml"),
                ("header", "header1.xml"),
                ("footer", "footer1.xml"),
                *(("image", f"media/image{number}.png") for number in range(1, len(pngs) + 1)),
            )
        ),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for path, text in files.items():
            archive.writestr(zipfile.ZipInfo(path), text.encode())
        for number, png in enumerate(pngs, 1):
            archive.writestr(zipfile.ZipInfo(f"word/media/image{number}.png"), png)
    return out.getvalue()


def _drawings(report: Report) -> Iterator[Drawing | Vector]:
    for section in report.sections:
        for block in section.blocks:
            if isinstance(block, Picture):
                yield block.drawing
            elif isinstance(block, Steps):
                yield from (step.drawing for step in block.steps)


class _Writer:
    """Writes blocks; sections are bookmarks, and links lead to them by name."""

    def __init__(self, painted: dict[Drawing | Vector, _Painted]) -> None:
        self.painted = painted
        self.marks: dict[str, int] = {}

    def body(self, report: Report) -> Iterator[str]:
        """The paragraphs and tables of a report."""
        self.marks = {section.key: at for at, section in enumerate(report.sections, 1)}
        if report.cover:
            yield from self._cover(report.cover)
        for section in report.sections:
            yield self._title(section)
            for block in section.blocks:
                yield from self._block(block)

    def _cover(self, cover: Cover) -> Iterator[str]:
        yield _p(_r(cover.kind), "Small")
        yield _p(_r(cover.title), "Title")
        yield _p(_r(cover.below))
        yield self._rows([(say(name), said) for name, said in cover.facts], (2200, _TEXT_WIDTH - 2200))
        for head, said in cover.notices:
            yield _p(_r(f"{head} ", _LOOKS[Style.BOLD]) + _r(said))

    def _title(self, section: Section) -> str:
        at = self.marks[section.key]
        number = f"{section.number}  " if section.number else ""
        inner = f'<w:bookmarkStart w:id="{at}" w:name="s{at}"/>{_r(number + section.title)}<w:bookmarkEnd w:id="{at}"/>'
        return _p(inner, "Heading1" if section.breaks else "Heading1Here")

    def _words(self, words: Words) -> str:
        return "".join(map(self._run, words))

    def _run(self, run: Run) -> str:
        inner = _r(run.text, _LOOKS.get(run.style, ""))
        at = self.marks.get(run.to)
        return f'<w:hyperlink w:anchor="s{at}">{inner}</w:hyperlink>' if at else inner

    def _block(self, block: Block) -> Iterator[str]:
        match block:
            case Heading():
                yield _p(_r(block.text), "Heading2")
            case Para():
                yield from self._para(block)
            case Table():
                yield from self._table(block)
            case TwoTables():
                yield from self._table(block.left)
                yield from self._table(block.right)
            case Picture():
                yield from self._picture(block)
            case Columns():
                yield from self._columns(block)
            case Boxes() | Passages() | Steps() | Sum():
                yield from self._groups(block)
            case _:
                yield self._line(block)

    def _groups(self, block: Boxes | Passages | Steps | Sum) -> Iterator[str]:
        match block:
            case Boxes():
                for box in block.boxes:
                    yield from self._box(box)
            case Passages():
                for one in block.columns:
                    yield _p(self._words(one.head) + _r(f", {one.role}"), "Heading2")
                    yield _p("".join(_r(text, _RARITY[at] if at >= 0 else "") for text, at, _ in one.pieces))
            case Steps():
                for step in block.steps:
                    yield _p(self._image(step.drawing))
                    yield _p(_r(step.head, _LOOKS[Style.BOLD]) + _r(f"  {step.said}"))
            case Sum():
                for sign, figure, said in block.parts:
                    yield _p(_r(f"{sign} " if sign else "") + _r(figure, _LOOKS[Style.BOLD]) + _r(f" {said}"))

    def _line(self, block: Block) -> str:
        match block:
            case Chips():
                said = " · ".join(chip.text for chip in block.chips)
                return _p(_r(f"{block.before}  {said}" if block.before else said), "Small")
            case Notice():
                return _p(self._words(block.words))
            case Code():
                return _p(_r(block.text, _LOOKS[Style.MONO]))
            case Signatures():
                return "".join(_p(_r(f"{label}: {'_' * 40}"), "Sign") for label in block.labels)
            case Glossary():
                return self._rows([(say(term), say(said)) for term, said in block.rows], (2600, _TEXT_WIDTH - 2600))
            case Foot():
                return _p(_r(" · ".join(block.items)), "Small")
            case _:
                raise TypeError(f"no block of a report: {type(block).__name__}")

    def _columns(self, block: Columns) -> Iterator[str]:
        for head, items in zip(block.heads, block.items, strict=True):
            yield _p(_r(head), "Heading2")
            for item in items:
                yield from self._para(item)

    def _para(self, block: Para) -> Iterator[str]:
        number = _r(f"{block.number}  ", _LOOKS[Style.QUIET]) if block.number else ""
        yield _p(number + self._words(block.words), _PARAGRAPHS.get(block.style, ""))
        if block.note:
            yield _p(self._words(block.note), "Note")

    def _box(self, box: Box) -> Iterator[str]:
        number = _r(f"{box.number}  ", _LOOKS[Style.QUIET]) if box.number else ""
        yield _p(number + _r(box.head, _LOOKS[Style.BOLD]))
        for line in box.lines:
            yield _p(self._words(line))

    def _picture(self, block: Picture) -> Iterator[str]:
        yield _p(self._image(block.drawing))
        if block.seen:
            yield _p(self._words(block.seen), "Small")
        for table in block.beside:
            yield from self._table(table)

    def _image(self, drawing: Drawing | Vector) -> str:
        one = self.painted[drawing]
        scale = min(1.0, _WIDEST / one.width)
        size = f'cx="{round(one.width * scale * _PIXEL)}" cy="{round(one.height * scale * _PIXEL)}"'
        name = f'id="{one.number}" name="Picture {one.number}" descr={quoteattr(one.words)}'
        return (
            f"<w:r><w:drawing><wp:inline><wp:extent {size}/><wp:docPr {name}/><a:graphic><a:graphicData "
            'uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:nvPicPr>'
            f'<pic:cNvPr id="{one.number}" name="image{one.number}.png"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill>'
            f'<a:blip r:embed="rId{3 + one.number}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr>'
            f'<a:xfrm><a:off x="0" y="0"/><a:ext {size}/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
            "</pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
        )

    def _table(self, table: Table) -> Iterator[str]:
        shares = [column.share or 2 for column in table.columns]
        widths = tuple(round(_TEXT_WIDTH * share / sum(shares)) for share in shares)
        heads = () if table.headless else (tuple(say(column.label) for column in table.columns),)
        yield self._rows([*heads, *table.rows], widths, heads=bool(heads))

    def _rows(self, rows: list[tuple[Words, ...]], widths: tuple[int, ...], *, heads: bool = False) -> str:
        grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
        inner = "".join(self._row(row, widths, head=heads and not at) for at, row in enumerate(rows))
        shape = '<w:tblPr><w:tblStyle w:val="Lines"/><w:tblLayout w:type="fixed"/></w:tblPr>'
        # Word wants a paragraph between two tables.
        return f"<w:tbl>{shape}<w:tblGrid>{grid}</w:tblGrid>{inner}</w:tbl>{_p('', 'Small')}"

    def _row(self, row: tuple[Words, ...], widths: tuple[int, ...], *, head: bool) -> str:
        shape = f"<w:trPr><w:cantSplit/>{'<w:tblHeader/>' if head else ''}</w:trPr>"
        cells = "".join(
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{_p(self._words(cell), "Cell")}</w:tc>'
            for width, cell in zip(widths, row, strict=True)
        )
        return f"<w:tr>{shape}{cells}</w:tr>"


def _r(text: str, look: str = "") -> str:
    """A run of text; its line feeds are breaks."""
    shape = f"<w:rPr>{look}</w:rPr>" if look else ""
    lines = (f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in text.split("\n"))
    return f"<w:r>{shape}{'<w:br/>'.join(lines)}</w:r>" if text else ""


def _p(inner: str, style: str = "") -> str:
    shape = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{shape}{inner}</w:p>"


def _relations(kinds: tuple[tuple[str, str], ...], *, core: bool = False) -> str:
    rows = "".join(
        f'<Relationship Id="rId{at}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for at, (kind, target) in enumerate(kinds, 1)
    )
    if core:
        metadata = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
        rows += f'<Relationship Id="rIdCore" Type="{metadata}" Target="docProps/core.xml"/>'
    return f'{_HEAD}<Relationships xmlns="{_RELATIONS}">{rows}</Relationships>'


def _core(report: Report) -> str:
    made = f"{report.date[:19]}Z"
    return (
        f'{_HEAD}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escape(report.title)}</dc:title><dc:creator>{escape(report.author)}</dc:creator>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{made}</dcterms:created></cp:coreProperties>'
    )


def _header(report: Report) -> str:
    mark = _r(f"  {report.stamp} · NOT SIGNED", '<w:b/><w:color w:val="A3231B"/>') if report.stamp else ""
    return f"{_HEAD}<w:hdr {_NAMESPACES}>{_p(_r('  ·  '.join(report.running)) + mark, 'Small')}</w:hdr>"


def _footer(report: Report) -> str:
    page = '<w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
    return f"{_HEAD}<w:ftr {_NAMESPACES}>{_p(_r(f'{report.foot}  {report.marks.legend}  ') + page, 'Small')}</w:ftr>"


_SECTION = (
    '<w:sectPr><w:headerReference w:type="default" r:id="rId2"/><w:footerReference w:type="default" r:id="rId3"/>'
    '<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1418" w:right="1418" w:bottom="1418" w:left="1418" '
    'w:header="709" w:footer="709" w:gutter="0"/></w:sectPr>'
)
_PART = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_CONTENT_TYPES = (
    f'{_HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_PART}document.main+xml"/>'
    f'<Override PartName="/word/styles.xml" ContentType="{_PART}styles+xml"/>'
    f'<Override PartName="/word/header1.xml" ContentType="{_PART}header+xml"/>'
    f'<Override PartName="/word/footer1.xml" ContentType="{_PART}footer+xml"/>'
    '<Override PartName="/docProps/core.xml" '
    'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>'
)

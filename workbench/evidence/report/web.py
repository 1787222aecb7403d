"""The report as one page for a browser: no scripts, nothing fetched, the text of the PDF under the same numbers."""

from __future__ import annotations

import base64
import re
from html import escape

from workbench.core.drawing import Drawing
from workbench.evidence.drawing.outlines import stamp
from workbench.evidence.report.html import whole_page
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
    Step,
    Steps,
    Style,
    Sum,
    Table,
    TwoTables,
    Vector,
    Words,
)
from workbench.evidence.report.typeset import described, drawn, mark_of

_TAGS = {Style.BOLD: "b", Style.MONO: "code", Style.STRUCK: "s"}
_CLASSES = {Style.CAUTION: "caution", Style.BLANK: "blank", Style.QUIET: "quiet"}
_DRAWN = re.compile(r"[^A-Za-z0-9]+")


def to_html(report: Report) -> str:
    """The report as a self-contained page; all text is escaped, pictures are inlined as data."""
    entries = [
        f'<li><a href="#{_anchor(section.key)}">{escape(_entry(section))}</a></li>'
        for section in report.sections
        if section.in_contents
    ]
    mark = f'<p class="stamp">{stamp(report.stamp)}</p>' if report.stamp else ""
    mark += f"<p><strong>{escape(report.marks.legend)}</strong></p>" if report.marks.legend else ""
    parts = [
        f'<header class="cover">{mark}',
        _cover(report.cover) if report.cover else f"<h1>{escape(report.title)}</h1>",
        "</header>",
        f'<nav aria-label="Contents"><p class="nav">Contents</p><ul>{"".join(entries)}</ul></nav>',
        "<main>",
        *(_section(section) for section in report.sections),
        "</main>",
        f"<footer><p>{escape(' · '.join((*report.running, report.foot, report.marks.legend)))}</p></footer>",
    ]
    return whole_page(report.title, parts)


def _entry(section: Section) -> str:
    return f"{section.number} {section.in_contents}".strip()


def _anchor(key: str) -> str:
    return _DRAWN.sub("-", key)


def _cover(cover: Cover) -> str:
    facts = "".join(f"<div><dt>{escape(name)}</dt><dd>{_words(said)}</dd></div>" for name, said in cover.facts)
    notices = "".join(
        f'<div class="notice" role="note"><p><strong>{escape(head)}</strong> {escape(said)}</p></div>'
        for head, said in cover.notices
    )
    return (
        f'<p class="small">{escape(cover.kind)}</p><h1>{escape(cover.title)}</h1>'
        f'<p class="lead">{escape(cover.below)}</p>'
        f"<dl>{facts}</dl>{notices}"
    )


def _section(section: Section) -> str:
    number = f'<span class="no">{section.number}</span> ' if section.number else ""
    head = f'<h2 id="{_anchor(section.key)}">{number}{escape(section.title)}</h2>'
    return head + "".join(map(_block, section.blocks))


def _words(words: Words) -> str:
    return "".join(map(_run, words))


def _run(run: Run) -> str:
    text = escape(run.text).replace("\n", "<br>")
    if run.to:
        text = f'<a href="#{_anchor(run.to)}">{text}</a>'
    if run.style in _TAGS:
        text = f"<{_TAGS[run.style]}>{text}</{_TAGS[run.style]}>"
    elif run.style in _CLASSES:
        text = f'<span class="{_CLASSES[run.style]}">{text}</span>'
    return f"{mark_of(run.mark)} {text}" if run.mark else text


def _block(block: Block) -> str:
    match block:
        case Heading():
            return f"<h3>{escape(block.text)}</h3>"
        case Para():
            return _para(block)
        case Chips():
            before = f"<code>{escape(block.before)}</code> " if block.before else ""
            return f"<p>{before}{''.join(f'<span class=chip>{escape(chip.text)}</span> ' for chip in block.chips)}</p>"
        case Table():
            return _table(block)
        case TwoTables():
            return f'<div class="two">{_table(block.left)}{_table(block.right)}</div>'
        case Picture():
            beside = "".join(map(_table, block.beside))
            return f"<figure>{_image(block.drawing)}<figcaption>{_words(block.seen)}</figcaption></figure>{beside}"
        case Boxes():
            return f'<div class="two">{"".join(map(_box, block.boxes))}</div>'
        case Columns():
            columns = zip(block.heads, block.items, strict=True)
            inner = "".join(
                f"<div><h3>{escape(head)}</h3>{''.join(map(_para, items))}</div>" for head, items in columns
            )
            return f'<div class="three">{inner}</div>'
        case _:
            return _rarer(block)


def _rarer(block: Block) -> str:
    match block:
        case Sum():
            parts = (f"<li>{sign} <b>{escape(figure)}</b> {escape(said)}</li>" for sign, figure, said in block.parts)
            return f'<ul class="files">{"".join(parts)}</ul>'
        case Steps():
            return f'<div class="three">{"".join(map(_step, block.steps))}</div>'
        case Notice():
            return f'<div class="notice" role="note"><p>{_words(block.words)}</p></div>'
        case Code():
            return f"<pre>{escape(block.text)}</pre>"
        case Signatures():
            return f'<p class="sign">{"".join(f"<span>{escape(label)}</span>" for label in block.labels)}</p>'
        case Glossary():
            rows = "".join(f"<div><dt>{escape(term)}</dt><dd>{escape(said)}</dd></div>" for term, said in block.rows)
            return f"<dl>{rows}</dl>"
        case Passages():
            columns = "".join(
                f'<div><p><b>{_words(one.head)}</b><br><span class="quiet">{escape(one.role)}</span></p>'
                f'<p class="answer">{"".join(_piece(text, rarity) for text, rarity, _ in one.pieces)}</p></div>'
                for one in block.columns
            )
            return f'<div class="three">{columns}</div>'
        case Foot():
            return f'<p class="small">{escape(" · ".join(block.items))}</p>'
        case _:
            raise TypeError(f"no block of a report: {type(block).__name__}")


def _para(block: Para) -> str:
    number = f'<span class="no">{block.number}</span> ' if block.number else ""
    note = f"<aside>{_words(block.note)}</aside>" if block.note else ""
    klass = {"answer": "lead", "finding": "lead", "question": "question"}.get(block.style, "")
    klass = klass or ("small" if block.style in ("small", "note", "under", "lead") else "body")
    return f'<p class="{klass}">{number}{_words(block.words)}</p>{note}'


def _table(table: Table) -> str:
    kinds = ["mono" if column.kind == "hash" else column.kind for column in table.columns]
    heads = "".join(
        f'<th scope="col" class="{kind}">{escape(column.label)}</th>'
        for column, kind in zip(table.columns, kinds, strict=True)
    )
    head = "" if table.headless else f"<thead><tr>{heads}</tr></thead>"
    rows = "".join(
        f"<tr>{''.join(f'<td class={kind}>{_words(cell)}</td>' for kind, cell in zip(kinds, row, strict=True))}</tr>"
        for row in table.rows
    )
    return f'<div class="scroll"><table>{head}<tbody>{rows}</tbody></table></div>'


def _box(box: Box) -> str:
    number = f'<span class="no">{box.number}</span> ' if box.number else ""
    lines = "".join(f"<p>{_words(line)}</p>" for line in box.lines)
    return f'<div class="card"><p>{number}<b>{escape(box.head)}</b></p>{lines}</div>'


def _step(step: Step) -> str:
    return f"<div>{_image(step.drawing)}<p><b>{escape(step.head)}</b><br>{escape(step.said)}</p></div>"


def _piece(text: str, rarity: int) -> str:
    shown = escape(text)
    return f'<mark class="m{rarity}">{shown}</mark>' if rarity >= 0 else shown


def _image(drawing: Drawing | Vector) -> str:
    data = base64.b64encode(drawn(drawing, "p").encode()).decode()
    return f'<img src="data:image/svg+xml;base64,{data}" alt="{escape(described(drawing))}">'

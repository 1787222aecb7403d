"""The report as one HTML page: no scripts, nothing fetched, the same text as the PDF."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable
from html import escape

from workbench.core.resources import resource
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


def to_html(document: Document) -> str:
    """The document as a self-contained page; all text is escaped, charts are inlined as data."""
    numbers = iter(range(1, len(document.blocks) + 2))
    body = [_block(b, "") for b in document.cover]
    sections: list[str] = []
    entries: list[str] = []
    for block in document.blocks:
        anchor = f"s{next(numbers)}" if isinstance(block, Heading) else ""
        if isinstance(block, Heading) and block.level == 1:
            entries.append(f'<li><a href="#{anchor}">{escape(block.text)}</a></li>')
        sections.append(_block(block, anchor))
    parts = [
        f'<header class="cover"><p class="mark">{escape(document.mark)}</p>' if document.mark else "<header>",
        f"<h1>{escape(document.title)}</h1>",
        *body,
        "</header>",
        f'<nav aria-label="Contents"><p class="nav">Contents</p><ul>{"".join(entries)}</ul></nav>',
        "<main>",
        *sections,
        "</main>",
        f"<footer><p>{escape(document.running)}</p></footer>",
    ]
    return whole_page(document.title, parts, draft=bool(document.mark))


def whole_page(title: str, parts: Iterable[str], *, draft: bool = False) -> str:
    """A page around some parts, with the house style and a policy that allows that style and nothing else."""
    style = re.sub(r"\s+", " ", resource("report/page.css").read_text("utf-8")).strip()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    lines = [
        "<!DOCTYPE html>",
        '<html lang="en">',
        "<head>",
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="referrer" content="no-referrer">',
        f"<title>{escape(title)}</title>",
        f"<style>{style}</style>",
        "</head>",
        f'<body class="{"draft" if draft else "plain"}">',
        *parts,
        "</body>",
        "</html>",
    ]
    return "\n".join(lines) + "\n"


def _block(block: Block, anchor: str) -> str:
    match block:
        case Heading():
            level = block.level + 1
            return f'<h{level} id="{anchor}">{escape(block.text)}</h{level}>'
        case Paragraph():
            return f'<p class="{block.style}">{escape(block.text)}</p>'
        case Bullets():
            tag = "ol" if block.style == "numbered" else "ul"
            return f"<{tag}>{''.join(f'<li>{escape(i)}</li>' for i in block.items)}</{tag}>"
        case Pairs():
            return pairs(block)
        case Grid():
            return _grid(block)
        case Picture():
            return _picture(block)
        case Notice():
            return (
                f'<div class="notice" role="note"><p><strong>{escape(block.title)}</strong></p>'
                f"<p>{escape(block.text)}</p></div>"
            )


def pairs(block: Pairs) -> str:
    """Labels and values as a description list."""
    rows = (
        f"<div><dt>{escape(k)}</dt><dd{' class=' + chr(34) + 'mono' + chr(34) if k in block.mono else ''}>"
        f"{escape(v)}</dd></div>"
        for k, v in block.rows
    )
    return f"<dl>{''.join(rows)}</dl>"


def _grid(block: Grid) -> str:
    head = "".join(f'<th scope="col" class="{c.kind}">{escape(c.label)}</th>' for c in block.columns)
    rows = "".join(
        "<tr>"
        + "".join(
            f'<td class="{column.kind}">{escape(text)}</td>' for column, text in zip(block.columns, row, strict=True)
        )
        + "</tr>"
        for row in block.rows
    )
    return (
        f'<div class="scroll" role="region" aria-label="{escape(block.caption)}" tabindex="0"><table>'
        f"<caption>{escape(block.caption)}</caption><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _picture(block: Picture) -> str:
    data = base64.b64encode(block.svg.encode()).decode()
    return (
        f'<figure><img src="data:image/svg+xml;base64,{data}" alt="{escape(block.alternative)}">'
        f"<figcaption>{escape(block.caption)}</figcaption></figure>"
    )

"""A document as PDF/A-2a and PDF/UA-1, set by Typst: text goes over as data, never as markup."""

from __future__ import annotations

import json
from datetime import datetime

from workbench.core.errors import WorkbenchError
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


def to_pdf(document: Document) -> bytes:
    """The PDF's bytes, the same for the same document and version of Typst.

    Raises WorkbenchError when Typst refuses the document.
    """
    import typst

    data = {
        "title": document.title,
        "running": document.running,
        "author": document.author,
        "date": document.date[:10],
        "mark": document.mark,
        "cover": [_block(b) for b in document.cover],
        "blocks": [_block(b) for b in document.blocks],
    }
    try:
        return typst.compile(
            resource("report/report.typ"),
            root=resource("report"),
            font_paths=[resource("fonts")],
            ignore_system_fonts=True,
            format="pdf",
            sys_inputs={"document": json.dumps(data)},
            pdf_standards=["a-2a", "ua-1"],
            timestamp=datetime.fromisoformat(document.date).replace(microsecond=0),
        )
    except RuntimeError as error:
        raise WorkbenchError(f"The report could not be set: {error}") from error


def _block(block: Block) -> dict[str, object]:
    match block:
        case Heading():
            return {"kind": "heading", "level": block.level, "text": block.text}
        case Paragraph():
            return {"kind": "paragraph", "style": block.style, "text": block.text}
        case Bullets():
            return {"kind": "bullets", "style": block.style, "items": block.items}
        case Pairs():
            rows = [{"label": k, "value": v, "mono": k in block.mono} for k, v in block.rows]
            return {"kind": "pairs", "rows": rows}
        case Grid():
            columns = [{"label": c.label, "share": c.share, "kind": c.kind} for c in block.columns]
            return {"kind": "grid", "caption": block.caption, "columns": columns, "rows": block.rows}
        case Picture():
            return {
                "kind": "picture",
                "svg": block.svg,
                "caption": block.caption,
                "alternative": block.alternative,
            }
        case Notice():
            return {"kind": "notice", "title": block.title, "text": block.text}

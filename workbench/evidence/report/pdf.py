"""The report as PDF/A-2a and PDF/UA-1, set by Typst: text goes over as data, never as markup."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from workbench.core.errors import WorkbenchError
from workbench.core.progress import Progress
from workbench.core.resources import resource
from workbench.evidence.pack.contents import PackContents
from workbench.evidence.pack.printable_text import Legible, all_fonts, covered, plain_only
from workbench.evidence.report.charts import Chart
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
from workbench.evidence.report.report import report_of


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


class Report(NamedTuple):
    """The report in both forms, and the notes on its cover about how it was set."""

    pdf: bytes
    html: bytes
    notes: tuple[str, ...]


_PLAIN = (
    "The typesetting program refused this report’s characters. All but plain Latin letters are therefore "
    "written as codes."
)
_NO_CHARTS = (
    "The typesetting program refused this report’s charts. They are given in words here; the drawings lie in "
    "data/03_charts."
)


def set_report(contents: PackContents, charts: Mapping[int, Chart], progress: Progress) -> Report:
    """The report; each step down is said on its cover. Raises WorkbenchError when none can be set."""
    full = covered(all_fonts())
    steps = (
        (full, True, ()),
        (plain_only(), True, (_PLAIN,)),
        (plain_only(), False, (_PLAIN, _NO_CHARTS)),
    )
    failed: WorkbenchError | None = None
    for at, (characters, pictures, said) in enumerate(steps):
        progress(at / len(steps), "setting the report")
        document, notes = _legible(contents, charts, characters, said)
        whole = document if pictures else document.without_pictures()
        try:
            return Report(to_pdf(whole), to_html(whole).encode(), notes)
        except WorkbenchError as error:
            failed = error
    raise failed or WorkbenchError("The report could not be set.")


def _legible(
    contents: PackContents, charts: Mapping[int, Chart], characters: frozenset[int], said: tuple[str, ...]
) -> tuple[Document, tuple[str, ...]]:
    trial = Legible(characters)
    report_of(contents, charts, said).mapped(trial)
    notes = list(said)
    if trial.rewritten:
        notes.append(
            f"{len(trial.rewritten)} different characters that a reader could not see, or that the report’s fonts "
            "do not have, are written as codes: ⟦U+202E⟧ stands for the character with that Unicode number. The "
            "data files hold the texts themselves."
        )
    if trial.cut:
        notes.append(f"{trial.cut} texts are too long to print and are cut, which is said where it happens.")
    return report_of(contents, charts, tuple(notes)).mapped(Legible(characters)), tuple(notes)

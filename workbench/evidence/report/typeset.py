"""The report as PDF/A-2a and PDF/UA-1, set by Typst: text goes over as data, never as markup."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from workbench.core.drawing import PAPER, Drawing
from workbench.core.errors import WorkbenchError
from workbench.core.model import Json
from workbench.core.resources import resource
from workbench.evidence.drawing.outlines import edge, numeral, stamp
from workbench.evidence.drawing.svg import mark_svg, to_svg
from workbench.evidence.report.sheets import Report, Run, Section, Vector

A4, LETTER = "a4", "us-letter"
_ICONS = {"lock": "accentink", "compass": "ink2", "warning": "warn", "minus": "ink2"}
_MARK = 11.0
_NUMERALS = 40


class _Pictures(NamedTuple):
    """Names for the pictures of a document, so that no two have the same ids."""

    numbers: Iterator[int]


def to_pdf(report: Report, paper: str = A4) -> bytes:
    """The PDF's bytes, the same for the same report, paper and version of Typst.

    Raises WorkbenchError when Typst refuses the report.
    """
    made = _set(report, paper, format="pdf", pdf_standards=["a-2a", "ua-1"])
    return made if isinstance(made, bytes) else made[0]


def to_images(report: Report, dots: float, paper: str = A4) -> list[bytes]:
    """The pages of the same report as PNG, at so many dots an inch. Raises WorkbenchError as `to_pdf` does."""
    made = _set(report, paper, format="png", ppi=dots)
    return [made] if isinstance(made, bytes) else list(made)


def _set(report: Report, paper: str, **form: Any) -> bytes | list[bytes]:
    import typst

    try:
        made: bytes | list[bytes] = typst.compile(
            resource("report/sheets.typ"),
            root=resource("report"),
            font_paths=[resource("fonts")],
            ignore_system_fonts=True,
            sys_inputs={"document": json.dumps(_document(report)), "paper": paper},
            timestamp=datetime.fromisoformat(report.date).replace(microsecond=0),
            **form,
        )
    except RuntimeError as error:
        raise WorkbenchError(f"The report could not be set: {error}") from error
    return made


def _document(report: Report) -> dict[str, Json]:
    pictures = _Pictures(iter(range(1, 1_000_000)))
    cover = report.cover
    return {
        "title": report.title,
        "author": report.author,
        "running": list(report.running),
        "foot": report.foot,
        "legend": report.marks.legend,
        "bates": {"prefix": report.marks.prefix, "first": report.marks.first, "shift": 1 if cover is None else 0},
        "stamp": stamp(report.stamp) if report.stamp else "",
        "edge": edge(f"{report.stamp} · NOT SIGNED") if report.stamp else "",
        "cover": None if cover is None else _plain(cover, pictures),
        "sections": [_section(section, pictures) for section in report.sections],
        "colours": dict(PAPER),
        "marks": {name: mark_of(name) for name in sorted(set(_marks(report)))},
        "icons": {name: _icon(name, PAPER[colour]) for name, colour in _ICONS.items()},
        "numerals": [numeral(number) for number in range(1, _NUMERALS + 1)],
    }


def _section(section: Section, pictures: _Pictures) -> dict[str, Json]:
    annex = section.title.split()[1].rstrip(".") if section.title.startswith("Annex ") else ""
    return {
        "key": section.key,
        "number": section.number,
        "mark": section.number or annex,
        "title": section.title,
        "listed": section.in_contents,
        "breaks": section.breaks,
        "fits": section.fits,
        "blocks": [{"kind": type(block).__name__, **_plain(block, pictures)} for block in section.blocks],
    }


def _plain(value: Any, pictures: _Pictures) -> Any:
    """A block as JSON; a drawing becomes its SVG and its alternative text."""
    if isinstance(value, StrEnum):
        return str(value)
    if isinstance(value, tuple):
        return [_plain(item, pictures) for item in value]
    if is_dataclass(value) and not isinstance(value, type):
        made: dict[str, Json] = {}
        for field in fields(value):
            item = getattr(value, field.name)
            made |= (
                _drawn(item, pictures) if isinstance(item, Drawing | Vector) else {field.name: _plain(item, pictures)}
            )
        return made
    return value


def _drawn(drawing: Drawing | Vector, pictures: _Pictures) -> dict[str, Json]:
    return {"svg": drawn(drawing, f"d{next(pictures.numbers)}"), "alternative": described(drawing)}


def drawn(drawing: Drawing | Vector, name: str) -> str:
    """A picture as SVG; `name` tells its ids from those of others."""
    return drawing.svg if isinstance(drawing, Vector) else to_svg(drawing, name)


def described(drawing: Drawing | Vector) -> str:
    """What a reader who can't see a picture is told of it."""
    return ". ".join(filter(None, (drawing.title.rstrip("."), drawing.description)))


def _marks(value: Any) -> Iterator[str]:
    if isinstance(value, Run):
        if value.mark:
            yield value.mark
    elif isinstance(value, tuple):
        for item in value:
            yield from _marks(item)
    elif is_dataclass(value) and not isinstance(value, type | Drawing | Vector):
        for field in fields(value):
            yield from _marks(getattr(value, field.name))


def mark_of(name: str) -> str:
    """A mark as SVG: a shape with a colour, or one of the signs of a table, such as `sign half`."""
    shape, colour = name.split()
    return _SIGNS[colour] if shape == "sign" else mark_svg(shape, colour, _MARK)


def _sign(inner: str) -> str:
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="11" height="11" viewBox="0 0 11 11" aria-hidden="true">'
        f"{inner}</svg>"
    )


_SIGNS = {
    "full": _sign(
        f'<circle cx="5.5" cy="5.5" r="5" fill="{PAPER["accent"]}"/><path d="M3.2 5.7l1.6 1.6 3-3.4" fill="none" '
        'stroke="#FFFFFF" stroke-width="1.3"/>'
    ),
    "half": _sign(
        f'<circle cx="5.5" cy="5.5" r="4.6" fill="#FFFFFF" stroke="{PAPER["ctl"]}" stroke-width="1"/>'
        f'<path d="M5.5 .9a4.6 4.6 0 0 0 0 9.2z" fill="{PAPER["ctl"]}"/>'
    ),
    "open": _sign(
        f'<circle cx="5.5" cy="5.5" r="4.6" fill="none" stroke="{PAPER["warn"]}" stroke-width="1.1" '
        'stroke-dasharray="2.2 1.6"/>'
    ),
    "none": _sign(
        f'<g fill="none" stroke="{PAPER["ink2"]}"><circle cx="5.5" cy="5.5" r="4.7"/><path d="M3.3 5.5L7.7 5.5"/></g>'
    ),
}


def _icon(name: str, colour: str) -> str:
    if name == "minus":
        return _SIGNS["none"]
    return resource(f"icons/{name}.svg").read_text("utf-8").replace("currentColor", colour)

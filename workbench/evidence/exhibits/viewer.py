"""The exhibits as files: one page that is read with scripts on or off, a list, and each as plain text."""

from __future__ import annotations

from html import escape

from workbench.core.printed import counted
from workbench.core.resources import resource
from workbench.core.text import visible, well_formed
from workbench.evidence.exhibits.picked import (
    AGAINST,
    NO_WEIGHT,
    RULE,
    PickedExhibit,
    PickedExhibits,
    Shown,
    does_not_show,
    places,
    why,
)
from workbench.evidence.pack.contents import PackContents
from workbench.evidence.pack.names import EXHIBIT_LIST, EXHIBITS
from workbench.evidence.pack.registers import csv_bytes
from workbench.evidence.pack.start_here import page, state
from workbench.evidence.report.value_format import shorter

VIEWER = f"{EXHIBITS}viewer.html"
_LONGEST = 20_000
"""Characters of an answer that the page shows; the text file has all."""


def exhibit_files(contents: PackContents, picked: PickedExhibits) -> dict[str, bytes]:
    """The page, the list and the texts, by path."""
    files = {VIEWER: _viewer(contents, picked).encode(), EXHIBIT_LIST: _list(contents, picked)}
    for one in picked.exhibits:
        files[f"{EXHIBITS}EX/{one.name}.txt"] = _text(contents, one).encode()
    return files


def _clean(text: str) -> str:
    """A text with its hidden characters made visible; line feeds stay."""
    return "\n".join(visible(line) for line in well_formed(text)[0].split("\n"))


def _shown(text: str) -> str:
    """The same as markup."""
    return escape(_clean(text))


def _title(one: PickedExhibit) -> str:
    return f"“{shorter(_clean(one.passages[0].words).replace(chr(10), ' '), 90)}”"


def _list(contents: PackContents, picked: PickedExhibits) -> bytes:
    header = ("exhibit", "kind", "role", "model", "passage", "controls_that_wrote_it", "controls")
    rows = [
        (one.name, one.kind, column.role, column.model, one.passages[0].words, one.passages[0].controls, one.controls,
         *place[1:])
        for one in picked.exhibits
        for column, place in zip(one.columns, places(contents, one), strict=True)
    ]  # fmt: skip
    return csv_bytes((*header, "file", "offset", "length", "sha256"), rows)


def _text(contents: PackContents, one: PickedExhibit) -> str:
    parts = [f"{one.name}: {_title(one)}", f"Prompt: {_clean(one.prompt)}", why(one), does_not_show(one)]
    for column, (_, where, offset, length, digest) in zip(one.columns, places(contents, one), strict=True):
        parts.append(f"--- {_clean(column.model)}, {column.role}\n{where}, byte {offset}, {length} bytes, {digest}")
        parts.append(_clean(column.text))
    return "\n\n".join(parts) + "\n"


def _viewer(contents: PackContents, picked: PickedExhibits) -> str:
    css = resource("report/viewer.css").read_text("utf-8")
    script = resource("report/viewer.js").read_text("utf-8")
    title = f"{shorter(contents.title, 120)}: exhibits of pack {contents.number:02d}"
    items = "".join(
        f'<li><a href="#{one.name}"><span class="no">{one.name}</span> {escape(_title(one))}</a></li>'
        for one in picked.exhibits
    )
    body = [
        f"<header><b>Exhibits</b><span>{escape(shorter(contents.title, 80))}, pack {contents.number:02d}</span>"
        '<span class="r">Works offline. It asks nothing of any network. <a href="../../START_HERE.html">Start page</a> '
        f"{state(contents)}</span></header>",
        f'<nav aria-label="Exhibits"><p id="tools" hidden><label>Search <input id="find" type="search"></label> '
        '<label>Show <select id="kind"><option value="">all</option><option value="for">shared passages</option>'
        '<option value="against">those that speak against</option></select></label></p>'
        f'<p id="count">{len(picked.exhibits)} exhibits</p><ol>{items}</ol></nav>',
        f'<main><p class="rule">{escape(NO_WEIGHT)} {escape(RULE)} A hidden character shows as ⟦U+202E⟧.</p>',
        *(_article(contents, one) for one in picked.exhibits),
        _counts(picked),
        "</main>",
    ]
    return page(title, css, body, script)


def _article(contents: PackContents, one: PickedExhibit) -> str:
    chip = '<span class="chip no">speaks against</span>' if one.kind == AGAINST else '<span class="chip">passage</span>'
    columns = "".join(_column(one, column) for column in one.columns)
    passages = "".join(
        f"<tr><td>{_mark(one, at, _shown(passage.words))}</td><td>{counted(passage.controls, one.controls)}</td></tr>"
        for at, passage in enumerate(one.passages)
    )
    where_rows = "".join(
        f"<tr><td>{_shown(model)}</td><td>{escape(where)}</td><td>{offset:,} to {offset + length:,}</td>"
        f'<td class="hash">{digest}</td></tr>'
        for model, where, offset, length, digest in places(contents, one)
    )
    return (
        f'<article id="{one.name}" data-kind="{one.kind}"><p><span class="no">{one.name}</span> {chip}</p>'
        f"<h2>{escape(_title(one))}</h2>"
        f'<p class="prompt">Prompt: <b>{_shown(shorter(one.prompt, 2_000))}</b></p>'
        f'<div class="cols">{columns}</div>'
        '<p class="key"><mark class="m0">filled</mark> no control wrote it for this prompt '
        '<mark class="m1">dashed</mark> up to a quarter of the controls did <mark class="m2">dotted</mark> more</p>'
        f"<table><tr><th>Shared, rarest first</th><th>Controls that wrote it, this prompt</th></tr>{passages}</table>"
        f'<div class="two"><div><h3>Why it is here</h3><p>{_shown(why(one))}</p></div>'
        f"<div><h3>What it does not show</h3><p>{_shown(does_not_show(one))}</p></div></div>"
        "<h3>Where the bytes are</h3><table><tr><th>Model</th><th>File in data/04_data/original</th><th>Bytes</th>"
        f"<th>SHA-256 of the answer’s text</th></tr>{where_rows}</table></article>"
    )


def _column(one: PickedExhibit, column: Shown) -> str:
    text, parts, last = column.text, [], 0
    for begin, end, at in column.spans:
        if begin < last or end > _LONGEST:
            continue
        parts += [_shown(text[last:begin]), _mark(one, at, _shown(text[begin:end]))]
        last = end
    rest = text[last:_LONGEST] if len(text) > _LONGEST else text[last:]
    cut = f'<p class="cut">… {len(text) - _LONGEST:,} characters more in EX/{one.name}.txt</p>'
    return (
        f'<section><h3>{_shown(column.model)}</h3><p class="role">{escape(column.role)}</p>'
        f'<div class="answer">{"".join(parts)}{_shown(rest)}</div>{cut if len(text) > _LONGEST else ""}</section>'
    )


def _mark(one: PickedExhibit, at: int, words: str) -> str:
    """A passage marked by how rare it is; the number is drawn, so that it is no part of the text that is copied."""
    controls = one.passages[at].controls
    rarity = 0 if not controls else 1 if 4 * controls <= one.controls else 2
    return f'<mark class="m{rarity}" data-n="{at + 1}">{words}</mark>'


def _counts(picked: PickedExhibits) -> str:
    ordered = sorted(picked.counts[1:], key=lambda row: -row[1])
    rows = "".join(
        f"<tr><td>{_shown(name)}</td><td>{counted(rare, of)}</td></tr>"
        for name, rare, of in (picked.counts[0], *ordered)
    )
    return (
        "<article><h2>The same rule put to every model</h2><p>Prompts on which a model shares a rare passage with "
        f"{_shown(picked.protected)}.</p><table><tr><th>Model</th><th>Prompts</th></tr>{rows}</table></article>"
    )

"""One exhibit as markup: every text of the case in it is escaped, and its hidden characters are made visible."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from workbench.core.exhibits import Kind
from workbench.core.printed import counted
from workbench.core.text import visible, well_formed
from workbench.evidence.drawing.svg import to_svg
from workbench.evidence.exhibits.said import counted_before, does_not_show, reviews, why
from workbench.evidence.exhibits.shown import Shown, ShownExhibit, places
from workbench.evidence.pack.contents import PackFinding
from workbench.evidence.pack.names import CHARTS, TABLES, finding_stem, plain, table_stem
from workbench.evidence.report.value_format import shorter
from workbench.evidence.report.value_format import shown as cell

_LONGEST = 20_000
"""Characters of an answer that the page shows; the text file has all."""

_MOST_ROWS = 30
"""Rows of a table that the page shows; the CSV has all."""

_NAMES = {
    Kind.PASSAGES: "passage", Kind.ANSWERS: "whole answer", Kind.CHART: "chart", Kind.TABLE: "table",
    Kind.DOCUMENT: "document",
}  # fmt: skip


def clean(text: str) -> str:
    """A text with its hidden characters made visible; line feeds stay."""
    return "\n".join(visible(line) for line in well_formed(text)[0].split("\n"))


def shown(text: str) -> str:
    """The same as markup."""
    return escape(clean(text))


def link_to(one: ShownExhibit) -> str:
    """The name by which a link leads to it."""
    return plain(one.name, 20)


def kinds_of(one: ShownExhibit) -> str:
    """The words by which a filter finds it."""
    return f"{one.entry.choice.kind}{' against' if one.against else ''} {one.entry.choice.picker}"


def article(one: ShownExhibit, files: Mapping[str, str]) -> str:
    """An exhibit whole; of one that was withdrawn, that it was, when and why. `files` names files by their hash."""
    choice = one.entry.choice
    title = shown(shorter(choice.title, 200))
    head = f'<article id="{link_to(one)}" data-kind="{kinds_of(one)}"><p><span class="no">{escape(one.name)}</span> '
    head += f"{_chips(one)}{_bates(one)}</p>"
    if not one.standing:
        return f'{head}<h2><s>{title}</s></h2><p class="gone">{shown(one.gone)}</p></article>'
    inside = _finding(one, one.finding) if choice.finding is not None else _answers(one, files)
    said = (
        f'<div class="two"><div><h3>Why it is here</h3><p>{shown(why(one))}</p></div>'
        f"<div><h3>What it does not show</h3><p>{shown(does_not_show(one))}</p></div></div>"
    )
    return f"{head}<h2>{title}</h2>{inside}{said}{_beside(one)}{_bytes(one, files)}</article>"


def _bates(one: ShownExhibit) -> str:
    return f' <span class="chip hand">{escape(one.bates)}</span>' if one.bates else ""


def _chips(one: ShownExhibit) -> str:
    entry = one.entry
    chips = ['<span class="chip no">speaks against</span>'] if one.against else []
    chips.append(f'<span class="chip">{_NAMES[entry.choice.kind]}</span>')
    chips.append(f'<span class="chip hand">{shown(one.picked_by)}</span>')
    if entry.reviews and one.standing:
        chips.append(f'<span class="chip hand">{entry.state}</span>')
    return " ".join([*chips, *(f'<span class="chip hand">{shown(tag)}</span>' for tag in entry.tags)])


def _beside(one: ShownExhibit) -> str:
    """The comment and the reviews."""
    entry = one.entry
    parts = [f"<h3>Comment</h3><p>{shown(entry.comment)} ({shown(entry.commented_by)})</p>"] if entry.comment else []
    said = reviews(one)
    parts += [f"<h3>Reviewed</h3>{''.join(f'<p>{shown(line)}</p>' for line in said)}"] if said else []
    return "".join(parts)


def _finding(one: ShownExhibit, found: PackFinding | None) -> str:
    """The chart of a finding, or one of its tables."""
    place = one.entry.choice.finding
    assert place is not None
    if found is None:
        return f"<p>Finding {place.number} is not in this case as it was when it was chosen.</p>"
    words = f'<p class="prompt">Finding {place.number}: <b>{shown(found.page.sentence)}</b></p>'
    if found.exhibit.withdrawn:
        words += f'<p class="gone">This finding was withdrawn: {shown(found.exhibit.withdrawn)}</p>'
    if place.table:
        return words + _table(found, place.table)
    stem = f"../{CHARTS.removeprefix('data/')}{finding_stem(place.number, place.analysis)}"
    where = f'<p class="key"><a href="{stem}.svg">The chart</a>, <a href="{stem}.csv">its numbers</a>, in words: '
    where += f"{shown(found.exhibit.alternative_text)}</p>"
    drawn = found.page.picture
    if drawn is None:
        return words + where
    return f"{words}{to_svg(drawn.mapped(clean), link_to(one), klass='pic')}{where}"


def _table(found: PackFinding, name: str) -> str:
    tables = found.exhibit.finding.tables
    table = tables.get(name)
    if table is None:
        return "<p>The finding has no such table.</p>"
    at = sorted(tables).index(name) + 1
    path = f"../{TABLES.removeprefix('data/')}{table_stem(found.exhibit.number, at, name)}.csv"
    head = "".join(f"<th>{shown(column.label or column.name)}</th>" for column in table.columns)
    rows = "".join(
        f"<tr>{''.join(f'<td>{shown(cell(value))}</td>' for value in row)}</tr>" for row in table.rows[:_MOST_ROWS]
    )
    more = len(table.rows) - _MOST_ROWS
    rest = f"{more:,} rows more in" if more > 0 else "All digits in"
    return f'<table><tr>{head}</tr>{rows}</table><p class="key">{rest} <a href="{path}">the CSV</a>.</p>'


def _answers(one: ShownExhibit, files: Mapping[str, str]) -> str:
    """Answers beside each other with their marks, and the list of what they share."""
    if not one.columns:
        return "<p>Its answers are not in this pack.</p>"
    columns = "".join(_column(one, column) for column in one.columns)
    prompt = f'<p class="prompt">Prompt: <b>{shown(shorter(one.prompt, 2_000))}</b></p>'
    return f'{prompt}<div class="cols">{columns}</div>{_passages(one) if one.passages else ""}'


def _passages(one: ShownExhibit) -> str:
    rows = "".join(
        f"<tr><td>{_mark(one, at, shown(passage.words))}</td><td>{counted(passage.controls, one.controls)}</td></tr>"
        for at, passage in enumerate(one.passages)
    )
    before = counted_before(one)
    return (
        '<p class="key"><mark class="m0">filled</mark> no control wrote it for this prompt '
        '<mark class="m1">dashed</mark> up to a quarter of the controls did <mark class="m2">dotted</mark> more</p>'
        f"<table><tr><th>Shared, rarest first</th><th>Controls that wrote it, this prompt</th></tr>{rows}</table>"
        f"{f'<p class=key>{before}</p>' if before else ''}"
    )


def _column(one: ShownExhibit, column: Shown) -> str:
    text, parts, last = column.text, [], 0
    for begin, end, at in column.spans:
        if begin < last or end > _LONGEST:
            continue
        parts += [shown(text[last:begin]), _mark(one, at, shown(text[begin:end]))]
        last = end
    rest = text[last:_LONGEST] if len(text) > _LONGEST else text[last:]
    cut = f'<p class="cut">… {len(text) - _LONGEST:,} characters more in the folder EX</p>'
    return (
        f'<section><h3>{shown(column.model)}</h3><p class="role">{escape(column.role)}</p>'
        f'<div class="answer">{"".join(parts)}{shown(rest)}</div>{cut if len(text) > _LONGEST else ""}</section>'
    )


def rarity(one: ShownExhibit, at: int) -> int:
    """How rare a passage is: 0 where no control wrote it, 1 up to a quarter of them, 2 above."""
    controls = one.passages[at].controls
    return 0 if not controls else 1 if 4 * controls <= one.controls else 2


def _mark(one: ShownExhibit, at: int, words: str) -> str:
    """A passage marked by how rare it is; the number is drawn, so that it is no part of the text that is copied."""
    return f'<mark class="m{rarity(one, at)}" data-n="{at + 1}">{words}</mark>'


def _bytes(one: ShownExhibit, files: Mapping[str, str]) -> str:
    rows = "".join(
        f"<tr><td>{shown(model)}</td><td>{escape(where)}</td><td>{offset:,} to {offset + length:,}</td>"
        f'<td class="hash">{digest}</td></tr>'
        for model, where, offset, length, digest in places(files, one)
    )
    heads = "<th>Model</th><th>File in data/04_data/original</th><th>Bytes</th><th>SHA-256 of the answer’s text</th>"
    return f"<h3>Where the bytes are</h3><table><tr>{heads}</tr>{rows}</table>" if rows else ""

"""The exhibits as files: pages that are read with scripts on or off, the list, and each exhibit as plain text.

Up to 500 exhibits stand on one page. Above that the page lists parts of 500 by number, each a page of its own, so that
no page grows with their count.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from html import escape
from typing import NamedTuple

from workbench.core.printed import counted
from workbench.core.resources import resource
from workbench.core.text import counted as many
from workbench.evidence.exhibits.article import article, clean, kinds_of, link_to, shown
from workbench.evidence.exhibits.listing import exhibit_list
from workbench.evidence.exhibits.picked import NO_WEIGHT, RULE
from workbench.evidence.exhibits.said import does_not_show, why
from workbench.evidence.exhibits.shown import ExhibitSet, ShownExhibit, files_of, places
from workbench.evidence.pack.contents import PackContents
from workbench.evidence.pack.names import EXHIBIT_LIST, EXHIBITS, plain
from workbench.evidence.pack.start_here import page, state
from workbench.evidence.report.value_format import shorter

VIEWER = f"{EXHIBITS}viewer.html"
TOGETHER = 500
"""Exhibits on one page."""

_ROOM = 24_000
"""Bytes that the marks, heads and tables of an exhibit take beside its texts."""


_LINE = 2_000
"""Bytes that the list of parts takes for an exhibit at most."""


class ExhibitFile(NamedTuple):
    """A file of exhibits: its path, its size at most, and what makes it."""

    path: str
    size: int
    make: Callable[[], bytes]


def exhibit_files(contents: PackContents, found: ExhibitSet) -> list[ExhibitFile]:
    """The pages, the list and the texts; they are made one at a time, so that few are in memory."""
    listed = list_of(contents, found)
    files = [ExhibitFile(EXHIBIT_LIST, len(listed), lambda: listed)]
    if len(found.exhibits) <= TOGETHER:
        files.append(_file(VIEWER, found.exhibits, partial(_one_page, contents, found)))
        return files + [
            _file(f"{EXHIBITS}EX/{one.name}.txt", (one,), partial(_text, contents, (one,))) for one in found.standing
        ]
    parts = parts_of(found.exhibits)
    whole = partial(_list_page, contents, found, parts)
    files.append(ExhibitFile(VIEWER, _LINE * len(found.exhibits) + 200_000, lambda: whole().encode()))
    for at, some in enumerate(parts):
        files.append(_file(_path(some), some, partial(_part_page, contents, found, parts, at)))
        standing = tuple(one for one in some if one.standing)
        files.append(_file(_path(some, "EX/", "txt"), standing, partial(_text, contents, standing)))
    return files


def list_of(contents: PackContents, found: ExhibitSet) -> bytes:
    """The list of exhibits as CSV; empty where there are none."""
    return exhibit_list((one.entry for one in found.exhibits), files_of(contents)) if found.exhibits else b""


def parts_of(exhibits: Sequence[ShownExhibit]) -> list[tuple[ShownExhibit, ...]]:
    """The exhibits by number, as many together as a page shows."""
    by_number = sorted(exhibits, key=lambda one: (len(one.name), one.name))
    return [tuple(by_number[at : at + TOGETHER]) for at in range(0, len(by_number), TOGETHER)]


def _path(some: Sequence[ShownExhibit], folder: str = "", kind: str = "html") -> str:
    return f"{EXHIBITS}{folder}{plain(some[0].name, 20)}-to-{plain(some[-1].name, 20)}.{kind}"


def _file(path: str, some: Sequence[ShownExhibit], make: Callable[[], str]) -> ExhibitFile:
    # A hidden character takes twelve bytes in a page; titles, prompts and comments are repeated in it.
    size = sum(_ROOM + 24 * sum(map(len, _texts(one))) for one in some)
    return ExhibitFile(path, size + 200_000, lambda: make().encode())


def _texts(one: ShownExhibit) -> Iterator[str]:
    choice = one.entry.choice
    yield from (one.prompt, one.entry.comment, choice.why, choice.not_shown, choice.title)
    yield from (column.text for column in one.columns)
    yield from (passage.words for passage in one.passages)


def _text(contents: PackContents, some: Sequence[ShownExhibit]) -> str:
    files = files_of(contents)
    parts = []
    for one in some:
        parts += [
            f"{one.name}: {clean(one.entry.choice.title)}",
            *([clean(" ".join(filter(None, (one.bates, contents.marks.legend))))] if contents.marks else []),
            *([f"Prompt: {clean(one.prompt)}"] if one.prompt else []),
        ]
        parts += [clean(why(one)), clean(does_not_show(one))]
        for column, (_, where, offset, length, digest) in zip(one.columns, places(files, one), strict=True):
            parts.append(f"--- {clean(column.model)}, {column.role}\n{where}, byte {offset}, {length} bytes, {digest}")
            parts.append(clean(column.text))
    return "\n\n".join(parts) + "\n"


def _one_page(contents: PackContents, found: ExhibitSet) -> str:
    return _page(contents, found, found.exhibits, _rule(found), _counts(found))


def _part_page(contents: PackContents, found: ExhibitSet, parts: Sequence[Sequence[ShownExhibit]], at: int) -> str:
    ways = [('<a href="viewer.html">All parts</a>')]
    ways += [f'<a href="{_name(parts[at - 1])}">Part before</a>'] if at else []
    ways += [f'<a href="{_name(parts[at + 1])}">Part after</a>'] if at + 1 < len(parts) else []
    said = f"Part {at + 1} of {len(parts)}, by number. {' '.join(ways)}"
    return _page(contents, found, parts[at], f'<p class="rule">{said}</p>', "")


def _name(some: Sequence[ShownExhibit]) -> str:
    return _path(some).rpartition("/")[2]


def _page(contents: PackContents, found: ExhibitSet, exhibits: Sequence[ShownExhibit], before: str, after: str) -> str:
    """A page with the whole of some exhibits, and their list at its side."""
    files = files_of(contents)
    items = "".join(_item(one) for one in exhibits)
    body = [
        _bar(contents),
        f"{_tools(exhibits)}<ol>{items}</ol></nav>",
        f"<main>{before}",
        *(article(one, files) for one in exhibits),
        after,
        "</main>",
    ]
    title = f"{shorter(contents.title, 120)}: exhibits of pack {contents.number:02d}"
    return page(title, _css(), body, resource("report/viewer.js").read_text("utf-8"))


def _css() -> str:
    return resource("report/viewer.css").read_text("utf-8")


def _bar(contents: PackContents) -> str:
    return (
        f"<header><b>Exhibits</b>{_legend(contents)}"
        f"<span>{escape(shorter(contents.title, 80))}, pack {contents.number:02d}</span>"
        '<span class="r">Works offline. It asks nothing of any network. <a href="../../START_HERE.html">Start page</a> '
        f"{state(contents)}</span></header>"
    )


def _legend(contents: PackContents) -> str:
    return f"<b>{shown(contents.marks.legend)}</b>" if contents.marks.legend else ""


def _item(one: ShownExhibit) -> str:
    title = shown(shorter(one.entry.choice.title, 100))
    said = title if one.standing else f"<s>{title}</s>"
    gone = "" if one.standing else f'<span class="gone">{shown(shorter(one.gone, 160))}</span>'
    return f'<li><a href="#{link_to(one)}"><span class="no">{escape(one.name)}</span> {said}{gone}</a></li>'


def _rule(found: ExhibitSet) -> str:
    how = RULE if any(one.entry.choice.picker == "rule" for one in found.exhibits) else ""
    hand = "Those that were picked by hand say so, and by whom." if found.of_case else ""
    said = " ".join(filter(None, (NO_WEIGHT, how, hand, "A hidden character shows as ⟦U+202E⟧.")))
    return f'<p class="rule">{escape(said)}</p>'


def _counts(found: ExhibitSet) -> str:
    if not found.counts:
        return ""
    ordered = (found.counts[0], *sorted(found.counts[1:], key=lambda one: -one.rare))
    rows = "".join(f"<tr><td>{shown(one.model)}</td><td>{counted(one.rare, one.prompts)}</td></tr>" for one in ordered)
    return (
        "<article><h2>The same rule put to every model</h2><p>Prompts on which a model shares a rare passage with "
        f"{shown(found.protected)}.</p><table><tr><th>Model</th><th>Prompts</th></tr>{rows}</table></article>"
    )


def _tools(exhibits: Sequence[ShownExhibit], parts: int = 0) -> str:
    """The head of the list at the side: search and filter, which need scripts, and how many there are."""
    kinds = sorted({str(one.entry.choice.kind) for one in exhibits})
    options = "".join(f'<option value="{kind}">{kind}</option>' for kind in kinds)
    said = f"{many(len(exhibits), 'exhibit', 'exhibits')}{f' in {parts} parts' if parts else ''}"
    return (
        '<nav aria-label="Exhibits"><p id="tools" hidden><label>Search <input id="find" type="search"></label> '
        f'<label>Show <select id="kind"><option value="">all</option>{options}'
        '<option value="against">those that speak against</option><option value="hand">picked by hand</option>'
        f'</select></label></p><p id="count">{said}</p>'
    )


def _list_page(contents: PackContents, found: ExhibitSet, parts: Sequence[Sequence[ShownExhibit]]) -> str:
    """The page of many exhibits: a line for each part, and what a search in all of them reads."""
    rows = "".join(
        f'<tr><td><a href="{_name(some)}">{escape(some[0].name)} to {escape(some[-1].name)}</a></td>'
        f"<td>{len(some)}</td><td>{sum(one.against for one in some)}</td>"
        f"<td>{sum(not one.standing for one in some)}</td>"
        f"<td>{shown(shorter(some[0].entry.choice.title, 80))}</td></tr>"
        for some in parts
    )
    heads = "<th>Part</th><th>Exhibits</th><th>Speak against</th><th>Withdrawn</th><th>The first of them</th>"
    body = [
        _bar(contents),
        f'{_tools(found.exhibits, len(parts))}<ol id="hits"></ol></nav>',
        f"<main>{_rule(found)}<article><h2>All exhibits, {TOGETHER} a page, by number</h2><p>exhibit_list.csv has a "
        "row for each answer, in the order of the report.</p>"
        f'<table id="parts" data-together="{TOGETHER}"><tr>{heads}</tr>{rows}</table></article>',
        _counts(found),
        "</main>",
        f'<script type="application/json" id="index">{_index([one for some in parts for one in some])}</script>',
    ]
    title = f"{shorter(contents.title, 120)}: exhibits of pack {contents.number:02d}"
    return page(title, _css(), body, resource("report/viewer_parts.js").read_text("utf-8"))


def _index(exhibits: Sequence[ShownExhibit]) -> str:
    """What a search reads: number, kinds and title of each, in the order of the parts; data, which no browser runs."""
    columns = {
        "names": [link_to(one) for one in exhibits],
        "kinds": [kinds_of(one) for one in exhibits],
        "titles": [shorter(clean(one.entry.choice.title).replace("\n", " "), 100) for one in exhibits],
    }
    # In a script element a browser ends the data at `</`, and only there: JSON has another way to write the sign.
    return json.dumps(columns, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")

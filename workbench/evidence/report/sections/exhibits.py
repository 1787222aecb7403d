"""Exhibits: how they were picked, the list, and those that are printed in full, the ones that speak against too."""

from __future__ import annotations

from workbench.core.printed import counted
from workbench.core.text import counted as many
from workbench.core.text import one_line
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
from workbench.evidence.report.sheets import (
    Block,
    Chip,
    Chips,
    Column,
    Foot,
    Para,
    Passages,
    Run,
    Section,
    ShownAnswer,
    Table,
    TwoTables,
    Words,
    bold,
    link,
    mono,
    say,
)

_MARKS = {"suspect": "diamond suspect", "protected": "square protected"}
_LONGEST = 700
"""Characters of an answer that the report shows; the viewer has more, the text file all."""

_MOST_COUNTS = 9
_VIEWER = "02_exhibits/viewer.html"


def exhibit_sections(contents: PackContents, picked: PickedExhibits | None, number: str) -> list[Section]:
    """The list, and the pages of one exhibit that shows a shared passage and of one that speaks against."""
    if picked is None or not picked.exhibits:
        return [_none(picked, number)]
    printed = _printed(picked)
    sections = [_list(picked, number, {one.name for one in printed})]
    return [*sections, *(_page(contents, one, number) for one in printed)]


def _none(picked: PickedExhibits | None, number: str) -> Section:
    said = (
        "No finding compares models, so that there are no passages to show."
        if picked is None
        else "The rule found no passage that the suspect or a control shares with the protected model alone."
    )
    return Section("exhibits", number, "Exhibits", (Para(say(said, " ", RULE), say(NO_WEIGHT)),), breaks=False)


def _printed(picked: PickedExhibits) -> list[PickedExhibit]:
    """The first of each kind: what speaks against is printed as large."""
    kinds = dict.fromkeys(one.kind for one in picked.exhibits)
    return [next(one for one in picked.exhibits if one.kind == kind) for kind in kinds]


def _list(picked: PickedExhibits, number: str, printed: set[str]) -> Section:
    columns = (
        Column("Exhibit"), Column("Passage", 6), Column("Models", 4), Column("Controls that wrote it", 2.4),
        Column("Kind"), Column("Page"),
    )  # fmt: skip
    rows = tuple(_row(one, printed) for one in picked.exhibits)
    counts = sorted(picked.counts[1:], key=lambda row: (-row[1], row[0]))
    shown = [picked.counts[0], *counts[:_MOST_COUNTS]]
    half = (len(shown) + 1) // 2
    heads = (Column("Model", 3), Column("Prompts with a rare passage", 2, "number"))
    tables = [
        Table(heads, tuple((say(one_line(name, 40)), say(counted(rare, of))) for name, rare, of in part), small=True)
        for part in (shown[:half], shown[half:])
    ]
    rest = counts[_MOST_COUNTS:]
    more = f" {len(rest)} more controls have {max(row[1] for row in rest)} or fewer." if rest else ""
    said = f"Prompts on which a model shares a rare passage with {picked.protected}, by the same rule.{more}"
    blocks: list[Block] = [
        Para(
            say(bold("How they were picked. "), RULE),
            say("A pick by eye would show what one wants to see. ", bold(NO_WEIGHT)),
        ),
        Table(columns, rows),
        Para(say(bold("The same rule put to every model. "), said), say(f"All in {_VIEWER}")),
        TwoTables(tables[0], tables[1]),
        Para(
            say("Each exhibit says where its bytes stand: file, bytes from and to, and the hash of the answer’s text."),
            say(
                "Numbers and lines in an exhibit are drawn over the text. ",
                bold("What you copy out is the answer’s own text."),
            ),
        ),
    ]
    return Section("exhibits", number, "Exhibits", tuple(blocks))


def _row(one: PickedExhibit, printed: set[str]) -> tuple[Words, ...]:
    passage = one.passages[0]
    shown = link("printed", one.name) if one.name in printed else Run("viewer")
    return (
        say(mono(one.name)),
        say(f"“{one_line(passage.words, 56)}”"),
        say(", ".join(one_line(column.model, 30) for column in one.columns[:2])),
        say(counted(passage.controls, one.controls)),
        say("speaks against" if one.kind == AGAINST else "passage"),
        say(shown),
    )


def _page(contents: PackContents, one: PickedExhibit, number: str) -> Section:
    against = one.kind == AGAINST
    chips = (Chip("speaks against", "against"),) if against else (Chip("passage", "rung"),)
    rows = tuple(
        (say(f"{at}  " if passage.controls * 4 <= one.controls else "", one_line(passage.words, 160)),
         say(counted(passage.controls, one.controls)))
        for at, passage in enumerate(one.passages[:8], 1)
    )  # fmt: skip
    where = tuple(
        (say(one_line(model, 40)), say(file), say(f"{offset:,} to {offset + length:,}"), say(digest))
        for model, file, offset, length, digest in places(contents, one)
    )
    cut = any(len(column.text) > _LONGEST for column in one.columns)
    key = "Filled: no control wrote it for this prompt. Dashed: up to a quarter of the controls did. Dotted: more."
    blocks: list[Block] = [
        Chips(chips, before=one.name),
        Para(say(Run("Prompt  "), bold(one_line(one.prompt, 400))), style="small", unnumbered=True),
        Passages(tuple(_column(column, one) for column in one.columns)),
        Para(say(f"{key}{' A cut answer ends in …' if cut else ''}"), style="small", unnumbered=True),
        Table((Column("Shared, rarest first", 5), Column("Controls, this prompt", kind="number")), rows, wide=True),
        Para(say(bold("Why it is here. "), why(one))),
        Para(say(bold("What it does not show. "), does_not_show(one))),
        Table((Column("Answer of"), Column("File"), Column("Bytes", kind="number"),
               Column("SHA-256 of the answer’s text", 1, "hash")), where, wide=True),
        Foot((f"Picked by the rule of section {number}. Open it in {_VIEWER}#{one.name}.",)),
    ]  # fmt: skip
    words = one_line(one.passages[0].words, 90)
    return Section(one.name, number, f"“{words}”", tuple(blocks), listed="")


def _column(column: Shown, one: PickedExhibit) -> ShownAnswer:
    mark = _MARKS.get(column.role, "ring ctl")
    return ShownAnswer(say(Run(column.model, mark=mark)), column.role, tuple(_pieces(column, one)))


def _pieces(column: Shown, one: PickedExhibit) -> list[tuple[str, int, int]]:
    text, pieces, last = column.text, [], 0
    end = min(len(text), _LONGEST)
    for begin, stop, at in column.spans:
        if begin < last or stop > end:
            continue
        controls = one.passages[at].controls
        rarity = 0 if not controls else 1 if 4 * controls <= one.controls else 2
        pieces += [(text[last:begin], -1, 0), (text[begin:stop], rarity, at + 1)]
        last = stop
    pieces.append((text[last:end] + (" …" if end < len(text) else ""), -1, 0))
    return [piece for piece in pieces if piece[0]]


def shown_in(picked: PickedExhibits | None) -> str:
    """The exhibits of a question in a few words, for the page of a finding that they illustrate."""
    if picked is None or not picked.exhibits:
        return ""
    return (
        f"{many(len(picked.exhibits), 'exhibit', 'exhibits')}: {picked.exhibits[0].name} to {picked.exhibits[-1].name}"
    )

"""Exhibits: how they were picked, the list, and those that are printed in full, the ones that speak against too."""

from __future__ import annotations

from workbench.core.exhibits import Kind, Picker
from workbench.core.printed import counted, day
from workbench.core.text import counted as many
from workbench.core.text import one_line
from workbench.evidence.exhibits.article import rarity
from workbench.evidence.exhibits.picked import NO_WEIGHT, RULE
from workbench.evidence.exhibits.said import counted_before, does_not_show, reviews, why
from workbench.evidence.exhibits.shown import ExhibitSet, Shown, ShownExhibit, files_of, places
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
    Style,
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
_MOST_LISTED = 24
_VIEWER = "02_exhibits/viewer.html"
_LIST = "02_exhibits/exhibit_list.csv"
_KINDS = {
    Kind.PASSAGES: "passage", Kind.ANSWERS: "whole answer", Kind.CHART: "chart", Kind.TABLE: "table",
    Kind.DOCUMENT: "document",
}  # fmt: skip


def exhibit_sections(contents: PackContents, exhibits: ExhibitSet, number: str) -> list[Section]:
    """The list, and the pages of one exhibit that shows a shared passage and of one that speaks against."""
    if not exhibits.exhibits:
        return [_none(exhibits, number)]
    printed = _printed(exhibits)
    sections = [_list(exhibits, number, {one.name for one in printed})]
    return [*sections, *(_page(contents, one, number) for one in printed)]


def _none(exhibits: ExhibitSet, number: str) -> Section:
    said = (
        "The rule found no passage that the suspect or a control shares with the protected model alone."
        if exhibits.counts
        else "No finding compares models, so that there are no passages to show."
    )
    return Section("exhibits", number, "Exhibits", (Para(say(said, " ", RULE), say(NO_WEIGHT)),), breaks=False)


def _printed(exhibits: ExhibitSet) -> list[ShownExhibit]:
    """The first with answers of each side, in the examiner's order: what speaks against is printed as large."""
    shown = [one for one in exhibits.standing if one.columns]
    sides = dict.fromkeys(one.against for one in shown)
    return [next(one for one in shown if one.against is side) for side in sides]


def _list(exhibits: ExhibitSet, number: str, printed: set[str]) -> Section:
    columns = (
        Column("Exhibit"), Column("What it is", 6), Column("From", 2.6), Column("Kind", 3.4), Column("Picked", 2.8),
        Column("Page"),
    )  # fmt: skip
    listed = exhibits.exhibits[:_MOST_LISTED]
    rest = len(exhibits.exhibits) - len(listed)
    blocks: list[Block] = [
        Para(say(bold("How they were picked. "), *_how(exhibits)), _beside(exhibits)),
        Table(columns, tuple(_row(one, printed) for one in listed)),
    ]
    if rest:
        blocks.append(
            Para(say(f"{many(rest, 'exhibit', 'exhibits')} more in {_LIST} and in the viewer."), style="small")
        )
    blocks += _counts(exhibits)
    blocks.append(
        Para(
            say("Each exhibit says where its bytes stand: file, bytes from and to, and the hash of the answer’s text."),
            say(
                "Numbers and lines in an exhibit are drawn over the text. ",
                bold("What you copy out is the answer’s own text."),
            ),
        )
    )
    return Section("exhibits", number, "Exhibits", tuple(blocks))


def _how(exhibits: ExhibitSet) -> Words:
    by_hand = [one for one in exhibits.standing if one.entry.choice.picker is Picker.HAND]
    by_rule = len(exhibits.standing) - len(by_hand)
    parts = [RULE if by_rule else ""]
    if by_hand:
        names = "" if len(by_hand) > 6 else f" ({', '.join(one.name for one in by_hand)})"
        say_so = "says" if len(by_hand) == 1 else "say"
        parts.append(f"{many(len(by_hand), 'was', 'were')} picked by hand{names}, and {say_so} so.")
    gone = len(exhibits.exhibits) - len(exhibits.standing)
    if gone:
        parts.append(f"{many(gone, 'was', 'were')} withdrawn, and {'stays' if gone == 1 else 'stay'} in the list.")
    return say(" ".join(filter(None, parts)))


def _beside(exhibits: ExhibitSet) -> Words:
    numbers = (
        "A number is never used twice. " if exhibits.of_case else "A pick by eye would show what one wants to see. "
    )
    return say(numbers, bold(NO_WEIGHT))


def _counts(exhibits: ExhibitSet) -> list[Block]:
    if not exhibits.counts:
        return []
    counts = sorted(exhibits.counts[1:], key=lambda one: (-one.rare, one.model))
    shown = [exhibits.counts[0], *counts[:_MOST_COUNTS]]
    half = (len(shown) + 1) // 2
    heads = (Column("Model", 3), Column("Prompts with a rare passage", 2, "number"))
    tables = [
        Table(heads, tuple((say(one_line(one.model, 40)), say(counted(one.rare, one.prompts))) for one in part),
              small=True)
        for part in (shown[:half], shown[half:])
    ]  # fmt: skip
    rest = counts[_MOST_COUNTS:]
    more = f" {len(rest)} more controls have {max(one.rare for one in rest)} or fewer." if rest else ""
    said = f"Prompts on which a model shares a rare passage with {exhibits.protected}, by the same rule.{more}"
    return [
        Para(say(bold("The same rule put to every model. "), said), say(f"All in {_VIEWER}")),
        TwoTables(tables[0], tables[1]),
    ]


def _row(one: ShownExhibit, printed: set[str]) -> tuple[Words, ...]:
    choice = one.entry.choice
    title = one_line(choice.title, 56)
    if not one.standing:
        return (
            say(mono(one.name)), say(Run(title, Style.STRUCK), " ", one_line(one.gone, 160)), say(""), say(""),
            say(""), say(""),
        )  # fmt: skip
    kind = f"{_KINDS[choice.kind]}{', speaks against' if one.against else ''}"
    picked = "by the rule" if choice.picker is Picker.RULE else f"by hand, {one_line(one.entry.examiner, 30)}"
    shown = link("printed", one.name) if one.name in printed else Run("viewer")
    return say(mono(one.name)), say(title), say(_origin(one)), say(kind), say(picked), say(shown)


def _origin(one: ShownExhibit) -> str:
    choice = one.entry.choice
    if one.columns and not choice.answers[0].number:
        return ", ".join(one_line(column.model, 30) for column in one.columns[:2])
    return choice.origin


def _page(contents: PackContents, one: ShownExhibit, number: str) -> Section:
    chips = [Chip("speaks against", "against")] if one.against else []
    chips += [Chip(_KINDS[one.entry.choice.kind], "rung"), Chip(one.picked_by)]
    chips += [Chip(str(one.entry.state))] if one.entry.reviews else []
    blocks: list[Block] = [
        Chips(tuple(chips), before=one.name),
        Para(say(Run("Prompt  "), bold(one_line(one.prompt, 400))), style="small", unnumbered=True),
        Passages(tuple(_column(column, one) for column in one.columns)),
        *(_shared(one) if one.passages else []),
        Para(say(bold("Why it is here. "), one_line(why(one), 1_000))),
        Para(say(bold("What it does not show. "), one_line(does_not_show(one), 1_000))),
        *_remarks(one),
        _where(contents, one),
        Foot((_foot(one, number),)),
    ]
    return Section(one.name, number, one_line(one.entry.choice.title, 92), tuple(blocks), listed="")


def _shared(one: ShownExhibit) -> list[Block]:
    rows = tuple(
        (say(f"{at}  " if passage.controls * 4 <= one.controls else "", one_line(passage.words, 160)),
         say(counted(passage.controls, one.controls)))
        for at, passage in enumerate(one.passages[:8], 1)
    )  # fmt: skip
    cut = any(len(column.text) > _LONGEST for column in one.columns)
    key = "Filled: no control wrote it for this prompt. Dashed: up to a quarter of the controls did. Dotted: more."
    before = counted_before(one)
    return [
        Para(say(f"{key}{' A cut answer ends in …' if cut else ''}"), style="small", unnumbered=True),
        Table((Column("Shared, rarest first", 5), Column("Controls, this prompt", kind="number")), rows, wide=True),
        *([Para(say(before), style="small", unnumbered=True)] if before else []),
    ]


def _remarks(one: ShownExhibit) -> list[Block]:
    """The comment and the reviews."""
    entry = one.entry
    lines = [f"Comment of {one_line(entry.commented_by, 60)}: {one_line(entry.comment, 900)}"] if entry.comment else []
    return [Para(say(one_line(line, 1_000)), style="small", unnumbered=True) for line in (*lines, *reviews(one))]


def _where(contents: PackContents, one: ShownExhibit) -> Table:
    rows = tuple(
        (say(one_line(model, 40)), say(file), say(f"{offset:,} to {offset + length:,}"), say(digest))
        for model, file, offset, length, digest in places(files_of(contents), one)
    )
    heads = Column("Answer of"), Column("File"), Column("Bytes", kind="number")
    return Table((*heads, Column("SHA-256 of the answer’s text", 1, "hash")), rows, wide=True)


def _foot(one: ShownExhibit, number: str) -> str:
    entry = one.entry
    if not entry.added:
        return f"Picked by the rule of section {number}. Open it in {_VIEWER}#{one.name}."
    how = "the rule" if entry.choice.picker is Picker.RULE else one_line(entry.examiner, 60)
    return f"Picked by {how}, {day(entry.added)}, log line {entry.line}. Open it in {_VIEWER}#{one.name}."


def _column(column: Shown, one: ShownExhibit) -> ShownAnswer:
    mark = _MARKS.get(column.role, "ring ctl")
    return ShownAnswer(say(Run(column.model, mark=mark)), column.role, tuple(_pieces(column, one)))


def _pieces(column: Shown, one: ShownExhibit) -> list[tuple[str, int, int]]:
    text, pieces, last = column.text, [], 0
    end = min(len(text), _LONGEST)
    for begin, stop, at in column.spans:
        if begin < last or stop > end:
            continue
        pieces += [(text[last:begin], -1, 0), (text[begin:stop], rarity(one, at), at + 1)]
        last = stop
    pieces.append((text[last:end] + (" …" if end < len(text) else ""), -1, 0))
    return [piece for piece in pieces if piece[0]]


def shown_in(exhibits: ExhibitSet, finding: int, *, compares: bool) -> str:
    """The exhibits of a finding in a few words: its charts and tables, and the answers where it compares them."""
    own = [
        one.name
        for one in exhibits.standing
        if (one.entry.choice.finding.number == finding if one.entry.choice.finding else compares)
    ]
    if not own:
        return ""
    said = f"{own[0]} to {own[-1]}" if len(own) > 3 and not exhibits.of_case else ", ".join(own[:4])
    more = f" and {len(own) - 4} more" if len(own) > 4 and exhibits.of_case else ""
    return f"{many(len(own), 'exhibit', 'exhibits')}: {said}{more}"

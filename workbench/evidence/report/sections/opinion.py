"""The summary of opinion: one page a question, which also stands alone as a file."""

from __future__ import annotations

from collections.abc import Iterable

from workbench.core.finding_page import Bearing, Explanation, Part
from workbench.core.printed import counted, ratio
from workbench.core.text import counted as many
from workbench.evidence.pack.contents import PackFinding
from workbench.evidence.report.limits import GENERAL
from workbench.evidence.report.question import Asked
from workbench.evidence.report.sections.dots import dots
from workbench.evidence.report.sections.standing import answer_of, key_of
from workbench.evidence.report.sheets import (
    Block,
    Box,
    Boxes,
    Para,
    Picture,
    Run,
    Section,
    Style,
    Words,
    bold,
    caution,
    link,
    say,
)
from workbench.evidence.report.trial import how_sure, trial_of

NOT_SAID = "It says nothing of intent, of permission or of a breach of terms."
_HEADS = (
    ("Tested, do not account for it", (Bearing.NO,), "sign full"),
    ("Less well supported, or part of H1", (Bearing.LESS, Bearing.PARTLY), "sign half"),
    ("Open, or may account for it", (Bearing.MAY, Bearing.OPEN), "sign open"),
)
_MOST = 6


def opinion_sections(questions: Iterable[Asked]) -> list[Section]:
    """The page of each question."""
    several = list(questions)
    return [_page(one, at, len(several)) for at, one in enumerate(several)]


def key(at: int) -> str:
    """The key of the page of a question, counted from 0."""
    return "summary" if not at else f"summary-{at + 1}"


def _page(one: Asked, at: int, of: int) -> Section:
    page = one.page
    blocks: list[Block] = [
        Para(say(one.words), _legend(one), "question"),
        Boxes((Box("H1", (say(one.h1),)), Box("H2", (say(one.h2),)))),
        Para(answer_of(page), _ceiling(one), "answer"),
        *_closeness(one),
        *_rates(one),
        Boxes(
            (
                Box("Other explanations", tuple(_explanations(page.explanations)), counts=True),
                Box("Looked for, and not found", tuple(_not_found(one)), counts=True),
            ),
            filled=True,
        ),
        Para(say(bold(_denial(one)), f" {NOT_SAID}"), say(link("Limits", "limits")), "wide"),
    ]
    title = "Summary of opinion" if of == 1 else f"Summary of opinion, question {at + 1} of {of}"
    listed = "Summary of opinion" if of == 1 else f"Summary: {one.suspect} and {one.protected}"
    return Section(key(at), "1", title, tuple(blocks), listed)


def _legend(one: Asked) -> Words:
    named = (("diamond suspect", "suspect", one.suspect), ("square protected", "protected", one.protected))
    marks = [Run(f"{role}: {name}\n", mark=mark) for mark, role, name in named if name]
    return say(*marks, Run("control: no one accuses it", mark="ring ctl"))


def _ceiling(one: Asked) -> Words:
    basis = say(*_links(one.basis))
    page, weight = one.page, one.of(Part.WEIGHT)
    if not page.at_ceiling or page.log10_lr is None:
        return basis
    trial = trial_of(weight)
    groups = ""
    if trial is not None:
        number = trial.negative_groups if page.log10_lr > 0 else trial.positive_groups
        groups = f": the {number} independent groups behind it bear no more"
    return say(bold(f"{ratio(abs(page.log10_lr))} is a ceiling,"), f" not a measurement{groups}. ", *basis)


def _links(items: Iterable[PackFinding]) -> list[Run]:
    runs = [link(f"Finding {item.exhibit.number}", key_of(item)) for item in items]
    return [run for one in runs for run in (one, Run(" "))]


def _closeness(one: Asked) -> list[Block]:
    closest = one.of(Part.CLOSENESS)
    picture = one.page.picture
    if closest is None:
        return [Picture(picture)] if picture else []
    # Where the answer is that sentence, it is not said twice.
    said = closest.page.sentence
    blocks: list[Block] = []
    if said != one.page.sentence:
        blocks.append(Para(say(said), say(*_links([closest]))))
    return [*blocks, Picture(picture)] if picture else blocks


def _rates(one: Asked) -> list[Block]:
    sure = how_sure(one)
    trial = trial_of(one.of(Part.WEIGHT))
    note = say(link("Validation", "validation"), ". One dot is one pair." if trial else "")
    blocks: list[Block] = [Para(say(sure.said), note)]
    if trial is not None:
        blocks.append(Picture(dots(trial, one)))
    if sure.outside:
        weight = one.of(Part.WEIGHT)
        measures = weight.page.measures if weight else ()
        inside = sum(not measure.outside for measure in measures)
        words = sure.outside.removeprefix(sure.named)
        aside = say(bold(f"{counted(inside, len(measures))} measures"), " lie inside. ") if measures else ()
        note = say(*aside, link("Validation", "validation"))
        blocks.append(Para(say(caution(sure.named), words), note))
    return blocks


def _explanations(rows: tuple[Explanation, ...]) -> Iterable[Words]:
    for head, bearings, sign in _HEADS:
        names = [f"{row.name}{f' ({row.but})' if row.but else ''}" for row in rows if row.so in bearings]
        if names:
            yield say(Run(f"{head}: ", Style.BOLD, mark=sign), f"{'; '.join(names)}.")
    if not rows:
        yield say(GENERAL[0])


def _not_found(one: Asked) -> Iterable[Words]:
    for what, said in one.page.not_found[:_MOST]:
        yield say(Run(f"{what}: ", Style.BOLD, mark="sign none"), said)
    if len(one.page.not_found) > _MOST:
        yield say(f"{many(len(one.page.not_found) - _MOST, 'more stands', 'more stand')} with the findings.")
    if not one.page.not_found:
        yield say("Nothing else was asked.")


def _denial(one: Asked) -> str:
    return one.page.not_said or f"This is not the probability that {one.suspect} was trained on {one.protected}."

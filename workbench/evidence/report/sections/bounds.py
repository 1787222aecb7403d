"""Limits, each with what would mend it; deviations from the plan; what the report does not say; quality."""

from __future__ import annotations

from workbench.core.plan import NOTHING_LOCKED, status_of, typed_in
from workbench.core.printed import listed
from workbench.core.text import one_line
from workbench.core.wording_check import refused
from workbench.evidence.pack.contents import PackContents
from workbench.evidence.report.limits import GENERAL, of_case
from workbench.evidence.report.plans import planned_of
from workbench.evidence.report.question import Asked
from workbench.evidence.report.sections.items import left_out
from workbench.evidence.report.sheets import (
    Block,
    Column,
    Heading,
    Para,
    Run,
    Section,
    Table,
    Words,
    blank,
    bold,
    link,
    say,
)

_MOST, _MOST_DEVIATIONS, _MOST_LEFT_OUT = 7, 6, 4


def limits_section(contents: PackContents, questions: tuple[Asked, ...], number: str) -> Section:
    """The section."""
    blocks: list[Block] = [Heading("Limits of this case"), *_of_case(contents, questions)]
    blocks.append(Heading("Limits of any comparison of texts"))
    blocks += [Para(say(words)) for words in GENERAL]
    blocks += [Heading("Deviations from the plan"), *_deviations(contents)]
    blocks += [Heading("What this report does not say"), _not_said(questions)]
    quality = say(
        "Second examiner: ", blank("none so far"), " Disagreements: ", blank("to be completed"), " ", _checked(contents)
    )
    blocks += [Heading("Quality"), Para(quality, say("No compliance with a standard is claimed. None was assessed."))]
    return Section("limits", number, "Limits, deviations, and what is not said", tuple(blocks))


def _checked(contents: PackContents) -> str:
    """What came of searching what the examiner typed for phrases that no report may use."""
    reasons = [item.exhibit.withdrawn for item in contents.reported()]
    plans = [text for version in planned_of(contents).versions for text in typed_in(version.plan)]
    found = dict.fromkeys(one.phrase for text in (contents.title, *reasons, *plans) for one in refused(text))
    if not found:
        return "What the examiner typed was searched for phrases that no report may use, and has none."
    named = listed([f"“{one_line(phrase, 60)}”" for phrase in found], 5)
    return f"What the examiner typed says {named}, which is the examiner’s word alone: no finding says so."


def _of_case(contents: PackContents, questions: tuple[Asked, ...]) -> list[Block]:
    found: dict[str, tuple[str, str, str]] = {}
    for one in questions:
        for limit in of_case(one):
            found.setdefault(limit[1], limit)
    blocks: list[Block] = [
        Para(say(bold(f"{name.rstrip('.')}. "), sentence), say(f"To mend: {mend}" if mend else ""))
        for name, sentence, mend in list(found.values())[:_MOST]
    ]
    if len(found) > _MOST:
        blocks.append(Para(say(f"{len(found) - _MOST} further limits stand with the findings.")))
    if aside := left_out(contents):
        named = [f"{one_line(name, 40)} ({one_line(reason, 90)})" for name, reason in aside.items()]
        said = f"{listed(named, _MOST_LEFT_OUT)}."
        blocks.append(
            Para(say(bold("Left out of comparisons. "), said), say("05_analysis/replay.md lists them by run."))
        )
    return blocks or [Para(say("No finding states a limit of its own."))]


def _deviations(contents: PackContents) -> list[Block]:
    planned = planned_of(contents)
    if planned.in_force is None:
        return [Para(say(NOTHING_LOCKED), say(link("Annex A", "annex-a"), " lists every run."))]
    said = []
    for item in contents.reported():
        status = status_of(item.options)
        if not status.confirmatory or status.known_before:
            said.append(f"Finding {item.exhibit.number} is {one_line(status.words(), 160)}.")
    said += [f"Planned and not run: {look.words()}." for look in planned.not_run()]
    shown = said[:_MOST_DEVIATIONS]
    more = f" {len(said) - len(shown)} more stand in Annex A." if len(said) > len(shown) else ""
    note = say("Nothing was run and left out. ", link("Annex A", "annex-a"), " lists every run.")
    return [Para(say(f"{' '.join(shown)}{more}" if said else "None."), note)]


def _not_said(questions: tuple[Asked, ...]) -> Table:
    one = questions[0] if questions else None
    suspect = one.suspect if one else "the suspect"
    protected = one.protected if one else "the protected model"
    left = (
        f"that {suspect} was made from answers of {protected}",
        "how probable it is that it was",
        "that two models are the same, or anything of fingerprints",
    )
    right = (
        "with what degree of certainty, scientific or other",
        "what anyone knew or meant",
        "whether a licence allowed it, or terms were broken",
    )
    rows = tuple((_sign(a), _sign(b)) for a, b in zip(left, right, strict=True))
    return Table((Column("", 1), Column("", 1)), rows, headless=True)


def _sign(words: str) -> Words:
    return say(Run(words, mark="sign none"))

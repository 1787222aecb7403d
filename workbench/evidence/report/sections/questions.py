"""Instructions and questions: who asked, what was fixed before results, all that was run, and what may be claimed."""

from __future__ import annotations

from workbench.core.finding_page import Part
from workbench.core.plan import NOTHING_LOCKED, LockedPlan, status_of
from workbench.core.printed import day, grouped, listed, second
from workbench.core.text import counted, one_line
from workbench.evidence.pack.contents import PackContents, PackFinding
from workbench.evidence.pack.names import ANALYSIS
from workbench.evidence.report.plans import Planned, planned_of
from workbench.evidence.report.question import Asked, numbers
from workbench.evidence.report.sections.standing import brief, key_of, rung_in_table, sentence
from workbench.evidence.report.sheets import (
    Block,
    Column,
    Para,
    Run,
    Section,
    Table,
    Words,
    blank,
    bold,
    link,
    mono,
    say,
)
from workbench.evidence.report.trial import trial_of
from workbench.evidence.report.wording import LADDER, LATE

_CHOICES = (("Compared despite the dates. ", "despite_date"), ("Compared with fewer prompts. ", "fewer_prompts"))
_MOST = 30
"""Rows of a table on a page for reading."""


def questions_section(contents: PackContents, questions: tuple[Asked, ...]) -> Section:
    """The section."""
    blocks: list[Block] = [
        *_instructions(contents),
        *_plan(contents),
        *_samples(questions),
        *_all_runs(contents),
        *_ladder(questions),
    ]
    return Section("instructions", "2", "Instructions and questions", tuple(blocks))


def _instructions(contents: PackContents) -> list[Block]:
    """Who asked, when, in which words and with which papers; a blank for each that was not stated."""
    said = contents.instructions
    note = say("A court will ask for the substance of all instructions, written or oral.")
    if not said.stated:
        return [
            Para(
                say(bold("Instructions. "), blank("Who asked, on which date, with which papers: to be completed.")),
                note,
            )
        ]
    by = said.instructed_by or blank("who asked: to be completed")
    when = day(f"{said.received}T00:00:00+00:00") if said.received else blank("date: to be completed")
    papers: str | Run = one_line(said.papers, 1_000) if said.papers else blank("to be completed")
    blocks = [
        Para(say(bold("Instructions. "), "Given by ", by, " on ", when, ". With these papers: ", papers, "."), note),
    ]
    words = "\n".join(one_line(line, 1_000) for line in said.words.splitlines() if line.strip())
    if words:
        blocks.append(Para(say(bold("In the words of those who instruct: "), f"“{words}”")))
    else:
        blocks.append(Para(say(blank("The words of the instructions: to be completed."))))
    return list(blocks)


def _plan(contents: PackContents) -> list[Block]:
    planned = planned_of(contents)
    plan = planned.in_force
    if plan is None:
        said = (
            " The accounts stand on page 1 as this program words them. Who reads these results can’t know how many "
            "others were tried outside this case; every run that was stored in it is listed below."
        )
        return [Para(say(bold(NOTHING_LOCKED), said), say("A plan says what will be run before any result is known."))]
    note = say(
        bold(f"Log line {plan.line}. "), "Plan ", mono(f"{grouped(plan.sha256, 3)} …"), ". The times are those of the "
        "examiner’s computer.",
    )  # fmt: skip
    blocks: list[Block] = [Para(say(*_locked(contents, planned, plan)), note)]
    if plan.findings_before:
        blocks.append(Para(say(bold(f"This plan was {plan.lateness()}. "), LATE)))
    if missing := planned.not_run():
        named = listed([look.words() for look in missing], 6)
        blocks.append(
            Para(say(bold("Planned but not run. "), f"{named}."), say(f"Every planned run: {ANALYSIS}plan.json"))
        )
    for head, key in _CHOICES:
        if reason := plan.plan.get(key):
            blocks.append(Para(say(bold(head), f"The plan gives this reason: {one_line(str(reason), 300)}")))
    return blocks


def _locked(contents: PackContents, planned: Planned, plan: LockedPlan) -> list[str | Run]:
    first = min((item.exhibit.made for item in contents.reported()), default="")
    ran = f" The first analysis ran at {second(first)}." if first else ""
    head = bold(f"The accounts were fixed {'late' if plan.findings_before else 'first'}.")
    version = f" It is version {plan.version}: {listed([v.reason for v in planned.versions if v.reason], 3)}."
    return [
        head,
        " H1 and H2 stand on page 1. They, the controls, the analyses and the settings were locked as plan "
        f"{plan.version} on {day(plan.locked)} at {second(plan.locked)} UTC.{ran}",
        "" if plan.findings_before else " Nothing had been run before.",
        version if plan.version > 1 else "",
    ]


def _samples(questions: tuple[Asked, ...]) -> list[Block]:
    closeness = [
        item for one in questions for item in one.findings if item.page.part in (Part.CLOSENESS, Part.CONTRAST)
    ]
    weighed = [item for one in questions for item in one.findings if trial_of(item) is not None]
    if not closeness and not weighed:
        return []
    parts = []
    if closeness:
        controls = {len(item.page.placed) - 1 for item in closeness if item.page.placed}
        many = f"the {next(iter(controls))} controls" if len(controls) == 1 else "the controls"
        parts.append(f"Closeness ({_findings(closeness)}) is compared with {many} of this case.")
    if weighed:
        trial = trial_of(weighed[-1])
        if trial is not None:
            parts.append(
                f"Weight ({_findings(weighed)}) is compared with {trial.negatives:,} pairs of other models with no "
                f"known link, in {counted(trial.negative_groups, 'independent group', 'independent groups')}."
            )
    head = "There is one H2, and two samples stand for it. " if len(parts) == 2 else "There is one H2, and one sample. "
    note = say("The unit of the claim is the model, not the answer.")
    return [Para(say(bold(head), " ".join(parts)), note)]


def _findings(items: list[PackFinding]) -> str:
    word = "finding" if len(items) == 1 else "findings"
    return f"{word} {numbers(tuple(items))}"


def _all_runs(contents: PackContents) -> list[Block]:
    items = contents.reported()
    withdrawn = sum(bool(item.exhibit.withdrawn) for item in items)
    said = (
        f"{counted(len(items), 'analysis was', 'analyses were')} run and all are reported, in the order of their runs."
    )
    refused = sum(_REFUSED in line for line in contents.ledger_lines)
    if refused:
        said += f" {counted(refused, 'run was', 'runs were')} refused before a number was known; the log says why."
    note = say("None was withdrawn. " if not withdrawn else f"{withdrawn} withdrawn. ", link("Annex A", "annex-a"))
    if not items:
        return [Para(say(bold("Nothing was run. "), "No analysis has been run and kept in this case."))]
    columns = (
        Column("", kind="number"), Column("Question", 5), Column("Answer", 6), Column("Asked"),
        Column("Rung", kind="number"), Column("Section"),
    )  # fmt: skip
    shown = items if len(items) <= _MOST else items[:_MOST]
    table = Table(columns, tuple(_row(item) for item in shown))
    blocks: list[Block] = [Para(say(bold("All that was run is shown. "), said), note), table]
    if len(items) > len(shown):
        more = f"{len(items) - len(shown)} more: {ANALYSIS}runs.csv."
        blocks.append(Para(say(more), style="small", unnumbered=True))
    blocks.append(Para(say(_ELSEWHERE), style="small", unnumbered=True))
    return blocks


_REFUSED = '"action":"run refused"'
_ELSEWHERE = (
    "Every run stands in the log of the case in which it was made. Whoever copies a case and looks at the copy leaves "
    "no line here, whether a plan was locked or not."
)


def _row(item: PackFinding) -> tuple[Words, ...]:
    question = item.page.short
    return (
        say(str(item.exhibit.number)),
        say(f"{question[:1].upper()}{question[1:]}"),
        brief(item) or sentence(item),
        say("plan" if status_of(item.options).confirmatory else "later"),
        say(rung_in_table(item)),
        say(link(f"{item.exhibit.number}", key_of(item))),
    )


def _ladder(questions: tuple[Asked, ...]) -> list[Block]:
    if not questions:
        return []
    one = questions[0]
    reached = {rung.rung: rung for rung in one.page.rungs}
    rows = []
    for rung in reversed(range(1, len(LADDER))):
        found = reached.get(rung)
        by = f" by {_named(found.findings)}" if found and found.findings else ""
        rows.append(
            (say(str(rung)), say(LADDER[rung]), say(f"{found.reached}{by}" if found else "no opinion was formed"))
        )
    note = say("The ladder limits what this report may say. It is not a scale of guilt.")
    words = (
        " is set by a ladder. A rung is reached by a finding of the locked plan on material of a tried kind. What lies "
    )
    blocks: list[Block] = [
        Para(say(bold("What may be claimed"), words, "outside adds no rung, whatever its number."), note),
        Table((Column("", kind="number"), Column("Claim", 6), Column("In this case", 4)), tuple(rows)),
    ]
    if len(questions) > 1:
        other = (
            f"The column is about {one.suspect} and {one.protected}; the findings on other questions state their rungs."
        )
        blocks.append(Para(say(other), style="small", unnumbered=True))
    return blocks


def _named(found: tuple[int, ...]) -> str:
    word = "finding" if len(found) == 1 else "findings"
    return f"{word} {listed([str(one) for one in found], 10)}"

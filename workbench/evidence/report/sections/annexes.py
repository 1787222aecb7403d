"""Annexes: the register of runs, the files with their hashes, the words used, and settings. Bulk stands in files."""

from __future__ import annotations

import re
from collections.abc import Sequence

from workbench.core.model import Json
from workbench.core.plan import LockedPlan, status_of
from workbench.core.printed import day, grouped, listed, number, p_value, second
from workbench.core.text import counted, one_line
from workbench.evidence.pack.contents import PackContents, PackFinding
from workbench.evidence.pack.names import ANALYSIS, DATA
from workbench.evidence.pack.rebuilt_case import RESCUED, lost_in_rescue, words_of_rescue
from workbench.evidence.pack.since import since
from workbench.evidence.report.glossary import GLOSSARY
from workbench.evidence.report.looks import adjusted_looks
from workbench.evidence.report.plans import planned_of
from workbench.evidence.report.sections.standing import key_of
from workbench.evidence.report.sheets import (
    Block,
    Chip,
    Chips,
    Column,
    Glossary,
    Heading,
    Notice,
    Para,
    Run,
    Section,
    Table,
    Words,
    bold,
    link,
    mono,
    say,
)

MOST_RUNS, MOST_FILES, MOST_LOST = 30, 30, 20
_ON_A_PAGE = 39
_MOST_SETTINGS, _REFERENCES = 12, 5
_DIGEST = re.compile("[0-9a-f]{40,}…?")


def annex_sections(contents: PackContents) -> list[Section]:
    """The annexes A to D."""
    return [_register(contents), _files(contents), _words(), _settings(contents)]


def _register(contents: PackContents) -> Section:
    items = contents.findings
    columns = (
        Column("Run", kind="number"), Column("Analysis", 5), Column("Made, UTC"), Column("Asked", 2.6),
        Column("Shown as"),         Column("Log line", kind="number"), Column("Hash of the finding"),
    )  # fmt: skip
    blocks: list[Block] = [Table(columns, tuple(map(_run, items[:MOST_RUNS])), wide=True)] if items else []
    blocks.append(_note(_register_words(contents)))
    blocks += _lost(contents)
    looks = adjusted_looks(contents)
    if looks:
        heads = (
            Column("Finding", kind="number"), Column("Suspect", 5), Column("Looks", kind="number"),
            Column("p over prompts", kind="number"), Column("Adjusted (Holm)", kind="number"),
        )  # fmt: skip
        rows = tuple(
            tuple(
                map(
                    say,
                    (
                        str(one.finding),
                        one_line(one.suspect, 40),
                        f"{one.looks:,}",
                        p_value(one.p),
                        p_value(one.adjusted),
                    ),
                )
            )
            for one in looks[:MOST_RUNS]
        )
        said = (
            "p over prompts of the findings of the plan. The more is asked, the more comes out by chance: p is "
            "adjusted for every look of the plan, those that were not run and those of earlier versions too."
        )
        blocks += [_note(said), Table(heads, rows, wide=True)]
    changed = since(contents.ledger_lines, contents.number)
    if changed:
        blocks.append(_note(f"What changed. {changed}"))
    return Section(
        "annex-a", "", "Annex A. Register of runs and log", tuple(blocks), "Register of runs and log", fits=False
    )


def _note(words: str) -> Para:
    return Para(say(words), style="note", unnumbered=True)


def _run(item: PackFinding) -> tuple[Words, ...]:
    exhibit = item.exhibit
    shown = "an opinion" if item.opinion else ""
    where: Words = say(shown) if shown else say(link(f"finding {exhibit.number}", key_of(item)))
    if exhibit.withdrawn:
        where = say(*where, ", withdrawn")
    status = status_of(item.options)
    return (
        say(str(exhibit.number)),
        say(f"{one_line(exhibit.title, 60)}, version {exhibit.finding.version}"),
        say(second(exhibit.made)),
        say(f"in plan {status.version}" if status.confirmatory else "exploratory"),
        where,
        say(str(item.ledger_line)),
        say(mono(f"{grouped(item.sha256, 4)} …")),
    )


def _register_words(contents: PackContents) -> str:
    items = contents.findings
    if not items:
        return "No analysis has been run and kept in this case."
    days = sorted({day(item.exhibit.made) for item in items})
    withdrawn = sum(bool(item.exhibit.withdrawn) for item in items)
    more = f" {len(items) - MOST_RUNS:,} more stand in {ANALYSIS}runs.csv." if len(items) > MOST_RUNS else ""
    versions = planned_of(contents).versions
    plans = f" {_versions(versions)}" if versions else ""
    return (
        f"Made on {listed(days, 3)}. {counted(len(items), 'run', 'runs')}, "
        f"{counted(withdrawn, 'withdrawn', 'withdrawn')}.{more}{plans} Every line of the log, "
        f"{len(contents.ledger_lines):,} before this pack: 06_custody/custody.csv. Head before this pack: "
        f"{grouped(contents.head, 3)} …"
    )


def _versions(versions: Sequence[LockedPlan]) -> str:
    said = [
        f"version {one.version} locked on {day(one.locked)} at {second(one.locked)} UTC, log line {one.line}"
        f"{f', {one.lateness()}' if one.lateness() else ''}{f' ({one_line(one.reason, 120)})' if one.reason else ''}"
        for one in versions[-3:]
    ]
    return f"Plan: {'; '.join(said)}."


def _lost(contents: PackContents) -> list[Block]:
    lost = lost_in_rescue(contents)
    if lost is None:
        return []
    shown = "; ".join(lost[:MOST_LOST]) or "nothing"
    more = f"; and {len(lost) - MOST_LOST} more in the log" if len(lost) > MOST_LOST else ""
    return [Notice(say(bold(f"{RESCUED}. "), words_of_rescue(contents))), _note(f"Lost: {shown}{more}.")]


def _files(contents: PackContents) -> Section:
    columns = (Column("No.", kind="number"), Column("Name as received", 1), Column("Bytes", kind="number"),
               Column("SHA-256", kind="hash"))  # fmt: skip
    shown = contents.sources[:MOST_FILES]
    rows = tuple(
        (
            say(str(source.id)),
            say(one_line(source.name, 60), f" withheld: {one_line(source.withheld, 80)}" if source.withheld else ""),
            say(f"{source.size:,}"),
            say(source.sha256),
        )
        for source in shown
    )
    total = sum(source.size for source in contents.sources)
    more = len(contents.sources) - len(shown)
    rest = f" The first {len(shown)} are listed; {more:,} more stand in names.csv." if more else ""
    copy = (
        "In the pack they lie as 04_data/original/source-0001-….bin and so on; names.csv joins the names."
        if contents.include_originals
        else "They are not in this copy; names.csv lists them."
    )
    said = (
        f"{counted(len(contents.sources), 'file', 'files')}, {total:,} bytes.{rest} {copy} Hashes in an annex are for "
        f"machines: compare them with HOW_TO_CHECK.txt, not by eye. Digests of the models’ answers: {DATA}names.csv."
    )
    blocks: list[Block] = [Table(columns, rows, wide=True, small=True)] if rows else []
    blocks.append(_note(said))
    included = [f"file {source.id}: {one_line(contents.included[source.sha256], 200)}" for source in contents.sources
                if source.sha256 in contents.included]  # fmt: skip
    if included:
        blocks.append(_note(f"Included although secrets were found in them: {listed(included, 10)}."))
    title = "Annex B. Files as received, with hashes"
    return Section(
        "annex-b", "", title, tuple(blocks), "Files as received, with hashes", breaks=not _short(contents), fits=False
    )


def _short(contents: PackContents) -> bool:
    """Whether the register and the list of files go on one page."""
    return len(contents.findings) + min(len(contents.sources), MOST_FILES) <= _ON_A_PAGE


def _words() -> Section:
    said = (
        "Every word with a meaning of its own in this report stands here, once. Where law or statistics use another "
        "word, it is named."
    )
    chips = (
        Chip("In the locked plan", "plan"), Chip("Exploratory", "later"), Chip("Outside what was tested", "outside"),
        Chip("Nothing found", "nothing"), Chip("speaks against", "against"),
    )  # fmt: skip
    marks = say(
        Run("suspect   ", mark="diamond suspect"), Run("protected   ", mark="square protected"),
        Run("control   ", mark="ring ctl"),
        Run("left out: released too late   ", mark="late protected"), Run("outside", mark="outside warn"),
    )  # fmt: skip
    blocks: list[Block] = [
        _note(said), Glossary(GLOSSARY), Heading("Marks"), Para(marks, style="small", unnumbered=True), Chips(chips)
    ]  # fmt: skip
    return Section("annex-c", "", "Annex C. Words used", tuple(blocks), "Words used")


def _settings(contents: PackContents) -> Section:
    columns = (
        Column("Run", kind="number"),
        Column("Settings", 9),
        Column("Seed", kind="number"),
        Column("Warnings", kind="number"),
    )
    items = contents.reported()
    rows = tuple(
        (
            say(str(item.exhibit.number)),
            say(f"{item.exhibit.finding.analysis}: ", _parameters(item.exhibit.finding.parameters)),
            say(item.exhibit.finding.seed),
            say(str(len(item.exhibit.finding.warnings))),
        )
        for item in items[:MOST_RUNS]
    )
    blocks: list[Block] = [Table(columns, rows, wide=True)] if rows else []
    warnings = [
        f"Finding {item.exhibit.number}: {warning}" for item in items for warning in item.exhibit.finding.warnings
    ]
    if warnings:
        shown = dict.fromkeys(one_line(words, 400) for words in warnings)
        blocks.append(Heading("Warnings of the runs"))
        blocks += [_note(words) for words in list(shown)[:10]]
        if len(shown) > 10:
            blocks.append(_note(f"{len(shown) - 10} more stand in {ANALYSIS}results.json."))
    software = {name: version for item in items for name, version in item.exhibit.finding.software.items()}
    named = ", ".join(f"{name} {version}" for name, version in sorted(software.items()))
    if named:
        blocks += [Heading("Software"), _note(f"{contents.tool}; {named}. By run: {ANALYSIS}environment.json.")]
    references = dict.fromkeys(reference for method in contents.methods for reference in method.references)
    if references:
        several = list(references)
        parts = [several[at : at + _REFERENCES] for at in range(0, len(several), _REFERENCES)]
        blocks += [Heading("Literature"), *(_note(f"{'; '.join(part)}.") for part in parts)]
    blocks += [
        Heading("To compute the numbers again"),
        _note(f"See {ANALYSIS}replay.md. Every table in full: {ANALYSIS}tables."),
    ]
    return Section("annex-d", "", "Annex D. Settings", tuple(blocks), "Settings", fits=False)


def _parameters(parameters: object) -> str:
    if not isinstance(parameters, dict):
        return "none"
    said = [f"{name} {_value(value)}" for name, value in sorted(parameters.items())]
    more = f" and {len(said) - _MOST_SETTINGS} more" if len(said) > _MOST_SETTINGS else ""
    return ", ".join(said[:_MOST_SETTINGS]) + more or "none"


def _value(value: Json) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return number(value, 4).rstrip("0").rstrip(".")
    text = one_line(str(value), 60)
    return f"{text[:12]} …" if _DIGEST.fullmatch(text) else text or "none"

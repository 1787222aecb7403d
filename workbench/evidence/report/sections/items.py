"""Items examined: what came in, who could have learned from whom, how many answers were compared, and each model."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.core.claimed_model import disagreement, snapshots
from workbench.core.finding_page import Part, Placed
from workbench.core.model import LeftOutKind, Role
from workbench.core.printed import day, listed, minute
from workbench.core.text import counted, one_line
from workbench.evidence.pack.contents import PackContents, PackCorpus
from workbench.evidence.pack.examination import REDACTION_LOG, counted_of
from workbench.evidence.report.question import Asked
from workbench.evidence.report.reconciled import Reconciled, reconciled
from workbench.evidence.report.sections.documents import document_blocks
from workbench.evidence.report.sections.timeline import timeline
from workbench.evidence.report.sheets import (
    Block,
    Column,
    Para,
    Picture,
    Run,
    Section,
    Sum,
    Table,
    TwoTables,
    Words,
    blank,
    bold,
    link,
    say,
)
from workbench.evidence.report.trial import trial_of

NEAREST = 20
"""Of a large case the suspect, the protected models and so many controls are listed; the rest stands in a file."""

ALL = 30
"""Up to so many models are listed, all of them."""

_MARKS = {Role.SUSPECT: "diamond suspect", Role.PROTECTED: "square protected", Role.CONTROL: "ring ctl"}
_SIDES = {str(role): role for role in (Role.SUSPECT, Role.PROTECTED)}
_MOST_WORDS = 4


def items_section(contents: PackContents, questions: tuple[Asked, ...]) -> Section:
    """The section."""
    shown = models_shown(contents, questions)
    blocks: list[Block] = [
        Para(
            say(_came_in(contents)),
            say("From whom, when and how they were collected: ", blank("to be completed"), " ",
                link("Annex B", "annex-b"),                " has the hashes."),
        ),
        *_timeline(contents, questions, shown),
        *document_blocks(contents),
        *_sums(reconciled(contents)),
        *_condition(contents),
        *_warnings(contents),
        *_models(contents, shown),
    ]  # fmt: skip
    return Section("items", "3", "Items examined", tuple(blocks))


def _came_in(contents: PackContents) -> str:
    files, corpora = sum(not source.document for source in contents.sources), len(contents.corpora)
    if not files:
        return "No file was taken in."
    times = sorted(source.received for source in contents.sources if not source.document)
    first, last = minute(times[0]), minute(times[-1])
    when = f"on {day(times[0])}" if day(times[0]) == day(times[-1]) else f"from {first} to {last}"
    held = sum(bool(source.withheld) for source in contents.sources)
    withheld = (
        f" {counted(held, 'file is', 'files are')} withheld from this pack, with the reason in Annex B." if held else ""
    )
    copy = "" if contents.include_originals else " They are not in this copy of the pack."
    return (
        f"{counted(files, 'file', 'files')} came in {when}: the answers of {counted(corpora, 'model', 'models')}, "
        f"and what is known of them. Each file was hashed before it was read and is kept as received.{copy}{withheld}"
    )


def models_shown(contents: PackContents, questions: tuple[Asked, ...]) -> list[PackCorpus]:
    """The models of the tables: suspects and protected ones first, then controls, the nearest first."""
    place = {one.model: one.value for asked in questions for one in _placed(asked)}
    order = {Role.SUSPECT: 0, Role.PROTECTED: 1}
    roles = roles_of(contents)
    ordered = sorted(
        contents.corpora,
        key=lambda item: (
            order.get(roles[item.corpus.name], 2), -place.get(item.corpus.name, float("-inf")), item.corpus.id
        ),
    )  # fmt: skip
    if len(ordered) <= ALL:
        return ordered
    first = [item for item in ordered if roles[item.corpus.name] in order][:ALL]
    others = [item for item in ordered if roles[item.corpus.name] not in order]
    return first + others[:NEAREST]


def roles_of(contents: PackContents) -> dict[str, Role]:
    """The role of each model: that of the case, but suspect or protected where a finding compared it so."""
    roles = {item.corpus.name: item.corpus.role for item in contents.corpora}
    for item in contents.standing():
        for one in item.exhibit.finding.inputs:
            if one.corpus in roles and roles[one.corpus] is not Role.SUSPECT and one.role in _SIDES:
                roles[one.corpus] = _SIDES[one.role]
    return roles


def _placed(asked: Asked) -> Sequence[Placed]:
    closest = asked.of(Part.CLOSENESS)
    return closest.page.placed if closest else ()


def _timeline(contents: PackContents, questions: tuple[Asked, ...], shown: list[PackCorpus]) -> list[Block]:
    trials = [trial_of(one.of(Part.WEIGHT)) for one in questions]
    band = next((trial for trial in trials if trial is not None), None)
    drawing = timeline([item.corpus for item in contents.corpora], roles_of(contents), band)
    if drawing is None:
        return []
    aside = left_out(contents)
    late = [item.corpus.name for item in contents.corpora if _too_late(aside.get(item.corpus.name, ""))]
    verb = "was" if len(late) == 1 else "were"
    said = f" {listed(late, _MOST_WORDS)} {verb} released too late and left out of comparisons." if late else ""
    dated = sum(bool(item.corpus.facts.released) for item in contents.corpora)
    undated = len(contents.corpora) - dated
    unknown = f" Of {counted(undated, 'model', 'models')} no date is known." if undated else ""
    words = f"Each mark is a model at its release, as its maker or the examiner states it.{said}{unknown}"
    return [Picture(drawing, say(bold("Who could have learned from whom. "), words))]


def left_out(contents: PackContents) -> dict[str, str]:
    """The models that findings left out, each with the reason that was given first."""
    found: dict[str, str] = {}
    for item in contents.standing():
        for one in item.exhibit.finding.left_out:
            found.setdefault(one.corpus, one.reason)
    return found


def _too_late(reason: str) -> bool:
    return reason.startswith(LeftOutKind.YOUNGER.value)


def _sums(counts: Reconciled) -> list[Block]:
    note = say("These counts are the same wherever they stand in this report.")
    parts = [("", f"{counts.received:,}", f"records received, of {counted(counts.models, 'model', 'models')}")]
    parts.append(("−", f"{counts.lost:,}", counts.lost_words))
    parts.append(("−", f"{counts.aside:,}", counts.aside_words))
    parts.append(("=", f"{counts.compared:,}", counts.compared_words))
    return [
        Para(say(bold("How many answers, from first to last. ")), note),
        Sum(tuple(parts)),
        Para(say(counts.smaller)),
    ]


def _condition(contents: PackContents) -> list[Block]:
    exam = contents.examination
    if exam is None:
        return [Para(say("The material was not examined when this pack was begun."))]
    totals = exam.counts["totals"]
    names = {
        "refused": "decline", "truncated": "ended at a limit", "looks_cut": "look cut off", "empty": "are empty",
        "like_other_corpora": "resemble another model’s answer to the same prompt", "hidden": "have hidden characters",
    }  # fmt: skip
    found = [f"{totals[key]:,} {names[key]}" for key in counted_of(exam.counts, names) if totals[key]]
    said = (
        f"Of all answers, {listed(found, len(found))}." if found else "No answer declines, is empty or looks cut off."
    )
    note = say("“Look cut” is a guess from how an answer ends. Marks decide and weigh nothing.")
    return [Para(say(bold("Condition. "), said, " ", _masked(contents)), note)]


def _masked(contents: PackContents) -> str:
    if not contents.redactions:
        return "Nothing that has the form of a secret was found."
    return (
        f"What has the form of a secret is masked, in {counted(len(contents.redactions), 'place', 'places')}: "
        f"{REDACTION_LOG.removeprefix('data/')}."
    )


def _warnings(contents: PackContents) -> list[Block]:
    facts = [(item.corpus.name, item.corpus.facts) for item in contents.corpora]
    said = [words for name, known in facts if (words := disagreement(name, known))]
    said += [words for name, known in facts if (words := snapshots(name, known))]
    shown = [one_line(words, 300) for words in said[:_MOST_WORDS]]
    if not shown:
        return []
    more = f" {len(said) - len(shown)} more: 04_data/collection.csv." if len(said) > len(shown) else ""
    return [Para(say(bold("What files and labels say. "), f"{' '.join(shown)}{more}"))]


def _models(contents: PackContents, shown: list[PackCorpus]) -> list[Block]:
    columns = (
        Column("Model", 6), Column("Maker", 3.6), Column("Released", kind="number"), Column("Answers", kind="number"),
        Column("Cut", kind="number"),
    )  # fmt: skip
    roles = roles_of(contents)
    bases = {item.corpus.facts.base for item in contents.corpora if roles[item.corpus.name] is Role.SUSPECT}
    bases -= {None}
    aside = left_out(contents)
    rows = [_model(contents, item, roles[item.corpus.name], bases, aside) for item in shown]
    half = (len(rows) + 1) // 2
    left, right = Table(columns, tuple(rows[:half]), small=True), Table(columns, tuple(rows[half:]), small=True)
    said = ["Cut: answers whose records say that they ended at a limit, or that look cut off."]
    if bases:
        said.append(f"b: on {listed(sorted(map(str, bases)), 3)}, as the suspect.")
    more = len(contents.corpora) - len(shown)
    if more:
        said.append(f"Suspect, protected models and the nearest controls are listed; {more:,} more stand in the file.")
    said.append("Bases, families, sources and how answers were had, of every model: 04_data/collection.csv.")
    tables: list[Block] = [TwoTables(left, right)] if len(rows) > 1 else [left]
    return [*tables, Para(say(" ".join(said)), style="small", unnumbered=True)]


def _model(
    contents: PackContents, item: PackCorpus, role: Role, bases: set[str | None], aside: dict[str, str]
) -> tuple[Words, ...]:
    corpus = item.corpus
    mark = "late protected" if _too_late(aside.get(corpus.name, "")) else _MARKS.get(role, "ring ctl")
    own = corpus.facts.base in bases and role is not Role.SUSPECT
    return (
        say(Run(one_line(corpus.name, 40), mark=mark), " b" if own else ""),
        say(one_line(corpus.facts.developer or "not stated", 30)),
        say((corpus.facts.released or "unknown")[:7]),
        say(f"{item.accepted:,}"),
        say(_cut(contents, corpus.name)),
    )


def _cut(contents: PackContents, name: str) -> str:
    exam = contents.examination
    counts = exam.counts["corpora"].get(name) if exam else None
    if counts is None:
        return "not counted"
    return f"{counts.get('truncated', 0) + counts.get('looks_cut', 0):,}"

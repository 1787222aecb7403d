"""The report of a pack: one document, from its cover to its annexes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from workbench.core.plan import MODEL_P
from workbench.core.statistics.fitted_calibration import RESOURCE
from workbench.evidence.pack.contents import PackContents, PackFinding
from workbench.evidence.pack.names import corpus_file, source_file
from workbench.evidence.pack.rebuilt_case import RESCUED, lost_in_rescue, nothing_found, superseded, words_of_rescue
from workbench.evidence.report import wording
from workbench.evidence.report.annexes import annexes, how_to_verify
from workbench.evidence.report.charts import Chart
from workbench.evidence.report.document import (
    Block,
    Bullets,
    Document,
    Grid,
    GridColumn,
    Heading,
    Notice,
    Pairs,
    Paragraph,
)
from workbench.evidence.report.examination import collection_blocks, examination_blocks
from workbench.evidence.report.findings import finding_blocks
from workbench.evidence.report.plan import (
    confirmatory_first,
    deviation_blocks,
    ordered,
    plan_blocks,
    propositions,
    status_sentences,
    status_words,
)
from workbench.evidence.report.value_format import known, shorter, when


def report_of(contents: PackContents, charts: Mapping[int, Chart], notes: tuple[str, ...] = ()) -> Document:
    """The report as a document; `charts` are by the number of their finding, `notes` go on the cover."""
    title = f"Evidence report: {shorter(contents.title, 300)}"
    return Document(
        title=title,
        running=f"Case {shorter(contents.case_id, 80)}, pack {contents.number:02d}: {shorter(contents.title, 60)}",
        author=shorter(contents.examiner, 200),
        date=contents.begun,
        mark="" if contents.signers else "DRAFT",
        cover=_cover(contents, notes),
        blocks=tuple(_sections(contents, charts)),
    )


def questions_of(contents: PackContents) -> tuple[str, ...]:
    """The distinct questions of the findings that stand, in order."""
    return tuple(dict.fromkeys(f.exhibit.finding.question for f in contents.standing()))


def limits_of(contents: PackContents) -> tuple[str, ...]:
    """The distinct limits of the findings that stand: each finding's first before any one's second."""
    lists = [f.exhibit.narrative.limits for f in contents.standing()]
    longest = max((len(limits) for limits in lists), default=0)
    ordered = [limits[at] for at in range(longest) for limits in lists if at < len(limits)]
    return tuple(dict.fromkeys(ordered))


def compared(contents: PackContents) -> bool:
    """Whether a finding that stands compares models, and does not only judge the material."""
    return any(f.exhibit.finding.number(MODEL_P) is not None for f in contents.standing())


def weighed(contents: PackContents) -> bool:
    """Whether a finding that stands states likelihood ratios."""
    return any(RESOURCE in f.exhibit.finding.resources for f in contents.standing())


def first_limits(contents: PackContents) -> tuple[str, ...]:
    """The three limits that a reader of the first page must know."""
    return wording.FIRST_LIMITS if compared(contents) else limits_of(contents)[:3]


def below_headline(item: PackFinding) -> tuple[str, ...]:
    """What must be read with a headline: its status, the rung that is reached, and the warnings of the run."""
    rung = item.exhibit.narrative.rung
    reached = f"Rung {rung} of 5 on the ladder of claims. {wording.LADDER[rung]}"
    return (status_words(item), reached, *(f"Warning: {warning}" for warning in item.exhibit.finding.warnings))


def _cover(contents: PackContents, notes: tuple[str, ...]) -> tuple[Block, ...]:
    rows = (
        ("Case", contents.case_id),
        ("Pack", f"{contents.number:02d}"),
        ("Supersedes", superseded(contents)),
        ("Examiner", contents.examiner),
        ("Prepared", when(contents.begun)),
        ("Made with", contents.tool),
        ("Head of the audit log (SHA-256)", contents.head),
        ("Status", _status(contents)),
    )
    blocks: list[Block] = [Pairs(rows, frozenset({"Head of the audit log (SHA-256)"}))]
    blocks += _rescue(contents)
    blocks += [Notice("Note on this copy", note) for note in notes]
    if not contents.include_originals:
        blocks.append(Notice("Copy without the original data", words_of_copy(contents)))
    return tuple(blocks)


def _status(contents: PackContents) -> str:
    if not contents.signers:
        return "Draft. Not signed, no time stamp."
    return f"To be signed by {', '.join(one.name for one in contents.signers)}; SEAL_STATUS.txt says whether it is."


def _rescue(contents: PackContents) -> list[Block]:
    return [] if lost_in_rescue(contents) is None else [Notice(RESCUED, words_of_rescue(contents))]


def words_of_copy(contents: PackContents) -> str:
    """What a lawyer copy leaves out, in one sentence."""
    return (
        f"The {len(contents.sources)} files as received are not in this copy. Their names, sizes and "
        "hashes are listed under “Items examined”, so that they can be compared when they are produced."
    )


def _sections(contents: PackContents, charts: Mapping[int, Chart]) -> list[Block]:
    blocks: list[Block] = [
        *_summary(contents),
        *_propositions(contents),
        *_items(contents),
        *_method(contents),
        Heading(1, "5 Findings"),
        Paragraph(
            "Every finding that was stored is reported here in order of its number: results that speak for "
            "H1, results that speak against it, results that say nothing, and withdrawn ones, marked as such."
        ),
    ]
    for title, items in ordered(contents):
        blocks += [Heading(2, title)] if title else []
        blocks += [Paragraph("There are none.")] if title and not items else []
        for item in items:
            blocks += finding_blocks(item, charts.get(item.exhibit.number))
    if not contents.findings:
        blocks.append(Paragraph(nothing_found(contents)))
    return [*blocks, *_weighing(contents), *how_to_verify(contents), *annexes(contents)]


def _summary(contents: PackContents) -> list[Block]:
    plan = [Paragraph(words) for words in status_sentences(contents)]
    blocks: list[Block] = [Heading(1, "1 Summary"), *_rescue(contents)]
    standing: Sequence[PackFinding] = contents.standing()
    if not standing:
        return [*blocks, Paragraph(nothing_found(contents), "lead"), *plan]
    blocks += plan
    standing = confirmatory_first(standing)
    for question in questions_of(contents):
        blocks.append(Paragraph(f"Question: {question}", "lead"))
        for item in standing:
            if item.exhibit.finding.question == question:
                blocks.append(Paragraph(f"Finding {item.exhibit.number}. {item.exhibit.narrative.headline}", "finding"))
                blocks += [Paragraph(words, "small") for words in below_headline(item)]
    if compared(contents):
        blocks.append(Paragraph(wording.READING))
    limits = first_limits(contents)
    if limits:
        blocks += [Heading(2, "Three limits to keep in mind"), Bullets(limits, "numbered")]
    blocks += [
        Heading(2, "How far each finding goes"),
        Grid(
            "The findings on the ladder of claims, 0 (no claim) to 5 (a secret signal was found)",
            (
                GridColumn("No.", 1, "number"),
                GridColumn("Analysis", 4),
                GridColumn("Rung", 1, "number"),
                GridColumn("What that rung claims", 8),
            ),
            tuple(_rung_row(item) for item in contents.findings),
        ),
    ]
    return blocks


def _rung_row(item: PackFinding) -> tuple[str, ...]:
    exhibit = item.exhibit
    rung = exhibit.narrative.rung
    claim = "Withdrawn: no claim is made." if exhibit.withdrawn else wording.LADDER[rung]
    return str(exhibit.number), shorter(exhibit.title), str(rung), claim


def _propositions(contents: PackContents) -> list[Block]:
    by_role: dict[str, list[str]] = {}
    for item in contents.corpora:
        by_role.setdefault(str(item.corpus.role), []).append(item.corpus.name)
    rows = tuple(
        (
            role.capitalize(),
            "; ".join(shorter(n, 60) for n in names[:12])
            + (f"; and {len(names) - 12} more" if len(names) > 12 else ""),
        )
        for role, names in by_role.items()
    )
    blocks: list[Block] = [
        Heading(1, "2 Propositions and population"),
        Paragraph("Two accounts are weighed against each other."),
        Bullets(propositions(contents)),
        Paragraph(wording.POPULATION),
    ]
    if rows:
        blocks += [Heading(2, "Roles as recorded in the case"), Pairs(rows)]
    return [*blocks, *plan_blocks(contents)]


def _items(contents: PackContents) -> list[Block]:
    sources = tuple(
        (str(s.id), shorter(s.name), f"{s.size:,}", when(s.received).removesuffix(" UTC"), s.sha256)
        for s in contents.sources
    )
    corpora = tuple(
        (
            str(c.corpus.id),
            shorter(c.corpus.name),
            str(c.corpus.role) + (f" ({shorter(c.corpus.note)})" if c.corpus.note else ""),
            known(c.corpus.facts.developer),
            known(c.corpus.facts.released),
            known(c.corpus.facts.base),
        )
        for c in contents.corpora
    )
    counts = tuple(
        (
            *(str(c.corpus.id), shorter(c.corpus.name)),
            *(known(n) for n in (c.records, c.accepted, c.rejected, c.duplicate, c.prompts, c.unjoined)),
        )
        for c in contents.corpora
    )
    number = "number"
    return [
        Heading(1, "3 Items examined"),
        Heading(2, "Files as received"),
        Grid(
            f"{len(sources)} files, in the order in which they were taken in",
            (
                GridColumn("No.", 2, number),
                GridColumn("Name as received", 7),
                GridColumn("Bytes", 4, number),
                GridColumn("Received (UTC)", 5),
                GridColumn("SHA-256", 16, "mono"),
            ),
            sources,
        ),
        Paragraph(_where_originals(contents), "small"),
        Heading(2, "Corpora"),
        Grid(
            "The answers of one model each, and what is known of that model; “unknown” means that nobody said",
            (
                GridColumn("No.", 1, number),
                GridColumn("Name", 6),
                GridColumn("Role", 3),
                GridColumn("Developer", 3),
                GridColumn("Released", 2),
                GridColumn("Base", 4),
            ),
            corpora,
        ),
        *collection_blocks(contents),
        Grid(
            "Condition: records in the files are accepted, rejected or duplicates; nothing is dropped unsaid",
            (
                GridColumn("No.", 2, number),
                GridColumn("Name", 8),
                GridColumn("Records", 3, number),
                GridColumn("Accepted", 3, number),
                GridColumn("Rejected", 3, number),
                GridColumn("Duplicate", 3, number),
                GridColumn("Prompts", 3, number),
                GridColumn("Without prompt", 3, number),
            ),
            counts,
        ),
        Paragraph(
            f"The answers lie one file for each corpus, such as {corpus_file(1)}, each with its place in the file "
            "it came from. How each file was read, and what was rejected, is listed in import_log.csv and rejected.csv "
            "beside them; each duplicate is listed in duplicates.csv with the answer that is the same record.",
            "small",
        ),
        *examination_blocks(contents),
    ]


def _where_originals(contents: PackContents) -> str:
    if not contents.include_originals:
        return words_of_copy(contents)
    kept = [s for s in contents.sources if not s.withheld]
    where = (
        f" They lie under names such as {source_file(kept[0])}; names.csv gives the names as received." if kept else ""
    )
    held = "".join(f" File {s.id} is withheld: {shorter(s.withheld)}." for s in contents.sources if s.withheld)
    return f"The files are in this pack, byte for byte.{where}{held}" if kept else f"No file is in this pack.{held}"


def _method(contents: PackContents) -> list[Block]:
    blocks: list[Block] = [Heading(1, "4 Method in plain words"), *(Paragraph(p) for p in wording.METHOD)]
    for method in contents.methods:
        blocks += [Heading(2, method.title), Paragraph(method.question)]
        if method.references:
            blocks.append(Paragraph("References: " + "; ".join(method.references), "small"))
    return blocks


def _weighing(contents: PackContents) -> list[Block]:
    limits = limits_of(contents)
    return [
        Heading(1, "6 Validation"),
        *(Paragraph(p) for p in (wording.CALIBRATED if weighed(contents) else wording.VALIDATION)),
        Heading(1, "7 Other explanations, and what would change the opinion"),
        Bullets(wording.OTHER_EXPLANATIONS),
        Paragraph(wording.WHAT_WOULD_CHANGE),
        Heading(1, "8 Limits, and deviations from the plan"),
        *([Bullets(limits)] if limits else []),
        *deviation_blocks(contents),
        Heading(1, "9 What this report does not say"),
        Bullets(wording.NOT_SAID),
        Heading(1, "10 Quality, qualifications and declarations"),
        Paragraph(wording.QUALITY_SIGNED if contents.signers else wording.QUALITY),
    ]

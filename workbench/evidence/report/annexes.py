"""The end of the report: how to verify the pack, the run register, the log's head and the glossary."""

from __future__ import annotations

from workbench.core.plan import status_of
from workbench.evidence.pack.contents import PackContents
from workbench.evidence.pack.names import ANALYSIS, CUSTODY
from workbench.evidence.pack.rebuilt_case import RESCUED, lost_in_rescue, words_of_rescue
from workbench.evidence.report import wording
from workbench.evidence.report.document import Block, Bullets, Grid, GridColumn, Heading, Notice, Pairs, Paragraph
from workbench.evidence.report.value_format import shorter, when


def how_to_verify(contents: PackContents) -> list[Block]:
    """How a reader makes sure that nothing was changed, with nothing installed."""
    return [
        Heading(1, "11 How to verify"),
        Paragraph(
            "The pack lists the SHA-256 of each of its files. HOW_TO_CHECK.txt gives the commands that Windows, "
            "macOS and Linux already have, and the output to expect. The file manifest-sha256.txt covers "
            "everything under data; tagmanifest-sha256.txt covers the files beside it, that list included."
        ),
        Paragraph(
            "Whoever changes a file and the lists with it leaves no trace in the lists. Three values show it, when "
            "they are compared with those that the examiner tells by another way than the pack (by telephone, in a "
            "letter, in the record): the SHA-256 of the zip file before it is unpacked, that of the list of lists "
            "tagmanifest-sha256.txt, and the head of the audit log, which is printed here and on the cover."
        ),
        Paragraph(wording.CUSTODY),
        Pairs(
            (("Head of the audit log", contents.head), ("Lines in the audit log", f"{len(contents.ledger_lines):,}")),
            frozenset({"Head of the audit log"}),
        ),
        Paragraph(
            f"To compute the numbers again, see {ANALYSIS}replay.md. Signature and time stamp: none in this version."
        ),
    ]


def _lost(contents: PackContents) -> list[Block]:
    lost = lost_in_rescue(contents)
    return [] if lost is None else [Notice(RESCUED, words_of_rescue(contents)), Bullets(lost or ("Nothing.",))]


def annexes(contents: PackContents) -> list[Block]:
    """Run register, software, digests of corpora and a short glossary."""
    runs = tuple(
        (
            str(f.exhibit.number),
            shorter(f.exhibit.finding.analysis),
            when(f.exhibit.made),
            shorter(status_of(f.options).words(), 300),
            f"withdrawn: {shorter(f.exhibit.withdrawn)}" if f.exhibit.withdrawn else "stands",
            str(f.ledger_line),
        )
        for f in contents.findings
    )
    software = tuple(
        (str(f.exhibit.number), "; ".join(f"{k} {v}" for k, v in sorted(f.exhibit.finding.software.items())))
        for f in contents.findings
    )
    digests = tuple((str(c.corpus.id), shorter(c.corpus.name), c.corpus.sha256) for c in contents.corpora)
    number = "number"
    blocks: list[Block] = [
        Heading(1, "Annex A: Run register"),
        Paragraph("Everything that was run and stored, withdrawn runs included."),
        *_lost(contents),
    ]
    if runs:
        blocks += [
            Grid(
                "Runs in order",
                (
                    GridColumn("No.", 2, number),
                    GridColumn("Analysis", 5),
                    GridColumn("Made", 6),
                    GridColumn("Status, and deviations from the plan", 9),
                    GridColumn("Stands or withdrawn", 5),
                    GridColumn("Log line", 3, number),
                ),
                runs,
            ),
            Grid(
                "Software that each run was made with",
                (GridColumn("No.", 1, number), GridColumn("Versions", 12)),
                software,
            ),
        ]
    return [
        *blocks,
        Heading(1, "Annex B: Digests of the corpora"),
        Grid(
            "SHA-256 over the sorted digests of each corpus’s accepted answers",
            (GridColumn("No.", 2, number), GridColumn("Corpus", 12), GridColumn("SHA-256", 16, "mono")),
            digests,
        ),
        Heading(1, "Annex C: Head of the audit log"),
        Paragraph(
            f"The log up to this pack lies in {CUSTODY}audit_log.jsonl; its last line has the hash that is "
            "printed on the cover."
        ),
        Heading(1, "Annex D: Glossary"),
        Pairs(wording.GLOSSARY),
    ]

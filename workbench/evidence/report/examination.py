"""What the report says of the examination of the material, and of how its answers were had."""

from __future__ import annotations

from workbench.core.claimed_model import disagreement, snapshots
from workbench.core.model import Facts
from workbench.core.secrets.redaction_seal import COLUMNS
from workbench.evidence.pack.contents import PackContents
from workbench.evidence.pack.examination import REDACTION_LOG, counted_of, languages
from workbench.evidence.report.document import Block, Grid, GridColumn, Heading, Pairs, Paragraph
from workbench.evidence.report.value_format import known, shorter, when

_COUNTS = {
    "answers": "Answers", "refused": "Decline", "truncated": "Cut", "looks_cut": "Look cut", "empty": "Empty",
    "near_duplicates": "Near dup.", "like_other_corpora": "Like others", "mojibake": "Garbled", "hidden": "Hidden",
    "secret": "Secrets",
}  # fmt: skip


_GUESSED = (
    "“Cut” counts the answers whose records say that they ended at a limit; “look cut” is a guess from how others end, "
    "with false alarms."
)
_SHA256 = COLUMNS.index("sha256")


def collection_blocks(contents: PackContents) -> list[Block]:
    """How the answers of each corpus were had, as far as it is known, and where claim and records differ."""
    rows = tuple((str(c.corpus.id), *_had(c.corpus.facts)) for c in contents.corpora)
    dated = [words for c in contents.corpora if (words := snapshots(c.corpus.name, c.corpus.facts))]
    warnings = [words for c in contents.corpora if (words := disagreement(c.corpus.name, c.corpus.facts))]
    return [
        Grid(
            "How the answers were had; “unknown” means that neither the files nor the examiner said",
            (
                GridColumn("No.", 1, "number"),
                GridColumn("Model claimed", 3),
                GridColumn("Records name", 3),
                GridColumn("Decoding settings", 4),
                GridColumn("System prompt", 3),
                GridColumn("Collector, endpoint", 4),
                GridColumn("Collected", 4),
            ),
            rows,
        ),
        *(Paragraph(f"Warning: {shorter(words, 400)}") for words in warnings),
        *(Paragraph(shorter(words, 400)) for words in dated),
    ]


def _had(facts: Facts) -> tuple[str, ...]:
    where = "; ".join(filter(None, (facts.collector, *facts.endpoints)))
    return (
        known(facts.claimed),
        known("; ".join(facts.named)),
        known("; ".join(facts.settings)),
        known("; ".join(facts.system_prompts)),
        known(where),
        known(facts.collected),
    )


def examination_blocks(contents: PackContents) -> list[Block]:
    """The counts of the examination, its rules, and what is masked and withheld."""
    blocks: list[Block] = [Heading(2, "Examination")]
    exam = contents.examination
    if exam is None:
        return [*blocks, Paragraph("The material was not examined when this pack was begun.")]
    columns = counted_of(exam.counts, _COUNTS)
    rows = tuple(
        (
            str(c.corpus.id),
            *(f"{exam.counts['corpora'][c.corpus.name][key]:,}" for key in columns),
            languages(exam.counts["corpora"][c.corpus.name]["languages"], 4),
        )
        for c in contents.corpora
        if c.corpus.name in exam.counts["corpora"]
    )
    rules = exam.rules
    speech, near = rules["language"], rules["near_duplicates"]
    return [
        *blocks,
        Paragraph(
            "Every file, answer and prompt was looked at once by fixed rules. What they mark is for a reader to look "
            "at; no mark decides or weighs anything, and nothing was repaired or left out for it."
        ),
        *([Paragraph(_GUESSED)] if "looks_cut" in columns else []),
        Grid(
            "What was seen, in answers of each corpus",
            (
                GridColumn("No.", 1, "number"),
                *(GridColumn(_COUNTS[key], 2, "number") for key in columns),
                GridColumn("Languages", 6),
            ),
            rows,
        ),
        Pairs(
            (
                ("Examined", f"{when(exam.ended)}, line {exam.ledger_line} of the audit log"),
                ("Languages by", f"{speech['library']}, {speech['model']}, SHA-256 {speech['model_sha256'][:16]}…"),
                ("Near duplicates by", f"{near['library']}: {near['rule']}"),
                ("Other rules", ", ".join((rules["inspection"], rules["refusals"]["rule"], rules["secrets"]))),
            )
        ),
        Paragraph(_masked(contents), "small"),
    ]


def _masked(contents: PackContents) -> str:
    if not contents.redactions:
        return "Nothing that has the form of a secret (keys, tokens, cookies) was found in answers, prompts or files."
    held = sum(bool(source.withheld) for source in contents.sources)
    different = len({row[_SHA256] for row in contents.redactions})
    return (
        f"{different} different values that have the form of a secret were found, in {len(contents.redactions)} "
        f"places; they are masked in all that is in this pack and listed, with their hashes, in {REDACTION_LOG}. "
        f"Files as received that hold any are withheld ({held}), unless a reason to include them is given "
        f"({len(contents.included)})."
    )

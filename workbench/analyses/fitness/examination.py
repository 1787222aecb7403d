"""What the examination of a case adds to its fitness: counts of each corpus, or that it was not yet examined."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from workbench.analyses.fitness.values import ExaminationTotals, ExaminationValues
from workbench.core.answers.inspection import split_cut
from workbench.core.model import Column, Corpus, Json, Table
from workbench.core.selection import ExaminedCounts

NOT_YET = "not yet examined"

_COUNTS = {
    "answers": "Answers", "refused": "Answers that decline", "truncated": "Cut by their records",
    "looks_cut": "Look cut", "empty": "Empty answers",
    "copies": "Answers with a copy in the corpus", "near_duplicates": "Near duplicates in the corpus",
    "like_other_corpora": "Like another corpus's answer to the prompt", "quoting": "Answers that quote the prompt",
    "mojibake": "Garbled by a wrong encoding", "hidden": "With hidden characters", "control": "Control characters",
    "bidi": "Bidirectional marks", "zero_width": "Zero-width characters", "secret": "With what looks like a secret",
}  # fmt: skip

_COLUMNS = (
    Column("model", "text", "Model"),
    Column("state", "text", "State"),
    *(Column(name, "integer", label) for name, label in _COUNTS.items()),
    Column("languages", "text", "Answers by language"),
)


def examination_table(corpora: Sequence[Corpus], examined: ExaminedCounts | None) -> Table:
    """A row for each corpus; one that was not examined as it is now has no counts."""
    state = "examined by earlier rules" if examined is not None and examined.outdated else "examined"
    rows = []
    for corpus in corpora:
        counts = counts_of(corpus, examined)
        if counts is None:
            rows.append((corpus.name, NOT_YET, *(None for _ in _COUNTS), None))
        else:
            rows.append((corpus.name, state, *(counts[name] for name in _COUNTS), _languages(counts["languages"])))
    return Table(_COLUMNS, tuple(rows))


def counts_of(corpus: Corpus, examined: ExaminedCounts | None) -> Mapping[str, Json] | None:
    """The counts of a corpus, if its answers are those that were examined."""
    counts = examined.corpora.get(corpus.name) if examined is not None else None
    return split_cut(counts) if counts is not None and counts["sha256"] == corpus.sha256 else None


def values_of(corpora: Sequence[Corpus], examined: ExaminedCounts | None) -> ExaminationValues:
    """Whether the corpora were examined, and the totals of those that were."""
    found = [counts for corpus in corpora if (counts := counts_of(corpus, examined)) is not None]
    missing = [corpus.name for corpus in corpora if counts_of(corpus, examined) is None]
    return ExaminationValues(
        state=NOT_YET if not found else "examined in part" if missing else "examined",
        totals=ExaminationTotals(**{name: sum(counts[name] or 0 for counts in found) for name in _COUNTS}),
        missing=tuple(missing[:20]),
        languages=_most(found),
        outdated=examined.outdated if examined is not None else "",
    )


def warning_of(examined: ExaminedCounts | None) -> str:
    """That the examination was made by other rules than those of this program, in words; empty where it was not."""
    if examined is None or not examined.outdated:
        return ""
    return (
        f"The rules have changed since the examination of {examined.outdated}: its counts are those of the earlier "
        "rules. Examine the material again, and all is looked at anew."
    )


def _most(found: Sequence[Mapping[str, Json]]) -> dict[str, int]:
    total: dict[str, int] = {}
    for counts in found:
        for language, number in counts["languages"].items():
            total[language] = total.get(language, 0) + number
    return dict(sorted(total.items(), key=lambda item: (-item[1], item[0])))


def _languages(found: Mapping[str, int]) -> str:
    ordered = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{name} {number}" for name, number in ordered)

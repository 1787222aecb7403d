"""What a Finding of `canaries` says in sentences; rounding happens here and nowhere else."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.analyses.canaries.values import CanaryValues, RankRow
from workbench.analyses.explanations import ExplanationRow
from workbench.core.model import Finding, Narrative
from workbench.core.text import counted
from workbench.core.typed_json import read, rows

_LEVEL = 0.001


def narrative(finding: Finding, limits: Sequence[str]) -> Narrative:
    """The Finding in sentences: rung 4 where markers are known beyond chance, 5 where each went to one account."""
    values = read(CanaryValues, finding.values)
    ranked = values.n_ranked > 0 and (values.p is None or values.p <= _LEVEL)
    known = ranked or (values.n_hits > 0 and values.chance_of_hits <= _LEVEL)
    sound = known and not values.hits_of_controls and not values.unsealed
    rung = 5 if sound and values.one_account else 4 if sound else 1 if known else 0
    return Narrative(rung, _headline(values, known), tuple(_sentences(finding, values)), tuple(limits))


def _headline(values: CanaryValues, known: bool) -> str:
    if values.n_hits:
        held = counted(values.markers_hit, "planted marker stands", "planted markers stand")
        return f"{held} word for word in texts of {values.suspect}, of {values.n_markers} that were planted."
    if known:
        return (
            f"{values.suspect} ranks {values.first} of {values.n_ranked} planted markers "
            f"{_first(values)} among {values.candidates:,} candidates (p = {_p(values)})."
        )
    return (
        f"No sign that {values.suspect} knows any of {counted(values.n_markers, 'planted marker', 'planted markers')}."
    )


def _first(values: CanaryValues) -> str:
    return "first" if values.within == 1 else f"within the first {values.within}"


def _p(values: CanaryValues) -> str:
    return f"below {values.below:g}" if values.p is None else f"{values.p:.2g}"


def _sentences(finding: Finding, values: CanaryValues) -> list[str]:
    said = []
    if values.n_ranked:
        said.append(
            f"Each marker was drawn at random from {values.candidates:,} candidates; the others were never served. "
            f"{values.first} of {values.n_ranked} rank {_first(values)}; by chance alone as many or more would do so "
            f"with probability {_p(values)} (exact binomial, n = {values.n_ranked})."
        )
        said.append(
            f"{values.smallest_found} of {values.n_ranked} would have been needed for p = 0.01: a marker that the "
            "suspect met a few times only is hardly ever remembered, so that nothing found clears no one."
        )
    if values.ceiling is not None:
        said.append(f"A p-value of this size is worth a likelihood ratio of at most {values.ceiling:,.0f}.")
    said.append(
        f"Word for word, the markers stand {counted(values.n_hits, 'time', 'times')} in {values.positions:,} "
        f"characters; the chance of any by accident is at most {values.chance_of_hits:.2g}."
    )
    if values.hits_of_controls:
        said.append(
            f"Controls have {counted(values.hits_of_controls, 'hit', 'hits')} too: these markers have leaked, and show "
            "nothing about the suspect."
        )
    if values.unsealed:
        said.append(
            f"{counted(values.unsealed, 'marker has', 'markers have')} no seal from before serving; whoever doubts "
            "when they were made can't be answered from this case."
        )
    explanations = rows(ExplanationRow, finding.tables["explanations"])
    return said + [f"{row.explanation}: {row.shows}." for row in explanations]


def description(finding: Finding) -> str:
    """The line of ranks in words."""
    values = read(CanaryValues, finding.values)
    ranks = sorted(row.rank for row in rows(RankRow, finding.tables["ranks"]) if row.rank is not None)
    if not ranks:
        return f"No marker was ranked; {counted(values.n_hits, 'exact hit', 'exact hits')}."
    middle = ranks[len(ranks) // 2]
    return (
        f"Ranks of {len(ranks)} markers among {values.candidates:,} candidates on one line: the lowest {ranks[0]:,}, "
        f"the middle one {middle:,}, the highest {ranks[-1]:,}. By chance they would lie evenly."
    )

"""What a Finding of `source_search` says in sentences."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.analyses.scoring.lr_sentences import OUTSIDE, LrCase, comparison, enveloped, figures
from workbench.analyses.scoring.parameters import Replicated
from workbench.analyses.source_search.page import answer
from workbench.analyses.source_search.values import CandidateValues, SearchValues
from workbench.core.finding_page import OUTSIDE as PAGE_OUTSIDE
from workbench.core.model import Finding, Narrative
from workbench.core.number_format import number, percent
from workbench.core.statistics.fitted_calibration import ANY
from workbench.core.text import shortlist
from workbench.core.typed_json import read

_MOST = 6


def narrative(finding: Finding, limits: Sequence[str]) -> Narrative:
    """The Finding in sentences; at most rung 1, because a search names what stands out and tests nothing."""
    values = read(SearchValues, finding.values)
    said = [
        *enveloped(values.envelope),
        _set(values),
        _ties(values),
        _could(values),
        _protected(values),
        _ranking(values),
        _looks(values),
        figures(values.stated_calibration),
        _basis(finding, values),
        _not_compared(values),
        _reached(values),
    ]
    return Narrative(_rung(values), _headline(finding, values), tuple(s for s in said if s), tuple(limits))


def _rung(values: SearchValues) -> int:
    return 0 if values.answer is None or values.envelope or values.overlap else 1


def _candidates(values: SearchValues) -> str:
    count = values.n_candidates
    return f"{count} candidate {'family' if count == 1 else 'families'}"


def _leader(values: SearchValues) -> CandidateValues:
    return next(one for one in values.candidates if one.family == values.leader)


def _headline(finding: Finding, values: SearchValues) -> str:
    """The answer word for word as on its page; findings of version 1 say it as they did."""
    suspect = values.suspect
    names = [one.family for one in values.could_also_be]
    could = f" It could also be {shortlist(names, _MOST)}." if names and values.answer else ""
    if finding.version > 1:
        said = answer(values)
        said = f"{PAGE_OUTSIDE} {said}" if values.envelope else said[:1].upper() + said[1:]
        if values.answer is None:
            return f"{said} The source may be none of them."
        return f"{said}{could} This is not the probability that {suspect} was trained on {values.answer}."
    mark = f"{OUTSIDE.capitalize()}. " if values.envelope else ""
    if values.answer is None:
        best = _leader(values)
        low, high = best.interval
        return (
            f"{mark}None of the {_candidates(values)} stands out as a source of {suspect}: no LR is above 1 with its "
            f"whole interval (the highest is {best.family}, log10 LR {number(best.log10_lr)}, interval {number(low)} "
            f"to {number(high)}). The source may be none of them."
        )
    sides = LrCase(suspect, values.answer, values.confidence, bool(values.envelope))
    words = comparison(ANY, _leader(values), values.stated_calibration.questions[ANY], sides)
    return (
        f"{mark}Of {_candidates(values)}, {values.answer} stands out most: the findings are {words}.{could} This is "
        f"not the probability that {suspect} was trained on {values.answer}."
    )


def _set(values: SearchValues) -> str:
    """The set of sources, its LR and those of its members."""
    found = values.sources
    if found is None:
        return ""
    rate = (
        f"Sets made in this way aim to hold a documented source, or none of the candidates where there is none, for "
        f"{percent(found.rate)} of suspects; on {found.suspects} suspects of the calibration's panels, each panel left "
        f"out, they did for {percent(found.covered)}, with {number(found.size, 1)} candidates on average."
    )
    if not found.members:
        return f"The set of sources holds none of the candidates. {rate}"
    members = []
    for one in found.members:
        aside = "" if one.others_aside is None else f", {number(one.others_aside)} with the others aside"
        kin = f", a sibling of {' and '.join(one.siblings)}" if one.siblings else ""
        members.append(f"{one.family} (log10 LR {number(one.log10_lr)} given the others{aside}{kin})")
    none = "; or none of the candidates" if found.none else ""
    whole = (
        "" if found.log10_lr is None else f" That one of them is a source has a log10 LR of {number(found.log10_lr)}."
    )
    return f"The set of sources: {'; '.join(members)}{none}.{whole} {rate}"


def _ties(values: SearchValues) -> str:
    names = values.tied_with_leader
    if not names and values.n_candidates == 1:
        return ""
    if not names:
        return f"No other candidate is tied with {values.leader}: in the common replicates its lead holds."
    return (
        f"Tied with {values.leader}, because the interval of the difference covers 0: {shortlist(names, _MOST)}. The "
        "order among these says nothing."
    )


def _could(values: SearchValues) -> str:
    if not values.could_also_be:
        return ""
    some = [f"{one.family} ({one.why})" for one in values.could_also_be]
    return (
        f"It could also be: {shortlist(some, _MOST)}. Families of one developer are siblings: answers of one often "
        "look like answers of the other, and this is the method's commonest error."
    )


def _protected(values: SearchValues) -> str:
    rank = values.protected_rank
    if rank is None or values.protected == values.leader:
        return ""
    one = next(item for item in values.candidates if item.family == values.protected)
    low, high = one.interval
    return (
        f"The protected side, {values.protected}, has rank {rank} with a log10 LR of {number(one.log10_lr)} "
        f"({number(low)} to {number(high)})."
    )


def _ranking(values: SearchValues) -> str:
    some = values.candidates[:_MOST]
    words = [f"{one.family} {number(one.log10_lr)} ({number(one.log10_lr_uncapped)} before the cap)" for one in some]
    more = len(values.candidates) - len(some)
    rest = f"; and {more} more in the table" if more else ""
    mark = f" [{OUTSIDE}]" if values.envelope else ""
    return f"log10 LRs in order: {'; '.join(words)}{rest}{mark}."


def _looks(values: SearchValues) -> str:
    said = (
        f"{_candidates(values).capitalize()} were looked at, so chance had as many occasions. Each LR is relative to "
        "models without that source; the LRs of several candidates do not add up to a probability."
    )
    found = values.stated_calibration.all_pairs
    if not found.n_pairs:
        return said
    negatives, wrong = found.n_negative, found.neg_lr_gt_1 or 0
    expected = values.n_candidates * wrong / max(1, negatives)
    return (
        f"{said} At the calibration's rate ({wrong} of {negatives} pairs without a documented source above LR 1), "
        f"about {number(expected, 1)} of so many candidates would be above 1 with none of them the source; here "
        f"the whole interval of {values.n_supported} is above 1."
    )


def _basis(finding: Finding, values: SearchValues) -> str:
    replicates = read(Replicated, finding.parameters).replicates
    fewest = min(one.n_controls for one in values.candidates)
    most = max(one.n_controls for one in values.candidates)
    span = f"{fewest}" if fewest == most else f"{fewest} to {most}"
    return (
        f"Each candidate has its own controls ({span}): all other models less its members, their documented "
        f"descendants and the suspect's. {values.n_prompts} prompts; {replicates} common "
        "replicates of prompts, controls and the calibration's suspects."
    )


def _not_compared(values: SearchValues) -> str:
    some = [f"{one.family} ({one.reason})" for one in values.not_compared]
    return f"Not compared: {shortlist(some, _MOST)}." if some else ""


def _reached(values: SearchValues) -> str:
    rule = (
        "(A search names what stands out; `weigh` states what it is worth. It asks for material within the envelope.)"
    )
    if _rung(values) == 0:
        return f"No rung of the ladder of claims is reached. That does not show that there is no source. {rule}"
    return f"This reaches rung 1 of the ladder of claims. {rule}"


def description(finding: Finding) -> str:
    """The chart in words, with its numbers."""
    values = read(SearchValues, finding.values)
    mark = f"{OUTSIDE.capitalize()}. " if values.envelope else ""
    rows = []
    for one in values.candidates[:_MOST]:
        low, high = one.interval
        rows.append(f"{one.family} {number(one.log10_lr)} ({number(low)} to {number(high)})")
    last = values.candidates[-1]
    return (
        f"{mark}Dot plot of the log10 LRs of {values.suspect} against {_candidates(values)}, highest first: "
        f"{'; '.join(rows)}. The lowest is {last.family} with {number(last.log10_lr)}."
    )

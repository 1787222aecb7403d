"""What a Finding of `campaign` says in sentences; rounding happens here and nowhere else."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.analyses.campaign.look_alikes import FITS, UNTESTED
from workbench.analyses.campaign.values import CampaignValues, ClusterRow, LookAlikeRow, TestRow
from workbench.core.model import Finding, Narrative
from workbench.core.number_format import number, percent, share
from workbench.core.printed import p_value
from workbench.core.text import counted
from workbench.core.typed_json import read, rows

_TOLD = 5


def narrative(finding: Finding, limits: Sequence[str]) -> Narrative:
    """The Finding in sentences; it speaks of the logs' accounts and reaches no rung about a suspect."""
    values = read(CampaignValues, finding.values)
    clusters = {row.cluster: row for row in rows(ClusterRow, finding.tables["clusters"])}
    said = [_log(values)]
    said += [_cluster(finding, clusters[one], values) for one in values.coordinated[:_TOLD]]
    if len(values.coordinated) > _TOLD:
        said.append(f"The other {len(values.coordinated) - _TOLD} are in the table of clusters.")
    said += [*_alarms(values), *(f"Untested: {test}, because {why}." for test, why in values.untested)]
    said.append("A log says what an account did, not who holds it, and nothing about what was done with the answers.")
    return Narrative(0, _headline(values, clusters), tuple(said), tuple(limits))


def _headline(values: CampaignValues, clusters: dict[int, ClusterRow]) -> str:
    tested = counted(values.clusters, "cluster of calls", "clusters of calls")
    if not values.coordinated:
        return f"Of {tested} in the log, none stands out in two tests."
    first = clusters[values.coordinated[0]]
    return (
        f"{first.accounts:,} accounts sent {first.calls:,} calls built on "
        f"{counted(first.templates, 'template', 'templates')}, and stand out in: {first.tests}. "
        f"{len(values.coordinated)} of {tested} stand out in two tests or more."
    )


def _log(values: CampaignValues) -> str:
    return (
        f"The log of {' and '.join(values.keepers)} holds {values.calls:,} calls of {values.accounts:,} accounts from "
        f"{values.first} to {values.last}; {percent(values.with_prompt)} of its rows have a prompt, and "
        f"{values.empty_hours:,} of {values.hours:,} hours have no call. Clusters have at least "
        f"{values.least_accounts} accounts and {values.least_calls} calls. Each test is corrected over all "
        f"{values.clusters} (Benjamini-Hochberg, {percent(values.level)})."
    )


def _cluster(finding: Finding, row: ClusterRow, values: CampaignValues) -> str:
    tests = [t for t in rows(TestRow, finding.tables["tests"]) if t.cluster == row.cluster and t.q <= values.level]
    told = "; ".join(f"{t.test} {_against(t)}" for t in tests)
    looks = [one for one in rows(LookAlikeRow, finding.tables["look_alikes"]) if one.cluster == row.cluster]
    fits = [one.explanation for one in looks if one.verdict == FITS]
    untested = [one.explanation for one in looks if one.verdict == UNTESTED]
    innocent = (
        f" Innocent explanations that fit: {'; '.join(fits)}." if fits else " No innocent explanation tested fits."
    )
    if untested:
        innocent += f" Untested: {'; '.join(untested)}."
    more = " It is larger than the clusters of known accounts in calls, prompts and days." if row.systematic else ""
    return (
        f"Cluster {row.cluster}: {row.accounts:,} accounts, {row.calls:,} calls, {row.prompts:,} different prompts "
        f"from {row.first} to {row.last}. {told}.{more}{innocent}"
    )


def _against(test: TestRow) -> str:
    return (
        f"{number(test.statistic)} against {number(test.low)} to {number(test.high)} for {test.null} (p = "
        f"{p_value(test.p)}, {test.draws:,} draws; q = {p_value(test.q)})"
    )


def _alarms(values: CampaignValues) -> list[str]:
    if not values.known_clusters or values.alarm_low is None or values.alarm_high is None:
        return ["No accounts are known to be innocent, so that the rate of false alarms in this log is unknown."]
    return [
        f"Of {counted(values.known_clusters, 'cluster', 'clusters')} of accounts that are known to be innocent, "
        f"{values.false_alarms} stand out in two tests: {share(values.alarm_low)} to {share(values.alarm_high)} (exact "
        "95 % interval)."
    ]


def description(finding: Finding) -> str:
    """The dots of synchrony in words."""
    values = read(CampaignValues, finding.values)
    tests = [row for row in rows(TestRow, finding.tables["tests"]) if row.test == "synchrony"]
    if not tests:
        return f"No cluster of {values.clusters} was tested for moving together."
    top = max(tests, key=lambda row: row.statistic)
    return (
        f"Variance ratio of each cluster's accounts with the middle 95 % of what it is compared with: {len(tests)} "
        f"clusters, the highest {number(top.statistic)} (cluster {top.cluster}) against {number(top.low)} to "
        f"{number(top.high)}; 1 is independence."
    )

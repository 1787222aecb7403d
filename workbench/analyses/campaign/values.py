"""What a Finding of `campaign` holds: counts and pseudonyms, never a name; no cell of accounts is under five."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignValues:
    """What the logs are, how many clusters were tested, and which stand out in two tests or more.

    `first` and `last` are ISO 8601 days. `false_alarms` counts clusters of known accounts that stand out in two tests,
    of `known_clusters`; `alarm_low` and `alarm_high` are the exact 95 % interval of their rate.
    """

    rows: int
    calls: int
    accounts: int
    first: str
    last: str
    keepers: tuple[str, ...]
    engine: str
    with_prompt: float
    hours: int
    empty_hours: int
    clusters: int
    coordinated: tuple[int, ...]
    systematic: tuple[int, ...]
    level: float
    least_accounts: int
    least_calls: int
    pool: int
    known_clusters: int
    false_alarms: int
    alarm_low: float | None
    alarm_high: float | None
    untested: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterRow:
    """One cluster of calls."""

    cluster: Annotated[int, "cluster"]
    accounts: Annotated[int, "accounts"]
    calls: Annotated[int, "calls"]
    templates: Annotated[int, "templates"]
    prompts: Annotated[int, "different prompts"]
    tokens: Annotated[int, "tokens"]
    days: Annotated[float, "days"]
    first: Annotated[str, "first day"]
    last: Annotated[str, "last day"]
    known: Annotated[float, "share of known accounts"]
    tests: Annotated[str, "stands out in"]
    coordinated: Annotated[bool, "two tests or more"]
    systematic: Annotated[bool | None, "above known accounts"]
    text: Annotated[str, "masked beginning"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TestRow:
    """One test of one cluster."""

    cluster: Annotated[int, "cluster"]
    test: Annotated[str, "test"]
    null: Annotated[str, "compared with"]
    statistic: Annotated[float, "statistic"]
    low: Annotated[float, "null, 2.5 %"]
    high: Annotated[float, "null, 97.5 %"]
    draws: Annotated[int, "draws"]
    p: Annotated[float, "p"]
    q: Annotated[float, "q (Benjamini-Hochberg)"]
    q_any: Annotated[float, "q (Benjamini-Yekutieli)"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LookAlikeRow:
    """One innocent explanation of one cluster."""

    cluster: Annotated[int, "cluster"]
    key: Annotated[str, "explanation"]
    explanation: Annotated[str, "what it would be"]
    sign: Annotated[str, "what would show it"]
    value: Annotated[float | None, "what the log shows"]
    verdict: Annotated[str, "verdict"]


@dataclass(frozen=True, slots=True, kw_only=True)
class GapRow:
    """Hours in a row without a call."""

    begin: Annotated[str, "from (UTC)"]
    hours: Annotated[int, "hours"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DayRow:
    """The calls of a shown cluster on one day."""

    cluster: Annotated[int, "cluster"]
    day: Annotated[str, "day"]
    calls: Annotated[int, "calls"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRow:
    """One account of a cluster that stands out, by its pseudonym."""

    cluster: Annotated[int, "cluster"]
    account: Annotated[str, "pseudonym"]
    calls: Annotated[int, "calls"]
    prompts: Annotated[int, "different prompts"]
    first: Annotated[str, "first day"]
    last: Annotated[str, "last day"]

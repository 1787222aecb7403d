"""The innocent groups that look like a campaign, each with what would show it; what can't be tested is said so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from workbench.analyses.campaign.clusters import Cluster

DAY = 86_400

UNTESTED = "untested"
FITS, DOES_NOT = "fits", "does not fit"


@dataclass(frozen=True, slots=True)
class Observed:
    """What is known of a cluster beside its calls; None where the log lacks it.

    `items` is the number of different prompts, `pairs` the pairs of accounts with a prompt in common summed over
    prompts; `bins` are the calls of each hour of the week; `known` counts accounts by declared kind; `network` is the
    share of accounts in the network that most of them use, `templates` the mean number of templates of an account.
    """

    items: int | None
    pairs: int | None
    hours: npt.NDArray[np.float64]
    known: Mapping[str, int]
    network: float | None
    templates: float | None
    traffic: float


@dataclass(frozen=True, slots=True)
class LookAlike:
    """One innocent explanation for one cluster: what would show it, what the log shows, and whether that fits."""

    key: str
    explanation: str
    sign: str
    value: float | None
    verdict: str


def look_alikes(cluster: Cluster, seen: Observed) -> list[LookAlike]:
    """All innocent explanations for a cluster, in a fixed order."""
    accounts = len(cluster.who)
    declared = {
        key: seen.known.get(key, 0) / accounts for key in ("harness", "vendor", "licensed", "reseller", "course")
    }
    common = _common(cluster, seen)
    burst = _busiest(cluster, seen)
    repeated = 1 - cluster.fillings.sum() / max(1, cluster.size)
    failed = cluster.failed.sum() / max(1, cluster.size)
    no_list = not seen.known
    return [
        _row(
            "harness",
            "An evaluation harness runs a public test",
            "accounts send the same items",
            common,
            declared["harness"] >= 0.5 or (common is not None and common >= 0.5),
        ),
        _row(
            "vendor",
            "A labelling vendor works under contract",
            "declared accounts, or calls in one working day's hours",
            max(declared["vendor"], burst),
            declared["vendor"] >= 0.5 or burst >= 0.9,
        ),
        _row(
            "reseller",
            "A reseller or gateway stands behind few accounts",
            "few accounts with very many templates",
            seen.templates,
            None if seen.templates is None else accounts <= 3 and seen.templates >= 20,
        ),
        _row(
            "licensed",
            "A customer is licensed to make training data",
            "accounts are declared to be licensed",
            None if no_list else declared["licensed"],
            None if no_list else declared["licensed"] >= 0.5,
        ),
        _row(
            "course",
            "A course or a hackathon",
            "within seven days, from few networks",
            _within_a_week(cluster),
            _course(cluster, seen, declared["course"]),
        ),
        _row(
            "product",
            "The default prompt of a product",
            "hundreds of accounts with few calls each",
            float(np.median(cluster.calls)),
            accounts >= 100 and float(np.median(cluster.calls)) <= 10,
        ),
        _row(
            "retries",
            "Retries and load tests",
            "equal prompts again, or many failed calls",
            float(max(repeated, failed)),
            float(repeated) >= 0.5 or float(failed) >= 0.2,
        ),
        _row(
            "address",
            "Customers behind one shared address",
            "most accounts in one network",
            seen.network,
            None if seen.network is None else seen.network >= 0.8,
        ),
    ]


def _row(key: str, explanation: str, sign: str, value: float | None, fits: bool | None) -> LookAlike:
    verdict = UNTESTED if fits is None or value is None else FITS if fits else DOES_NOT
    return LookAlike(key, explanation, sign, None if value is None else float(value), verdict)


def _common(cluster: Cluster, seen: Observed) -> float | None:
    """How near accounts come to sending the same prompts: pairs with a prompt in common, over those there could be."""
    if seen.pairs is None:
        return None
    held = np.sort(cluster.fillings)
    most = float((held * np.arange(len(held) - 1, -1, -1)).sum())
    return seen.pairs / most if most else 0.0


def _busiest(cluster: Cluster, seen: Observed) -> float:
    """The largest share of calls that lies in ten hours of the day on five days in a row of the week."""
    week = seen.hours.reshape(7, 24)
    if not week.sum():
        return 0.0
    best = 0.0
    for shift in range(24):
        moved = np.roll(week.ravel(), -shift).reshape(7, 24)
        by_day = moved[:, :10].sum(axis=1)
        best = max(best, float(np.max(np.convolve(np.r_[by_day, by_day[:4]], np.ones(5), "valid"))))
    return best / float(week.sum())


def _within_a_week(cluster: Cluster) -> float:
    """Days from the first to the last call."""
    return float(cluster.last.max() - cluster.first.min()) / DAY


def _course(cluster: Cluster, seen: Observed, declared: float) -> bool:
    return declared >= 0.5 or (_within_a_week(cluster) <= 7 and (seen.network is None or seen.network >= 0.3))

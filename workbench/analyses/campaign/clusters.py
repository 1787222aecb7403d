"""Clusters of calls: equal masked text, variants of it joined as stars, and templates that the same accounts use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from workbench.analyses.usage_logs import expressions
from workbench.core.answers.near_duplicates import BANDS, shingles, sketches
from workbench.core.logs import Logs
from workbench.core.progress import Progress

Ints = npt.NDArray[np.int64]

COLUMNS = ("head", "tail", "system_hash")
"""The columns whose equal hashes make a template, in order of precedence."""

NAMED = "who"
"""The column of groups of accounts that the examiner named."""

SAME_ACCOUNTS = 0.5
"""The share of accounts in common (Jaccard) from which on two templates make one cluster."""

IN_COMMON = 3
"""Bands that two masked texts must have in common to be variants: 94 % of pairs at a Jaccard of 0.8, 7 % at 0.6."""

_FIRST = 3
"""Of a crowd with one band in common, each is compared with so many of the most frequent."""

_TEXTS_AT_ONCE = 200_000
_VALUES_AT_ONCE = 5_000
_MOST_COVERED = 0.5


@dataclass(frozen=True, slots=True)
class Template:
    """One template: the column and the hashes that tell its calls, and its masked text."""

    column: str
    values: tuple[int, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Cluster:
    """Calls of the templates that much the same accounts use, the largest template first, and each account's part.

    The arrays have one element for each account, in ascending order of `who`; `first` and `last` are seconds.
    """

    templates: tuple[Template, ...]
    who: Ints
    calls: Ints
    fillings: Ints
    failed: Ints
    tokens: Ints
    first: Ints
    last: Ints

    @property
    def key(self) -> int:
        """A whole number below 2^31 that stands for the cluster wherever it is met."""
        return self.templates[0].values[0] & 0x7FFFFFFF

    def values(self, column: str) -> list[int]:
        """The hashes of one column that tell the cluster's calls."""
        return [value for template in self.templates if template.column == column for value in template.values]

    @property
    def named(self) -> bool:
        """Whether the examiner named the accounts, so that all their calls count."""
        return self.templates[0].column == NAMED

    @property
    def size(self) -> int:
        """Calls of all accounts."""
        return int(self.calls.sum())


def find(logs: Logs, accounts: int, calls: int, progress: Progress) -> list[Cluster]:
    """All clusters of at least so many accounts and calls, the largest first.

    Beginnings of prompts come first; endings and system prompts make clusters of their own only where less than half
    of their calls are in a cluster of beginnings.
    """
    progress(0.0, "masked beginnings")
    exchange = logs.table("exchange")
    own = logs.rows(expressions.templates(exchange, "head", accounts, calls))
    groups = _joined(own["value"].tolist(), _stars(logs, progress), calls)
    found = _clusters(logs, "head", groups, accounts, calls)
    heads = [value for cluster in found for value in cluster.values("head")]
    for column in COLUMNS[1:]:
        progress(0.9, "endings and system prompts")
        more = [(value,) for value in _uncovered(logs, column, heads, accounts, calls)]
        found += _clusters(logs, column, more, accounts, calls)
    return families(sorted(found, key=lambda one: (-one.size, one.key)))


def families(clusters: Sequence[Cluster]) -> list[Cluster]:
    """Clusters of one template each, the largest first, with those of much the same accounts in one.

    Each joins the first earlier one with half of the accounts in common; none joins by way of a third.
    """
    by_account: dict[int, list[int]] = {}
    centres: dict[int, list[Cluster]] = {}
    for number, cluster in enumerate(clusters):
        overlaps: dict[int, int] = {}
        for account in cluster.who.tolist():
            for earlier in by_account.get(account, ()):
                overlaps[earlier] = overlaps.get(earlier, 0) + 1
        size = len(cluster.who)
        joined = [e for e, n in sorted(overlaps.items()) if n / (size + len(clusters[e].who) - n) >= SAME_ACCOUNTS]
        if joined:
            centres[joined[0]].append(cluster)
            continue
        centres[number] = [cluster]
        for account in cluster.who.tolist():
            by_account.setdefault(account, []).append(number)
    return sorted((_merged(members) for members in centres.values()), key=lambda one: (-one.size, one.key))


def _merged(clusters: Sequence[Cluster]) -> Cluster:
    if len(clusters) == 1:
        return clusters[0]
    names = ("who", "calls", "fillings", "failed", "tokens", "first", "last")
    rows = {name: np.concatenate([getattr(one, name) for one in clusters]) for name in names}
    return _cluster(tuple(template for one in clusters for template in one.templates), rows)


def named_groups(logs: Logs) -> list[Cluster]:
    """The groups of accounts that the examiner named, for logs without prompts: kind `group` among known accounts."""
    known = logs.rows(logs.table("known"))
    names: dict[str, list[int]] = {}
    for who, kind, basis in zip(known["who"].tolist(), known["kind"].tolist(), known["basis"].tolist(), strict=True):
        if kind == "group":
            names.setdefault(str(basis), []).append(int(who))
    exchange = logs.table("exchange")
    found = []
    for name, accounts in sorted(names.items()):
        rows = logs.rows(expressions.members(exchange, NAMED, sorted(accounts)))
        if len(rows["who"]):
            found.append(_cluster((Template(NAMED, tuple(sorted(accounts)), name),), rows))
    return found


def _joined(frequent: Sequence[int], stars: Sequence[tuple[Ints, int]], calls: int) -> list[tuple[int, ...]]:
    """Frequent beginnings, with the variants of each in one group."""
    found = [tuple(heads.tolist()) for heads, size in stars if size >= calls]
    in_stars = {head for heads in found for head in heads}
    return found + [(head,) for head in frequent if head not in in_stars]


def _stars(logs: Logs, progress: Progress) -> list[tuple[Ints, int]]:
    """Groups of two beginnings or more that are variants of their most frequent one, with their calls."""
    exchange, heads = logs.table("exchange"), logs.table("heads")
    total = int(logs.rows(exchange.aggregate(heads=exchange["head"].nunique()))["heads"][0])
    shares = max(1, -(-total // _TEXTS_AT_ONCE))
    hashes, calls, bands = [], [], []
    for share in range(shares):
        progress(0.1 + 0.6 * share / shares, "variants of templates")
        rows = logs.rows(expressions.head_texts(heads, share, shares))
        sketched = sketches(shingles([str(text) for text in rows["text"]]))
        kept = np.array([len(one) > 0 for one in sketched], dtype=np.bool_)
        hashes.append(rows["head"][kept].astype(np.int64))
        calls.append(rows["calls"][kept].astype(np.int64))
        bands.append(np.frombuffer(b"".join(sketched), dtype="<u4").reshape(-1, BANDS))
    every, size = np.concatenate(hashes), np.concatenate(calls)
    order = np.lexsort((every, -size))
    centre = stars_of(np.concatenate(bands)[order])
    every, size = every[order], size[order]
    joined = centre != np.arange(len(centre))
    joined[centre[joined]] = True
    members = np.flatnonzero(joined)
    if not len(members):
        return []
    by_centre = members[np.argsort(centre[members], kind="stable")]
    pieces = np.split(by_centre, np.flatnonzero(np.diff(centre[by_centre])) + 1)
    return [(every[piece], int(size[piece].sum())) for piece in pieces]


def stars_of(bands: npt.NDArray[np.uint32]) -> Ints:
    """For each row of bands, most frequent first, the row that is the centre of its star: itself or an earlier one.

    A row joins the first centre with which it has three bands in common; rows never join by way of a third.
    """
    rows = len(bands)
    centre = np.arange(rows)
    pairs = [_crowded(bands[:, at]) for at in range(bands.shape[1])]
    packed, counts = np.unique(np.concatenate(pairs), return_counts=True)
    close = packed[counts >= IN_COMMON]
    for later, earlier in zip((close // rows).tolist(), (close % rows).tolist(), strict=True):
        if centre[later] == later and centre[earlier] == earlier:
            centre[later] = earlier
    return centre


def _crowded(band: npt.NDArray[np.uint32]) -> Ints:
    """Pairs of rows with one band in common as later x rows + earlier; of a crowd, each with the first three."""
    rows = len(band)
    order = np.argsort(band, kind="stable")
    same = np.flatnonzero(np.diff(band[order]) == 0) + 1
    starts = np.flatnonzero(np.r_[True, np.diff(band[order]) != 0])
    first = starts[np.searchsorted(starts, same, side="right") - 1]
    pairs = []
    for step in range(_FIRST):
        earlier = first + step
        kept = earlier < same
        pairs.append(order[same[kept]] * rows + order[earlier[kept]])
    return np.concatenate(pairs).astype(np.int64)


def _uncovered(logs: Logs, column: str, heads: Sequence[int], accounts: int, calls: int) -> list[int]:
    """Frequent endings or system prompts of which less than half of the calls are in a cluster already."""
    exchange = logs.table("exchange")
    values = logs.rows(expressions.templates(exchange, column, accounts, calls))["value"].tolist()
    found: list[int] = []
    for some in portions(values):
        rows = logs.rows(expressions.covered(exchange, column, some, heads))
        inside = rows["covered"].astype(np.float64) / rows["calls"].astype(np.float64)
        found += rows["value"][inside < _MOST_COVERED].tolist()
    return found


def _clusters(logs: Logs, column: str, groups: Sequence[tuple[int, ...]], accounts: int, calls: int) -> list[Cluster]:
    exchange = logs.table("exchange")
    values = [value for group in groups for value in group]
    rows = gathered(logs.rows(expressions.members(exchange, column, some)) for some in portions(values))
    if not rows:
        return []
    texts = gathered(logs.rows(expressions.texts_of(logs.table("texts"), some)) for some in portions(values))
    text_of = dict(zip(texts["hash"].tolist(), texts["text"].tolist(), strict=True))
    place = {value: at for at, group in enumerate(groups) for value in group}
    group_of = np.array([place[value] for value in rows["value"].tolist()], dtype=np.int64)
    order = np.argsort(group_of, kind="stable")
    found = []
    for piece in np.split(order, np.flatnonzero(np.diff(group_of[order])) + 1):
        group = groups[int(group_of[piece[0]])]
        template = Template(column, group, str(text_of.get(group[0], "")))
        made = _cluster((template,), {name: rows[name][piece] for name in rows})
        if len(made.who) >= accounts and made.size >= calls:
            found.append(made)
    return found


def _cluster(templates: tuple[Template, ...], rows: Mapping[str, npt.NDArray[np.generic]]) -> Cluster:
    """A cluster of rows with one account and value each."""
    who, at = np.unique(rows["who"].astype(np.int64), return_inverse=True)

    def summed(name: str) -> Ints:
        return np.bincount(at, weights=rows[name].astype(np.float64), minlength=len(who)).astype(np.int64)

    first, last = np.full(len(who), np.iinfo(np.int64).max), np.zeros(len(who), dtype=np.int64)
    np.minimum.at(first, at, rows["first"].astype(np.int64))
    np.maximum.at(last, at, rows["last"].astype(np.int64))
    calls, fillings, failed, tokens = (summed(name) for name in ("calls", "fillings", "failed", "tokens"))
    return Cluster(templates, who, calls, fillings, failed, tokens, first, last)


def portions(values: Sequence[int], most: int = _VALUES_AT_ONCE) -> Iterator[list[int]]:
    """Values in lists that fit into one question to the logs."""
    for at in range(0, len(values), most):
        yield list(values[at : at + most])


def gathered(parts: Iterator[Mapping[str, npt.NDArray[np.generic]]]) -> dict[str, npt.NDArray[np.generic]]:
    """The rows of several questions together; empty where there was no question."""
    found = list(parts)
    return {name: np.concatenate([part[name] for part in found]) for name in found[0]} if found else {}

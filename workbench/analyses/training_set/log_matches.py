"""Published rows that are, word for word, answers in the protected model's log: when, and to how many accounts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from workbench.analyses.training_set.compute import Row, order_of
from workbench.analyses.training_set.index import LONG
from workbench.analyses.usage_logs import expressions
from workbench.core.hashing import sha256_text
from workbench.core.logs import Logs
from workbench.core.progress import Progress
from workbench.core.text import normal_prompt

_AT_ONCE = 5_000

SMALLEST_CELL = 5
"""Matches below which an account has no row of its own: it could be recognised by them."""


@dataclass(frozen=True, slots=True)
class LogMatch:
    """One published row and the first call that was answered by it; `pair` says that the prompt is the same too."""

    corpus: str
    row: int
    pair: bool
    calls: int
    first: str
    order: str


@dataclass(frozen=True, slots=True)
class LogMatches:
    """All published rows that stand in the log; by account the number of rows, for accounts with five or more."""

    matches: tuple[LogMatch, ...]
    accounts: int
    by_account: tuple[tuple[str, int], ...]
    others: int
    rows: int


def log_matches(logs: Logs, rows: Iterable[Row], progress: Progress) -> LogMatches:
    """The published rows whose answer of 200 characters or more, in its normal form, is an answer in the log."""
    found: list[LogMatch] = []
    by_account: Counter[str] = Counter()
    held: list[tuple[Row, str, str]] = []
    total = 0
    for row in rows:
        total += 1
        answer = normal_prompt(row.exchange.answer)
        if len(answer) >= LONG:
            held.append((row, sha256_text(normal_prompt(row.exchange.prompt)), sha256_text(answer)))
        if len(held) >= _AT_ONCE:
            progress(0.5, f"{total:,} published rows looked for in the log")
            found += _matched(logs, held, by_account)
            held = []
    found += _matched(logs, held, by_account)
    listed = tuple(
        sorted((one for one in by_account.items() if one[1] >= SMALLEST_CELL), key=lambda one: (-one[1], one[0]))
    )
    return LogMatches(
        tuple(found), len(by_account), listed, sum(by_account.values()) - sum(n for _, n in listed), total
    )


def _matched(logs: Logs, held: Sequence[tuple[Row, str, str]], by_account: Counter[str]) -> list[LogMatch]:
    if not held:
        return []
    digests = sorted({answer for _, _, answer in held})
    calls = logs.rows(expressions.equal_answers(logs.table("exchange"), digests))
    by_answer: dict[str, list[tuple[int, str, str]]] = {}
    seconds = calls["ts"].astype("datetime64[s]").astype("int64").tolist()
    columns = (calls[name].tolist() for name in ("account", "prompt_sha", "answer_sha"))
    for second, account, prompt, answer in zip(seconds, *columns, strict=True):
        by_answer.setdefault(answer, []).append((second, account, prompt))
    found = []
    for row, prompt, answer in held:
        served = by_answer.get(answer)
        if not served:
            continue
        first = datetime.fromtimestamp(min(second for second, _, _ in served), UTC).isoformat()
        pair = any(asked == prompt for _, _, asked in served)
        found.append(LogMatch(row.corpus, row.number, pair, len(served), first, order_of(first, row.published)))
        by_account.update({account for _, account, _ in served})
    return found

"""What a log is and what it lacks: rows, accounts, days, hours without a call, and shares with text."""

from __future__ import annotations

import numpy as np

from workbench.analyses.usage_logs import expressions
from workbench.core.logs import Logs
from workbench.core.model import Json

SHOWN = 20
"""Gaps that are listed, the longest first."""

_SHARES = (
    "prompt", "answer", "payment", "device", "network", "plan", "region", "created", "model",
)  # fmt: skip


def log_facts(logs: Logs) -> Json:
    """The facts of all logs together as plain JSON; gaps are hours in a row without a call, in hours since 1970."""
    exchange = logs.table("exchange")
    totals = {name: _whole(column[0]) for name, column in logs.rows(expressions.totals(exchange)).items()}
    rows = max(1, totals["rows"])
    hours = logs.rows(expressions.by_hour(exchange))["hour"].astype(np.int64)
    return {
        "rows": totals["rows"],
        "calls": totals["calls"],
        "accounts": totals["accounts"],
        "first": totals["first"],
        "last": totals["last"],
        "hours": int(hours[-1] - hours[0] + 1) if len(hours) else 0,
        "hours_with_calls": len(hours),
        "gaps": gaps(hours),
        "shares": {name: totals[f"with_{name}"] / rows for name in _SHARES},
        "failed": totals["failed"] / rows,
        "keepers": list(logs.keepers),
        "engine": logs.engine,
    }


def gaps(hours: np.ndarray[tuple[int], np.dtype[np.int64]]) -> list[dict[str, int]]:
    """The longest runs of hours without a call: the first such hour, and how many there are."""
    apart = np.diff(hours)
    places = np.flatnonzero(apart > 1)
    order = places[np.argsort(-apart[places], kind="stable")][:SHOWN]
    return [{"from": int(hours[at]) + 1, "hours": int(apart[at]) - 1} for at in order]


def _whole(value: object) -> int:
    number = float(str(value))
    return 0 if number != number else int(number)

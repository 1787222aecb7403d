"""Published rows that stand in a log: how many, when, and to how many accounts."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from workbench.analyses.training_set.compute import Row
from workbench.analyses.training_set.index import Exchange
from workbench.analyses.training_set.log_matches import log_matches
from workbench.core.progress import silent
from workbench.core.pseudonyms import Pseudonyms
from workbench.importers.logs.formats import mapped
from workbench.importers.logs.lines import json_lines
from workbench.store.logs.engine import Engine
from workbench.store.logs.intake import Intake
from workbench.store.logs.tables import LogTables

NAMES = Pseudonyms(b"key")


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with Engine(tmp_path / "temporary") as made:
        yield made


def answer(number: int) -> str:
    """A long answer."""
    return f"Answer {number}. " + "It goes on and on for a while. " * 8


def test_served_answers_are_found_with_their_time_and_accounts(engine: Engine, tmp_path: Path) -> None:
    calls = [
        {
            "t": f"2025-01-{1 + n % 28:02d}T00:00:00Z",
            "a": "big" if n < 12 else f"small-{n}",
            "p": f"prompt {n}",
            "r": answer(n),
        }
        for n in range(20)
    ]
    calls.append(calls[0] | {"t": "2025-06-01T00:00:00Z", "a": "late"})
    form = mapped(["ts=t", "account=a", "prompt=p", "response=r"])
    data = io.BytesIO(b"".join(json.dumps(one).encode() + b"\n" for one in calls))
    Intake(engine, tmp_path / "log", 1, form, NAMES).take(json_lines(data))
    logs = LogTables(engine, [tmp_path / "log"], ["maker"])
    spaced = answer(3).replace(" It", "\n\nIt")
    rows = [
        Row("set", 0, Exchange("prompt 0", answer(0)), "2025-03"),
        Row("set", 1, Exchange("another prompt", spaced), "2025-01-02"),
        Row("set", 2, Exchange("prompt 99", answer(99)), "2025-03"),
        Row("set", 3, Exchange("prompt 1", "short"), "2025-03"),
        *(Row("set", 4 + n, Exchange(f"prompt {n}", answer(n)), "2025-03") for n in range(4, 16)),
    ]
    found = log_matches(logs, rows, silent)
    assert [(m.row, m.pair, m.calls, m.order) for m in found.matches[:2]] == [
        (0, True, 2, "before"),
        (1, False, 1, "after"),
    ]
    assert len(found.matches) == 14
    assert (found.rows, found.accounts) == (len(rows), 1 + 4 + 1)
    assert found.by_account == ((NAMES.of("account", "big"), 10),)
    assert found.others == 5
    assert log_matches(logs, [], silent).matches == ()

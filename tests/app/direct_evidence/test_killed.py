"""Taking a log in is killed at many moments; it goes on, and comes to the same."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.synthetic_logs import MAPPING, Settings, Synthetic
from workbench.app.direct_evidence.logs import LogRequest, add_log, log_states
from workbench.app.direct_evidence.secrets import PLACE
from workbench.core.logs import Keeper
from workbench.core.surroundings import Conditions
from workbench.store import Case

ROOT = Path(__file__).resolve().parents[3]

PROGRAM = """
import sys
from pathlib import Path
import workbench.importers.logs.lines as lines
from tests.conftest import ticking
from tests.synthetic_logs import MAPPING
from workbench.app.direct_evidence.logs import LogRequest, add_log
from workbench.core.logs import Keeper
from workbench.store import Case
lines.json_lines.__defaults__ = (0, 0, 150_000)
with Case.open(Path(sys.argv[1]), conditions=ticking(), writing=True) as case:
    print("begun", flush=True)
    add_log(case, Path(sys.argv[2]), LogRequest(Keeper.MAKER, mapping=MAPPING))
"""


def columns(case: Case) -> list[bytes]:
    """The columns of the only log, part by part."""
    return [path.read_bytes() for path in sorted((case.notes.folder / "0001").glob("part-*.parquet"))]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signal")
def test_killed_at_thirty_moments_it_goes_on(
    tmp_path: Path, conditions: Conditions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PLACE, str(tmp_path / "secrets.json"))
    log = tmp_path / "usage.jsonl"
    with log.open("wb") as stream:
        Synthetic(Settings(rows=6_000, seed=2, characters=200)).write(stream)
    Case.create(tmp_path / "a.case", title="t", conditions=conditions).close()
    chance = random.Random(1)
    killed = 0
    words = [sys.executable, "-c", PROGRAM, str(tmp_path / "a.case"), str(log)]
    for _ in range(40):
        child = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        assert child.stdout is not None
        child.stdout.readline()
        time.sleep(chance.uniform(0.0, 1.5))
        killed += child.poll() is None
        child.kill()
        child.wait()
        child.stdout.close()
        if killed == 30:
            break
    assert killed >= 10
    with Case.open(tmp_path / "a.case", conditions=conditions, writing=True) as case:
        report = add_log(case, log, LogRequest(Keeper.MAKER, mapping=MAPPING))
        assert (
            report.lines
            == log.read_bytes().count(b"\n")
            == report.accepted + report.duplicate + sum(report.rejected.values())
        )
        assert len(log_states(case)) == 1
        assert case.verify() == []
        assert len(columns(case)) == len(list((case.notes.folder / "0001").glob("part-*.json"))) > 3

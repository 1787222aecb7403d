"""Workers do not outlive the program that started them."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).resolve().parents[2]

_TURNS = """
import os, time
from itertools import count
from workbench.app.parallel import in_turn
results = in_turn(lambda number: (time.sleep(0.01), os.getpid())[1], count(), 2)
began = set()
while len(began) < 2:  # one that was never given anything watches no one yet
    began.add(next(results))
"""

_WORK = """
import psutil, time
next(results)
workers = [c.pid for c in psutil.Process().children(recursive=True) if "popen_loky" in " ".join(c.cmdline())]
print(*workers, flush=True)
time.sleep(60)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="a parent's end can't be seen there")
def test_workers_end_when_their_program_is_killed_and_nothing_is_left_or_said() -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", _TURNS + _WORK], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT
    )
    assert child.stdout is not None
    workers = [int(word) for word in child.stdout.readline().split()]
    child.kill()
    # All that the program started holds these pipes open for as long as it lives.
    assert child.communicate(timeout=60) == (b"", b"")
    assert len(workers) == 2
    assert [
        path for path in Path("/dev/shm").glob("*") if f"-{child.pid}-" in path.name or f"_{child.pid}_" in path.name
    ] == []
    end = time.monotonic() + 30
    while any(map(psutil.pid_exists, workers)):
        assert time.monotonic() < end, "the workers live on"
        time.sleep(0.1)


_THREADS = """
import threading, time
import numpy as np, psutil
from workbench.analyses.scoring.robust_z_scores import replicated, view_pair
draw = np.random.default_rng(1)
values = draw.random((200, 24, 24), dtype=np.float32)
values[:, range(24), range(24)] = 1
views = [view for _ in range(3) for view in view_pair("v", values, np.arange(200), np.arange(24), 22)]
weights = draw.random((200_000, 200))
begun = threading.Event()
told = lambda fraction, words: fraction and begun.set()
threading.Thread(target=replicated, args=(views, weights, told), daemon=True).start()
begun.wait()
print(len(psutil.Process().children(recursive=True)), flush=True)
time.sleep(60)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="a program is killed otherwise there")
def test_the_loop_of_an_analysis_starts_no_program_that_could_outlive_it_or_warn() -> None:
    child = subprocess.Popen([sys.executable, "-c", _THREADS], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT)
    assert child.stdout is not None
    assert child.stdout.readline() == b"0\n"
    child.kill()
    assert child.communicate(timeout=60) == (b"", b"")

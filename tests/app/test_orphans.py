"""Workers do not outlive the program that started them."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).resolve().parents[2]

_WORK = """
import os, psutil, time
from workbench.app import views
pool = views._Workers(2)
results = pool.start([[[["one two three"], ["four five six"]]] * 8] * 400)
next(results)
workers = [c.pid for c in psutil.Process().children(recursive=True) if "popen_loky" in " ".join(c.cmdline())]
print(*workers, flush=True)
time.sleep(60)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="a parent's end can't be seen there")
def test_workers_end_when_their_program_is_killed() -> None:
    child = subprocess.Popen([sys.executable, "-c", _WORK], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=ROOT)
    assert child.stdout is not None
    workers = [int(word) for word in child.stdout.readline().split()]
    child.kill()
    child.communicate()
    assert len(workers) == 2
    end = time.monotonic() + 30
    while any(map(psutil.pid_exists, workers)):
        assert time.monotonic() < end, "the workers live on"
        time.sleep(0.1)

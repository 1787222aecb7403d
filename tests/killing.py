"""Programs that are killed in the midst of their work."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def killed_after(delay: float, program: str, *words: object) -> list[list[str]]:
    """Run a program, kill it so long after it said `ready`, and return the words of each whole line that it said."""
    child = subprocess.Popen(
        [sys.executable, "-c", program, *map(str, words)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
    )
    assert child.stdout is not None
    assert child.stdout.readline() == b"ready\n", child.communicate()[1].decode()
    time.sleep(delay)
    child.kill()
    said, errors = child.communicate()
    assert child.returncode == -signal.SIGKILL, errors.decode()
    return [line.split() for line in said.decode().splitlines(keepends=True) if line.endswith("\n")]

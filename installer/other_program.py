"""A program whose files the tests read, in an environment of its own: its packages are no concern of ours."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

from environment import own_python, remove
from pip_runs import HERE, explained, surroundings
from words import SetupError, say

INSPECT = "inspect-ai>=0.3.285,<0.4"
"""Inspect AI, MIT; the range begins with the version that is known to write what the tests expect."""


class OtherProgram:
    """Installed with our pip while the checks run, since it takes as long as they do; a stamp says when it is whole."""

    def __init__(self, folder: Path, wanted: str, pip: Sequence[str]) -> None:
        self.folder = folder
        self._wanted = wanted
        self._pip = pip
        self._stamp = folder / "installed.txt"
        self._said = folder / "pip.log"
        self._running: subprocess.Popen[bytes] | None = None

    def begin(self) -> None:
        """Start to install it, unless it is there; raises SetupError when there can be no environment for it."""
        if self._stamp.is_file() and self._stamp.read_text(encoding="utf-8") == self._wanted:
            return
        say(f"Installing {self._wanted} beside, for the tests")
        if self.folder.exists():
            remove(self.folder, self._stamp)
        made = subprocess.run(
            [own_python(), "-I", "-m", "venv", "--without-pip", str(self.folder)],
            cwd=HERE,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if made.returncode:
            raise SetupError(f"No environment could be made in {self.folder}.", *made.stdout.strip().splitlines()[-5:])
        options = ["--disable-pip-version-check", "--no-input", "--no-compile"]
        with self._said.open("wb") as output:
            self._running = subprocess.Popen(
                [*self._pip, "--python", str(self.folder), "install", *options, self._wanted],
                cwd=HERE,
                env=surroundings(offline=False),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def end(self) -> None:
        """Wait until it is installed; raises SetupError with pip's last lines when it can't be."""
        if self._running is None:
            return
        code = self._running.wait()
        self._running = None
        if code:
            raise SetupError(*explained(self._said.read_text(encoding="utf-8", errors="replace").splitlines()))
        self._stamp.write_text(self._wanted, encoding="utf-8")

    def stop(self) -> None:
        """End an installation that no one waits for any more."""
        if self._running is not None:
            self._running.kill()
            self._running.wait()

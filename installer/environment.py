"""The virtual environment beside the checkout: made once, kept while nothing it depends on changes."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from itertools import count
from pathlib import Path

from pip_runs import HERE, run_pip
from system import has_apt, install_packages, is_root, require_space, require_writable, version_word
from words import SetupError, say

MEGABYTES = {"": 700, "desktop": 400, "test": 600}
"""Space that the project, and each of its extras, takes while it is being installed."""


@dataclass(frozen=True)
class Stamp:
    """What a finished environment was made from; an empty one means that it was begun."""

    source: str = ""
    extras: tuple[str, ...] = ()
    place: str = ""
    python: str = ""

    @classmethod
    def read(cls, file: Path) -> Stamp | None:
        """The stamp in a file; None where there is none that can be read."""
        try:
            found = json.loads(file.read_text(encoding="utf-8"))
            return cls(found["source"], tuple(found["extras"]), found["place"], found["python"])
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def write(self, file: Path) -> None:
        """Put the stamp into a file, whole or not at all."""
        part = file.with_suffix(".part")
        part.write_text(json.dumps(asdict(self)), encoding="utf-8")
        part.replace(file)


class Environment:
    """The `.venv` in a folder, with a stamp that says what it was made from."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = root / ".venv"
        self.bin = self.folder / ("Scripts" if os.name == "nt" else "bin")
        self.python = self.bin / ("python.exe" if os.name == "nt" else "python")
        self.stamp = self.folder / "workbench-setup.json"

    def tool(self, name: str) -> str:
        """The path of a command that was installed with the project."""
        return str(self.bin / (name + ".exe" if os.name == "nt" else name))

    def prepare(self, source: str, extras: Sequence[str], install: Callable[[Sequence[str]], None]) -> None:
        """Make it fit: `install` is called with all extras that it shall have, when anything changed.

        The stamp is written last, so that whatever was interrupted is made again from the start.
        """
        stamp = Stamp.read(self.stamp)
        kept = stamp if stamp and self._sound(stamp) else None
        if kept and kept.source == source and set(extras) <= set(kept.extras):
            return
        require_writable(self.root)
        wanted = tuple(sorted({*extras, *(kept.extras if kept else ())}))
        require_space(self.root, MEGABYTES[""] * (not kept) + sum(MEGABYTES[extra] for extra in wanted))
        if not kept:
            self._clear(stamp)
            say(f"Making {self.folder}")
            self.folder.mkdir()
            Stamp().write(self.stamp)
            make_venv(self.folder, self.python)
        Stamp().write(self.stamp)
        install(wanted)
        Stamp(source, wanted, str(self.folder), _this_python()).write(self.stamp)

    def _sound(self, stamp: Stamp) -> bool:
        """Whether it was finished, here, with this Python, which is still there."""
        return stamp.place == str(self.folder) and stamp.python == _this_python() and self.python.exists()

    def _clear(self, stamp: Stamp | None) -> None:
        """Remove what an earlier set-up left; what somebody else made is moved aside instead."""
        if stamp and not self.folder.is_symlink():
            moved = stamp.place not in ("", str(self.folder))
            why = "was made for another folder" if moved else "is unfinished or of another Python"
            say(f"The .venv {why}; it is made again.")
            remove(self.folder, self.stamp)
        elif self.folder.exists() or self.folder.is_symlink():
            aside = next(p for n in count(1) if not (p := self.root / f".venv.old-{n}").exists())
            self.folder.rename(aside)
            say(f"There was a .venv that this set-up did not make; it is now {aside.name}.")


def _this_python() -> str:
    return f"{platform.python_version()} in {sys.base_prefix}"


def remove(folder: Path, last: Path) -> None:
    """Remove a folder, one file of it last, so that an interrupted removal is known for ours and goes on.

    Raises SetupError when something in it can't be removed.
    """
    for attempt in range(3):
        try:
            for entry in [e for e in folder.iterdir() if e != last]:
                shutil.rmtree(entry) if entry.is_dir() and not entry.is_symlink() else entry.unlink()
            shutil.rmtree(folder)
            return
        except OSError as error:
            # An installation that was killed a moment ago may still be writing.
            problem = error
            time.sleep(attempt)
    raise SetupError(f"{folder} can't be removed: {problem}.", "Remove it by hand and run this again.") from problem


def own_python() -> str:
    """The interpreter outside any virtual environment, so that none is built upon another."""
    if sys.prefix == sys.base_prefix:
        return sys.executable
    name = "python.exe" if os.name == "nt" else f"bin/{version_word()}"
    found = Path(sys.base_prefix) / name
    return str(found) if found.exists() else sys.executable


def make_venv(folder: Path, python: Path) -> None:
    """A virtual environment with pip; where Debian's python3-venv is missing, by whatever way there is."""
    if not _has_ensurepip() and has_apt() and is_root():
        install_packages([f"{version_word()}-venv"])
        importlib.invalidate_caches()
    if _has_ensurepip():
        _venv(folder)
        return
    if importlib.util.find_spec("pip") is None:
        raise SetupError(
            "This Python can't make virtual environments: its part “ensurepip” is missing.",
            f"On Debian and Ubuntu: sudo apt-get install {version_word()}-venv",
            "Elsewhere: install Python from python.org. Then run this again.",
        )
    _venv(folder, "--without-pip")
    run_pip([own_python(), "-P", "-m", "pip", "--python", str(python)], ["install", "pip"])


def _has_ensurepip() -> bool:
    return importlib.util.find_spec("ensurepip") is not None


def _venv(folder: Path, *options: str) -> None:
    done = subprocess.run(
        [own_python(), "-I", "-m", "venv", *options, str(folder)],
        cwd=HERE,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        tail = done.stdout.strip().splitlines()[-5:]
        raise SetupError(
            f"The virtual environment could not be made in {folder}.",
            *tail,
            f"On Debian and Ubuntu this helps: sudo apt-get install {version_word()}-venv",
            "A disk without symbolic links (FAT, some network drives) can't hold one: use another.",
        )


def source_of(*files: Path) -> str:
    """One digest over the content of files."""
    digest = hashlib.sha256()
    for file in files:
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()

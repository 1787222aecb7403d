"""What the set-up needs of the machine: system packages, space, and the right to write."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from words import SetupError, say

MEGABYTE = 1_000_000

TEST_PACKAGES = (
    "libegl1",
    "libgl1",
    "libxkbcommon0",
    "libdbus-1-3",
    "libfontconfig1",
    "libglib2.0-0",
    "libxcb-cursor0",
    "libxcb-icccm4",
    "libxcb-image0",
    "libxcb-keysyms1",
    "libxcb-render-util0",
    "libxcb-render0",
    "libxcb-shape0",
    "libxcb-util1",
    "libxcb-xkb1",
    "libxkbcommon-x11-0",
    "xvfb",
    "openbox",
    "xdotool",
    "chromium",
    "poppler-utils",
    "qpdf",
    "openssh-client",
    "openssl",
    "unzip",
    "libarchive-tools",
    "7zip",
    "git",
)
"""Debian's names of what the tests use: Qt's libraries, a display, and other readers of what we write."""


def missing_packages(names: Iterable[str]) -> list[str]:
    """Those Debian packages that are not installed; a 64-bit-time twin (libglib2.0-0t64) counts as well."""
    wanted = list(names)
    twins = [name + "t64" for name in wanted]
    shown = subprocess.run(
        ["dpkg-query", "-W", "-f=${db:Status-Status} ${Package}\n", *wanted, *twins],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
    ).stdout
    there = {line.split()[1] for line in shown.splitlines() if line.startswith("installed ")}
    return [name for name in wanted if name not in there and name + "t64" not in there]


def has_apt() -> bool:
    """Whether this is a Debian or one of its children."""
    return all(shutil.which(tool) for tool in ("apt-get", "dpkg-query"))


def is_root() -> bool:
    """Whether system packages may be installed without asking."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def install_packages(names: Sequence[str]) -> list[str]:
    """Install Debian packages, and return those that are missing after all."""
    missing = missing_packages(names)
    if not missing:
        return []
    say(f"Installing system packages: {' '.join(missing)}")
    _apt("update")
    if not _apt("install", "-y", "--no-install-recommends", *missing):
        # One name that this release does not know would keep all the others out.
        for name in missing_packages(missing):
            _apt("install", "-y", "--no-install-recommends", name)
    return missing_packages(missing)


def _apt(*arguments: str) -> bool:
    done = subprocess.run(
        ["apt-get", "-q", "-o", "DPkg::Lock::Timeout=300", *arguments],
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        say(f"apt-get {arguments[0]} failed:")
        for line in done.stdout.splitlines()[-5:]:
            say(f"  {line}")
    return done.returncode == 0


def prepare_for_tests() -> None:
    """Install what the tests need where that is allowed; otherwise say what is missing, and go on."""
    if not has_apt():
        say("This is no Debian or Ubuntu. The tests use these packages there; install their like:")
        say(f"  {' '.join(TEST_PACKAGES)}")
        return
    missing = install_packages(TEST_PACKAGES) if is_root() else missing_packages(TEST_PACKAGES)
    if missing:
        say("These system packages are missing; tests that need them are skipped or fail:")
        say(f"  sudo apt-get install --no-install-recommends {' '.join(missing)}")


def require_space(folder: Path, megabytes: int) -> None:
    """Raise SetupError when there is too little space in the folder, or where pip unpacks."""
    for place, wanted in ((folder, megabytes), (Path(tempfile.gettempdir()), 300)):
        free = shutil.disk_usage(place).free // MEGABYTE
        if free < wanted:
            raise SetupError(
                f"There are {free} MB free in {place}, and the installation needs about {wanted} MB.",
                "Make room, or put the checkout on another disk (for temporary files: set TMPDIR).",
            )


def require_writable(folder: Path) -> None:
    """Raise SetupError when nothing can be written in the folder."""
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise SetupError(
            f"Nothing can be written in {folder}: {error.strerror}.",
            "Copy the checkout to a folder of your own (your home folder, say) and run this again there.",
        ) from error


def version_word() -> str:
    """This Python as Debian names its packages: python3.11."""
    return f"python{sys.version_info[0]}.{sys.version_info[1]}"

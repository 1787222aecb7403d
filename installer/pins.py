"""The pinned packages: one version of each, with the SHA-256 of its files for every supported system and Python.

The lists lie in `pins/`. They name no registry: pip's own configuration says where packages come from, and what comes
from there must have one of the hashes.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import tempfile
import tomllib
from collections.abc import Sequence
from pathlib import Path

from environment import Environment, make_venv
from pip_runs import HERE, PipError, run_pip, surroundings
from words import SetupError, say

ROOT = HERE.parent
FOLDER = HERE / "pins"
RESOLVER = "uv>=0.9,<1"
"""MIT or Apache-2.0: it resolves for all systems at once, and takes the hashes that the index states of each file."""

AUDITOR = "pip-audit>=2.9,<3"
"""Apache-2.0: it looks for published weaknesses of each version."""

BUILD = ("hatchling", "editables")
"""What the project is built with; an environment of its own for that would be filled without hashes."""

LISTS = {"workbench": (), "desktop": ("desktop",), "test": ("desktop", "test")}
"""Each list and the extras that it is for."""

FALLS_BACK = ("version", "")
"""Causes for which unpinned packages are tried: an index that lacks one, and a system for which none is built."""


def list_for(extras: Sequence[str]) -> Path:
    """The shortest list that has all that some extras need."""
    return next(FOLDER / f"{name}.txt" for name, has in LISTS.items() if set(extras) <= set(has))


def install_pinned(pip: Sequence[str], extras: Sequence[str], verb: Sequence[str] = ("install",)) -> bool:
    """Install the packages of a list, or fetch them with another verb; False, with words, where they can't be had here.

    Raises PipError where something else is wrong, such as a file that has other bytes.
    """
    pins = list_for(extras)
    if not pins.is_file():
        say(f"There is no list {pins.name} of pinned packages: the newest that fit are taken, without hashes.")
        return False
    try:
        run_pip(pip, [*verb, "--require-hashes", "--requirement", str(pins)])
    except PipError as trouble:
        if trouble.cause not in FALLS_BACK:
            raise
        say("The pinned packages can't all be had here. pip says:")
        for line in trouble.todo[-2:]:
            say(f"  {line[:200]}")
        say("The newest that fit are taken instead, without hashes.")
        return False
    return True


def asked_for(extras: Sequence[str]) -> list[str]:
    """What pyproject.toml asks for with some extras, and to be built."""
    said = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    project = said["project"]
    more = [line for extra in extras for line in project["optional-dependencies"][extra]]
    return [*project["dependencies"], *more, *said["build-system"]["requires"]]


def wanted() -> str:
    """A digest of what pyproject.toml asks for: a list that was made for something else is out of date."""
    asked = [asked_for(extras) for extras in LISTS.values()]
    return hashlib.sha256(json.dumps(asked).encode()).hexdigest()


def renew() -> None:
    """Make the lists again, with the newest versions that pyproject.toml allows.

    Raises SetupError without a network.
    """
    with tempfile.TemporaryDirectory() as made:
        environment = Environment(Path(made))
        resolver = _tool(environment, RESOLVER, "uv")
        asked = Path(made) / "build.in"
        asked.write_text("\n".join(BUILD) + "\n", encoding="utf-8")
        longest = Path(made) / "test.txt"
        for name in sorted(LISTS, key=lambda name: -len(LISTS[name])):
            target = Path(made) / f"{name}.txt"
            say(f"Resolving {name}")
            extras = [word for extra in LISTS[name] for word in ("--extra", extra)]
            same = [] if target == longest else ["--constraint", str(longest)]
            _run(
                [resolver, "pip", "compile", "--quiet", "--universal", "--python-version", "3.11",
                 "--generate-hashes", "--no-header", "--no-annotate", "--no-emit-index-url", *extras, *same,
                 "--output-file", str(target), str(ROOT / "pyproject.toml"), str(asked)],
            )  # fmt: skip
        FOLDER.mkdir(exist_ok=True)
        for name in LISTS:
            head = f"# Made by `bootstrap.py pins` for what pyproject.toml asks for: {wanted()}\n"
            text = (Path(made) / f"{name}.txt").read_text(encoding="utf-8")
            (FOLDER / f"{name}.txt").write_text(head + text, encoding="utf-8")


def audit() -> int:
    """Look for published weaknesses of every pinned version; 0 where each was looked up and has none, else 1.

    Raises SetupError where no index can be asked.
    """
    pins = list_for(("test",))
    with tempfile.TemporaryDirectory() as made:
        auditor = _tool(Environment(Path(made)), AUDITOR, "pip-audit")
        done = subprocess.run(
            [
                auditor, "--require-hashes", "--disable-pip", "--progress-spinner", "off", "--format", "json",
                "--requirement", str(pins),
            ],
            cwd=HERE, env=surroundings(offline=False), stdin=subprocess.DEVNULL, capture_output=True, text=True,
            encoding="utf-8", errors="replace", check=False,
        )  # fmt: skip
    try:
        found = json.loads(done.stdout)["dependencies"]
        asked = [one for one in found if "skip_reason" not in one]
        weak = [(one, weakness) for one in asked for weakness in one["vulns"]]
    except (ValueError, LookupError, TypeError):
        found, asked, weak = [], [], []
    # pip-audit calls it a success where an index knows of no weakness because it keeps no list of them.
    if not asked:
        raise SetupError(
            "No index could be asked for weaknesses of the packages, so that nothing is known of them.",
            "Run this where the package index, with its list of weaknesses, can be reached.",
            *[line for line in done.stderr.splitlines() if line.strip()][-3:],
        )
    for one, weakness in weak:
        better = ", ".join(weakness.get("fix_versions", ())) or "no version yet"
        say(f"{one['name']} {one['version']}: {weakness['id']}, mended in {better}")
    lacking = [one["name"] for one in found if one not in asked]
    if lacking:
        say(f"No index could be asked for these, so that nothing is known of them: {', '.join(lacking)}")
    say(f"{len(asked)} packages were looked up; {len(weak)} weaknesses are published.")
    return int(bool(weak or lacking))


def _tool(environment: Environment, wanted: str, name: str) -> str:
    """The path of a program that is installed into an environment made for it."""
    make_venv(environment.folder, environment.python)
    say(f"Fetching {wanted}")
    run_pip([str(environment.python), "-P", "-m", "pip"], ["install", wanted])
    return environment.tool(name)


def _run(command: Sequence[str]) -> None:
    done = subprocess.run(
        command, cwd=HERE, stdin=subprocess.DEVNULL, capture_output=True, text=True, encoding="utf-8",
        errors="replace", check=False,
    )  # fmt: skip
    if done.returncode:
        raise SetupError("The packages could not be resolved.", *done.stderr.strip().splitlines()[-8:])


def copy_lists(folder: Path) -> None:
    """Put the lists into a bundle, beside the set-up."""
    shutil.copytree(FOLDER, folder / FOLDER.name, dirs_exist_ok=True)

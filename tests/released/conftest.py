"""The released case and pack, unpacked; and what today's code makes of the same material."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import matplotlib as mpl
import pytest

from tests.released import make

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Released:
    """The files of a release in a folder, not to be written to, and what the JSON beside its archive tells of them."""

    folder: Path
    told: dict[str, Any]

    @property
    def case(self) -> Path:
        return self.folder / make.CASE

    @property
    def material(self) -> Path:
        return self.folder / "material"

    @property
    def pack(self) -> Path:
        (folder,) = self.folder.glob("CASE-*_pack-01")
        return folder

    @cached_property
    def members(self) -> dict[str, bytes]:
        """The files of the pack by their paths."""
        return {p.relative_to(self.pack).as_posix(): p.read_bytes() for p in self.pack.rglob("*") if p.is_file()}

    @property
    def results(self) -> list[Any]:
        """The findings as the pack has them."""
        return findings_in(self.members)


@dataclass(frozen=True)
class Today:
    """What today's code made of the released material: a case, its pack, and every verb's documents."""

    case: Path
    pack: Path
    documents: dict[str, list[Any]]

    @cached_property
    def members(self) -> dict[str, bytes]:
        return members_of(self.pack)


def members_of(pack: Path) -> dict[str, bytes]:
    """The files in the one folder of a zipped pack."""
    with zipfile.ZipFile(pack) as zipped:
        return {name.partition("/")[2]: zipped.read(name) for name in zipped.namelist()}


def findings_in(members: dict[str, bytes]) -> list[Any]:
    """The findings in a pack, each with its tables in place of their hashes."""
    found: list[Any] = json.loads(members["data/05_analysis/results.json"])["findings"]
    for item in found:
        item["finding"]["tables"] = {n: json.loads(members[f"{p}.json"]) for n, p in item["tables"].items()}
    return found


@pytest.fixture(scope="session")
def released(tmp_path_factory: pytest.TempPathFactory) -> Released:
    """The case and the pack of the first release, for reading."""
    return _unpacked(make.FIRST, tmp_path_factory)


@pytest.fixture(scope="session")
def latest(tmp_path_factory: pytest.TempPathFactory) -> Released:
    """The same of the latest release, whose analyses are those of today."""
    return _unpacked(make.LATEST, tmp_path_factory)


def _unpacked(release: str, tmp_path_factory: pytest.TempPathFactory) -> Released:
    folder = tmp_path_factory.mktemp(release)
    with tarfile.open(make.archive_of(release)) as archive:
        archive.extractall(folder, filter="data")
    return Released(folder, json.loads(make.told_of(release).read_text("utf-8")))


@pytest.fixture
def case(released: Released, tmp_path: Path) -> Path:
    """A copy of the released case, to be written to."""
    return shutil.copytree(released.case, tmp_path / make.CASE)


class AtWork:
    """Processes of `make.py`: one does all verbs of the latest release again, another then builds the pack
    again by its number.

    There the program bears the released version. They have a cache of their own, so that no similarity comes from
    an earlier version of the code.
    """

    def __init__(self, latest: Released, folder: Path) -> None:
        self.again, self.rebuilt = folder / "again", folder / "rebuilt.zip"
        self.again.mkdir()
        # The fonts are looked for again for each new cache, which takes seconds: matplotlib keeps the one it has.
        self._environment = os.environ | {
            "PYTHONPATH": str(ROOT),
            "XDG_CACHE_HOME": str(folder / "cache"),
            "XDG_STATE_HOME": str(folder / "state"),
            "MPLCONFIGDIR": mpl.get_cachedir(),
        }
        self._started = {"again": self._start("again", latest.material, self.again)}

    def rebuild(self, case: Path) -> None:
        """Build the pack of a case again by its number."""
        self._started["rebuild"] = self._start("rebuild", case, self.rebuilt)
        self.wait("rebuild")

    def _start(self, *words: str | Path) -> subprocess.Popen[bytes]:
        with self._said(str(words[0])).open("wb") as said:
            command = [sys.executable, make.__file__, *map(str, words)]
            return subprocess.Popen(command, env=self._environment, stdout=said, stderr=said)

    def _said(self, what: str) -> Path:
        return self.again.with_name(f"{what}.txt")

    def wait(self, what: str) -> None:
        """Wait for one of them; fails with what it said where it did not come through."""
        assert self._started[what].wait() == 0, self._said(what).read_text("utf-8")

    def end(self) -> None:
        """End what no test waited for."""
        for process in self._started.values():
            process.kill()
            process.wait()


@pytest.fixture(scope="session", autouse=True)
def at_work(latest: Released, tmp_path_factory: pytest.TempPathFactory) -> Iterator[AtWork]:
    """Begun before the first test, so that they work while the tests that only read are run."""
    both = AtWork(latest, tmp_path_factory.mktemp("today"))
    yield both
    both.end()


@pytest.fixture(scope="session")
def today(at_work: AtWork) -> Today:
    """The same verbs with today's code."""
    at_work.wait("again")
    documents = json.loads((at_work.again / "documents.json").read_text("utf-8"))
    return Today(at_work.again / make.CASE, at_work.again / "pack.zip", documents)


@pytest.fixture(scope="session")
def rebuilt(at_work: AtWork, today: Today) -> Path:
    """Today's pack, built again from its case by its number."""
    at_work.rebuild(today.case)
    return at_work.rebuilt

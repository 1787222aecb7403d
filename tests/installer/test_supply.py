"""What comes with the program: libraries under licences that may be handed on, and a wheel that can be built again."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ("desktop", "logs", "parquet")
"""The extras that users install; those of the tests are not handed on."""

ALLOWED = re.compile(
    r"Apache|BSD|MIT|ISC|Python|PSF|MPL|Mozilla|LGPL|Zlib|HPND|CMU|Unlicense|0BSD|CC0|Public Domain|SIL", re.IGNORECASE
)
REFUSED = re.compile(
    r"\bA?GPL|Affero|(?<!Lesser )General Public License|Proprietary|Commercial|SSPL|BUSL", re.IGNORECASE
)


def _shipped() -> Iterator[Distribution]:
    """The libraries that an installation for users has, theirs in turn included."""
    met, waiting = set[str](), [Requirement(f"distillation-workbench[{','.join(SHIPPED)}]")]
    while waiting:
        wanted = waiting.pop()
        if wanted.name.lower() in met:
            continue
        met.add(wanted.name.lower())
        try:
            found = distribution(wanted.name)
        except PackageNotFoundError:
            continue  # for another system, or an extra that is not installed here
        yield found
        for line in found.requires or ():
            inner = Requirement(line)
            extras = wanted.extras or {""}
            if inner.marker is None or any(inner.marker.evaluate({"extra": extra}) for extra in extras):
                waiting.append(inner)


def _licence(library: Distribution) -> str:
    """What a library says of its licence: the expression, the classifiers, or the first line of the free text."""
    said = library.metadata
    classifiers = [line for line in said.get_all("Classifier") or () if line.startswith("License ::")]
    return " / ".join([said.get("License-Expression") or "", *classifiers, (said.get("License") or "").split("\n")[0]])


def test_every_library_that_is_shipped_has_a_licence_that_may_be_shipped() -> None:
    licences = {library.metadata["Name"]: _licence(library) for library in _shipped()}
    assert len(licences) > 20
    assert {name: said for name, said in licences.items() if not ALLOWED.search(said)} == {}
    # Where several licences are offered, one that may be chosen is enough.
    choice = {name: re.split(r" OR | / ", said) for name, said in licences.items()}
    refused = {name: said for name, said in choice.items() if all(not one or REFUSED.search(one) for one in said)}
    assert refused == {}


@pytest.mark.parametrize(
    ("said", "refused"),
    [("GPL-3.0-only", True), ("AGPL-3.0", True), ("License :: Other/Proprietary License", True),
     ("GNU General Public License v2", True), ("LGPL-3.0-only", False),
     ("GNU Lesser General Public License v3", False), ("BSD-3-Clause", False)],
)  # fmt: skip
def test_a_licence_that_may_not_be_handed_on_is_known(said: str, refused: bool) -> None:
    assert (REFUSED.search(said) is not None) is refused


@pytest.mark.slow
@pytest.mark.timeout(120)
def test_the_wheel_built_twice_has_the_same_bytes(tmp_path: Path) -> None:
    digests = set[str]()
    for number, zone in enumerate(("UTC", "Asia/Tokyo")):
        folder = tmp_path / str(number)
        source = tmp_path / f"checkout {number}"
        for name in ("workbench", "resources", "docs"):
            shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
        for name in ("pyproject.toml", "README.md", "LICENSE"):
            shutil.copyfile(ROOT / name, source / name)
        for file in source.rglob("*"):
            os.utime(file, (10**9 + number, 10**9 + number))
        command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
        surroundings = os.environ | {"TZ": zone, "PYTHONHASHSEED": str(number)}
        subprocess.run(command, cwd=source, env=surroundings, capture_output=True, check=True)
        (wheel,) = folder.iterdir()
        digests.add(hashlib.sha256(wheel.read_bytes()).hexdigest())
    assert len(digests) == 1

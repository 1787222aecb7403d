"""A zip that `verify` passes is read alike by every reader at hand; one that they may read otherwise is refused."""

from __future__ import annotations

import lzma
import shutil
import subprocess
import warnings
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.evidence.check.crafted import FORGED, same_in_other_bytes, taken_apart, zips
from workbench.core.errors import WorkbenchError
from workbench.evidence.check.check import opened, verify_pack

Files = dict[str, bytes]
ALTERED = ("data/01_report/report.pdf", "data/03_charts/F001_closest_source.svg", "manifest-sha256.txt")


def ours(path: Path) -> Files:
    with opened(path) as members:
        return {name: b"".join(members.chunks(name)) for name in members.sizes}


def of_python(path: Path) -> Files:
    with zipfile.ZipFile(path) as archive:
        return {name.partition("/")[2]: archive.read(name) for name in archive.namelist()}


def unpacked_by(*words: str) -> Callable[[Path], Files]:
    def read(path: Path) -> Files:
        folder = path.with_suffix(f".{words[0]}")
        folder.mkdir()
        here = [word.format(zip=path, folder=folder) for word in words]
        subprocess.run(here, stdin=subprocess.DEVNULL, check=False, capture_output=True, timeout=60)
        (top,) = folder.iterdir()
        return {p.relative_to(top).as_posix(): p.read_bytes() for p in top.rglob("*") if p.is_file()}

    return read


SEVEN = "7zz" if shutil.which("7zz") else "7z"
TOOLS = {
    "unzip": unpacked_by("unzip", "-qq", "{zip}", "-d", "{folder}"),
    "bsdtar": unpacked_by("bsdtar", "-xf", "{zip}", "-C", "{folder}"),
    SEVEN: unpacked_by(SEVEN, "x", "-y", "-bd", "-o{folder}", "{zip}"),
}
AT_HAND = {name: read for name, read in TOOLS.items() if shutil.which(name)}


def passes(path: Path) -> bool:
    try:
        return verify_pack(path) == []
    except WorkbenchError:
        return False


def test_taken_apart_and_put_together_it_is_the_same(pack: Path) -> None:
    assert taken_apart(pack).bytes() == pack.read_bytes()


@pytest.mark.parametrize("tool", TOOLS)
def test_what_passes_is_read_alike(pack: Path, tmp_path: Path, tool: str) -> None:
    if tool not in AT_HAND:
        pytest.skip(f"{tool} is not installed here")
    for at, (what, data) in enumerate(same_in_other_bytes(pack)):
        path = tmp_path / f"{at}.zip"
        path.write_bytes(data)
        assert passes(path), what
        assert AT_HAND[tool](path) == ours(path) == of_python(path), what


@pytest.mark.filterwarnings("ignore")
def test_what_programs_may_read_otherwise_is_refused(pack: Path, tmp_path: Path) -> None:
    """Whatever passes all the same must be read alike by all; of what is refused, some is read as a forgery."""
    path = tmp_path / "crafted.zip"
    tried, passed, fooled = 0, [], 0
    for what, data in zips(pack, ALTERED):
        tried += 1
        path.write_bytes(data)
        if passes(path):
            passed.append(what)
            found = ours(path)
            assert of_python(path) == found, what
            for tool, read in AT_HAND.items():
                assert read(path) == found, (what, tool)
                shutil.rmtree(path.with_suffix(f".{tool}"))
        else:
            fooled += _python_sees_a_forgery(path)
    assert tried >= 200
    assert passed == []
    assert fooled >= 2


def _python_sees_a_forgery(path: Path) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with zipfile.ZipFile(path) as archive:
                return any(archive.read(name).endswith(FORGED) for name in archive.namelist())
        except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, OSError, RuntimeError, ValueError, EOFError):
            return False


@pytest.mark.slow
@pytest.mark.skipif(not AT_HAND, reason="none of unzip, bsdtar and 7z is installed here")
@pytest.mark.filterwarnings("ignore")
def test_some_of_it_does_mislead_stock_readers(pack: Path, tmp_path: Path) -> None:
    """The zips are no straw men: at least one reader takes another content from some of them without a word."""
    true = ours(pack)
    misled = set()
    for at, (what, data) in enumerate(zips(pack, ALTERED[:1])):
        path = tmp_path / f"{at}.zip"
        path.write_bytes(data)
        for tool, read in AT_HAND.items():
            try:
                if read(path).items() - true.items():
                    misled.add(what)
            except (OSError, ValueError, subprocess.TimeoutExpired):
                continue
            finally:
                shutil.rmtree(path.with_suffix(f".{tool}"), ignore_errors=True)
    assert len(misled) >= 5, misled

"""Members of a pack that no list names: named, and not read where they are large."""

from __future__ import annotations

import os
import random
import runpy
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.evidence.check.test_hostile_zips import TOP, put_in
from workbench.core.resources import resource
from workbench.evidence.check import check
from workbench.evidence.check.archive import ZipMembers
from workbench.evidence.check.check import verify_pack
from workbench.evidence.check.pack_files import FolderMembers, Members
from workbench.evidence.pack import bag

Read = set[str]
HUGE = 4 << 30


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Read:
    """The paths of the members that are read."""
    seen: Read = set()

    def spied(whole: Callable[[Members, str], Iterator[bytes]]) -> Callable[[Members, str], Iterator[bytes]]:
        def chunks(self: Members, path: str) -> Iterator[bytes]:
            seen.add(path)
            return whole(self, path)

        return chunks

    for kind in (ZipMembers, FolderMembers):
        monkeypatch.setattr(kind, "chunks", spied(kind.chunks))
    return seen


def sparse(path: Path) -> None:
    """A file of 4 GB that takes no room on the disk."""
    with path.open("wb"):
        os.truncate(path, HUGE)


@pytest.mark.parametrize("name", ["data/03_findings/more.bin", "extra.bin", "data/new/deep.bin", "seal.tsr"])
def test_gigabytes_that_no_list_names_are_named_and_not_read(unpacked: Path, read: Read, name: str) -> None:
    (unpacked / name).parent.mkdir(exist_ok=True, parents=True)
    sparse(unpacked / name)
    (problem,) = verify_pack(unpacked)
    assert (problem.path, problem.what) == (name, "added")
    assert "No list names this file: its 4,294,967,296 bytes were not read" in problem.detail
    assert name not in read


def test_a_bomb_of_an_innocent_ratio_is_not_unfolded(
    pack: Path, tmp_path: Path, read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check, "_MOST_UNLISTED", 600_000)
    target = tmp_path / "copy.zip"
    target.write_bytes(pack.read_bytes())
    piece = random.Random(1).randbytes(40)
    for number in range(3):
        put_in(target, f"{TOP}data/more-{number}.bin", (piece + bytes(4000)) * 100)
    named = {problem.path for problem in verify_pack(target) if "were not read" in problem.detail}
    # The smallest are read first, as far as their sum allows.
    assert named == {"data/more-1.bin", "data/more-2.bin"}
    assert not read & named


@pytest.mark.parametrize("name", [bag.MANIFEST, bag.TAG_MANIFEST])
def test_a_list_of_gigabytes_is_not_read(unpacked: Path, read: Read, name: str) -> None:
    sparse(unpacked / name)
    assert any(p.path == name and "longer than the list of any pack" in p.detail for p in verify_pack(unpacked))
    assert name not in read


def test_a_small_file_that_no_list_names_is_told_as_before(unpacked: Path) -> None:
    (unpacked / "data/put_in.txt").write_bytes(b"harm")
    (problem,) = verify_pack(unpacked)
    assert problem.detail == "manifest-sha256.txt does not list this file."


def test_a_file_that_grows_while_it_is_read_is_named(unpacked: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    members = FolderMembers(unpacked)
    members.sizes["bagit.txt"] = 3
    with pytest.raises(check.DamagedPackError, match="grew"):
        list(members.chunks("bagit.txt"))


def test_the_program_in_the_pack_does_not_read_them_either(
    unpacked: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def checked() -> str:
        monkeypatch.setattr(sys, "argv", ["check_pack.py.txt", str(unpacked)])
        with pytest.raises(SystemExit) as ended:
            runpy.run_path(str(resource("report/check_pack.py.txt")), run_name="__main__")
        return capsys.readouterr().out + str(ended.value.code)

    # A place to which even one read would be an error.
    (unpacked / "data/locked.bin").touch(mode=0o000)
    sparse(unpacked / "data/more.bin")
    said = checked()
    assert "data/more.bin was added" in said
    assert "data/locked.bin was added" in said
    (unpacked / "data/more.bin").unlink()
    os.mkfifo(unpacked / "data/queue")
    assert "data/queue is neither a file nor a folder" in checked()

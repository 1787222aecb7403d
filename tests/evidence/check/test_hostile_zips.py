"""Zips made to harm: refused in words, never unpacked, within bounded memory and time."""

from __future__ import annotations

import random
import stat
import struct
import time
import tracemalloc
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest

from workbench.core.errors import BadInputError, WorkbenchError
from workbench.evidence.check.check import verify_pack

TOP = "CASE-2026-014_pack-03/"


def details(path: Path) -> str:
    """All that the check says, on one line each."""
    return "\n".join(f"{p.what} {p.path}: {p.detail}" for p in verify_pack(path))


@pytest.fixture
def copy(pack: Path, tmp_path: Path) -> Path:
    """A copy of the small case's pack, to be added to."""
    target = tmp_path / "copy.zip"
    target.write_bytes(pack.read_bytes())
    return target


def put_in(path: Path, info: zipfile.ZipInfo | str, data: bytes = b"harm") -> None:
    """Add one member to a zip."""
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(info, data)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("../../outside.txt", "leads out of the pack"),
        (f"{TOP}data/../../../outside.txt", "leads out of the pack"),
        ("/etc/outside.txt", "an absolute path"),
        ("C:/outside.txt", "an absolute path"),
        ("..\\outside.txt", "leads out of the pack"),
        (f"{TOP}data//double.txt", "no pack contains"),
        (f"{TOP}data/con.txt", "not every operating system"),
        (f"{TOP}data/trailing. ", "not every operating system"),
        (f"{TOP}data/stream:hidden", "not every operating system"),
        (f"{TOP}data/\u202egnp.exe", "not every operating system"),
        (f"{TOP}data/" + "x" * 5000, "no pack contains"),
        ("elsewhere/file.txt", "outside the pack’s folder"),
    ],
)
def test_names_that_lead_elsewhere_are_refused(copy: Path, tmp_path: Path, name: str, words: str) -> None:
    put_in(copy, name)
    said = details(copy)
    assert words.replace("’", "'") in said.replace("’", "'"), said
    assert "\u202e" not in said
    assert sorted(p.name for p in tmp_path.iterdir()) == ["copy.zip"]
    assert not Path("/etc/outside.txt").exists()


def test_a_link_is_named_and_not_followed(copy: Path) -> None:
    info = zipfile.ZipInfo(f"{TOP}data/link")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    put_in(copy, info, b"/etc/passwd")
    assert "added data/link: A link" in details(copy)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_the_same_name_twice_is_named(copy: Path) -> None:
    put_in(copy, f"{TOP}START_HERE.html", b"another page")
    put_in(copy, f"{TOP}DATA/01_report/REPORT.pdf", b"another report")
    said = details(copy)
    assert "added START_HERE.html: Its name is there twice" in said
    assert "added DATA/01_report/REPORT.pdf: Its name is there twice" in said


def test_an_encrypted_member_is_named(copy: Path) -> None:
    with zipfile.ZipFile(copy) as archive:
        info = archive.getinfo(f"{TOP}bagit.txt")
        start = archive.start_dir
    data = bytearray(copy.read_bytes())
    data[info.header_offset + 6] |= 1
    entry = data.index(info.filename.encode(), start) - 46
    data[entry + 8] |= 1
    copy.write_bytes(data)
    assert "encrypted" in details(copy)


def test_a_bomb_is_not_unfolded(copy: Path) -> None:
    put_in(copy, f"{TOP}data/bomb", bytes(100 << 20))
    tracemalloc.start()
    began = time.perf_counter()
    said = details(copy)
    assert "would unfold to 104,857,600 (a zip bomb)" in said
    assert time.perf_counter() - began < 5
    assert tracemalloc.get_traced_memory()[1] < 32 << 20
    tracemalloc.stop()


def test_a_member_that_lies_about_its_size_is_stopped(copy: Path) -> None:
    put_in(copy, f"{TOP}data/liar", bytes(30 << 20))
    data = copy.read_bytes()
    small = data.replace(struct.pack("<I", 30 << 20), struct.pack("<I", 10))
    assert small != data
    copy.write_bytes(small)
    assert "changed data/liar: The file can't be read: it unfolds to more bytes than it states" in details(copy)


def test_members_that_share_bytes_are_refused(tmp_path: Path) -> None:
    """The bomb of overlapping files (Fifield 2019): many entries, one kernel of bytes."""
    path = tmp_path / "overlap.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bagit.txt", b"x" * 1000)
        archive.writestr("b.txt", b"y")
    data = bytearray(path.read_bytes())
    second = data.rindex(b"PK\1\2")
    data[second + 42 : second + 46] = struct.pack("<I", 0)
    path.write_bytes(data)
    assert "shares bytes with another member" in details(path)


def test_bytes_that_belong_to_no_file_are_named(pack: Path, tmp_path: Path) -> None:
    path = tmp_path / "hidden.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("bagit.txt", b"x")
        assert archive.fp is not None
        archive.fp.write(b"hidden between members")
        archive.start_dir = archive.fp.tell()
        archive.writestr("b.txt", b"y")
    assert "Bytes that belong to no file" in details(path)
    path.write_bytes(pack.read_bytes() + b"appended")
    assert "behind the archive's directory" in details(path)
    path.write_bytes(b"#!/bin/sh\n" + pack.read_bytes())
    with pytest.raises(BadInputError):
        verify_pack(path)


def test_headers_that_contradict_the_directory_are_named(pack: Path, tmp_path: Path) -> None:
    data = bytearray(pack.read_bytes())
    with zipfile.ZipFile(pack) as archive:
        info = archive.getinfo(f"{TOP}START_HERE.html")
    at = info.header_offset + 30 + len(TOP)
    data[at : at + 5] = b"OTHER"
    (tmp_path / "two.zip").write_bytes(data)
    assert "changed START_HERE.html: In the archive its own header contradicts" in details(tmp_path / "two.zip")


def test_a_member_of_an_unknown_method_is_named(copy: Path) -> None:
    with zipfile.ZipFile(copy, "a", zipfile.ZIP_LZMA) as archive:
        archive.writestr(f"{TOP}data/extra", b"packed otherwise")
    assert "packed by a method that no pack uses" in details(copy)


def test_a_directory_that_claims_too_much_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "claims.zip"
    for count, length, start in ((0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF), (60_000, 0x7FFFFFFF, 0), (1, 46, 0)):
        path.write_bytes(
            b"PK\3\4" + bytes(60) + struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, count, count, length, start, 0)
        )
        with pytest.raises(BadInputError):
            verify_pack(path)


def test_random_damage_never_escapes_as_another_error(pack: Path, tmp_path: Path) -> None:
    draws = random.Random(3)
    whole = pack.read_bytes()
    directory = whole.rindex(b"PK\5\6") - 5_000
    path = tmp_path / "damaged.zip"
    for _ in range(80):
        data = bytearray(whole)
        for _ in range(draws.choice((1, 4, 40))):
            data[draws.choice((draws.randrange(len(data)), draws.randrange(directory, len(data))))] = draws.randrange(
                256
            )
        path.write_bytes(data[: draws.choice((len(data), draws.randrange(len(data))))])
        with suppress(WorkbenchError):
            verify_pack(path)

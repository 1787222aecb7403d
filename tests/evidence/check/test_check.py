"""The check: whatever was changed, added or removed is named, in the zip and in its unpacked folder."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import bagit
import pytest

from workbench.core.errors import BadInputError
from workbench.core.hashing import sha256
from workbench.core.progress import silent
from workbench.evidence.check import zip_form
from workbench.evidence.check.audit import Chain
from workbench.evidence.check.check import verify_pack
from workbench.evidence.check.zip_directory import read_directory
from workbench.evidence.pack import bag
from workbench.evidence.pack.zip_writer import ZipWriter

TOP = "CASE-2026-014_pack-03/"


def named(path: Path) -> set[tuple[str, str]]:
    """What the check says, without the words."""
    return {(problem.path, problem.what) for problem in verify_pack(path)}


def files(folder: Path) -> list[Path]:
    """Every file of a folder."""
    return sorted(path for path in folder.rglob("*") if path.is_file())


def rewritten(pack: Path, target: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    """A copy of a pack with each member put through `change`; None leaves it out."""
    with zipfile.ZipFile(pack) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            data = change(info.filename.removeprefix(TOP), old.read(info))
            if data is not None:
                new.writestr(info, data)
    return target


def seen_or_refused(path: Path) -> bool:
    """Whether the check finds something, or says that this is no sound zip."""
    try:
        return bool(verify_pack(path))
    except BadInputError:
        return True


def test_a_sound_pack_has_no_problems(pack: Path, unpacked: Path) -> None:
    assert verify_pack(pack) == []
    assert verify_pack(unpacked) == []
    assert verify_pack(unpacked.parent) == [], "the folder around the pack's folder will do"


def test_a_pack_zipped_again_by_another_program_is_refused(unpacked: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "again.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.mkdir(TOP)
        for at, path in enumerate(files(unpacked)):
            os.utime(path, (1.8e9, 1.8e9 + 2 * (at > 3)))
            archive.write(path, TOP + path.relative_to(unpacked).as_posix())
    problems = verify_pack(tmp_path / "again.zip")
    assert any("not as the workbench writes it" in problem.detail for problem in problems)


def test_a_zip_is_what_our_writer_makes_of_its_members(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond two gigabytes the format has other fields: the limit is lowered here on both sides."""
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 200)
    monkeypatch.setattr(zip_form, "_LIMIT", 200)
    path = tmp_path / "large.zip"
    with ZipWriter(path, "T", "2026-03-01T12:00:00Z") as writer:
        writer.add("data/a.bin", (os.urandom(500),), silent, 2 << 30, packed=False)
        writer.add("data/b.txt", (b"b" * 900,), silent, 2 << 30)
        writer.add("bagit.txt", (b"c",), silent, 2 << 30)
        writer.done()
    with path.open("rb") as stream:
        found = read_directory(stream, path.name)
        stream.seek(found.start)
        assert stream.read() == zip_form.directory(found.entries, found.start)
        for entry in found.entries:
            stream.seek(entry.offset)
            header = stream.read(200)
            assert header.startswith(zip_form.local_headers(entry))


def test_sha256sum_agrees(unpacked: Path) -> None:
    if shutil.which("sha256sum") is None:
        pytest.skip("sha256sum is not on this machine")
    command = ["sha256sum", "--strict", "-c", bag.MANIFEST, bag.TAG_MANIFEST]
    done = subprocess.run(command, cwd=unpacked, capture_output=True, text=True, check=True)
    lines = done.stdout.splitlines()
    assert len(lines) == len(files(unpacked)) - 2, "all but the last list and the seal's status"
    assert all(line.endswith(": OK") for line in lines)


def test_bagit_agrees(unpacked: Path) -> None:
    seen = bagit.Bag(str(unpacked))
    assert seen.is_valid()
    assert seen.version_info == (1, 0)
    assert seen.info["Pack-Number"] == "3"


def line_of(unpacked: Path, start: str) -> str:
    """The command in HOW_TO_CHECK.txt that begins so."""
    text = (unpacked / "HOW_TO_CHECK.txt").read_text()
    return next(line.strip() for line in text.splitlines() if line.strip().startswith(start))


def test_how_to_check_gives_the_right_numbers(unpacked: Path) -> None:
    text = (unpacked / "HOW_TO_CHECK.txt").read_text()
    count = len(files(unpacked / "data"))
    assert f"each of the {count} files" in text
    assert f"{count} files" in (unpacked / "START_HERE.html").read_text()


def test_the_line_for_a_whole_folder_says_pass_or_fail(unpacked: Path) -> None:
    if not all(map(shutil.which, ("sha256sum", "bash"))):
        pytest.skip("sha256sum or bash is not on this machine")
    line = line_of(unpacked, "{ shasum").replace("shasum -a 256", "sha256sum")

    def said() -> str:
        return subprocess.run(["bash", "-c", line], cwd=unpacked, capture_output=True, text=True).stdout.split()[-1]

    assert said() == "PASS"
    report = unpacked / "data/01_report/report.pdf"
    whole = report.read_bytes()
    report.write_bytes(whole + b"x")
    assert said() == "FAIL"
    report.unlink()
    assert said() == "FAIL"
    report.write_bytes(whole)
    (unpacked / "data/01_report/note.txt").write_text("put in later")
    assert said() == "FAIL"


def test_the_line_for_the_zip_says_so(pack: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(pack) as archive:
        archive.extract(f"{TOP}HOW_TO_CHECK.txt", tmp_path)
    line = line_of(tmp_path / TOP, "sha256sum CASE")
    assert line_of(tmp_path / TOP, "shasum -a 256 CASE").replace("shasum -a 256", "sha256sum") == line
    shutil.copy(pack, tmp_path / f"{TOP.rstrip('/')}.zip")
    whole = sha256(pack.read_bytes())
    grouped = " ".join(whole[at : at + 4] for at in range(0, 64, 4))
    told = {whole: "PASS", whole.upper(): "PASS", "0" * 64: "FAIL", whole[:32]: "FAIL", whole[32:]: "FAIL"}
    for digest, says in (told | {grouped: "FAIL"}).items():
        done = subprocess.run(line.replace("HASH", digest), shell=True, cwd=tmp_path, capture_output=True, text=True)
        assert done.stdout.split() == [says]


def test_one_flipped_byte_names_its_file_whichever_it_is(unpacked: Path) -> None:
    draws = random.Random(7)
    for path in files(unpacked):
        whole = path.read_bytes()
        name = path.relative_to(unpacked).as_posix()
        for at in {0, len(whole) - 1, draws.randrange(len(whole))}:
            damaged = bytearray(whole)
            damaged[at] ^= 1 << draws.randrange(8)
            path.write_bytes(damaged)
            found = named(unpacked)
            assert (name, "changed") in found, (name, at, found)
            assert {p for p, what in found if what in ("changed", "added", "removed")} == {name}, (name, at, found)
        path.write_bytes(whole)
    assert named(unpacked) == set()


def test_one_flipped_byte_of_a_member_in_the_zip_names_it(pack: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(pack) as archive:
        names = [name.removeprefix(TOP) for name in archive.namelist()]
    for name in names[::5]:

        def flipped(path: str, data: bytes, name: str = name) -> bytes:
            return data if path != name else bytes([data[0] ^ 1]) + data[1:]

        copy = rewritten(pack, tmp_path / "copy.zip", flipped)
        assert (name, "changed") in named(copy)


def test_hardly_a_byte_of_the_zip_can_flip_unseen(pack: Path, tmp_path: Path) -> None:
    whole = pack.read_bytes()
    with zipfile.ZipFile(pack) as archive:
        offsets = [info.header_offset for info in archive.infolist()]
        start = archive.start_dir
    draws = random.Random(11)
    places = [offset + draws.randrange(60) for offset in offsets]
    places += [draws.randrange(start, len(whole)) for _ in range(60)] + list(range(len(whole) - 22, len(whole)))
    copy = tmp_path / "copy.zip"
    for at in places:
        damaged = bytearray(whole)
        damaged[at] ^= 1 << draws.randrange(8)
        copy.write_bytes(damaged)
        assert seen_or_refused(copy), at


def test_removed_and_added_files_are_named(unpacked: Path) -> None:
    removed = ("data/01_report/report.pdf", "START_HERE.html", "data/06_custody/audit_head.txt")
    for name in removed:
        (unpacked / name).unlink()
    added = ("data/01_report/note.txt", "data/07_legal/draft.txt", "readme.txt", "seal.txt")
    for name in added:
        (unpacked / name).parent.mkdir(exist_ok=True)
        (unpacked / name).write_text("put in later")
    assert named(unpacked) == {(n, "removed") for n in removed} | {(n, "added") for n in added}


@pytest.mark.parametrize("name", sorted(bag.SEAL_FILES - {bag.SEAL_STATUS}))
def test_what_has_the_name_of_a_seal_must_be_one(unpacked: Path, name: str) -> None:
    (unpacked / name).write_text("later")
    assert named(unpacked)


@pytest.mark.parametrize("name", [bag.MANIFEST, bag.TAG_MANIFEST, bag.SEAL_STATUS, "bagit.txt", "bag-info.txt"])
def test_a_missing_list_is_named(unpacked: Path, name: str) -> None:
    (unpacked / name).unlink()
    assert (name, "removed") in named(unpacked)


def test_a_changed_file_with_its_list_mended_is_caught_by_the_next_list(unpacked: Path) -> None:
    path = unpacked / "data/05_analysis/results.json"
    path.write_text("{}")
    within = {p.relative_to(unpacked).as_posix(): sha256(p.read_bytes()) for p in files(unpacked / "data")}
    (unpacked / bag.MANIFEST).write_bytes(bag.manifest(within))
    problems = verify_pack(unpacked)
    assert {(p.path, p.what) for p in problems if "audit log" not in p.detail} == {(bag.MANIFEST, "changed")}


def test_a_link_is_named_and_not_followed(unpacked: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("not of the pack")
    target = unpacked / "data/01_report/report.pdf"
    target.unlink()
    target.symlink_to(tmp_path / "secret")
    (unpacked / "loop").symlink_to(unpacked)
    os.mkfifo(unpacked / "pipe")
    assert named(unpacked) == {("data/01_report/report.pdf", "added"), ("loop", "added"), ("pipe", "added")}


def test_the_log_is_walked(unpacked: Path, chained: Callable[[list[str]], tuple[str, ...]]) -> None:
    path = unpacked / "data/06_custody/audit_log.jsonl"
    lines = path.read_text().splitlines()
    cases = {
        "Line 3 was altered": [*lines[:2], lines[2].replace("tester@", "other@"), *lines[3:]],
        "a line was removed or put in": [*lines[:2], *lines[3:]],
        "its end was cut": lines[:-1],
        "chain is broken": [*chained(["x", "y"]), *lines[2:]],
        "is not a line": [*lines, "{}"],
        "hash does not agree with its words": [lines[0].replace(",", ", ", 1), *lines[1:]],
    }
    for words, changed in cases.items():
        path.write_text("".join(f"{line}\n" for line in changed))
        details = [p.detail for p in verify_pack(unpacked) if p.what == "ledger"]
        assert any(words in detail for detail in details), (words, details)


def test_the_head_that_was_told_must_be_that_of_the_last_line(pack: Path, unpacked: Path) -> None:
    """An earlier one vouches for the lines up to it: a forger could have put others on."""
    lines = (unpacked / "data/06_custody/audit_log.jsonl").read_text().splitlines()
    early, last = (json.loads(line)["hash"] for line in (lines[-2], lines[-1]))
    assert verify_pack(pack, head=last.upper()) == []
    for head, words in ((early, "that of an earlier line"), ("0" * 64, "No line of the log has the hash")):
        (problem,) = verify_pack(pack, head=head)
        assert problem.what == "ledger"
        assert words in problem.detail


def test_nonsense_in_a_log_is_only_named() -> None:
    lines = [
        b"",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"hash": 1}',
        b'{"hash":"x","n":1e999}',
        b"null",
        b'{"a":"\\ud800","hash":"x"}',
    ]
    assert len(list(Chain().walk(lines))) == len(lines)


def test_progress_and_cancel(pack: Path) -> None:
    seen: list[float] = []
    verify_pack(pack, lambda fraction, _note="": seen.append(fraction))
    assert seen == sorted(seen)
    assert seen[-1] == 1.0


def test_what_is_no_pack_is_said(tmp_path: Path) -> None:
    (tmp_path / "text.zip").write_text("not a zip")
    (tmp_path / "empty.zip").touch()
    (tmp_path / "folder").mkdir()
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as archive:
        archive.writestr("readme.txt", "hello")
    for name in ("text.zip", "empty.zip", "folder", "other.zip", "missing.zip"):
        with pytest.raises(BadInputError):
            verify_pack(tmp_path / name)


def test_a_truncated_zip_is_said(pack: Path, tmp_path: Path) -> None:
    whole = pack.read_bytes()
    for length in (1, 30, len(whole) // 2, len(whole) - 1):
        (tmp_path / "cut.zip").write_bytes(whole[:length])
        with pytest.raises(BadInputError):
            verify_pack(tmp_path / "cut.zip")
